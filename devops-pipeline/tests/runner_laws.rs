//! What holds of running analyzers, whatever they do.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::panic, reason = "tests may panic")]
#![allow(
    clippy::indexing_slicing,
    clippy::unreachable,
    clippy::missing_panics_doc,
    reason = "tests may panic"
)]

mod support;

use std::num::NonZeroU16;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use devops_core::{
    Analysis, Analyzer, AnalyzerError, AnalyzerKind, AnalyzerRun, Cancellation, ChangeSet, Context,
    Descriptor, Measure, MetricId, Outcome, Severity, Unit, analyzer_fn, async_trait,
};
use devops_pipeline::{
    AnalyzerRuns, AnalyzerSet, Event, Retry, RunnerOptions, Timer, observer_fn, run_analyzers,
};
use support::{Actor, Manner, TestTimer, Watch, drive, poll_and_drop, with_findings};

fn set(actors: impl IntoIterator<Item = Actor>) -> AnalyzerSet {
    AnalyzerSet::new(actors.into_iter().map(|a| Arc::new(a) as Arc<dyn Analyzer>)).unwrap()
}

fn run(set: &AnalyzerSet, timer: &TestTimer, options: RunnerOptions<'_>) -> AnalyzerRuns {
    let (change, context) = (ChangeSet::default(), Context::new());
    drive(timer, run_analyzers(set, &change, &context, options)).unwrap()
}

fn shown(runs: &[AnalyzerRun]) -> Vec<String> {
    runs.iter().map(|r| format!("{} {}", r.descriptor.id(), r.outcome)).collect()
}

#[test]
fn nobody_loses_by_what_another_does() {
    let timer = TestTimer::default();
    let style = AnalyzerKind::Style;
    let actors = [
        Actor::new("a-good", style, Manner::Returns(with_findings("r", Severity::Minor, 3)))
            .after(50, &timer),
        Actor::new("b-fails", style, Manner::Fails(AnalyzerError::failed("no rules"))),
        Actor::new("c-build", style, Manner::PanicsWhenBuilt),
        Actor::new("d-poll", style, Manner::PanicsWhenPolled).after(5, &timer),
        Actor::new("e-drop", style, Manner::PanicsWhenDropped),
        Actor::new("f-late", style, Manner::PanicsWhenDroppedLate).limited(20),
        Actor::new("g-never", style, Manner::Never),
        Actor::new("h-slow", style, Manner::Returns(Analysis::new())).after(500, &timer).limited(600),
    ];
    let options = RunnerOptions::new().with_timer(&timer).with_time_limit(Duration::from_millis(100));
    let done = run(&set(actors), &timer, options);
    assert_eq!(
        shown(&done.runs),
        [
            "a-good completed",
            "b-fails failed: no rules",
            "c-build panicked: in build",
            "d-poll panicked: in poll",
            "e-drop panicked: in drop",
            "f-late panicked: in drop",
            "g-never timed out after 100 ms",
            "h-slow completed",
        ]
    );
    assert_eq!(done.runs[0].outcome.analysis().unwrap().findings.len(), 3);
    let took: Vec<u128> = done.durations.iter().map(|(_, took)| took.as_millis()).collect();
    assert_eq!(took, [50, 0, 0, 5, 0, 20, 100, 500]);
}

#[test]
fn what_panicked_is_not_polled_again() {
    let (timer, watch) = (TestTimer::default(), Arc::<Watch>::default());
    let actor = Actor::new("a", AnalyzerKind::Style, Manner::PanicsWhenPolled).watched(&watch);
    let slow = Actor::new("b", AnalyzerKind::Style, Manner::Returns(Analysis::new())).after(9, &timer);
    run(&set([actor, slow]), &timer, RunnerOptions::new().with_timer(&timer));
    assert_eq!(watch.polls.load(Ordering::SeqCst), 1);
    assert_eq!(watch.under_way.load(Ordering::SeqCst), 0);
}

#[test]
fn no_more_are_under_way_than_allowed() {
    for limit in [1_u16, 3, 7] {
        let (timer, watch) = (TestTimer::default(), Arc::<Watch>::default());
        let actors = (0..20).map(|i| {
            let manner = Manner::Returns(Analysis::new());
            Actor::new(&format!("a{i}"), AnalyzerKind::Style, manner)
                .after(10 + i % 4, &timer)
                .watched(&watch)
        });
        let options = RunnerOptions::new().with_concurrency(NonZeroU16::new(limit).unwrap());
        let done = run(&set(actors), &timer, options);
        assert_eq!(done.runs.len(), 20);
        assert_eq!(watch.at_most.load(Ordering::SeqCst), usize::from(limit));
    }
}

