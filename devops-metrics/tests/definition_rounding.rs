//! Rounding of durations as tools do it.

#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "tests may panic, and their numbers are small"
)]

use devops_metrics::definition::Rounding;
use proptest::prelude::*;

/// Hundredths of an hour by the digits of the float: written with so many that it is the float itself.
fn hundredths(millis: i64) -> i64 {
    let hours = millis as f64 / 3.6e6;
    let digits = format!("{:.60}", hours.abs());
    let (_, fraction) = digits.split_once('.').unwrap();
    if fraction[2..].trim_end_matches('0') == "5" {
        // Right in the middle: away from zero.
        return millis.signum() * (millis.abs() / 36_000 + 1);
    }
    (format!("{hours:.2}").parse::<f64>().unwrap() * 100.0).round() as i64
}

proptest! {
    #[test]
    fn hundredths_of_an_hour_are_those_that_a_float_is_written_with(
        any in -1_000_000_000..1_000_000_000_i64,
        halves in -60_000..60_000_i64,
    ) {
        for millis in [any, halves * 18_000] {
            let rounded = Rounding::NearestHundredthHours.apply(millis);
            prop_assert_eq!(rounded, hundredths(millis) * 36_000, "{} ms", millis);
        }
    }
}
