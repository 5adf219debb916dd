//! The delivery metrics of a project: by period with intervals, under many definitions, down to the events.
//!
//! `cargo run --example dora` reports on the releases of a real project that ship with it; `--help` tells the rest.

mod analysis;
mod args;
mod chart;
mod git;
mod html;
mod input;
mod json;
mod look;
mod sides;
mod table;
mod text;
mod timeline;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;
use devops_metrics::dataset::Dataset;

use analysis::Analysis;
use args::{Args, Format};

const NO_NUMBERS: u8 = 1;
const ERROR: u8 = 3;

fn main() -> ExitCode {
    let args = Args::try_parse().unwrap_or_else(|error| {
        let _ = error.print();
        std::process::exit(if error.use_stderr() { ERROR } else { 0 }.into())
    });
    match run(&args) {
        Ok(code) => code.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ERROR.into()
        }
    }
}

fn run(args: &Args) -> Result<u8> {
    let input = input::read(args)?;
    if args.format == Format::Events {
        return print(&input.log.to_json_lines(), 0);
    }
    let dataset = Dataset::of(&input.log);
    let analysis = Analysis::of(args, &input, &dataset)?;
    if let Some(cell) = &args.explain {
        return print(&text::explained(&analysis, cell)?, 0);
    }
    let sides = sides::side_by_side(&analysis)?;
    let told = match args.format {
        Format::Json => json::to_json(&analysis, &sides)?,
        Format::Markdown => text::to_markdown(&analysis, &sides),
        Format::Html => html::page(&analysis, &sides)?,
        Format::Text | Format::Events => text::text(&analysis, &sides),
    };
    print(&told, if analysis.has_numbers() { 0 } else { NO_NUMBERS })
}

fn print(text: &str, code: u8) -> Result<u8> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(code),
    }
}
