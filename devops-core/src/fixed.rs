//! Fixed-point values: scores, percents, ratios and weights.
//!
//! Each holds a whole number of millionths. So equality, order and sums are exact, a value survives
//! print-and-parse, and the order of a sum does not matter.

use alloc::string::ToString;
use core::fmt;

use crate::ValueError;

/// Millionths in one.
pub(crate) const ONE: u64 = 1_000_000;

/// Rounds to millionths, half to even.
fn to_micros(field: &'static str, value: f64, max: u64) -> Result<u64, ValueError> {
    if !value.is_finite() {
        return Err(ValueError::NotFinite { field, value: value.to_string() });
    }
    let limit = from_micros(max);
    if value < 0.0 || value > limit {
        return Err(ValueError::OutOfRange {
            field,
            value: value.to_string(),
            min: "0".to_string(),
            max: limit.to_string(),
        });
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked above to lie between 0 and a maximum of 10^12 millionths"
    )]
    Ok(libm::rint(value * 1e6) as u64)
}

/// The nearest `f64`; exact to the last of its six decimals.
fn from_micros(micros: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "at most 10^12, far below 2^53")]
    {
        micros as f64 / 1e6
    }
}

/// Writes millionths as a decimal, rounded half-even to the formatter's precision or shown in full.
fn write_micros(f: &mut fmt::Formatter<'_>, micros: u64) -> fmt::Result {
    let digits = f.precision().unwrap_or(6).min(6);
    let step = 10_u64.saturating_pow(6_u32.saturating_sub(u32::try_from(digits).unwrap_or(6)));
    let quotient = micros.checked_div(step).unwrap_or(0);
    let rest = micros.checked_rem(step).unwrap_or(0);
    let half = step / 2;
    let up = rest > half || (rest == half && step > 1 && quotient % 2 == 1);
    let rounded = quotient.saturating_add(u64::from(up)).saturating_mul(step);
    let whole = rounded / ONE;
    let fraction = alloc::format!("{:06}", rounded % ONE);
    let shown = match f.precision() {
        Some(_) => fraction.get(..digits).unwrap_or(""),
        None => fraction.trim_end_matches('0'),
    };
    let text = if shown.is_empty() { alloc::format!("{whole}") } else { alloc::format!("{whole}.{shown}") };
    if f.width().is_some() {
        // `pad` would cut at the precision, which has been applied already.
        let width = f.width().unwrap_or(0);
        return write!(f, "{text:>width$}");
    }
    f.write_str(&text)
}

