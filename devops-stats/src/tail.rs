//! What tests answer with: tail probabilities, alternatives, intervals.

use crate::special::{ln_normal_sf, two_sided_p};
use serde::{Deserialize, Serialize};

/// A statistic that is standard normal when nothing goes on, with its two-sided p-value.
///
/// ```
/// use devops_stats::tail::NormalTest;
/// let test = NormalTest::from_z(-60.0);
/// assert_eq!(test.p, 0.0); // too small for a float
/// assert!((test.ln_p() - -1804.3).abs() < 0.1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NormalTest {
    /// The standardised statistic.
    pub z: f64,
    /// Two-sided p-value, `erfc(|z|/√2)`; 0 below about 10⁻³²³.
    pub p: f64,
}

impl NormalTest {
    /// The test of a standardised statistic (finite).
    ///
    /// ```
    /// use devops_stats::tail::NormalTest;
    /// assert_eq!(NormalTest::from_z(0.0).p, 1.0);
    /// ```
    #[must_use]
    pub fn from_z(z: f64) -> Self {
        Self { z: z + 0.0, p: two_sided_p(z) }
    }

    /// Natural logarithm of the p-value, where `p` itself is 0 too.
    ///
    /// ```
    /// use devops_stats::tail::NormalTest;
    /// assert!((NormalTest::from_z(1.0).ln_p() - NormalTest::from_z(1.0).p.ln()).abs() < 1e-14);
    /// ```
    #[must_use]
    pub fn ln_p(&self) -> f64 {
        core::f64::consts::LN_2 + ln_normal_sf(self.z.abs())
    }
}

/// Which departure from "no difference" a test looks for.
///
/// Closed: there are three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there are three")]
pub enum Alternative {
    /// Either direction.
    #[default]
    TwoSided,
    /// The first is smaller than the second.
    Less,
    /// The first is larger than the second.
    Greater,
}

/// The p-values of one statistic for the three alternatives.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DirectedP {
    /// For a difference in either direction.
    pub two_sided: f64,
    /// For the first being smaller.
    pub less: f64,
    /// For the first being larger.
    pub greater: f64,
}

impl DirectedP {
    /// The p-value of one alternative.
    ///
    /// ```
    /// use devops_stats::fisher::fisher_exact;
    /// use devops_stats::tail::Alternative;
    /// let p = fisher_exact([[3, 1], [1, 3]])?.p;
    /// assert_eq!(p.of(Alternative::Less), p.less);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn of(&self, alternative: Alternative) -> f64 {
        match alternative {
            Alternative::TwoSided => self.two_sided,
            Alternative::Less => self.less,
            Alternative::Greater => self.greater,
        }
    }
}

/// A confidence interval, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// An interval from its ends.
    ///
    /// ```
    /// use devops_stats::tail::Interval;
    /// assert!(Interval::new(0.0, 1.0).contains(0.5));
    /// ```
    #[must_use]
    pub fn new(low: f64, high: f64) -> Self {
        Self { low: low + 0.0, high: high + 0.0 }
    }

    /// Whether `value` lies in it.
    ///
    /// ```
    /// use devops_stats::tail::Interval;
    /// assert!(!Interval::new(0.0, 1.0).contains(1.5));
    /// ```
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// The smaller of a p-value and 1.
pub(crate) fn at_most_one(p: f64) -> f64 {
    if p > 1.0 { 1.0 } else { p }
}
