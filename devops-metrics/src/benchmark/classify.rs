//! The class of a value, with what is weak about it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use devops_core::{excerpt, metric};

use super::{Band, BenchmarkError, Cluster, Edition, checked};

/// Where a value lies among the bands of a year.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "placement")]
#[non_exhaustive]
pub enum Placement {
    /// There is no value, so there is no class.
    NoData,
    /// In the band of a cluster: the best one that holds it, and all that printed the same.
    In {
        /// The clusters, from the best.
        clusters: Vec<Cluster>,
    },
    /// In a gap of the table.
    Between {
        /// The nearest cluster with better answers.
        better: Cluster,
        /// The nearest cluster with worse answers.
        worse: Cluster,
    },
    /// Worse than the last band.
    Beyond {
        /// The cluster of the last band.
        last: Cluster,
    },
}

/// A value among the clusters of a year.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Classification {
    /// The year.
    pub edition: Edition,
    /// The metric.
    pub metric: String,
    /// The value, in the metric's unit of the catalogue.
    pub value: Option<f64>,
    /// Where it lies.
    pub placement: Placement,
    /// The band that holds it, as printed.
    pub printed: Option<&'static str>,
    /// Where the table was read.
    pub source: &'static str,
}

/// The class of a value among the clusters of a year; `None` has none.
///
/// `value` is in the unit of the catalogue: hours for the change lead time and the recovery time, deployments a day,
/// percent of the deployments. A day has 24 hours and a month the twelfth part of 365.25 days.
///
/// # Errors
///
/// [`BenchmarkError::NoBenchmark`] for a metric that no table has (the rework rate is in none),
/// [`BenchmarkError::Value`] for a value that is not finite, negative, or a share above 100 %.
///
/// ```
/// use devops_core::metric;
/// use devops_metrics::benchmark::{Cluster, Edition, Placement, classify};
///
/// // In 2018 elite, high and medium answered the same: the rate does not tell them apart.
/// let class = classify(Edition::Y2018, metric::CHANGE_FAILURE_RATE, Some(10.0))?;
/// assert_eq!(class.to_string(), "elite, high or medium in 2018 (0 to 15 %)");
/// let none = classify(Edition::Y2021, metric::CHANGE_FAILURE_RATE, None)?;
/// assert_eq!((none.placement.clone(), none.to_string().as_str()), (Placement::NoData, "no data, no class"));
/// # Ok::<(), devops_metrics::benchmark::BenchmarkError>(())
/// ```
pub fn classify(
    edition: Edition,
    metric: &str,
    value: Option<f64>,
) -> Result<Classification, BenchmarkError> {
    let bands: Vec<Band> = edition.bands(metric).collect();
    if bands.is_empty() {
        return Err(BenchmarkError::NoBenchmark {
            metric: excerpt(metric),
            expected: "deployment frequency, change lead time, recovery time or change failure rate",
        });
    }
    let value = value.map(|v| checked(metric, v)).transpose()?;
    let holding = value.and_then(|v| bands.iter().find(|band| band.holds(v)));
    let placement = match (value, holding) {
        (None, _) => Placement::NoData,
        (_, Some(held)) => {
            let same = bands.iter().filter(|band| band.printed == held.printed);
            Placement::In { clusters: same.map(|band| band.cluster).collect() }
        }
        (Some(v), None) => in_gap(&bands, metric, v),
    };
    Ok(Classification {
        edition,
        metric: metric.to_string(),
        value,
        placement,
        printed: holding.map(|band| band.printed),
        source: edition.source(),
    })
}

/// Between the last band whose values are all better and the next, or beyond the last.
fn in_gap(bands: &[Band], metric: &str, value: f64) -> Placement {
    let frequency = metric == metric::DEPLOYMENT_FREQUENCY;
    let better = |band: &&Band| {
        if frequency { band.low >= value } else { band.high.is_some_and(|high| high <= value) }
    };
    let above = bands.iter().rev().find(better).map_or(Cluster::Elite, |band| band.cluster);
    match bands.iter().find(|band| band.cluster > above && !better(band)) {
        Some(next) => Placement::Between { better: above, worse: next.cluster },
        None => Placement::Beyond { last: above },
    }
}

