//! Did it help? Before against after.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use devops_core::{Criterion, GoodDirection, MetricId, Number, ProposalId, Value};
use devops_stats::false_discovery::holm;
use serde::{Deserialize, Serialize};

use super::control::net;
use super::effect::{Effect, Movement, effect};
use super::guardrail::{GuardrailVerdict, guardrail};
use super::proposal::{Proposal, direction};
use super::sample::Data;
use super::{ImprovementError, Observation};

/// What was observed before, frozen at approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "observations and nothing else")]
pub struct Baseline {
    /// One observation a metric.
    pub observations: Vec<Observation>,
}

/// A team in which nothing was changed.
///
/// It takes what changed for everybody out of the comparison. It answers regression to the mean only where it
/// was as bad as the team itself when that was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Control {
    /// Its name.
    pub name: String,
    /// Whether it met the same trigger in the same window: then it gets better by itself as much as the team.
    #[serde(default)]
    pub chosen_alike: bool,
    /// What was observed in it before.
    pub before: Vec<Observation>,
    /// And after.
    pub after: Vec<Observation>,
}

impl Control {
    /// A control that was not chosen for being bad.
    #[must_use]
    pub fn new(name: impl Into<String>, before: Vec<Observation>, after: Vec<Observation>) -> Self {
        Self { name: name.into(), chosen_alike: false, before, after }
    }

    /// Whether it met the same trigger in the same window.
    #[must_use]
    pub fn with_chosen_alike(self, chosen_alike: bool) -> Self {
        Self { chosen_alike, ..self }
    }
}

/// How sure a verdict must be, and from how much data.
///
/// ```
/// use devops_metrics::improvement::VerdictPolicy;
///
/// assert_eq!(VerdictPolicy::default().alpha(), 0.05);
/// assert!(VerdictPolicy::default().with_alpha(0.6).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct VerdictPolicy {
    alpha: f64,
    min_events: u64,
    min_cases: u64,
    min_durations: u64,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    format: u32,
    alpha: f64,
    min_events: u64,
    min_cases: u64,
    min_durations: u64,
}

impl Default for Written {
    fn default() -> Self {
        VerdictPolicy::default().into()
    }
}

impl Default for VerdictPolicy {
    /// Level 5 %; from 5 events on both sides together, 20 cases of a share and 8 durations on each.
    fn default() -> Self {
        Self { alpha: 0.05, min_events: 5, min_cases: 20, min_durations: 8 }
    }
}

impl TryFrom<Written> for VerdictPolicy {
    type Error = ImprovementError;

    fn try_from(written: Written) -> Result<Self, ImprovementError> {
        let Written { format, alpha, min_events, min_cases, min_durations } = written;
        if format != 1 {
            return Err(ImprovementError::range("format", format, "1"));
        }
        Self::default().with_alpha(alpha)?.with_minimum(min_events, min_cases, min_durations)
    }
}

impl From<VerdictPolicy> for Written {
    fn from(policy: VerdictPolicy) -> Self {
        let VerdictPolicy { alpha, min_events, min_cases, min_durations } = policy;
        Self { format: 1, alpha, min_events, min_cases, min_durations }
    }
}

impl VerdictPolicy {
    /// With another chance of a false verdict over all success metrics together.
    ///
    /// # Errors
    ///
    /// Outside 0.000001 to 0.5.
    pub fn with_alpha(self, alpha: f64) -> Result<Self, ImprovementError> {
        if !(1e-6..=0.5).contains(&alpha) {
            return Err(ImprovementError::range("alpha", alpha, "between 0.000001 and 0.5"));
        }
        Ok(Self { alpha, ..self })
    }

    /// From how many events on both sides together, cases of a share a side, and durations a side.
    ///
    /// # Errors
    ///
    /// A minimum of 0.
    pub fn with_minimum(self, events: u64, cases: u64, durations: u64) -> Result<Self, ImprovementError> {
        if events.min(cases).min(durations) == 0 {
            return Err(ImprovementError::range("minimum", 0, "at least 1"));
        }
        Ok(Self { min_events: events, min_cases: cases, min_durations: durations, ..self })
    }

    /// The chance of a false verdict.
    #[must_use]
    pub const fn alpha(&self) -> f64 {
        self.alpha
    }

