//! What the program is asked.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Judges a canary: are its samples worse than those of what runs already?
#[derive(Debug, Parser)]
#[command(name = "canary", after_help = AFTER, version)]
pub(crate) struct Args {
    /// The policy (TOML or JSON); a checkout service's unless given.
    #[arg(short, long)]
    pub(crate) policy: Option<PathBuf>,
    /// Samples of what runs already: CSV, or JSON Lines (.jsonl); `-` reads standard input as CSV.
    #[arg(short, long)]
    pub(crate) control: Option<PathBuf>,
    /// Samples of the canary.
    #[arg(short, long)]
    pub(crate) experiment: Option<PathBuf>,
    /// How the judgement is printed.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Judge while it runs: both files are cut into that many looks, and the first that fails ends the watch.
    #[arg(long, value_name = "LOOKS", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) watch: Option<u32>,
    /// The watch cannot be extended: what is still inconclusive has failed.
    #[arg(long)]
    pub(crate) deadline: bool,
}

/// How a judgement is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A line for each metric.
    Text,
    /// A report for a pull request.
    Markdown,
    /// The whole trace.
    Json,
    /// The verdicts as measures, for a gate.
    Measures,
}

const AFTER: &str = "\
A row is a scrape, a column a metric; `latency [milliseconds]` names the unit. A cell is a number, or events out of
outcomes such as 3/280, which are added up; an empty cell was not measured.

Exit codes:
  0  passed
  1  failed
  2  warning (marginal)
  3  bad input
  4  inconclusive: extend the watch (with --deadline: failed)

Examples:
  canary
  canary --experiment canary-fixed.csv
  canary --policy watch.toml --watch 12
  canary --format measures > canary.json; gate gate.toml canary.json
  gate kayenta.json --convert-from kayenta > policy.toml; canary --policy policy.toml";
