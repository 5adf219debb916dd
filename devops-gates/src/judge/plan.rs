//! How a watch keeps its level over many looks: at any time, or over so many as are planned.

use alloc::vec::Vec;

use devops_stats::group_sequential::GroupSequential;
use devops_stats::special::normal_sf;
use devops_stats::spending::Spending;

use super::policy::{CheckedMetric, JudgePolicy};
use super::spec::Direction;

/// So many looks can be planned; who looks more often is better off without a plan.
pub(super) const LOOKS_MAX: u64 = 100;

/// How a [`CanaryWatch`](super::CanaryWatch) keeps its level over many looks.
///
/// ```
/// use devops_gates::judge::{JudgePolicy, Spending, WatchPlan};
///
/// let policy: JudgePolicy = toml::from_str(r#"
///     format = 1
///     name = "checkout"
///     watch = { kind = "planned", looks = 5 }
///     [[metrics]]
///     metric = "latency"
///     direction = "increase"
/// "#)?;
/// assert_eq!(policy.spec().watch, WatchPlan::Planned { looks: 5, spending: Spending::ObrienFleming });
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "WatchPlanForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum WatchPlan {
    /// Any number of looks, at any time, decided on in any way, also by what was seen. For the price: few looks show
    /// little.
    #[default]
    AlwaysValid,
    /// At most so many looks, decided on beforehand: what was seen must not make the next one come sooner or later.
    /// Much more is shown by few looks.
    Planned {
        /// How many: 1 to 100. A watch that ends sooner leaves a part of its level unused; one look more is refused.
        #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 100)))]
        looks: u64,
        /// How the level is spent over them; as the boundaries of O'Brien & Fleming do unless written.
        #[cfg_attr(
            feature = "schemars",
            schemars(schema_with = "crate::schema::spending", default = "Spending::default")
        )]
        spending: Spending,
    },
}

/// What is read; `AlwaysValid {}` so that unknown keys beside it are refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum WatchPlanForm {
    AlwaysValid {},
    Planned {
        looks: u64,
        #[serde(default)]
        spending: Spending,
    },
}

impl From<WatchPlanForm> for WatchPlan {
    fn from(form: WatchPlanForm) -> Self {
        match form {
            WatchPlanForm::AlwaysValid {} => Self::AlwaysValid,
            WatchPlanForm::Planned { looks, spending } => Self::Planned { looks, spending },
        }
    }
}

/// Levels that p-values are told at where no test is held to them.
const SHOWN: [f64; 3] = [0.2, 0.01, 0.001];
/// So many levels of Holm's method are held at hand; a p-value between two is told as the larger one.
const STEPS: usize = 8;

/// The one-sided levels that a metric may be held to (Holm 1979), and some more to tell p-values at; from small to
/// large. A p-value at a level is the level: rounding must not lift it above when it is multiplied again.
#[expect(clippy::cast_precision_loss, reason = "a number of tests")]
pub(super) fn levels(policy: &JudgePolicy, metric: &CheckedMetric) -> Vec<f64> {
    let tests = if metric.spec.shadow { policy.shadow_tests() } else { policy.tests() }.max(1);
    let sides = if metric.spec.direction == Direction::Either { 2.0 } else { 1.0 };
    let held = |among: f64| policy.spec().alpha / among / sides;
    let among = |step: usize| {
        if tests <= STEPS {
            step.saturating_add(1).min(tests) as f64
        } else {
            libm::round(libm::pow(tests as f64, step as f64 / (STEPS as f64 - 1.0)))
        }
    };
    let steps = (0..STEPS).map(|step| held(among(step)));
    let mut levels: Vec<f64> = steps.chain(SHOWN).map(|level| level * (1.0 - 1e-12)).collect();
    levels.sort_unstable_by(f64::total_cmp);
    levels.dedup();
    levels
}

/// A level, and the p-value of one look at which it is shown.
pub(super) type Bound = (f64, f64);

/// The looks of a planned watch at one metric, and the tests at each level.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct PlannedLooks {
    /// Time, a share of the plan, and information of each look.
    looks: Vec<(f64, f64)>,
    /// What follows from them.
    #[serde(skip)]
    tests: Tests,
}

/// One test for each level; made anew from the looks where it is not at hand.
#[derive(Debug, Clone, Default)]
struct Tests(Vec<(f64, GroupSequential)>);

impl PartialEq for Tests {
    /// It says nothing that the looks do not say.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Tests {
    fn new(spending: Spending, levels: &[f64]) -> Self {
        let test = |level: &f64| Some((*level, GroupSequential::new(spending, *level).ok()?));
        Self(levels.iter().filter_map(test).collect())
    }

    /// What each level asks of the p-value of this look, where it is tested.
    fn look(&mut self, (time, information): (f64, f64)) -> Vec<Bound> {
        let bound = |(level, test): &mut (f64, GroupSequential)| {
            let bound = test.look(time, information).ok()??;
            Some((*level, normal_sf(bound)))
        };
        self.0.iter_mut().filter_map(bound).collect()
    }
}

impl PlannedLooks {
    /// Takes one more look.
    pub(super) fn look(
        &mut self,
        spending: Spending,
        levels: &[f64],
        time: f64,
        information: f64,
    ) -> Vec<Bound> {
        if information <= 0.0 {
            return Vec::new();
        }
        if !self.tests.0.iter().map(|(level, _)| level).eq(levels) {
            self.tests = Tests::new(spending, levels);
            for look in &self.looks {
                self.tests.look(*look);
            }
        }
        self.looks.push((time, information));
        self.tests.look((time, information))
    }
}
