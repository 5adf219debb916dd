//! Judges a canary by the samples of its metrics, once or while it runs.
//!
//! `cargo run --example canary` judges one that ships with it; `--help` tells the rest.

mod args;
mod input;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use devops_examples::{print, program, read_text};
use devops_gates::Status;
use devops_gates::judge::{CanaryWatch, JudgePolicy, Judgement, judge};

use args::{Args, Format};
use input::Table;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/canary");

fn main() -> ExitCode {
    program(|args: Args| run(&args))
}

fn run(args: &Args) -> Result<u8> {
    let shipped = |given: &Option<PathBuf>, name: &str| -> PathBuf {
        given.clone().unwrap_or_else(|| Path::new(SHIPPED).join(name))
    };
    let policy =
        policy(&shipped(&args.policy, if args.watch.is_some() { "watch.toml" } else { "policy.toml" }))?;
    let control = table(&shipped(&args.control, "control.csv"))?;
    let experiment = table(&shipped(&args.experiment, "canary.csv"))?;
    let (judgement, log) = match args.watch {
        None => (judge(&control.measures(0, 1)?, &experiment.measures(0, 1)?, &policy), String::new()),
        Some(looks) => watched(&policy, &control, &experiment, usize::try_from(looks)?)?,
    };
    let status = if args.deadline { judgement.status_at_deadline() } else { judgement.status };
    let text = match args.format {
        Format::Text => log + &text(&judgement, status),
        Format::Markdown => judgement.to_markdown(),
        Format::Json => serde_json::to_string_pretty(&judgement)? + "\n",
        Format::Measures => serde_json::to_string_pretty(&judgement.measures())? + "\n",
    };
    print(&text)?;
    Ok(match status {
        Status::Passed => 0,
        Status::Failed => 1,
        Status::Warning => 2,
        Status::Inconclusive => 4,
    })
}

/// Judges look by look until one fails, with a line for each.
fn watched(
    policy: &JudgePolicy,
    control: &Table,
    experiment: &Table,
    looks: usize,
) -> Result<(Judgement, String)> {
    let mut watch = CanaryWatch::new(policy).context("the policy cannot be watched")?;
    let mut log = String::new();
    for look in 0..looks {
        let found =
            watch.look(&control.measures(look, looks)?, &experiment.measures(look, looks)?, policy)?;
        log += &format!("look {:>2}: {}\n", look + 1, found.status);
        if found.status == Status::Failed {
            return Ok((found, log + "\n"));
        }
    }
    Ok((watch.finish(policy)?, log + "\n"))
}

fn text(judgement: &Judgement, status: Status) -> String {
    let mut text = format!("{judgement}\n");
    if status != judgement.status {
        text += &format!("At the deadline that counts as {status}.\n");
    }
    text += "\n";
    for metric in &judgement.metrics {
        text += &format!("  {metric}\n");
    }
    text
}

fn table(path: &Path) -> Result<Table> {
    let text = read_text(path)?;
    let lines = path.extension().is_some_and(|e| e == "jsonl" || e == "ndjson");
    let table = if lines { Table::json_lines(&text) } else { Table::csv(&text) };
    table.with_context(|| format!("failed to read {}", path.display()))
}

fn policy(path: &Path) -> Result<JudgePolicy> {
    let text = read_text(path)?;
    let policy = if path.extension().is_some_and(|e| e == "json") {
        serde_json::from_str(&text).map_err(anyhow::Error::from)
    } else {
        toml::from_str(&text).map_err(anyhow::Error::from)
    };
    policy.with_context(|| format!("failed to read {}", path.display()))
}
