//! A quality gate made a native gate.

use alloc::vec::Vec;

use devops_core::{Scope, Unit};

use super::condition::{java_double, whole_threshold};
use super::{
    Condition, IGNORED_IN_SMALL_CHANGES, Op, QualityGate, ValueType, metric_type, standard_equivalent,
};
use crate::compat::conversion::{Differences, decimal, unused};
use crate::compat::{Conversion, ConversionError, DifferenceKind};
use crate::{ConditionSpec, GateSpec};

/// A native gate that decides as a quality gate does, but for the differences that it lists. Every condition must
/// pass; the key of the metric stays as it is, and one that begins with `new_` is on new code. Percentages are in
/// percent, whole numbers are counts, work is in minutes; ratings and other numbers have no unit.
///
/// # Errors
///
/// [`ConversionError`] where there is no condition, and where a threshold cannot be read.
///
/// ```
/// use devops_gates::Gate;
/// use devops_gates::compat::sonar::{Condition, Op, QualityGate, to_gate_spec};
///
/// let gate = QualityGate::new("Sonar way", vec![Condition::new("new_coverage", Op::LessThan, "80")]);
/// let converted = to_gate_spec(&gate)?;
/// assert_eq!(converted.gate.conditions[0].pass, ">= 80");
/// assert!(Gate::build(converted.gate).is_ok());
/// # Ok::<(), devops_gates::compat::ConversionError>(())
/// ```
pub fn to_gate_spec(gate: &QualityGate) -> Result<Conversion, ConversionError> {
    if gate.conditions.is_empty() {
        return Err(ConversionError::Nothing { expected: "condition" });
    }
    let mut differences = Differences::default();
    let mut names = Vec::new();
    let name = if gate.name.is_empty() { "sonar" } else { &gate.name };
    let mut spec = GateSpec::new(name);
    for (index, condition) in gate.conditions.iter().enumerate() {
        let place = alloc::format!("conditions[{index}]");
        let value_type = metric_type(&condition.metric).unwrap_or(ValueType::Float);
        let metric = differences.metric(&place, &condition.metric)?;
        let threshold = threshold(&alloc::format!("{place}.error"), condition, value_type)?;
        let pass = match condition.op {
            Op::GreaterThan => alloc::format!("<= {threshold}"),
            Op::LessThan => alloc::format!(">= {threshold}"),
        };
        let scope = if metric.starts_with("new_") { Scope::NewCode } else { Scope::Overall };
        spec = spec.with_condition(
            ConditionSpec::new(unused(&mut names, &metric), &*metric, pass)
                .with_unit(unit(value_type))
                .with_scope(scope),
        );
        remark(&mut differences, &place, condition, value_type);
    }
    differences.conversion(spec)
}

fn remark(differences: &mut Differences, place: &str, condition: &Condition, value_type: ValueType) {
    let whole =
        matches!(value_type, ValueType::Int | ValueType::Rating | ValueType::Millisec | ValueType::WorkDur);
    let small = IGNORED_IN_SMALL_CHANGES.contains(&condition.metric.as_str());
    let falls_back = standard_equivalent(&condition.metric).is_some();
    differences.add(place, DifferenceKind::MissingPasses);
    differences.add_where(whole, place, DifferenceKind::Truncation);
    differences.add_where(small, place, DifferenceKind::SmallChanges);
    differences.add_where(falls_back, place, DifferenceKind::FallbackMetric);
}

/// The unit that measures of a type have in a converted gate.
///
/// ```
/// use devops_core::Unit;
/// use devops_gates::compat::sonar::{ValueType, unit};
///
/// assert_eq!(unit(ValueType::Percent), Unit::Percent);
/// ```
#[must_use]
pub const fn unit(value_type: ValueType) -> Unit {
    match value_type {
        ValueType::Percent => Unit::Percent,
        ValueType::Int => Unit::Count,
        ValueType::Millisec => Unit::Milliseconds,
        ValueType::WorkDur => Unit::Minutes,
        _ => Unit::None,
    }
}

fn threshold(
    place: &str,
    condition: &Condition,
    value_type: ValueType,
) -> Result<alloc::string::String, ConversionError> {
    let text = condition.error.as_str();
    let refused = |reason: &str| ConversionError::inexpressible(place, text, reason);
    match value_type {
        ValueType::Int | ValueType::Rating => whole_threshold(text, value_type)
            .map(|whole| alloc::format!("{whole}"))
            .map_err(|error| ConversionError::inexpressible(place, text, error)),
        ValueType::Millisec | ValueType::WorkDur => match text.parse::<i64>() {
            Ok(whole) => Ok(alloc::format!("{whole}")),
            Err(_) => Err(refused("a whole number is expected")),
        },
        _ if !value_type.is_numeric() => Err(refused("no condition can be on a metric of its type")),
        _ => decimal(place, java_double(text).ok_or_else(|| refused("a decimal number is expected"))?),
    }
}
