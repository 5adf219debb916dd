//! How does a team get to the next level? From an assessment and a target to a plan that can be defended.
//!
//! [`plan`] finds the gaps, chooses initiatives of a [`Library`](crate::initiative::Library) that close them, leaves
//! out what is shown to be there already, schedules the chosen ones within the people that there are, and tells how
//! sure the date is, what it takes by role and period, what to measure, and what stands in the way. [`compare`] tells
//! two plans apart, [`track`] holds a plan against a later assessment, and [`revise`] plans again from there.
//!
//! ```
//! use devops_core::{Measure, MetricId, Unit};
//! use devops_maturity::roadmap::{PlanInput, RoadmapRequest, Target, plan};
//! use devops_maturity::{Answers, Observation, assess, initiative, models};
//!
//! let (model, library) = (models::five_dimensions(), initiative::five_dimensions());
//! let now = "2026-11-25T00:00:00Z".parse()?;
//! let coverage = Measure::number(MetricId::new("slo_coverage")?, 20.0, Unit::Percent)?;
//! let answers = Answers::new(&model, "checkout").with_observation(Observation::new(coverage, now));
//! let assessment = assess(&model, &answers, now)?;
//!
//! let request = RoadmapRequest::new(Target::new().with_dimension("monitoring", 3.0), now)
//!     .with_people("operations", 2.0)
//!     .with_people("developers", 2.0)
//!     .with_people("coaching", 1.0);
//! let roadmap = plan(&PlanInput::new(&model, &assessment, &library), &request)?;
//! assert!(roadmap.initiatives.iter().any(|i| i.id == "golden_signals"));
//! assert!(roadmap.simulation.p80.value > roadmap.simulation.p50.value);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod candidates;
mod check;
mod choice;
mod credits;
mod draft;
mod error;
mod export;
mod gap;
mod metrics;
mod people;
mod phases;
mod plan;
mod report;
mod request;
mod result;
mod risk;
mod risk_check;
mod tracking;
mod what_if;

pub use error::{LeftOut, PlanError, RequestErrors, RequestFault};
pub use export::ChartRow;
pub use gap::{Basis, Gap, GapAnalysis, analyse_gaps};
pub use metrics::{ScorePoint, SuccessMetric};
pub use people::{PeriodLoad, RoleLoad};
pub use phases::PhaseView;
pub use plan::plan;
pub use request::{DimensionTarget, PlanInput, RoadmapRequest, Target};
pub use result::{ExpectedRaise, PlannedInitiative, Roadmap, ShownRequirement};
pub use risk::{Rating, Risk, RiskCondition, RiskRule, default_risk_rules};
pub use tracking::{InitiativeOutcome, InitiativeProgress, ItemProgress, Revision, Tracking, revise, track};
pub use what_if::{Change, InitiativeChange, RoadmapDiff, compare};
