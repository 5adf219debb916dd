//! What is no secret although a rule finds it.

use super::pattern::Pattern;

/// Whether one check of an allow-list is enough.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Condition {
    /// Any check.
    #[default]
    Or,
    /// All checks that the list has.
    And,
}

/// Which text the regular expressions of an allow-list are matched with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Target {
    /// The secret alone.
    #[default]
    Secret,
    /// All that the rule matched.
    Match,
    /// The lines that hold it.
    Line,
}

/// What is no secret although a rule finds it.
#[derive(Debug, Clone, Default)]
pub(super) struct Allowlist {
    pub(super) condition: Condition,
    pub(super) target: Target,
    pub(super) regexes: Vec<Pattern>,
    pub(super) paths: Vec<Pattern>,
    /// In lower case.
    pub(super) stopwords: Vec<String>,
    /// In lower case.
    pub(super) commits: Vec<String>,
    /// The rules that a list outside of rules is for; none names all.
    pub(super) target_rules: Vec<String>,
}

/// A text that a rule found, as the allow-lists see it.
pub(super) struct Candidate<'a> {
    pub(super) secret: &'a [u8],
    pub(super) matched: &'a [u8],
    pub(super) line: &'a [u8],
}

/// Where the text stands.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) path: Option<&'a [u8]>,
    pub(super) commit: Option<&'a str>,
}

impl Allowlist {
    pub(super) fn is_empty(&self) -> bool {
        self.regexes.is_empty()
            && self.paths.is_empty()
            && self.stopwords.is_empty()
            && self.commits.is_empty()
    }

    /// Whether it is for that rule.
    pub(super) fn covers(&self, rule: &str) -> bool {
        self.target_rules.is_empty() || self.target_rules.iter().any(|id| id == rule)
    }

    fn allows_commit(&self, origin: Origin<'_>) -> bool {
        origin.commit.is_some_and(|commit| self.commits.iter().any(|c| c.eq_ignore_ascii_case(commit)))
    }

    fn allows_path(&self, origin: Origin<'_>) -> bool {
        origin.path.is_some_and(|path| self.paths.iter().any(|p| p.is_match(path)))
    }

    /// Whether the place alone allows everything there: no text has to be looked at.
    pub(super) fn allows_origin(&self, origin: Origin<'_>) -> bool {
        match self.condition {
            Condition::Or => self.allows_commit(origin) || self.allows_path(origin),
            Condition::And => {
                self.regexes.is_empty()
                    && self.stopwords.is_empty()
                    && (self.commits.is_empty() || self.allows_commit(origin))
                    && (self.paths.is_empty() || self.allows_path(origin))
                    && !self.is_empty()
            }
        }
    }

    /// Whether it allows that text at that place.
    pub(super) fn allows(&self, candidate: &Candidate<'_>, origin: Origin<'_>) -> bool {
        let text = match self.target {
            Target::Secret => candidate.secret,
            Target::Match => candidate.matched,
            Target::Line => candidate.line,
        };
        let by_regex = || self.regexes.iter().any(|r| r.is_match(text));
        let by_stopword = || {
            let lower = candidate.secret.to_ascii_lowercase();
            self.stopwords.iter().any(|word| contains(&lower, word.as_bytes()))
        };
        match self.condition {
            Condition::Or => by_regex() || (!self.stopwords.is_empty() && by_stopword()),
            Condition::And => {
                (self.commits.is_empty() || self.allows_commit(origin))
                    && (self.paths.is_empty() || self.allows_path(origin))
                    && (self.regexes.is_empty() || by_regex())
                    && (self.stopwords.is_empty() || by_stopword())
                    && !self.is_empty()
            }
        }
    }
}

/// Whether `text` holds `part`; an empty part is in every text.
pub(super) fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|w| w == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(condition: Condition) -> Allowlist {
        Allowlist {
            condition,
            paths: vec![Pattern::lazy("^vendor/")],
            stopwords: vec!["mock".into()],
            ..Allowlist::default()
        }
    }

    fn candidate(secret: &[u8]) -> Candidate<'_> {
        Candidate { secret, matched: secret, line: secret }
    }

    #[test]
    fn one_check_or_all() {
        let inside = Origin { path: Some(b"vendor/a"), commit: None };
        let outside = Origin { path: Some(b"src/a"), commit: None };
        assert!(list(Condition::Or).allows_origin(inside));
        assert!(list(Condition::Or).allows(&candidate(b"aMOCKb"), outside));
        let both = list(Condition::And);
        assert!(!both.allows_origin(inside), "the text is still to be looked at");
        assert!(both.allows(&candidate(b"mock1"), inside));
        assert!(!both.allows(&candidate(b"mock1"), outside));
        assert!(!both.allows(&candidate(b"real1"), inside));
        let nowhere = Origin { path: None, commit: None };
        assert!(!both.allows(&candidate(b"mock1"), nowhere));
        assert!(!Allowlist { condition: Condition::And, ..Allowlist::default() }.allows_origin(nowhere));
    }

    #[test]
    fn commits_in_any_case() {
        let list = Allowlist { commits: vec!["abc1".into()], ..Allowlist::default() };
        assert!(list.allows_origin(Origin { path: None, commit: Some("ABC1") }));
        assert!(!list.allows_origin(Origin { path: None, commit: None }));
    }
}
