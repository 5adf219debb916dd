//! What the judge found, with all that it rests on.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Measure, MetricId, Scope, Unit, Value};
use devops_stats::tail::Interval;

use super::spec::{CanaryTest, Direction, Tolerance};
use crate::Status;

/// The verdict on a canary, with its trace.
///
/// [`Display`](core::fmt::Display) is one line, [`Judgement::to_markdown`] the report, the serialised form the
/// whole trace.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Judgement {
    /// The form of the document: 1.
    pub format: u32,
    /// The policy's name.
    pub policy: String,
    /// Passed, warning (marginal), failed or inconclusive.
    pub status: Status,
    /// How sure the verdict is: of failed and warning, 1 less the adjusted p-value of the clearest finding; of
    /// passed, with which confidence a change beyond the tolerance is ruled out where that is least sure (about
    /// one half where there is no tolerance and no change). `None` where it is inconclusive, or rests on no test.
    pub confidence: Option<f64>,
    /// How often a canary that is no different is called worse, at most.
    pub alpha: f64,
    /// How many tests share that level.
    pub tests: usize,
    /// The metrics, in the order of the policy.
    pub metrics: Vec<MetricJudgement>,
    /// The groups, in the order of the policy.
    pub groups: Vec<GroupJudgement>,
    /// What was measured on either side and no metric of the policy looks at.
    pub unjudged: Vec<MetricId>,
}

/// The verdict on a group of metrics.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct GroupJudgement {
    /// Its name.
    pub name: String,
    /// Its verdict.
    pub status: Status,
    /// How much it counts where the policy is weighted.
    pub weight: f64,
}

/// The verdict on one metric.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct MetricJudgement {
    /// The metric.
    pub metric: MetricId,
    /// Of what part of the product.
    #[serde(default)]
    pub scope: Scope,
    /// The group that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its verdict: that of its worst test.
    pub status: Status,
    /// Why there is no more than that to say, where its samples could not be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
    /// The unit that effects are in.
    pub unit: Unit,
    /// Which change is bad.
    pub direction: Direction,
    /// Up to which change it is accepted.
    pub tolerance: Tolerance,
    /// Whether the whole verdict can be no better.
    pub critical: bool,
    /// Whether it is only shown.
    pub shadow: bool,
    /// How much it counts where its holder is weighted.
    pub weight: f64,
    /// How many values of the control were compared, after thinning; of rates, how many outcomes.
    pub control_size: u64,
    /// The same of the experiment.
    pub experiment_size: u64,
    /// What was looked at; empty where there is an obstacle.
    pub tests: Vec<TestJudgement>,
}

/// Why samples could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Obstacle {
    /// A side was not measured.
    Missing {
        /// Which.
        side: Side,
        /// Why, as far as it is known.
        reason: String,
    },
    /// A side has no samples, which is what is compared.
    NoSamples {
        /// Which.
        side: Side,
    },
    /// A side has no counts of events and outcomes, which is what is compared.
    NoCounts {
        /// Which.
        side: Side,
    },
    /// A side is measured in a unit that cannot be turned into the metric's.
    WrongUnit {
        /// Which.
        side: Side,
        /// Its unit.
        unit: Unit,
    },
    /// A value or a tolerance is too large for a float once its unit is changed.
    Overflow {
        /// Which.
        side: Side,
    },
}

/// A side of the comparison.
///
/// Closed: there are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there are two")]
pub enum Side {
    /// What runs already.
    Control,
    /// The canary.
    Experiment,
}

impl Side {
    /// The name as it is written in reports.
    ///
    /// ```
    /// use devops_gates::judge::Side;
    /// assert_eq!(Side::Control.as_str(), "control");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Experiment => "experiment",
        }
    }
}

/// What one test of a metric found.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct TestJudgement {
    /// What was looked at.
    pub test: CanaryTest,
    /// Failed: a change beyond the tolerance is shown. Warning: a change is shown, but not that it is beyond the
    /// tolerance. Passed: no bad change is shown, by samples that could have shown it.
    pub status: Status,
    /// Why.
    pub ground: TestGround,
    /// The probabilities that it rests on; `None` where the samples are too small.
    pub p: Option<PValues>,
    /// `p.change` adjusted for all tests of the policy (Holm 1979).
    pub change_adjusted: Option<f64>,
    /// `p.harm` adjusted likewise.
    pub harm_adjusted: Option<f64>,
    /// How large the difference is.
    pub effect: Option<Effect>,
}

/// Why a test has its status.
///
/// Closed: what a reader acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[expect(clippy::exhaustive_enums, reason = "a reader acts on each")]
pub enum TestGround {
    /// A change beyond the tolerance is shown.
    Harm,
    /// A change is shown, not that it is beyond the tolerance.
    ChangeWithinTolerance,
    /// No bad change is shown.
    NoHarmShown,
    /// A change beyond the tolerance is ruled out.
    HarmRuledOut,
    /// A change beyond the tolerance is neither shown nor ruled out, and the policy asks that it be ruled out.
    HarmNotRuledOut,
    /// There are fewer values a side than needed.
    TooFewValues {
        /// How many a side are needed.
        needed: u64,
    },
    /// No bad change is shown so far, and the watch goes on.
    StillWatched,
    /// However different they are, samples of these sizes could not show it at the policy's level.
    CannotShow,
}

