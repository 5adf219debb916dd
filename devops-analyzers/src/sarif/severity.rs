//! From SARIF's levels and kinds to our severities.

use devops_core::Severity;

use super::json::Scalar;

/// The severity of a CVSS-like number from 0 to 10, as code-hosting sites read `security-severity`.
///
/// | number | severity |
/// | --- | --- |
/// | 9 and more | critical |
/// | 7 to below 9 | major |
/// | 4 to below 7 | minor |
/// | below 4 | info |
///
/// ```
/// use devops_analyzers::sarif::severity_of_number;
/// use devops_core::Severity;
///
/// assert_eq!(severity_of_number(9.8), Severity::Critical);
/// assert_eq!(severity_of_number(0.0), Severity::Info);
/// ```
#[must_use]
pub fn severity_of_number(number: f64) -> Severity {
    if number >= 9.0 {
        Severity::Critical
    } else if number >= 7.0 {
        Severity::Major
    } else if number >= 4.0 {
        Severity::Minor
    } else {
        Severity::Info
    }
}

/// The severity of a SARIF level; `None` for a level that SARIF does not know.
///
/// | level | severity |
/// | --- | --- |
/// | `error` | major |
/// | `warning` | minor |
/// | `note`, `none` | info |
///
/// No level is critical: tools call a line that is too long an error.
///
/// ```
/// use devops_analyzers::sarif::severity_of_level;
/// use devops_core::Severity;
///
/// assert_eq!(severity_of_level("error"), Some(Severity::Major));
/// assert_eq!(severity_of_level("fatal"), None);
/// ```
#[must_use]
pub fn severity_of_level(level: &str) -> Option<Severity> {
    match level {
        "error" => Some(Severity::Major),
        "warning" => Some(Severity::Minor),
        "note" | "none" => Some(Severity::Info),
        _ => None,
    }
}

/// What a result's `kind` makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A fault, or a kind that is not known.
    Fail,
    /// The rule was checked and holds, or does not apply.
    Pass,
    /// Something to know or to look at, which the tool calls no fault.
    Info,
}

/// The kind, and whether it is one that SARIF knows.
pub(super) fn kind_of(kind: &Scalar) -> (Kind, bool) {
    match kind {
        Scalar::Absent => (Kind::Fail, true),
        Scalar::Text(text) => match &**text {
            "fail" => (Kind::Fail, true),
            "pass" | "notApplicable" => (Kind::Pass, true),
            "open" | "review" | "informational" => (Kind::Info, true),
            _ => (Kind::Fail, false),
        },
        _ => (Kind::Fail, false),
    }
}

/// A level that stands there: the severity, or `Err` with what is wrong; `Ok(None)` where none does.
pub(super) fn level_of(level: &Scalar) -> Result<Option<Severity>, &Scalar> {
    match level {
        Scalar::Absent => Ok(None),
        Scalar::Text(text) => severity_of_level(text).map(Some).ok_or(level),
        other => Err(other),
    }
}

/// A `security-severity` that stands there.
pub(super) fn security_of(number: &Scalar) -> Option<Severity> {
    number.number().filter(|n| (0.0..=10.0).contains(n)).map(severity_of_number)
}
