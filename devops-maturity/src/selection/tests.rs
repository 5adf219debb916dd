//! The exact choice against all sets, laws, and every refusal.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::{Candidate, Goal, Part, Selection, SelectionSpec, Wish, select, select_fitting};

fn specs(n: usize) -> impl Strategy<Value = SelectionSpec> {
    let raise = (0usize..6, 1u32..=10, 0u32..=14);
    let candidate = (1u32..=12, proptest::collection::vec(raise, 0..3), any::<u64>());
    let part = (1u32..=10, 0u32..=5, 0u32..=5);
    (
        any::<bool>(),
        0u32..=40,
        (0u32..=20, 0u32..=20),
        proptest::collection::vec(part, 6),
        proptest::collection::vec(candidate, 1..=n),
    )
        .prop_map(|(reach, budget, needs, parts, candidates)| {
            let tenths = |n: u32| f64::from(n) / 10.0;
            let wish = if reach { Wish::Reach } else { Wish::Most };
            let mut spec = SelectionSpec::new(wish)
                .with_budget(f64::from(budget))
                .with_goal(Goal::new("a", 1.0).with_needed(tenths(needs.0)))
                .with_goal(Goal::new("b", 0.5).with_needed(tenths(needs.1)));
            for (i, (room, a, b)) in parts.into_iter().enumerate() {
                let part = Part::new(format!("p{i}"), tenths(room));
                spec = spec.with_part(part.with_worth("a", f64::from(a)).with_worth("b", f64::from(b)));
            }
            for (i, (effort, raises, links)) in candidates.into_iter().enumerate() {
                let own = Candidate::new(format!("c{i:02}"), f64::from(effort));
                let own = raises.into_iter().fold(own, |c, (p, by, up_to)| match up_to {
                    0..=10 => c.with_raise(format!("p{p}"), tenths(by)),
                    _ => c.with_raise_up_to(format!("p{p}"), tenths(by), tenths(up_to - 6)),
                });
                let links = (0..i).filter(|j| links >> j & 7 == 7);
                spec = spec.with_candidate(links.fold(own, |c, j| c.with_requirement(format!("c{j:02}"))));
            }
            spec
        })
}

