//! The report for machines.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use crate::analysis::{Analysis, FIVE};
use crate::definition;
use crate::sides::Side;
use crate::text;

/// One object; `format` is its form.
pub(crate) fn to_json(analysis: &Analysis<'_>, sides: &[Side]) -> Result<String> {
    let trends: Vec<Value> = analysis
        .trends
        .iter()
        .map(|(metric, report)| json!({"metric": metric.id(), "trend": report}))
        .collect();
    let places: Vec<Value> = FIVE
        .iter()
        .map(|metric| {
            let place = analysis.place(*metric);
            let caveat = place.class.as_ref().map(|class| class.caveat());
            json!({"metric": metric.id(), "class": place.class, "caveat": caveat, "standing": place.standing})
        })
        .collect();
    let definitions: Vec<Value> = sides
        .iter()
        .map(|side| {
            let words = definition::words(&side.definition).map(|(metric, words)| (metric.id(), words));
            let (definition, words) = (&side.definition.name, words.collect::<BTreeMap<_, _>>());
            json!({"definition": definition, "values": side.values, "differs": side.reasons, "words": words})
        })
        .collect();
    let report = json!({
        "format": 1,
        "name": analysis.name,
        "note": analysis.note,
        "basis": analysis.basis,
        "report": analysis.report,
        "trends": trends,
        "period": analysis.chosen().map(|cell| &cell.period),
        "places": places,
        "flow": analysis.flow,
        "oddities": text::oddities(analysis),
        "definitions": definitions,
    });
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}
