//! Standing among the answers of DORA's Quick Check.

use core::fmt;

use devops_core::{excerpt, metric};
use devops_stats::special::{beta_cdf, beta_sf};

use super::quick_check_table::{ROWS, Row};
use super::{BenchmarkError, checked};

/// By what respondents are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Axis {
    /// Their industry.
    Industry,
    /// The size of their organization.
    OrganizationSize,
}

/// A group of respondents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group(&'static Row);

impl Group {
    /// All groups that ship, by year, axis and name.
    ///
    /// ```
    /// use devops_metrics::benchmark::{Axis, Group};
    /// let sizes = Group::all().filter(|g| g.year() == 2025 && g.axis() == Axis::OrganizationSize);
    /// assert_eq!(sizes.count(), 9);
    /// ```
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(Self)
    }

    /// The group of a year (2024 or 2025) and axis with that key; `all` is everybody.
    ///
    /// ```
    /// use devops_metrics::benchmark::{Axis, Group};
    /// assert_eq!(Group::find(2024, Axis::Industry, "insurance").unwrap().name(), "insurance");
    /// assert!(Group::find(2023, Axis::Industry, "insurance").is_none());
    /// ```
    #[must_use]
    pub fn find(year: u16, axis: Axis, key: &str) -> Option<Self> {
        Self::all().find(|group| group.year() == year && group.axis() == axis && group.key() == key)
    }

    /// The year of the survey.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.0.year
    }

    /// By what it is grouped.
    #[must_use]
    pub const fn axis(&self) -> Axis {
        self.0.axis
    }

    /// Its key, such as `fewer_than_100`.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        self.0.key
    }

    /// Its name for people.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.0.name
    }
}

/// What part of a group a value is better than.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Standing {
    /// The year of the survey.
    pub year: u16,
    /// The group's name.
    pub group: &'static str,
    /// The group's mean, on the scale of 0 to 10 of the survey (percentages as tenths).
    pub mean: f64,
    /// The group's standard deviation on that scale.
    pub deviation: f64,
    /// At least that percentage answered worse.
    pub better_than: f64,
    /// At most that percentage answered worse or the same.
    pub or_the_same: f64,
}

impl Standing {
    /// What the percentages rest on.
    pub const ASSUMPTION: &'static str = "Only means and standard deviations are published: the answers are assumed to \
         follow the beta distribution with these two, on the survey's scale of six answers or of 0 to 100 %. \
         Respondents describe their main application; they are no random sample.";
    /// Where mean and deviation were read.
    pub const SOURCE: &'static str = "DORA Quick Check, dora.dev, CC BY 4.0";
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { better_than: low, or_the_same: high, group, year, .. } = self;
        if high - low < 1.0 {
            write!(f, "better than {low:.0} % of {group} in {year}")
        } else {
            write!(f, "better than {low:.0} to {high:.0} % of {group} in {year}")
        }
    }
}

/// What part of a group answered worse than a value, under [`Standing::ASSUMPTION`].
///
/// Times and frequencies were asked in six answers, two points of the scale apart; a value is taken as the answer that
/// holds it, so that the result is a range: those with a worse answer, and those with a worse or the same. More than
/// one deployment a day is both "between once an hour and once a day" and "on demand" and takes the range of both.
///
/// # Errors
///
/// [`BenchmarkError::NoBenchmark`] for a metric that was not asked (the rework rate in 2024, for one),
/// [`BenchmarkError::Value`] for a value that is not finite, negative, or a share above 100 %.
///
/// ```
/// use devops_core::metric;
/// use devops_metrics::benchmark::{Axis, Group, standing};
///
/// let small = Group::find(2025, Axis::OrganizationSize, "fewer_than_100").unwrap();
/// let standing = standing(&small, metric::CHANGE_FAILURE_RATE, 17.0)?;
/// assert!(standing.better_than > 35.0 && standing.better_than < 45.0);
/// # Ok::<(), devops_metrics::benchmark::BenchmarkError>(())
/// ```
pub fn standing(group: &Group, metric: &str, value: f64) -> Result<Standing, BenchmarkError> {
    let row = group.0;
    let moments = match metric {
        metric::CHANGE_LEAD_TIME => Some(row.lead),
        metric::DEPLOYMENT_FREQUENCY => Some(row.frequency),
        metric::RECOVERY_TIME => Some(row.recovery),
        metric::CHANGE_FAILURE_RATE => Some(row.failures),
        metric::REWORK_RATE => row.rework,
        _ => None,
    };
    let Some((mean, deviation)) = moments else {
        return Err(BenchmarkError::NoBenchmark {
            metric: excerpt(metric),
            expected: "a metric that the Quick Check of the year asks for",
        });
    };
    let value = checked(metric, value)?;
    // A beta distribution on 0 to 1 by its moments.
    let (m, s) = (mean / 10.0, deviation / 10.0);
    let weight = m * (1.0 - m) / (s * s) - 1.0;
    let (a, b) = (m * weight, (1.0 - m) * weight);
    let (worse, same) = match metric {
        metric::CHANGE_FAILURE_RATE | metric::REWORK_RATE => {
            let worse = beta_sf(value / 100.0, a, b);
            (worse, worse)
        }
        _ => {
            let (low, high) = answers(metric, value);
            let cut = |step: f64| beta_cdf(step.clamp(0.0, 10.0) / 10.0, a, b);
            // The answer at an end of the scale has half the width, the cuts lie midway between answers.
            (cut(low - 1.0), cut(if high >= 10.0 { 10.0 } else { high + 1.0 }))
        }
    };
    Ok(Standing {
        year: row.year,
        group: row.name,
        mean,
        deviation,
        better_than: 100.0 * worse,
        or_the_same: 100.0 * same,
    })
}

