//! What a team means to do, and how it will know that it helped.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{
    Comparison, Criterion, Decimal, Fingerprint, GoodDirection, MetricId, Number, ProposalId, Unit,
};
use serde::{Deserialize, Serialize};

use super::{ImprovementError, Level, Library, Opportunity};
use crate::calendar::Window;
use crate::trend::short_number;

/// What kind of change a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProposalKind {
    /// How work is done.
    Process,
    /// What it is done with.
    Tooling,
    /// How people work together.
    Culture,
    /// How the product is built.
    Technical,
}

/// By how much a metric may get worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[expect(clippy::exhaustive_enums, reason = "absolute or relative")]
pub enum Margin {
    /// In the metric's unit.
    Unit {
        /// How much, at least 0.
        value: Number,
    },
    /// In percent of the value before.
    Percent {
        /// How much, at least 0.
        percent: Number,
    },
}

/// A metric that must not get worse by more than a margin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Guardrail {
    /// The metric.
    pub metric: MetricId,
    /// Its unit.
    pub unit: Unit,
    /// Which way it should go.
    pub good: GoodDirection,
    /// By how much it may get worse.
    pub margin: Margin,
}

impl Guardrail {
    /// A metric with its margin.
    #[must_use]
    pub const fn new(metric: MetricId, unit: Unit, good: GoodDirection, margin: Margin) -> Self {
        Self { metric, unit, good, margin }
    }
}

/// What is expected to happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Hypothesis {
    /// In words.
    pub text: String,
    /// The metric that is to change.
    pub metric: MetricId,
    /// The unit of the two numbers.
    pub unit: Unit,
    /// The change (after less before) is expected to be at least this.
    pub low: Number,
    /// And at most this.
    pub high: Number,
}

/// A proposal: what hurts, what is to be done, and the predicates that will tell whether it helped.
///
/// ```
/// use devops_core::{GoodDirection, MetricId, Number, Unit};
/// use devops_metrics::improvement::{
///     CardValue, Library, MetricCard, OpportunityPolicy, StageShares, opportunities, propose,
/// };
///
/// let card = MetricCard::new(
///     MetricId::new("failed_deployment_recovery_time")?, Unit::Minutes, GoodDirection::Down,
///     CardValue::Measured { value: Number::new(600.0)?, n: 14 },
/// );
/// let library = Library::standard();
/// let found = opportunities(&[card], &StageShares::new(), &library, &OpportunityPolicy::classic())?;
/// let proposal = propose(&found.opportunities[0], &library)?;
/// assert_eq!(proposal.title, "Shorten the mean time to recover from 600 to 60 minutes");
/// assert_eq!(proposal.success[0].to_string(), "failed_deployment_recovery_time <= 60 min");
/// assert_eq!(proposal.success[1].to_string(), "automatic_recovery >= 80 %");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Proposal {
    /// The form of the document: 1.
    pub format: u32,
    /// Its id.
    pub id: ProposalId,
    /// The metric that is to improve.
    pub metric: MetricId,
    /// The title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// What kind of change it is.
    pub kind: ProposalKind,
    /// What hurts today.
    pub pain_points: Vec<String>,
    /// What is to be done.
    pub solution: String,
    /// The ids of the library's actions that it takes.
    pub actions: Vec<String>,
    /// What gets better.
    pub benefits: Vec<String>,
    /// What it takes.
    pub effort: Level,
    /// What it brings.
    pub impact: Level,
    /// Who proposes it.
    pub proposer: String,
    /// Whom it concerns.
    pub stakeholders: Vec<String>,
    /// What must hold for it to be a success.
    pub success: Vec<Criterion>,
    /// What must not get worse.
    pub guardrails: Vec<Guardrail>,
    /// What is expected to happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hypothesis: Option<Hypothesis>,
    /// When the metric was found to be bad: never part of a baseline, since what was chosen because it is bad
    /// gets better by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger_window: Option<Window>,
}

impl Proposal {
    /// With an id of the caller's own.
    #[must_use]
    pub fn with_id(self, id: ProposalId) -> Self {
        Self { id, ..self }
    }

    /// From somebody.
    #[must_use]
    pub fn with_proposer(self, proposer: impl Into<String>) -> Self {
        Self { proposer: proposer.into(), ..self }
    }

