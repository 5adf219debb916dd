//! Did it help? Verdicts, progress and guardrails, case by case.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::panic,
    reason = "tests may panic"
)]

use std::collections::BTreeMap;

use devops_core::{GoodDirection, MetricId, Number, Timestamp, Unit, metric};
use devops_metrics::calendar::Window;
use devops_metrics::improvement::{
    Baseline, CardValue, Control, Guardrail, GuardrailStatus, ImprovementVerdict, Library, Margin,
    MetricCard, Observation, Obstacle, OpportunityPolicy, Proposal, Sample, StageShares, Verdict,
    VerdictPolicy, judge, opportunities, progress, propose,
};
use devops_metrics::trend::{Series, TrendPolicy, assess};
use proptest::prelude::*;

const FAILURES: &str = metric::CHANGE_FAILURE_RATE;

fn at(day: i64) -> Timestamp {
    Timestamp::from_millis(day * 86_400_000).unwrap()
}

fn days(from: i64, to: i64) -> Window {
    Window::new(at(from), at(to)).unwrap()
}

/// Triggered by days 0 to 30, without guardrails.
fn proposal() -> Proposal {
    let value = CardValue::Share { part: 30, whole: 100 };
    let id = MetricId::new(FAILURES).unwrap();
    let card = MetricCard::new(id, Unit::Percent, GoodDirection::Down, value).with_window(days(0, 30));
    let library = Library::standard();
    let report = opportunities(&[card], &StageShares::new(), &library, &OpportunityPolicy::recommended());
    propose(&report.unwrap().opportunities[0], &library).unwrap().with_guardrails([])
}

fn failures(window: Window, part: u64, whole: u64) -> Observation {
    Observation::new(
        MetricId::new(FAILURES).unwrap(),
        Unit::Percent,
        window,
        Sample::share(part, whole).unwrap(),
    )
}

fn of(name: &str, window: Window, sample: Sample) -> Observation {
    Observation::new(MetricId::new(name).unwrap(), Unit::Percent, window, sample)
}

fn told(before: Observation, after: Observation, controls: &[Control]) -> ImprovementVerdict {
    let baseline = Baseline { observations: vec![before] };
    judge(&proposal(), &baseline, &[after], controls, &VerdictPolicy::default()).unwrap()
}

#[test]
fn the_four_verdicts() {
    for (before, after, verdict) in [
        ((60, 200), (12, 200), Verdict::Improved),
        ((12, 200), (60, 200), Verdict::Worsened),
        ((30, 200), (28, 200), Verdict::NoEvidence),
        ((5, 15), (1, 15), Verdict::Inconclusive),
    ] {
        let verdicts =
            told(failures(days(30, 90), before.0, before.1), failures(days(120, 180), after.0, after.1), &[]);
        assert_eq!(verdicts.verdict, verdict);
        let json = serde_json::to_string(&verdicts).unwrap();
        assert_eq!(serde_json::from_str::<ImprovementVerdict>(&json).unwrap(), verdicts);
    }
}

#[test]
fn what_triggered_it_is_never_part_of_the_baseline() {
    let stale = told(failures(days(29, 90), 60, 200), failures(days(120, 180), 12, 200), &[]);
    assert_eq!(stale.verdict, Verdict::Inconclusive);
    assert_eq!(stale.metrics[0].obstacle, Some(Obstacle::StaleBaseline {}));
    assert!(stale.to_string().contains("gets better by itself"), "{stale}");

    let control = |alike| {
        let (before, after) = (failures(days(0, 30), 60, 200), failures(days(120, 180), 58, 200));
        [Control::new("other team", vec![before], vec![after]).with_chosen_alike(alike)]
    };
    let stale = || (failures(days(0, 30), 60, 200), failures(days(120, 180), 12, 200));
    assert_eq!(told(stale().0, stale().1, &control(false)).verdict, Verdict::Inconclusive);
    assert_eq!(told(stale().0, stale().1, &control(true)).verdict, Verdict::Improved);
    // Right up to the window is fresh.
    let fresh = told(failures(days(30, 90), 60, 200), failures(days(120, 180), 12, 200), &[]);
    assert_eq!(fresh.verdict, Verdict::Improved);
}

