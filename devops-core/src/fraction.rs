//! Exact fractions of any size: what scores of maturity are counted in, and baselines compared in.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use num_bigint::{BigInt, Sign};

use crate::{Decimal, Number, Ratio, Unit, Value, ValueError};

/// The largest exponent of ten that is read from text.
const MAX_EXPONENT: i32 = 400;
/// The longest text that is read, in bytes.
const MAX_TEXT: usize = 20_000;
/// A decimal of this many places at most is written as one; else a fraction is.
const MAX_PLACES: u32 = 30;

/// An exact fraction of any size: scores, credits and weights are counted in it, so that no score depends on
/// the order of a sum, and three thirds are one.
///
/// In files it is a number where that is exact for every reader (at most 15 digits), else text such as
/// `"22/3"`. Shown, it is rounded half to even, to six decimals unless the format says otherwise.
///
/// ```
/// use devops_core::Fraction;
///
/// let third: Fraction = "1/3".parse()?;
/// assert_eq!(third.clone() + third.clone() + third.clone(), Fraction::ONE);
/// assert_eq!(format!("{third} {third:.1}"), "0.333333 0.3");
/// assert_eq!(Fraction::from_f64(0.1)? + Fraction::from_f64(0.2)?, "0.3".parse()?);
/// assert!("1/0".parse::<Fraction>().is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Fraction(Form);

/// In lowest terms with a denominator above 0; `Large` only where `Small` cannot hold it, so that equal values
/// are equal forms.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    Small { numerator: i128, denominator: i128 },
    Large(Box<(BigInt, BigInt)>),
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

/// In lowest terms; `None` where 128 bits do not hold it or the denominator is not above 0.
fn small(numerator: i128, denominator: i128) -> Option<Form> {
    if denominator < 1 {
        return None;
    }
    let divisor = i128::try_from(gcd(numerator.unsigned_abs(), denominator.unsigned_abs())).ok()?;
    let (numerator, denominator) = (numerator.checked_div(divisor)?, denominator.checked_div(divisor)?);
    Some(Form::Small { numerator, denominator })
}

/// In lowest terms; the denominator must not be 0.
fn large(numerator: BigInt, denominator: BigInt) -> Form {
    let (mut a, mut b) = (numerator.clone(), denominator.clone());
    while b.sign() != Sign::NoSign {
        (a, b) = (b.clone(), a % b);
    }
    if (a.sign() == Sign::Minus) != (denominator.sign() == Sign::Minus) {
        a = -a;
    }
    let (numerator, denominator) = (numerator / &a, denominator / a);
    match (i128::try_from(&numerator), i128::try_from(&denominator)) {
        (Ok(numerator), Ok(denominator)) => Form::Small { numerator, denominator },
        _ => Form::Large(Box::new((numerator, denominator))),
    }
}

impl Fraction {
    /// 0.
    pub const ZERO: Self = Self(Form::Small { numerator: 0, denominator: 1 });
    /// 1.
    pub const ONE: Self = Self(Form::Small { numerator: 1, denominator: 1 });

