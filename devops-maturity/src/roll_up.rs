//! Many teams together.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_stats::quantile::{QuantileType, quantile};

use crate::{Assessment, Fraction};

/// From how many teams on statistics of peers are told, unless asked otherwise: fewer could be told apart.
const K_ANONYMITY: u32 = 5;

/// What is wanted of a roll-up.
///
/// ```
/// use devops_maturity::RollUpPolicy;
///
/// assert_eq!(RollUpPolicy::default().minimum_teams, 5);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RollUpPolicy {
    /// Below so many teams, nothing is told (k-anonymity); 1 where the teams may know each other's results.
    pub minimum_teams: u32,
    /// The quantiles wanted, each 0 to 1.
    pub quantiles: Vec<f64>,
}

impl Default for RollUpPolicy {
    fn default() -> Self {
        Self { minimum_teams: K_ANONYMITY, quantiles: alloc::vec![0.25, 0.5, 0.75] }
    }
}

impl RollUpPolicy {
    /// With another least number of teams.
    #[must_use]
    pub fn with_minimum_teams(self, teams: u32) -> Self {
        Self { minimum_teams: teams, ..self }
    }

    /// With other quantiles.
    #[must_use]
    pub fn with_quantiles(self, quantiles: Vec<f64>) -> Self {
        Self { quantiles, ..self }
    }
}

/// Why there is no roll-up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RollUpError {
    /// Too few teams to hide each in the others.
    #[error("{found} teams are too few to be told together: at least {minimum} are expected")]
    TooFew {
        /// How many there are.
        found: u32,
        /// How many there must be.
        minimum: u32,
    },
    /// Assessments of different models.
    #[error("team `{team}` was assessed with `{found}`: expected `{expected}`, as the first")]
    OtherModel {
        /// The team.
        team: String,
        /// Model and version.
        found: String,
        /// Model and version of the first.
        expected: String,
    },
    /// The same team twice.
    #[error("team `{team}` is there twice: one assessment for each team is expected")]
    Twice {
        /// The team.
        team: String,
    },
    /// A quantile that cannot be.
    #[error(transparent)]
    Stats(#[from] devops_stats::StatsError),
}

/// Many teams at one node.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NodeRollUp {
    /// The node.
    pub node: String,
    /// How many teams have a score here.
    pub n: u32,
    /// The mean of what is seen.
    pub mean: Fraction,
    /// The mean of what can be defended and of what is possible.
    pub bounds: (Fraction, Fraction),
    /// The lowest.
    pub minimum: Fraction,
    /// The quantiles asked for, by type 7 of Hyndman & Fan (1996), as (share, score).
    pub quantiles: Vec<(f64, f64)>,
    /// For each level that a team reaches, the share of teams at it or above, as (level, share).
    pub at_least: Vec<(u32, Fraction)>,
}

/// Many teams together, node by node.
///
/// Teams without a score at a node (nothing applies, nothing is known) are left out there; where fewer than the
/// minimum are left, the node is.
///
/// # Errors
///
/// [`RollUpError`]: fewer teams than the policy asks for, different models, a team twice.
///
/// ```
/// use devops_maturity::{Answer, Answers, ItemAnswer, RollUpPolicy, assess, models, roll_up};
///
/// let model = models::continuous_delivery();
/// let now = "2026-11-25T00:00:00Z".parse()?;
/// let teams: Vec<_> = [("a", "yes"), ("b", "yes"), ("c", "no")].into_iter().map(|(team, said)| {
///     let answer = ItemAnswer::new("build.1.1".parse().unwrap(), Answer::choice(said));
///     assess(&model, &Answers::new(&model, team).with_answer(answer), now).unwrap()
/// }).collect();
/// let policy = RollUpPolicy::default();
/// assert_eq!(
///     roll_up(&teams, &policy).unwrap_err().to_string(),
///     "3 teams are too few to be told together: at least 5 are expected",
/// );
/// let all = roll_up(&teams, &policy.with_minimum_teams(1)).unwrap();
/// let build = all.iter().find(|n| n.node == "build").unwrap();
/// assert_eq!(build.mean.to_string(), "0.666667");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
pub fn roll_up(teams: &[Assessment], policy: &RollUpPolicy) -> Result<Vec<NodeRollUp>, RollUpError> {
    let found = u32::try_from(teams.len()).unwrap_or(u32::MAX);
    let minimum = policy.minimum_teams.max(1);
    let Some(first) = teams.first().filter(|_| found >= minimum) else {
        return Err(RollUpError::TooFew { found, minimum });
    };
    let mut names: Vec<&str> = teams.iter().map(|t| t.team.as_str()).collect();
    names.sort_unstable();
    if let Some([team, _]) = names.windows(2).find(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(RollUpError::Twice { team: (*team).to_string() });
    }
    let name = |a: &Assessment| alloc::format!("{} {}", a.model, a.version);
    if let Some(other) = teams.iter().find(|t| name(t) != name(first)) {
        let (team, found, expected) = (other.team.clone(), name(other), name(first));
        return Err(RollUpError::OtherModel { team, found, expected });
    }
    let mut nodes = Vec::new();
    for node in &first.nodes {
        nodes.extend(at_node(node.id(), teams, policy, minimum)?);
    }
    Ok(nodes)
}

fn at_node(
    node: &str,
    teams: &[Assessment],
    policy: &RollUpPolicy,
    minimum: u32,
) -> Result<Option<NodeRollUp>, RollUpError> {
    let results: Vec<_> = teams.iter().filter_map(|t| t.node(node)).collect();
    let scores: Vec<_> =
        results.iter().filter_map(|r| r.score.as_ref()).filter(|s| s.point.is_some()).collect();
    let n = u32::try_from(scores.len()).unwrap_or(u32::MAX);
    let points: Vec<&Fraction> = scores.iter().filter_map(|s| s.point.as_ref()).collect();
    let Some(lowest) = points.iter().min().filter(|_| n >= minimum) else { return Ok(None) };
    let count = Fraction::from(n);
    let mean = |values: &mut dyn Iterator<Item = &Fraction>| {
        values.cloned().sum::<Fraction>().over(&count).unwrap_or_default()
    };
    let sample: Vec<f64> = points.iter().map(|p| p.get()).collect();
    let mut quantiles = Vec::new();
    for share in &policy.quantiles {
        quantiles.push((*share, quantile(&sample, *share, QuantileType::Type7)?));
    }
    let levels: Vec<u32> =
        results.iter().filter_map(|r| r.level.as_ref()).map(crate::NodeLevel::firm).collect();
    let mut reached: Vec<u32> = levels.iter().copied().filter(|l| *l > 0).collect();
    reached.sort_unstable();
    reached.dedup();
    let whole = u64::try_from(levels.len()).unwrap_or(u64::MAX);
    let at_least = reached.into_iter().map(|level| {
        let part = levels.iter().filter(|l| **l >= level).count();
        (level, Fraction::of(u64::try_from(part).unwrap_or(0), whole))
    });
    Ok(Some(NodeRollUp {
        node: node.to_string(),
        n,
        mean: mean(&mut points.iter().copied()),
        bounds: (mean(&mut scores.iter().map(|s| &s.low)), mean(&mut scores.iter().map(|s| &s.high))),
        minimum: (*lowest).clone(),
        quantiles,
        at_least: at_least.collect(),
    }))
}
