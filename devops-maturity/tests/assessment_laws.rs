//! Laws of assessments on random models, and a slow, plain scorer beside the engine.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "tests may panic"
)]

mod random_model;

use std::collections::BTreeMap;

use devops_core::Timestamp;
use devops_maturity::{
    Aggregation, Answer, Answers, Assessment, Fraction, ItemAnswer, ItemSpec, LevelBounds, LevelPolicy,
    Model, ModelSpec, NodeSpec, UnknownPolicy, assess,
};
use proptest::prelude::*;
use random_model::{LEVELS, Said, answer, case, item, run, said};

/// All bounds of a result by name: scores, levels, shares.
fn bounds(assessment: &Assessment) -> BTreeMap<String, [Option<Fraction>; 3]> {
    let mut all = BTreeMap::new();
    for node in &assessment.nodes {
        let level = |b: &LevelBounds| {
            [Some(Fraction::from(b.low)), b.point.map(Fraction::from), Some(Fraction::from(b.high))]
        };
        if let Some(score) = &node.score {
            let span = [Some(score.low.clone()), score.point.clone(), Some(score.high.clone())];
            all.insert(format!("{} score", node.id()), span);
        }
        if let Some(reached) = &node.level {
            all.insert(format!("{} level", node.id()), level(&reached.ungated));
            all.extend(reached.gated.as_ref().map(|g| (format!("{} gated", node.id()), level(g))));
        }
        for share in &node.level_shares {
            let span = [Some(share.low.clone()), share.point.clone(), Some(share.high.clone())];
            all.insert(format!("{} share {}", node.id(), share.level), span);
        }
    }
    all
}

// --- The slow, plain scorer: floating point, straight from what is written. -----------------------------

/// Credit of an item when what is unknown counts so; `None` where it does not count.
fn plain_credit(said: Said, unknown: Option<f64>) -> Option<f64> {
    match said {
        Said::Tenths(tenths) => Some(f64::from(tenths) / 10.0),
        Said::NotApplicable => None,
        Said::Unknown => unknown,
    }
}

fn number(item: &ItemSpec) -> usize {
    item.id[1..].parse().unwrap()
}

fn items_below(node: &NodeSpec) -> Vec<&ItemSpec> {
    node.items.iter().chain(node.nodes.iter().flat_map(|n| items_below(n))).collect()
}

fn plain_mean(parts: &[(f64, f64)]) -> Option<f64> {
    let weights: f64 = parts.iter().map(|p| p.0).sum();
    (!parts.is_empty()).then(|| parts.iter().map(|p| p.0 * p.1).sum::<f64>() / weights)
}

fn plain_score(node: &NodeSpec, said: &[Said], unknown: Option<f64>) -> Option<f64> {
    let of_item = |i: &&ItemSpec| Some((i.weight, plain_credit(said[number(i)], unknown)?));
    let below: Vec<&ItemSpec> = items_below(node);
    let direct: Vec<(f64, f64)> = node
        .items
        .iter()
        .collect::<Vec<_>>()
        .iter()
        .filter_map(of_item)
        .chain(node.nodes.iter().filter_map(|n| Some((n.weight, plain_score(n, said, unknown)?))))
        .collect();
    let at = |level: u32| {
        let items = below.iter().filter(|i| i.levels.iter().any(|l| l.level == level));
        items.filter_map(of_item).collect::<Vec<_>>()
    };
    let written = (1..=LEVELS).filter(|l| below.iter().any(|i| i.levels[0].level == *l)).count();
    let score = match node.aggregation {
        Aggregation::WeightedMean => plain_mean(&direct)?,
        Aggregation::PooledMean => plain_mean(&below.iter().filter_map(of_item).collect::<Vec<_>>())?,
        Aggregation::Minimum => direct.iter().map(|p| p.1).reduce(f64::min)?,
        Aggregation::Sum => (!direct.is_empty()).then(|| direct.iter().map(|p| p.0 * p.1).sum::<f64>())?,
        Aggregation::LevelSums => {
            let means: Vec<f64> = (1..=LEVELS).filter_map(|l| plain_mean(&at(l))).collect();
            (!means.is_empty()).then(|| means.iter().sum::<f64>() * written as f64 / means.len() as f64)?
        }
        Aggregation::TieredSum => {
            let mut sum = None;
            for level in 1..=LEVELS {
                let parts = at(level);
                if !parts.is_empty() {
                    sum = Some(sum.unwrap_or(0.0) + parts.iter().map(|p| p.0 * p.1).sum::<f64>());
                }
                if parts.iter().any(|p| p.1 < 1.0) {
                    break;
                }
            }
            sum?
        }
        other => panic!("{other:?}"),
    };
    Some(score)
}

