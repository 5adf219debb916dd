//! What a change of a metric is worth.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{GoodDirection, Message, Number, Unit};
use devops_stats::tail::Interval;
use serde::{Deserialize, Serialize};

use super::ImprovementError;
use super::effect::{Effect, Method};
use crate::trend::short_number;

/// What the caller knows about the cost of a metric; nothing of it is assumed.
///
/// ```
/// use devops_core::{Number, Unit};
/// use devops_metrics::improvement::BenefitBasis;
///
/// // 12 incidents a month, in each of which three people are busy.
/// let basis = BenefitBasis::new(Unit::Minutes, "month", 12.0, 3.0 / 60.0)?.with_rate(Number::from(80), "EUR");
/// assert_eq!(basis.volume.get(), 12.0);
/// # Ok::<(), devops_metrics::improvement::ImprovementError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BenefitBasis {
    /// The unit of the metric.
    pub unit: Unit,
    /// The period that is spoken of, such as `month`.
    pub period: String,
    /// How many cases a period has: incidents, changes, or deployments of which a share fails; 1 for a metric
    /// that is itself a number of events a period.
    pub volume: Number,
    /// Hours of work that one unit of the metric costs in one case; of a share, what one case costs.
    pub hours_per_unit: Number,
    /// What an hour costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Number>,
    /// In which currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

impl BenefitBasis {
    /// Without money.
    ///
    /// # Errors
    ///
    /// A volume or hours that are negative or not finite.
    pub fn new(
        unit: Unit,
        period: impl Into<String>,
        volume: f64,
        hours_per_unit: f64,
    ) -> Result<Self, ImprovementError> {
        for (field, value) in [("volume", volume), ("hours_per_unit", hours_per_unit)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(ImprovementError::range(field, value, "finite and at least 0"));
            }
        }
        let (volume, hours_per_unit) = (Number::new(volume)?, Number::new(hours_per_unit)?);
        Ok(Self { unit, period: period.into(), volume, hours_per_unit, rate: None, currency: None })
    }

    /// With what an hour costs.
    #[must_use]
    pub fn with_rate(self, rate: Number, currency: impl Into<String>) -> Self {
        Self { rate: Some(rate), currency: Some(currency.into()), ..self }
    }
}

/// What is saved a period; below 0 where it is lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Benefit {
    /// The period that is spoken of.
    pub period: String,
    /// Hours of work.
    pub hours: f64,
    /// Their interval, at the confidence of the effect.
    pub hours_interval: Option<Interval>,
    /// Money.
    pub money: Option<f64>,
    /// Its interval.
    pub money_interval: Option<Interval>,
    /// In which currency.
    pub currency: Option<String>,
    /// What all this rests on.
    pub assumptions: Vec<Message>,
}

/// Hours, and money where a rate is given, that an effect saves a period: change of the metric × volume × hours.
///
/// `None` where the effect has no size, or the metric no good direction.
///
/// ```
/// use devops_core::{GoodDirection, Unit};
/// use devops_metrics::improvement::{BenefitBasis, Sample, benefit, effect};
///
/// let (before, after) = (Sample::share(30, 100)?, Sample::share(10, 100)?);
/// let found = effect(&before, &after, 0.95)?;
/// // 200 deployments a quarter; one that fails costs six hours.
/// let basis = BenefitBasis::new(Unit::Percent, "quarter", 200.0, 6.0)?;
/// let saved = benefit(&found, GoodDirection::Down, &basis).unwrap();
/// assert_eq!(saved.hours, 240.0); // 20 points of 200 deployments, six hours each
/// # Ok::<(), devops_metrics::improvement::ImprovementError>(())
/// ```
#[must_use]
pub fn benefit(effect: &Effect, good: GoodDirection, basis: &BenefitBasis) -> Option<Benefit> {
    let sign = match good {
        GoodDirection::Up => 1.0,
        GoodDirection::Down => -1.0,
        GoodDirection::Neutral => return None,
    };
    let share = if basis.unit == Unit::Percent { 0.01 } else { 1.0 };
    let each = basis.volume.get() * basis.hours_per_unit.get();
    let hours = |difference: f64| sign * difference * each * share + 0.0;
    let rate = basis.rate.map(Number::get);
    let both = |i: Interval, factor: f64| {
        let (a, b) = (hours(i.low) * factor, hours(i.high) * factor);
        if a <= b { Interval::new(a, b) } else { Interval::new(b, a) }
    };
    let saved = hours(effect.difference?);
    Some(Benefit {
        period: basis.period.clone(),
        hours: saved,
        hours_interval: effect.interval.map(|i| both(i, 1.0)),
        money: rate.map(|r| saved * r),
        money_interval: rate.and_then(|r| effect.interval.map(|i| both(i, r))),
        currency: basis.currency.clone(),
        assumptions: assumptions(effect, basis),
    })
}

fn assumptions(effect: &Effect, basis: &BenefitBasis) -> Vec<Message> {
    let hours = match basis.unit {
        Unit::Percent => Message::new("improvement.benefit.hours_a_case"),
        unit => Message::new("improvement.benefit.hours").with("unit", unit),
    };
    let volume = short_number(basis.volume.get());
    let mut told = alloc::vec![
        Message::new("improvement.benefit.volume").with("volume", volume).with("period", &basis.period),
        hours.with("hours", basis.hours_per_unit),
        Message::new("improvement.benefit.lasting").with("period", &basis.period),
    ];
    if let (Some(rate), Some(currency)) = (basis.rate, &basis.currency) {
        told.push(Message::new("improvement.benefit.rate").with("rate", rate).with("currency", currency));
    }
    if effect.method != Method::DifferenceInDifferences {
        told.push(Message::new("improvement.benefit.no_control"));
    }
    told
}
