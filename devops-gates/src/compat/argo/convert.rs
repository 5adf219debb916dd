//! An analysis template made a native gate.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Comparison, Unit};

use super::expression::{Shape, shape};
use super::{AnalysisTemplate, Metric};
use crate::compat::conversion::{Differences, Part, decimal, unused};
use crate::compat::{Conversion, ConversionError, DifferenceKind};
use crate::{Combine, ConditionSpec, GateSpec, GroupSpec};

/// A native gate that decides as one measurement of each metric of a template does, but for the differences that it
/// lists. Every metric must pass; a dry run is a shadow. Conditions may be comparisons of the result, of its first item
/// or of either as a number, with a number, joined by `&&` and `||`. Measures have no unit and the metric's name.
///
/// # Errors
///
/// [`ConversionError`] where no metric has a condition, and for a condition of another form.
///
/// ```
/// use devops_gates::Gate;
/// use devops_gates::compat::argo::{AnalysisTemplate, to_gate_spec};
///
/// let template: AnalysisTemplate = serde_json::from_str(r#"{
///     "metadata": {"name": "canary"},
///     "spec": {"metrics": [{"name": "success-rate", "successCondition": "len(result) == 0 || result[0] >= 0.95"}]}
/// }"#)?;
/// let converted = to_gate_spec(&template)?;
/// assert_eq!(converted.gate.conditions[0].pass, ">= 0.95");
/// assert!(Gate::build(converted.gate).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_gate_spec(template: &AnalysisTemplate) -> Result<Conversion, ConversionError> {
    let mut differences = Differences::default();
    let name = if template.metadata.name.is_empty() { "analysis" } else { &template.metadata.name };
    let mut gate = GateSpec::new(name);
    let mut names = Vec::new();
    for (index, metric) in template.metrics().iter().enumerate() {
        let place = alloc::format!("spec.metrics[{index}]");
        if metric.success_condition.is_empty() && metric.failure_condition.is_empty() {
            differences.add(&place, DifferenceKind::AlwaysTheSame);
            continue;
        }
        let repeated = metric.effective_count() != Some(1) || metric.failure_limit.unwrap_or(0) != 0;
        differences.add_where(repeated, &place, DifferenceKind::RepeatedMeasurements);
        differences.add(&place, DifferenceKind::ErrorIsInconclusive);
        let id = differences.metric(&place, &metric.name)?;
        let mut converter = Converter { differences: &mut differences, names: &mut names, id };
        gate = converter.metric(gate, &place, metric)?;
    }
    if gate.conditions.is_empty() && gate.groups.is_empty() {
        return Err(ConversionError::Nothing { expected: "metric with a condition" });
    }
    differences.conversion(gate)
}

struct Converter<'a> {
    differences: &'a mut Differences,
    names: &'a mut Vec<String>,
    id: String,
}

impl Converter<'_> {
    fn metric(&mut self, gate: GateSpec, place: &str, metric: &Metric) -> Result<GateSpec, ConversionError> {
        let mut parts = Vec::new();
        let both = !metric.success_condition.is_empty() && !metric.failure_condition.is_empty();
        if !metric.failure_condition.is_empty() {
            let place = alloc::format!("{place}.failureCondition");
            let failure = self.read(&place, &metric.failure_condition)?;
            parts.push(self.part(&place, &failure.negated(), false)?);
        }
        if !metric.success_condition.is_empty() {
            let at = alloc::format!("{place}.successCondition");
            let success = self.read(&at, &metric.success_condition)?;
            self.differences.add_where(both, place, DifferenceKind::BetweenIsWarning);
            parts.push(self.part(&at, &success, both)?);
        }
        Ok(parts.into_iter().fold(gate, |gate, part| match part {
            Part::One(condition) => gate.with_condition(condition.with_shadow(metric.dry_run)),
            Part::Several(group) => gate.with_group(shadowed(group, metric.dry_run)),
        }))
    }

    fn read(&mut self, place: &str, condition: &str) -> Result<Shape, ConversionError> {
        let refused = |reason: String| ConversionError::inexpressible(place, condition, reason);
        let read = shape(condition).map_err(|error| refused(alloc::format!("{error}")))?;
        let shape = read.shape.ok_or_else(|| {
            refused("comparisons of the result with a number, joined by && and ||, are expected".into())
        })?;
        self.differences.add_where(read.guarded, place, DifferenceKind::GuardDropped);
        self.differences.add_where(read.first_of_many, place, DifferenceKind::FirstOfMany);
        Ok(shape)
    }

    /// `warns` makes a part that does not hold a warning and no failure.
    fn part(&mut self, place: &str, shape: &Shape, warns: bool) -> Result<Part, ConversionError> {
        let (shapes, combine) = match shape {
            Shape::Compare(comparison, value) => {
                let value = decimal(place, *value)?;
                let predicate = |c: Comparison| alloc::format!("{c} {value}");
                let name = unused(self.names, &self.id);
                let condition =
                    ConditionSpec::new(name, &*self.id, predicate(*comparison)).with_unit(Unit::None);
                let condition =
                    if warns { condition.with_warn(predicate(opposite(*comparison))) } else { condition };
                return Ok(Part::One(condition.into()));
            }
            Shape::All(shapes) => (shapes, Combine::All),
            Shape::Any(shapes) => (shapes, Combine::Any),
        };
        let name = unused(self.names, &alloc::format!("{}-condition", self.id));
        let mut group = GroupSpec::new(name, combine);
        for shape in shapes {
            group = match self.part(place, shape, warns)? {
                Part::One(condition) => group.with_condition(*condition),
                Part::Several(inner) => group.with_group(inner),
            };
        }
        Ok(Part::Several(group))
    }
}

fn shadowed(mut group: GroupSpec, shadow: bool) -> GroupSpec {
    group.conditions = group.conditions.into_iter().map(|c| c.with_shadow(shadow)).collect();
    group.groups = group.groups.into_iter().map(|g| shadowed(g, shadow)).collect();
    group
}

pub(super) const fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Below => Comparison::AtLeast,
        Comparison::AtMost => Comparison::Above,
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::AtLeast => Comparison::Below,
        Comparison::Above => Comparison::AtMost,
    }
}