fn without_rounding(mut spec: ModelSpec) -> ModelSpec {
    for node in &mut spec.root.nodes {
        node.rounding = None;
    }
    spec
}

proptest! {

    #[test]
    fn the_engine_agrees_with_the_plain_scorer(case in case()) {
        let spec = without_rounding(case.spec);
        let assessment = run(&Model::build(spec.clone()).unwrap(), &case.said);
        let nodes = spec.root.nodes.iter().chain([&spec.root]);
        for node in nodes {
            let score = assessment.node(&node.id).unwrap().score.as_ref();
            for (unknown, found) in [(0.0, score.map(|s| &s.low)), (1.0, score.map(|s| &s.high))] {
                let expected = plain_score(node, &case.said, Some(unknown));
                prop_assert_eq!(expected.is_some(), found.is_some());
                if let (Some(expected), Some(found)) = (expected, found) {
                    prop_assert!((expected - found.get()).abs() < 1e-9, "{} {} {}", node.id, expected, found);
                }
            }
        }
    }

    #[test]
    fn bounds_are_in_order(case in case()) {
        let assessment = run(&Model::build(case.spec).unwrap(), &case.said);
        for (name, [low, point, high]) in bounds(&assessment) {
            prop_assert!(low <= high, "{name}");
            if point.is_some() {
                prop_assert!(low <= point && point <= high, "{name}: {low:?} {point:?} {high:?}");
            }
        }
    }

    #[test]
    fn an_answer_never_widens_the_bounds(case in case(), which in any::<prop::sample::Index>(), new in said()) {
        let unknown: Vec<usize> = (0..case.said.len()).filter(|i| case.said[*i] == Said::Unknown).collect();
        prop_assume!(!unknown.is_empty());
        let model = Model::build(case.spec).unwrap();
        let before = bounds(&run(&model, &case.said));
        let mut said = case.said.clone();
        said[unknown[which.index(unknown.len())]] = new;
        for (name, [low, _, high]) in bounds(&run(&model, &said)) {
            let Some([old_low, _, old_high]) = before.get(&name) else { continue };
            prop_assert!(low >= *old_low && high <= *old_high, "{name}: {old_low:?}..{old_high:?} to {low:?}..{high:?}");
        }
    }

    #[test]
    fn more_credit_lowers_nothing(case in case(), which in any::<prop::sample::Index>(), more in 0u8..=10) {
        let known: Vec<usize> = (0..case.said.len()).filter(|i| matches!(case.said[*i], Said::Tenths(_))).collect();
        prop_assume!(!known.is_empty());
        let model = Model::build(case.spec).unwrap();
        let before = bounds(&run(&model, &case.said));
        let mut said = case.said.clone();
        let place = known[which.index(known.len())];
        if let Said::Tenths(tenths) = said[place] {
            said[place] = Said::Tenths((tenths + more).min(10));
        }
        let after = bounds(&run(&model, &said));
        prop_assert_eq!(before.len(), after.len());
        for (name, old) in before {
            let new = &after[&name];
            prop_assert!(old.iter().zip(new).all(|(old, new)| old <= new), "{name}: {old:?} to {new:?}");
        }
    }

    #[test]
    fn reordering_and_renaming_change_nothing(case in case(), turn in 0usize..5) {
        let before = bounds(&run(&Model::build(case.spec.clone()).unwrap(), &case.said));
        let mut spec = case.spec;
        spec.root.nodes.reverse();
        for node in &mut spec.root.nodes {
            let places = node.items.len();
            node.items.rotate_left(turn % places);
            node.id = format!("renamed.{}", node.id);
            node.title = "Another".into();
        }
        let after = bounds(&run(&Model::build(spec).unwrap(), &case.said));
        let after: BTreeMap<String, _> =
            after.into_iter().map(|(name, b)| (name.trim_start_matches("renamed.").to_owned(), b)).collect();
        prop_assert_eq!(before, after);
    }

    #[test]
    fn unknown_as_nothing_is_the_low_end(case in case()) {
        let low = run(&Model::build(case.spec.clone()).unwrap(), &case.said);
        let all = run(&Model::build(case.spec.with_unknown(UnknownPolicy::NoCredit)).unwrap(), &case.said);
        for (node, plain) in low.nodes.iter().zip(&all.nodes) {
            prop_assert_eq!(node.score.as_ref().map(|s| &s.low), plain.score.as_ref().map(|s| &s.high));
            prop_assert_eq!(node.level.as_ref().map(|l| l.ungated.low), plain.level.as_ref().map(|l| l.ungated.high));
        }
    }

    #[test]
    fn assessments_survive_json_and_the_order_of_answers(case in case()) {
        let model = Model::build(case.spec).unwrap();
        let first = run(&model, &case.said);
        let json = serde_json::to_string(&first).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Assessment>(&json).unwrap(), &first);
        let answers = case.said.iter().enumerate().rev().filter_map(|(index, said)| answer(index, *said));
        let answers = answers.fold(Answers::new(&model, "team"), Answers::with_answer);
        let second = assess(&model, &answers, Timestamp::EPOCH).unwrap();
        prop_assert_eq!(serde_json::to_string(&second).unwrap(), json);
    }
}

