//! What the answers to one model say about another.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{ItemId, Ratio};

use crate::integrity::known_credit;
use crate::{Answer, Answers, Assessment, Fraction, Inferred, ItemAnswer, Model};

/// Which items of one model speak of which items of another, and how surely.
///
/// ```
/// use devops_maturity::Mapping;
///
/// let mapping: Mapping = serde_json::from_str(r#"{
///     "format": 1, "from_model": "continuous_delivery", "to_model": "dora_capabilities",
///     "links": [{"from": "deployment.2.1", "to": "deployment_automation", "confidence": 0.9}]}"#)?;
/// assert_eq!(mapping.links[0].confidence.get(), 0.9);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Mapping {
    /// The form of the document: 1.
    pub format: u32,
    /// The model that was answered.
    pub from_model: String,
    /// The model that answers are inferred for.
    pub to_model: String,
    /// The links.
    pub links: Vec<MappingLink>,
}

/// One item that speaks of another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "built as a literal; two items and a confidence are all there is"
)]
pub struct MappingLink {
    /// The item that was answered.
    pub from: ItemId,
    /// The item that it speaks of.
    pub to: ItemId,
    /// How surely: 0 to 1.
    pub confidence: Ratio,
}

/// Why nothing can be inferred.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MappingError {
    /// A format number that this version does not read.
    #[error("format `{found}` is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
    /// Assessment or answers of another model.
    #[error("the {what} are of model `{found}`: expected `{expected}`")]
    OtherModel {
        /// Assessment or answers.
        what: &'static str,
        /// The model they are of.
        found: String,
        /// The model of the mapping.
        expected: String,
    },
    /// A link to an item that is not there.
    #[error("links[{index}]: item `{item}` is not in model `{model}`")]
    UnknownItem {
        /// The place of the link.
        index: usize,
        /// The item.
        item: String,
        /// The model.
        model: String,
    },
}

impl Mapping {
    /// Adds to answers what an assessment by another model says about items that nobody answered.
    ///
    /// Own answers are never overwritten. An inferred answer is the credit of the linked item with the highest
    /// confidence (the lowest credit of several), is marked with where it comes from, and rests on nothing but
    /// that. Links below `minimum` are left out. Gives how many answers were inferred.
    ///
    /// # Errors
    ///
    /// [`MappingError`].
    ///
    /// ```
    /// use devops_core::Ratio;
    /// use devops_maturity::{Answer, Answers, ItemAnswer, Mapping, assess, models};
    ///
    /// let (from, to) = (models::continuous_delivery(), models::dora_capabilities());
    /// let known = Answers::new(&from, "checkout")
    ///     .with_answer(ItemAnswer::new("deployment.2.1".parse()?, Answer::choice("partly")));
    /// let known = assess(&from, &known, "2026-11-25T00:00:00Z".parse()?)?;
    /// let mapping: Mapping = serde_json::from_str(r#"{
    ///     "format": 1, "from_model": "continuous_delivery", "to_model": "dora_capabilities",
    ///     "links": [{"from": "deployment.2.1", "to": "deployment_automation", "confidence": 0.9}]}"#)?;
    /// let mut answers = Answers::new(&to, "checkout");
    /// assert_eq!(mapping.infer(&known, &to, &mut answers, Ratio::new(0.7)?)?, 1);
    /// assert!(answers.answers[0].inferred.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn infer(
        &self,
        known: &Assessment,
        target: &Model,
        answers: &mut Answers,
        minimum: Ratio,
    ) -> Result<usize, MappingError> {
        self.check(known, target, answers)?;
        let own: Vec<&ItemId> = answers.answers.iter().map(|a| &a.item).collect();
        let mut best: BTreeMap<&ItemId, (Ratio, &Fraction, &ItemId)> = BTreeMap::new();
        for link in self.links.iter().filter(|l| l.confidence >= minimum && !own.contains(&&l.to)) {
            let Some(credit) = known.item(link.from.as_str()).and_then(known_credit) else { continue };
            let better = best.get(&link.to).is_none_or(|(confidence, least, _)| {
                link.confidence > *confidence || (link.confidence == *confidence && credit < least)
            });
            if better {
                best.insert(&link.to, (link.confidence, credit, &link.from));
            }
        }
        let count = best.len();
        for (item, (confidence, credit, from)) in best {
            let mut answer = ItemAnswer::new(item.clone(), Answer::Credit { credit: credit.clone() });
            answer.inferred = Some(Inferred::new(self.from_model.clone(), from.clone(), confidence));
            answers.answers.push(answer);
        }
        Ok(count)
    }

    fn check(&self, known: &Assessment, target: &Model, answers: &Answers) -> Result<(), MappingError> {
        if self.format != 1 {
            return Err(MappingError::UnknownFormat { found: self.format });
        }
        let pairs = [
            ("known answers", known.model.as_str(), self.from_model.as_str()),
            ("inferred answers", target.id(), self.to_model.as_str()),
            ("own answers", answers.model.as_str(), self.to_model.as_str()),
        ];
        if let Some((what, found, expected)) =
            pairs.into_iter().find(|(_, found, expected)| found != expected)
        {
            let (found, expected) = (found.to_string(), expected.to_string());
            return Err(MappingError::OtherModel { what, found, expected });
        }
        for (index, link) in self.links.iter().enumerate() {
            let missing = match (known.item(link.from.as_str()), target.item(link.to.as_str())) {
                (None, _) => Some((&link.from, &self.from_model)),
                (_, None) => Some((&link.to, &self.to_model)),
                _ => None,
            };
            if let Some((item, model)) = missing {
                let (item, model) = (item.to_string(), model.clone());
                return Err(MappingError::UnknownItem { index, item, model });
            }
        }
        Ok(())
    }
}
