//! Says what to improve next from delivery events, writes proposals, follows them, and tells whether they helped.
//!
//! `cargo run --example improve` looks at real events that ship with it; `--help` tells the rest.

mod args;
mod find;
mod follow;
mod input;

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use devops_examples::{print, program};
use devops_metrics::dataset::Dataset;
use devops_metrics::improvement::{Record, Verdict};

use args::{Args, Format};
use input::Question;

fn main() -> ExitCode {
    program(|args: Args| run(&args))
}

fn run(args: &Args) -> Result<u8> {
    let log = input::log(args)?;
    let dataset = Dataset::of(&log);
    if let Some(path) = &args.track {
        let question = Question::new(args, &log, &dataset, false)?;
        return track(args, &input::record(path)?, &dataset, &question);
    }
    if let (Some(step), Some(path)) = (args.apply, &args.proposal) {
        let question = Question::new(args, &log, &dataset, false)?;
        return write(args, &follow::apply(args, step, input::record(path)?, &dataset, &question)?);
    }
    let question = Question::new(args, &log, &dataset, true)?;
    let found = find::find(args, &dataset, &question)?;
    if let Some(metric) = &args.propose {
        return write(args, &find::record(&found, metric, &question)?);
    }
    print(&match args.format {
        Format::Text => find::text(&found, &question, args.days),
        Format::Markdown => found.to_markdown(),
        Format::Json => serde_json::to_string_pretty(&found)? + "\n",
    })?;
    Ok(0)
}

fn track(args: &Args, record: &Record, dataset: &Dataset<'_>, question: &Question) -> Result<u8> {
    let followed = follow::track(args, record, dataset, question)?;
    print(&match args.format {
        Format::Text => followed.text(record),
        Format::Markdown => followed.markdown(),
        Format::Json => serde_json::to_string_pretty(&followed)? + "\n",
    })?;
    Ok(match followed.verdict() {
        Verdict::Improved => 0,
        Verdict::Worsened => 1,
        Verdict::NoEvidence | Verdict::Inconclusive => 2,
    })
}

fn write(args: &Args, record: &Record) -> Result<u8> {
    let text = serde_json::to_string_pretty(record)? + "\n";
    match &args.out {
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))?;
            print(&format!(
                "{}\n{}: written to {}\n",
                record.proposal,
                record.state.status(),
                path.display()
            ))?;
        }
        None => print(&text)?,
    }
    Ok(0)
}
