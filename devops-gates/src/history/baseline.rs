//! The baseline of a condition: found in the history, aggregated exactly.

use alloc::vec::Vec;
use core::fmt;

use devops_core::{Fraction, Measure, Measures, MetricId, Scope, Unit};

use crate::history::measured_in;
use crate::{Aggregate, BaselineFrom, BaselineSpec, History, Include, Run, Status};

/// What a condition was compared with.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Unit};
/// use devops_gates::{ConditionSpec, Evidence, Gate, GateSpec, History, Run};
///
/// let latency = |ms| Measures::try_from(vec![Measure::number(MetricId::new("p95")?, ms, Unit::Milliseconds)?])
///     .map_err(Box::<dyn std::error::Error>::from);
/// let history = History::new(vec![Run::new("1", "2026-11-24T00:00:00Z".parse()?, latency(200.0)?)])?;
/// let spec = GateSpec::new("g").with_condition(
///     ConditionSpec::new("fast", "p95", "<= baseline + 10 %").with_unit(Unit::Milliseconds),
/// );
/// let measures = latency(221.0)?;
/// let verdict = Gate::build(spec)?.evaluate(&Evidence::new(&measures).with_history(&history));
/// let fast = verdict.condition("fast").unwrap();
/// assert_eq!(fast.baseline().unwrap().to_string(), "200");
/// assert_eq!(fast.baseline().unwrap().runs(), 1);
/// assert_eq!(
///     fast.reason_text(),
///     "221 ms does not meet <= baseline + 10 %; the baseline is 200 ms, the mean of 1 runs, which asks for <= 220 ms",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    value: Fraction,
    runs: u64,
}

impl Baseline {
    pub(crate) const fn new(value: Fraction, runs: u64) -> Self {
        Self { value, runs }
    }

    pub(crate) const fn exact(&self) -> &Fraction {
        &self.value
    }

    /// The nearest `f64`.
    #[must_use]
    pub fn get(&self) -> f64 {
        self.value.get()
    }

    /// How many runs it is made of; 0 for a given value and for the control.
    #[must_use]
    pub const fn runs(&self) -> u64 {
        self.runs
    }
}

impl fmt::Display for Baseline {
    /// The exact value: a decimal, or a fraction such as `200/3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.value.to_exact_text())
    }
}

/// What baselines are taken from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sources<'a> {
    pub(crate) history: Option<&'a History>,
    pub(crate) control: Option<&'a Measures>,
}

/// The baseline of that metric, where there is one.
pub(crate) fn find(
    spec: &BaselineSpec,
    sources: Sources<'_>,
    metric: &MetricId,
    scope: &Scope,
    unit: Unit,
) -> Option<Baseline> {
    if let BaselineFrom::Value { value } = &spec.from {
        return Some(Baseline::new((*value).into(), 0));
    }
    let value = |m: &Measure| Fraction::of_value(m.value(), unit).filter(|_| m.unit() == unit);
    let selected = select(spec, sources, metric, scope, |m| value(m).is_some())?;
    let runs = runs(spec, &selected);
    let mut values: Vec<Fraction> = selected.into_iter().filter_map(value).collect();
    values.sort();
    Some(Baseline::new(aggregate(&values, spec.aggregate)?, runs))
}

/// How many runs were selected; the control is none.
pub(crate) fn runs(spec: &BaselineSpec, selected: &[&Measure]) -> u64 {
    if spec.is_control() { 0 } else { u64::try_from(selected.len()).unwrap_or(u64::MAX) }
}

/// The measures that stand for the baseline, the latest first; a given value has none.
pub(crate) fn select<'a>(
    spec: &BaselineSpec,
    sources: Sources<'a>,
    metric: &MetricId,
    scope: &Scope,
    usable: impl Fn(&Measure) -> bool,
) -> Option<Vec<&'a Measure>> {
    let measured = |run: &'a Run| run.measured(metric, scope).filter(|m| usable(m));
    match &spec.from {
        BaselineFrom::Value { .. } => None,
        BaselineFrom::Control => {
            let measure = measured_in(sources.control?, metric, scope).filter(|m| usable(m))?;
            Some(alloc::vec![measure])
        }
        BaselineFrom::Run { id } => Some(alloc::vec![measured(sources.history?.run(id)?)?]),
        BaselineFrom::Last { k, include } => {
            let wanted = |run: &&Run| match include {
                Include::Any => true,
                Include::Passed => run.status == Some(Status::Passed),
                Include::PassedOrWarning => run.status.is_some_and(|s| s >= Status::Warning),
            };
            let latest = sources.history?.runs().iter().rev().filter(wanted).filter_map(measured);
            let latest: Vec<&Measure> = latest.take(usize::try_from(*k).unwrap_or(usize::MAX)).collect();
            let enough = u64::try_from(latest.len()).is_ok_and(|n| n >= spec.at_least);
            enough.then_some(latest)
        }
    }
}

