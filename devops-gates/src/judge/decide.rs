//! From two sets of measures to a verdict.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use devops_core::{Measures, MetricId};
use devops_stats::false_discovery::holm;

use super::compare::{Move, Places, Tails, least_p_ranks, least_p_tail, needed_for_tail, p_values, rate};
use super::effect::effect;
use super::judgement::{GroupJudgement, Judgement, MetricJudgement, PValues, TestGround, TestJudgement};
use super::measured::{Measured, Pair};
use super::policy::{CheckedMetric, JudgePolicy};
use super::spec::{CanaryTest, Direction, Proof, Tolerance};
use crate::evaluate::{Ends, GroupState, Tally, state_of};
use crate::gate::compiled::{Part, Rule};
use crate::{Missing, Status};

/// Judges a canary by the samples of its metrics: is the experiment worse than the control?
///
/// Values are the [samples](devops_core::Measure::samples) of a measure, rates its
/// [fraction](devops_core::Value::Fraction). Each metric is looked at by the tests of its policy, one-sided
/// unless either change is bad: **shift** by the Mann–Whitney test (exact in small samples, with p-values that
/// hold their level under ties), told as the Hodges–Lehmann shift with its interval; **spread** by the same test
/// on the distances from the median of both samples together, wider being bad; **tail** by Fisher's exact test of
/// the numbers beyond the quantile of both samples together; **rate** by Fisher's exact test, with a tolerance
/// by Farrington & Manning's. The p-values of all metrics are adjusted together (Holm 1979), so that a canary that
/// is no different is called worse with probability at most `alpha`, whatever the number of metrics.
///
/// A change that is shown to exceed the tolerance fails; one that is shown, but not to exceed it, is a warning.
/// What is missing, of the wrong kind, smaller than the minimum, or too small to show anything at that level, is
/// inconclusive (or failed, for missing ones, where the policy says so), and never passes.
///
/// The verdict does not depend on the order of values (unless they are thinned or blocked), nor on the unit:
/// both samples, and an absolute tolerance, multiplied by a positive number give the same verdict.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Number, Unit, Value};
/// use devops_gates::Status;
/// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge, sampled};
///
/// let metric = CanaryMetric::new("latency", Direction::Increase);
/// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
/// let side = |values: &[f64]| -> Result<Measures, Box<dyn std::error::Error>> {
///     Ok(Measures::try_from(vec![sampled(MetricId::new("latency")?, Unit::Milliseconds, values)?])?)
/// };
/// let control = side(&[101.0, 99.0, 104.0, 98.0, 100.0, 102.0, 97.0])?;
/// let slower = side(&[109.0, 111.0, 108.0, 115.0, 107.0, 112.0, 110.0])?;
/// assert_eq!(judge(&control, &slower, &policy).status, Status::Failed);
/// assert_eq!(judge(&control, &control, &policy).status, Status::Passed);
/// assert_eq!(judge(&control, &Measures::new(), &policy).status, Status::Inconclusive);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn judge(control: &Measures, experiment: &Measures, policy: &JudgePolicy) -> Judgement {
    let level = policy.level();
    let mut metrics: Vec<MetricJudgement> =
        policy.metrics.iter().map(|m| look_at(m, control, experiment, policy, level)).collect();
    settle(&mut metrics, policy);
    conclude(metrics, unjudged(control, experiment, policy), policy)
}

/// The raw results of a metric; statuses are settled once all are known.
fn look_at(
    metric: &CheckedMetric,
    control: &Measures,
    experiment: &Measures,
    policy: &JudgePolicy,
    level: f64,
) -> MetricJudgement {
    let measured = Measured::of(metric, experiment, control, None);
    let mut found = blank(metric, measured.unit, policy);
    match measured.pair {
        Err(obstacle) => found.obstacle = Some(obstacle),
        Ok(pair) => {
            [found.experiment_size, found.control_size] = pair.sizes();
            let confidence = 1.0 - policy.spec().alpha;
            found.tests =
                metric.spec.tests.iter().map(|test| run(metric, *test, &pair, level, confidence)).collect();
        }
    }
    found
}

/// A metric of which nothing is known yet.
pub(super) fn blank(
    metric: &CheckedMetric,
    unit: devops_core::Unit,
    policy: &JudgePolicy,
) -> MetricJudgement {
    MetricJudgement {
        metric: metric.id.clone(),
        scope: metric.spec.scope.clone(),
        group: metric.group.and_then(|g| policy.groups.get(g)).map(|g| g.name.clone()),
        status: Status::Inconclusive,
        obstacle: None,
        unit,
        direction: metric.spec.direction,
        tolerance: metric.spec.tolerance,
        critical: metric.spec.critical,
        shadow: metric.spec.shadow,
        weight: metric.spec.weight,
        control_size: 0,
        experiment_size: 0,
        tests: Vec::new(),
    }
}

