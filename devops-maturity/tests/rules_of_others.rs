//! The rules of other tools as model data, on random answers, beside each rule written out by hand.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_lossless,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests may panic and compare exactly"
)]

use std::collections::BTreeMap;

use devops_core::Timestamp;
use devops_maturity::import::{
    DsommModel, DsommProgress, ProgressTitle, SammDocument, dsomm, dsomm_answers, samm,
};
use devops_maturity::{
    Answer, Answers, Assessment, CompetenceSpec, EmptyLevel, EntrySpec, Fraction, ItemAnswer, ItemLevelSpec,
    ItemSpec, LevelPolicy, Model, ModelSpec, NeedOf, NeedSpec, NodeSpec, RollUpPolicy, UnknownPolicy, assess,
    roll_up,
};
use proptest::prelude::*;
use serde_json::json;

fn run(model: &Model, answers: impl IntoIterator<Item = ItemAnswer>) -> Assessment {
    let answers = answers.into_iter().fold(Answers::new(model, "team"), Answers::with_answer);
    assess(model, &answers, Timestamp::EPOCH).unwrap()
}

fn item(id: &str) -> ItemSpec {
    ItemSpec::checklist(id, id, vec![EntrySpec::new("done", "Done")])
}

fn quarters(id: &str, n: u8) -> ItemAnswer {
    ItemAnswer::new(id.parse().unwrap(), Answer::Credit { credit: Fraction::of(n.into(), 4) })
}

fn point(assessment: &Assessment, node: &str) -> f64 {
    assessment.node(node).unwrap().score.as_ref().unwrap().point.as_ref().unwrap().get()
}

fn level(assessment: &Assessment) -> u32 {
    assessment.root().level.as_ref().unwrap().firm()
}

// --- SAMM: 5 functions of 3 practices, 3 levels, 2 streams. ----------------------------------------------

fn samm_model() -> Model {
    let mut documents = vec![json!({"type": "AnswerSet", "id": "set", "values": [
        {"text": "0", "value": 0, "order": 0}, {"text": "1", "value": 0.25, "order": 1},
        {"text": "2", "value": 0.5, "order": 2}, {"text": "3", "value": 1, "order": 3}]})];
    for level in 1..=3 {
        documents.push(json!({"type": "MaturityLevel", "id": format!("m{level}"), "number": level}));
    }
    for (f, letter) in ["A", "B", "C", "D", "E"].iter().enumerate() {
        documents.push(json!({"type": "Function", "id": letter, "name": letter, "order": f}));
        for p in 0..3 {
            let practice = format!("{letter}{p}");
            documents.push(json!({"type": "Practice", "id": practice, "function": letter, "name": practice,
                "shortName": format!("P{p}"), "order": p}));
            for level in 1..=3 {
                documents.push(json!({"type": "PracticeLevel", "id": format!("{practice}-{level}"),
                    "practice": practice, "maturityLevel": format!("m{level}")}));
            }
            for stream in ["A", "B"] {
                let id = format!("{practice}-{stream}");
                documents.push(
                    json!({"type": "Stream", "id": id, "practice": practice, "name": id, "letter": stream}),
                );
                for level in 1..=3 {
                    let activity = format!("{id}-{level}");
                    documents.push(json!({"type": "Activity", "id": activity, "stream": id,
                        "level": format!("{practice}-{level}"), "title": activity}));
                    documents.push(json!({"type": "Question", "activity": activity, "answerSet": "set", "text": activity}));
                }
            }
        }
    }
    let documents: Vec<SammDocument> =
        documents.into_iter().map(|d| serde_json::from_value(d).unwrap()).collect();
    Model::build(samm(&documents).unwrap().spec).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// A practice is the sum of its levels' means over the streams; the rest are means.
    #[test]
    fn samm_2(said in prop::collection::vec(0usize..4, 90)) {
        const WORTH: [f64; 4] = [0.0, 0.25, 0.5, 1.0];
        let model = samm_model();
        let mut answers = Vec::new();
        let (mut practices, mut place) = (BTreeMap::new(), 0);
        for letter in ["A", "B", "C", "D", "E"] {
            for p in 0..3 {
                let mut practice = 0.0;
                for level in 1..=3 {
                    for stream in ["A", "B"] {
                        let id = format!("{letter}-P{p}-{level}-{stream}");
                        answers.push(ItemAnswer::new(id.parse().unwrap(), Answer::choice(said[place].to_string())));
                        practice += WORTH[said[place]] / 2.0;
                        place += 1;
                    }
                }
                practices.insert(format!("{letter}-P{p}"), practice);
            }
        }
        let assessment = run(&model, answers);
        for (id, expected) in &practices {
            prop_assert_eq!(point(&assessment, id), *expected);
        }
        let mut overall = 0.0;
        for letter in ["A", "B", "C", "D", "E"] {
            let own = practices.iter().filter(|(id, _)| id.starts_with(letter)).map(|(_, v)| v).sum::<f64>() / 3.0;
            prop_assert!((point(&assessment, letter) - own).abs() < 1e-12);
            overall += own / 5.0;
        }
        prop_assert!((point(&assessment, "samm") - overall).abs() < 1e-12);
    }

    /// A sector is the mean over activities and teams of the share of the title that a team has got to.
    #[test]
    fn dsomm_sectors(
        activities in prop::collection::vec((0usize..2, 0usize..2, 1u32..4, prop::collection::vec(0usize..4, 3)), 1..14),
    ) {
        const TITLES: [(&str, f64); 4] = [("Idle", 0.0), ("Planned", 0.1), ("Started", 0.5), ("Done", 1.0)];
        let mut model: DsommModel = DsommModel::default();
        let mut progress = serde_json::Map::new();
        for (place, (dimension, sub, level, said)) in activities.iter().enumerate() {
            let id = format!("a{place}");
            let below = model.0.entry(format!("D{dimension}")).or_default();
            let own = json!({"uuid": id, "level": level});
            below.entry(format!("S{dimension}{sub}")).or_default().insert(id.clone(), serde_json::from_value(own).unwrap());
            // Earlier titles keep their day.
            let got = |title: usize| (0..=title).map(|t| (TITLES[t].0.to_owned(), json!("2026-01-01"))).collect();
            let teams = (0..3).map(|team| (format!("T{team}"), serde_json::Value::Object(got(said[team]))));
            progress.insert(id, serde_json::Value::Object(teams.collect()));
        }
        let titles = TITLES.map(|(title, share)| ProgressTitle::new(title, format!("{}%", share * 100.0)));
        let model = Model::build(dsomm(&model, &titles).unwrap().spec).unwrap();
        let progress: DsommProgress = serde_json::from_value(json!({ "progress": progress })).unwrap();
        let teams: Vec<Assessment> = (0..3)
            .map(|team| {
                let answers = dsomm_answers(&model, &progress, &format!("T{team}")).unwrap();
                assess(&model, &answers, Timestamp::EPOCH).unwrap()
            })
            .collect();
        let together = roll_up(&teams, &RollUpPolicy::default().with_minimum_teams(1)).unwrap();
        let mut sectors: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for (dimension, sub, level, said) in &activities {
            for node in [format!("s{dimension}{sub}/{level}"), format!("s{dimension}{sub}"), "dsomm".into()] {
                sectors.entry(node).or_default().extend(said.iter().map(|title| TITLES[*title].1));
            }
        }
        for (node, shares) in sectors {
            let expected = shares.iter().sum::<f64>() / shares.len() as f64;
            let found = together.iter().find(|n| n.node == node).unwrap();
            prop_assert!((found.mean.get() - expected).abs() < 1e-12, "{node}: {} not {expected}", found.mean);
        }
    }
}

