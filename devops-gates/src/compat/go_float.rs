//! Numbers as the Go standard library reads them.

use alloc::string::String;

/// A number as Go's `strconv.ParseFloat(text, 64)` reads it, which is how Keptn and Argo Rollouts read theirs;
/// `None` where that is an error, an overflow included.
///
/// Decimal (`1e3`, `.5`, `5.`, `1_000`) and hexadecimal (`0x1p-2`) numbers, `inf`, `infinity` and `nan` in any case; a
/// sign before all of them but `nan`.
///
/// ```
/// use devops_gates::compat::go_float;
///
/// assert_eq!(go_float("1e3"), Some(1000.0));
/// assert_eq!(go_float("0x1p-2"), Some(0.25));
/// assert_eq!(go_float("-Inf"), Some(f64::NEG_INFINITY));
/// assert!(go_float("NaN").is_some_and(f64::is_nan));
/// assert_eq!(go_float("1e400"), None);
/// assert_eq!(go_float("80 %"), None);
/// ```
#[must_use]
pub fn go_float(text: &str) -> Option<f64> {
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = if body.eq_ignore_ascii_case("inf") || body.eq_ignore_ascii_case("infinity") {
        f64::INFINITY
    } else {
        let hex = body.strip_prefix("0x").or_else(|| body.strip_prefix("0X"));
        if !underscores_fit(body) {
            return None;
        }
        match hex {
            Some(digits) => hexadecimal(&without_underscores(digits))?,
            None => decimal(&without_underscores(body))?,
        }
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// Underscores stand between digits, or between the prefix and a digit.
fn underscores_fit(body: &str) -> bool {
    let hex = body.starts_with("0x") || body.starts_with("0X");
    let is_digit =
        |c: char| if hex { c.is_ascii_hexdigit() || matches!(c, 'x' | 'X') } else { c.is_ascii_digit() };
    let mut before = ' ';
    let mut after = body.chars().skip(1);
    for c in body.chars() {
        let next = after.next().unwrap_or(' ');
        if c == '_' && !(is_digit(before) && is_digit(next)) {
            return false;
        }
        before = c;
    }
    true
}

fn without_underscores(text: &str) -> String {
    text.chars().filter(|c| *c != '_').collect()
}

/// Digits with an optional point, and at least one digit.
fn is_mantissa(text: &str, is_digit: fn(&char) -> bool) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all = |part: &str| part.chars().all(|c| is_digit(&c));
    !(whole.is_empty() && fraction.is_empty()) && all(whole) && all(fraction)
}

/// A power as a whole number; one too large to matter is cut.
fn power(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits
        .trim_start_matches('0')
        .parse::<i64>()
        .unwrap_or(if digits.trim_matches('0').is_empty() { 0 } else { 1_000_000 });
    let magnitude = magnitude.min(1_000_000);
    Some(if negative { magnitude.saturating_neg() } else { magnitude })
}

fn decimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    if !is_mantissa(mantissa, char::is_ascii_digit) {
        return None;
    }
    if let Some(exponent) = exponent {
        power(exponent)?;
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// What follows `0x`: hexadecimal digits and a binary power.
fn hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    if !is_mantissa(mantissa, char::is_ascii_hexdigit) {
        return None;
    }
    let mut exponent = power(exponent)?;
    let (mut digits, mut lost, mut behind_point) = (0_u64, false, false);
    for c in mantissa.chars() {
        let Some(digit) = c.to_digit(16) else {
            behind_point = true;
            continue;
        };
        if digits >> 56 == 0 {
            digits = (digits << 4) | u64::from(digit);
            exponent = if behind_point { exponent.saturating_sub(4) } else { exponent };
        } else {
            lost |= digit != 0;
            exponent = if behind_point { exponent } else { exponent.saturating_add(4) };
        }
    }
    rounded(digits, lost, exponent)
}

/// `digits × 2^exponent`, rounded half to even once; `None` on overflow. `lost` says that more digits follow.
fn rounded(digits: u64, lost: bool, exponent: i64) -> Option<f64> {
    if digits == 0 {
        return Some(0.0);
    }
    let lead = digits.leading_zeros();
    let digits = (digits << lead) | u64::from(lost);
    // The value is digits × 2^exponent with the highest bit of 64 set.
    let exponent = exponent.saturating_sub(i64::from(lead));
    let top = exponent.saturating_add(63);
    if top > 1023 {
        return None;
    }
    // 53 bits are kept, fewer for a number below 2^-1022.
    let kept = 53_i64.saturating_add(top.saturating_add(1022).min(0));
    if kept < 0 {
        return Some(0.0);
    }
    let dropped = u32::try_from(64_i64.saturating_sub(kept)).ok()?;
    let whole = digits.checked_shr(dropped).unwrap_or(0);
    let rest = digits.checked_shl(kept.try_into().ok()?).unwrap_or(0);
    let half = 1_u64 << 63;
    let up = rest > half || (rest == half && whole & 1 == 1);
    #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
    let value = whole.saturating_add(u64::from(up)) as f64;
    let scale = exponent.saturating_add(i64::from(dropped));
    // Two exact steps, as 2^-1074 is no normal number.
    let low = scale.clamp(-1000, 1000);
    let value = value * two_to(low) * two_to(scale.saturating_sub(low));
    value.is_finite().then_some(value)
}

/// `2^power` for a power of -1022 to 1023.
fn two_to(power: i64) -> f64 {
    let biased = u64::try_from(power.saturating_add(1023)).unwrap_or(0);
    f64::from_bits(biased << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_reads() {
        for (text, value) in [
            ("0", 0.0),
            ("-0", 0.0),
            ("+10", 10.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1E-3", 0.001),
            ("1e+3", 1000.0),
            ("1_23.50_0_0e+1_2", 1.235e14),
            ("0x_1_2.3_4_5p+1_2", 74565.0),
            ("0X1P-2", 0.25),
            ("0x1.fffffffffffff8p1023", f64::NAN),
            ("0x1p-1074", 5e-324),
            ("0x1p-1075", 0.0),
            ("0x1.8p-1075", 5e-324),
            ("0x0p99999999999", 0.0),
            ("0x1.fffffffffffffp1023", f64::MAX),
            ("0x10000000000000801p0", 18_446_744_073_709_556_000.0),
            ("1e-400", 0.0),
            ("iNf", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            if value.is_nan() {
                assert_eq!(go_float(text), None, "{text}");
            } else {
                assert_eq!(go_float(text), Some(value), "{text}");
            }
        }
        assert!(go_float("nAn").is_some_and(f64::is_nan));
    }

    #[test]
    fn what_go_refuses() {
        for text in [
            "", "-", "+", ".", "e3", "1e", "1e+", "-nan", "+nan", "infin", "0x", "0x1", "0x1p", "0xp1", "1 ",
            " 1", "1,5", "1_", "_1", "1__0", "1._5", "1_.5", "1e_3", "1e3_", "--1", "+-1", "1e400",
            "0x1p1024", "1p3", "0b1", "1f", "½",
        ] {
            assert_eq!(go_float(text), None, "{text}");
        }
    }
}
