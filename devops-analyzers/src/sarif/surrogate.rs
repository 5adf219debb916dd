//! Half a pair of surrogates, as tools leave them that cut UTF-16 texts short.

use std::borrow::Cow;

/// The same JSON with every `\uD800` that lacks its other half written `\uFFFD`. JSON allows such escapes, UTF-8
/// has no form for them, and one of them must not cost the report.
pub(super) fn mended(json: &str) -> Cow<'_, str> {
    let mut mended: Option<String> = None;
    let (mut rest, mut copied) = (json, json);
    while let Some(at) = rest.find('\\') {
        let (_, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let Some(unit) = escape(from) else {
            // Another escape: its second character may be a backslash or a multi-byte one.
            let mut tail = from.chars();
            tail.next();
            tail.next();
            rest = tail.as_str();
            continue;
        };
        let after = from.get(6..).unwrap_or_default();
        rest = after;
        if (0xd800..0xdc00).contains(&unit)
            && escape(after).is_some_and(|low| (0xdc00..0xe000).contains(&low))
        {
            rest = after.get(6..).unwrap_or_default();
        } else if (0xd800..0xe000).contains(&unit) {
            let kept = copied.len().saturating_sub(from.len());
            let text = mended.get_or_insert_with(|| String::with_capacity(json.len()));
            text.push_str(copied.get(..kept).unwrap_or_default());
            text.push_str("\\ufffd");
            copied = after;
        }
    }
    match mended {
        Some(mut text) => {
            text.push_str(copied);
            Cow::Owned(text)
        }
        None => Cow::Borrowed(json),
    }
}

/// The unit of the escape that the text begins with.
fn escape(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if digits.bytes().all(|b| b.is_ascii_hexdigit()) { u16::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_halves_change() {
        for (json, expected) in [
            (r#""a\n\u00e9 \ud83d\ude00""#, r#""a\n\u00e9 \ud83d\ude00""#),
            (r#""x\ud83d""#, r#""x\ufffd""#),
            (r#""\ud83d\ud83d\ude00\ude00z""#, r#""\ufffd\ud83d\ude00\ufffdz""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\uD83"#, r#""\uD83"#),
            ("\\", "\\"),
            ("\\é\\", "\\é\\"),
        ] {
            assert_eq!(mended(json), expected);
        }
    }

    proptest! {
        #[test]
        fn what_json_takes_stays(text in "\\PC{0,20}") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(&*mended(&json), &*json);
        }

        #[test]
        fn what_comes_out_is_taken(escapes in "(\\\\u(d[89cd]00|00e9)|\\\\\\\\|x){0,12}") {
            let json = format!("\"{escapes}\"");
            prop_assert!(serde_json::from_str::<String>(&mended(&json)).is_ok(), "{}", json);
        }
    }
}
