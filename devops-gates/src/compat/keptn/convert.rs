//! An SLO file made a native gate.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::Unit;

use super::{
    CriteriaSet, Criterion, Objective, Slo, TotalScore, history_size, normalise_slo, parse_criterion, total,
};
use crate::compat::conversion::{Differences, Part, decimal, unused, weights};
use crate::compat::{Conversion, ConversionError, DifferenceKind};
use crate::{
    Aggregate, BaselineFrom, BaselineSpec, Combine, ConditionSpec, GateSpec, GroupSpec, Include, Missing,
    NegativeBaseline, NoBaseline, ZeroBaseline,
};

/// A native gate that decides as an SLO file does, but for the differences that it lists.
///
/// The total score becomes a weighted gate, key objectives become mandatory, relative criteria name the `baseline`. An
/// objective of one criterion is a condition; one of several is a group. A missing indicator fails, as it does there.
/// Measures have no unit.
///
/// # Errors
///
/// [`ConversionError`] where no objective is scored, and where a criterion or a threshold cannot be read.
///
/// ```
/// use devops_gates::Gate;
/// use devops_gates::compat::keptn::{Slo, to_gate_spec};
///
/// let slo: Slo = serde_json::from_str(r#"{
///     "objectives": [
///         {"sli": "error_rate", "pass": [{"criteria": ["<=1"]}], "warning": [{"criteria": ["<=2"]}], "weight": 2},
///         {"sli": "response_time_p95", "pass": [{"criteria": ["<=+10%", "<600"]}], "key_sli": true}
///     ],
///     "total_score": {"pass": "90%", "warning": "75%"}
/// }"#)?;
/// let converted = to_gate_spec("checkout", slo)?;
/// assert_eq!(converted.gate.conditions[0].pass, "<= 1");
/// assert_eq!(converted.gate.groups[0].conditions[0].pass, "<= baseline + 10 %");
/// assert!(Gate::build(converted.gate).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_gate_spec(name: &str, slo: Slo) -> Result<Conversion, ConversionError> {
    let slo = normalise_slo(slo);
    let mut differences = Differences::default();
    let objectives: Vec<Objective> = slo.objectives.into_iter().flatten().collect();
    let comparison = slo.comparison.unwrap_or_default();
    let (baseline, percentile) = baseline(&comparison)?;
    let mut converter = Converter { differences: &mut differences, baseline, percentile, names: Vec::new() };
    let scored: Vec<(usize, &Objective)> =
        objectives.iter().enumerate().filter(|(_, o)| o.is_scored()).collect();
    let weights = weights("objectives", &scored.iter().map(|(_, o)| o.weight).collect::<Vec<_>>())?;
    let combine = combine(slo.total_score.as_ref())?;
    let mut gate = GateSpec::new(name).with_combine(combine);
    for (index, objective) in objectives.iter().enumerate() {
        let place = alloc::format!("objectives[{index}]");
        let earlier = objectives.get(..index).unwrap_or_default();
        converter.remark(&place, objective, earlier.iter().any(|o| o.sli == objective.sli));
    }
    for ((index, objective), weight) in scored.into_iter().zip(weights) {
        let place = alloc::format!("objectives[{index}]");
        gate = match converter.objective(&place, objective)? {
            Part::One(condition) => {
                gate.with_condition(condition.with_weight(weight).with_mandatory(objective.key_sli))
            }
            Part::Several(group) => {
                gate.with_group(group.with_weight(weight).with_mandatory(objective.key_sli))
            }
        };
    }
    let parts = gate.conditions.len().saturating_add(gate.groups.len());
    if parts == 0 {
        return Err(ConversionError::Nothing { expected: "objective with pass criteria" });
    }
    differences.add_where(parts > 1, "total_score", DifferenceKind::FloatingPoint);
    differences.conversion(gate)
}

impl Objective {
    /// Whether it has a criterion to pass.
    fn is_scored(&self) -> bool {
        !self.pass.is_empty() && self.pass.iter().all(|set| !set.criteria.is_empty())
    }
}

