//! Every fault of a model with its exact place and message, and all of them at once.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests may panic")]

use devops_core::{Comparison, Unit};
use devops_maturity::{
    Aggregation, AnswerSetSpec, CompetenceSpec, CreditSpec, EntrySpec, Grade, GradeCapSpec, ItemLevelSpec,
    ItemSpec, LevelPolicy, LocaleSpec, MeasureSpec, MigrationSpec, Model, ModelSpec, MoveSpec, NeedOf,
    NeedSpec, NodeSpec, NotApplicablePolicy, Rounding, RoundingMode, TextSpec,
};

/// A model without faults: two levels, two nodes, three items.
fn sound() -> ModelSpec {
    let root = NodeSpec::new("root", "Root")
        .with_node(
            NodeSpec::new("build", "Build")
                .with_item(ItemSpec::choice("a", "A?", "yes_no").with_level(1))
                .with_item(ItemSpec::choice("b", "B?", "yes_no").with_level(2).with_requirement("a")),
        )
        .with_node(NodeSpec::new("run", "Run").with_item(ItemSpec::measured(
            "c",
            "C",
            MeasureSpec::linear("coverage", Unit::Percent, 0.0, 100.0).with_max(100.0),
        )));
    ModelSpec::new("m", "2", "M", root)
        .with_answer_set(
            AnswerSetSpec::new("yes_no").with_option("no", "No", 0.0).with_option("yes", "Yes", 1.0),
        )
        .with_level(1, "one")
        .with_level(2, "two")
}

type Change = fn(&mut ModelSpec);

fn item(spec: &mut ModelSpec, place: usize) -> &mut ItemSpec {
    &mut spec.root.nodes[0].items[place]
}

fn competence(level: u32, on: u32) -> LevelPolicy {
    let need = NeedSpec { level: on, at_least: 50.0, of: NeedOf::Mean };
    LevelPolicy::Competences { levels: vec![CompetenceSpec { level, needs: vec![need] }], empty: None }
}

const HEAD: &[(Change, &str)] = &[
    (|m| m.format = 2, "format: format `2` is not known: expected 1"),
    (
        |m| m.id = "a b".into(),
        "id: node id `a b` is malformed: expected 1 to 200 ASCII letters, digits, `.`, `_`, `-`, `/` or `:`, beginning with a letter or digit",
    ),
    (
        |m| m.version = String::new(),
        "version: version is empty: expected 1 to 2000 bytes of text without control characters",
    ),
    (|m| m.scale = 0.0, "scale: `0` is not above 0"),
    (|m| m.scale = f64::NAN, "scale: `NaN` is not a finite number"),
    (|m| m.dispute_from = 1.5, "dispute_from: `1.5` is outside 0 to 1"),
    (
        |m| m.levels[0].number = 0,
        "levels[0].number: `0` is not above 0; root.nodes[0].items[0].levels[0].level: level `1` is not in the model",
    ),
    (|m| m.levels.swap(0, 1), "levels[1].number: `1` does not fit after `2`: levels are numbered upwards"),
    (
        |m| m.answer_sets.push(AnswerSetSpec::new("yes_no").with_option("x", "X", 0.0)),
        "answer_sets[1].id: `yes_no` is used twice: first at answer_sets[0].id",
    ),
    (
        |m| m.answer_sets.push(AnswerSetSpec::new("none")),
        "answer_sets[1].options: it has no option: at least one is expected",
    ),
    (
        |m| m.answer_sets[0].options[1].credit = 80.0,
        "answer_sets[0].options[1].credit: `80` is outside 0 to 1",
    ),
    (
        |m| m.answer_sets[0].options[1].id = "no".into(),
        "answer_sets[0].options[1].id: `no` is used twice: first at answer_sets[0].options[0].id",
    ),
    (
        |m| m.not_applicable = NotApplicablePolicy::Anchored { target: 3.0 },
        "not_applicable.target: `3` is outside 0 to 1",
    ),
    (
        |m| {
            m.evidence.caps = vec![
                GradeCapSpec { grade: Grade::Claim, credit: 0.8 },
                GradeCapSpec { grade: Grade::Document, credit: 0.5 },
            ];
        },
        "evidence.caps: `document` does not fit after `claim`: better evidence is worth no less",
    ),
];

