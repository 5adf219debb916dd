//! From the written model to the checked one: every fault at once, each with its place.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{ItemId, NodeId};

use super::compiled::{Model, ModelItem, ModelNode, Policy};
use super::fault::{Faults, ModelErrors, ModelProblem};
use super::{ModelSpec, NodeSpec, NotApplicablePolicy, order};
use crate::Fraction;

/// Nodes may be nested so deep.
const MAX_DEPTH: usize = 32;
/// The largest weight, scale and effort.
pub(super) const MAX: u32 = 1_000_000;

/// Checks a model and compiles it.
pub(super) fn build(spec: ModelSpec) -> Result<Model, ModelErrors> {
    let mut builder = Builder {
        spec: &spec,
        faults: Faults::default(),
        places: BTreeMap::new(),
        nodes: Vec::new(),
        node_paths: Vec::new(),
        items: Vec::new(),
        requires: Vec::new(),
    };
    builder.head();
    builder.node(&spec.root, "root", None, None, 0);
    builder.gather();
    builder.prerequisites();
    builder.levels_with_items();
    let caps = builder.evidence();
    let not_applicable_credit = builder.not_applicable();
    let scale = builder.faults.positive("scale", spec.scale, MAX);
    let dispute_from = builder.faults.within("dispute_from", spec.dispute_from, 0, 1);
    let Builder { mut faults, nodes, items, .. } = builder;
    let node_index = nodes.iter().enumerate().map(|(i, n)| (n.id.clone(), i)).collect();
    let item_index = items.iter().enumerate().map(|(i, n)| (n.id.clone(), i)).collect();
    let model = Model {
        spec,
        scale,
        nodes,
        items,
        node_index,
        item_index,
        not_applicable_credit,
        caps,
        dispute_from,
    };
    check_texts(&model, &mut faults);
    check_migrations(&model, &mut faults);
    faults.finish()?;
    Ok(model)
}

pub(super) struct Builder<'a> {
    pub(super) spec: &'a ModelSpec,
    pub(super) faults: Faults,
    /// Where each id of a node or item stands first.
    places: BTreeMap<String, String>,
    nodes: Vec<ModelNode>,
    /// Where each node stands.
    node_paths: Vec<String>,
    pub(super) items: Vec<ModelItem>,
    /// What each item says that comes first, with the places.
    pub(super) requires: Vec<(Vec<String>, String)>,
}

