//! One change of one metric, looked at by one test: what a condition of a gate asks.

use alloc::vec::Vec;

use devops_core::{Measure, MetricId, Value};

use super::decide::{needed, run};
use super::judgement::{Obstacle, Side, TestJudgement};
use super::measured::{Pair, counts, fits, values};
use super::policy::CheckedMetric;
use super::spec::{CanaryMetric, CanaryTest, Direction, Sampling, Tolerance};
use crate::gate::compiled::Part;

/// One question to two samples.
#[derive(Debug)]
pub(crate) struct Single(CheckedMetric);

/// What came of it.
pub(crate) struct Looked {
    /// How many values or outcomes were compared: experiment, control.
    pub(crate) sizes: [u64; 2],
    pub(crate) found: TestJudgement,
}

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

    /// The experiment against all of the control together; values are thinned or blocked in each measure by itself.
    pub(crate) fn look(
        &self,
        experiment: &Measure,
        control: &[&Measure],
        level: f64,
    ) -> Result<Looked, Obstacle> {
        let pair = if self.test() == CanaryTest::Rate {
            let mut all = counts(experiment, Side::Experiment)?;
            let experiment = all;
            (all.events, all.total) = (0, 0);
            for measure in control {
                let own = counts(measure, Side::Control)?;
                all.events = all.events.saturating_add(own.events);
                all.total = all.total.saturating_add(own.total);
            }
            Pair::Counts { experiment, control: all }
        } else {
            let unit = experiment.unit();
            let taken = |measures: &[&Measure], side| -> Result<Vec<f64>, Obstacle> {
                let mut all = Vec::new();
                for measure in measures {
                    all.extend(self.0.spec.sampling.apply(&values(measure, side, unit)?));
                }
                if fits(&all, self.0.spec.tolerance) { Ok(all) } else { Err(Obstacle::Overflow { side }) }
            };
            Pair::Values {
                experiment: taken(&[experiment], Side::Experiment)?,
                control: taken(control, Side::Control)?,
            }
        };
        let found = run(&self.0, self.test(), &pair, level, 1.0 - level);
        Ok(Looked { sizes: pair.sizes(), found })
    }
}
