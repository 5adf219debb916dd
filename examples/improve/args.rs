//! What the command line says.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use devops_core::MetricId;
use devops_metrics::calendar::Date;

/// What should we improve next, and did it help?
///
/// Without arguments it looks at half a year of a real project whose events ship with this program.
#[derive(Debug, Parser)]
#[command(name = "improve", version, after_help = AFTER)]
pub(crate) struct Args {
    /// Delivery events, JSON Lines; `-` reads standard input.
    #[arg(value_name = "LOG")]
    pub(crate) log: Option<PathBuf>,

    /// Only this service.
    #[arg(long)]
    pub(crate) service: Option<String>,

    /// The day on which the question is asked: events from then on are not looked at. The end of the log unless
    /// given; 2022-01-01 for the events that ship.
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<Date>,

    /// How many days are looked back.
    #[arg(long, value_name = "N", default_value_t = 184, value_parser = clap::value_parser!(u16).range(7..=3660))]
    pub(crate) days: u16,

    /// By which policy opportunities are found.
    #[arg(long, value_enum, default_value_t = Policy::Recommended)]
    pub(crate) policy: Policy,

    /// Write the proposal for this metric as a file (JSON), and end.
    #[arg(long, value_name = "METRIC", conflicts_with_all = ["track", "apply"])]
    pub(crate) propose: Option<MetricId>,

    /// Say how far the proposal of this file is, and whether it helped.
    #[arg(long, value_name = "FILE", conflicts_with = "apply")]
    pub(crate) track: Option<PathBuf>,

    /// Bring the proposal of --proposal into its next state, write it, and end. Approving freezes the baseline:
    /// what the log holds from the end of the triggering window up to --at.
    #[arg(long, value_enum, value_name = "EVENT", requires = "proposal")]
    pub(crate) apply: Option<Step>,

    /// The file of the proposal for --apply.
    #[arg(long, value_name = "FILE", requires = "apply")]
    pub(crate) proposal: Option<PathBuf>,

    /// Who approves, or why it is rejected, deferred, abandoned, resumed or rolled back.
    #[arg(long, value_name = "TEXT", requires = "apply")]
    pub(crate) by: Option<String>,

    /// Where a proposal is written; standard output unless given.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Hours of work that one unit of the metric costs in one case (of a share: one case): tells what the change
    /// is worth.
    #[arg(long, value_name = "HOURS", requires = "track")]
    pub(crate) hours_per_unit: Option<f64>,

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
    /// For programs; the same input gives the same bytes.
    Json,
}

/// By which policy opportunities are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// Severity on bands, effort, trend.
    Recommended,
    /// The classic triggers and priorities.
    Classic,
}

/// What happens to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    Approve,
    Reject,
    Defer,
    Resubmit,
    Start,
    Finish,
    Abandon,
    Validate,
    Resume,
    RollBack,
    Close,
}

const AFTER: &str = "\
Examples:
  improve                                              what to improve next, on the events that ship
  improve events.jsonl --at 2026-07-01                 the same on yours, as of a day
  improve events.jsonl --propose change_failure_rate --out p.json
  improve events.jsonl --apply approve --proposal p.json --by board --at 2026-10-01 --out p.json
  improve events.jsonl --apply start --proposal p.json --at 2026-10-02 --out p.json
  improve events.jsonl --apply finish --proposal p.json --at 2026-11-01 --out p.json
  improve events.jsonl --track p.json                  progress and verdict

Exit codes:
  0  it was told or written; with --track: improved
  1  with --track: worsened
  2  with --track: no evidence, or inconclusive
  3  bad arguments or input";