#[test]
fn dropping_the_run_leaves_nothing_running() {
    let watch = Arc::<Watch>::default();
    let set =
        set((0..5).map(|i| Actor::new(&format!("a{i}"), AnalyzerKind::Style, Manner::Never).watched(&watch)));
    let (change, context) = (ChangeSet::default(), Context::new());
    poll_and_drop(run_analyzers(&set, &change, &context, RunnerOptions::new()), 1);
    assert_eq!(watch.at_most.load(Ordering::SeqCst), 5);
    assert_eq!(watch.under_way.load(Ordering::SeqCst), 0);
}

#[test]
fn dropping_the_run_keeps_panics_of_drops_in() {
    let set = set(["a", "b"].map(|id| Actor::new(id, AnalyzerKind::Style, Manner::PanicsWhenDroppedLate)));
    let (change, context) = (ChangeSet::default(), Context::new());
    poll_and_drop(run_analyzers(&set, &change, &context, RunnerOptions::new()), 1);
}

#[test]
fn the_flag_ends_those_under_way_and_keeps_the_rest_from_starting() {
    let (timer, watch) = (TestTimer::default(), Arc::<Watch>::default());
    let stop = Cancellation::new();
    let asked = stop.clone();
    let quitter = analyzer_fn("a0", AnalyzerKind::Style, move |_, _| {
        asked.cancel();
        Ok(Analysis::new())
    });
    let mut all: Vec<Arc<dyn Analyzer>> = vec![Arc::new(quitter.unwrap())];
    for i in 1..9 {
        let actor = Actor::new(&format!("a{i}"), AnalyzerKind::Style, Manner::Returns(Analysis::new()));
        all.push(Arc::new(actor.after(10, &timer).watched(&watch)));
    }
    let set = AnalyzerSet::new(all).unwrap();
    let (change, context) = (ChangeSet::default(), Context::new().with_cancellation(stop));
    let options = RunnerOptions::new().with_concurrency(NonZeroU16::new(4).unwrap());
    let done = drive(&timer, run_analyzers(&set, &change, &context, options)).unwrap();
    assert_eq!(done.runs[0].outcome.status(), "completed");
    assert!(done.runs[1..].iter().all(|r| r.outcome == Outcome::Cancelled));
    assert_eq!(watch.under_way.load(Ordering::SeqCst), 0);
    assert!(watch.at_most.load(Ordering::SeqCst) <= 3);
}

