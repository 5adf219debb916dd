//! The serialised form of a verdict.

use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::{Catalogue, Decimal, MetricId, Number, Ratio, Scope, Unit, Value, ValueError};

use crate::condition::stability::Held;
use crate::evaluate::context::{Context, LastKnown};
use crate::evaluate::entry::{Entry, Reading};
use crate::gate::build;
use crate::gate::compiled::Condition;
use crate::history::baseline::Baseline;
use crate::waiver::waiving;
use crate::{
    Amount, ConditionResult, GateSpec, Ground, Predicate, SampleComparison, Status, Verdict, WaiverResult,
};

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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    waivers: Vec<WaiverResult>,
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
    /// The number once more, where a reader of numbers may miss its last digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exact: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<Unit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sample_size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    samples: Option<Box<SampleComparison>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_known: Option<LastKnown>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Held>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    waived: Vec<String>,
    pass: Predicate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    warn: Option<Predicate>,
    counted: bool,
    mandatory: bool,
    expected: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contribution: Option<Amount>,
}

/// A baseline as exact text.
#[derive(serde::Serialize, serde::Deserialize)]
struct BaselineForm {
    value: String,
    runs: u64,
}

impl ConditionForm {
    fn of(condition: &ConditionResult<'_>, contribution: Option<Amount>) -> Self {
        let context = condition.entry().context.as_deref();
        let baseline = |b: &Baseline| BaselineForm { value: b.to_string(), runs: b.runs() };
        Self {
            name: condition.name().into(),
            metric: condition.metric().clone(),
            scope: condition.scope().clone(),
            status: condition.status(),
            ground: condition.ground(),
            reason: condition.reason_text(),
            value: condition.value().cloned(),
            exact: condition.value().and_then(exact_text),
            unit: condition.unit(),
            sample_size: condition.sample_size(),
            baseline: condition.baseline().map(baseline),
            samples: context.and_then(|c| c.samples.clone()),
            last_known: condition.last_known().cloned(),
            evidence: context.and_then(|c| c.evidence.clone()),
            before: context.and_then(|c| c.before),
            waived: Context::waived(context).to_vec(),
            pass: condition.pass().clone(),
            warn: condition.warn().cloned(),
            counted: condition.is_counted(),
            mandatory: condition.is_mandatory(),
            expected: condition.entry().expected,
            contribution,
        }
    }

    /// What was seen, from which all else follows.
    fn entry(self, condition: &Condition) -> Result<Entry, String> {
        let value = match self.exact {
            Some(text) => {
                let number = text.parse::<Decimal>().and_then(|d| Number::new(d.get()));
                Some(Value::from(number.map_err(|e| e.to_string())?))
            }
            None => self.value,
        };
        let reading = value.map(|value| Reading {
            value,
            unit: self.unit.unwrap_or(Unit::None),
            sample_size: self.sample_size,
        });
        let exact = |b: BaselineForm| Ok::<_, ValueError>(Baseline::new(b.value.parse()?, b.runs));
        let context = Context {
            baseline: self.baseline.map(exact).transpose().map_err(|e| e.to_string())?,
            samples: self.samples,
            last_known: self.last_known,
            evidence: self.evidence,
            before: self.before,
            waived: self.waived,
        };
        let context = (context != Context::default()).then(|| Box::new(context));
        let entry = Entry::new(condition, reading, self.expected, context);
        let waived = Context::waived(entry.context.as_deref());
        let passes = entry.status >= Status::Warning || !entry.counted;
        if condition.name.as_str() != self.name
            || entry.status != self.status
            || (passes && !waived.is_empty())
        {
            return Err(alloc::format!("condition `{}` does not follow from its trace", condition.name));
        }
        Ok(entry)
    }
}

/// A number as text, where it has more digits than every reader of JSON takes in exactly.
fn exact_text(value: &Value) -> Option<String> {
    let Value::Number { value } = value else { return None };
    let decimal = Decimal::from(*value);
    let (_, digits, exponent) = decimal.parts();
    (digits >= 1_000_000_000_000_000 || exponent.unsigned_abs() > 22).then(|| decimal.to_string())
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
                .map(|(c, contribution)| ConditionForm::of(&c, contribution))
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
            waivers: verdict.waivers().to_vec(),
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
            entries.push(form.entry(condition)?);
        }
        if !waiving::is_told_truly(&gate, &entries, &self.waivers) {
            return Err("what the verdict tells of waivers does not follow from its trace".into());
        }
        let verdict = Verdict::new(alloc::sync::Arc::new(gate), entries, self.waivers);
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
