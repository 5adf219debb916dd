//! Files of other engines made native gates.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use devops_gates::compat::argo::AnalysisTemplate;
use devops_gates::compat::kayenta::{CanaryConfig, JudgeConversion, ScoreThresholds, to_judge_policy};
use devops_gates::compat::keptn::v2::AnalysisDefinition;
use devops_gates::compat::keptn::{self, Slo};
use devops_gates::compat::sonar::QualityGate;
use devops_gates::compat::{Conversion, ConversionError, Difference, argo, sonar};
use serde::{Deserialize, Serialize};

use crate::args::{Engine, Format};
use devops_examples::document::{self, Document};

/// A file of Keptn: an SLO file, or a Kubernetes resource of Keptn v2.
#[derive(Deserialize)]
struct KeptnFile {
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    spec: Option<AnalysisDefinition>,
}

impl KeptnFile {
    /// What it says, where it is a resource of Keptn v2.
    fn analysis(self) -> Result<Option<AnalysisDefinition>> {
        match self.kind.as_deref() {
            None => Ok(None),
            Some("AnalysisDefinition") => self.spec.context("spec: it is missing").map(Some),
            Some(kind) => {
                bail!("kind: `{kind}` is not known: expected `AnalysisDefinition`, or none in an SLO file")
            }
        }
    }
}

/// What a file becomes: a gate, or a policy that the program `canary` judges by.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Converted {
    Gate(Conversion),
    Canary(JudgeConversion),
}

impl Converted {
    fn title(&self) -> String {
        match self {
            Self::Gate(made) => format!("Gate {}", made.gate.name),
            Self::Canary(made) => format!("Canary policy {}", made.policy.name),
        }
    }

    fn differences(&self) -> &[Difference] {
        match self {
            Self::Gate(made) => &made.differences,
            Self::Canary(made) => &made.differences,
        }
    }

    fn toml(&self) -> Result<String> {
        match self {
            Self::Gate(made) => toml::to_string_pretty(&made.gate),
            Self::Canary(made) => toml::to_string_pretty(&made.policy),
        }
        .context("failed to write what the file becomes")
    }
}

/// Converts the file.
pub(crate) fn convert(path: &Path, engine: Engine) -> Result<Converted> {
    let name = path.file_stem().filter(|stem| *stem != "-");
    let name = name.map_or_else(|| "gate".into(), |stem| stem.to_string_lossy().into_owned());
    let made: Result<Conversion, ConversionError> = match engine {
        Engine::Keptn => {
            let document = Document::open(path, "Keptn file")?;
            match document.parse::<KeptnFile>()?.analysis().with_context(|| failed(path))? {
                Some(definition) => keptn::v2::to_gate_spec(&name, &definition),
                None => keptn::to_gate_spec(&name, document.parse::<Slo>()?),
            }
        }
        Engine::Sonar => sonar::to_gate_spec(&document::read::<QualityGate>(path, "quality gate")?),
        Engine::Argo => argo::to_gate_spec(&document::read::<AnalysisTemplate>(path, "analysis template")?),
        Engine::Kayenta => {
            let made = canary(&document::read::<CanaryConfig>(path, "canary configuration")?);
            return made.map(Converted::Canary).with_context(|| failed(path));
        }
    };
    made.map(Converted::Gate).with_context(|| failed(path))
}

fn failed(path: &Path) -> String {
    format!("failed to convert `{}`", document::shown(path))
}

/// Thresholds that the file does not write are those that Spinnaker proposes.
fn canary(config: &CanaryConfig) -> Result<JudgeConversion, ConversionError> {
    let proposed = ScoreThresholds { pass: 95.0, marginal: 75.0 };
    to_judge_policy(config, config.classifier.score_thresholds.unwrap_or(proposed))
}

/// What the file becomes and what decides otherwise: TOML with comments, a report, or JSON.
pub(crate) fn shown(converted: &Converted, format: Format) -> Result<String> {
    let differences = converted.differences();
    let alike = differences.is_empty();
    Ok(match format {
        Format::Text => {
            let mut text = String::new();
            if !alike {
                text += "# What decides otherwise than the file that this is made of:\n";
            }
            for difference in differences {
                text += &format!("# - {difference}\n");
            }
            let blank = if alike { "" } else { "\n" };
            text + blank + &converted.toml()?
        }
        Format::Markdown => {
            let mut text = format!("### {}\n\n", converted.title());
            text += if alike { "It decides alike.\n\n" } else { "What decides otherwise:\n\n" };
            for difference in differences {
                let said = difference.value.as_ref().map(|value| format!("`{value}`: ")).unwrap_or_default();
                text += &format!("- `{}`: {said}{}\n", difference.place, difference.kind);
            }
            text + &format!("\n```toml\n{}```\n", converted.toml()?)
        }
        Format::Json => serde_json::to_string_pretty(converted)? + "\n",
    })
}
