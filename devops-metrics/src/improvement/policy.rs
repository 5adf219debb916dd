//! When a metric is an opportunity, and how much of one.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{GoodDirection, MetricId, Number, Unit, metric};
use serde::{Deserialize, Serialize};

use super::{ImprovementError, Level};

/// Where a metric stands: from `trigger` on it is an opportunity, at `target` it is good, at `worst` it cannot
/// weigh more. All three are above 0 and in `unit`; a target above the trigger means that more is better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Band {
    /// The metric.
    pub metric: MetricId,
    /// The unit of the three.
    pub unit: Unit,
    /// Worse than this is an opportunity.
    pub trigger: Number,
    /// Where it should be.
    pub target: Number,
    /// Severity 1.
    pub worst: Number,
    /// How much the metric counts beside others, above 0.
    pub weight: Number,
    /// The step of the clock behind a duration, in `unit`: a duration of 0 is taken as half of it. 0 for what is
    /// no duration.
    #[serde(default)]
    pub clock_step: Number,
}

impl Band {
    /// A band of weight 1 without a clock.
    ///
    /// # Errors
    ///
    /// [`ImprovementError::OutOfRange`] where trigger, target and worst are not above 0 and in order.
    ///
    /// ```
    /// use devops_core::{GoodDirection, MetricId, Unit};
    /// use devops_metrics::improvement::Band;
    ///
    /// let band = Band::new(MetricId::new("bundle_size")?, Unit::Bytes, 3e6, 1e6, 2e7)?;
    /// assert_eq!(band.good(), GoodDirection::Down);
    /// assert!(Band::new(MetricId::new("bundle_size")?, Unit::Bytes, 3e6, 1e6, 2e6).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        metric: MetricId,
        unit: Unit,
        trigger: f64,
        target: f64,
        worst: f64,
    ) -> Result<Self, ImprovementError> {
        let band = Self {
            metric,
            unit,
            trigger: Number::new(trigger)?,
            target: Number::new(target)?,
            worst: Number::new(worst)?,
            weight: Number::from(1),
            clock_step: Number::ZERO,
        };
        band.check()?;
        Ok(band)
    }

    /// Which way the metric should go.
    #[must_use]
    pub fn good(&self) -> GoodDirection {
        if self.target > self.worst { GoodDirection::Up } else { GoodDirection::Down }
    }

    pub(super) fn check(&self) -> Result<(), ImprovementError> {
        let [trigger, target, worst] = [self.trigger, self.target, self.worst].map(Number::get);
        if !(trigger > 0.0 && target > 0.0 && worst > 0.0) {
            let lowest = [trigger, target, worst].into_iter().find(|v| *v <= 0.0).unwrap_or(0.0);
            return Err(ImprovementError::range("band", lowest, "above 0"));
        }
        let up = worst < trigger && trigger <= target;
        let down = worst > trigger && trigger >= target;
        if !(up || down) {
            let shown = alloc::format!("{target}, {trigger}, {worst}");
            return Err(ImprovementError::range("band", shown, "target, trigger and worst in this order"));
        }
        if !(self.weight.get() > 0.0) {
            return Err(ImprovementError::range("weight", self.weight, "above 0"));
        }
        if self.clock_step.get() < 0.0 {
            return Err(ImprovementError::range("clock_step", self.clock_step, "at least 0"));
        }
        Ok(())
    }
}

/// A trigger and a target of the classic form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ClassicRule {
    /// The metric.
    pub metric: MetricId,
    /// The unit of the two.
    pub unit: Unit,
    /// Which way it should go.
    pub good: GoodDirection,
    /// Worse than this is an opportunity.
    pub trigger: Number,
    /// Where it should be.
    pub target: Number,
    /// High counts 3, medium 2, low 1.
    pub potential: Level,
    /// The weight of its impact.
    pub impact: Number,
}

impl ClassicRule {
    pub(super) fn check(&self) -> Result<(), ImprovementError> {
        let fits = match self.good {
            GoodDirection::Up => self.target >= self.trigger,
            GoodDirection::Down => self.target <= self.trigger,
            GoodDirection::Neutral => false,
        };
        if !fits {
            let range = "at least as good as the trigger, with a direction";
            return Err(ImprovementError::range("target", self.target, range));
        }
        if !(self.impact.get() > 0.0) {
            return Err(ImprovementError::range("impact", self.impact, "above 0"));
        }
        Ok(())
    }
}