/// Probabilities of samples as far apart as these or farther.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PValues {
    /// If nothing changed for the worse.
    pub change: f64,
    /// If nothing changed for the worse beyond the tolerance.
    pub harm: f64,
    /// If it did change for the worse by the tolerance: how sure it is that it did not is 1 less this.
    pub safe: f64,
}

/// How large a difference is; experiment against control.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Effect {
    /// Of the values.
    Shift {
        /// The Hodges–Lehmann shift, in the metric's unit; `None` where it overflows.
        shift: Option<f64>,
        /// Its interval at 1 − alpha, not adjusted for the number of tests.
        interval: Option<Interval>,
        /// The chance that a value of the experiment exceeds one of the control (common-language effect size).
        superiority: f64,
        /// The same from −1 to 1 (rank-biserial correlation, Cliff's δ).
        rank_biserial: f64,
        /// Mean over mean; `None` where that of the control is 0 or it overflows.
        mean_ratio: Option<f64>,
        /// The control's median.
        control_median: f64,
        /// The experiment's median.
        experiment_median: f64,
    },
    /// Of the values under watch, which are not kept.
    Superiority {
        /// The chance that a value of the experiment exceeds one of the control of the same look; of spreads, that
        /// it lies farther from their median.
        superiority: f64,
    },
    /// Of their distances from the common median.
    Spread {
        /// The control's median absolute deviation from its own median.
        control_deviation: f64,
        /// The experiment's.
        experiment_deviation: f64,
        /// The chance that a value of the experiment lies farther from the common median.
        superiority: f64,
    },
    /// Of the numbers beyond the common quantile.
    Tail {
        /// Values of the control beyond it.
        control_beyond: u64,
        /// Values of the experiment beyond it.
        experiment_beyond: u64,
    },
    /// Of the rates.
    Rate {
        /// Events of the control.
        control_events: u64,
        /// Events of the experiment.
        experiment_events: u64,
        /// Difference of the rates, experiment less control.
        difference: f64,
        /// Newcombe's interval of it at 1 − alpha, not adjusted for the number of tests.
        interval: Interval,
        /// Rate over rate; `None` where the control has no event.
        ratio: Option<f64>,
    },
}

impl Judgement {
    /// The judgement of the metric of that id, whole product first.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// let found = judge(&Measures::new(), &Measures::new(), &policy);
    /// assert!(found.metric("latency").is_some() && found.metric("throughput").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn metric(&self, id: &str) -> Option<&MetricJudgement> {
        self.metrics.iter().find(|m| m.metric.as_str() == id)
    }

    /// The verdicts as measures, so that a gate can hold conditions on them: `canary` for the whole, and `canary.`
    /// before each metric's id. Each is one of the texts `passed`, `warning` and `failed`; what is inconclusive is
    /// missing, with its reason, so that the gate's own policy for missing measures decides. The sample size is that
    /// of the smaller side, so that a condition can ask for more (`min_samples`).
    ///
    /// ```
    /// use devops_core::{Measures, MetricId, Unit};
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge, sampled};
    /// use devops_gates::{ConditionSpec, Evidence, Gate, GateSpec, Status};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("p").with_metric(metric))?;
    /// let side = |values: &[f64]| sampled(MetricId::new("latency")?, Unit::Milliseconds, values);
    /// let control = Measures::try_from(vec![side(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?])?;
    /// let slower = Measures::try_from(vec![side(&[7.0, 8.0, 9.0, 10.0, 11.0, 12.0])?])?;
    /// let gate = Gate::build(GateSpec::new("release")
    ///     .with_condition(ConditionSpec::new("fast", "canary.latency", r#"= "passed""#)
    ///         .with_warn(r#"= "warning""#).with_min_samples(5)))?;
    /// let verdict = |experiment| -> Result<Status, Box<dyn std::error::Error>> {
    ///     let measures = Measures::try_from(judge(&control, experiment, &policy).measures())?;
    ///     Ok(gate.evaluate(&Evidence::new(&measures)).status())
    /// };
    /// assert_eq!(verdict(&control)?, Status::Passed);
    /// assert_eq!(verdict(&slower)?, Status::Failed);
    /// assert_eq!(verdict(&Measures::new())?, Status::Inconclusive);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        let value = |status: Status, reason: &dyn Fn() -> String| match status {
            Status::Inconclusive => Value::Missing { reason: reason() },
            decided => Value::Text { value: decided.as_str().into() },
        };
        let whole = MetricId::new("canary")
            .ok()
            .map(|id| Measure::new(id, value(self.status, &|| alloc::format!("{self}")), Unit::None));
        let each = self.metrics.iter().filter_map(|m| {
            // An id near the limit of its length has no room for the prefix.
            let id = MetricId::new(&alloc::format!("canary.{}", m.metric)).ok()?;
            let size = m.control_size.min(m.experiment_size);
            let measure = Measure::new(id, value(m.status, &|| m.reason_text()), Unit::None);
            Some(measure.with_scope(m.scope.clone()).with_sample_size(size))
        });
        whole.into_iter().chain(each).collect()
    }

    /// The status once the watch cannot be extended any more: what is still inconclusive has failed to show that
    /// it may go on.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::Status;
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("p").with_metric(metric))?;
    /// let found = judge(&Measures::new(), &Measures::new(), &policy);
    /// assert_eq!(found.status, Status::Inconclusive); // extend the watch
    /// assert_eq!(found.status_at_deadline(), Status::Failed); // or stop
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn status_at_deadline(&self) -> Status {
        match self.status {
            Status::Inconclusive => Status::Failed,
            other => other,
        }
    }
}
