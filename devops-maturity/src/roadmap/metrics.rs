//! What should be measured, and where it should be when.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::Unit;

use super::credits::Credits;
use crate::initiative::InitiativeSpec;
use crate::schedule::{Schedule, rounded};
use crate::{Fraction, Model};

/// An item that the plan raises.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct SuccessMetric {
    /// The item.
    pub item: String,
    /// What it asks.
    pub title: String,
    /// The metric that measures it, where it has one.
    pub metric: Option<String>,
    /// The unit of the metric.
    pub unit: Option<Unit>,
    /// Its credit now, 0 to 1, on the basis of the plan.
    pub credit_now: f64,
    /// Its credit when the plan is done.
    pub credit_expected: f64,
    /// The value of the metric that gives that credit, where the model tells it.
    pub value_expected: Option<f64>,
    /// The week in which the last initiative that raises it is finished.
    pub by_week: f64,
    /// The initiatives that raise it, by finish.
    pub initiatives: Vec<String>,
}

/// The scores that are expected from a week on.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ScorePoint {
    /// From that week on.
    pub week: f64,
    /// The score of the whole; none where nothing applies.
    pub overall: Option<f64>,
    /// The scores of the dimensions, in the order of the model.
    pub dimensions: Vec<Option<f64>>,
    /// The level of the whole that counts; none where the model gives it none.
    pub level: Option<u32>,
}

/// The initiatives of the plan with their finishes, by finish.
pub(super) type Finished<'a> = Vec<(f64, &'a InitiativeSpec)>;

pub(super) fn by_finish<'a>(schedule: &Schedule, set: &[&'a InitiativeSpec]) -> Finished<'a> {
    let finish = |id: &str| schedule.activity(id).map_or(0.0, |a| a.finish);
    let mut list: Finished<'a> = set.iter().map(|i| (finish(&i.id), *i)).collect();
    list.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
    list
}

pub(super) fn metrics(model: &Model, credits: &Credits, done: &Finished<'_>) -> Vec<SuccessMetric> {
    let end = credits.raised(model, done.iter().map(|(_, i)| *i));
    let mut found = Vec::new();
    for item in model.items() {
        let id = item.id().as_str();
        let (Some(now), Some(then)) = (credits.of(model, id), end.of(model, id)) else { continue };
        if then <= now {
            continue;
        }
        let raising = done.iter().filter(|(_, i)| i.raises.iter().any(|r| r.item == id));
        found.push(SuccessMetric {
            item: id.into(),
            title: item.title().into(),
            metric: item.metric().map(|m| m.as_str().into()),
            unit: item.unit(),
            credit_now: rounded(now.get()),
            credit_expected: rounded(then.get()),
            value_expected: item.value_for(then).map(|v| rounded(v.get())),
            by_week: raising.clone().map(|(week, _)| *week).max_by(f64::total_cmp).unwrap_or(0.0),
            initiatives: raising.map(|(_, i)| i.id.clone()).collect(),
        });
    }
    found
}

pub(super) fn trajectory(model: &Model, credits: &Credits, done: &Finished<'_>) -> Vec<ScorePoint> {
    let point = |week: f64| {
        let finished = done.iter().filter(|(finish, _)| *finish <= week).map(|(_, i)| *i);
        let credits = if week > 0.0 { credits.raised(model, finished) } else { credits.clone() };
        let scores = credits.scores(model);
        let score = |place: usize| scores.get(place).cloned().flatten().map(|s: Fraction| rounded(s.get()));
        ScorePoint {
            week,
            overall: score(0),
            dimensions: model.root().children.iter().map(|place| score(*place)).collect(),
            level: credits.level(model),
        }
    };
    let mut weeks: Vec<f64> = done.iter().map(|(finish, _)| *finish).collect();
    weeks.dedup_by(|a, b| a.total_cmp(b).is_eq());
    [0.0].into_iter().chain(weeks).map(point).collect()
}
