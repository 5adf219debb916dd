//! Why a rule file was refused.

/// Why a rule file was refused: it names the rule and the field.
///
/// ```
/// use devops_analyzers::secrets::RuleSet;
///
/// let error = RuleSet::from_toml("[[rules]]\nid = 'a'\nregex = '(b'").unwrap_err();
/// assert_eq!(error.to_string(), "rule `a`: field `regex`: `(b` is no regular expression: unclosed group");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The text is no TOML.
    #[error("the rule file is no TOML: line {line}: {reason}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What the TOML reader says.
        reason: String,
    },
    /// A field has another type than it should.
    #[error("{place}: field `{field}` is {found}: expected {expected}")]
    Type {
        /// Which rule or allow-list.
        place: String,
        /// Which field.
        field: String,
        /// The type it has.
        found: &'static str,
        /// What would be right.
        expected: &'static str,
    },
    /// A value that the field cannot have.
    #[error("{place}: field `{field}`: `{value}` is {reason}")]
    Value {
        /// Which rule or allow-list.
        place: String,
        /// Which field.
        field: String,
        /// The value, shortened.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A field that must be there is missing.
    #[error("{place}: {what} is missing: expected {expected}")]
    Missing {
        /// Which rule or allow-list.
        place: String,
        /// Which field.
        what: &'static str,
        /// What would be right.
        expected: &'static str,
    },
    /// Two fields that exclude each other.
    #[error("{place}: {what}: expected {expected}")]
    Conflict {
        /// Which rule or allow-list.
        place: String,
        /// What excludes what.
        what: &'static str,
        /// What would be right.
        expected: &'static str,
    },
    /// The file builds on another file, which this crate does not read.
    #[error(
        "field `extend.{field}` names `{value}`, which is not read here: read it and give it to `from_toml_over`"
    )]
    Unreachable {
        /// Which field.
        field: &'static str,
        /// The path or address, shortened.
        value: String,
    },
}
