//! Derives from a report what to do next.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Reverse;

use devops_core::{
    BaselineState, FileRisk, Finding, Message, MetricId, Outcome, Ratio, RuleId, Score, Severity, Stage,
    TextTable, metric,
};
use devops_gates::{ConditionResult, Distance, Status, Term};

use crate::stage_report::find_run;
use crate::{PipelineReport, Recommendation, RunOutcome, StageOutcome, StageReport, texts};

/// How many lines of evidence a recommendation has at most.
const EVIDENCE: usize = 5;
/// How many rules are named at most.
const RULES: usize = 8;
/// How many files are named at most.
const FILES: usize = 3;
/// From this probability on a file is worth naming.
const RISKY: Ratio = Ratio::saturating_from_micros(500_000);

/// What to do next, most valuable first: what stopped the run, what must run, what the gate asks for, findings,
/// risky files, the rest.
pub(crate) fn recommend(report: &PipelineReport) -> Vec<Recommendation> {
    let table = texts();
    let mut all: Vec<Recommendation> = Vec::new();
    all.extend(required(report));
    all.extend(stopped(report, &table));
    all.extend(gate(report, &table));
    all.extend(report.conflicts.iter().map(|conflict| {
        let id = alloc::format!("conflict:{}", conflict.metric);
        Recommendation::new(id, Message::new("do.conflict").with("text", conflict))
    }));
    all.extend(rules(report));
    all.extend(files(report));
    all.extend(tests(report));
    all
}

/// Required sources that did not run, each with how to get on.
fn required(report: &PipelineReport) -> impl Iterator<Item = Recommendation> {
    // A run that was stopped or cancelled early says nothing of sources it never came to.
    let reached =
        |stage| report.stage(stage).is_some_and(|s| !matches!(s.outcome, StageOutcome::Skipped { .. }));
    let gated = reached(Stage::QualityGate);
    report.required.iter().filter_map(move |id| {
        let message = match find_run(&report.stages, id).map(|r| &r.outcome) {
            Some(Outcome::Completed(_) | Outcome::Cancelled) => return None,
            Some(outcome) => Message::new("do.run").with("source", id).with("outcome", outcome),
            None if gated => Message::new("do.register").with("source", id),
            _ => return None,
        };
        Some(Recommendation::new(alloc::format!("required:{id}"), message))
    })
}

/// What ended the run, unless it is the gate, which speaks for itself.
fn stopped(report: &PipelineReport, table: &TextTable) -> Option<Recommendation> {
    let (stage, reason) = match &report.outcome {
        RunOutcome::Failed { stage, reason }
        | RunOutcome::RolledBack { stage, reason }
        | RunOutcome::Errored { stage, reason } => (*stage, reason),
        _ => return None,
    };
    let text = table.render(reason);
    let stage_report = report.stage(stage)?;
    let id = match stage {
        Stage::QualityGate => return None,
        Stage::CodeAnalysis | Stage::SecurityScan => "do.score",
        Stage::Build => "do.build",
        _ => "do.stage",
    };
    let message = Message::new(id).with("stage", stage).with("text", text);
    let recommendation = Recommendation::new(alloc::format!("stage:{stage}"), message);
    Some(recommendation.with_evidence(costs(stage_report)))
}

/// What cost a stage's score most.
fn costs(report: &StageReport) -> Vec<String> {
    let cost = |t: &Term| t.amount.negated().to_score();
    let components = report.scores.iter().flat_map(|s| &s.components);
    let mut terms: Vec<(&MetricId, &Term)> = components
        .flat_map(|c| c.terms.iter().map(|t| (&c.metric, t)))
        .filter(|(_, t)| cost(t) > Score::MIN)
        .collect();
    terms.sort_by_key(|(metric, t)| (Reverse(cost(t)), *metric, &t.what));
    let line = |(metric, t): &(&MetricId, &Term)| {
        alloc::format!("{metric}: {} {} ({})", t.amount, t.what, t.why_text())
    };
    terms.iter().take(EVIDENCE).map(line).collect()
}

/// What the gate asks for: the fewest conditions that make it pass, vetoes before others, then the rest.
fn gate(report: &PipelineReport, table: &TextTable) -> Vec<Recommendation> {
    let Some(verdict) = report.verdict() else { return Vec::new() };
    let fixes = verdict.fixes().unwrap_or_default();
    let needed = |c: &ConditionResult<'_>| fixes.contains(&c.name());
    let mut open: Vec<ConditionResult<'_>> = verdict
        .conditions()
        .filter(|c| c.is_counted() && c.status() != Status::Passed)
        .filter(|c| c.metric().as_str() != metric::REQUIRED_NOT_RUN)
        .collect();
    open.sort_by_key(|c| (!needed(c), !c.is_mandatory(), c.status()));
    let told = |c: &ConditionResult<'_>| {
        let message = Message::new(advice(c, needed(c)))
            .with("condition", c.name())
            .with("criterion", c.pass())
            .with("distance", c.distance())
            .with("text", table.render(&c.reason()));
        let recommendation = Recommendation::new(alloc::format!("gate:{}", c.name()), message);
        recommendation.with_evidence(evidence(report, c.metric().as_str()))
    };
    open.iter().map(told).collect()
}