/// One test, before its p-values are adjusted.
pub(super) fn run(
    metric: &CheckedMetric,
    test: CanaryTest,
    pair: &Pair,
    level: f64,
    confidence: f64,
) -> TestJudgement {
    let ground = obstacle(metric, test, pair, level);
    let p = ground.is_none().then(|| compare(metric, test, pair));
    TestJudgement {
        test,
        status: Status::Inconclusive,
        ground: ground.unwrap_or(TestGround::NoHarmShown),
        p,
        change_adjusted: None,
        harm_adjusted: None,
        effect: p.and_then(|_| effect(metric.spec.direction, test, pair, confidence)),
    }
}

/// How many values a side a test needs.
pub(super) fn needed(metric: &CheckedMetric, test: CanaryTest) -> u64 {
    match test {
        CanaryTest::Tail { quantile, confidence } => {
            needed_for_tail(quantile, confidence).max(metric.min_samples)
        }
        _ => metric.min_samples,
    }
}

/// Why the samples are too small.
pub(super) fn obstacle(
    metric: &CheckedMetric,
    test: CanaryTest,
    pair: &Pair,
    level: f64,
) -> Option<TestGround> {
    let [n, m] = pair.sizes();
    let needed = needed(metric, test);
    if n < needed || m < needed {
        return Some(TestGround::TooFewValues { needed });
    }
    let (n, m) = (usize::try_from(n).unwrap_or(usize::MAX), usize::try_from(m).unwrap_or(usize::MAX));
    let least = match test {
        CanaryTest::Tail { quantile, .. } => least_p_tail(n, m, quantile),
        _ => least_p_ranks(n, m),
    };
    let level = if metric.spec.direction == Direction::Either { level / 2.0 } else { level };
    (least > level).then_some(TestGround::CannotShow)
}

pub(super) fn compare(metric: &CheckedMetric, test: CanaryTest, pair: &Pair) -> PValues {
    let (direction, tolerance) = (metric.spec.direction, metric.spec.tolerance);
    match (test, pair) {
        (_, Pair::Counts { experiment, control }) => {
            p_values(direction, |how| rate(*experiment, *control, tolerance, how))
        }
        (CanaryTest::Spread, Pair::Values { experiment, control }) => {
            // Wider is bad, whichever way the values should go.
            let wider = if direction == Direction::Either { direction } else { Direction::Increase };
            let p = |how| Places::spread(experiment, control, tolerance, how).rank_sum();
            p_values(wider, once_unmoved(tolerance, p))
        }
        (CanaryTest::Tail { quantile, .. }, Pair::Values { experiment, control }) => {
            p_values(direction, |how| {
                let [above, below] = Places::moved(experiment, control, tolerance, how).tail(quantile);
                match how {
                    Move::Not => Tails { greater: above.greater, less: below.greater },
                    Move::Up => above,
                    Move::Down => Tails { greater: below.less, less: below.greater },
                }
            })
        }
        (_, Pair::Values { experiment, control }) => {
            let p = |how| Places::moved(experiment, control, tolerance, how).rank_sum();
            p_values(direction, once_unmoved(tolerance, p))
        }
    }
}

/// Without a tolerance nothing is moved, and the one comparison stands for all three.
fn once_unmoved(tolerance: Tolerance, p: impl Fn(Move) -> Tails) -> impl Fn(Move) -> Tails {
    let plain = (tolerance == Tolerance::None).then(|| p(Move::Not));
    move |how| plain.unwrap_or_else(|| p(how))
}

/// Adjusts the p-values and settles each test and metric. Shadows are adjusted among themselves.
pub(super) fn settle(metrics: &mut [MetricJudgement], policy: &JudgePolicy) {
    for (shadow, planned) in [(false, policy.tests()), (true, policy.shadow_tests())] {
        adjust(metrics, shadow, planned, |p| p.change, |test, p| test.change_adjusted = Some(p));
        adjust(metrics, shadow, planned, |p| p.harm, |test, p| test.harm_adjusted = Some(p));
    }
    for (found, checked) in metrics.iter_mut().zip(&policy.metrics) {
        for test in &mut found.tests {
            (test.status, test.ground) = settled(test, checked.spec.proof, policy.spec().alpha);
        }
        found.status = match &found.obstacle {
            Some(super::judgement::Obstacle::Missing { .. }) if checked.spec.missing == Missing::Fail => {
                Status::Failed
            }
            Some(_) => Status::Inconclusive,
            None => found.tests.iter().map(|t| t.status).min().unwrap_or(Status::Inconclusive),
        };
    }
}

