//! JSON pieces that take whatever stands there: the shape of one result must never cost the whole report.
//!
//! Only JSON itself can fail here. A value of the wrong type becomes [`Scalar::Other`] or [`Loose::Wrong`] and
//! is judged later; what nobody asked for is skipped without recursion and without memory.

use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// How many bytes of list items may still be kept. A report of `{},{},{}…` would otherwise take a hundred times
/// its own size.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<usize>,
    exceeded: Cell<bool>,
}

impl Budget {
    pub(super) const fn new(bytes: usize) -> Self {
        Self { left: Cell::new(bytes), exceeded: Cell::new(false) }
    }

    fn take<T>(&self) -> bool {
        match self.left.get().checked_sub(size_of::<T>()) {
            Some(left) => self.left.set(left),
            None => self.exceeded.set(true),
        }
        !self.exceeded.get()
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.exceeded.get()
    }
}

/// Something that reads itself from any JSON value.
pub(super) trait Piece: Sized + Default {
    fn read<'de, D: Deserializer<'de>>(from: D, budget: &Budget) -> Result<Self, D::Error>;
}

/// Reads a [`Piece`].
#[derive(Debug)]
pub(super) struct Seed<'a, P>(&'a Budget, PhantomData<P>);

impl<'a, P> Seed<'a, P> {
    pub(super) const fn new(budget: &'a Budget) -> Self {
        Self(budget, PhantomData)
    }
}

impl<'de, P: Piece> DeserializeSeed<'de> for Seed<'_, P> {
    type Value = P;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<P, D::Error> {
        P::read(from, self.0)
    }
}

/// A value that is no list and no object.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Scalar {
    #[default]
    Absent,
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A list or an object.
    Other,
}

impl Scalar {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) const fn is_given(&self) -> bool {
        !matches!(self, Self::Absent | Self::Null)
    }

    /// A number, also where it is written as text, as `security-severity` is.
    pub(super) fn number(&self) -> Option<f64> {
        let value = match self {
            #[expect(clippy::cast_precision_loss, reason = "severities are small numbers")]
            Self::Int(value) => *value as f64,
            Self::Float(value) => *value,
            Self::Text(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        value.is_finite().then_some(value)
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("nothing"),
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(text) => f.write_str(&devops_core::excerpt(text)),
            Self::Other => f.write_str("a list or an object"),
        }
    }
}

