//! A metric as the improvement loop looks at it.

use devops_core::{GoodDirection, MetricId, Number, Unit};
use serde::{Deserialize, Serialize};

use super::sample::{exposure, real};
use super::{ImprovementError, Observation, sample::Data};
use crate::calendar::Window;
use crate::trend::{Direction, TrendReport};

/// What part of delivery a metric speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Category {
    /// How fast changes are delivered.
    Throughput,
    /// How rarely they break, and how soon they recover.
    Stability,
    /// How work moves between its stages.
    Flow,
    /// How far the checks can be trusted.
    Quality,
}

/// The present value of a metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum CardValue {
    /// A value or a duration in the metric's unit.
    Measured {
        /// The value.
        value: Number,
        /// From how many observations.
        n: u64,
    },
    /// Events in an exposure, which is in the time of the metric's unit.
    Counted {
        /// How many.
        events: u64,
        /// In how much time, above 0.
        exposure: Number,
    },
    /// So many of so many; the value is in percent.
    Share {
        /// How many.
        part: u64,
        /// Of how many.
        whole: u64,
    },
    /// Nothing that could be judged.
    NotEnoughData {
        /// How many observations are needed.
        needed: u64,
        /// How many there are.
        got: u64,
    },
}

impl CardValue {
    /// The value in the metric's unit; `None` where there is none.
    ///
    /// ```
    /// use devops_metrics::improvement::CardValue;
    ///
    /// assert_eq!(CardValue::Share { part: 3, whole: 40 }.current(), Some(7.5));
    /// assert_eq!(CardValue::Share { part: 0, whole: 0 }.current(), None);
    /// ```
    #[must_use]
    pub fn current(&self) -> Option<f64> {
        match self {
            Self::Measured { value, .. } => Some(value.get()),
            Self::Counted { events, exposure } => {
                let rate = real(*events) / exposure.get();
                (exposure.get() > 0.0 && rate.is_finite()).then_some(rate)
            }
            Self::Share { part, whole } if *whole > 0 => Some(100.0 * real(*part) / real(*whole)),
            Self::Share { .. } | Self::NotEnoughData { .. } => None,
        }
    }

    /// From how many observations; `None` for counts, of which none at all is an observation too.
    pub(super) fn n(&self) -> Option<u64> {
        match self {
            Self::Measured { n, .. } => Some(*n),
            Self::Share { whole, .. } => Some(*whole),
            Self::Counted { .. } => None,
            Self::NotEnoughData { got, .. } => Some(*got),
        }
    }
}

/// Where a metric is heading.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CardTrend {
    /// Which way.
    pub direction: Direction,
    /// How sure that is, 0 to 1, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

impl CardTrend {
    /// That way, without a confidence.
    #[must_use]
    pub const fn new(direction: Direction) -> Self {
        Self { direction, confidence: None }
    }
}

impl From<&TrendReport> for CardTrend {
    fn from(report: &TrendReport) -> Self {
        Self { direction: report.direction, confidence: report.confidence }
    }
}

/// One metric: value, target, trend, window.
///
/// ```
/// use devops_core::{GoodDirection, MetricId, Number, Unit};
/// use devops_metrics::improvement::{CardValue, MetricCard};
///
/// let value = CardValue::Measured { value: Number::new(300.0)?, n: 12 };
/// let card = MetricCard::new(MetricId::new("failed_deployment_recovery_time")?, Unit::Minutes, GoodDirection::Down, value);
/// assert_eq!(card.current_in(Unit::Hours)?, Some(5.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MetricCard {
    /// The metric.
    pub metric: MetricId,
    /// What it speaks of, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Its unit.
    pub unit: Unit,
    /// Which way it should go.
    pub good: GoodDirection,
    /// Its present value.
    pub value: CardValue,
    /// The team's own target in that unit; else that of the policy counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Number>,
    /// Where it is heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<CardTrend>,
    /// When it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

impl MetricCard {
    /// A card without target, trend and window.
    #[must_use]
    pub const fn new(metric: MetricId, unit: Unit, good: GoodDirection, value: CardValue) -> Self {
        Self { metric, category: None, unit, good, value, target: None, trend: None, window: None }
    }

    /// The card of an observation.
    ///
    /// ```
    /// use devops_core::{GoodDirection, MetricId, Unit};
    /// use devops_metrics::calendar::Window;
    /// use devops_metrics::improvement::{MetricCard, Observation, Sample};
    ///
    /// let window = Window::new("2026-01-01T00:00:00Z".parse()?, "2026-04-01T00:00:00Z".parse()?)?;
    /// let metric = MetricId::new("change_failure_rate")?;
    /// let observed = Observation::new(metric, Unit::Percent, window, Sample::share(6, 40)?);
    /// assert_eq!(MetricCard::of(&observed, GoodDirection::Down).value.current(), Some(15.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(observation: &Observation, good: GoodDirection) -> Self {
        let sample = &observation.sample;
        let measured = || {
            let value = Number::new(sample.estimate()?).ok()?;
            Some(CardValue::Measured { value, n: sample.n() })
        };
        let counted = |periods: &[(u64, f64)]| {
            Some(CardValue::Counted { events: sample.n(), exposure: Number::new(exposure(periods)).ok()? })
        };
        let value = match &sample.0 {
            Data::Counts(periods) => counted(periods),
            Data::Share { part, whole } => Some(CardValue::Share { part: *part, whole: *whole }),
            Data::Durations { .. } => measured(),
        };
        let value = value.unwrap_or(CardValue::NotEnoughData { needed: 1, got: sample.n() });
        Self::new(observation.metric.clone(), observation.unit, good, value).with_window(observation.window)
    }

    /// With what it speaks of.
    #[must_use]
    pub fn with_category(self, category: Category) -> Self {
        Self { category: Some(category), ..self }
    }

    /// With the team's own target, in the card's unit.
    #[must_use]
    pub fn with_target(self, target: Number) -> Self {
        Self { target: Some(target), ..self }
    }

    /// With where it is heading.
    #[must_use]
    pub fn with_trend(self, trend: CardTrend) -> Self {
        Self { trend: Some(trend), ..self }
    }

    /// With when it was measured.
    #[must_use]
    pub fn with_window(self, window: Window) -> Self {
        Self { window: Some(window), ..self }
    }

    /// The present value in another unit; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`ImprovementError::Unit`] where the card's unit measures something else.
    pub fn current_in(&self, unit: Unit) -> Result<Option<f64>, ImprovementError> {
        let factor = self.factor_to(unit)?;
        Ok(self.value.current().map(|v| v * factor))
    }

    pub(super) fn factor_to(&self, expected: Unit) -> Result<f64, ImprovementError> {
        self.unit.factor_to(expected).ok_or_else(|| ImprovementError::Unit {
            metric: self.metric.as_str().into(),
            unit: self.unit,
            expected,
        })
    }
}
