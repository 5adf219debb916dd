//! Regular expressions that are compiled when they are first needed.

use std::sync::{Arc, OnceLock};

use regex::bytes::{Regex, RegexBuilder};

use super::go_regex::to_rust;

/// Memory that one compiled pattern may take; Go's own limit of 1,000 repetitions stays well below.
const SIZE_LIMIT: usize = 32 << 20;

/// A regular expression as the rule file writes it, in Go's syntax. Clones share the compiled form.
#[derive(Clone)]
pub(super) struct Pattern {
    source: Arc<str>,
    compiled: Arc<OnceLock<Option<Regex>>>,
}

impl Pattern {
    /// The pattern, to be compiled when it is first used.
    pub(super) fn lazy(source: &str) -> Self {
        Self { source: Arc::from(source), compiled: Arc::default() }
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

    /// The compiled form; `None` for a pattern that does not compile.
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

fn compile(source: &str) -> Result<Regex, String> {
    RegexBuilder::new(&to_rust(source)).unicode(false).size_limit(SIZE_LIMIT).build().map_err(|error| {
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
}
