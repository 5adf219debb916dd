//! What a team answers.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{ItemId, Unit, Value};

use crate::{Evidence, Fraction, Model, Observation};

/// One answer. What is not known is said to be unknown, and is never nothing.
///
/// ```
/// use devops_maturity::Answer;
///
/// let answer: Answer = serde_json::from_str(r#"{"kind": "choice", "option": "yes"}"#)?;
/// assert_eq!(answer, Answer::choice("yes"));
/// assert!(!Answer::Unknown.is_scored());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "AnswerForm")]
#[non_exhaustive]
pub enum Answer {
    /// An option of the question.
    Choice {
        /// Its id.
        option: String,
    },
    /// Which entries of the checklist are met; the others are not.
    Checked {
        /// Their ids.
        entries: Vec<String>,
    },
    /// A value of a measured item, as somebody says it is.
    Value {
        /// The value.
        value: Value,
        /// Its unit: that of the item.
        unit: Unit,
    },
    /// The credit itself, 0 to 1; on any item.
    Credit {
        /// The credit.
        credit: Fraction,
    },
    /// The item does not apply to this team.
    NotApplicable {
        /// Why.
        reason: String,
    },
    /// Nobody knows.
    Unknown,
}

/// What is read. The kind without fields is written `{}`: only then are unknown keys beside it refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum AnswerForm {
    Choice { option: String },
    Checked { entries: Vec<String> },
    Value { value: Value, unit: Unit },
    Credit { credit: Fraction },
    NotApplicable { reason: String },
    Unknown {},
}

impl From<AnswerForm> for Answer {
    fn from(form: AnswerForm) -> Self {
        match form {
            AnswerForm::Choice { option } => Self::Choice { option },
            AnswerForm::Checked { entries } => Self::Checked { entries },
            AnswerForm::Value { value, unit } => Self::Value { value, unit },
            AnswerForm::Credit { credit } => Self::Credit { credit },
            AnswerForm::NotApplicable { reason } => Self::NotApplicable { reason },
            AnswerForm::Unknown {} => Self::Unknown,
        }
    }
}

impl Answer {
    /// An option of a question.
    #[must_use]
    pub fn choice(option: impl Into<String>) -> Self {
        Self::Choice { option: option.into() }
    }

    /// The met entries of a checklist.
    ///
    /// ```
    /// use devops_maturity::Answer;
    ///
    /// assert!(Answer::checked(&["signed", "tested"]).is_scored());
    /// ```
    #[must_use]
    pub fn checked(entries: &[&str]) -> Self {
        Self::Checked { entries: entries.iter().map(|e| String::from(*e)).collect() }
    }

    /// That the item does not apply, and why.
    #[must_use]
    pub fn not_applicable(reason: impl Into<String>) -> Self {
        Self::NotApplicable { reason: reason.into() }
    }

    /// Whether it says what the item is worth.
    #[must_use]
    pub const fn is_scored(&self) -> bool {
        !matches!(self, Self::NotApplicable { .. } | Self::Unknown)
    }
}

/// An answer to an item, by whom and on what grounds.
///
/// ```
/// use devops_maturity::{Answer, Evidence, Grade, ItemAnswer};
///
/// let answer = ItemAnswer::new("review".parse()?, Answer::choice("always"))
///     .with_assessor("dana")
///     .with_evidence(Evidence::new(Grade::Demonstrated, "2026-11-01T00:00:00Z".parse()?));
/// assert_eq!(answer.assessor.as_deref(), Some("dana"));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ItemAnswer {
    /// The item.
    pub item: ItemId,
    /// The answer.
    pub answer: Answer,
    /// Who answers; each assessor once for an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessor: Option<String>,
    /// What it rests on; nothing but the word where this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Where it was taken from, when nobody answered this item itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inferred: Option<Inferred>,
}

impl ItemAnswer {
    /// An answer on nothing but the word.
    #[must_use]
    pub const fn new(item: ItemId, answer: Answer) -> Self {
        Self { item, answer, assessor: None, evidence: None, inferred: None }
    }

    /// Said by that assessor.
    #[must_use]
    pub fn with_assessor(self, assessor: impl Into<String>) -> Self {
        Self { assessor: Some(assessor.into()), ..self }
    }

    /// Resting on that evidence.
    #[must_use]
    pub fn with_evidence(self, evidence: Evidence) -> Self {
        Self { evidence: Some(evidence), ..self }
    }
}

/// Where an inferred answer comes from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Inferred {
    /// The other model.
    pub model: String,
    /// The item there.
    pub item: ItemId,
    /// How surely an answer there says something about the item here: 0 to 1.
    pub confidence: devops_core::Ratio,
}

impl Inferred {
    /// From that item of that model, with that confidence.
    #[must_use]
    pub const fn new(model: String, item: ItemId, confidence: devops_core::Ratio) -> Self {
        Self { model, item, confidence }
    }
}

/// What a team answers and what was measured of it: the input of an assessment.
///
/// Items without an answer are unknown.
///
/// ```
/// use devops_maturity::{Answer, Answers, ItemAnswer, models};
///
/// let model = models::continuous_delivery();
/// let first = model.items()[0].id().clone();
/// let answers = Answers::new(&model, "checkout").with_answer(ItemAnswer::new(first, Answer::Unknown));
/// assert_eq!(answers.team, "checkout");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Answers {
    /// The form of the document: 1.
    pub format: u32,
    /// The team.
    pub team: String,
    /// The id of the model.
    pub model: String,
    /// The version of the model.
    pub version: String,
    /// The answers.
    #[serde(default)]
    pub answers: Vec<ItemAnswer>,
    /// What was measured.
    #[serde(default)]
    pub observations: Vec<Observation>,
}

impl Answers {
    /// No answers of a team yet.
    #[must_use]
    pub fn new(model: &Model, team: impl Into<String>) -> Self {
        Self {
            format: 1,
            team: team.into(),
            model: model.id().into(),
            version: model.version().into(),
            answers: Vec::new(),
            observations: Vec::new(),
        }
    }

    /// With one more answer.
    #[must_use]
    pub fn with_answer(mut self, answer: ItemAnswer) -> Self {
        self.answers.push(answer);
        self
    }

    /// With one more measured value.
    #[must_use]
    pub fn with_observation(mut self, observation: Observation) -> Self {
        self.observations.push(observation);
        self
    }
}
