//! The areas that ship with the crate.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::Comparison::{self, AtLeast, AtMost};
use devops_core::GoodDirection::{self, Down, Up};
use devops_core::{Criterion, Decimal, MetricId, Unit, metric};

use super::library::{Action, Area, Note, Template};
use super::{Category, Guardrail, Level, Margin, ProposalKind};
use Level::{High, Low, Medium};

type Texts = &'static [&'static str];
/// Id behind that of the area, and text.
type Notes = &'static [(&'static str, &'static str)];

struct Data {
    metric: &'static str,
    title: &'static str,
    category: Category,
    unit: Unit,
    good: GoodDirection,
    causes: Notes,
    effects: Notes,
    /// Id, text, effort, stage.
    actions: &'static [(&'static str, &'static str, Level, &'static str)],
    /// Kind, effort, impact.
    nature: (ProposalKind, Level, Level),
    proposer: &'static str,
    stakeholders: Texts,
    proposal: &'static str,
    solution: &'static str,
    pain_points: Texts,
    benefits: Texts,
    success: &'static [(&'static str, Comparison, u32, Unit)],
    /// A metric and by how many percent of its earlier value it may get worse.
    guardrails: &'static [(&'static str, Unit, GoodDirection, u32)],
    predicted: (u32, u32),
}