    /// How many observations are missing for a verdict; 0 where there are enough.
    pub(super) fn still_needed(&self, before: &Observation, after: &Observation) -> u64 {
        let short = |min: u64, n: u64| min.saturating_sub(n);
        let (n0, n1) = (before.sample.n(), after.sample.n());
        match &before.sample.0 {
            Data::Counts(_) => short(self.min_events, n0.saturating_add(n1)),
            Data::Share { .. } => short(self.min_cases, n0).max(short(self.min_cases, n1)),
            Data::Durations { .. } => short(self.min_durations, n0).max(short(self.min_durations, n1)),
        }
    }
}

/// The answer.
///
/// ```
/// use devops_metrics::improvement::Verdict;
///
/// assert_eq!(Verdict::NoEvidence.to_string(), "no evidence");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a caller must say what becomes of each of the four")]
pub enum Verdict {
    /// It got worse.
    Worsened,
    /// The data cannot tell.
    Inconclusive,
    /// There were enough data, and they show no change.
    NoEvidence,
    /// It got better.
    Improved,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Worsened => "worsened",
            Self::Inconclusive => "inconclusive",
            Self::NoEvidence => "no evidence",
            Self::Improved => "improved",
        })
    }
}

/// Why the verdict on a metric is inconclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Obstacle {
    /// It was not observed before.
    NotMeasuredBefore {},
    /// It was not observed after.
    NotMeasuredAfter {},
    /// The baseline holds the window in which the metric was chosen because it was bad, and no control was
    /// chosen alike: it would seem better without any change.
    StaleBaseline {},
    /// Before and after were computed by different definitions.
    OtherDefinition {},
    /// More observations are needed on a side.
    TooFew {
        /// How many more.
        still_needed: u64,
    },
    /// A control was not observed, too little, or in another way.
    Control {
        /// Its name.
        name: String,
    },
    /// The criterion does not say which way is better.
    NoDirection {},
    /// All observations are equal, or no case has ended.
    NoTest {},
}

/// What came of one success metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MetricVerdict {
    /// What must hold.
    pub criterion: Criterion,
    /// Whether it holds now; `None` where nothing was observed.
    pub met: Option<bool>,
    /// What the comparison says.
    pub verdict: Verdict,
    /// Why it says nothing, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
    /// The comparison.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The p-value, corrected for the number of success metrics (Holm 1979).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted_p: Option<f64>,
}

/// Did the proposal help?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ImprovementVerdict {
    /// The form of the document: 1.
    pub format: u32,
    /// The proposal.
    pub proposal: ProposalId,
    /// The answer: worsened where a success metric did, else improved where one did, else no evidence where the
    /// data of one could tell, else inconclusive.
    pub verdict: Verdict,
    /// Each success metric.
    pub metrics: Vec<MetricVerdict>,
    /// Each guardrail.
    pub guardrails: Vec<GuardrailVerdict>,
    /// How many controls were taken out.
    pub controls: usize,
    /// The chance of a false verdict that was allowed.
    pub alpha: f64,
}

