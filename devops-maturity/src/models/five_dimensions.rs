//! The five dimensions: collaboration, automation, CI/CD, monitoring, feedback.

use devops_core::Comparison;
use devops_core::Unit::{Count, Days, Hours, Minutes, PerDay, Percent, Score};

use super::{principles, shipped};
use crate::{EvidencePolicy, GateSpec, ItemSpec, LevelPolicy, MeasureSpec, Model, ModelSpec, NodeSpec};

/// The model of five dimensions, measured: every item is a metric, so that a level rests on no opinion.
///
/// Each dimension is 0 to 10, the weighted mean of its measures: collaboration and automation weigh 0.25,
/// CI/CD 0.20, monitoring and feedback 0.15. Levels on the overall score: optimized from 9, quantified from 7,
/// defined from 5, managed from 3, else initial. The gated level beside it is that of the weakest dimension.
///
/// Collaboration and automation are the classic formulas:
///
/// - collaboration = 10 × (0.3 · min(cross-team projects / 5, 1) + 0.3 · adoption of shared tools % / 100 +
///   0.2 · min(knowledge-sharing events / 20, 1) + 0.2 · communication score / 10), counts of a quarter;
/// - automation = 10 × (0.3 · automated / all deployments + 0.3 · automated test coverage + 0.2 ·
///   infrastructure as code + 0.2 · automated monitoring coverage).
///
/// The other three have no classic formula and take the same form, from measures that teams have:
///
/// - CI/CD: `build_success_rate` (nothing at 50 %, when the main line is broken every other time; full at
///   95 %, beyond which it is chance), `trunk_based_share` of changes merged within a day,
///   `pipeline_duration` (full at 10 minutes, after which people turn to something else: Humble & Farley
///   2010; nothing at an hour), `deployment_frequency` by the steps of the DORA surveys (a day, a week, a
///   month, half a year: Forsgren, Humble & Kim 2018), `change_failure_rate` (full at 5 %, nothing at 45 %:
///   the best and the worst groups of the same surveys).
/// - Monitoring: `slo_coverage` of services with a service-level objective (Beyer et al. 2016 build all else
///   on it), `alert_precision`, the share of alerts that asked for action, `time_to_detect` (full at 5
///   minutes, nothing at 4 hours: beyond it, users report first).
/// - Feedback: `review_time` (full at 4 hours, half a working day; nothing at 3 days),
///   `retrospective_actions_done`, `post_incident_reviews_done` (no incidents: does not apply),
///   `user_feedback_loop`, days from a release to what its users say of it (full at a week, nothing at a
///   quarter).
///
/// Measures hold 120 days, a quarter and the time to look at it. The eight principles are tagged on the items;
/// none of these measures speaks of experimentation, and every assessment says so. Efforts are rough, for a
/// team of eight: replace them by your own.
///
/// ```
/// use devops_maturity::models;
///
/// let model = models::five_dimensions();
/// assert_eq!(model.items().len(), 20);
/// assert_eq!(model.level_name(5), "optimized");
/// ```
#[must_use]
pub fn five_dimensions() -> Model {
    let levels = [(1, 0.0), (2, 3.0), (3, 5.0), (4, 7.0), (5, 9.0)];
    let root = NodeSpec::new("overall", "DevOps maturity")
        .with_level_policy(LevelPolicy::thresholds(&levels))
        .with_gate(GateSpec { allowance: 0 })
        .with_node(collaboration())
        .with_node(automation())
        .with_node(ci_cd())
        .with_node(monitoring())
        .with_node(feedback());
    let spec = ModelSpec::new("five_dimensions", "1.0.0", "Five dimensions of DevOps", root)
        .with_scale(10.0)
        .with_evidence(EvidencePolicy { valid_days: Some(120), ..EvidencePolicy::default() });
    let spec = ["initial", "managed", "defined", "quantified", "optimized"]
        .into_iter()
        .zip(1..)
        .fold(spec, |spec, (name, number)| spec.with_level(number, name));
    shipped(principles(spec))
}

/// An item that is named as its metric.
fn item(title: &str, weight: f64, effort: f64, measure: MeasureSpec, principles: &[&str]) -> ItemSpec {
    ItemSpec::measured(measure.metric.clone(), title, measure)
        .with_weight(weight)
        .with_effort(effort)
        .with_principles(principles)
}

/// A share in percent: its own hundredth is the credit.
fn percent(metric: &str) -> MeasureSpec {
    MeasureSpec::linear(metric, Percent, 0.0, 100.0).with_max(100.0)
}