/// Holm's adjustment over the planned tests: one that could not be made counts as one that found nothing, so that
/// withholding a metric does not lower the bar for the others.
fn adjust(
    metrics: &mut [MetricJudgement],
    shadow: bool,
    planned: usize,
    raw: impl Fn(&PValues) -> f64,
    set: impl Fn(&mut TestJudgement, f64),
) {
    let of = |m: &&mut MetricJudgement| m.shadow == shadow;
    let tests = metrics.iter().filter(|m| m.shadow == shadow).flat_map(|m| &m.tests);
    let mut p: Vec<f64> = tests.map(|t| t.p.as_ref().map_or(1.0, &raw)).collect();
    p.resize(planned.max(p.len()), 1.0);
    let Ok(adjusted) = holm(&p) else { return };
    let tests = metrics.iter_mut().filter(of).flat_map(|m| m.tests.iter_mut());
    for (test, value) in tests.zip(adjusted).filter(|(t, _)| t.p.is_some()) {
        set(test, value);
    }
}

fn settled(test: &TestJudgement, proof: Proof, alpha: f64) -> (Status, TestGround) {
    let (Some(p), Some(change), Some(harm)) = (test.p, test.change_adjusted, test.harm_adjusted) else {
        return (Status::Inconclusive, test.ground);
    };
    let safe = p.safe <= alpha;
    if harm <= alpha {
        (Status::Failed, TestGround::Harm)
    } else if proof == Proof::NonInferior && !safe {
        (Status::Inconclusive, TestGround::HarmNotRuledOut)
    } else if change <= alpha {
        (Status::Warning, TestGround::ChangeWithinTolerance)
    } else if safe {
        (Status::Passed, TestGround::HarmRuledOut)
    } else {
        (Status::Passed, TestGround::NoHarmShown)
    }
}

/// The verdict over settled metrics.
pub(super) fn conclude(
    metrics: Vec<MetricJudgement>,
    unjudged: Vec<MetricId>,
    policy: &JudgePolicy,
) -> Judgement {
    let states: Vec<GroupState> = policy
        .groups
        .iter()
        .enumerate()
        .map(|(index, group)| state(group.rule, parts(&metrics, policy, Some(index)), false))
        .collect();
    let mut all = parts(&metrics, policy, None);
    all.extend(states.iter().zip(&policy.groups).map(|(found, group)| (found.ends, group.part)));
    let mut root = state(policy.rule, all, states.iter().any(|s| s.open));
    // A critical metric holds the whole down, from within a group too.
    for metric in metrics.iter().filter(|m| m.critical && !m.shadow) {
        let Ends { low, high } = Ends::of(metric.status);
        root.ends = Ends { low: root.ends.low.min(low), high: root.ends.high.min(high) };
        root.open |= metric.status == Status::Inconclusive;
    }
    let status = root.status();
    let groups = states.iter().zip(&policy.spec().groups).map(|(state, group)| GroupJudgement {
        name: group.name.clone(),
        status: state.status(),
        weight: group.weight,
    });
    let groups = groups.collect();
    Judgement {
        format: 1,
        policy: policy.name().into(),
        status,
        confidence: confidence(status, &metrics),
        alpha: policy.spec().alpha,
        tests: policy.tests(),
        metrics,
        groups,
        unjudged,
    }
}

/// The metrics of a group, or of none, that count.
fn parts(metrics: &[MetricJudgement], policy: &JudgePolicy, group: Option<usize>) -> Vec<(Ends, Part)> {
    let counted = metrics.iter().zip(&policy.metrics).filter(|(_, m)| m.group == group && !m.spec.shadow);
    counted.map(|(found, checked)| (Ends::of(found.status), checked.part)).collect()
}

/// What a rule makes of parts; `open` where something below them is.
fn state(rule: Rule, parts: Vec<(Ends, Part)>, open: bool) -> GroupState {
    let unknown = Ends::of(Status::Inconclusive);
    let open = open || parts.iter().any(|(ends, _)| *ends == unknown);
    state_of(&Tally::of(parts.into_iter()), rule, open)
}

fn confidence(status: Status, metrics: &[MetricJudgement]) -> Option<f64> {
    let tests = metrics.iter().filter(|m| !m.shadow).flat_map(|m| &m.tests);
    let p = match status {
        Status::Inconclusive => None,
        Status::Passed => tests.filter_map(|t| t.p).map(|p| p.safe).max_by(f64::total_cmp),
        Status::Failed => tests.filter_map(|t| t.harm_adjusted).min_by(f64::total_cmp),
        Status::Warning => tests.filter_map(|t| t.change_adjusted).min_by(f64::total_cmp),
    };
    p.map(|p| 1.0 - p)
}

/// What was measured and is not looked at, each once.
fn unjudged(control: &Measures, experiment: &Measures, policy: &JudgePolicy) -> Vec<MetricId> {
    let judged = |m: &&devops_core::Measure| {
        policy.metrics.iter().any(|c| c.id == *m.metric() && c.spec.scope == *m.scope())
    };
    let both = control.iter().chain(experiment.iter()).filter(|m| !judged(m));
    both.map(|m| m.metric().clone()).collect::<BTreeSet<_>>().into_iter().collect()
}
