//! Is one rate of events larger than the other, asked again at every look? A test whose p-value may be read at
//! any time.

use crate::StatsError;
use crate::input::rates;
use serde::{Deserialize, Serialize};

/// The ratios of rates that are bet on.
pub const RATIOS: [f64; 6] = [1.1, 1.25, 1.5, 2.0, 4.0, 10.0];

/// What has been seen for "the first rate is more than `ratio` times the second", over any number of looks.
///
/// Given the number of events of a look, those of the first side are binomial with share
/// `n₁·ratio/(n₁·ratio + n₂)` where the events are rare, and vary less where they are not (Hoeffding 1963), so that
/// the likelihood ratio of a larger share has mean at most 1, and the product over looks is a test supermartingale
/// (Ville 1939; Wald 1945). The evidence is the average over the ratios of [`RATIOS`].
///
/// ```
/// use devops_stats::sequential_rate::SequentialRate;
/// let mut evidence = SequentialRate::new();
/// for _ in 0..5 {
///     evidence.look((9, 1000), (2, 1000), 1.0)?; // 9 and 2 errors in 1,000 requests each
/// }
/// assert!(evidence.p() < 0.001);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SequentialRate {
    /// Logarithm of the evidence for each ratio.
    log: [f64; 6],
    /// Logarithm of the largest average so far.
    largest: f64,
}

impl Default for SequentialRate {
    fn default() -> Self {
        Self::new()
    }
}

impl SequentialRate {
    /// Nothing seen yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { log: [0.0; 6], largest: 0.0 }
    }

    /// Takes the new events and outcomes of a look. A side without outcomes tells nothing.
    ///
    /// # Errors
    ///
    /// More events than outcomes, or a ratio that is not finite and above 0.
    pub fn look(&mut self, first: (u64, u64), second: (u64, u64), ratio: f64) -> Result<(), StatsError> {
        if !rates(first, second, ratio)? {
            return Ok(());
        }
        let odds = real(first.1) * ratio / real(second.1);
        for (log, bet) in self.log.iter_mut().zip(RATIOS) {
            // Shares: odds/(1 + odds) against bet·odds/(1 + bet·odds).
            let shrink = libm::log1p(bet * odds) - libm::log1p(odds);
            *log += real(first.0) * (libm::log(bet) - shrink) - real(second.0) * shrink;
        }
        let average = crate::sequential_rank::ln_average(&self.log);
        self.largest = if average > self.largest { average } else { self.largest };
        Ok(())
    }

    /// The p-value of "the first rate is not larger", valid whenever it is read.
    #[must_use]
    pub fn p(&self) -> f64 {
        crate::tail::at_most_one(libm::exp(-self.largest))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts above 2^53 are rounded")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn edges() {
        let mut evidence = SequentialRate::new();
        evidence.look((0, 0), (1, 5), 1.0).unwrap();
        evidence.look((0, 10), (0, 10), 1.0).unwrap();
        assert_eq!(evidence.p(), 1.0);
        assert!(evidence.look((2, 1), (0, 1), 1.0).is_err());
        assert!(evidence.look((0, 1), (0, 1), 0.0).is_err());
        evidence.look((u64::MAX, u64::MAX), (0, u64::MAX), 1.0).unwrap();
        assert_eq!(evidence.p(), 0.0);
    }

    #[test]
    fn looking_often_raises_no_alarm() {
        // Rates up to one half: where they are high, the counts vary less than the test takes them to.
        for rate in [0.02, 0.5] {
            let mut alarms = 0;
            for round in 0..400 {
                let mut rng = Rng::for_stream(5, round);
                let mut evidence = SequentialRate::new();
                for _ in 0..50 {
                    let mut side = |n: u64| ((0..n).filter(|_| rng.next_f64() < rate).count() as u64, n);
                    let (x, y) = (side(20), side(60));
                    evidence.look(x, y, 1.0).unwrap();
                }
                alarms += usize::from(evidence.p() <= 0.05);
            }
            assert!(alarms <= 30, "{rate}: {alarms}");
        }
    }
}