impl Builder<'_> {
    /// Everything above the tree.
    fn head(&mut self) {
        let spec = self.spec;
        if spec.format != 1 {
            self.faults.add("format", ModelProblem::UnknownFormat { found: spec.format });
        }
        if let Err(error) = NodeId::new(&spec.id) {
            self.faults.add("id", error);
        }
        for (field, value) in [("version", &spec.version), ("title", &spec.title), ("locale", &spec.locale)] {
            self.faults.line(field, field, value);
        }
        let mut before = 0;
        for (index, level) in spec.levels.iter().enumerate() {
            let path = alloc::format!("levels[{index}].number");
            if level.number == 0 {
                self.faults.add(path, ModelProblem::Zero);
            } else if level.number <= before {
                let (value, before) = (level.number.to_string(), before.to_string());
                let expected = "levels are numbered upwards";
                self.faults.add(path, ModelProblem::OutOfOrder { value, before, expected });
            }
            before = before.max(level.number);
            self.faults.line(&alloc::format!("levels[{index}].name"), "name", &level.name);
        }
        self.unique("principles", &spec.principles.iter().map(|p| p.id.as_str()).collect::<Vec<_>>());
        self.unique("answer_sets", &spec.answer_sets.iter().map(|s| s.id.as_str()).collect::<Vec<_>>());
        self.answer_sets();
    }

    /// Ids that must be there once in a list.
    pub(super) fn unique(&mut self, list: &str, ids: &[&str]) {
        let mut places = BTreeMap::new();
        for (index, id) in ids.iter().enumerate() {
            let path = alloc::format!("{list}[{index}].id");
            if let Err(error) = ItemId::new(id) {
                self.faults.add(path, error);
            } else if let Some(first) = places.get(id) {
                let (id, first) = ((*id).to_string(), String::clone(first));
                self.faults.add(path, ModelProblem::Duplicate { id, first });
            } else {
                places.insert(id, path);
            }
        }
    }

    /// Notes the id of a node or item; they share one space of names.
    pub(super) fn id(&mut self, path: &str, id: &str) {
        let place = alloc::format!("{path}.id");
        if let Err(error) = ItemId::new(id) {
            self.faults.add(place, error);
        } else if let Some(first) = self.places.get(id) {
            let problem = ModelProblem::Duplicate { id: id.to_string(), first: first.clone() };
            self.faults.add(place, problem);
        } else {
            self.places.insert(id.to_string(), place);
        }
    }

    fn node(
        &mut self,
        spec: &NodeSpec,
        path: &str,
        parent: Option<usize>,
        inherited: Option<&Policy>,
        depth: usize,
    ) -> Option<usize> {
        self.id(path, &spec.id);
        self.faults.line(&alloc::format!("{path}.title"), "title", &spec.title);
        let weight = self.faults.within(&alloc::format!("{path}.weight"), spec.weight, 0, MAX);
        if let Some(rounding) = spec.rounding {
            self.faults.within(&alloc::format!("{path}.rounding.digits"), f64::from(rounding.digits), 0, 12);
        }
        let policy = match &spec.level_policy {
            Some(policy) => Some(self.policy(policy, &alloc::format!("{path}.level_policy"))),
            None => inherited.filter(|_| !spec.no_levels).cloned(),
        };
        self.parts(spec, path);
        let index = self.nodes.len();
        self.node_paths.push(path.to_string());
        self.nodes.push(ModelNode {
            id: NodeId::new(&spec.id).or_else(|_| NodeId::new("faulty")).ok()?,
            title: spec.title.clone(),
            parent,
            weight,
            aggregation: spec.aggregation,
            rounding: spec.rounding,
            policy: policy.clone(),
            allowance: spec.gate.map(|g| g.allowance),
            children: Vec::new(),
            items: Vec::new(),
            all_items: Vec::new(),
        });
        let mut items = Vec::new();
        for (place, item) in spec.items.iter().enumerate() {
            items.extend(self.item(item, &alloc::format!("{path}.items[{place}]"), index));
        }
        let mut children = Vec::new();
        for (place, node) in spec.nodes.iter().enumerate() {
            let path = alloc::format!("{path}.nodes[{place}]");
            if depth >= MAX_DEPTH {
                self.faults.add(path, ModelProblem::TooDeep { limit: MAX_DEPTH });
                continue;
            }
            children.extend(self.node(node, &path, Some(index), policy.as_ref(), depth.saturating_add(1)));
        }
        if let Some(node) = self.nodes.get_mut(index) {
            node.items = items;
            node.children = children;
        }
        Some(index)
    }

    /// A node must have parts that count.
    fn parts(&mut self, spec: &NodeSpec, path: &str) {
        if spec.nodes.is_empty() && spec.items.is_empty() {
            self.faults.add(path, ModelProblem::Empty { what: "node and no item" });
            return;
        }
        // What is written counts, so that a fault in a part does not show as a fault of the whole as well.
        let below = spec.nodes.iter().map(|n| n.weight).chain(spec.items.iter().map(|i| i.weight));
        if below.clone().all(|w| w == 0.0) && !spec.aggregation.is_over_items() {
            self.faults.add(path, ModelProblem::NoWeight);
        }
    }

    /// Tells each node all items below it, and whether they have what its aggregation needs.
    fn gather(&mut self) {
        for index in (0..self.nodes.len()).rev() {
            let Some(node) = self.nodes.get(index) else { continue };
            let mut all = node.items.clone();
            for child in &node.children {
                all.extend(self.nodes.get(*child).map(|c| c.all_items.clone()).unwrap_or_default());
            }
            all.sort_unstable();
            let items = || all.iter().filter_map(|i| self.items.get(*i));
            let aggregation = node.aggregation;
            let path = self.node_paths.get(index).cloned().unwrap_or_default();
            if aggregation.is_over_items() && !all.is_empty() && items().all(|i| i.weight.is_zero()) {
                self.faults.add(path.clone(), ModelProblem::NoWeight);
            }
            if aggregation.needs_levels()
                && let Some(item) = items().find(|i| i.levels.is_empty())
            {
                let problem = ModelProblem::Inconsistent {
                    value: item.id.to_string(),
                    expected: "a level on each item of a node that adds up levels".into(),
                };
                self.faults.add(alloc::format!("{path}.aggregation"), problem);
            }
            if let Some(node) = self.nodes.get_mut(index) {
                node.all_items = all;
            }
        }
    }

    /// References between items, cycles, and items that wait for a higher level.
    fn prerequisites(&mut self) {
        let index: BTreeMap<String, usize> =
            self.items.iter().enumerate().map(|(i, item)| (item.id.to_string(), i)).collect();
        let requires = core::mem::take(&mut self.requires);
        for (own, (wanted, path)) in requires.iter().enumerate() {
            for (place, id) in wanted.iter().enumerate() {
                let path = alloc::format!("{path}.requires[{place}]");
                let Some(other) = index.get(id) else {
                    self.faults.add(path, ModelProblem::Unknown { kind: "item", id: id.clone() });
                    continue;
                };
                let lowest = |i: usize| self.items.get(i).and_then(|i| i.levels.first()).map(|(l, _)| *l);
                if let (Some(level), Some(on)) = (lowest(own), lowest(*other))
                    && on > level
                {
                    self.faults
                        .add(path, ModelProblem::DependsOnHigher { level, on, item: Some(id.clone()) });
                }
                if let Some(item) = self.items.get_mut(own) {
                    item.requires.push(*other);
                }
            }
        }
        let graph: Vec<Vec<usize>> = self.items.iter().map(|i| i.requires.clone()).collect();
        for cycle in order::cycles(&graph) {
            let name = |i: &usize| self.items.get(*i).map(|item| item.id.to_string());
            let path: Vec<String> = cycle.iter().filter_map(name).collect();
            let place = cycle.first().and_then(|i| requires.get(*i)).map_or("root", |(_, path)| path);
            self.faults.add(alloc::format!("{place}.requires"), ModelProblem::Cycle { path });
        }
    }

    fn not_applicable(&mut self) -> Option<Fraction> {
        match self.spec.not_applicable {
            NotApplicablePolicy::LeftOut => None,
            NotApplicablePolicy::Met => Some(Fraction::ONE),
            NotApplicablePolicy::Anchored { target } => {
                let points = self.faults.within("not_applicable.target", target, 0, MAX);
                let scale = Fraction::from_f64(self.spec.scale).unwrap_or(Fraction::ONE);
                if points > scale && !scale.is_negative() {
                    let (value, max) = (target.to_string(), scale.to_string());
                    let problem = ModelProblem::OutOfRange { value, min: "0".into(), max };
                    self.faults.add("not_applicable.target", problem);
                }
                points.over(&scale)
            }
        }
    }
}

