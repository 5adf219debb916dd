//! What tests of canaries under watch look at: measures of a side, a metric, and random latencies.

#![allow(unreachable_pub, reason = "shared by the tests of this folder")]

use devops_core::{Measure, Measures, MetricId, Unit};
use devops_gates::judge::{CanaryMetric, Direction, sampled};
use devops_stats::rng::Rng;

pub fn latency(values: &[f64]) -> Measure {
    sampled(MetricId::new("latency").unwrap(), Unit::Milliseconds, values).unwrap()
}

pub fn errors(events: u64, total: u64) -> Measure {
    Measure::fraction(MetricId::new("errors").unwrap(), events, total, Unit::Percent)
}

pub fn side(measures: impl IntoIterator<Item = Measure>) -> Measures {
    Measures::try_from(measures.into_iter().collect::<Vec<_>>()).unwrap()
}

pub fn up() -> CanaryMetric {
    CanaryMetric::new("latency", Direction::Increase)
}

pub fn draw(rng: &mut Rng, n: usize, factor: f64) -> Vec<f64> {
    (0..n).map(|_| 100.0 * factor * (0.2 * rng.normal()).exp()).collect()
}
