//! Teams together, assessments over time, answers across versions and models.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests may panic")]

use devops_core::{Ratio, Timestamp};
use devops_maturity::{
    Answer, AnswerSetSpec, Answers, Assessment, EntrySpec, Evidence, Fraction, Grade, ItemAnswer,
    ItemChangeKind, ItemSpec, LevelPolicy, Mapping, MappingLink, MigrationSpec, Model, ModelSpec, MoveSpec,
    NodeSpec, RollUpPolicy, assess, changes, roll_up,
};

fn time(day: &str) -> Timestamp {
    format!("{day}T00:00:00Z").parse().unwrap()
}

fn checklist(id: &str) -> ItemSpec {
    ItemSpec::checklist(id, id, vec![EntrySpec::new("done", "Done")])
}

fn model(id: &str, version: &str, items: &[&str]) -> ModelSpec {
    let root =
        NodeSpec::new("root", "Root").with_level_policy(LevelPolicy::thresholds(&[(1, 0.3), (2, 0.7)]));
    let root = items.iter().fold(root, |root, item| root.with_item(checklist(item)));
    ModelSpec::new(id, version, "M", root).with_level(1, "one").with_level(2, "two")
}

fn credit(item: &str, tenths: u64) -> ItemAnswer {
    ItemAnswer::new(item.parse().unwrap(), Answer::Credit { credit: Fraction::of(tenths, 10) })
}

fn run(model: &Model, team: &str, day: &str, answers: Vec<ItemAnswer>) -> Assessment {
    let answers = answers.into_iter().fold(Answers::new(model, team), Answers::with_answer);
    assess(model, &answers, time(day)).unwrap()
}

#[test]
fn teams_together() {
    let model = Model::build(model("m", "1", &["a", "b"])).unwrap();
    let team = |name: &str, tenths| run(&model, name, "2026-01-01", vec![credit("a", tenths)]);
    let mut teams: Vec<Assessment> =
        [("a", 0), ("b", 4), ("c", 5), ("d", 8), ("e", 10)].into_iter().map(|(n, t)| team(n, t)).collect();
    let all = roll_up(&teams, &RollUpPolicy::default()).unwrap();
    let root = &all[0];
    assert_eq!((root.n, root.mean.get(), root.minimum.get()), (5, 0.54, 0.0));
    assert_eq!((root.bounds.0.get(), root.bounds.1.get()), (0.27, 0.77));
    assert_eq!(root.quantiles, [(0.25, 0.4), (0.5, 0.5), (0.75, 0.8)]);
    assert_eq!(root.at_least, [(1, Fraction::of(4, 5)), (2, Fraction::of(2, 5))]);

    // A team of which nothing is known is left out, and then too few are left to hide in.
    teams[0] = run(&model, "a", "2026-01-01", vec![]);
    assert!(roll_up(&teams, &RollUpPolicy::default()).unwrap().is_empty());
    let known = RollUpPolicy::default().with_minimum_teams(1);
    assert_eq!(roll_up(&teams, &known).unwrap()[0].n, 4);

    teams[0] = team("b", 1);
    let error = roll_up(&teams, &known).unwrap_err().to_string();
    assert_eq!(error, "team `b` is there twice: one assessment for each team is expected");
    teams[0] = team("a", 1);
    teams[4].version = "2".into();
    let error = roll_up(&teams, &known).unwrap_err().to_string();
    assert_eq!(error, "team `e` was assessed with `m 2`: expected `m 1`, as the first");
    assert!(roll_up(&[], &known).is_err());
    let quantile = known.with_quantiles(vec![1.5]);
    assert!(roll_up(&teams[..4], &quantile).is_err());
}

#[test]
fn what_changed() {
    let model = Model::build(model("m", "1", &["a", "b", "c", "d", "e"])).unwrap();
    let seen = |day| Evidence::new(Grade::Document, time(day));
    let before = run(
        &model,
        "t",
        "2026-01-01",
        vec![
            credit("a", 2),
            credit("b", 2),
            credit("c", 9),
            credit("e", 5).with_evidence(seen("2025-12-01").with_valid_days(60)),
        ],
    );
    let out = ItemAnswer::new("c".parse().unwrap(), Answer::not_applicable("x"));
    let after = run(
        &model,
        "t",
        "2026-06-01",
        vec![
            credit("a", 8),
            credit("b", 9).with_evidence(seen("2026-05-01")),
            out,
            credit("d", 1),
            credit("e", 5).with_evidence(seen("2025-12-01").with_valid_days(60)),
        ],
    );
    let found = changes(&before, &after).unwrap();
    let kinds: Vec<(&str, ItemChangeKind)> = found.items.iter().map(|i| (i.item.as_str(), i.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("a", ItemChangeKind::Rose),
            ("b", ItemChangeKind::Rose),
            ("c", ItemChangeKind::Applicability),
            ("d", ItemChangeKind::BecameKnown),
            ("e", ItemChangeKind::BecameUnknown),
        ]
    );
    // Only `a` rose on nothing new.
    assert_eq!(found.warnings.len(), 1);
    assert_eq!(found.warnings[0].message().argument("item"), Some("a"));
    assert_eq!((found.nodes[0].level_from, found.nodes[0].level_to), (Some(1), Some(1)));
    assert!(changes(&before, &before).unwrap().nodes.is_empty());
    assert!(changes(&after, &before).unwrap_err().to_string().contains("is before the earlier one"));
    let other = run(&model, "u", "2026-06-01", vec![]);
    assert_eq!(
        changes(&before, &other).unwrap_err().to_string(),
        "the assessments are of teams `t` and `u`: one team is expected"
    );
}