    /// With one more success metric.
    #[must_use]
    pub fn with_success(mut self, criterion: Criterion) -> Self {
        self.success.push(criterion);
        self
    }

    /// With other guardrails.
    #[must_use]
    pub fn with_guardrails(self, guardrails: impl IntoIterator<Item = Guardrail>) -> Self {
        Self { guardrails: guardrails.into_iter().collect(), ..self }
    }
}

/// The way a criterion wants its metric to go.
pub(super) fn direction(criterion: &Criterion) -> GoodDirection {
    match criterion.comparison() {
        Comparison::AtLeast | Comparison::Above => GoodDirection::Up,
        Comparison::AtMost | Comparison::Below => GoodDirection::Down,
        Comparison::Equal | Comparison::NotEqual => GoodDirection::Neutral,
    }
}

/// Writes the proposal for an opportunity.
///
/// Its id is `metric-` and eight digits of a digest over metric, window and value, so that the same opportunity
/// gives the same id.
///
/// # Errors
///
/// [`ImprovementError::OutOfRange`] where the library has no area for the metric.
pub fn propose(opportunity: &Opportunity, library: &Library) -> Result<Proposal, ImprovementError> {
    let metric = &opportunity.metric;
    let Some(area) = library.area(metric.as_str()) else {
        return Err(ImprovementError::range("metric", metric, "one that the library has an area for"));
    };
    let template = &area.proposal;
    let (current, target) = (opportunity.current.get(), opportunity.target.get());
    let fill = |text: &str| {
        text.replace("{current}", &short_number(current))
            .replace("{target}", &short_number(target))
            .replace("{unit}", opportunity.unit.symbol())
    };
    let rises = target > current;
    let comparison = if rises { Comparison::AtLeast } else { Comparison::AtMost };
    let goal =
        Criterion::new(metric.clone(), comparison, Decimal::from(opportunity.target), opportunity.unit);
    let part = |percent: u32| Number::new((target - current) * f64::from(percent) / 100.0);
    let (a, b) = (part(template.predicted_from)?, part(template.predicted_to)?);
    let (low, high) = if a <= b { (a, b) } else { (b, a) };
    let text = alloc::format!(
        "{} goes {} % to {} % of the way from {} to {}",
        opportunity.title,
        template.predicted_from,
        template.predicted_to,
        short_number(current),
        short_number(target)
    );
    Ok(Proposal {
        format: 1,
        id: id(opportunity)?,
        metric: metric.clone(),
        title: fill(&template.title),
        description: describe(opportunity),
        kind: template.kind,
        pain_points: template.pain_points.clone(),
        solution: fill(&template.solution),
        actions: opportunity.actions.iter().map(|a| a.id.clone()).collect(),
        benefits: template.benefits.clone(),
        effort: template.effort,
        impact: template.impact,
        proposer: template.proposer.clone(),
        stakeholders: template.stakeholders.clone(),
        success: core::iter::once(goal).chain(template.success.iter().cloned()).collect(),
        guardrails: template.guardrails.clone(),
        hypothesis: Some(Hypothesis { text, metric: metric.clone(), unit: opportunity.unit, low, high }),
        trigger_window: opportunity.window,
    })
}

fn id(opportunity: &Opportunity) -> Result<ProposalId, ImprovementError> {
    let window = opportunity.window.map(|w| w.to_string()).unwrap_or_default();
    let value = opportunity.current.to_string();
    let digest =
        Fingerprint::of(&[opportunity.metric.as_str().as_bytes(), window.as_bytes(), value.as_bytes()]);
    let digits: String = digest.to_string().chars().take(8).collect();
    let metric: String = opportunity.metric.as_str().chars().take(180).collect();
    Ok(ProposalId::new(&alloc::format!("{metric}-{digits}"))?)
}

fn describe(opportunity: &Opportunity) -> String {
    let unit = opportunity.unit.symbol();
    let space = if unit.is_empty() { "" } else { " " };
    let mut text = alloc::format!(
        "{} is {}{space}{unit}, the target is {}{space}{unit}.",
        capital(&opportunity.title),
        short_number(opportunity.current.get()),
        short_number(opportunity.target.get()),
    );
    if let Some(effect) = opportunity.effects.first() {
        text.push_str(&alloc::format!(" What comes of it: {effect}."));
    }
    text
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
