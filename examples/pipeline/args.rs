//! What the command line says.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, ValueEnum};
use devops_core::{AnalyzerKind, Severity, Timestamp};

/// Judges a change: analyzers and scanners look at it, reports join in, a quality gate gives the verdict.
///
/// Without arguments it judges a change that ships with this program, with its coverage, test and scanner reports.
#[derive(Debug, Parser)]
#[command(name = "pipeline", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// A unified diff to judge, as `git diff` writes it; `-` reads standard input.
    #[arg(value_name = "DIFF", conflicts_with = "last_commit")]
    pub(crate) diff: Option<PathBuf>,

    /// Judge the last commit of the repository in the current directory.
    #[arg(long)]
    pub(crate) last_commit: bool,

    /// Where the files of the change are, as they are behind it. Files that do not fit the diff are not used.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,

    /// How the report is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// A policy file (TOML); without it the recommended policy counts.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    /// Use the classic policy in place of the recommended one.
    #[arg(long, conflicts_with = "policy")]
    pub(crate) classic: bool,

    /// Print the policy that would be used, as TOML, and end.
    #[arg(long)]
    pub(crate) print_policy: bool,

    /// A coverage report: LCOV, or Cobertura XML where the name ends in `.xml`. May be given more than once.
    #[arg(long, value_name = "FILE")]
    pub(crate) coverage: Vec<PathBuf>,

    /// A JUnit XML report. May be given more than once.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Vec<PathBuf>,

    /// A SARIF report and what it looks at, such as `sast=bandit.sarif`. May be given more than once.
    ///
    /// KIND is one of: style, code, sast, dependencies, container, secrets. Behind the file may follow
    /// `,base=DIR` (where the paths in the report begin) and `,at-most=SEVERITY` (what a finding is worth at most).
    #[arg(long, value_name = "KIND=FILE")]
    pub(crate) sarif: Vec<SarifArg>,

    /// A directory that the repository was checked out to when the reports were made.
    #[arg(long, value_name = "DIR")]
    pub(crate) report_root: Vec<String>,

    /// Count style, code and sast findings of SARIF reports anywhere, not only on changed lines.
    #[arg(long)]
    pub(crate) all_lines: bool,

    /// Secret rules (TOML, gitleaks' format) in place of the built-in ones.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_rules: Option<PathBuf>,

    /// A command that builds the change; run by the shell in the root directory.
    #[arg(long, value_name = "COMMAND")]
    pub(crate) build: Option<String>,

    /// A command that tests the change, before the test and coverage reports are read.
    #[arg(long, value_name = "COMMAND")]
    pub(crate) test: Option<String>,

    /// A file of earlier runs (JSON), for a gate with criteria that name the baseline.
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,

    /// A file of waivers for the gate: TOML, JSON or YAML. Needs --now, since waivers end.
    #[arg(long, value_name = "FILE", requires = "now")]
    pub(crate) waivers: Option<PathBuf>,

    /// The time of the evaluation, such as 2026-11-25T12:00:00Z, by which waivers end.
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,

    /// The container image that the job builds; container findings count where one is named.
    #[arg(long, value_name = "NAME")]
    pub(crate) image: Option<String>,

    /// When to colour the text report.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,

    /// End with exit code 2 where the verdict is a warning.
    #[arg(long)]
    pub(crate) fail_on_warning: bool,

    /// Show how long each stage took.
    #[arg(long)]
    pub(crate) timings: bool,
}

/// Exit codes, as the help shows them.
const EXIT_CODES: &str = "\
Exit codes:
  0  the change passes (with --fail-on-warning: without a warning)
  1  the change does not pass
  2  the verdict is a warning and --fail-on-warning is given
  3  the change could not be judged: bad input, bad policy, a file that is not there

Examples:
  pipeline                                   judge the change that ships with this program
  pipeline --last-commit                     judge the last commit here
  git diff main | pipeline -                 judge what is about to be pushed
  pipeline change.diff --junit junit.xml --coverage lcov.info --sarif sast=bandit.sarif";

/// How the report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal.
    Text,
    /// For programs; the same input gives the same bytes.
    Json,
    /// For a comment on a pull request.
    Markdown,
    /// SARIF 2.1.0, for code-hosting sites.
    Sarif,
}

/// When to colour the text report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// Where standard output is a terminal and `NO_COLOR` is not set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A SARIF report as it is named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SarifArg {
    /// What it looks at.
    pub(crate) kind: AnalyzerKind,
    /// The file.
    pub(crate) file: PathBuf,
    /// Where the paths in it begin.
    pub(crate) base: String,
    /// What a finding is worth at most.
    pub(crate) at_most: Option<Severity>,
}

impl FromStr for SarifArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const EXPECTED: &str =
            "expected KIND=FILE with KIND one of style, code, sast, dependencies, container, secrets";
        let (kind, rest) = text.split_once('=').ok_or(EXPECTED)?;
        let kind = match kind {
            "style" => AnalyzerKind::Style,
            "code" => AnalyzerKind::Code,
            "sast" => AnalyzerKind::Sast,
            "dependencies" => AnalyzerKind::Dependencies,
            "container" => AnalyzerKind::Container,
            "secrets" => AnalyzerKind::Secrets,
            _ => return Err(EXPECTED.into()),
        };
        let mut parts = rest.split(',');
        let file = parts.next().filter(|f| !f.is_empty()).ok_or(EXPECTED)?.into();
        let mut arg = Self { kind, file, base: String::new(), at_most: None };
        for part in parts {
            match part.split_once('=') {
                Some(("base", base)) => arg.base = base.into(),
                Some(("at-most", severity)) => {
                    arg.at_most = Some(severity.parse().map_err(|e: devops_core::ValueError| e.to_string())?);
                }
                _ => return Err(format!("`{part}`: expected base=DIR or at-most=SEVERITY")),
            }
        }
        Ok(arg)
    }
}
