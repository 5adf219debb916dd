//! Automation: deployments, tests, infrastructure and monitoring that run by themselves.

use devops_core::Unit;

use super::at_least;
use crate::initiative::InitiativeSpec;

/// The initiatives of the dimension.
pub(super) fn initiatives() -> [InitiativeSpec; 10] {
    [
        version_everything(),
        deploy_command(),
        deploy_pipeline(),
        test_pyramid(),
        contract_tests(),
        test_data(),
        infrastructure_modules(),
        environments_on_demand(),
        monitoring_agents(),
        monitoring_as_code(),
    ]
}

fn version_everything() -> InitiativeSpec {
    InitiativeSpec::new("version_everything", "Everything in version control", "automation", (2.0, 3.0, 5.0))
        .with_need("developers", 1.0)
        .with_need("platform", 0.5)
        .with_raise("infrastructure_as_code_coverage", 0.2, 0.25)
        .with_raise("automated_deployments", 0.1, 0.2)
        .with_done_when(at_least("infrastructure_as_code_coverage", "25", Unit::Percent))
        .with_success_pattern("configuration and schemas live beside the code that needs them")
        .with_anti_pattern("servers are still changed by hand, and the repository drifts")
}

fn deploy_command() -> InitiativeSpec {
    InitiativeSpec::new("deploy_command", "One command deploys a service", "automation", (3.0, 4.0, 7.0))
        .after(&["version_everything"])
        .with_need("platform", 1.0)
        .with_need("developers", 0.5)
        .with_raise("automated_deployments", 0.4, 0.5)
        .with_done_when(at_least("automated_deployments", "50", Unit::Percent))
        .with_success_pattern("the same command runs on a laptop and in the pipeline")
        .with_anti_pattern("every team writes a deploy script of its own")
}

fn deploy_pipeline() -> InitiativeSpec {
    InitiativeSpec::new("deploy_pipeline", "A pipeline deploys every service", "automation", (4.0, 6.0, 10.0))
        .after(&["deploy_command", "ci_server"])
        .with_need("platform", 1.5)
        .with_need("developers", 0.5)
        .with_raise("automated_deployments", 0.5, 0.95)
        .with_raise("deployment_frequency", 0.25, 0.75)
        .with_done_when(at_least("automated_deployments", "90", Unit::Percent))
        .with_success_pattern("one template, owned by one team, used by all")
        .with_anti_pattern("a manual approval behind every stage")
}

fn test_pyramid() -> InitiativeSpec {
    InitiativeSpec::new("test_pyramid", "A pyramid of automated tests", "automation", (6.0, 8.0, 14.0))
        .after(&["ci_server"])
        .with_need("developers", 1.5)
        .with_need("quality", 1.0)
        .with_raise("automated_test_coverage", 0.35, 0.7)
        .with_done_when(at_least("automated_test_coverage", "70", Unit::Percent))
        .with_success_pattern("new code comes with its tests, old code where it is touched")
        .with_anti_pattern("coverage as a target: tests that assert nothing")
}

fn contract_tests() -> InitiativeSpec {
    InitiativeSpec::new(
        "contract_tests",
        "Contracts between services are tested",
        "automation",
        (3.0, 5.0, 8.0),
    )
    .after(&["test_pyramid"])
    .with_need("developers", 1.0)
    .with_need("quality", 0.5)
    .with_raise("automated_test_coverage", 0.15, 0.85)
    .with_raise("change_failure_rate", 0.15, 0.9)
    .with_success_pattern("consumers write the contract, providers run it")
    .with_anti_pattern("one shared end-to-end environment that everybody waits for")
}

fn test_data() -> InitiativeSpec {
    InitiativeSpec::new("test_data", "Test data on demand", "automation", (3.0, 4.0, 8.0))
        .after(&["test_pyramid"])
        .with_need("quality", 1.0)
        .with_need("developers", 0.5)
        .with_raise("automated_test_coverage", 0.15, 0.85)
        .with_success_pattern("data is generated from its schema")
        .with_anti_pattern("copies of production data in every environment")
}

fn infrastructure_modules() -> InitiativeSpec {
    InitiativeSpec::new(
        "infrastructure_modules",
        "Shared infrastructure modules",
        "automation",
        (4.0, 6.0, 10.0),
    )
    .after(&["version_everything"])
    .with_need("platform", 1.5)
    .with_raise("infrastructure_as_code_coverage", 0.4, 0.65)
    .with_done_when(at_least("infrastructure_as_code_coverage", "65", Unit::Percent))
    .with_success_pattern("modules have versions, owners and tests")
    .with_anti_pattern("one module with a hundred switches")
}

fn environments_on_demand() -> InitiativeSpec {
    InitiativeSpec::new("environments_on_demand", "Environments on demand", "automation", (4.0, 6.0, 9.0))
        .after(&["infrastructure_modules"])
        .with_need("platform", 1.0)
        .with_need("operations", 0.5)
        .with_raise("infrastructure_as_code_coverage", 0.3, 0.95)
        .with_raise("pipeline_duration", 0.1, 0.9)
        .with_done_when(at_least("infrastructure_as_code_coverage", "90", Unit::Percent))
        .with_success_pattern("an environment lives as long as its change")
        .with_anti_pattern("long-lived staging that nobody dares to touch")
}

fn monitoring_agents() -> InitiativeSpec {
    InitiativeSpec::new("monitoring_agents", "Every service is monitored", "automation", (2.0, 3.0, 5.0))
        .with_need("operations", 1.0)
        .with_raise("automated_monitoring_coverage", 0.5, 0.7)
        .with_done_when(at_least("automated_monitoring_coverage", "70", Unit::Percent))
        .with_success_pattern("a new service is monitored by being deployed")
        .with_anti_pattern("dashboards built by hand, one a service")
}

fn monitoring_as_code() -> InitiativeSpec {
    InitiativeSpec::new("monitoring_as_code", "Monitoring as code", "automation", (3.0, 4.0, 7.0))
        .after(&["monitoring_agents", "version_everything"])
        .with_need("operations", 1.0)
        .with_need("platform", 0.5)
        .with_raise("automated_monitoring_coverage", 0.4, 1.0)
        .with_raise("alert_precision", 0.1, 0.8)
        .with_done_when(at_least("automated_monitoring_coverage", "95", Unit::Percent))
        .with_success_pattern("rules and dashboards are reviewed like code")
        .with_anti_pattern("generated alerts that nobody has read")
}
