//! A canary watched for a while, and looked at again and again.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Measures, MetricId, Scope, Unit};

use super::compare::{Counted, Move, p_values};
use super::decide::{blank, conclude, settle};
use super::effect::rate_effect;
use super::evidence::{Evidence, PlannedLook, WatchedTest};
use super::judgement::{Effect, Judgement, Obstacle, TestGround, TestJudgement};
use super::measured::{Measured, Pair};
use super::plan::{WatchPlan, levels};
use super::policy::{CheckedMetric, JudgePolicy};
use super::spec::{CanaryTest, Direction, Tolerance};
use crate::Status;
use crate::fault::{Faults, JudgePolicyErrors, Problem};

/// A canary under watch: what its looks have shown so far.
///
/// Serialised between looks; each look takes the measures *since the last one* and gives the judgement so far.
/// Looking often raises no alarms: however many looks there are, and however it is decided when to look or to
/// stop, a canary that is no different is called worse with probability at most `alpha` over the whole watch. Each
/// look compares new values of both sides among themselves, so load that moves both from look to look does no
/// harm. For the price: a fixed sample judged once by [`judge`](super::judge) shows a small difference sooner.
///
/// The tests are those of [`SequentialRank`] (test martingales of the rank sum; Ville 1939, Shafer et al. 2011) and
/// [`SequentialRate`]; their p-values hold whenever they are read, and are adjusted over all metrics (Holm 1979).
///
/// Where the policy plans the looks ([`WatchPlan::Planned`]), each spends a share of the level (Lan & DeMets 1983)
/// instead, which shows much more in few looks. The statistics are [`StratifiedRankSum`] and [`StratifiedRate`] over
/// the looks, held against the boundaries of [`GroupSequential`]: the p-value that is told is the smallest of a list
/// of levels at which a boundary was crossed by then (Maurer & Bretz 2013 for Holm's method over such levels). Looks may
/// bring as many values as they like; one that brings (next to) nothing leaves its share to the next. A look more than
/// planned is refused, and a watch that ends before leaves the rest unused.
///
/// [`SequentialRank`]: devops_stats::sequential_rank::SequentialRank
/// [`SequentialRate`]: devops_stats::sequential_rate::SequentialRate
/// [`StratifiedRankSum`]: devops_stats::stratified_rank_sum::StratifiedRankSum
/// [`StratifiedRate`]: devops_stats::stratified_rate::StratifiedRate
/// [`GroupSequential`]: devops_stats::group_sequential::GroupSequential
///
/// ```
/// use devops_core::{Measures, MetricId, Unit};
/// use devops_gates::Status;
/// use devops_gates::judge::{CanaryMetric, CanaryWatch, Direction, JudgePolicy, JudgePolicySpec, sampled};
///
/// let metric = CanaryMetric::new("latency", Direction::Increase);
/// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
/// let side = |base: f64| -> Result<Measures, Box<dyn std::error::Error>> {
///     let values: Vec<f64> = (0..8).map(|i| base + f64::from(i * 3 % 8)).collect();
///     Ok(Measures::try_from(vec![sampled(MetricId::new("latency")?, Unit::Milliseconds, &values)?])?)
/// };
/// let mut watch = CanaryWatch::new(&policy)?;
/// let mut looks = 0;
/// let found = loop {
///     looks += 1;
///     let found = watch.look(&side(100.0)?, &side(106.0)?, &policy)?;
///     if found.status == Status::Failed {
///         break found; // stop the canary
///     }
/// };
/// assert!(looks <= 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct CanaryWatch {
    /// The form of the document: 1.
    pub format: u32,
    /// The policy's name.
    pub policy: String,
    /// How many looks there were.
    pub looks: u64,
    /// How the level is kept over them.
    #[serde(default)]
    pub plan: WatchPlan,
    metrics: Vec<WatchedMetric>,
}

