//! What a caller makes of each verdict: an exit code, the state of a check.

use crate::Status;

/// One thing for each [`Status`]: the exit code of a program, the conclusion of a check, a colour.
///
/// The library decides; what becomes of a verdict is up to whoever calls it. So the mapping is a value, and no
/// status can be forgotten in it.
///
/// ```
/// use devops_core::Measures;
/// use devops_gates::{Evidence, Gate, PerStatus, Status};
///
/// let status = Gate::classic().evaluate(&Evidence::new(&Measures::new())).status();
/// assert_eq!(*PerStatus::EXIT_CODES.get(status), 2);
/// assert_eq!(*PerStatus::CHECK_CONCLUSIONS.get(status), "action_required");
/// let strict = PerStatus { warning: 1, ..PerStatus::EXIT_CODES };
/// assert_eq!(*strict.get(Status::Warning), 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "one for each of the four statuses, which are closed")]
pub struct PerStatus<T> {
    /// For [`Status::Passed`].
    pub passed: T,
    /// For [`Status::Warning`].
    pub warning: T,
    /// For [`Status::Failed`].
    pub failed: T,
    /// For [`Status::Inconclusive`].
    pub inconclusive: T,
}

impl<T> PerStatus<T> {
    /// What there is for a status.
    #[must_use]
    pub const fn get(&self, status: Status) -> &T {
        match status {
            Status::Passed => &self.passed,
            Status::Warning => &self.warning,
            Status::Failed => &self.failed,
            Status::Inconclusive => &self.inconclusive,
        }
    }

    /// Another thing for each status.
    ///
    /// ```
    /// use devops_gates::{PerStatus, Status};
    ///
    /// let ships = PerStatus::EXIT_CODES.map(|code| code == 0);
    /// assert!(*ships.get(Status::Warning) && !*ships.get(Status::Inconclusive));
    /// ```
    #[must_use]
    pub fn map<U>(self, f: impl Fn(T) -> U) -> PerStatus<U> {
        PerStatus {
            passed: f(self.passed),
            warning: f(self.warning),
            failed: f(self.failed),
            inconclusive: f(self.inconclusive),
        }
    }
}

impl PerStatus<u8> {
    /// The exit codes of a program: 0 for passed and for a warning, 1 for failed, 2 for inconclusive, so that a
    /// pipeline stops on both and can tell them apart.
    pub const EXIT_CODES: Self = Self { passed: 0, warning: 0, failed: 1, inconclusive: 2 };
}

impl PerStatus<&'static str> {
    /// The conclusions of a check run on GitHub.
    pub const CHECK_CONCLUSIONS: Self =
        Self { passed: "success", warning: "neutral", failed: "failure", inconclusive: "action_required" };

    /// The states of a commit on GitHub and Gitea, which know neither warning nor inconclusive.
    pub const COMMIT_STATES: Self =
        Self { passed: "success", warning: "success", failed: "failure", inconclusive: "error" };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_did_not_pass_is_a_success() {
        for status in [Status::Failed, Status::Inconclusive] {
            assert_ne!(*PerStatus::EXIT_CODES.get(status), 0);
            assert_ne!(*PerStatus::COMMIT_STATES.get(status), "success");
            assert!(!["success", "neutral"].contains(PerStatus::CHECK_CONCLUSIONS.get(status)));
        }
    }

    #[test]
    fn a_mapping_in_a_file_is_whole() {
        let text = r#"{"passed":0,"warning":4,"failed":1,"inconclusive":1}"#;
        let codes: PerStatus<u8> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&codes).unwrap(), text);
        assert!(serde_json::from_str::<PerStatus<u8>>(r#"{"passed":0,"warning":4,"failed":1}"#).is_err());
    }
}
