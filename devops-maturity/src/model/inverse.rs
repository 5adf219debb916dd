//! From a credit back to the value that gives it.

use super::compiled::{CreditRule, ModelItem};
use crate::Fraction;

impl ModelItem {
    /// The least value of its metric that gives that credit (the greatest where less is better); none where it has
    /// no metric, or no value gives so much.
    ///
    /// ```
    /// use devops_maturity::{Fraction, models};
    ///
    /// let model = models::five_dimensions();
    /// let value = |item: &str| model.item(item).unwrap().value_for(&Fraction::of(1, 2)).unwrap().get();
    /// assert_eq!((value("slo_coverage"), value("pipeline_duration")), (50.0, 35.0)); // percent, minutes
    /// ```
    #[must_use]
    pub fn value_for(&self, credit: &Fraction) -> Option<Fraction> {
        match &self.measure_rule()?.credit {
            CreditRule::Linear { worst, span } if *credit <= Fraction::ONE => {
                Some(worst.plus(&span.times(credit)))
            }
            CreditRule::Linear { .. } => None,
            CreditRule::Bands(bands) => {
                let enough = bands.iter().filter(|(_, _, own)| own >= credit);
                enough.min_by(|a, b| a.2.cmp(&b.2)).map(|(_, bound, _)| bound.clone())
            }
        }
    }
}
