//! DevOpsMetrics (`src/DevOpsMetrics.Core`), at the version that rates without elite.
//!
//! Its window has no upper end: what is later than `now` less the days counts.

use alloc::vec::Vec;
use devops_core::Timestamp;

use crate::query::numbers::count as count_of;

const DAY: i64 = 86_400_000;

/// The entries later than `now` less `days` days.
fn recent<T: Copy>(entries: &[(Timestamp, T)], now: Timestamp, days: u32) -> Vec<T> {
    let from = now.as_millis().saturating_sub(i64::from(days).saturating_mul(DAY));
    entries.iter().filter(|(at, _)| at.as_millis() > from).map(|(_, entry)| *entry).collect()
}

/// Half to even, as .NET rounds, of a number in single precision: 1/160 is a hair over 0.00625, and becomes 0.0063.
fn rounded(value: f32, factor: f64) -> f64 {
    libm::rint(f64::from(value) * factor) / factor
}

/// A quotient in single precision; `None` of nothing.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "the tool counts so")]
fn quotient(number: f64, count: usize) -> Option<f32> {
    (count > 0).then(|| number as f32 / count as f32)
}

/// Deployments a day in the last days, to four digits; 0 of none.
///
/// ```
/// use devops_metrics::peers::devopsmetrics::deployments_per_day;
///
/// let now: devops_core::Timestamp = "2026-03-09T12:00:00Z".parse()?;
/// let days = [0, -1, -2, -3, -4, -8].map(|day| now.checked_add_millis(day * 86_400_000).unwrap());
/// assert_eq!(deployments_per_day(&days, now, 7), 0.7143);
/// assert_eq!(deployments_per_day(&[now], now, 160), 0.0063); // 0.00625, in single precision
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn deployments_per_day(deployments: &[Timestamp], now: Timestamp, days: u32) -> f64 {
    let entries: Vec<_> = deployments.iter().map(|at| (*at, ())).collect();
    let count = recent(&entries, now, days).len();
    rounded(quotient(count_of(count), days as usize).unwrap_or(0.0), 1e4)
}

/// The mean of durations in milliseconds of the last days, in hours to four digits; 0 of none.
///
/// ```
/// use devops_metrics::peers::devopsmetrics::mean_lead_time_hours;
///
/// let now: devops_core::Timestamp = "2026-03-09T12:00:00Z".parse()?;
/// assert_eq!(mean_lead_time_hours(&[(now, 2_700_000)], now, 1), 0.75);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn mean_lead_time_hours(lead_times: &[(Timestamp, i64)], now: Timestamp, days: u32) -> f64 {
    rounded(mean_hours(lead_times, now, days), 1e4)
}

/// The mean of durations in milliseconds of the last days, in hours to two digits; 0 of none.
///
/// ```
/// use devops_metrics::peers::devopsmetrics::mean_time_to_restore_hours;
///
/// let now: devops_core::Timestamp = "2026-03-09T12:00:00Z".parse()?;
/// assert_eq!(mean_time_to_restore_hours(&[(now, 4_000_000)], now, 1), 1.11);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn mean_time_to_restore_hours(restores: &[(Timestamp, i64)], now: Timestamp, days: u32) -> f64 {
    rounded(mean_hours(restores, now, days), 1e2)
}

fn mean_hours(entries: &[(Timestamp, i64)], now: Timestamp, days: u32) -> f32 {
    let hours: Vec<f64> = recent(entries, now, days).into_iter().map(super::hours).collect();
    quotient(hours.iter().sum(), hours.len()).unwrap_or(0.0)
}

/// The share of the deployments of the last days that were not successful, to four digits; −1 of none.
///
/// ```
/// use devops_metrics::peers::devopsmetrics::change_failure_rate;
///
/// let now: devops_core::Timestamp = "2026-03-09T12:00:00Z".parse()?;
/// assert_eq!(change_failure_rate(&[(now, true), (now, true), (now, false)], now, 1), 0.3333);
/// assert_eq!(change_failure_rate(&[], now, 1), -1.0);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn change_failure_rate(successful: &[(Timestamp, bool)], now: Timestamp, days: u32) -> f64 {
    let recent = recent(successful, now, days);
    let failed = recent.iter().filter(|successful| !**successful).count();
    quotient(count_of(failed), recent.len()).map_or(-1.0, |rate| rounded(rate, 1e4))
}

/// The share of the last days' hours without an outage; −1 of no outage.
///
/// ```
/// use devops_metrics::peers::devopsmetrics::availability;
///
/// let now: devops_core::Timestamp = "2026-03-09T12:00:00Z".parse()?;
/// assert_eq!(availability(&[(now, 8_640_000)], now, 1), 0.9);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn availability(outages: &[(Timestamp, i64)], now: Timestamp, days: u32) -> f64 {
    let outages: Vec<f64> = recent(outages, now, days).into_iter().map(super::hours).collect();
    let hours = f64::from(days) * 24.0;
    if outages.is_empty() || days == 0 { -1.0 } else { (hours - outages.iter().sum::<f64>()) / hours }
}

/// The rating of deployments a day; of no number there is none.
///
/// ```
/// use devops_metrics::peers::devopsmetrics::deployment_frequency_rating;
/// assert_eq!((deployment_frequency_rating(1.01), deployment_frequency_rating(0.7143)), ("High", "Medium"));
/// ```
#[must_use]
pub fn deployment_frequency_rating(per_day: f64) -> &'static str {
    match per_day {
        rate if rate <= 0.0 => "None",
        rate if rate >= 1.0 => "High",
        // The tool compares in single precision.
        rate if rate >= f64::from(1.0_f32 / 30.0) || rate >= 1.0 / 30.0 => "Medium",
        rate if rate.is_nan() => "",
        _ => "Low",
    }
}

/// The rating of a lead time in hours; of no number there is none.
///
/// ```
/// use devops_metrics::peers::devopsmetrics::lead_time_rating;
/// assert_eq!((lead_time_rating(48.0), lead_time_rating(744.0)), ("High", "Low"));
/// assert_eq!(lead_time_rating(f64::NAN), "");
/// ```
#[must_use]
pub fn lead_time_rating(hours: f64) -> &'static str {
    match hours {
        hours if hours <= 0.0 => "None",
        hours if hours <= 168.0 => "High",
        hours if hours <= 720.0 => "Medium",
        hours if hours.is_nan() => "",
        _ => "Low",
    }
}

/// The rating of a time to restore in hours; exactly a week has none.
///
/// ```
/// use devops_metrics::peers::devopsmetrics::time_to_restore_rating;
/// assert_eq!((time_to_restore_rating(25.0), time_to_restore_rating(168.0)), ("Medium", ""));
/// ```
#[must_use]
pub fn time_to_restore_rating(hours: f64) -> &'static str {
    match hours {
        hours if hours <= 0.0 => "None",
        hours if hours < 24.0 => "High",
        hours if hours < 168.0 => "Medium",
        hours if hours > 168.0 => "Low",
        _ => "",
    }
}

/// The rating of a change failure rate as a share.
///
/// ```
/// use devops_metrics::peers::devopsmetrics::change_failure_rate_rating;
/// assert_eq!((change_failure_rate_rating(0.15), change_failure_rate_rating(-1.0)), ("High", "None"));
/// ```
#[must_use]
pub fn change_failure_rate_rating(share: f64) -> &'static str {
    match share {
        share if share < 0.0 => "None",
        share if share <= 0.15 => "High",
        share if share <= 0.30 => "Medium",
        share if share <= 1.0 => "Low",
        _ => "None",
    }
}
