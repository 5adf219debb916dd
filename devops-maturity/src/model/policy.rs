//! The rules of a model: how parts make a whole, what becomes of what is missing, when a level is reached.

use alloc::vec::Vec;

use crate::evidence::Grade;

/// How the parts of a node make its score.
///
/// Over what stands directly below: `weighted_mean`, `sum`, `minimum`. Over all items below, however deep:
/// `pooled_mean`, `level_sums`, `tiered_sum`.
///
/// ```
/// use devops_maturity::Aggregation;
///
/// assert_eq!(serde_json::to_string(&Aggregation::LevelSums)?, "\"level_sums\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Aggregation {
    /// Σ weight × score / Σ weight.
    #[default]
    WeightedMean,
    /// Σ weight × score.
    Sum,
    /// The lowest score.
    Minimum,
    /// The weighted mean of all items below, whatever nodes lie between.
    PooledMean,
    /// The sum, over the levels, of the weighted mean of the items at that level. A level that does not apply
    /// is made up for by the others, so that the best score stays the same. OWASP SAMM 2 scores its practices
    /// so.
    LevelSums,
    /// Σ weight × score of the items at the first level; those of a higher level count only where all items
    /// below that level have full credit. OpenSSF Scorecard scores branch protection so.
    TieredSum,
}

impl Aggregation {
    /// Whether it looks at the items below rather than at what stands directly below.
    pub(crate) const fn is_over_items(self) -> bool {
        matches!(self, Self::PooledMean | Self::LevelSums | Self::TieredSum)
    }

    /// Whether it needs the level of each item.
    pub(crate) const fn needs_levels(self) -> bool {
        matches!(self, Self::LevelSums | Self::TieredSum)
    }
}

/// How a node's score is rounded; not at all unless this is written.
///
/// ```
/// use devops_maturity::{Fraction, Rounding};
///
/// let cut: Rounding = serde_json::from_str(r#"{"mode": "truncate", "digits": 1}"#)?;
/// assert_eq!(cut.apply(&Fraction::of(7_625, 100)), Fraction::of(762, 10));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a way and a place are all there is to rounding")]
pub struct Rounding {
    /// Which way.
    pub mode: RoundingMode,
    /// To how many decimals: 0 to 12.
    #[serde(default)]
    pub digits: u32,
}

impl Rounding {
    /// The rounded value.
    #[must_use]
    pub fn apply(self, value: &crate::Fraction) -> crate::Fraction {
        match self.mode {
            RoundingMode::HalfEven => value.rounded_half_even(self.digits),
            RoundingMode::Floor => value.floored(self.digits),
            RoundingMode::Truncate => value.truncated(self.digits),
        }
    }
}

/// Which way a score is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RoundingMode {
    /// To the nearest, ties to the even neighbour.
    HalfEven,
    /// Downwards.
    Floor,
    /// Towards zero.
    Truncate,
}

/// What becomes of an item that does not apply.
///
/// ```
/// use devops_maturity::NotApplicablePolicy;
///
/// let policy: NotApplicablePolicy = serde_json::from_str(r#"{"kind": "anchored", "target": 80}"#)?;
/// assert_eq!(policy, NotApplicablePolicy::Anchored { target: 80.0 });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "NotApplicableForm")]
#[non_exhaustive]
pub enum NotApplicablePolicy {
    /// It leaves the score, and its weight goes to the others.
    #[default]
    LeftOut,
    /// It counts as met.
    Met,
    /// It counts as that many points.
    Anchored {
        /// Points: 0 to the model's scale.
        target: f64,
    },
}

/// What is read. The kinds without fields are written `{}`: only then are unknown keys beside them refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum NotApplicableForm {
    LeftOut {},
    Met {},
    Anchored { target: f64 },
}

impl From<NotApplicableForm> for NotApplicablePolicy {
    fn from(form: NotApplicableForm) -> Self {
        match form {
            NotApplicableForm::LeftOut {} => Self::LeftOut,
            NotApplicableForm::Met {} => Self::Met,
            NotApplicableForm::Anchored { target } => Self::Anchored { target },
        }
    }
}

/// What becomes of an item whose answer is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnknownPolicy {
    /// It may be worth nothing or everything: the score gets bounds.
    #[default]
    Bounds,
    /// It counts as no credit, as other tools have it. The completeness still tells.
    NoCredit,
}

