//! The middle of a few durations, found without a branch: most cells have few.

use super::numbers::float;

/// Values of two halves, side by side.
type Rows<const HALF: usize> = [[f64; 2]; HALF];

/// Puts the smaller value of each pair first, one pair after the other.
macro_rules! in_order {
    ($rows:ident: $($first:literal $second:literal),+) => {
        $(exchange($rows, $first, $second);)+
    };
}

/// Puts four in order (Knuth 1998, 5.3.4).
fn order_4(rows: &mut Rows<4>) {
    in_order!(rows: 0 2, 1 3, 0 1, 2 3, 1 2);
}

/// Puts eight in order.
fn order_8(rows: &mut Rows<8>) {
    in_order!(rows: 0 2, 1 3, 4 6, 5 7, 0 4, 1 5, 2 6, 3 7, 0 1, 2 3, 4 5, 6 7, 2 4, 3 5, 1 4, 3 6, 1 2,
        3 4, 5 6);
}

/// Puts sixteen in order (Batcher 1968).
fn order_16(rows: &mut Rows<16>) {
    in_order!(rows: 0 1, 2 3, 4 5, 6 7, 8 9, 10 11, 12 13, 14 15, 0 2, 1 3, 4 6, 5 7, 8 10, 9 11, 12 14,
        13 15, 1 2, 5 6, 9 10, 13 14, 0 4, 1 5, 2 6, 3 7, 8 12, 9 13, 10 14, 11 15, 2 4, 3 5, 10 12,
        11 13, 1 2, 3 4, 5 6, 9 10, 11 12, 13 14, 0 8, 1 9, 2 10, 3 11, 4 12, 5 13, 6 14, 7 15, 4 8, 5 9,
        6 10, 7 11, 2 4, 3 5, 6 8, 7 9, 10 12, 11 13, 1 2, 3 4, 5 6, 7 8, 9 10, 11 12, 13 14);
}

#[inline]
#[expect(clippy::indexing_slicing, reason = "the pairs lie within a half")]
const fn exchange<const HALF: usize>(rows: &mut Rows<HALF>, first: usize, second: usize) {
    let (one, other) = (rows[first], rows[second]);
    rows[first] = [lesser(one[0], other[0]), lesser(one[1], other[1])];
    rows[second] = [greater(one[0], other[0]), greater(one[1], other[1])];
}

/// The lower and the upper of the two values in the middle, which are the same where their number is odd; `None` where
/// there are none, or too many for this.
#[inline]
pub(super) fn middle(values: &[i64]) -> Option<(f64, f64)> {
    match values.len() {
        0 => None,
        1 => values.first().map(|value| (float(*value), float(*value))),
        2..=8 => Some(of_halves(values, order_4)),
        9..=16 => Some(of_halves(values, order_8)),
        17..=32 => Some(of_halves(values, order_16)),
        _ => None,
    }
}

/// The middle of at most 2 `HALF` values, with what puts `HALF` in order.
#[inline]
fn of_halves<const HALF: usize>(values: &[i64], order: impl Fn(&mut Rows<HALF>)) -> (f64, f64) {
    // What is missing is as much below all values as above, or once more below.
    let mut rows = [[f64::INFINITY; 2]; HALF];
    rows[..HALF / 2].fill([f64::NEG_INFINITY; 2]);
    let below = HALF.saturating_mul(2).saturating_add(1).saturating_sub(values.len()) / 2;
    let slots = rows.as_flattened_mut().get_mut(below..).unwrap_or(&mut []);
    slots.iter_mut().zip(values).for_each(|(slot, value)| *slot = float(*value));
    order(&mut rows);
    // The smallest of one half beside the largest of the other: the smaller ones of all these are the lower half of all.
    let beside = rows.iter().zip(rows.iter().rev()).map(|(one, other)| (one[0], other[1]));
    let (lower, upper) = beside.fold((f64::NEG_INFINITY, f64::INFINITY), |(lower, upper), (one, other)| {
        (greater(lower, lesser(one, other)), lesser(upper, greater(one, other)))
    });
    if values.len() % 2 == 1 { (upper, upper) } else { (lower, upper) }
}

const fn lesser(one: f64, other: f64) -> f64 {
    if one < other { one } else { other }
}

const fn greater(one: f64, other: f64) -> f64 {
    if one > other { one } else { other }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
    use proptest::prelude::*;

    use super::*;

    /// The two in the middle, by sorting.
    fn sorted(values: &[i64]) -> (f64, f64) {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let (low, high) = ((sorted.len() - 1) / 2, sorted.len() / 2);
        (float(sorted[low]), float(sorted[high]))
    }

    /// What puts all zeros and ones in order puts everything in order (Knuth 1998, 5.3.4).
    #[test]
    fn all_zeros_and_ones_have_their_middle() {
        for n in 1..=16_usize {
            for bits in 0..1_u32 << n {
                let values: Vec<i64> = (0..n).map(|place| i64::from(bits >> place & 1)).collect();
                assert_eq!(middle(&values), Some(sorted(&values)), "{values:?}");
            }
        }
    }

    #[test]
    fn none_and_too_many_have_no_middle_here() {
        assert_eq!(middle(&[]), None);
        assert_eq!(middle(&[1; 33]), None);
    }

    proptest! {
        #[test]
        fn it_is_that_of_the_sorted_values(values in prop::collection::vec(-400_000_000_000_000..400_000_000_000_000_i64, 1..33)) {
            prop_assert_eq!(middle(&values), Some(sorted(&values)));
        }
    }
}