/// How opportunities are found and put in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Ranking {
    /// priority = potential × impact × min(|current − target| / current, 2), the ratio 1 where current is 0.
    Classic {
        /// One rule a metric.
        rules: Vec<ClassicRule>,
    },
    /// severity = clamp(ln(current / target) / ln(worst / target), 0, 1); priority = severity × weight ×
    /// constraint share × urgency / effort.
    Bands {
        /// One band a metric.
        bands: Vec<Band>,
        /// Urgency of what is getting worse with confidence, at least 1.
        worsening: Number,
        /// Urgency of what is getting better on its own, from 0 to 1.
        improving: Number,
        /// Values and shares from fewer observations are not judged.
        min_n: u64,
    },
}

/// When a metric is an opportunity. Checked when built or read; as JSON it carries `"format": 1`.
///
/// ```
/// use devops_metrics::improvement::OpportunityPolicy;
///
/// let policy = OpportunityPolicy::recommended();
/// let json = serde_json::to_string(&policy)?;
/// assert_eq!(serde_json::from_str::<OpportunityPolicy>(&json)?, policy);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct OpportunityPolicy {
    name: String,
    ranking: Ranking,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    name: String,
    ranking: Ranking,
}

impl TryFrom<Written> for OpportunityPolicy {
    type Error = ImprovementError;

    fn try_from(written: Written) -> Result<Self, ImprovementError> {
        if written.format != 1 {
            return Err(ImprovementError::range("format", written.format, "1"));
        }
        Self::new(written.name, written.ranking)
    }
}

impl From<OpportunityPolicy> for Written {
    fn from(policy: OpportunityPolicy) -> Self {
        Self { format: 1, name: policy.name, ranking: policy.ranking }
    }
}

impl Default for OpportunityPolicy {
    fn default() -> Self {
        Self::recommended()
    }
}

impl OpportunityPolicy {
    /// A policy of the caller's own.
    ///
    /// # Errors
    ///
    /// [`ImprovementError::OutOfRange`] for a metric that is there twice, a band or a number out of range.
    ///
    /// ```
    /// use devops_core::Number;
    /// use devops_metrics::improvement::{OpportunityPolicy, Ranking};
    ///
    /// let OpportunityPolicy { .. } = OpportunityPolicy::classic();
    /// let Ranking::Classic { mut rules } = OpportunityPolicy::classic().ranking().clone() else { panic!() };
    /// rules[0].target = Number::from(100);
    /// assert!(OpportunityPolicy::new("ours", Ranking::Classic { rules }).is_ok());
    /// ```
    pub fn new(name: impl Into<String>, ranking: Ranking) -> Result<Self, ImprovementError> {
        let mut seen = BTreeSet::new();
        let metrics: Vec<&MetricId> = match &ranking {
            Ranking::Classic { rules } => {
                rules.iter().try_for_each(ClassicRule::check)?;
                rules.iter().map(|r| &r.metric).collect()
            }
            Ranking::Bands { bands, worsening, improving, .. } => {
                bands.iter().try_for_each(Band::check)?;
                if worsening.get() < 1.0 {
                    return Err(ImprovementError::range("worsening", worsening, "at least 1"));
                }
                if !(0.0..=1.0).contains(&improving.get()) {
                    return Err(ImprovementError::range("improving", improving, "from 0 to 1"));
                }
                bands.iter().map(|b| &b.metric).collect()
            }
        };
        if let Some(twice) = metrics.into_iter().find(|m| !seen.insert((*m).clone())) {
            return Err(ImprovementError::range("metric", twice, "there once"));
        }
        Ok(Self { name: name.into(), ranking })
    }

    /// The classic triggers and targets, for parity: deployment frequency below 10 a month (target 50), recovery
    /// above 240 minutes (60), failures above 15 % (5), lead time above 168 hours (72).
    ///
    /// Its priorities of metrics that should fall stay below those of deployment frequency, whatever happens: an
    /// outage of a million minutes ranks behind a deployment a month too few. [`OpportunityPolicy::recommended`]
    /// does not do that.
    #[must_use]
    pub fn classic() -> Self {
        use GoodDirection::{Down, Up};
        use Level::{High, Medium};
        let rules = [
            (metric::DEPLOYMENT_FREQUENCY, Unit::PerMonth, Up, 10.0, 50.0, High, 2.5),
            (metric::RECOVERY_TIME, Unit::Minutes, Down, 240.0, 60.0, High, 3.0),
            (metric::CHANGE_FAILURE_RATE, Unit::Percent, Down, 15.0, 5.0, Medium, 2.5),
            (metric::CHANGE_LEAD_TIME, Unit::Hours, Down, 168.0, 72.0, Medium, 2.0),
        ];
        let rules = rules.into_iter().filter_map(|(id, unit, good, trigger, target, potential, impact)| {
            Some(ClassicRule {
                metric: MetricId::new(id).ok()?,
                unit,
                good,
                trigger: Number::new(trigger).ok()?,
                target: Number::new(target).ok()?,
                potential,
                impact: Number::new(impact).ok()?,
            })
        });
        Self { name: "classic".into(), ranking: Ranking::Classic { rules: rules.collect() } }
    }

