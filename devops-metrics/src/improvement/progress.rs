//! How far along is a proposal?

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use devops_core::{Criterion, Message, MetricId, ProposalId, Timestamp};
use devops_stats::tail::Interval;
use serde::{Deserialize, Serialize};

use super::effect::effect;
use super::proposal::Proposal;
use super::verdict::{Baseline, VerdictPolicy, find, met};
use super::{CardTrend, ImprovementError, Observation};
use crate::trend::{Direction, TrendReport};

/// How far one success metric is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CriterionProgress {
    /// What must hold.
    pub criterion: Criterion,
    /// Whether it holds; `None` where nothing was observed.
    pub met: Option<bool>,
    /// The value of the baseline, in the observation's unit.
    pub before: Option<f64>,
    /// The present value.
    pub now: Option<f64>,
    /// The share of the way from baseline to target that is behind: 0 at the baseline, 1 at the target, below 0
    /// where it got worse.
    pub way: Option<f64>,
    /// Its interval at 95 %.
    pub way_interval: Option<Interval>,
    /// Where it is heading.
    pub trend: Option<CardTrend>,
    /// When the target is expected to be reached, where a forecast tells.
    pub expected: Option<Timestamp>,
    /// The earliest date that the forecast allows.
    pub earliest: Option<Timestamp>,
    /// The date from which on it should have been reached.
    pub latest: Option<Timestamp>,
}

/// How far a proposal is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Progress {
    /// The form of the document: 1.
    pub format: u32,
    /// The proposal.
    pub proposal: ProposalId,
    /// How many success metrics are met.
    pub met: usize,
    /// How many there are.
    pub total: usize,
    /// Each of them.
    pub success: Vec<CriterionProgress>,
    /// What to do now.
    pub advice: Vec<Message>,
}

/// Says how far a proposal is: what is met, how much of the way is behind, when the rest is expected.
///
/// `trends` holds reports of [`trend::assess`](crate::trend::assess) by metric; those with a target and a horizon
/// tell when it will be reached.
///
/// # Errors
///
/// [`ImprovementError`] for a metric observed twice, or units or kinds that do not fit.
///
/// ```
/// use std::collections::BTreeMap;
/// use devops_core::{GoodDirection, MetricId, Number, Unit};
/// use devops_metrics::calendar::Window;
/// use devops_metrics::improvement::{
///     Baseline, CardValue, Library, MetricCard, Observation, OpportunityPolicy, Sample, StageShares,
///     opportunities, progress, propose,
/// };
///
/// let metric = MetricId::new("change_failure_rate")?;
/// let bad = CardValue::Share { part: 30, whole: 100 };
/// let card = MetricCard::new(metric.clone(), Unit::Percent, GoodDirection::Down, bad);
/// let library = Library::standard();
/// let found = opportunities(&[card], &StageShares::new(), &library, &OpportunityPolicy::classic())?;
/// let proposal = propose(&found.opportunities[0], &library)?;
/// let window = Window::new("2026-01-01T00:00:00Z".parse()?, "2026-04-01T00:00:00Z".parse()?)?;
/// let observed = |part| Ok::<_, Box<dyn std::error::Error>>(
///     Observation::new(metric.clone(), Unit::Percent, window, Sample::share(part, 100)?));
/// let baseline = Baseline { observations: vec![observed(25)?] };
/// let now = progress(&proposal, &baseline, &[observed(15)?], &BTreeMap::new())?;
/// assert_eq!(now.success[0].way, Some(0.5)); // 25 % to 15 %, and 5 % is the target
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn progress(
    proposal: &Proposal,
    baseline: &Baseline,
    now: &[Observation],
    trends: &BTreeMap<MetricId, TrendReport>,
) -> Result<Progress, ImprovementError> {
    let mut success = Vec::new();
    let mut advice = Vec::new();
    for criterion in &proposal.success {
        let metric = criterion.metric();
        let (before, after) = (find(&baseline.observations, metric)?, find(now, metric)?);
        let told = one(criterion, before, after, trends.get(metric))?;
        advice.push(advise(&told, before, after));
        success.push(told);
    }
    let done = success.iter().filter(|s| s.met == Some(true)).count();
    if done == success.len() && done > 0 {
        advice.insert(0, Message::new("improvement.advice.all_met"));
    }
    Ok(Progress {
        format: 1,
        proposal: proposal.id.clone(),
        met: done,
        total: success.len(),
        success,
        advice,
    })
}

fn one(
    criterion: &Criterion,
    before: Option<&Observation>,
    now: Option<&Observation>,
    trend: Option<&TrendReport>,
) -> Result<CriterionProgress, ImprovementError> {
    let estimate = |o: Option<&Observation>| o.and_then(|o| o.sample.estimate());
    let target = trend.and_then(|t| t.target.as_ref());
    let mut told = CriterionProgress {
        criterion: criterion.clone(),
        met: now.map(|o| met(criterion, o)).transpose()?.flatten(),
        before: estimate(before),
        now: estimate(now),
        way: None,
        way_interval: None,
        trend: trend.map(CardTrend::from),
        expected: target.and_then(|t| t.expected),
        earliest: target.and_then(|t| t.earliest),
        latest: target.and_then(|t| t.latest),
    };
    let (Some(before), Some(now)) = (before, now) else { return Ok(told) };
    if before.unit != now.unit {
        let metric = now.metric.as_str().into();
        return Err(ImprovementError::Unit { metric, unit: now.unit, expected: before.unit });
    }
    let Some(factor) = criterion.unit().factor_to(now.unit) else { return Ok(told) };
    let (Some(from), Some(to)) = (told.before, told.now) else { return Ok(told) };
    let length = criterion.value().get() * factor - from;
    if length == 0.0 || before.sample.n() == 0 || now.sample.n() == 0 {
        return Ok(told);
    }
    told.way = Some((to - from) / length);
    let found = effect(&before.sample, &now.sample, 0.95)?;
    told.way_interval = found.interval.map(|i| {
        let (a, b) = (i.low / length, i.high / length);
        if a <= b { Interval::new(a, b) } else { Interval::new(b, a) }
    });
    Ok(told)
}

fn advise(told: &CriterionProgress, before: Option<&Observation>, now: Option<&Observation>) -> Message {
    let message = |id| Message::new(id).with("metric", told.criterion.metric());
    let (Some(before), Some(now)) = (before, now) else {
        return message("improvement.advice.measure");
    };
    if told.met == Some(true) {
        return message("improvement.advice.met").with("criterion", &told.criterion);
    }
    let missing = VerdictPolicy::default().still_needed(before, now);
    if missing > 0 {
        return message("improvement.advice.wait").with("count", missing);
    }
    if told.trend.is_some_and(|t| t.direction == Direction::Worsening)
        || told.way_interval.is_some_and(|i| i.high < 0.0)
    {
        return message("improvement.advice.worse");
    }
    match (told.expected, told.way_interval) {
        (Some(date), _) => message("improvement.advice.expected").with("date", date),
        (None, Some(way)) if way.low > 0.0 => message("improvement.advice.on_the_way"),
        _ => message("improvement.advice.not_moved"),
    }
}