/// The level that a node reaches. Nodes below inherit it unless they say otherwise.
///
/// Levels are asked one after the other, from the lowest: the first that is missed ends the climb.
///
/// ```
/// use devops_maturity::{EmptyLevel, LevelPolicy};
///
/// let badge: LevelPolicy = serde_json::from_str(r#"{"kind": "all_below", "empty": "pass"}"#)?;
/// assert_eq!(badge, LevelPolicy::AllBelow { met: 1.0, empty: Some(EmptyLevel::Pass) });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
#[non_exhaustive]
pub enum LevelPolicy {
    /// The score reaches it.
    Thresholds {
        /// The lowest score of each level, lowest level first.
        thresholds: Vec<ThresholdSpec>,
    },
    /// All items of the level, and of those below, have the credit.
    AllBelow {
        /// The credit from which an item is met: above 0, to 1.
        #[serde(default = "one")]
        met: f64,
        /// What a level without items does; must be said where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        empty: Option<EmptyLevel>,
    },
    /// What the level needs holds, and so for the levels below.
    Competences {
        /// What each level needs; a level that is not listed needs nothing.
        levels: Vec<CompetenceSpec>,
        /// What a need on a level without items does; must be said where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        empty: Option<EmptyLevel>,
    },
    /// The highest level at which any item is met, as BSIMM has it.
    HighWater {
        /// The credit from which an item is met: above 0, to 1.
        #[serde(default = "one")]
        met: f64,
    },
}

fn one() -> f64 {
    1.0
}

impl LevelPolicy {
    /// By the score: each level from that many points on.
    ///
    /// ```
    /// use devops_maturity::LevelPolicy;
    ///
    /// let policy = LevelPolicy::thresholds(&[(1, 0.0), (2, 3.0), (3, 5.0)]);
    /// assert!(matches!(policy, LevelPolicy::Thresholds { thresholds } if thresholds.len() == 3));
    /// ```
    #[must_use]
    pub fn thresholds(levels: &[(u32, f64)]) -> Self {
        let thresholds =
            levels.iter().map(|(level, from)| ThresholdSpec { level: *level, from: *from, exclusive: false });
        Self::Thresholds { thresholds: thresholds.collect() }
    }
}

/// From where on a score reaches a level.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; a bound and its kind are all there is")]
pub struct ThresholdSpec {
    /// The number of the level.
    pub level: u32,
    /// The score, in points of the node.
    pub from: f64,
    /// Whether the score must be above it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub exclusive: bool,
}

/// What a level needs.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; a level and its needs are all there is")]
pub struct CompetenceSpec {
    /// The number of the level.
    pub level: u32,
    /// All of these must hold.
    #[serde(default)]
    pub needs: Vec<NeedSpec>,
}

/// So much at that level: a share of the credit of the items there.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "built as a literal; where, how much and of what are all there is"
)]
pub struct NeedSpec {
    /// The level whose items are looked at; not above the level that needs it.
    pub level: u32,
    /// Percent of full credit: 0 to 100.
    pub at_least: f64,
    /// Of what.
    #[serde(default)]
    pub of: NeedOf,
}

/// What a need asks of the items at a level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NeedOf {
    /// Their mean, which the nodes below pass on as their own.
    #[default]
    Mean,
    /// Each of them, as ISO/IEC 33020 asks of process attributes.
    Each,
}

/// What a level at which no item applies does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth way")]
pub enum EmptyLevel {
    /// It is reached by itself; a share of it is left out of a mean.
    Pass,
    /// It is never reached and never in the way.
    Skip,
    /// It ends the climb; a share of it counts as 0 in a mean.
    Fail,
}

/// Holds a level back where a node directly below is too far behind.
///
/// ```
/// use devops_maturity::GateSpec;
///
/// assert_eq!(GateSpec::default().allowance, 0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; one number is all there is")]
pub struct GateSpec {
    /// How many levels a node below may be behind.
    #[serde(default)]
    pub allowance: u32,
}

/// What evidence is worth.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal with `..Default::default()`")]
pub struct EvidencePolicy {
    /// The most credit that an answer of a grade can get; a grade that is not listed has no limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<GradeCapSpec>,
    /// How long evidence that does not say so is valid; for ever where this is not written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_days: Option<u32>,
}

/// The most credit of a grade of evidence.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; a grade and its limit are all there is")]
pub struct GradeCapSpec {
    /// The grade.
    pub grade: Grade,
    /// The most credit: 0 to 1.
    pub credit: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn is_false(value: &bool) -> bool {
    !*value
}
