//! What to improve next.

use anyhow::{Context as _, Result};
use devops_core::MetricId;
use devops_metrics::dataset::Dataset;
use devops_metrics::improvement::{
    Library, MetricCard, OpportunityPolicy, OpportunityReport, ProposalState, Record, StageShares,
    delivery_trends, opportunities, propose, with_trends,
};

use crate::args::{Args, Policy};
use crate::input::Question;

/// Three years of months tell where a metric is heading.
const TREND_DAYS: u16 = 1_096;

pub(crate) fn find(args: &Args, dataset: &Dataset<'_>, question: &Question) -> Result<OpportunityReport> {
    let report = question.query(question.back(args.days)?).run(dataset)?;
    let cell =
        report.cells.iter().find(|c| c.group == question.group).context("the log has no such group")?;
    let months = question.monthly(question.back(TREND_DAYS)?).run(dataset)?;
    let trends = delivery_trends(&months, &question.group, &[], 0)?;
    let cards = with_trends(MetricCard::of_delivery(cell)?, &trends);
    let policy = match args.policy {
        Policy::Recommended => OpportunityPolicy::recommended(),
        Policy::Classic => OpportunityPolicy::classic(),
    };
    Ok(opportunities(&cards, &StageShares::new(), &Library::standard(), &policy)?)
}

/// The proposal for one of them.
pub(crate) fn record(found: &OpportunityReport, metric: &MetricId, question: &Question) -> Result<Record> {
    let opportunity = found.opportunities.iter().find(|o| o.metric == *metric).with_context(|| {
        let known: Vec<&str> = found.opportunities.iter().map(|o| o.metric.as_str()).collect();
        let known = if known.is_empty() { "none".into() } else { known.join(", ") };
        format!("`{metric}` is no opportunity on that day; these are: {known}")
    })?;
    let proposal = propose(opportunity, &Library::standard())?;
    let state = ProposalState::new(proposal.proposer.clone(), question.at);
    Ok(Record { proposal, state })
}

pub(crate) fn text(found: &OpportunityReport, question: &Question, days: u16) -> String {
    let mut text = format!("{}: what to improve, as of {} over {days} days\n", question.group, day(question));
    if found.opportunities.is_empty() {
        text += "\nNothing is beyond its trigger.\n";
    }
    for (place, opportunity) in (1..).zip(&found.opportunities) {
        text += &format!("\n{place}. {opportunity}\n");
        for cause in &opportunity.causes {
            text += &format!("   may be because {cause}\n");
        }
        for action in opportunity.actions.iter().take(3) {
            text += &format!("   - {} ({} effort)\n", action.text, action.effort);
        }
    }
    if !found.in_band.is_empty() {
        text += "\nIn band:\n";
    }
    for metric in &found.in_band {
        let told = if metric.met { "on target" } else { "between target and trigger" };
        text += &format!(
            "  {} {}, target {}: {told}\n",
            metric.metric,
            with_unit(metric.current.get(), metric.unit),
            with_unit(metric.target.get(), metric.unit)
        );
    }
    for metric in &found.unjudged {
        let told = match metric.needed {
            Some(needed) => format!("not enough data, {} of {needed} observations", metric.got),
            None => "the policy says nothing about it".into(),
        };
        text += &format!("\nNot judged: {}, {told}\n", metric.metric);
    }
    if let Some(first) = found.opportunities.first() {
        text += &format!(
            "\nA proposal as a file: --propose {} --out proposal.json. Did it help: --track proposal.json.\n",
            first.metric
        );
    }
    text
}

fn with_unit(value: f64, unit: devops_core::Unit) -> String {
    let number = devops_metrics::trend::short_number(value);
    if unit.symbol().is_empty() { number } else { format!("{number} {}", unit.symbol()) }
}

fn day(question: &Question) -> String {
    question.at.to_string().chars().take(10).collect()
}
