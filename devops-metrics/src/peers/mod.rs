//! What other tools compute on the way to their numbers, as plain functions.
//!
//! The [definitions](crate::definition) reproduce the tools' metrics from events. What those tools call by the same
//! name but derive from other things (pipeline stages, images, branch graphs), and the levels that they award, stands
//! here, one function a method, so that their numbers can be followed step by step. What looks like an error is
//! theirs, and kept.
//!
//! | tool | module |
//! | --- | --- |
//! | Apache DevLake | [`devlake`] |
//! | Middleware | [`middleware`] |
//! | Metrik | [`metrik`] |
//! | Pelorus | [`pelorus`] |
//! | DevOpsMetrics | [`devopsmetrics`] |
//! | Four Keys | [`fourkeys`] |
//! | Faros CE | [`faros`] |

pub mod devlake;
pub mod devopsmetrics;
pub mod faros;
pub mod fourkeys;
pub mod metrik;
pub mod middleware;
pub mod pelorus;

use crate::query::numbers::float;

/// The mean of whole numbers; `None` of none.
#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is wanted")]
fn mean(values: &[i64]) -> Option<f64> {
    let sum: i128 = values.iter().map(|value| i128::from(*value)).sum();
    (!values.is_empty()).then(|| sum as f64 / values.len() as f64)
}

/// The mean of floats; `None` of none.
#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is wanted")]
fn mean_of(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// `numerator / denominator`, where there is a denominator.
#[expect(clippy::cast_precision_loss, reason = "counts lie below 2⁵³")]
fn ratio(numerator: usize, denominator: usize) -> Option<f64> {
    (denominator > 0).then(|| numerator as f64 / denominator as f64)
}

/// Milliseconds as hours.
fn hours(millis: i64) -> f64 {
    float(millis) / 3.6e6
}
