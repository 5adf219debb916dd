//! The text of a message.

use super::json::{List, Loose, Scalar, Table};
use super::shape::{Component, Message, Rule};

/// The plain text, from the message itself or from the rule's or tool's texts by its id.
pub(super) fn text_of(message: &Message, rule: Option<&Rule>, tool: Option<&Component>) -> Option<String> {
    let text = message.text.text().or_else(|| {
        let id = message.id.text()?;
        let own = rule.and_then(|r| by_id(&r.messages, id));
        own.or_else(|| by_id(&tool?.messages, id))
    })?;
    // Braces mean something only where arguments are given.
    let text = match message.arguments.get() {
        Some(List(arguments)) => without_links(&filled(text, arguments)),
        None => without_links(text),
    };
    let shown = text;
    let shown = shown.trim();
    if shown.is_empty() { None } else { Some(shown.to_owned()) }
}

fn by_id<'a>(texts: &'a Loose<Table<Loose<Message>>>, id: &str) -> Option<&'a str> {
    texts.get()?.get(id)?.get()?.text.text()
}

/// With `{0}` filled in; `{{` and `}}` are braces.
fn filled(template: &str, arguments: &[Scalar]) -> String {
    let mut shown = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        shown.push_str(before);
        let doubled = ["{{", "}}"].into_iter().find_map(|pair| from.strip_prefix(pair));
        if let Some(after) = doubled {
            shown.extend(from.chars().next());
            rest = after;
            continue;
        }
        let place = from.strip_prefix('{').and_then(|after| split_near(after, "}", 8));
        let value = place
            .and_then(|(digits, after)| Some((arguments.get(digits.parse::<usize>().ok()?)?.text()?, after)));
        match value {
            Some((value, after)) => {
                shown.push_str(value);
                rest = after;
            }
            None => {
                shown.extend(from.chars().next());
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    shown.push_str(rest);
    shown
}

/// Splits at a mark that is not far away, so that many openings without an end cost no more than their number.
fn split_near<'a>(text: &'a str, mark: &str, within: usize) -> Option<(&'a str, &'a str)> {
    let window = text.as_bytes().get(..within).unwrap_or(text.as_bytes());
    let at = window.windows(mark.len()).position(|part| part == mark.as_bytes())?;
    Some((text.get(..at)?, text.get(at.checked_add(mark.len())?..)?))
}

/// With `[label](3)`, a link to a related place, read as `label`. Links to addresses stay.
fn without_links(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('[') {
        shown.push_str(before);
        let link = split_near(from, "](", 300).and_then(|(label, tail)| {
            let (target, after) = split_near(tail, ")", 20)?;
            let is_place = !target.is_empty() && target.bytes().all(|b| b.is_ascii_digit());
            (is_place && !label.contains('[')).then_some((label, after))
        });
        match link {
            Some((label, after)) => {
                shown.push_str(label);
                rest = after;
            }
            None => {
                shown.push('[');
                rest = from;
            }
        }
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fills_and_strips() {
        let arguments = [Scalar::Text("a".into()), Scalar::Text("{0}".into()), Scalar::Null];
        for (template, expected) in [
            ("{0} and {1}", "a and {0}"),
            ("{{0}} {2} {9} {x} {", "{0} {2} {9} {x} {"),
            ("{0", "{0"),
            ("}} }", "} }"),
        ] {
            assert_eq!(filled(template, &arguments), expected);
        }
        assert_eq!(
            without_links("a [user value](1) in [x](http://y) [0] ["),
            "a user value in [x](http://y) [0] ["
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in "[{}a0é\\[\\]()1]{0,30}") {
            let _ = without_links(&filled(&text, &[Scalar::Text("x".into())]));
        }
    }
}
