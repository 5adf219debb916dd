//! Files of other engines made native gates.

use std::path::Path;

use anyhow::{Context as _, Result};
use devops_gates::compat::argo::AnalysisTemplate;
use devops_gates::compat::keptn::v2::AnalysisDefinition;
use devops_gates::compat::keptn::{self, Slo};
use devops_gates::compat::sonar::QualityGate;
use devops_gates::compat::{Conversion, argo, sonar};
use serde::Deserialize;

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
    fn analysis(self) -> Option<AnalysisDefinition> {
        self.spec.filter(|_| self.kind.as_deref() == Some("AnalysisDefinition"))
    }
}

/// Converts the file.
pub(crate) fn convert(path: &Path, engine: Engine) -> Result<Conversion> {
    let name = path.file_stem().map_or_else(|| "gate".into(), |stem| stem.to_string_lossy().into_owned());
    let name = if name == "-" { "gate".into() } else { name };
    let converted = match engine {
        Engine::Keptn => {
            let document = Document::open(path, "Keptn file")?;
            match document.parse::<KeptnFile>()?.analysis() {
                Some(definition) => keptn::v2::to_gate_spec(&name, &definition),
                None => keptn::to_gate_spec(&name, document.parse::<Slo>()?),
            }
        }
        Engine::Sonar => sonar::to_gate_spec(&document::read::<QualityGate>(path, "quality gate")?),
        Engine::Argo => argo::to_gate_spec(&document::read::<AnalysisTemplate>(path, "analysis template")?),
    };
    converted.with_context(|| format!("failed to convert `{}`", path.display()))
}

/// The gate and what decides otherwise: TOML with comments, a report, or JSON.
pub(crate) fn shown(conversion: &Conversion, format: Format) -> Result<String> {
    let alike = conversion.differences.is_empty();
    let gate = || toml::to_string_pretty(&conversion.gate).context("failed to write the gate");
    Ok(match format {
        Format::Text => {
            let mut text = String::new();
            if !alike {
                text += "# What decides otherwise than the file that this gate is made of:\n";
            }
            for difference in &conversion.differences {
                text += &format!("# - {difference}\n");
            }
            let blank = if alike { "" } else { "\n" };
            text + blank + &gate()?
        }
        Format::Markdown => {
            let mut text = format!("### Gate {}\n\n", conversion.gate.name);
            text += if alike { "It decides alike.\n\n" } else { "What decides otherwise:\n\n" };
            for difference in &conversion.differences {
                text += &format!("- `{}`: {}\n", difference.place, difference.kind);
            }
            text + &format!("\n```toml\n{}```\n", gate()?)
        }
        Format::Json => serde_json::to_string_pretty(conversion)? + "\n",
    })
}
