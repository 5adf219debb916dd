//! What a verdict must satisfy.

use alloc::string::ToString;
use devops_core::GoodDirection;
use serde::{Deserialize, Serialize};

use super::error::TrendError;

/// The smallest change a period that anybody would act on.
///
/// ```
/// use devops_metrics::trend::SmallestEffect;
/// let json = serde_json::to_string(&SmallestEffect::Percent { per_period: 1.0 })?;
/// assert_eq!(json, r#"{"kind":"percent","per_period":1.0}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[expect(clippy::exhaustive_enums, reason = "absolute or relative")]
pub enum SmallestEffect {
    /// In the metric's own unit.
    Unit {
        /// Units a period, above 0.
        per_period: f64,
    },
    /// In percent of the metric's level.
    Percent {
        /// Percent a period, above 0.
        per_period: f64,
    },
}

/// How a series is judged. Checked when built or read; as JSON it carries `"format": 1`.
///
/// ```
/// use devops_core::GoodDirection;
/// use devops_metrics::trend::TrendPolicy;
///
/// let policy = TrendPolicy::new(GoodDirection::Down).with_target(24.0)?.with_horizon(8);
/// let json = serde_json::to_string(&policy).unwrap();
/// assert_eq!(serde_json::from_str::<TrendPolicy>(&json).unwrap(), policy);
/// assert!(serde_json::from_str::<TrendPolicy>(r#"{"format":1,"good":"down","alhpa":0.1}"#).is_err());
/// # Ok::<(), devops_metrics::trend::TrendError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PolicySpec", into = "PolicySpec")]
pub struct TrendPolicy {
    pub(crate) good: GoodDirection,
    pub(crate) alpha: f64,
    pub(crate) smallest_effect: Option<SmallestEffect>,
    pub(crate) target: Option<f64>,
    pub(crate) season: Option<usize>,
    pub(crate) horizon: usize,
    pub(crate) min_points: usize,
    pub(crate) power: f64,
}

/// What is written down.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicySpec {
    format: u32,
    good: GoodDirection,
    #[serde(default = "alpha")]
    alpha: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    smallest_effect: Option<SmallestEffect>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    season: Option<usize>,
    #[serde(default)]
    horizon: usize,
    #[serde(default = "min_points")]
    min_points: usize,
    #[serde(default = "power")]
    power: f64,
}

fn alpha() -> f64 {
    0.05
}
fn min_points() -> usize {
    8
}
fn power() -> f64 {
    0.8
}

#[expect(clippy::needless_pass_by_value, reason = "callers pass plain numbers")]
fn refuse(field: &'static str, value: impl ToString, range: &'static str) -> TrendError {
    TrendError::Policy { field, value: value.to_string(), range }
}

impl TrendPolicy {
    /// Level 5 %, no forecast, verdicts from 8 periods on, power 80 %.
    #[must_use]
    pub fn new(good: GoodDirection) -> Self {
        Self {
            good,
            alpha: alpha(),
            smallest_effect: None,
            target: None,
            season: None,
            horizon: 0,
            min_points: min_points(),
            power: power(),
        }
    }

    /// With another chance of a false verdict; intervals have confidence 1 − `alpha`.
    ///
    /// # Errors
    ///
    /// Outside 0.000001 to 0.5.
    pub fn with_alpha(mut self, alpha: f64) -> Result<Self, TrendError> {
        self.alpha = alpha;
        self.checked()
    }

    /// With a smallest effect that matters: needed for the verdict `stable`.
    ///
    /// # Errors
    ///
    /// Not finite, or not above 0.
    pub fn with_smallest_effect(mut self, effect: SmallestEffect) -> Result<Self, TrendError> {
        self.smallest_effect = Some(effect);
        self.checked()
    }

    /// With a target in the metric's unit.
    ///
    /// # Errors
    ///
    /// Not finite.
    pub fn with_target(mut self, target: f64) -> Result<Self, TrendError> {
        self.target = Some(target);
        self.checked()
    }

