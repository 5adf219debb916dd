//! A proposal through its life, and whether it helped.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use devops_core::{GoodDirection, MetricId};
use devops_metrics::dataset::Dataset;
use devops_metrics::improvement::{
    Baseline, Benefit, BenefitBasis, Event, ImprovementVerdict, Observation, Progress, Record, Status,
    Verdict, VerdictPolicy, benefit, delivery_trends, judge, progress, texts,
};
use devops_metrics::trend::TrendReport;

use crate::args::{Args, Step};
use crate::input::Question;

/// How many months ahead the target is looked for.
const HORIZON: usize = 12;

/// Progress and verdict of a proposal.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Followed {
    status: Status,
    progress: Progress,
    verdict: ImprovementVerdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    benefit: Option<Benefit>,
}

fn observe(
    dataset: &Dataset<'_>,
    question: &Question,
    window: devops_metrics::calendar::Window,
) -> Result<Vec<Observation>> {
    Ok(question.monthly(window).observe(dataset, &question.group)?)
}

/// What was observed since the change was made.
fn since(
    record: &Record,
    dataset: &Dataset<'_>,
    question: &Question,
) -> Result<(Vec<Observation>, BTreeMap<MetricId, TrendReport>)> {
    let done = record.state.since(Status::Implemented).or_else(|| record.state.since(Status::Approved));
    let from = done.context("the proposal is not approved: there is nothing to compare with")?;
    let window = question.since(from, "the change was made")?;
    let months = question.monthly(window).run(dataset)?;
    let trends = delivery_trends(&months, &question.group, &record.proposal.success, HORIZON)?;
    Ok((observe(dataset, question, window)?, trends))
}

fn baseline(record: &Record) -> Result<&Baseline> {
    record.state.baseline().context("the proposal has no baseline: approve it first")
}

pub(crate) fn track(
    args: &Args,
    record: &Record,
    dataset: &Dataset<'_>,
    question: &Question,
) -> Result<Followed> {
    let (now, trends) = since(record, dataset, question)?;
    let before = baseline(record)?;
    let verdict = judge(&record.proposal, before, &now, &[], &VerdictPolicy::default())?;
    let progress = progress(&record.proposal, before, &now, &trends)?;
    let benefit = match args.hours_per_unit {
        Some(hours) => worth(record, &verdict, &now, hours)?,
        None => None,
    };
    Ok(Followed { status: record.state.status(), progress, verdict, benefit })
}

/// What the change of the proposal's own metric saves a month.
fn worth(
    record: &Record,
    verdict: &ImprovementVerdict,
    now: &[Observation],
    hours: f64,
) -> Result<Option<Benefit>> {
    let metric = &record.proposal.metric;
    let Some(told) = verdict.metrics.iter().find(|m| m.criterion.metric() == metric) else { return Ok(None) };
    let (Some(effect), Some(seen)) = (&told.effect, now.iter().find(|o| o.metric == *metric)) else {
        return Ok(None);
    };
    let days = seen.window.millis() as f64 / 86_400_000.0;
    let volume = match seen.sample.kind() {
        "counts" => 1.0,
        _ => seen.sample.n() as f64 / days * 30.436875,
    };
    let basis = BenefitBasis::new(seen.unit, "month", volume, hours)?;
    let good = match told.criterion.comparison() {
        devops_core::Comparison::AtLeast | devops_core::Comparison::Above => GoodDirection::Up,
        _ => GoodDirection::Down,
    };
    Ok(benefit(effect, good, &basis))
}

/// The proposal after an event.
pub(crate) fn apply(
    args: &Args,
    step: Step,
    mut record: Record,
    dataset: &Dataset<'_>,
    question: &Question,
) -> Result<Record> {
    let said = || args.by.clone().context("`--by` is missing: it says who, or why");
    let event = match step {
        Step::Approve => {
            let trigger =
                record.proposal.trigger_window.context("the proposal names no triggering window")?;
            let window = question.since(trigger.to(), "the window that triggered the proposal")?;
            Event::Approve {
                by: said()?,
                baseline: Some(Baseline { observations: observe(dataset, question, window)? }),
            }
        }
        Step::Reject => Event::Reject { reason: said()? },
        Step::Defer => Event::Defer { reason: said()? },
        Step::Resubmit => Event::Resubmit {},
        Step::Start => Event::Start {},
        Step::Finish => Event::Finish {},
        Step::Abandon => Event::Abandon { reason: said()? },
        Step::Validate => {
            if record.state.status() != Status::Implemented {
                bail!("`validate` is not possible for a proposal that is {}", record.state.status());
            }
            let (now, _) = since(&record, dataset, question)?;
            let verdict = judge(&record.proposal, baseline(&record)?, &now, &[], &VerdictPolicy::default())?;
            Event::Validate { verdict: Some(Box::new(verdict)) }
        }
        Step::Resume => Event::Resume { reason: said()? },
        Step::RollBack => Event::RollBack { reason: said()? },
        Step::Close => Event::Close {},
    };
    record.state = record.state.apply(event, question.at)?;
    Ok(record)
}

impl Followed {
    pub(crate) const fn verdict(&self) -> Verdict {
        self.verdict.verdict
    }

    pub(crate) fn text(&self, record: &Record) -> String {
        let mut text = format!("{}\n{}, {}\n", record.proposal, self.status, self.progress);
        text += &format!("\nVerdict: {}\n", self.verdict);
        let table = texts();
        for metric in &self.verdict.metrics {
            if let Some(obstacle) = &metric.obstacle {
                text += &format!("  {}: {}\n", metric.criterion, table.render(&obstacle.message()));
            }
        }
        if let Some(benefit) = &self.benefit {
            text += &format!("\nWorth: {benefit}\n");
            for assumption in &benefit.assumptions {
                text += &format!("  if {}\n", table.render(assumption));
            }
        }
        text += "\nWhat now:\n";
        let advice = self.verdict.advice();
        for advice in advice.iter().chain(&self.progress.advice) {
            text += &format!("  - {}\n", table.render(advice));
        }
        text
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("{}\n{}", self.verdict.to_markdown(), self.progress.to_markdown());
        if let Some(benefit) = &self.benefit {
            text += &format!("\nThis {benefit}.\n");
        }
        text
    }
}
