//! What an answer rests on, and what was observed.

use alloc::string::String;
use core::fmt;

use devops_core::{Measure, Timestamp};

const DAY: i64 = 86_400_000;

/// How strong evidence is.
///
/// ```
/// use devops_maturity::Grade;
///
/// assert!(Grade::Claim < Grade::Measured);
/// assert_eq!(Grade::Demonstrated.to_string(), "demonstrated");
/// ```
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "said, written, shown, measured: there is no fifth")]
pub enum Grade {
    /// Somebody says so.
    #[default]
    Claim,
    /// It is written down.
    Document,
    /// It was shown.
    Demonstrated,
    /// It was measured.
    Measured,
}

impl Grade {
    /// All four, weakest first.
    pub const ALL: [Self; 4] = [Self::Claim, Self::Document, Self::Demonstrated, Self::Measured];

    /// The name as it is written in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Document => "document",
            Self::Demonstrated => "demonstrated",
            Self::Measured => "measured",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What an answer rests on.
///
/// ```
/// use devops_maturity::{Evidence, Grade};
///
/// let evidence = Evidence::new(Grade::Document, "2026-03-01T00:00:00Z".parse()?)
///     .with_valid_days(90)
///     .with_reference("runbook, page 3");
/// assert!(!evidence.is_expired(None, "2026-05-30T00:00:00Z".parse()?));
/// assert!(evidence.is_expired(None, "2026-05-31T00:00:00Z".parse()?));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Evidence {
    /// How strong it is.
    pub grade: Grade,
    /// When it was seen.
    pub observed_at: Timestamp,
    /// How many days it holds from then on; else as long as the model says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_days: Option<u32>,
    /// Where it can be looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Evidence {
    /// Evidence seen at that time.
    #[must_use]
    pub const fn new(grade: Grade, observed_at: Timestamp) -> Self {
        Self { grade, observed_at, valid_days: None, reference: None }
    }

    /// Holding that many days.
    #[must_use]
    pub fn with_valid_days(self, days: u32) -> Self {
        Self { valid_days: Some(days), ..self }
    }

    /// With the place where it can be looked up.
    #[must_use]
    pub fn with_reference(self, reference: impl Into<String>) -> Self {
        Self { reference: Some(reference.into()), ..self }
    }

    /// Whether more days have passed than it holds; `default_days` stands in where it does not say itself.
    #[must_use]
    pub fn is_expired(&self, default_days: Option<u32>, now: Timestamp) -> bool {
        let Some(days) = self.valid_days.or(default_days) else { return false };
        now.millis_since(self.observed_at) > i64::from(days).saturating_mul(DAY)
    }
}

/// A measured value and when it was measured: evidence of grade [`Grade::Measured`].
///
/// ```
/// use devops_core::{Measure, MetricId, Unit};
/// use devops_maturity::Observation;
///
/// let measure = Measure::fraction(MetricId::new("automated_deployments")?, 18, 20, Unit::Percent);
/// let seen = Observation::new(measure, "2026-11-01T00:00:00Z".parse()?).with_valid_days(92);
/// assert_eq!(seen.valid_days, Some(92));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Observation {
    /// What was measured, of the whole team.
    pub measure: Measure,
    /// When.
    pub observed_at: Timestamp,
    /// How many days it holds from then on; else as long as the model says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_days: Option<u32>,
    /// Where it can be looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Observation {
    /// A value measured at that time.
    #[must_use]
    pub const fn new(measure: Measure, observed_at: Timestamp) -> Self {
        Self { measure, observed_at, valid_days: None, reference: None }
    }

    /// Holding that many days.
    #[must_use]
    pub fn with_valid_days(self, days: u32) -> Self {
        Self { valid_days: Some(days), ..self }
    }

    /// With the place where it can be looked up.
    #[must_use]
    pub fn with_reference(self, reference: impl Into<String>) -> Self {
        Self { reference: Some(reference.into()), ..self }
    }

    pub(crate) fn evidence(&self) -> Evidence {
        Evidence {
            grade: Grade::Measured,
            observed_at: self.observed_at,
            valid_days: self.valid_days,
            reference: self.reference.clone(),
        }
    }
}
