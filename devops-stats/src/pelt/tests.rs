//! The fast engines against plain optimal partitioning (Jackson et al. 2005).

use super::*;
use crate::rng::Rng;
use proptest::prelude::*;

/// Every candidate tried at every step; O(n²).
fn optimal_partitioning<C: SegmentCost>(costs: &C, penalty: f64, min_segment: usize) -> f64 {
    let n = costs.len();
    let mut best = vec![f64::INFINITY; n + 1];
    best[0] = -penalty;
    for t in 1..=n {
        for tau in 0..t {
            if t - tau >= min_segment || tau == 0 && t == n {
                best[t] = f64::min(best[t], best[tau] + costs.cost(tau, t) + penalty);
            }
        }
    }
    best[n]
}

fn objective<C: SegmentCost>(costs: &C, changes: &[usize], penalty: f64) -> f64 {
    spans(changes, costs.len()).map(|(a, b)| costs.cost(a, b)).sum::<f64>() + penalty * changes.len() as f64
}

fn same(found: f64, want: f64) {
    assert!((found - want).abs() <= 1e-9 * (1.0 + want.abs()), "{found} {want}");
}

/// Series of the shapes that matter: noise, steps, ties, trends, spikes.
fn series(rng: &mut Rng, n: usize) -> Vec<f64> {
    let kind = rng.below(6);
    let mut level = 0.0;
    (0..n)
        .map(|i| {
            if rng.below(9) == 0 {
                level = 5.0 * rng.normal();
            }
            match kind {
                0 => rng.normal(),
                1 => level + rng.normal(),
                2 => rng.below(3) as f64,
                3 => i as f64 * 0.3 + rng.normal(),
                4 => libm::exp(2.0 * rng.normal()),
                _ => level,
            }
        })
        .collect()
}

#[test]
fn both_prunings_are_optimal_on_thousands_of_series() {
    let mut rng = Rng::new(1);
    for round in 0..3000 {
        let n = 1 + rng.index(60);
        let x = series(&mut rng, n);
        let min_segment = 1 + rng.index(6);
        let penalty = [0.0, 0.05, 1.0, 5.0, 20.0][rng.index(5)];
        let costs = L2Cost::new(&x);
        let want = optimal_partitioning(&costs, penalty, min_segment);
        for changes in [inequality(&costs, penalty, min_segment), functional(&costs, penalty, min_segment)] {
            same(objective(&costs, &changes, penalty), want);
            assert!(changes.is_empty() || spans(&changes, n).all(|(a, b)| b - a >= min_segment), "{round}");
        }
    }
}

#[test]
fn prunings_agree_on_longer_series() {
    let mut rng = Rng::new(2);
    for _ in 0..40 {
        let x = series(&mut rng, 1500);
        let costs = L2Cost::new(&x);
        for (penalty, min_segment) in [(20.0, 1), (3.0, 7)] {
            let a = inequality(&costs, penalty, min_segment);
            let b = functional(&costs, penalty, min_segment);
            same(objective(&costs, &a, penalty), objective(&costs, &b, penalty));
        }
    }
}

#[test]
fn likelihood_costs_are_optimal() {
    let mut rng = Rng::new(3);
    for _ in 0..1000 {
        let n = 1 + rng.index(40);
        let (min_segment, penalty) = (1 + rng.index(5), [0.1, 3.0, 10.0][rng.index(3)]);
        let options = SegmentOptions::new().with_penalty(penalty).with_min_segment(min_segment);
        let counts: Vec<u64> = (0..n).map(|_| rng.below(4) * rng.below(9)).collect();
        let exposure: Vec<f64> = (0..n).map(|_| 0.5 + rng.next_f64()).collect();
        let found = pelt_poisson(&counts, Some(&exposure), &options).unwrap();
        let costs = PoissonCost::new(&counts, &exposure);
        same(found.objective, optimal_partitioning(&costs, penalty, min_segment));

        let trials: Vec<u64> = counts.iter().map(|&c| c + rng.below(6)).collect();
        let found = pelt_binomial(&counts, &trials, &options).unwrap();
        let costs = BinomialCost::new(&counts, &trials);
        same(found.objective, optimal_partitioning(&costs, penalty, min_segment));
    }
}

#[test]
fn edges() {
    let options = SegmentOptions::new();
    assert!(pelt_l2(&[], &options).is_err());
    assert_eq!(pelt_l2(&[3.0], &options).unwrap().changes, [0_usize; 0]);
    assert_eq!(pelt_l2(&[0.1; 50], &options).unwrap().changes, [0_usize; 0]);
    assert_eq!(pelt_l2(&[0.1; 50], &options).unwrap().objective, 0.0);
    assert!(pelt_l2(&[1.0, 2.0], &options.with_min_segment(0)).is_err());
    assert!(pelt_l2(&[1.0, 2.0], &options.with_penalty(-1.0)).is_err());
    assert!(pelt_l2(&[1.0, 2.0], &options.with_penalty(f64::NAN)).is_err());
    assert_eq!(
        pelt_l2(&[1.0, 9.0, 1.0], &options.with_min_segment(usize::MAX)).unwrap().changes,
        [0_usize; 0]
    );
    assert!(pelt_poisson(&[1, 2], Some(&[1.0]), &options).is_err());
    assert!(pelt_poisson(&[1, 2], Some(&[1.0, 0.0]), &options).is_err());
    assert!(pelt_binomial(&[3], &[2], &options).is_err());
    assert!(pelt_l2(&[1e200, -1e200, 1e200, -1e200], &options).is_err());
}

#[test]
fn offsets_and_scales_do_no_harm() {
    let mut rng = Rng::new(4);
    let x: Vec<f64> = (0..60).map(|i| f64::from(i / 20 % 2) * 20.0 + 0.5 * rng.normal()).collect();
    let plain = pelt_l2(&x, &SegmentOptions::new()).unwrap();
    assert!(plain.changes.contains(&20) && plain.changes.contains(&40));
    let moved: Vec<f64> = x.iter().map(|v| v + 1e9).collect();
    assert_eq!(pelt_l2(&moved, &SegmentOptions::new()).unwrap().changes, plain.changes);
    for scale in [1e-150, 1e-300, 1e140] {
        let scaled: Vec<f64> = x.iter().map(|v| v * scale).collect();
        assert_eq!(pelt_l2(&scaled, &SegmentOptions::new()).unwrap().changes, plain.changes, "{scale}");
    }
}

#[test]
fn a_step_among_equal_values_is_found() {
    let mut x = vec![2.0; 20];
    x.extend([5.0; 20]);
    assert_eq!(pelt_l2(&x, &SegmentOptions::new()).unwrap().changes, [20]);
    assert_eq!(pelt_rank(&x, &SegmentOptions::new()).unwrap().changes, [20]);
}

proptest! {
    #[test]
    fn any_bits_never_panic(
        bits in proptest::collection::vec(any::<u64>(), 0..30), penalty in any::<u64>(), min_segment in 0..9_usize,
    ) {
        let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).collect();
        let options = SegmentOptions::new().with_min_segment(min_segment);
        let _ = pelt_l2(&x, &options);
        let _ = pelt_rank(&x, &options.with_penalty(f64::from_bits(penalty)));
        let _ = pelt_l2(&x, &options.with_penalty(f64::from_bits(penalty)).with_pruning(Pruning::Inequality));
        let _ = pelt_poisson(&bits, Some(&x), &options);
        let _ = pelt_poisson(&bits, None, &options);
        let _ = pelt_binomial(&bits, &bits, &options);
    }
}
