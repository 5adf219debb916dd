#![no_main]
//! A criterion is read or refused as Go and Keptn would; what is read is held against any value.

use devops_gates::compat::go_float;
use devops_gates::compat::keptn::{SliResult, evaluate_criterion, parse_criterion};

libfuzzer_sys::fuzz_target!(|input: (f64, f64, &str)| {
    let (measured, old, text) = input;
    if let Some(number) = go_float(text) {
        // What is finite here reads the same in its shortest form.
        assert!(!number.is_finite() || go_float(&number.to_string()) == Some(number));
    }
    let criterion = parse_criterion(text);
    for previous in [&[][..], &[SliResult::new("m", old)]] {
        for function in ["avg", "p95"] {
            let check = evaluate_criterion(&SliResult::new("m", measured), text, previous, function);
            assert_eq!(check.is_ok(), criterion.is_ok());
            let relative = criterion.as_ref().is_ok_and(|c| c.relative);
            assert!(!relative || !previous.is_empty() || check.is_ok_and(|c| c.satisfied));
        }
    }
});
