//! Random gates and evidence, and a slow evaluator that is obviously right.

#![allow(unreachable_pub, reason = "shared by the tests of this folder")]

use std::collections::BTreeSet;

use devops_core::{Measure, Measures, MetricId, Number, Score, Unit, Value};
use devops_gates::{Applies, Combine, ConditionSpec, GateSpec, GroupSpec, Missing, Status};
use proptest::prelude::*;

/// The metrics of random gates: unit and how many of its steps are used.
pub const METRICS: [(&str, Unit); 5] = [
    ("score_a", Unit::Score),
    ("score_b", Unit::Score),
    ("count", Unit::Count),
    ("cover", Unit::Percent),
    ("plain", Unit::None),
];

/// The one of these of which less is better in one-sided gates.
pub const LESS_IS_BETTER: usize = 2;

pub fn id(text: &str) -> MetricId {
    MetricId::new(text).unwrap()
}

/// What is random about a gate.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Only `>=` and `>`, or `<=` and `<` of the metric of which less is better.
    pub one_sided: bool,
    /// Groups of all kinds but `not`, or those as well.
    pub not: bool,
    /// Whether measures may be skipped.
    pub skip: bool,
    /// Whether there are groups.
    pub groups: bool,
}

fn criterion(shape: Shape) -> BoxedStrategy<String> {
    let at_least = (0u32..=10).prop_map(|n| format!(">= {n}")).boxed();
    let above = (0u32..=9).prop_map(|n| format!("> {n}.5")).boxed();
    if shape.one_sided {
        return prop_oneof![at_least, above].boxed();
    }
    prop_oneof![
        at_least,
        above,
        (0u32..=10).prop_map(|n| format!("<= {n}")),
        (0u32..=10).prop_map(|n| format!("< {n}")),
        (0u32..=10).prop_map(|n| format!("= {n}")),
        (0u32..=10).prop_map(|n| format!("!= {n}")),
        (0u32..=5, 5u32..=10).prop_map(|(a, b)| format!("in [{a}, {b})")),
        (0u32..=5, 5u32..=10).prop_map(|(a, b)| format!("not in ({a}, {b}]")),
        (0u32..=10, 0u32..=10).prop_map(|(a, b)| format!("in {{{a}, {b}}}")),
    ]
    .boxed()
}

fn weight() -> impl Strategy<Value = f64> {
    prop_oneof![Just(1.0), Just(1.0), (0u32..8).prop_map(|n| f64::from(n) / 2.0)]
}

fn condition(shape: Shape) -> impl Strategy<Value = ConditionSpec> {
    let policy = if shape.skip { 0..3usize } else { 0..2usize };
    (
        0..METRICS.len(),
        criterion(shape),
        proptest::option::of(criterion(shape)),
        weight(),
        prop::bool::weighted(0.2),
        policy,
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.1),
    )
        .prop_map(move |(metric, pass, warn, weight, mandatory, missing, expected, shadow)| {
            let (name, unit) = METRICS[metric];
            // Of one metric less is better.
            let turned = |text: String| {
                if shape.one_sided && LESS_IS_BETTER == metric { text.replace('>', "<") } else { text }
            };
            let (pass, warn) = (turned(pass), warn.map(turned));
            let missing = [Missing::Inconclusive, Missing::Fail, Missing::Skip][missing];
            let applies = if expected { Applies::WhenExpected } else { Applies::Always };
            let mut spec = ConditionSpec::new("name", name, pass)
                .with_unit(unit)
                .with_weight(weight)
                .with_mandatory(mandatory)
                .with_missing(missing)
                .with_applies(applies)
                .with_shadow(shadow);
            spec.warn = warn;
            spec
        })
}

fn combine(shape: Shape, parts: usize) -> BoxedStrategy<Combine> {
    let parts = u64::try_from(parts).unwrap();
    let weighted = (0u32..=20, 0u32..=20, prop::bool::ANY, 0u32..=4).prop_map(|(a, b, warn, earns)| {
        let (pass, low) = (f64::from(a.max(b)) * 5.0, f64::from(a.min(b)) * 5.0);
        Combine::Weighted { pass, warn: warn.then_some(low), warning_earns: f64::from(earns) / 4.0 }
    });
    let base = prop_oneof![
        2 => Just(Combine::All),
        1 => Just(Combine::Any),
        1 => (1..=parts).prop_map(|k| Combine::AtLeast { k }),
        4 => weighted,
    ];
    if shape.not && parts == 1 { prop_oneof![base, Just(Combine::Not)].boxed() } else { base.boxed() }
}

/// How many parts have a say.
fn counted(conditions: &[ConditionSpec], groups: &[GroupSpec]) -> usize {
    conditions.iter().filter(|c| !c.shadow).count() + groups.len()
}

