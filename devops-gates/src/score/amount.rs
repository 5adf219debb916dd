//! Exact fractions: what a term of a score amounts to.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use devops_core::{Score, ValueError};

const MICROS: i128 = 1_000_000;

/// An exact fraction: what a term adds to a score or takes from it.
///
/// Terms are kept as fractions so that they add up to the score without a rounding in between; the score
/// itself is rounded once. In files it is text: a decimal of at most six places where that is exact (`-0.8`),
/// else a fraction (`-100/3`). Shown, it is rounded half to even to six decimals.
///
/// ```
/// use devops_gates::Amount;
///
/// let third: Amount = "1/3".parse()?;
/// assert_eq!(third.plus(third).plus(third).to_string(), "1");
/// assert_eq!(third.to_string(), "0.333333");
/// assert!("1/0".parse::<Amount>().is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount {
    numerator: i128,
    /// Above 0, without a common divisor with the numerator.
    denominator: i128,
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

/// `numerator / denominator`, half to even; `None` for a denominator below 1.
fn round_half_even(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator < 1 {
        return None;
    }
    let floor = numerator.checked_div_euclid(denominator)?;
    let rest = numerator.checked_rem_euclid(denominator)?;
    let twice = rest.checked_mul(2)?;
    let up = twice > denominator || (twice == denominator && floor.checked_rem_euclid(2)? == 1);
    floor.checked_add(i128::from(up))
}

impl Amount {
    /// 0.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// 10, where every score by deduction begins.
    pub const TEN: Self = Self { numerator: 10, denominator: 1 };

    /// A fraction in lowest terms; 0 where the denominator is 0.
    pub(crate) fn ratio(numerator: i128, denominator: i128) -> Self {
        let divisor = i128::try_from(gcd(numerator.unsigned_abs(), denominator.unsigned_abs())).unwrap_or(1);
        let sign = if denominator < 0 { -1 } else { 1 };
        let part = |n: i128| n.checked_div(divisor).and_then(|n| n.checked_mul(sign));
        match (part(numerator), part(denominator)) {
            (Some(numerator), Some(denominator)) if denominator > 0 => Self { numerator, denominator },
            _ => Self::ZERO,
        }
    }

    /// That many millionths.
    pub(crate) fn from_micros(micros: u64) -> Self {
        Self::ratio(i128::from(micros), MICROS)
    }

    /// The sum. Exact for every amount of a score; beyond 2¹²⁷ it is that of the rounded millionths.
    ///
    /// ```
    /// use devops_gates::Amount;
    ///
    /// assert_eq!(Amount::TEN.plus("-2.5".parse()?).to_string(), "7.5");
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let exact = || {
            let divisor =
                i128::try_from(gcd(self.denominator.unsigned_abs(), other.denominator.unsigned_abs()))
                    .ok()?;
            let own = other.denominator.checked_div(divisor)?;
            let its = self.denominator.checked_div(divisor)?;
            let numerator =
                self.numerator.checked_mul(own)?.checked_add(other.numerator.checked_mul(its)?)?;
            Some(Self::ratio(numerator, self.denominator.checked_mul(own)?))
        };
        exact().unwrap_or_else(|| Self::ratio(self.micros().saturating_add(other.micros()), MICROS))
    }

    /// The product with a whole number, cut to what a fraction can hold.
    pub(crate) fn times(self, factor: i128) -> Self {
        match self.numerator.checked_mul(factor) {
            Some(numerator) => Self::ratio(numerator, self.denominator),
            None => Self::ratio(self.micros().saturating_mul(factor), MICROS),
        }
    }

    /// The product with `numerator / denominator`.
    pub(crate) fn scaled(self, numerator: i128, denominator: i128) -> Self {
        match (self.numerator.checked_mul(numerator), self.denominator.checked_mul(denominator)) {
            (Some(n), Some(d)) => Self::ratio(n, d),
            _ => self.times(numerator),
        }
    }

    /// With the sign turned.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { numerator: self.numerator.saturating_neg(), denominator: self.denominator }
    }

    /// The smaller one.
    pub(crate) fn at_most(self, other: Self) -> Self {
        if other.plus(self.negated()).numerator < 0 { other } else { self }
    }

    /// Whether it is 0.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// In millionths, half to even.
    pub(crate) fn micros(self) -> i128 {
        self.numerator.checked_mul(MICROS).and_then(|n| round_half_even(n, self.denominator)).unwrap_or_else(
            || self.numerator.checked_div(self.denominator).unwrap_or(0).saturating_mul(MICROS),
        )
    }

    /// As a score: rounded half to even to its step, cut to 0 and 10.
    ///
    /// ```
    /// use devops_core::Score;
    /// use devops_gates::Amount;
    ///
    /// assert_eq!("22/3".parse::<Amount>()?.to_score(), Score::new(7.333333)?);
    /// assert_eq!("-1".parse::<Amount>()?.to_score(), Score::MIN);
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn to_score(self) -> Score {
        Score::saturating_from_micros(u64::try_from(self.micros().max(0)).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.micros();
        let size = micros.unsigned_abs();
        let fraction = alloc::format!("{:06}", size % 1_000_000);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        let sign = if micros < 0 { "-" } else { "" };
        f.pad(&alloc::format!("{sign}{}{point}{fraction}", size / 1_000_000))
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({})", String::from(*self))
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        if MICROS.checked_rem(amount.denominator) == Some(0) {
            amount.to_string()
        } else {
            alloc::format!("{}/{}", amount.numerator, amount.denominator)
        }
    }
}