/// Thirds, sevenths and tenths whose mean is exactly 5 are "defined"; the least bit less is not.
#[test]
fn five_is_defined_however_it_is_summed() {
    let levels = LevelPolicy::thresholds(&[(1, 0.0), (3, 5.0)]);
    for credits in [
        vec![(1, 3), (1, 3), (5, 6)],
        vec![(1, 7), (2, 7), (4, 7), (1, 1)],
        vec![(1, 10), (2, 10), (7, 10), (10, 10)],
    ] {
        let credits: Vec<Fraction> = credits.iter().map(|(n, d)| Fraction::of(*n, *d)).collect();
        let root = NodeSpec::new("root", "Root").with_level_policy(levels.clone());
        let spec = ModelSpec::new("m", "1", "M", root).with_scale(10.0);
        let mut spec = spec.with_level(1, "initial").with_level(3, "defined");
        spec.root.items = (0..credits.len()).map(|place| item(place, 1.0, 1)).collect();
        let model = Model::build(spec).unwrap();
        for order in 0..credits.len() {
            let mut turned = credits.clone();
            turned.rotate_left(order);
            for (less, level) in [(Fraction::ZERO, 3), ("1/1000000000000".parse().unwrap(), 1)] {
                let answers = turned.iter().enumerate().map(|(place, credit)| {
                    let credit = if place == 0 { credit - &less } else { credit.clone() };
                    ItemAnswer::new(format!("i{place}").parse().unwrap(), Answer::Credit { credit })
                });
                let answers = answers.fold(Answers::new(&model, "team"), Answers::with_answer);
                let assessment = assess(&model, &answers, Timestamp::EPOCH).unwrap();
                assert_eq!(assessment.root().level.as_ref().unwrap().firm(), level);
            }
        }
    }
}