fn group(shape: Shape, depth: u32) -> BoxedStrategy<GroupSpec> {
    let conditions = proptest::collection::vec(condition(shape), 1..4);
    let groups = if depth == 0 || !shape.groups {
        Just(Vec::new()).boxed()
    } else {
        proptest::collection::vec(group(shape, depth - 1), 0..3).boxed()
    };
    (conditions, groups, weight(), prop::bool::weighted(0.2))
        .prop_map(|(mut conditions, groups, weight, mandatory)| {
            conditions[0].shadow = false;
            conditions[0].weight += 1.0;
            (conditions, groups, weight, mandatory)
        })
        .prop_flat_map(move |(conditions, groups, weight, mandatory)| {
            combine(shape, counted(&conditions, &groups)).prop_map(move |combine| {
                let mut spec = GroupSpec::new("name", combine).with_weight(weight).with_mandatory(mandatory);
                spec.conditions = conditions.clone();
                spec.groups = groups.clone();
                if combine == Combine::Not {
                    // A veto of what must fail: it counts twice, so its ends tell less than all its ways.
                    spec.conditions.iter_mut().for_each(|c| c.mandatory = false);
                    spec.groups.iter_mut().for_each(|g| g.mandatory = false);
                }
                spec
            })
        })
        .boxed()
}

/// Gives every part a name of its own.
fn name_all(conditions: &mut [ConditionSpec], groups: &mut [GroupSpec], next: &mut u32) {
    for condition in conditions {
        condition.name = format!("c{next}");
        *next += 1;
    }
    for group in groups {
        group.name = format!("g{next}");
        *next += 1;
        name_all(&mut group.conditions, &mut group.groups, next);
    }
}

/// A random gate that can be built.
pub fn gate(shape: Shape) -> impl Strategy<Value = GateSpec> {
    group(shape, 2).prop_map(|root| {
        let mut spec = GateSpec::new("random").with_combine(root.combine);
        spec.conditions = root.conditions;
        spec.groups = root.groups;
        name_all(&mut spec.conditions, &mut spec.groups, &mut 0);
        spec
    })
}

/// The gate over flags, one metric a condition, so that each can be fixed by itself.
pub fn flags(conditions: &mut [ConditionSpec], groups: &mut [GroupSpec]) {
    for condition in conditions {
        condition.metric = condition.name.clone();
        condition.pass = "= \"good\"".into();
        condition.warn = condition.warn.is_some().then(|| "= \"fair\"".into());
        condition.unit = None;
    }
    for group in groups {
        flags(&mut group.conditions, &mut group.groups);
    }
}

/// The names of all conditions, in the order of the document.
pub fn names(conditions: &[ConditionSpec], groups: &[GroupSpec], list: &mut Vec<String>) {
    list.extend(conditions.iter().map(|c| c.name.clone()));
    for group in groups {
        names(&group.conditions, &group.groups, list);
    }
}

/// What is known of each metric: a step from 0 to 20 of a half each, or nothing.
pub type Known = Vec<Option<u32>>;

pub fn known() -> impl Strategy<Value = Known> {
    proptest::collection::vec(proptest::option::weighted(0.85, 0u32..=20), METRICS.len())
}

/// The measure of a metric at so many halves.
pub fn measure(metric: usize, halves: u32) -> Measure {
    let (name, unit) = METRICS[metric];
    match unit {
        Unit::Score => Measure::score(id(name), Score::from_micros(u64::from(halves) * 500_000).unwrap()),
        Unit::Percent => Measure::fraction(id(name), u64::from(halves), 200, unit),
        _ => Measure::new(id(name), Number::new(f64::from(halves) / 2.0).unwrap().into(), unit),
    }
}

pub fn measures(known: &Known) -> Measures {
    let list: Vec<Measure> =
        known.iter().enumerate().filter_map(|(i, halves)| halves.map(|h| measure(i, h))).collect();
    Measures::try_from(list).unwrap()
}

/// The slow evaluator: plain rules over plain numbers, no shared code with the engine. What is inconclusive is
/// turned out in every way, one after the other.
pub struct Reference<'a> {
    pub measures: &'a Measures,
    pub expected: Option<&'a BTreeSet<MetricId>>,
}

/// One way that the open ends turn out: the next bit for each.
struct Way {
    bits: u32,
    used: u32,
}

impl Way {
    fn next(&mut self) -> Status {
        let passed = self.bits >> self.used & 1 == 1;
        self.used += 1;
        if passed { Status::Passed } else { Status::Failed }
    }
}

