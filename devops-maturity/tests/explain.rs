//! The cheapest way to a level, beside every way there is.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "tests may panic and compare exactly"
)]

mod random_model;

use devops_core::{Measure, MetricId, Timestamp, Unit, Value};
use devops_maturity::{
    Answer, Answers, Assessment, ExplainError, Explanation, Fraction, ItemAnswer, ItemState, LevelPolicy,
    Model, ModelSpec, NodeSpec, Observation, Reason, assess, explain, models, recommend,
};
use proptest::prelude::*;
use random_model::{Case, Said, case, item, run};

/// The level that can be defended.
fn defended(assessment: &Assessment) -> u32 {
    let level = assessment.root().level.as_ref();
    level.map_or(0, |level| level.gated.unwrap_or(level.ungated).low)
}

/// Every item at or below the level of another may come before it, some in a chain.
fn with_efforts(mut case: Case, efforts: &[u8], before: &[u8]) -> Case {
    let mut levels: Vec<(String, u32)> = Vec::new();
    for node in &mut case.spec.root.nodes {
        for item in &mut node.items {
            let place = levels.len();
            item.effort = f64::from(efforts[place % efforts.len()]) / 2.0;
            let wanted = usize::from(before[place % before.len()]);
            if let Some((id, level)) = levels.get(wanted)
                && *level <= item.levels[0].level
            {
                item.requires.push(id.clone());
            }
            levels.push((item.id.clone(), item.levels[0].level));
        }
    }
    case
}

/// The items that lack credit.
fn open(said: &[Said]) -> Vec<usize> {
    (0..said.len()).filter(|i| matches!(said[*i], Said::Unknown | Said::Tenths(0..=9))).collect()
}

/// Every set of items that lack credit and stand with all they require; the effort of the cheapest that reaches.
fn cheapest(model: &Model, said: &[Said], to: u32) -> Option<f64> {
    let open = open(said);
    let id = |i: usize| format!("i{i}");
    let specs: Vec<_> = model.spec().root.nodes.iter().flat_map(|n| &n.items).collect();
    let mut best: Option<f64> = None;
    for mask in 0u32..1 << open.len() {
        let set: Vec<usize> = (0..open.len()).filter(|b| mask >> b & 1 == 1).map(|b| open[b]).collect();
        let stands = set.iter().all(|i| {
            let spec = specs.iter().find(|s| s.id == id(*i)).unwrap();
            open.iter().all(|o| !spec.requires.contains(&id(*o)) || set.contains(o))
        });
        if !stands {
            continue;
        }
        let mut raised = said.to_vec();
        let mut effort = 0.0;
        for i in &set {
            let credit = if let Said::Tenths(tenths) = said[*i] { f64::from(tenths) } else { 0.0 };
            effort += specs.iter().find(|s| s.id == id(*i)).unwrap().effort * (10.0 - credit) / 10.0;
            raised[*i] = Said::Tenths(10);
        }
        if best.is_none_or(|b| effort < b) && defended(&run(model, &raised)) >= to {
            best = Some(effort);
        }
    }
    best
}

fn raise(said: &[Said], found: &Explanation) -> Vec<Said> {
    let mut raised = said.to_vec();
    for step in &found.steps {
        raised[step.item.as_str()[1..].parse::<usize>().unwrap()] = Said::Tenths(10);
    }
    raised
}