    /// With a season of that many periods (12 for months, 7 for days): looked for, and taken out where found.
    ///
    /// # Errors
    ///
    /// Outside 2 to 400.
    pub fn with_season(mut self, periods: usize) -> Result<Self, TrendError> {
        self.season = Some(periods);
        self.checked()
    }

    /// With a forecast that many periods ahead; 0 for none. More than half the number of past periods is not
    /// forecast, and the report says so.
    #[must_use]
    pub fn with_horizon(mut self, periods: usize) -> Self {
        self.horizon = periods;
        self
    }

    /// With another least number of periods for a verdict.
    ///
    /// # Errors
    ///
    /// Below 5, with which no verdict at 5 % is possible.
    pub fn with_min_points(mut self, points: usize) -> Result<Self, TrendError> {
        self.min_points = points;
        self.checked()
    }

    /// With another power for the smallest slope that the data could have shown.
    ///
    /// # Errors
    ///
    /// Outside 0.5 to 0.99.
    pub fn with_power(mut self, power: f64) -> Result<Self, TrendError> {
        self.power = power;
        self.checked()
    }

    /// Which way the metric should go.
    #[must_use]
    pub fn good(&self) -> GoodDirection {
        self.good
    }

    /// The target, if there is one.
    #[must_use]
    pub fn target(&self) -> Option<f64> {
        self.target
    }

    fn checked(self) -> Result<Self, TrendError> {
        if !(1e-6..=0.5).contains(&self.alpha) {
            return Err(refuse("alpha", self.alpha, "between 0.000001 and 0.5"));
        }
        if let Some(SmallestEffect::Unit { per_period } | SmallestEffect::Percent { per_period }) =
            self.smallest_effect
            && !(per_period > 0.0 && per_period.is_finite())
        {
            return Err(refuse("smallest_effect", per_period, "a finite number above 0"));
        }
        if let Some(target) = self.target.filter(|t| !t.is_finite()) {
            return Err(refuse("target", target, "a finite number"));
        }
        if let Some(season) = self.season.filter(|s| !(2..=400).contains(s)) {
            return Err(refuse("season", season, "from 2 to 400 periods"));
        }
        if self.min_points < 5 {
            return Err(refuse("min_points", self.min_points, "at least 5"));
        }
        if !(0.5..=0.99).contains(&self.power) {
            return Err(refuse("power", self.power, "between 0.5 and 0.99"));
        }
        Ok(self)
    }
}

impl TryFrom<PolicySpec> for TrendPolicy {
    type Error = TrendError;

    fn try_from(spec: PolicySpec) -> Result<Self, TrendError> {
        if spec.format != 1 {
            return Err(refuse("format", spec.format, "1"));
        }
        Self {
            good: spec.good,
            alpha: spec.alpha,
            smallest_effect: spec.smallest_effect,
            target: spec.target,
            season: spec.season,
            horizon: spec.horizon,
            min_points: spec.min_points,
            power: spec.power,
        }
        .checked()
    }
}

impl From<TrendPolicy> for PolicySpec {
    fn from(policy: TrendPolicy) -> Self {
        Self {
            format: 1,
            good: policy.good,
            alpha: policy.alpha,
            smallest_effect: policy.smallest_effect,
            target: policy.target,
            season: policy.season,
            horizon: policy.horizon,
            min_points: policy.min_points,
            power: policy.power,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_checked() {
        let new = || TrendPolicy::new(GoodDirection::Up);
        assert!(new().with_alpha(f64::NAN).is_err());
        assert!(new().with_target(f64::INFINITY).is_err());
        assert!(new().with_season(1).is_err());
        assert!(new().with_min_points(4).is_err());
        assert!(new().with_power(1.0).is_err());
        assert!(new().with_smallest_effect(SmallestEffect::Unit { per_period: 0.0 }).is_err());
        assert!(serde_json::from_str::<TrendPolicy>(r#"{"format":2,"good":"up"}"#).is_err());
    }
}