/// Why a look was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// The watch was begun under another policy.
    #[error(
        "the watch of policy `{watched}` does not fit policy `{policy}`: metrics, tests and plan must be the same"
    )]
    OtherPolicy {
        /// The policy of the watch.
        watched: String,
        /// The policy given.
        policy: String,
    },
    /// All planned looks were taken.
    #[error("all {planned} planned looks were taken: expected no more, or a watch that is `always_valid`")]
    PlanOver {
        /// How many were planned.
        planned: u64,
    },
    /// A format number that this version does not read.
    #[error("format `{found}` of the watch is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
}

/// What was seen of one metric.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct WatchedMetric {
    metric: MetricId,
    #[serde(default)]
    scope: Scope,
    /// The unit of the first look.
    unit: Option<Unit>,
    control_size: u64,
    experiment_size: u64,
    /// Events so far, where a rate is counted.
    control_events: u64,
    experiment_events: u64,
    /// Why the last look told nothing of it.
    obstacle: Option<Obstacle>,
    tests: Vec<WatchedTest>,
}

impl CanaryWatch {
    /// A watch under that policy, before its first look.
    ///
    /// # Errors
    ///
    /// What cannot be watched, each with its place: tails, which need hundreds of values at every look, and
    /// absolute tolerances of rates.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, CanaryTest, CanaryWatch, Direction, JudgePolicy, JudgePolicySpec};
    ///
    /// let policy = |test| {
    ///     let metric = CanaryMetric::new("latency", Direction::Increase).with_tests([test]);
    ///     JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))
    /// };
    /// assert_eq!(CanaryWatch::new(&policy(CanaryTest::Spread)?)?.looks, 0);
    /// let error = CanaryWatch::new(&policy(CanaryTest::tail(0.99))?).unwrap_err();
    /// assert!(error.to_string().contains("latency.tests: `a tail under watch`"), "{error}");
    /// # Ok::<(), devops_gates::JudgePolicyErrors>(())
    /// ```
    pub fn new(policy: &JudgePolicy) -> Result<Self, JudgePolicyErrors> {
        let mut faults = Faults::default();
        for metric in &policy.metrics {
            let at = |field: &str| format!("{}.{field}", metric.spec.metric);
            let mut refuse = |field: &str, value: &str, expected: &str| {
                let problem = Problem::Inconsistent { value: value.into(), expected: expected.into() };
                faults.add(at(field), problem);
            };
            if metric.spec.tests.iter().any(|t| matches!(t, CanaryTest::Tail { .. })) {
                let expected = "tests that can be made at every look: `shift`, `spread`, `rate`";
                refuse("tests", "a tail under watch", expected);
            }
            let rate = metric.spec.tests.contains(&CanaryTest::Rate);
            if rate && matches!(metric.spec.tolerance, Tolerance::Absolute { .. }) {
                refuse("tolerance", "an absolute tolerance of a rate under watch", "a relative one");
            }
        }
        JudgePolicyErrors::check(faults.0)?;
        let plan = policy.spec().watch;
        let metrics = policy.metrics.iter().map(|metric| WatchedMetric::new(metric, plan)).collect();
        Ok(Self { format: 1, policy: policy.name().into(), looks: 0, plan, metrics })
    }

