//! Where does a function cross zero? Brent's method, as R's `zeroin` has it.

/// A zero of `f` between `low` and `high`, to within `tolerance/2` plus rounding.
///
/// Inverse quadratic or linear interpolation, and bisection where these do not help (Brent 1973, chapter 4), in
/// the steps of R's `uniroot`, so that a function with jumps ends at the same point. The tolerance is absolute:
/// zeros closer together than it are not told apart, whatever the unit. At most `steps` steps, after which the
/// best point so far is the answer. Where `f` has the same sign at both ends, some point between them is.
///
/// ```
/// use devops_stats::zeroin::zeroin;
/// let root = zeroin(|x| x * x - 2.0, 0.0, 2.0, 1e-12, 100);
/// assert!((root - 2.0_f64.sqrt()).abs() < 1e-12);
/// ```
pub fn zeroin(f: impl Fn(f64) -> f64, low: f64, high: f64, tolerance: f64, steps: usize) -> f64 {
    let (mut before, mut best, mut other) = (Point::of(&f, low), Point::of(&f, high), Point::of(&f, low));
    if before.y == 0.0 {
        return before.x;
    }
    for _ in 0..=steps {
        let moved = best.x - before.x;
        if other.y.abs() < best.y.abs() {
            before = best;
            best = other;
            other = before;
        }
        let least = 2.0 * f64::EPSILON * best.x.abs() + tolerance / 2.0;
        let half = (other.x - best.x) / 2.0;
        if half.abs() <= least || best.y == 0.0 {
            break;
        }
        let tried = moved.abs() >= least && before.y.abs() > best.y.abs();
        let step = if tried { interpolated(before, best, other, moved, least).unwrap_or(half) } else { half };
        let step = if step.abs() >= least {
            step
        } else if step > 0.0 {
            least
        } else {
            -least
        };
        before = best;
        best = Point::of(&f, best.x + step);
        if (best.y > 0.0 && other.y > 0.0) || (best.y < 0.0 && other.y < 0.0) {
            other = before;
        }
    }
    best.x
}

#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

impl Point {
    fn of(f: &impl Fn(f64) -> f64, x: f64) -> Self {
        Self { x, y: f(x) }
    }
}

/// The step that interpolation asks for, where it stays well inside the bracket and shrinks fast enough.
fn interpolated(before: Point, best: Point, other: Point, moved: f64, least: f64) -> Option<f64> {
    let width = other.x - best.x;
    let (p, q) = if before.x == other.x {
        let t = best.y / before.y;
        (width * t, 1.0 - t)
    } else {
        let (q, t1, t2) = (before.y / other.y, best.y / other.y, best.y / before.y);
        let p = t2 * (width * q * (q - t1) - (best.x - before.x) * (t1 - 1.0));
        (p, (q - 1.0) * (t1 - 1.0) * (t2 - 1.0))
    };
    let (p, q) = if p > 0.0 { (p, -q) } else { (-p, q) };
    (p < 0.75 * width * q - (least * q).abs() / 2.0 && p < (moved * q / 2.0).abs()).then(|| p / q)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ends_that_are_zeros_are_the_answer() {
        assert_eq!(zeroin(|x| x, 0.0, 1.0, 1e-9, 10), 0.0);
        assert_eq!(zeroin(|x| x - 1.0, 0.0, 1.0, 1e-9, 10), 1.0);
    }

    #[test]
    fn a_jump_is_found_to_the_tolerance() {
        let jump = zeroin(|x| if x < 0.3 { 1.0 } else { -2.0 }, 0.0, 1.0, 1e-6, 1000);
        assert!((jump - 0.3).abs() <= 1e-6);
    }

    proptest! {
        #[test]
        fn always_ends_inside(low in -1e3_f64..0.0, width in 0.0_f64..1e3, root in 0.0_f64..1.0, power in 1_i32..6) {
            let (high, at) = (low + width, low + root * width);
            let found = zeroin(|x| (at - x).signum() * (at - x).abs().powi(power), low, high, 1e-4, 1000);
            prop_assert!(found >= low && found <= high);
            prop_assert!((found - at).abs() <= 1e-3 || power > 1);
        }

        #[test]
        fn any_values_end(values in prop::collection::vec(any::<f64>(), 3), low in any::<f64>(), high in any::<f64>()) {
            let f = |x: f64| values[(x.to_bits() % 3) as usize];
            let _ = zeroin(f, low, high, 1e-4, 200);
        }
    }
}
