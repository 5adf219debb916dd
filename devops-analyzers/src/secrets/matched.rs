//! What was found, without showing it.

use std::ops::Range;
use std::sync::Arc;

use devops_core::Fingerprint;

use super::rule::Rule;

/// A secret that a rule found: where it is, and how random it looks. The text itself is not shown by any
/// method nor by `Debug`; [`SecretMatch::redacted`] is what may be shown.
///
/// ```
/// use devops_analyzers::secrets::{Fragment, RuleSet};
///
/// let rules = RuleSet::from_toml("[[rules]]\nid = 'pin'\nregex = 'pin=([0-9]{12})'")?;
/// let found = rules.scan(&Fragment::new(b"a\npin=123456789012"));
/// assert_eq!((found[0].line(), found[0].column()), (2, 1));
/// assert_eq!(found[0].redacted(), "12… (12 bytes)");
/// assert!(!format!("{found:?}").contains("123456789012"));
/// # Ok::<(), devops_analyzers::secrets::RuleError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct SecretMatch {
    pub(super) rule: Arc<Rule>,
    pub(super) range: Range<usize>,
    pub(super) secret_range: Range<usize>,
    pub(super) start: Position,
    pub(super) end: Position,
    pub(super) entropy: f64,
    pub(super) decode_depth: u8,
    pub(super) path_only: bool,
    /// Never shown.
    pub(super) secret: Vec<u8>,
}

/// Line and column, from 1; columns in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) line: u32,
    pub(super) column: u32,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl SecretMatch {
    /// The rule that found it.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Where the whole match is in the text, in bytes; of a decoded match, the encoded text around it.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Where the secret is in the text, in bytes; of a decoded match, the encoded text around it.
    #[must_use]
    pub fn secret_range(&self) -> Range<usize> {
        self.secret_range.clone()
    }

    /// The line where the match begins, from 1.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.start.line
    }

    /// The column where the match begins, in bytes from 1.
    #[must_use]
    pub const fn column(&self) -> u32 {
        self.start.column
    }

    /// The line where the match ends, from 1.
    #[must_use]
    pub const fn end_line(&self) -> u32 {
        self.end.line
    }

    /// The column behind the last byte of the match, in bytes from 1.
    #[must_use]
    pub const fn end_column(&self) -> u32 {
        self.end.column
    }

    /// The entropy of the secret; see [`shannon_entropy`](super::shannon_entropy).
    #[must_use]
    pub const fn entropy(&self) -> f64 {
        self.entropy
    }

    /// How many encodings it was found under; 0 for plain text.
    #[must_use]
    pub const fn decode_depth(&self) -> u8 {
        self.decode_depth
    }

    /// Whether the path alone was matched: then there is no text, and the place is the start of the file.
    #[must_use]
    pub const fn is_path_only(&self) -> bool {
        self.path_only
    }

    /// The secret in a form that may be shown; see [`redact`].
    #[must_use]
    pub fn redacted(&self) -> String {
        redact(&self.secret)
    }

    /// A keyed hash of the secret, by which the same secret is known again without keeping it. The key makes it
    /// useless to guess short passwords from published reports; keep it secret, and the same between runs.
    ///
    /// ```
    /// use devops_analyzers::secrets::{Fragment, RuleSet};
    ///
    /// let rules = RuleSet::from_toml("[[rules]]\nid = 'pin'\nregex = 'pin=([0-9]{4})'")?;
    /// let found = rules.scan(&Fragment::new(b"pin=1234 pin=1234 pin=9999"));
    /// assert_eq!(found[0].secret_hash(b"key"), found[1].secret_hash(b"key"));
    /// assert_ne!(found[0].secret_hash(b"key"), found[2].secret_hash(b"key"));
    /// assert_ne!(found[0].secret_hash(b"key"), found[0].secret_hash(b"other"));
    /// # Ok::<(), devops_analyzers::secrets::RuleError>(())
    /// ```
    #[must_use]
    pub fn secret_hash(&self, key: &[u8]) -> Fingerprint {
        Fingerprint::of(&[b"devops/secret/v1", key, &self.secret])
    }

    /// Whether it is clearly no live secret; see [`is_placeholder`].
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        !self.path_only && is_placeholder(&self.secret)
    }
}

impl std::fmt::Debug for SecretMatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretMatch")
            .field("rule", &self.rule.id)
            .field("range", &self.range)
            .field("secret_range", &self.secret_range)
            .field("line", &self.start.line)
            .field("column", &self.start.column)
            .field("entropy", &self.entropy)
            .field("redacted", &self.redacted())
            .finish_non_exhaustive()
    }
}

/// A secret in a form that may be shown: how it starts and how long it is.
///
/// Of 16 bytes and more the first 4 characters are shown, of 8 and more the first 2, of fewer none; characters
/// that are not printable ASCII are shown as `?`.
///
/// ```
/// use devops_analyzers::secrets::redact;
///
/// assert_eq!(redact(b"ghp_0123456789abcdef"), "ghp_… (20 bytes)");
/// assert_eq!(redact(b"P@ssw0rd"), "P@… (8 bytes)");
/// assert_eq!(redact(b"1234"), "… (4 bytes)");
/// ```
#[must_use]
pub fn redact(secret: &[u8]) -> String {
    let shown = match secret.len() {
        0..8 => 0,
        8..16 => 2,
        _ => 4,
    };
    let start = secret
        .iter()
        .take(shown)
        .map(|b| if matches!(b, b' '..=b'~' if *b != b'`') { char::from(*b) } else { '?' });
    format!("{}… ({} bytes)", start.collect::<String>(), secret.len())
}

/// Words that nobody's random secret holds by chance.
const PLACEHOLDER_WORDS: [&str; 22] = [
    "example",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "changeit",
    "dummy",
    "redacted",
    "your-",
    "your_",
    "yourtoken",
    "yourkey",
    "yourpassword",
    "yoursecret",
    "insert-",
    "insert_",
    "replace",
    "sample",
    "xxxxxx",
    "******",
    "......",
    "1234567890",
];

/// Whether a text is clearly a placeholder: it says so (`EXAMPLE`, `changeme`, `your-token`, `xxxxxx`), it is
/// `<in brackets>`, or it is made of at most three different characters.
///
/// ```
/// use devops_analyzers::secrets::is_placeholder;
///
/// assert!(is_placeholder(b"AKIAIOSFODNN7EXAMPLE"));
/// assert!(is_placeholder(b"<your token here>"));
/// assert!(is_placeholder(b"0000-0000-0001"));
/// assert!(!is_placeholder(b"hunter2ButLonger"));
/// ```
#[must_use]
pub fn is_placeholder(secret: &[u8]) -> bool {
    let lower = secret.to_ascii_lowercase();
    let bracketed = matches!(secret, [b'<', .., b'>'] | [b'[', .., b']'] | [b'{', .., b'}']);
    let mut distinct = lower.clone();
    distinct.sort_unstable();
    distinct.dedup();
    bracketed
        || distinct.len() <= 3
        || PLACEHOLDER_WORDS.iter().any(|word| super::allowlist::contains(&lower, word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn at_most_a_quarter_is_shown(secret in proptest::collection::vec(any::<u8>(), 0..80)) {
            let shown = redact(&secret);
            let start = shown.split('…').next().unwrap();
            prop_assert!(start.chars().count() * 4 <= secret.len());
            prop_assert!(start.bytes().zip(&secret).all(|(a, b)| a == b'?' || a == *b));
        }

        #[test]
        fn placeholders_of_any_bytes(secret in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = is_placeholder(&secret);
        }
    }
}
