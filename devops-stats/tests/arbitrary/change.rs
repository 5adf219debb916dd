//! Change points.

use super::{Draw, sound};
use devops_stats::e_divisive::{EDivisiveOptions, e_divisive, e_divisive_candidate};
use devops_stats::fpop::fpop_l2;
use devops_stats::otava::{OtavaOptions, otava_change_points};
use devops_stats::pelt::{pelt_binomial, pelt_l2, pelt_poisson, pelt_rank};
use devops_stats::pettitt::pettitt;
use devops_stats::segmentation::{Pruning, SegmentOptions};
use devops_stats::significance::{SignificanceOptions, significant_changes};

/// Longest series for methods that take more than n log n steps.
const SLOW: usize = 300;

fn options(draw: &mut Draw<'_>) -> SegmentOptions {
    let mut options = SegmentOptions::new().with_min_segment(draw.small());
    if draw.flag() {
        options = options.with_pruning(Pruning::Inequality);
    }
    if draw.flag() { options.with_penalty(draw.any()) } else { options }
}

fn short(draw: &mut Draw<'_>) -> Vec<f64> {
    let mut values = draw.floats();
    values.truncate(SLOW);
    values
}

pub fn change(draw: &mut Draw<'_>) {
    match draw.byte() % 9 {
        0 => sound(pettitt(&draw.floats())),
        1 => {
            let options = options(draw);
            let values = if options.pruning == Pruning::Inequality { short(draw) } else { draw.floats() };
            sound(pelt_l2(&values, &options));
        }
        2 => {
            let options = options(draw);
            sound(pelt_rank(&short(draw), &options));
        }
        3 => {
            let options = options(draw);
            let exposure = short(draw);
            let length = draw.near(exposure.len());
            let counts = draw.wholes_of(length);
            sound(pelt_poisson(&counts, draw.flag().then_some(&exposure[..]), &options));
        }
        4 => {
            let (options, n) = (options(draw), draw.length().min(SLOW));
            let near = draw.near(n);
            let trials = draw.wholes_of(n);
            sound(pelt_binomial(&draw.wholes_of(near), &trials, &options));
        }
        5 => {
            let options = options(draw);
            sound(fpop_l2(&draw.floats(), &options));
        }
        6 => {
            let options = OtavaOptions::new()
                .with_window(draw.count())
                .with_max_p(draw.share())
                .with_min_magnitude(draw.any());
            sound(otava_change_points(&short(draw), &options));
        }
        7 => {
            let options =
                EDivisiveOptions::new(draw.word()).with_alpha(draw.share()).with_permutations(draw.small());
            let mut values = short(draw);
            sound(e_divisive_candidate(&values));
            values.truncate(60);
            sound(e_divisive(&values, &options));
        }
        _ => {
            let options = SignificanceOptions::new().with_alpha(draw.share()).with_min_segment(draw.count());
            sound(significant_changes(&draw.floats(), &options));
        }
    }
}
