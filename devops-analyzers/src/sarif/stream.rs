//! The second look at a document: its results, one after the other.

use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json::{Budget, KeyOf, Loose, Seed, drain_list, drain_map};
use super::shape::ResultShape;

/// How many bytes of list items one result may hold.
const RESULT_BUDGET: usize = 256 * 1024;

/// Takes results as they come.
pub(super) trait Sink {
    /// The result of that run and number, both from 0. Whether more of this run are wanted.
    fn take(&mut self, run: usize, number: u64, result: Loose<ResultShape>) -> bool;
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Level {
    Document,
    Runs,
    Run,
    Results,
}

/// Walks down to the results and skips everything else.
pub(super) struct Walk<'a, S> {
    level: Level,
    run: usize,
    sink: &'a mut S,
}

impl<'a, S: Sink> Walk<'a, S> {
    pub(super) const fn new(sink: &'a mut S) -> Self {
        Self { level: Level::Document, run: 0, sink }
    }

    fn below(&mut self, level: Level, run: usize) -> Walk<'_, S> {
        Walk { level, run, sink: self.sink }
    }
}

impl<'de, S: Sink> DeserializeSeed<'de> for Walk<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Walk<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let (key, below): (&'static [&'static str], Level) = match self.level {
            Level::Document => (&["runs"], Level::Runs),
            Level::Run => (&["results"], Level::Results),
            Level::Runs | Level::Results => return drain_map(map),
        };
        let run = self.run;
        while let Some(found) = map.next_key_seed(KeyOf(key))? {
            if found.is_some() {
                map.next_value_seed(self.below(below, run))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        match self.level {
            Level::Runs => {
                let mut run = 0;
                while list.next_element_seed(self.below(Level::Run, run))?.is_some() {
                    run = run.saturating_add(1);
                }
                Ok(())
            }
            Level::Results => {
                let mut number: u64 = 0;
                loop {
                    let budget = Budget::new(RESULT_BUDGET);
                    let seed = Seed::<Loose<ResultShape>>::new(&budget);
                    let Some(result) = list.next_element_seed(seed)? else { return Ok(()) };
                    if !self.sink.take(self.run, number, result) {
                        return drain_list(list);
                    }
                    number = number.saturating_add(1);
                }
            }
            Level::Document | Level::Run => drain_list(list),
        }
    }
}
