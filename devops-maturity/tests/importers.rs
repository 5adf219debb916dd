//! Models of others from their own files; the samples here have their structure and words of our own.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests may panic")]

use devops_core::Timestamp;
use devops_maturity::import::{self, DsommModel, DsommProgress, ProgressTitle, SammDocument};
use devops_maturity::{Answer, Answers, ItemAnswer, Model, RollUpPolicy, assess, roll_up};
use serde_json::json;

/// Two functions of one practice each, two streams, three levels; one activity has two questions.
fn samm_documents() -> Vec<serde_json::Value> {
    let mut documents = vec![
        json!({"type": "Model", "id": "SAMM20"}),
        json!({"type": "Function", "id": "f2", "name": "Operations", "order": 5, "color": "x"}),
        json!({"type": "Function", "id": "f1", "name": "Governance", "order": 1, "description": "of our own\n"}),
        json!({"type": "Practice", "id": "p1", "function": "f1", "name": "Plans", "shortName": "PL", "order": 1, "progress": 50}),
        json!({"type": "Practice", "id": "p2", "function": "f2", "name": "Alarms", "shortName": "AL", "order": 1}),
        json!({"type": "Practice", "id": "p3", "function": "f2", "name": "Empty", "shortName": "EM", "order": 2}),
        json!({"type": "AnswerSet", "id": "set", "values": [
            {"text": "Always", "value": 1, "weight": 1, "order": 3}, {"text": "Never", "value": 0, "weight": 1, "order": 0},
            {"text": "Often", "value": 0.5, "weight": 1, "order": 2}, {"text": "Once", "value": 0.25, "weight": 1, "order": 1}]}),
    ];
    for level in 1..=3 {
        documents.push(json!({"type": "MaturityLevel", "id": format!("m{level}"), "number": level}));
        for practice in ["p1", "p2"] {
            let id = format!("l-{practice}-{level}");
            documents.push(json!({"type": "PracticeLevel", "id": id, "practice": practice, "maturityLevel": format!("m{level}")}));
        }
    }
    for practice in ["p1", "p2"] {
        for letter in ["A", "B"] {
            let stream = format!("s-{practice}-{letter}");
            documents.push(json!({"type": "Stream", "id": stream, "practice": practice, "name": "Stream", "letter": letter}));
            for level in 1..=3 {
                let activity = format!("a-{practice}-{level}-{letter}");
                documents.push(json!({"type": "Activity", "id": activity, "stream": stream, "level": format!("l-{practice}-{level}"),
                    "title": "Of our own", "metrics": null}));
                documents
                    .push(json!({"type": "Question", "activity": activity, "answerset": "set", "id": "q",
                    "text": "Is it\n  done?", "order": 1, "quality": ["It is\nseen"]}));
            }
        }
    }
    documents.push(json!({"type": "Question", "activity": "a-p1-1-A", "answerSet": "set", "text": "Is it kept?", "order": 2, "quality": null}));
    documents
}

fn read(documents: Vec<serde_json::Value>) -> Vec<SammDocument> {
    documents.into_iter().map(|d| serde_json::from_value(d).unwrap()).collect()
}

fn rate(model: &Model, answers: &[(&str, &str)]) -> devops_maturity::Assessment {
    let answers = answers.iter().fold(Answers::new(model, "team"), |all, (item, option)| {
        all.with_answer(ItemAnswer::new(item.parse().unwrap(), Answer::choice(*option)))
    });
    assess(model, &answers, Timestamp::EPOCH).unwrap()
}

#[test]
fn samm_loads_whole_and_scores_as_samm() {
    let imported = import::samm(&read(samm_documents())).unwrap();
    assert_eq!(imported.remarks, ["practice `Empty` has no questions and is left out"]);
    let model = Model::build(imported.spec).unwrap();
    let nodes: Vec<&str> = model.nodes().iter().map(|n| n.id().as_str()).collect();
    assert_eq!(nodes, ["samm", "G", "G-PL", "G-PL-A", "G-PL-B", "O", "O-AL", "O-AL-A", "O-AL-B"]);
    let items: Vec<&str> = model.items().iter().take(5).map(|i| i.id().as_str()).collect();
    assert_eq!(items, ["G-PL-1-A", "G-PL-1-A.2", "G-PL-2-A", "G-PL-3-A", "G-PL-1-B"]);
    assert_eq!(model.text("en", "set/1"), Some("Once"));
    assert_eq!(model.item("G-PL-1-A").unwrap().title(), "Is it done?");
    // Level 1: stream A (1 + 0) / 2, stream B 1; level 2: 0.5 and 0; level 3 nothing: 0.75 + 0.25 + 0.
    let all = [
        ("G-PL-1-A", "3"),
        ("G-PL-1-A.2", "0"),
        ("G-PL-1-B", "3"),
        ("G-PL-2-A", "2"),
        ("G-PL-2-B", "0"),
        ("G-PL-3-A", "0"),
        ("G-PL-3-B", "0"),
        ("O-AL-1-A", "3"),
        ("O-AL-1-B", "3"),
        ("O-AL-2-A", "3"),
        ("O-AL-2-B", "3"),
        ("O-AL-3-A", "3"),
        ("O-AL-3-B", "3"),
    ];
    let assessment = rate(&model, &all);
    let score = |node: &str| assessment.node(node).unwrap().score.as_ref().unwrap().to_string();
    assert_eq!([score("G-PL"), score("G-PL-A"), score("O"), score("samm")], ["1", "1", "3", "2"]);
}

