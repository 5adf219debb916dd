//! What was measured.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::{AnalyzerId, MetricId, Number, Score, Unit, ValueError};

/// What part of the product a measure speaks of.
///
/// ```
/// use devops_core::Scope;
///
/// assert_eq!(Scope::default(), Scope::Overall);
/// assert_eq!(Scope::Component("api".into()).to_string(), "component api");
/// ```
#[derive(
    Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
#[non_exhaustive]
pub enum Scope {
    /// Everything.
    #[default]
    Overall,
    /// Only what the change adds or touches.
    NewCode,
    /// One named part.
    Component(String),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overall => f.pad("overall"),
            Self::NewCode => f.pad("new code"),
            Self::Component(name) => f.pad(&alloc::format!("component {name}")),
        }
    }
}

/// The value of a measure.
///
/// ```
/// use devops_core::{Number, Value};
///
/// assert_eq!(Value::from(Number::new(81.5)?).as_number(), Some(Number::new(81.5)?));
/// assert_eq!(Value::Fraction { part: 57, whole: 100 }.to_string(), "57 of 100");
/// assert_eq!(Value::Missing { reason: "no report".into() }.as_number(), None);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Value {
    /// A finite number.
    Number {
        /// The number, in the unit of the measure.
        value: Number,
    },
    /// So many out of so many; compared exactly, as percent or ratio as the unit says.
    Fraction {
        /// How many.
        part: u64,
        /// Out of how many; 0 is a fraction without a value.
        whole: u64,
    },
    /// Yes or no.
    Flag {
        /// Which.
        value: bool,
    },
    /// A text, such as a version or a grade.
    Text {
        /// The text.
        value: String,
    },
    /// It should have been measured and was not, or came out as no number.
    Missing {
        /// Why.
        reason: String,
    },
}

impl Value {
    /// A number, or *missing* with the reason where it is NaN or infinite.
    ///
    /// ```
    /// use devops_core::Value;
    ///
    /// assert!(matches!(Value::number_or_missing(f64::NAN), Value::Missing { .. }));
    /// ```
    #[must_use]
    pub fn number_or_missing(value: f64) -> Self {
        match Number::new(value) {
            Ok(value) => Self::Number { value },
            Err(error) => Self::Missing { reason: alloc::format!("{error}") },
        }
    }

    /// The number, where there is one; a fraction gives part / whole.
    #[must_use]
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Self::Number { value } => Some(*value),
            #[expect(
                clippy::cast_precision_loss,
                reason = "for display; comparisons use the counts themselves"
            )]
            Self::Fraction { part, whole } if *whole > 0 => Number::new(*part as f64 / *whole as f64).ok(),
            _ => None,
        }
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number { value }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Flag { value }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { value } => fmt::Display::fmt(value, f),
            Self::Fraction { part, whole } => f.pad(&alloc::format!("{part} of {whole}")),
            Self::Flag { value } => f.pad(if *value { "yes" } else { "no" }),
            Self::Text { value } => f.pad(value),
            Self::Missing { reason } => f.pad(&alloc::format!("missing: {reason}")),
        }
    }
}

/// Which analyzer measured a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Provenance {
    /// The analyzer.
    pub analyzer: AnalyzerId,
    /// Its version.
    pub version: String,
}

impl Provenance {
    /// That analyzer in that version.
    #[must_use]
    pub const fn new(analyzer: AnalyzerId, version: String) -> Self {
        Self { analyzer, version }
    }
}

/// One measured value: metric, scope, value and unit, and how sure it is.
///
/// ```
/// use devops_core::{Measure, MetricId, Scope, Unit};
///
/// let coverage = Measure::fraction(MetricId::new("test_coverage")?, 412, 500, Unit::Percent)
///     .with_scope(Scope::NewCode);
/// assert_eq!(coverage.sample_size(), Some(500));
/// assert_eq!(coverage.to_string(), "test_coverage (new code) = 82.4 % (412 of 500)");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Measure {
    metric: MetricId,
    #[serde(default)]
    scope: Scope,
    value: Value,
    unit: Unit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sample_size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    interval: Option<Interval>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    samples: Vec<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provenance: Option<Provenance>,
}

impl Measure {
    /// A measure of the whole product.
    #[must_use]
    pub const fn new(metric: MetricId, value: Value, unit: Unit) -> Self {
        Self {
            metric,
            scope: Scope::Overall,
            value,
            unit,
            sample_size: None,
            interval: None,
            samples: Vec::new(),
            provenance: None,
        }
    }

