//! A model as people write it.

use alloc::string::String;
use alloc::vec::Vec;

use super::item::is_default;
use super::policy::is_false;
use super::{
    Aggregation, AnswerSetSpec, EvidencePolicy, GateSpec, ItemSpec, LevelPolicy, MoveSpec,
    NotApplicablePolicy, Rounding, UnknownPolicy,
};

/// A model as it is written in a file; [`Model::build`](crate::Model::build) checks it.
///
/// ```
/// use devops_maturity::{Model, ModelSpec};
///
/// let spec: ModelSpec = serde_json::from_str(r#"{
///     "format": 1, "id": "small", "version": "1", "title": "A small model",
///     "levels": [{"number": 1, "name": "begun"}, {"number": 2, "name": "done"}],
///     "answer_sets": [{"id": "yes_no", "options": [
///         {"id": "no", "title": "No", "credit": 0}, {"id": "yes", "title": "Yes", "credit": 1}]}],
///     "root": {"id": "all", "title": "All",
///         "level_policy": {"kind": "all_below"},
///         "items": [
///             {"id": "a", "title": "Is it there?", "answer": {"kind": "choice", "answer_set": "yes_no"}, "levels": [{"level": 1}]},
///             {"id": "b", "title": "Is it used?", "answer": {"kind": "choice", "answer_set": "yes_no"}, "levels": [{"level": 2}],
///              "requires": ["a"]}]}
/// }"#)?;
/// assert_eq!(Model::build(spec)?.items().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ModelSpec {
    /// The form of the document: 1.
    pub format: u32,
    /// What answers and assessments call it.
    pub id: String,
    /// Its version; answers for another one are migrated first.
    pub version: String,
    /// Its name.
    pub title: String,
    /// The language of its titles.
    #[serde(default = "english")]
    pub locale: String,
    /// The points that full credit is worth: above 0, to 1,000,000.
    #[serde(default = "one")]
    pub scale: f64,
    /// The levels, lowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelSpec>,
    /// The named answers of its questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer_sets: Vec<AnswerSetSpec>,
    /// Principles that items can speak of; an assessment tells which it does not cover.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub principles: Vec<PrincipleSpec>,
    /// What becomes of answers that are not known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unknown: UnknownPolicy,
    /// What becomes of items that do not apply.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_applicable: NotApplicablePolicy,
    /// What evidence is worth.
    #[serde(default, skip_serializing_if = "is_default")]
    pub evidence: EvidencePolicy,
    /// From this difference in credit on, assessors are in dispute: 0 to 1.
    #[serde(default = "half")]
    pub dispute_from: f64,
    /// The tree.
    pub root: NodeSpec,
    /// Its titles in other languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<LocaleSpec>,
    /// How answers for earlier versions become answers for this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub migrations: Vec<MigrationSpec>,
}

impl ModelSpec {
    /// A model of that tree, without levels, on a scale of 0 to 1.
    ///
    /// ```
    /// use devops_maturity::{ItemSpec, Model, ModelSpec, NodeSpec};
    ///
    /// let root = NodeSpec::new("all", "All").with_item(ItemSpec::choice("a", "A?", "yes_no"));
    /// let error = Model::build(ModelSpec::new("m", "1", "M", root)).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "root.items[0].answer.answer_set: answer set `yes_no` is not in the model",
    /// );
    /// ```
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        version: impl Into<String>,
        title: impl Into<String>,
        root: NodeSpec,
    ) -> Self {
        Self {
            format: 1,
            id: id.into(),
            version: version.into(),
            title: title.into(),
            locale: english(),
            scale: 1.0,
            levels: Vec::new(),
            answer_sets: Vec::new(),
            principles: Vec::new(),
            unknown: UnknownPolicy::Bounds,
            not_applicable: NotApplicablePolicy::LeftOut,
            evidence: EvidencePolicy::default(),
            dispute_from: half(),
            root,
            texts: Vec::new(),
            migrations: Vec::new(),
        }
    }

    /// With another scale: the points that full credit is worth.
    #[must_use]
    pub fn with_scale(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// With one more level, above those there.
    #[must_use]
    pub fn with_level(mut self, number: u32, name: impl Into<String>) -> Self {
        self.levels.push(LevelSpec { number, name: name.into() });
        self
    }

    /// With one more answer set.
    #[must_use]
    pub fn with_answer_set(mut self, set: AnswerSetSpec) -> Self {
        self.answer_sets.push(set);
        self
    }

    /// With one more principle.
    #[must_use]
    pub fn with_principle(mut self, id: impl Into<String>, title: impl Into<String>) -> Self {
        self.principles.push(PrincipleSpec { id: id.into(), title: title.into() });
        self
    }

    /// With another fate of unknown answers.
    #[must_use]
    pub fn with_unknown(self, unknown: UnknownPolicy) -> Self {
        Self { unknown, ..self }
    }

    /// With another fate of what does not apply.
    #[must_use]
    pub fn with_not_applicable(self, not_applicable: NotApplicablePolicy) -> Self {
        Self { not_applicable, ..self }
    }

    /// With that worth of evidence.
    #[must_use]
    pub fn with_evidence(self, evidence: EvidencePolicy) -> Self {
        Self { evidence, ..self }
    }
}