impl FromStr for Amount {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let malformed = || {
            ValueError::malformed("amount", text, "a decimal such as `-0.8` or a fraction such as `-100/3`")
        };
        let whole = |part: &str| part.parse::<i128>().map_err(|_| malformed());
        if let Some((numerator, denominator)) = text.split_once('/') {
            let denominator = whole(denominator)?;
            if denominator < 1 {
                return Err(malformed());
            }
            return Ok(Self::ratio(whole(numerator)?, denominator));
        }
        let (number, fraction) = text.split_once('.').unwrap_or((text, ""));
        let bare = number.strip_prefix('-').unwrap_or(number);
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if bare.is_empty() || fraction.len() > 6 || !digits(bare) || !digits(fraction) {
            return Err(malformed());
        }
        let digits = whole(&alloc::format!("{number}{fraction:0<6}"))?;
        Ok(Self::ratio(digits, MICROS))
    }
}

impl TryFrom<String> for Amount {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn shows_half_to_even() {
        for (text, shown) in [
            ("-0.8", "-0.8"),
            ("-100/3", "-33.333333"),
            ("1/2000000", "0"),
            ("3/2000000", "0.000002"),
            ("-0.000001", "-0.000001"),
            ("12", "12"),
        ] {
            assert_eq!(amount(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in ["", "-", "1/0", "1/-2", "1.2345678", "a", "1.-5", "1e3"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn extremes_do_not_panic() {
        let huge = Amount::ratio(i128::MIN, 3);
        assert_eq!(huge.plus(huge).to_score(), Score::MIN);
        assert_eq!(Amount::ratio(i128::MAX, 1).times(i128::MAX).to_score(), Score::MAX);
        assert_eq!(Amount::ratio(i128::MIN, i128::MIN).plus(huge).to_score(), Score::MIN);
    }

    proptest! {
        #[test]
        fn round_trips(n in -1_000_000_000_000i128..1_000_000_000_000, d in 1i128..1_000_000_000) {
            let own = Amount::ratio(n, d);
            let json = serde_json::to_string(&own).unwrap();
            prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), own);
        }

        #[test]
        fn sums_do_not_depend_on_order(
            a in -1000i128..1000, b in 1i128..1000, c in -1000i128..1000, d in 1i128..1000,
        ) {
            let (x, y) = (Amount::ratio(a, b), Amount::ratio(c, d));
            prop_assert_eq!(x.plus(y), y.plus(x));
            prop_assert_eq!(x.plus(y), Amount::ratio(a * d + c * b, b * d));
            prop_assert_eq!(x.plus(y).plus(y.negated()), x);
        }
    }
}
