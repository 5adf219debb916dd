//! Inverting a distribution function with a bounded number of steps.

/// Both tails of a distribution at a point, and its density there.
pub(super) struct Tails {
    pub(super) below: f64,
    pub(super) above: f64,
    pub(super) density: f64,
}

/// The positive `x` in `[low, high]` at which the lower (`target_is_lower`) or upper tail is `target`.
///
/// Newton's method on the logarithms of `x` and of the tail, kept inside a bracket that shrinks by halving the
/// representable numbers in it, so that at most 200 evaluations are made whatever the distribution.
pub(super) fn invert(
    target: f64,
    target_is_lower: bool,
    start: f64,
    (mut low, mut high): (f64, f64),
    tails: impl Fn(f64) -> Tails,
) -> f64 {
    let mut x = if start > low && start < high { start } else { middle(low, high) };
    for _ in 0..200 {
        let t = tails(x);
        let tail = if target_is_lower { t.below } else { t.above };
        let too_high = if target_is_lower { tail > target } else { tail < target };
        if tail == target {
            return x;
        }
        if too_high {
            high = x;
        } else {
            low = x;
        }
        let slope = x * t.density / tail;
        let step = (libm::log(tail) - libm::log(target)) / slope;
        let mut next = x * libm::exp(if target_is_lower { -step } else { step });
        if !(next > low && next < high) {
            next = middle(low, high);
        }
        if (next - x).abs() <= 1e-16 * x || next <= low || next >= high {
            return next;
        }
        x = next;
    }
    x
}

/// The number halfway between two positive ones in the order of their bit patterns.
fn middle(low: f64, high: f64) -> f64 {
    let (a, b) = (low.to_bits(), high.to_bits());
    f64::from_bits(a.saturating_add(b.saturating_sub(a) / 2))
}
