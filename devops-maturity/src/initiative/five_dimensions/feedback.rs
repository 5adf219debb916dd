//! Feedback: what is learnt comes back into the work.

use devops_core::Unit;

use super::{at_least, at_most};
use crate::initiative::InitiativeSpec;

/// The initiatives of the dimension.
pub(super) fn initiatives() -> [InitiativeSpec; 8] {
    [
        review_agreement(),
        small_changes(),
        retrospectives(),
        incident_reviews(),
        incident_actions(),
        product_telemetry(),
        user_panel(),
        experiments(),
    ]
}

fn review_agreement() -> InitiativeSpec {
    InitiativeSpec::new("review_agreement", "Reviews within half a day", "feedback", (1.0, 2.0, 4.0))
        .with_need("developers", 0.25)
        .with_need("coaching", 0.25)
        .with_raise("review_time", 0.5, 0.8)
        .with_done_when(at_most("review_time", "17", Unit::Hours))
        .with_success_pattern("review before new work")
        .with_anti_pattern("a reviewer who is also the only approver")
}

fn small_changes() -> InitiativeSpec {
    InitiativeSpec::new("small_changes", "Changes small enough to review", "feedback", (2.0, 3.0, 5.0))
        .after(&["review_agreement"])
        .with_need("developers", 0.5)
        .with_raise("review_time", 0.3, 1.0)
        .with_raise("change_failure_rate", 0.1, 0.8)
        .with_done_when(at_most("review_time", "6", Unit::Hours))
        .with_success_pattern("one reason a change")
        .with_anti_pattern("changes of a thousand lines on a Friday")
}

fn retrospectives() -> InitiativeSpec {
    InitiativeSpec::new("retrospectives", "Retrospectives with owners and dates", "feedback", (2.0, 3.0, 5.0))
        .with_need("coaching", 0.5)
        .with_need("developers", 0.25)
        .with_raise("retrospective_actions_done", 0.5, 0.8)
        .with_done_when(at_least("retrospective_actions_done", "80", Unit::Percent))
        .with_success_pattern("two actions, and they are planned like work")
        .with_anti_pattern("the same complaint every fortnight")
}

fn incident_reviews() -> InitiativeSpec {
    InitiativeSpec::new("incident_reviews", "Blameless reviews of incidents", "feedback", (2.0, 3.0, 5.0))
        .with_need("operations", 0.5)
        .with_need("coaching", 0.25)
        .with_raise("post_incident_reviews_done", 0.6, 0.9)
        .with_raise("communication_score", 0.1, 0.9)
        .with_done_when(at_least("post_incident_reviews_done", "90", Unit::Percent))
        .with_success_pattern("what made it look right at the time")
        .with_anti_pattern("the name of a person as root cause")
}

fn incident_actions() -> InitiativeSpec {
    InitiativeSpec::new("incident_actions", "Actions of reviews are tracked", "feedback", (1.0, 2.0, 4.0))
        .after(&["incident_reviews", "retrospectives"])
        .with_need("coaching", 0.25)
        .with_need("operations", 0.25)
        .with_raise("retrospective_actions_done", 0.25, 1.0)
        .with_raise("post_incident_reviews_done", 0.2, 1.0)
        .with_success_pattern("open actions are on the wall of the team")
        .with_anti_pattern("a list of fifty actions")
}

fn product_telemetry() -> InitiativeSpec {
    InitiativeSpec::new("product_telemetry", "Use is measured in the product", "feedback", (3.0, 5.0, 8.0))
        .with_need("developers", 1.0)
        .with_raise("user_feedback_loop", 0.5, 0.8)
        .with_done_when(at_most("user_feedback_loop", "24", Unit::Days))
        .with_success_pattern("the question comes before the event")
        .with_anti_pattern("everything is recorded and nothing is asked")
}

fn user_panel() -> InitiativeSpec {
    InitiativeSpec::new("user_panel", "Users are asked every month", "feedback", (2.0, 3.0, 6.0))
        .with_need("coaching", 0.25)
        .with_need("quality", 0.5)
        .with_raise("user_feedback_loop", 0.3, 0.9)
        .with_success_pattern("developers are in the room")
        .with_anti_pattern("surveys that only reach friends")
}

fn experiments() -> InitiativeSpec {
    InitiativeSpec::new("experiments", "Experiments with a control group", "feedback", (4.0, 6.0, 10.0))
        .after(&["feature_flags", "product_telemetry"])
        .with_need("developers", 1.0)
        .with_need("quality", 0.25)
        .with_raise("user_feedback_loop", 0.3, 1.0)
        .with_success_pattern("the measure and the end are written down before")
        .with_anti_pattern("stopping when it looks good")
}
