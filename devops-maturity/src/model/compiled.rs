//! A checked model: what the engine takes.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use devops_core::{Comparison, ItemId, MetricId, NodeId, Unit};

use super::{
    Aggregation, EmptyLevel, LevelSpec, ModelErrors, ModelSpec, NeedOf, OfNone, Rounding, UnknownPolicy,
};
use crate::Fraction;
use crate::evidence::Grade;

/// A checked model: immutable, so that assessing with it cannot fail for any fault of its own.
///
/// Read from and written to files in the form of [`ModelSpec`].
///
/// ```
/// use devops_maturity::{AnswerSetSpec, ItemSpec, Model, ModelSpec, NodeSpec};
///
/// let root = NodeSpec::new("all", "All").with_item(ItemSpec::choice("a", "Is it there?", "yes_no"));
/// let set = AnswerSetSpec::new("yes_no").with_option("no", "No", 0.0).with_option("yes", "Yes", 1.0);
/// let model = Model::build(ModelSpec::new("m", "1", "M", root).with_answer_set(set))?;
/// assert_eq!(model.root().id().as_str(), "all");
/// let json = serde_json::to_string(&model).unwrap();
/// assert_eq!(serde_json::from_str::<Model>(&json).unwrap(), model);
/// # Ok::<(), devops_maturity::ModelErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "ModelSpec", into = "ModelSpec")]
pub struct Model {
    pub(crate) spec: ModelSpec,
    pub(crate) scale: Fraction,
    /// Depth first; the root is the first.
    pub(crate) nodes: Vec<ModelNode>,
    pub(crate) items: Vec<ModelItem>,
    pub(crate) node_index: BTreeMap<NodeId, usize>,
    pub(crate) item_index: BTreeMap<ItemId, usize>,
    /// The credit of an item that does not apply; `None` where it is left out.
    pub(crate) not_applicable_credit: Option<Fraction>,
    pub(crate) caps: BTreeMap<Grade, Fraction>,
    pub(crate) dispute_from: Fraction,
}

impl TryFrom<ModelSpec> for Model {
    type Error = ModelErrors;

    fn try_from(spec: ModelSpec) -> Result<Self, ModelErrors> {
        Self::build(spec)
    }
}

impl From<Model> for ModelSpec {
    fn from(model: Model) -> Self {
        model.spec
    }
}

impl Model {
    /// Checks a model.
    ///
    /// # Errors
    ///
    /// All its faults at once, each with its place.
    pub fn build(spec: ModelSpec) -> Result<Self, ModelErrors> {
        super::build::build(spec)
    }

