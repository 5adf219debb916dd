//! What the command line says.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, ValueEnum};
use devops_metrics::benchmark::{Axis, Group};
use devops_metrics::calendar::{Date, PeriodKind, Weekday, Zone};

/// How often is it delivered, how fast, how often does it fail, and how long does it take to recover?
///
/// Without arguments it reports on the releases of a real project that ship with this program.
#[derive(Debug, Parser)]
#[command(name = "dora", version, after_help = AFTER)]
pub(crate) struct Args {
    /// Files of delivery events, one JSON object a line; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Standard input is the output of the git commands below.
    #[arg(long, conflicts_with = "files")]
    pub(crate) from_git: bool,

    /// What is a deployment of a repository: its release tags, or what reaches its main branch; tags where there are any.
    #[arg(long, value_enum, default_value_t = Deployments::Auto)]
    pub(crate) deployments: Deployments,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// What the report is about.
    #[arg(long)]
    pub(crate) name: Option<String>,

    /// One service alone.
    #[arg(long)]
    pub(crate) service: Option<String>,

    /// Length of the periods; the longest of quarter, month, week and day of which there are eight, unless given.
    #[arg(long, value_enum)]
    pub(crate) period: Option<PeriodArg>,

    /// How many whole periods up to the last event, unless `--from` is given.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) last: u32,

    /// First day.
    #[arg(long)]
    pub(crate) from: Option<Date>,

    /// Last day; the end of the last whole period unless given.
    #[arg(long)]
    pub(crate) to: Option<Date>,

    /// Time zone of days, weeks, months and quarters.
    #[arg(long, default_value = "UTC")]
    pub(crate) zone: Zone,

    /// On which day a week starts.
    #[arg(long, value_enum, default_value_t = WeekStart::Monday)]
    pub(crate) week_start: WeekStart,

    /// A definition by name (`dora_2025`, `fourkeys`, `devlake_2023`, `gitlab` and so on), or a JSON file with one.
    #[arg(long, default_value = "dora_2025")]
    pub(crate) definition: String,

    /// Says what the definition counts, in words or as a JSON file to start from, and reads no events.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) print: Option<Print>,

    /// The period that is put under all definitions; the last whole one with a deployment unless given.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) compare: Option<String>,

    /// With whom of DORA's Quick Check the period is compared: `industry:KEY` or `size:KEY`, with `2024:` before it for
    /// the survey of that year.
    #[arg(long, value_name = "GROUP", default_value = "industry:all")]
    pub(crate) peers: Peers,

    /// Tells a cell down to its events: `2026-Q2`, or `2026-Q2:change_failure_rate` for one metric.
    #[arg(long, value_name = "CELL")]
    pub(crate) explain: Option<String>,
}

/// A group of respondents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peers(pub(crate) Group);

impl FromStr for Peers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (year, rest) = match text.split_once(':') {
            Some(("2024", rest)) => (2024, rest),
            Some(("2025", rest)) => (2025, rest),
            _ => (2025, text),
        };
        let name = |group: &Group| {
            let axis = if group.axis() == Axis::Industry { "industry" } else { "size" };
            format!("{axis}:{}", group.key())
        };
        let groups = || Group::all().filter(|group| group.year() == year);
        let known = || groups().map(|group| name(&group)).collect::<Vec<_>>().join(", ");
        let found = groups().find(|group| name(group) == rest);
        found.map(Self).ok_or_else(|| format!("`{rest}` is not among those of {year}: {}", known()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Markdown,
    /// One self-contained page with pictures.
    Html,
    /// The events that were read, as JSON Lines.
    Events,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Print {
    /// How each metric comes about.
    Words,
    /// The whole definition, to be changed and given back to `--definition`.
    Definition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deployments {
    /// Tags such as v1.2.3.
    Tags,
    /// Each commit on the first-parent line of the main branch: merges, and commits made there directly.
    Merges,
    /// Tags where there are any.
    Auto,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PeriodArg {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl PeriodArg {
    pub(crate) const fn kind(self) -> PeriodKind {
        match self {
            Self::Day => PeriodKind::Day,
            Self::Week => PeriodKind::Week,
            Self::Month => PeriodKind::Month,
            Self::Quarter => PeriodKind::Quarter,
            Self::Year => PeriodKind::Year,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WeekStart {
    Monday,
    Saturday,
    Sunday,
}

impl WeekStart {
    pub(crate) const fn day(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}

const AFTER: &str = "\
Your own repository, in one pipe, on its main branch; a tag such as v1.2.3 or name-1.2.3 is a release:
  { git log -1 --format='head%x09%H'
    git for-each-ref --format='tag%09%(refname:strip=2)%09%(creatordate:unix)%09%(objectname)%09%(*objectname)' refs/tags
    git log --all --format='commit%x09%H%x09%P%x09%at%x09%ct%x09%an%x09%s'
  } | cargo run --example dora -- --from-git
Without a release, each commit on the first-parent line of the branch that is checked out (or of the newest one, without
the first of these commands) is taken for a deployment; the report says so.
Git does not know of failures. They are guessed: a patch release within seven days of the release before it, and a
commit whose subject says that it reverts one that was deployed, are incidents of that deployment.

A definition of your own: `--print definition > ours.json`, change it, `--definition ours.json`.
Events of your own: one JSON object a line, changes, deployments and incidents; `--format events` shows the form.

Exit codes:
  0  there are numbers
  1  no deployment of the window counts, so that there are none
  3  the input or the options cannot be used";
