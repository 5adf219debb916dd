//! The delivery metrics of a project: by period with intervals, under many definitions, down to the events.
//!
//! `cargo run --example dora` reports on the releases of a real project that ship with it; `--help` tells the rest.

mod analysis;
mod args;
mod chart;
mod definition;
mod flow;
mod git;
mod html;
mod input;
mod json;
mod look;
mod release;
mod sides;
mod text;
mod timeline;

use std::process::ExitCode;

use anyhow::Result;
use devops_examples::{print, program};
use devops_metrics::dataset::Dataset;

use analysis::Analysis;
use args::{Args, Format};

const NO_NUMBERS: u8 = 1;

fn main() -> ExitCode {
    program(|args: Args| run(&args))
}

fn run(args: &Args) -> Result<u8> {
    if let Some(what) = args.print {
        print(&definition::printed(&definition::named(&args.definition)?, what)?)?;
        return Ok(0);
    }
    let input = input::read(args)?;
    if args.format == Format::Events {
        print(&input.log.to_json_lines())?;
        return Ok(0);
    }
    let dataset = Dataset::of(&input.log);
    let analysis = Analysis::of(args, &input, &dataset)?;
    if let Some(cell) = &args.explain {
        print(&text::explained(&analysis, cell)?)?;
        return Ok(0);
    }
    let sides = sides::side_by_side(&analysis)?;
    let told = match args.format {
        Format::Json => json::to_json(&analysis, &sides)?,
        Format::Markdown => text::to_markdown(&analysis, &sides),
        Format::Html => html::page(&analysis, &sides)?,
        Format::Text | Format::Events => text::text(&analysis, &sides),
    };
    print(&told)?;
    Ok(if analysis.has_numbers() { 0 } else { NO_NUMBERS })
}