#[test]
fn what_changed_for_everybody_is_no_improvement() {
    let control = Control::new(
        "other team",
        vec![failures(days(30, 90), 60, 200)],
        vec![failures(days(120, 180), 12, 200)],
    );
    let both = told(failures(days(30, 90), 60, 200), failures(days(120, 180), 12, 200), &[control]);
    assert_eq!((both.verdict, both.controls), (Verdict::NoEvidence, 1));
    let unknown = Control::new("third team", Vec::new(), Vec::new());
    let none = told(failures(days(30, 90), 60, 200), failures(days(120, 180), 12, 200), &[unknown]);
    assert_eq!(none.metrics[0].obstacle, Some(Obstacle::Control { name: "third team".into() }));
}

#[test]
fn why_it_cannot_be_told() {
    let before = || failures(days(30, 90), 60, 200);
    let after = || failures(days(120, 180), 12, 200);
    let judged = |before: Vec<Observation>, after: Vec<Observation>| {
        let baseline = Baseline { observations: before };
        judge(&proposal(), &baseline, &after, &[], &VerdictPolicy::default())
            .map(|v| v.metrics[0].obstacle.clone())
    };
    let few = failures(days(30, 90), 3, 11);
    let defined = after().with_definition("dora_2025/1");
    for (before, after, obstacle) in [
        (vec![], vec![after()], Obstacle::NotMeasuredBefore {}),
        (vec![before()], vec![], Obstacle::NotMeasuredAfter {}),
        (vec![before()], vec![defined], Obstacle::OtherDefinition {}),
        (vec![few], vec![after()], Obstacle::TooFew { still_needed: 9 }),
    ] {
        assert_eq!(judged(before, after).unwrap(), Some(obstacle));
    }
    let share = Sample::share(12, 200).unwrap();
    let ratio = Observation::new(MetricId::new(FAILURES).unwrap(), Unit::Ratio, days(120, 180), share);
    let durations = of(FAILURES, days(120, 180), Sample::durations([1.0], []).unwrap());
    let early = failures(days(89, 180), 12, 200);
    for (before, after, message) in [
        (
            vec![before()],
            vec![ratio],
            "`change_failure_rate` is in `ratio`, must be in a unit that converts to `percent`",
        ),
        (
            vec![before()],
            vec![durations],
            "`change_failure_rate` was sampled as share before and as durations after, must be sampled alike",
        ),
        (
            vec![before()],
            vec![early],
            "`after` is `1970-03-31T00:00:00Z`, must be at or after the end of the baseline, \
             `1970-04-01T00:00:00Z`",
        ),
        (
            vec![before(), before()],
            vec![after()],
            "`observations` is `change_failure_rate`, must be there once",
        ),
    ] {
        assert_eq!(judged(before, after).unwrap_err().to_string(), message);
    }
}

#[test]
fn guardrails_are_told_beside_the_verdict() {
    let lead = |window, hours: f64| {
        let sample = Sample::durations((0..40).map(|i| hours + f64::from(i % 7)), []).unwrap();
        Observation::new(MetricId::new(metric::CHANGE_LEAD_TIME).unwrap(), Unit::Hours, window, sample)
    };
    let margin = Margin::Percent { percent: Number::from(25) };
    let rail = Guardrail::new(
        MetricId::new(metric::CHANGE_LEAD_TIME).unwrap(),
        Unit::Hours,
        GoodDirection::Down,
        margin,
    );
    let guarded = proposal().with_guardrails([rail]);
    for (hours, status) in [(21.0, GuardrailStatus::Kept), (60.0, GuardrailStatus::Broken)] {
        let baseline =
            Baseline { observations: vec![failures(days(30, 90), 60, 200), lead(days(30, 90), 20.0)] };
        let after = [failures(days(120, 180), 12, 200), lead(days(120, 180), hours)];
        let verdict = judge(&guarded, &baseline, &after, &[], &VerdictPolicy::default()).unwrap();
        assert_eq!((verdict.verdict, verdict.guardrails[0].status), (Verdict::Improved, status));
        assert!(verdict.to_string().ends_with(&format!("guardrail change lead time {status}")), "{verdict}");
        assert!(verdict.to_markdown().contains("| change_lead_time |"));
    }
}