const AREAS: [Data; 8] = [
    Data {
        metric: metric::DEPLOYMENT_FREQUENCY,
        title: "deployment frequency",
        category: Category::Throughput,
        unit: Unit::PerMonth,
        good: Up,
        causes: &[
            ("cause.large_units", "what is deployed together is too large to be deployed often"),
            ("cause.slow_pipeline", "the way from merge to production takes too long to be walked often"),
            ("cause.unfinished_work", "work that is not finished holds back what is"),
        ],
        effects: &[
            ("effect.late_feedback", "users see a change long after it was made"),
            ("effect.large_batches", "many changes go out at once, so a failure has many suspects"),
        ],
        actions: &[
            ("split_services", "split services finer, so that each can be deployed alone", High, ""),
            ("faster_pipeline", "speed up the CI/CD pipeline", Medium, "release"),
            ("feature_toggles", "put unfinished work behind feature toggles", Low, ""),
        ],
        nature: (ProposalKind::Process, Medium, High),
        proposer: "DevOps team",
        stakeholders: &["development", "operations", "product"],
        proposal: "Raise deployment frequency and efficiency from {current} to {target} a month",
        solution: "An automated, parallel deployment pipeline with fast rollback.",
        pain_points: &[
            "releases are complex and slow",
            "many steps are manual",
            "deployments cannot run in parallel",
        ],
        benefits: &[
            "features arrive sooner",
            "a deployment carries less risk",
            "the team works more efficiently",
        ],
        success: &[
            ("deployment_duration", AtMost, 15, Unit::Minutes),
            ("deployment_success_rate", AtLeast, 95, Unit::Percent),
        ],
        guardrails: &[(metric::CHANGE_FAILURE_RATE, Unit::Percent, Down, 25)],
        predicted: (20, 80),
    },
    Data {
        metric: metric::RECOVERY_TIME,
        title: "recovery time",
        category: Category::Stability,
        unit: Unit::Minutes,
        good: Down,
        causes: &[
            ("cause.late_detection", "users notice a failure before the team does"),
            ("cause.manual_recovery", "recovery waits for somebody who knows how"),
            ("cause.no_way_back", "the earlier version cannot be put back at once"),
        ],
        effects: &[
            ("effect.interruption", "users are without the service for long"),
            ("effect.fear", "people avoid deployments, which makes each of them larger"),
        ],
        actions: &[
            ("detection", "detect failures automatically", Medium, ""),
            ("rollback", "make rollback fast and a single step", Medium, ""),
            ("alerting", "improve monitoring and alerting", Low, ""),
        ],
        nature: (ProposalKind::Technical, High, High),
        proposer: "SRE team",
        stakeholders: &["operations", "development", "business"],
        proposal: "Shorten the mean time to recover from {current} to {target} minutes",
        solution: "Automated failure detection and recovery.",
        pain_points: &["detection is slow", "recovery is manual", "nothing rolls back by itself"],
        benefits: &["less interruption", "higher availability", "less load on operations"],
        success: &[
            ("automatic_recovery", AtLeast, 80, Unit::Percent),
            ("time_to_detect", AtMost, 5, Unit::Minutes),
        ],
        guardrails: &[(metric::CHANGE_FAILURE_RATE, Unit::Percent, Down, 25)],
        predicted: (20, 80),
    },
    Data {
        metric: metric::CHANGE_FAILURE_RATE,
        title: "change failure rate",
        category: Category::Stability,
        unit: Unit::Percent,
        good: Down,
        causes: &[
            ("cause.thin_review", "changes are merged with little review"),
            ("cause.thin_tests", "tests do not cover what breaks"),
            ("cause.all_at_once", "a change reaches all users at once"),
        ],
        effects: &[
            ("effect.unplanned_work", "unplanned work pushes planned work aside"),
            ("effect.lost_trust", "users and managers stop trusting releases"),
        ],
        actions: &[
            ("review", "review code more strictly", Low, ""),
            ("tests", "automate more tests", Medium, ""),
            ("progressive_delivery", "deliver progressively: canary first, then everybody", Medium, ""),
        ],
        nature: (ProposalKind::Process, Medium, High),
        proposer: "development team",
        stakeholders: &["development", "quality assurance", "operations"],
        proposal: "Lower the change failure rate from {current} % to {target} %",
        solution: "Reviews by somebody who knows the code, tests for what broke before, and canary releases.",
        pain_points: &["failures are found by users", "the same kind of failure comes back"],
        benefits: &["fewer interruptions", "less unplanned work", "releases that nobody dreads"],
        success: &[("test_coverage", AtLeast, 80, Unit::Percent)],
        guardrails: &[(metric::CHANGE_LEAD_TIME, Unit::Hours, Down, 25)],
        predicted: (20, 80),
    },
    Data {
        metric: metric::CHANGE_LEAD_TIME,
        title: "lead time",
        category: Category::Throughput,
        unit: Unit::Hours,
        good: Down,
        causes: &[
            ("cause.approvals", "a change waits for approvals that seldom say no"),
            ("cause.hand_overs", "work is handed over and waits each time"),
            ("cause.queues", "finished changes wait for the next release"),
        ],
        effects: &[
            ("effect.slow_answers", "the team cannot answer a need, or a vulnerability, in time"),
            ("effect.stale_changes", "changes grow old and conflict"),
        ],
        actions: &[
            ("fewer_approvals", "ask for fewer approvals", Low, "review"),
            ("parallel_work", "work in parallel where steps do not need each other", Medium, "coding"),
            ("less_waiting", "remove the waiting between steps", Medium, "release"),
        ],
        nature: (ProposalKind::Process, Medium, Medium),
        proposer: "development team",
        stakeholders: &["development", "operations", "product"],
        proposal: "Shorten the lead time for changes from {current} to {target} hours",
        solution: "Fewer approvals, work in parallel, and a release for every merged change.",
        pain_points: &["changes wait longer than they are worked on", "approvals are a formality"],
        benefits: &["faster answers to users", "smaller and safer changes", "less work in progress"],
        success: &[],
        guardrails: &[(metric::CHANGE_FAILURE_RATE, Unit::Percent, Down, 25)],
        predicted: (20, 80),
    },
    Data {
        metric: metric::REWORK_RATE,
        title: "deployment rework rate",
        category: Category::Stability,
        unit: Unit::Percent,
        good: Down,
        causes: &[
            ("cause.unclear_needs", "what is built is not what was needed"),
            ("cause.escaped_defects", "defects leave the team unnoticed"),
        ],
        effects: &[
            ("effect.less_new", "deployments repair instead of bringing something new"),
            ("effect.interrupted_plans", "plans are interrupted by fixes"),
        ],
        actions: &[
            ("examples_first", "agree on examples of what is wanted before building it", Low, "coding"),
            ("defect_reviews", "look for the cause of every unplanned deployment", Low, ""),
            ("contract_tests", "test the contracts between services", Medium, ""),
        ],
        nature: (ProposalKind::Process, Medium, Medium),
        proposer: "development team",
        stakeholders: &["development", "product", "quality assurance"],
        proposal: "Lower the share of unplanned deployments from {current} % to {target} %",
        solution: "Examples before code, a short review of every unplanned deployment, and contract tests.",
        pain_points: &["fixes follow releases", "plans do not hold"],
        benefits: &["more time for what is planned", "fewer surprises for users"],
        success: &[],
        guardrails: &[(metric::CHANGE_LEAD_TIME, Unit::Hours, Down, 25)],
        predicted: (20, 70),
    },
    Data {
        metric: metric::BATCH_SIZE,
        title: "batch size",
        category: Category::Flow,
        unit: Unit::Count,
        good: Down,
        causes: &[
            ("cause.costly_release", "a release costs so much that changes are saved up for it"),
            ("cause.large_tasks", "tasks are cut too large"),
        ],
        effects: &[
            ("effect.hard_diagnosis", "a failure has as many suspects as the batch has changes"),
            ("effect.long_wait", "the first change of a batch waits for the last"),
        ],
        actions: &[
            ("release_each_merge", "release every merged change", Medium, "release"),
            ("small_tasks", "cut tasks so that each is merged within a day", Low, "coding"),
            ("trunk", "work on the trunk, with branches of hours", Medium, "review"),
        ],
        nature: (ProposalKind::Process, Medium, Medium),
        proposer: "development team",
        stakeholders: &["development", "operations"],
        proposal: "Carry {target} changes in a deployment instead of {current}",
        solution: "Tasks of a day, work on the trunk, and a release for every merged change.",
        pain_points: &["releases carry many changes", "after a failure everybody searches"],
        benefits: &["failures with few suspects", "changes that do not wait for each other"],
        success: &[],
        guardrails: &[(metric::CHANGE_FAILURE_RATE, Unit::Percent, Down, 25)],
        predicted: (20, 80),
    },
    Data {
        metric: metric::REVIEW_TIME,
        title: "review time",
        category: Category::Flow,
        unit: Unit::Hours,
        good: Down,
        causes: &[
            ("cause.few_reviewers", "few people may review, and they are busy"),
            ("cause.large_changes", "changes are too large to be reviewed in one sitting"),
        ],
        effects: &[
            ("effect.context_lost", "author and reviewer have forgotten the change when they talk about it"),
            ("effect.queue", "open reviews pile up"),
        ],
        actions: &[
            ("first_look", "agree that a review gets a first look within half a day", Low, "review"),
            ("small_changes", "split changes above 400 lines", Low, "review"),
            (
                "more_reviewers",
                "share the knowledge of the code, so that more people can review",
                Medium,
                "review",
            ),
        ],
        nature: (ProposalKind::Culture, Low, Medium),
        proposer: "development team",
        stakeholders: &["development"],
        proposal: "Shorten reviews from {current} to {target} hours",
        solution: "A first look within half a day, small changes, and more people who can review.",
        pain_points: &["changes wait for reviewers", "reviews of large changes are shallow"],
        benefits: &["shorter lead time", "better reviews"],
        success: &[],
        guardrails: &[(metric::CHANGE_FAILURE_RATE, Unit::Percent, Down, 25)],
        predicted: (30, 90),
    },
    Data {
        metric: metric::FLAKY_TESTS,
        title: "flaky tests",
        category: Category::Quality,
        unit: Unit::Percent,
        good: Down,
        causes: &[
            ("cause.shared_state", "tests share state or depend on their order"),
            ("cause.time", "tests depend on clocks, sleeps or the network"),
        ],
        effects: &[
            ("effect.ignored_failures", "people run failed tests again instead of reading them"),
            ("effect.slow_merges", "merges wait for repeated runs"),
        ],
        actions: &[
            (
                "quarantine",
                "take a flaky test out of the gate at once, with an owner and a date",
                Low,
                "review",
            ),
            ("isolation", "give every test its own state", Medium, ""),
            ("clocks", "pass clocks and networks into what is tested", Medium, ""),
        ],
        nature: (ProposalKind::Technical, Medium, Medium),
        proposer: "development team",
        stakeholders: &["development", "quality assurance"],
        proposal: "Lower the share of flaky test runs from {current} % to {target} %",
        solution: "Quarantine with an owner and a date, then tests with state and clocks of their own.",
        pain_points: &["red does not mean broken", "pipelines are run twice"],
        benefits: &["failures that people believe", "shorter pipelines"],
        success: &[],
        guardrails: &[(metric::CHANGE_FAILURE_RATE, Unit::Percent, Down, 25)],
        predicted: (30, 90),
    },
];

