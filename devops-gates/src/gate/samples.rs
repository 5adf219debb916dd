//! Conditions on samples: what they may say, and the level that they share.

use alloc::boxed::Box;
use alloc::string::{String, ToString as _};

use devops_core::MetricId;

use crate::condition::sample_criterion::Look;
use crate::evaluate::samples::SampleRule;
use crate::fault::{Faults, Problem};
use crate::gate::compiled::{Condition, Criterion};
use crate::judge::Sampling;
use crate::{Aggregate, BaselineFrom, BaselineSpec, ConditionSpec, Missing, NegativeBaseline, ZeroBaseline};

/// How often the conditions of a gate that write no level of their own may fail for nothing, all together.
const SHARED_LEVEL: f64 = 0.05;
/// On fewer values a side than this nothing is compared, unless it is written.
const MIN_SAMPLES: u64 = 5;

/// The rule of a condition on samples, and what does not go together with it.
pub(super) fn rule(
    faults: &mut Faults,
    path: &str,
    spec: &ConditionSpec,
    (pass, warn): (&Criterion, Option<&Criterion>),
) -> Option<Box<SampleRule>> {
    let mut conflict = |field: &str, value: String, expected: &str| {
        let problem = Problem::Inconsistent { value, expected: expected.into() };
        faults.add(alloc::format!("{path}.{field}"), problem);
    };
    let Some(criterion) = pass.predicate.samples() else {
        if spec.sampling != Sampling::Independent {
            let expected = "a criterion on samples, such as `no increase beyond 5 %`";
            conflict("sampling", spec.pass.clone(), expected);
        }
        return None;
    };
    if spec.findings.is_some() {
        conflict("findings", spec.pass.clone(), "a metric, as findings have no samples");
    }
    if let Missing::LastKnown { .. } = spec.missing {
        conflict("missing", "last_known".into(), "no last known value for samples");
    }
    if spec.stable.as_ref().is_some_and(|s| s.recover.is_some()) {
        conflict("stable.recover", spec.pass.clone(), "no criterion of its own for samples to recover by");
    }
    let counted = criterion.look == Look::Rate;
    if counted && spec.sampling != Sampling::Independent {
        conflict("sampling", "thinned or blocked counts".into(), "counted outcomes, which have no order");
    }
    if let Some(baseline) = &spec.baseline {
        compared_with(baseline, &mut conflict);
    }
    spec.sampling.check(faults, path);
    let min_samples = spec.min_samples.unwrap_or(MIN_SAMPLES);
    faults.whole(&alloc::format!("{path}.min_samples"), min_samples, 2, 1_000_000);
    let metric = MetricId::new(&spec.metric).ok()?;
    let warn = warn.and_then(|w| w.predicate.samples());
    let unit = pass.unit;
    Some(Box::new(SampleRule::new(&metric, (criterion, warn), unit, spec.sampling, min_samples)))
}

/// Samples are held against samples: of runs or of the control, all taken together.
fn compared_with(baseline: &BaselineSpec, conflict: &mut impl FnMut(&str, String, &str)) {
    if let BaselineFrom::Value { value } = &baseline.from {
        conflict("baseline.from", value.to_string(), "runs or the control, which have samples");
    }
    if baseline.aggregate != Aggregate::default() {
        let name = baseline.aggregate.as_str().into();
        conflict("baseline.aggregate", name, "none: the samples of several runs are taken together");
    }
    if baseline.zero != ZeroBaseline::default() || baseline.negative != NegativeBaseline::default() {
        let expected = "none: samples may be zero or below";
        conflict("baseline", "a policy for a baseline of zero or below".into(), expected);
    }
}

/// Gives each condition that writes no level its share. A shadow takes what those get that count.
pub(super) fn share_level(conditions: &mut [Condition]) {
    let shares = |c: &Condition| !c.shadow && c.samples.as_ref().is_some_and(|s| s.shares_level());
    let parts = conditions.iter().filter(|c| shares(c)).count().max(1);
    #[expect(clippy::cast_precision_loss, reason = "a number of conditions")]
    let level = SHARED_LEVEL / parts as f64;
    for rule in conditions.iter_mut().filter_map(|c| c.samples.as_mut()).filter(|s| s.shares_level()) {
        rule.level = level;
    }
}
