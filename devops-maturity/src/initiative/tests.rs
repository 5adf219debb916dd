//! The shipped library, phases, and every fault.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::{Measure, Measures, MetricId, Unit};

use super::{
    InitiativeSpec, Library, LibrarySpec, OnlyBelow, PhaseNeed, PhaseSpec, Prerequisite, five_dimensions,
    phase_states, phase_weeks,
};
use crate::{Fraction, models};

#[test]
fn the_shipped_library_fits_its_model_and_is_whole() {
    let (library, model) = (five_dimensions(), models::five_dimensions());
    library.check(&model).unwrap();
    for dimension in ["collaboration", "automation", "ci_cd", "monitoring", "feedback"] {
        assert!(library.initiatives().iter().filter(|i| i.dimension == dimension).count() >= 6);
    }
    for initiative in library.initiatives() {
        assert!(!initiative.needs.is_empty() && !initiative.raises.is_empty(), "{}", initiative.id);
        assert!(!initiative.success_patterns.is_empty() && !initiative.anti_patterns.is_empty());
        assert!(initiative.duration.min < initiative.duration.max);
        let phases = library.phases().iter().filter(|p| p.initiatives.contains(&initiative.id)).count();
        assert_eq!(phases, 1, "{} belongs to one phase", initiative.id);
        // Each criterion says no more than the initiative can do from nothing behind what it requires.
        for criterion in &initiative.done_when {
            let item = model.item(criterion.criterion.metric().as_str()).unwrap();
            assert_eq!(item.unit(), Some(criterion.criterion.unit()), "{}", initiative.id);
            assert!(initiative.raises.iter().any(|r| r.item == item.id().as_str()), "{}", initiative.id);
        }
    }
    // Every item can be raised to at least 0.6, so that most targets are within reach.
    for item in model.items() {
        let mut raises: Vec<(f64, f64)> = library
            .initiatives()
            .iter()
            .flat_map(|i| &i.raises)
            .filter(|r| r.item == item.id().as_str())
            .map(|r| (r.up_to, r.by))
            .collect();
        raises.sort_by(|a, b| a.0.total_cmp(&b.0));
        let reached = raises.iter().fold(0.0, |credit, (up_to, by)| {
            let next: f64 = credit + by;
            if next > *up_to { *up_to } else { next }
        });
        assert!(reached > 0.59, "{} only gets to {reached}", item.id());
    }
}

#[test]
fn libraries_survive_json() {
    let library = five_dimensions();
    let json = serde_json::to_string(&library).unwrap();
    assert_eq!(serde_json::from_str::<Library>(&json).unwrap(), library);
    let text = json.replacen("\"format\":1", "\"format\":2", 1);
    let refused = serde_json::from_str::<Library>(&text).unwrap_err().to_string();
    assert!(refused.starts_with("format `2` is not known: expected 1"), "{refused}");
}

fn measures(list: &[(&str, f64, Unit)]) -> Measures {
    let measure = |(id, value, unit): &(&str, f64, Unit)| {
        Measure::number(MetricId::new(id).unwrap(), *value, *unit).unwrap()
    };
    Measures::try_from(list.iter().map(measure).collect::<Vec<_>>()).unwrap()
}

#[test]
fn a_skipped_phase_is_evidence_for_the_next() {
    let library = five_dimensions();
    let states = |automation: u64, now: &Measures| {
        phase_states(&library, |_| Some(Fraction::of(automation, 1)), now, &Measures::new())
    };
    // Above the classic score, with one criterion measured.
    let some = measures(&[("automated_deployments", 72.0, Unit::Percent)]);
    let found = states(6, &some);
    assert_eq!(phase_weeks(&found), 48.0);
    assert_eq!(found[0].need, PhaseNeed::AboveScore { reason: "automation is 6.00, from 5 on".into() });
    let Prerequisite::Evidence { phase, shown_by, open } = &found[1].prerequisites[0] else { panic!() };
    assert_eq!(phase, "foundation");
    assert_eq!(
        shown_by,
        &["automation is 6.00, from 5 on", "automated_deployments >= 60 % over 30 d (met: 72 %)"]
            .map(String::from)
    );
    assert_eq!(open.len(), 2);
    assert_eq!(open[0], "code_checks_passed >= 90 % over 30 d (not measured: no measure)");
    // A measure that says no counts more than a score.
    let low = measures(&[("automated_deployments", 40.0, Unit::Percent)]);
    let found = states(6, &low);
    assert_eq!(phase_weeks(&found), 56.0);
    assert_eq!(
        found[0].need,
        PhaseNeed::Needed { reason: "automated_deployments >= 60 % over 30 d is not met: 40 %".into() }
    );
    assert_eq!(found[1].prerequisites, [Prerequisite::Phase { phase: "foundation".into() }]);
    // All criteria met: done, whatever the score.
    let all = measures(&[
        ("automated_deployments", 60.0, Unit::Percent),
        ("code_checks_passed", 90.0, Unit::Percent),
        ("automated_monitoring_coverage", 60.0, Unit::Percent),
    ]);
    assert_eq!(states(1, &all)[0].need, PhaseNeed::Done);
    assert_eq!(
        states(4, &Measures::new())[0].need,
        PhaseNeed::Needed { reason: "automation is 4.00, below 5".into() }
    );
}

