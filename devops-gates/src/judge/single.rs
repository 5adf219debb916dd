//! One change of one metric, looked at by one test: what a condition of a gate asks.

use alloc::vec::Vec;

use devops_core::{Measure, MetricId, Value};

use super::compare::Counted;
use super::decide::{compare, needed, obstacle, run};
use super::judgement::{Obstacle, PValues, Side, TestJudgement};
use super::measured::{Pair, counts, fits, values};
use super::policy::CheckedMetric;
use super::spec::{CanaryMetric, CanaryTest, Direction, Sampling, Tolerance};
use crate::gate::compiled::Part;

/// One question to two samples.
#[derive(Debug)]
pub(crate) struct Single(CheckedMetric);

impl Single {
    pub(crate) fn new(
        id: MetricId,
        (direction, test, tolerance): (Direction, CanaryTest, Tolerance),
        sampling: Sampling,
        min_samples: u64,
    ) -> Self {
        let spec = CanaryMetric::new(id.as_str(), direction)
            .with_tests([test])
            .with_tolerance(tolerance)
            .with_sampling(sampling);
        let part = Part { weight: 1_000_000, mandatory: false };
        Self(CheckedMetric { id, spec, group: None, part, min_samples })
    }

    fn test(&self) -> CanaryTest {
        self.0.spec.tests.first().copied().unwrap_or(CanaryTest::Shift)
    }

    /// How many values a side are needed.
    pub(crate) fn needed(&self) -> u64 {
        needed(&self.0, self.test())
    }

    /// Whether a measure has something to compare.
    pub(crate) fn can_compare(&self, measure: &Measure) -> bool {
        match (self.test(), measure.value()) {
            (CanaryTest::Rate, Value::Fraction { whole, .. }) => *whole > 0,
            (CanaryTest::Rate, _) => false,
            _ => !measure.samples().is_empty(),
        }
    }

    /// What is compared: the experiment, and all of the control together; values are thinned or blocked in each measure
    /// by itself.
    pub(crate) fn pair(&self, experiment: &Measure, control: &[&Measure]) -> Result<Pair, Obstacle> {
        if self.test() == CanaryTest::Rate {
            let experiment = counts(experiment, Side::Experiment)?;
            let mut all = Counted { events: 0, total: 0 };
            for measure in control {
                let own = counts(measure, Side::Control)?;
                all.events = all.events.saturating_add(own.events);
                all.total = all.total.saturating_add(own.total);
            }
            return Ok(Pair::Counts { experiment, control: all });
        }
        let unit = experiment.unit();
        let taken = |measures: &[&Measure], side| -> Result<Vec<f64>, Obstacle> {
            let mut all = Vec::new();
            for measure in measures {
                all.extend(self.0.spec.sampling.apply(&values(measure, side, unit)?));
            }
            Ok(all)
        };
        Ok(Pair::Values {
            experiment: taken(&[experiment], Side::Experiment)?,
            control: taken(control, Side::Control)?,
        })
    }

    /// The side whose values are too large for the tolerance.
    pub(crate) fn overflow(&self, pair: &Pair) -> Option<Obstacle> {
        let Pair::Values { experiment, control } = pair else { return None };
        let mut sides = [(experiment, Side::Experiment), (control, Side::Control)].into_iter();
        let large = sides.find(|(values, _)| !fits(values, self.0.spec.tolerance));
        large.map(|(_, side)| Obstacle::Overflow { side })
    }

    /// What the test finds in it.
    pub(crate) fn look(&self, pair: &Pair, level: f64) -> TestJudgement {
        run(&self.0, self.test(), pair, level, 1.0 - level)
    }

    /// Its p-values alone, of what another question compared; `None` where it can show nothing, or the values are too
    /// large for its tolerance.
    pub(crate) fn p_values(&self, pair: &Pair, level: f64) -> Option<PValues> {
        let shows = self.overflow(pair).is_none() && obstacle(&self.0, self.test(), pair, level).is_none();
        shows.then(|| compare(&self.0, self.test(), pair))
    }
}