    /// What answers and assessments call it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.spec.id
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.spec.version
    }

    /// Its name.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.spec.title
    }

    /// The model as it was written.
    #[must_use]
    pub const fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    /// The points that full credit is worth.
    #[must_use]
    pub const fn scale(&self) -> &Fraction {
        &self.scale
    }

    /// The levels, lowest first.
    #[must_use]
    pub fn levels(&self) -> &[LevelSpec] {
        &self.spec.levels
    }

    /// The name of a level; `none` for 0, which is below every level.
    ///
    /// ```
    /// assert_eq!(devops_maturity::models::five_dimensions().level_name(3), "defined");
    /// ```
    #[must_use]
    pub fn level_name(&self, number: u32) -> &str {
        self.levels().iter().find(|l| l.number == number).map_or("none", |l| l.name.as_str())
    }

    /// The nodes, depth first: the root is the first.
    #[must_use]
    pub fn nodes(&self) -> &[ModelNode] {
        &self.nodes
    }

    /// The items, in the order of the document.
    #[must_use]
    pub fn items(&self) -> &[ModelItem] {
        &self.items
    }

    /// The root.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a model is built with its root")]
    pub fn root(&self) -> &ModelNode {
        &self.nodes[0]
    }

    /// The node of that id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&ModelNode> {
        self.node_index.get(id).and_then(|index| self.nodes.get(*index))
    }

    /// The item of that id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&ModelItem> {
        self.item_index.get(id).and_then(|index| self.items.get(*index))
    }

    /// The nodes directly below a node.
    pub fn children<'a>(&'a self, node: &'a ModelNode) -> impl Iterator<Item = &'a ModelNode> {
        node.children.iter().filter_map(|index| self.nodes.get(*index))
    }

    /// The items directly below a node.
    pub fn items_of<'a>(&'a self, node: &'a ModelNode) -> impl Iterator<Item = &'a ModelItem> {
        node.items.iter().filter_map(|index| self.items.get(*index))
    }

    /// The place of a level in the list; 0 is below every level.
    pub(crate) fn rank(&self, number: u32) -> usize {
        self.levels().iter().position(|l| l.number == number).map_or(0, |place| place.saturating_add(1))
    }

    pub(crate) fn counts_unknown_as_nothing(&self) -> bool {
        self.spec.unknown == UnknownPolicy::NoCredit
    }

    /// The title of a node, item, level, option, entry or principle in a language, else in the model's own.
    ///
    /// Ids are written as in [`TextSpec`](crate::TextSpec).
    ///
    /// ```
    /// let model = devops_maturity::models::five_dimensions();
    /// assert_eq!(model.text("de", "monitoring"), Some("Monitoring"));
    /// assert_eq!(model.text("de", "no_such_node"), None);
    /// ```
    #[must_use]
    pub fn text(&self, locale: &str, id: &str) -> Option<&str> {
        let table = self.spec.texts.iter().find(|t| t.locale == locale);
        let entry = table.and_then(|t| t.entries.iter().find(|e| e.id == id));
        entry.map(|e| e.text.as_str()).or_else(|| self.own_text(id))
    }

    /// The title in the model's own language.
    pub(super) fn own_text(&self, id: &str) -> Option<&str> {
        if let Some(node) = self.node(id) {
            return Some(&node.title);
        }
        if let Some(item) = self.item(id) {
            return Some(&item.title);
        }
        if let Some(principle) = self.spec.principles.iter().find(|p| p.id == id) {
            return Some(&principle.title);
        }
        let (holder, part) = id.rsplit_once('/')?;
        if holder == "level" {
            let level = self.levels().iter().find(|l| part == alloc::format!("{}", l.number));
            return level.map(|l| l.name.as_str());
        }
        if let Some(Kind::Checklist(entries)) = self.item(holder).map(|i| &i.kind) {
            return entries.iter().find(|e| e.id == part).map(|e| e.title.as_str());
        }
        let set = self.spec.answer_sets.iter().find(|s| s.id == holder)?;
        set.options.iter().find(|o| o.id == part).map(|o| o.title.as_str())
    }
}

/// A node of a checked model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelNode {
    pub(crate) id: NodeId,
    pub(crate) title: String,
    pub(crate) parent: Option<usize>,
    pub(crate) weight: Fraction,
    pub(crate) aggregation: Aggregation,
    pub(crate) rounding: Option<Rounding>,
    pub(crate) policy: Option<Policy>,
    pub(crate) allowance: Option<u32>,
    pub(crate) children: Vec<usize>,
    pub(crate) items: Vec<usize>,
    /// All items below, however deep.
    pub(crate) all_items: Vec<usize>,
}

impl ModelNode {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &NodeId {
        &self.id
    }

    /// Its name.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How much it counts in the node above.
    #[must_use]
    pub const fn weight(&self) -> &Fraction {
        &self.weight
    }

    /// How its parts make its score.
    #[must_use]
    pub const fn aggregation(&self) -> Aggregation {
        self.aggregation
    }

    /// The least score of a level, where its levels are thresholds on the score.
    ///
    /// ```
    /// use devops_maturity::{Fraction, models};
    ///
    /// let model = models::five_dimensions();
    /// assert_eq!(model.root().threshold(4), Some(&Fraction::of(7, 1)));
    /// ```
    #[must_use]
    pub fn threshold(&self, level: u32) -> Option<&Fraction> {
        match &self.policy {
            Some(Policy::Thresholds(list)) => list.iter().find(|t| t.level == level).map(|t| &t.from),
            _ => None,
        }
    }
}

