//! Evidence, contradictions, several assessors, and what is wrong with answers.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests may panic")]

use devops_core::{Measure, Timestamp, Unit, Value};
use devops_maturity::{
    Answer, AnswerSetSpec, Answers, Assessment, EntrySpec, Evidence, EvidencePolicy, Fraction, Grade,
    GradeCapSpec, Inferred, ItemAnswer, ItemSpec, ItemState, MeasureSpec, Model, ModelSpec, NodeSpec,
    Observation, assess,
};

fn time(text: &str) -> Timestamp {
    format!("{text}T00:00:00Z").parse().unwrap()
}

fn now() -> Timestamp {
    time("2026-11-25")
}

fn model(evidence: EvidencePolicy) -> Model {
    let often = MeasureSpec::linear("coverage", Unit::Percent, 0.0, 100.0).with_max(100.0);
    let root = NodeSpec::new("root", "Root")
        .with_item(ItemSpec::choice("tests", "Are there tests?", "much").with_limit(often.clone()))
        .with_item(ItemSpec::measured(
            "deploys",
            "Deployments",
            MeasureSpec::linear("deploys", Unit::Count, 0.0, 10.0),
        ))
        .with_item(ItemSpec::checklist(
            "review",
            "Reviews",
            vec![
                EntrySpec::new("two", "Two people").with_weight(3.0),
                EntrySpec::new("quick", "Within a day"),
            ],
        ));
    let set = AnswerSetSpec::new("much")
        .with_option("none", "None", 0.0)
        .with_option("some", "Some", 0.5)
        .with_option("all", "All", 1.0);
    Model::build(ModelSpec::new("m", "1", "M", root).with_answer_set(set).with_evidence(evidence)).unwrap()
}

fn said(item: &str, answer: Answer) -> ItemAnswer {
    ItemAnswer::new(item.parse().unwrap(), answer)
}

fn seen(metric: &str, value: f64, unit: Unit) -> Observation {
    Observation::new(Measure::number(metric.parse().unwrap(), value, unit).unwrap(), time("2026-11-01"))
}

fn try_run(
    model: &Model,
    answers: Vec<ItemAnswer>,
    observations: Vec<Observation>,
) -> Result<Assessment, String> {
    let all = answers.into_iter().fold(Answers::new(model, "team"), Answers::with_answer);
    let all = observations.into_iter().fold(all, Answers::with_observation);
    assess(model, &all, now()).map_err(|e| e.to_string())
}

fn run(answers: Vec<ItemAnswer>, observations: Vec<Observation>) -> Assessment {
    try_run(&model(EvidencePolicy::default()), answers, observations).unwrap()
}

/// Low, point, high of an item's credit.
fn credit(assessment: &Assessment, item: &str) -> String {
    let Some(credit) = &assessment.item(item).unwrap().credit else { return "left out".into() };
    let point = credit.point.as_ref().map_or("?".into(), ToString::to_string);
    format!("{} {point} {}", credit.low, credit.high)
}

#[test]
fn grades_cap_and_time_expires() {
    let caps = [(Grade::Claim, 0.4), (Grade::Document, 0.6)];
    let caps = caps.map(|(grade, credit)| GradeCapSpec { grade, credit }).to_vec();
    let model = model(EvidencePolicy { caps, valid_days: Some(90) });
    let all = || said("tests", Answer::choice("all"));
    let with = |grade, day| all().with_evidence(Evidence::new(grade, time(day)));
    for (answer, expected, capped) in [
        (all(), "0.4 0.4 0.4", true),
        (said("tests", Answer::choice("none")), "0 0 0", false),
        (with(Grade::Document, "2026-11-01"), "0.6 0.6 0.6", true),
        (with(Grade::Demonstrated, "2026-11-01"), "1 1 1", false),
        (with(Grade::Demonstrated, "2026-08-26"), "0 ? 1", false),
        (with(Grade::Demonstrated, "2026-08-27"), "1 1 1", false),
    ] {
        let shown = format!("{answer:?}");
        let assessment = try_run(&model, vec![answer], vec![]).unwrap();
        assert_eq!(credit(&assessment, "tests"), expected, "{shown}");
        assert_eq!(assessment.item("tests").unwrap().capped, capped, "{shown}");
    }
    let own = all().with_evidence(Evidence::new(Grade::Claim, time("2020-01-01")).with_valid_days(1));
    let assessment = try_run(&model, vec![own], vec![]).unwrap();
    assert_eq!(
        assessment.item("tests").unwrap().state,
        ItemState::Expired { observed_at: time("2020-01-01") }
    );
    assert_eq!(assessment.item("tests").unwrap().grade(), None);
}