const TREE: &[(Change, &str)] = &[
    (
        |m| m.root.nodes[1].id = "build".into(),
        "root.nodes[1].id: `build` is used twice: first at root.nodes[0].id",
    ),
    (
        |m| item(m, 1).id = "build".into(),
        "root.nodes[0].items[1].id: `build` is used twice: first at root.nodes[0].id",
    ),
    (|m| m.root.nodes[0].weight = -1.0, "root.nodes[0].weight: `-1` is outside 0 to 1000000"),
    (|m| m.root.nodes[0].weight = f64::INFINITY, "root.nodes[0].weight: `inf` is not a finite number"),
    (
        |m| m.root.nodes.iter_mut().for_each(|n| n.weight = 0.0),
        "root: all weights are zero: at least one above zero is expected",
    ),
    (
        |m| m.root.nodes.push(NodeSpec::new("empty", "Empty")),
        "root.nodes[2]: it has no node and no item: at least one is expected",
    ),
    (
        |m| m.root.nodes[1].rounding = Some(Rounding { mode: RoundingMode::Floor, digits: 13 }),
        "root.nodes[1].rounding.digits: `13` is outside 0 to 12",
    ),
    (
        |m| m.root.nodes[1].aggregation = Aggregation::LevelSums,
        "root.nodes[1].aggregation: `c` does not fit: expected a level on each item of a node that adds up levels",
    ),
    (
        |m| {
            m.root.nodes[0].aggregation = Aggregation::PooledMean;
            m.root.nodes[0].items.iter_mut().for_each(|i| i.weight = 0.0);
        },
        "root.nodes[0]: all weights are zero: at least one above zero is expected",
    ),
    (|m| item(m, 0).effort = 0.0, "root.nodes[0].items[0].effort: `0` is not above 0"),
    (
        |m| item(m, 0).title = "a\nb".into(),
        "root.nodes[0].items[0].title: title `a b` is malformed: expected 1 to 2000 bytes of text without control characters",
    ),
    (
        |m| *item(m, 0) = ItemSpec::choice("a", "A?", "maybe").with_level(1),
        "root.nodes[0].items[0].answer.answer_set: answer set `maybe` is not in the model",
    ),
    (
        |m| item(m, 0).principles = vec!["speed".into()],
        "root.nodes[0].items[0].principles[0]: principle `speed` is not in the model",
    ),
    (
        |m| item(m, 0).levels.push(ItemLevelSpec { level: 7, weight: 1.0 }),
        "root.nodes[0].items[0].levels[1].level: level `7` is not in the model",
    ),
    (
        |m| item(m, 0).levels.push(ItemLevelSpec { level: 1, weight: 1.0 }),
        "root.nodes[0].items[0].levels[1].level: `1` is used twice: first at root.nodes[0].items[0].levels[0].level",
    ),
    (
        |m| item(m, 0).limit = Some(MeasureSpec::linear("x y", Unit::Count, 0.0, 1.0)),
        "root.nodes[0].items[0].limit.metric: metric id `x y` is malformed: expected 1 to 200 ASCII letters, digits, `.`, `_`, `-`, `/` or `:`, beginning with a letter or digit",
    ),
    (
        |m| *item(m, 0) = ItemSpec::checklist("a", "A", vec![]).with_level(1),
        "root.nodes[0].items[0].answer.entries: it has no entry: at least one is expected",
    ),
    (
        |m| {
            let entry = EntrySpec::new("x", "X").with_weight(0.0);
            *item(m, 0) = ItemSpec::checklist("a", "A", vec![entry]).with_level(1);
        },
        "root.nodes[0].items[0].answer.entries: all weights are zero: at least one above zero is expected",
    ),
];

