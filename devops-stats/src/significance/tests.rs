//! Size, power and edges of the significance step.

use super::*;
use crate::rng::Rng;
use alloc::vec;
use proptest::prelude::*;

/// Noise without change: AR(1) normal, its exponential, or Poisson counts.
fn noise(rng: &mut Rng, n: usize, phi: f64, kind: usize) -> Vec<f64> {
    let spread = libm::sqrt(1.0 - phi * phi);
    let mut state = rng.normal();
    (0..n)
        .map(|_| {
            state = phi * state + spread * rng.normal();
            match kind {
                0 => state,
                1 => libm::exp(1.5 * state),
                _ => rng.poisson(3.0).unwrap() as f64,
            }
        })
        .collect()
}

fn false_changes(n: usize, phi: f64, kind: usize, rounds: usize) -> f64 {
    let mut rng = Rng::for_stream(n as u64, kind as u64 * 10 + (phi * 10.0) as u64);
    let options = SignificanceOptions::new();
    let hits = (0..rounds)
        .filter(|_| {
            !significant_changes(&noise(&mut rng, n, phi, kind), &options).unwrap().changes.is_empty()
        })
        .count();
    hits as f64 / rounds as f64
}

#[test]
fn false_changes_stay_at_the_level() {
    for n in [12, 26, 52, 104] {
        for (phi, kind) in [(0.0, 0), (0.3, 0), (0.6, 0), (0.0, 1), (0.6, 1), (0.0, 2)] {
            let rate = false_changes(n, phi, kind, 500);
            // 0.05 and three standard errors of the simulation.
            assert!(rate <= 0.05 + 3.0 * 0.0098, "{n} {phi} {kind}: {rate}");
        }
    }
}

#[test]
fn clear_changes_are_found_in_place() {
    let mut rng = Rng::new(7);
    let options = SignificanceOptions::new();
    let mut found = 0;
    for _ in 0..100 {
        let mut x = noise(&mut rng, 52, 0.0, 0);
        x[18..].iter_mut().for_each(|v| *v += 3.0);
        let changes = significant_changes(&x, &options).unwrap().changes;
        found += usize::from(changes.iter().any(|c| c.index.abs_diff(18) <= 1));
    }
    assert!(found >= 90, "{found}");
}

#[test]
fn several_changes_are_found() {
    let mut rng = Rng::new(8);
    let x: Vec<f64> = (0..90).map(|i| [0.0, 8.0, 3.0][i / 30] + rng.normal()).collect();
    let found = significant_changes(&x, &SignificanceOptions::new()).unwrap();
    let at: Vec<usize> = found.changes.iter().map(|c| c.index).collect();
    assert_eq!(at.len(), 2);
    assert!(at[0].abs_diff(30) <= 1 && at[1].abs_diff(60) <= 2, "{at:?}");
    assert!(found.changes[0].z > 0.0 && found.changes[1].z < 0.0);
}

#[test]
fn residual_sums_agree_with_the_direct_computation() {
    let mut rng = Rng::new(9);
    let scores = noise(&mut rng, 40, 0.5, 0);
    let changes = [7, 20];
    let mut direct = Vec::new();
    for (a, b) in spans(&changes, 40) {
        let m = scores[a..b].iter().sum::<f64>() / (b - a) as f64;
        direct.extend(scores[a..b].iter().map(|v| v - m));
    }
    let r1 = direct.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / direct.iter().map(|d| d * d).sum::<f64>();
    let want = ((40.0 * r1 + 7.0) / 31.0).clamp(0.0, 0.95);
    assert!((Residuals::new(&scores).autocorrelation(&changes) - want).abs() < 1e-12);
}

#[test]
fn inflation_of_white_noise_is_none_and_grows() {
    assert_eq!(inflation(5, 9, 0.0), 1.0);
    assert!((inflation(5, 9, 1e-9) - 1.0).abs() < 1e-6);
    assert!(inflation(20, 20, 0.3) < inflation(20, 20, 0.6));
    let long = inflation(100_000, 100_000, 0.5);
    assert!((long - 3.0).abs() < 0.01, "{long}");
}

#[test]
fn short_equal_and_bad_input() {
    let options = SignificanceOptions::new();
    for x in [vec![], vec![1.0], vec![1.0, 2.0], vec![5.0; 40]] {
        assert_eq!(significant_changes(&x, &options).unwrap().changes, vec![]);
    }
    let step: Vec<f64> = [[0.0; 10], [1.0; 10]].concat();
    assert_eq!(significant_changes(&step, &options).unwrap().changes[0].index, 10);
    assert!(significant_changes(&[f64::NAN], &options).is_err());
    assert!(significant_changes(&[1.0], &options.with_alpha(1.0)).is_err());
    assert!(significant_changes(&[1.0], &options.with_min_segment(1)).is_err());
}

proptest! {
    #[test]
    fn rising_transformations_change_nothing(x in proptest::collection::vec(-5.0..5.0_f64, 0..60)) {
        let options = SignificanceOptions::new();
        let bent: Vec<f64> = x.iter().map(|v| libm::exp(*v)).collect();
        let (a, b) = (significant_changes(&x, &options).unwrap(), significant_changes(&bent, &options).unwrap());
        let at = |f: &SignificantChanges| f.changes.iter().map(|c| (c.index, c.p.to_bits())).collect::<Vec<_>>();
        prop_assert_eq!(at(&a), at(&b));
    }

    #[test]
    fn any_bits_never_panic(
        bits in proptest::collection::vec(any::<u64>(), 0..40), min_segment in 0..9_usize, ties in any::<bool>(),
    ) {
        let x: Vec<f64> =
            bits.iter().map(|&b| if ties { (b % 3) as f64 } else { f64::from_bits(b) }).collect();
        let _ = significant_changes(&x, &SignificanceOptions::new().with_min_segment(min_segment));
    }
}
