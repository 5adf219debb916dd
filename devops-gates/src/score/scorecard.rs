//! Scores with the terms that they are made of.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use devops_core::{Measure, Message, MetricId, Score, Severity, Skipped, Unit, Value};

use crate::{Amount, texts};

/// The scores of one stage: its parts and the overall score.
///
/// ```
/// use devops_core::{Analysis, AnalyzerKind, AnalyzerRun, Descriptor, Outcome, Score};
/// use devops_gates::{ScoringPolicy, score_security};
///
/// let run = AnalyzerRun {
///     descriptor: Descriptor::new("secrets", AnalyzerKind::Secrets)?,
///     outcome: Outcome::Completed(Analysis::new()),
/// };
/// let card = score_security(&[run], false, &ScoringPolicy::recommended());
/// assert_eq!(card.overall_score(), Some(Score::MAX)); // secrets alone: the other weights are shared out
/// assert!(card.get("sast").unwrap().score().is_none());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Scorecard {
    /// The name of the policy that scored.
    pub policy: String,
    /// The parts, in the order of the policy.
    pub components: Vec<ScoreResult>,
    /// The overall score.
    pub overall: ScoreResult,
}

impl Scorecard {
    /// The result of that metric, a part or the overall one.
    #[must_use]
    pub fn get(&self, metric: &str) -> Option<&ScoreResult> {
        self.components.iter().chain([&self.overall]).find(|r| r.metric.as_str() == metric)
    }

    /// The overall score; `None` where it is not measured or does not apply.
    #[must_use]
    pub const fn overall_score(&self) -> Option<Score> {
        self.overall.score()
    }

    /// Whether any part of it rests on less than all there was to look at.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.components.iter().chain([&self.overall]).any(|r| r.partial)
    }

    /// What a gate gets: the measured scores, and *missing* with the reason for what is not measured. A part
    /// that does not apply, or is only assumed, gives no measure.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        self.components.iter().chain([&self.overall]).filter_map(ScoreResult::measure).collect()
    }
}

impl fmt::Display for Scorecard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.overall.summary_text())
    }
}

/// One score: what it is, the terms that it is made of, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ScoreResult {
    /// What is scored.
    pub metric: MetricId,
    /// The score, or why there is none.
    pub standing: Standing,
    /// What the score is the sum of: exact amounts, cut to 0 and 10 and rounded once. Empty where there is no
    /// measured score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
    /// The findings that count, by severity.
    #[serde(default)]
    pub counts: SeverityCounts,
    /// How many findings are suppressed and do not count.
    #[serde(default)]
    pub suppressed: u64,
    /// Whether it rests on less than all there was to look at.
    #[serde(default)]
    pub partial: bool,
    /// What was not looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// One line.
    pub summary: Message,
}

impl ScoreResult {
    /// The score, measured or assumed.
    #[must_use]
    pub const fn score(&self) -> Option<Score> {
        self.standing.score()
    }

    /// The line of the summary, in English.
    #[must_use]
    pub fn summary_text(&self) -> String {
        texts().render(&self.summary)
    }

    /// The score that the terms add up to; `None` where there are none.
    ///
    /// ```
    /// use devops_core::Number;
    /// use devops_gates::{ScoringPolicy, score_performance};
    ///
    /// let result = score_performance(Number::from(125), Number::from(100), &ScoringPolicy::default());
    /// assert_eq!(result.recomputed(), result.score());
    /// ```
    #[must_use]
    pub fn recomputed(&self) -> Option<Score> {
        if self.terms.is_empty() {
            return None;
        }
        Some(self.terms.iter().fold(Amount::ZERO, |sum, term| sum.plus(term.amount)).to_score())
    }

    /// What a gate gets of it; `None` where it does not apply or is only assumed.
    #[must_use]
    pub fn measure(&self) -> Option<Measure> {
        match &self.standing {
            Standing::Measured { score } => Some(Measure::score(self.metric.clone(), *score)),
            Standing::NotMeasured { reason } => {
                let value = Value::Missing { reason: texts().render(reason) };
                Some(Measure::new(self.metric.clone(), value, Unit::Score))
            }
            Standing::Assumed { .. } | Standing::NotApplicable { .. } => None,
        }
    }
}

