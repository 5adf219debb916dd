//! Exact fractions without bounds: what a baseline and its offsets are compared in.

use alloc::string::{String, ToString as _};
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use devops_core::{Decimal, Unit, Value, ValueError, excerpt};
use num_bigint::{BigInt, Sign};

/// A decimal of this many places at most is shown as one; else a fraction is.
const MAX_PLACES: u32 = 30;
/// The longest text that is read as one, in bytes.
const MAX_TEXT: usize = 20_000;

/// An exact fraction in lowest terms.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Exact {
    numerator: BigInt,
    /// Above zero.
    denominator: BigInt,
}

fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10_u8).pow(exponent)
}

fn magnitude(number: &BigInt) -> BigInt {
    if number.sign() == Sign::Minus { -number } else { number.clone() }
}

impl Exact {
    /// In lowest terms; 0 where the denominator is 0.
    fn new(numerator: BigInt, denominator: BigInt) -> Self {
        let (mut a, mut b) = (magnitude(&numerator), magnitude(&denominator));
        while b.sign() != Sign::NoSign {
            let rest = &a % &b;
            (a, b) = (b, rest);
        }
        match (a.sign(), denominator.sign()) {
            (Sign::NoSign, _) | (_, Sign::NoSign) => Self::from(Decimal::ZERO),
            (_, Sign::Minus) => Self { numerator: -(numerator / &a), denominator: -(denominator / a) },
            _ => Self { numerator: numerator / &a, denominator: denominator / a },
        }
    }

    /// The number behind a value in that unit: a fraction in percent counts hundredths; `None` where there is none.
    pub(crate) fn of(value: &Value, unit: Unit) -> Option<Self> {
        match value {
            Value::Number { value } => Some(Decimal::from(*value).into()),
            Value::Fraction { part, whole } if *whole > 0 => {
                let scale = if unit == Unit::Percent { 100_u8 } else { 1 };
                Some(Self::new(BigInt::from(*part) * scale, BigInt::from(*whole)))
            }
            _ => None,
        }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self::new(
            &self.numerator * &other.denominator + &other.numerator * &self.denominator,
            &self.denominator * &other.denominator,
        )
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.plus(&Self { numerator: -&other.numerator, denominator: other.denominator.clone() })
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        Self::new(&self.numerator * &other.numerator, &self.denominator * &other.denominator)
    }

    /// The `numerator`-th part of `denominator` of it.
    pub(crate) fn scaled(&self, numerator: u64, denominator: u64) -> Self {
        Self::new(&self.numerator * numerator, &self.denominator * denominator)
    }

    pub(crate) fn magnitude(&self) -> Self {
        Self { numerator: magnitude(&self.numerator), denominator: self.denominator.clone() }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.numerator.sign() == Sign::NoSign
    }

    pub(crate) fn is_negative(&self) -> bool {
        self.numerator.sign() == Sign::Minus
    }

    /// The nearest `f64` or one beside it; infinite where none is near.
    pub(crate) fn get(&self) -> f64 {
        // Twenty-odd digits behind the leading one, whatever the size.
        let length = |n: &BigInt| i64::try_from(n.bits()).unwrap_or(i64::MAX);
        let bits = length(&self.denominator).saturating_sub(length(&self.numerator));
        let shift = bits.saturating_mul(3).div_euclid(10).saturating_add(24);
        let places = u32::try_from(shift.unsigned_abs()).unwrap_or(u32::MAX).min(100_000);
        let digits = if shift >= 0 {
            &self.numerator * power_of_ten(places) / &self.denominator
        } else {
            &self.numerator / (&self.denominator * power_of_ten(places))
        };
        alloc::format!("{digits}e{}", shift.saturating_neg()).parse().unwrap_or(f64::NAN)
    }

    /// As a decimal, where it is one of few places.
    fn decimal(&self) -> Option<String> {
        let (mut rest, mut twos, mut fives) = (self.denominator.clone(), 0_u32, 0_u32);
        let (two, five) = (BigInt::from(2_u8), BigInt::from(5_u8));
        while (&rest % &two).sign() == Sign::NoSign && twos <= MAX_PLACES {
            (rest, twos) = (rest / &two, twos.saturating_add(1));
        }
        while (&rest % &five).sign() == Sign::NoSign && fives <= MAX_PLACES {
            (rest, fives) = (rest / &five, fives.saturating_add(1));
        }
        let places = twos.max(fives);
        if rest != BigInt::from(1_u8) || places > MAX_PLACES {
            return None;
        }
        let digits = &self.numerator * power_of_ten(places) / &self.denominator;
        if places == 0 {
            return Some(digits.to_string());
        }
        let places = usize::try_from(places).ok()?;
        let padded = alloc::format!("{:0>width$}", magnitude(&digits), width = places.saturating_add(1));
        let (whole, fraction) = padded.split_at_checked(padded.len().checked_sub(places)?)?;
        let sign = if self.is_negative() { "-" } else { "" };
        Some(alloc::format!("{sign}{whole}.{fraction}"))
    }

