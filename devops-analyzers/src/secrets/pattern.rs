//! Regular expressions that are compiled when they are first needed.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use regex::bytes::{Regex, RegexBuilder};

use super::go_regex::to_rust;

/// Memory that one compiled pattern may take; Go's own limit of 1,000 repetitions stays well below.
const SIZE_LIMIT: usize = 32 << 20;

/// What rules for assigned values begin with: up to 50 characters of the name before the telling word.
///
/// To look for it makes every word of a text a candidate. A match of the whole is a match of what follows,
/// reached back over at most 50 such characters; so what follows is searched for, which is several times faster,
/// and the match is extended.
const LEAD: &str = r"[\w.-]{0,50}?";
const LEAD_LENGTH: usize = 50;

/// A regular expression as the rule file writes it, in Go's syntax. Clones share the compiled form.
#[derive(Clone)]
pub(super) struct Pattern {
    source: Arc<str>,
    /// Compiled without its [`LEAD`].
    compiled: Arc<OnceLock<Option<Regex>>>,
    has_lead: bool,
}

impl Pattern {
    /// The pattern, to be compiled when it is first used.
    pub(super) fn lazy(source: &str) -> Self {
        let has_lead = without_lead(source).is_some();
        Self { source: Arc::from(source), compiled: Arc::default(), has_lead }
    }

    /// As [`Pattern::lazy`], in the form of [`Pattern::checked`].
    #[expect(clippy::unnecessary_wraps, reason = "stands in for `checked`")]
    pub(super) fn lazy_result(source: &str) -> Result<Self, String> {
        Ok(Self::lazy(source))
    }

    /// The pattern, compiled now; the error is one line.
    pub(super) fn checked(source: &str) -> Result<Self, String> {
        let regex = compile(source)?;
        let pattern = Self::lazy(source);
        pattern.compiled.get_or_init(|| Some(regex));
        Ok(pattern)
    }

    /// As written.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// The matches in a text, from left to right without overlap.
    pub(super) fn find_iter<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Range<usize>> + 'a {
        let mut floor = 0;
        self.regex().into_iter().flat_map(|regex| regex.find_iter(text)).map(move |found| {
            let start = if self.has_lead { lead_start(text, floor, found.start()) } else { found.start() };
            floor = found.end();
            start..found.end()
        })
    }

    /// The compiled form, without what a match may begin with; `None` for a pattern that does not compile.
    pub(super) fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.source).ok()).as_ref()
    }

    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        self.regex().is_some_and(|r| r.is_match(text))
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pattern({})", self.source)
    }
}

/// Where a match that begins at `start` begins with its lead, not before `floor`.
fn lead_start(text: &[u8], floor: usize, start: usize) -> usize {
    let before = text.get(floor..start).unwrap_or_default();
    let is_lead = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'.' | b'-');
    let length = before.iter().rev().take(LEAD_LENGTH).take_while(is_lead).count();
    start.saturating_sub(length)
}

/// The pattern without its [`LEAD`], where that belongs to the whole of it.
fn without_lead(source: &str) -> Option<String> {
    let (flags, rest) = match source.strip_prefix("(?i)") {
        Some(rest) => ("(?i)", rest),
        None => ("", source),
    };
    let rest = rest.strip_prefix(LEAD)?;
    (!has_alternatives(rest)).then(|| format!("{flags}{rest}"))
}

/// Whether a pattern has alternatives outside of groups; `true` where that is hard to say.
fn has_alternatives(pattern: &str) -> bool {
    let mut depth: usize = 0;
    let mut in_class = false;
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        if c == '\\' {
            if rest.next() == Some('Q') {
                return true;
            }
            continue;
        }
        match c {
            '[' if !in_class => {
                in_class = true;
                // A `]` that comes first belongs to the class.
                let behind = rest.as_str().trim_start_matches('^');
                if behind.starts_with(']') {
                    return true;
                }
            }
            ']' => in_class = false,
            '(' if !in_class => depth = depth.saturating_add(1),
            ')' if !in_class => depth = depth.saturating_sub(1),
            '|' if !in_class && depth == 0 => return true,
            _ => {}
        }
    }
    false
}

fn compile(source: &str) -> Result<Regex, String> {
    let searched = without_lead(source);
    RegexBuilder::new(&to_rust(searched.as_deref().unwrap_or(source)))
        .unicode(false)
        .size_limit(SIZE_LIMIT)
        .build()
        .map_err(|error| {
            match error {
                regex::Error::CompiledTooBig(limit) => format!("larger than {limit} bytes when compiled"),
                // The reader's messages show the pattern over several lines; the last line says what is wrong.
                other => {
                    let shown = other.to_string();
                    let last = shown.lines().last().unwrap_or_default();
                    last.trim().trim_start_matches("error:").trim().to_owned()
                }
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn errors_are_one_line() {
        assert_eq!(Pattern::checked("(a").unwrap_err(), "unclosed group");
        assert_eq!(Pattern::checked("a{1,9").map(|p| p.is_match(b"a{1,9")), Ok(true));
        let large = Pattern::checked("((a{900}){900}){900}").unwrap_err();
        assert!(large.starts_with("larger than"), "{large}");
        let unicode = Pattern::checked(r"\pL").unwrap_err();
        assert!(!unicode.contains('\n') && !unicode.is_empty(), "{unicode}");
    }

    #[test]
    fn a_lazy_pattern_that_does_not_compile_matches_nothing() {
        assert!(!Pattern::lazy("(").is_match(b"("));
        assert_eq!(format!("{:?}", Pattern::lazy("a+")), "Pattern(a+)");
    }

    #[test]
    fn leads_of_the_whole_pattern_only() {
        assert_eq!(without_lead(r"(?i)[\w.-]{0,50}?(?:a|b)[|]c").as_deref(), Some("(?i)(?:a|b)[|]c"));
        assert_eq!(without_lead(r"[\w.-]{0,50}?a").as_deref(), Some("a"));
        for kept in [r"[\w.-]{0,50}?a|b", r"[\w.-]{0,50}a", r"a[\w.-]{0,50}?b", r"[\w.-]{0,50}?[]|]a"] {
            assert_eq!(without_lead(kept), None, "{kept}");
        }
    }

    proptest! {
        #[test]
        fn the_lead_is_as_if_searched_for(text in "[a-c.= -]{0,200}") {
            let source = r"(?i)[\w.-]{0,50}?(?:ab|c)[\w.-]{0,3}[= ]{1,2}([a-c]{2,4})(?:[. ]|$)";
            let plain = RegexBuilder::new(source).unicode(false).build().unwrap();
            let expected: Vec<_> = plain.find_iter(text.as_bytes()).map(|m| m.range()).collect();
            let found: Vec<_> = Pattern::lazy(source).find_iter(text.as_bytes()).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn long_names_are_cut(length in 0usize..120) {
            let source = r"[\w.-]{0,50}?key=([0-9]+)";
            let text = format!("{}key=12 {}", "x".repeat(length), "y".repeat(60));
            let found: Vec<_> = Pattern::lazy(source).find_iter(text.as_bytes()).collect();
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(&found[0], &(length.saturating_sub(50)..length + 6));
        }
    }
}
