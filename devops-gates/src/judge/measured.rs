//! The samples of one metric, taken from the measures of both sides.

use alloc::vec::Vec;

use devops_core::{Measure, Measures, MetricId, Number, Unit, Value, ValueError};
use devops_stats::quantile::median;

use super::compare::Counted;
use super::judgement::{Obstacle, Side};
use super::policy::CheckedMetric;
use super::spec::{CanaryTest, Tolerance};

/// What can be compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pair {
    Values { experiment: Vec<f64>, control: Vec<f64> },
    Counts { experiment: Counted, control: Counted },
}

impl Pair {
    /// How many values or outcomes: experiment, control.
    pub(crate) fn sizes(&self) -> [u64; 2] {
        match self {
            Self::Values { experiment, control } => {
                [experiment, control].map(|side| u64::try_from(side.len()).unwrap_or(u64::MAX))
            }
            Self::Counts { experiment, control } => [experiment.total, control.total],
        }
    }
}

/// The samples of a metric, and the unit that they are in.
pub(super) struct Measured {
    pub(super) unit: Unit,
    pub(super) pair: Result<Pair, Obstacle>,
}

impl Measured {
    /// `known`: the unit of earlier looks.
    pub(super) fn of(
        metric: &CheckedMetric,
        experiment: &Measures,
        control: &Measures,
        known: Option<Unit>,
    ) -> Self {
        let find = |side: &Measures| -> Option<Measure> { side.get(&metric.id, &metric.spec.scope).cloned() };
        let (before, after) = (find(control), find(experiment));
        let measured = before.as_ref().or(after.as_ref()).map(Measure::unit);
        let unit = metric.spec.unit.or(known).or(measured).unwrap_or(Unit::None);
        let pair = pair(metric, unit, after.as_ref(), before.as_ref());
        Self { unit, pair }
    }
}

fn pair(
    metric: &CheckedMetric,
    unit: Unit,
    experiment: Option<&Measure>,
    control: Option<&Measure>,
) -> Result<Pair, Obstacle> {
    let control = present(control, Side::Control)?;
    let experiment = present(experiment, Side::Experiment)?;
    if metric.spec.tests.contains(&CanaryTest::Rate) {
        return Ok(Pair::Counts {
            control: counts(control, Side::Control)?,
            experiment: counts(experiment, Side::Experiment)?,
        });
    }
    let sampled = |measure, side| -> Result<Vec<f64>, Obstacle> {
        let values = metric.spec.sampling.apply(&values(measure, side, unit)?);
        if fits(&values, metric.spec.tolerance) { Ok(values) } else { Err(Obstacle::Overflow { side }) }
    };
    Ok(Pair::Values {
        control: sampled(control, Side::Control)?,
        experiment: sampled(experiment, Side::Experiment)?,
    })
}

fn present(measure: Option<&Measure>, side: Side) -> Result<&Measure, Obstacle> {
    match measure.map(|m| (m, m.value())) {
        None => Err(Obstacle::Missing { side, reason: "no measure".into() }),
        Some((_, Value::Missing { reason })) => Err(Obstacle::Missing { side, reason: reason.clone() }),
        Some((measure, _)) => Ok(measure),
    }
}

pub(super) fn counts(measure: &Measure, side: Side) -> Result<Counted, Obstacle> {
    match measure.value() {
        // More events than outcomes is no fraction.
        Value::Fraction { part, whole } if part <= whole && *whole <= 1 << 37 => {
            Ok(Counted { events: *part, total: *whole })
        }
        _ => Err(Obstacle::NoCounts { side }),
    }
}

pub(super) fn values(measure: &Measure, side: Side, unit: Unit) -> Result<Vec<f64>, Obstacle> {
    if measure.samples().is_empty() {
        return Err(Obstacle::NoSamples { side });
    }
    let factor = measure.unit().factor_to(unit).ok_or(Obstacle::WrongUnit { side, unit: measure.unit() })?;
    Ok(measure.samples().iter().map(|v| v.get() * factor).collect())
}

/// Whether the values can be moved by the tolerance and subtracted from each other.
pub(super) fn fits(values: &[f64], tolerance: Tolerance) -> bool {
    let (add, times) = match tolerance {
        Tolerance::None => (0.0, 0.0),
        Tolerance::Absolute { value } => (value, 0.0),
        Tolerance::Relative { share } => (0.0, share),
    };
    values.iter().all(|v| ((v.abs() * (1.0 + times) + add) * 4.0).is_finite())
}

/// A measure that carries a sample: its value is the median. Missing, with the reason, where there is no value.
///
/// # Errors
///
/// A value that is not finite.
///
/// ```
/// use devops_core::{MetricId, Unit, Value};
/// use devops_gates::judge::sampled;
/// let latency = sampled(MetricId::new("latency")?, Unit::Milliseconds, &[3.0, 1.0, 2.0])?;
/// assert_eq!(latency.value().as_number().unwrap().get(), 2.0);
/// assert_eq!((latency.sample_size(), latency.samples().len()), (Some(3), 3));
/// assert!(sampled(MetricId::new("latency")?, Unit::Milliseconds, &[f64::NAN]).is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
pub fn sampled(metric: MetricId, unit: Unit, values: &[f64]) -> Result<Measure, ValueError> {
    let samples = values.iter().map(|v| Number::new(*v)).collect::<Result<Vec<_>, _>>()?;
    let value = match median(values) {
        Ok(middle) => Value::number_or_missing(middle),
        Err(_) => Value::Missing { reason: "no values".into() },
    };
    let size = u64::try_from(samples.len()).unwrap_or(u64::MAX);
    Ok(Measure::new(metric, value, unit).with_sample_size(size).with_samples(samples))
}
