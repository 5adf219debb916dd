//! From metric cards to opportunities in order.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use devops_core::{GoodDirection, Number, Ratio, Unit};

use super::opportunity::{InBand, Opportunity, OpportunityReport, RankedAction, Unjudged};
use super::policy::{Band, ClassicRule, Ranking};
use super::sample::real;
use super::{Action, Area, CardValue, ImprovementError, Level, Library, MetricCard, OpportunityPolicy};
use crate::trend::Direction;

/// The share of the lead time that is spent in each stage, by the stage's name.
pub type StageShares = BTreeMap<String, Ratio>;

/// Finds what is worth improving, and puts it in order.
///
/// Every card comes out in one of the three lists of the report; cards may come in any order. With
/// [`OpportunityPolicy::recommended`] a worse value never ranks lower, all else equal.
///
/// # Errors
///
/// [`ImprovementError::Unit`] where a card's unit does not convert to that of the policy, and
/// [`ImprovementError::OutOfRange`] for a negative value of a metric with a band.
///
/// ```
/// use devops_core::{GoodDirection, MetricId, Number, Unit};
/// use devops_metrics::improvement::{CardValue, Library, MetricCard, OpportunityPolicy, StageShares, opportunities};
///
/// let recovery = MetricCard::new(
///     MetricId::new("failed_deployment_recovery_time")?, Unit::Hours, GoodDirection::Down,
///     CardValue::Measured { value: Number::new(9.5)?, n: 14 },
/// );
/// let report =
///     opportunities(&[recovery], &StageShares::new(), &Library::standard(), &OpportunityPolicy::recommended())?;
/// assert_eq!(report.opportunities[0].current.get(), 570.0); // minutes
/// assert_eq!(report.opportunities[0].actions[0].id, "failed_deployment_recovery_time.alerting");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn opportunities(
    cards: &[MetricCard],
    shares: &StageShares,
    library: &Library,
    policy: &OpportunityPolicy,
) -> Result<OpportunityReport, ImprovementError> {
    let mut report = OpportunityReport {
        format: 1,
        policy: policy.name().into(),
        opportunities: Vec::new(),
        in_band: Vec::new(),
        unjudged: Vec::new(),
    };
    for card in cards {
        let area = library.area(card.metric.as_str());
        match policy.ranking() {
            Ranking::Classic { rules } => {
                let Some(rule) = rules.iter().find(|r| r.metric == card.metric) else {
                    unjudged(&mut report, card, None);
                    continue;
                };
                let target = own_target(card, rule.unit)?.unwrap_or(rule.target);
                let rule = ClassicRule { target, ..rule.clone() };
                rule.check()?;
                classic(&mut report, card, &rule, area)?;
            }
            Ranking::Bands { bands, worsening, improving, min_n } => {
                let Some(band) = bands.iter().find(|b| b.metric == card.metric) else {
                    unjudged(&mut report, card, None);
                    continue;
                };
                let urgency = match card.trend.map(|t| t.direction) {
                    Some(Direction::Worsening) => worsening.get(),
                    Some(Direction::Improving) => improving.get(),
                    _ => 1.0,
                };
                let target = own_target(card, band.unit)?.unwrap_or(band.target);
                let band = Band { target, ..band.clone() };
                band.check()?;
                banded(&mut report, card, &band, (urgency, *min_n), area, shares)?;
            }
        }
    }
    report.opportunities.sort_by(order);
    report.in_band.sort_by(|a, b| (&a.metric, a.current).cmp(&(&b.metric, b.current)));
    report.unjudged.sort_by(|a, b| (&a.metric, a.got).cmp(&(&b.metric, b.got)));
    Ok(report)
}

/// Highest priority first; beyond the worst of a band the unbounded severity tells.
fn order(a: &Opportunity, b: &Opportunity) -> Ordering {
    let unclamped = |o: &Opportunity| o.unclamped.unwrap_or(0.0);
    b.priority
        .total_cmp(&a.priority)
        .then(unclamped(b).total_cmp(&unclamped(a)))
        .then_with(|| (&a.metric, a.window, a.current).cmp(&(&b.metric, b.window, b.current)))
}

fn unjudged(report: &mut OpportunityReport, card: &MetricCard, needed: Option<u64>) {
    let got = match card.value {
        CardValue::Counted { events, .. } => events,
        _ => card.value.n().unwrap_or(0),
    };
    report.unjudged.push(Unjudged { metric: card.metric.clone(), needed, got });
}

/// The card's value in the policy's unit, where it can be judged.
fn current(card: &MetricCard, unit: Unit, min_n: u64) -> Result<Option<Number>, ImprovementError> {
    let value = card.current_in(unit)?;
    if card.value.n().is_some_and(|n| n < min_n) {
        return Ok(None);
    }
    Ok(value.map(Number::new).transpose()?)
}

/// The team's own target, where it has one.
fn own_target(card: &MetricCard, unit: Unit) -> Result<Option<Number>, ImprovementError> {
    let factor = card.factor_to(unit)?;
    Ok(card.target.map(|t| Number::new(t.get() * factor)).transpose()?)
}

fn needed(card: &MetricCard, min_n: u64) -> u64 {
    match card.value {
        CardValue::NotEnoughData { needed, .. } => needed,
        _ => min_n.max(1),
    }
}

fn worse(good: GoodDirection, value: Number, than: Number) -> bool {
    if good == GoodDirection::Up { value < than } else { value > than }
}