macro_rules! fixed {
    ($(#[$doc:meta])* $name:ident, $field:literal, max = $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "f64", into = "f64")]
        pub struct $name(u64);

        impl $name {
            /// The smallest value, 0.
            pub const MIN: Self = Self(0);
            /// The largest value.
            pub const MAX: Self = Self($max * ONE);

            /// The value nearest to `value`, in steps of 10⁻⁶, ties to even.
            ///
            /// # Errors
            ///
            /// [`ValueError::NotFinite`] for NaN and infinities, [`ValueError::OutOfRange`] outside
            /// [`MIN`](Self::MIN) to [`MAX`](Self::MAX).
            pub fn new(value: f64) -> Result<Self, ValueError> {
                to_micros($field, value, $max * ONE).map(Self)
            }

            /// The value of that many millionths, or `None` above [`MAX`](Self::MAX).
            #[must_use]
            pub const fn from_micros(micros: u64) -> Option<Self> {
                if micros > $max * ONE { None } else { Some(Self(micros)) }
            }

            /// The value of that many millionths, cut to [`MAX`](Self::MAX).
            #[must_use]
            pub const fn saturating_from_micros(micros: u64) -> Self {
                if micros > $max * ONE { Self::MAX } else { Self(micros) }
            }

            /// How many millionths.
            #[must_use]
            pub const fn micros(self) -> u64 {
                self.0
            }

            /// The nearest `f64`.
            #[must_use]
            pub fn get(self) -> f64 {
                from_micros(self.0)
            }
        }

        impl TryFrom<f64> for $name {
            type Error = ValueError;

            fn try_from(value: f64) -> Result<Self, ValueError> {
                Self::new(value)
            }
        }

        impl From<$name> for f64 {
            fn from(value: $name) -> f64 {
                value.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_micros(f, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                write_micros(f, self.0)?;
                f.write_str(")")
            }
        }
    };
}

fixed! {
    /// A score from 0 (worst) to 10 (best).
    ///
    /// ```
    /// use devops_core::Score;
    ///
    /// let score = Score::new(7.25)?;
    /// assert_eq!(score.to_string(), "7.25");
    /// assert_eq!(format!("{score:.1}"), "7.2"); // display rounds half to even
    /// assert!(score < Score::MAX);
    /// assert!(Score::new(f64::NAN).is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    Score, "score", max = 10
}

fixed! {
    /// A percentage from 0 to 100.
    ///
    /// ```
    /// use devops_core::Percent;
    ///
    /// assert_eq!(Percent::new(80.0)?.to_string(), "80");
    /// assert_eq!(Percent::new(100.5).unwrap_err().to_string(), "percent `100.5` is outside 0 to 100");
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    Percent, "percent", max = 100
}

fixed! {
    /// A share from 0 to 1.
    ///
    /// ```
    /// use devops_core::Ratio;
    ///
    /// assert_eq!(Ratio::new(0.3)?.micros(), 300_000);
    /// assert!(Ratio::new(-0.1).is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    Ratio, "ratio", max = 1
}

fixed! {
    /// How much a part counts in a weighted sum, from 0 to 1,000,000.
    ///
    /// ```
    /// use devops_core::Weight;
    ///
    /// assert_eq!(Weight::new(0.5)?.get(), 0.5);
    /// assert!(Weight::new(-1.0).is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    Weight, "weight", max = 1_000_000
}

impl Weight {
    /// The weight 1.
    pub const ONE: Self = Self(ONE);
}

impl Score {
    /// What is left of 10 after a deduction of that many millionths; never below 0.
    ///
    /// ```
    /// use devops_core::Score;
    ///
    /// assert_eq!(Score::after_deduction(2_500_000).to_string(), "7.5");
    /// assert_eq!(Score::after_deduction(u64::MAX), Score::MIN);
    /// ```
    #[must_use]
    pub const fn after_deduction(micros: u64) -> Self {
        Self(Self::MAX.0.saturating_sub(micros))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    #[test]
    fn display_rounds_half_to_even() {
        let shown = |v: f64, p: usize| format!("{:.*}", p, Score::new(v).unwrap());
        assert_eq!(shown(7.25, 1), "7.2");
        assert_eq!(shown(7.35, 1), "7.4");
        assert_eq!(shown(9.99, 1), "10.0");
        assert_eq!(shown(0.5, 0), "0");
        assert_eq!(shown(1.5, 0), "2");
        assert_eq!(format!("{:>6}", Score::new(7.5).unwrap()), "   7.5");
        assert_eq!(format!("{:?}", Score::new(7.5).unwrap()), "Score(7.5)");
    }

    #[test]
    fn refuses_what_is_no_score() {
        for (value, message) in [
            (f64::NAN, "score `NaN` is not a finite number"),
            (f64::INFINITY, "score `inf` is not a finite number"),
            (-0.000_001, "score `-0.000001` is outside 0 to 10"),
            (10.000_001, "score `10.000001` is outside 0 to 10"),
        ] {
            assert_eq!(Score::new(value).unwrap_err().to_string(), message);
        }
        assert_eq!(Score::new(-0.0).unwrap(), Score::MIN);
        let error = serde_json::from_str::<Score>("12").unwrap_err();
        assert!(error.to_string().contains("score `12` is outside 0 to 10"));
    }

    proptest! {
        #[test]
        fn survives_json(micros in 0..=Weight::MAX.micros()) {
            let weight = Weight::from_micros(micros).unwrap();
            let json = serde_json::to_string(&weight).unwrap();
            prop_assert_eq!(serde_json::from_str::<Weight>(&json).unwrap(), weight);
            let parsed: f64 = weight.to_string().parse().unwrap();
            prop_assert_eq!(Weight::new(parsed).unwrap(), weight);
        }

        #[test]
        fn never_panics(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assert_eq!(Percent::new(value).is_ok(), (0.0..=100.0).contains(&value));
        }
    }
}