    /// A number.
    ///
    /// # Errors
    ///
    /// [`ValueError::NotFinite`] for NaN and infinities.
    ///
    /// ```
    /// use devops_core::{Measure, MetricId, Unit};
    ///
    /// assert!(Measure::number(MetricId::new("p95_latency")?, f64::NAN, Unit::Milliseconds).is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn number(metric: MetricId, value: f64, unit: Unit) -> Result<Self, ValueError> {
        Ok(Self::new(metric, Number::new(value)?.into(), unit))
    }

    /// A score.
    #[must_use]
    pub fn score(metric: MetricId, score: Score) -> Self {
        Self::new(metric, Value::number_or_missing(score.get()), Unit::Score)
    }

    /// So many of so many; `whole` is its sample size.
    #[must_use]
    pub const fn fraction(metric: MetricId, part: u64, whole: u64, unit: Unit) -> Self {
        let mut measure = Self::new(metric, Value::Fraction { part, whole }, unit);
        measure.sample_size = Some(whole);
        measure
    }

    /// The same measure of another part.
    #[must_use]
    pub fn with_scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// How many observations it rests on.
    #[must_use]
    pub fn with_sample_size(self, n: u64) -> Self {
        Self { sample_size: Some(n), ..self }
    }

    /// The interval around it.
    #[must_use]
    pub fn with_interval(self, interval: Interval) -> Self {
        Self { interval: Some(interval), ..self }
    }

    /// The single observations, for statistical conditions.
    #[must_use]
    pub fn with_samples(self, samples: Vec<Number>) -> Self {
        Self { samples, ..self }
    }

    /// Who measured it.
    #[must_use]
    pub fn with_provenance(self, provenance: Provenance) -> Self {
        Self { provenance: Some(provenance), ..self }
    }

    /// The metric.
    #[must_use]
    pub const fn metric(&self) -> &MetricId {
        &self.metric
    }

    /// What part it speaks of.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// The unit of the value.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// How many observations it rests on, where that is known.
    #[must_use]
    pub const fn sample_size(&self) -> Option<u64> {
        self.sample_size
    }

    /// The interval around it, where there is one.
    #[must_use]
    pub const fn interval(&self) -> Option<&Interval> {
        self.interval.as_ref()
    }

    /// The single observations; empty where they were not kept.
    #[must_use]
    pub fn samples(&self) -> &[Number] {
        &self.samples
    }

    /// Who measured it, where that is known.
    #[must_use]
    pub const fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_ref()
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.metric)?;
        if self.scope != Scope::Overall {
            write!(f, " ({})", self.scope)?;
        }
        write!(f, " = ")?;
        let symbol = self.unit.symbol();
        let space = if symbol.is_empty() { "" } else { " " };
        match (&self.value, self.value.as_number()) {
            (Value::Fraction { .. }, Some(share)) => {
                let shown = if self.unit == Unit::Percent { share.get() * 100.0 } else { share.get() };
                let shown = alloc::format!("{shown:.2}");
                let shown = shown.trim_end_matches('0').trim_end_matches('.');
                write!(f, "{shown}{space}{symbol} ({})", self.value)
            }
            (Value::Number { .. }, _) => write!(f, "{}{space}{symbol}", self.value),
            _ => write!(f, "{}", self.value),
        }
    }
}

/// A confidence interval, ends included.
///
/// ```
/// use devops_core::{Interval, Number, Ratio};
///
/// let interval = Interval::new(Number::new(0.1)?, Number::new(0.3)?, Ratio::new(0.95)?)?;
/// assert_eq!(interval.to_string(), "0.1 to 0.3 at 95 %");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "IntervalForm", into = "IntervalForm")]
pub struct Interval {
    low: Number,
    high: Number,
    level: crate::Ratio,
}

/// The form in files.
#[derive(serde::Serialize, serde::Deserialize)]
struct IntervalForm {
    low: Number,
    high: Number,
    level: crate::Ratio,
}

impl TryFrom<IntervalForm> for Interval {
    type Error = ValueError;

    fn try_from(form: IntervalForm) -> Result<Self, ValueError> {
        Self::new(form.low, form.high, form.level)
    }
}

impl From<Interval> for IntervalForm {
    fn from(interval: Interval) -> Self {
        Self { low: interval.low, high: interval.high, level: interval.level }
    }
}

impl Interval {
    /// From `low` to `high` at that confidence level.
    ///
    /// # Errors
    ///
    /// [`ValueError::Inconsistent`] where `high` is below `low`.
    pub fn new(low: Number, high: Number, level: crate::Ratio) -> Result<Self, ValueError> {
        if high < low {
            return Err(ValueError::Inconsistent {
                field: "interval end",
                value: alloc::format!("{high}"),
                expected: "an end not below the start",
            });
        }
        Ok(Self { low, high, level })
    }

    /// The lower end.
    #[must_use]
    pub const fn low(&self) -> Number {
        self.low
    }

    /// The upper end.
    #[must_use]
    pub const fn high(&self) -> Number {
        self.high
    }

    /// The confidence level.
    #[must_use]
    pub const fn level(&self) -> crate::Ratio {
        self.level
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {} at {} %", self.low, self.high, self.level.get() * 100.0)
    }
}
