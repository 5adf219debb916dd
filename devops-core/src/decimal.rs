//! Exact decimals: thresholds as they were written.

use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use crate::{Number, ValueError};

/// Significant digits that a [`Decimal`] may have.
const MAX_DIGITS: usize = 34;
/// Exponents that a [`Decimal`] may have, either way.
const MAX_EXPONENT: i32 = 400;

/// A decimal number exactly as written, up to 34 significant digits.
///
/// Thresholds are decimals and measured values are taken as their shortest decimal, so that 79.9999996 does
/// not reach 80 and 0.1 + 0.2 decides nothing. Counts are compared as fractions: 57 of 100 reaches 57 %.
///
/// ```
/// use core::cmp::Ordering;
/// use devops_core::{Decimal, Number};
///
/// let threshold: Decimal = "80".parse()?;
/// assert!(Decimal::from(Number::new(79.999_999_6)?) < threshold);
/// assert_eq!("57".parse::<Decimal>()?.cmp_fraction(57 * 100, 100), Some(Ordering::Equal));
/// assert_eq!("1e-3".parse::<Decimal>()?.to_string(), "0.001");
/// assert!("NaN".parse::<Decimal>().is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    /// Without trailing zeros; 0 has exponent 0 and no sign.
    digits: u128,
    exponent: i32,
}

impl Decimal {
    /// 0.
    pub const ZERO: Self = Self { negative: false, digits: 0, exponent: 0 };

    /// The nearest `f64`.
    ///
    /// ```
    /// assert_eq!("0.1".parse::<devops_core::Decimal>()?.get(), 0.1);
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn get(self) -> f64 {
        let text =
            alloc::format!("{}{}e{}", if self.negative { "-" } else { "" }, self.digits, self.exponent);
        text.parse().unwrap_or(0.0)
    }

