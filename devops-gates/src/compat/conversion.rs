//! Native gates made of other engines' files, and what changes on the way.

use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use devops_core::MetricId;

use crate::{ConditionSpec, Gate, GateErrors, GateSpec, GroupSpec, JudgePolicyErrors};

/// A native gate, which can be built, and every way in which it decides otherwise than the file that it is made of.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Conversion {
    /// The gate.
    pub gate: GateSpec,
    /// What decides otherwise, in the order of the file. On measures that none of them speaks of both decide alike.
    pub differences: Vec<Difference>,
}

/// One way in which a converted gate decides otherwise.
///
/// ```
/// use devops_gates::compat::{DifferenceKind, sonar};
///
/// let condition = sonar::Condition::new("coverage", sonar::Op::LessThan, "80");
/// let converted = sonar::to_gate_spec(&sonar::QualityGate::new("g", vec![condition]))?;
/// assert_eq!(converted.differences[0].kind, DifferenceKind::MissingPasses);
/// assert_eq!(
///     converted.differences[0].to_string(),
///     "conditions[0]: a missing value passes there; here it is inconclusive",
/// );
/// # Ok::<(), devops_gates::compat::ConversionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The place in the file, such as `objectives[0].pass`.
    pub place: String,
    /// What stands there, where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What it is.
    pub kind: DifferenceKind,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}: `{value}`: {}", self.place, self.kind),
            None => write!(f, "{}: {}", self.place, self.kind),
        }
    }
}

