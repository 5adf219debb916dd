//! What the command line says.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Is it getting better, by how much, since when, how sure, and when will it be there?
///
/// Without arguments it assesses the monthly releases of a real project that ship with this program.
#[derive(Debug, Parser)]
#[command(name = "trend", version, after_help = AFTER)]
pub(crate) struct Args {
    /// A CSV or JSON Lines file; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// What the numbers are; otherwise the names of the columns tell.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<KindArg>,

    /// Which way is good; up for counts and down for everything else unless given.
    #[arg(long, value_enum)]
    pub(crate) good: Option<Good>,

    /// What the metric is called.
    #[arg(long)]
    pub(crate) name: Option<String>,

    /// Its unit, such as `hours`, `days` or `per_day`.
    #[arg(long)]
    pub(crate) unit: Option<String>,

    /// The value to reach; for proportions in percent.
    #[arg(long, allow_negative_numbers = true)]
    pub(crate) target: Option<f64>,

    /// How many periods to look ahead, at most half of the past; 0 for none.
    #[arg(long)]
    pub(crate) horizon: Option<usize>,

    /// Periods of a season to look for, such as 12 for months.
    #[arg(long)]
    pub(crate) season: Option<usize>,

    /// The smallest change a period that matters, in the metric's unit.
    #[arg(long)]
    pub(crate) smallest: Option<f64>,

    /// Chance of a false verdict.
    #[arg(long, default_value_t = 0.05)]
    pub(crate) alpha: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Markdown,
    Svg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindArg {
    Value,
    Count,
    Proportion,
    Censored,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Good {
    Up,
    Down,
    Neutral,
}

const AFTER: &str = "\
Columns (a CSV has a line of names, a JSON Lines file an object a line with these names):
  time,value             a value or a duration a period; an empty value is a gap
  time,count[,exposure]  events in an exposure, 1 unless given
  time,part,whole        so many of so many
  time,duration,ended    one row a case, several a period; ended is true or false
A time is a date such as 2026-01-05 or a time such as 2026-01-05T00:00:00Z.

Exit codes:
  0  improving, stable, rising or falling, no evidence
  1  worsening
  2  not enough data
  3  the input or the options cannot be used";