#[test]
fn a_measurement_wins_over_a_claim() {
    // A limit holds a claim down, and leaves a lower claim and its grade alone.
    let coverage = || vec![seen("coverage", 60.0, Unit::Percent)];
    let above = run(vec![said("tests", Answer::choice("all"))], coverage());
    assert_eq!(credit(&above, "tests"), "0.6 0.6 0.6");
    assert_eq!(above.item("tests").unwrap().grade(), Some(Grade::Measured));
    let contradiction = &above.contradictions[0];
    assert_eq!(contradiction.claimed, Some(Fraction::ONE));
    assert_eq!(contradiction.measured, Fraction::of(6, 10));
    let below = run(vec![said("tests", Answer::choice("some"))], coverage());
    assert_eq!(credit(&below, "tests"), "0.5 0.5 0.5");
    assert!(below.contradictions.is_empty());
    // Without a claim it bounds what is possible and makes nothing known.
    let silent = run(vec![], coverage());
    assert_eq!(credit(&silent, "tests"), "0 ? 0.6");
    assert_eq!(silent.root().score.as_ref().unwrap().n, 0);

    // A measured item takes the measurement, whatever is claimed.
    let claim =
        |n: f64| said("deploys", Answer::Value { value: Value::number_or_missing(n), unit: Unit::Count });
    let measured = || vec![seen("deploys", 4.0, Unit::Count)];
    assert_eq!(credit(&run(vec![claim(7.0)], vec![]), "deploys"), "0.7 0.7 0.7");
    assert_eq!(credit(&run(vec![claim(7.0)], measured()), "deploys"), "0.4 0.4 0.4");
    assert_eq!(run(vec![claim(7.0)], measured()).contradictions.len(), 1);
    assert_eq!(credit(&run(vec![claim(1.0)], measured()), "deploys"), "0.4 0.4 0.4");
    assert!(run(vec![claim(1.0)], measured()).contradictions.is_empty());
    let denied = run(vec![said("deploys", Answer::not_applicable("we do not deploy"))], measured());
    assert_eq!(credit(&denied, "deploys"), "0.4 0.4 0.4");
    assert_eq!(denied.contradictions[0].claimed, None);
}

#[test]
fn several_assessors_are_heard() {
    let voice = |who: &str, answer| said("tests", answer).with_assessor(who);
    let run = |answers: Vec<Answer>| {
        let voices = answers.into_iter().zip(["ann", "bo", "cy", "di"]).map(|(a, who)| voice(who, a));
        run(voices.collect(), vec![])
    };
    let (none, some, all) = (Answer::choice("none"), Answer::choice("some"), Answer::choice("all"));
    let out = Answer::not_applicable("no code");

    let agreed = run(vec![some.clone(), some.clone()]);
    assert_eq!(credit(&agreed, "tests"), "0.5 0.5 0.5");
    assert!(agreed.disputes.is_empty());
    let even = run(vec![some.clone(), all.clone()]);
    assert_eq!(credit(&even, "tests"), "0.75 0.75 0.75");
    assert_eq!(even.disputes[0].spread(), Fraction::of(1, 2));
    let odd = run(vec![none.clone(), all.clone(), all.clone()]);
    assert_eq!(credit(&odd, "tests"), "1 1 1");
    assert_eq!((odd.disputes[0].scored, odd.disputes[0].spread()), (3, Fraction::ONE));
    let unknown = run(vec![Answer::Unknown, all.clone()]);
    assert_eq!(credit(&unknown, "tests"), "1 1 1");
    assert!(unknown.disputes.is_empty());
    let split = run(vec![out.clone(), all.clone()]);
    assert_eq!(credit(&split, "tests"), "1 1 1");
    assert_eq!(split.disputes[0].not_applicable, 1);
    let outvoted = run(vec![out.clone(), out, all]);
    assert_eq!(credit(&outvoted, "tests"), "left out");
    assert_eq!(outvoted.item("tests").unwrap().state, ItemState::NotApplicable { reason: "no code".into() });
}