impl Reference<'_> {
    /// More open ends than this are not turned out.
    pub const MOST: u32 = 7;

    /// `None` where there are too many open ends to look at.
    pub fn gate(&self, spec: &GateSpec) -> Option<Status> {
        let try_out = |bits| {
            let mut way = Way { bits, used: 0 };
            (self.parts(spec.combine, &spec.conditions, &spec.groups, &mut way), way.used)
        };
        let (first, open) = try_out(0);
        let Some(first) = first else { return Some(Status::Inconclusive) };
        if open > Self::MOST {
            return None;
        }
        let same = (0..1 << open).all(|bits| try_out(bits).0 == Some(first));
        // A warning is told only where nothing is open.
        let decided = same && (open == 0 || first != Status::Warning);
        Some(if decided { first } else { Status::Inconclusive })
    }

    /// Halves of the value, from which every criterion of the generator can be read exactly.
    fn halves(value: &Value) -> Option<f64> {
        match value {
            Value::Number { value } => Some(value.get() * 2.0),
            Value::Fraction { part, whole } if *whole > 0 => Some(*part as f64 * 200.0 / *whole as f64),
            _ => None,
        }
    }

    fn holds(text: &str, halves: f64) -> bool {
        let number = |t: &str| t.trim().parse::<f64>().unwrap() * 2.0;
        if let Some(rest) = text.strip_prefix("in {") {
            return rest.trim_end_matches('}').split(',').any(|t| number(t) == halves);
        }
        if let Some(rest) = text.strip_prefix("in [") {
            let (low, high) = rest.trim_end_matches(')').split_once(',').unwrap();
            return number(low) <= halves && halves < number(high);
        }
        if let Some(rest) = text.strip_prefix("not in (") {
            let (low, high) = rest.trim_end_matches(']').split_once(',').unwrap();
            return !(number(low) < halves && halves <= number(high));
        }
        let (sign, rest) = text.split_once(' ').unwrap();
        let limit = number(rest);
        match sign {
            ">=" => halves >= limit,
            ">" => halves > limit,
            "<=" => halves <= limit,
            "<" => halves < limit,
            "=" => halves == limit,
            "!=" => halves != limit,
            _ => unreachable!("{text}"),
        }
    }

    /// `None` where it has no say.
    pub fn condition(&self, spec: &ConditionSpec) -> Option<Status> {
        let metric = id(&spec.metric);
        let value = self.measures.get(&metric, &spec.scope).and_then(|m| Self::halves(m.value()));
        let expected = self.expected.is_none_or(|e| e.contains(&metric));
        let status = match value {
            Some(halves) if Self::holds(&spec.pass, halves) => Status::Passed,
            Some(halves) if spec.warn.as_ref().is_some_and(|w| Self::holds(w, halves)) => Status::Warning,
            Some(_) => Status::Failed,
            None if spec.applies == Applies::WhenExpected && !expected => return None,
            None => match spec.missing {
                Missing::Fail => Status::Failed,
                Missing::Skip => return None,
                _ => Status::Inconclusive,
            },
        };
        (!spec.shadow).then_some(status)
    }

    fn parts(
        &self,
        combine: Combine,
        conditions: &[ConditionSpec],
        groups: &[GroupSpec],
        way: &mut Way,
    ) -> Option<Status> {
        let mut parts: Vec<(Status, f64, bool)> = Vec::new();
        for condition in conditions {
            let status =
                self.condition(condition).map(|s| if s == Status::Inconclusive { way.next() } else { s });
            parts.extend(status.map(|s| (s, condition.weight, condition.mandatory)));
        }
        for group in groups {
            let status = self.parts(group.combine, &group.conditions, &group.groups, way);
            parts.extend(status.map(|s| (s, group.weight, group.mandatory)));
        }
        if parts.is_empty() {
            return None;
        }
        let veto = parts.iter().filter(|p| p.2).map(|p| p.0).min().unwrap_or(Status::Passed);
        let mut statuses: Vec<Status> = parts.iter().map(|p| p.0).collect();
        statuses.sort();
        statuses.reverse();
        let own = match combine {
            Combine::All => *statuses.last().unwrap(),
            Combine::Any => statuses[0],
            Combine::AtLeast { k } => {
                let k = usize::try_from(k).unwrap() - 1;
                statuses.get(k).copied().unwrap_or_else(|| way.next())
            }
            Combine::Not => match statuses[0] {
                Status::Passed => Status::Failed,
                Status::Failed => Status::Passed,
                other => other,
            },
            Combine::Weighted { pass, warn, warning_earns } => {
                let total: f64 = parts.iter().map(|p| p.1).sum();
                if total == 0.0 {
                    way.next()
                } else {
                    Self::weighted(&parts, total, pass, warn, warning_earns)
                }
            }
            _ => unreachable!(),
        };
        Some(own.min(veto))
    }

    /// Weights, shares and earnings of the generator are multiples of powers of two: exact.
    fn weighted(
        parts: &[(Status, f64, bool)],
        total: f64,
        pass: f64,
        warn: Option<f64>,
        earns: f64,
    ) -> Status {
        let earned: f64 = parts
            .iter()
            .map(|(s, w, _)| match s {
                Status::Passed => *w,
                Status::Warning => w * earns,
                _ => 0.0,
            })
            .sum();
        if earned * 100.0 >= pass * total {
            Status::Passed
        } else if warn.is_some_and(|w| earned * 100.0 >= w * total) {
            Status::Warning
        } else {
            Status::Failed
        }
    }
}
