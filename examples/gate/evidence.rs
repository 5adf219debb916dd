//! What a gate is evaluated on, from files.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use devops_analyzers::sarif::SarifReader;
use devops_core::{Finding, Measures, Timestamp};
use devops_gates::{Evidence, GateSpec, GateState, History, Run, Status, Waivers};
use serde::Deserialize;

use crate::args::Args;
use crate::measures::MeasuresFile;
use devops_examples::{document, read_waivers};

/// Everything that was read.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) measures: Measures,
    control: Option<Measures>,
    history: History,
    findings: Option<Vec<Finding>>,
    waivers: Option<Waivers>,
    state: GateState,
    now: Option<Timestamp>,
}

impl Input {
    pub(crate) fn read(gate: &GateSpec, args: &Args) -> Result<Self> {
        let read = |path: &Path| -> Result<Measures> {
            let file: MeasuresFile = document::read(path, "measures")?;
            file.measures(gate).with_context(|| format!("in `{}`", path.display()))
        };
        let measures = args.measures.as_deref().map(read).transpose()?.unwrap_or_default();
        let control = args.control.as_deref().map(read).transpose()?;
        let history = match &args.history {
            Some(path) => document::read::<HistoryFile>(path, "earlier runs")?
                .history(gate)
                .with_context(|| format!("in `{}`", path.display()))?,
            None => History::default(),
        };
        let findings = if args.findings.is_empty() {
            None
        } else {
            let lists = args.findings.iter().map(|path| read_findings(path)).collect::<Result<Vec<_>>>()?;
            Some(lists.concat())
        };
        let state = match &args.state {
            Some(path) => document::read(path, "state")?,
            None => GateState::default(),
        };
        Ok(Self { measures, control, history, findings, waivers: waivers(args)?, state, now: args.now })
    }

    /// All of it.
    pub(crate) fn evidence(&self) -> Evidence<'_> {
        let mut evidence = Evidence::new(&self.measures).with_history(&self.history).with_state(&self.state);
        if let Some(control) = &self.control {
            evidence = evidence.with_control(control);
        }
        if let Some(findings) = &self.findings {
            evidence = evidence.with_findings(findings);
        }
        match (self.now, &self.waivers) {
            (Some(now), Some(waivers)) => evidence.with_waivers(waivers, now),
            (Some(now), None) => evidence.with_now(now),
            (None, _) => evidence,
        }
    }
}

/// The waivers, or all their faults.
pub(crate) fn waivers(args: &Args) -> Result<Option<Waivers>> {
    args.waivers.as_deref().map(read_waivers).transpose()
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
