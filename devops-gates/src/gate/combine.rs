//! How the parts of a gate make its verdict.

/// How the parts of a gate or group make its verdict. Verdicts are ordered failed, inconclusive, warning,
/// passed; whatever the way, no verdict is better than that of a mandatory part.
///
/// Where something below is inconclusive, the verdict is passed or failed where it is so however that turns out;
/// a warning is told only where nothing below is inconclusive; else the verdict is inconclusive. So a better
/// measure never makes a verdict worse, and one that is withheld never makes it better, unless the policy of a
/// condition gives that up: the [lint](crate::LintKind::RewardsSilence) names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "CombineForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum Combine {
    /// The worst verdict of its parts.
    #[default]
    All,
    /// The best verdict of its parts.
    Any,
    /// The k-th best verdict of its parts; open where fewer than k count.
    AtLeast {
        /// How many: 1 to the number of parts.
        #[cfg_attr(feature = "schemars", schemars(range(min = 1)))]
        k: u64,
    },
    /// Passed and failed exchanged, the others as they are; of exactly one part.
    Not,
    /// The share of the weight that the parts earn, in percent: a part that passes earns its whole weight, one
    /// in warning a share of it.
    Weighted {
        /// Passed from this share on: 0 to 100.
        #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 100)))]
        pass: f64,
        /// Warning from this share on: 0 to 100, not above `pass`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 100)))]
        warn: Option<f64>,
        /// Which share of its weight a part in warning earns: 0 to 1; one half unless written.
        #[serde(skip_serializing_if = "is_half")]
        #[cfg_attr(feature = "schemars", schemars(default = "half", range(min = 0, max = 1)))]
        warning_earns: f64,
    },
}

/// What is read. The kinds without fields are written `{}` here: only then are unknown keys beside them refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum CombineForm {
    All {},
    Any {},
    AtLeast {
        k: u64,
    },
    Not {},
    Weighted {
        pass: f64,
        #[serde(default)]
        warn: Option<f64>,
        #[serde(default = "half")]
        warning_earns: f64,
    },
}

impl From<CombineForm> for Combine {
    fn from(form: CombineForm) -> Self {
        match form {
            CombineForm::All {} => Self::All,
            CombineForm::Any {} => Self::Any,
            CombineForm::AtLeast { k } => Self::AtLeast { k },
            CombineForm::Not {} => Self::Not,
            CombineForm::Weighted { pass, warn, warning_earns } => {
                Self::Weighted { pass, warn, warning_earns }
            }
        }
    }
}

impl Combine {
    /// The weighted share with a warning band; a part in warning earns half its weight.
    ///
    /// ```
    /// use devops_gates::Combine;
    ///
    /// assert!(matches!(Combine::weighted(90.0, 70.0), Combine::Weighted { warn: Some(_), .. }));
    /// ```
    #[must_use]
    pub const fn weighted(pass: f64, warn: f64) -> Self {
        Self::Weighted { pass, warn: Some(warn), warning_earns: 0.5 }
    }
}

const fn half() -> f64 {
    0.5
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_half(share: &f64) -> bool {
    share.total_cmp(&0.5).is_eq()
}
