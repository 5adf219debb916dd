//! The verdict if measures were so.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use devops_core::{Measure, Measures};

use crate::{Evidence, Gate, Verdict};

impl Gate {
    /// The verdict if those measures stood in place of what the evidence has, or beside it. All else is as the
    /// evidence says; a measure with a missing value takes one away. Of two of the same metric and scope the last
    /// counts. [`Verdict::difference`] tells what changes.
    ///
    /// ```
    /// use devops_core::{Measure, Measures, MetricId, Unit};
    /// use devops_gates::{ConditionSpec, Evidence, Gate, GateSpec, Status};
    ///
    /// let gate = Gate::build(
    ///     GateSpec::new("g").with_condition(ConditionSpec::new("covered", "test_coverage", ">= 80 %")),
    /// )?;
    /// let coverage = |percent| Measure::number(MetricId::new("test_coverage")?, percent, Unit::Percent);
    /// let measures = Measures::try_from(vec![coverage(75.0)?])?;
    /// let evidence = Evidence::new(&measures);
    /// assert_eq!(gate.evaluate(&evidence).status(), Status::Failed);
    /// assert_eq!(gate.what_if(&evidence, [coverage(82.0)?]).status(), Status::Passed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn what_if(&self, evidence: &Evidence<'_>, changes: impl IntoIterator<Item = Measure>) -> Verdict {
        let key = |measure: &Measure| (measure.metric().clone(), measure.scope().clone());
        let mut all: BTreeMap<_, Measure> = evidence.measures().iter().map(|m| (key(m), m.clone())).collect();
        all.extend(changes.into_iter().map(|m| (key(&m), m)));
        let all: Vec<Measure> = all.into_values().collect();
        // Each pair of metric and scope is there once.
        let measures = Measures::try_from(all).unwrap_or_default();
        self.evaluate(&evidence.clone().with_measures(&measures))
    }
}
