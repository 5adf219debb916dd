//! From the written gate to the compiled one: every fault at once, each with its place.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{Catalogue, ConditionId, MetricId, Scope, Unit, ValueError};

use crate::condition::predicate::Test;
use crate::fault::{Faults, Problem};
use crate::gate::compiled::{Child, Compiled, Condition, Criterion, Fast, Group, Guard, Part, Rule, Stable};
use crate::gate::samples;
use crate::lint::checks;
use crate::{
    Applies, BaselineFrom, BaselineSpec, Combine, ConditionSpec, FindingsMeasure, FindingsSpec, GateErrors,
    GateSpec, GroupSpec, MinEvidence, Missing, Predicate, StabilitySpec,
};

/// Groups may be nested so deep.
const MAX_DEPTH: usize = 32;
/// A baseline may be made of so many runs.
const MAX_RUNS: u64 = 500;
const SAME_KIND: &str = "the kind of value and the unit of `pass`";
/// What stands for the metric of a condition on findings.
const FINDINGS: &str = "findings";

/// Checks a gate and compiles it.
///
/// `strict` also remarks on metrics that the catalogue does not have.
pub(crate) fn build(spec: GateSpec, catalogue: &Catalogue, strict: bool) -> Result<Compiled, GateErrors> {
    let mut builder = Builder {
        catalogue,
        faults: Faults::default(),
        names: BTreeMap::new(),
        conditions: Vec::new(),
        groups: Vec::new(),
    };
    if spec.format != 1 {
        builder.faults.add("format", Problem::UnknownFormat { found: spec.format });
    }
    if spec.name.is_empty() || spec.name.len() > 200 || spec.name.chars().any(char::is_control) {
        let problem =
            ValueError::malformed("name", &spec.name, "1 to 200 bytes of text without control characters");
        builder.faults.add("name", problem);
    }
    let part = Part { weight: 1_000_000, mandatory: false };
    let holder =
        Holder { path: "", combine: spec.combine, conditions: &spec.conditions, groups: &spec.groups };
    builder.group(&holder, None, part, 0);
    GateErrors::check(builder.faults.0)?;
    samples::share_level(&mut builder.conditions);
    let mut compiled = Compiled {
        inputs: inputs(&mut builder.conditions),
        conditions: builder.conditions,
        groups: builder.groups,
        lints: Vec::new(),
        possible: Vec::new(),
        spec,
    };
    let mut units = compiled.conditions.iter().map(|c| c.pass.unit);
    write_units(&mut compiled.spec.conditions, &mut compiled.spec.groups, &mut units);
    (compiled.lints, compiled.possible) = checks::check(&compiled, catalogue, strict);
    Ok(compiled)
}

/// Writes the units that came from the catalogue into the specification, so that it means the same without it.
fn write_units(
    conditions: &mut [ConditionSpec],
    groups: &mut [GroupSpec],
    units: &mut impl Iterator<Item = Option<Unit>>,
) {
    for (condition, unit) in conditions.iter_mut().zip(&mut *units) {
        let written = condition.pass.parse::<Predicate>().is_ok_and(|p| p.unit().is_some());
        if !written {
            condition.unit = unit;
        }
    }
    for group in groups {
        write_units(&mut group.conditions, &mut group.groups, units);
    }
}