    /// Sign, digits and power of ten: `(negative, digits, exponent)` stands for ±digits × 10^exponent, the digits
    /// without trailing zeros.
    ///
    /// ```
    /// assert_eq!("-2.50".parse::<devops_core::Decimal>()?.parts(), (true, 25, -1));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub const fn parts(self) -> (bool, u128, i32) {
        (self.negative, self.digits, self.exponent)
    }

    /// The same with the other sign.
    ///
    /// ```
    /// use devops_core::Decimal;
    ///
    /// assert_eq!("2.5".parse::<Decimal>()?.negated(), "-2.5".parse()?);
    /// assert_eq!(Decimal::ZERO.negated(), Decimal::ZERO);
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { negative: !self.negative && self.digits != 0, ..self }
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.negative
    }

    /// How this decimal stands to `numerator / denominator`, exactly; `None` where the denominator is 0.
    ///
    /// ```
    /// use core::cmp::Ordering;
    /// use devops_core::Decimal;
    ///
    /// let third: Decimal = "0.3333333333333333".parse()?;
    /// assert_eq!(third.cmp_fraction(1, 3), Some(Ordering::Less));
    /// assert_eq!(third.cmp_fraction(1, 0), None);
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn cmp_fraction(self, numerator: u64, denominator: u64) -> Option<Ordering> {
        self.cmp_fraction_scaled(numerator, denominator, 1)
    }

    /// The same against `scale × numerator / denominator`.
    pub(crate) fn cmp_fraction_scaled(
        self,
        numerator: u64,
        denominator: u64,
        scale: u32,
    ) -> Option<Ordering> {
        let numerator = u128::from(numerator).saturating_mul(u128::from(scale));
        let denominator = u128::from(denominator);
        let whole = numerator.checked_div(denominator)?;
        let mut rest = numerator.checked_rem(denominator)?;
        if self.negative {
            return Some(Ordering::Less);
        }
        let places = u32::try_from(self.exponent.saturating_neg().max(0)).unwrap_or(0);
        let (own_whole, own_fraction) = if self.exponent >= 0 {
            let scale = 10_u128.checked_pow(self.exponent.unsigned_abs());
            match scale.and_then(|s| self.digits.checked_mul(s)) {
                Some(value) => (value, 0),
                None => return Some(Ordering::Greater),
            }
        } else {
            match 10_u128.checked_pow(places) {
                Some(scale) => (self.digits.checked_div(scale)?, self.digits.checked_rem(scale)?),
                None => (0, self.digits),
            }
        };
        if own_whole != whole {
            return Some(own_whole.cmp(&whole));
        }
        for place in (0..places).rev() {
            let scale = 10_u128.checked_pow(place);
            let own_digit = scale.and_then(|s| own_fraction.checked_div(s)).map_or(0, |d| d % 10);
            let ten_rests = rest.saturating_mul(10);
            let digit = ten_rests.checked_div(denominator)?;
            rest = ten_rests.checked_rem(denominator)?;
            if own_digit != digit {
                return Some(own_digit.cmp(&digit));
            }
        }
        Some(if rest == 0 { Ordering::Equal } else { Ordering::Less })
    }

    fn normalised(negative: bool, mut digits: u128, mut exponent: i32) -> Self {
        if digits == 0 {
            return Self::ZERO;
        }
        while digits.is_multiple_of(10) {
            digits /= 10;
            exponent = exponent.saturating_add(1);
        }
        Self { negative, digits, exponent }
    }

    fn cmp_magnitude(self, other: Self) -> Ordering {
        let top =
            |d: Self| d.digits.checked_ilog10().map(|l| i64::from(l).saturating_add(i64::from(d.exponent)));
        top(self).cmp(&top(other)).then_with(|| {
            // The leading digits stand at the same place, so the shorter number is widened by at most 33 places.
            let shift = self.exponent.saturating_sub(other.exponent);
            let scale = 10_u128.saturating_pow(shift.unsigned_abs());
            if shift >= 0 {
                self.digits.saturating_mul(scale).cmp(&other.digits)
            } else {
                self.digits.cmp(&other.digits.saturating_mul(scale))
            }
        })
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.cmp_magnitude(*other),
            (true, true) => other.cmp_magnitude(*self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Decimal {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        const EXPECTED: &str = "a decimal number such as `80`, `-2.5` or `1e-3` of at most 34 digits";
        let malformed = || ValueError::malformed("decimal", text, EXPECTED);
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i32>().map_err(|_| malformed())?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = alloc::format!("{whole}{fraction}");
        let bad_form =
            all.is_empty() || (mantissa.contains('.') && (whole.is_empty() || fraction.is_empty()));
        if bad_form || !all.bytes().all(|b| b.is_ascii_digit()) {
            return Err(malformed());
        }
        let significant = all.trim_start_matches('0').trim_end_matches('0');
        if significant.len() > MAX_DIGITS {
            return Err(malformed());
        }
        if significant.is_empty() {
            return Ok(Self::ZERO);
        }
        let dropped = all.trim_start_matches('0').len().saturating_sub(significant.len());
        let digits = significant.parse::<u128>().map_err(|_| malformed())?;
        let places = i32::try_from(fraction.len()).map_err(|_| malformed())?;
        let dropped = i32::try_from(dropped).map_err(|_| malformed())?;
        let exponent = power.saturating_sub(places).saturating_add(dropped);
        if exponent.unsigned_abs() > MAX_EXPONENT.unsigned_abs() {
            return Err(malformed());
        }
        Ok(Self::normalised(negative, digits, exponent))
    }
}

impl From<Number> for Decimal {
    /// The shortest decimal that reads back as the same `f64`.
    fn from(value: Number) -> Self {
        alloc::format!("{:e}", value.get()).parse().unwrap_or(Self::ZERO)
    }
}

impl From<u64> for Decimal {
    fn from(value: u64) -> Self {
        Self::normalised(false, u128::from(value), 0)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let digits = self.digits.to_string();
        let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
        let text = if self.exponent >= 0 && self.exponent <= 20 {
            alloc::format!("{digits}{}", "0".repeat(usize::try_from(self.exponent).unwrap_or(0)))
        } else if self.exponent < 0 && length.saturating_add(self.exponent) > -8 {
            let places = usize::try_from(self.exponent.unsigned_abs()).unwrap_or(0);
            let padded = alloc::format!("{digits:0>width$}", width = places.saturating_add(1));
            let (whole, fraction) =
                padded.split_at_checked(padded.len().saturating_sub(places)).unwrap_or(("0", "0"));
            alloc::format!("{whole}.{fraction}")
        } else {
            alloc::format!("{digits}e{}", self.exponent)
        };
        f.pad(&alloc::format!("{sign}{text}"))
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self})")
    }
}

