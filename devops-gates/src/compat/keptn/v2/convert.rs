//! An analysis made a native gate.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::Unit;

use super::{AnalysisDefinition, AnalysisObjective, Operator, Range, Target};
use crate::compat::conversion::{Differences, decimal, unused, weights};
use crate::compat::{Conversion, ConversionError, DifferenceKind};
use crate::{Combine, ConditionSpec, GateSpec, GroupSpec, Missing};

/// A native gate that decides as an analysis does, but for the differences that it lists. An objective with a failure
/// and a warning is a group of two conditions: one that must not fail, and one that is at worst a warning. Measures
/// have no unit.
///
/// # Errors
///
/// [`ConversionError`] where no objective has a target, and where a number cannot be expressed.
///
/// ```
/// use devops_gates::compat::keptn::v2::{AnalysisDefinition, to_gate_spec};
///
/// let definition: AnalysisDefinition = serde_json::from_str(r#"{
///     "objectives": [{"name": "errors", "target": {"failure": {"greaterThan": 5}}, "weight": 1}],
///     "totalScore": {"passPercentage": 90, "warningPercentage": 75}
/// }"#)?;
/// assert_eq!(to_gate_spec("a", &definition)?.gate.conditions[0].pass, "<= 5");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_gate_spec(name: &str, definition: &AnalysisDefinition) -> Result<Conversion, ConversionError> {
    let mut differences = Differences::default();
    let mut names = Vec::new();
    let thresholds = definition.total_score;
    for (place, value) in [
        ("totalScore.passPercentage", thresholds.pass_percentage),
        ("totalScore.warningPercentage", thresholds.warning_percentage),
    ] {
        if !(0.0..=100.0).contains(&value) {
            return Err(ConversionError::inexpressible(
                place,
                &alloc::format!("{value}"),
                "0 to 100 is expected",
            ));
        }
    }
    let warn = Some(thresholds.warning_percentage).filter(|warn| *warn <= thresholds.pass_percentage);
    let combine = Combine::Weighted { pass: thresholds.pass_percentage, warn, warning_earns: 0.5 };
    let mut gate = GateSpec::new(name).with_combine(combine);
    let all: Vec<i64> = definition.objectives.iter().map(|o| o.weight).collect();
    for ((index, objective), weight) in
        definition.objectives.iter().enumerate().zip(weights("objectives", &all)?)
    {
        let place = alloc::format!("objectives[{index}]");
        let metric = differences.metric(&place, &objective.name)?;
        let Some(part) = part(&place, &metric, &objective.target, &mut names)? else {
            differences.add(&place, DifferenceKind::AlwaysTheSame);
            continue;
        };
        remark(&mut differences, &place, objective);
        gate = match part {
            (Some(condition), None) => {
                gate.with_condition(condition.with_weight(weight).with_mandatory(objective.key_objective))
            }
            (conditions, more) => {
                let name = unused(&mut names, &alloc::format!("{metric}-objective"));
                let group = GroupSpec::new(name, Combine::All)
                    .with_weight(weight)
                    .with_mandatory(objective.key_objective);
                gate.with_group(conditions.into_iter().chain(more).fold(group, GroupSpec::with_condition))
            }
        };
    }
    let parts = gate.conditions.len().saturating_add(gate.groups.len());
    if parts == 0 {
        return Err(ConversionError::Nothing { expected: "objective with a target" });
    }
    differences.add_where(parts > 1, "totalScore", DifferenceKind::FloatingPoint);
    differences.conversion(gate)
}

fn remark(differences: &mut Differences, place: &str, objective: &AnalysisObjective) {
    differences.add(place, DifferenceKind::NanPasses);
    let key_warns = objective.key_objective && objective.target.warning.is_some();
    differences.add_where(key_warns, place, DifferenceKind::KeyWarning);
    let weightless = objective.key_objective && objective.weight == 0;
    differences.add_where(weightless, place, DifferenceKind::KeyWithoutWeight);
}

/// The condition on the failure and that on the warning.
type Conditions = (Option<ConditionSpec>, Option<ConditionSpec>);

/// What an objective becomes; nothing where it has no target.
fn part(
    place: &str,
    metric: &str,
    target: &Target,
    names: &mut Vec<String>,
) -> Result<Option<Conditions>, ConversionError> {
    let mut condition = |field: &str, operator: &Operator, warns: bool| {
        let place = alloc::format!("{place}.target.{field}");
        let Some((holds, does_not)) = predicates(&place, operator)? else { return Ok(None) };
        let name = unused(names, &alloc::format!("{metric}-{field}"));
        let condition =
            ConditionSpec::new(name, metric, does_not).with_unit(Unit::None).with_missing(Missing::Fail);
        Ok(Some(if warns { condition.with_warn(holds) } else { condition }))
    };
    let failure = target.failure.as_ref().map(|o| condition("failure", o, false)).transpose()?.flatten();
    let warning = target.warning.as_ref().map(|o| condition("warning", o, true)).transpose()?.flatten();
    Ok(match (failure, warning) {
        (None, None) => None,
        (None, Some(warning)) => Some((Some(warning), None)),
        (failure, warning) => Some((failure, warning)),
    })
}

/// The criterion that an operator is, and its opposite.
fn predicates(place: &str, operator: &Operator) -> Result<Option<(String, String)>, ConversionError> {
    let pair = |sign: &str, opposite: &str, value: f64| {
        let value = decimal(place, value)?;
        Ok(Some((alloc::format!("{sign} {value}"), alloc::format!("{opposite} {value}"))))
    };
    let within = |range: Range| {
        let (low, high) = (decimal(place, range.low.get())?, decimal(place, range.high.get())?);
        Ok((alloc::format!("in [{low}, {high}]"), alloc::format!("not in [{low}, {high}]")))
    };
    if let Some(value) = operator.equal_to {
        pair("=", "!=", value.get())
    } else if let Some(value) = operator.less_than_or_equal {
        pair("<=", ">", value.get())
    } else if let Some(value) = operator.less_than {
        pair("<", ">=", value.get())
    } else if let Some(value) = operator.greater_than_or_equal {
        pair(">=", "<", value.get())
    } else if let Some(value) = operator.greater_than {
        pair(">", "<=", value.get())
    } else if let Some(range) = operator.in_range {
        within(range).map(Some)
    } else if let Some(range) = operator.not_in_range {
        within(range).map(|(inside, outside)| Some((outside, inside)))
    } else {
        Ok(None)
    }
}