/// Judges a proposal: what was observed after it against its baseline.
///
/// Counts are compared by the exact conditional test, shares by Fisher's test with Newcombe's interval, durations
/// by Mann–Whitney with the Hodges–Lehmann shift, durations with open cases by the log-rank test; all two-sided,
/// with Holm's correction over the success metrics. Controls make it a difference in differences. Observations
/// are taken as independent; see `docs/improvement.md` for how often the verdict is wrong.
///
/// # Errors
///
/// [`ImprovementError`] for a metric observed twice, units or kinds that do not fit, or an observation after
/// that begins before the baseline ends. Too little data is no error but a verdict.
///
/// ```
/// use devops_core::{GoodDirection, MetricId, Number, Unit};
/// use devops_metrics::calendar::Window;
/// use devops_metrics::improvement::{
///     Baseline, CardValue, Library, MetricCard, Observation, OpportunityPolicy, Sample, StageShares, Verdict,
///     VerdictPolicy, judge, opportunities, propose,
/// };
///
/// let window = |from: &str, to: &str| Window::new(from.parse().unwrap(), to.parse().unwrap()).unwrap();
/// let metric = MetricId::new("failed_deployment_recovery_time")?;
/// let bad = CardValue::Measured { value: Number::new(600.0)?, n: 14 };
/// let card = MetricCard::new(metric.clone(), Unit::Minutes, GoodDirection::Down, bad)
///     .with_window(window("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"));
/// let library = Library::standard();
/// let found = opportunities(&[card], &StageShares::new(), &library, &OpportunityPolicy::recommended())?;
/// let proposal = propose(&found.opportunities[0], &library)?;
///
/// let observed = |window, minutes: &[f64]| {
///     Ok::<_, devops_metrics::improvement::ImprovementError>(Observation::new(
///         metric.clone(), Unit::Minutes, window, Sample::durations(minutes.iter().copied(), [])?,
///     ))
/// };
/// // Observed afresh, after the month that drew attention to it.
/// let before = observed(
///     window("2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"),
///     &[300.0, 260.0, 410.0, 280.0, 350.0, 290.0, 330.0, 270.0],
/// )?;
/// let after = observed(
///     window("2026-05-01T00:00:00Z", "2026-07-01T00:00:00Z"),
///     &[60.0, 75.0, 40.0, 90.0, 55.0, 80.0, 65.0, 70.0],
/// )?;
/// let baseline = Baseline { observations: vec![before] };
/// let verdict = judge(&proposal, &baseline, &[after], &[], &VerdictPolicy::default())?;
/// assert_eq!(verdict.verdict, Verdict::Improved);
/// let text = verdict.to_string();
/// assert!(text.starts_with("improved: failed deployment recovery time fell from 295 to 67.5 min, by 230 min"), "{text}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn judge(
    proposal: &Proposal,
    baseline: &Baseline,
    after: &[Observation],
    controls: &[Control],
    policy: &VerdictPolicy,
) -> Result<ImprovementVerdict, ImprovementError> {
    let looked = Looked { proposal, before: &baseline.observations, after, controls, policy };
    let mut metrics =
        proposal.success.iter().map(|criterion| looked.metric(criterion)).collect::<Result<Vec<_>, _>>()?;
    let tested: Vec<usize> =
        metrics.iter().enumerate().filter(|(_, m)| p_of(m).is_some()).map(|(i, _)| i).collect();
    let p: Vec<f64> = tested.iter().filter_map(|i| metrics.get(*i).and_then(p_of)).collect();
    for (index, adjusted) in tested.iter().zip(holm(&p)?) {
        if let Some(metric) = metrics.get_mut(*index) {
            decide(metric, adjusted, policy.alpha);
        }
    }
    let guardrails = proposal
        .guardrails
        .iter()
        .map(|g| guardrail(g, find(&baseline.observations, &g.metric)?, find(after, &g.metric)?, policy))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ImprovementVerdict {
        format: 1,
        proposal: proposal.id.clone(),
        verdict: overall(&metrics),
        metrics,
        guardrails,
        controls: controls.len(),
        alpha: policy.alpha,
    })
}

fn p_of(metric: &MetricVerdict) -> Option<f64> {
    metric.obstacle.is_none().then_some(metric.effect.as_ref()?.p)?
}

fn decide(metric: &mut MetricVerdict, adjusted: f64, alpha: f64) {
    metric.adjusted_p = Some(adjusted);
    let Some(effect) = &metric.effect else { return };
    metric.verdict = match (direction(&metric.criterion), effect.movement) {
        _ if adjusted > alpha => Verdict::NoEvidence,
        (GoodDirection::Up, Movement::Rose) | (GoodDirection::Down, Movement::Fell) => Verdict::Improved,
        (GoodDirection::Up, Movement::Fell) | (GoodDirection::Down, Movement::Rose) => Verdict::Worsened,
        _ => Verdict::NoEvidence,
    };
}

fn overall(metrics: &[MetricVerdict]) -> Verdict {
    let any = |verdict| metrics.iter().any(|m| m.verdict == verdict);
    [Verdict::Worsened, Verdict::Improved, Verdict::NoEvidence]
        .into_iter()
        .find(|v| any(*v))
        .unwrap_or(Verdict::Inconclusive)
}

/// The observation of a metric.
pub(super) fn find<'a>(
    observations: &'a [Observation],
    metric: &MetricId,
) -> Result<Option<&'a Observation>, ImprovementError> {
    let mut found = observations.iter().filter(|o| o.metric == *metric);
    let first = found.next();
    if found.next().is_some() {
        return Err(ImprovementError::range("observations", metric, "there once"));
    }
    Ok(first)
}

/// Whether what is asked of a metric holds for an observation of it.
pub(super) fn met(
    criterion: &Criterion,
    observation: &Observation,
) -> Result<Option<bool>, ImprovementError> {
    let factor = observation.unit.factor_to(criterion.unit()).ok_or_else(|| ImprovementError::Unit {
        metric: observation.metric.as_str().into(),
        unit: observation.unit,
        expected: criterion.unit(),
    })?;
    let value = match &observation.sample.0 {
        Data::Share { whole: 0, .. } => None,
        Data::Share { part, whole } => Some(Value::Fraction { part: *part, whole: *whole }),
        _ => observation.sample.estimate().and_then(|v| Number::new(v * factor).ok()).map(Value::from),
    };
    Ok(value.and_then(|v| criterion.holds(&v)))
}

