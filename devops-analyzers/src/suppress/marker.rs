//! Markers in the source that suppress findings.

use devops_core::RuleId;

use super::scope::{is_secret, own_name};

/// Whose marker it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MarkerSyntax {
    /// `devops:allow RULE[, RULE] -- reason`: ours.
    Devops,
    /// `gitleaks:allow`: for secrets.
    Gitleaks,
    /// `nosemgrep` or `nosemgrep: id, id`.
    Semgrep,
    /// `noqa` or `noqa: E501, W291`: for Python linters.
    Noqa,
    /// `hadolint ignore=DL3008,SC2086`: for the next instruction of a Dockerfile.
    Hadolint,
    /// `hadolint global ignore=DL3008`: for the whole Dockerfile.
    HadolintGlobal,
}

/// A marker in a line.
///
/// ```
/// use devops_analyzers::suppress::{MarkerSyntax, parse_markers};
///
/// let markers = parse_markers(b"KEY = 'abc'  # devops:allow secrets/generic-api-key -- rotated in May");
/// assert_eq!(markers[0].syntax(), MarkerSyntax::Devops);
/// assert_eq!(markers[0].rules(), ["secrets/generic-api-key"]);
/// assert_eq!(markers[0].reason(), "rotated in May");
/// assert!(markers[0].covers("secrets/generic-api-key"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    syntax: MarkerSyntax,
    rules: Vec<String>,
    reason: String,
}

impl Marker {
    /// Whose marker it is.
    #[must_use]
    pub const fn syntax(&self) -> MarkerSyntax {
        self.syntax
    }

    /// The rules that it names; none stands for all that its tool has.
    #[must_use]
    pub fn rules(&self) -> &[String] {
        &self.rules
    }

    /// The reason that it gives; that of another tool's marker is the marker itself.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What is wrong with it, where anything is: then it suppresses nothing.
    ///
    /// ```
    /// use devops_analyzers::suppress::parse_markers;
    ///
    /// assert_eq!(parse_markers(b"# devops:allow")[0].fault(), Some("it names no rule"));
    /// assert_eq!(parse_markers(b"# devops:allow a/b")[0].fault(), Some("it gives no reason behind `--`"));
    /// assert_eq!(parse_markers(b"# devops:allow a/b -- c")[0].fault(), None);
    /// assert_eq!(parse_markers(b"# noqa")[0].fault(), None);
    /// ```
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        if self.syntax != MarkerSyntax::Devops {
            None
        } else if self.rules.is_empty() {
            Some("it names no rule")
        } else if self.reason.is_empty() {
            Some("it gives no reason behind `--`")
        } else {
            None
        }
    }

    /// Whether it is for findings of that rule. A marker of another tool that names no rule is for that tool's
    /// rules only: `gitleaks:allow` for secrets, `noqa` for codes such as `E501`, `nosemgrep` for dotted ids.
    ///
    /// ```
    /// use devops_analyzers::suppress::parse_markers;
    ///
    /// let noqa = &parse_markers(b"x = 1  # noqa: E501")[0];
    /// assert!(noqa.covers("ruff/E501") && !noqa.covers("ruff/W291"));
    /// let bare = &parse_markers(b"x = 1  # noqa")[0];
    /// assert!(bare.covers("ruff/W291") && !bare.covers("secrets/jwt"));
    /// ```
    #[must_use]
    pub fn covers(&self, rule: &str) -> bool {
        let named = || RuleId::new(rule).is_ok_and(|rule| self.rules.iter().any(|name| rule.fits(name)));
        let bare = self.rules.is_empty();
        match self.syntax {
            MarkerSyntax::Devops => self.fault().is_none() && named(),
            MarkerSyntax::Gitleaks => is_secret(rule),
            MarkerSyntax::Semgrep => named() || (bare && is_semgrep(rule)),
            MarkerSyntax::Noqa => named() || (bare && is_lint_code(own_name(rule))),
            MarkerSyntax::Hadolint | MarkerSyntax::HadolintGlobal => named(),
        }
    }
}

/// Semgrep's ids are paths with dots; its findings may come in under its name.
fn is_semgrep(rule: &str) -> bool {
    rule.starts_with("semgrep") || own_name(rule).matches('.').count() >= 2
}

/// `E501`, `PLR0913`: codes of Python linters; Dockerfile and shell codes look alike but have their own markers.
fn is_lint_code(name: &str) -> bool {
    let letters = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = name.get(letters..).unwrap_or_default();
    let shaped = (1..=5).contains(&letters) && (1..=4).contains(&digits.len());
    shaped && digits.bytes().all(|b| b.is_ascii_digit()) && !name.starts_with("DL") && !name.starts_with("SC")
}

