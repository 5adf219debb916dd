//! Text that is shown to people, looked up by id.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A sentence for people: the id of its text and what is filled in. Another language is another
/// [`TextTable`], not another program.
///
/// ```
/// use devops_core::{Message, TextTable};
///
/// let table = TextTable::from_entries(&[("fix.raise", "raise {metric} from {value} to {goal}")]);
/// let message = Message::new("fix.raise").with("metric", "coverage").with("value", 61).with("goal", 80);
/// assert_eq!(table.render(&message), "raise coverage from 61 to 80");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Message {
    id: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    arguments: Vec<Argument>,
}

/// What is filled in for `{name}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
struct Argument {
    name: Cow<'static, str>,
    value: String,
}

impl Message {
    /// The text of that id, with nothing filled in.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self { id: Cow::Borrowed(id), arguments: Vec::new() }
    }

    /// With `{name}` filled in.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers write `.with(\"n\", 3)`")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push(Argument { name: Cow::Borrowed(name), value: value.to_string() });
        self
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is filled in for `{name}`.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }
}

/// Texts by id, with `{name}` where an argument goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextTable(BTreeMap<Cow<'static, str>, Cow<'static, str>>);

impl TextTable {
    /// Those texts; of two with the same id the later counts.
    #[must_use]
    pub fn from_entries(entries: &[(&'static str, &'static str)]) -> Self {
        Self(entries.iter().map(|(id, text)| (Cow::Borrowed(*id), Cow::Borrowed(*text))).collect())
    }

    /// With a text added or replaced: how a caller translates one.
    #[must_use]
    pub fn with(mut self, id: impl Into<String>, text: impl Into<String>) -> Self {
        self.0.insert(Cow::Owned(id.into()), Cow::Owned(text.into()));
        self
    }

    /// With all texts of another table, which count before these.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|id| &**id)
    }

    /// The sentence. An id without a text is shown as itself with its arguments, so nothing is lost.
    #[must_use]
    pub fn render(&self, message: &Message) -> String {
        let Some(template) = self.0.get(message.id()) else {
            let mut shown = message.id().to_string();
            for argument in &message.arguments {
                shown = alloc::format!("{shown} {}={}", argument.name, argument.value);
            }
            return shown;
        };
        let mut shown = String::with_capacity(template.len());
        let mut rest: &str = template;
        while let Some((before, after)) = rest.split_once('{') {
            shown.push_str(before);
            match after.split_once('}').map(|(name, tail)| (message.argument(name), tail)) {
                Some((Some(value), tail)) => {
                    shown.push_str(value);
                    rest = tail;
                }
                _ => {
                    shown.push('{');
                    rest = after;
                }
            }
        }
        shown.push_str(rest);
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost() {
        let table = TextTable::from_entries(&[("a", "{x} and {y} {")]);
        assert_eq!(table.render(&Message::new("a").with("x", "{y}").with("y", 2)), "{y} and 2 {");
        assert_eq!(table.render(&Message::new("a").with("x", 1)), "1 and {y} {");
        assert_eq!(table.render(&Message::new("b").with("x", 1)), "b x=1");
    }
}