/// Which sentence fits a condition that does not pass.
fn advice(condition: &ConditionResult<'_>, needed: bool) -> &'static str {
    let known = matches!(condition.distance(), Distance::Change { .. });
    match (needed, condition.is_mandatory(), known) {
        (true, true, _) => "do.veto",
        (true, false, true) => "do.move",
        (true, false, false) => "do.condition",
        (false, _, true) => "do.also_move",
        (false, _, false) => "do.also",
    }
}

/// What a metric of the gate rests on.
fn evidence(report: &PipelineReport, metric: &str) -> Vec<String> {
    let of = |stage| report.stage(stage);
    match metric {
        metric::CRITICAL_FINDINGS => {
            let critical = open_findings(report).filter(|f| f.severity() == Severity::Critical);
            critical.filter(|f| !f.is_heuristic()).take(EVIDENCE).map(ToString::to_string).collect()
        }
        metric::OPEN_FINDINGS => open_findings(report).take(EVIDENCE).map(ToString::to_string).collect(),
        metric::TESTS_FAILED => {
            let found = of(Stage::Test).into_iter().flat_map(StageReport::findings);
            found.take(EVIDENCE).map(ToString::to_string).collect()
        }
        metric::CODE_QUALITY => of(Stage::CodeAnalysis).map(costs).unwrap_or_default(),
        metric::SECURITY => of(Stage::SecurityScan).map(costs).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The findings that count.
pub(crate) fn open_findings(report: &PipelineReport) -> impl Iterator<Item = &Finding> {
    report.findings().filter(|f| f.is_open() && f.baseline() != BaselineState::Fixed)
}

/// The rules to see to first: the most severe, then the most often broken.
fn rules(report: &PipelineReport) -> Vec<Recommendation> {
    let mut by_rule: BTreeMap<&RuleId, (Severity, usize, Vec<&Finding>)> = BTreeMap::new();
    for finding in open_findings(report) {
        let (severity, count, first) =
            by_rule.entry(finding.rule()).or_insert((finding.severity(), 0, Vec::new()));
        *severity = finding.severity().max(*severity);
        *count = count.saturating_add(1);
        if first.len() < EVIDENCE {
            first.push(finding);
        }
    }
    let mut rules: Vec<_> = by_rule.into_iter().filter(|(_, (s, _, _))| *s > Severity::Info).collect();
    rules.sort_by_key(|(rule, (severity, count, _))| (Reverse(*severity), Reverse(*count), (*rule).clone()));
    let told = |(rule, (severity, count, first)): (&RuleId, (Severity, usize, Vec<&Finding>))| {
        let id = if count == 1 { "do.finding" } else { "do.findings" };
        let message = Message::new(id).with("rule", rule).with("count", count).with("severity", severity);
        Recommendation::new(alloc::format!("findings:{rule}"), message)
            .with_evidence(first.into_iter().map(ToString::to_string))
    };
    rules.into_iter().take(RULES).map(told).collect()
}

/// The files to review first.
fn files(report: &PipelineReport) -> Vec<Recommendation> {
    let risks = report.runs().filter_map(|r| r.outcome.analysis()).filter_map(|a| a.risk.as_ref());
    let mut files: Vec<&FileRisk> = risks.flat_map(|r| &r.files).filter(|f| f.probability >= RISKY).collect();
    files.sort_by(|a, b| b.probability.cmp(&a.probability).then_with(|| a.path.cmp(&b.path)));
    files.dedup_by(|a, b| a.path == b.path);
    let told = |file: &FileRisk| {
        let message =
            Message::new("do.review").with("path", &file.path).with("probability", file.probability);
        Recommendation::new(alloc::format!("risk:{}", file.path), message)
            .with_evidence(file.reasons.iter().take(EVIDENCE).cloned())
    };
    files.into_iter().take(FILES).map(told).collect()
}

/// Tests that were left out, or are not there.
fn tests(report: &PipelineReport) -> Option<Recommendation> {
    let stage = report.stage(Stage::Test)?;
    let nobody = stage.outcome.reason().is_some_and(|r| r.id() == "skipped.no_test_runner");
    if nobody {
        return Some(Recommendation::new("tests:none", Message::new("do.no_tests")));
    }
    let analyses = stage.runs.iter().filter_map(|r| r.outcome.analysis());
    let skipped =
        analyses.flat_map(|a| &a.measures).find(|m| m.metric().as_str() == metric::TESTS_SKIPPED)?;
    let count = skipped.value().as_number().filter(|n| n.get() > 0.0)?;
    Some(Recommendation::new("tests:skipped", Message::new("do.skipped_tests").with("count", count)))
}
