//! The serialised form of a verdict.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::{Catalogue, MetricId, Ratio, Scope, Unit, Value};

use crate::entry::{Entry, Reading};
use crate::evaluate::decide;
use crate::{Amount, GateSpec, Ground, Predicate, Status, Verdict, build};

/// What is written. What can be derived is written for the reader and passed over when it is read, but the
/// statuses must be those that follow from the rest.
#[derive(serde::Serialize, serde::Deserialize)]
struct Form {
    format: u32,
    status: Status,
    passed: usize,
    total: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pass_rate: Option<Ratio>,
    summary: String,
    conditions: Vec<ConditionForm>,
    groups: Vec<GroupForm>,
    gate: GateSpec,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct ConditionForm {
    name: String,
    metric: MetricId,
    #[serde(default)]
    scope: Scope,
    status: Status,
    ground: Ground,
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<Unit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sample_size: Option<u64>,
    pass: Predicate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    warn: Option<Predicate>,
    counted: bool,
    mandatory: bool,
    expected: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contribution: Option<Amount>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct GroupForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    status: Status,
    counted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    share: Option<Amount>,
}

impl Form {
    fn of(verdict: &Verdict) -> Self {
        Self {
            format: 1,
            status: verdict.status(),
            passed: verdict.passed(),
            total: verdict.total(),
            pass_rate: verdict.pass_rate(),
            summary: verdict.to_string(),
            conditions: verdict
                .conditions()
                .zip(verdict.contributions())
                .map(|(c, contribution)| ConditionForm {
                    name: c.name().into(),
                    metric: c.metric().clone(),
                    scope: c.scope().clone(),
                    status: c.status(),
                    ground: c.ground(),
                    reason: c.reason_text(),
                    value: c.value().cloned(),
                    unit: c.unit(),
                    sample_size: c.sample_size(),
                    pass: c.pass().clone(),
                    warn: c.warn().cloned(),
                    counted: c.is_counted(),
                    mandatory: c.is_mandatory(),
                    expected: c.entry().expected,
                    contribution,
                })
                .collect(),
            groups: verdict
                .groups()
                .map(|g| GroupForm {
                    name: g.name().map(Into::into),
                    status: g.status(),
                    counted: g.is_counted(),
                    share: g.share(),
                })
                .collect(),
            gate: verdict.gate_spec().clone(),
        }
    }

    fn verdict(self) -> Result<Verdict, String> {
        if self.format != 1 {
            return Err(alloc::format!("verdict of format `{}` is not known: expected 1", self.format));
        }
        let gate = build::build(self.gate, &Catalogue::standard(), false)
            .map_err(|errors| alloc::format!("the gate of the verdict is refused: {errors}"))?;
        if gate.conditions.len() != self.conditions.len() {
            return Err("the conditions of the verdict are not those of its gate".into());
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(self.conditions.len());
        for (condition, form) in gate.conditions.iter().zip(self.conditions) {
            let reading = form.value.map(|value| Reading {
                value,
                unit: form.unit.unwrap_or(Unit::None),
                sample_size: form.sample_size,
            });
            let entry = Entry::new(condition, reading, form.expected);
            if condition.name.as_str() != form.name || entry.status != form.status {
                return Err(alloc::format!("condition `{}` does not follow from its trace", condition.name));
            }
            entries.push(entry);
        }
        let (inner, root) = decide(&gate, &entries);
        let verdict = Verdict::new(alloc::sync::Arc::new(gate), entries, inner, root);
        if verdict.status() != self.status {
            return Err("the status of the verdict does not follow from its trace".into());
        }
        Ok(verdict)
    }
}

impl serde::Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Form::of(self).serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Verdict {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Form::deserialize(deserializer)?.verdict().map_err(serde::de::Error::custom)
    }
}