// --- Competences over attributes, as Flickit has them. ---------------------------------------------------

/// Weight; questions with their impacts (level, weight) and an answer in quarters, none, or "does not apply".
type Attribute = (u32, Vec<(Vec<(u32, u32)>, Option<Option<u8>>)>);

fn attribute() -> impl Strategy<Value = Attribute> {
    let impacts = prop::collection::btree_map(1u32..=4, 1u32..4, 1..3).prop_map(|m| m.into_iter().collect());
    let said =
        prop_oneof![4 => (0u8..=4).prop_map(|n| Some(Some(n))), 1 => Just(Some(None)), 1 => Just(None)];
    (1u32..4, prop::collection::vec((impacts, said), 1..6))
}

/// Percent of an attribute at a level; none without a question there that applies.
fn attribute_percent(attribute: &Attribute, level: u32) -> Option<f64> {
    let (mut sum, mut weights) = (0, 0);
    for (impacts, said) in &attribute.1 {
        for (_, weight) in impacts.iter().filter(|(l, _)| *l == level) {
            match said {
                Some(Some(quarters)) => {
                    (sum, weights) = (sum + weight * u32::from(*quarters), weights + weight);
                }
                None => weights += weight,
                Some(None) => {}
            }
        }
    }
    (weights > 0).then(|| 25.0 * f64::from(sum) / f64::from(weights))
}