/// An item of a checked model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelItem {
    pub(crate) id: ItemId,
    pub(crate) title: String,
    pub(crate) node: usize,
    pub(crate) weight: Fraction,
    pub(crate) kind: Kind,
    pub(crate) limit: Option<MeasureRule>,
    /// Lowest level first.
    pub(crate) levels: Vec<(u32, Fraction)>,
    pub(crate) requires: Vec<usize>,
    pub(crate) effort: Fraction,
    pub(crate) principles: Vec<String>,
}

impl ModelItem {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &ItemId {
        &self.id
    }

    /// What is asked.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How much it counts.
    #[must_use]
    pub const fn weight(&self) -> &Fraction {
        &self.weight
    }

    /// Person-days from nothing to full credit.
    #[must_use]
    pub const fn effort(&self) -> &Fraction {
        &self.effort
    }

    /// The metric that it is measured by or held against.
    #[must_use]
    pub fn metric(&self) -> Option<&MetricId> {
        self.measure_rule().map(|rule| &rule.metric)
    }

    /// The unit of that metric.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        self.measure_rule().map(|rule| rule.unit)
    }

    /// The principles that it speaks of.
    #[must_use]
    pub fn principles(&self) -> &[String] {
        &self.principles
    }

    pub(crate) fn measure_rule(&self) -> Option<&MeasureRule> {
        match &self.kind {
            Kind::Measured(rule) => Some(rule),
            _ => self.limit.as_ref(),
        }
    }

    /// How much it counts among the items of a level, where it belongs to it.
    pub(crate) fn weight_at(&self, level: u32) -> Option<Fraction> {
        let (_, weight) = self.levels.iter().find(|(number, _)| *number == level)?;
        Some(weight.times(&self.weight))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Choice(Vec<Part>),
    Measured(MeasureRule),
    Checklist(Vec<Part>),
}

/// An option with its credit, or an entry with its weight.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) amount: Fraction,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MeasureRule {
    pub(crate) metric: MetricId,
    pub(crate) unit: Unit,
    pub(crate) min: Fraction,
    pub(crate) max: Option<Fraction>,
    pub(crate) credit: CreditRule,
    pub(crate) of_none: OfNone,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CreditRule {
    Linear { worst: Fraction, span: Fraction },
    Bands(Vec<(Comparison, Fraction, Fraction)>),
}

impl CreditRule {
    /// The credit of a value: 0 to 1.
    pub(crate) fn credit(&self, value: &Fraction) -> Fraction {
        match self {
            Self::Linear { worst, span } => {
                let share = value.minus(worst).over(span).unwrap_or_default();
                share.clamped(&Fraction::ZERO, &Fraction::ONE)
            }
            Self::Bands(bands) => {
                let holding =
                    bands.iter().filter(|(comparison, bound, _)| comparison.holds(value.cmp(bound)));
                holding.map(|(_, _, credit)| credit.clone()).max().unwrap_or_default()
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Policy {
    Thresholds(Vec<Threshold>),
    AllBelow { met: Fraction, empty: EmptyLevel },
    Competences { needs: BTreeMap<u32, Vec<Need>>, empty: EmptyLevel },
    HighWater { met: Fraction },
}

impl Policy {
    /// Whether a share of a level without items counts as 0 in a mean.
    pub(crate) fn empty_fails(&self) -> bool {
        matches!(
            self,
            Self::AllBelow { empty: EmptyLevel::Fail, .. }
                | Self::Competences { empty: EmptyLevel::Fail, .. }
        )
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Threshold {
    pub(crate) level: u32,
    pub(crate) from: Fraction,
    pub(crate) exclusive: bool,
}

impl Threshold {
    pub(crate) fn holds(&self, score: &Fraction) -> bool {
        match score.cmp(&self.from) {
            Ordering::Less => false,
            Ordering::Equal => !self.exclusive,
            Ordering::Greater => true,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Need {
    pub(crate) level: u32,
    /// 0 to 1.
    pub(crate) at_least: Fraction,
    pub(crate) of: NeedOf,
}