#[test]
fn an_observer_hears_all_in_order_and_breaks_nothing() {
    let timer = TestTimer::default();
    let actors = || {
        let manner = || Manner::Returns(Analysis::new());
        [
            Actor::new("slow", AnalyzerKind::Style, manner()).after(10, &timer),
            Actor::new("fast", AnalyzerKind::Style, manner()).after(5, &timer),
            Actor::new("late", AnalyzerKind::Style, Manner::Never).limited(20),
        ]
    };
    let heard = std::sync::Mutex::new(Vec::new());
    let observer = observer_fn(|event| {
        heard.lock().unwrap().push(match event {
            Event::AnalyzerStarted { id } => format!("{id} starts"),
            Event::AnalyzerFinished { id, status, done, total } => format!("{id} {status} {done}/{total}"),
            Event::AnalyzerTimedOut { id, limit_ms } => format!("{id} over {limit_ms}"),
            other => format!("{other:?}"),
        });
    });
    let heeded =
        run(&set(actors()), &timer, RunnerOptions::new().with_timer(&timer).with_observer(&observer));
    assert_eq!(
        *heard.lock().unwrap(),
        [
            "fast starts",
            "late starts",
            "slow starts",
            "fast completed 1/3",
            "slow completed 2/3",
            "late over 20",
            "late timed_out 3/3"
        ]
    );
    let calls = AtomicUsize::new(0);
    let broken = observer_fn(|_| {
        calls.fetch_add(1, Ordering::SeqCst);
        panic!("observer");
    });
    let endured = run(&set(actors()), &timer, RunnerOptions::new().with_timer(&timer).with_observer(&broken));
    assert_eq!(endured.runs, heeded.runs);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn transient_failures_are_tried_again_behind_growing_waits() {
    #[derive(Debug)]
    struct Busy(Descriptor, AtomicUsize, usize);

    #[async_trait]
    impl Analyzer for Busy {
        fn descriptor(&self) -> &Descriptor {
            &self.0
        }

        async fn analyze(&self, _: &ChangeSet, _: &Context) -> Result<Analysis, AnalyzerError> {
            let before = self.1.fetch_add(1, Ordering::SeqCst);
            if before < self.2 { Err(AnalyzerError::transient("busy")) } else { Ok(Analysis::new()) }
        }
    }

    for (failures, expected, waited) in [(2, "a completed", 300), (9, "a failed: busy", 300)] {
        let timer = TestTimer::default();
        let busy = Busy(Descriptor::new("a", AnalyzerKind::Style).unwrap(), AtomicUsize::new(0), failures);
        let set = AnalyzerSet::new([Arc::new(busy) as Arc<dyn Analyzer>]).unwrap();
        let retry = Retry { attempts: 3, back_off_ms: 100 };
        let done = run(&set, &timer, RunnerOptions::new().with_timer(&timer).with_retry(retry));
        assert_eq!(shown(&done.runs), [expected]);
        assert_eq!(timer.now(), Duration::from_millis(waited));
    }
}

#[test]
fn without_a_timer_limits_are_not_kept_and_the_report_says_so() {
    let timer = TestTimer::default();
    let slow = Actor::new("a", AnalyzerKind::Style, Manner::Returns(Analysis::new())).after(50, &timer);
    let done = run(&set([slow.clone().limited(10)]), &timer, RunnerOptions::new());
    assert_eq!(shown(&done.runs), ["a completed"]);
    assert_eq!(done.notes[0].id(), "note.no_timer");
    assert!(run(&set([slow]), &timer, RunnerOptions::new()).notes.is_empty());
}

#[test]
fn a_timer_that_panics_ends_only_what_it_was_to_limit() {
    let broken = devops_pipeline::timer_fn(
        || panic!("no clock"),
        |_| -> std::future::Ready<()> { panic!("no clock") },
    );
    let timer = TestTimer::default();
    let ready = Actor::new("a", AnalyzerKind::Style, Manner::Returns(Analysis::new())).limited(9);
    let waits = Actor::new("b", AnalyzerKind::Style, Manner::Never).limited(9);
    let done = run(&set([ready, waits]), &timer, RunnerOptions::new().with_timer(&broken));
    assert_eq!(shown(&done.runs), ["a completed", "b panicked: the timer panicked: no clock"]);
    assert!(done.durations.is_empty());
}

#[test]
fn each_has_a_work_budget_of_its_own() {
    let spender = |id| {
        let run = |_: &ChangeSet, context: &Context| context.spend(10).map(|()| Analysis::new());
        Arc::new(analyzer_fn(id, AnalyzerKind::Style, run).unwrap()) as Arc<dyn Analyzer>
    };
    let set = AnalyzerSet::new(["a", "b", "c"].map(spender)).unwrap();
    let (change, context) = (ChangeSet::default(), Context::new().with_work_budget(10));
    let done = futures::executor::block_on(run_analyzers(&set, &change, &context, RunnerOptions::new()));
    assert!(done.runs.iter().all(|r| r.outcome.status() == "completed"));
}

#[test]
fn what_two_measure_is_told() {
    let size = |bytes| {
        let id = MetricId::new("bundle_size").unwrap();
        Analysis::new().with_measure(Measure::number(id, bytes, Unit::Bytes).unwrap())
    };
    let timer = TestTimer::default();
    let one = Actor::new("one", AnalyzerKind::Style, Manner::Returns(size(1.0))).after(9, &timer);
    let two = Actor::new("two", AnalyzerKind::Style, Manner::Returns(size(2.0)));
    let done = run(&set([one, two]), &timer, RunnerOptions::new());
    assert_eq!(
        done.conflicts[0].to_string(),
        "metric `bundle_size` (overall) is measured by one (1), two (2)"
    );
    let by = done.runs[0].outcome.analysis().unwrap().measures[0].provenance().unwrap();
    assert_eq!(by.analyzer.as_str(), "one");
}

#[test]
fn a_million_findings_are_one_analyzers_business() {
    let timer = TestTimer::default();
    let count = if cfg!(debug_assertions) { 200_000 } else { 1_000_000 };
    let flood =
        analyzer_fn("flood", AnalyzerKind::Style, move |_, _| Ok(with_findings("r", Severity::Info, count)));
    let other = Actor::new("other", AnalyzerKind::Style, Manner::Returns(Analysis::new()));
    let set = AnalyzerSet::new([Arc::new(flood.unwrap()) as Arc<dyn Analyzer>, Arc::new(other)]).unwrap();
    let done = run(&set, &timer, RunnerOptions::new());
    assert_eq!(shown(&done.runs), ["flood completed", "other completed"]);
    let found = done.runs[0].outcome.analysis().unwrap().findings.len();
    assert_eq!(u32::try_from(found).unwrap(), count);
}

#[test]
fn descriptors_that_panic_are_found_when_built() {
    #[derive(Debug)]
    struct Nameless;

    #[async_trait]
    impl Analyzer for Nameless {
        fn descriptor(&self) -> &Descriptor {
            panic!("who am I?")
        }

        async fn analyze(&self, _: &ChangeSet, _: &Context) -> Result<Analysis, AnalyzerError> {
            Ok(Analysis::new())
        }
    }

    let error = AnalyzerSet::new([Arc::new(Nameless) as Arc<dyn Analyzer>]).unwrap_err();
    assert_eq!(error.to_string(), "analyzer 1 panicked when asked for its descriptor: who am I?");
}
