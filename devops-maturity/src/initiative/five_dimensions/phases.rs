//! The four phases of the classic transformation, as a view on the initiatives, with criteria that can be checked.

use alloc::string::String;
use alloc::vec::Vec;
use core::num::NonZeroU32;

use devops_core::{Comparison, Unit};

use super::{at_least, criterion};
use crate::initiative::{OnlyBelow, PhaseSpec, SuccessCriterion};

pub(super) fn phases() -> [PhaseSpec; 4] {
    [foundation(), process(), culture(), evolution()]
}

fn list(entries: &[&str]) -> Vec<String> {
    entries.iter().map(|e| String::from(*e)).collect()
}

/// The same over that many days.
fn over(found: SuccessCriterion, days: u32) -> SuccessCriterion {
    let criterion = match NonZeroU32::new(days) {
        Some(days) => found.criterion.with_window_days(days),
        None => found.criterion,
    };
    SuccessCriterion { criterion, ..found }
}

fn foundation() -> PhaseSpec {
    PhaseSpec {
        only_below: Some(OnlyBelow::new("automation", 5.0)),
        objectives: list(&[
            "a tool chain that automates the delivery",
            "version control as a practice",
            "basic monitoring",
        ]),
        deliverables: list(&["a base pipeline", "code-quality tools", "a monitoring dashboard"]),
        done_when: Vec::from([
            over(at_least("automated_deployments", "60", Unit::Percent), 30),
            over(at_least("code_checks_passed", "90", Unit::Percent), 30),
            // Key metrics are visible where most services are monitored.
            at_least("automated_monitoring_coverage", "60", Unit::Percent),
        ]),
        initiatives: list(&[
            "ci_server",
            "deploy_command",
            "main_line_first",
            "monitoring_agents",
            "shared_toolchain",
            "version_everything",
        ]),
        ..PhaseSpec::new("foundation", "Foundation", 8.0)
    }
}

fn process() -> PhaseSpec {
    let recovery = criterion("time_to_recovery", Comparison::AtMost, "50", Unit::Hours);
    PhaseSpec {
        requires: list(&["foundation"]),
        objectives: list(&["an optimised pipeline", "automated tests", "feedback loops"]),
        deliverables: list(&["a full pipeline", "a test suite", "performance monitoring"]),
        done_when: Vec::from([
            // Several a day.
            over(at_least("deployment_frequency", "2", Unit::PerDay), 30),
            at_least("automated_test_coverage", "80", Unit::Percent),
            over(SuccessCriterion::of_baseline(recovery), 90),
        ]),
        initiatives: list(&[
            "alert_diet",
            "contract_tests",
            "deploy_pipeline",
            "environments_on_demand",
            "fast_pipeline",
            "golden_signals",
            "infrastructure_modules",
            "monitoring_as_code",
            "quality_gates",
            "review_agreement",
            "service_objectives",
            "small_changes",
            "test_data",
            "test_pyramid",
            "trunk_based",
        ]),
        ..PhaseSpec::new("process", "Process optimisation", 12.0)
    }
}

fn culture() -> PhaseSpec {
    PhaseSpec {
        requires: list(&["process"]),
        objectives: list(&["collaboration across teams", "continuous improvement", "full-stack thinking"]),
        deliverables: list(&["a collaboration platform", "an improvement process", "a skills plan"]),
        done_when: Vec::from([
            at_least("collaboration_score", "8", Unit::Score),
            over(at_least("improvement_proposals_done", "70", Unit::Percent), 90),
            at_least("cross_skilled_people", "60", Unit::Percent),
        ]),
        initiatives: list(&[
            "communities",
            "error_budgets",
            "incident_actions",
            "incident_reviews",
            "inner_source",
            "joint_planning",
            "learning_hours",
            "retrospectives",
            "rotation",
            "runbooks",
            "user_panel",
        ]),
        ..PhaseSpec::new("culture", "Culture transformation", 16.0)
    }
}

fn evolution() -> PhaseSpec {
    PhaseSpec {
        requires: list(&["culture"]),
        objectives: list(&["AI-driven delivery", "predictive operations", "self-healing"]),
        deliverables: list(&["an intelligent pipeline", "predictive monitoring", "automatic recovery"]),
        done_when: Vec::from([
            over(at_least("predictive_alert_accuracy", "85", Unit::Percent), 90),
            over(at_least("automatic_recovery", "90", Unit::Percent), 90),
            over(at_least("availability", "99.9", Unit::Percent), 30),
        ]),
        initiatives: list(&[
            "canary_releases",
            "deploy_daily",
            "experiments",
            "feature_flags",
            "product_telemetry",
            "test_selection",
            "tracing",
            "user_journeys",
        ]),
        ..PhaseSpec::new("evolution", "Intelligent evolution", 20.0)
    }
}
