//! Is it getting better, by how much, since when, and how sure are we? Statistics for small operational
//! series: slices in, explained results out.
//!
//! Each method is one plainly named public function on slices, with its own options and result type. Three
//! rules hold everywhere:
//!
//! - NaN and infinities are a [`StatsError`] that names the index; too short a series is
//!   [`StatsError::NotEnoughData`]; −0.0 equals 0.0.
//! - A statistic that does not exist for acceptable input (all values equal, say) is an
//!   [`Outcome::Undefined`] with its reason, never NaN.
//! - The same input gives the same bytes on every platform.
//!
//! ```
//! use devops_stats::mann_kendall_ar1::mk_ar1;
//! use devops_stats::theil_sen::{TheilSenOptions, sen_slope};
//!
//! let hours = [26.0, 24.5, 25.1, 22.0, 21.4, 22.3, 19.0, 18.2, 18.9, 16.5];
//! let test = mk_ar1(&hours)?;
//! let options = TheilSenOptions::new().with_variance(test.var_s);
//! let line = sen_slope(&hours, &options)?.defined().unwrap();
//! assert!(test.test.defined().unwrap().p < 0.01);
//! assert!(line.interval.unwrap().high < 0.0); // falling, surely
//! # Ok::<(), devops_stats::StatsError>(())
//! ```
//!
//! # Where to look
//!
//! | question | modules |
//! | --- | --- |
//! | is there a trend? | [`mann_kendall_ar1`] (the default), [`mann_kendall`], [`mann_kendall_grouped`], [`mann_kendall_correlated`], [`sliding_mann_kendall`], [`poisson_regression`] (counts), [`cochran_armitage`] (proportions) |
//! | by how much? | [`theil_sen`], [`pairwise_slopes`], [`siegel`], [`hodges_lehmann`], [`trend_power`] |
//! | do two samples differ? | [`mann_whitney`], [`mann_whitney_conservative`], [`fisher`], [`two_proportion`], [`two_proportion_margin`], [`poisson_rate`], [`kendall_tau`] |
//! | do they differ yet, at any look? | [`sequential_rank`], [`sequential_rate`] |
//! | do they differ yet, at one of so many looks? | [`group_sequential`] with [`spending`], on [`stratified_rank_sum`] and [`stratified_rate`] |
//! | how sure are we? | [`proportion`], [`poisson_rate`], [`quantile_interval`] |
//! | which of many verdicts stand? | [`false_discovery`] |
#![no_std]
#![allow(clippy::neg_cmp_op_on_partial_ord, reason = "`!(a > b)` is meant to hold for NaN too")]
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::float_cmp,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_possible_wrap,
        clippy::disallowed_methods,
        reason = "tests may panic and compare exactly"
    )
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod autocorrelation;
pub mod cochran_armitage;
mod detrend;
mod error;
pub mod false_discovery;
pub mod fisher;
pub mod hodges_lehmann;
mod input;
mod inversions;
pub mod kendall_exact;
pub mod kendall_tau;
pub mod mann_kendall;
pub mod mann_kendall_ar1;
pub mod mann_kendall_correlated;
pub mod mann_kendall_grouped;
pub mod mann_kendall_hamed_rao;
pub mod mann_kendall_whitened;
pub mod mann_kendall_yue_wang;
pub mod mann_whitney;
pub mod mann_whitney_conservative;
mod minimum_likelihood;
mod outcome;
pub mod pairwise_slopes;
pub mod poisson_rate;
pub mod poisson_regression;
pub mod proportion;
pub mod quantile_interval;
mod rank_sum_exact;
pub mod rank_sum_shift;
mod repeated_median;
pub mod siegel;
pub mod sliding_mann_kendall;
mod slope_field;
mod slope_select;
pub mod special;
pub mod tail;
pub mod theil_sen;
pub mod trend_power;
pub mod two_proportion;
pub mod two_proportion_margin;

pub mod backtest;
pub mod bootstrap;
mod box_search;
pub mod cusum;
pub mod e_divisive;
pub mod ets;
pub mod ets_fit;
pub mod ewma;
mod exact_half;
pub mod forecast;
pub mod fpop;
pub mod group_sequential;
pub mod kaplan_meier;
pub mod log_rank;
pub mod otava;
pub mod pelt;
pub mod percentile_rank;
pub mod pettitt;
pub mod quantile;
pub mod quantile_sketch;
pub mod rng;
pub mod run_rules;
mod segment_cost;
pub mod segmentation;
mod selection;
pub mod sequential_rank;
pub mod sequential_rate;
pub mod significance;
pub mod spending;
pub mod stratified_rank_sum;
pub mod stratified_rate;
mod sums;
pub mod xmr;
pub mod xmr_stream;
pub mod zeroin;

pub use error::StatsError;
pub use outcome::{Outcome, Undefined};
