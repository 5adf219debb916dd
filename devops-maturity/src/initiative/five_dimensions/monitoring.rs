//! Monitoring: know the state of the product.

use devops_core::Unit;

use super::{at_least, at_most};
use crate::initiative::InitiativeSpec;

/// The initiatives of the dimension.
pub(super) fn initiatives() -> [InitiativeSpec; 7] {
    [
        golden_signals(),
        service_objectives(),
        error_budgets(),
        alert_diet(),
        runbooks(),
        tracing(),
        user_journeys(),
    ]
}

fn golden_signals() -> InitiativeSpec {
    InitiativeSpec::new(
        "golden_signals",
        "Four golden signals of every service",
        "monitoring",
        (2.0, 3.0, 6.0),
    )
    .after(&["monitoring_agents"])
    .with_need("operations", 1.0)
    .with_need("developers", 0.5)
    .with_raise("time_to_detect", 0.35, 0.6)
    .with_done_when(at_most("time_to_detect", "100", Unit::Minutes))
    .with_success_pattern("latency, traffic, errors and saturation, the same for all")
    .with_anti_pattern("hundreds of host metrics and none of what users feel")
}

fn service_objectives() -> InitiativeSpec {
    InitiativeSpec::new("service_objectives", "Objectives for every service", "monitoring", (3.0, 5.0, 8.0))
        .after(&["golden_signals"])
        .with_need("operations", 1.0)
        .with_need("developers", 0.5)
        .with_need("coaching", 0.25)
        .with_raise("slo_coverage", 0.6, 0.8)
        .with_done_when(at_least("slo_coverage", "80", Unit::Percent))
        .with_success_pattern("objectives are agreed with those who use the service")
        .with_anti_pattern("objectives of 100 %")
}

fn error_budgets() -> InitiativeSpec {
    InitiativeSpec::new("error_budgets", "Error budgets decide what is next", "monitoring", (2.0, 4.0, 8.0))
        .after(&["service_objectives"])
        .with_need("operations", 0.5)
        .with_need("coaching", 0.5)
        .with_raise("slo_coverage", 0.2, 1.0)
        .with_raise("change_failure_rate", 0.1, 0.9)
        .with_raise("alert_precision", 0.1, 0.9)
        .with_success_pattern("an empty budget stops features, as agreed before")
        .with_anti_pattern("a budget that is reset when it hurts")
}

fn alert_diet() -> InitiativeSpec {
    InitiativeSpec::new("alert_diet", "Alerts that ask for action", "monitoring", (2.0, 3.0, 5.0))
        .after(&["golden_signals"])
        .with_need("operations", 1.0)
        .with_raise("alert_precision", 0.5, 0.8)
        .with_done_when(at_least("alert_precision", "80", Unit::Percent))
        .with_success_pattern("every alert names what to do, or goes")
        .with_anti_pattern("alerts are muted and never removed")
}

fn runbooks() -> InitiativeSpec {
    InitiativeSpec::new("runbooks", "Runbooks beside the alerts", "monitoring", (2.0, 3.0, 5.0))
        .after(&["alert_diet"])
        .with_need("operations", 0.5)
        .with_need("developers", 0.5)
        .with_raise("time_to_detect", 0.15, 0.9)
        .with_raise("alert_precision", 0.15, 0.95)
        .with_success_pattern("whoever was called last improves the page")
        .with_anti_pattern("documents that only their author finds")
}

fn tracing() -> InitiativeSpec {
    InitiativeSpec::new("tracing", "Requests are traced through all services", "monitoring", (4.0, 6.0, 10.0))
        .after(&["golden_signals"])
        .with_need("developers", 1.0)
        .with_need("operations", 0.5)
        .with_raise("time_to_detect", 0.25, 0.9)
        .with_success_pattern("one library, on by default")
        .with_anti_pattern("tracing only where nothing ever fails")
}

fn user_journeys() -> InitiativeSpec {
    InitiativeSpec::new("user_journeys", "Probes of user journeys", "monitoring", (2.0, 3.0, 5.0))
        .after(&["service_objectives"])
        .with_need("operations", 0.5)
        .with_need("quality", 0.5)
        .with_raise("time_to_detect", 0.25, 1.0)
        .with_raise("slo_coverage", 0.15, 1.0)
        .with_done_when(at_most("time_to_detect", "10", Unit::Minutes))
        .with_success_pattern("the few journeys that earn the money")
        .with_anti_pattern("probes of a page that is always cached")
}