    /// The value of the shortest decimal that reads back as `value`: 0.1 is one tenth.
    ///
    /// # Errors
    ///
    /// [`ValueError::NotFinite`] for NaN and infinities.
    ///
    /// ```
    /// use devops_core::Fraction;
    ///
    /// assert_eq!(Fraction::from_f64(0.25)?, Fraction::of(1, 4));
    /// assert!(Fraction::from_f64(f64::NAN).is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn from_f64(value: f64) -> Result<Self, ValueError> {
        Number::new(value).map(Self::from)
    }

    /// `numerator / denominator`; 0 where the denominator is 0.
    ///
    /// ```
    /// assert_eq!(devops_core::Fraction::of(2, 8).to_string(), "0.25");
    /// ```
    #[must_use]
    pub fn of(numerator: u64, denominator: u64) -> Self {
        small(i128::from(numerator), i128::from(denominator)).map_or(Self::ZERO, Self)
    }

    /// The number behind a value in that unit, a fraction in percent counting hundredths; `None` where there is none.
    ///
    /// ```
    /// use devops_core::{Fraction, Unit, Value};
    ///
    /// let third = Value::Fraction { part: 1, whole: 3 };
    /// assert_eq!(Fraction::of_value(&third, Unit::Ratio), Some(Fraction::of(1, 3)));
    /// assert_eq!(Fraction::of_value(&third, Unit::Percent), Some(Fraction::of(100, 3)));
    /// assert_eq!(Fraction::of_value(&Value::from(true), Unit::None), None);
    /// ```
    #[must_use]
    pub fn of_value(value: &Value, unit: Unit) -> Option<Self> {
        match value {
            Value::Number { value } => Some(Decimal::from(*value).into()),
            Value::Fraction { part, whole } if *whole > 0 => {
                let scale = if unit == Unit::Percent { 100 } else { 1 };
                Some(Self::of(*part, *whole).times(&Self::of(scale, 1)))
            }
            _ => None,
        }
    }

    /// Numerator and denominator, the denominator above 0.
    fn parts(&self) -> (BigInt, BigInt) {
        match &self.0 {
            Form::Small { numerator, denominator } => (BigInt::from(*numerator), BigInt::from(*denominator)),
            Form::Large(parts) => (parts.0.clone(), parts.1.clone()),
        }
    }

    /// Numerator and denominator where 128 bits hold them.
    fn small_parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Form::Small { numerator, denominator } => Some((*numerator, *denominator)),
            Form::Large(_) => None,
        }
    }

    /// Exact: in 128 bits where that is enough, else in as many as it takes.
    fn combined(
        &self,
        other: &Self,
        narrow: impl Fn((i128, i128), (i128, i128)) -> Option<Form>,
        wide: impl Fn((BigInt, BigInt), (BigInt, BigInt)) -> Form,
    ) -> Self {
        if let (Some(a), Some(b)) = (self.small_parts(), other.small_parts())
            && let Some(result) = narrow(a, b)
        {
            return Self(result);
        }
        Self(wide(self.parts(), other.parts()))
    }

    /// The sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let narrow = |(a, b): (i128, i128), (c, d): (i128, i128)| {
            if b == d {
                return small(a.checked_add(c)?, b);
            }
            small(a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?, b.checked_mul(d)?)
        };
        self.combined(other, narrow, |(a, b), (c, d)| large(a * &d + c * &b, b * d))
    }

    /// With the sign turned.
    #[must_use]
    pub fn negated(&self) -> Self {
        match self.small_parts().and_then(|(a, b)| Some((a.checked_neg()?, b))) {
            Some((numerator, denominator)) => Self(Form::Small { numerator, denominator }),
            None => {
                let (numerator, denominator) = self.parts();
                Self(large(-numerator, denominator))
            }
        }
    }

    /// The difference.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let narrow = |(a, b): (i128, i128), (c, d): (i128, i128)| small(a.checked_mul(c)?, b.checked_mul(d)?);
        self.combined(other, narrow, |(a, b), (c, d)| large(a * c, b * d))
    }

    /// The quotient, or `None` where `other` is 0.
    ///
    /// ```
    /// use devops_core::Fraction;
    ///
    /// assert_eq!(Fraction::ONE.over(&Fraction::of(3, 1)), Some(Fraction::of(1, 3)));
    /// assert_eq!(Fraction::ONE.over(&Fraction::ZERO), None);
    /// ```
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let narrow = |(a, b): (i128, i128), (c, d): (i128, i128)| {
            let sign = c.signum();
            small(a.checked_mul(d)?.checked_mul(sign)?, b.checked_mul(c.checked_mul(sign)?)?)
        };
        Some(self.combined(other, narrow, |(a, b), (c, d)| large(a * d, b * c)))
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// Whether it is below 0.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Form::Small { numerator, .. } => *numerator < 0,
            Form::Large(parts) => parts.0.sign() == Sign::Minus,
        }
    }

    /// Without its sign.
    ///
    /// ```
    /// use devops_core::Fraction;
    ///
    /// assert_eq!("-2/3".parse::<Fraction>()?.magnitude(), Fraction::of(2, 3));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn magnitude(&self) -> Self {
        if self.is_negative() { self.negated() } else { self.clone() }
    }

    /// The nearest `f64`; infinite where none is near.
    ///
    /// ```
    /// assert_eq!(devops_core::Fraction::of(22, 3).get(), 22.0 / 3.0);
    /// ```
    #[must_use]
    pub fn get(&self) -> f64 {
        // Reading a decimal is correctly rounded; 40 digits decide every case that is not made for it.
        let (numerator, denominator) = self.parts();
        let length = |n: &BigInt| i64::try_from(n.bits()).unwrap_or(i64::MAX);
        let bits = length(&denominator).saturating_sub(length(&numerator));
        let shift = bits.saturating_mul(3).div_euclid(10).saturating_add(40);
        let places = u32::try_from(shift.unsigned_abs()).unwrap_or(u32::MAX).min(100_000);
        let power = BigInt::from(10).pow(places);
        let digits =
            if shift >= 0 { numerator * power / denominator } else { numerator / (denominator * power) };
        alloc::format!("{digits}e{}", shift.saturating_neg()).parse().unwrap_or(0.0)
    }

    /// The whole of it: a decimal of at most 30 places, else `numerator/denominator`; reads back as the same.
    ///
    /// ```
    /// use devops_core::Fraction;
    ///
    /// assert_eq!(Fraction::of(1, 8).to_exact_text(), "0.125");
    /// assert_eq!(Fraction::of(2, 6).to_exact_text(), "1/3");
    /// ```
    #[must_use]
    pub fn to_exact_text(&self) -> String {
        let (numerator, denominator) = self.parts();
        let (mut rest, mut twos, mut fives) = (denominator.clone(), 0_u32, 0_u32);
        let divides = |rest: &BigInt, prime: i32| (rest % prime).sign() == Sign::NoSign;
        while divides(&rest, 2) && twos <= MAX_PLACES {
            (rest, twos) = (rest / 2_i32, twos.saturating_add(1));
        }
        while divides(&rest, 5) && fives <= MAX_PLACES {
            (rest, fives) = (rest / 5_i32, fives.saturating_add(1));
        }
        let places = twos.max(fives);
        if rest == BigInt::from(1) && places <= MAX_PLACES {
            self.decimal(places)
        } else {
            alloc::format!("{numerator}/{denominator}")
        }
    }

    /// Rounded to `digits` decimals: `away` tells from the cut value's parity and the rest (below, at or above
    /// one half) whether to go one step further from zero.
    fn scaled(&self, digits: u32, away: impl Fn(bool, Ordering) -> bool) -> BigInt {
        let (numerator, denominator) = self.parts();
        let scaled = BigInt::from(numerator.magnitude().clone()) * BigInt::from(10).pow(digits);
        let (quotient, rest) = (&scaled / &denominator, &scaled % &denominator);
        let half = (rest * 2_i32).cmp(&denominator);
        let odd = (&quotient % 2_i32).sign() != Sign::NoSign;
        let size = if away(odd, half) { quotient + 1_i32 } else { quotient };
        if numerator.sign() == Sign::Minus { -size } else { size }
    }

    fn from_scaled(scaled: BigInt, digits: u32) -> Self {
        Self(large(scaled, BigInt::from(10).pow(digits)))
    }

    /// Rounded half to even to that many decimals.
    ///
    /// ```
    /// use devops_core::Fraction;
    ///
    /// assert_eq!(Fraction::of(76_850, 1_000).rounded_half_even(1).to_string(), "76.8");
    /// ```
    #[must_use]
    pub fn rounded_half_even(&self, digits: u32) -> Self {
        let away = |odd, half: Ordering| half.is_gt() || (half.is_eq() && odd);
        Self::from_scaled(self.scaled(digits, away), digits)
    }

    /// Cut to that many decimals, towards zero.
    ///
    /// ```
    /// assert_eq!(devops_core::Fraction::of(7_699, 100).truncated(1).to_string(), "76.9");
    /// ```
    #[must_use]
    pub fn truncated(&self, digits: u32) -> Self {
        Self::from_scaled(self.scaled(digits, |_, _| false), digits)
    }

    /// Cut to that many decimals, downwards.
    ///
    /// ```
    /// use devops_core::Fraction;
    ///
    /// let below_zero = "-0.25".parse::<Fraction>()?;
    /// assert_eq!(below_zero.floored(1).to_string(), "-0.3");
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn floored(&self, digits: u32) -> Self {
        let cut = self.truncated(digits);
        if cut > *self {
            let step = Self::from_scaled(BigInt::from(1), digits);
            return cut.minus(&step);
        }
        cut
    }

    /// Cut to the range from `low` to `high`.
    ///
    /// ```
    /// use devops_core::Fraction;
    ///
    /// assert_eq!(Fraction::of(3, 2).clamped(&Fraction::ZERO, &Fraction::ONE), Fraction::ONE);
    /// ```
    #[must_use]
    pub fn clamped(self, low: &Self, high: &Self) -> Self {
        if self < *low {
            low.clone()
        } else if self > *high {
            high.clone()
        } else {
            self
        }
    }

    fn decimal(&self, digits: u32) -> String {
        let scaled = self.scaled(digits, |odd, half| half.is_gt() || (half.is_eq() && odd));
        let text = scaled.magnitude().to_string();
        let places = usize::try_from(digits).unwrap_or(0);
        let padded = alloc::format!("{text:0>width$}", width = places.saturating_add(1));
        let (whole, fraction) =
            padded.split_at_checked(padded.len().saturating_sub(places)).unwrap_or(("0", ""));
        let sign = if scaled.sign() == Sign::Minus { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        alloc::format!("{sign}{whole}{point}{fraction}")
    }

    /// The decimal text, where the fraction has an end of at most 15 digits.
    fn short_decimal(&self) -> Option<String> {
        if self.rounded_half_even(15) != *self {
            return None;
        }
        let text = self.decimal(15);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        (text.bytes().filter(u8::is_ascii_digit).count() <= 15).then(|| text.to_string())
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $by:ident) => {
        impl core::ops::$trait for Fraction {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                self.$by(&other)
            }
        }
        impl core::ops::$trait<&Fraction> for &Fraction {
            type Output = Fraction;
            fn $method(self, other: &Fraction) -> Fraction {
                self.$by(other)
            }
        }
    };
}

