//! The complexity score: 10 less what the touched functions exceed.

use alloc::vec::Vec;

use devops_core::{AnalyzerKind, AnalyzerRun, Complexity, FunctionComplexity, Message, MetricId};

use crate::score::deduction::{Size, count, finding_terms};
use crate::score::exact::ExactLimit;
use crate::score::scorecard::Term;
use crate::score::sources::Sources;
use crate::{Amount, ScoreResult, ScoringPolicy, Standing};

/// What one figure of a function costs, before any share: `points` for each `step` above the limit.
fn cost(limit: &ExactLimit, figure: u32) -> Amount {
    let excess = u64::from(figure).saturating_sub(limit.above);
    let points = Amount::from_micros(limit.points).scaled(i128::from(excess), i128::from(limit.step));
    points.at_most(Amount::from_micros(limit.at_most))
}

/// What a function of that complexity costs: cognitive, cyclomatic, length.
fn costs(policy: &ScoringPolicy, figures: Complexity) -> [Amount; 3] {
    let exact = &policy.exact;
    let long = u64::from(figures.lines) > exact.length_above;
    let length = if long { Amount::from_micros(exact.length_points) } else { Amount::ZERO };
    [cost(&exact.cognitive, figures.cognitive), cost(&exact.cyclomatic, figures.cyclomatic), length]
}

/// What a function takes from 10: what the change added in full, what was there before by the touched share.
/// Where the state before is not known, all of it counts as added: not knowing is no advantage.
fn deduction(policy: &ScoringPolicy, function: &FunctionComplexity) -> Amount {
    let now = costs(policy, function.now);
    let before = function.before.map_or([Amount::ZERO; 3], |b| costs(policy, b));
    let share = i128::from(policy.exact.touched_share);
    now.into_iter().zip(before).fold(Amount::ZERO, |sum, (now, before)| {
        let kept = now.at_most(before);
        let added = now.plus(kept.negated());
        sum.plus(added).plus(kept.scaled(share, 1_000_000))
    })
}

fn term(policy: &ScoringPolicy, function: &FunctionComplexity) -> Option<Term> {
    let amount = deduction(policy, function);
    if amount.is_zero() {
        return None;
    }
    let figures = |c: Complexity| alloc::format!("{}/{}/{}", c.cognitive, c.cyclomatic, c.lines);
    let before = function.before.map_or_else(|| "unknown".into(), figures);
    let id = if function.heuristic { "score.term.function_heuristic" } else { "score.term.function" };
    let why = Message::new(id).with("now", figures(function.now)).with("before", before);
    let what = alloc::format!("{} ({})", function.name, function.location);
    Some(Term::new(what, amount.negated(), why))
}

/// The complexity score of a change.
pub(crate) fn score_complexity(
    runs: &[AnalyzerRun],
    metric: MetricId,
    size: Size,
    policy: &ScoringPolicy,
) -> ScoreResult {
    let sources = Sources::of(runs, &[AnalyzerKind::Complexity]);
    if let Some(standing) = sources.obstacle(policy) {
        return sources.without_score(metric, standing);
    }
    let mut functions: Vec<&FunctionComplexity> =
        sources.completed.iter().flat_map(|(_, analysis)| &analysis.functions).collect();
    functions.sort_by(|a, b| {
        let key = |f: &FunctionComplexity| (f.now.cognitive, f.now.cyclomatic, f.now.lines);
        a.location.cmp(&b.location).then_with(|| a.name.cmp(&b.name)).then_with(|| key(a).cmp(&key(b)))
    });
    // A source that tells no functions is taken at its findings, so that it cannot look like a clean one.
    let findings = if functions.is_empty() { sources.findings(policy) } else { Vec::new() };
    if functions.is_empty() && findings.is_empty() && !sources.skipped().is_empty() {
        let reason = Message::new("score.nothing_measurable").with("count", sources.skipped().len());
        return sources.without_score(metric, Standing::NotApplicable { reason });
    }
    let mut terms = alloc::vec![Term::start()];
    terms.extend(functions.iter().filter_map(|f| term(policy, f)));
    terms.extend(finding_terms(policy, &findings, size, false));
    let score = terms.iter().fold(Amount::ZERO, |sum, term| sum.plus(term.amount)).to_score();
    let summary = Message::new("score.summary.complexity")
        .with("metric", &metric)
        .with("score", score)
        .with("functions", functions.len())
        .with("exceeding", terms.len().saturating_sub(1));
    let result = sources.result(metric, Standing::Measured { score }, summary);
    ScoreResult { terms, counts: count(&findings), ..result }
}