/// Effort, value and whether the goals are reached, of every closed set: in tenths and hundredths.
fn all_sets(spec: &SelectionSpec) -> Vec<(f64, f64, bool)> {
    let n = spec.candidates.len();
    let has = |set: u32, id: &str| {
        spec.candidates.iter().position(|c| c.id == id).is_some_and(|i| set >> i & 1 == 1)
    };
    let closed = |set: u32| {
        spec.candidates.iter().filter(|c| has(set, &c.id)).all(|c| c.requires.iter().all(|r| has(set, r)))
    };
    (0..1_u32 << n)
        .filter(|set| closed(*set))
        .map(|set| {
            let own: Vec<&Candidate> = spec.candidates.iter().filter(|c| has(set, &c.id)).collect();
            let points = |goal: &str| -> f64 {
                let part = |p: &Part| {
                    let raises = own.iter().flat_map(|c| &c.raises).filter(|r| r.part == p.id);
                    let mut ends: Vec<(f64, f64)> =
                        raises.map(|r| (r.up_to.unwrap_or(f64::INFINITY), r.by)).collect();
                    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
                    let rise =
                        |now: f64, (end, by): (f64, f64)| if now < end { end.min(now + by) } else { now };
                    let raised = ends.into_iter().fold(0.0, rise);
                    let worth: f64 = p.worth.iter().filter(|w| w.goal == goal).map(|w| w.points).sum();
                    if raised < p.room { raised * worth } else { p.room * worth }
                };
                spec.parts.iter().map(part).sum()
            };
            let goals: Vec<(f64, f64, f64)> =
                spec.goals.iter().map(|g| (g.weight, g.needed.unwrap(), points(&g.id))).collect();
            let value = goals.iter().map(|(w, n, p)| w * if p < n { *p } else { *n }).sum();
            let reached = goals.iter().all(|(_, n, p)| *p >= n - 1e-9);
            (own.iter().map(|c| c.effort).sum(), value, reached)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn the_choice_is_the_best_of_all_sets(spec in specs(9)) {
        let sets = all_sets(&spec);
        let budget = spec.budget.unwrap();
        match (spec.wish, select(&spec)) {
            (Wish::Reach, Ok(found)) => {
                let least = sets.iter().filter(|s| s.2).map(|s| s.0).min_by(f64::total_cmp).unwrap();
                prop_assert_eq!((found.effort, found.bound, found.exact), (least, least, true));
            }
            (Wish::Reach, Err(refused)) => {
                let least = sets.iter().filter(|s| s.2).map(|s| s.0).min_by(f64::total_cmp);
                prop_assert!(least.is_none_or(|least| least > budget), "{}", refused);
                if let Some(least) = least {
                    prop_assert_eq!(
                        refused.to_string(),
                        format!("budget `{budget}` is too small: {least} is needed for all goals")
                    );
                }
            }
            (Wish::Most, found) => {
                let most = sets.iter().filter(|s| s.0 <= budget).map(|s| s.1).max_by(f64::total_cmp).unwrap();
                let value = found.map_or(0.0, |found| {
                    assert!(found.exact && found.effort <= budget);
                    found.value
                });
                prop_assert!((value - most).abs() < 1e-6, "{} {}", value, most);
            }
        }
    }

    #[test]
    fn the_order_changes_nothing(spec in specs(9), seed: u64) {
        let mut shuffled = spec.clone();
        let mut rng = devops_stats::rng::Rng::new(seed);
        rng.shuffle(&mut shuffled.candidates);
        rng.shuffle(&mut shuffled.parts);
        rng.shuffle(&mut shuffled.goals);
        prop_assert_eq!(select(&spec), select(&shuffled));
    }
}

/// Sixty candidates on thirty parts.
fn large(wish: Wish) -> SelectionSpec {
    let spec = (0..30_u32).fold(SelectionSpec::new(wish), |spec, i| {
        spec.with_part(Part::new(format!("p{i}"), 1.0).with_worth("g", f64::from(i * 7 % 11 + 1)))
    });
    (0..60_u32).fold(spec.with_goal(Goal::new("g", 1.0).with_needed(120.0)), |spec, i| {
        let candidate = Candidate::new(format!("c{i:02}"), f64::from(i * 13 % 17 + 3))
            .with_raise(format!("p{}", i % 30), 0.4 + f64::from(i % 3) / 5.0)
            .with_raise(format!("p{}", i * 11 % 30), 0.3);
        spec.with_candidate(if i % 5 == 4 {
            candidate.with_requirement(format!("c{:02}", i - 3))
        } else {
            candidate
        })
    })
}

#[test]
fn large_sets_come_with_a_bound() {
    let within = |found: &Selection, ratio: f64| {
        assert!(found.chosen.len() > 5 && !found.exact, "{found:?}");
        assert!(ratio < 1.6, "{found:?}");
    };
    let least = select(&large(Wish::Reach)).unwrap();
    assert!(least.goals[0].gained >= 120.0 && least.bound <= least.effort);
    within(&least, least.effort / least.bound);
    let most = select(&large(Wish::Most).with_budget(150.0)).unwrap();
    assert!(most.effort <= 150.0 && most.value <= most.bound);
    within(&most, most.bound / most.value);
}

#[test]
fn a_date_is_kept_and_may_be_impossible() {
    let spec = large(Wish::Reach);
    let refused = select_fitting(&spec, |set| set.len() < 4).unwrap_err();
    assert_eq!(refused.to_string(), "no choice that reaches the target fits the given date");
    let most = select_fitting(&SelectionSpec { wish: Wish::Most, ..spec }, |set| set.len() < 4).unwrap();
    assert_eq!(most.chosen.len(), 3);
}

#[test]
fn a_met_target_needs_nothing() {
    let spec = SelectionSpec::new(Wish::Reach)
        .with_goal(Goal::new("g", 1.0).with_needed(0.0))
        .with_candidate(Candidate::new("c", 1.0));
    let found = select(&spec).unwrap();
    assert_eq!((found.chosen, found.effort, found.exact), (Vec::<String>::new(), 0.0, true));
}

#[test]
fn every_refusal_has_its_message() {
    let part = Part::new("p", 0.5).with_worth("g", 4.0);
    let base = |wish| {
        SelectionSpec::new(wish)
            .with_goal(Goal::new("g", 1.0).with_needed(3.0))
            .with_part(part.clone())
            .with_candidate(Candidate::new("c", 8.0).with_raise("p", 1.0))
    };
    let circle = SelectionSpec::new(Wish::Most)
        .with_candidate(Candidate::new("a", 1.0).with_requirement("b"))
        .with_candidate(Candidate::new("b", f64::NAN).with_requirement("a").with_raise("x", 1.0))
        .with_candidate(Candidate::new("b", 1.0));
    for (spec, message) in [
        (
            base(Wish::Reach),
            "target cannot be reached: g needs 3 more points, all candidates together give 2",
        ),
        (base(Wish::Most).with_budget(7.5), "budget `7.5` is too small: 8 is needed for the cheapest step"),
        (
            circle,
            "candidate `b` is there twice: ids are expected once; effort of candidate `b` is `NaN`: expected a number \
             from 0 to 1000000; candidate `b` refers to part `x`, which is not there",
        ),
        (
            SelectionSpec::new(Wish::Most)
                .with_candidate(Candidate::new("a", 1.0).with_requirement("b"))
                .with_candidate(Candidate::new("b", 1.0).with_requirement("a")),
            "candidates require each other in a circle: `a` requires `b` requires `a`",
        ),
        (
            base(Wish::Most).with_candidate(Candidate::new("d", 1.0).with_requirement("nothing")),
            "candidate `d` refers to candidate `nothing`, which is not there",
        ),
        (
            (0..2_001)
                .fold(base(Wish::Most), |spec, i| spec.with_candidate(Candidate::new(format!("{i}"), 1.0))),
            "too many candidates: `2002`, expected at most 2000",
        ),
    ] {
        assert_eq!(select(&spec).unwrap_err().to_string(), message);
    }
}
