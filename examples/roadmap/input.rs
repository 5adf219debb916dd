//! Documents from files.

use std::path::Path;

use anyhow::{Context as _, Result};
use devops_core::{Measures, Timestamp};
use devops_examples::read_text;
use devops_maturity::initiative::{Library, LibrarySpec, five_dimensions};
use devops_maturity::roadmap::{PlanInput, Roadmap, RoadmapRequest};
use devops_maturity::{Answers, Assessment, Model, ModelSpec, assess, models};
use serde::de::DeserializeOwned;

use crate::args::Args;
use crate::change::{change, instant};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/roadmap");

/// Everything that a plan is made from.
pub(crate) struct Input {
    pub(crate) model: Model,
    pub(crate) library: Library,
    pub(crate) assessment: Assessment,
    pub(crate) request: RoadmapRequest,
    measures: Measures,
    baseline: Measures,
}

impl Input {
    pub(crate) fn read(args: &Args) -> Result<Self> {
        let model = match &args.model {
            Some(path) => {
                Model::build(json::<ModelSpec>(path, "the model")?).context("the model has faults")?
            }
            None => models::five_dimensions(),
        };
        let library = match &args.library {
            Some(path) => {
                Library::build(json::<LibrarySpec>(path, "the library")?).context("the library has faults")?
            }
            None => five_dimensions(),
        };
        let shipped = |name: &str| Path::new(SHIPPED).join(name);
        let mut request: RoadmapRequest = match &args.request {
            Some(path) => json(path, "the request")?,
            None => json(&shipped("request.json"), "the request")?,
        };
        for wish in &args.set {
            change(&mut request, wish)?;
        }
        if let Some(day) = &args.at {
            request.start = instant(day)?;
        }
        let answers: Answers =
            json(args.answers.as_deref().unwrap_or(&shipped("answers.json")), "the answers")?;
        let assessment = assess(&model, &answers, request.start).context("the answers cannot be assessed")?;
        // The measures that ship are those of the team that ships.
        let own = args.answers.is_some();
        let list = |path: Option<&Path>, name: &str| match path {
            Some(path) => json::<Measures>(path, "the measures"),
            None if own => Ok(Measures::new()),
            None => json(&shipped(name), "the measures"),
        };
        let mut measures = list(args.measures.as_deref(), "measures.json")?;
        for observation in current(&answers, request.start) {
            measures.insert(observation).context("a metric stands in the answers and in the measures")?;
        }
        let baseline = list(args.baseline.as_deref(), "baseline.json")?;
        Ok(Self { model, library, assessment, request, measures, baseline })
    }

    pub(crate) fn plan_input(&self) -> PlanInput<'_> {
        PlanInput::new(&self.model, &self.assessment, &self.library)
            .with_measures(self.measures.clone())
            .with_baseline(self.baseline.clone())
    }
}

/// What was measured and still holds; of several values of a metric the latest.
fn current(answers: &Answers, now: Timestamp) -> Vec<devops_core::Measure> {
    const DAY: i64 = 86_400_000;
    let holds = |seen: &devops_maturity::Observation| {
        let until =
            seen.valid_days.and_then(|days| seen.observed_at.checked_add_millis(i64::from(days) * DAY));
        seen.observed_at <= now && until.is_none_or(|until| now <= until)
    };
    let mut list: Vec<_> = answers.observations.iter().filter(|o| holds(o)).collect();
    list.sort_by_key(|o| std::cmp::Reverse(o.observed_at));
    let mut found: Vec<devops_core::Measure> = Vec::new();
    for seen in list {
        if !found.iter().any(|m| m.metric() == seen.measure.metric()) {
            found.push(seen.measure.clone());
        }
    }
    found
}

pub(crate) fn roadmap(path: &Path) -> Result<Roadmap> {
    json(path, "the plan")
}

fn json<T: DeserializeOwned>(path: &Path, what: &str) -> Result<T> {
    let text = read_text(path)?;
    serde_json::from_str(&text).with_context(|| format!("failed to read {what} in {}", path.display()))
}