fn classic(
    report: &mut OpportunityReport,
    card: &MetricCard,
    rule: &ClassicRule,
    area: Option<&Area>,
) -> Result<(), ImprovementError> {
    let Some(current) = current(card, rule.unit, 0)? else {
        unjudged(report, card, Some(needed(card, 1)));
        return Ok(());
    };
    if !worse(rule.good, current, rule.trigger) {
        report.in_band.push(in_band(card, rule.unit, current, rule.target, rule.good));
        return Ok(());
    }
    let gap = (current.get() - rule.target.get()).abs() / current.get();
    let ratio = if current.get() == 0.0 {
        1.0
    } else if gap > 2.0 {
        2.0
    } else {
        gap
    };
    let priority = f64::from(rule.potential.number()) * rule.impact.get() * ratio;
    let action = |action: &Action| ranked(action, (1.0, priority, priority));
    let actions = area.map(|a| a.actions.iter().map(action).collect()).unwrap_or_default();
    let found = Found { unit: rule.unit, current, target: rule.target, trigger: rule.trigger };
    report.opportunities.push(Opportunity {
        potential: Some(rule.potential),
        weight: rule.impact.get(),
        priority,
        actions,
        ..opportunity(card, area, &found)
    });
    Ok(())
}

fn banded(
    report: &mut OpportunityReport,
    card: &MetricCard,
    band: &Band,
    (urgency, min_n): (f64, u64),
    area: Option<&Area>,
    shares: &StageShares,
) -> Result<(), ImprovementError> {
    let Some(current) = current(card, band.unit, min_n)? else {
        unjudged(report, card, Some(needed(card, min_n)));
        return Ok(());
    };
    if current < Number::ZERO {
        return Err(ImprovementError::range(
            "value",
            current,
            alloc::format!("at least 0, as `{}` is", card.metric),
        ));
    }
    if !worse(band.good(), current, band.trigger) {
        report.in_band.push(in_band(card, band.unit, current, band.target, band.good()));
        return Ok(());
    }
    let Some(positive) = positive(card, band, current)? else {
        unjudged(report, card, Some(1));
        return Ok(());
    };
    let unclamped = severity(band, positive);
    let severity = unclamped.clamp(0.0, 1.0);
    let weight = band.weight.get();
    let mut actions: Vec<RankedAction> = area.map_or_else(Vec::new, |area| {
        let action = |action: &Action| {
            let share = action.relieves.as_ref().and_then(|stage| shares.get(stage));
            let share = share.map_or(1.0, |s| s.get());
            let value = severity * weight * share;
            ranked(action, (share, value, value * urgency / f64::from(action.effort.number())))
        };
        area.actions.iter().map(action).collect()
    });
    actions.sort_by(|a, b| b.priority.total_cmp(&a.priority));
    // A metric without actions in the library is still worth its severity, at medium effort.
    let alone = severity * weight * urgency / f64::from(Level::Medium.number());
    let priority = actions.first().map_or(alone, |a| a.priority);
    let found = Found { unit: band.unit, current, target: band.target, trigger: band.trigger };
    report.opportunities.push(Opportunity {
        severity: Some(severity),
        unclamped: Some(unclamped),
        weight,
        urgency,
        priority,
        actions,
        ..opportunity(card, area, &found)
    });
    Ok(())
}

fn severity(band: &Band, current: f64) -> f64 {
    libm::log(current / band.target.get()) / libm::log(band.worst.get() / band.target.get())
}

/// What stands for 0 in a logarithm: half an event in the exposure, half of the clock's step. `None` where so
/// little was seen that half an event would not even be an opportunity.
fn positive(card: &MetricCard, band: &Band, current: Number) -> Result<Option<f64>, ImprovementError> {
    if current > Number::ZERO {
        return Ok(Some(current.get()));
    }
    let half = match &card.value {
        CardValue::Counted { exposure, .. } => 0.5 / exposure.get() * card.factor_to(band.unit)?,
        CardValue::Share { whole, .. } => 50.0 / real(*whole) * card.factor_to(band.unit)?,
        _ if band.clock_step > Number::ZERO => 0.5 * band.clock_step.get(),
        _ => band.worst.get(),
    };
    Ok(Some(half).filter(|half| *half < band.trigger.get()))
}

fn in_band(card: &MetricCard, unit: Unit, current: Number, target: Number, good: GoodDirection) -> InBand {
    InBand {
        metric: card.metric.clone(),
        unit,
        current,
        target,
        met: !worse(good, current, target),
        trend: card.trend,
    }
}

struct Found {
    unit: Unit,
    current: Number,
    target: Number,
    trigger: Number,
}

fn opportunity(card: &MetricCard, area: Option<&Area>, found: &Found) -> Opportunity {
    let texts = |notes: Option<&Vec<super::Note>>| -> Vec<String> {
        notes.map(|n| n.iter().map(|n| n.text.clone()).collect()).unwrap_or_default()
    };
    Opportunity {
        metric: card.metric.clone(),
        title: area.map_or_else(|| card.metric.as_str().into(), |a| a.title.clone()),
        unit: found.unit,
        current: found.current,
        zero: found.current == Number::ZERO,
        target: found.target,
        trigger: found.trigger,
        severity: None,
        unclamped: None,
        potential: None,
        weight: 1.0,
        urgency: 1.0,
        priority: 0.0,
        trend: card.trend,
        window: card.window,
        actions: Vec::new(),
        causes: texts(area.map(|a| &a.causes)),
        effects: texts(area.map(|a| &a.effects)),
    }
}

fn ranked(action: &Action, (share, value, priority): (f64, f64, f64)) -> RankedAction {
    RankedAction {
        id: action.id.clone(),
        text: action.text.clone(),
        effort: action.effort,
        relieves: action.relieves.clone(),
        share,
        value,
        priority,
    }
}
