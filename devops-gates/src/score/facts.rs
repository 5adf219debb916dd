//! What a gate must know of the runs besides scores.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{AnalyzerId, AnalyzerKind, AnalyzerRun, Measure, Severity, Unit, Value, metric};

use crate::score::overall::{id, ran};
use crate::score::sources::counts;

fn count(metric: &str, n: usize) -> Measure {
    let n = u32::try_from(n).unwrap_or(u32::MAX);
    Measure::new(id(metric), Value::Number { value: n.into() }, Unit::Count)
}

/// The facts of a set of runs: `open_findings`, `critical_findings` and `required_not_run`.
///
/// Open is a finding that is still there and that nothing suppresses but the change itself; hints to the
/// reviewer are no findings here, and findings of heuristics are never among the critical ones, because they
/// never block on their own. Where no source ran to an end, both counts are *missing*: nobody looked.
/// Required is what `required` names and every run whose descriptor says so; one that is not among the runs
/// did not run.
///
/// ```
/// use std::collections::BTreeSet;
/// use devops_core::{Analysis, AnalyzerId, AnalyzerKind, AnalyzerRun, Descriptor, Outcome};
/// use devops_gates::facts;
///
/// let run = AnalyzerRun {
///     descriptor: Descriptor::new("style", AnalyzerKind::Style)?,
///     outcome: Outcome::Completed(Analysis::new()),
/// };
/// let required = BTreeSet::from([AnalyzerId::new("secrets")?]);
/// let shown: Vec<String> = facts(&[run], &required).iter().map(ToString::to_string).collect();
/// assert_eq!(shown, ["open_findings = 0", "critical_findings = 0", "required_not_run = 1"]);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn facts(runs: &[AnalyzerRun], required: &BTreeSet<AnalyzerId>) -> Vec<Measure> {
    let analyses = runs.iter().filter_map(|r| r.outcome.analysis().map(|a| (r.descriptor.kind(), a)));
    let open: Vec<_> = analyses
        .filter(|(kind, _)| *kind != AnalyzerKind::Review)
        .flat_map(|(_, a)| &a.findings)
        .filter(|f| counts(f))
        .collect();
    let critical = open.iter().filter(|f| f.severity() == Severity::Critical && !f.is_heuristic()).count();
    // Whether each source that is needed was among the runs, and all its runs came to an end.
    let mut needed: BTreeMap<&AnalyzerId, Option<bool>> = required.iter().map(|id| (id, None)).collect();
    let own = runs.iter().map(|r| &r.descriptor).filter(|d| d.is_required());
    needed.extend(own.map(|d| (d.id(), None)));
    for run in runs {
        if let Some(fine) = needed.get_mut(run.descriptor.id()) {
            *fine = Some(fine.unwrap_or(true) && ran(&run.outcome));
        }
    }
    let not_run = needed.values().filter(|fine| **fine != Some(true)).count();
    let looked = runs.iter().any(|r| ran(&r.outcome) && r.descriptor.kind() != AnalyzerKind::Review);
    let found = |metric: &str, n: usize| {
        if looked {
            return count(metric, n);
        }
        let reason = String::from("no source ran to an end");
        Measure::new(id(metric), Value::Missing { reason }, Unit::Count)
    };
    alloc::vec![
        found(metric::OPEN_FINDINGS, open.len()),
        found(metric::CRITICAL_FINDINGS, critical),
        count(metric::REQUIRED_NOT_RUN, not_run),
    ]
}