    /// For people: a decimal, cut to six places with `about` in front where it is longer.
    pub(crate) fn shown(&self) -> String {
        match self.decimal() {
            Some(text) if text.len() <= 24 => text,
            _ => {
                let value = self.get();
                if !(1e-3..1e15).contains(&value.abs()) {
                    return alloc::format!("about {value:e}");
                }
                let text = alloc::format!("{value:.6}");
                alloc::format!("about {}", text.trim_end_matches('0').trim_end_matches('.'))
            }
        }
    }
}

impl From<Decimal> for Exact {
    fn from(decimal: Decimal) -> Self {
        let (negative, digits, exponent) = decimal.parts();
        let digits = if negative { -BigInt::from(digits) } else { BigInt::from(digits) };
        let power = power_of_ten(exponent.unsigned_abs());
        if exponent >= 0 {
            Self { numerator: digits * power, denominator: BigInt::from(1_u8) }
        } else {
            let (numerator, denominator) = (digits, power);
            if numerator.sign() == Sign::NoSign {
                return Self { numerator, denominator: BigInt::from(1_u8) };
            }
            Self::new(numerator, denominator)
        }
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Exact {
    /// A decimal, or `numerator/denominator` where that would be long or endless.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decimal() {
            Some(text) => f.write_str(&text),
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exact({self})")
    }
}

impl FromStr for Exact {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let malformed =
            || ValueError::malformed("fraction", &excerpt(text), "a decimal or `numerator/denominator`");
        if text.len() > MAX_TEXT {
            return Err(malformed());
        }
        let whole = |text: &str| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let fine = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            text.parse::<BigInt>().ok().filter(|_| fine).ok_or_else(malformed)
        };
        if let Some((numerator, denominator)) = text.split_once('/') {
            let denominator = whole(denominator)?;
            if denominator.sign() != Sign::Plus {
                return Err(malformed());
            }
            return Ok(Self::new(whole(numerator)?, denominator));
        }
        let (digits, places) = match text.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() && !whole.is_empty() => {
                (alloc::format!("{whole}{fraction}"), fraction.len())
            }
            Some(_) => return Err(malformed()),
            None => (text.into(), 0),
        };
        let places = u32::try_from(places).map_err(|_| malformed())?;
        Ok(Self::new(whole(&digits)?, power_of_ten(places)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use devops_core::Number;
    use proptest::prelude::*;

    fn exact(text: &str) -> Exact {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes() {
        for (text, shown, for_people) in [
            ("0", "0", "0"),
            ("-0", "0", "0"),
            ("0/7", "0", "0"),
            ("-2.50", "-2.5", "-2.5"),
            ("6/4", "1.5", "1.5"),
            ("-1/3", "-1/3", "about -0.333333"),
            ("0.05", "0.05", "0.05"),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890",
                "about 1.2345678901234568e29",
            ),
            ("1/3000000", "1/3000000", "about 3.3333333333333335e-7"),
        ] {
            assert_eq!(exact(text).to_string(), shown);
            assert_eq!(exact(text).shown(), for_people);
            assert_eq!(exact(shown), exact(text));
        }
        for text in
            ["", "-", "1/0", "1/-2", "1/", "/2", "1.", ".5", "+1", "1e3", "1_0", "0x1", "1/2/3", "NaN"]
        {
            assert!(text.parse::<Exact>().is_err(), "{text}");
        }
    }

    #[test]
    fn fractions_stay_whole() {
        let third = Exact::of(&Value::Fraction { part: 1, whole: 3 }, Unit::Ratio).unwrap();
        assert_eq!(third.plus(&third).plus(&third), exact("1"));
        assert_eq!(Exact::of(&Value::Fraction { part: 1, whole: 0 }, Unit::Ratio), None);
        assert_eq!(Exact::of(&Value::Fraction { part: 57, whole: 100 }, Unit::Percent), Some(exact("57")));
        assert_eq!(Exact::of(&Value::from(true), Unit::Count), None);
    }

    proptest! {
        #[test]
        fn agrees_with_decimals(a in any::<f64>(), b in any::<f64>()) {
            let (Ok(a), Ok(b)) = (Number::new(a), Number::new(b)) else { return Ok(()) };
            let (da, db) = (Decimal::from(a), Decimal::from(b));
            prop_assert_eq!(Exact::from(da).cmp(&Exact::from(db)), da.cmp(&db));
            let back = Exact::from(da).get();
            prop_assert!(back == a.get() || back == a.get().next_up() || back == a.get().next_down(), "{} {}", back, a);
        }

        #[test]
        fn sums_and_products(a in -50i32..50, b in 1i32..50, c in -50i32..50, d in 1i32..50) {
            let (x, y) = (exact(&alloc::format!("{a}/{b}")), exact(&alloc::format!("{c}/{d}")));
            prop_assert_eq!(x.plus(&y), exact(&alloc::format!("{}/{}", a * d + c * b, b * d)));
            prop_assert_eq!(x.minus(&y), exact(&alloc::format!("{}/{}", a * d - c * b, b * d)));
            prop_assert_eq!(x.times(&y), exact(&alloc::format!("{}/{}", a * c, b * d)));
            prop_assert_eq!(x.to_string().parse::<Exact>().unwrap(), x);
        }
    }
}
