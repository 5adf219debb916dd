//! What complexity, length and duration are held to.

/// What complex functions take from 10. What the change adds counts in full, what was there before counts by
/// [`touched_share`](Self::touched_share).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ComplexityLimits {
    /// Cognitive complexity: above 15, 1 point for each further 5, at most 4 a function.
    pub cognitive: ComplexityLimit,
    /// Cyclomatic complexity: above 10, half a point for each further 5, at most 2 a function.
    pub cyclomatic: ComplexityLimit,
    /// Length: above 80 lines, half a point.
    pub length: LengthLimit,
    /// How much counts of what was there before, 0 to 1; a quarter by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1)))]
    pub touched_share: f64,
}

/// Beyond `above`, `points` for each further `step`, in proportion, and at most `at_most` a function.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the four figures of a straight line with an end")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ComplexityLimit {
    /// Up to here nothing is taken; at most 1,000,000.
    pub above: u64,
    /// 1 to 1,000.
    pub step: u64,
    /// 0 to 10.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub points: f64,
    /// 0 to 10.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub at_most: f64,
}

/// Beyond `above` lines, `points` once.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a threshold and what it costs")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct LengthLimit {
    /// Up to here nothing is taken; at most 1,000,000.
    pub above: u64,
    /// 0 to 10.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub points: f64,
}

impl Default for ComplexityLimits {
    fn default() -> Self {
        Self {
            cognitive: ComplexityLimit { above: 15, step: 5, points: 1.0, at_most: 4.0 },
            cyclomatic: ComplexityLimit { above: 10, step: 5, points: 0.5, at_most: 2.0 },
            length: LengthLimit { above: 80, points: 0.5 },
            touched_share: 0.25,
        }
    }
}

/// 10 up to `tolerance` slower than the baseline, falling in a straight line to 0 at `zero_at`.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the two ends of a straight line")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct PerformanceLimits {
    /// A share of the baseline, 0.05 by default.
    pub tolerance: f64,
    /// A share of the baseline above the tolerance, at most 100; 0.5 by default.
    pub zero_at: f64,
}

impl Default for PerformanceLimits {
    fn default() -> Self {
        Self { tolerance: 0.05, zero_at: 0.5 }
    }
}
