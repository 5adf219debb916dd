//! JSON Schemas (draft 2020-12) of the files that people write: gates, waivers, scoring and canary policies.
//!
//! Editors complete and check by them. The written-out schemas are in the directory `schema` of this crate. What a
//! schema cannot say, such as that a name is used once or what a criterion may be, is checked where a gate is
//! [built](crate::Gate::build), with all faults at once.
//!
//! ```
//! let schema = devops_gates::schema::gate();
//! assert_eq!(schema.get("title").unwrap(), "A gate");
//! assert_eq!(schema.pointer("/properties/format/const").unwrap(), 1);
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Severity, Unit};
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde_json::Value;

use crate::judge::JudgePolicySpec;
use crate::{GateSpec, ScoringPolicySpec, WaiversSpec};

/// The schema of a [`GateSpec`].
#[must_use]
pub fn gate() -> Schema {
    document::<GateSpec>("A gate")
}

/// The schema of [`WaiversSpec`].
///
/// ```
/// let schema = devops_gates::schema::waivers();
/// assert!(schema.pointer("/$defs/Waiver/properties/expires").is_some());
/// ```
#[must_use]
pub fn waivers() -> Schema {
    document::<WaiversSpec>("Waivers")
}

/// The schema of a [`ScoringPolicySpec`].
///
/// ```
/// let schema = devops_gates::schema::scoring_policy();
/// assert_eq!(schema.pointer("/$defs/SeverityWeights/properties/major/maximum").unwrap(), 10);
/// ```
#[must_use]
pub fn scoring_policy() -> Schema {
    document::<ScoringPolicySpec>("A scoring policy")
}

/// The schema of a [`JudgePolicySpec`].
///
/// ```
/// let schema = devops_gates::schema::canary_policy();
/// assert_eq!(schema.get("title").unwrap(), "A canary policy");
/// ```
#[must_use]
pub fn canary_policy() -> Schema {
    document::<JudgePolicySpec>("A canary policy")
}

fn document<T: JsonSchema>(title: &str) -> Schema {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    tidy(&mut schema);
    schema
}

/// Descriptions as plain text without examples, and a format number that is the only one.
fn tidy(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = plain(text);
    }
    if schema.get("minimum").is_some_and(|low| Some(low) == schema.get("maximum"))
        && let Some(only) = schema.remove("minimum")
    {
        schema.remove("maximum");
        schema.remove("format");
        schema.insert("const".into(), only);
    }
    transform_subschemas(&mut tidy, schema);
}

/// Text up to its first example, in which links are what they show.
fn plain(text: &str) -> String {
    let text = text.split("\n```").next().unwrap_or_default();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let Some((shown, after)) = link.split_once(']') else { break };
        let target = after.strip_prefix('(').and_then(|target| target.split_once(')'));
        let code = shown.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
        plain.push_str(before);
        match (target, code) {
            (None, None) => plain.push_str(&alloc::format!("[{shown}]")),
            _ => plain.push_str(code.unwrap_or(shown)),
        }
        rest = target.map_or(after, |(_, after)| after);
    }
    plain.push_str(rest);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn scope(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "description": "Of what part of the product.",
        "type": "object",
        "properties": {
            "kind": { "enum": ["overall", "new_code", "component"] },
            "name": { "type": "string", "description": "Which component." }
        },
        "required": ["kind"],
        "if": { "properties": { "kind": { "const": "component" } } },
        "then": { "required": ["name"] }
    })
}

pub(crate) fn unit(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = Unit::ALL.iter().map(|unit| unit.as_str()).collect();
    json_schema!({ "type": "string", "enum": names })
}

pub(crate) fn severity(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = Severity::ALL.iter().map(|severity| severity.as_str()).collect();
    json_schema!({ "type": "string", "enum": names })
}

pub(crate) fn aggregate(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": ["mean", "median", "p50", "p90", "p95"] })
}

pub(crate) fn spending(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": ["obrien_fleming", "pocock"] })
}

pub(crate) fn decimal(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "description": "A decimal; as text where a reader of numbers may lose its last digit.",
        "type": ["number", "string"]
    })
}

pub(crate) fn timestamp(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "date-time", "examples": ["2026-12-01T00:00:00Z"] })
}

pub(crate) fn criterion(_: &mut SchemaGenerator) -> Schema {
    let examples = [
        ">= 80 %",
        "<= baseline + 10 %",
        ">= baseline - 2 pp",
        "in [0, 200) ms",
        "not in {3, 5}",
        "= true",
        "in {\"MIT\", \"Apache-2.0\"}",
        "<= minor",
        "no increase beyond 5 %",
        "proven no decrease in rate beyond 2 pp at 1 %",
    ];
    json_schema!({
        "type": "string",
        "pattern": r#"^\s*((<=?|>=?|!?=)\s*["a-z0-9.+-]|(not\s+)?in\s*[\[({]|(proven\s+)?no\s+(increase|decrease|change))"#,
        "examples": examples
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_plain() {
        for (text, expected) in [
            ("As a [`P`](crate::P),\nor [`x`].\n\n```\ncode\n```", "As a P, or x."),
            ("the [lint](crate::L) names `it`", "the lint names `it`"),
            ("[0, 1) and [2] stay", "[0, 1) and [2] stay"),
            ("a [`b", "a [`b"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
