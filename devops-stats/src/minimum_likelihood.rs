//! Two-sided p-values of discrete tests: outcomes at most as likely as the one seen.

/// Likelihoods closer than this, relatively, count as equal (they are computed to about 10⁻¹⁴).
const EQUAL: f64 = 1e-11;

/// Where the far tail begins: `Above(k)` is `k, k + 1, …`, `Below(k)` is `…, k − 1, k`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FarTail {
    Above(u64),
    Below(u64),
    None,
}

/// The far tail of `seen` in a distribution that rises to `mode` and falls after it, on `low ..= high`.
pub(crate) fn far_tail(
    seen: u64,
    mode: u64,
    (low, high): (u64, u64),
    likelihood: impl Fn(u64) -> f64,
) -> FarTail {
    let limit = likelihood(seen) * (1.0 + EQUAL);
    if seen <= mode {
        let start = mode.max(seen.saturating_add(1));
        first(start, high, |k| likelihood(k) <= limit).map_or(FarTail::None, FarTail::Above)
    } else {
        let end = mode.min(seen.saturating_sub(1));
        let distance = |d: u64| likelihood(end.saturating_sub(d)) <= limit;
        first(0, end.saturating_sub(low), distance)
            .map_or(FarTail::None, |d| FarTail::Below(end.saturating_sub(d)))
    }
}

/// The first number of `from ..= to` that satisfies a predicate which stays true.
fn first(from: u64, to: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    if from > to || !holds(to) {
        return None;
    }
    let (mut low, mut high) = (from, to);
    while low < high {
        let middle = low.saturating_add(high.saturating_sub(low) / 2);
        if holds(middle) {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    Some(low)
}