fn combine(thresholds: Option<&TotalScore>) -> Result<Combine, ConversionError> {
    let read = |place: &str, text: &str| {
        let refused = |reason| ConversionError::inexpressible(place, text, reason);
        let value = total::percentage(text).ok_or_else(|| refused("a percentage is expected"))?;
        if (0.0..=100.0).contains(&value) { Ok(value) } else { Err(refused("0 to 100 is expected")) }
    };
    let Some(thresholds) = thresholds.filter(|t| !t.pass.is_empty()) else {
        return Err(ConversionError::inexpressible("total_score.pass", "", "a percentage is expected"));
    };
    let pass = read("total_score.pass", &thresholds.pass)?;
    // A warning above the pass is never told there, and refused here.
    let warn = match thresholds.warning.as_str() {
        "" => None,
        text => Some(read("total_score.warning", text)?).filter(|warn| *warn <= pass),
    };
    Ok(Combine::Weighted { pass, warn, warning_earns: 0.5 })
}

/// What stands for the baseline, and whether it is a percentile of several runs.
fn baseline(comparison: &super::Comparison) -> Result<(BaselineSpec, bool), ConversionError> {
    let runs = history_size(comparison).filter(|runs| (1..=500).contains(runs)).ok_or_else(|| {
        let count = alloc::format!("{}", comparison.number_of_comparison_results);
        ConversionError::inexpressible(
            "comparison.number_of_comparison_results",
            &count,
            "1 to 500 is expected",
        )
    })?;
    let include = match comparison.include_result_with_score.to_ascii_lowercase().as_str() {
        "pass" => Include::Passed,
        "pass_or_warn" => Include::PassedOrWarning,
        _ => Include::Any,
    };
    let (aggregate, percentile) = match comparison.aggregate_function.as_str() {
        "avg" => (Aggregate::Mean, false),
        "p50" => (Aggregate::Median, false),
        "p90" => (Aggregate::P90, runs > 1),
        "p95" => (Aggregate::P95, runs > 1),
        other => {
            let reason = "avg, p50, p90 or p95 is expected";
            return Err(ConversionError::inexpressible("comparison.aggregate_function", other, reason));
        }
    };
    let spec = BaselineSpec {
        from: BaselineFrom::Last { k: u64::try_from(runs).unwrap_or(1), include },
        ..BaselineSpec::last()
    };
    let spec = spec
        .with_aggregate(aggregate)
        .with_absent(NoBaseline::Skip)
        .with_zero(ZeroBaseline::Compare)
        .with_negative(NegativeBaseline::Magnitude);
    Ok((spec, percentile))
}

struct Converter<'a> {
    differences: &'a mut Differences,
    baseline: BaselineSpec,
    percentile: bool,
    names: Vec<String>,
}

