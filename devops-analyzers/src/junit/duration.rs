//! Times as test runners write them.

use core::time::Duration;

/// Seconds as a test runner writes them: `0.25`, `1,234.5` (a comma between thousands), `0,25` (a decimal comma),
/// `1e-3`; `None` for blank, negative, infinite and other texts. Kept to the microsecond.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim().trim_end_matches('s');
    let plain = match (text.rfind(','), text.rfind('.')) {
        (Some(comma), Some(point)) if comma > point => text.replace('.', "").replace(',', "."),
        (Some(_), Some(_)) => text.replace(',', ""),
        // One comma alone is a decimal one; several stand between thousands.
        (Some(_), None) if text.matches(',').count() == 1 => text.replace(',', "."),
        (Some(_), None) => text.replace(',', ""),
        (None, _) => text.to_owned(),
    };
    let value: f64 = plain.parse().ok()?;
    let micros = libm::round(value * 1e6);
    if !(0.0..9e18).contains(&micros) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
    Some(Duration::from_micros(micros as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times() {
        for (text, millis) in [
            ("0.25", Some(250)),
            (" 1,234.5 ", Some(1_234_500)),
            ("1.234,5", Some(1_234_500)),
            ("0,25", Some(250)),
            ("1,234,567", Some(1_234_567_000)),
            ("1e-3", Some(1)),
            ("2s", Some(2000)),
            ("0", Some(0)),
            ("-0.0", Some(0)),
            ("", None),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("1e300", None),
            ("n/a", None),
        ] {
            assert_eq!(seconds(text), millis.map(Duration::from_millis), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,20}") {
            let _ = seconds(&text);
        }
    }
}
