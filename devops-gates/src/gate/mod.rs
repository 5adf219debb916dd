//! A checked gate.

pub(crate) mod build;
mod combine;
pub(crate) mod compiled;
mod condition_spec;
pub(crate) mod preset;
mod samples;
mod spec;
pub(crate) mod unwritten;

pub use combine::Combine;
pub use condition_spec::{Applies, ConditionSpec, MinEvidence, Missing};
pub use spec::{GateSpec, GroupSpec};

use alloc::sync::Arc;

use devops_core::{Catalogue, MetricId, Scope};

use crate::gate::compiled::Compiled;
use crate::{GateErrors, Lint};

/// A gate that was checked and made ready: [`Gate::evaluate`] cannot fail.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Unit};
/// use devops_gates::{ConditionSpec, Evidence, Gate, GateSpec, Status};
///
/// let gate = Gate::build(
///     GateSpec::new("coverage").with_condition(ConditionSpec::new("covered", "test_coverage", ">= 57 %")),
/// )?;
/// let mut measures = Measures::new();
/// assert_eq!(gate.evaluate(&Evidence::new(&measures)).status(), Status::Inconclusive);
/// measures.insert(Measure::fraction(MetricId::new("test_coverage")?, 57, 100, Unit::Percent))?;
/// assert_eq!(gate.evaluate(&Evidence::new(&measures)).status(), Status::Passed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Gate(pub(crate) Arc<Compiled>);

impl Gate {
    /// Checks a gate and makes it ready. A number without a unit takes the unit that
    /// [`Catalogue::standard`] gives its metric; see [`Gate::build_with`] for other metrics.
    ///
    /// # Errors
    ///
    /// [`GateErrors`] with every fault and its place.
    pub fn build(spec: GateSpec) -> Result<Self, GateErrors> {
        build::build(spec, &Catalogue::standard(), false).map(|compiled| Self(Arc::new(compiled)))
    }

    /// The same with the caller's catalogue; metrics that it does not have are remarked on.
    ///
    /// # Errors
    ///
    /// [`GateErrors`] with every fault and its place.
    ///
    /// ```
    /// use devops_core::{Catalogue, GoodDirection, MetricId, Unit};
    /// use devops_gates::{ConditionSpec, Gate, GateSpec};
    ///
    /// let mut catalogue = Catalogue::standard();
    /// catalogue.add(MetricId::new("bundle_size")?, Unit::Bytes, GoodDirection::Down, "Size of the bundle.")?;
    /// let spec = GateSpec::new("g").with_condition(ConditionSpec::new("small", "bundle_size", "<= 500000"));
    /// assert!(Gate::build_with(spec, &catalogue)?.lints().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build_with(spec: GateSpec, catalogue: &Catalogue) -> Result<Self, GateErrors> {
        build::build(spec, catalogue, true).map(|compiled| Self(Arc::new(compiled)))
    }

    /// What is legal in it and most likely a mistake, in the order of the document.
    #[must_use]
    pub fn lints(&self) -> &[Lint] {
        &self.0.lints
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.spec.name
    }

    /// The gate as it was written.
    #[must_use]
    pub fn spec(&self) -> &GateSpec {
        &self.0.spec
    }

    /// What it looks at, in the order that [`Gate::evaluate_indexed`] takes the measures in: each metric and
    /// scope once.
    ///
    /// ```
    /// use devops_gates::Gate;
    ///
    /// let metrics: Vec<_> = Gate::classic().inputs().map(|(metric, _)| metric.to_string()).collect();
    /// assert_eq!(metrics, ["code_quality", "performance", "security", "test_coverage"]);
    /// ```
    #[must_use]
    pub fn inputs(&self) -> impl ExactSizeIterator<Item = (&MetricId, &Scope)> {
        self.0.inputs.iter().map(|(metric, scope)| (metric, scope))
    }
}