/// In what a converted gate decides otherwise; "there" is the other engine, "here" the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DifferenceKind {
    /// A missing value.
    #[error("a missing value passes there; here it is inconclusive")]
    MissingPasses,
    /// A measurement that ends in an error.
    #[error("errors are repeated and five in a row end it there; here a missing value is inconclusive")]
    ErrorIsInconclusive,
    /// A value that is no number.
    #[error("NaN passes there; here it is a missing value")]
    NanPasses,
    /// A comparison without a baseline.
    #[error("without a baseline a criterion is satisfied there; here it does not count")]
    NoBaseline,
    /// A baseline below zero.
    #[error("a percentage of a baseline below zero turns its direction there; here more is more")]
    NegativeBaseline,
    /// Which old runs make the baseline.
    #[error(
        "runs are picked and those among them that measured it count there; here so many that measured it"
    )]
    BaselineRuns,
    /// How a percentile of old runs is computed.
    #[error("percentiles stand at (n + 1) p there; here they are linear between order statistics, (n − 1) p")]
    Percentile,
    /// Sums and shares in floating point.
    #[error("it is computed in floating point there, so that 57 of 100 misses 57 %; here exactly")]
    FloatingPoint,
    /// A key objective in warning.
    #[error(
        "a key objective in warning leaves the run passed there; here the gate is no better than a warning"
    )]
    KeyWarning,
    /// A key objective without weight.
    #[error("a key objective without weight always fails there; here it decides by its criteria")]
    KeyWithoutWeight,
    /// An objective for information.
    #[error("it is shown and never scored there; here it is left out")]
    Informative,
    /// An objective that nothing can fail.
    #[error(
        "it has no criterion and earns its weight, or nothing, whatever is measured there; here it is left out"
    )]
    AlwaysTheSame,
    /// A second objective on one indicator.
    #[error("it finds no value there, as an earlier objective took it; here both look at it")]
    ConsumedIndicator,
    /// A warning that is looser in no way that can be told by pairs.
    #[error(
        "its warning is looked at as a whole there; here each warning criterion stands beside a pass criterion"
    )]
    WarningPaired,
    /// Warning criteria that cannot be expressed.
    #[error("its warning criteria have another form than those to pass and are left out here")]
    WarningLeftOut,
    /// Warning criteria that cannot be read.
    #[error("its warning cannot be read, which is passed over there; here it is left out")]
    WarningUnreadable,
    /// Fractions of whole numbers.
    #[error("value and threshold are cut to whole numbers there; here 9.99 is above 9")]
    Truncation,
    /// Small changes.
    #[error("it is OK in changes of fewer than 20 new lines there; here it always counts")]
    SmallChanges,
    /// The fallback of the multi-quality rule mode.
    #[error("the equivalent standard metric stands in for a missing one there; here it is missing")]
    FallbackMetric,
    /// A metric that is measured more than once.
    #[error("it is measured repeatedly, with limits on failures, there; here one value decides")]
    RepeatedMeasurements,
    /// A measurement between success and failure.
    #[error("a value between success and failure is inconclusive there; here it is a warning")]
    BetweenIsWarning,
    /// A guard against an empty result.
    #[error("an empty result or NaN has a condition of its own there; here it is a missing value")]
    GuardDropped,
    /// A condition on all of several values.
    #[error("the first of several values is looked at there, or all of them; here the one that is measured")]
    FirstOfMany,
    /// The statistics of a canary.
    #[error(
        "an interval of absolute precision 0.0001 against a quarter of its estimate there; here rank tests at a level \
         that all metrics share, in any unit, and no verdict on fewer than five values"
    )]
    NativeTests,
    /// An effect size that no tolerance expresses.
    #[error(
        "its effect size is a share of pairs, or differs by direction, there; here there is no tolerance"
    )]
    EffectSize,
    /// NaN as a number.
    #[error("NaN counts as 0, and no data passes, there; here what was not measured is not compared")]
    NanIsZero,
    /// Values that are left out.
    #[error("outliers are removed there; here ranks take care of them, and all values count")]
    OutliersRemoved,
    /// A metric that does not count.
    #[error("it stands in no group and never counts there; here it weighs nothing, and is in the report")]
    Ungrouped,
    /// A metric that counts more than once.
    #[error("it counts in each of its groups there; here once, with the weight of all")]
    SeveralGroups,
    /// A group without metrics.
    #[error("its weight is lost, as it has no metric, there; here the others share the whole")]
    LostWeight,
    /// Weights that are no shares of 100.
    #[error(
        "its weights do not make 100, so that the best score is not 100 there; here they are proportions"
    )]
    PartialWeights,
    /// A score that is rounded.
    #[error("the score is rounded to two decimals before it meets its thresholds there; here it is exact")]
    RoundedScore,
    /// A metric without data.
    #[error(
        "without data it is left out there, and half of the metrics without data fail; here it is inconclusive"
    )]
    NoDataIsLeftOut,
    /// A critical metric that fails the canary only by a large effect.
    #[error("it is critical only from an effect of its own on there; here whenever it is worse")]
    CriticalEffect,
    /// A word that is not known.
    #[error("it is not known there and read as what stands there unless written; here likewise")]
    UnknownWord,
    /// Another judge.
    #[error("another judge decides there; here it is converted as one of NetflixACAJudge-v1.0")]
    OtherJudge,
    /// Where the data come from.
    #[error("it says there which data are fetched; here the samples are handed in")]
    DataSource,
    /// A setting without effect.
    #[error("the verdict does not rest on it there; here it is left out")]
    WithoutEffect,
    /// A key that is not known.
    #[error("it is not known there and passed over; here it is left out")]
    UnknownField,
    /// A name that is not allowed.
    #[error("its name has characters that a metric id cannot have; here they are `_`")]
    Renamed,
}

/// Why a file cannot be made a native gate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConversionError {
    /// Nothing in it decides.
    #[error("it has nothing that decides: at least one {expected} is expected")]
    Nothing {
        /// What would decide.
        expected: &'static str,
    },
    /// A place that cannot be expressed.
    #[error("{place}: `{value}` cannot be expressed: {reason}")]
    Inexpressible {
        /// The place in the file.
        place: String,
        /// What stands there.
        value: String,
        /// Why it cannot be.
        reason: String,
    },

    /// What it would be cannot be built.
    #[error("the gate that it makes cannot be built: {0}")]
    Unbuildable(GateErrors),
    /// The canary policy that it would be cannot be built.
    #[error("the policy that it makes cannot be built: {0}")]
    UnbuildablePolicy(JudgePolicyErrors),
}