    /// Bands over eight metrics. The triggers and targets of the classic four are the classic ones; `worst` is
    /// where the lowest group of the DORA reports begins (a deployment in half a year, a week to recover, half of
    /// all deployments failing, half a year of lead time).
    #[must_use]
    pub fn recommended() -> Self {
        let bands = [
            (metric::DEPLOYMENT_FREQUENCY, Unit::PerMonth, [10.0, 50.0, 1.0 / 6.0], 2.5, 0.0),
            (metric::RECOVERY_TIME, Unit::Minutes, [240.0, 60.0, 10_080.0], 3.0, 1.0),
            (metric::CHANGE_FAILURE_RATE, Unit::Percent, [15.0, 5.0, 50.0], 2.5, 0.0),
            (metric::CHANGE_LEAD_TIME, Unit::Hours, [168.0, 72.0, 4_380.0], 2.0, 1.0 / 60.0),
            (metric::REWORK_RATE, Unit::Percent, [16.0, 4.0, 64.0], 2.0, 0.0),
            (metric::BATCH_SIZE, Unit::Count, [20.0, 5.0, 200.0], 1.5, 1.0),
            (metric::REVIEW_TIME, Unit::Hours, [48.0, 24.0, 336.0], 1.5, 1.0 / 60.0),
            (metric::FLAKY_TESTS, Unit::Percent, [2.0, 0.5, 10.0], 1.5, 0.0),
        ];
        let bands = bands.into_iter().filter_map(|(id, unit, [trigger, target, worst], weight, step)| {
            let band = Band::new(MetricId::new(id).ok()?, unit, trigger, target, worst).ok()?;
            Some(Band { weight: Number::new(weight).ok()?, clock_step: Number::new(step).ok()?, ..band })
        });
        let (worsening, improving) =
            (Number::new(1.5).unwrap_or(Number::ZERO), Number::new(0.5).unwrap_or(Number::ZERO));
        let ranking = Ranking::Bands { bands: bands.collect(), worsening, improving, min_n: 5 };
        Self { name: "recommended".into(), ranking }
    }

    /// Its name, which every result carries.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it ranks.
    #[must_use]
    pub const fn ranking(&self) -> &Ranking {
        &self.ranking
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn what_ships_is_sound_and_complete() {
        for policy in [OpportunityPolicy::classic(), OpportunityPolicy::recommended()] {
            OpportunityPolicy::new(policy.name(), policy.ranking().clone()).unwrap();
        }
        let Ranking::Bands { bands, worsening, .. } = OpportunityPolicy::recommended().ranking else {
            panic!()
        };
        assert_eq!((bands.len(), worsening.get()), (8, 1.5));
        let Ranking::Classic { rules } = OpportunityPolicy::classic().ranking else { panic!() };
        assert_eq!(rules.len(), 4);
    }

    #[test]
    fn bad_policies_are_refused() {
        let band = |t, g, w| {
            Band::new("m".parse().unwrap(), Unit::Count, t, g, w).map(|_| ()).unwrap_err().to_string()
        };
        assert_eq!(band(0.0, 1.0, 2.0), "`band` is `0`, must be above 0");
        assert_eq!(
            band(2.0, 3.0, 4.0),
            "`band` is `3, 2, 4`, must be target, trigger and worst in this order"
        );
        let good = Band::new("m".parse().unwrap(), Unit::Count, 2.0, 1.0, 4.0).unwrap();
        let bands = |bands: Vec<Band>, worsening: f64, improving: f64| {
            let ranking = Ranking::Bands {
                bands,
                worsening: Number::new(worsening).unwrap(),
                improving: Number::new(improving).unwrap(),
                min_n: 0,
            };
            OpportunityPolicy::new("x", ranking).unwrap_err().to_string()
        };
        assert_eq!(
            bands(Vec::from([good.clone(), good.clone()]), 1.0, 1.0),
            "`metric` is `m`, must be there once"
        );
        assert_eq!(bands(Vec::new(), 0.5, 1.0), "`worsening` is `0.5`, must be at least 1");
        assert_eq!(bands(Vec::new(), 1.0, 1.5), "`improving` is `1.5`, must be from 0 to 1");
        let heavy = Band { weight: Number::ZERO, ..good };
        assert_eq!(bands(Vec::from([heavy]), 1.0, 1.0), "`weight` is `0`, must be above 0");
    }
}
