#![no_main]
//! A gate, measures, earlier runs, waivers and a state, each as JSON with a zero byte between them: all is read or
//! refused, and what is judged can be read back, explained and asked about.

use std::collections::BTreeSet;

use devops_core::{Measures, MetricId, Timestamp};
use devops_gates::{
    Evidence, Gate, GateSpec, GateState, History, Pending, ScoringPolicy, Status, Verdict, Waivers, WaiversSpec,
};
use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned + Default>(text: Option<&[u8]>) -> T {
    text.and_then(|text| serde_json::from_slice(text).ok()).unwrap_or_default()
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|byte| *byte == 0);
    let first = parts.next().unwrap_or_default();
    let _ = serde_json::from_slice::<ScoringPolicy>(first).map(|policy| serde_json::to_string(&policy));
    let Ok(spec) = serde_json::from_slice::<GateSpec>(first) else { return };
    let gate = match Gate::build(spec) {
        Ok(gate) => gate,
        Err(errors) => return assert!(!errors.to_string().is_empty()),
    };
    let _: Vec<String> = gate.lints().iter().map(ToString::to_string).collect();
    let (measures, history): (Measures, History) = (read(parts.next()), read(parts.next()));
    let waivers = Waivers::build(read::<WaiversSpec>(parts.next())).unwrap_or_default();
    let state: GateState = read(parts.next());
    let now = Timestamp::EPOCH;
    let evidence =
        Evidence::new(&measures).with_history(&history).with_waivers(&waivers, now).with_state(&state);
    let verdict = gate.evaluate(&evidence);
    assert_eq!(verdict.recomputed(), verdict.status());
    let json = serde_json::to_string(&verdict).unwrap();
    let again: Verdict = serde_json::from_str(&json).unwrap();
    assert_eq!((&again, serde_json::to_string(&again).unwrap()), (&verdict, json));
    assert_eq!(again.to_markdown(), verdict.to_markdown());
    assert!(verdict.difference(&again).is_empty());
    if verdict.status() == Status::Passed {
        assert_eq!(verdict.fixes(), Some(Vec::new()));
    }
    let _ = (verdict.cheapest_fixes(|name| name.len() as u32, 100), verdict.sensitivity());
    let pending: BTreeSet<MetricId> = gate.inputs().map(|(metric, _)| metric.clone()).collect();
    let decided = gate.decide_early(&evidence, &Pending::metrics(pending)).status();
    assert!(decided.is_none_or(|status| status == verdict.status()));
    let _ = gate.lint_waivers(&waivers, now);
});
