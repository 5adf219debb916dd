//! The metrics of a cell, from its facts.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use devops_core::Unit;
use devops_stats::kaplan_meier::kaplan_meier;
use devops_stats::poisson_rate::garwood;
use devops_stats::proportion::{clopper_pearson, jeffreys, wilson};
use devops_stats::quantile::{QuantileType, quantiles};
use devops_stats::quantile_interval::quantile_interval;

use super::cells::{CellFacts, Placed};
use super::left_out::reasons;
use super::numbers::{self, Deployed, Figure, float};
use super::value::{Answer, DeliveryMetric, Limits, MetricValue, Needs, Quantiles};
use crate::calendar::{Calendar, Window};
use crate::definition::{
    Definition, Empty, FailureBase, FailureCount, FrequencyMeasure, RateInterval, RestoreRule, SmallSample,
    Statistic,
};
use crate::sweep::{Part, RestoreFact};

/// What is the same for all cells of a query.
pub(crate) struct Frame<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) calendar: &'a Calendar,
    pub(crate) needs: &'a BTreeMap<DeliveryMetric, Needs>,
}

impl Frame<'_> {
    /// Milliseconds of one unit of durations.
    pub(crate) fn millis_per_unit(&self) -> f64 {
        self.definition.duration_unit.factor_to(Unit::Milliseconds).unwrap_or(1.0)
    }

    /// What a share of 1 is in the unit of rates.
    pub(crate) fn rate_factor(&self) -> f64 {
        if self.definition.rate_unit == Unit::Percent { 100.0 } else { 1.0 }
    }

    /// All metrics of a cell.
    pub(crate) fn values(&self, facts: CellFacts<'_>, window: Window) -> Vec<MetricValue> {
        let mut scratch = Vec::new();
        DeliveryMetric::ALL
            .into_iter()
            .map(|metric| self.value(metric, facts, window, &mut scratch))
            .collect()
    }

    fn value(
        &self,
        metric: DeliveryMetric,
        facts: CellFacts<'_>,
        window: Window,
        scratch: &mut Vec<i64>,
    ) -> MetricValue {
        let definition = self.definition;
        let mut value = match metric {
            DeliveryMetric::DeploymentFrequency => self.frequency(facts, window),
            DeliveryMetric::ChangeLeadTime => self.lead(facts, scratch),
            DeliveryMetric::ChangeFailureRate => self.failure(facts),
            DeliveryMetric::RecoveryTime => {
                self.restore(metric, &definition.recovery, facts.recoveries, scratch)
            }
            DeliveryMetric::TimeToRestore => {
                self.restore(metric, &definition.restore, facts.restores, scratch)
            }
            DeliveryMetric::ReworkRate => self.rework(facts),
        };
        value.excluded = reasons(metric, facts);
        value
    }

    fn plain(&self, metric: DeliveryMetric, unit: Unit, n: u64) -> MetricValue {
        MetricValue {
            metric,
            unit,
            answer: Answer::NotEnoughData,
            n,
            part: None,
            limits: None,
            quantiles: None,
            small: false,
            excluded: BTreeMap::new(),
            definition: name_of(self.definition),
        }
    }

    /// Puts an answer in, as the rules for small and empty samples have it.
    fn answered(&self, mut value: MetricValue, figure: Figure, empty: Empty) -> MetricValue {
        let rule = &self.definition.certainty;
        value.small = value.n > 0 && value.n < u64::from(rule.small_below);
        let needs = self.needs.get(&value.metric).copied();
        value.answer = match (figure, empty, needs) {
            (Figure::Known(_), _, _) if value.small && rule.small == SmallSample::Suppress => {
                (value.limits, value.quantiles) = (None, None);
                Answer::Suppressed
            }
            (Figure::Known(number), _, _) => Answer::Known { value: number },
            (Figure::NotReached, _, _) => Answer::NotReached,
            (Figure::Nothing, _, Some(needs)) => Answer::NeedsEvents { needs },
            (Figure::Nothing, Empty::Zero, None) => Answer::Known { value: 0.0 },
            (Figure::Nothing, Empty::MinusOne, None) => Answer::Known { value: -1.0 },
            (Figure::Nothing, Empty::NotEnoughData, None) => Answer::NotEnoughData,
        };
        value
    }

    fn frequency(&self, facts: CellFacts<'_>, window: Window) -> MetricValue {
        let rule = &self.definition.frequency;
        let (unit, per_day) = match rule.measure {
            FrequencyMeasure::PerDay | FrequencyMeasure::PerDayFloor => (Unit::PerDay, 1.0),
            FrequencyMeasure::PerWeek => (Unit::PerWeek, 7.0),
            FrequencyMeasure::Count => (Unit::Count, 1.0),
            FrequencyMeasure::MeanGap
            | FrequencyMeasure::MedianDaysPerWeek
            | FrequencyMeasure::LowerMedianDaysPerWeek => (Unit::Days, 1.0),
        };
        let n = numbers::reworked(facts).1;
        let mut value = self.plain(DeliveryMetric::DeploymentFrequency, unit, n);
        let days = float(window.millis()) / 86_400_000.0;
        let exposure = match rule.measure {
            FrequencyMeasure::PerDay | FrequencyMeasure::PerWeek => Some(days / per_day),
            FrequencyMeasure::Count => Some(1.0),
            _ => None,
        };
        let level = self.definition.certainty.level;
        let interval = exposure.and_then(|exposure| garwood(n, exposure, level).ok());
        value.limits = interval.map(|i| Limits { low: Some(i.low), high: Some(i.high), level });
        let times = numbers::times(facts);
        let deployed = Deployed { n: times.len(), times: &times, begin: facts.begin };
        let figure = numbers::frequency(rule, deployed, window, self.calendar);
        let mut value =
            self.answered(value, figure.map_or(Figure::Nothing, Figure::Known), Empty::NotEnoughData);
        // A count is no sample: few deployments are few deployments.
        if value.small && value.answer == Answer::Suppressed {
            value.answer = figure.map_or(Answer::NotEnoughData, |value| Answer::Known { value });
        }
        value.small = false;
        value
    }

    fn lead(&self, facts: CellFacts<'_>, scratch: &mut Vec<i64>) -> MetricValue {
        let rule = &self.definition.lead_time;
        let n = facts.leads.len() as u64;
        let mut value = self.plain(DeliveryMetric::ChangeLeadTime, self.definition.duration_unit, n);
        let durations: Vec<f64> = facts.leads.iter().map(|(_, fact)| float(fact.value)).collect();
        self.add_distribution(&mut value, rule.statistic, &durations);
        let figure = numbers::lead(self.definition, facts, scratch);
        let figure = figure.map_or(Figure::Nothing, |millis| Figure::Known(millis / self.millis_per_unit()));
        self.answered(value, figure, rule.empty)
    }

    /// Quantiles of durations, and the interval of their median.
    fn add_distribution(&self, value: &mut MetricValue, statistic: Statistic, durations: &[f64]) {
        let unit = self.millis_per_unit();
        let found = quantiles(durations, &[0.5, 0.75, 0.9, 0.95], QuantileType::Type7);
        if let Ok([p50, p75, p90, p95]) = found.as_deref() {
            let (p50, p75, p90, p95) = (p50 / unit, p75 / unit, p90 / unit, p95 / unit);
            value.quantiles = Some(Quantiles { p50, p75, p90, p95 });
        }
        let level = self.definition.certainty.level;
        let median = matches!(statistic, Statistic::Median | Statistic::LowerMedian | Statistic::UpperMedian);
        if median && let Ok(interval) = quantile_interval(durations, 0.5, level) {
            let end = |end: Option<f64>| end.map(|millis| millis / unit);
            value.limits = Some(Limits { low: end(interval.low), high: end(interval.high), level });
        }
    }

    fn failure(&self, facts: CellFacts<'_>) -> MetricValue {
        let rule = &self.definition.failure;
        let (failed, base) = numbers::failures(self.definition, facts);
        let shares = rule.count == FailureCount::Deployments
            && matches!(rule.base, FailureBase::Deployments | FailureBase::DeploymentsWithChanges);
        let figure = numbers::failure_rate(self.definition, failed, base, self.rate_factor());
        self.rate(DeliveryMetric::ChangeFailureRate, (failed, base), figure, shares, rule.empty)
    }

    fn rework(&self, facts: CellFacts<'_>) -> MetricValue {
        let (rework, counted) = numbers::reworked(facts);
        let figure = rate(rework, counted, self.rate_factor());
        self.rate(DeliveryMetric::ReworkRate, (rework, counted), figure, true, Empty::NotEnoughData)
    }

    /// `shares` says that the part is of the whole, so that the interval of a proportion holds.
    fn rate(
        &self,
        metric: DeliveryMetric,
        (part, whole): (u64, u64),
        figure: Figure,
        shares: bool,
        empty: Empty,
    ) -> MetricValue {
        let (definition, factor) = (self.definition, self.rate_factor());
        let mut value = self.plain(metric, definition.rate_unit, whole);
        value.part = Some(part);
        let level = definition.certainty.level;
        let interval = match definition.certainty.rates {
            _ if !shares => None,
            RateInterval::Wilson => wilson(part, whole, level).ok(),
            RateInterval::Jeffreys => jeffreys(part, whole, level, true).ok(),
            RateInterval::ClopperPearson => clopper_pearson(part, whole, level).ok(),
        };
        let ends = |i: devops_stats::tail::Interval| (Some(i.low * factor), Some(i.high * factor));
        value.limits = interval.map(ends).map(|(low, high)| Limits { low, high, level });
        self.answered(value, figure, empty)
    }

    fn restore(
        &self,
        metric: DeliveryMetric,
        rule: &RestoreRule,
        cases: &[Placed<RestoreFact>],
        scratch: &mut Vec<i64>,
    ) -> MetricValue {
        let unit = self.millis_per_unit();
        let level = self.definition.certainty.level;
        let mut value = self.plain(metric, self.definition.duration_unit, cases.len() as u64);
        let over = cases.iter().filter(|(_, fact)| !fact.open).count() as u64;
        value.part = Some(over);
        if over < value.n {
            let (times, events) = numbers::censored(cases);
            if let Ok(curve) = kaplan_meier(&times, &events, level) {
                let end = |end: Option<f64>| end.map(|millis| millis / unit);
                let (low, high) = (end(curve.median_low_strict), end(curve.median_high_strict));
                value.limits = Some(Limits { low, high, level });
            }
        } else {
            let durations: Vec<f64> = cases.iter().map(|(_, fact)| float(fact.value)).collect();
            self.add_distribution(&mut value, rule.statistic, &durations);
        }
        let figure = match numbers::restore(rule.statistic, cases, level, scratch) {
            Figure::Known(millis) => Figure::Known(millis / unit),
            other => other,
        };
        self.answered(value, figure, rule.empty)
    }
}

