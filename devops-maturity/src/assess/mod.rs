//! From answers to an assessment.

mod credit;
mod error;
mod item;
mod level;
mod rate;
mod score;

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{ItemId, MetricId, Scope, Timestamp, excerpt};

pub use error::{AnswerErrors, AnswerFault, AnswerProblem};
pub(crate) use level::shares;
pub(crate) use rate::{Rating, rate};

use crate::{Answers, Assessment, ItemAnswer, Model, NodeResult, Observation, PrincipleCoverage, integrity};
use item::Judged;

/// Assesses a team by a model. Pure: the same model, answers and time give the same assessment.
///
/// Observations of metrics that the model does not ask for, and of parts of the product, are left alone.
///
/// # Errors
///
/// Everything that is wrong with the answers at once: another model or version, unknown items and options,
/// values outside their range or in another unit, evidence from the future.
///
/// ```
/// use devops_core::{Measure, MetricId, Unit};
/// use devops_maturity::{Answers, Observation, assess, models};
///
/// let model = models::five_dimensions();
/// let now = "2026-11-25T00:00:00Z".parse()?;
/// let deployments = Measure::fraction(MetricId::new("automated_deployments")?, 18, 20, Unit::Percent);
/// let answers = Answers::new(&model, "checkout").with_observation(Observation::new(deployments, now));
/// let assessment = assess(&model, &answers, now)?;
/// let automation = assessment.node("automation").unwrap().score.as_ref().unwrap();
/// assert_eq!(automation.to_string(), "9 (2.7 to 9.7)"); // one of four items is known
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn assess(model: &Model, answers: &Answers, now: Timestamp) -> Result<Assessment, AnswerErrors> {
    let mut faults = Faults::default();
    head(model, answers, &mut faults);
    let said = by_item(model, answers, now, &mut faults);
    let seen = by_metric(model, answers, now, &mut faults);
    let mut judged = Vec::new();
    for (index, item) in model.items.iter().enumerate() {
        let observation = item.measure_rule().and_then(|rule| seen.get(&rule.metric)).copied();
        let said = said.get(&index).map_or(&[][..], Vec::as_slice);
        judged.push(item::judge(model, item, said, observation, now, &mut faults));
    }
    AnswerErrors::check(faults.0)?;
    Ok(put_together(model, answers, now, judged))
}

fn put_together(model: &Model, answers: &Answers, now: Timestamp, judged: Vec<Judged>) -> Assessment {
    let credits: Vec<_> = judged.iter().map(|j| j.result.credit.clone()).collect();
    let rating = rate(model, &credits);
    let states: Vec<_> = judged.iter().map(|j| &j.result.state).collect();
    let nodes = rating.nodes(model, &states, &credits);
    let mut items = Vec::new();
    let mut contradictions = Vec::new();
    let mut disputes = Vec::new();
    for one in judged {
        contradictions.extend(one.contradiction);
        disputes.extend(one.dispute);
        items.push(one.result);
    }
    let warnings = integrity::check(model, answers, &items);
    let principles = model.spec.principles.iter().map(|principle| {
        let of = |i: &&crate::ModelItem| i.principles.contains(&principle.id);
        let all = model.items.iter().filter(of);
        let known = all
            .clone()
            .filter(|i| items.iter().any(|r| r.item == i.id && r.state == crate::ItemState::Known));
        PrincipleCoverage {
            principle: principle.id.clone(),
            title: principle.title.clone(),
            items: u32::try_from(all.clone().count()).unwrap_or(u32::MAX),
            known: u32::try_from(known.count()).unwrap_or(u32::MAX),
        }
    });
    Assessment {
        format: 1,
        model: model.id().into(),
        version: model.version().into(),
        team: answers.team.clone(),
        assessed_at: now,
        nodes,
        contradictions,
        disputes,
        warnings,
        principles: principles.collect(),
        items,
    }
}

#[derive(Debug, Default)]
struct Faults(Vec<AnswerFault>);

impl Faults {
    fn add(&mut self, path: impl Into<String>, problem: impl Into<AnswerProblem>) {
        self.0.push(AnswerFault::new(path, problem));
    }
}

