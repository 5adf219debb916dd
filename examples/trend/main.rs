//! Tells where a metric is going, in one sentence, in a report or as a picture.
//!
//! `cargo run --example trend` assesses a real series that ships with it; `--help` tells the rest.

mod args;
mod input;
mod svg;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use devops_core::{GoodDirection, Unit};
use devops_examples::{print, program, read_text};
use devops_metrics::trend::{Direction, Kind, Series, SmallestEffect, TrendPolicy, TrendReport, assess};

use args::{Args, Format, Good};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/trend/renovate-releases.csv");

fn main() -> ExitCode {
    program(|args: Args| run(&args))
}

fn run(args: &Args) -> Result<u8> {
    let series = series(args)?;
    let report = assess(&series, &policy(args, &series)?)?;
    let text = match args.format {
        Format::Text => text(&report),
        Format::Json => serde_json::to_string_pretty(&report)? + "\n",
        Format::Markdown => report.to_markdown(),
        Format::Svg => svg::draw(&report),
    };
    print(&text)?;
    Ok(match report.direction {
        Direction::Worsening => 1,
        Direction::NotEnoughData => 2,
        _ => 0,
    })
}

fn text(report: &TrendReport) -> String {
    let mut text = format!("{report}\n");
    for line in report.evidence() {
        text += &format!("\n  {line}");
    }
    text + "\n"
}

fn series(args: &Args) -> Result<Series> {
    let path = args.file.as_deref().unwrap_or(Path::new(SHIPPED));
    let text = read_text(path)?;
    let mut series = input::read(&text, args.kind)?;
    let shipped = args.file.is_none();
    let file = path.file_stem().map_or("the metric".into(), |n| n.to_string_lossy());
    let name = if shipped { "releases of Renovate" } else { &*file };
    series = series.named(args.name.as_deref().unwrap_or(if file == "-" { "the metric" } else { name }));
    let unit = args.unit.as_deref().map(str::parse::<Unit>).transpose()?;
    Ok(match unit.or(shipped.then_some(Unit::PerDay)) {
        Some(unit) => series.in_unit(unit),
        None => series,
    })
}

fn policy(args: &Args, series: &Series) -> Result<TrendPolicy> {
    let good = match args.good {
        Some(Good::Up) => GoodDirection::Up,
        Some(Good::Down) => GoodDirection::Down,
        Some(Good::Neutral) => GoodDirection::Neutral,
        None if series.kind() == Kind::Count => GoodDirection::Up,
        None => GoodDirection::Down,
    };
    let shipped = args.file.is_none();
    let horizon = args.horizon.unwrap_or((series.len() / 4).min(12));
    let mut policy = TrendPolicy::new(good).with_alpha(args.alpha)?.with_horizon(horizon);
    if let Some(target) = args.target.or(shipped.then_some(6.0)) {
        policy = policy.with_target(target)?;
    }
    if let Some(season) = args.season {
        policy = policy.with_season(season)?;
    }
    if let Some(per_period) = args.smallest {
        policy = policy.with_smallest_effect(SmallestEffect::Unit { per_period })?;
    }
    Ok(policy)
}
