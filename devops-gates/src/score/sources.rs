//! Which sources of a score ran, and what they say.

use alloc::string::ToString as _;
use alloc::vec::Vec;

use devops_core::{
    Analysis, AnalyzerKind, AnalyzerRun, BaselineState, Descriptor, Finding, Message, MetricId, Outcome,
    Score, Severity, Skipped,
};

use crate::{FailedSource, NotApplicable, ScoreResult, ScoringPolicy, SeverityCounts, Standing};

/// The sources of one score, by id.
pub(crate) struct Sources<'a> {
    pub(crate) completed: Vec<(&'a Descriptor, &'a Analysis)>,
    /// Those that did not run to an end.
    failed: Vec<&'a AnalyzerRun>,
}

impl<'a> Sources<'a> {
    /// The runs of those kinds, whatever their order.
    pub(crate) fn of(runs: &'a [AnalyzerRun], kinds: &[AnalyzerKind]) -> Self {
        let mut chosen: Vec<&AnalyzerRun> =
            runs.iter().filter(|r| kinds.contains(&r.descriptor.kind())).collect();
        chosen.sort_by(|a, b| a.descriptor.id().cmp(b.descriptor.id()));
        let completed = |r: &&'a AnalyzerRun| r.outcome.analysis().map(|a| (&r.descriptor, a));
        Self {
            completed: chosen.iter().filter_map(completed).collect(),
            failed: chosen.into_iter().filter(|r| r.outcome.analysis().is_none()).collect(),
        }
    }

    /// Whether no source was asked to look.
    pub(crate) fn all_skipped(&self) -> bool {
        self.completed.is_empty() && self.failed.iter().all(|r| matches!(r.outcome, Outcome::Skipped { .. }))
    }

    /// Why there is no score, where there can be none.
    pub(crate) fn obstacle(&self, policy: &ScoringPolicy) -> Option<Standing> {
        if self.completed.is_empty() && self.failed.is_empty() {
            return Some(not_applicable(policy, Message::new("score.no_source")));
        }
        let strict = policy.spec().failed_source == FailedSource::NotMeasured;
        let first = self.failed.first().filter(|_| strict || self.completed.is_empty())?;
        let reason = Message::new("score.source_failed")
            .with("source", first.descriptor.id())
            .with("outcome", &first.outcome)
            .with("count", self.failed.len());
        Some(Standing::NotMeasured { reason })
    }

    /// What was not looked at: what the sources skipped, and the sources that did not run.
    pub(crate) fn skipped(&self) -> Vec<Skipped> {
        let mut skipped: Vec<Skipped> =
            self.completed.iter().flat_map(|(_, analysis)| analysis.skipped.iter().cloned()).collect();
        skipped.extend(
            self.failed
                .iter()
                .map(|r| Skipped { what: r.descriptor.id().to_string(), reason: r.outcome.to_string() }),
        );
        skipped.sort();
        skipped
    }

    /// The findings that count, each with the severity that it counts as.
    pub(crate) fn findings(&self, policy: &ScoringPolicy) -> Vec<(Severity, &'a Finding)> {
        let cap = policy.spec().heuristic_at_most;
        let all = self.completed.iter().flat_map(|(_, analysis)| analysis.findings.iter());
        all.filter(|f| counts(f))
            .map(|f| (if f.is_heuristic() { f.severity().min(cap) } else { f.severity() }, f))
            .collect()
    }

    /// How many findings are there and do not count because something suppresses them.
    pub(crate) fn suppressed(&self) -> u64 {
        let all = self.completed.iter().flat_map(|(_, analysis)| analysis.findings.iter());
        let hidden = all.filter(|f| f.baseline() != BaselineState::Fixed && !f.is_open()).count();
        u64::try_from(hidden).unwrap_or(u64::MAX)
    }

    /// A result without terms yet.
    pub(crate) fn result(&self, metric: MetricId, standing: Standing, summary: Message) -> ScoreResult {
        let skipped = self.skipped();
        ScoreResult {
            metric,
            standing,
            terms: Vec::new(),
            counts: SeverityCounts::default(),
            suppressed: self.suppressed(),
            partial: !skipped.is_empty() && !self.completed.is_empty(),
            skipped,
            summary,
        }
    }

    /// A result without a score.
    pub(crate) fn without_score(&self, metric: MetricId, standing: Standing) -> ScoreResult {
        let summary = no_score_summary(&metric, &standing);
        self.result(metric, standing, summary)
    }
}

/// Whether a finding is there and not suppressed by anything but the change itself.
pub(crate) fn counts(finding: &Finding) -> bool {
    finding.baseline() != BaselineState::Fixed && finding.is_open()
}

/// What the policy makes of a part that does not apply.
pub(crate) fn not_applicable(policy: &ScoringPolicy, reason: Message) -> Standing {
    match policy.spec().not_applicable {
        NotApplicable::AssumeTen => Standing::Assumed { score: Score::MAX, reason },
        NotApplicable::Renormalise => Standing::NotApplicable { reason },
    }
}

/// The one line of a result without a measured score.
pub(crate) fn no_score_summary(metric: &MetricId, standing: &Standing) -> Message {
    let id = match standing {
        Standing::Assumed { .. } => "score.summary.assumed",
        Standing::NotApplicable { .. } => "score.summary.not_applicable",
        Standing::NotMeasured { .. } | Standing::Measured { .. } => "score.summary.not_measured",
    };
    let reason = standing.reason().map(|r| crate::texts().render(r)).unwrap_or_default();
    Message::new(id).with("metric", metric).with("reason", reason)
}