pub(super) fn areas() -> Vec<Area> {
    AREAS.iter().filter_map(area).collect()
}

/// `None` for a metric id that is none, which the tests exclude.
fn area(data: &Data) -> Option<Area> {
    let full = |id: &str| alloc::format!("{}.{id}", data.metric);
    let notes = |notes: Notes| {
        notes.iter().map(|(id, text)| Note { id: full(id), text: (*text).to_string() }).collect::<Vec<_>>()
    };
    let action = |(id, text, effort, stage): &(&str, &str, Level, &str)| Action {
        id: full(id),
        text: (*text).to_string(),
        effort: *effort,
        relieves: Some((*stage).to_string()).filter(|s| !s.is_empty()),
    };
    Some(Area {
        metric: MetricId::new(data.metric).ok()?,
        title: data.title.to_string(),
        category: data.category,
        unit: data.unit,
        good: data.good,
        causes: notes(data.causes),
        effects: notes(data.effects),
        actions: data.actions.iter().map(action).collect(),
        proposal: template(data),
    })
}

fn template(data: &Data) -> Template {
    let criterion = |(id, comparison, value, unit): &(&str, Comparison, u32, Unit)| {
        Some(Criterion::new(MetricId::new(id).ok()?, *comparison, Decimal::from(u64::from(*value)), *unit))
    };
    let guardrail = |(id, unit, good, percent): &(&str, Unit, GoodDirection, u32)| {
        let margin = Margin::Percent { percent: (*percent).into() };
        Some(Guardrail { metric: MetricId::new(id).ok()?, unit: *unit, good: *good, margin })
    };
    Template {
        kind: data.nature.0,
        effort: data.nature.1,
        impact: data.nature.2,
        proposer: data.proposer.to_string(),
        stakeholders: owned(data.stakeholders),
        title: data.proposal.to_string(),
        solution: data.solution.to_string(),
        pain_points: owned(data.pain_points),
        benefits: owned(data.benefits),
        success: data.success.iter().filter_map(criterion).collect(),
        guardrails: data.guardrails.iter().filter_map(guardrail).collect(),
        predicted_from: data.predicted.0,
        predicted_to: data.predicted.1,
    }
}

fn owned(texts: Texts) -> Vec<String> {
    texts.iter().map(|t| (*t).to_string()).collect()
}
