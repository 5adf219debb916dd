//! Four Keys (`dashboard/fourkeys_dashboard.json`): the classes that it awards.

/// The class of deployment frequency, from the weeks of the window in order: of each week the number of days with a
/// deployment and the number of weeks of its month that have one. `None` of no weeks.
///
/// Daily where the median number of days is at least 3; weekly where the median week has a deployment; monthly where the
/// median of the months' counts is at least 1.
///
/// ```
/// use devops_metrics::peers::fourkeys::frequency_class;
/// assert_eq!(frequency_class(&[(5, 4), (3, 4), (1, 4)]), Some("Daily"));
/// assert_eq!(frequency_class(&[(0, 1), (0, 1), (1, 1)]), Some("Monthly"));
/// ```
#[must_use]
pub fn frequency_class(weeks: &[(u8, u8)]) -> Option<&'static str> {
    let median = |of: &dyn Fn(&(u8, u8)) -> f64| {
        let values: alloc::vec::Vec<f64> = weeks.iter().map(of).collect();
        devops_stats::quantile::median(&values).ok()
    };
    let days = median(&|week| f64::from(week.0))?;
    let weekly = median(&|week| f64::from(u8::from(week.0 > 0)))?;
    let monthly = median(&|week| f64::from(week.1))?;
    Some(if days >= 3.0 {
        "Daily"
    } else if weekly >= 1.0 {
        "Weekly"
    } else if monthly >= 1.0 {
        "Monthly"
    } else {
        "Yearly"
    })
}

/// The class of a median lead time in minutes; no data, which is 0, gets the best one.
///
/// ```
/// use devops_metrics::peers::fourkeys::lead_time_class;
/// assert_eq!((lead_time_class(0.0), lead_time_class(24.0 * 60.0)), ("One day", "One week"));
/// ```
#[must_use]
pub fn lead_time_class(minutes: f64) -> &'static str {
    match minutes / 60.0 {
        hours if hours < 24.0 => "One day",
        hours if hours < 168.0 => "One week",
        hours if hours < 730.0 => "One month",
        hours if hours < 4_380.0 => "Six months",
        _ => "One year",
    }
}

/// The class of a change failure rate as a share; everything from 46 % on is called `46-60%`.
///
/// ```
/// use devops_metrics::peers::fourkeys::change_failure_rate_class;
/// assert_eq!((change_failure_rate_class(0.15), change_failure_rate_class(1.0)), ("0-15%", "46-60%"));
/// ```
#[must_use]
pub fn change_failure_rate_class(share: f64) -> &'static str {
    match share {
        share if share <= 0.15 => "0-15%",
        share if share < 0.46 => "16-45%",
        _ => "46-60%",
    }
}
