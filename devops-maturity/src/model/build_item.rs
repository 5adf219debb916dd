//! Checks items and what they are measured by.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{Comparison, ItemId, MetricId};

use super::build::{Builder, MAX};
use super::compiled::{CreditRule, Kind, MeasureRule, ModelItem, Part};
use super::fault::ModelProblem;
use super::{BandSpec, CreditSpec, ItemKind, ItemSpec, MeasureSpec};
use crate::Fraction;

impl Builder<'_> {
    pub(super) fn answer_sets(&mut self) {
        let spec = self.spec;
        for (place, set) in spec.answer_sets.iter().enumerate() {
            let path = alloc::format!("answer_sets[{place}]");
            if set.options.is_empty() {
                self.faults.add(alloc::format!("{path}.options"), ModelProblem::Empty { what: "option" });
            }
            let list = alloc::format!("{path}.options");
            self.unique(&list, &set.options.iter().map(|o| o.id.as_str()).collect::<Vec<_>>());
            for (index, option) in set.options.iter().enumerate() {
                self.faults.line(&alloc::format!("{list}[{index}].title"), "title", &option.title);
                self.faults.within(&alloc::format!("{list}[{index}].credit"), option.credit, 0, 1);
            }
        }
    }

    pub(super) fn item(&mut self, spec: &ItemSpec, path: &str, node: usize) -> Option<usize> {
        let at = |field: &str| alloc::format!("{path}.{field}");
        self.id(path, &spec.id);
        self.faults.line(&at("title"), "title", &spec.title);
        let weight = self.faults.within(&at("weight"), spec.weight, 0, MAX);
        let effort = self.faults.positive(&at("effort"), spec.effort, MAX);
        let kind = self.kind(&spec.answer, path);
        let limit = spec.limit.as_ref().and_then(|l| self.measure(l, &at("limit")));
        if spec.limit.is_some() && matches!(spec.answer, ItemKind::Measured { .. }) {
            let problem = ModelProblem::Inconsistent {
                value: spec.id.clone(),
                expected: "a limit only on questions and checklists".into(),
            };
            self.faults.add(at("limit"), problem);
        }
        let levels = self.item_levels(spec, path);
        for (place, id) in spec.principles.iter().enumerate() {
            if !self.spec.principles.iter().any(|p| p.id == *id) {
                let problem = ModelProblem::Unknown { kind: "principle", id: id.clone() };
                self.faults.add(at(&alloc::format!("principles[{place}]")), problem);
            }
        }
        // A faulty item keeps its place, so that references to it are not faults as well.
        let kind = kind.unwrap_or(Kind::Choice(Vec::new()));
        self.requires.push((spec.requires.clone(), path.to_string()));
        self.items.push(ModelItem {
            id: ItemId::new(&spec.id).or_else(|_| ItemId::new("faulty")).ok()?,
            title: spec.title.clone(),
            node,
            weight,
            kind,
            limit,
            levels,
            requires: Vec::new(),
            effort,
            principles: spec.principles.clone(),
        });
        Some(self.items.len().saturating_sub(1))
    }

    fn item_levels(&mut self, spec: &ItemSpec, path: &str) -> Vec<(u32, Fraction)> {
        let list = alloc::format!("{path}.levels");
        let mut levels: Vec<(u32, Fraction)> = Vec::new();
        for (place, level) in spec.levels.iter().enumerate() {
            let path = alloc::format!("{list}[{place}]");
            self.known_level(&alloc::format!("{path}.level"), level.level);
            if let Some(first) =
                spec.levels.iter().position(|l| l.level == level.level).filter(|f| *f < place)
            {
                let (id, first) = (level.level.to_string(), alloc::format!("{list}[{first}].level"));
                self.faults.add(alloc::format!("{path}.level"), ModelProblem::Duplicate { id, first });
            }
            let weight = self.faults.within(&alloc::format!("{path}.weight"), level.weight, 0, MAX);
            levels.push((level.level, weight));
        }
        levels.sort();
        levels
    }

    pub(super) fn known_level(&mut self, path: &str, number: u32) {
        if !self.spec.levels.iter().any(|l| l.number == number) {
            self.faults.add(path, ModelProblem::Unknown { kind: "level", id: number.to_string() });
        }
    }

    fn kind(&mut self, kind: &ItemKind, path: &str) -> Option<Kind> {
        match kind {
            ItemKind::Choice { answer_set } => {
                let Some(set) = self.spec.answer_sets.iter().find(|s| s.id == *answer_set) else {
                    let problem = ModelProblem::Unknown { kind: "answer set", id: answer_set.clone() };
                    self.faults.add(alloc::format!("{path}.answer.answer_set"), problem);
                    return None;
                };
                let part = |id: &String, title: &String, amount| {
                    // Its own faults were told where the set is written.
                    let amount = Fraction::from_f64(amount).unwrap_or_default();
                    Part { id: id.clone(), title: title.clone(), amount }
                };
                Some(Kind::Choice(set.options.iter().map(|o| part(&o.id, &o.title, o.credit)).collect()))
            }
            ItemKind::Measured { measure } => {
                self.measure(measure, &alloc::format!("{path}.answer.measure")).map(Kind::Measured)
            }
            ItemKind::Checklist { entries } => {
                let list = alloc::format!("{path}.answer.entries");
                self.unique(&list, &entries.iter().map(|e| e.id.as_str()).collect::<Vec<_>>());
                if entries.is_empty() {
                    self.faults.add(list.clone(), ModelProblem::Empty { what: "entry" });
                } else if entries.iter().all(|e| e.weight == 0.0) {
                    self.faults.add(list.clone(), ModelProblem::NoWeight);
                }
                let mut parts = Vec::new();
                for (index, entry) in entries.iter().enumerate() {
                    let weight = alloc::format!("{list}[{index}].weight");
                    let amount = self.faults.within(&weight, entry.weight, 0, MAX);
                    parts.push(Part { id: entry.id.clone(), title: entry.title.clone(), amount });
                }
                Some(Kind::Checklist(parts))
            }
        }
    }

    fn measure(&mut self, spec: &MeasureSpec, path: &str) -> Option<MeasureRule> {
        let at = |field: &str| alloc::format!("{path}.{field}");
        let min = self.faults.number(&at("min"), spec.min);
        let max = spec.max.map(|max| self.faults.number(&at("max"), max));
        if let Some(max) = &max
            && *max <= min
            && spec.min.is_finite()
            && spec.max.is_some_and(f64::is_finite)
        {
            let (value, before) = (max.to_string(), min.to_string());
            let expected = "the highest value is above the lowest";
            self.faults.add(at("max"), ModelProblem::OutOfOrder { value, before, expected });
        }
        let credit = match &spec.credit {
            CreditSpec::Linear { worst, best } => {
                let worst_value = self.faults.number(&at("credit.worst"), *worst);
                let best_value = self.faults.number(&at("credit.best"), *best);
                let span = best_value.minus(&worst_value);
                if span.is_zero() && worst.is_finite() && best.is_finite() {
                    let expected = "a value other than that of `worst`".to_string();
                    let problem = ModelProblem::Inconsistent { value: best.to_string(), expected };
                    self.faults.add(at("credit.best"), problem);
                }
                CreditRule::Linear { worst: worst_value, span }
            }
            CreditSpec::Bands { bands } => CreditRule::Bands(self.bands(bands, &at("credit.bands"))),
        };
        let metric = MetricId::new(&spec.metric).map_err(|e| self.faults.add(at("metric"), e)).ok()?;
        Some(MeasureRule { metric, unit: spec.unit, min, max, credit, of_none: spec.of_none })
    }

    fn bands(&mut self, bands: &[BandSpec], path: &str) -> Vec<(Comparison, Fraction, Fraction)> {
        if bands.is_empty() {
            self.faults.add(path, ModelProblem::Empty { what: "band" });
        }
        let upwards = |c: Comparison| match c {
            Comparison::AtLeast | Comparison::Above => Some(true),
            Comparison::AtMost | Comparison::Below => Some(false),
            Comparison::Equal | Comparison::NotEqual => None,
        };
        let mut rules: Vec<(Comparison, Fraction, Fraction)> = Vec::new();
        for (index, band) in bands.iter().enumerate() {
            let at = |field: &str| alloc::format!("{path}[{index}].{field}");
            let value = self.faults.number(&at("value"), band.value);
            let credit = self.faults.within(&at("credit"), band.credit, 0, 1);
            let first = bands.first().and_then(|b| upwards(b.comparison));
            if upwards(band.comparison).is_none() || upwards(band.comparison) != first {
                let expected = "bands that all look from below (`>=`, `>`) or all from above (`<=`, `<`)";
                let (value, expected) = (band.comparison.to_string(), expected.to_string());
                self.faults.add(at("comparison"), ModelProblem::Inconsistent { value, expected });
            } else if let Some(order) = rules.iter().find(|(_, bound, earned)| {
                let harder = if first == Some(true) { value > *bound } else { value < *bound };
                let easier = if first == Some(true) { value < *bound } else { value > *bound };
                (harder && credit < *earned) || (easier && credit > *earned)
            }) {
                let (value, before) = (band.value.to_string(), order.1.to_string());
                let expected = "a band that asks for more gives more credit";
                self.faults.add(at("value"), ModelProblem::OutOfOrder { value, before, expected });
            }
            rules.push((band.comparison, value, credit));
        }
        rules
    }
}
