#![no_main]
//! A condition is read or refused, and evaluated on whatever a provider may return.

use devops_gates::compat::argo::{AnalysisTemplate, Expression, Metric, Value, to_gate_spec};

libfuzzer_sys::fuzz_target!(|input: (&str, f64)| {
    let (text, number) = input;
    let read = text.parse::<Expression>();
    let list = Value::List(vec![Value::Number(number), "a".into(), Value::Nil]);
    for result in [Value::Nil, Value::Number(number), Value::Text(text.into()), list] {
        let again = read.as_ref().map(|expression| expression.evaluate(&result));
        assert_eq!(again, read.as_ref().map(|expression| expression.evaluate(&result)));
    }
    let mut template = AnalysisTemplate::default();
    template.spec.metrics = vec![Metric::new("m").with_conditions(text, "")];
    assert!(read.is_ok() || text.is_empty() || to_gate_spec(&template).is_err());
});
