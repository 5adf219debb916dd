//! What to improve next, and why.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{MetricId, Number, Unit};
use serde::{Deserialize, Serialize};

use super::{CardTrend, Level};
use crate::calendar::Window;

/// An action for an opportunity, with what it is worth here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RankedAction {
    /// Its id in the library.
    pub id: String,
    /// What to do.
    pub text: String,
    /// What it takes.
    pub effort: Level,
    /// The stage that it shortens, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relieves: Option<String>,
    /// The share of the lead time that is spent there, 0 to 1; 1 where it is not known.
    pub share: f64,
    /// Severity × weight × share.
    pub value: f64,
    /// Value × urgency / effort; in the classic form the priority of the opportunity.
    pub priority: f64,
}

/// A metric that is worth improving.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Opportunity {
    /// The metric.
    pub metric: MetricId,
    /// What people call it.
    pub title: String,
    /// The unit of the numbers below.
    pub unit: Unit,
    /// The present value.
    pub current: Number,
    /// Whether that is 0, and half of the smallest step stands in its place where a logarithm is taken.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub zero: bool,
    /// Where it should be.
    pub target: Number,
    /// Worse than this is an opportunity.
    pub trigger: Number,
    /// How bad it is, 0 at the target and 1 at the worst of the band; `None` in the classic form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<f64>,
    /// The same without its bounds: it tells apart what lies beyond the worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unclamped: Option<f64>,
    /// How much could be gained; in the classic form only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub potential: Option<Level>,
    /// The weight of the metric beside others.
    pub weight: f64,
    /// 1, more where the metric is getting worse, less where it is getting better on its own.
    pub urgency: f64,
    /// By what opportunities are ordered, largest first: that of the best action.
    pub priority: f64,
    /// Where it is heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<CardTrend>,
    /// When it was measured; this window is never part of a baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// What can be done, best first.
    pub actions: Vec<RankedAction>,
    /// Why it may be so.
    pub causes: Vec<String>,
    /// What comes of it.
    pub effects: Vec<String>,
}

/// A metric that needs nothing now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InBand {
    /// The metric.
    pub metric: MetricId,
    /// The unit of the numbers below.
    pub unit: Unit,
    /// The present value.
    pub current: Number,
    /// Where it should be.
    pub target: Number,
    /// Whether it is there; else it lies between trigger and target.
    pub met: bool,
    /// Where it is heading: what gets worse may be the next opportunity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<CardTrend>,
}

/// A metric that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unjudged {
    /// The metric.
    pub metric: MetricId,
    /// Observations needed; `None` where the policy has no rule for the metric.
    pub needed: Option<u64>,
    /// Observations there are.
    pub got: u64,
}

/// Every metric that was looked at, in one of three lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OpportunityReport {
    /// The form of the document: 1.
    pub format: u32,
    /// The policy's name.
    pub policy: String,
    /// What is worth improving, first things first.
    pub opportunities: Vec<Opportunity>,
    /// What needs nothing now, by metric.
    pub in_band: Vec<InBand>,
    /// What could not be judged, by metric.
    pub unjudged: Vec<Unjudged>,
}
