//! Checks level policies and what evidence is worth.

use alloc::collections::BTreeMap;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::build::Builder;
use super::compiled::{Need, Policy, Threshold};
use super::fault::ModelProblem;
use super::{CompetenceSpec, EmptyLevel, LevelPolicy, NodeSpec, ThresholdSpec};
use crate::Fraction;
use crate::evidence::Grade;

impl Builder<'_> {
    pub(super) fn policy(&mut self, policy: &LevelPolicy, path: &str) -> Policy {
        if self.spec.levels.is_empty() {
            self.faults.add(path, ModelProblem::Empty { what: "level to reach" });
        }
        match policy {
            LevelPolicy::Thresholds { thresholds } => Policy::Thresholds(self.thresholds(thresholds, path)),
            LevelPolicy::AllBelow { met, empty } => Policy::AllBelow {
                met: self.faults.positive(&alloc::format!("{path}.met"), *met, 1),
                empty: empty.unwrap_or(EmptyLevel::Fail),
            },
            LevelPolicy::HighWater { met } => {
                Policy::HighWater { met: self.faults.positive(&alloc::format!("{path}.met"), *met, 1) }
            }
            LevelPolicy::Competences { levels, empty } => Policy::Competences {
                needs: self.competences(levels, path),
                empty: empty.unwrap_or(EmptyLevel::Fail),
            },
        }
    }

    fn thresholds(&mut self, thresholds: &[ThresholdSpec], path: &str) -> Vec<Threshold> {
        if thresholds.is_empty() {
            self.faults.add(alloc::format!("{path}.thresholds"), ModelProblem::Empty { what: "threshold" });
        }
        let mut list: Vec<Threshold> = Vec::new();
        for (index, threshold) in thresholds.iter().enumerate() {
            let at = |field: &str| alloc::format!("{path}.thresholds[{index}].{field}");
            self.known_level(&at("level"), threshold.level);
            let from = self.faults.number(&at("from"), threshold.from);
            if let Some(before) = list.last() {
                if threshold.level <= before.level {
                    let (value, before) = (threshold.level.to_string(), before.level.to_string());
                    let expected = "the lowest level comes first";
                    self.faults.add(at("level"), ModelProblem::OutOfOrder { value, before, expected });
                } else if threshold.from.is_finite()
                    && (from < before.from
                        || (from == before.from && before.exclusive >= threshold.exclusive))
                {
                    let (value, before) = (threshold.from.to_string(), before.from.to_string());
                    let expected = "a higher level asks for a higher score";
                    self.faults.add(at("from"), ModelProblem::OutOfOrder { value, before, expected });
                }
            }
            list.push(Threshold { level: threshold.level, from, exclusive: threshold.exclusive });
        }
        list
    }

    fn competences(&mut self, levels: &[CompetenceSpec], path: &str) -> BTreeMap<u32, Vec<Need>> {
        let mut all = BTreeMap::new();
        for (place, level) in levels.iter().enumerate() {
            let path = alloc::format!("{path}.levels[{place}]");
            self.known_level(&alloc::format!("{path}.level"), level.level);
            let mut needs = Vec::new();
            for (index, need) in level.needs.iter().enumerate() {
                let at = |field: &str| alloc::format!("{path}.needs[{index}].{field}");
                self.known_level(&at("level"), need.level);
                if need.level > level.level {
                    let problem =
                        ModelProblem::DependsOnHigher { level: level.level, on: need.level, item: None };
                    self.faults.add(at("level"), problem);
                }
                let percent = self.faults.within(&at("at_least"), need.at_least, 0, 100);
                let at_least = percent.times(&Fraction::of(1, 100));
                needs.push(Need { level: need.level, at_least, of: need.of });
            }
            if all.insert(level.level, needs).is_some() {
                let (id, first) = (level.level.to_string(), "an earlier entry".to_string());
                self.faults.add(alloc::format!("{path}.level"), ModelProblem::Duplicate { id, first });
            }
        }
        all
    }

    /// A policy over items must say what a level without items does, where there is one.
    pub(super) fn levels_with_items(&mut self) {
        self.silent_levels(&self.spec.root, "root", &[]);
    }

    fn silent_levels(&mut self, node: &NodeSpec, path: &str, inherited: &[u32]) {
        let all = || self.spec.levels.iter().map(|l| l.number).collect();
        let asked: Vec<u32> = match &node.level_policy {
            Some(LevelPolicy::AllBelow { empty: None, .. }) => all(),
            Some(LevelPolicy::Competences { levels, empty: None }) => {
                levels.iter().flat_map(|l| l.needs.iter().map(|n| n.level)).collect()
            }
            None if !node.no_levels => inherited.to_vec(),
            _ => Vec::new(),
        };
        for level in &self.spec.levels {
            if asked.contains(&level.number) && !has_item_at(node, level.number) {
                let problem = ModelProblem::EmptyLevel { level: level.number };
                self.faults.add(alloc::format!("{path}.level_policy"), problem);
            }
        }
        for (place, below) in node.nodes.iter().enumerate() {
            self.silent_levels(below, &alloc::format!("{path}.nodes[{place}]"), &asked);
        }
    }

    pub(super) fn evidence(&mut self) -> BTreeMap<Grade, Fraction> {
        let mut caps = BTreeMap::new();
        for (index, cap) in self.spec.evidence.caps.iter().enumerate() {
            let at = |field: &str| alloc::format!("evidence.caps[{index}].{field}");
            let credit = self.faults.within(&at("credit"), cap.credit, 0, 1);
            if caps.insert(cap.grade, credit).is_some() {
                let (id, first) = (cap.grade.to_string(), "an earlier entry".to_string());
                self.faults.add(at("grade"), ModelProblem::Duplicate { id, first });
            }
        }
        let mut before: Option<(Grade, Fraction)> = None;
        for grade in Grade::ALL {
            let credit = caps.get(&grade).cloned().unwrap_or(Fraction::ONE);
            if let Some((lower, limit)) = &before
                && credit < *limit
            {
                let expected = "better evidence is worth no less";
                let (value, before) = (grade.to_string(), lower.to_string());
                self.faults.add("evidence.caps", ModelProblem::OutOfOrder { value, before, expected });
            }
            before = Some((grade, credit));
        }
        caps
    }
}

fn has_item_at(node: &NodeSpec, level: u32) -> bool {
    node.items.iter().any(|i| i.levels.iter().any(|l| l.level == level))
        || node.nodes.iter().any(|n| has_item_at(n, level))
}