impl ConversionError {
    pub(super) fn inexpressible(place: &str, value: &str, reason: impl fmt::Display) -> Self {
        let value = devops_core::excerpt(value);
        Self::Inexpressible { place: place.to_string(), value, reason: reason.to_string() }
    }
}

/// What one part of a file becomes.
pub(super) enum Part {
    One(Box<ConditionSpec>),
    Several(GroupSpec),
}

/// Collects the differences on the way through a file.
#[derive(Debug, Default)]
pub(super) struct Differences(pub(super) Vec<Difference>);

impl Differences {
    pub(super) fn add(&mut self, place: &str, kind: DifferenceKind) {
        self.0.push(Difference { place: place.to_string(), value: None, kind });
    }

    /// The same of something that is not known, which is told.
    pub(super) fn add_value(&mut self, place: &str, value: &str, kind: DifferenceKind) {
        let value = Some(devops_core::excerpt(value));
        self.0.push(Difference { place: place.to_string(), value, kind });
    }

    /// The conversion, where its gate can be built.
    pub(super) fn conversion(self, gate: GateSpec) -> Result<Conversion, ConversionError> {
        Gate::build(gate.clone()).map_err(ConversionError::Unbuildable)?;
        Ok(Conversion { gate, differences: self.0 })
    }

    pub(super) fn add_where(&mut self, holds: bool, place: &str, kind: DifferenceKind) {
        if holds {
            self.add(place, kind);
        }
    }

    /// The metric id for a name, with what cannot stand in one replaced.
    pub(super) fn metric(&mut self, place: &str, name: &str) -> Result<String, ConversionError> {
        if MetricId::check(name).is_ok() {
            return Ok(name.to_string());
        }
        let allowed = |c: char| if c.is_ascii_alphanumeric() || ".-/:".contains(c) { c } else { '_' };
        let renamed: String = name.trim().chars().map(allowed).collect();
        MetricId::check(&renamed).map_err(|error| ConversionError::inexpressible(place, name, error))?;
        self.add(place, DifferenceKind::Renamed);
        Ok(renamed)
    }
}

/// A number as criteria write it.
pub(super) fn decimal(place: &str, value: f64) -> Result<String, ConversionError> {
    let text = if value == 0.0 || (1e-6..1e15).contains(&value.abs()) {
        value.to_string()
    } else {
        alloc::format!("{value:e}")
    };
    match text.parse::<devops_core::Decimal>() {
        Ok(_) => Ok(text),
        Err(_) => Err(ConversionError::inexpressible(place, &text, "thresholds are decimal numbers")),
    }
}

/// A name for a part of a gate that is not used yet: the name itself, or with a number behind it.
pub(super) fn unused(used: &mut Vec<String>, name: &str) -> String {
    let taken = |candidate: &String| used.contains(candidate);
    let numbered = core::iter::successors(Some(2_u32), |n| n.checked_add(1));
    let name = Some(name.to_string())
        .filter(|n| !taken(n))
        .or_else(|| numbered.map(|n| alloc::format!("{name}-{n}")).find(|n| !taken(n)))
        .unwrap_or_default();
    used.push(name.clone());
    name
}

/// Weights as native gates take them, of at most 1,000 and six decimals: larger ones all divided by one power of ten.
pub(super) fn weights(place: &str, weights: &[i64]) -> Result<Vec<f64>, ConversionError> {
    let refused = |weight: i64, reason| ConversionError::inexpressible(place, &weight.to_string(), reason);
    if let Some(negative) = weights.iter().find(|w| **w < 0) {
        return Err(refused(*negative, "weights are not negative"));
    }
    let largest = weights.iter().max().copied().unwrap_or(0);
    if largest > 1_000_000_000 {
        return Err(refused(largest, "weights are at most 1000000000"));
    }
    let by = [1.0, 1e3, 1e6].into_iter().find(|by| {
        #[expect(clippy::cast_precision_loss, reason = "at most 10^9")]
        let scaled = largest as f64 / by;
        scaled <= 1000.0
    });
    #[expect(clippy::cast_precision_loss, reason = "at most 10^9")]
    Ok(weights.iter().map(|w| *w as f64 / by.unwrap_or(1.0)).collect())
}
