//! Many services at once, with the false discoveries held down.

use alloc::string::String;
use alloc::vec::Vec;
use devops_stats::false_discovery::{benjamini_hochberg, benjamini_yekutieli};
use serde::{Deserialize, Serialize};

use super::assess::assess;
use super::error::TrendError;
use super::policy::TrendPolicy;
use super::report::{Direction, Reason, TrendReport};
use super::series::Series;

/// How false discoveries are held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FalseDiscovery {
    /// Benjamini & Hochberg 1995: for services that move independently.
    #[default]
    BenjaminiHochberg,
    /// Benjamini & Yekutieli 2001: for services that move together, as on one release train.
    BenjaminiYekutieli,
}

/// One service among many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ServiceTrend {
    /// Its report; the direction is that after the correction.
    pub report: TrendReport,
    /// The corrected p-value: the share of false ones among all verdicts this sure or surer.
    pub q: f64,
}

/// The trends of many services.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FleetReport {
    /// Version of this form: 1.
    pub format: u32,
    /// How false discoveries were held down.
    pub correction: FalseDiscovery,
    /// The services in the order given.
    pub services: Vec<ServiceTrend>,
    /// How many have a direction after the correction.
    pub moving: usize,
    /// How many of those are false on average, at most.
    pub expected_false: f64,
}

/// [`assess`] for every series, then a correction for their number: a service keeps its direction only where
/// its q is at most the policy's alpha.
///
/// # Errors
///
/// As [`assess`], for the first series refused, with its name.
///
/// ```
/// use devops_core::{GoodDirection, Timestamp};
/// use devops_metrics::trend::{FalseDiscovery, Series, TrendPolicy, assess_many};
///
/// let flat = Series::values([(Timestamp::EPOCH, Some(1.0))]).named("checkout");
/// let policy = TrendPolicy::new(GoodDirection::Down);
/// let fleet = assess_many(&[flat], &policy, FalseDiscovery::BenjaminiHochberg).unwrap();
/// assert_eq!(fleet.moving, 0);
/// ```
pub fn assess_many(
    series: &[Series],
    policy: &TrendPolicy,
    correction: FalseDiscovery,
) -> Result<FleetReport, (String, TrendError)> {
    let refused = |name: &str, error: TrendError| (String::from(name), error);
    let mut reports = Vec::with_capacity(series.len());
    for one in series {
        reports.push(assess(one, policy).map_err(|e| refused(one.name(), e))?);
    }
    let judged = |r: &TrendReport| r.direction != Direction::NotEnoughData;
    let p: Vec<f64> = reports.iter().filter(|r| judged(r)).map(TrendReport::p_any).collect();
    let corrected = match correction {
        FalseDiscovery::BenjaminiHochberg => benjamini_hochberg(&p),
        FalseDiscovery::BenjaminiYekutieli => benjamini_yekutieli(&p),
    };
    let mut corrected = corrected.map_err(|e| refused("all services", e.into()))?.into_iter();
    let mut services = Vec::with_capacity(reports.len());
    for mut report in reports {
        let q = if judged(&report) { corrected.next().unwrap_or(1.0) } else { 1.0 };
        if moves(report.direction) && q > policy.alpha {
            report.direction = Direction::NoEvidence;
            report.reason = Reason::ManySeries;
            report.confidence = None;
        }
        services.push(ServiceTrend { report, q });
    }
    let moving = services.iter().filter(|s| moves(s.report.direction)).count();
    let expected_false = policy.alpha * moving as f64;
    Ok(FleetReport { format: 1, correction, services, moving, expected_false })
}

fn moves(direction: Direction) -> bool {
    matches!(direction, Direction::Improving | Direction::Worsening | Direction::Rising | Direction::Falling)
}
