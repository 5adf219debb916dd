//! The five dimensions: the classic numbers where the classic form is right, and what is said where it is not.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests may panic")]

use devops_core::{Measure, MetricId, Timestamp, Unit, Value};
use devops_maturity::{Answers, Assessment, Observation, assess, models};
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-11-25T00:00:00Z".parse().unwrap()
}

fn measure(metric: &str, value: Value) -> Observation {
    let model = models::five_dimensions();
    let unit = model.item(metric).unwrap().unit().unwrap();
    Observation::new(Measure::new(MetricId::new(metric).unwrap(), value, unit), now())
}

fn number(metric: &str, value: f64) -> Observation {
    measure(metric, Value::number_or_missing(value))
}

fn part(metric: &str, part: u64, whole: u64) -> Observation {
    measure(metric, Value::Fraction { part, whole })
}

fn run(observations: Vec<Observation>) -> Result<Assessment, String> {
    let model = models::five_dimensions();
    let answers = observations.into_iter().fold(Answers::new(&model, "checkout"), Answers::with_observation);
    assess(&model, &answers, now()).map_err(|e| e.to_string())
}

fn point(assessment: &Assessment, node: &str) -> String {
    assessment.node(node).unwrap().score.as_ref().map_or("none".into(), ToString::to_string)
}

/// The level's name and the gated level's name.
fn levels(assessment: &Assessment) -> (String, String) {
    let model = models::five_dimensions();
    let level = assessment.root().level.as_ref().unwrap();
    let name = |level: Option<u32>| level.map_or("unknown".into(), |l| model.level_name(l).to_owned());
    (name(level.ungated.point), name(level.gated.unwrap().point))
}

/// All twenty measures, so that each dimension scores what is asked, in steps that its measures can show.
fn team(collaboration: f64, automation: f64, ci_cd: f64, monitoring: f64, feedback: f64) -> Vec<Observation> {
    let best = |worst: f64, best: f64, score: f64| worst + (best - worst) * score / 10.0;
    // The frequency has steps; the others make up for it.
    let (frequency, rest) = if ci_cd == 10.0 { (1.0, 10.0) } else { (0.0, ci_cd * 4.0 / 3.0) };
    vec![
        number("cross_team_projects", collaboration / 2.0),
        number("shared_tool_adoption", collaboration * 10.0),
        number("knowledge_sharing_events", collaboration * 2.0),
        number("communication_score", collaboration),
        number("automated_deployments", automation * 10.0),
        number("automated_test_coverage", automation * 10.0),
        number("infrastructure_as_code_coverage", automation * 10.0),
        number("automated_monitoring_coverage", automation * 10.0),
        number("build_success_rate", best(50.0, 95.0, rest)),
        number("trunk_based_share", rest * 10.0),
        number("pipeline_duration", best(60.0, 10.0, rest)),
        number("deployment_frequency", frequency),
        number("change_failure_rate", best(45.0, 5.0, rest)),
        number("slo_coverage", monitoring * 10.0),
        number("alert_precision", monitoring * 10.0),
        number("time_to_detect", best(240.0, 5.0, monitoring)),
        number("review_time", best(72.0, 4.0, feedback)),
        number("retrospective_actions_done", feedback * 10.0),
        number("post_incident_reviews_done", feedback * 10.0),
        number("user_feedback_loop", best(90.0, 7.0, feedback)),
    ]
}

#[test]
fn the_classic_numbers() {
    // 10 × (0.3 · min(3/5, 1) + 0.3 · 0.8 + 0.2 · min(30/20, 1) + 0.2 · 0.7)
    let collaboration = run(vec![
        number("cross_team_projects", 3.0),
        number("shared_tool_adoption", 80.0),
        number("knowledge_sharing_events", 30.0),
        number("communication_score", 7.0),
    ]);
    assert_eq!(point(&collaboration.unwrap(), "collaboration"), "7.6");
    // 10 × (0.3 · 45/60 + 0.3 · 0.62 + 0.2 · 0.9 + 0.2 · 0.55)
    let automation = run(vec![
        part("automated_deployments", 45, 60),
        number("automated_test_coverage", 62.0),
        number("infrastructure_as_code_coverage", 90.0),
        number("automated_monitoring_coverage", 55.0),
    ]);
    assert_eq!(point(&automation.unwrap(), "automation"), "7.01");
    for (scores, overall, level) in [
        ([10.0, 10.0, 10.0, 10.0, 10.0], "10", "optimized"),
        ([8.0, 8.0, 10.0, 8.0, 8.0], "8.4", "quantified"),
        ([6.0, 8.0, 10.0, 4.0, 2.0], "6.4", "defined"),
        ([4.0, 4.0, 0.0, 4.0, 4.0], "3.2", "managed"),
        ([2.0, 2.0, 0.0, 2.0, 2.0], "1.6", "initial"),
    ] {
        let [a, b, c, d, e] = scores;
        let assessment = run(team(a, b, c, d, e)).unwrap();
        assert_eq!(point(&assessment, "overall"), overall);
        assert_eq!(levels(&assessment).0, level);
        assert!(assessment.root().score.as_ref().unwrap().is_certain());
    }
}

