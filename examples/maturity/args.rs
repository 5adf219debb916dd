//! What the command line says.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// How mature is a team, how sure is that, and what comes next?
///
/// Without arguments it assesses an invented team whose answers and measures ship with this program.
#[derive(Debug, Parser)]
#[command(name = "maturity", version, after_help = AFTER)]
pub(crate) struct Args {
    /// The team's answers (YAML, TOML or JSON); `-` reads standard input.
    #[arg(value_name = "ANSWERS")]
    pub(crate) answers: Option<PathBuf>,

    /// Measured values (a JSON list of measures), taken on the day of the assessment. Repeat for more; of two values
    /// of a metric the first counts.
    #[arg(long, value_name = "FILE")]
    pub(crate) measures: Vec<PathBuf>,

    /// A model that comes with the library.
    #[arg(long, value_enum, default_value_t = Shipped::FiveDimensions, conflicts_with_all = ["model", "import"])]
    pub(crate) shipped: Shipped,

    /// A model of your own (YAML, TOML or JSON).
    #[arg(long, value_name = "FILE", conflicts_with = "import")]
    pub(crate) model: Option<PathBuf>,

    /// Your copy of OWASP SAMM 2 (`samm`) or OWASP DSOMM (`dsomm`): a YAML file, or a folder of them. Repeat for more
    /// files of the same.
    #[arg(long, num_args = 2, value_names = ["KIND", "PATH"])]
    pub(crate) import: Vec<String>,

    /// Whose progress is read from DSOMM's files.
    #[arg(long, requires = "import")]
    pub(crate) team: Option<String>,

    /// The team's answers then, to tell what changed.
    #[arg(long, value_name = "ANSWERS", requires = "earlier_at")]
    pub(crate) earlier: Option<PathBuf>,

    /// The day of the earlier answers.
    #[arg(long, value_name = "DATE", requires = "earlier")]
    pub(crate) earlier_at: Option<String>,

    /// Scores of peers by node, such as `overall: [6.1, 7.0, ...]`.
    #[arg(long, value_name = "FILE")]
    pub(crate) peers: Option<PathBuf>,

    /// The day of the assessment: what was valid then counts. Today unless given.
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,

    /// The level to find the cheapest way to; the next one unless given.
    #[arg(long, value_name = "N")]
    pub(crate) level: Option<u32>,

    /// End with 1 where this level cannot be defended.
    #[arg(long, value_name = "N")]
    pub(crate) require: Option<u32>,

    /// Write the model, or its questions to be answered, as a file to start from (JSON), and end.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) print: Option<Template>,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// A model that comes with the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Shipped {
    FiveDimensions,
    DoraCapabilities,
    ContinuousDelivery,
}

/// A file to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Template {
    Model,
    Answers,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal.
    Text,
    /// For a wiki page or a ticket.
    Markdown,
    /// For programs; the same input gives the same bytes.
    Json,
    /// One self-contained page with radar and heat map.
    Html,
}

const AFTER: &str = "\
Examples:
  maturity                                             the team that ships, by the five dimensions
  maturity --format html > maturity.html               the same as a page
  maturity --print answers > answers.json              the questions, to be answered
  maturity answers.json --measures ci.json --at 2026-11-25
  maturity answers.json --model model.yaml --level 3   what is missing to level 3
  maturity answers.yaml --import samm core/model       OWASP SAMM 2 from your copy of its files
  maturity --import dsomm YAML --team 'Team A'         OWASP DSOMM with the progress of a team

Exit codes:
  0  it was assessed
  1  with --require: that level cannot be defended
  3  bad arguments or input";
