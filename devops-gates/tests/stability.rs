//! Conditions that do not flap, over a series of verdicts.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests may panic")]

use devops_core::{Measure, Measures, MetricId, Unit};
use devops_gates::{
    ConditionSpec, Evidence, Gate, GateSpec, GateState, Ground, StabilitySpec, Status, Verdict,
};
use proptest::prelude::*;

fn gate(stable: StabilitySpec) -> Gate {
    let condition = ConditionSpec::new("c", "test_coverage", ">= 80").with_warn(">= 70").with_stable(stable);
    Gate::build(GateSpec::new("g").with_condition(condition)).unwrap()
}

fn judge(gate: &Gate, coverage: Option<f64>, state: &GateState) -> Verdict {
    let list =
        coverage.map(|c| Measure::number(MetricId::new("test_coverage").unwrap(), c, Unit::Percent).unwrap());
    let measures = Measures::try_from(list.into_iter().collect::<Vec<_>>()).unwrap();
    let verdict = gate.evaluate(&Evidence::new(&measures).with_state(state));
    assert_eq!(verdict.recomputed(), verdict.status());
    let json = serde_json::to_string(&verdict).unwrap();
    let read: Verdict = serde_json::from_str(&json).unwrap();
    assert_eq!(read, verdict);
    // The state goes through a file.
    assert_eq!(read.state(), verdict.state());
    let text = serde_json::to_string(&verdict.state()).unwrap();
    assert_eq!(serde_json::from_str::<GateState>(&text).unwrap(), verdict.state());
    verdict
}

#[test]
fn rows_and_the_way_back() {
    let gate = gate(StabilitySpec::default().with_fail_after(2).with_pass_after(2).with_recover(">= 85 %"));
    let mut state = GateState::default();
    for (coverage, status, ground, reason) in [
        (
            Some(60.0),
            Status::Warning,
            Ground::NotYetFailed,
            "60 % does not meet >= 80 %: 1 in a row, it fails at 2",
        ),
        (None, Status::Inconclusive, Ground::Missing, "not measured: no measure"),
        (Some(60.0), Status::Failed, Ground::DoesNotHold, "60 % does not meet >= 80 %"),
        (
            Some(82.0),
            Status::Failed,
            Ground::NotYetRecovered,
            "82 % meets >= 80 % but not >= 85 %, by which it recovers from failing",
        ),
        (
            Some(85.0),
            Status::Failed,
            Ground::NotYetRecovered,
            "85 % meets >= 80 %: 1 in a row since it failed, it recovers at 2",
        ),
        (
            Some(84.0),
            Status::Failed,
            Ground::NotYetRecovered,
            "84 % meets >= 80 % but not >= 85 %, by which it recovers from failing",
        ),
        (
            Some(90.0),
            Status::Failed,
            Ground::NotYetRecovered,
            "90 % meets >= 80 %: 1 in a row since it failed, it recovers at 2",
        ),
        (Some(90.0), Status::Passed, Ground::Holds, "90 % meets >= 80 %"),
        (Some(75.0), Status::Warning, Ground::WarningHolds, "75 % meets >= 70 %, not >= 80 %"),
        (
            Some(60.0),
            Status::Warning,
            Ground::NotYetFailed,
            "60 % does not meet >= 80 %: 1 in a row, it fails at 2",
        ),
        (Some(75.0), Status::Warning, Ground::WarningHolds, "75 % meets >= 70 %, not >= 80 %"),
        (
            Some(60.0),
            Status::Warning,
            Ground::NotYetFailed,
            "60 % does not meet >= 80 %: 1 in a row, it fails at 2",
        ),
    ] {
        let verdict = judge(&gate, coverage, &state);
        let condition = verdict.condition("c").unwrap();
        assert_eq!((condition.status(), condition.ground()), (status, ground), "{coverage:?}");
        assert_eq!(condition.reason_text(), reason);
        state = verdict.state();
    }
}

#[test]
fn faults() {
    let condition = ConditionSpec::new("c", "test_coverage", ">= 80").with_stable(
        StabilitySpec::default().with_fail_after(0).with_pass_after(1001).with_recover(">= 8 s"),
    );
    let errors = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "conditions[0].stable.fail_after: `0` is outside 1 to 1000; conditions[0].stable.pass_after: `1001` is outside 1 to 1000; conditions[0].stable.recover: `>= 8 s` does not fit: expected the kind of value and the unit of `pass`"
    );
}

proptest! {
    /// In every state a better measure is never a worse status, and a missing one never a better status.
    #[test]
    fn both_laws_hold_in_every_state(
        fail_after in 1u64..4,
        pass_after in 1u64..4,
        recover in proptest::option::of(80u32..90),
        before in proptest::collection::vec(proptest::option::weighted(0.9, 60u32..100), 0..8),
        low in 60u32..100,
        more in 0u32..30,
    ) {
        let mut stable = StabilitySpec::default().with_fail_after(fail_after).with_pass_after(pass_after);
        stable.recover = recover.map(|r| format!(">= {r}"));
        let gate = gate(stable);
        let mut state = GateState::default();
        for coverage in before {
            state = judge(&gate, coverage.map(f64::from), &state).state();
        }
        let worse = judge(&gate, Some(f64::from(low)), &state).status();
        let better = judge(&gate, Some(f64::from((low + more).min(100))), &state).status();
        prop_assert!(worse <= better);
        let missing = judge(&gate, None, &state).status();
        prop_assert!(missing <= worse.max(Status::Inconclusive));
    }
}
