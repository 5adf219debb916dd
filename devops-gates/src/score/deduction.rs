//! Scores by deduction: 10 less what the findings weigh.

use alloc::collections::BTreeMap;
use alloc::string::ToString as _;
use alloc::vec::Vec;
use core::cmp::Reverse;

use devops_core::{AnalyzerKind, Message, MetricId, RuleId, Severity, metric};

use crate::score::scorecard::Term;
use crate::score::sources::Sources;
use crate::{Amount, Dilution, ScoreResult, ScoringPolicy, SeverityCounts, Standing};

/// Whether the size of the change dilutes the findings.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Size {
    /// It does: that many changed code lines.
    Lines(u64),
    /// It does not.
    Ignored,
}

/// What a finding of that severity takes from 10.
fn weight(policy: &ScoringPolicy, severity: Severity, size: Size) -> Amount {
    let full = Amount::from_micros(policy.exact.severity(severity));
    match (policy.spec().dilution, size) {
        (Dilution::PerLines { lines }, Size::Lines(changed)) if severity != Severity::Critical => {
            full.scaled(i128::from(lines), i128::from(changed.max(lines)))
        }
        _ => full,
    }
}

/// One term for each rule and severity, worst first.
pub(crate) fn finding_terms(
    policy: &ScoringPolicy,
    findings: &[(Severity, &devops_core::Finding)],
    size: Size,
    secrets: bool,
) -> Vec<Term> {
    let mut groups: BTreeMap<(Reverse<Severity>, &RuleId), u64> = BTreeMap::new();
    for (severity, finding) in findings {
        let count = groups.entry((Reverse(*severity), finding.rule())).or_default();
        *count = count.saturating_add(1);
    }
    let term = |((severity, rule), count): ((Reverse<Severity>, &RuleId), u64)| {
        let Reverse(severity) = severity;
        if secrets && severity == Severity::Critical {
            let why = Message::new("score.term.live_secret").with("count", count);
            return Term::new(rule.to_string(), Amount::TEN.negated(), why);
        }
        let each = weight(policy, severity, size);
        let why = Message::new("score.term.findings")
            .with("count", count)
            .with("severity", severity)
            .with("each", each);
        Term::new(rule.to_string(), each.times(i128::from(count)).negated(), why)
    };
    groups.into_iter().map(term).collect()
}

/// The counts by severity.
pub(crate) fn count(findings: &[(Severity, &devops_core::Finding)]) -> SeverityCounts {
    let mut counts = SeverityCounts::default();
    for (severity, _) in findings {
        counts.add(*severity);
    }
    counts
}

/// A score by deduction from the findings of those kinds of sources.
pub(crate) fn deduct(
    sources: &Sources<'_>,
    metric: MetricId,
    policy: &ScoringPolicy,
    size: Size,
) -> ScoreResult {
    if let Some(standing) = sources.obstacle(policy) {
        return sources.without_score(metric, standing);
    }
    let findings = sources.findings(policy);
    let secrets = metric.as_str() == metric::SECRETS;
    let mut terms = alloc::vec![Term::start()];
    terms.extend(finding_terms(policy, &findings, size, secrets));
    let score = terms.iter().fold(Amount::ZERO, |sum, term| sum.plus(term.amount)).to_score();
    let counts = count(&findings);
    let summary = Message::new("score.summary.findings")
        .with("metric", &metric)
        .with("score", score)
        .with("findings", counts);
    let result = sources.result(metric, Standing::Measured { score }, summary);
    ScoreResult { terms, counts, ..result }
}

/// The kinds of sources whose findings are the quality score.
pub(crate) const QUALITY: [AnalyzerKind; 4] =
    [AnalyzerKind::Style, AnalyzerKind::Duplication, AnalyzerKind::Naming, AnalyzerKind::Code];