operator!(Add, add, plus);
operator!(Sub, sub, minus);
operator!(Mul, mul, times);

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        let narrow = || {
            let ((a, b), (c, d)) = (self.small_parts()?, other.small_parts()?);
            Some(a.checked_mul(d)?.cmp(&c.checked_mul(b)?))
        };
        narrow().unwrap_or_else(|| {
            let difference = self.minus(other);
            if difference.is_negative() {
                Ordering::Less
            } else if difference.is_zero() {
                Ordering::Equal
            } else {
                Ordering::Greater
            }
        })
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Default for Fraction {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<Number> for Fraction {
    fn from(value: Number) -> Self {
        read_decimal(&alloc::format!("{:e}", value.get())).unwrap_or(Self::ZERO)
    }
}

impl From<Ratio> for Fraction {
    fn from(value: Ratio) -> Self {
        Self::of(value.micros(), 1_000_000)
    }
}

impl From<Decimal> for Fraction {
    fn from(value: Decimal) -> Self {
        let (negative, digits, exponent) = value.parts();
        let digits = if negative { -BigInt::from(digits) } else { BigInt::from(digits) };
        let power = BigInt::from(10).pow(exponent.unsigned_abs());
        let one = BigInt::from(1);
        Self(if exponent < 0 { large(digits, power) } else { large(digits * power, one) })
    }
}

impl From<u32> for Fraction {
    fn from(value: u32) -> Self {
        Self::of(value.into(), 1)
    }
}

impl core::iter::Sum for Fraction {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, |sum, value| sum.plus(&value))
    }
}

