//! What looks have shown of one test.

use devops_stats::sequential_rank::SequentialRank;
use devops_stats::sequential_rate::SequentialRate;
use devops_stats::spending::Spending;
use devops_stats::stratified_rank_sum::StratifiedRankSum;
use devops_stats::stratified_rate::StratifiedRate;

use super::compare::{Counted, Move, Places, Tails};
use super::measured::Pair;
use super::plan::{Bound, PlannedLooks, WatchPlan};
use super::spec::{CanaryTest, Tolerance};

/// What was seen by one test: the control as it is, moved up and moved down by the tolerance; and the most that
/// looks of these sizes can show.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct WatchedTest {
    pub(super) test: CanaryTest,
    pub(super) plain: Evidence,
    pub(super) up: Evidence,
    pub(super) down: Evidence,
    pub(super) most: Evidence,
    /// The looks of a planned watch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    planned: Option<PlannedLooks>,
}

/// Evidence for the experiment being larger and being smaller.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(super) enum Evidence {
    Ranks { greater: SequentialRank, less: SequentialRank },
    Rate { greater: SequentialRate, less: SequentialRate },
    PlannedRanks { sum: StratifiedRankSum, shown: Shown },
    PlannedRate { rate: StratifiedRate, shown: Shown },
}

/// The smallest level at which a planned watch has shown each.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Shown {
    greater: f64,
    less: f64,
}

impl Shown {
    const NOTHING: Self = Self { greater: 1.0, less: 1.0 };

    /// What p-values of all that was seen show by the boundaries of a look.
    fn at(self, bounds: &[Bound], greater: f64, less: f64) -> Self {
        let least = |p: f64, before: f64| {
            let shown = bounds.iter().filter(|(_, most)| p <= *most).map(|(level, _)| *level);
            shown.fold(before, |a, b| if b < a { b } else { a })
        };
        Self { greater: least(greater, self.greater), less: least(less, self.less) }
    }
}

impl Evidence {
    fn new(test: CanaryTest, plan: WatchPlan) -> Self {
        match (plan, test) {
            (WatchPlan::AlwaysValid, CanaryTest::Rate) => {
                Self::Rate { greater: SequentialRate::new(), less: SequentialRate::new() }
            }
            (WatchPlan::AlwaysValid, _) => {
                Self::Ranks { greater: SequentialRank::new(), less: SequentialRank::new() }
            }
            (WatchPlan::Planned { .. }, CanaryTest::Rate) => {
                Self::PlannedRate { rate: StratifiedRate::new(), shown: Shown::NOTHING }
            }
            (WatchPlan::Planned { .. }, _) => {
                Self::PlannedRanks { sum: StratifiedRankSum::new(), shown: Shown::NOTHING }
            }
        }
    }

    pub(super) fn tails(&self) -> Tails {
        match self {
            Self::Ranks { greater, less } => Tails { greater: greater.p(), less: less.p() },
            Self::Rate { greater, less } => Tails { greater: greater.p(), less: less.p() },
            Self::PlannedRanks { shown, .. } | Self::PlannedRate { shown, .. } => {
                Tails { greater: shown.greater, less: shown.less }
            }
        }
    }

    /// Takes a look; values were found finite and counts in order when they were read.
    fn rank(&mut self, places: &Places) {
        match self {
            Self::Ranks { greater, less } => {
                let taken = greater.look(&places.experiment, &places.control);
                let _ = taken.and_then(|()| less.look(&places.control, &places.experiment));
            }
            Self::PlannedRanks { sum, .. } => {
                let _ = sum.add(&places.experiment, &places.control);
            }
            _ => {}
        }
    }

    fn count(&mut self, experiment: Counted, control: Counted, ratio: f64) {
        if ratio <= 0.0 {
            return;
        }
        let (x, y) = ((experiment.events, experiment.total), (control.events, control.total));
        match self {
            Self::Rate { greater, less } => {
                let taken = greater.look(x, y, ratio);
                let _ = taken.and_then(|()| less.look(y, x, 1.0 / ratio));
            }
            Self::PlannedRate { rate, .. } => {
                let _ = rate.add(x, y, ratio);
            }
            _ => {}
        }
    }

