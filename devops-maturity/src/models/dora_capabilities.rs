//! The capabilities that research found to drive delivery performance.

use super::{principles, shipped};
use crate::{AnswerSetSpec, GateSpec, ItemSpec, LevelPolicy, Model, ModelSpec, NodeSpec};

/// An item: its id, what it says, its principles, its effort in person-days, and what comes first.
type Row = (&'static str, &'static str, &'static [&'static str], f64, &'static [&'static str]);

const CLIMATE: &[Row] = &[
    (
        "blameless",
        "After an incident, people look for causes rather than for culprits.",
        &["principle.learning"],
        15.0,
        &[],
    ),
    ("learning_time", "Time for learning is planned and taken.", &["principle.learning"], 10.0, &[]),
    (
        "job_satisfaction",
        "People would recommend their team as a place to work.",
        &["principle.collaboration"],
        20.0,
        &[],
    ),
    (
        "team_autonomy",
        "Teams choose their tools and their way to a goal themselves.",
        &["principle.collaboration"],
        15.0,
        &[],
    ),
    (
        "experiments",
        "Teams try out ideas with users and keep what works.",
        &["principle.experimentation"],
        25.0,
        &["customer_feedback"],
    ),
    (
        "leadership",
        "Leaders explain where things go, and support people on the way.",
        &["principle.collaboration"],
        20.0,
        &[],
    ),
    (
        "documentation",
        "Documentation is found, is right, and is kept up with the code.",
        &["principle.learning"],
        15.0,
        &[],
    ),
    (
        "wellbeing",
        "Work can be done within working hours, deployments included.",
        &["principle.collaboration"],
        15.0,
        &[],
    ),
];

const FLOW: &[Row] = &[
    (
        "version_control",
        "Everything needed to build and run the product is under version control.",
        &["principle.continuous_integration"],
        10.0,
        &[],
    ),
    (
        "trunk_based",
        "Branches live less than a day before they are merged.",
        &["principle.continuous_integration"],
        25.0,
        &["version_control"],
    ),
    (
        "continuous_integration",
        "Each merge builds and tests the whole; a broken main line is mended first.",
        &["principle.continuous_integration"],
        25.0,
        &["version_control"],
    ),
    (
        "test_automation",
        "Automated tests find most regressions, and developers trust and keep them.",
        &["principle.automation"],
        60.0,
        &[],
    ),
    (
        "test_data",
        "Tests get the data they need at once, without anybody's help.",
        &["principle.automation"],
        20.0,
        &[],
    ),
    (
        "deployment_automation",
        "Deployments are a single automated step, the same in each environment.",
        &["principle.continuous_delivery", "principle.automation"],
        30.0,
        &["version_control"],
    ),
    (
        "database_changes",
        "Database changes are scripts that travel with the change that needs them.",
        &["principle.continuous_delivery"],
        20.0,
        &["deployment_automation"],
    ),
    (
        "loose_coupling",
        "A team can test and deploy its part without waiting for others.",
        &["principle.continuous_delivery"],
        80.0,
        &["test_automation"],
    ),
    (
        "small_batches",
        "Work is cut so that a piece is finished within a week.",
        &["principle.continuous_delivery"],
        15.0,
        &[],
    ),
    (
        "flexible_infrastructure",
        "Teams get and release infrastructure themselves within minutes.",
        &["principle.automation"],
        40.0,
        &[],
    ),
    (
        "shift_left_security",
        "Security is looked at in design and in every pipeline run.",
        &["principle.automation"],
        30.0,
        &[],
    ),
    (
        "streamlined_approval",
        "Changes are approved by a peer's review rather than by a board.",
        &["principle.continuous_delivery"],
        10.0,
        &[],
    ),
];

const FEEDBACK: &[Row] = &[
    (
        "monitoring",
        "The state of services and infrastructure is seen in one place by all.",
        &["principle.monitoring"],
        20.0,
        &[],
    ),
    (
        "observability",
        "A new question on the running system can be answered without a release.",
        &["principle.monitoring"],
        30.0,
        &["monitoring"],
    ),
    (
        "proactive_alerts",
        "Alerts come before users notice, and ask for action when they come.",
        &["principle.monitoring", "principle.feedback"],
        20.0,
        &["monitoring"],
    ),
    (
        "customer_feedback",
        "What users say reaches the team within days and changes what is built.",
        &["principle.feedback", "principle.experimentation"],
        20.0,
        &[],
    ),
    (
        "visible_work",
        "What is in work, and how much of it at once, is visible and limited.",
        &["principle.feedback"],
        10.0,
        &[],
    ),
    (
        "value_stream",
        "The way of a change from idea to user is known and is looked at.",
        &["principle.feedback"],
        15.0,
        &[],
    ),
];

/// The capabilities of the DORA research programme as statements, in words of our own: does this hold never,
/// rarely, half of the time, mostly or always?
///
/// The capabilities and their three groups (climate for learning, fast flow, fast feedback) are those that the
/// programme found to predict delivery performance (Forsgren, Humble & Kim 2018, and the yearly reports since).
/// Each group is the mean of its statements on a scale of 0 to 10 and weighs the same. The levels (established
/// from 6, strong from 8) are ours: the programme ranks capabilities and gives no levels. A level is held back
/// where a group is more than one level behind.
///
/// ```
/// use devops_maturity::models;
///
/// let model = models::dora_capabilities();
/// assert_eq!(model.items().len(), 26);
/// assert_eq!(model.level_name(3), "established");
/// ```
#[must_use]
pub fn dora_capabilities() -> Model {
    let frequency = AnswerSetSpec::new("frequency")
        .with_option("never", "Never", 0.0)
        .with_option("rarely", "Rarely", 0.25)
        .with_option("half", "Half of the time", 0.5)
        .with_option("mostly", "Mostly", 0.75)
        .with_option("always", "Always", 1.0);
    let root = NodeSpec::new("capabilities", "DORA capabilities")
        .with_level_policy(LevelPolicy::thresholds(&[(1, 0.0), (2, 4.0), (3, 6.0), (4, 8.0)]))
        .with_gate(GateSpec { allowance: 1 })
        .with_node(group("climate_for_learning", "Climate for learning", CLIMATE))
        .with_node(group("fast_flow", "Fast flow", FLOW))
        .with_node(group("fast_feedback", "Fast feedback", FEEDBACK));
    let spec =
        ModelSpec::new("dora_capabilities", "1.0.0", "Capabilities that drive delivery performance", root)
            .with_scale(10.0)
            .with_answer_set(frequency)
            .with_level(1, "emerging")
            .with_level(2, "developing")
            .with_level(3, "established")
            .with_level(4, "strong");
    shipped(principles(spec))
}

fn group(id: &str, title: &str, rows: &[Row]) -> NodeSpec {
    rows.iter().fold(NodeSpec::new(id, title), |node, (id, statement, principles, effort, requires)| {
        let item =
            ItemSpec::choice(*id, *statement, "frequency").with_effort(*effort).with_principles(principles);
        node.with_item(requires.iter().fold(item, |item, first| item.with_requirement(*first)))
    })
}
