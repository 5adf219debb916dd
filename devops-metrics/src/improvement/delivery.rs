//! Cards of delivery metrics.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use devops_core::{Catalogue, Criterion, GoodDirection, MetricId, Number, Unit};

use super::{CardTrend, CardValue, ImprovementError, MetricCard};
use crate::calendar::Window;
use crate::query::{Cell, DeliveryMetric, Group, MetricValue, Report};
use crate::trend::{TrendError, TrendPolicy, TrendReport, assess};

impl MetricCard {
    /// The cards of a cell of a delivery report: one a metric that has an area in the standard library.
    ///
    /// # Errors
    ///
    /// [`ImprovementError::Value`] where a number is not finite, which no definition of this crate produces.
    ///
    /// ```
    /// use devops_metrics::calendar::Calendar;
    /// use devops_metrics::dataset::Dataset;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::improvement::{CardValue, MetricCard};
    /// use devops_metrics::log::DeliveryLog;
    /// use devops_metrics::query::Query;
    ///
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let report = Query::new(Definition::dora_2025(), march).run(&Dataset::of(&DeliveryLog::new()))?;
    /// let cards = MetricCard::of_delivery(&report.cells[0])?;
    /// assert_eq!(cards.len(), 5);
    /// assert!(matches!(cards[1].value, CardValue::NotEnoughData { got: 0, .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_delivery(cell: &Cell) -> Result<Vec<Self>, ImprovementError> {
        let judged = cell.values.iter().filter(|v| v.metric != DeliveryMetric::TimeToRestore);
        judged.map(|value| card(value, cell.window)).collect()
    }
}

fn card(value: &MetricValue, window: Window) -> Result<MetricCard, ImprovementError> {
    let id = value.metric.id();
    let good = Catalogue::standard().get(id).map_or(GoodDirection::Neutral, |spec| spec.good);
    let days = Number::new(days_of(window))?;
    let told = match (value.value(), value.metric, value.part) {
        (Some(_), DeliveryMetric::DeploymentFrequency, _)
            if value.unit == Unit::PerDay && days > Number::ZERO =>
        {
            CardValue::Counted { events: value.n, exposure: days }
        }
        (Some(_), DeliveryMetric::ChangeFailureRate | DeliveryMetric::ReworkRate, Some(part))
            if part <= value.n =>
        {
            CardValue::Share { part, whole: value.n }
        }
        (Some(number), ..) => CardValue::Measured { value: Number::new(number)?, n: value.n },
        (None, ..) => CardValue::NotEnoughData { needed: 1, got: value.n },
    };
    Ok(MetricCard::new(MetricId::new(id)?, value.unit, good, told).with_window(window))
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of ten thousand years fit 53 bits")]
fn days_of(window: Window) -> f64 {
    window.millis() as f64 / 86_400_000.0
}

/// The trends of a group's delivery metrics over the periods of a report, by metric.
///
/// A metric that one of the goals is about gets the goal as its target, and a forecast so many periods ahead says
/// when it will be reached.
///
/// # Errors
///
/// [`TrendError`] of the first metric that is refused.
///
/// ```
/// use devops_metrics::calendar::{Calendar, PeriodKind};
/// use devops_metrics::dataset::Dataset;
/// use devops_metrics::definition::Definition;
/// use devops_metrics::improvement::delivery_trends;
/// use devops_metrics::log::DeliveryLog;
/// use devops_metrics::query::{Group, Query};
///
/// let year = Calendar::utc().days("2025-01-01".parse()?, "2025-12-31".parse()?)?;
/// let query = Query::new(Definition::dora_2025(), year).every(PeriodKind::Month);
/// let report = query.run(&Dataset::of(&DeliveryLog::new()))?;
/// assert_eq!(delivery_trends(&report, &Group::All, &[], 0)?.len(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn delivery_trends(
    report: &Report,
    group: &Group,
    goals: &[Criterion],
    horizon: usize,
) -> Result<BTreeMap<MetricId, TrendReport>, TrendError> {
    let catalogue = Catalogue::standard();
    let mut trends = BTreeMap::new();
    for metric in DeliveryMetric::ALL.into_iter().filter(|m| *m != DeliveryMetric::TimeToRestore) {
        let good = catalogue.get(metric.id()).map_or(GoodDirection::Neutral, |spec| spec.good);
        let series = report.series(group, metric);
        let mut policy = TrendPolicy::new(good);
        let goal = goals.iter().find(|g| g.metric().as_str() == metric.id());
        if let Some((goal, factor)) = goal.and_then(|g| Some((g, g.unit().factor_to(series.unit())?))) {
            policy = policy.with_target(goal.value().get() * factor)?.with_horizon(horizon);
        }
        let assessed = assess(&series, &policy)?;
        if let Ok(id) = MetricId::new(metric.id()) {
            trends.insert(id, assessed);
        }
    }
    Ok(trends)
}

/// Gives cards the trends of their metrics.
///
/// ```
/// use std::collections::BTreeMap;
///
/// assert!(devops_metrics::improvement::with_trends(Vec::new(), &BTreeMap::new()).is_empty());
/// ```
#[must_use]
pub fn with_trends(cards: Vec<MetricCard>, trends: &BTreeMap<MetricId, TrendReport>) -> Vec<MetricCard> {
    let with = |card: MetricCard| match trends.get(&card.metric) {
        Some(trend) => card.with_trend(CardTrend::from(trend)),
        None => card,
    };
    cards.into_iter().map(with).collect()
}