impl Classification {
    /// What is weak about the class, in one or two sentences.
    ///
    /// ```
    /// use devops_core::metric;
    /// use devops_metrics::benchmark::{Edition, classify};
    ///
    /// let class = classify(Edition::Y2021, metric::RECOVERY_TIME, Some(2.0))?;
    /// assert!(class.caveat().ends_with("It asked for the time to restore service, whatever the cause."));
    /// # Ok::<(), devops_metrics::benchmark::BenchmarkError>(())
    /// ```
    #[must_use]
    pub fn caveat(&self) -> String {
        let mut said = String::from("Clusters are centres of survey answers, not cut-offs.");
        let mut also = |more: &str| {
            said.push(' ');
            said.push_str(more);
        };
        if matches!(&self.placement, Placement::In { clusters } if clusters.len() > 1) {
            also("This band was printed for several clusters, so it does not tell them apart.");
        }
        if matches!(self.placement, Placement::Between { .. }) {
            also("The table has a gap here.");
        }
        if !self.edition.is_whole() {
            also("Only the elite row of this year is confirmed.");
        }
        match self.metric.as_str() {
            metric::RECOVERY_TIME if self.edition.recovery_name() == "time to restore service" => {
                also("It asked for the time to restore service, whatever the cause.");
            }
            metric::DEPLOYMENT_FREQUENCY => {
                also(
                    "It asked how often people deploy their main application, not how often a team deploys in all.",
                );
            }
            _ => {}
        }
        said
    }
}

impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.edition.year();
        match &self.placement {
            Placement::NoData => f.write_str("no data, no class"),
            Placement::In { clusters } => {
                let names: Vec<String> = clusters.iter().map(ToString::to_string).collect();
                let joined = match names.split_last() {
                    Some((last, front)) if !front.is_empty() => {
                        alloc::format!("{} or {last}", front.join(", "))
                    }
                    _ => names.concat(),
                };
                write!(f, "{joined} in {year} ({})", self.printed.unwrap_or_default())
            }
            Placement::Between { better, worse } => write!(f, "between {better} and {worse} in {year}"),
            Placement::Beyond { last } if self.edition.is_whole() => {
                write!(f, "worse than {last} in {year}")
            }
            Placement::Beyond { last } => write!(f, "not {last} in {year}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn said(year: u16, metric: &str, value: f64) -> String {
        classify(Edition::of_year(year).unwrap(), metric, Some(value)).unwrap().to_string()
    }

    #[test]
    fn values_on_the_edges_of_bands() {
        let (often, lead) = (metric::DEPLOYMENT_FREQUENCY, metric::CHANGE_LEAD_TIME);
        let (fails, heals) = (metric::CHANGE_FAILURE_RATE, metric::RECOVERY_TIME);
        for (year, metric, value, class) in [
            (2018, often, 3.0, "elite in 2018 (on demand, multiple deploys a day)"),
            (2018, often, 1.0, "high in 2018 (between once an hour and once a day)"),
            (2018, often, 0.5, "between high and medium in 2018"),
            (2018, often, 0.1, "medium or low in 2018 (between once a week and once a month)"),
            (2018, often, 0.01, "worse than low in 2018"),
            (2019, often, 1.0, "high in 2019 (between once a day and once a week)"),
            (2021, often, 0.9, "between elite and high in 2021"),
            (2021, often, 0.0, "low in 2021 (fewer than once in six months)"),
            (2018, lead, 0.99, "elite in 2018 (less than one hour)"),
            (2018, lead, 1.0, "between elite and high in 2018"),
            (2018, lead, 24.0, "high in 2018 (between one day and one week)"),
            (2018, lead, 168.0, "high in 2018 (between one day and one week)"),
            (2018, lead, 168.1, "medium in 2018 (between one week and one month)"),
            (2018, lead, 5000.0, "worse than low in 2018"),
            (2019, lead, 23.0, "elite in 2019 (less than one day)"),
            (2021, lead, 300.0, "between high and medium in 2021"),
            (2021, lead, 5000.0, "low in 2021 (more than six months)"),
            (2018, heals, 0.5, "elite in 2018 (less than one hour)"),
            (2018, heals, 5.0, "high or medium in 2018 (less than one day)"),
            (2019, heals, 100.0, "between medium and low in 2019"),
            (2021, heals, 1000.0, "between medium and low in 2021"),
            (2018, fails, 15.0, "elite, high or medium in 2018 (0 to 15 %)"),
            (2018, fails, 30.0, "between medium and low in 2018"),
            (2018, fails, 61.0, "worse than low in 2018"),
            (2021, fails, 15.5, "high, medium or low in 2021 (16 to 30 %)"),
            (2021, fails, 31.0, "worse than low in 2021"),
            (2023, fails, 5.0, "elite in 2023 (5 %)"),
            (2023, fails, 6.0, "not elite in 2023"),
            (2023, lead, 30.0, "not elite in 2023"),
        ] {
            assert_eq!(said(year, metric, value), class, "{year} {metric} {value}");
        }
    }

    #[test]
    fn every_value_has_one_place_and_better_values_are_never_lower() {
        let metrics = [
            (metric::DEPLOYMENT_FREQUENCY, true),
            (metric::CHANGE_LEAD_TIME, false),
            (metric::RECOVERY_TIME, false),
            (metric::CHANGE_FAILURE_RATE, false),
        ];
        for edition in Edition::ALL {
            for (metric, up) in metrics {
                let mut ranks: Vec<u32> = Vec::new();
                for step in 0..=1000_u32 {
                    let value =
                        f64::from(step) * if metric == metric::CHANGE_FAILURE_RATE { 0.1 } else { 6.5 };
                    let rank = match classify(edition, metric, Some(value)).unwrap().placement {
                        Placement::In { clusters } => 2 * clusters[0] as u32,
                        Placement::Between { better, .. } => 2 * better as u32 + 1,
                        Placement::Beyond { last } => 2 * last as u32 + 1,
                        Placement::NoData => panic!(),
                    };
                    ranks.push(rank);
                }
                if up {
                    ranks.reverse();
                }
                assert!(ranks.is_sorted(), "{edition:?} {metric}");
            }
        }
    }

    #[test]
    fn no_data_and_bad_data_have_no_class() {
        assert_eq!(
            classify(Edition::Y2018, metric::RECOVERY_TIME, None).unwrap().placement,
            Placement::NoData
        );
        for (metric, value, message) in [
            (metric::REWORK_RATE, 1.0, "metric `deployment_rework_rate` has no published benchmark here"),
            ("a\nb", 1.0, "metric `a b` has no published benchmark here"),
            (
                metric::CHANGE_LEAD_TIME,
                f64::NAN,
                "`change_lead_time` is `NaN`, must be a finite number of at least 0",
            ),
            (
                metric::CHANGE_LEAD_TIME,
                -1.0,
                "`change_lead_time` is `-1`, must be a finite number of at least 0",
            ),
            (
                metric::CHANGE_FAILURE_RATE,
                101.0,
                "`change_failure_rate` is `101`, must be a percentage from 0 to 100",
            ),
        ] {
            let error = classify(Edition::Y2021, metric, Some(value)).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn machines_read_it_too() {
        let class = classify(Edition::Y2021, metric::CHANGE_LEAD_TIME, Some(48.0)).unwrap();
        assert_eq!(class.placement, Placement::In { clusters: vec![Cluster::High] });
        assert_eq!(
            serde_json::to_string(&class).unwrap(),
            r#"{"edition":"y2021","metric":"change_lead_time","value":48.0,"placement":{"placement":"in","clusters":["high"]},"printed":"between one day and one week","source":"Accelerate State of DevOps 2021, page 9"}"#
        );
    }
}