    /// Takes the measures since the last look and judges what was seen so far.
    ///
    /// Failed is told as soon as it is shown, and stays so; a warning too, but it may still become a failure. Until
    /// then the verdict is inconclusive, and [`CanaryWatch::finish`] tells what it is when the watch is over. A metric that a look lacks is shown as
    /// missing until a look has it again.
    ///
    /// # Errors
    ///
    /// The watch was begun under a policy with other metrics or tests or another plan, or all planned looks were
    /// taken; the watch is as it was then.
    ///
    /// ```
    /// use devops_core::{Measures, MetricId, Unit};
    /// use devops_gates::Status;
    /// use devops_gates::judge::{
    ///     CanaryMetric, CanaryWatch, Direction, JudgePolicy, JudgePolicySpec, Spending, WatchPlan, sampled,
    /// };
    ///
    /// let plan = WatchPlan::Planned { looks: 3, spending: Spending::ObrienFleming };
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_watch(plan).with_metric(metric))?;
    /// let side = |base: f64| -> Result<Measures, Box<dyn std::error::Error>> {
    ///     let values: Vec<f64> = (0..8).map(|i| base + f64::from(i * 3 % 8)).collect();
    ///     Ok(Measures::try_from(vec![sampled(MetricId::new("latency")?, Unit::Milliseconds, &values)?])?)
    /// };
    /// let mut watch = CanaryWatch::new(&policy)?;
    /// // The first third of the plan may spend next to nothing.
    /// assert_eq!(watch.look(&side(100.0)?, &side(104.0)?, &policy)?.status, Status::Inconclusive);
    /// assert_eq!(watch.look(&side(100.0)?, &side(106.0)?, &policy)?.status, Status::Failed);
    /// // Written and read in between.
    /// let mut watch: CanaryWatch = serde_json::from_str(&serde_json::to_string(&watch)?)?;
    /// watch.look(&side(100.0)?, &side(106.0)?, &policy)?;
    /// assert!(watch.look(&side(100.0)?, &side(106.0)?, &policy).is_err()); // one more than planned
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn look(
        &mut self,
        control: &Measures,
        experiment: &Measures,
        policy: &JudgePolicy,
    ) -> Result<Judgement, WatchError> {
        self.fits(policy)?;
        if let WatchPlan::Planned { looks: planned, .. } = self.plan
            && self.looks >= planned
        {
            return Err(WatchError::PlanOver { planned });
        }
        self.looks = self.looks.saturating_add(1);
        for (watched, metric) in self.metrics.iter_mut().zip(&policy.metrics) {
            match self.plan {
                WatchPlan::AlwaysValid => watched.look(metric, control, experiment, None),
                WatchPlan::Planned { looks, spending } => {
                    #[expect(clippy::cast_precision_loss, reason = "at most 100 looks")]
                    let time = self.looks as f64 / looks as f64;
                    let planned = PlannedLook { spending, levels: &levels(policy, metric), time };
                    watched.look(metric, control, experiment, Some(planned));
                }
            }
        }
        Ok(self.judgement(policy, false))
    }

    /// The judgement when the watch is over: what is not shown to be worse passes where the looks could have shown
    /// it.
    ///
    /// # Errors
    ///
    /// As [`CanaryWatch::look`].
    ///
    /// ```
    /// use devops_gates::Status;
    /// use devops_gates::judge::{CanaryMetric, CanaryWatch, Direction, JudgePolicy, JudgePolicySpec};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// // Nothing was looked at: nothing passes.
    /// assert_eq!(CanaryWatch::new(&policy)?.finish(&policy)?.status, Status::Inconclusive);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(&self, policy: &JudgePolicy) -> Result<Judgement, WatchError> {
        self.fits(policy)?;
        Ok(self.judgement(policy, true))
    }

    fn fits(&self, policy: &JudgePolicy) -> Result<(), WatchError> {
        if self.format != 1 {
            return Err(WatchError::UnknownFormat { found: self.format });
        }
        let tests = |w: &WatchedMetric| -> Vec<CanaryTest> { w.tests.iter().map(|t| t.test).collect() };
        let same = |(w, m): (&WatchedMetric, &CheckedMetric)| {
            w.metric == m.id && w.scope == m.spec.scope && tests(w) == m.spec.tests
        };
        let fits = self.plan == policy.spec().watch
            && self.metrics.len() == policy.metrics.len()
            && self.metrics.iter().zip(&policy.metrics).all(same);
        let other = || WatchError::OtherPolicy { watched: self.policy.clone(), policy: policy.name().into() };
        if fits { Ok(()) } else { Err(other()) }
    }

    fn judgement(&self, policy: &JudgePolicy, over: bool) -> Judgement {
        let level = policy.level();
        let mut metrics: Vec<_> = self
            .metrics
            .iter()
            .zip(&policy.metrics)
            .map(|(watched, metric)| {
                let unit = metric.spec.unit.or(watched.unit).unwrap_or(Unit::None);
                let mut found = blank(metric, unit, policy);
                found.control_size = watched.control_size;
                found.experiment_size = watched.experiment_size;
                found.obstacle.clone_from(&watched.obstacle);
                if found.obstacle.is_none() {
                    let found_of =
                        |t: &WatchedTest| watched.test(t, metric, level, 1.0 - policy.spec().alpha);
                    found.tests = watched.tests.iter().map(found_of).collect();
                }
                found
            })
            .collect();
        settle(&mut metrics, policy);
        if !over {
            metrics.iter_mut().for_each(super::MetricJudgement::still_watched);
        }
        conclude(metrics, Vec::new(), policy)
    }
}

