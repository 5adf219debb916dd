//! Judges measures by a gate: may this change ship, and if not, what is missing?
//!
//! `cargo run --example gate` judges the service in `data/gate`; `--help` tells the rest.

mod args;
mod convert;
mod evidence;
mod measures;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use devops_core::MetricId;
use devops_examples::{document, print, program};
use devops_gates::{Difference, Gate, GateSpec, Pending, PerStatus, Sensitivity, Status, Verdict};

use args::{Args, Format, Preset};
use evidence::Input;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/gate");

const REMARKS: u8 = 1;
const WARNING: u8 = 4;
const UNDECIDED: u8 = 5;

fn main() -> ExitCode {
    program(run)
}

fn run(mut args: Args) -> Result<u8> {
    if let Some(engine) = args.convert_from {
        let Some(path) = &args.gate else { bail!("--convert-from needs a file to convert") };
        let conversion = convert::convert(path, engine)?;
        print(&convert::shown(&conversion, args.format)?)?;
        return Ok(0);
    }
    if args.gate.is_none() && args.preset.is_none() && args.measures.is_none() {
        with_shipped(&mut args);
    }
    let gate = gate(&args)?;
    if args.print_gate {
        print(&written(gate.spec(), args.format)?)?;
        return Ok(0);
    }
    if args.lint {
        return lint(&gate, &args);
    }
    let input = Input::read(gate.spec(), &args)?;
    if !args.pending.is_empty() {
        return early(&gate, &input, &args);
    }
    let verdict = gate.evaluate(&input.evidence());
    if args.print_state {
        print(&(serde_json::to_string_pretty(&verdict.state())? + "\n"))?;
        return Ok(code(verdict.status(), &args));
    }
    let changed = (!args.what_if.is_empty()).then(|| what_if(&gate, &input, &args)).transpose()?;
    print(&shown(&verdict, changed.as_ref(), &args)?)?;
    Ok(code(changed.as_ref().unwrap_or(&verdict).status(), &args))
}

/// The exit code of a verdict.
fn code(status: Status, args: &Args) -> u8 {
    let warning = if args.fail_on_warning { WARNING } else { PerStatus::EXIT_CODES.warning };
    *PerStatus { warning, ..PerStatus::EXIT_CODES }.get(status)
}

/// Whether the verdict is certain while something is still measured.
fn early(gate: &Gate, input: &Input, args: &Args) -> Result<u8> {
    let names = args.pending.iter().filter(|name| *name != "findings");
    let metrics = names.map(|name| MetricId::new(name)).collect::<Result<_, _>>()?;
    let pending = Pending::metrics(metrics).with_findings(args.pending.iter().any(|name| name == "findings"));
    let decision = gate.decide_early(&input.evidence(), &pending);
    print(&match args.format {
        Format::Json => serde_json::to_string_pretty(&decision)? + "\n",
        Format::Text | Format::Markdown => report::decision(&decision),
    })?;
    Ok(decision.status().map_or(UNDECIDED, |status| code(status, args)))
}

/// The gate, measures, history and findings that ship with this program.
fn with_shipped(args: &mut Args) {
    let file = |name: &str| Some(PathBuf::from(SHIPPED).join(name));
    args.gate = file("gate.toml");
    args.measures = file("measures.json");
    args.history = args.history.take().or_else(|| file("history.json"));
    if args.findings.is_empty() {
        args.findings.push(Path::new(SHIPPED).join("../pipeline/reports/bandit.sarif"));
    }
}

fn gate(args: &Args) -> Result<Gate> {
    match (args.preset, &args.gate) {
        (Some(Preset::Recommended), _) => Ok(Gate::recommended()),
        (Some(Preset::Classic), _) => Ok(Gate::classic()),
        (None, Some(path)) => {
            let spec = document::read(path, "gate")?;
            built(&spec).with_context(|| format!("failed to build the gate in `{}`", path.display()))
        }
        (None, None) => bail!("a gate is expected: a file, or --preset"),
    }
}

/// The gate, or all its faults, a line each.
fn built(spec: &GateSpec) -> Result<Gate> {
    Gate::build(spec.clone()).map_err(|errors| {
        let faults: Vec<String> = errors.faults().iter().map(|fault| format!("\n  {fault}")).collect();
        anyhow::anyhow!("faults: {}{}", faults.len(), faults.concat())
    })
}

fn written(spec: &GateSpec, format: Format) -> Result<String> {
    Ok(match format {
        Format::Text => toml::to_string_pretty(spec).context("failed to write the gate")?,
        Format::Markdown => format!("```toml\n{}```\n", toml::to_string_pretty(spec)?),
        Format::Json => serde_json::to_string_pretty(spec)? + "\n",
    })
}

fn lint(gate: &Gate, args: &Args) -> Result<u8> {
    let mut lints: Vec<String> = gate.lints().iter().map(ToString::to_string).collect();
    if let (Some(waivers), Some(now)) = (evidence::waivers(args)?, args.now) {
        lints.extend(gate.lint_waivers(&waivers, now).iter().map(ToString::to_string));
    }
    let text = match args.format {
        Format::Json => serde_json::to_string_pretty(&lints)? + "\n",
        Format::Markdown => lints.iter().map(|lint| format!("- {lint}\n")).collect(),
        Format::Text if lints.is_empty() => format!("gate {}: nothing to remark on\n", gate.name()),
        Format::Text => lints.iter().map(|lint| format!("{lint}\n")).collect(),
    };
    print(&text)?;
    Ok(if lints.is_empty() { 0 } else { REMARKS })
}

/// The verdict if the measures were so.
fn what_if(gate: &Gate, input: &Input, args: &Args) -> Result<Verdict> {
    for what_if in &args.what_if {
        measures::looked_at(gate.spec(), &what_if.key)?;
    }
    let change = |w: &args::WhatIf| measures::measure(gate.spec(), w.key.clone(), w.value.clone());
    let changes = args.what_if.iter().map(change).collect::<Result<Vec<_>>>()?;
    Ok(gate.what_if(&input.evidence(), changes))
}

fn shown(verdict: &Verdict, changed: Option<&Verdict>, args: &Args) -> Result<String> {
    let asked = changed.unwrap_or(verdict);
    if args.format == Format::Json {
        let what_if = changed.map(|after| WhatIf { verdict: after, difference: after.difference(verdict) });
        let sensitivity = args.sensitivity.then(|| asked.sensitivity());
        let value = if what_if.is_none() && sensitivity.is_none() {
            serde_json::to_string_pretty(verdict)?
        } else {
            serde_json::to_string_pretty(&Answers { verdict, what_if, sensitivity })?
        };
        return Ok(value + "\n");
    }
    let markdown = args.format == Format::Markdown;
    let mut text = if markdown { verdict.to_markdown() } else { report::text(verdict) };
    if let Some(changed) = changed {
        let difference = changed.difference(verdict);
        text += &format!("\n{}", report::what_if(&difference, &args.what_if));
        if markdown {
            text += &format!("\n{}", changed.to_markdown());
        }
    }
    if args.sensitivity {
        text += &format!("\n{}", report::sensitivity(asked));
    }
    Ok(text)
}

#[derive(serde::Serialize)]
struct Answers<'a> {
    verdict: &'a Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_if: Option<WhatIf<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitivity: Option<Vec<Sensitivity<'a>>>,
}

#[derive(serde::Serialize)]
struct WhatIf<'a> {
    verdict: &'a Verdict,
    difference: Difference,
}