    /// How much the looks of a planned watch could tell.
    const fn information(&self) -> f64 {
        match self {
            Self::PlannedRanks { sum, .. } => sum.information(),
            Self::PlannedRate { rate, .. } => rate.information(),
            _ => 0.0,
        }
    }

    /// Holds what was seen against the boundaries of a look.
    fn hold(&mut self, bounds: &[Bound]) {
        let (p, shown) = match self {
            Self::PlannedRanks { sum, shown } => (sum.p(), shown),
            Self::PlannedRate { rate, shown } => (rate.p(), shown),
            _ => return,
        };
        *shown = shown.at(bounds, p.greater, p.less);
    }
}

/// What a planned look is held against.
#[derive(Clone, Copy)]
pub(super) struct PlannedLook<'a> {
    pub(super) spending: Spending,
    pub(super) levels: &'a [f64],
    /// The share of the plan that is over with this look.
    pub(super) time: f64,
}

impl WatchedTest {
    pub(super) fn new(test: CanaryTest, plan: WatchPlan) -> Self {
        let none = Evidence::new(test, plan);
        let planned = matches!(plan, WatchPlan::Planned { .. }).then(PlannedLooks::default);
        Self { test, plain: none.clone(), up: none.clone(), down: none.clone(), most: none, planned }
    }

    pub(super) fn look(&mut self, pair: &Pair, tolerance: Tolerance, planned: Option<PlannedLook<'_>>) {
        self.take(pair, tolerance);
        self.take_most(pair);
        let (Some(look), Some(looks)) = (planned, &mut self.planned) else { return };
        let bounds = looks.look(look.spending, look.levels, look.time, self.plain.information());
        for evidence in [&mut self.plain, &mut self.up, &mut self.down, &mut self.most] {
            evidence.hold(&bounds);
        }
    }

    fn take(&mut self, pair: &Pair, tolerance: Tolerance) {
        let moves = [(Move::Not, &mut self.plain), (Move::Up, &mut self.up), (Move::Down, &mut self.down)];
        for (how, evidence) in moves {
            match pair {
                Pair::Values { experiment, control } => {
                    let places = match self.test {
                        CanaryTest::Spread => Places::spread(experiment, control, tolerance, how),
                        _ => Places::moved(experiment, control, tolerance, how),
                    };
                    evidence.rank(&places);
                }
                Pair::Counts { experiment, control } => {
                    let share = match tolerance {
                        Tolerance::Relative { share } => share,
                        _ => 0.0,
                    };
                    let ratio = match how {
                        Move::Not => 1.0,
                        Move::Up => 1.0 + share,
                        Move::Down => 1.0 - share,
                    };
                    evidence.count(*experiment, *control, ratio);
                }
            }
        }
    }

    /// The most that a look of this size can show.
    fn take_most(&mut self, pair: &Pair) {
        match (pair, &mut self.most) {
            (Pair::Values { experiment, control }, Evidence::Ranks { greater, .. }) => {
                let _ = greater.look_at_best(experiment.len(), control.len());
            }
            (Pair::Values { experiment, control }, Evidence::PlannedRanks { sum, .. }) => {
                sum.add_best(experiment.len(), control.len());
            }
            (Pair::Counts { experiment, control }, Evidence::Rate { greater, .. }) => {
                let all = (experiment.total, experiment.total);
                let _ = greater.look(all, (0, control.total), 1.0);
            }
            (Pair::Counts { experiment, control }, Evidence::PlannedRate { rate, .. }) => {
                let all = (experiment.total, experiment.total);
                let _ = rate.add(all, (0, control.total), 1.0);
            }
            _ => {}
        }
    }
}
