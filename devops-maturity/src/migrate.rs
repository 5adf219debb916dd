//! Answers for an earlier version of a model.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::ItemId;

use crate::model::{Kind, ModelItem};
use crate::{Answer, Answers, Evidence, Fraction, ItemAnswer, Model, MoveSpec};

/// Answers that were carried over, and what became of each that changed.
///
/// ```
/// use devops_maturity::{Answer, Answers, ItemAnswer, ItemSpec, MigrationSpec, Model, ModelSpec, MoveSpec, NodeSpec};
/// use devops_maturity::EntrySpec;
///
/// let item = |id: &str| ItemSpec::checklist(id, id, vec![EntrySpec::new("done", "Done")]);
/// let root = NodeSpec::new("all", "All").with_item(item("lint")).with_item(item("format"));
/// let mut spec = ModelSpec::new("m", "2", "M", root);
/// let moves = vec![MoveSpec::Split { from: "style".into(), to: vec!["lint".into(), "format".into()], factor: 1.0 }];
/// spec.migrations.push(MigrationSpec { from_version: "1".into(), moves });
/// let model = Model::build(spec)?;
///
/// let mut old = Answers::new(&model, "team");
/// old.version = "1".into();
/// let answer = Answer::Credit { credit: "0.5".parse().unwrap() };
/// old.answers.push(ItemAnswer::new("style".parse().unwrap(), answer));
/// let new = model.migrate(&old).unwrap();
/// assert_eq!(new.answers.answers.len(), 2);
/// assert_eq!(new.notes, ["`style` became `lint`, `format`"]);
/// # Ok::<(), devops_maturity::ModelErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Migrated {
    /// The answers for this version.
    pub answers: Answers,
    /// What changed, in words.
    pub notes: Vec<String>,
}

/// Why answers cannot be carried over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// Answers for another model.
    #[error("the answers are for model `{found}`: expected `{expected}`")]
    OtherModel {
        /// The model they are for.
        found: String,
        /// This model.
        expected: String,
    },
    /// A version that the model knows no way from.
    #[error("the model has no migration from version `{found}`: expected {expected}")]
    NoWay {
        /// The version they are for.
        found: String,
        /// The versions that can be migrated.
        expected: String,
    },
    /// An answer that cannot be turned into a credit, because the item it was given to is no longer known.
    #[error("the answer to `{item}` of {assessor} is no credit, and `{to}` is answered in another way")]
    NotACredit {
        /// The item of the earlier version.
        item: String,
        /// Who gave it.
        assessor: String,
        /// The item of this version.
        to: String,
    },
}

impl Model {
    /// Answers for an earlier version as answers for this one.
    ///
    /// An answer that fits the new item is carried over as it is; where it is multiplied, split or merged it is
    /// carried over as its credit, which the old answer must give: an option that the new item also has, or a
    /// credit. Evidence goes along; of merged answers the weakest and oldest.
    ///
    /// # Errors
    ///
    /// [`MigrateError`].
    pub fn migrate(&self, answers: &Answers) -> Result<Migrated, MigrateError> {
        if answers.model != self.id() {
            let (found, expected) = (devops_core::excerpt(&answers.model), self.id().to_string());
            return Err(MigrateError::OtherModel { found, expected });
        }
        if answers.version == self.version() {
            return Ok(Migrated { answers: answers.clone(), notes: Vec::new() });
        }
        let migrations = &self.spec().migrations;
        let Some(migration) = migrations.iter().find(|m| m.from_version == answers.version) else {
            let known: Vec<String> =
                migrations.iter().map(|m| alloc::format!("`{}`", m.from_version)).collect();
            let expected = if known.is_empty() { "no other version".into() } else { known.join(", ") };
            return Err(MigrateError::NoWay { found: devops_core::excerpt(&answers.version), expected });
        };
        let mut mover = Mover { model: self, answers: Vec::new(), notes: Vec::new() };
        let moved: Vec<&str> = migration.moves.iter().flat_map(MoveSpec::from).collect();
        for answer in &answers.answers {
            let id = answer.item.as_str();
            if moved.contains(&id) {
                continue;
            }
            if self.item(id).is_some() {
                mover.answers.push(answer.clone());
            } else {
                mover.notes.push(alloc::format!("`{id}` is no longer asked"));
            }
        }
        for step in &migration.moves {
            mover.step(step, &answers.answers)?;
        }
        let version = self.version().into();
        let all = Answers { version, answers: mover.answers, ..answers.clone() };
        Ok(Migrated { answers: all, notes: mover.notes })
    }
}

struct Mover<'a> {
    model: &'a Model,
    answers: Vec<ItemAnswer>,
    notes: Vec<String>,
}

