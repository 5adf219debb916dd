//! Documents of assessments as JSON: models, answers, OWASP SAMM, OWASP DSOMM. The first byte tells which.
#![no_main]

use devops_core::Timestamp;
use devops_maturity::import::{DsommModel, ProgressTitle, SammDocument, dsomm, samm};
use devops_maturity::{
    Answer, Answers, Assessment, Fraction, ItemAnswer, Model, ModelSpec, assess, explain, models, recommend,
};
use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

/// Everything that can be asked of an assessment; low, point and high stay in order.
fn asked(model: &Model, answers: &Answers, now: Timestamp) -> Option<Assessment> {
    let found = assess(model, answers, now).map_err(|errors| errors.to_string()).ok()?;
    for score in found.nodes.iter().filter_map(|n| n.score.as_ref()) {
        assert!(score.low <= score.high);
        assert!(score.point.as_ref().is_none_or(|point| score.low <= *point && *point <= score.high));
    }
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Assessment>(&json).unwrap(), found);
    if model.items().len() <= 60 {
        for one in recommend(model, &found).unwrap() {
            assert!(!one.gain().is_negative());
        }
        if let Ok(way) = explain(model, &found, None) {
            assert!(way.bound.is_none_or(|bound| bound <= way.effort + 1e-3));
        }
    }
    Some(found)
}

/// Nothing known, then every other item.
fn assessed(spec: ModelSpec) {
    let Ok(model) = Model::build(spec).map_err(|errors| errors.to_string()) else { return };
    let json = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<Model>(&json).unwrap(), model);
    let nothing = Answers::new(&model, "team");
    let wide = asked(&model, &nothing, Timestamp::EPOCH).unwrap();
    let half = model.items().iter().step_by(2).fold(nothing, |answers, item| {
        let credit = Answer::Credit { credit: Fraction::of(1, 3) };
        answers.with_answer(ItemAnswer::new(item.id().clone(), credit))
    });
    let narrow = asked(&model, &half, Timestamp::EPOCH).unwrap();
    for (wide, narrow) in wide.nodes.iter().zip(&narrow.nodes) {
        if let (Some(wide), Some(narrow)) = (&wide.score, &narrow.score) {
            assert!(wide.low <= narrow.low && narrow.high <= wide.high);
        }
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    match kind {
        b'm' => {
            if let Some(spec) = read(bytes) {
                assessed(spec);
            }
        }
        b'a' => {
            if let Some(answers) = read(bytes) {
                let now = "2026-11-25T00:00:00Z".parse().unwrap();
                let _ = asked(&models::five_dimensions(), &answers, now);
            }
        }
        b's' => {
            if let Some(imported) =
                read::<Vec<SammDocument>>(bytes).and_then(|documents| samm(&documents).ok())
            {
                assessed(imported.spec);
            }
        }
        _ => {
            let titles = [ProgressTitle::new("Planned", "10%"), ProgressTitle::new("Done", "1")];
            if let Some(imported) = read::<DsommModel>(bytes).and_then(|model| dsomm(&model, &titles).ok()) {
                assessed(imported.spec);
            }
        }
    }
});
