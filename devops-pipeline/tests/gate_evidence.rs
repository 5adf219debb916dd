//! The gate of a pipeline sees findings, and what the caller puts beside them.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests may panic")]

use devops_core::{
    Analysis, AnalyzerKind, ChangeSet, Context, Finding, JobId, Measure, Measures, MetricId, PipelineJob,
    RuleId, Severity, Unit, analyzer_fn,
};
use devops_gates::judge::sampled;
use devops_gates::{
    BaselineSpec, ConditionSpec, FindingsSpec, GateSpec, StabilitySpec, Status, Waiver, Waivers, WaiversSpec,
};
use devops_pipeline::{
    GateEvidence, Pipeline, PipelinePolicy, PipelineReport, PolicySpec, TestReport, test_fn,
};

/// A change with one major finding and latencies of about 130 ms.
fn run(gate: GateSpec, context: &Context) -> PipelineReport {
    let style = analyzer_fn("style", AnalyzerKind::Style, |_change, _context| {
        Ok(Analysis::new().with_finding(Finding::new(RuleId::new("tabs")?, Severity::Major, "a tab")))
    })
    .unwrap();
    let measure = latencies(130.0);
    let mut policy = PolicySpec::default();
    policy.gate = gate;
    let pipeline = Pipeline::builder()
        .analyzer(style)
        .test_runner(test_fn(&["latency"], move |_input| {
            Ok(TestReport::new(3, 0, 0).with_measure(measure.clone()))
        }))
        .policy(PipelinePolicy::new(policy).unwrap())
        .build()
        .unwrap();
    let job = PipelineJob::new(JobId::new("build 7").unwrap());
    futures::executor::block_on(pipeline.run(&job, &ChangeSet::default(), context))
}

fn latencies(around: f64) -> Measure {
    let values: Vec<f64> = (0..30).map(|i| around + f64::from(i * 7 % 11)).collect();
    sampled(MetricId::new("latency").unwrap(), Unit::Milliseconds, &values).unwrap()
}

fn status(gate: GateSpec, context: &Context) -> Status {
    run(gate, context).verdict().unwrap().status()
}

fn no_majors() -> GateSpec {
    let major = FindingsSpec::count().with_min_severity(Severity::Major);
    GateSpec::new("g").with_condition(ConditionSpec::on_findings("no_majors", major, "= 0"))
}

#[test]
fn conditions_on_findings_see_those_of_the_run() {
    let report = run(no_majors(), &Context::new());
    assert_eq!(
        report.verdict().unwrap().to_string().split(": ").last(),
        Some("1 does not meet = 0; of findings, major or worse")
    );
    assert_eq!(report.verdict().unwrap().status(), Status::Failed);
}

#[test]
fn waivers_count_where_the_time_is_told() {
    let now = "2026-11-25T00:00:00Z".parse().unwrap();
    let expires = "2026-12-01T00:00:00Z".parse().unwrap();
    let waiver = Waiver::of_condition("W-1", "no_majors", "being reworked", ("team-shop", "ada"), expires);
    let waivers = Waivers::build(WaiversSpec::default().with_waiver(waiver)).unwrap();
    let given = GateEvidence::new().with_waivers(waivers.clone(), now);
    assert_eq!(status(no_majors(), &Context::new().with_extension(given)), Status::Warning);
    let mut timeless = GateEvidence::new();
    timeless.waivers = Some(waivers);
    assert_eq!(status(no_majors(), &Context::new().with_extension(timeless)), Status::Failed);
}

#[test]
fn samples_are_held_against_the_control() {
    let gate =
        || GateSpec::new("g").with_condition(ConditionSpec::new("no_slower", "latency", "no increase"));
    for (around, expected) in [(130.0, Status::Passed), (100.0, Status::Failed)] {
        let control = Measures::try_from(vec![latencies(around)]).unwrap();
        let context = Context::new().with_extension(GateEvidence::new().with_control(control));
        assert_eq!(status(gate(), &context), expected);
    }
    assert_eq!(status(gate(), &Context::new()), Status::Inconclusive);
}

#[test]
fn the_state_goes_from_run_to_run() {
    let fast = ConditionSpec::new("fast", "latency", "<= baseline")
        .with_unit(Unit::Milliseconds)
        .with_baseline(BaselineSpec::value("100".parse().unwrap()))
        .with_stable(StabilitySpec::default().with_fail_after(2));
    let gate = || GateSpec::new("g").with_condition(fast.clone());
    let first = run(gate(), &Context::new());
    assert_eq!(first.verdict().unwrap().status(), Status::Warning);
    let given = GateEvidence::new().with_state(first.verdict().unwrap().state());
    assert_eq!(status(gate(), &Context::new().with_extension(given)), Status::Failed);
}
