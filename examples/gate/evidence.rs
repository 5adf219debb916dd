//! What a gate is evaluated on, from files.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use devops_analyzers::sarif::SarifReader;
use devops_core::{Finding, Measures, Timestamp};
use devops_gates::{Evidence, GateSpec, History, Run, Status};
use serde::Deserialize;

use crate::measures::MeasuresFile;
use devops_examples::document;

/// Everything that was read.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) measures: Measures,
    history: History,
    findings: Option<Vec<Finding>>,
    now: Option<Timestamp>,
}

impl Input {
    pub(crate) fn read(
        gate: &GateSpec,
        measures: Option<&Path>,
        history: Option<&Path>,
        findings: &[PathBuf],
        now: Option<Timestamp>,
    ) -> Result<Self> {
        let measures = match measures {
            Some(path) => document::read::<MeasuresFile>(path, "measures")?
                .measures(gate)
                .with_context(|| format!("in `{}`", path.display()))?,
            None => Measures::new(),
        };
        let history = match history {
            Some(path) => document::read::<HistoryFile>(path, "earlier runs")?.history(gate)?,
            None => History::default(),
        };
        let findings = if findings.is_empty() {
            None
        } else {
            let lists = findings.iter().map(|path| read_findings(path)).collect::<Result<Vec<_>>>()?;
            Some(lists.concat())
        };
        Ok(Self { measures, history, findings, now })
    }

    /// The evidence, with those measures in place of its own.
    pub(crate) fn evidence<'a>(&'a self, measures: &'a Measures) -> Evidence<'a> {
        let mut evidence = Evidence::new(measures).with_history(&self.history);
        if let Some(findings) = &self.findings {
            evidence = evidence.with_findings(findings);
        }
        match self.now {
            Some(now) => evidence.with_now(now),
            None => evidence,
        }
    }
}

fn read_findings(path: &Path) -> Result<Vec<Finding>> {
    if path.extension().is_some_and(|e| e == "sarif") {
        let report = SarifReader::new().read(&document::bytes(path, "findings")?);
        let report =
            report.with_context(|| format!("failed to read the findings in `{}`", path.display()))?;
        return Ok(report.findings().cloned().collect());
    }
    document::read(path, "findings")
}

/// Earlier runs as they stand in a file; their measures in either form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HistoryFile {
    format: u32,
    #[serde(default)]
    runs: Vec<RunForm>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunForm {
    id: String,
    at: Timestamp,
    status: Option<Status>,
    #[serde(default)]
    measures: MeasuresFile,
}

impl HistoryFile {
    fn history(self, gate: &GateSpec) -> Result<History> {
        ensure!(self.format == 1, "history of format `{}` is not known: expected 1", self.format);
        let run = |form: RunForm| {
            let measures = form.measures.measures(gate).with_context(|| format!("in run `{}`", form.id))?;
            let run = Run::new(form.id, form.at, measures);
            Ok(form.status.into_iter().fold(run, Run::with_status))
        };
        Ok(History::new(self.runs.into_iter().map(run).collect::<Result<_>>()?)?)
    }
}