/// The markers in a line of any language.
///
/// ```
/// use devops_analyzers::suppress::parse_markers;
///
/// assert!(parse_markers(b"let x = 1;").is_empty());
/// assert_eq!(parse_markers(b"# hadolint ignore=DL3008,DL3009")[0].rules(), ["DL3008", "DL3009"]);
/// ```
#[must_use]
pub fn parse_markers(line: &[u8]) -> Vec<Marker> {
    // The rare byte sequences first: nearly no line has one of them.
    let text = String::from_utf8_lossy(line);
    let mut markers = Vec::new();
    if let Some((_, rest)) = text.split_once("devops:allow") {
        markers.push(own(rest));
    }
    if text.contains("gitleaks:allow") {
        let reason = "gitleaks:allow".to_owned();
        markers.push(Marker { syntax: MarkerSyntax::Gitleaks, rules: Vec::new(), reason });
    }
    let foreign = [
        (MarkerSyntax::Semgrep, "nosemgrep", ":"),
        (MarkerSyntax::Noqa, "noqa", ":"),
        (MarkerSyntax::Hadolint, "hadolint ignore", "="),
        (MarkerSyntax::HadolintGlobal, "hadolint global ignore", "="),
    ];
    for (syntax, word, sign) in foreign {
        let Some(at) = text.find(word) else { continue };
        let rest = text.get(at.saturating_add(word.len())..).unwrap_or_default();
        let before = text.get(..at).unwrap_or_default();
        if is_word_end(before.chars().next_back()) && is_word_end(rest.chars().next()) {
            markers.extend(other(syntax, word, rest, sign));
        }
    }
    markers
}

fn is_word_end(neighbour: Option<char>) -> bool {
    !neighbour.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Behind `devops:allow`.
fn own(rest: &str) -> Marker {
    let (names, reason) = rest.split_once("--").unwrap_or((rest, ""));
    let reason: String = without_comment_end(reason).chars().filter(|c| !c.is_control()).collect();
    let rules = names_in(without_comment_end(names));
    Marker { syntax: MarkerSyntax::Devops, rules, reason: reason.trim().to_owned() }
}

/// Behind another tool's word.
fn other(syntax: MarkerSyntax, word: &str, rest: &str, sign: &str) -> Option<Marker> {
    let listed = rest.trim_start().strip_prefix(sign).map(listed_names);
    let needs_list = matches!(syntax, MarkerSyntax::Hadolint | MarkerSyntax::HadolintGlobal);
    match listed {
        None if needs_list => None,
        listed => Some(Marker { syntax, rules: listed.unwrap_or_default(), reason: word.to_owned() }),
    }
}

/// The names of a list with commas; it ends at the first word that no comma follows.
fn listed_names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in list.split(',') {
        let mut words = part.split_whitespace();
        names.extend(words.next().map(str::to_owned));
        if words.next().is_some() {
            break;
        }
    }
    names
}

fn names_in(list: &str) -> Vec<String> {
    let names = list.split(|c: char| c == ',' || c.is_whitespace());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn without_comment_end(text: &str) -> &str {
    let text = text.trim();
    ["*/", "-->", "--}}", "#}", "%>"]
        .iter()
        .fold(text, |text, end| text.strip_suffix(end).unwrap_or(text))
        .trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn only(line: &str) -> Marker {
        let mut markers = parse_markers(line.as_bytes());
        assert_eq!(markers.len(), 1, "{line}");
        markers.remove(0)
    }

    #[test]
    fn our_own() {
        let marker = only("<!-- devops:allow a/b, c/* -- because -- of this -->");
        assert_eq!(
            (marker.rules(), marker.reason()),
            (&["a/b".to_owned(), "c/*".to_owned()][..], "because -- of this")
        );
        assert_eq!(only("x /* devops:allow r -- why */").reason(), "why");
        assert!(!only("# devops:allow a/b").covers("a/b"), "without a reason it covers nothing");
        assert!(!only("# devops:allow * -- all").covers("a/b"), "there is no name for everything");
    }

    #[test]
    fn of_other_tools() {
        assert_eq!(only("x # noqa: E501,W291 some words").rules(), ["E501", "W291"]);
        assert_eq!(only("x # noqa: E501, W291").rules(), ["E501", "W291"]);
        assert_eq!(only("x  # noqa").rules(), [""; 0]);
        assert_eq!(only("# hadolint global ignore=DL3008").syntax(), MarkerSyntax::HadolintGlobal);
        assert_eq!(
            only("y() // nosemgrep: python.lang.eval, js.eval").rules(),
            ["python.lang.eval", "js.eval"]
        );
        assert!(only("y() // nosemgrep").covers("python.lang.security.eval"));
        assert!(!only("y() // nosemgrep").covers("secrets/jwt"));
        assert!(only("k # gitleaks:allow").covers("secrets/jwt"));
        assert!(!only("k # gitleaks:allow").covers("style/line-length"));
        for none in ["noqaish", "# hadolint ignore", "nosemgrepper", "xnoqa", "devops: allow"] {
            assert!(parse_markers(none.as_bytes()).is_empty(), "{none}");
        }
        assert_eq!(parse_markers(b"a # noqa gitleaks:allow nosemgrep").len(), 3);
    }

    proptest! {
        #[test]
        fn any_bytes(line in proptest::collection::vec(any::<u8>(), 0..120)) {
            for marker in parse_markers(&line) {
                let _ = marker.covers("a/b");
            }
        }

        #[test]
        fn any_marker(tail in "[ -~]{0,40}") {
            for word in ["devops:allow", "noqa", "nosemgrep", "hadolint ignore="] {
                let _ = parse_markers(format!("# {word}{tail}").as_bytes());
            }
        }
    }
}
