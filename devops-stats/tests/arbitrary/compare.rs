//! Two samples, intervals, counts and rates, many tests at once.

use super::{Draw, sound};
use devops_stats::cochran_armitage::cochran_armitage;
use devops_stats::false_discovery::{benjamini_hochberg, benjamini_yekutieli, holm};
use devops_stats::fisher::fisher_exact;
use devops_stats::group_sequential::{GroupSequential, crossing_probabilities};
use devops_stats::hodges_lehmann::hodges_lehmann;
use devops_stats::kaplan_meier::{kaplan_meier, kaplan_meier_median, restricted_mean};
use devops_stats::log_rank::log_rank;
use devops_stats::mann_whitney::mann_whitney;
use devops_stats::poisson_rate::{garwood, two_rates};
use devops_stats::poisson_regression::poisson_regression;
use devops_stats::proportion::{agresti_coull, clopper_pearson, jeffreys, wilson};
use devops_stats::spending::Spending;
use devops_stats::stratified_rank_sum::StratifiedRankSum;
use devops_stats::stratified_rate::StratifiedRate;
use devops_stats::two_proportion::two_proportion;

pub fn compare(draw: &mut Draw<'_>) {
    match draw.byte() % 13 {
        0 => sound(mann_whitney(&draw.floats(), &draw.floats())),
        1 => sound(hodges_lehmann(&draw.floats(), &draw.floats(), draw.share())),
        2 => sound(fisher_exact([[draw.whole(), draw.whole()], [draw.whole(), draw.whole()]])),
        3 => {
            let (a, b, c, d) = (draw.whole(), draw.whole(), draw.whole(), draw.whole());
            sound(two_proportion(a, b, c, d, draw.share()));
        }
        4 => {
            let (k, n, confidence) = (draw.whole(), draw.whole(), draw.share());
            sound(wilson(k, n, confidence));
            sound(jeffreys(k, n, confidence, draw.flag()));
            sound(clopper_pearson(k, n, confidence));
            sound(agresti_coull(k, n, confidence));
        }
        5 => {
            let (count, exposure, confidence) = (draw.whole(), draw.any(), draw.share());
            sound(garwood(count, exposure, confidence));
            sound(two_rates(count, exposure, draw.whole(), draw.any(), confidence));
        }
        6 => {
            let times = draw.floats();
            let (a, b) = (draw.near(times.len()), draw.near(times.len()));
            let (counts, exposure) = (draw.wholes_of(a), draw.floats_of(b));
            sound(poisson_regression(&counts, &times, &exposure, draw.share()));
        }
        7 => {
            let scores = draw.floats();
            let (a, b) = (draw.near(scores.len()), draw.near(scores.len()));
            sound(cochran_armitage(&draw.wholes_of(a), &draw.wholes_of(b), &scores));
        }
        8 => {
            let p: Vec<f64> = (0..draw.length()).map(|_| draw.share()).collect();
            sound(benjamini_hochberg(&p));
            sound(benjamini_yekutieli(&p));
            sound(holm(&p));
        }
        9 => {
            let time = draw.floats();
            let length = draw.near(time.len());
            let event = draw.flags_of(length);
            sound(kaplan_meier(&time, &event, draw.share()));
            sound(kaplan_meier_median(&time, &event));
        }
        10 => {
            let time = draw.floats();
            let length = draw.near(time.len());
            let event = draw.flags_of(length);
            sound(restricted_mean(&time, &event, draw.any(), draw.share()));
        }
        11 => looks(draw),
        _ => {
            let (first, second) = (draw.floats(), draw.floats());
            let (a, b) = (draw.near(first.len()), draw.near(second.len()));
            sound(log_rank(&first, &draw.flags_of(a), &second, &draw.flags_of(b)));
        }
    }
}

/// Statistics that are looked at again and again.
fn looks(draw: &mut Draw<'_>) {
    match draw.byte() % 3 {
        0 => {
            let spending = if draw.flag() { Spending::Pocock } else { Spending::ObrienFleming };
            if let Ok(mut test) = GroupSequential::new(spending, draw.share()) {
                for _ in 0..draw.length() {
                    sound(test.look(draw.share(), draw.any()));
                }
            }
            let bounds = draw.floats();
            let length = draw.near(bounds.len());
            sound(crossing_probabilities(&bounds, &draw.floats_of(length), draw.any()));
        }
        1 => {
            let mut sum = StratifiedRankSum::new();
            for _ in 0..draw.length() {
                sound(sum.add(&draw.floats(), &draw.floats()));
                sound(Ok::<_, ()>(sum.p()));
            }
        }
        _ => {
            let mut rate = StratifiedRate::new();
            for _ in 0..draw.length() {
                let (x, y) = ((draw.whole(), draw.whole()), (draw.whole(), draw.whole()));
                sound(rate.add(x, y, draw.any()));
                sound(Ok::<_, ()>(rate.p()));
            }
        }
    }
}
