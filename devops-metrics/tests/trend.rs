//! What `assess` must do on whole series.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::float_cmp,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::cast_possible_wrap,
    reason = "tests may panic and compare exactly"
)]

use devops_core::{GoodDirection, Timestamp, Unit};
use devops_metrics::stats::rng::Rng;
use devops_metrics::trend::{
    Direction, FalseDiscovery, Practical, Reason, Series, Shape, SmallestEffect, Step, TestMethod,
    TrendPolicy, TrendReport, Warning, assess, assess_many,
};
use proptest::prelude::*;

const WEEK: i64 = 604_800_000;

fn week(i: usize) -> Timestamp {
    "2025-01-06T00:00:00Z".parse::<Timestamp>().unwrap().checked_add_millis(i as i64 * WEEK).unwrap()
}

fn values(ys: &[f64]) -> Series {
    Series::values(ys.iter().enumerate().map(|(i, y)| (week(i), Some(*y)))).in_unit(Unit::Hours)
}

fn down() -> TrendPolicy {
    TrendPolicy::new(GoodDirection::Down)
}

fn noise(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = Rng::new(seed);
    (0..n).map(|_| rng.normal()).collect()
}

#[test]
fn a_falling_line_improves_and_reaches_its_target() {
    let ys: Vec<f64> = noise(52, 1).iter().enumerate().map(|(i, z)| 60.0 - 0.5 * i as f64 + z).collect();
    let policy = down().with_target(33.0).unwrap().with_horizon(12);
    let report = assess(&values(&ys).named("lead time"), &policy).unwrap();
    assert_eq!(report.direction, Direction::Improving);
    assert_eq!(report.shape, Shape::Line);
    assert!(report.changes.is_empty());
    let effect = report.effect.unwrap();
    assert!(effect.interval.unwrap().contains(-0.5), "{effect:?}");
    assert_eq!(report.forecast.as_ref().unwrap().periods.len(), 12);
    assert!(report.target.as_ref().unwrap().expected.is_some());
    assert_eq!(report.step, Step::WEEK);
    assert!(report.to_string().contains("improving"));
    assert!(report.paragraph().contains("Forecast"));
    assert!(report.to_markdown().contains("| 2025-01-06 |"));
}

#[test]
fn a_step_is_told_as_a_change() {
    let ys: Vec<f64> =
        noise(52, 2).iter().enumerate().map(|(i, z)| if i < 26 { 40.0 } else { 48.0 } + z).collect();
    let report = assess(&values(&ys), &down()).unwrap();
    assert_eq!(report.direction, Direction::Worsening);
    assert_eq!(report.shape, Shape::Steps);
    assert_eq!(report.changes.len(), 1);
    assert_eq!(report.changes[0].time, week(26));
    assert!((report.changes[0].difference - 8.0).abs() < 1.0);
}

#[test]
fn too_little_is_no_verdict() {
    for n in 0..8 {
        let report = assess(&values(&noise(n, 3)), &down()).unwrap();
        assert_eq!(report.direction, Direction::NotEnoughData);
        assert_eq!(report.reason, Reason::TooFew { needed: 8, got: n });
    }
}

#[test]
fn steady_series_are_stable_only_when_a_smallest_effect_is_named() {
    let ys: Vec<f64> = noise(52, 4).iter().map(|z| 50.0 + 0.1 * z).collect();
    assert_eq!(assess(&values(&ys), &down()).unwrap().direction, Direction::NoEvidence);
    let policy = down().with_smallest_effect(SmallestEffect::Percent { per_period: 0.5 }).unwrap();
    let report = assess(&values(&ys), &policy).unwrap();
    assert_eq!(report.direction, Direction::Stable);
    assert_eq!(report.practical, Practical::Negligible);
    let constant = assess(&values(&[5.0; 20]), &policy).unwrap();
    assert_eq!((constant.direction, constant.reason), (Direction::Stable, Reason::Constant));
}

#[test]
fn each_kind_has_its_test() {
    let counts = Series::counts((0..30).map(|i| (week(i), 2 + (i as u64) / 3 + (i as u64 * 7) % 3, 1.0)));
    let report = assess(&counts, &TrendPolicy::new(GoodDirection::Up)).unwrap();
    assert_eq!(report.test.unwrap().method, TestMethod::QuasiPoisson);
    assert_eq!(report.direction, Direction::Improving);
    let shares =
        Series::proportions((0..30).map(|i| (week(i), 15 - (i as u64) / 3 + (i as u64 * 5) % 3, 50)));
    let report = assess(&shares, &down()).unwrap();
    assert_eq!(report.test.unwrap().method, TestMethod::CochranArmitage);
    assert_eq!((report.direction, report.unit), (Direction::Improving, Unit::Percent));
    let cases = (0..20).flat_map(|i| {
        (0..6).map(move |k| (week(i), (40 - i) as f64 * (1.0 + 0.1 * ((i * 3 + k * 5) % 7) as f64), k != 5))
    });
    let report = assess(&Series::censored(cases), &down()).unwrap();
    assert_eq!(report.test.unwrap().method, TestMethod::MediansAndLogRank);
    assert_eq!(report.direction, Direction::Improving);
    let empty = Series::counts((0..20).map(|i| (week(i), u64::from(i == 19), 1.0)));
    assert!(assess(&empty, &down()).unwrap().warnings.contains(&Warning::RanksUsed));
}