/// The pairs that are looked up, each once; the conditions learn their places.
fn inputs(conditions: &mut [Condition]) -> Vec<(MetricId, Scope)> {
    let measured = conditions.iter().filter(|c| c.findings.is_none());
    let mut inputs: Vec<(MetricId, Scope)> = measured.map(|c| (c.metric.clone(), c.scope.clone())).collect();
    let guards = conditions.iter().filter_map(|c| c.min_evidence.as_ref());
    inputs.extend(guards.map(|g| (g.metric.clone(), g.scope.clone())));
    inputs.sort();
    inputs.dedup();
    let place = |metric: &MetricId, scope: &Scope| {
        let place = inputs.binary_search_by(|(m, s)| m.cmp(metric).then_with(|| s.cmp(scope)));
        place.unwrap_or(usize::MAX)
    };
    let mut selections: Vec<FindingsSpec> = conditions.iter().filter_map(|c| c.findings.clone()).collect();
    selections.sort();
    selections.dedup();
    for condition in conditions {
        condition.input = match &condition.findings {
            Some(spec) => inputs.len().saturating_add(selections.binary_search(spec).unwrap_or(0)),
            None => place(&condition.metric, &condition.scope),
        };
        if let Some(guard) = &mut condition.min_evidence {
            guard.input = place(&guard.metric, &guard.scope);
        }
    }
    inputs
}

/// What a gate and a group have alike.
struct Holder<'a> {
    /// Empty for the gate, else with a dot at its end.
    path: &'a str,
    combine: Combine,
    conditions: &'a [ConditionSpec],
    groups: &'a [GroupSpec],
}

struct Builder<'a> {
    catalogue: &'a Catalogue,
    faults: Faults,
    /// Where each name stands first.
    names: BTreeMap<ConditionId, String>,
    conditions: Vec<Condition>,
    groups: Vec<Group>,
}

