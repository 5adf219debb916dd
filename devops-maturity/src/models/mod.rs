//! The models that come with the crate.

mod continuous_delivery;
mod dora_capabilities;
mod five_dimensions;

pub use continuous_delivery::continuous_delivery;
pub use dora_capabilities::dora_capabilities;
pub use five_dimensions::five_dimensions;

use crate::{Model, ModelSpec};

/// A model that is written in this crate; a test builds each.
#[expect(clippy::expect_used, reason = "every shipped model is built in a test")]
fn shipped(spec: ModelSpec) -> Model {
    Model::build(spec).expect("a shipped model has no faults")
}

/// The eight principles of DevOps that the shipped models tag their items with.
fn principles(spec: ModelSpec) -> ModelSpec {
    let all = [
        ("principle.collaboration", "Collaboration"),
        ("principle.automation", "Automation"),
        ("principle.continuous_integration", "Continuous integration"),
        ("principle.continuous_delivery", "Continuous delivery"),
        ("principle.monitoring", "Monitoring"),
        ("principle.feedback", "Feedback"),
        ("principle.experimentation", "Experimentation"),
        ("principle.learning", "Learning"),
    ];
    all.into_iter().fold(spec, |spec, (id, title)| spec.with_principle(id, title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;
    use alloc::vec::Vec;

    #[test]
    fn every_shipped_model_survives_json() {
        for model in [five_dimensions(), dora_capabilities(), continuous_delivery()] {
            let json = serde_json::to_string(&model).unwrap();
            assert_eq!(serde_json::from_str::<Model>(&json).unwrap(), model);
        }
    }

    #[test]
    fn principles_without_items_are_known() {
        let bare = |model: &Model| {
            let all = model.spec().principles.iter().map(|p| p.id.to_string());
            all.filter(|id| !model.items().iter().any(|i| i.principles().contains(id))).collect::<Vec<_>>()
        };
        assert_eq!(bare(&five_dimensions()), ["principle.experimentation"]);
        assert!(bare(&dora_capabilities()).is_empty());
        assert_eq!(bare(&continuous_delivery()), ["principle.collaboration"]);
    }
}
