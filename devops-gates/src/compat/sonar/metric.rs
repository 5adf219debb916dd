//! The metrics of SonarQube: their types, and their equivalents in the other mode.

use alloc::format;
use alloc::string::String;

/// The type of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ValueType {
    /// A whole number; value and threshold are cut to one.
    Int,
    /// A number.
    Float,
    /// A number from 0 to 100.
    Percent,
    /// 1 (A) to 5 (E); value and threshold are cut to a whole number.
    Rating,
    /// A whole number of milliseconds.
    Millisec,
    /// A whole number of minutes of work.
    WorkDur,
    /// Yes or no; no condition can be on it.
    Bool,
    /// A text; no condition can be on it.
    String,
    /// The status of a gate; no condition can be on it.
    Level,
    /// A text that others read; no condition can be on it.
    Data,
    /// Counts by range; no condition can be on it.
    Distrib,
}

impl ValueType {
    /// Whether a condition can be on it.
    ///
    /// ```
    /// use devops_gates::compat::sonar::ValueType;
    ///
    /// assert!(ValueType::Rating.is_numeric() && !ValueType::Level.is_numeric());
    /// ```
    #[must_use]
    pub const fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::Int | Self::Float | Self::Percent | Self::Rating | Self::Millisec | Self::WorkDur
        )
    }
}

/// The type of a metric that SonarQube itself brings, by its key; `None` for one that it does not, which a plugin may
/// bring. Keys of ratings, percentages and debts are told by their endings, as SonarQube names them.
///
/// ```
/// use devops_gates::compat::sonar::{ValueType, metric_type};
///
/// assert_eq!(metric_type("new_coverage"), Some(ValueType::Percent));
/// assert_eq!(metric_type("software_quality_security_rating"), Some(ValueType::Rating));
/// assert_eq!(metric_type("weather"), None);
/// ```
#[must_use]
pub fn metric_type(key: &str) -> Option<ValueType> {
    let base = key.strip_prefix("new_").unwrap_or(key);
    let ends = |endings: &[&str]| endings.iter().any(|ending| base.ends_with(ending));
    Some(match base {
        "coverage" | "line_coverage" | "branch_coverage" | "security_hotspots_reviewed" => ValueType::Percent,
        "file_complexity" | "class_complexity" | "function_complexity" => ValueType::Float,
        "test_execution_time" => ValueType::Millisec,
        "sqale_index" | "technical_debt" => ValueType::WorkDur,
        "alert_status" => ValueType::Level,
        _ if ends(&["_rating"]) => ValueType::Rating,
        _ if ends(&["_density", "_debt_ratio"]) => ValueType::Percent,
        _ if ends(&["_remediation_effort"]) || base.starts_with("effort_to_reach_") => ValueType::WorkDur,
        _ if WHOLE.contains(&base) || ends(&["violations", "_issues"]) => ValueType::Int,
        _ => return None,
    })
}

/// Keys, without `new_`, of counts.
const WHOLE: [&str; 29] = [
    "lines",
    "ncloc",
    "statements",
    "functions",
    "classes",
    "files",
    "directories",
    "comment_lines",
    "complexity",
    "cognitive_complexity",
    "tests",
    "test_errors",
    "test_failures",
    "skipped_tests",
    "lines_to_cover",
    "uncovered_lines",
    "conditions_to_cover",
    "uncovered_conditions",
    "duplicated_lines",
    "duplicated_blocks",
    "duplicated_files",
    "bugs",
    "vulnerabilities",
    "code_smells",
    "security_hotspots",
    "accepted_issues",
    "open_issues",
    "confirmed_issues",
    "false_positive_issues",
];

/// Metrics of the multi-quality rule mode, and their equivalents of the standard mode; both also with `new_`.
const EQUIVALENTS: [(&str, &str); 16] = [
    ("software_quality_blocker_issues", "blocker_violations"),
    ("software_quality_high_issues", "critical_violations"),
    ("software_quality_medium_issues", "major_violations"),
    ("software_quality_low_issues", "minor_violations"),
    ("software_quality_info_issues", "info_violations"),
    ("software_quality_maintainability_issues", "code_smells"),
    ("software_quality_security_issues", "vulnerabilities"),
    ("software_quality_reliability_issues", "bugs"),
    ("software_quality_security_rating", "security_rating"),
    ("software_quality_reliability_rating", "reliability_rating"),
    ("software_quality_security_remediation_effort", "security_remediation_effort"),
    ("software_quality_reliability_remediation_effort", "reliability_remediation_effort"),
    ("software_quality_maintainability_debt_ratio", "sqale_debt_ratio"),
    ("software_quality_maintainability_rating", "sqale_rating"),
    ("software_quality_maintainability_remediation_effort", "sqale_index"),
    ("effort_to_reach_software_quality_maintainability_rating_a", "effort_to_reach_maintainability_rating_a"),
];

/// The standard metric that stands in for one of the multi-quality rule mode (MQR) which was not measured yet.
///
/// ```
/// use devops_gates::compat::sonar::standard_equivalent;
///
/// assert_eq!(standard_equivalent("new_software_quality_reliability_issues").as_deref(), Some("new_bugs"));
/// assert_eq!(standard_equivalent("bugs"), None);
/// ```
#[must_use]
pub fn standard_equivalent(key: &str) -> Option<String> {
    // Three names are not built as the others are.
    match key {
        "new_software_quality_maintainability_rating" => return Some("new_maintainability_rating".into()),
        "new_software_quality_maintainability_remediation_effort" => {
            return Some("new_technical_debt".into());
        }
        "new_effort_to_reach_software_quality_maintainability_rating_a" => return None,
        _ => {}
    }
    let (prefix, base) = key.strip_prefix("new_").map_or(("", key), |base| ("new_", base));
    let (_, standard) = EQUIVALENTS.iter().find(|(quality, _)| *quality == base)?;
    Some(format!("{prefix}{standard}"))
}
