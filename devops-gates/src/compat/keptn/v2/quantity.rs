//! Quantities as Kubernetes writes them: `600`, `1.5`, `500m`, `2Ki`.

use alloc::string::String;
use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

use crate::compat::go_float;

/// A number that a file gives as a number, as a Kubernetes quantity in a text, or as a map with one of these in
/// `fixedValue`.
///
/// It is the number that is written. Kubernetes multiplies the digits by a power of ten in floating point, so that its
/// `0.3` is 0.30000000000000004; that last digit is not reproduced.
///
/// ```
/// use devops_gates::compat::keptn::v2::Quantity;
///
/// for written in ["0.6", "\"600m\"", "{\"fixedValue\": \"600m\"}"] {
///     assert_eq!(serde_json::from_str::<Quantity>(written)?.get(), 0.6);
/// }
/// assert!(serde_json::from_str::<Quantity>("\"fast\"").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Quantity(f64);

impl Quantity {
    /// That number.
    ///
    /// ```
    /// use devops_gates::compat::keptn::v2::Quantity;
    ///
    /// assert_eq!(Quantity::new(0.6), serde_json::from_str("\"600m\"")?);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub const fn new(value: f64) -> Self {
        Self(value)
    }

    /// The number.
    ///
    /// ```
    /// use devops_gates::compat::keptn::v2::Quantity;
    ///
    /// assert_eq!(Quantity::new(5.0).get(), 5.0);
    /// ```
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl From<f64> for Quantity {
    fn from(value: f64) -> Self {
        Self(value)
    }
}

/// The suffixes of the Kubernetes API, each with what it multiplies (`m` divides) by.
const SUFFIXES: [(&str, f64); 12] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", (1_u64 << 50) as f64),
    ("Ei", (1_u64 << 60) as f64),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
];
const FRACTIONS: [(&str, f64); 3] = [("n", 1e9), ("u", 1e6), ("m", 1e3)];

fn parse(text: &str) -> Option<f64> {
    let plain = |body: &str| {
        body.chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))
            .then(|| go_float(body))
            .flatten()
    };
    let times =
        SUFFIXES.iter().find_map(|(suffix, factor)| Some(plain(text.strip_suffix(suffix)?)? * factor));
    let over = || FRACTIONS.iter().find_map(|(suffix, by)| Some(plain(text.strip_suffix(suffix)?)? / by));
    let exponent = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | 'e' | 'E');
    times.or_else(over).or_else(|| text.chars().all(exponent).then(|| go_float(text)).flatten())
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(QuantityVisitor)
    }
}

struct QuantityVisitor;

impl<'de> Visitor<'de> for QuantityVisitor {
    type Value = Quantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quantity such as `600`, `1.5` or `500m`")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Quantity, E> {
        Ok(Quantity(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "a quantity is compared as a float")]
    fn visit_i64<E: Error>(self, value: i64) -> Result<Quantity, E> {
        Ok(Quantity(value as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "a quantity is compared as a float")]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Quantity, E> {
        Ok(Quantity(value as f64))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Quantity, E> {
        parse(text).map(Quantity).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Quantity, A::Error> {
        let mut value = None;
        while let Some(key) = map.next_key::<String>()? {
            if !matches!(key.as_str(), "fixedValue" | "fixed_value") {
                return Err(A::Error::unknown_field(&key, &["fixedValue"]));
            }
            value = Some(map.next_value()?);
        }
        value.ok_or_else(|| A::Error::missing_field("fixedValue"))
    }
}

/// A range, both ends included. In files a map with `lowBound` and `highBound`, or a list of the two.
///
/// ```
/// use devops_gates::compat::keptn::v2::Range;
///
/// let range: Range = serde_json::from_str(r#"{"lowBound": "15", "highBound": "25"}"#)?;
/// assert_eq!(range, serde_json::from_str("[15, 25]")?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[expect(clippy::exhaustive_structs, reason = "a range has two ends")]
pub struct Range {
    /// The lower end.
    #[serde(rename = "lowBound")]
    pub low: Quantity,
    /// The upper end.
    #[serde(rename = "highBound")]
    pub high: Quantity,
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RangeVisitor)
    }
}

struct RangeVisitor;

impl<'de> Visitor<'de> for RangeVisitor {
    type Value = Range;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a range with `lowBound` and `highBound`, or a list of the two")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut ends: A) -> Result<Range, A::Error> {
        let mut end = |n: usize| ends.next_element()?.ok_or_else(|| A::Error::invalid_length(n, &"two ends"));
        let range = Range { low: end(0)?, high: end(1)? };
        match ends.next_element::<serde::de::IgnoredAny>()? {
            None => Ok(range),
            Some(_) => Err(A::Error::invalid_length(3, &"two ends")),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Range, A::Error> {
        let (mut low, mut high) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "lowBound" | "low_bound" | "low" => low = Some(map.next_value()?),
                "highBound" | "high_bound" | "high" => high = Some(map.next_value()?),
                _ => return Err(A::Error::unknown_field(&key, &["lowBound", "highBound"])),
            }
        }
        Ok(Range {
            low: low.ok_or_else(|| A::Error::missing_field("lowBound"))?,
            high: high.ok_or_else(|| A::Error::missing_field("highBound"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        for (text, value) in [
            ("600", Some(600.0)),
            ("-1.5", Some(-1.5)),
            ("500m", Some(0.5)),
            ("100n", Some(1e-7)),
            ("3u", Some(3e-6)),
            ("2Ki", Some(2048.0)),
            ("2k", Some(2000.0)),
            ("1E", Some(1e18)),
            ("1e3", Some(1000.0)),
            ("1E3", Some(1000.0)),
            ("NaN", None),
            ("", None),
            ("m", None),
            ("1 m", None),
            ("1mm", None),
            ("0x1p3", None),
        ] {
            assert_eq!(parse(text), value, "{text}");
        }
    }
}
