//! The scoring rules of other tools as model data, on their own cases where these are at hand.
//!
//! Nothing here is code for a tool: each case becomes a [`ModelSpec`] and a set of answers. Two kinds of case
//! are not expressed and are left to their tools: SAMM's gap weight (a priority formula, not a score) and
//! AWS's ordered boolean risk rules (which are no levels of credit).

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::type_complexity,
    clippy::unwrap_used,
    reason = "tests may panic, read vectors and say that they skip"
)]

use std::collections::BTreeMap;

use devops_core::{Measure, MetricId, Timestamp, Unit};
use devops_maturity::{
    Aggregation, Answer, Answers, Assessment, CompetenceSpec, EmptyLevel, Fraction, ItemAnswer,
    ItemLevelSpec, ItemSpec, LevelPolicy, MeasureSpec, Model, ModelSpec, NeedOf, NeedSpec, NodeSpec,
    NotApplicablePolicy, Observation, OfNone, Rounding, RoundingMode, ThresholdSpec, UnknownPolicy, assess,
};
use serde_json::Value;

/// A file of vectors, or `None` (said aloud) where it is not there.
fn vectors(name: &str) -> Option<Value> {
    let path = format!("{}/../../shared/vectors/maturity/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read(&path) else {
        println!("skipped: {path} is not there (its licence does not allow a copy here)");
        return None;
    };
    Some(serde_json::from_slice(&text).unwrap())
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// An item that is answered by its credit alone.
fn item(id: &str) -> ItemSpec {
    ItemSpec::checklist(id, id, vec![devops_maturity::EntrySpec::new("done", "Done")])
}

fn credit(id: &str, credit: Fraction) -> ItemAnswer {
    ItemAnswer::new(id.parse().unwrap(), Answer::Credit { credit })
}

fn now() -> Timestamp {
    Timestamp::EPOCH
}

fn build(spec: ModelSpec) -> Model {
    Model::build(spec).unwrap_or_else(|errors| panic!("{errors}"))
}

fn rate(model: &Model, answers: impl IntoIterator<Item = ItemAnswer>) -> Assessment {
    let answers = answers.into_iter().fold(Answers::new(model, "team"), Answers::with_answer);
    assess(model, &answers, now()).unwrap_or_else(|errors| panic!("{errors}"))
}

fn point(assessment: &Assessment, node: &str) -> Option<f64> {
    assessment.node(node).unwrap().score.as_ref()?.point.as_ref().map(Fraction::get)
}

fn close(found: Option<f64>, expected: &Value, what: &str) {
    match expected.as_f64().filter(|e| *e >= 0.0) {
        // -1 and null are their words for "nothing to score".
        None => assert_eq!(found, None, "{what}"),
        Some(expected) => {
            let found = found.unwrap_or_else(|| panic!("{what}: no score, expected {expected}"));
            assert!((found - expected).abs() < 1e-9, "{what}: {found}, expected {expected}");
        }
    }
}

const SAMM: [(&str, &str, [(&str, &str); 3]); 5] = [
    (
        "G",
        "Governance",
        [("SM", "Strategy-Metrics"), ("PC", "Policy-Compliance"), ("EG", "Education-Guidance")],
    ),
    (
        "D",
        "Design",
        [("TA", "Threat-Assessment"), ("SR", "Security-Requirements"), ("SA", "Secure-Architecture")],
    ),
    (
        "I",
        "Implementation",
        [("SB", "Secure-Build"), ("SD", "Secure-Deployment"), ("DM", "Defect-Management")],
    ),
    (
        "V",
        "Verification",
        [("AA", "Architecture-Assessment"), ("RT", "Requirements-Testing"), ("ST", "Security-Testing")],
    ),
    (
        "O",
        "Operations",
        [("IM", "Incident-Management"), ("EM", "Environment-Management"), ("OM", "Operational-Management")],
    ),
];

/// Practice = sum over its levels of the mean of the two streams; functions and the whole are means.
fn samm() -> Model {
    let mut root = NodeSpec::new("overall", "SAMM");
    for (letter, function, practices) in SAMM {
        let mut node = NodeSpec::new(function, function);
        for (code, practice) in practices {
            let id = format!("{letter}-{practice}");
            let mut practice =
                NodeSpec::new(id.as_str(), id.as_str()).with_aggregation(Aggregation::LevelSums);
            for level in 1..=3 {
                for stream in ["A", "B"] {
                    practice = practice
                        .with_item(item(&format!("{letter}-{code}-{level}-{stream}")).with_level(level));
                }
            }
            node = node.with_node(practice);
        }
        root = root.with_node(node);
    }
    let spec = ModelSpec::new("samm", "2", "SAMM", root);
    build(spec.with_level(1, "1").with_level(2, "2").with_level(3, "3"))
}

fn samm_answers(answers: &Value) -> Vec<ItemAnswer> {
    let each = answers.as_object().unwrap().iter();
    each.map(|(id, value)| credit(id, Fraction::from_f64(value.as_f64().unwrap()).unwrap())).collect()
}

#[test]
fn samm_2() {
    let Some(file) = vectors("samm2") else { return };
    let model = samm();
    for case in list(&file, "cases") {
        let id = case["id"].as_str().unwrap();
        let assessment = rate(&model, samm_answers(&case["answers"]));
        for group in ["practices", "functions"] {
            for (node, expected) in case["expected"][group].as_object().unwrap() {
                close(point(&assessment, node), expected, &format!("{id} {node}"));
            }
        }
        close(point(&assessment, "overall"), &case["expected"]["overall"], id);
        assert!(assessment.root().score.as_ref().unwrap().is_certain());
    }
    for case in list(&file, "relative") {
        let practice = "I-Secure-Build";
        let now = rate(&model, samm_answers(&case["current"]));
        close(point(&now, practice), &case["expected"]["baseline_score"], "baseline");
        let target = rate(&model, samm_answers(&case["target"]));
        close(point(&target, practice), &case["expected"]["target_score"], "target");
        let mut later: serde_json::Map<String, Value> = case["current"].as_object().unwrap().clone();
        later.extend(case["later"].as_object().unwrap().clone());
        let later = rate(&model, samm_answers(&Value::Object(later)));
        close(point(&later, practice), &case["expected_later"]["current_score"], "later");
    }
}

/// Competences of levels 1 to 5, as `{"3": {"2": 75, "3": 60}}` says them.
fn competences(levels: &Value, empty: EmptyLevel) -> LevelPolicy {
    let needs = |needs: &Value| {
        let each = needs.as_object().unwrap().iter();
        let need = |(level, percent): (&String, &Value)| NeedSpec {
            level: level.parse().unwrap(),
            at_least: percent.as_f64().unwrap(),
            of: NeedOf::Mean,
        };
        each.map(need).collect()
    };
    let all = levels.as_object().unwrap().iter();
    let level =
        |(level, of): (&String, &Value)| CompetenceSpec { level: level.parse().unwrap(), needs: needs(of) };
    LevelPolicy::Competences { levels: all.map(level).collect(), empty: Some(empty) }
}

fn attribute(id: &str, attribute: &Value, levels: &Value) -> (NodeSpec, Vec<ItemAnswer>) {
    let mut node = NodeSpec::new(id, id)
        .with_weight(attribute["weight"].as_f64().unwrap_or(1.0))
        .with_level_policy(competences(levels, EmptyLevel::Pass));
    let mut answers = Vec::new();
    for (index, question) in list(attribute, "questions").iter().enumerate() {
        let name = format!("{id}.{index}");
        let mut question_item = item(&name);
        for impact in question.as_array().unwrap() {
            // An impact is a level, or a level with a weight.
            let (level, weight) = match impact.as_array() {
                Some(pair) => (pair[0].as_u64().unwrap(), pair[1].as_f64().unwrap()),
                None => (impact.as_u64().unwrap(), 1.0),
            };
            question_item.levels.push(ItemLevelSpec { level: level as u32, weight });
        }
        node = node.with_item(question_item);
        match &attribute["answers"][index] {
            Value::Null => {}
            Value::String(_) => {
                answers.push(ItemAnswer::new(name.parse().unwrap(), Answer::not_applicable("said so")));
            }
            value => answers.push(credit(&name, Fraction::from_f64(value.as_f64().unwrap()).unwrap())),
        }
    }
    (node, answers)
}

#[test]
fn flickit_levels() {
    let Some(file) = vectors("flickit") else { return };
    for case in list(&file, "cases") {
        let id = case["id"].as_str().unwrap();
        let levels = &case["levels"];
        let (root, answers) = if case["attribute"].is_object() {
            attribute("subject", &case["attribute"], levels)
        } else {
            let root =
                NodeSpec::new("subject", "Subject").with_level_policy(competences(levels, EmptyLevel::Fail));
            list(case, "attributes").iter().enumerate().fold(
                (root, Vec::new()),
                |(root, mut all), (index, one)| {
                    let (node, answers) = attribute(&format!("a{index}"), one, levels);
                    all.extend(answers);
                    (root.with_node(node), all)
                },
            )
        };
        let mut spec = ModelSpec::new("flickit", "1", "Flickit", root).with_unknown(UnknownPolicy::NoCredit);
        for level in levels.as_object().unwrap().keys() {
            spec = spec.with_level(level.parse().unwrap(), level.as_str());
        }
        let model = build(spec);
        let assessment = rate(&model, answers);
        let level = assessment.root().level.as_ref().unwrap();
        assert_eq!(level.ungated.point.map(u64::from), case["expected"]["level"].as_u64(), "{id}");
        for (level, expected) in case["expected"]["percent_per_level"].as_object().unwrap() {
            let shares = &assessment.root().level_shares;
            let share = shares.iter().find(|s| s.level == level.parse::<u32>().unwrap());
            let percent = share.map_or(0.0, |s| s.low.get() * 100.0);
            assert!((percent - expected.as_f64().unwrap()).abs() < 1e-9, "{id} level {level}: {percent}");
        }
    }
}

#[test]
fn flickit_confidence() {
    let Some(file) = vectors("flickit") else { return };
    for case in list(&file, "confidence") {
        let id = case["id"].as_str().unwrap();
        let single = [serde_json::json!({ "w": 1, "conf": case["confidences"] })];
        let attributes = if case["attributes"].is_array() { list(case, "attributes") } else { &single };
        let mut root = NodeSpec::new("all", "All");
        let mut answers = Vec::new();
        for (index, attribute) in attributes.iter().enumerate() {
            let node_id = format!("a{index}");
            let mut node = NodeSpec::new(node_id.as_str(), "a").with_weight(attribute["w"].as_f64().unwrap());
            for (place, value) in list(attribute, "conf").iter().enumerate() {
                let name = format!("{node_id}.{place}");
                node = node.with_item(item(&name));
                answers.extend(value.as_u64().map(|of_five| credit(&name, Fraction::of(of_five, 5))));
            }
            root = root.with_node(node);
        }
        let spec = ModelSpec::new("confidence", "1", "C", root).with_scale(100.0);
        let model = build(spec.with_unknown(UnknownPolicy::NoCredit));
        close(point(&rate(&model, answers), "all"), &case["expected"], id);
    }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().map(|l| l.iter().map(|v| v.as_str().unwrap().to_owned()).collect()).unwrap_or_default()
}

/// A tree from `{"A": ["A1", "A2"]}`; what has no entry of its own is a leaf.
fn branch(id: &str, prefix: &str, case: &Value, aggregation: Aggregation, top: bool) -> NodeSpec {
    let cut = Rounding { mode: RoundingMode::Truncate, digits: 1 };
    let tree = case["tree"].as_object().unwrap();
    let children: Vec<String> = if top {
        let inner: Vec<String> = tree.values().flat_map(strings).collect();
        tree.keys().filter(|k| !inner.contains(k)).cloned().collect()
    } else {
        strings(&tree[id])
    };
    let name = format!("{prefix}{id}");
    let mut node = NodeSpec::new(name.as_str(), name.as_str()).with_aggregation(aggregation);
    if top {
        node = node.with_rounding(cut);
    }
    for child in children {
        if tree.contains_key(&child) {
            node = node.with_node(branch(&child, prefix, case, aggregation, false));
        } else {
            let weight = case["weights"][&child].as_f64().unwrap_or(1.0);
            node = node.with_item(item(&format!("{prefix}{child}")).with_weight(weight));
        }
    }
    node
}

fn ciso_answers(case: &Value, prefix: &str, scores: &Value) -> Vec<ItemAnswer> {
    let max = case["max"].as_f64().unwrap_or(100.0);
    let (out, unscored) = (strings(&case["not_applicable"]), strings(&case["unscored"]));
    let mut answers = Vec::new();
    for (id, score) in scores.as_object().unwrap() {
        let name = format!("{prefix}{id}");
        if out.contains(id) {
            answers.push(ItemAnswer::new(name.parse().unwrap(), Answer::not_applicable("said so")));
        } else if !unscored.contains(id) {
            let score = Fraction::from_f64(score.as_f64().unwrap()).unwrap();
            answers.push(credit(&name, score.over(&Fraction::from_f64(max).unwrap()).unwrap()));
        }
    }
    answers
}

fn ciso_method(method: &str) -> Aggregation {
    match method {
        "avg" => Aggregation::PooledMean,
        "avg_of_avg" => Aggregation::WeightedMean,
        "sum" => Aggregation::Sum,
        other => panic!("{other}"),
    }
}

#[test]
fn ciso_assistant() {
    let Some(file) = vectors("ciso_assistant") else { return };
    for case in list(&file, "cases") {
        let id = case["id"].as_str().unwrap();
        let aggregation = ciso_method(case["method"].as_str().unwrap());
        let documented = case["documentation"].is_object();
        let mut answers = ciso_answers(case, "i.", &case["scores"]);
        let cut = Rounding { mode: RoundingMode::Truncate, digits: 1 };
        let mut root = NodeSpec::new("maturity", "Maturity").with_rounding(cut).with_node(branch(
            "implementation",
            "i.",
            case,
            aggregation,
            true,
        ));
        if documented {
            root = root.with_node(branch("documentation", "d.", case, aggregation, true));
            answers.extend(ciso_answers(case, "d.", &case["documentation"]));
        }
        let max = case["max"].as_f64().unwrap_or(100.0);
        let mut spec = ModelSpec::new("ciso", "1", "CISO", root).with_scale(max);
        if let (Some(true), Some(target)) = (case["anchor_na_to_target"].as_bool(), case["target"].as_f64()) {
            spec = spec.with_not_applicable(NotApplicablePolicy::Anchored { target });
        }
        let model = build(spec);
        let assessment = rate(&model, answers);
        let expected = &case["expected"];
        if !expected["implementation"].is_null() {
            close(point(&assessment, "i.implementation"), &expected["implementation"], id);
        }
        if documented {
            close(point(&assessment, "d.documentation"), &expected["documentation"], id);
        }
        if !expected["maturity"].is_null() {
            close(point(&assessment, "maturity"), &expected["maturity"], id);
        }
        for (node, expected) in expected["nodes"].as_object().into_iter().flatten() {
            close(point(&assessment, &format!("i.{node}")), expected, &format!("{id} {node}"));
        }
    }
    let example = &list(&file, "cases")[0];
    for case in list(&file, "total_max") {
        let aggregation = ciso_method(case["method"].as_str().unwrap());
        let root = branch("implementation", "i.", example, aggregation, true);
        let assessment = rate(&build(ModelSpec::new("ciso", "1", "CISO", root).with_scale(100.0)), []);
        let max = &assessment.root().score.as_ref().unwrap().max;
        close(Some(max.get()), &case["expected"], "total max");
    }
}

/// So many of so many as a measured item; the metric is named as the item.
fn share(id: &str, weight: f64, of_none: OfNone) -> ItemSpec {
    let measure = MeasureSpec::linear(id, Unit::Ratio, 0.0, 1.0).with_max(1.0).with_of_none(of_none);
    ItemSpec::measured(id, id, measure).with_weight(weight)
}

fn seen(id: &str, part: &Value, whole: &Value) -> Observation {
    let metric = MetricId::new(id).unwrap();
    Observation::new(
        Measure::fraction(metric, part.as_u64().unwrap(), whole.as_u64().unwrap(), Unit::Ratio),
        now(),
    )
}

fn scorecard(root: NodeSpec, scale: f64, observations: Vec<Observation>) -> Result<Option<f64>, String> {
    let floor = Rounding { mode: RoundingMode::Floor, digits: 0 };
    let spec = ModelSpec::new("scorecard", "1", "S", root.with_rounding(floor)).with_scale(scale);
    let spec = (1..=9).fold(spec, |spec, level| spec.with_level(level, "tier"));
    let model = Model::build(spec).map_err(|e| e.to_string())?;
    let answers = observations.into_iter().fold(Answers::new(&model, "team"), Answers::with_observation);
    let assessment = assess(&model, &answers, now()).map_err(|e| e.to_string())?;
    Ok(assessment.root().score.as_ref().and_then(|s| s.point.as_ref()).map(Fraction::get))
}

/// Points of a tier count only where all lower tiers are full.
fn tiers(pairs: &[(&Value, f64)]) -> Result<Option<f64>, String> {
    let mut root = NodeSpec::new("all", "All").with_aggregation(Aggregation::TieredSum);
    let mut observations = Vec::new();
    for (index, (pair, points)) in pairs.iter().enumerate() {
        let id = format!("tier{index}");
        root = root.with_item(share(&id, *points, OfNone::FullCredit).with_level(index as u32 + 1));
        observations.push(seen(&id, &pair[0], &pair[1]));
    }
    scorecard(root, 1.0, observations)
}

fn pooled_shares(case: &Value, id: &str) {
    // Shares are pooled: a group weighs its weight times its size.
    let mut root = NodeSpec::new("all", "All");
    let mut observations = Vec::new();
    for (index, group) in list(case, "groups").iter().enumerate() {
        let name = format!("g{index}");
        let weight = group["weight"].as_f64().unwrap() * group["total"].as_f64().unwrap().max(1.0);
        root = root.with_item(share(&name, weight, OfNone::NotApplicable));
        observations.push(seen(&name, &group["success"], &group["total"]));
    }
    let found = scorecard(root, 10.0, observations);
    let expected = &case["expected"];
    if expected["error"] == true {
        assert!(found.is_err(), "{id}: {found:?}");
    } else {
        match found {
            Ok(found) => close(found, &expected["score"], id),
            Err(refused) => println!("informative: {id}: {refused}; Scorecard says {expected}"),
        }
    }
}

fn floor_mean(case: &Value, id: &str) {
    let scores = list(case, "scores");
    let ids: Vec<String> = (0..scores.len()).map(|i| format!("s{i}")).collect();
    let floor = Rounding { mode: RoundingMode::Floor, digits: 0 };
    let root = NodeSpec::new("all", "All").with_rounding(floor);
    let root = ids.iter().fold(root, |root, id| root.with_item(item(id)));
    let model = build(ModelSpec::new("scorecard", "1", "S", root).with_scale(10.0));
    let answers = ids.iter().zip(scores).map(|(id, s)| credit(id, Fraction::of(s.as_u64().unwrap(), 10)));
    close(point(&rate(&model, answers), "all"), &case["expected"], id);
}

#[test]
fn openssf_scorecard() {
    let Some(file) = vectors("openssf_scorecard") else { return };
    for case in list(&file, "tier_table") {
        let names = ["basic", "review", "context", "thorough", "admin_thorough"];
        let pairs: Vec<(&Value, f64)> =
            names.iter().map(|n| &case[*n]).zip([3.0, 3.0, 2.0, 1.0, 1.0]).collect();
        close(tiers(&pairs).unwrap(), &case["expected"], &case.to_string());
    }
    for case in list(&file, "cases") {
        let id = case["id"].as_str().unwrap();
        match case["fn"].as_str().unwrap() {
            "proportional" => {
                let root = NodeSpec::new("all", "All").with_item(share("s", 1.0, OfNone::NoCredit));
                let found = scorecard(root, 10.0, vec![seen("s", &case["success"], &case["total"])]);
                close(found.unwrap(), &case["expected"], id);
            }
            "proportional_weighted" => pooled_shares(case, id),
            "aggregate_floor_mean" => floor_mean(case, id),
            "tiered_points" => {
                let points = list(case, "points").iter().map(|p| p.as_f64().unwrap());
                let order = ["basic", "review", "context", "thorough", "admin_thorough"];
                let mut named: Vec<(&String, &Value)> = case["tiers"].as_object().unwrap().iter().collect();
                let place = |name: &str| {
                    let fits = order.iter().enumerate().filter(|(_, known)| name.starts_with(**known));
                    fits.map(|(place, _)| place).max()
                };
                named.sort_by_key(|(name, _)| place(name));
                let pairs: Vec<(&Value, f64)> = named.into_iter().map(|(_, pair)| pair).zip(points).collect();
                close(tiers(&pairs).unwrap(), &case["expected"], id);
            }
            other => panic!("{other}"),
        }
    }
    for case in list(&file, "aggregate") {
        let checks = list(case, "checks");
        if checks.is_empty() {
            continue; // A model without items is refused; there is nothing to score.
        }
        let mut root = NodeSpec::new("all", "All");
        let mut answers = Vec::new();
        for (index, check) in checks.iter().enumerate() {
            let name = format!("c{index}");
            let weight = case["weights"][check[0].as_str().unwrap()].as_f64().unwrap();
            root = root.with_item(item(&name).with_weight(weight));
            answers.extend(check[1].as_u64().map(|score| credit(&name, Fraction::of(score, 10))));
        }
        let model = build(ModelSpec::new("scorecard", "1", "S", root).with_scale(10.0));
        close(point(&rate(&model, answers), "all"), &case["expected"], &case.to_string());
    }
}

/// A flat model of items at levels, with its levels and answers.
fn leveled(policy: LevelPolicy, levels: u32, items: &[(u32, f64)]) -> u32 {
    let mut root = NodeSpec::new("all", "All").with_level_policy(policy);
    let mut answers = Vec::new();
    for (index, (level, value)) in items.iter().enumerate() {
        let name = format!("i{index}");
        root = root.with_item(item(&name).with_level(*level));
        answers.push(credit(&name, Fraction::from_f64(*value).unwrap()));
    }
    let spec = ModelSpec::new("levels", "1", "L", root);
    let model = build((1..=levels).fold(spec, |spec, level| spec.with_level(level, "level")));
    let assessment = rate(&model, answers);
    let level = assessment.root().level.as_ref().unwrap();
    assert_eq!(Some(level.ungated.low), level.ungated.point);
    level.ungated.high
}

fn spice(case: &Value) -> u32 {
    let credit = |rating: &str| match rating {
        "F" => 1.0,
        "L" => 0.8,
        "P" => 0.4,
        _ => 0.0,
    };
    let ratings = case["ratings"].as_object().unwrap();
    let items: Vec<(u32, f64)> = ratings
        .iter()
        .map(|(id, rating)| {
            (id.split('.').next().unwrap().parse().unwrap(), credit(rating.as_str().unwrap()))
        })
        .collect();
    // Largely at the level itself, fully at all below: each attribute, not their mean.
    let need = |level, at_least| NeedSpec { level, at_least, of: NeedOf::Each };
    let level = |level: u32| CompetenceSpec {
        level,
        needs: (1..level).map(|below| need(below, 100.0)).chain([need(level, 80.0)]).collect(),
    };
    let policy =
        LevelPolicy::Competences { levels: (1..=5).map(level).collect(), empty: Some(EmptyLevel::Fail) };
    leveled(policy, 5, &items)
}

fn bands(case: &Value) -> String {
    let from = [(1, 0.0, false), (2, 15.0, true), (3, 50.0, true), (4, 85.0, true)];
    let thresholds = from.map(|(level, from, exclusive)| ThresholdSpec { level, from, exclusive });
    let policy = LevelPolicy::Thresholds { thresholds: thresholds.to_vec() };
    let root = NodeSpec::new("all", "All").with_level_policy(policy).with_item(item("p"));
    let spec = ModelSpec::new("npLf", "1", "NPLF", root).with_scale(100.0);
    let model =
        build(["N", "P", "L", "F"].into_iter().zip(1..).fold(spec, |s, (name, n)| s.with_level(n, name)));
    let percent = Fraction::from_f64(case["percent"].as_f64().unwrap()).unwrap();
    let assessment = rate(&model, [credit("p", percent.times(&Fraction::of(1, 100)))]);
    model.level_name(assessment.root().level.as_ref().unwrap().firm()).to_owned()
}

/// The credit of C2M2's answers; from "largely implemented" on, a practice counts as done.
fn implemented(answer: &str) -> f64 {
    let known = BTreeMap::from([("FI", 1.0), ("LI", 0.75), ("PI", 0.5), ("NI", 0.0)]);
    known[answer]
}

#[test]
fn gating_rules() {
    let Some(file) = vectors("gating_rules") else { return };
    for case in list(&file, "cases") {
        let rule = case["rule"].as_str().unwrap();
        if rule.starts_with("ISO/IEC 33020") {
            assert_eq!(u64::from(spice(case)), case["expected_level"].as_u64().unwrap(), "{case}");
        } else if rule == "NPLF bands" {
            assert_eq!(bands(case), case["expected"].as_str().unwrap(), "{case}");
        } else if rule.starts_with("C2M2") {
            let levels = list(case, "answers_per_mil");
            let items: Vec<(u32, f64)> = levels
                .iter()
                .zip(1..)
                .flat_map(|(answers, level)| {
                    strings(answers).into_iter().map(move |a| (level, implemented(&a)))
                })
                .collect();
            let policy = LevelPolicy::AllBelow { met: 0.75, empty: Some(EmptyLevel::Pass) };
            let found = leveled(policy, levels.len() as u32, &items);
            assert_eq!(u64::from(found), case["expected_mil"].as_u64().unwrap(), "{case}");
        } else if rule.starts_with("BSIMM") {
            let observed = list(case, "observed_levels").iter().map(|l| (l.as_u64().unwrap() as u32, 1.0));
            let items: Vec<(u32, f64)> = observed.chain((1..=3).map(|level| (level, 0.0))).collect();
            let found = leveled(LevelPolicy::HighWater { met: 1.0 }, 3, &items);
            assert_eq!(u64::from(found), case["expected"].as_u64().unwrap(), "{case}");
        } else {
            println!("informative: {rule}");
        }
    }
}
