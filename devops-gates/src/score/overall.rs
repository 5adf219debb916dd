//! The scores of a stage: parts, and their weighted mean.

use alloc::vec::Vec;

use devops_core::{AnalyzerKind, AnalyzerRun, Message, MetricId, Outcome, metric};

use crate::score::complexity::score_complexity;
use crate::score::deduction::{QUALITY, Size, deduct};
use crate::score::risk::score_risk;
use crate::score::scorecard::Term;
use crate::score::sources::{Sources, no_score_summary, not_applicable};
use crate::{Amount, ScoreResult, Scorecard, ScoringPolicy, SeverityCounts, Standing};

/// A metric id of the vocabulary.
#[expect(clippy::expect_used, reason = "the ids of the vocabulary are valid; a test builds each")]
pub(crate) fn id(text: &str) -> MetricId {
    MetricId::new(text).expect("a metric id of the vocabulary")
}

/// Scores the code analysis: quality, complexity, defect risk, and their weighted mean `code_quality`.
///
/// `lines_changed` is the number of changed code lines; findings below critical weigh less in a change of
/// more lines than the policy's dilution says. Runs of security scanners are passed over. A part without a
/// source does not apply; one whose source did not run is not measured, and neither is the mean then.
///
/// ```
/// use devops_core::{Analysis, AnalyzerKind, AnalyzerRun, Descriptor, Finding, Outcome, RuleId, Severity};
/// use devops_gates::{ScoringPolicy, score_code};
///
/// let todo = Finding::new(RuleId::new("todo")?, Severity::Minor, "to do without owner");
/// let run = AnalyzerRun {
///     descriptor: Descriptor::new("style", AnalyzerKind::Style)?,
///     outcome: Outcome::Completed(Analysis::new().with_finding(todo)),
/// };
/// let card = score_code(&[run.clone()], 80, &ScoringPolicy::recommended());
/// assert_eq!(card.get("quality").unwrap().score().unwrap().to_string(), "9");
/// let card = score_code(&[run], 250, &ScoringPolicy::recommended());
/// assert_eq!(card.get("quality").unwrap().score().unwrap().to_string(), "9.6"); // 1 × 100/250
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn score_code(runs: &[AnalyzerRun], lines_changed: u64, policy: &ScoringPolicy) -> Scorecard {
    let size = Size::Lines(lines_changed);
    let components = alloc::vec![
        deduct(&Sources::of(runs, &QUALITY), id(metric::QUALITY), policy, size),
        score_complexity(runs, id(metric::COMPLEXITY), size, policy),
        score_risk(runs, id(metric::DEFECT_RISK), policy),
    ];
    let overall = weighted_mean(id(metric::CODE_QUALITY), &components, &policy.exact.code);
    Scorecard { policy: policy.spec().name.clone(), components, overall }
}

/// Scores the security scan: SAST, dependencies, container, secrets, and their weighted mean `security`.
///
/// Findings are never diluted here, and any live critical secret makes the secrets score 0. The container
/// part applies where an image is built or a container scanner looked anyway.
///
/// ```
/// use devops_core::{Analysis, AnalyzerKind, AnalyzerRun, Descriptor, Finding, Outcome, RuleId, Severity};
/// use devops_gates::{ScoringPolicy, score_security};
///
/// let key = Finding::new(RuleId::new("aws-key")?, Severity::Critical, "an access key");
/// let run = |id, kind, analysis| {
///     Ok(AnalyzerRun { descriptor: Descriptor::new(id, kind)?, outcome: Outcome::Completed(analysis) })
/// };
/// let runs = [
///     run("sast", AnalyzerKind::Sast, Analysis::new())?,
///     run("osv", AnalyzerKind::Dependencies, Analysis::new())?,
///     run("image", AnalyzerKind::Container, Analysis::new())?,
///     run("secrets", AnalyzerKind::Secrets, Analysis::new().with_finding(key))?,
/// ];
/// let card = score_security(&runs, true, &ScoringPolicy::classic());
/// // The mean alone lets a leaked secret pass at 8.0: hence the vetoes of the recommended gate.
/// assert_eq!(card.overall_score().unwrap().to_string(), "8");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn score_security(runs: &[AnalyzerRun], image_built: bool, policy: &ScoringPolicy) -> Scorecard {
    let part = |metric: &str, kind: AnalyzerKind| {
        deduct(&Sources::of(runs, &[kind]), id(metric), policy, Size::Ignored)
    };
    let components = alloc::vec![
        part(metric::SAST, AnalyzerKind::Sast),
        part(metric::DEPENDENCIES, AnalyzerKind::Dependencies),
        container(runs, image_built, policy),
        part(metric::SECRETS, AnalyzerKind::Secrets),
    ];
    let overall = weighted_mean(id(metric::SECURITY), &components, &policy.exact.security);
    Scorecard { policy: policy.spec().name.clone(), components, overall }
}