proptest! {
    #[test]
    fn no_set_is_cheaper(
        case in case(),
        efforts in prop::collection::vec(1u8..20, 7),
        before in prop::collection::vec(0u8..12, 5),
        to in 1u32..=3,
    ) {
        let mut case = with_efforts(case, &efforts, &before);
        // Few enough that every set can be tried.
        for said in open(&case.said).into_iter().skip(8) {
            case.said[said] = Said::Tenths(10);
        }
        let model = Model::build(case.spec).unwrap();
        let assessment = run(&model, &case.said);
        let best = cheapest(&model, &case.said, to);
        match explain(&model, &assessment, Some(to)) {
            Ok(found) => {
                let best = best.unwrap();
                prop_assert!(defended(&run(&model, &raise(&case.said, &found))) >= to);
                prop_assert!(found.effort >= best - 1e-4, "{} below {best}", found.effort);
                prop_assert!(found.bound.is_none_or(|bound| bound <= best + 1e-4), "{found:?} above {best}");
                if found.exact {
                    prop_assert!((found.effort - best).abs() < 1e-4, "{} not {best}: {found:?}", found.effort);
                }
            }
            Err(ExplainError::OutOfReach { best: reached, .. }) => {
                prop_assert_eq!(best, None);
                prop_assert!(reached < to);
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn recommendations_keep_their_word(case in case()) {
        let model = Model::build(case.spec).unwrap();
        let assessment = run(&model, &case.said);
        for one in recommend(&model, &assessment).unwrap() {
            let mut said = case.said.clone();
            said[one.item.as_str()[1..].parse::<usize>().unwrap()] = Said::Tenths(10);
            let after = run(&model, &said);
            prop_assert_eq!(&after.root().score.as_ref().unwrap().low, &one.score_to);
            prop_assert_eq!(defended(&after), one.level_to);
            prop_assert!(!one.gain().is_negative() && !one.reasons.is_empty());
        }
    }
}

/// Three thirds are one, also where they are counted in millionths.
#[test]
fn thirds_that_just_reach_are_the_cheapest() {
    let root = NodeSpec::new("root", "Root").with_level_policy(LevelPolicy::thresholds(&[(1, 0.75)]));
    let mut spec = ModelSpec::new("m", "1", "M", root).with_level(1, "there");
    for (place, weight) in [(0, 1.0 / 3.0), (1, 1.0 / 3.0), (2, 1.0 / 3.0), (3, 1.0 / 3.0)] {
        spec.root.items.push(item(place, weight, 1).with_effort(if place == 3 { 9.0 } else { 1.0 }));
    }
    let model = Model::build(spec).unwrap();
    let found = explain(&model, &run(&model, &[Said::Unknown; 4]), None).unwrap();
    assert_eq!((found.steps.len(), found.effort, found.exact), (3, 3.0, true));
}

fn now() -> Timestamp {
    "2026-11-25T00:00:00Z".parse().unwrap()
}

/// Ten everywhere but in monitoring and feedback: the gate is what has to be opened.
#[test]
fn the_way_to_a_gated_level_leads_through_what_blocks_it() {
    let model = models::five_dimensions();
    let mut answers = Answers::new(&model, "checkout");
    for item in model.items() {
        let behind = ["monitoring", "feedback"].iter().any(|n| {
            let node = model.node(n).unwrap();
            model.items_of(node).any(|i| i.id() == item.id())
        });
        let credit = if behind { Fraction::ZERO } else { Fraction::ONE };
        answers = answers.with_answer(ItemAnswer::new(item.id().clone(), Answer::Credit { credit }));
    }
    let assessment = assess(&model, &answers, now()).unwrap();
    let found = explain(&model, &assessment, None).unwrap();
    // "managed" from 3: of monitoring the alerts alone (0.3 of 10), of feedback two of the cheapest quarters.
    assert_eq!((found.from, found.to, found.exact), (1, 2, true));
    let steps: Vec<&str> = found.steps.iter().map(|s| s.item.as_str()).collect();
    assert_eq!(steps.len(), 3, "{steps:?}");
    assert_eq!(steps[0], "alert_precision");
    assert_eq!(found.effort, 35.0);

    let list = recommend(&model, &assessment).unwrap();
    assert!(list.iter().all(|r| r.reasons == [Reason::Blocking, Reason::Gap]));
    assert_eq!(list.len(), 7);
    assert_eq!(list[0].effort, 10.0);
}

#[test]
fn recommendations_tell_their_reasons_and_evidence() {
    let model = models::five_dimensions();
    let seen = |metric: &str, value: f64, unit, at: &str| {
        let measure = Measure::number(MetricId::new(metric).unwrap(), value, unit).unwrap();
        Observation::new(measure, at.parse().unwrap()).with_reference("dashboard")
    };
    let claim = Answer::Value { value: Value::number_or_missing(90.0), unit: Unit::Percent };
    let answers = Answers::new(&model, "checkout")
        .with_observation(seen("automated_deployments", 50.0, Unit::Percent, "2026-11-01T00:00:00Z"))
        .with_observation(seen("slo_coverage", 50.0, Unit::Percent, "2026-01-01T00:00:00Z"))
        .with_answer(ItemAnswer::new("automated_deployments".parse().unwrap(), claim));
    let assessment = assess(&model, &answers, now()).unwrap();
    assert!(matches!(assessment.item("slo_coverage").unwrap().state, ItemState::Expired { .. }));
    let list = recommend(&model, &assessment).unwrap();
    let of = |id: &str| list.iter().find(|r| r.item.as_str() == id).unwrap();
    assert_eq!(of("automated_deployments").reasons, [Reason::Contradicted, Reason::Gap]);
    let evidence = of("automated_deployments").evidence.as_ref().unwrap();
    assert_eq!(evidence.reference.as_deref(), Some("dashboard"));
    assert_eq!(of("slo_coverage").reasons, [Reason::Blocking, Reason::Expired]);
    assert_eq!(of("review_time").reasons, [Reason::Blocking, Reason::Unknown]);
    assert_eq!(of("deployment_frequency").first[0].as_str(), "automated_deployments");
    let texts = devops_maturity::texts();
    for reason in list.iter().flat_map(|r| &r.reasons) {
        assert!(!texts.render(&reason.message()).starts_with("reason."), "{reason:?}");
    }
}

#[test]
fn what_cannot_be_explained_says_why() {
    let model = models::continuous_delivery();
    let nothing = assess(&model, &Answers::new(&model, "checkout"), now()).unwrap();
    let refused = |level| explain(&model, &nothing, Some(level)).unwrap_err().to_string();
    assert_eq!(refused(9), "level 9 is not in the model");
    let other = models::five_dimensions();
    let foreign = assess(&other, &Answers::new(&other, "checkout"), now()).unwrap();
    let expected = format!(
        "the assessment is of `five_dimensions 1.0.0`: expected `continuous_delivery {}`",
        model.version()
    );
    assert_eq!(explain(&model, &foreign, None).unwrap_err().to_string(), expected);
    assert_eq!(recommend(&model, &foreign).unwrap_err().to_string(), expected);

    // A level without items that never passes.
    let policy = LevelPolicy::AllBelow { met: 1.0, empty: Some(devops_maturity::EmptyLevel::Fail) };
    let root = NodeSpec::new("root", "Root").with_level_policy(policy).with_item(item(0, 1.0, 1));
    let spec = ModelSpec::new("m", "1", "M", root).with_level(1, "one").with_level(2, "two");
    let model = Model::build(spec).unwrap();
    let refused = explain(&model, &run(&model, &[Said::Unknown]), Some(2)).unwrap_err();
    assert_eq!(refused.to_string(), "level 2 is out of reach: with all that applies in place it is level 1");
    // The best level there is has nothing above it.
    let done = explain(&model, &run(&model, &[Said::Tenths(10)]), Some(1)).unwrap();
    assert_eq!((done.from, done.to, done.steps.len(), done.exact), (1, 1, 0, true));
}
