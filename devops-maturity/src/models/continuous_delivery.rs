//! The way to continuous delivery, level by level.

use super::{principles, shipped};
use crate::{Aggregation, AnswerSetSpec, ItemSpec, LevelPolicy, Model, ModelSpec, NodeSpec};

/// What must hold: its level and the statement.
type Row = (u32, &'static str);

const BUILD: &[Row] = &[
    (1, "The build is one command that anybody can run."),
    (1, "Every commit is built on a clean machine."),
    (2, "Builds are kept, and every later stage uses the same one."),
    (2, "A broken main line is mended within the hour."),
    (3, "Times and causes of broken builds are measured and looked at."),
    (4, "The pipeline gives its verdict within ten minutes, whatever the size of the product."),
];

const TEST: &[Row] = &[
    (1, "Unit tests run in every build."),
    (2, "Acceptance tests run automatically before a release."),
    (2, "Tests are written with the change they check."),
    (3, "Performance and security are tested in the pipeline."),
    (3, "Flaky tests are counted and mended."),
    (4, "No defect reaches users that an earlier stage could have found, and each that does becomes a test."),
];

const ENVIRONMENTS: &[Row] = &[
    (1, "What is installed where is written down."),
    (2, "Environments are made from code under version control."),
    (3, "Drift between environments is found by itself."),
    (4, "An environment is made from nothing in minutes and thrown away after use."),
];

const DEPLOYMENT: &[Row] = &[
    (1, "A deployment follows written steps."),
    (2, "Deployments are automated, and the same in every environment."),
    (2, "A deployment can be taken back by one command."),
    (3, "Deployments need no downtime and no night shift."),
    (3, "Frequency, lead time and failures of deployments are measured."),
    (4, "Each change that passes goes to users at once, a few of them first."),
];

const DATA: &[Row] = &[
    (1, "Changes of the database are scripts under version control."),
    (2, "Changes of the database are part of every deployment."),
    (3, "Changes of the database are tested on data like that of production."),
    (3, "They can be taken back."),
    (4, "Databases change without a release having to wait, and without downtime."),
];

const VISIBILITY: &[Row] = &[
    (1, "Everybody can see whether the last build passed."),
    (2, "Everybody can see which version runs where."),
    (3, "The running product is monitored, and alerts ask for action."),
    (4, "What is learnt from users and from incidents changes the next week's work."),
];

/// Practices on the way to continuous delivery in six areas and four levels, in words of our own, after the
/// areas of Humble & Farley (2010): answered with no, partly or yes.
///
/// An area scores the sum of its levels' means (0 to 4), the whole their mean. A level is reached where every
/// practice of it, and of the levels below, is answered with yes: nothing makes up for a missing foundation.
///
/// ```
/// use devops_maturity::models;
///
/// let model = models::continuous_delivery();
/// assert_eq!(model.items().len(), 31);
/// assert_eq!(model.item("deployment.2.1").unwrap().title(), "Deployments are automated, and the same in every environment.");
/// ```
#[must_use]
pub fn continuous_delivery() -> Model {
    let answers = AnswerSetSpec::new("held")
        .with_option("no", "No", 0.0)
        .with_option("partly", "Partly", 0.5)
        .with_option("yes", "Yes", 1.0);
    let root = NodeSpec::new("delivery", "Continuous delivery")
        .with_level_policy(LevelPolicy::AllBelow { met: 1.0, empty: None })
        .with_node(area("build", "Build and integration", BUILD, "continuous_integration"))
        .with_node(area("test", "Testing", TEST, "automation"))
        .with_node(area("environments", "Environments", ENVIRONMENTS, "automation"))
        .with_node(area("deployment", "Deployment and release", DEPLOYMENT, "continuous_delivery"))
        .with_node(area("data", "Data", DATA, "continuous_delivery"))
        .with_node(area("visibility", "Visibility", VISIBILITY, "monitoring"));
    let spec = ModelSpec::new("continuous_delivery", "1.0.0", "The way to continuous delivery", root)
        .with_answer_set(answers)
        .with_level(1, "repeatable")
        .with_level(2, "consistent")
        .with_level(3, "measured")
        .with_level(4, "optimising");
    shipped(principles(spec))
}

/// Practices are named by area, level and place: `build.2.1`. A higher level costs more.
fn area(id: &str, title: &str, rows: &[Row], principle: &str) -> NodeSpec {
    let mut node = NodeSpec::new(id, title).with_aggregation(Aggregation::LevelSums);
    let mut place = (0, 0_u32);
    for (level, statement) in rows {
        place = (*level, if place.0 == *level { place.1.saturating_add(1) } else { 1 });
        let effort =
            [5.0, 15.0, 25.0, 40.0].into_iter().nth(usize::try_from(*level).unwrap_or(1).saturating_sub(1));
        let tag = alloc::format!("principle.{principle}");
        let mut item = ItemSpec::choice(alloc::format!("{id}.{level}.{}", place.1), *statement, "held")
            .with_level(*level)
            .with_effort(effort.unwrap_or(5.0))
            .with_principles(&[&tag]);
        // The last level is where what is learnt comes back.
        if *level == 4 && id == "visibility" {
            item = item.with_principles(&["principle.feedback", "principle.learning"]);
        }
        if *level == 4 && id == "deployment" {
            item = item.with_principles(&["principle.experimentation"]);
        }
        if *level > 1 {
            item = item.with_requirement(alloc::format!("{id}.{}.1", level.saturating_sub(1)));
        }
        node = node.with_item(item);
    }
    node
}
