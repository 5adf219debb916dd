//! What remains of a series when its Sen slope is taken out.

use crate::autocorrelation::Deviations;
use crate::sums::{mean, scale_of};
use crate::theil_sen::{real, slope_of};
use alloc::vec::Vec;

/// A series, scaled by a power of two so that nothing overflows, less its Sen slope.
pub(crate) struct Detrended {
    /// The scaled series.
    pub(crate) scaled: Vec<f64>,
    /// `x_t − t · slope`, t from 1.
    pub(crate) residuals: Vec<f64>,
    /// The Sen slope of the scaled series.
    pub(crate) slope: f64,
    /// The Sen slope in the series' own unit; `None` when it overflows.
    pub(crate) own_slope: Option<f64>,
}

impl Detrended {
    /// Of at least two clean values.
    pub(crate) fn of(x: &[f64]) -> Self {
        let scale = scale_of(x);
        let scaled: Vec<f64> = x.iter().map(|v| v * scale).collect();
        let slope = slope_of(&scaled).unwrap_or(0.0);
        let own_slope = if scale == 1.0 { Some(slope) } else { slope_of(x) };
        let residuals =
            scaled.iter().enumerate().map(|(i, v)| v - real(i.saturating_add(1)) * slope).collect();
        Self { scaled, residuals, slope, own_slope }
    }

    /// Whether the residuals are rounding errors only: their root mean square is below 10⁻¹² of the range or a
    /// few units in the last place of the values.
    pub(crate) fn is_line(&self) -> bool {
        let center = mean(&self.scaled);
        let (mut size, mut range) = (0.0, 0.0);
        for v in &self.scaled {
            size = larger(size, v.abs());
            range = larger(range, (v - center).abs());
        }
        let limit = larger(1e-12 * range, 4.0 * f64::EPSILON * size);
        match Deviations::of(&self.residuals) {
            None => true,
            Some(d) => d.squares <= limit * limit * real(self.scaled.len()),
        }
    }

    /// Lag-1 autocorrelation of the residuals; `None` for a line.
    pub(crate) fn r1(&self) -> Option<f64> {
        if self.is_line() { None } else { Deviations::of(&self.residuals).map(|d| d.at(1)) }
    }
}

fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}