#[test]
fn several_metrics_share_the_level() {
    // Each alone is at p of about 0.03; three together are not enough.
    let mut proposal = proposal();
    for name in ["second", "third"] {
        let like = proposal.success[0].clone();
        let id = MetricId::new(name).unwrap();
        let more = devops_core::Criterion::new(id, like.comparison(), like.value(), like.unit());
        proposal = proposal.with_success(more);
    }
    let sides = |window, part| -> Vec<Observation> {
        [FAILURES, "second", "third"].map(|name| of(name, window, Sample::share(part, 200).unwrap())).to_vec()
    };
    let (before, after) = (sides(days(30, 90), 40), sides(days(120, 180), 23));
    let all =
        judge(&proposal, &Baseline { observations: before.clone() }, &after, &[], &VerdictPolicy::default());
    assert_eq!(all.unwrap().verdict, Verdict::NoEvidence);
    let one =
        judge(&proposal, &Baseline { observations: before }, &after[..1], &[], &VerdictPolicy::default());
    assert_eq!(one.unwrap().verdict, Verdict::Improved);
}

#[test]
fn progress_says_how_far_and_what_now() {
    let baseline = Baseline { observations: vec![failures(days(30, 90), 60, 200)] };
    let weeks = (0..20).map(|w| (at(120 + 7 * w), 40 - 2 * w as u64, 200));
    let policy = TrendPolicy::new(GoodDirection::Down).with_target(5.0).unwrap().with_horizon(8);
    let trend = assess(&Series::proportions(weeks), &policy).unwrap();
    let trends = BTreeMap::from([(MetricId::new(FAILURES).unwrap(), trend)]);
    let now = progress(&proposal(), &baseline, &[failures(days(120, 180), 30, 200)], &trends).unwrap();
    assert_eq!((now.met, now.total), (0, 2));
    let first = &now.success[0];
    assert_eq!((first.met, first.way), (Some(false), Some(0.6)));
    let interval = first.way_interval.unwrap();
    assert!(interval.low > 0.1 && interval.high < 1.1, "{interval:?}");
    assert_eq!(now.advice.len(), 2);
    let text = now.to_markdown();
    for part in ["60 % (", "change_failure_rate", "Measure test_coverage"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let done =
        progress(&proposal(), &baseline, &[failures(days(120, 180), 5, 200)], &BTreeMap::new()).unwrap();
    assert_eq!((done.met, done.success[0].met), (1, Some(true)));
    let nothing = progress(&proposal(), &baseline, &[], &BTreeMap::new()).unwrap();
    assert_eq!((nothing.success[0].met, nothing.success[0].way), (None, None));
}

proptest! {
    #[test]
    fn order_of_observations_does_not_matter(
        mut before in prop::collection::vec(0.0f64..1e6, 8..40),
        mut after in prop::collection::vec(0.0f64..1e6, 8..40),
        turn in 0usize..8,
    ) {
        let observed = |window, values: &[f64]| {
            of(FAILURES, window, Sample::durations(values.iter().copied(), []).unwrap())
        };
        let json = |before: &[f64], after: &[f64]| {
            let told = told(observed(days(30, 90), before), observed(days(120, 180), after), &[]);
            serde_json::to_string(&told).unwrap()
        };
        let first = json(&before, &after);
        before.rotate_left(turn);
        after.reverse();
        prop_assert_eq!(json(&before, &after), first);
    }

    #[test]
    fn any_samples_give_a_verdict_or_a_typed_error(
        part in 0u64..50, rest in 0u64..50, events in prop::collection::vec((0u64..9, 0.001f64..1e9), 1..20),
        ended in prop::collection::vec(prop_oneof![Just(0.0), Just(f64::MAX), 0.0f64..10.0], 0..20),
        open in prop::collection::vec(0.0f64..10.0, 0..5),
    ) {
        let samples = [
            Sample::share(part, part + rest).unwrap(),
            Sample::counts(events).unwrap(),
            Sample::durations(ended, open).unwrap(),
        ];
        for before in &samples {
            for after in &samples {
                let before = of(FAILURES, days(30, 90), before.clone());
                let after = of(FAILURES, days(120, 180), after.clone());
                let baseline = Baseline { observations: vec![before] };
                if let Ok(verdict) = judge(&proposal(), &baseline, &[after], &[], &VerdictPolicy::default()) {
                    let text = serde_json::to_string(&verdict).unwrap();
                    prop_assert!(!text.contains("null,\"interval\":{"), "{}", text);
                    prop_assert_eq!(serde_json::from_str::<ImprovementVerdict>(&text).unwrap(), verdict);
                }
            }
        }
    }
}
