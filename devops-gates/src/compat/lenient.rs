//! Values that other engines' files write in more than one way.

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use super::go_float;

/// A text, or a number that is taken as its text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    optional_text(deserializer).map(Option::unwrap_or_default)
}

/// The same, or null.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match deserializer.deserialize_any(ScalarVisitor)? {
        Scalar::Nothing => None,
        Scalar::Text(text) => Some(text),
        Scalar::Number(number) => Some(number.to_string()),
        Scalar::Whole(number) => Some(number.to_string()),
        Scalar::Flag(flag) => Some(flag.to_string()),
    })
}

/// A number, or the text of one as Go reads it: `"NaN"`, `"80"`.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let value = optional_number(deserializer)?;
    value.ok_or_else(|| D::Error::invalid_type(Unexpected::Unit, &"a number"))
}

/// The same, or null.
pub(crate) fn optional_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match deserializer.deserialize_any(ScalarVisitor)? {
        Scalar::Nothing => Ok(None),
        Scalar::Number(number) => Ok(Some(number)),
        #[expect(clippy::cast_precision_loss, reason = "JSON has one kind of number")]
        Scalar::Whole(number) => Ok(Some(number as f64)),
        Scalar::Text(text) => match go_float(&text) {
            Some(number) => Ok(Some(number)),
            None => Err(D::Error::invalid_value(Unexpected::Str(&text), &"a number or the text of one")),
        },
        Scalar::Flag(flag) => Err(D::Error::invalid_type(Unexpected::Bool(flag), &"a number")),
    }
}

/// A whole number or the text of one, or null.
pub(crate) fn optional_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    const EXPECTED: &str = "a whole number or the text of one";
    match deserializer.deserialize_any(ScalarVisitor)? {
        Scalar::Nothing => Ok(None),
        Scalar::Whole(number) => i64::try_from(number).map(Some).map_err(|_| {
            D::Error::custom(alloc::format!("`{number}` is outside the whole numbers of 64 bits"))
        }),
        Scalar::Text(text) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(D::Error::invalid_value(Unexpected::Str(&text), &EXPECTED)),
        },
        #[expect(clippy::cast_possible_truncation, reason = "a whole number of moderate size")]
        Scalar::Number(number) if number % 1.0 == 0.0 && (-9e15..=9e15).contains(&number) => {
            Ok(Some(number as i64))
        }
        Scalar::Number(number) => Err(D::Error::invalid_value(Unexpected::Float(number), &EXPECTED)),
        Scalar::Flag(flag) => Err(D::Error::invalid_type(Unexpected::Bool(flag), &EXPECTED)),
    }
}

/// The same, null being 0.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    optional_whole(deserializer).map(Option::unwrap_or_default)
}

/// Whether something is given: a flag is itself, null and an empty text are not, everything else is.
pub(crate) fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match deserializer.deserialize_any(ScalarVisitor)? {
        Scalar::Nothing => false,
        Scalar::Flag(flag) => flag,
        Scalar::Text(text) => !text.is_empty(),
        Scalar::Number(_) | Scalar::Whole(_) => true,
    })
}

/// A list, or null for an empty one.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A map, or null for an empty one.
pub(crate) fn map<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A struct from a map and nothing else: what serde derives also takes a list for one, by position.
pub(crate) struct Object<T>(pub(crate) T);

impl<T: Default> Default for Object<T> {
    fn default() -> Self {
        Self(T::default())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

/// As [`Object`], for a field.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(serde::de::value::MapAccessDeserializer::new(map))
    }
}

/// A value that stands alone or as the named field of a map, whose other fields are passed over.
pub(crate) struct AloneOrIn<T>(&'static str, PhantomData<T>);

impl<T> AloneOrIn<T> {
    pub(crate) const fn new(field: &'static str) -> Self {
        Self(field, PhantomData)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AloneOrIn<Vec<T>> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list, or a map with a list `{}`", self.0)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == self.0 {
                list = map.next_value::<Option<Vec<T>>>()?.unwrap_or_default();
            } else {
                map.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        Ok(list)
    }
}

enum Scalar {
    Nothing,
    Flag(bool),
    Whole(i128),
    Number(f64),
    Text(String),
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text")
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_none<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Scalar, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Flag(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Scalar, E> {
        Ok(Scalar::Whole(value))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Scalar, E> {
        Ok(Scalar::Whole(i128::try_from(value).unwrap_or(i128::MAX)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }
}

/// A number, or a list that is counted.
pub(crate) struct CountOrList;

impl<'de> Visitor<'de> for CountOrList {
    type Value = Option<u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("how many, or the list of them")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Self::Value, E> {
        Ok(Some(count))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut count = 0_u64;
        while items.next_element::<serde::de::IgnoredAny>()?.is_some() {
            count = count.saturating_add(1);
        }
        Ok(Some(count))
    }
}