impl Converter<'_> {
    /// What is different about an objective whatever its criteria.
    fn remark(&mut self, place: &str, objective: &Objective, repeated: bool) {
        let differences = &mut *self.differences;
        if objective.pass.is_empty() {
            differences.add(place, DifferenceKind::Informative);
            return;
        }
        differences.add_where(!objective.is_scored(), place, DifferenceKind::AlwaysTheSame);
        differences.add_where(repeated, place, DifferenceKind::ConsumedIndicator);
        let key_warns = objective.key_sli && !objective.warning.is_empty();
        differences.add_where(key_warns, place, DifferenceKind::KeyWarning);
    }

    fn objective(&mut self, place: &str, objective: &Objective) -> Result<Part, ConversionError> {
        let metric = self.differences.metric(&alloc::format!("{place}.sli"), &objective.sli)?;
        let pass_place = alloc::format!("{place}.pass");
        let pass = read_sets(&pass_place, &objective.pass)?;
        let warning = self.warnings(&alloc::format!("{place}.warning"), objective, &pass);
        let all = pass.iter().chain(warning.iter().flatten()).flatten();
        self.remark_relative(place, all.clone().any(|c| c.relative), all.clone().any(|c| c.percent));
        let mut sets = Vec::new();
        for (index, set) in pass.iter().enumerate() {
            let warns = warning.as_ref().and_then(|w| w.get(index));
            let mut conditions = Vec::new();
            for (number, criterion) in set.iter().enumerate() {
                let warn = warns.and_then(|w| w.get(number));
                conditions.push(self.condition(&pass_place, &metric, criterion, warn)?);
            }
            sets.push(conditions);
        }
        if let ([set], true) = (sets.as_slice(), sets.iter().all(|s| s.len() == 1))
            && let [condition] = set.as_slice()
        {
            return Ok(Part::One(condition.clone().into()));
        }
        Ok(Part::Several(self.group(&metric, sets)))
    }

    fn remark_relative(&mut self, place: &str, relative: bool, percent: bool) {
        let differences = &mut *self.differences;
        differences.add_where(relative, place, DifferenceKind::NoBaseline);
        differences.add_where(relative, place, DifferenceKind::BaselineRuns);
        differences.add_where(percent, place, DifferenceKind::NegativeBaseline);
        differences.add_where(relative && self.percentile, place, DifferenceKind::Percentile);
        differences.add_where(relative, place, DifferenceKind::FloatingPoint);
    }

    /// Warning criteria of the same form as those to pass stand beside them.
    fn warnings(
        &mut self,
        place: &str,
        objective: &Objective,
        pass: &[Vec<Criterion>],
    ) -> Option<Vec<Vec<Criterion>>> {
        if objective.warning.is_empty() {
            return None;
        }
        let Ok(warning) = read_sets(place, &objective.warning) else {
            self.differences.add(place, DifferenceKind::WarningUnreadable);
            return None;
        };
        let same_form =
            warning.len() == pass.len() && warning.iter().zip(pass).all(|(w, p)| w.len() == p.len());
        if !same_form {
            self.differences.add(place, DifferenceKind::WarningLeftOut);
            return None;
        }
        let looser = warning.iter().flatten().zip(pass.iter().flatten()).all(|(w, p)| is_looser(w, p));
        self.differences.add_where(!looser, place, DifferenceKind::WarningPaired);
        Some(warning)
    }

    fn condition(
        &mut self,
        place: &str,
        metric: &str,
        pass: &Criterion,
        warn: Option<&Criterion>,
    ) -> Result<ConditionSpec, ConversionError> {
        let name = unused(&mut self.names, metric);
        let mut condition = ConditionSpec::new(name, metric, predicate(place, pass)?)
            .with_unit(Unit::None)
            .with_missing(Missing::Fail);
        if let Some(warn) = warn {
            condition = condition.with_warn(predicate(place, warn)?);
        }
        let relative = pass.relative || warn.is_some_and(|w| w.relative);
        Ok(if relative { condition.with_baseline(self.baseline.clone()) } else { condition })
    }

    /// Any of the sets, each with all of its criteria.
    fn group(&mut self, metric: &str, sets: Vec<Vec<ConditionSpec>>) -> GroupSpec {
        let name = unused(&mut self.names, &alloc::format!("{metric}-objective"));
        let all = |group: GroupSpec, conditions: Vec<ConditionSpec>| {
            conditions.into_iter().fold(group, GroupSpec::with_condition)
        };
        if sets.len() == 1 {
            return sets.into_iter().fold(GroupSpec::new(name, Combine::All), all);
        }
        let mut group = GroupSpec::new(name, Combine::Any);
        for mut set in sets {
            group = match (set.pop(), set.is_empty()) {
                (Some(only), true) => group.with_condition(only),
                (last, _) => {
                    set.extend(last);
                    let name = unused(&mut self.names, &alloc::format!("{metric}-set"));
                    group.with_group(all(GroupSpec::new(name, Combine::All), set))
                }
            };
        }
        group
    }
}

fn read_sets(place: &str, sets: &[CriteriaSet]) -> Result<Vec<Vec<Criterion>>, ConversionError> {
    let read = |text: &String| {
        parse_criterion(text).map_err(|error| ConversionError::inexpressible(place, text, error))
    };
    sets.iter().map(|set| set.criteria.iter().map(read).collect()).collect()
}

fn predicate(place: &str, criterion: &Criterion) -> Result<String, ConversionError> {
    let (operator, number) = (&criterion.operator, decimal(place, criterion.value.abs())?);
    let negative = criterion.value < 0.0;
    if !criterion.relative {
        return Ok(alloc::format!("{operator} {}{number}", if negative { "-" } else { "" }));
    }
    let sign = if criterion.increase == negative { '-' } else { '+' };
    let percent = if criterion.percent { " %" } else { "" };
    Ok(alloc::format!("{operator} baseline {sign} {number}{percent}"))
}

/// Whether whatever satisfies `pass` satisfies `warning`: the same kind of comparison, further out.
fn is_looser(warning: &Criterion, pass: &Criterion) -> bool {
    let signed = |c: &Criterion| if c.relative && !c.increase { -c.value } else { c.value };
    let side = |c: &Criterion| c.operator.chars().next();
    let comparable =
        (warning.relative, warning.percent) == (pass.relative, pass.percent) && side(warning) == side(pass);
    let (outer, inner) = (signed(warning), signed(pass));
    let strict = warning.operator.len() < pass.operator.len();
    comparable
        && match side(pass) {
            Some('<') => outer > inner || (outer >= inner && !strict),
            Some('>') => outer < inner || (outer <= inner && !strict),
            _ => outer.total_cmp(&inner).is_eq(),
        }
}
