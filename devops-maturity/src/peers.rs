//! Where a team stands among peers.

use devops_stats::StatsError;
use devops_stats::percentile_rank::percentile_rank;

use crate::NodeScore;

/// Where a score stands in a sample of peers, as mid-rank percentiles, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PeerPercentile {
    /// How many peers.
    pub n: u32,
    /// Of what can be defended.
    pub low: f64,
    /// Of what is seen; none where nothing is known.
    pub point: Option<f64>,
    /// Of what is possible.
    pub high: f64,
}

/// The percentile of a score among the scores of peers that the caller supplies, on the same scale: the share of
/// peers below it plus half the share that equals it ([`percentile_rank`]).
///
/// What is not known of the team stays open: `low` and `high` are the percentiles of the score's bounds.
///
/// # Errors
///
/// [`StatsError::NotEnoughData`] below 5 peers, in which each could be told apart; [`StatsError::NonFinite`].
///
/// ```
/// use devops_core::{Measure, Unit};
/// use devops_maturity::{Answers, Observation, assess, models, peer_percentile};
///
/// let model = models::five_dimensions();
/// let now = "2026-11-25T00:00:00Z".parse()?;
/// let seen = |metric: &str, value, unit| {
///     Ok::<_, devops_core::ValueError>(Observation::new(Measure::number(metric.parse()?, value, unit)?, now))
/// };
/// let answers = Answers::new(&model, "checkout")
///     .with_observation(seen("slo_coverage", 50.0, Unit::Percent)?)
///     .with_observation(seen("alert_precision", 50.0, Unit::Percent)?);
/// let assessment = assess(&model, &answers, now)?;
/// let monitoring = assessment.node("monitoring").unwrap().score.as_ref().unwrap();
/// assert_eq!(monitoring.to_string(), "5 (3.5 to 6.5)");
///
/// let peers = [3.1, 4.0, 5.0, 5.5, 7.2];
/// let rank = peer_percentile(monitoring, &peers)?;
/// assert_eq!((rank.low, rank.point, rank.high), (20.0, Some(50.0), 80.0));
/// assert_eq!(
///     peer_percentile(monitoring, &peers[..4]).unwrap_err().to_string(),
///     "not enough data: needs 5 values, got 4",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn peer_percentile(score: &NodeScore, peers: &[f64]) -> Result<PeerPercentile, StatsError> {
    let rank = |value: &crate::Fraction| percentile_rank(peers, value.get());
    Ok(PeerPercentile {
        n: u32::try_from(peers.len()).unwrap_or(u32::MAX),
        low: rank(&score.low)?,
        point: score.point.as_ref().map(rank).transpose()?,
        high: rank(&score.high)?,
    })
}