#[test]
fn broken_links_are_told_all_at_once() {
    let mut documents = samm_documents();
    documents.retain(|d| d["id"] != "m2" && d["id"] != "set" && d["id"] != "f1");
    let errors = import::samm(&read(documents)).unwrap_err();
    assert_eq!(errors.faults().len(), 1 + 2 + 13);
    assert_eq!(
        errors.faults()[0].to_string(),
        "practice `p1` links to function `f1`, which is not among the documents"
    );
    assert_eq!(
        errors.faults()[1].to_string(),
        "practice level `l-p1-2` links to maturity level `m2`, which is not among the documents"
    );
}

fn titles() -> [ProgressTitle; 4] {
    [("Not begun", "0%"), ("Planned", "0"), ("Begun", "50%"), ("Done", "1")]
        .map(|(t, s)| ProgressTitle::new(t, s))
}

fn dsomm_activities() -> DsommModel {
    serde_json::from_value(json!({
        "Making": {"Pipeline": {
            "First of our own": {"uuid": "u1", "level": 1, "measure": "Do\n it.", "usefulness": 4, "tags": ["x"],
                "difficultyOfImplementation": {"knowledge": 2, "time": 3, "resources": 1}},
            "Second of our own": {"uuid": "u2", "level": 1, "dependsOn": ["u1", "uuid:u3", "gone"]},
            "Third of our own": {"uuid": "u3", "level": 2, "dependsOn": ["First of our own"]}}},
        "Watching": {"Pipeline": {"Fourth of our own": {"uuid": "u4", "level": 2, "dependsOn": null}}, "Nothing": {}}
    }))
    .unwrap()
}

#[test]
fn dsomm_sectors_are_means_over_activities_and_teams() {
    let imported = import::dsomm(&dsomm_activities(), &titles()).unwrap();
    assert_eq!(
        imported.remarks,
        [
            "`Second of our own` at level 1 depends on `Third of our own` at level 2: left out",
            "`Second of our own` depends on `gone`, which is not in the model: left out",
        ]
    );
    let model = Model::build(imported.spec).unwrap();
    let nodes: Vec<&str> = model.nodes().iter().map(|n| n.id().as_str()).collect();
    let expected = [
        "dsomm",
        "dimension/making",
        "pipeline",
        "pipeline/1",
        "pipeline/2",
        "dimension/watching",
        "pipeline-2",
        "pipeline-2/2",
    ];
    assert_eq!(nodes, expected);
    assert_eq!(model.item("u1").unwrap().effort().get(), 6.0);

    let progress: DsommProgress = serde_json::from_value(json!({"progress": {
        "u1": {"A": {"Planned": "2025-01-01", "Begun": "2025-02-01", "Done": null}, "B": {"Done": "2025-03-01"}},
        "u2": {"A": {"Done": "2025-03-01"}, "B": {"Planned": "2025-03-01"}},
        "u3": {"A": {"Begun": "2025-03-01"}, "B": {"Begun": "2025-03-01"}},
        "u4": {"A": {"Not begun": "2025-03-01"}, "B": {"Done": "2025-03-01"}},
        "unknown": {"A": {"Done": "2025-03-01"}}}}))
    .unwrap();
    let teams = ["A", "B"].map(|team| {
        let answers = import::dsomm_answers(&model, &progress, team).unwrap();
        assess(&model, &answers, Timestamp::EPOCH).unwrap()
    });
    let all = roll_up(&teams, &RollUpPolicy::default().with_minimum_teams(1)).unwrap();
    let mean = |node: &str| all.iter().find(|n| n.node == node).unwrap().mean.to_string();
    // (0.5 + 1 + 1 + 0) / 4; (0.5 + 0.5) / 2; (0 + 1) / 2; and all eight.
    assert_eq!(
        [mean("pipeline/1"), mean("pipeline/2"), mean("pipeline-2/2"), mean("dsomm")],
        ["0.625", "0.5", "0.5", "0.5625"]
    );
}

#[test]
fn bad_progress_is_refused() {
    let wrong = [ProgressTitle::new("Begun", "150%"), ProgressTitle::new("Done", "x")];
    assert_eq!(
        import::dsomm(&DsommModel::default(), &wrong).unwrap_err().to_string(),
        "progress `Begun` has share `150%`: expected 0 to 1 or a percentage such as `50%`; \
         progress `Done` has share `x`: expected 0 to 1 or a percentage such as `50%`; \
         the documents hold no activity: at least one is expected"
    );
    let model = Model::build(import::dsomm(&dsomm_activities(), &titles()).unwrap().spec).unwrap();
    let progress: DsommProgress =
        serde_json::from_value(json!({"progress": {"u1": {"A": {"Dreamt": "2025-01-01"}}}})).unwrap();
    assert_eq!(
        import::dsomm_answers(&model, &progress, "A").unwrap_err().to_string(),
        "activity `u1` has progress `Dreamt`, which is not defined"
    );
}
