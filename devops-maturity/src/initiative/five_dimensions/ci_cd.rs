//! CI/CD: integrate and deliver in small steps.

use devops_core::Unit;

use super::{at_least, at_most};
use crate::initiative::InitiativeSpec;

/// The initiatives of the dimension.
pub(super) fn initiatives() -> [InitiativeSpec; 9] {
    [
        ci_server(),
        main_line_first(),
        trunk_based(),
        feature_flags(),
        fast_pipeline(),
        test_selection(),
        deploy_daily(),
        canary_releases(),
        quality_gates(),
    ]
}

fn ci_server() -> InitiativeSpec {
    InitiativeSpec::new("ci_server", "Every push is built and tested", "ci_cd", (2.0, 3.0, 5.0))
        .with_need("platform", 1.0)
        .with_need("developers", 0.5)
        .with_raise("build_success_rate", 0.3, 0.6)
        .with_done_when(at_least("build_success_rate", "77", Unit::Percent))
        .with_success_pattern("the verdict comes to the author within minutes")
        .with_anti_pattern("a build that runs at night")
}

fn main_line_first() -> InitiativeSpec {
    InitiativeSpec::new("main_line_first", "A broken main line is fixed first", "ci_cd", (2.0, 3.0, 6.0))
        .after(&["ci_server"])
        .with_need("developers", 0.5)
        .with_need("coaching", 0.25)
        .with_raise("build_success_rate", 0.5, 1.0)
        .with_done_when(at_least("build_success_rate", "95", Unit::Percent))
        .with_success_pattern("revert first, understand later")
        .with_anti_pattern("flaky tests are run again until they pass")
}

fn trunk_based() -> InitiativeSpec {
    InitiativeSpec::new("trunk_based", "Small changes on one trunk", "ci_cd", (4.0, 6.0, 10.0))
        .after(&["main_line_first"])
        .with_need("developers", 1.0)
        .with_need("coaching", 0.25)
        .with_raise("trunk_based_share", 0.5, 0.75)
        .with_done_when(at_least("trunk_based_share", "75", Unit::Percent))
        .with_success_pattern("changes are cut so that each is safe alone")
        .with_anti_pattern("branches that live for weeks, merged before a release")
}

fn feature_flags() -> InitiativeSpec {
    InitiativeSpec::new("feature_flags", "Features behind flags", "ci_cd", (3.0, 5.0, 8.0))
        .after(&["trunk_based"])
        .with_need("developers", 1.0)
        .with_need("platform", 0.5)
        .with_raise("trunk_based_share", 0.25, 0.95)
        .with_raise("deployment_frequency", 0.2, 0.9)
        .with_raise("change_failure_rate", 0.1, 0.9)
        .with_success_pattern("every flag has an owner and an end")
        .with_anti_pattern("flags that nobody removes")
}

fn fast_pipeline() -> InitiativeSpec {
    InitiativeSpec::new("fast_pipeline", "A verdict within ten minutes", "ci_cd", (3.0, 5.0, 9.0))
        .after(&["ci_server"])
        .with_need("platform", 1.0)
        .with_need("developers", 0.5)
        .with_raise("pipeline_duration", 0.6, 0.9)
        .with_done_when(at_most("pipeline_duration", "15", Unit::Minutes))
        .with_success_pattern("measure each step, then cut the longest")
        .with_anti_pattern("more runners instead of less work")
}

fn test_selection() -> InitiativeSpec {
    InitiativeSpec::new("test_selection", "Tests chosen by what changed", "ci_cd", (2.0, 4.0, 7.0))
        .after(&["fast_pipeline", "test_pyramid"])
        .with_need("quality", 0.5)
        .with_need("developers", 0.5)
        .with_raise("pipeline_duration", 0.3, 1.0)
        .with_success_pattern("everything still runs before a release")
        .with_anti_pattern("selection that nobody checks against whole runs")
}

fn deploy_daily() -> InitiativeSpec {
    InitiativeSpec::new("deploy_daily", "Deployments every day", "ci_cd", (3.0, 5.0, 9.0))
        .after(&["deploy_pipeline"])
        .with_need("developers", 0.5)
        .with_need("platform", 0.5)
        .with_need("operations", 0.5)
        .with_raise("deployment_frequency", 0.5, 1.0)
        .with_done_when(at_least("deployment_frequency", "1", Unit::PerDay))
        .with_success_pattern("deploying and releasing are two decisions")
        .with_anti_pattern("a release train with a freeze behind it")
}

fn canary_releases() -> InitiativeSpec {
    InitiativeSpec::new(
        "canary_releases",
        "Canary releases with automatic rollback",
        "ci_cd",
        (4.0, 6.0, 10.0),
    )
    .after(&["deploy_pipeline", "service_objectives"])
    .with_need("platform", 1.0)
    .with_need("operations", 0.5)
    .with_raise("change_failure_rate", 0.4, 0.9)
    .with_raise("time_to_detect", 0.15, 0.9)
    .with_success_pattern("the canary is judged by objectives, not by eye")
    .with_anti_pattern("a canary that gets no traffic")
}

fn quality_gates() -> InitiativeSpec {
    InitiativeSpec::new("quality_gates", "Gates that judge every change", "ci_cd", (2.0, 3.0, 5.0))
        .after(&["ci_server"])
        .with_need("quality", 1.0)
        .with_need("platform", 0.25)
        .with_raise("change_failure_rate", 0.3, 0.7)
        .with_raise("build_success_rate", 0.1, 1.0)
        .with_done_when(at_most("change_failure_rate", "17", Unit::Percent))
        .with_success_pattern("few conditions, each with a reason and a way to pass")
        .with_anti_pattern("a gate that everybody overrides")
}