/// A score, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[expect(clippy::exhaustive_enums, reason = "who shows a score must tell all four apart")]
pub enum Standing {
    /// It was measured.
    Measured {
        /// The score.
        score: Score,
    },
    /// It does not apply, and the policy takes a score for it.
    Assumed {
        /// The score taken.
        score: Score,
        /// Why it does not apply.
        reason: Message,
    },
    /// It does not apply; the other parts share its weight.
    NotApplicable {
        /// Why.
        reason: Message,
    },
    /// It applies and was not measured: nobody knows.
    NotMeasured {
        /// Why.
        reason: Message,
    },
}

impl Standing {
    /// The score, measured or assumed.
    #[must_use]
    pub const fn score(&self) -> Option<Score> {
        match self {
            Self::Measured { score } | Self::Assumed { score, .. } => Some(*score),
            Self::NotApplicable { .. } | Self::NotMeasured { .. } => None,
        }
    }

    /// Why there is no measured score.
    #[must_use]
    pub const fn reason(&self) -> Option<&Message> {
        match self {
            Self::Measured { .. } => None,
            Self::Assumed { reason, .. } | Self::NotApplicable { reason } | Self::NotMeasured { reason } => {
                Some(reason)
            }
        }
    }
}

/// One summand of a score.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Term {
    /// What it stands for: a rule, a function, a file, a part.
    pub what: String,
    /// What it adds, or takes where it is negative.
    pub amount: Amount,
    /// Why it is so much.
    pub why: Message,
}

impl Term {
    pub(crate) const fn new(what: String, amount: Amount, why: Message) -> Self {
        Self { what, amount, why }
    }

    /// Where a score by deduction begins.
    pub(crate) fn start() -> Self {
        Self::new("start".into(), Amount::TEN, Message::new("score.term.start"))
    }

    /// The reason, in English.
    #[must_use]
    pub fn why_text(&self) -> String {
        texts().render(&self.why)
    }
}

/// How many findings of each severity.
///
/// ```
/// use devops_core::Severity;
/// use devops_gates::SeverityCounts;
///
/// let mut counts = SeverityCounts::default();
/// counts.add(Severity::Minor);
/// assert_eq!((counts.get(Severity::Minor), counts.total()), (1, 1));
/// assert_eq!(counts.to_string(), "1 minor");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "one field for each of the closed severities")]
pub struct SeverityCounts {
    /// Critical ones.
    pub critical: u64,
    /// Major ones.
    pub major: u64,
    /// Minor ones.
    pub minor: u64,
    /// Those worth knowing.
    pub info: u64,
}

impl SeverityCounts {
    /// Counts one more.
    pub const fn add(&mut self, severity: Severity) {
        let count = match severity {
            Severity::Critical => &mut self.critical,
            Severity::Major => &mut self.major,
            Severity::Minor => &mut self.minor,
            Severity::Info => &mut self.info,
        };
        *count = count.saturating_add(1);
    }

    /// How many of that severity.
    #[must_use]
    pub const fn get(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Critical => self.critical,
            Severity::Major => self.major,
            Severity::Minor => self.minor,
            Severity::Info => self.info,
        }
    }

    /// How many in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        Severity::ALL.iter().fold(0, |sum: u64, s| sum.saturating_add(self.get(*s)))
    }

    /// The sum of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            critical: self.critical.saturating_add(other.critical),
            major: self.major.saturating_add(other.major),
            minor: self.minor.saturating_add(other.minor),
            info: self.info.saturating_add(other.info),
        }
    }
}

impl fmt::Display for SeverityCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = String::new();
        for severity in Severity::ALL.iter().filter(|s| self.get(**s) > 0) {
            let comma = if shown.is_empty() { "" } else { ", " };
            shown = alloc::format!("{shown}{comma}{} {severity}", self.get(*severity));
        }
        f.pad(if shown.is_empty() { "no findings" } else { &shown })
    }
}