#[test]
fn an_own_answer_is_never_overwritten_by_an_inferred_one() {
    let mut inferred = said("tests", Answer::choice("all"));
    inferred.inferred = Some(Inferred::new(
        "other".into(),
        "x".parse().unwrap(),
        "0.8".parse::<f64>().unwrap().try_into().unwrap(),
    ));
    let both = run(vec![inferred.clone(), said("tests", Answer::choice("none"))], vec![]);
    assert_eq!(credit(&both, "tests"), "0 0 0");
    assert_eq!(both.item("tests").unwrap().inferred, None);
    let alone = run(vec![inferred], vec![]);
    assert_eq!(credit(&alone, "tests"), "1 1 1");
    assert!(alone.item("tests").unwrap().inferred.is_some());
}

#[test]
fn checklists_weigh_their_entries() {
    for (entries, expected) in
        [(&[][..], "0 0 0"), (&["two"], "0.75 0.75 0.75"), (&["two", "two", "quick"], "1 1 1")]
    {
        assert_eq!(credit(&run(vec![said("review", Answer::checked(entries))], vec![]), "review"), expected);
    }
}

#[test]
fn bad_answers_are_told_all_at_once() {
    let model = model(EvidencePolicy::default());
    let future = Evidence::new(Grade::Document, time("2027-01-01"));
    let answers = vec![
        said("nothing", Answer::Unknown),
        said("tests", Answer::choice("maybe")),
        said("tests", Answer::choice("all")).with_assessor("ann").with_evidence(future),
        said("tests", Answer::choice("all")).with_assessor("ann"),
        said("deploys", Answer::choice("all")),
        said("review", Answer::checked(&["three"])),
        said("review", Answer::Credit { credit: "3/2".parse().unwrap() }).with_assessor("bo"),
    ];
    let observations = vec![
        seen("deploys", -1.0, Unit::Count),
        seen("deploys", 1.0, Unit::Count),
        seen("coverage", 1.0, Unit::Ratio),
        seen("not_asked_for", 1.0, Unit::Ratio),
    ];
    let expected = [
        "answers[0]: item `nothing` is not in the model",
        "answers[2]: the evidence is of 2027-01-01T00:00:00Z, which is after the assessment at 2026-11-25T00:00:00Z",
        "answers[3]: item `tests` has a second entry of the same source: first at answers[2]",
        "observations[1]: metric `deploys` has a second entry of the same source: first at observations[0]",
        "answers[1]: item `tests` has no option `maybe`: expected one of `none`, `some`, `all`",
        "observations[2]: coverage is given in ratio: expected percent",
        "answers[4]: item `deploys` is answered with an option: expected a value with its unit",
        "observations[0]: deploys `-1` is outside 0 and above",
        "answers[5]: item `review` has no entry `three`: expected one of `two`, `quick`",
        "answers[6]: item `review` has credit `1.5`: expected 0 to 1",
    ];
    assert_eq!(try_run(&model, answers, observations).unwrap_err(), expected.join("; "));

    let mut other = Answers::new(&model, "team\n");
    other.version = "0".into();
    let error = assess(&model, &other, now()).unwrap_err().to_string();
    assert_eq!(
        error,
        "team: team `team ` is malformed: expected 1 to 200 bytes of text without control characters; \
         version: the answers are for version `0`: expected `1`, migrate them first"
    );
    other.model = "x".into();
    assert!(
        assess(&model, &other, now())
            .unwrap_err()
            .to_string()
            .contains("the answers are for model `x`: expected `m`")
    );
    let json = r#"{"format":1,"team":"t","model":"m","version":"1","answers":[{"item":"a","answer":{"kind":"unknown","x":1}}]}"#;
    assert!(serde_json::from_str::<Answers>(json).is_err());
}
