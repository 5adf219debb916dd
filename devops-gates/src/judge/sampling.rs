//! Values that depend on their neighbours, made fit to compare.

use alloc::vec::Vec;

use devops_stats::autocorrelation::autocorrelation;

use super::spec::Sampling;
use crate::fault::Faults;

impl Sampling {
    /// The values as they are compared.
    ///
    /// ```
    /// use devops_gates::judge::Sampling;
    /// let values = [1.0, 3.0, 5.0, 7.0, 9.0];
    /// assert_eq!(Sampling::Thin { every: 2 }.apply(&values), [1.0, 5.0, 9.0]);
    /// assert_eq!(Sampling::Block { length: 2 }.apply(&values), [2.0, 6.0]);
    /// ```
    #[must_use]
    pub fn apply(self, values: &[f64]) -> Vec<f64> {
        let whole = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).max(1);
        match self {
            Self::Independent => values.to_vec(),
            Self::Thin { every } => values.iter().copied().step_by(whole(every)).collect(),
            Self::Block { length } => values.chunks_exact(whole(length)).map(mean).collect(),
        }
    }
}

impl Sampling {
    /// How many values are put together or passed over, of the metric or condition at that path.
    pub(crate) fn check(self, faults: &mut Faults, path: &str) {
        let (field, value) = match self {
            Self::Independent => return,
            Self::Thin { every } => ("every", every),
            Self::Block { length } => ("length", length),
        };
        faults.whole(&alloc::format!("{path}.sampling.{field}"), value, 2, 1_000_000);
    }
}

/// The mean, summed in shares so that it does not overflow.
#[expect(clippy::cast_precision_loss, reason = "blocks are shorter than 2^53")]
fn mean(block: &[f64]) -> f64 {
    let share = 1.0 / block.len() as f64;
    let sum: f64 = block.iter().sum();
    if sum.is_finite() { sum * share } else { block.iter().map(|v| v * share).sum() }
}

/// How long blocks should be (or how far apart kept values) for these values, in the order in which they were
/// measured, to be compared, at least: `(1 + r)/(1 − r)` with the autocorrelation `r` of neighbours, rounded up, and
/// not below 1. Twice as much is better: for kept values enough, while the ends of blocks still touch.
///
/// That many values of a first-order autoregressive series tell as much as one independent value (Bayley &
/// Hammersley 1946). It is an aid to write a policy by, from a quiet stretch of the metric: not one that the
/// judge applies by itself, as that would make its verdict depend on chance. `None` for fewer than 10 values, for
/// equal ones, and where `r` is so near to 1 that no block would do.
///
/// ```
/// use devops_gates::judge::suggested_block;
/// let slow: Vec<f64> = (0..200).map(|i| (f64::from(i) / 5.0).sin()).collect();
/// assert!(suggested_block(&slow).unwrap() > 10);
/// let quick: Vec<f64> = (0..200).map(|i| f64::from(i * 7919 % 101)).collect();
/// assert!(suggested_block(&quick).unwrap() <= 2);
/// ```
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 1 and at most 10^6")]
pub fn suggested_block(values: &[f64]) -> Option<u64> {
    if values.len() < 10 {
        return None;
    }
    let found = autocorrelation(values, 1).ok()?.defined()?;
    let r = found.get(1).copied()?;
    let length = libm::ceil((1.0 + r) / (1.0 - r));
    (length <= 1e6).then_some(if length < 1.0 { 1 } else { length as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(Sampling::Block { length: 3 }.apply(&[1.0, 2.0]), Vec::<f64>::new());
        assert_eq!(Sampling::Block { length: 2 }.apply(&[f64::MAX, f64::MAX]), [f64::MAX]);
        assert_eq!(Sampling::Thin { every: u64::MAX }.apply(&[1.0, 2.0]), [1.0]);
        assert_eq!(suggested_block(&[1.0; 20]), None);
        assert_eq!(suggested_block(&[1.0, 2.0]), None);
    }
}
