//! Kayenta's `NetflixACAJudge-v1.0`, to its digits.
//!
//! Each step is a function of its own, in the judge's order: [`remove_nan`] or [`replace_nan`], optionally
//! [`remove_outliers`], [`classify`] for each metric, [`score`] over groups, [`classify_score`] against the
//! thresholds; [`judge`] runs them all. [`aggregate_judgement`] is the last step of a stand-alone analysis.
//!
//! ```
//! use devops_gates::compat::kayenta::{Classification, ClassifierOptions, classify};
//!
//! let control: Vec<f64> = (0..30).map(|i| 100.0 + f64::from(10 * i)).collect();
//! let doubled: Vec<f64> = control.iter().map(|v| v * 2.0).collect();
//! let options = ClassifierOptions::new();
//! assert_eq!(classify(&doubled, &control, &options).classification, Classification::High);
//! // The same latency in another unit is not seen: zeros are searched to an absolute 0.0001.
//! let small = |v: &[f64]| -> Vec<f64> { v.iter().map(|x| x * 1e-9).collect() };
//! assert_eq!(classify(&small(&doubled), &small(&control), &options).classification, Classification::Pass);
//! ```
//!
//! # What is replaced
//!
//! Where both samples are constant, and at different values, the original adds Gaussian noise of relative size
//! 10⁻⁵ from a generator without seed before it tests. Here the noise is replaced by what the outcome tends to as
//! its size goes to zero: both ends of the interval and the estimate are the difference of the two constants, the
//! effect sizes are those of the constants; with one value a side every comparison is tied, which is
//! [`Classification::Error`]. Group scores are summed in the order of the groups' names, where the original sums
//! in hash order; the sum is rounded to two decimals before it is used.
//!
//! # What looks like a defect, and is reproduced
//!
//! Zeros are searched to an absolute tolerance, so effects below about 0.0001 in the metric's unit are not seen;
//! [`Classification::Error`] never counts, so a canary of nothing but errors scores 100; a configured group
//! without metrics loses its weight; weights above 100 in sum give the others a negative weight; two values a
//! side are judged, with false alarms of one in five. None of this is in the native judge,
//! which [`to_judge_policy`] makes a policy for, with a list of what decides otherwise.

/// The judge that is reproduced here, as configurations name it.
pub const JUDGE_NAME: &str = "NetflixACAJudge-v1.0";

mod classify;
mod config;
mod convert;
mod document;
mod mann_whitney;
mod options;
mod outliers;
mod score;
mod statistics;

pub use classify::{Classification, MetricClassification, classify};
pub use config::{
    AnalysisConfigurations, CanaryConfig, CanaryOptions, CanaryResult, ClassifierConfig, EffectSizeOptions,
    JudgeConfig, MetricConfig, MetricPair, MetricResult, OutlierOptions, ScoreThresholds, judge,
};
pub use convert::{JudgeConversion, to_judge_policy};
pub use document::UnknownWord;
pub use mann_whitney::{KayentaError, MannWhitneyCi, mann_whitney_ci, wilcoxon_diff};
pub use options::{ClassifierOptions, Direction, EffectMeasure, NanStrategy, OutlierStrategy};
pub use outliers::{
    OutlierDetector, iqr_outliers, k_sigma_outliers, remove_nan, remove_outliers, replace_nan,
};
pub use score::{
    CanaryScore, GroupScore, ScoreReason, ScoreVerdict, ScoredMetric, aggregate_judgement, classify_score,
    score,
};
pub use statistics::{Summary, cles, cohens_d, mean_ratio, normal_quantile, percentile_r7, summary};