struct Looked<'a> {
    proposal: &'a Proposal,
    before: &'a [Observation],
    after: &'a [Observation],
    controls: &'a [Control],
    policy: &'a VerdictPolicy,
}

impl Looked<'_> {
    fn metric(&self, criterion: &Criterion) -> Result<MetricVerdict, ImprovementError> {
        let before = find(self.before, criterion.metric())?;
        let after = find(self.after, criterion.metric())?;
        let mut verdict = MetricVerdict {
            criterion: criterion.clone(),
            met: after.map(|o| met(criterion, o)).transpose()?.flatten(),
            verdict: Verdict::Inconclusive,
            obstacle: None,
            effect: None,
            adjusted_p: None,
        };
        match self.compare(criterion, before, after)? {
            Ok(effect) => {
                if effect.p.is_none() {
                    verdict.obstacle = Some(Obstacle::NoTest {});
                }
                verdict.effect = Some(effect);
            }
            Err(obstacle) => verdict.obstacle = Some(obstacle),
        }
        Ok(verdict)
    }

    fn compare(
        &self,
        criterion: &Criterion,
        before: Option<&Observation>,
        after: Option<&Observation>,
    ) -> Result<Result<Effect, Obstacle>, ImprovementError> {
        if direction(criterion) == GoodDirection::Neutral {
            return Ok(Err(Obstacle::NoDirection {}));
        }
        let Some(before) = before else { return Ok(Err(Obstacle::NotMeasuredBefore {})) };
        let Some(after) = after else { return Ok(Err(Obstacle::NotMeasuredAfter {})) };
        comparable(before, after)?;
        if before.definition != after.definition {
            return Ok(Err(Obstacle::OtherDefinition {}));
        }
        let stale = self.proposal.trigger_window.is_some_and(|t| t.and(before.window).millis() > 0);
        let alike = !self.controls.is_empty() && self.controls.iter().all(|c| c.chosen_alike);
        if stale && !alike {
            return Ok(Err(Obstacle::StaleBaseline {}));
        }
        let still_needed = self.policy.still_needed(before, after);
        if still_needed > 0 {
            return Ok(Err(Obstacle::TooFew { still_needed }));
        }
        let confidence = 1.0 - self.policy.alpha;
        let own = effect(&before.sample, &after.sample, confidence)?;
        if self.controls.is_empty() {
            return Ok(Ok(own));
        }
        let mut others = Vec::new();
        for control in self.controls {
            match self.control(control, (before, after), confidence)? {
                Some(effect) => others.push(effect),
                None => return Ok(Err(Obstacle::Control { name: control.name.clone() })),
            }
        }
        Ok(net(&own, &others).ok_or(Obstacle::NoTest {}))
    }

    /// What changed in a control; `None` where too little is known of it.
    fn control(
        &self,
        control: &Control,
        (before, after): (&Observation, &Observation),
        confidence: f64,
    ) -> Result<Option<Effect>, ImprovementError> {
        let (Some(b), Some(a)) =
            (find(&control.before, &before.metric)?, find(&control.after, &after.metric)?)
        else {
            return Ok(None);
        };
        comparable(b, a)?;
        comparable(before, a)?;
        let alike = b.definition == before.definition && a.definition == after.definition;
        if !alike || self.policy.still_needed(b, a) > 0 {
            return Ok(None);
        }
        Ok(Some(effect(&b.sample, &a.sample, confidence)?))
    }
}

/// Same unit, same kind, one after the other.
fn comparable(before: &Observation, after: &Observation) -> Result<(), ImprovementError> {
    let metric = || before.metric.as_str().into();
    if before.unit != after.unit {
        return Err(ImprovementError::Unit { metric: metric(), unit: after.unit, expected: before.unit });
    }
    let (b, a) = (before.sample.kind(), after.sample.kind());
    if b != a {
        return Err(ImprovementError::Kind { metric: metric(), before: b, after: a });
    }
    if after.window.from() < before.window.to() {
        let range = alloc::format!("at or after the end of the baseline, `{}`", before.window.to());
        return Err(ImprovementError::range("after", after.window.from(), range));
    }
    Ok(())
}