const ORDER: &[(Change, &str)] = &[
    (
        |m| item(m, 1).requires = vec!["z".into()],
        "root.nodes[0].items[1].requires[0]: item `z` is not in the model",
    ),
    (
        |m| item(m, 0).requires = vec!["b".into()],
        "root.nodes[0].items[0].requires[0]: level 1 depends on level 2, which is above it: `b`; root.nodes[0].items[0].requires: the items wait for each other: a -> b -> a",
    ),
    (
        |m| item(m, 0).requires = vec!["a".into()],
        "root.nodes[0].items[0].requires: the items wait for each other: a -> a",
    ),
    (
        |m| m.root.level_policy = Some(LevelPolicy::thresholds(&[(1, 5.0), (2, 3.0)])),
        "root.level_policy.thresholds[1].from: `3` does not fit after `5`: a higher level asks for a higher score",
    ),
    (
        |m| m.root.level_policy = Some(LevelPolicy::thresholds(&[(2, 3.0), (1, 5.0)])),
        "root.level_policy.thresholds[1].level: `1` does not fit after `2`: the lowest level comes first",
    ),
    (
        |m| m.root.level_policy = Some(LevelPolicy::thresholds(&[(1, f64::NAN)])),
        "root.level_policy.thresholds[0].from: `NaN` is not a finite number",
    ),
    (
        |m| m.root.level_policy = Some(LevelPolicy::thresholds(&[])),
        "root.level_policy.thresholds: it has no threshold: at least one is expected",
    ),
    (
        |m| m.root.nodes[0].level_policy = Some(competence(1, 2)),
        "root.nodes[0].level_policy.levels[0].needs[0].level: level 1 depends on level 2, which is above it",
    ),
    (
        |m| m.root.nodes[1].level_policy = Some(competence(2, 1)),
        "root.nodes[1].level_policy: level 1 has no item: `empty` must say whether it passes, is skipped or fails",
    ),
    (
        |m| m.root.nodes[0].level_policy = Some(LevelPolicy::HighWater { met: 0.0 }),
        "root.nodes[0].level_policy.met: `0` is not above 0",
    ),
    (
        |m| {
            m.levels.clear();
            m.root.nodes[0].items.iter_mut().for_each(|i| i.levels.clear());
            m.root.level_policy = Some(LevelPolicy::AllBelow { met: 1.0, empty: None });
        },
        "root.level_policy: it has no level to reach: at least one is expected",
    ),
];

fn measure(m: &mut ModelSpec, measure: MeasureSpec) {
    m.root.nodes[1].items[0] = ItemSpec::measured("c", "C", measure);
}

