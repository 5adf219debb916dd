//! The performance score of a measured duration.

use alloc::vec::Vec;

use devops_core::{Message, Number, metric};

use crate::score::overall::id;
use crate::score::scorecard::Term;
use crate::score::sources::no_score_summary;
use crate::{Amount, ScoreResult, ScoringPolicy, SeverityCounts, Standing};

/// Scores a duration against its baseline: 10 up to the policy's tolerance (5 % slower), falling in a straight
/// line to 0 (50 % slower). Both are in the same unit. Without a baseline above 0 nothing is measured.
///
/// ```
/// use devops_core::Number;
/// use devops_gates::{ScoringPolicy, score_performance};
///
/// let policy = ScoringPolicy::recommended();
/// let score = |now, before| score_performance(Number::from(now), Number::from(before), &policy).score();
/// assert_eq!(score(105, 100).unwrap().to_string(), "10");
/// assert_eq!(score(114, 100).unwrap().to_string(), "8");
/// assert_eq!(score(150, 100).unwrap().to_string(), "0");
/// assert_eq!(score(10, 0), None);
/// ```
#[must_use]
pub fn score_performance(current: Number, baseline: Number, policy: &ScoringPolicy) -> ScoreResult {
    let result = |standing, terms, summary| ScoreResult {
        metric: id(metric::PERFORMANCE),
        standing,
        terms,
        counts: SeverityCounts::default(),
        suppressed: 0,
        partial: false,
        skipped: Vec::new(),
        summary,
    };
    if baseline <= Number::ZERO || current < Number::ZERO {
        let reason = Message::new("score.no_baseline").with("baseline", baseline).with("current", current);
        let standing = Standing::NotMeasured { reason };
        let summary = no_score_summary(&id(metric::PERFORMANCE), &standing);
        return result(standing, Vec::new(), summary);
    }
    let limits = &policy.spec().performance;
    let slower = current.get() / baseline.get() - 1.0;
    let lost = (slower - limits.tolerance) / (limits.zero_at - limits.tolerance);
    // An overflowing quotient is infinite and costs all ten points.
    let lost = lost.clamp(0.0, 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10^7 millionths")]
    let micros = (10_000_000.0 - lost * 10_000_000.0 + 0.5) as u64;
    let deducted = 10_000_000_u64.saturating_sub(micros);
    let why = Message::new("score.term.slower").with("current", current).with("baseline", baseline);
    let mut terms = alloc::vec![Term::start()];
    if deducted > 0 {
        terms.push(Term::new("duration".into(), Amount::from_micros(deducted).negated(), why));
    }
    let score = Amount::from_micros(10_000_000).plus(Amount::from_micros(deducted).negated()).to_score();
    let summary = Message::new("score.summary.performance")
        .with("metric", metric::PERFORMANCE)
        .with("score", score)
        .with("current", current)
        .with("baseline", baseline);
    result(Standing::Measured { score }, terms, summary)
}
