//! Gates of 4 and of 50 conditions beside general engines on the same decision, each with its input already built and its
//! rules already compiled. All conditions hold, so that nobody can stop early; the gate makes its whole trace, the engines
//! answer yes.

use std::collections::HashMap;
use std::hint::black_box;

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, RestrictedExpression};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use devops_core::{Measure, Measures, MetricId, Number, Unit};
use devops_gates::{ConditionSpec, Evidence, Gate, GateSpec, Slot, Status};
use zen_expression::variable::Variable;
use zen_expression::vm::VM;

fn name(index: usize) -> String {
    format!("metric_{index:03}")
}

/// Values from 80 on; with a failing one the decision is no.
fn values(n: usize, passes: bool) -> Vec<u32> {
    (0..n).map(|i| if i + 1 == n && !passes { 79 } else { 80 + u32::try_from(i).unwrap() }).collect()
}

fn conditions(n: usize, before: &str, threshold: &str, between: &str) -> String {
    (0..n).map(|i| format!("{before}{} >= {threshold}", name(i))).collect::<Vec<_>>().join(between)
}

fn json(values: &[u32]) -> serde_json::Value {
    values.iter().enumerate().map(|(i, value)| (name(i), (*value).into())).collect::<serde_json::Map<_, _>>().into()
}

/// A closure that decides once; made for an input that passes and for one that does not, to see that it decides.
type Decide = Box<dyn FnMut() -> bool>;

fn gate(n: usize) -> Gate {
    let condition = |i: usize| ConditionSpec::new(format!("c{i:03}"), name(i), ">= 80").with_unit(Unit::Count);
    Gate::build((0..n).fold(GateSpec::new("peers"), |spec, i| spec.with_condition(condition(i)))).unwrap()
}

fn measures(values: &[u32]) -> Measures {
    let measure = |(i, value): (usize, &u32)| {
        Measure::new(MetricId::new(&name(i)).unwrap(), Number::from(*value).into(), Unit::Count)
    };
    Measures::try_from(values.iter().enumerate().map(measure).collect::<Vec<_>>()).unwrap()
}

fn indexed(n: usize, values: &[u32]) -> Decide {
    let (gate, measures): (_, &'static Measures) = (gate(n), Box::leak(Box::new(measures(values))));
    let slots: Vec<Slot<'static>> = measures.iter().map(Slot::Measured).collect();
    Box::new(move || black_box(gate.evaluate_indexed(black_box(&slots))).status() == Status::Passed)
}

fn by_name(n: usize, values: &[u32]) -> Decide {
    let (gate, measures) = (gate(n), measures(values));
    Box::new(move || black_box(gate.evaluate(&Evidence::new(black_box(&measures)))).status() == Status::Passed)
}

fn zen(n: usize, values: &[u32]) -> Decide {
    let expression = zen_expression::compile_expression(&conditions(n, "", "80", " and ")).unwrap();
    let (context, mut vm) = (Variable::from(json(values)), VM::new());
    Box::new(move || {
        let answer = expression.evaluate_with(black_box(&context).clone(), &mut vm).unwrap();
        matches!(answer, Variable::Bool(true))
    })
}

fn cel(n: usize, values: &[u32]) -> Decide {
    let program = cel::Program::compile(&conditions(n, "", "80.0", " && ")).unwrap();
    let mut context = cel::Context::default();
    for (i, value) in values.iter().enumerate() {
        context.add_variable_from_value(name(i), f64::from(*value));
    }
    Box::new(move || program.execute(black_box(&context)).unwrap() == cel::Value::Bool(true))
}

fn cedar(n: usize, values: &[u32]) -> Decide {
    let policy = format!("permit(principal, action, resource) when {{ {} }};", conditions(n, "context.", "80", " && "));
    let policies: PolicySet = policy.parse().unwrap();
    let pairs = values.iter().enumerate().map(|(i, v)| (name(i), RestrictedExpression::new_long((*v).into())));
    let context = Context::from_pairs(pairs.collect::<HashMap<_, _>>()).unwrap();
    let uid = |text: &str| text.parse::<EntityUid>().unwrap();
    let (principal, action, resource) = (uid("User::\"ci\""), uid("Action::\"ship\""), uid("Service::\"checkout\""));
    let request = Request::new(principal, action, resource, context, None).unwrap();
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    Box::new(move || {
        authorizer.is_authorized(black_box(&request), &policies, &entities).decision() == Decision::Allow
    })
}

fn rego(n: usize, values: &[u32]) -> Decide {
    let mut engine = regorus::Engine::new();
    let body = conditions(n, "    input.", "80", "\n");
    let policy = format!("package gate\nimport rego.v1\ndefault pass := false\npass if {{\n{body}\n}}\n");
    engine.add_policy("gate.rego".into(), policy).unwrap();
    let compiled = engine.compile_with_entrypoint(&"data.gate.pass".into()).unwrap();
    let input = regorus::Value::from_json_str(&json(values).to_string()).unwrap();
    Box::new(move || compiled.eval_with_input(black_box(&input).clone()).unwrap() == regorus::Value::Bool(true))
}

fn decisions(c: &mut Criterion) {
    type Engine = fn(usize, &[u32]) -> Decide;
    const ENGINES: [(&str, Engine); 6] = [
        ("devops-gates, indexed, with trace", indexed),
        ("devops-gates, by name, with trace", by_name),
        ("zen-expression", zen),
        ("cel", cel),
        ("cedar-policy", cedar),
        ("regorus", rego),
    ];
    let mut group = c.benchmark_group("peers");
    for n in [4, 50] {
        for (engine, decide) in ENGINES {
            assert!(!decide(n, &values(n, false))(), "{engine}");
            let mut decide = decide(n, &values(n, true));
            assert!(decide(), "{engine}");
            group.bench_function(BenchmarkId::new(engine, n), |b| b.iter(&mut decide));
        }
    }
    group.finish();
}

criterion_group!(benches, decisions);
criterion_main!(benches);
