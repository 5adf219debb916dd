//! What speaks against taking answers at their word.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{ItemId, Message, Ratio};

use crate::{Answer, Answers, Fraction, Grade, ItemResult, ItemState, Model};

/// So many answers of one assessor make a pattern worth a remark.
const STRAIGHT_LINE: usize = 8;

/// A remark on the answers of an assessment: a reason to look again, never a verdict.
///
/// ```
/// use devops_maturity::{Answer, Answers, ItemAnswer, assess, models};
///
/// let model = models::continuous_delivery();
/// let answers = model.items().iter().fold(Answers::new(&model, "checkout"), |answers, item| {
///     answers.with_answer(ItemAnswer::new(item.id().clone(), Answer::choice("yes")))
/// });
/// let assessment = assess(&model, &answers, "2026-11-25T00:00:00Z".parse()?)?;
/// let remarks: Vec<_> = assessment.warnings.iter().map(|w| w.kind()).collect();
/// assert_eq!(remarks, ["claims_without_evidence", "straight_line"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum IntegrityWarning {
    /// Known items with credit that rest on nothing but a word.
    ClaimsWithoutEvidence {
        /// Their share of the known items with credit, cut to a millionth.
        share: Ratio,
        /// The items.
        items: Vec<ItemId>,
    },
    /// One assessor gave eight or more questions, all of them, the same answer.
    StraightLine {
        /// The assessor, where one is named.
        assessor: Option<String>,
        /// The option.
        option: String,
        /// How many questions.
        questions: u32,
    },
    /// An item has more credit than one that must come first.
    OutOfOrder {
        /// The item.
        item: ItemId,
        /// What comes first and has less.
        requires: ItemId,
    },
    /// An item's credit rose since an earlier assessment, and its evidence is not newer than that.
    JumpWithoutEvidence {
        /// The item.
        item: ItemId,
        /// The credit then.
        from: Fraction,
        /// The credit now.
        to: Fraction,
    },
}

impl IntegrityWarning {
    /// The kind, as it is written in files.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ClaimsWithoutEvidence { .. } => "claims_without_evidence",
            Self::StraightLine { .. } => "straight_line",
            Self::OutOfOrder { .. } => "out_of_order",
            Self::JumpWithoutEvidence { .. } => "jump_without_evidence",
        }
    }

    /// What it says, to be rendered with [`texts`](crate::texts).
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::ClaimsWithoutEvidence { share, items } => Message::new("integrity.claims_without_evidence")
                .with("percent", alloc::format!("{:.0}", Fraction::from(*share).times(&Fraction::from(100))))
                .with("count", items.len()),
            Self::StraightLine { assessor, option, questions } => Message::new("integrity.straight_line")
                .with("assessor", assessor.as_deref().unwrap_or("the assessor"))
                .with("option", option)
                .with("count", questions),
            Self::OutOfOrder { item, requires } => {
                Message::new("integrity.out_of_order").with("item", item).with("requires", requires)
            }
            Self::JumpWithoutEvidence { item, from, to } => Message::new("integrity.jump_without_evidence")
                .with("item", item)
                .with("from", from)
                .with("to", to),
        }
    }
}

/// Everything that can be seen in one assessment.
pub(crate) fn check(model: &Model, answers: &Answers, items: &[ItemResult]) -> Vec<IntegrityWarning> {
    let mut warnings = Vec::new();
    warnings.extend(claims(items));
    warnings.extend(straight_lines(answers));
    warnings.extend(out_of_order(model, items));
    warnings
}

/// An item's credit, where it is known.
pub(crate) fn known_credit(item: &ItemResult) -> Option<&Fraction> {
    let credit = item.credit.as_ref().filter(|_| item.state == ItemState::Known)?;
    credit.point.as_ref()
}

fn claims(items: &[ItemResult]) -> Option<IntegrityWarning> {
    let credited = items.iter().filter(|i| known_credit(i).is_some_and(|c| !c.is_zero()));
    let bare: Vec<ItemId> =
        credited.clone().filter(|i| i.grade() == Some(Grade::Claim)).map(|i| i.item.clone()).collect();
    if bare.is_empty() {
        return None;
    }
    let part = u64::try_from(bare.len()).unwrap_or(u64::MAX);
    let whole = u64::try_from(credited.count()).unwrap_or(u64::MAX);
    let micros = part.saturating_mul(1_000_000).checked_div(whole).unwrap_or(0);
    let share = Ratio::saturating_from_micros(micros);
    Some(IntegrityWarning::ClaimsWithoutEvidence { share, items: bare })
}

fn straight_lines(answers: &Answers) -> Vec<IntegrityWarning> {
    let mut by_assessor: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for answer in &answers.answers {
        if let (Answer::Choice { option }, None) = (&answer.answer, &answer.inferred) {
            by_assessor.entry(answer.assessor.as_deref()).or_default().push(option);
        }
    }
    let straight = by_assessor.into_iter().filter_map(|(assessor, options)| {
        let first = options.first()?;
        let same = options.len() >= STRAIGHT_LINE && options.iter().all(|o| o == first);
        same.then(|| IntegrityWarning::StraightLine {
            assessor: assessor.map(String::from),
            option: (*first).to_string(),
            questions: u32::try_from(options.len()).unwrap_or(u32::MAX),
        })
    });
    straight.collect()
}

fn out_of_order(model: &Model, items: &[ItemResult]) -> Vec<IntegrityWarning> {
    let mut warnings = Vec::new();
    for (own, result) in model.items.iter().zip(items) {
        let Some(credit) = known_credit(result) else { continue };
        for other in own.requires.iter().filter_map(|i| items.get(*i)) {
            if known_credit(other).is_some_and(|first| first < credit) {
                let (item, requires) = (result.item.clone(), other.item.clone());
                warnings.push(IntegrityWarning::OutOfOrder { item, requires });
            }
        }
    }
    warnings
}