/// Part over whole, times a factor.
pub(crate) fn rate(part: u64, whole: u64, factor: f64) -> Figure {
    if whole == 0 {
        return Figure::Nothing;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts lie below 2⁵³")]
    let (part, whole) = (part as f64, whole as f64);
    Figure::Known(factor * part / whole)
}

/// Name and version of a definition, as results carry them.
pub(crate) fn name_of(definition: &Definition) -> String {
    format!("{} {}", definition.name, definition.version)
}

/// Whether an event that is left out of a part is left out of a metric.
pub(crate) fn concerns(metric: DeliveryMetric, part: Part) -> bool {
    match part {
        Part::Deployments => matches!(
            metric,
            DeliveryMetric::DeploymentFrequency
                | DeliveryMetric::ChangeFailureRate
                | DeliveryMetric::ReworkRate
        ),
        Part::Frequency => {
            matches!(metric, DeliveryMetric::DeploymentFrequency | DeliveryMetric::ReworkRate)
        }
        Part::Failures => metric == DeliveryMetric::ChangeFailureRate,
        Part::Lead => metric == DeliveryMetric::ChangeLeadTime,
        Part::Recovery => metric == DeliveryMetric::RecoveryTime,
        Part::Restore => metric == DeliveryMetric::TimeToRestore,
    }
}
