//! What to do next.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::Message;

/// Something to do next, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Recommendation {
    /// What it is about, the same in every run: `gate:test_coverage`, `findings:E501`, `risk:src/cart.rs`.
    pub id: String,
    /// What to do.
    pub message: Message,
    /// What it rests on, a few lines at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

impl Recommendation {
    /// Something to do, without evidence yet.
    ///
    /// ```
    /// use devops_core::Message;
    /// use devops_pipeline::{Recommendation, texts};
    ///
    /// let message = Message::new("do.build").with("text", "2 errors");
    /// let recommendation = Recommendation::new("stage:build", message);
    /// assert_eq!(texts().render(&recommendation.message), "make the build pass: 2 errors");
    /// ```
    #[must_use]
    pub fn new(id: impl Into<String>, message: Message) -> Self {
        Self { id: id.into(), message, evidence: Vec::new() }
    }

    /// With what it rests on.
    #[must_use]
    pub fn with_evidence(mut self, evidence: impl IntoIterator<Item = String>) -> Self {
        self.evidence.extend(evidence);
        self
    }
}
