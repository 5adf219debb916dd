//! Judges a change: a whole pipeline on the command line.
//!
//! `cargo run --example pipeline` judges the change in `data/pipeline`; `--help` tells the rest.

mod args;
mod exit;
mod git;
mod inputs;
mod progress;
mod stages;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use devops_analyzers::secrets::{RuleSet, SecretScanner};
use devops_analyzers::{complexity, duplication, naming, sarif, style};
use devops_core::{AnalyzerKind, RepoPath};
use devops_examples::{TokioTimer, paint, print, program};
use devops_pipeline::{Pipeline, PipelinePolicy, PipelineReport};

use args::{Args, Color, Format};
use inputs::Inputs;
use progress::Progress;
use stages::CommandBuild;

fn main() -> ExitCode {
    program(run)
}

fn run(args: Args) -> Result<u8> {
    let policy = policy(&args)?;
    if args.print_policy {
        print(&toml::to_string_pretty(&policy).context("failed to write the policy")?)?;
        return Ok(exit::PASSED);
    }
    let mut inputs = Inputs::gather(&args)?;
    let pipeline = pipeline(&mut inputs, &args, policy)?;
    for lint in pipeline.lints() {
        let _ = writeln!(std::io::stderr(), "note: {}", devops_pipeline::texts().render(&lint));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(pipeline.run(&inputs.job, &inputs.change, &inputs.context));
    show(&report, &inputs, &args)?;
    Ok(exit::code(&report, args.fail_on_warning))
}

fn policy(args: &Args) -> Result<PipelinePolicy> {
    let Some(path) = &args.policy else {
        return Ok(if args.classic { PipelinePolicy::classic() } else { PipelinePolicy::recommended() });
    };
    let text = String::from_utf8(inputs::read(path)?)
        .with_context(|| format!("failed to read the policy in `{}`: it is not UTF-8", path.display()))?;
    toml::from_str(&text).with_context(|| format!("failed to read the policy in `{}`", path.display()))
}

/// All built-in analyzers, and whatever reports are there.
fn pipeline(inputs: &mut Inputs, args: &Args, policy: PipelinePolicy) -> Result<Pipeline> {
    let mut builder = Pipeline::builder()
        .policy(policy)
        .timer(TokioTimer::start())
        .analyzer(style::StyleAnalyzer::new(style::StyleConfig::default())?)
        .analyzer(naming::NamingAnalyzer::new(naming::NamingConfig::default())?)
        .analyzer(duplication::DuplicationAnalyzer::new(duplication::DuplicationConfig::default())?)
        .analyzer(complexity::ComplexityAnalyzer::new(complexity::ComplexityConfig::default())?)
        .scanner(secret_scanner(args)?);
    for report in inputs.sarif.drain(..) {
        let mut reader = sarif::SarifReader::new().with_paths(report.paths);
        if let Some(severity) = report.at_most {
            reader = reader.with_severity_at_most(severity);
        }
        let source = sarif::SarifSource::required(&report.name, report.kind, report.bytes)?
            .with_reader(reader)
            .with_changed_lines_only(!args.all_lines && told_by_line(report.kind));
        builder = builder.analyzer(source);
    }
    if let Some(command) = &args.build {
        builder = builder.build_runner(CommandBuild { command: command.clone(), root: inputs.root.clone() });
    }
    if let Some(tests) = inputs.tests.take() {
        builder = builder.test_runner(tests);
    }
    if let Some(progress) = Progress::if_watched() {
        builder = builder.observer(progress);
    }
    Ok(builder.build()?)
}

/// Whether findings of that kind stand where the fault is made. A vulnerable dependency is told of the whole lock
/// file, and a leaked secret counts wherever it is.
const fn told_by_line(kind: AnalyzerKind) -> bool {
    matches!(kind, AnalyzerKind::Style | AnalyzerKind::Code | AnalyzerKind::Sast)
}

fn secret_scanner(args: &Args) -> Result<SecretScanner> {
    let Some(path) = &args.secret_rules else { return Ok(SecretScanner::new()?) };
    let named = || format!("failed to read the secret rules in `{}`", path.display());
    let text = String::from_utf8(inputs::read(path)?).with_context(named)?;
    Ok(SecretScanner::with_rules(RuleSet::from_toml(&text).with_context(named)?)?)
}

fn show(report: &PipelineReport, inputs: &Inputs, args: &Args) -> Result<()> {
    let text = match args.format {
        Format::Text => {
            let mut text = report.to_text();
            if args.timings {
                text.push_str("\nHow long it took:\n");
                for timing in &report.timings.stages {
                    text.push_str(&format!(
                        "  {:<14} {:>8.1} ms\n",
                        timing.stage,
                        timing.took.as_secs_f64() * 1e3
                    ));
                }
            }
            if colored(args.color) { paint(&text) } else { text }
        }
        Format::Json => serde_json::to_string_pretty(report)? + "\n",
        Format::Markdown => report.to_markdown(),
        Format::Sarif => {
            let runs: Vec<_> = report.runs().cloned().collect();
            let contents = |path: &RepoPath| inputs.change.file(path).and_then(|file| file.new_contents());
            sarif::SarifWriter::new().write_with(&runs, &contents) + "\n"
        }
    };
    print(&text)
}

fn colored(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    }
}