/// One row for each quirk of the classic form: what is put in, and what must come of it.
#[test]
fn the_quirks_of_the_classic_form_are_gone() {
    let rest = || {
        vec![
            number("automated_test_coverage", 50.0),
            number("infrastructure_as_code_coverage", 50.0),
            number("automated_monitoring_coverage", 50.0),
        ]
    };
    let with = |observation| run(rest().into_iter().chain([observation]).collect());

    // 0 of 0 deployments: does not apply, and the weights are shared among the others.
    let none = with(part("automated_deployments", 0, 0)).unwrap();
    assert_eq!(point(&none, "automation"), "5");
    assert_eq!(none.node("automation").unwrap().score.as_ref().unwrap().not_applicable_share.get(), 0.25);

    // A missing total: unknown, with bounds; not a perfect score.
    let missing = measure("automated_deployments", Value::Missing { reason: "no total".into() });
    assert_eq!(point(&with(missing).unwrap(), "automation"), "5 (3.5 to 6.5)");

    // The same for a measure that is not there at all.
    assert_eq!(point(&run(rest()).unwrap(), "automation"), "5 (3.5 to 6.5)");

    for (observation, message) in [
        // A part larger than its whole.
        (
            part("automated_deployments", 12, 10),
            "observations[3]: automated_deployments `12 of 10` has a part larger than its whole",
        ),
        // Each input is checked, not only the outer sum.
        (number("communication_score", 11.0), "observations[3]: communication_score `11` is outside 0 to 10"),
        (
            number("cross_team_projects", -1.0),
            "observations[3]: cross_team_projects `-1` is outside 0 and above",
        ),
        (
            number("shared_tool_adoption", 1e9),
            "observations[3]: shared_tool_adoption `1000000000` is outside 0 to 100 %",
        ),
        // A fraction where a percent is meant: the unit is part of the measure.
        (
            Observation::new(
                Measure::number("shared_tool_adoption".parse().unwrap(), 0.8, Unit::Ratio).unwrap(),
                now(),
            ),
            "observations[3]: shared_tool_adoption is given in ratio: expected percent",
        ),
    ] {
        assert_eq!(with(observation).unwrap_err(), message);
    }

    // NaN is no level: it cannot be a measure, and read as a missing value it is unknown.
    assert!(Measure::number("communication_score".parse().unwrap(), f64::NAN, Unit::Score).is_err());
    let nan = run(vec![number("communication_score", f64::NAN)]).unwrap();
    assert_eq!(levels(&nan), ("unknown".into(), "unknown".into()));

    // 10/10/10/0/0: the score stays, the gated level beside it tells what is missing.
    let lopsided = run(team(10.0, 10.0, 10.0, 0.0, 0.0)).unwrap();
    assert_eq!(point(&lopsided, "overall"), "7");
    assert_eq!(levels(&lopsided), ("quantified".into(), "initial".into()));
    let blocking = &lopsided.root().level.as_ref().unwrap().blocking;
    assert_eq!(
        blocking.iter().map(devops_core::NodeId::as_str).collect::<Vec<_>>(),
        ["monitoring", "feedback"]
    );

    // The assessment names the team, the caller's date and the principles that it does not cover.
    assert_eq!((lopsided.team.as_str(), lopsided.assessed_at), ("checkout", now()));
    let uncovered: Vec<&str> = lopsided.uncovered_principles().map(|p| p.title.as_str()).collect();
    assert_eq!(uncovered, ["Experimentation"]);
}

#[test]
fn measures_grow_old() {
    let old = Observation::new(
        Measure::number("slo_coverage".parse().unwrap(), 100.0, Unit::Percent).unwrap(),
        "2026-06-01T00:00:00Z".parse().unwrap(),
    );
    let assessment = run(vec![old.clone()]).unwrap();
    assert!(assessment.item("slo_coverage").unwrap().state.is_unknown());
    assert_eq!(point(&assessment, "monitoring"), "unknown (0 to 10)");
    let assessment = run(vec![old.with_valid_days(365)]).unwrap();
    assert_eq!(point(&assessment, "monitoring"), "10 (4 to 10)");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The overall score is the classic weighted sum, and its level the classic one.
    #[test]
    fn agrees_with_the_classic_form(a in 0u32..=100, b in 0u32..=100, d in 0u32..=100, e in 0u32..=100) {
        let tenth = |n: u32| f64::from(n) / 10.0;
        let assessment = run(team(tenth(a), tenth(b), 10.0, tenth(d), tenth(e))).unwrap();
        let classic = 0.25 * tenth(a) + 0.25 * tenth(b) + 0.2 * 10.0 + 0.15 * tenth(d) + 0.15 * tenth(e);
        let score = assessment.root().score.as_ref().unwrap().low.get();
        prop_assert!((score - classic).abs() < 1e-6, "{score} {classic}");
    }
}
