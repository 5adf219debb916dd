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
use devops_core::Measures;
use devops_examples::{document, print, program};
use devops_gates::{Gate, GateSpec, Status, Verdict};

use args::{Args, Format, Preset};
use evidence::Input;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/gate");

const FAILED: u8 = 1;
const INCONCLUSIVE: u8 = 2;
const WARNING: u8 = 4;

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
        return lint(&gate, args.format);
    }
    let input = Input::read(
        gate.spec(),
        args.measures.as_deref(),
        args.history.as_deref(),
        &args.findings,
        args.now,
    )?;
    let verdict = gate.evaluate(&input.evidence(&input.measures));
    let changed = (!args.what_if.is_empty()).then(|| what_if(&gate, &input, &args)).transpose()?;
    print(&shown(&verdict, changed.as_ref(), &args)?)?;
    Ok(match changed.as_ref().unwrap_or(&verdict).status() {
        Status::Failed => FAILED,
        Status::Inconclusive => INCONCLUSIVE,
        Status::Warning if args.fail_on_warning => WARNING,
        _ => 0,
    })
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

fn lint(gate: &Gate, format: Format) -> Result<u8> {
    let lints: Vec<String> = gate.lints().iter().map(ToString::to_string).collect();
    let text = match format {
        Format::Json => serde_json::to_string_pretty(&lints)? + "\n",
        Format::Markdown => lints.iter().map(|lint| format!("- {lint}\n")).collect(),
        Format::Text if lints.is_empty() => format!("gate {}: nothing to remark on\n", gate.name()),
        Format::Text => lints.iter().map(|lint| format!("{lint}\n")).collect(),
    };
    print(&text)?;
    Ok(if lints.is_empty() { 0 } else { FAILED })
}

/// The verdict if the measures were so.
fn what_if(gate: &Gate, input: &Input, args: &Args) -> Result<Verdict> {
    let changes: Vec<_> =
        args.what_if.iter().map(|w| measures::measure(gate.spec(), w.key.clone(), w.value.clone())).collect();
    let replaced = |measure: &devops_core::Measure| {
        changes.iter().any(|c| c.metric() == measure.metric() && c.scope() == measure.scope())
    };
    let kept = input.measures.iter().filter(|m| !replaced(m)).cloned();
    let measures = Measures::try_from(kept.chain(changes.iter().cloned()).collect::<Vec<_>>())
        .context("failed to use --what-if")?;
    Ok(gate.evaluate(&input.evidence(&measures)))
}

fn shown(verdict: &Verdict, changed: Option<&Verdict>, args: &Args) -> Result<String> {
    Ok(match args.format {
        Format::Text => {
            let mut text = report::text(verdict);
            if let Some(changed) = changed {
                text += &format!("\n{}", report::what_if(verdict, changed, &args.what_if));
            }
            text
        }
        Format::Markdown => {
            let mut text = verdict.to_markdown();
            if let Some(changed) = changed {
                text += &format!(
                    "\n{}\n{}",
                    report::what_if(verdict, changed, &args.what_if),
                    changed.to_markdown()
                );
            }
            text
        }
        Format::Json => {
            let value = match changed {
                Some(changed) => serde_json::to_string_pretty(&WithChange { verdict, what_if: changed })?,
                None => serde_json::to_string_pretty(verdict)?,
            };
            value + "\n"
        }
    })
}

#[derive(serde::Serialize)]
struct WithChange<'a> {
    verdict: &'a Verdict,
    what_if: &'a Verdict,
}
