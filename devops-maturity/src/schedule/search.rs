//! The search for a short schedule.
#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "places come from the network")]

use alloc::vec::Vec;

use devops_stats::rng::Rng;

use super::generation::Starts;
use super::improvement::BothWays;
use super::lower_bound::Bounds;
use super::network::Network;
use super::plan::Schedule;
use super::priority::{latest_finish, list_by};
use super::project::{Project, shown};
use super::recombination::{crossover, mutate};
use super::sampling::biased_list;

/// How hard a schedule is searched for.
///
/// ```
/// use devops_maturity::schedule::ScheduleOptions;
///
/// let options = ScheduleOptions::new().with_samples(500).with_seed(7);
/// assert_eq!((options.samples, options.seed), (500, 7));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ScheduleOptions {
    /// How many random orders are tried beside the rule's own; 0 for the rule alone. The time grows with it.
    pub samples: u32,
    /// Of the random orders; echoed in the schedule.
    pub seed: u64,
}

impl Default for ScheduleOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl ScheduleOptions {
    /// 50 samples with seed 1.
    #[must_use]
    pub const fn new() -> Self {
        Self { samples: 50, seed: 1 }
    }

    /// With so many samples.
    #[must_use]
    pub const fn with_samples(self, samples: u32) -> Self {
        Self { samples, ..self }
    }

    /// With that seed.
    #[must_use]
    pub const fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}

/// A short schedule within precedence and resources, with a lower bound and the gap to it.
///
/// Every schedule respects the project ([`violations`](super::violations) checks it independently). The search
/// ends early where the bound proves that nothing shorter exists. Time grows with the samples and a little
/// faster than the number of activities.
///
/// ```
/// use devops_maturity::schedule::{ActivitySpec, Project, ProjectSpec, ScheduleOptions, schedule};
///
/// let spec = ["a", "b", "c"].iter().fold(ProjectSpec::new("p").with_resource("hands", 2.0), |spec, name| {
///     spec.with_activity(ActivitySpec::new(*name, 2.0).with_demand("hands", 1.0))
/// });
/// let plan = schedule(&Project::build(spec)?, &ScheduleOptions::new().with_samples(10).with_seed(7));
/// assert_eq!((plan.makespan, plan.is_optimal()), (4.0, true));
/// # Ok::<(), devops_maturity::schedule::ProjectErrors>(())
/// ```
#[must_use]
pub fn schedule(project: &Project, options: &ScheduleOptions) -> Schedule {
    let network = Network::planned(project);
    let bounds = Bounds::quick(&network);
    let list = list_by(&network, &latest_finish(&network));
    let mut both = BothWays::new(network);
    let first = both.decode(&list);
    let bounds = bounds.sharpened(&both.forward, first.end);
    let mut search = Search::new(both, first, options, bounds.best());
    search.run();
    let (best, tried) = (search.best(), search.tried);
    Schedule::new(project, &search.both.forward, best, &bounds, options, tried)
}

/// The end by the rule and its improvement alone, without a bound: what is looked at many times.
pub(crate) fn quick_makespan(project: &Project) -> f64 {
    let network = Network::planned(project);
    let list = list_by(&network, &latest_finish(&network));
    let mut both = BothWays::new(network);
    let end = both.decode(&list).end;
    shown(end * both.forward.tick)
}

/// The samples, and the best schedules so far.
struct Search {
    both: BothWays,
    rng: Rng,
    /// Shortest first, no two the same.
    pool: Vec<Starts>,
    urgency: [Vec<u64>; 2],
    samples: u32,
    tried: u32,
    bound: u64,
}

impl Search {
    /// The most schedules that are kept.
    const POOL: usize = 16;

    fn new(both: BothWays, first: Starts, options: &ScheduleOptions, bound: u64) -> Self {
        let urgency = [latest_finish(&both.forward), latest_finish(&both.backward)];
        Self {
            both,
            rng: Rng::new(options.seed),
            pool: alloc::vec![first],
            urgency,
            samples: options.samples,
            tried: 0,
            bound,
        }
    }

    fn best(&self) -> &Starts {
        &self.pool[0]
    }

    fn run(&mut self) {
        if self.samples == 0 {
            return;
        }
        self.rules();
        let scout = (self.samples / 4).clamp(10, 40);
        while self.tried < self.samples && self.best().end > self.bound {
            let sample = if self.tried < scout { self.scout() } else { self.combine() };
            self.tried += 1;
            self.keep(sample);
        }
    }

    /// The orders of other rules, from the start and from the end.
    fn rules(&mut self) {
        for backward in [true, false] {
            let network = if backward { &self.both.backward } else { &self.both.forward };
            let finish = &self.urgency[usize::from(backward)];
            let start: Vec<u64> = finish.iter().zip(&network.durations).map(|(f, d)| f - d).collect();
            for urgency in [finish.clone(), start] {
                if self.best().end <= self.bound {
                    return;
                }
                let network = if backward { &self.both.backward } else { &self.both.forward };
                let list = list_by(network, &urgency);
                let found = if backward { self.both.decode_backward(&list) } else { self.both.decode(&list) };
                self.keep(found);
            }
        }
    }

    /// A random order that leans towards the rule, from the start and from the end by turns.
    fn scout(&mut self) -> Starts {
        if self.tried.is_multiple_of(2) {
            let list = biased_list(&self.both.forward, &self.urgency[0], &mut self.rng);
            self.both.decode(&list)
        } else {
            let list = biased_list(&self.both.backward, &self.urgency[1], &mut self.rng);
            self.both.decode_backward(&list)
        }
    }

    /// Two good orders recombined and changed a little.
    fn combine(&mut self) -> Starts {
        let mother = self.pick();
        let father = self.pick();
        let (mother, father) = (self.both.list_of(&self.pool[mother]), self.both.list_of(&self.pool[father]));
        let mut child = crossover(&mother, &father, &mut self.rng);
        let moves = 1 + child.len() / 8;
        mutate(&self.both.forward, &mut child, moves, &mut self.rng);
        self.both.decode(&child)
    }

    /// The better of two.
    fn pick(&mut self) -> usize {
        let n = self.pool.len();
        self.rng.index(n).min(self.rng.index(n))
    }

    fn keep(&mut self, sample: Starts) {
        if self.pool.iter().any(|known| known.starts == sample.starts) {
            return;
        }
        let place = self.pool.partition_point(|known| known.end < sample.end);
        self.pool.insert(place, sample);
        self.pool.truncate(Self::POOL);
    }
}