fn collaboration() -> NodeSpec {
    let principles = &["principle.collaboration"];
    let projects = MeasureSpec::linear("cross_team_projects", Count, 0.0, 5.0);
    let events = MeasureSpec::linear("knowledge_sharing_events", Count, 0.0, 20.0);
    let score = MeasureSpec::linear("communication_score", Score, 0.0, 10.0).with_max(10.0);
    NodeSpec::new("collaboration", "Collaboration")
        .with_weight(0.25)
        .with_item(item("Projects across teams this quarter", 0.3, 30.0, projects, principles))
        .with_item(item("Adoption of shared tools", 0.3, 25.0, percent("shared_tool_adoption"), principles))
        .with_item(item(
            "Knowledge-sharing events this quarter",
            0.2,
            15.0,
            events,
            &["principle.collaboration", "principle.learning"],
        ))
        .with_item(item("Communication, as the team scores it", 0.2, 20.0, score, principles))
}

fn automation() -> NodeSpec {
    let principles = &["principle.automation"];
    let both = &["principle.automation", "principle.continuous_delivery"];
    NodeSpec::new("automation", "Automation")
        .with_weight(0.25)
        .with_item(item(
            "Deployments that run by themselves",
            0.3,
            30.0,
            percent("automated_deployments"),
            both,
        ))
        .with_item(item(
            "Code that automated tests cover",
            0.3,
            60.0,
            percent("automated_test_coverage"),
            principles,
        ))
        .with_item(item(
            "Infrastructure as code",
            0.2,
            40.0,
            percent("infrastructure_as_code_coverage"),
            principles,
        ))
        .with_item(item(
            "Services with automated monitoring",
            0.2,
            20.0,
            percent("automated_monitoring_coverage"),
            &["principle.automation", "principle.monitoring"],
        ))
}

fn ci_cd() -> NodeSpec {
    let integration = &["principle.continuous_integration"];
    let delivery = &["principle.continuous_delivery"];
    let builds = MeasureSpec::linear("build_success_rate", Percent, 50.0, 95.0).with_max(100.0);
    let duration = MeasureSpec::linear("pipeline_duration", Minutes, 60.0, 10.0);
    // A day, a week, a month, half a year.
    let steps = [(1.0, 1.0), (0.142_857, 0.75), (0.032_85, 0.5), (0.005_47, 0.25)];
    let frequency = MeasureSpec::bands("deployment_frequency", PerDay, Comparison::AtLeast, &steps);
    let failures = MeasureSpec::linear("change_failure_rate", Percent, 45.0, 5.0).with_max(100.0);
    NodeSpec::new("ci_cd", "CI/CD")
        .with_weight(0.20)
        .with_item(item("Builds of the main line that succeed", 0.2, 15.0, builds, integration))
        .with_item(item("Changes merged within a day", 0.2, 25.0, percent("trunk_based_share"), integration))
        .with_item(item("Time from push to verdict", 0.15, 20.0, duration, integration))
        .with_item(
            item("Deployments to production", 0.25, 40.0, frequency, delivery)
                .with_requirement("automated_deployments"),
        )
        .with_item(item("Changes that fail in production", 0.2, 30.0, failures, delivery))
}

fn monitoring() -> NodeSpec {
    let principles = &["principle.monitoring"];
    let detect = MeasureSpec::linear("time_to_detect", Minutes, 240.0, 5.0);
    NodeSpec::new("monitoring", "Monitoring")
        .with_weight(0.15)
        .with_item(item(
            "Services with a service-level objective",
            0.4,
            20.0,
            percent("slo_coverage"),
            principles,
        ))
        .with_item(item("Alerts that asked for action", 0.3, 15.0, percent("alert_precision"), principles))
        .with_item(
            item("Time until an incident is noticed", 0.3, 20.0, detect, principles)
                .with_requirement("automated_monitoring_coverage"),
        )
}

fn feedback() -> NodeSpec {
    let principles = &["principle.feedback"];
    let learning = &["principle.feedback", "principle.learning"];
    let review = MeasureSpec::linear("review_time", Hours, 72.0, 4.0);
    let users = MeasureSpec::linear("user_feedback_loop", Days, 90.0, 7.0);
    NodeSpec::new("feedback", "Feedback")
        .with_weight(0.15)
        .with_item(item("Time until a change is reviewed", 0.25, 10.0, review, principles))
        .with_item(item(
            "Retrospective actions done",
            0.25,
            10.0,
            percent("retrospective_actions_done"),
            learning,
        ))
        .with_item(item(
            "Incidents with a review",
            0.25,
            10.0,
            percent("post_incident_reviews_done"),
            learning,
        ))
        .with_item(item("Time until users are heard", 0.25, 25.0, users, principles))
}