#[test]
fn gaps_keep_their_place_and_too_many_forbid_a_verdict() {
    let rows = (0..20).map(|i| (week(i * 3), Some(100.0 - i as f64)));
    let report = assess(&Series::values(rows).every(Step::WEEK), &down()).unwrap();
    assert_eq!(report.reason, Reason::TooManyGaps { gaps: 38 });
    assert!((report.effect.unwrap().per_period + 1.0 / 3.0).abs() < 1e-9);
}

#[test]
fn a_season_is_taken_out() {
    let ys: Vec<f64> = noise(70, 6)
        .iter()
        .enumerate()
        .map(|(i, z)| 30.0 + if i % 7 > 4 { -12.0 } else { 0.0 } + z)
        .collect();
    let day = |i: usize| Timestamp::from_millis(i as i64 * 86_400_000).unwrap();
    let series = Series::values(ys.iter().enumerate().map(|(i, y)| (day(i), Some(*y))));
    let report = assess(&series, &down().with_season(7).unwrap()).unwrap();
    assert!(report.season.unwrap().removed);
    assert_eq!(report.direction, Direction::NoEvidence);
}

#[test]
fn many_services_lose_their_false_verdicts() {
    let fleet: Vec<Series> = (0..60).map(|s| values(&noise(30, 100 + s)).named(format!("s{s}"))).collect();
    let mut fleet = fleet;
    let falling: Vec<f64> = noise(60, 7).iter().enumerate().map(|(i, z)| z - i as f64).collect();
    fleet.push(values(&falling).named("falling"));
    for correction in [FalseDiscovery::BenjaminiHochberg, FalseDiscovery::BenjaminiYekutieli] {
        let report = assess_many(&fleet, &down(), correction).unwrap();
        let last = report.services.last().unwrap();
        assert_eq!(report.moving, 1, "{} {:?}", last.q, last.report.autocorrelation);
        assert_eq!(report.services.last().unwrap().report.direction, Direction::Improving);
    }
}

#[test]
fn noise_keeps_its_level() {
    let mut false_verdicts = 0;
    for seed in 0..300 {
        let ys = noise(26, 1000 + seed);
        let found = assess(&values(&ys), &down()).unwrap();
        false_verdicts += usize::from(found.direction != Direction::NoEvidence);
    }
    assert!(false_verdicts <= 24, "{false_verdicts} of 300");
}

#[test]
fn the_report_survives_json() {
    let policy = down().with_target(0.0).unwrap().with_horizon(5);
    let report = assess(&values(&noise(30, 9)), &policy).unwrap();
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(json, serde_json::to_string(&assess(&values(&noise(30, 9)), &policy).unwrap()).unwrap());
    assert!(serde_json::from_str::<TrendReport>(&json).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bits_are_a_report_or_an_error(
        bits in prop::collection::vec((0_i64..400, any::<u64>()), 0..40),
        horizon in 0_usize..8,
    ) {
        let at = |t: i64| Timestamp::from_millis(t * WEEK).unwrap();
        let policy = down().with_target(1.0).unwrap().with_horizon(horizon);
        let any_value = bits.iter().map(|(t, b)| (at(*t), Some(f64::from_bits(*b))));
        let finite = bits.iter().map(|(t, b)| (at(*t), Some(f64::from_bits(*b)).filter(|v| v.abs() < 1e299)));
        let counts = bits.iter().map(|(t, b)| (at(*t), *b % 50, 1.0 + (*b % 7) as f64));
        let shares = bits.iter().map(|(t, b)| (at(*t), *b % 5, 4 + *b % 9));
        let cases = bits.iter().map(|(t, b)| (at(*t), (*b % 1000) as f64, *b % 3 == 0));
        for series in [
            Series::values(any_value),
            Series::values(finite).every(Step::WEEK),
            Series::counts(counts),
            Series::proportions(shares),
            Series::censored(cases),
        ] {
            if let Ok(report) = assess(&series, &policy.clone().with_season(4).unwrap()) {
                let _ = (report.to_string(), report.paragraph(), report.to_markdown());
            }
        }
    }

    #[test]
    fn order_and_start_do_not_matter(seed in 0_u64..1000, shift in -500_i64..500) {
        let mut rng = Rng::new(seed);
        let rows: Vec<(Timestamp, Option<f64>)> =
            (0..30).map(|i| (week(i / 2), Some((rng.normal() * 8.0).round()))).collect();
        let mut mixed = rows.clone();
        rng.shuffle(&mut mixed);
        let a = assess(&Series::values(rows.clone()), &down()).unwrap();
        prop_assert_eq!(&a, &assess(&Series::values(mixed), &down()).unwrap());
        let moved = rows.iter().map(|(t, v)| (t.checked_add_millis(shift * WEEK).unwrap(), *v));
        let b = assess(&Series::values(moved), &down()).unwrap();
        prop_assert_eq!((a.direction, a.test, a.effect), (b.direction, b.test, b.effect));
    }

    #[test]
    fn scaling_the_unit_scales_the_effect(seed in 0_u64..1000) {
        let ys = noise(26, seed);
        let scaled: Vec<f64> = ys.iter().map(|y| 4.0 * y).collect();
        let (a, b) = (assess(&values(&ys), &down()).unwrap(), assess(&values(&scaled), &down()).unwrap());
        prop_assert_eq!(4.0 * a.effect.unwrap().per_period, b.effect.unwrap().per_period);
        prop_assert_eq!((a.direction, a.test), (b.direction, b.test));
    }
}