fn container(runs: &[AnalyzerRun], image_built: bool, policy: &ScoringPolicy) -> ScoreResult {
    let sources = Sources::of(runs, &[AnalyzerKind::Container]);
    if !image_built && sources.all_skipped() {
        let standing = not_applicable(policy, Message::new("score.no_image"));
        return sources.without_score(id(metric::CONTAINER), standing);
    }
    deduct(&sources, id(metric::CONTAINER), policy, Size::Ignored)
}

/// Why the mean cannot be had: a part that counts is not measured, or none is.
fn obstacle(components: &[ScoreResult], weights: &[u64]) -> Option<Message> {
    let counted = || components.iter().zip(weights).filter(|(_, w)| **w > 0).map(|(c, _)| c);
    let unknown = |c: &&ScoreResult| matches!(c.standing, Standing::NotMeasured { .. });
    if let Some(first) = counted().find(unknown) {
        let reason = first.standing.reason().map(|r| crate::texts().render(r)).unwrap_or_default();
        return Some(
            Message::new("score.part_not_measured").with("part", &first.metric).with("reason", reason),
        );
    }
    // Tens that are only assumed are no measurement: at least one part must have been looked at.
    let measured = counted().any(|c| matches!(c.standing, Standing::Measured { .. }));
    (!measured).then(|| Message::new("score.no_part"))
}

fn weighted_mean(metric: MetricId, components: &[ScoreResult], weights: &[u64]) -> ScoreResult {
    let counts = components.iter().fold(SeverityCounts::default(), |sum, c| sum.plus(c.counts));
    let mut result = ScoreResult {
        standing: Standing::NotMeasured { reason: Message::new("score.no_part") },
        terms: Vec::new(),
        counts,
        suppressed: components.iter().fold(0, |sum: u64, c| sum.saturating_add(c.suppressed)),
        partial: components.iter().any(|c| c.partial),
        skipped: components.iter().flat_map(|c| c.skipped.iter().cloned()).collect(),
        summary: Message::new("score.summary.not_measured"),
        metric,
    };
    result.skipped.sort();
    if let Some(reason) = obstacle(components, weights) {
        result.standing = Standing::NotMeasured { reason };
        result.summary = no_score_summary(&result.metric, &result.standing);
        return result;
    }
    let scored = || {
        let pairs = components.iter().zip(weights).filter(|(_, w)| **w > 0);
        pairs.filter_map(|(c, w)| c.score().map(|score| (c, score, *w)))
    };
    let total = scored().fold(0, |sum: i128, (_, _, w)| sum.saturating_add(i128::from(w)));
    result.terms = scored()
        .map(|(component, score, w)| {
            let amount = Amount::from_micros(score.micros()).scaled(i128::from(w), total);
            let assumed = matches!(component.standing, Standing::Assumed { .. });
            let id = if assumed { "score.term.part_assumed" } else { "score.term.part" };
            let share = Amount::ratio(i128::from(w), total);
            Term::new(
                component.metric.as_str().into(),
                amount,
                Message::new(id).with("score", score).with("share", share),
            )
        })
        .collect();
    let score = result.terms.iter().fold(Amount::ZERO, |sum, term| sum.plus(term.amount)).to_score();
    result.standing = Standing::Measured { score };
    result.summary = overall_summary(&result.metric, components, score, counts);
    result
}

/// One line: the score, its parts, and what was left out.
fn overall_summary(
    metric: &MetricId,
    components: &[ScoreResult],
    score: devops_core::Score,
    counts: SeverityCounts,
) -> Message {
    let parts: Vec<_> = components
        .iter()
        .map(|c| match &c.standing {
            Standing::Measured { score } => alloc::format!("{} {score}", c.metric),
            Standing::Assumed { score, .. } => alloc::format!("{} {score} assumed", c.metric),
            Standing::NotApplicable { .. } => alloc::format!("{} not applicable", c.metric),
            Standing::NotMeasured { .. } => alloc::format!("{} not measured", c.metric),
        })
        .collect();
    Message::new("score.summary.overall")
        .with("metric", metric)
        .with("score", score)
        .with("parts", parts.join(", "))
        .with("findings", counts)
}

/// Whether that outcome says anything about the change.
pub(crate) const fn ran(outcome: &Outcome) -> bool {
    outcome.analysis().is_some()
}
