//! Collaboration: work and learn across teams.

use devops_core::Unit;

use super::at_least;
use crate::initiative::InitiativeSpec;

/// The initiatives of the dimension.
pub(super) fn initiatives() -> [InitiativeSpec; 6] {
    [shared_toolchain(), inner_source(), joint_planning(), communities(), learning_hours(), rotation()]
}

fn shared_toolchain() -> InitiativeSpec {
    InitiativeSpec::new("shared_toolchain", "One supported tool chain", "collaboration", (4.0, 6.0, 10.0))
        .with_need("platform", 1.0)
        .with_need("coaching", 0.25)
        .with_raise("shared_tool_adoption", 0.4, 0.8)
        .with_done_when(at_least("shared_tool_adoption", "80", Unit::Percent))
        .with_success_pattern("a paved road that is easier than the others")
        .with_anti_pattern("tools by decree, without a migration path")
}

fn inner_source() -> InitiativeSpec {
    InitiativeSpec::new("inner_source", "Changes across teams are welcome", "collaboration", (4.0, 6.0, 10.0))
        .after(&["shared_toolchain", "version_everything"])
        .with_need("developers", 0.5)
        .with_need("coaching", 0.25)
        .with_raise("shared_tool_adoption", 0.2, 0.95)
        .with_raise("cross_team_projects", 0.3, 1.0)
        .with_success_pattern("every repository says how to contribute and who answers")
        .with_anti_pattern("tickets to another team instead of changes")
}

fn joint_planning() -> InitiativeSpec {
    InitiativeSpec::new("joint_planning", "Teams plan together", "collaboration", (2.0, 4.0, 6.0))
        .with_need("coaching", 0.5)
        .with_need("developers", 0.25)
        .with_raise("cross_team_projects", 0.4, 0.8)
        .with_raise("communication_score", 0.2, 0.8)
        .with_done_when(at_least("cross_team_projects", "4", Unit::Count))
        .with_success_pattern("dependencies are on one wall, each with two names")
        .with_anti_pattern("a planning day that ends in a slide")
}

fn communities() -> InitiativeSpec {
    InitiativeSpec::new("communities", "Communities of practice", "collaboration", (2.0, 3.0, 5.0))
        .with_need("coaching", 0.5)
        .with_raise("knowledge_sharing_events", 0.5, 0.8)
        .with_done_when(at_least("knowledge_sharing_events", "16", Unit::Count))
        .with_success_pattern("members set the agenda, and managers give the time")
        .with_anti_pattern("attendance by order")
}

fn learning_hours() -> InitiativeSpec {
    InitiativeSpec::new("learning_hours", "A learning hour every week", "collaboration", (1.0, 2.0, 3.0))
        .with_need("coaching", 0.25)
        .with_need("developers", 0.25)
        .with_raise("knowledge_sharing_events", 0.4, 1.0)
        .with_raise("communication_score", 0.1, 0.8)
        .with_success_pattern("what was learnt this week, by whoever learnt it")
        .with_anti_pattern("the hour that is cancelled under pressure")
}

fn rotation() -> InitiativeSpec {
    InitiativeSpec::new(
        "rotation",
        "Rotation between development and operations",
        "collaboration",
        (4.0, 6.0, 12.0),
    )
    .after(&["joint_planning"])
    .with_need("developers", 0.5)
    .with_need("operations", 0.5)
    .with_need("coaching", 0.25)
    .with_raise("communication_score", 0.3, 1.0)
    .with_raise("cross_team_projects", 0.2, 1.0)
    .with_done_when(at_least("communication_score", "8", Unit::Score))
    .with_success_pattern("a month at least, with a host")
    .with_anti_pattern("a visit without a task")
}