/// A node: a dimension, function or practice.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NodeSpec {
    /// Its id, once in a model among nodes and items.
    pub id: String,
    /// Its name, in the model's own language.
    pub title: String,
    /// How much it counts in the node above: 0 to 1,000,000.
    #[serde(default = "one")]
    pub weight: f64,
    /// How its parts make its score.
    #[serde(default, skip_serializing_if = "is_default")]
    pub aggregation: Aggregation,
    /// How its score is rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
    /// When it reaches a level; else as the node above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level_policy: Option<LevelPolicy>,
    /// Whether it has no levels, though the node above has.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_levels: bool,
    /// Holds its level back where a node below is behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<GateSpec>,
    /// The nodes below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeSpec>,
    /// The items directly below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemSpec>,
}

impl NodeSpec {
    /// A node of weight 1 without parts yet, whose score is their weighted mean.
    ///
    /// ```
    /// use devops_maturity::{Aggregation, NodeSpec};
    ///
    /// let node = NodeSpec::new("build", "Build").with_aggregation(Aggregation::Minimum);
    /// assert_eq!(node.weight, 1.0);
    /// ```
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            weight: 1.0,
            aggregation: Aggregation::WeightedMean,
            rounding: None,
            level_policy: None,
            no_levels: false,
            gate: None,
            nodes: Vec::new(),
            items: Vec::new(),
        }
    }

    /// With another weight.
    #[must_use]
    pub fn with_weight(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    /// With another aggregation.
    #[must_use]
    pub fn with_aggregation(self, aggregation: Aggregation) -> Self {
        Self { aggregation, ..self }
    }

    /// With a rounding.
    #[must_use]
    pub fn with_rounding(self, rounding: Rounding) -> Self {
        Self { rounding: Some(rounding), ..self }
    }

    /// With a level policy.
    #[must_use]
    pub fn with_level_policy(self, policy: LevelPolicy) -> Self {
        Self { level_policy: Some(policy), ..self }
    }

    /// With a gate on its level.
    #[must_use]
    pub fn with_gate(self, gate: GateSpec) -> Self {
        Self { gate: Some(gate), ..self }
    }

    /// With one more node below.
    #[must_use]
    pub fn with_node(mut self, node: Self) -> Self {
        self.nodes.push(node);
        self
    }

    /// With one more item.
    #[must_use]
    pub fn with_item(mut self, item: ItemSpec) -> Self {
        self.items.push(item);
        self
    }
}

/// A level.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; a number and a name are all there is")]
pub struct LevelSpec {
    /// Its number, 1 or more; 0 is below every level.
    pub number: u32,
    /// Its name.
    pub name: String,
}

/// A principle that items speak of.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; an id and a name are all there is")]
pub struct PrincipleSpec {
    /// Its id, once among the principles.
    pub id: String,
    /// Its name.
    pub title: String,
}

/// Titles in one more language.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "built as a literal; a language and its texts are all there is"
)]
pub struct LocaleSpec {
    /// The language, such as `de`.
    pub locale: String,
    /// The texts.
    pub entries: Vec<TextSpec>,
}

/// One title in another language.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; an id and a text are all there is")]
pub struct TextSpec {
    /// Whose title: the id of a node, item or principle, `level/2`, `answer_set/option` or `item/entry`.
    pub id: String,
    /// The title.
    pub text: String,
}

/// How answers for an earlier version become answers for this one. Items that are not named keep their ids.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; a version and its moves are all there is")]
pub struct MigrationSpec {
    /// The earlier version.
    pub from_version: String,
    /// What became of its items.
    pub moves: Vec<MoveSpec>,
}

fn english() -> String {
    "en".into()
}

fn one() -> f64 {
    1.0
}

fn half() -> f64 {
    0.5
}