const MEASURES: &[(Change, &str)] = &[
    (
        |m| measure(m, MeasureSpec::linear("x", Unit::Percent, 5.0, 5.0)),
        "root.nodes[1].items[0].answer.measure.credit.best: `5` does not fit: expected a value other than that of `worst`",
    ),
    (
        |m| measure(m, MeasureSpec::linear("x", Unit::Percent, 0.0, f64::NAN)),
        "root.nodes[1].items[0].answer.measure.credit.best: `NaN` is not a finite number",
    ),
    (
        |m| measure(m, MeasureSpec::linear("x", Unit::Percent, 0.0, 1.0).with_min(5.0).with_max(4.0)),
        "root.nodes[1].items[0].answer.measure.max: `4` does not fit after `5`: the highest value is above the lowest",
    ),
    (
        |m| measure(m, MeasureSpec::bands("x", Unit::Hours, Comparison::AtMost, &[(1.0, 0.5), (24.0, 0.9)])),
        "root.nodes[1].items[0].answer.measure.credit.bands[1].value: `24` does not fit after `1`: a band that asks for more gives more credit",
    ),
    (
        |m| measure(m, MeasureSpec::bands("x", Unit::Hours, Comparison::Equal, &[(1.0, 0.5)])),
        "root.nodes[1].items[0].answer.measure.credit.bands[0].comparison: `=` does not fit: expected bands that all look from below (`>=`, `>`) or all from above (`<=`, `<`)",
    ),
    (
        |m| measure(m, MeasureSpec::bands("x", Unit::Hours, Comparison::AtMost, &[])),
        "root.nodes[1].items[0].answer.measure.credit.bands: it has no band: at least one is expected",
    ),
    (
        |m| m.root.nodes[1].items[0].limit = Some(MeasureSpec::linear("x", Unit::Count, 0.0, 1.0)),
        "root.nodes[1].items[0].limit: `c` does not fit: expected a limit only on questions and checklists",
    ),
    (
        |m| {
            let entries = vec![TextSpec { id: "no_such".into(), text: "x".into() }];
            m.texts = vec![LocaleSpec { locale: "de".into(), entries }];
        },
        "texts[0].entries[0].id: text `no_such` is not in the model",
    ),
    (
        |m| {
            let moves = vec![
                MoveSpec::Renamed { from: "x".into(), to: "z".into(), factor: 2.0 },
                MoveSpec::Dropped { from: "x".into() },
            ];
            m.migrations = vec![MigrationSpec { from_version: "1".into(), moves }];
        },
        "migrations[0].moves[0].to: item `z` is not in the model; migrations[0].moves[0].factor: `2` is outside 0 to 1; migrations[0].moves[1].from: `x` is used twice: first at migrations[0].moves[0].from",
    ),
];

#[test]
fn every_fault_is_told_with_its_place() {
    assert!(Model::build(sound()).is_ok());
    for (change, message) in [HEAD, TREE, ORDER, MEASURES].into_iter().flatten() {
        let mut spec = sound();
        change(&mut spec);
        assert_eq!(Model::build(spec).unwrap_err().to_string(), *message);
    }
}

#[test]
fn all_faults_come_at_once() {
    let mut spec = sound();
    let all: Vec<&(Change, &str)> =
        vec![&HEAD[3], &HEAD[5], &TREE[2], &TREE[9], &ORDER[0], &ORDER[3], &MEASURES[0]];
    for (change, _) in &all {
        change(&mut spec);
    }
    let errors = Model::build(spec).unwrap_err();
    assert_eq!(errors.faults().len(), all.len(), "{errors}");
    for (_, message) in all {
        assert!(errors.to_string().contains(message), "{message} is not in {errors}");
    }
}

#[test]
fn documents_with_unknown_keys_are_refused() {
    let json = serde_json::to_value(Model::build(sound()).unwrap()).unwrap();
    for path in [
        "",
        "/root",
        "/root/nodes/0",
        "/root/nodes/0/items/0",
        "/root/nodes/0/items/0/answer",
        "/answer_sets/0",
    ] {
        let mut changed = json.clone();
        changed.pointer_mut(path).unwrap()["wieght"] = 1.into();
        let error = serde_json::from_value::<ModelSpec>(changed).unwrap_err().to_string();
        assert!(error.contains("unknown field `wieght`"), "{path}: {error}");
    }
    let credit = serde_json::from_str::<CreditSpec>(r#"{"kind": "linear", "worst": 0, "best": 1, "x": 1}"#);
    assert!(credit.is_err());
    let policy = serde_json::from_str::<NotApplicablePolicy>(r#"{"kind": "left_out", "target": 1}"#);
    assert!(policy.is_err());
}

#[test]
fn nodes_do_not_nest_for_ever() {
    let item = ItemSpec::choice("a", "A?", "yes_no");
    let mut node = NodeSpec::new("n0", "N").with_item(item);
    for depth in 1..40 {
        node = NodeSpec::new(format!("n{depth}"), "N").with_node(node);
    }
    let set = AnswerSetSpec::new("yes_no").with_option("yes", "Yes", 1.0);
    let error =
        Model::build(ModelSpec::new("m", "1", "M", node).with_answer_set(set)).unwrap_err().to_string();
    assert!(error.ends_with("nodes are nested more than 32 deep"), "{error}");
}
