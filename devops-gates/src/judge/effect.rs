//! How large a difference is.

use devops_stats::Outcome;
use devops_stats::hodges_lehmann::hodges_lehmann;
use devops_stats::mann_whitney::mann_whitney;
use devops_stats::quantile::{median, median_absolute_deviation};
use devops_stats::two_proportion::two_proportion;

use super::compare::{Counted, Move, Places};
use super::judgement::Effect;
use super::measured::Pair;
use super::spec::{CanaryTest, Direction, Tolerance};

/// How large the difference is that a test looks at.
pub(super) fn effect(direction: Direction, test: CanaryTest, pair: &Pair, confidence: f64) -> Option<Effect> {
    match (test, pair) {
        (_, Pair::Counts { experiment, control }) => rate_effect(*experiment, *control, confidence),
        (CanaryTest::Spread, Pair::Values { experiment, control }) => {
            let places = Places::spread(experiment, control, Tolerance::None, Move::Not);
            Some(Effect::Spread {
                control_deviation: median_absolute_deviation(control).ok()?,
                experiment_deviation: median_absolute_deviation(experiment).ok()?,
                superiority: mann_whitney(&places.experiment, &places.control).ok()?.superiority,
            })
        }
        (CanaryTest::Tail { quantile, .. }, Pair::Values { experiment, control }) => {
            let places = Places::moved(experiment, control, Tolerance::None, Move::Not);
            let [above, below] = places.tail(quantile);
            let low = match direction {
                Direction::Increase => false,
                Direction::Decrease => true,
                Direction::Either => below.greater < above.greater,
            };
            let [experiment_beyond, control_beyond] = places.beyond(quantile, low);
            Some(Effect::Tail { control_beyond, experiment_beyond })
        }
        (_, Pair::Values { experiment, control }) => shift_effect(experiment, control, confidence),
    }
}

fn shift_effect(experiment: &[f64], control: &[f64], confidence: f64) -> Option<Effect> {
    let ranks = mann_whitney(experiment, control).ok()?;
    let shift = hodges_lehmann(experiment, control, confidence).ok().and_then(Outcome::defined);
    Some(Effect::Shift {
        shift: shift.map(|s| s.shift),
        interval: shift.map(|s| s.interval),
        superiority: ranks.superiority,
        rank_biserial: ranks.cliffs_delta,
        mean_ratio: mean_ratio(experiment, control),
        control_median: median(control).ok()?,
        experiment_median: median(experiment).ok()?,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of values")]
fn mean_ratio(experiment: &[f64], control: &[f64]) -> Option<f64> {
    let mut sums = [experiment, control].map(|side| {
        // Sorted, so that the order of the values does not show in the last digit.
        let mut sorted = side.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted.iter().sum::<f64>() / side.len() as f64
    });
    sums.iter_mut().for_each(|mean| *mean += 0.0);
    let [after, before] = sums;
    let ratio = after / before;
    (before != 0.0 && ratio.is_finite()).then_some(ratio)
}

#[expect(clippy::cast_precision_loss, reason = "counts are rounded once")]
pub(super) fn rate_effect(experiment: Counted, control: Counted, confidence: f64) -> Option<Effect> {
    let (x, y) = (experiment, control);
    let found = two_proportion(x.events, x.total, y.events, y.total, confidence).ok()?;
    let share = |c: Counted| c.events as f64 / c.total as f64;
    Some(Effect::Rate {
        control_events: control.events,
        experiment_events: experiment.events,
        difference: found.difference,
        interval: found.newcombe,
        ratio: (control.events > 0).then(|| share(x) / share(y)),
    })
}
