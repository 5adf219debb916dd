//! Difference in differences: what changed in a team, less what changed in others.

use devops_stats::special::{normal_quantile, two_sided_p};
use devops_stats::tail::Interval;

use super::effect::{Effect, Method, Movement, mover};

/// A change with its interval, on the scale on which changes of teams are compared.
#[derive(Clone, Copy)]
struct Change {
    middle: f64,
    ends: Interval,
}

impl Change {
    /// Counts on the scale of the logarithm, so that teams of different size compare; all else in its unit.
    fn of(effect: &Effect) -> Option<Self> {
        if effect.method == Method::RateRatio {
            let ends = effect.ratio_interval?;
            return Some(Self {
                middle: libm::log(effect.ratio?),
                ends: Interval::new(libm::log(ends.low), libm::log(ends.high)),
            });
        }
        Some(Self { middle: effect.difference?, ends: effect.interval? })
    }

    /// The mean of several, which are independent.
    fn mean(changes: &[Self]) -> Self {
        let n = changes.len() as f64;
        let middle = changes.iter().map(|c| c.middle).sum::<f64>() / n;
        let length =
            |side: fn(&Self) -> f64| libm::sqrt(changes.iter().map(|c| side(c) * side(c)).sum::<f64>()) / n;
        let (below, above) = (length(|c| c.middle - c.ends.low), length(|c| c.ends.high - c.middle));
        Self { middle, ends: Interval::new(middle - below, middle + above) }
    }
}

/// The team's own change less the mean change of the others, with the interval of Zou & Donner (2008) and a
/// p-value of the normal approximation that it implies. `None` where a change has no interval.
pub(super) fn net(own: &Effect, others: &[Effect]) -> Option<Effect> {
    let mine = Change::of(own)?;
    let theirs: alloc::vec::Vec<Change> = others.iter().map(Change::of).collect::<Option<_>>()?;
    let mean = Change::mean(&theirs);
    let middle = mine.middle - mean.middle;
    let ends = mover((mine.middle, mine.ends), (mean.middle, mean.ends));
    // The distance to the end on the side of no change is so many standard errors.
    let near = if middle > 0.0 { middle - ends.low } else { ends.high - middle };
    let errors = normal_quantile(0.5 + 0.5 * own.confidence);
    if !(near > 0.0 && near.is_finite() && middle.is_finite()) {
        return None;
    }
    let mut net = Effect {
        method: Method::DifferenceInDifferences,
        p: Some(two_sided_p(middle / near * errors)),
        movement: Movement::of(middle),
        difference: Some(middle),
        interval: Some(ends),
        ratio: None,
        ratio_interval: None,
        ..own.clone()
    };
    if own.method == Method::RateRatio {
        let (ratio, before) = (libm::exp(middle), own.before?);
        let of = Interval::new(libm::exp(ends.low), libm::exp(ends.high));
        net.ratio = Some(ratio);
        net.ratio_interval = Some(of);
        net.difference = Some(before * (ratio - 1.0));
        net.interval = Some(Interval::new(before * (of.low - 1.0), before * (of.high - 1.0)));
    }
    Some(net)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::improvement::{Sample, effect};

    fn counts(before: u64, after: u64) -> Effect {
        let sample = |n| Sample::counts([(n, 3.0)]).unwrap();
        effect(&sample(before), &sample(after), 0.95).unwrap()
    }

    #[test]
    fn what_changed_everywhere_is_no_effect() {
        let same = net(&counts(40, 80), &[counts(20, 40), counts(100, 200)]).unwrap();
        assert!((same.ratio.unwrap() - 1.0).abs() < 1e-12 && same.p.unwrap() > 0.99);
        let own = net(&counts(40, 120), &[counts(90, 90)]).unwrap();
        assert_eq!((own.method, own.movement), (Method::DifferenceInDifferences, Movement::Rose));
        assert!(own.p.unwrap() < 0.001 && (own.ratio.unwrap() - 3.0).abs() < 1e-12);
        assert!(net(&counts(0, 9), &[counts(9, 9)]).is_none());
    }

    #[test]
    fn more_controls_are_more_certain() {
        let one = net(&counts(40, 60), &[counts(40, 40)]).unwrap();
        let four =
            net(&counts(40, 60), &[counts(40, 40), counts(40, 40), counts(40, 40), counts(40, 40)]).unwrap();
        assert_eq!(one.ratio, four.ratio);
        assert!(four.p < one.p);
    }
}
