//! Whether the warning band of a weighted group can be reached.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// What can be said of a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Band {
    Reachable,
    Empty,
    /// There are too many sums to look at all.
    TooMany,
}

/// So many additions are made before giving up.
const WORK: usize = 400_000;

/// Independent parts: for each what it can earn (sorted, each once), and how many parts are alike.
pub(crate) type Options = BTreeMap<Vec<u128>, usize>;

/// Whether some sum of one amount for each part lies in `low..high`.
pub(crate) fn reach(options: &Options, low: u128, high: u128) -> Band {
    if low >= high || options.keys().any(Vec::is_empty) {
        return Band::Empty;
    }
    if on_the_way_down(options, low, high) {
        return Band::Reachable;
    }
    let mut sums = BTreeSet::from([0_u128]);
    let mut work = 0_usize;
    for (amounts, count) in options {
        for _ in 0..*count {
            work = work.saturating_add(sums.len().saturating_mul(amounts.len()));
            if work > WORK {
                return Band::TooMany;
            }
            let all = sums.iter().flat_map(|sum| amounts.iter().map(|a| sum.saturating_add(*a)));
            // What is beyond the band stays beyond it.
            sums = all.filter(|sum| *sum < high).collect();
        }
    }
    if sums.range(low..).next().is_some() { Band::Reachable } else { Band::Empty }
}

/// A quick look: from everything passing, parts are set to their least one after the other.
fn on_the_way_down(options: &Options, low: u128, high: u128) -> bool {
    let top = |amounts: &Vec<u128>| amounts.last().copied().unwrap_or(0);
    let least = |amounts: &Vec<u128>| amounts.first().copied().unwrap_or(0);
    let mut sum = options.iter().fold(0_u128, |sum, (amounts, count)| {
        let count = u128::try_from(*count).unwrap_or(u128::MAX);
        sum.saturating_add(top(amounts).saturating_mul(count))
    });
    let mut order: Vec<(u128, usize)> =
        options.iter().map(|(a, count)| (top(a).saturating_sub(least(a)), *count)).collect();
    order.sort_by(|a, b| b.cmp(a));
    for (step, count) in order {
        for _ in 0..count {
            if (low..high).contains(&sum) {
                return true;
            }
            sum = sum.saturating_sub(step);
        }
    }
    (low..high).contains(&sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn equal(count: usize) -> Options {
        Options::from([(alloc::vec![0, 100], count)])
    }

    #[test]
    fn equal_weights() {
        // 80 % up to below 100 % of n equal parts: from five on.
        for (n, band) in
            [(1, Band::Empty), (4, Band::Empty), (5, Band::Reachable), (100_000, Band::Reachable)]
        {
            let total = u128::try_from(n).unwrap() * 100;
            assert_eq!(reach(&equal(n), total * 80 / 100, total), band, "{n}");
        }
        assert_eq!(reach(&equal(100_000), 150, 160), Band::Empty);
        // Even amounts never sum to an odd one, but there are 2^40 sums.
        let doubling: Options = (0..40).map(|i| (alloc::vec![0, 2 << i], 1)).collect();
        assert_eq!(reach(&doubling, (1 << 40) + 1, (1 << 40) + 2), Band::TooMany);
        assert_eq!(reach(&Options::new(), 0, 1), Band::Reachable);
        assert_eq!(reach(&equal(3), 5, 5), Band::Empty);
    }

    proptest! {
        #[test]
        fn agrees_with_all_sums(weights in proptest::collection::vec(0u128..20, 0..8), low in 0u128..60, width in 0u128..30) {
            let mut options = Options::new();
            for w in &weights {
                let mut amounts = alloc::vec![0, w / 2, *w];
                amounts.dedup();
                *options.entry(amounts).or_default() += 1;
            }
            let mut found = false;
            for code in 0..3_u32.pow(u32::try_from(weights.len()).unwrap()) {
                let mut rest = code;
                let mut sum = 0;
                for w in &weights {
                    sum += [0, w / 2, *w][(rest % 3) as usize];
                    rest /= 3;
                }
                found |= (low..low + width).contains(&sum);
            }
            let expected = if found { Band::Reachable } else { Band::Empty };
            prop_assert_eq!(reach(&options, low, low + width), expected);
        }
    }
}