fn read_decimal(text: &str) -> Option<Fraction> {
    let (mantissa, power) = match text.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, power.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let bare = whole.strip_prefix('-').unwrap_or(whole);
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if bare.is_empty() || !digits(bare) || !digits(fraction) {
        return None;
    }
    let power = power.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    if power.unsigned_abs() > MAX_EXPONENT.unsigned_abs() {
        return None;
    }
    let number = alloc::format!("{whole}{fraction}").parse::<BigInt>().ok()?;
    let scale = BigInt::from(10).pow(power.unsigned_abs());
    let form = if power < 0 { large(number, scale) } else { large(number * scale, BigInt::from(1)) };
    Some(Fraction(form))
}

impl FromStr for Fraction {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let malformed = || {
            ValueError::malformed("fraction", text, "a decimal such as `0.25` or a fraction such as `22/3`")
        };
        if text.len() > MAX_TEXT {
            return Err(malformed());
        }
        match text.split_once('/') {
            Some((numerator, denominator)) if !denominator.starts_with('-') => {
                let whole = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                let parts = (whole(numerator) && whole(denominator))
                    .then(|| Some((read_decimal(numerator)?, read_decimal(denominator)?)))
                    .flatten();
                parts.and_then(|(n, d)| n.over(&d)).ok_or_else(malformed)
            }
            Some(_) => Err(malformed()),
            None => read_decimal(text).ok_or_else(malformed),
        }
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(6).min(40);
        let text = self.decimal(u32::try_from(digits).unwrap_or(6));
        let shown =
            if f.precision().is_none() { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        let zero = shown.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
        let shown = if zero { shown.trim_start_matches('-') } else { shown };
        match f.width() {
            // `pad` would cut at the precision, which has been applied already.
            Some(width) => write!(f, "{shown:>width$}"),
            None => f.write_str(shown),
        }
    }
}