impl super::MetricJudgement {
    /// What passes so far is open until the watch is over.
    fn still_watched(&mut self) {
        for test in self.tests.iter_mut().filter(|t| t.status == Status::Passed) {
            (test.status, test.ground) = (Status::Inconclusive, TestGround::StillWatched);
        }
        if self.status == Status::Passed {
            self.status = Status::Inconclusive;
        }
    }
}

impl WatchedMetric {
    fn new(metric: &CheckedMetric, plan: WatchPlan) -> Self {
        Self {
            metric: metric.id.clone(),
            scope: metric.spec.scope.clone(),
            unit: None,
            control_size: 0,
            experiment_size: 0,
            control_events: 0,
            experiment_events: 0,
            obstacle: Some(Obstacle::Missing { side: super::Side::Control, reason: "no look yet".into() }),
            tests: metric.spec.tests.iter().map(|test| WatchedTest::new(*test, plan)).collect(),
        }
    }

    fn look(
        &mut self,
        metric: &CheckedMetric,
        control: &Measures,
        experiment: &Measures,
        planned: Option<PlannedLook<'_>>,
    ) {
        let measured = Measured::of(metric, experiment, control, self.unit);
        let pair = match measured.pair {
            Ok(pair) => pair,
            Err(obstacle) => {
                self.obstacle = Some(obstacle);
                return;
            }
        };
        self.obstacle = None;
        self.unit = Some(measured.unit);
        let [n, m] = pair.sizes();
        self.experiment_size = self.experiment_size.saturating_add(n);
        self.control_size = self.control_size.saturating_add(m);
        if let Pair::Counts { experiment, control } = &pair {
            self.experiment_events = self.experiment_events.saturating_add(experiment.events);
            self.control_events = self.control_events.saturating_add(control.events);
        }
        for test in &mut self.tests {
            test.look(&pair, metric.spec.tolerance, planned);
        }
    }

    /// What a test has found so far, before its p-values are adjusted.
    fn test(&self, test: &WatchedTest, metric: &CheckedMetric, level: f64, confidence: f64) -> TestJudgement {
        let needed = metric.min_samples;
        let either = metric.spec.direction == Direction::Either;
        let level = if either { level / 2.0 } else { level };
        let ground = if self.control_size < needed || self.experiment_size < needed {
            Some(TestGround::TooFewValues { needed })
        } else {
            (test.most.tails().greater > level).then_some(TestGround::CannotShow)
        };
        let direction = match test.test {
            CanaryTest::Spread if !either => Direction::Increase,
            _ => metric.spec.direction,
        };
        let evidence = |how| match how {
            Move::Not => test.plain.tails(),
            Move::Up => test.up.tails(),
            Move::Down => test.down.tails(),
        };
        let p = ground.is_none().then(|| p_values(direction, evidence));
        TestJudgement {
            test: test.test,
            status: Status::Inconclusive,
            ground: ground.unwrap_or(TestGround::NoHarmShown),
            p,
            change_adjusted: None,
            harm_adjusted: None,
            effect: p.and_then(|_| self.effect(test, confidence)),
        }
    }

    fn effect(&self, test: &WatchedTest, confidence: f64) -> Option<Effect> {
        let superiority = match &test.plain {
            Evidence::Ranks { greater, .. } => greater.superiority(),
            Evidence::PlannedRanks { sum, .. } => sum.superiority(),
            Evidence::Rate { .. } | Evidence::PlannedRate { .. } => {
                return rate_effect(
                    Counted { events: self.experiment_events, total: self.experiment_size },
                    Counted { events: self.control_events, total: self.control_size },
                    confidence,
                );
            }
        };
        superiority.map(|superiority| Effect::Superiority { superiority })
    }
}
