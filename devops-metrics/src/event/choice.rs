//! The closed vocabularies of events.

use core::fmt;
use devops_core::ValueError;

/// An enum that is written as one word, and as one byte in the log.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident, $field:literal, $expected:literal,
     $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "alloc::string::String", into = "&'static str")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word as it is written in files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            #[allow(dead_code, reason = "not all are packed")]
            pub(crate) const fn code(self) -> u8 {
                self as u8
            }

            #[allow(dead_code, reason = "not all are packed")]
            pub(crate) fn of_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }
        }

        impl core::str::FromStr for $name {
            type Err = ValueError;

            fn from_str(text: &str) -> Result<Self, ValueError> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(ValueError::malformed($field, text, $expected)),
                }
            }
        }

        impl TryFrom<alloc::string::String> for $name {
            type Error = ValueError;

            fn try_from(text: alloc::string::String) -> Result<Self, ValueError> {
                text.parse()
            }
        }

        impl From<$name> for &'static str {
            fn from(value: $name) -> Self {
                value.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

choice! {
    /// What kind of event it is: the word behind `type`.
    ///
    /// ```
    /// use devops_metrics::event::EventKind;
    /// assert_eq!("deployment".parse::<EventKind>()?, EventKind::Deployment);
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    EventKind, "type",
    "`change`, `deployment`, `incident`, `check`, `alert`, `uptime` or `retraction`",
    /// A commit or pull request.
    Change = "change",
    /// An attempt to bring a version to an environment.
    Deployment = "deployment",
    /// An impairment of a service.
    Incident = "incident",
    /// A run of a code check.
    Check = "check",
    /// A warning, or the lack of one, and whether it was right.
    Alert = "alert",
    /// A stretch of time in which a service was up or down.
    Uptime = "uptime",
    /// Takes an earlier event back.
    Retraction = "retraction",
}

choice! {
    /// What a change is.
    ChangeUnit, "unit", "`commit` or `pull_request`",
    /// One commit.
    Commit = "commit",
    /// A pull (or merge) request with all its commits.
    PullRequest = "pull_request",
}

choice! {
    /// The tier of an environment.
    ///
    /// ```
    /// use devops_metrics::event::Tier;
    /// assert_eq!(Tier::of_environment("prod-eu-1"), Tier::Production);
    /// assert_eq!(Tier::of_environment("review/42"), Tier::Development);
    /// assert_eq!(Tier::of_environment("blue"), Tier::Other);
    /// ```
    Tier, "tier", "`production`, `staging`, `testing`, `development` or `other`",
    /// Serves its users.
    Production = "production",
    /// A rehearsal of production.
    Staging = "staging",
    /// For tests and quality assurance.
    Testing = "testing",
    /// For developers and reviews.
    Development = "development",
    /// Anything else.
    Other = "other",
}

impl Tier {
    /// The tier that an environment's name tells, by the words that GitLab's documentation lists: `prod`, `live`;
    /// `stag`, `model`, `pre`, `demo`, `non-prod`; `test`, `tst`, `int`, `ac`, `qa`, `qc`, `uat`, `control`,
    /// `quality`; `dev`, `review`, `trunk`. Whole words count, and `production` and the like by their beginning.
    #[must_use]
    pub fn of_environment(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        if lower.contains("non-prod") || lower.contains("nonprod") || lower.contains("pre-prod") {
            return Self::Staging;
        }
        for word in lower.split(|c: char| !c.is_ascii_alphabetic()) {
            if let Some(tier) = Self::of_word(word) {
                return tier;
            }
        }
        Self::Other
    }

    fn of_word(word: &str) -> Option<Self> {
        let begins = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
        if begins(&["prod", "live"]) {
            Some(Self::Production)
        } else if begins(&["stag", "stg", "model", "preprod", "demo"]) || word == "pre" {
            Some(Self::Staging)
        } else if begins(&["test", "tst", "uat", "qa", "qc", "quality", "control", "accept", "integration"])
            || matches!(word, "int" | "ac" | "acpt")
        {
            Some(Self::Testing)
        } else if begins(&["dev", "review", "trunk", "local"]) {
            Some(Self::Development)
        } else {
            None
        }
    }
}

choice! {
    /// How a deployment, or a run of a check, ended.
    Outcome, "outcome", "`succeeded`, `failed` or `cancelled`",
    /// It did what it should.
    Succeeded = "succeeded",
    /// It did not.
    Failed = "failed",
    /// It was stopped.
    Cancelled = "cancelled",
}

choice! {
    /// What a deployment is for.
    DeploymentKind, "kind", "`normal`, `hotfix`, `rollback` or `rework`",
    /// Planned work.
    Normal = "normal",
    /// An unplanned fix of what users suffer from.
    Hotfix = "hotfix",
    /// Back to an earlier version.
    Rollback = "rollback",
    /// Any other unplanned deployment after a failure.
    Rework = "rework",
}

choice! {
    /// What people said about whether a deployment failed its users.
    DeclaredFailure, "declared_failure", "`yes`, `no` or `pending`",
    /// It needed immediate intervention.
    Yes = "yes",
    /// It did not.
    No = "no",
    /// Not decided yet.
    Pending = "pending",
}

choice! {
    /// What caused an incident.
    CauseClass, "cause", "`change`, `infrastructure`, `external` or `unknown`",
    /// Something that was deployed.
    Change = "change",
    /// Machines, networks, capacity.
    Infrastructure = "infrastructure",
    /// Somebody else's service.
    External = "external",
    /// Not known.
    Unknown = "unknown",
}

choice! {
    /// How a service came back.
    Recovery, "recovery", "`automatic`, `manual` or `unknown`",
    /// By itself.
    Automatic = "automatic",
    /// By people.
    Manual = "manual",
    /// Not known.
    Unknown = "unknown",
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn words_and_codes_round_trip() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(EventKind::of_code(kind.code()), Some(*kind));
        }
        assert_eq!(EventKind::of_code(7), None);
        let error = "done".parse::<Outcome>().unwrap_err().to_string();
        assert_eq!(error, "outcome `done` is malformed: expected `succeeded`, `failed` or `cancelled`");
    }

    #[test]
    fn tiers_follow_the_names() {
        for (name, tier) in [
            ("production", Tier::Production),
            ("PRODUCTION", Tier::Production),
            ("live", Tier::Production),
            ("gprd/prod", Tier::Production),
            ("non-production", Tier::Staging),
            ("preprod", Tier::Staging),
            ("pre", Tier::Staging),
            ("staging-2", Tier::Staging),
            ("uat", Tier::Testing),
            ("quality-control", Tier::Testing),
            ("dev", Tier::Development),
            ("prerelease", Tier::Other),
            ("", Tier::Other),
        ] {
            assert_eq!(Tier::of_environment(name), tier, "{name}");
        }
    }
}