impl fmt::Debug for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fraction({self})")
    }
}

impl serde::Serialize for Fraction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.short_decimal().and_then(|text| text.parse::<f64>().ok()) {
            Some(value) => serializer.serialize_f64(value),
            None => {
                let (numerator, denominator) = self.parts();
                serializer.collect_str(&format_args!("{numerator}/{denominator}"))
            }
        }
    }
}

impl<'de> serde::Deserialize<'de> for Fraction {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FractionVisitor)
    }
}

struct FractionVisitor;

impl serde::de::Visitor<'_> for FractionVisitor {
    type Value = Fraction;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a finite number or a fraction such as \"22/3\"")
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Fraction, E> {
        Fraction::from_f64(value).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Fraction, E> {
        Ok(Fraction::of(value, 1))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Fraction, E> {
        Ok(Fraction(Form::Small { numerator: i128::from(value), denominator: 1 }))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Fraction, E> {
        value.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    fn fraction(text: &str) -> Fraction {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_shows() {
        for (text, shown) in [
            ("0.25", "0.25"),
            ("-100/3", "-33.333333"),
            ("1/2000000", "0"),
            ("3/2000000", "0.000002"),
            ("-1/9000000", "0"),
            ("1e3", "1000"),
            ("1.5e-2", "0.015"),
            ("12", "12"),
        ] {
            assert_eq!(fraction(text).to_string(), shown, "{text}");
        }
        assert_eq!(format!("{:>6.1}|{:.0}", fraction("5/2"), fraction("5/2")), "   2.5|2");
        assert_eq!(format!("{:?}", fraction("5/2")), "Fraction(2.5)");
    }

    #[test]
    fn refuses_what_is_no_fraction() {
        for text in ["", "-", "1/0", "1/-2", "a", "1.-5", "1.5/2", "1e999", ".5", "--1", "1/2/3", "NaN"] {
            assert!(text.parse::<Fraction>().is_err(), "{text}");
        }
        assert!("9".repeat(30_000).parse::<Fraction>().is_err());
    }

    #[test]
    fn json_is_a_number_where_that_is_exact() {
        for (text, json) in [
            ("0.25", "0.25"),
            ("22/3", "\"22/3\""),
            ("-1/3", "\"-1/3\""),
            ("1e30", "\"1000000000000000000000000000000/1\""),
        ] {
            assert_eq!(serde_json::to_string(&fraction(text)).unwrap(), json);
            assert_eq!(serde_json::from_str::<Fraction>(json).unwrap(), fraction(text));
        }
        assert_eq!(serde_json::from_str::<Fraction>("-3").unwrap(), fraction("-3"));
        assert!(serde_json::from_str::<Fraction>("\"x\"").is_err());
    }

    #[test]
    fn nothing_is_too_large() {
        let huge = fraction("1e300");
        let back = huge.times(&huge).over(&huge).unwrap();
        assert_eq!(back, huge);
        assert_eq!(huge.minus(&huge), Fraction::ZERO);
        let prime = |p: u64| Fraction::of(1, p);
        let primes = [1_000_003, 1_000_033, 1_000_037, 1_000_039, 1_000_081, 1_000_099, 1_000_117, 1_000_121];
        let sum: Fraction = primes.into_iter().map(prime).sum();
        let rest = primes.into_iter().fold(sum, |rest, p| rest.minus(&prime(p)));
        assert_eq!(rest, Fraction::ZERO);
        assert!(matches!(rest.0, Form::Small { .. }));
    }

    #[test]
    fn exact_texts_read_back() {
        for (text, shown) in [
            ("-0", "0"),
            ("-2.50", "-2.5"),
            ("6/4", "1.5"),
            ("-1/3", "-1/3"),
            ("1/3000000", "1/3000000"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("1e-31", "1/10000000000000000000000000000000"),
        ] {
            assert_eq!(fraction(text).to_exact_text(), shown);
            assert_eq!(fraction(shown), fraction(text));
        }
    }

    #[test]
    fn values_and_decimals() {
        let of = |part, whole, unit| Fraction::of_value(&Value::Fraction { part, whole }, unit);
        assert_eq!(of(57, 100, Unit::Percent), Some(fraction("57")));
        assert_eq!(of(u64::MAX, 1, Unit::Percent), Some(fraction("1844674407370955161500")));
        assert_eq!(of(1, 0, Unit::Ratio), None);
        for text in ["-2.5", "1e-400", "12e300", "0"] {
            assert_eq!(Fraction::from(text.parse::<Decimal>().unwrap()), fraction(text));
        }
    }

    proptest! {
        #[test]
        fn keeps_what_floats_and_decimals_are(a in any::<f64>(), b in any::<f64>()) {
            let (Ok(a), Ok(b)) = (Number::new(a), Number::new(b)) else { return Ok(()) };
            let (da, db) = (Decimal::from(a), Decimal::from(b));
            prop_assert_eq!(Fraction::from(da).cmp(&Fraction::from(db)), da.cmp(&db));
            prop_assert_eq!(Fraction::from(da), Fraction::from(a));
            prop_assert_eq!(Fraction::from(a).get(), a.get());
            prop_assert_eq!(fraction(&Fraction::from(a).to_exact_text()), Fraction::from(a));
        }

        #[test]
        fn agrees_with_plain_fractions(a in -1000i64..1000, b in 1i64..1000, c in -1000i64..1000, d in 1i64..1000) {
            let (x, y) = (fraction(&format!("{a}/{b}")), fraction(&format!("{c}/{d}")));
            prop_assert_eq!(x.plus(&y), fraction(&format!("{}/{}", a * d + c * b, b * d)));
            prop_assert_eq!(x.times(&y), fraction(&format!("{}/{}", a * c, b * d)));
            prop_assert_eq!(x.plus(&y).minus(&y), x.clone());
            prop_assert_eq!(x.cmp(&y), (a * d).cmp(&(c * b)));
            prop_assert_eq!(x.get(), a as f64 / b as f64);
        }

        #[test]
        fn survives_json(n in any::<i64>(), d in 1i64..1_000_000) {
            let own = fraction(&format!("{n}/{d}"));
            let json = serde_json::to_string(&own).unwrap();
            prop_assert_eq!(serde_json::from_str::<Fraction>(&json).unwrap(), own);
        }

        #[test]
        fn rounding_keeps_order(a in any::<i32>(), b in any::<i32>(), d in 1i64..1000, digits in 0u32..3) {
            let (low, high) = (fraction(&format!("{}/{d}", a.min(b))), fraction(&format!("{}/{d}", a.max(b))));
            prop_assert!(low.rounded_half_even(digits) <= high.rounded_half_even(digits));
            prop_assert!(low.floored(digits) <= high.floored(digits));
            prop_assert!(low.truncated(digits) <= high.truncated(digits));
            prop_assert!(low.floored(digits) <= low);
        }

        #[test]
        fn never_panics(text in "[-+0-9.eE/]{0,40}", bits in any::<u64>()) {
            let _ = text.parse::<Fraction>();
            let _ = Fraction::from_f64(f64::from_bits(bits)).map(|f| f.get());
        }
    }
}