#[test]
fn a_baseline_is_needed_where_one_is_meant() {
    let library = five_dimensions();
    let halved = &library.phases()[1].done_when[2];
    assert_eq!(halved.to_string(), "time_to_recovery <= 50 % of the baseline over 90 d");
    let hours = |n| measures(&[("time_to_recovery", n, Unit::Hours)]);
    assert_eq!(halved.check(&hours(2.0), &hours(4.0)).to_string(), "met: 2 h, baseline 4 h");
    assert_eq!(halved.check(&hours(2.0), &Measures::new()).to_string(), "not measured: no baseline");
    assert_eq!(
        halved.check(&hours(2.0), &hours(0.0)).to_string(),
        "not measured: the baseline is 0 h, which nothing is a share of"
    );
    let minutes = measures(&[("time_to_recovery", 2.0, Unit::Minutes)]);
    assert_eq!(
        halved.check(&minutes, &hours(4.0)).to_string(),
        "not measured: measured in minutes, expected in hours"
    );
}

#[test]
fn every_fault_has_its_message() {
    let base = || LibrarySpec::new("l", "1", "five_dimensions").with_role("ops", "Operations");
    let one = |id: &str| {
        InitiativeSpec::new(id, "T", "monitoring", (1.0, 2.0, 3.0)).with_raise("slo_coverage", 0.5, 1.0)
    };
    let phase = PhaseSpec {
        requires: Vec::from(["none".into()]),
        initiatives: Vec::from(["b".into()]),
        only_below: Some(OnlyBelow::new("fun", 3.0)),
        ..PhaseSpec::new("p", "P", -1.0)
    };
    for (spec, message) in [
        (LibrarySpec { format: 3, ..base() }, "format `3` is not known: expected 1"),
        (
            base().with_initiative(one("a")).with_initiative(one("a")),
            "initiative `a` is there twice: ids are expected once",
        ),
        (base().with_role("ops", "Again"), "role `ops` is there twice: ids are expected once"),
        (
            base().with_initiative(one("a").with_raise("x", 0.0, 1.5)),
            "rise of `x` by initiative `a` is `0`: expected above 0, at most 1; end of the rise of `x` by initiative \
             `a` is `1.5`: expected above 0, at most 1",
        ),
        (
            base().with_initiative(one("a")).with_phase(phase.clone()),
            "weeks of phase `p` is `-1`: expected 0 to 1000000; phase `p` refers to initiative `b`, which is not \
             there; phase `p` refers to phase `none`, which is not there",
        ),
        (
            base().with_initiative(one("a").after(&["b"])).with_initiative(one("b").after(&["a"])),
            "activities wait for each other in a circle: `a` after `b` after `a`",
        ),
    ] {
        assert_eq!(Library::build(spec).unwrap_err().to_string(), message);
    }
    let phase = PhaseSpec { initiatives: Vec::new(), requires: Vec::new(), weeks: 1.0, ..phase };
    let strange = InitiativeSpec::new("a", "T", "fun", (1.0, 2.0, 3.0)).with_raise("jokes", 0.5, 1.0);
    let library = Library::build(base().with_initiative(strange).with_phase(phase)).unwrap();
    assert_eq!(
        library.check(&models::five_dimensions()).unwrap_err().to_string(),
        "initiative `a` refers to dimension `fun`, which is not there; initiative `a` refers to item `jokes`, which is \
         not there; phase `p` refers to dimension `fun`, which is not there"
    );
}