/// Of sorted values; `None` where there are none.
fn aggregate(sorted: &[Fraction], how: Aggregate) -> Option<Fraction> {
    match how {
        Aggregate::Mean => {
            let n = u64::try_from(sorted.len()).ok().filter(|n| *n > 0)?;
            let sum = sorted.iter().fold(Fraction::ZERO, |sum, value| sum.plus(value));
            Some(sum.times(&Fraction::of(1, n)))
        }
        Aggregate::Median => quantile(sorted, 10),
        Aggregate::P90 => quantile(sorted, 18),
        Aggregate::P95 => quantile(sorted, 19),
    }
}

/// The quantile at so many twentieths: linear between the order statistics around (n − 1) p.
fn quantile(sorted: &[Fraction], twentieths: usize) -> Option<Fraction> {
    let place = sorted.len().checked_sub(1)?.checked_mul(twentieths)?;
    let (below, rest) = (place.checked_div(20)?, place.checked_rem(20)?);
    let low = sorted.get(below)?;
    match sorted.get(below.saturating_add(1)) {
        Some(high) if rest > 0 => {
            let step = high.minus(low).times(&Fraction::of(u64::try_from(rest).ok()?, 20));
            Some(low.plus(&step))
        }
        _ => Some(low.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    fn exact(text: &str) -> Fraction {
        text.parse().unwrap()
    }

    #[test]
    fn aggregates_are_exact() {
        let values: Vec<Fraction> = ["1", "2", "4", "1/3", "10"].map(exact).into_iter().collect();
        let mut sorted = values;
        sorted.sort();
        for (how, expected) in [
            (Aggregate::Mean, "52/15"),
            (Aggregate::Median, "2"),
            (Aggregate::P90, "7.6"),
            (Aggregate::P95, "8.8"),
        ] {
            assert_eq!(aggregate(&sorted, how), Some(exact(expected)), "{how:?}");
            assert_eq!(aggregate(&[], how), None);
            assert_eq!(aggregate(&[exact("3"), exact("3")], how), Some(exact("3")));
        }
        assert_eq!(quantile(&[exact("1"), exact("2")], 10), Some(exact("1.5")));
    }

    #[test]
    fn selects_runs() {
        let metric = MetricId::new("m").unwrap();
        let run = |id: &str, day: u32, status: Option<Status>, value: f64, unit: Unit| {
            let measure = Measure::number(metric.clone(), value, unit).unwrap();
            let measures = Measures::try_from(alloc::vec![measure]).unwrap();
            let at = alloc::format!("2026-11-{day:02}T00:00:00Z").parse().unwrap();
            Run { id: id.into(), at, status, measures }
        };
        let history = History::new(alloc::vec![
            run("a", 1, Some(Status::Passed), 1.0, Unit::Count),
            run("b", 2, Some(Status::Warning), 2.0, Unit::Count),
            run("c", 3, Some(Status::Failed), 4.0, Unit::Count),
            run("d", 4, None, 8.0, Unit::Count),
            run("e", 5, Some(Status::Passed), 16.0, Unit::Bytes),
        ])
        .unwrap();
        let find = |spec: &BaselineSpec| {
            let sources = Sources { history: Some(&history), control: None };
            let found = find(spec, sources, &metric, &Scope::Overall, Unit::Count);
            found.map(|b| (b.to_string(), b.runs()))
        };
        let last =
            |k, include| BaselineSpec { from: BaselineFrom::Last { k, include }, ..BaselineSpec::last() };
        for (spec, expected) in [
            (BaselineSpec::last(), Some(("8", 1))),
            (BaselineSpec::last_k(3), Some(("14/3", 3))),
            (BaselineSpec::last_k(9), Some(("3.75", 4))),
            (BaselineSpec::last_k(9).with_at_least(5), None),
            (BaselineSpec::last_passed(2), Some(("1", 1))),
            (last(2, Include::PassedOrWarning), Some(("1.5", 2))),
            (BaselineSpec::run("c"), Some(("4", 1))),
            (BaselineSpec::run("e"), None),
            (BaselineSpec::run("z"), None),
            (BaselineSpec::value("-3".parse().unwrap()), Some(("-3", 0))),
        ] {
            assert_eq!(find(&spec), expected.map(|(v, n)| (v.into(), n)), "{spec:?}");
        }
    }
}
