//! What the command line says.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, ValueEnum};
use devops_core::Timestamp;

use crate::measures::{Key, Short};

/// May this change ship? Judges measures by a gate, and says what is missing.
///
/// Without arguments it judges the measures of a service that ship with this program.
#[derive(Debug, Parser)]
#[command(name = "gate", version, after_help = AFTER)]
pub(crate) struct Args {
    /// A gate file: TOML, JSON or YAML, told by its ending; `-` reads standard input. With --convert-from a file of
    /// that engine.
    #[arg(value_name = "GATE")]
    pub(crate) gate: Option<PathBuf>,

    /// A file of measures (JSON).
    #[arg(value_name = "MEASURES")]
    pub(crate) measures: Option<PathBuf>,

    /// A file of earlier runs (JSON), for criteria that name the baseline.
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,

    /// A file of measures of what runs already (JSON), for conditions that compare samples with those of the control.
    #[arg(long, value_name = "FILE")]
    pub(crate) control: Option<PathBuf>,

    /// A file of findings: SARIF where the name ends in `.sarif`, else JSON. May be given more than once.
    #[arg(long, value_name = "FILE")]
    pub(crate) findings: Vec<PathBuf>,

    /// A file of waivers: TOML, JSON or YAML. Needs --now, since waivers end.
    #[arg(long, value_name = "FILE", requires = "now")]
    pub(crate) waivers: Option<PathBuf>,

    /// Where the conditions stood that are not to flap (JSON), as --print-state wrote it after the last run.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Print where the conditions stand now that are not to flap, for the next --state, in place of the verdict.
    #[arg(long)]
    pub(crate) print_state: bool,

    /// The time of the evaluation, such as 2026-11-25T12:00:00Z: what is too old is told by it.
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,

    /// What the verdict would be if a measure were so. May be given more than once.
    #[arg(long, value_name = "METRIC=VALUE")]
    pub(crate) what_if: Vec<WhatIf>,

    /// A metric that is still being measured, or `findings`: say whether the verdict is certain already. May be given
    /// more than once.
    #[arg(long, value_name = "METRIC", conflicts_with = "what_if")]
    pub(crate) pending: Vec<String>,

    /// Tell which conditions decide the verdict.
    #[arg(long)]
    pub(crate) sensitivity: bool,

    /// Say what is most likely a mistake in the gate, and in the waivers where they are given, and end.
    #[arg(long)]
    pub(crate) lint: bool,

    /// Make a native gate of a file of another engine, tell what decides otherwise, and end.
    #[arg(long, value_enum, value_name = "ENGINE")]
    pub(crate) convert_from: Option<Engine>,

    /// Use a gate that this family brings, in place of a file.
    #[arg(long, value_enum, conflicts_with = "gate")]
    pub(crate) preset: Option<Preset>,

    /// Print the gate as it was read, and end; as TOML, or as JSON with --format json.
    #[arg(long)]
    pub(crate) print_gate: bool,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// End with exit code 4 where the verdict is a warning.
    #[arg(long)]
    pub(crate) fail_on_warning: bool,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal.
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For programs; the same input gives the same bytes.
    Json,
}

/// Whose file is converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// A `slo.yaml` of Keptn v1, or an `AnalysisDefinition` of Keptn v2.
    Keptn,
    /// A quality gate of SonarQube, as `api/qualitygates/show` gives it.
    Sonar,
    /// An `AnalysisTemplate` of Argo Rollouts.
    Argo,
    /// A canary configuration of Kayenta, which becomes a policy of the program `canary`.
    Kayenta,
}

/// A gate that this family brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Preset {
    /// The default.
    Recommended,
    /// Four equal thresholds, for parity.
    Classic,
}

/// A measure as it might be.
#[derive(Debug, Clone)]
pub(crate) struct WhatIf {
    pub(crate) key: Key,
    pub(crate) value: Short,
}

impl FromStr for WhatIf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').ok_or("expected METRIC=VALUE, such as test_coverage=85")?;
        Ok(Self { key: key.trim().parse()?, value: value.trim().parse()? })
    }
}

const AFTER: &str = "\
Measures are a list of measures as this family writes them, or an object of names and values:
  {\"tests_failed\": 0, \"test_coverage@new_code\": \"41/50\", \"p95_latency@api\": 187.5, \"licence\": \"MIT\", \"frozen\": false}
A list of numbers is a sample: {\"latency\": [101.5, 99, 104]}.
A number is in the unit of the condition that looks at it; behind an `@` stands the scope, `new_code` or a component.

Exit codes (with --what-if, of the verdict that would be):
  0  passed, or a warning; with --lint nothing to remark on
  1  failed; with --lint there are remarks
  2  inconclusive
  3  the gate or the input cannot be used
  4  a warning and --fail-on-warning is given
  5  not certain yet, with --pending

Examples:
  gate                                                 judge the service that ships with this program
  gate gate.yaml measures.json --history runs.json
  gate gate.toml measures.json --control control.json
  gate gate.toml measures.json --what-if test_coverage=82
  gate gate.toml measures.json --waivers waivers.toml --now 2026-11-25T12:00:00Z
  gate gate.toml so-far.json --pending test_coverage
  gate gate.toml --lint
  gate slo.yaml --convert-from keptn > gate.toml";
