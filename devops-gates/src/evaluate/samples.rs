//! Conditions on samples: what was compared, and what follows.

use alloc::vec::Vec;

use devops_core::{Measure, MetricId, Unit};

use crate::Ground;
use crate::condition::sample_criterion::{Look, SampleCriterion};
use crate::gate::compiled::Condition;
use crate::history::baseline::{self, Sources};
use crate::judge::{CanaryTest, Effect, Obstacle, PValues, Sampling, Single};

/// How the samples of a condition are compared.
#[derive(Debug)]
pub(crate) struct SampleRule {
    pass: Question,
    warn: Option<Question>,
    /// How often it may fail for nothing.
    pub(crate) level: f64,
}

#[derive(Debug)]
struct Question {
    single: Single,
    criterion: SampleCriterion,
}

impl SampleRule {
    pub(crate) fn new(
        metric: &MetricId,
        (pass, warn): (&SampleCriterion, Option<&SampleCriterion>),
        unit: Option<Unit>,
        sampling: Sampling,
        min_samples: u64,
    ) -> Self {
        let question = |criterion: &SampleCriterion| {
            let tolerance = criterion.tolerance(unit.unwrap_or(Unit::None));
            let asked = (criterion.direction, criterion.look.test(), tolerance);
            let single = Single::new(metric.clone(), asked, sampling, min_samples);
            Question { single, criterion: *criterion }
        };
        let level = pass.level.map_or(0.0, |percent| percent.get() / 100.0);
        Self { pass: question(pass), warn: warn.map(question), level }
    }

    /// What is looked at.
    pub(crate) fn test(&self) -> CanaryTest {
        self.pass.criterion.look.test()
    }

    /// Whether outcomes are counted, and not values.
    pub(crate) fn counts(&self) -> bool {
        self.pass.criterion.look == Look::Rate
    }

    /// How many values a side are needed.
    pub(crate) fn needed(&self) -> u64 {
        self.pass.single.needed()
    }

    /// Whether its level is a share of that of the gate.
    pub(crate) const fn shares_level(&self) -> bool {
        self.pass.criterion.level.is_none()
    }
}

/// What was compared for a condition on samples.
///
/// ```
/// use devops_core::{Measures, MetricId, Unit};
/// use devops_gates::judge::sampled;
/// use devops_gates::{ConditionSpec, Evidence, Gate, GateSpec, Status};
///
/// let spec = GateSpec::new("g").with_condition(ConditionSpec::new("no_slower", "latency", "no increase beyond 5 %"));
/// let gate = Gate::build(spec)?;
/// let side = |factor: f64| -> Result<Measures, Box<dyn std::error::Error>> {
///     let values: Vec<f64> = (0..40).map(|i| factor * (100.0 + f64::from(i * 17 % 23))).collect();
///     Ok(Measures::try_from(vec![sampled(MetricId::new("latency")?, Unit::Milliseconds, &values)?])?)
/// };
/// let (before, slower) = (side(1.0)?, side(1.3)?);
/// let verdict = gate.evaluate(&Evidence::new(&slower).with_control(&before));
/// assert_eq!(verdict.status(), Status::Failed);
/// let compared = verdict.condition("no_slower").unwrap().comparison().unwrap();
/// assert_eq!((compared.size, compared.baseline_size, compared.level), (40, 40, 0.05));
/// assert!(compared.pass.unwrap().harm < 0.001);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct SampleComparison {
    /// How often the condition fails where nothing changed, at most: above 0, at most 0.5.
    pub level: f64,
    /// How many values or outcomes of this run were compared, after thinning.
    pub size: u64,
    /// How many of the baseline.
    pub baseline_size: u64,
    /// How many runs the baseline is made of; 0 where it is the control.
    pub runs: u64,
    /// Why they could not be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
    /// The probabilities that the pass criterion rests on; `None` where the samples are too small to show anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass: Option<PValues>,
    /// Those of the warning criterion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<PValues>,
    /// How large the difference is; intervals at 1 − level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
}

/// Compares a measure with the baseline of its condition; `None` where there is no baseline to compare with.
pub(crate) fn compare(
    condition: &Condition,
    rule: &SampleRule,
    measure: &Measure,
    sources: Sources<'_>,
) -> Option<SampleComparison> {
    let usable = |m: &Measure| m.unit() == measure.unit() && rule.pass.single.can_compare(m);
    let spec = condition.baseline.as_ref()?;
    let control: Vec<&Measure> =
        baseline::select(spec, sources, &condition.metric, &condition.scope, usable)?;
    let mut compared = SampleComparison {
        level: rule.level,
        size: 0,
        baseline_size: 0,
        runs: baseline::runs(spec, &control),
        obstacle: None,
        pass: None,
        warn: None,
        effect: None,
    };
    let pair = match rule.pass.single.pair(measure, &control) {
        Ok(pair) => pair,
        Err(obstacle) => return Some(SampleComparison { obstacle: Some(obstacle), ..compared }),
    };
    compared.warn = rule.warn.as_ref().and_then(|w| w.single.p_values(&pair, rule.level));
    compared.obstacle = rule.pass.single.overflow(&pair);
    if compared.obstacle.is_none() {
        [compared.size, compared.baseline_size] = pair.sizes();
        let found = rule.pass.single.look(&pair, rule.level);
        (compared.pass, compared.effect) = (found.p, found.effect);
    }
    Some(compared)
}

/// What follows for a condition on samples.
pub(crate) fn ground(rule: &SampleRule, compared: Option<&SampleComparison>) -> Ground {
    let Some(compared) = compared else { return Ground::NoBaseline };
    if compared.obstacle.is_some() {
        return Ground::NotComparable;
    }
    if compared.size.min(compared.baseline_size) < rule.needed() {
        return Ground::TooFewSamples;
    }
    let Some(pass) = &compared.pass else { return Ground::CannotShow };
    let own = rule.pass.criterion.holds(pass, rule.level);
    let warning = match (&rule.warn, &compared.warn) {
        (Some(question), Some(p)) => question.criterion.holds(p, rule.level),
        (Some(_), None) => None,
        (None, _) => Some(false),
    };
    match (own, warning) {
        (Some(true), _) => Ground::Holds,
        (_, Some(true)) => Ground::WarningHolds,
        (Some(false), Some(false)) => Ground::DoesNotHold,
        _ => Ground::NotProven,
    }
}

impl SampleCriterion {
    /// Whether it holds; `None` where a change that is to be ruled out is neither shown nor ruled out.
    fn holds(&self, p: &PValues, level: f64) -> Option<bool> {
        match (p.harm <= level, self.proven, p.safe <= level) {
            (true, ..) => Some(false),
            (false, false, _) | (false, true, true) => Some(true),
            (false, true, false) => None,
        }
    }
}
