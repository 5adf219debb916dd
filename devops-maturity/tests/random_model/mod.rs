//! Random models with a random answer for each of their items.

#![allow(dead_code, reason = "each test takes its part")]

use devops_core::Timestamp;
use devops_maturity::{
    Aggregation, Answer, Answers, Assessment, CompetenceSpec, EmptyLevel, EntrySpec, Fraction, GateSpec,
    ItemAnswer, ItemSpec, LevelPolicy, Model, ModelSpec, NeedOf, NeedSpec, NodeSpec, Rounding, RoundingMode,
    assess,
};
use proptest::prelude::*;

pub(crate) const LEVELS: u32 = 3;

/// What is answered: a credit in tenths, "does not apply", or nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Said {
    Tenths(u8),
    NotApplicable,
    Unknown,
}

/// A model and an answer for each of its items.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) spec: ModelSpec,
    pub(crate) said: Vec<Said>,
}

fn empty() -> impl Strategy<Value = EmptyLevel> {
    prop_oneof![Just(EmptyLevel::Pass), Just(EmptyLevel::Skip), Just(EmptyLevel::Fail)]
}

fn thresholds() -> impl Strategy<Value = LevelPolicy> {
    (0u32..4, 1u32..4, 1u32..4).prop_map(|(a, b, c)| {
        let from = |tenths: u32| f64::from(tenths) / 10.0;
        LevelPolicy::thresholds(&[(1, from(a)), (2, from(a + b)), (3, from(a + b + c))])
    })
}

fn need(level: u32) -> impl Strategy<Value = NeedSpec> {
    (1..=level, 1u32..=100, any::<bool>()).prop_map(|(level, percent, each)| NeedSpec {
        level,
        at_least: f64::from(percent),
        of: if each { NeedOf::Each } else { NeedOf::Mean },
    })
}

fn policy() -> impl Strategy<Value = LevelPolicy> {
    let met = (1u32..=10).prop_map(|tenths| f64::from(tenths) / 10.0);
    let needs = |level| {
        prop::collection::vec(need(level), 0..3).prop_map(move |needs| CompetenceSpec { level, needs })
    };
    prop_oneof![
        thresholds(),
        (met.clone(), empty()).prop_map(|(met, empty)| LevelPolicy::AllBelow { met, empty: Some(empty) }),
        met.prop_map(|met| LevelPolicy::HighWater { met }),
        (needs(1), needs(2), needs(3), empty()).prop_map(|(a, b, c, empty)| LevelPolicy::Competences {
            levels: vec![a, b, c],
            empty: Some(empty)
        }),
    ]
}

pub(crate) fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        4 => (0u8..=10).prop_map(Said::Tenths),
        1 => Just(Said::NotApplicable),
        2 => Just(Said::Unknown),
    ]
}

fn weight() -> impl Strategy<Value = f64> {
    prop_oneof![Just(1.0), Just(0.1), Just(0.3), Just(7.0), Just(1.0 / 3.0)]
}

pub(crate) fn item(number: usize, weight: f64, level: u32) -> ItemSpec {
    let id = format!("i{number}");
    ItemSpec::checklist(id.as_str(), id.as_str(), vec![EntrySpec::new("done", "Done")])
        .with_weight(weight)
        .with_level(level)
}

fn rounding() -> impl Strategy<Value = Option<Rounding>> {
    let mode =
        prop_oneof![Just(RoundingMode::HalfEven), Just(RoundingMode::Floor), Just(RoundingMode::Truncate)];
    prop_oneof![3 => Just(None), 1 => (mode, 0u32..3).prop_map(|(mode, digits)| Some(Rounding { mode, digits }))]
}

fn mean_like() -> impl Strategy<Value = Aggregation> {
    prop_oneof![Just(Aggregation::WeightedMean), Just(Aggregation::Minimum), Just(Aggregation::PooledMean)]
}

/// Two to four practices under a root. Practices are means, or all of them sums over all levels.
pub(crate) fn case() -> impl Strategy<Value = Case> {
    let items = prop::collection::vec((weight(), 1..=LEVELS, said()), 1..6);
    let practices = prop::collection::vec((weight(), mean_like(), rounding(), items), 1..4);
    let root = prop_oneof![
        3 => mean_like(),
        1 => Just(Aggregation::Sum),
        1 => Just(Aggregation::LevelSums),
        1 => Just(Aggregation::TieredSum),
    ];
    (practices, root, policy(), any::<bool>(), 0u32..2, any::<bool>()).prop_map(
        |(practices, aggregation, policy, gate, allowance, samm)| {
            let mut root = NodeSpec::new("root", "Root").with_aggregation(aggregation);
            // A gate over levels of items may rise where a node below stops to apply; it has its own test.
            if gate && matches!(policy, LevelPolicy::Thresholds { .. }) {
                root = root.with_gate(GateSpec { allowance });
            }
            root = root.with_level_policy(policy);
            let mut all = Vec::new();
            for (place, (weight, aggregation, rounding, items)) in practices.into_iter().enumerate() {
                let id = format!("n{place}");
                let mut node = NodeSpec::new(id.as_str(), id.as_str()).with_weight(weight);
                node.aggregation = if samm { Aggregation::LevelSums } else { aggregation };
                node.rounding = rounding.filter(|_| !samm);
                for (weight, level, said) in items {
                    node = node.with_item(item(all.len(), weight, level));
                    all.push(said);
                }
                if samm {
                    // Every practice has all levels, so that all have the same best score.
                    for level in 1..=LEVELS {
                        node = node.with_item(item(all.len(), 1.0, level));
                        all.push(Said::Unknown);
                    }
                }
                root = root.with_node(node);
            }
            let spec = ModelSpec::new("random", "1", "Random", root);
            let spec = (1..=LEVELS).fold(spec, |spec, level| spec.with_level(level, "level"));
            Case { spec, said: all }
        },
    )
}

pub(crate) fn answer(index: usize, said: Said) -> Option<ItemAnswer> {
    let id = format!("i{index}").parse().unwrap();
    match said {
        Said::Tenths(tenths) => {
            Some(ItemAnswer::new(id, Answer::Credit { credit: Fraction::of(u64::from(tenths), 10) }))
        }
        Said::NotApplicable => Some(ItemAnswer::new(id, Answer::not_applicable("so"))),
        Said::Unknown => None,
    }
}

pub(crate) fn run(model: &Model, said: &[Said]) -> Assessment {
    let answers = said.iter().enumerate().filter_map(|(index, said)| answer(index, *said));
    let answers = answers.fold(Answers::new(model, "team"), Answers::with_answer);
    assess(model, &answers, Timestamp::EPOCH).unwrap()
}