impl Piece for Scalar {
    fn read<'de, D: Deserializer<'de>>(from: D, _budget: &Budget) -> Result<Self, D::Error> {
        from.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        #[expect(clippy::cast_precision_loss, reason = "only shown and compared with small bounds")]
        Ok(i64::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Scalar, A::Error> {
        drain_list(list).map(|()| Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar, A::Error> {
        drain_map(map).map(|()| Scalar::Other)
    }
}

pub(super) fn drain_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

pub(super) fn drain_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// What a list or object reads itself into.
pub(super) trait Body: Sized {
    /// `None` where no object may stand here.
    fn from_map<'de, A: MapAccess<'de>>(map: A, _budget: &Budget) -> Result<Option<Self>, A::Error> {
        drain_map(map).map(|()| None)
    }

    /// `None` where no list may stand here.
    fn from_list<'de, A: SeqAccess<'de>>(list: A, _budget: &Budget) -> Result<Option<Self>, A::Error> {
        drain_list(list).map(|()| None)
    }
}

/// A list or object, or what stood there in its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Loose<T> {
    #[default]
    Absent,
    Null,
    Wrong,
    Is(T),
}

impl<T> Loose<T> {
    pub(super) const fn get(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            _ => None,
        }
    }

    pub(super) const fn is_wrong(&self) -> bool {
        matches!(self, Self::Wrong)
    }
}

impl<T: Body> Piece for Loose<T> {
    fn read<'de, D: Deserializer<'de>>(from: D, budget: &Budget) -> Result<Self, D::Error> {
        from.deserialize_any(LooseVisitor(budget, PhantomData))
    }
}

struct LooseVisitor<'a, T>(&'a Budget, PhantomData<T>);

impl<'de, T: Body> Visitor<'de> for LooseVisitor<'_, T> {
    type Value = Loose<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Loose<T>, E> {
        Ok(Loose::Wrong)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Loose<T>, E> {
        Ok(Loose::Wrong)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Loose<T>, E> {
        Ok(Loose::Wrong)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Loose<T>, E> {
        Ok(Loose::Wrong)
    }

    fn visit_str<E>(self, _: &str) -> Result<Loose<T>, E> {
        Ok(Loose::Wrong)
    }

    fn visit_unit<E>(self) -> Result<Loose<T>, E> {
        Ok(Loose::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Loose<T>, A::Error> {
        Ok(T::from_list(list, self.0)?.map_or(Loose::Wrong, Loose::Is))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Loose<T>, A::Error> {
        Ok(T::from_map(map, self.0)?.map_or(Loose::Wrong, Loose::Is))
    }
}

/// The items of a list, as far as the budget goes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T: Piece> Body for List<T> {
    fn from_list<'de, A: SeqAccess<'de>>(mut list: A, budget: &Budget) -> Result<Option<Self>, A::Error> {
        let mut items = Vec::new();
        while budget.take::<T>() {
            match list.next_element_seed(Seed::<T>::new(budget))? {
                Some(item) => items.push(item),
                None => return Ok(Some(Self(items))),
            }
        }
        drain_list(list).map(|()| Some(Self(items)))
    }
}

/// The first item of a list; the others are skipped.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct First<T>(pub(super) Option<T>);

impl<T: Piece> Body for First<T> {
    fn from_list<'de, A: SeqAccess<'de>>(mut list: A, budget: &Budget) -> Result<Option<Self>, A::Error> {
        let first = list.next_element_seed(Seed::<T>::new(budget))?;
        drain_list(list).map(|()| Some(Self(first)))
    }
}

/// An object that is used as a table, by key; of two entries with one key the first counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table<T>(Vec<(String, T)>);

impl<T> Table<T> {
    pub(super) fn new(mut entries: Vec<(String, T)>) -> Self {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|a, b| a.0 == b.0);
        Self(entries)
    }

    pub(super) fn get(&self, key: &str) -> Option<&T> {
        let place = self.0.binary_search_by(|(known, _)| known.as_str().cmp(key)).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// The entries, by key.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl<T: Piece> Body for Table<T> {
    fn from_map<'de, A: MapAccess<'de>>(mut map: A, budget: &Budget) -> Result<Option<Self>, A::Error> {
        let mut entries = Vec::new();
        while budget.take::<(String, T)>() {
            let Some(key) = map.next_key::<String>()? else { return Ok(Some(Self::new(entries))) };
            entries.push((key, map.next_value_seed(Seed::<T>::new(budget))?));
        }
        drain_map(map).map(|()| Some(Self::new(entries)))
    }
}

/// Finds a key among those that are asked for.
pub(super) struct KeyOf(pub(super) &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for KeyOf {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyOf {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|known| **known == key).copied())
    }
}

/// An object of which some keys are read; `repeated` names a key that stands there twice (the first counts).
macro_rules! object {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty = $key:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub(super) struct $name {
            $(pub(super) $field: $kind,)*
            pub(super) repeated: Option<&'static str>,
        }

        impl $crate::sarif::json::Body for $name {
            fn from_map<'de, A: serde::de::MapAccess<'de>>(
                mut map: A,
                budget: &$crate::sarif::json::Budget,
            ) -> Result<Option<Self>, A::Error> {
                use $crate::sarif::json::{KeyOf, Seed};
                #[derive(Default)]
                struct Seen { $($field: bool,)* }
                let (mut object, mut seen) = (Self::default(), Seen::default());
                while let Some(key) = map.next_key_seed(KeyOf(&[$($key),*]))? {
                    match key {
                        $(Some($key) if !seen.$field => {
                            seen.$field = true;
                            object.$field = map.next_value_seed(Seed::<$kind>::new(budget))?;
                        })*
                        other => {
                            object.repeated = object.repeated.or(other);
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Some(object))
            }
        }
    };
}
pub(super) use object;
