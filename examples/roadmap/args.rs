//! What the command line says.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// How does a team get to the next level: what, when, by whom, how surely, and what stands in the way?
///
/// Without arguments it plans for an invented team whose answers ship with this program.
#[derive(Debug, Parser)]
#[command(name = "roadmap", version, after_help = AFTER)]
pub(crate) struct Args {
    /// The team's answers and measured values (JSON); `-` reads standard input.
    #[arg(value_name = "ANSWERS")]
    pub(crate) answers: Option<PathBuf>,

    /// What is planned for: target, start, people, limits (JSON). The one that ships unless given.
    #[arg(long, value_name = "FILE")]
    pub(crate) request: Option<PathBuf>,

    /// Measures beside those of the answers (a JSON list): evidence for what is there already.
    #[arg(long, value_name = "FILE")]
    pub(crate) measures: Option<PathBuf>,

    /// Measures from the beginning (a JSON list), for criteria that compare with it.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// A maturity model (JSON) instead of the five dimensions.
    #[arg(long, value_name = "FILE", requires = "library")]
    pub(crate) model: Option<PathBuf>,

    /// Initiatives and phases (JSON) instead of those that ship.
    #[arg(long, value_name = "FILE")]
    pub(crate) library: Option<PathBuf>,

    /// Change the request, such as `level=3`; see below. Repeat for more.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,

    /// What would be different with that change? Repeat to change several things at once.
    #[arg(long, value_name = "KEY=VALUE", conflicts_with = "track")]
    pub(crate) what_if: Vec<String>,

    /// Hold this plan, written with --format json, against the answers, and plan again from --at.
    #[arg(long, value_name = "FILE", requires = "at")]
    pub(crate) track: Option<PathBuf>,

    /// The day of the assessment; the start of the plan unless given.
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal.
    Text,
    /// For a wiki page or a ticket.
    Markdown,
    /// For programs and for --track; the same input gives the same bytes.
    Json,
    /// The Gantt chart as a picture.
    Svg,
    /// One self-contained page with pictures.
    Html,
    /// The Gantt chart as Mermaid text.
    Mermaid,
}

const AFTER: &str = "\
Keys of --set and --what-if:
  level=N               the level to reach; overall=SCORE; target.DIMENSION=SCORE; target=none forgets all of them
  people.ROLE=N         so many people, in full-time equivalents
  budget=PEOPLE-WEEKS   the most effort; weeks=N the longest plan; none takes a limit away
  wish=reach|most       all of the target, or as much as the limits allow
  without=INITIATIVE    not this one
  seen=INITIATIVE       its anti-pattern is seen in the team
  date=WEEK             also tell the chance of that week
  start=DATE  basis=defensible|like_the_rest  runs=N  samples=N  seed=N

Examples:
  roadmap                                              the plan of the team that ships
  roadmap --format html > plan.html                    the same as a page
  roadmap --what-if people.operations=3                what would more people change?
  roadmap --set level=none --set overall=6 --format mermaid
  roadmap --format json > plan.json                    then, half a year later:
  roadmap answers.json --track plan.json --at 2027-06-01

Exit codes:
  0  there is a plan, or the target is met
  1  there is none: the target is out of reach, or a limit is too tight; says what is missing
  3  the input or the options cannot be used";
