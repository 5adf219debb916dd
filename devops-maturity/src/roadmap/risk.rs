//! What stands in the way: rules as data.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// How likely, or how bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "finer would be false precision")]
pub enum Rating {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

impl fmt::Display for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

/// When a rule speaks up.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
#[non_exhaustive]
pub enum RiskCondition {
    /// A dimension stays below a score when the plan is done, while others are raised.
    DimensionSkipped {
        /// The dimension.
        dimension: String,
        /// The score that it should have.
        below: f64,
    },
    /// More initiatives than that run at the same time.
    ParallelInitiatives {
        /// How many may.
        more_than: u32,
    },
    /// The people of a role are busy for more than that share of the plan.
    RoleBusy {
        /// In percent of what they could give.
        above_percent: f64,
    },
    /// Claims in the assessment are above what was measured.
    Contradictions,
    /// Assessors disagree.
    Disputes,
    /// More of the items than that are not known.
    Unknown {
        /// In percent.
        above_percent: f64,
    },
    /// The target is more than so many levels above the present.
    LevelJump {
        /// How many levels.
        more_than: u32,
    },
    /// Anti-patterns of initiatives in the plan, or of what they require, are seen in the team.
    AntiPatterns,
    /// A phase is skipped without all its criteria being measured.
    OpenPrerequisites,
    /// The plan is asked to end by some week, and the chance of that is less.
    LateFinish {
        /// In percent.
        chance_below_percent: f64,
    },
    /// The end is spread widely: P95 is more than that above P50.
    WideSpread {
        /// In percent of P50.
        above_percent: f64,
    },
}

/// A rule: when it speaks up, how bad that is and what helps.
///
/// ```
/// use devops_maturity::roadmap::{RiskRule, default_risk_rules};
///
/// let rule: RiskRule = serde_json::from_str(r#"{"id": "parallel", "title": "Too much at once",
///     "when": {"kind": "parallel_initiatives", "more_than": 3}, "likelihood": "high", "impact": "medium",
///     "mitigation": "Finish before you start."}"#)?;
/// assert!(default_risk_rules().iter().any(|r| r.id == rule.id));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RiskRule {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// When it speaks up.
    pub when: RiskCondition,
    /// How likely it is then to do harm.
    pub likelihood: Rating,
    /// How much harm.
    pub impact: Rating,
    /// What helps.
    pub mitigation: String,
}

impl RiskRule {
    /// A rule.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        when: RiskCondition,
        (likelihood, impact): (Rating, Rating),
        mitigation: impl Into<String>,
    ) -> Self {
        Self { id: id.into(), title: title.into(), when, likelihood, impact, mitigation: mitigation.into() }
    }
}

/// A risk or blocker of a plan.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Risk {
    /// The rule that found it.
    pub rule: String,
    /// What it is.
    pub title: String,
    /// How likely it is to do harm.
    pub likelihood: Rating,
    /// How much harm.
    pub impact: Rating,
    /// What it was seen by; never empty.
    pub evidence: Vec<String>,
    /// What helps.
    pub mitigation: String,
}

/// The rules that are used unless others are given.
#[must_use]
pub fn default_risk_rules() -> Vec<RiskRule> {
    start_rules().into_iter().chain(plan_rules()).collect()
}

fn rule(id: &str, title: &str, when: RiskCondition, rating: (Rating, Rating), mitigation: &str) -> RiskRule {
    RiskRule::new(id, title, when, rating, mitigation)
}

/// On where the team stands and where it wants to go.
fn start_rules() -> [RiskRule; 6] {
    use Rating::{High, Low, Medium};
    use RiskCondition as When;
    [
        rule(
            "contradictions",
            "Claims above measurements",
            When::Contradictions,
            (High, Medium),
            "Settle what is true before the plan rests on it; the measurements count until then.",
        ),
        rule(
            "disputes",
            "Assessors disagree",
            When::Disputes,
            (Medium, Low),
            "Talk about the items in dispute: the disagreement is worth more than its median.",
        ),
        rule(
            "unknown",
            "Much is not known",
            When::Unknown { above_percent: 25.0 },
            (Medium, Medium),
            "Answer what is open before starting: some of the plan may be there already.",
        ),
        rule(
            "jump",
            "A leap over levels",
            When::LevelJump { more_than: 1 },
            (High, High),
            "Aim at the next level first and plan again from there.",
        ),
        rule(
            "anti_patterns",
            "Anti-patterns are seen",
            When::AntiPatterns,
            (High, High),
            "Stop the pattern first; the initiative fails beside it.",
        ),
        rule(
            "open_prerequisites",
            "A skipped phase is not fully shown",
            When::OpenPrerequisites,
            (Medium, Medium),
            "Measure the open criteria in the first weeks.",
        ),
    ]
}

/// On the plan.
fn plan_rules() -> [RiskRule; 5] {
    use Rating::{High, Medium};
    use RiskCondition as When;
    [
        rule(
            "skipped_monitoring",
            "Faster delivery without sight",
            When::DimensionSkipped { dimension: "monitoring".into(), below: 5.0 },
            (High, High),
            "Take at least the golden signals and objectives into the plan before deployments become more frequent.",
        ),
        rule(
            "parallel",
            "Too much at once",
            When::ParallelInitiatives { more_than: 4 },
            (High, Medium),
            "Finish before you start: fewer people at a time, or a smaller target first.",
        ),
        rule(
            "busy_role",
            "A role is overbooked",
            When::RoleBusy { above_percent: 85.0 },
            (High, High),
            "Any illness or incident delays the plan: add people of that role, or let others learn from them first.",
        ),
        rule(
            "late",
            "The date is unlikely",
            When::LateFinish { chance_below_percent: 80.0 },
            (High, Medium),
            "Promise the P80 date, or take something out.",
        ),
        rule(
            "spread",
            "The end is wide open",
            When::WideSpread { above_percent: 30.0 },
            (Medium, Medium),
            "Cut the most critical initiatives into smaller ones and estimate those.",
        ),
    ]
}
