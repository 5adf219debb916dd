//! A finite number.

use alloc::string::ToString;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

use crate::ValueError;

/// A measured value: a finite `f64`, with −0.0 read as 0.0, so that it has equality, order and a hash.
///
/// ```
/// use devops_core::Number;
///
/// assert_eq!(Number::new(-0.0)?, Number::new(0.0)?);
/// assert!(Number::new(1.0)? < Number::new(2.0)?);
/// assert!(Number::new(f64::NAN).is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Number(f64);

impl Number {
    /// 0.
    pub const ZERO: Self = Self(0.0);

    /// Takes any finite value.
    ///
    /// # Errors
    ///
    /// [`ValueError::NotFinite`] for NaN and infinities.
    pub fn new(value: f64) -> Result<Self, ValueError> {
        if value.is_finite() {
            Ok(Self(if value == 0.0 { 0.0 } else { value }))
        } else {
            Err(ValueError::NotFinite { field: "number", value: value.to_string() })
        }
    }

    /// The value.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Self {
        Self(f64::from(value))
    }
}

impl TryFrom<f64> for Number {
    type Error = ValueError;

    fn try_from(value: f64) -> Result<Self, ValueError> {
        Self::new(value)
    }
}

impl From<Number> for f64 {
    fn from(value: Number) -> f64 {
        value.0
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({})", self.0)
    }
}