fn check_texts(model: &Model, faults: &mut Faults) {
    let mut locales = BTreeMap::new();
    for (place, table) in model.spec.texts.iter().enumerate() {
        let path = alloc::format!("texts[{place}]");
        faults.line(&alloc::format!("{path}.locale"), "locale", &table.locale);
        if let Some(first) = locales.insert(table.locale.as_str(), alloc::format!("{path}.locale")) {
            let problem = ModelProblem::Duplicate { id: table.locale.clone(), first };
            faults.add(alloc::format!("{path}.locale"), problem);
        }
        for (index, entry) in table.entries.iter().enumerate() {
            if model.own_text(&entry.id).is_none() {
                let problem = ModelProblem::Unknown { kind: "text", id: entry.id.clone() };
                faults.add(alloc::format!("{path}.entries[{index}].id"), problem);
            }
        }
    }
}

fn check_migrations(model: &Model, faults: &mut Faults) {
    let mut versions = BTreeMap::new();
    for (place, migration) in model.spec.migrations.iter().enumerate() {
        let path = alloc::format!("migrations[{place}]");
        let at = alloc::format!("{path}.from_version");
        faults.line(&at, "from_version", &migration.from_version);
        if let Some(first) = versions.insert(migration.from_version.as_str(), at.clone()) {
            faults.add(at, ModelProblem::Duplicate { id: migration.from_version.clone(), first });
        }
        let mut from = BTreeMap::new();
        let mut to = BTreeMap::new();
        for (index, step) in migration.moves.iter().enumerate() {
            let path = alloc::format!("{path}.moves[{index}]");
            for id in step.from() {
                if let Some(first) = from.insert(id, alloc::format!("{path}.from")) {
                    let problem = ModelProblem::Duplicate { id: id.to_string(), first };
                    faults.add(alloc::format!("{path}.from"), problem);
                }
            }
            for id in step.to() {
                let at = alloc::format!("{path}.to");
                if model.item(id).is_none() {
                    faults.add(at.clone(), ModelProblem::Unknown { kind: "item", id: id.to_string() });
                }
                if let Some(first) = to.insert(id, at.clone()) {
                    faults.add(at, ModelProblem::Duplicate { id: id.to_string(), first });
                }
            }
            faults.positive(&alloc::format!("{path}.factor"), step.factor(), 1);
        }
    }
}