/// The points of the answers that hold a value, lowest and highest.
fn answers(metric: &str, value: f64) -> (f64, f64) {
    const MONTH: f64 = 730.5;
    if metric == metric::DEPLOYMENT_FREQUENCY {
        return match value {
            v if v > 24.0 => (10.0, 10.0),
            v if v > 1.0 => (8.0, 10.0),
            1.0 => (8.0, 8.0),
            v if v >= 1.0 / 7.0 => (6.0, 6.0),
            v if v >= 24.0 / MONTH => (4.0, 4.0),
            v if v >= 24.0 / (6.0 * MONTH) => (2.0, 2.0),
            _ => (0.0, 0.0),
        };
    }
    let answer = match value {
        v if v < 1.0 => 10.0,
        v if v < 24.0 => 8.0,
        v if v <= 168.0 => 6.0,
        v if v <= MONTH => 4.0,
        v if v <= 6.0 * MONTH => 2.0,
        _ => 0.0,
    };
    (answer, answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn every_group_has_a_distribution_that_its_scale_allows() {
        assert_eq!(Group::all().count(), 47);
        for group in Group::all() {
            for metric in [
                metric::CHANGE_LEAD_TIME,
                metric::DEPLOYMENT_FREQUENCY,
                metric::RECOVERY_TIME,
                metric::CHANGE_FAILURE_RATE,
                metric::REWORK_RATE,
            ] {
                if metric == metric::REWORK_RATE && group.year() == 2024 {
                    assert!(standing(&group, metric, 1.0).is_err());
                    continue;
                }
                let mut last: Option<Standing> = None;
                for step in 0..100_u32 {
                    let value = if metric == metric::DEPLOYMENT_FREQUENCY {
                        30.0 / f64::from(step * step + 1)
                    } else {
                        f64::from(step * step) / 100.0
                    };
                    let now = standing(&group, metric, value).unwrap();
                    assert!((0.0..=100.0).contains(&now.better_than), "{now:?}");
                    assert!(now.better_than <= now.or_the_same && now.or_the_same <= 100.0, "{now:?}");
                    if let Some(before) = last {
                        assert!(
                            now.or_the_same <= before.or_the_same && now.better_than <= before.better_than
                        );
                    }
                    last = Some(now);
                }
            }
        }
    }

    #[test]
    fn ends_of_the_scale() {
        let all = Group::find(2025, Axis::Industry, "all").unwrap();
        assert_eq!(standing(&all, metric::CHANGE_LEAD_TIME, 0.1).unwrap().or_the_same, 100.0);
        assert_eq!(standing(&all, metric::CHANGE_LEAD_TIME, 1e9).unwrap().better_than, 0.0);
        assert_eq!(standing(&all, metric::CHANGE_FAILURE_RATE, 0.0).unwrap().better_than, 100.0);
        assert_eq!(standing(&all, metric::DEPLOYMENT_FREQUENCY, 0.0).unwrap().better_than, 0.0);
        let both = standing(&all, metric::DEPLOYMENT_FREQUENCY, 3.0).unwrap();
        assert!(both.better_than < standing(&all, metric::DEPLOYMENT_FREQUENCY, 30.0).unwrap().better_than);
        assert_eq!(both.or_the_same, 100.0);
        assert_eq!(
            standing(&all, "batch_size", 1.0).unwrap_err().to_string(),
            "metric `batch_size` has no published benchmark here: expected a metric that the Quick Check of the year asks for"
        );
    }

    /// The published mean lies near the middle of the group that it is the mean of.
    #[test]
    fn the_mean_answer_is_ordinary() {
        for group in Group::all() {
            let mean = group.0.failures.0 * 10.0;
            let standing = standing(&group, metric::CHANGE_FAILURE_RATE, mean).unwrap();
            assert!((25.0..55.0).contains(&standing.better_than), "{standing:?}");
        }
    }
}
