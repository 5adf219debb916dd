#![no_main]
//! A criterion is read or refused with a column; what is read prints to the same, and what it says of a value is
//! told by a trace that reads back.

use devops_core::{Measure, Measures, MetricId, Unit, Value};
use devops_gates::{BaselineSpec, ConditionSpec, Evidence, Gate, GateSpec, Predicate, Status, Verdict};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let predicate: Predicate = match text.parse() {
        Ok(predicate) => predicate,
        Err(error) => return assert!(error.column >= 1 && !error.to_string().contains('\n')),
    };
    let shown = predicate.to_string();
    assert_eq!(shown.parse::<Predicate>().as_ref(), Ok(&predicate), "{shown}");
    let mut condition = ConditionSpec::new("c", "m", text).with_warn(text);
    if predicate.is_relative() {
        condition = condition.with_baseline(BaselineSpec::value("-3.7".parse().unwrap()));
    }
    let Ok(gate) = Gate::build(GateSpec::new("g").with_condition(condition)) else { return };
    let unit = predicate.unit().unwrap_or(Unit::None);
    for value in [
        Value::number_or_missing(80.0),
        Value::number_or_missing(-1e300),
        Value::number_or_missing(f64::NAN),
        Value::Fraction { part: 57, whole: 100 },
        Value::Fraction { part: 1, whole: 0 },
        Value::Text { value: "minor".into() },
        Value::from(true),
    ] {
        let none = matches!(value, Value::Missing { .. } | Value::Fraction { whole: 0, .. });
        let measure = Measure::new(MetricId::new("m").unwrap(), value, unit);
        let measures = Measures::try_from(vec![measure]).unwrap();
        let verdict = gate.evaluate(&Evidence::new(&measures));
        assert!(!none || verdict.status() == Status::Inconclusive);
        assert_eq!(verdict.recomputed(), verdict.status());
        let json = serde_json::to_string(&verdict).unwrap();
        assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
        for condition in verdict.conditions() {
            let _ = (condition.distance().to_string(), condition.reason_text());
        }
    }
});
