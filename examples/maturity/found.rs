//! What was found, before it is written in one form or another.

use anyhow::{Context as _, Result};
use devops_maturity::{
    Assessment, Changes, ExplainError, Explanation, LevelBounds, Model, PeerPercentile, Recommendation,
    changes, explain, peer_percentile, recommend,
};

use crate::input::Input;

/// An assessment with what follows from it.
pub(crate) struct Found<'a> {
    pub(crate) model: &'a Model,
    pub(crate) assessment: &'a Assessment,
    /// None where the model has no levels; an error where the level cannot be reached.
    pub(crate) explanation: Option<Result<Explanation, ExplainError>>,
    pub(crate) recommendations: Vec<Recommendation>,
    pub(crate) changes: Option<Changes>,
    /// By node.
    pub(crate) peers: Vec<(String, PeerPercentile)>,
    pub(crate) remarks: &'a [String],
}

impl<'a> Found<'a> {
    pub(crate) fn new(input: &'a Input, level: Option<u32>) -> Result<Self> {
        let (model, assessment) = (&input.model, &input.assessment);
        let leveled = assessment.root().level.is_some();
        let explanation = match leveled.then(|| explain(model, assessment, level)) {
            Some(Err(error @ ExplainError::UnknownLevel { .. })) => return Err(error.into()),
            other => other,
        };
        let mut peers = Vec::new();
        for (node, sample) in &input.peers {
            if let Some(score) = assessment.node(node).and_then(|n| n.score.as_ref()) {
                let rank = peer_percentile(score, sample);
                peers.push((node.clone(), rank.with_context(|| format!("the peers of `{node}`"))?));
            }
        }
        let changes = input.earlier.as_ref().map(|earlier| changes(earlier, assessment)).transpose()?;
        Ok(Self {
            model,
            assessment,
            explanation,
            recommendations: recommend(model, assessment)?,
            changes,
            peers,
            remarks: &input.remarks,
        })
    }

    /// The level that counts: gated where the model gates it.
    pub(crate) fn level(&self) -> Option<LevelBounds> {
        let level = self.assessment.root().level.as_ref()?;
        Some(level.gated.unwrap_or(level.ungated))
    }

    /// `2 "managed"`, or `none` below every level.
    pub(crate) fn level_name(&self, level: u32) -> String {
        let name = self.model.level_name(level);
        let number = level.to_string();
        if level == 0 || name == number { name.to_owned() } else { format!("{number} “{name}”") }
    }

    /// For programs.
    pub(crate) fn json(&self) -> serde_json::Value {
        let reached = self.explanation.as_ref().and_then(|e| e.as_ref().ok());
        let refused = self.explanation.as_ref().and_then(|e| e.as_ref().err()).map(ToString::to_string);
        serde_json::json!({
            "format": 1,
            "assessment": self.assessment,
            "to_next_level": reached,
            "out_of_reach": refused,
            "recommendations": self.recommendations,
            "changes": self.changes,
            "peers": self.peers.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
            "remarks": self.remarks,
        })
    }
}