impl Mover<'_> {
    fn step(&mut self, step: &MoveSpec, old: &[ItemAnswer]) -> Result<(), MigrateError> {
        let from = step.from();
        // What each assessor said of the old items.
        let mut by_assessor: BTreeMap<Option<&str>, Vec<&ItemAnswer>> = BTreeMap::new();
        for answer in old.iter().filter(|a| from.contains(&a.item.as_str())) {
            by_assessor.entry(answer.assessor.as_deref()).or_default().push(answer);
        }
        if by_assessor.is_empty() {
            return Ok(());
        }
        let names =
            |ids: &[&str]| ids.iter().map(|id| alloc::format!("`{id}`")).collect::<Vec<_>>().join(", ");
        let to = step.to();
        self.notes.push(if to.is_empty() {
            alloc::format!("{} is no longer asked", names(&from))
        } else {
            alloc::format!("{} became {}", names(&from), names(&to))
        });
        let factor = Fraction::from_f64(step.factor()).unwrap_or(Fraction::ONE);
        for said in by_assessor.values() {
            for target in &to {
                let Some(item) = self.model.item(target) else { continue };
                let complete = said.len() == from.len();
                let answer = carried(item, said, &factor, complete)?;
                self.answers.push(answer);
            }
        }
        Ok(())
    }
}

/// The answer to a new item from what one assessor said of the old ones.
fn carried(
    item: &ModelItem,
    said: &[&ItemAnswer],
    factor: &Fraction,
    complete: bool,
) -> Result<ItemAnswer, MigrateError> {
    let Some(first) = said.first() else { return Ok(ItemAnswer::new(item.id.clone(), Answer::Unknown)) };
    let mut new = ItemAnswer { item: item.id.clone(), evidence: weakest(said), ..(*first).clone() };
    let all_out = said.iter().all(|a| matches!(a.answer, Answer::NotApplicable { .. }));
    if all_out || (said.len() == 1 && complete && *factor == Fraction::ONE && fits(item, &first.answer)) {
        return Ok(new);
    }
    if !complete || said.iter().any(|a| a.answer == Answer::Unknown) {
        new.answer = Answer::Unknown;
        return Ok(new);
    }
    let mut sum = Fraction::ZERO;
    let mut count = 0_u32;
    for answer in said {
        match credit(item, &answer.answer) {
            Credit::Is(credit) => {
                sum = sum.plus(&credit);
                count = count.saturating_add(1);
            }
            Credit::Out => {}
            Credit::Unclear => return Err(unclear(&answer.item, answer, item)),
        }
    }
    let mean = sum.over(&Fraction::from(count)).unwrap_or_default();
    new.answer = Answer::Credit { credit: mean.times(factor) };
    Ok(new)
}

fn unclear(old: &ItemId, answer: &ItemAnswer, item: &ModelItem) -> MigrateError {
    let assessor =
        answer.assessor.as_deref().map_or_else(|| "nobody named".into(), |a| alloc::format!("`{a}`"));
    MigrateError::NotACredit { item: old.to_string(), assessor, to: item.id.to_string() }
}

/// Evidence of the lowest grade, the oldest of several; none where one answer has none.
fn weakest(said: &[&ItemAnswer]) -> Option<Evidence> {
    let all: Option<Vec<&Evidence>> = said.iter().map(|a| a.evidence.as_ref()).collect();
    all?.into_iter().min_by_key(|e| (e.grade, e.observed_at)).cloned()
}

fn fits(item: &ModelItem, answer: &Answer) -> bool {
    match (answer, &item.kind) {
        (Answer::Choice { option }, Kind::Choice(parts)) => parts.iter().any(|p| p.id == *option),
        (Answer::Checked { entries }, Kind::Checklist(parts)) => {
            entries.iter().all(|e| parts.iter().any(|p| p.id == *e))
        }
        (Answer::Value { unit, .. }, Kind::Measured(rule)) => *unit == rule.unit,
        (Answer::Choice { .. } | Answer::Checked { .. } | Answer::Value { .. }, _) => false,
        _ => true,
    }
}

enum Credit {
    Is(Fraction),
    Out,
    Unclear,
}

/// The credit of an old answer, read with the new item where that has the same option.
fn credit(item: &ModelItem, answer: &Answer) -> Credit {
    match (answer, &item.kind) {
        (Answer::Credit { credit }, _) => Credit::Is(credit.clone()),
        (Answer::NotApplicable { .. }, _) => Credit::Out,
        (Answer::Choice { option }, Kind::Choice(parts)) => {
            parts.iter().find(|p| p.id == *option).map_or(Credit::Unclear, |p| Credit::Is(p.amount.clone()))
        }
        _ => Credit::Unclear,
    }
}
