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
        let residuals = less_slope(&scaled, slope);
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
        match self.deviations() {
            None => true,
            Some(d) => d.squares <= limit * limit * real(self.scaled.len()),
        }
    }

    /// The residuals less their mean, computed from the series less its first value where that loses no digit:
    /// what lies far from zero keeps its digits.
    pub(crate) fn deviations(&self) -> Option<Deviations> {
        match exactly_shifted(&self.scaled) {
            Some(shifted) => Deviations::of(&less_slope(&shifted, self.slope)),
            None => Deviations::of(&self.residuals),
        }
    }

    /// Lag-1 autocorrelation of the residuals; `None` for a line.
    pub(crate) fn r1(&self) -> Option<f64> {
        if self.is_line() { None } else { self.deviations().map(|d| d.at(1)) }
    }
}

/// `x_t − t · slope`, t from 1.
fn less_slope(values: &[f64], slope: f64) -> Vec<f64> {
    values.iter().enumerate().map(|(i, v)| v - real(i.saturating_add(1)) * slope).collect()
}

/// The values less the first, when every difference is exact.
fn exactly_shifted(values: &[f64]) -> Option<Vec<f64>> {
    let first = values.first().copied()?;
    values
        .iter()
        .map(|v| {
            let difference = v - first;
            // The error of a difference (Knuth 1969).
            let part = difference - v;
            let error = (v - (difference - part)) - (first + part);
            (error == 0.0).then_some(difference)
        })
        .collect()
}

fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_far_from_zero_keeps_its_digits() {
        let near = [0.25, 0.875, 0.5, 1.75, 1.125, 1.5];
        let far: Vec<f64> = near.iter().map(|v| v + 1e9).collect();
        assert_eq!(Detrended::of(&far).r1(), Detrended::of(&near).r1());
        assert_eq!(exactly_shifted(&[1e300, 1.0]), None);
        assert_eq!(exactly_shifted(&[1e15, 1e15 + 0.125]), Some(alloc::vec![0.0, 0.125]));
    }
}