proptest! {
    /// At the subject, an attribute that has nothing at a level counts 0 there, with its weight.
    #[test]
    fn flickit_subjects(
        attributes in prop::collection::vec(attribute(), 1..4),
        needs in prop::collection::vec(prop::collection::btree_map(1u32..=4, 1u32..20, 0..3), 4),
    ) {
        let needs: Vec<BTreeMap<u32, u32>> = (1..=4u32)
            .zip(needs)
            .map(|(level, own)| own.into_iter().filter(|(on, _)| *on <= level).map(|(on, n)| (on, n * 5)).collect())
            .collect();
        let policy = |empty| LevelPolicy::Competences {
            levels: (1..)
                .zip(&needs)
                .map(|(level, own)| CompetenceSpec {
                    level,
                    needs: own
                        .iter()
                        .map(|(on, percent)| NeedSpec { level: *on, at_least: f64::from(*percent), of: NeedOf::Mean })
                        .collect(),
                })
                .collect(),
            empty: Some(empty),
        };
        let mut root = NodeSpec::new("subject", "Subject").with_level_policy(policy(EmptyLevel::Fail));
        let mut answers = Vec::new();
        for (a, (weight, questions)) in attributes.iter().enumerate() {
            let mut node = NodeSpec::new(format!("a{a}"), "A").with_weight(f64::from(*weight));
            node = node.with_level_policy(policy(EmptyLevel::Pass));
            for (q, (impacts, said)) in questions.iter().enumerate() {
                let id = format!("a{a}.{q}");
                let mut question = item(&id);
                question.levels =
                    impacts.iter().map(|(level, weight)| ItemLevelSpec { level: *level, weight: f64::from(*weight) }).collect();
                node = node.with_item(question);
                answers.extend(said.map(|said| match said {
                    Some(n) => quarters(&id, n),
                    None => ItemAnswer::new(id.parse().unwrap(), Answer::not_applicable("so")),
                }));
            }
            root = root.with_node(node);
        }
        let spec = ModelSpec::new("flickit", "1", "F", root).with_unknown(UnknownPolicy::NoCredit);
        let model = Model::build((1..=4).fold(spec, |spec, level| spec.with_level(level, "level"))).unwrap();
        let assessment = run(&model, answers);
        prop_assume!(assessment.root().level.is_some());

        // An attribute without any question that applies has no level of its own, and counts 0 all the same.
        let applies = |a: &&Attribute| a.1.iter().any(|(_, said)| *said != Some(None));
        let percent = |level| {
            let weights: u32 = attributes.iter().map(|a| a.0).sum();
            let sum: f64 = attributes.iter().map(|a| f64::from(a.0) * attribute_percent(a, level).unwrap_or(0.0)).sum();
            sum / f64::from(weights)
        };
        let holds = |level: usize| needs[level - 1].iter().all(|(on, n)| percent(*on) >= f64::from(*n) - 1e-9);
        let expected = (1..=4).take_while(|level| holds(*level)).last().unwrap_or(0);
        prop_assert_eq!(level(&assessment) as usize, expected);
        for (a, own) in attributes.iter().enumerate().filter(|(_, own)| applies(own)) {
            let holds = |level: usize| {
                let share = |on: &u32| attribute_percent(own, *on);
                needs[level - 1].iter().all(|(on, n)| share(on).is_none_or(|p| p >= f64::from(*n) - 1e-9))
            };
            let expected = (1..=4).take_while(|level| holds(*level)).last().unwrap_or(0);
            let node = assessment.node(&format!("a{a}")).unwrap();
            prop_assert_eq!(node.level.as_ref().unwrap().ungated.point.unwrap() as usize, expected);
        }
    }

    /// Badges: everything at the level and below it, and what a level without items does.
    #[test]
    fn badges(
        items in prop::collection::vec((1u32..=4, 0u8..=4), 1..10),
        met in 1u8..=4,
        empty in prop_oneof![Just(EmptyLevel::Pass), Just(EmptyLevel::Skip), Just(EmptyLevel::Fail)],
    ) {
        let policy = LevelPolicy::AllBelow { met: f64::from(met) / 4.0, empty: Some(empty) };
        let high = LevelPolicy::HighWater { met: f64::from(met) / 4.0 };
        let rated = |policy| {
            let mut root = NodeSpec::new("all", "All").with_level_policy(policy);
            root.items = (0..items.len()).map(|i| item(&format!("i{i}")).with_level(items[i].0)).collect();
            let spec = (1..=4).fold(ModelSpec::new("badges", "1", "B", root), |s, l| s.with_level(l, "level"));
            let answers = items.iter().enumerate().map(|(i, (_, said))| quarters(&format!("i{i}"), *said));
            level(&run(&Model::build(spec).unwrap(), answers))
        };
        let mut expected = 0;
        for level in 1..=4 {
            let mut own = items.iter().filter(|(l, _)| *l == level).peekable();
            match (own.peek().is_none(), empty) {
                (true, EmptyLevel::Pass) => expected = level,
                (true, EmptyLevel::Skip) => {}
                (true, EmptyLevel::Fail) => break,
                (false, _) if own.all(|(_, said)| *said >= met) => expected = level,
                (false, _) => break,
            }
        }
        prop_assert_eq!(rated(policy), expected);
        let observed = items.iter().filter(|(_, said)| *said >= met).map(|(l, _)| *l).max();
        prop_assert_eq!(rated(high), observed.unwrap_or(0));
    }
}
