//! Faros Community Edition (`init/resources/metabase/dashboards/dora_deployments_incidents.json`): the bands that it
//! awards.

/// The band of a change failure rate as a share.
///
/// ```
/// use devops_metrics::peers::faros::change_failure_rate_class;
/// assert_eq!((change_failure_rate_class(0.15), change_failure_rate_class(2.0)), ("High", "Low"));
/// ```
#[must_use]
pub fn change_failure_rate_class(share: f64) -> &'static str {
    match share {
        share if share < 0.15 => "Elite",
        share if share < 0.30 => "High",
        share if share < 0.60 => "Medium",
        _ => "Low",
    }
}

/// The band of a mean lead time in hours: a day, a week, a month (the 12th part of a year) and what is longer.
///
/// ```
/// use devops_metrics::peers::faros::lead_time_class;
/// assert_eq!((lead_time_class(1.0), lead_time_class(24.0), lead_time_class(1e4)), ("Elite", "High", "Low"));
/// ```
#[must_use]
pub fn lead_time_class(hours: f64) -> &'static str {
    match hours {
        hours if hours < 24.0 => "Elite",
        hours if hours < 168.0 => "High",
        hours if hours < 724.589_063_9 => "Medium",
        _ => "Low",
    }
}
