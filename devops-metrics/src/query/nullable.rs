//! A number that may be absent, in eight bytes.

use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number, or none: half as long as an `Option`, for tables of hundreds of thousands.
#[derive(Clone, Copy)]
pub(crate) struct Nullable(f64);

impl Nullable {
    pub(crate) const NONE: Self = Self(f64::NAN);

    pub(crate) const fn get(self) -> Option<f64> {
        if self.0.is_nan() { None } else { Some(self.0) }
    }
}

/// What is no number is none.
impl From<Option<f64>> for Nullable {
    #[inline]
    fn from(number: Option<f64>) -> Self {
        Self(number.unwrap_or(f64::NAN))
    }
}

impl Default for Nullable {
    fn default() -> Self {
        Self::NONE
    }
}

impl PartialEq for Nullable {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl fmt::Debug for Nullable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl Serialize for Nullable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Nullable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<f64>::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_like_none_and_a_number_like_itself() {
        assert_eq!(Nullable::NONE, Nullable::from(None));
        assert_eq!(Nullable::default().get(), None);
        assert_ne!(Nullable::NONE, Nullable::from(Some(0.0)));
        assert_eq!(Nullable::from(Some(1.5)).get(), Some(1.5));
        assert_eq!(alloc::format!("{:?} {:?}", Nullable::NONE, Nullable::from(Some(0.0))), "None Some(0.0)");
    }

    #[test]
    fn text_has_null_where_there_is_none() {
        let text = serde_json::to_string(&[Nullable::NONE, Nullable::from(Some(0.0))]).unwrap();
        assert_eq!(text, "[null,0.0]");
        let read: [Nullable; 2] = serde_json::from_str(&text).unwrap();
        assert_eq!(read.map(Nullable::get), [None, Some(0.0)]);
    }
}
