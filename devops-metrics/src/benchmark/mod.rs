//! Where a number stands among what DORA has published: clusters by year, and the distributions of the Quick Check.
//!
//! # Is a lead time of two days good?
//!
//! ```
//! use devops_core::metric;
//! use devops_metrics::benchmark::{Axis, Cluster, Edition, Group, Placement, classify, standing};
//!
//! let class = classify(Edition::Y2021, metric::CHANGE_LEAD_TIME, Some(48.0))?;
//! assert_eq!(class.placement, Placement::In { clusters: vec![Cluster::High] });
//! assert_eq!(class.to_string(), "high in 2021 (between one day and one week)");
//! assert!(class.caveat().contains("not cut-offs"));
//!
//! let all = Group::find(2025, Axis::Industry, "all").unwrap();
//! let standing = standing(&all, metric::CHANGE_LEAD_TIME, 48.0)?;
//! assert_eq!(standing.to_string(), "better than 42 to 69 % of all industries in 2025");
//! # Ok::<(), devops_metrics::benchmark::BenchmarkError>(())
//! ```
//!
//! **What these numbers are.** People answered a survey about their main application; a cluster is a group of similar
//! answers, described by its centre. The bands overlap, leave gaps and are not in order in every year. So a class is told
//! for each metric apart, with what is weak about it; there is no overall class, and no data has no class.
//!
//! Only rows that were read in DORA's own publications ship; the years 2022 and 2024 and most of 2023 are left out for
//! that reason. From 2025 on DORA publishes no clusters.

mod classify;
mod cluster;
mod quick_check;
mod quick_check_table;

use alloc::string::{String, ToString};

pub use classify::{Classification, Placement, classify};
pub use cluster::{Band, Cluster, Edition};
pub use quick_check::{Axis, Group, Standing, standing};

/// Why a value was not compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BenchmarkError {
    /// Nothing was published about that metric.
    #[error("metric `{metric}` has no published benchmark here: expected {expected}")]
    NoBenchmark {
        /// The metric, made fit to show.
        metric: String,
        /// What has one.
        expected: &'static str,
    },
    /// A value that the metric cannot have.
    #[error("`{metric}` is `{value}`, must be {expected}")]
    Value {
        /// The metric.
        metric: String,
        /// What was given.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
}

/// A duration, rate or percentage as it can be.
fn checked(metric: &str, value: f64) -> Result<f64, BenchmarkError> {
    let percent =
        matches!(metric, devops_core::metric::CHANGE_FAILURE_RATE | devops_core::metric::REWORK_RATE);
    let refuse =
        |expected| BenchmarkError::Value { metric: metric.to_string(), value: value.to_string(), expected };
    if percent && !(0.0..=100.0).contains(&value) {
        return Err(refuse("a percentage from 0 to 100"));
    }
    // The rates of some definitions exceed 100 %, durations may be negative: neither was asked in a survey.
    if !value.is_finite() || value < 0.0 {
        return Err(refuse("a finite number of at least 0"));
    }
    Ok(value)
}
