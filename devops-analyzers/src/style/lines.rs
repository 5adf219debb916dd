//! Rules that look at one line as it is.

use core::ops::Range;

use super::rule::StyleRule;
use crate::language::Language;

/// What a rule found in a line: which, the message, and the bytes.
pub(super) type Hit = (StyleRule, String, Range<usize>);

/// The faults of a line of text without its newline.
pub(super) fn line_faults(language: Option<Language>, line: &[u8], limit: u32) -> Vec<Hit> {
    let mut hits = Vec::new();
    let text = line.strip_suffix(b"\r").unwrap_or(line);
    too_long(language, text, limit, &mut hits);
    trailing_space(language, text, &mut hits);
    mixed_indentation(language, text, &mut hits);
    if let Some(marker) = conflict_marker(language, text) {
        hits.push((StyleRule::ConflictMarker, format!("conflict marker `{marker}`"), 0..7));
    }
    if text.iter().any(|b| *b >= 0x80) {
        hidden_signs(text, &mut hits);
    }
    hits
}

fn too_long(language: Option<Language>, text: &[u8], limit: u32, hits: &mut Vec<Hit>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if text.len() <= limit || !language.is_some_and(Language::is_code) {
        return;
    }
    // A byte that continues a character in UTF-8 is none by itself.
    let characters = text.iter().filter(|b| (**b & 0xc0) != 0x80).count();
    if characters > limit && !is_one_long_word(text, limit) {
        let message = format!("line of {characters} characters, above {limit}");
        hits.push((StyleRule::LineLength, message, 0..text.len()));
    }
}

/// A link or the like, which cannot be broken.
fn is_one_long_word(text: &[u8], limit: usize) -> bool {
    let longest = text.split(u8::is_ascii_whitespace).map(<[u8]>::len).max().unwrap_or(0);
    let link = text.windows(3).any(|part| part == b"://");
    longest.saturating_add(8) > limit || (link && longest.saturating_mul(2) > limit)
}

fn trailing_space(language: Option<Language>, text: &[u8], hits: &mut Vec<Hit>) {
    let kept = text.trim_ascii_end().len();
    let blanks = text.len().saturating_sub(kept);
    // In Markdown two blanks break a line.
    if blanks == 0 || (language == Some(Language::Markdown) && blanks == 2 && kept > 0) {
        return;
    }
    hits.push((
        StyleRule::TrailingSpace,
        format!("{blanks} blanks at the end of the line"),
        kept..text.len(),
    ));
}

/// A tab behind a space in the indentation: its width is not the same for everyone.
fn mixed_indentation(language: Option<Language>, text: &[u8], hits: &mut Vec<Hit>) {
    if !language.is_some_and(Language::is_code) {
        return;
    }
    let width = text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let indentation = text.get(..width).unwrap_or_default();
    if width < text.len() && indentation.windows(2).any(|pair| pair == b" \t") {
        let message = "tab behind a space in the indentation".to_owned();
        hits.push((StyleRule::MixedIndentation, message, 0..width));
    }
}

/// `=======` alone underlines titles in Markdown and other prose, so only the other two stand for themselves.
fn conflict_marker(language: Option<Language>, text: &[u8]) -> Option<&'static str> {
    let open = text.starts_with(b"<<<<<<< ") || text == b"<<<<<<<";
    let close = text.starts_with(b">>>>>>> ") || text == b">>>>>>>";
    let base = text.starts_with(b"||||||| ");
    let middle = text == b"=======" && language.is_some_and(Language::is_code);
    [(open, "<<<<<<<"), (close, ">>>>>>>"), (base, "|||||||"), (middle, "=======")]
        .into_iter()
        .find_map(|(found, marker)| found.then_some(marker))
}

/// Signs that are not seen: those that turn the direction of text (Boucher and Anderson 2021), and those
/// without width.
fn hidden_signs(text: &[u8], hits: &mut Vec<Hit>) {
    let mut at = 0_usize;
    for chunk in text.utf8_chunks() {
        let mut before = '\0';
        for sign in chunk.valid().chars() {
            let end = at.saturating_add(sign.len_utf8());
            let rule = match sign {
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(StyleRule::Bidirectional),
                '\u{200b}'
                | '\u{2060}'..='\u{2064}'
                | '\u{feff}'
                | '\u{ad}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{3164}'
                | '\u{ffa0}'
                | '\u{e0000}'..='\u{e007f}' => Some(StyleRule::InvisibleText),
                // Joiners are part of emoji and of many scripts, but not of ASCII.
                '\u{200c}' | '\u{200d}' if before.is_ascii() => Some(StyleRule::InvisibleText),
                _ => None,
            };
            // A byte order mark at the start of a file is one.
            if let Some(rule) = rule.filter(|_| !(sign == '\u{feff}' && at == 0)) {
                let kind = if rule == StyleRule::Bidirectional { "bidirectional" } else { "invisible" };
                hits.push((rule, format!("{kind} sign U+{:04X}", u32::from(sign)), at..end));
            }
            at = end;
            before = sign;
        }
        at = at.saturating_add(chunk.invalid().len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(language: Language, line: &str) -> Vec<&'static str> {
        line_faults(Some(language), line.as_bytes(), 20).iter().map(|(rule, ..)| rule.name()).collect()
    }

    #[test]
    fn faults_of_lines() {
        let cases: [(&str, &[&str]); 14] = [
            ("let x = 1;", &[]),
            ("let xyz = abc + def + g;", &["line-length"]),
            ("let é = ü + äö + ß + ü;", &["line-length"]),
            ("äöüäöü äöüäöü äöü", &[]),
            ("// https://example.org/abc/def", &[]),
            ("x; \t", &["trailing-space"]),
            ("x;\r", &[]),
            (" \tx", &["mixed-indentation"]),
            ("\t x", &[]),
            ("<<<<<<< HEAD", &["conflict-marker"]),
            ("=======", &["conflict-marker"]),
            ("========", &[]),
            ("a \u{202e}b", &["bidirectional-text"]),
            ("a\u{200b}b\u{200d}", &["invisible-text", "invisible-text"]),
        ];
        for (line, expected) in cases {
            assert_eq!(found(Language::Rust, line), expected, "{line:?}");
        }
        assert!(found(Language::Markdown, "=======").is_empty());
        assert!(found(Language::Markdown, "a  ").is_empty());
        assert!(found(Language::Rust, "👩\u{200d}💻").is_empty());
        assert!(found(Language::Rust, "\u{feff}x").is_empty());
    }
}