impl Builder<'_> {
    /// Compiles a group after its parts; gives its index.
    fn group(&mut self, holder: &Holder<'_>, name: Option<ConditionId>, part: Part, depth: usize) -> usize {
        let mut children = Vec::new();
        for (index, spec) in holder.conditions.iter().enumerate() {
            let path = alloc::format!("{}conditions[{index}]", holder.path);
            if let Some(index) = self.condition(spec, &path)
                && let Some(condition) = self.conditions.get(index)
            {
                children.push(Child::Condition { index, part: condition.part });
            }
        }
        for (index, spec) in holder.groups.iter().enumerate() {
            let path = alloc::format!("{}groups[{index}]", holder.path);
            if depth >= MAX_DEPTH {
                self.faults.add(path, Problem::TooDeep { limit: MAX_DEPTH });
                continue;
            }
            let name = self.name(&path, &spec.name);
            let part = self.part(&path, spec.weight, spec.mandatory);
            let inner_path = alloc::format!("{path}.");
            let inner = Holder {
                path: &inner_path,
                combine: spec.combine,
                conditions: &spec.conditions,
                groups: &spec.groups,
            };
            children.push(Child::Group(self.group(&inner, name, part, depth.saturating_add(1))));
        }
        let rule = self.rule(holder);
        let path = holder.path.to_string();
        for child in &children {
            if let Child::Condition { index, .. } = child
                && let Some(condition) = self.conditions.get_mut(*index)
            {
                condition.holder = self.groups.len();
            }
        }
        self.groups.push(Group { name, path, rule, part, children });
        self.groups.len().saturating_sub(1)
    }

    fn name(&mut self, path: &str, name: &str) -> Option<ConditionId> {
        let place = alloc::format!("{path}.name");
        match ConditionId::new(name) {
            Ok(id) => {
                if let Some(first) = self.names.get(&id) {
                    let problem = Problem::DuplicateName { name: name.to_string(), first: first.clone() };
                    self.faults.add(place, problem);
                } else {
                    self.names.insert(id.clone(), place);
                }
                Some(id)
            }
            Err(error) => {
                self.faults.add(place, error);
                None
            }
        }
    }

    fn part(&mut self, path: &str, weight: f64, mandatory: bool) -> Part {
        let weight = self.faults.micros(&alloc::format!("{path}.weight"), weight, 1000);
        Part { weight, mandatory }
    }

    /// The rule of a group, with what its parts make impossible.
    fn rule(&mut self, holder: &Holder<'_>) -> Rule {
        // What is written counts, so that a fault in a part does not show as a fault of the whole as well.
        let weights = holder.conditions.iter().filter(|c| !c.shadow).map(|c| c.weight);
        let weights: Vec<f64> = weights.chain(holder.groups.iter().map(|g| g.weight)).collect();
        let at = |field: &str| alloc::format!("{}{field}", holder.path);
        if weights.is_empty() {
            let path = if holder.path.is_empty() {
                "conditions".into()
            } else {
                holder.path.trim_end_matches('.').to_string()
            };
            self.faults.add(path, Problem::Empty);
            return Rule::All;
        }
        match holder.combine {
            Combine::All => Rule::All,
            Combine::Any => Rule::Any,
            Combine::Not => {
                if weights.len() != 1 {
                    self.faults.add(at("combine"), Problem::NotTakesOne { found: weights.len() });
                }
                Rule::Not
            }
            Combine::AtLeast { k } => {
                let known = usize::try_from(k).ok().filter(|k| (1..=weights.len()).contains(k));
                if known.is_none() {
                    self.faults.add(at("combine.k"), Problem::BadCount { k, parts: weights.len() });
                }
                Rule::AtLeast(known.unwrap_or(1))
            }
            Combine::Weighted { pass, warn, warning_earns } => {
                if weights.iter().all(|w| *w == 0.0) {
                    self.faults.add(at("combine"), Problem::NoWeight);
                }
                self.weighted(holder, pass, warn, warning_earns)
            }
        }
    }

    fn weighted(&mut self, holder: &Holder<'_>, pass: f64, warn: Option<f64>, warning_earns: f64) -> Rule {
        let at = |field: &str| alloc::format!("{}combine.{field}", holder.path);
        let before = self.faults.0.len();
        let rule = Rule::Weighted {
            pass: self.faults.micros(&at("pass"), pass, 100),
            warn: warn.map(|w| self.faults.micros(&at("warn"), w, 100)),
            warning_earns: self.faults.micros(&at("warning_earns"), warning_earns, 1),
        };
        if let Some(value) = warn.filter(|w| *w > pass)
            && self.faults.0.len() == before
        {
            let expected = alloc::format!("a share not above that of `pass`, {pass}");
            self.faults.add(at("warn"), Problem::Inconsistent { value: value.to_string(), expected });
        }
        rule
    }

    fn condition(&mut self, spec: &ConditionSpec, path: &str) -> Option<usize> {
        let before = self.faults.0.len();
        let name = self.name(path, &spec.name);
        let metric = self.metric(path, spec);
        let counted = spec.findings.as_ref().is_some_and(|f| f.what == FindingsMeasure::Count);
        let known = self.catalogue.get(&spec.metric).map(|m| m.unit).or(counted.then_some(Unit::Count));
        let pass = self.predicate(path, "pass", &spec.pass);
        let warn = spec.warn.as_ref().map(|w| self.predicate(path, "warn", w));
        // Where one of the criteria on samples names a unit, both are of it.
        let both = pass.iter().chain(warn.iter().flatten());
        let named = both.filter(|p| p.is_on_samples()).find_map(Predicate::unit);
        let unit = spec.unit.or(named).or(known).unwrap_or(Unit::None);
        let pass = pass.map(|p| Criterion::new(p, unit));
        let warn = warn.map(|w| w.map(|w| Criterion::new(w, unit)));
        let part = self.part(path, spec.weight, spec.mandatory);
        self.same_kind(path, spec, pass.as_ref(), warn.as_ref().and_then(Option::as_ref));
        self.findings(path, spec, pass.as_ref());
        let stable =
            spec.stable.as_ref().map(|s| alloc::boxed::Box::new(self.stable(path, s, unit, pass.as_ref())));
        let recover = stable.as_ref().and_then(|s| s.recover.as_ref());
        let relative = [pass.as_ref(), warn.as_ref().and_then(Option::as_ref), recover];
        let relative = relative.into_iter().flatten().any(|c| c.predicate.is_relative());
        let on_samples = pass.as_ref().is_some_and(|p| p.predicate.is_on_samples());
        let unwritten =
            if on_samples { Some(BaselineSpec::control()) } else { relative.then(BaselineSpec::last) };
        let baseline = self.baseline(path, spec, unwritten);
        let criteria = pass.as_ref().map(|p| (p, warn.as_ref().and_then(Option::as_ref)));
        let samples = criteria.and_then(|c| samples::rule(&mut self.faults, path, spec, c));
        let min_evidence = spec.min_evidence.as_ref().and_then(|e| self.guard(path, e));
        if self.faults.0.len() > before {
            return None;
        }
        let unit_written = spec.unit.is_some() || known.is_some() || pass.as_ref().is_some_and(|p| p.written);
        let pass = pass?;
        let warn = warn.flatten();
        let plain = spec.min_samples.unwrap_or(0) == 0 && min_evidence.is_none() && stable.is_none();
        self.conditions.push(Condition {
            fast: Fast::of(&pass, warn.as_ref()).filter(|_| plain),
            name: name?,
            metric: metric?,
            scope: spec.scope.clone(),
            findings: spec.findings.clone(),
            path: path.to_string(),
            holder: usize::MAX,
            input: 0,
            pass,
            warn,
            unit_written,
            part,
            baseline,
            samples,
            missing: spec.missing,
            when_expected: spec.applies == Applies::WhenExpected,
            min_samples: spec.min_samples.unwrap_or(0),
            min_evidence,
            stable,
            shadow: spec.shadow,
            owner: spec.owner.clone(),
            link: spec.link.clone(),
        });
        Some(self.conditions.len().saturating_sub(1))
    }

    /// The metric, or the name that stands for findings.
    fn metric(&mut self, path: &str, spec: &ConditionSpec) -> Option<MetricId> {
        let text = if spec.findings.is_some() && spec.metric.is_empty() { FINDINGS } else { &spec.metric };
        match MetricId::new(text) {
            Ok(metric) => Some(metric),
            Err(error) => {
                self.faults.add(alloc::format!("{path}.metric"), error);
                None
            }
        }
    }

    /// What does not go together with findings.
    fn findings(&mut self, path: &str, spec: &ConditionSpec, pass: Option<&Criterion>) {
        let Some(findings) = &spec.findings else { return };
        let mut conflict = |field: &str, value: String, expected: &str| {
            let problem = Problem::Inconsistent { value, expected: expected.into() };
            self.faults.add(alloc::format!("{path}.{field}"), problem);
        };
        if !spec.metric.is_empty() {
            conflict("metric", spec.metric.clone(), "a metric or findings, not both");
        }
        if spec.scope != Scope::Overall {
            conflict("scope", spec.scope.to_string(), "a path or `new_only` to narrow findings");
        }
        if let Some(n) = spec.min_samples {
            conflict("min_samples", n.to_string(), "no number of observations for findings");
        }
        if let Missing::LastKnown { .. } = spec.missing {
            conflict("missing", "last_known".into(), "no last known value for findings");
        }
        for (field, text) in [("findings.rule", &findings.rule), ("findings.path", &findings.path)] {
            if text.as_ref().is_some_and(String::is_empty) {
                conflict(field, String::new(), "a text that is not empty");
            }
        }
        let Some(pass) = pass else { return };
        let severity = matches!(pass.predicate.test, Test::Severity { .. });
        let (fits, expected) = match findings.what {
            FindingsMeasure::MaxSeverity => (severity, "a severity, such as `<= minor`"),
            FindingsMeasure::Count => (
                pass.unit == Some(Unit::Count) && !pass.predicate.is_relative(),
                "a number of findings, such as `<= 3`",
            ),
        };
        if !fits {
            conflict("pass", spec.pass.clone(), expected);
        }
    }

    /// What stands for the baseline, where the criteria ask for one: what is written, or else that.
    fn baseline(
        &mut self,
        path: &str,
        spec: &ConditionSpec,
        unwritten: Option<BaselineSpec>,
    ) -> Option<BaselineSpec> {
        let Some(written) = &spec.baseline else { return unwritten };
        let path = alloc::format!("{path}.baseline");
        if unwritten.is_none() {
            let expected =
                "a criterion that names the baseline, such as `<= baseline + 10 %`, or one on samples".into();
            self.faults.add(path, Problem::Inconsistent { value: spec.pass.clone(), expected });
            return None;
        }
        let runs = match &written.from {
            BaselineFrom::Last { k, .. } => {
                self.faults.whole(&alloc::format!("{path}.from.k"), *k, 1, MAX_RUNS)
            }
            BaselineFrom::Run { id } => {
                if id.is_empty() {
                    let problem = ValueError::malformed("run id", id, "the id of a run");
                    self.faults.add(alloc::format!("{path}.from.id"), problem);
                }
                1
            }
            BaselineFrom::Value { .. } | BaselineFrom::Control => 1,
        };
        self.faults.whole(&alloc::format!("{path}.at_least"), written.at_least, 1, runs);
        Some(written.clone())
    }

    fn stable(&mut self, path: &str, spec: &StabilitySpec, unit: Unit, pass: Option<&Criterion>) -> Stable {
        let path = alloc::format!("{path}.stable");
        self.faults.whole(&alloc::format!("{path}.fail_after"), spec.fail_after, 1, 1000);
        self.faults.whole(&alloc::format!("{path}.pass_after"), spec.pass_after, 1, 1000);
        let recover = spec.recover.as_ref().and_then(|text| self.predicate(&path, "recover", text));
        let recover = recover.map(|r| Criterion::new(r, unit));
        if let (Some(pass), Some(recover)) = (pass, &recover)
            && !pass.is_like(recover)
        {
            let value = spec.recover.clone().unwrap_or_default();
            let expected = SAME_KIND.to_string();
            self.faults.add(alloc::format!("{path}.recover"), Problem::Inconsistent { value, expected });
        }
        Stable { spec: spec.clone(), recover }
    }

    fn guard(&mut self, path: &str, evidence: &MinEvidence) -> Option<Guard> {
        match MetricId::new(&evidence.metric) {
            Ok(metric) => Some(Guard {
                metric,
                scope: evidence.scope.clone(),
                input: usize::MAX,
                at_least: evidence.at_least,
            }),
            Err(error) => {
                self.faults.add(alloc::format!("{path}.min_evidence.metric"), error);
                None
            }
        }
    }

    fn predicate(&mut self, path: &str, field: &str, text: &str) -> Option<Predicate> {
        match text.parse() {
            Ok(predicate) => Some(predicate),
            Err(error) => {
                self.faults.add(alloc::format!("{path}.{field}"), error);
                None
            }
        }
    }

    /// Pass and warning of a condition must speak of the same kind of value in the same unit.
    fn same_kind(
        &mut self,
        path: &str,
        spec: &ConditionSpec,
        pass: Option<&Criterion>,
        warn: Option<&Criterion>,
    ) {
        let written = pass.and_then(|p| p.unit);
        if let (Some(unit), Some(wanted)) = (written, spec.unit)
            && unit != wanted
        {
            let expected = alloc::format!("the unit of the condition, {wanted}");
            let problem = Problem::Inconsistent { value: spec.pass.clone(), expected };
            self.faults.add(alloc::format!("{path}.pass"), problem);
        }
        let (Some(pass), Some(warn)) = (pass, warn) else { return };
        if !pass.is_like(warn) {
            let value = spec.warn.clone().unwrap_or_default();
            let expected = SAME_KIND.to_string();
            self.faults.add(alloc::format!("{path}.warn"), Problem::Inconsistent { value, expected });
        }
    }
}