impl serde::Serialize for Decimal {
    /// As a number where every reader gets the same `f64` from it (at most 15 digits and a small exponent),
    /// else as a string.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.digits < 1_000_000_000_000_000 && self.exponent.unsigned_abs() <= 22 {
            serializer.serialize_f64(self.get())
        } else {
            serializer.collect_str(self)
        }
    }
}

impl<'de> serde::Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl serde::de::Visitor<'_> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a finite decimal number")
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Decimal, E> {
        Number::new(value).map(Decimal::from).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Decimal, E> {
        Ok(Decimal::normalised(value < 0, u128::from(value.unsigned_abs()), 0))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Decimal, E> {
        value.parse().map_err(E::custom)
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Decimal, E> {
        self.visit_str(&value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_prints() {
        for (text, shown) in [
            ("80", "80"),
            ("-2.50", "-2.5"),
            ("1e-3", "0.001"),
            ("+0.0", "0"),
            ("-0", "0"),
            ("123000", "123000"),
            ("1e30", "1e30"),
            ("1.5e-20", "15e-21"),
        ] {
            assert_eq!(decimal(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_decimal() {
        for text in ["", "-", ".5", "5.", "1e", "1e999", "NaN", "inf", "1,5", "0x1", "1 ", "1_0", "--1"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    #[test]
    fn compares_exactly() {
        assert!(decimal("79.9999996") < decimal("80"));
        assert!(decimal("1e400") > decimal("9e399"));
        assert!(decimal("-1") < decimal("0.5"));
        assert!(decimal("-2") < decimal("-1.5"));
        assert_eq!(decimal("57").cmp_fraction(5700, 100), Some(Ordering::Equal));
        assert_eq!(decimal("56.99999999999999").cmp_fraction(5700, 100), Some(Ordering::Less));
        assert_eq!(decimal("1e40").cmp_fraction(u64::MAX, 1), Some(Ordering::Greater));
        assert_eq!(decimal("1e-60").cmp_fraction(0, 1), Some(Ordering::Greater));
        assert_eq!(decimal("1e-60").cmp_fraction(1, u64::MAX), Some(Ordering::Less));
    }

    proptest! {
        #[test]
        fn agrees_with_whole_numbers(a in any::<i64>(), b in any::<i64>()) {
            prop_assert_eq!(decimal(&a.to_string()).cmp(&decimal(&b.to_string())), a.cmp(&b));
        }

        #[test]
        fn agrees_with_fractions(n in 0u64..10_000, d in 1u64..100, m in 0u64..1_000_000) {
            let own = decimal(&alloc::format!("{m}e-3"));
            let expected = (u128::from(m) * u128::from(d)).cmp(&(u128::from(n) * 1000));
            prop_assert_eq!(own.cmp_fraction(n, d), Some(expected));
        }

        #[test]
        fn floats_round_trip(bits in any::<u64>()) {
            if let Ok(number) = Number::new(f64::from_bits(bits)) {
                let decimal = Decimal::from(number);
                prop_assert_eq!(decimal.get(), number.get());
                let json = serde_json::to_string(&decimal).unwrap();
                prop_assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap(), decimal);
            }
        }

        #[test]
        fn never_panics(text in "[-+0-9.eE]{0,50}") {
            let _ = text.parse::<Decimal>();
        }
    }
}
