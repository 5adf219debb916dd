//! Measures as people write them: names and values.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use anyhow::{Context as _, Result, bail};
use devops_core::{Catalogue, Measure, Measures, MetricId, Number, Scope, Unit, Value};
use devops_gates::judge::sampled;
use devops_gates::{ConditionSpec, GateSpec, GroupSpec, Predicate};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Which measure: a metric and, behind an `@`, its scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) metric: MetricId,
    pub(crate) scope: Scope,
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (metric, scope) = text.split_once('@').unwrap_or((text, "overall"));
        let scope = match scope {
            "" => {
                return Err(format!(
                    "`{text}` has no scope behind its `@`: `new_code` or a component is expected"
                ));
            }
            "overall" => Scope::Overall,
            "new_code" => Scope::NewCode,
            component => Scope::Component(component.into()),
        };
        Ok(Self { metric: MetricId::new(metric).map_err(|error| error.to_string())?, scope })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.scope {
            Scope::Overall => write!(f, "{}", self.metric),
            scope => write!(f, "{} ({scope})", self.metric),
        }
    }
}

/// A value without a unit: a number, `41/50`, a flag or a text; null is one that is missing; a list of numbers is a
/// sample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Short {
    One(Value),
    Sample(Vec<f64>),
}

impl FromStr for Short {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fraction = text.split_once('/').and_then(|(part, whole)| {
            Some(Value::Fraction { part: part.trim().parse().ok()?, whole: whole.trim().parse().ok()? })
        });
        Ok(Self::One(match (text, fraction) {
            (_, Some(fraction)) => fraction,
            ("true" | "false", _) => Value::Flag { value: text == "true" },
            _ => match text.parse::<f64>() {
                Ok(number) => Value::from(Number::new(number).map_err(|error| error.to_string())?),
                Err(_) => Value::Text { value: text.into() },
            },
        }))
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(value) => value.fmt(f),
            Self::Sample(values) => write!(f, "{} values", values.len()),
        }
    }
}

struct ShortVisitor;

impl<'de> Visitor<'de> for ShortVisitor {
    type Value = Short;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a list of numbers, a flag, a text, a fraction such as \"41/50\", or null")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Short, A::Error> {
        let mut values = Vec::new();
        while let Some(number) = items.next_element::<Number>()? {
            values.push(number.get());
        }
        Ok(Short::Sample(values))
    }

    fn visit_unit<E: Error>(self) -> Result<Short, E> {
        Ok(Short::One(Value::Missing { reason: "it is null".into() }))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Short, E> {
        Ok(Short::One(Value::Flag { value }))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Short, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Short, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Short, E> {
        Number::new(value).map(|value| Short::One(value.into())).map_err(E::custom)
    }

    /// A text is a fraction or itself; never a number by accident.
    fn visit_str<E: Error>(self, text: &str) -> Result<Short, E> {
        if text.contains('/') {
            let short: Short = text.parse().map_err(E::custom)?;
            if matches!(short, Short::One(Value::Fraction { .. })) {
                return Ok(short);
            }
        }
        Ok(Short::One(Value::Text { value: text.into() }))
    }
}

impl<'de> Deserialize<'de> for Short {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShortVisitor)
    }
}

/// Measures in either form.
#[derive(Debug, Default)]
pub(crate) struct MeasuresFile {
    full: Vec<Measure>,
    short: Vec<(Key, Short)>,
}

impl<'de> Deserialize<'de> for MeasuresFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FileVisitor;

        impl<'de> Visitor<'de> for FileVisitor {
            type Value = MeasuresFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of measures, or an object of names and values")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<MeasuresFile, A::Error> {
                let mut file = MeasuresFile::default();
                while let Some(measure) = items.next_element()? {
                    file.full.push(measure);
                }
                Ok(file)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<MeasuresFile, A::Error> {
                let mut file = MeasuresFile::default();
                while let Some((name, value)) = entries.next_entry::<String, Short>()? {
                    let key: Key = name.parse().map_err(A::Error::custom)?;
                    file.short.push((key, value));
                }
                Ok(file)
            }
        }

        deserializer.deserialize_any(FileVisitor)
    }
}

impl MeasuresFile {
    /// The measures, short ones in the unit that the gate asks for.
    pub(crate) fn measures(self, gate: &GateSpec) -> Result<Measures> {
        let mut all = self.full;
        for (key, value) in self.short {
            all.push(measure(gate, key, value)?);
        }
        Measures::try_from(all).context("failed to use the measures")
    }
}

/// A measure in the unit that the gate asks for.
pub(crate) fn measure(gate: &GateSpec, key: Key, value: Short) -> Result<Measure> {
    let value = match value {
        Short::One(value) => value,
        Short::Sample(values) => {
            let unit = unit(gate, &key);
            return Ok(sampled(key.metric, unit, &values)?.with_scope(key.scope));
        }
    };
    let unit = match value {
        Value::Number { .. } | Value::Fraction { .. } => unit(gate, &key),
        _ => Unit::None,
    };
    let measure = match value {
        Value::Fraction { part, whole } => Measure::fraction(key.metric, part, whole, unit),
        value => Measure::new(key.metric, value, unit),
    };
    Ok(measure.with_scope(key.scope))
}

/// That a condition looks at it: else changing it changes nothing, and a name is misspelt.
pub(crate) fn looked_at(gate: &GateSpec, key: &Key) -> Result<()> {
    let mut conditions = Vec::new();
    collect(&gate.conditions, &gate.groups, &mut conditions);
    if conditions.iter().any(|c| c.metric == key.metric.as_str() && c.scope == key.scope) {
        return Ok(());
    }
    let known: BTreeSet<String> = conditions
        .iter()
        .filter(|c| !c.metric.is_empty())
        .map(|c| match &c.scope {
            Scope::Overall => c.metric.clone(),
            Scope::NewCode => format!("{}@new_code", c.metric),
            scope => format!("{}@{scope}", c.metric),
        })
        .collect();
    let known: Vec<String> = known.into_iter().collect();
    bail!("no condition looks at `{key}`: expected one of {}", known.join(", "))
}

/// The unit that a condition on it is written in, else that of the catalogue.
fn unit(gate: &GateSpec, key: &Key) -> Unit {
    let mut conditions = Vec::new();
    collect(&gate.conditions, &gate.groups, &mut conditions);
    let written =
        |c: &&ConditionSpec| c.unit.or_else(|| c.pass.parse::<Predicate>().ok().and_then(|pass| pass.unit()));
    let of_metric = conditions.iter().filter(|c| c.metric == key.metric.as_str());
    let same_scope = of_metric.clone().filter(|c| c.scope == key.scope).find_map(written);
    let known = || Catalogue::standard().get(key.metric.as_str()).map(|metric| metric.unit);
    same_scope.or_else(|| of_metric.clone().find_map(written)).or_else(known).unwrap_or(Unit::None)
}

fn collect<'a>(conditions: &'a [ConditionSpec], groups: &'a [GroupSpec], all: &mut Vec<&'a ConditionSpec>) {
    all.extend(conditions);
    for group in groups {
        collect(&group.conditions, &group.groups, all);
    }
}