fn head(model: &Model, answers: &Answers, faults: &mut Faults) {
    if answers.format != 1 {
        faults.add("format", AnswerProblem::UnknownFormat { found: answers.format });
    }
    if answers.team.is_empty() || answers.team.len() > 200 || answers.team.chars().any(char::is_control) {
        const EXPECTED: &str = "1 to 200 bytes of text without control characters";
        faults.add("team", devops_core::ValueError::malformed("team", &answers.team, EXPECTED));
    }
    if answers.model != model.id() {
        let (found, expected) = (excerpt(&answers.model), model.id().to_string());
        faults.add("model", AnswerProblem::OtherModel { found, expected });
    } else if answers.version != model.version() {
        let (found, expected) = (excerpt(&answers.version), model.version().to_string());
        faults.add("version", AnswerProblem::OtherVersion { found, expected });
    }
}

/// An answer with its place in the document.
type Placed<'a> = (String, &'a ItemAnswer);

/// The answers of each item, by assessor. Inferred ones count only where nobody answered.
fn by_item<'a>(
    model: &Model,
    answers: &'a Answers,
    now: Timestamp,
    faults: &mut Faults,
) -> BTreeMap<usize, Vec<Placed<'a>>> {
    let mut all: BTreeMap<usize, Vec<Placed<'a>>> = BTreeMap::new();
    let mut first: BTreeMap<(&ItemId, Option<&str>, bool), String> = BTreeMap::new();
    for (place, answer) in answers.answers.iter().enumerate() {
        let path = alloc::format!("answers[{place}]");
        let Some(index) = model.item_index.get(&answer.item) else {
            faults.add(path, AnswerProblem::UnknownItem { item: answer.item.to_string() });
            continue;
        };
        let source = (&answer.item, answer.assessor.as_deref(), answer.inferred.is_some());
        if let Some(first) = first.get(&source) {
            let (id, first) = (answer.item.to_string(), first.clone());
            faults.add(path, AnswerProblem::Twice { what: "item", id, first });
            continue;
        }
        first.insert(source, path.clone());
        if let Some(observed_at) = answer.evidence.as_ref().map(|e| e.observed_at).filter(|t| *t > now) {
            faults.add(path.clone(), AnswerProblem::InTheFuture { observed_at, now });
        }
        all.entry(*index).or_default().push((path, answer));
    }
    for list in all.values_mut() {
        if list.iter().any(|(_, answer)| answer.inferred.is_none()) {
            list.retain(|(_, answer)| answer.inferred.is_none());
        }
        list.sort_by(|(_, a), (_, b)| a.assessor.cmp(&b.assessor));
    }
    all
}

/// What was measured of the whole, by metric, with its place.
fn by_metric<'a>(
    model: &Model,
    answers: &'a Answers,
    now: Timestamp,
    faults: &mut Faults,
) -> BTreeMap<&'a MetricId, (usize, &'a Observation)> {
    let mut all: BTreeMap<&MetricId, (usize, &Observation)> = BTreeMap::new();
    let asked = |metric: &MetricId| model.items.iter().any(|i| i.metric() == Some(metric));
    for (place, observation) in answers.observations.iter().enumerate() {
        let metric = observation.measure.metric();
        if *observation.measure.scope() != Scope::Overall || !asked(metric) {
            continue;
        }
        let path = alloc::format!("observations[{place}]");
        if let Some((first, _)) = all.get(metric) {
            let (id, first) = (metric.to_string(), alloc::format!("observations[{first}]"));
            faults.add(path, AnswerProblem::Twice { what: "metric", id, first });
            continue;
        }
        if observation.observed_at > now {
            let observed_at = observation.observed_at;
            faults.add(path, AnswerProblem::InTheFuture { observed_at, now });
        }
        all.insert(metric, (place, observation));
    }
    all
}

/// The result of a node without a score.
fn node_result(model: &Model, index: usize) -> Option<NodeResult> {
    let node = model.nodes.get(index)?;
    Some(NodeResult {
        node: Some(node.id.clone()),
        parent: node.parent.and_then(|p| model.nodes.get(p)).map(|p| p.id.clone()),
        title: node.title.clone(),
        score: None,
        level: None,
        level_shares: Vec::new(),
    })
}