fn migrating() -> Model {
    let mut spec = model("m", "2", &["kept", "new", "left", "right", "both"]);
    spec.answer_sets
        .push(AnswerSetSpec::new("yes_no").with_option("no", "No", 0.0).with_option("yes", "Yes", 1.0));
    spec.root.items.push(ItemSpec::choice("question", "Question?", "yes_no"));
    let text = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let moves = vec![
        MoveSpec::Renamed { from: "old".into(), to: "new".into(), factor: 0.5 },
        MoveSpec::Split { from: "whole".into(), to: text(&["left", "right"]), factor: 1.0 },
        MoveSpec::Merged { from: text(&["x", "y"]), to: "both".into(), factor: 1.0 },
        MoveSpec::Renamed { from: "asked".into(), to: "question".into(), factor: 1.0 },
        MoveSpec::Dropped { from: "gone".into() },
    ];
    spec.migrations = vec![MigrationSpec { from_version: "1".into(), moves }];
    Model::build(spec).unwrap()
}

#[test]
fn answers_move_between_versions() {
    let model = migrating();
    let mut old = Answers::new(&model, "t");
    old.version = "1".into();
    let seen = |grade, day| Evidence::new(grade, time(day));
    old.answers = vec![
        credit("kept", 3),
        credit("old", 8),
        credit("whole", 6),
        credit("x", 2).with_evidence(seen(Grade::Measured, "2026-02-01")),
        credit("y", 8).with_evidence(seen(Grade::Document, "2026-01-01")),
        credit("gone", 9),
        credit("never_there", 9),
        ItemAnswer::new("asked".parse().unwrap(), Answer::choice("yes")),
    ];
    let new = model.migrate(&old).unwrap();
    let assessment = assess(&model, &new.answers, time("2026-03-01")).unwrap();
    for (item, expected) in
        [("kept", 0.3), ("new", 0.4), ("left", 0.6), ("right", 0.6), ("both", 0.5), ("question", 1.0)]
    {
        let credit = assessment.item(item).unwrap().credit.as_ref().unwrap();
        assert_eq!(credit.point.as_ref().unwrap().get(), expected, "{item}");
    }
    assert_eq!(assessment.item("both").unwrap().grade(), Some(Grade::Document));
    let notes = [
        "`never_there` is no longer asked",
        "`old` became `new`",
        "`whole` became `left`, `right`",
        "`x`, `y` became `both`",
        "`asked` became `question`",
        "`gone` is no longer asked",
    ];
    assert_eq!(new.notes, notes);

    // One of two merged answers is missing: the new one is unknown, not half.
    old.answers.retain(|a| a.item.as_str() == "x");
    let new = model.migrate(&old).unwrap();
    assert_eq!(new.answers.answers[0].answer, Answer::Unknown);

    // An option that the new item does not have says no credit.
    old.answers = vec![ItemAnswer::new("old".parse().unwrap(), Answer::choice("often")).with_assessor("ann")];
    assert_eq!(
        model.migrate(&old).unwrap_err().to_string(),
        "the answer to `old` of `ann` is no credit, and `new` is answered in another way"
    );
    old.version = "0".into();
    assert_eq!(
        model.migrate(&old).unwrap_err().to_string(),
        "the model has no migration from version `0`: expected `1`"
    );
    let same = Answers::new(&model, "t");
    assert_eq!(model.migrate(&same).unwrap().answers, same);
}

#[test]
fn one_model_speaks_of_another() {
    let from = Model::build(model("from", "1", &["a", "b", "c"])).unwrap();
    let to = Model::build(model("to", "1", &["p", "q", "r"])).unwrap();
    let known = run(&from, "t", "2026-01-01", vec![credit("a", 4), credit("b", 6)]);
    let link = |from: &str, to: &str, confidence: f64| MappingLink {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        confidence: Ratio::new(confidence).unwrap(),
    };
    let json = r#"{"format": 1, "from_model": "from", "to_model": "to", "links": []}"#;
    let mut mapping: Mapping = serde_json::from_str(json).unwrap();
    mapping.links = vec![
        link("a", "p", 0.9),
        link("b", "q", 0.8),
        link("a", "q", 0.8),
        link("a", "r", 0.4),
        link("c", "r", 1.0),
    ];
    let mut answers = Answers::new(&to, "t").with_answer(credit("p", 1));
    let minimum = Ratio::new(0.5).unwrap();
    // `p` is answered already, `r` only by what is too unsure or unknown; of two equally sure the lower counts.
    assert_eq!(mapping.infer(&known, &to, &mut answers, minimum).unwrap(), 1);
    let assessment = assess(&to, &answers, time("2026-01-01")).unwrap();
    let point = |item: &str| assessment.item(item).unwrap().credit.as_ref().unwrap().point.clone();
    assert_eq!(
        (point("p"), point("q"), point("r")),
        (Some(Fraction::of(1, 10)), Some(Fraction::of(4, 10)), None)
    );
    let inferred = assessment.item("q").unwrap().inferred.as_ref().unwrap();
    assert_eq!((inferred.model.as_str(), inferred.item.as_str()), ("from", "a"));

    mapping.links.push(link("z", "p", 1.0));
    let error = mapping.infer(&known, &to, &mut answers, minimum).unwrap_err().to_string();
    assert_eq!(error, "links[5]: item `z` is not in model `from`");
    let error = mapping.infer(&assessment, &to, &mut answers, minimum).unwrap_err().to_string();
    assert_eq!(error, "the known answers are of model `to`: expected `from`");
}
