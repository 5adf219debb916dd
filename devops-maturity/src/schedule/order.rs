//! Everything behind what it comes after.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from the list itself"
)]

use alloc::vec;
use alloc::vec::Vec;

/// Places in an order in which each stands behind all of its `after`, and the circles that make that impossible:
/// each place after the next, the last the first again; no two share a place.
pub(crate) fn ordered(after: &[&[usize]]) -> (Vec<usize>, Vec<Vec<usize>>) {
    // 0 not seen, otherwise 1 + the place on the path; DONE when left.
    const DONE: usize = usize::MAX;
    let n = after.len();
    let (mut state, mut order, mut circles) = (vec![0; n], Vec::with_capacity(n), Vec::new());
    for root in 0..n {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if state[root] == 0 {
            state[root] = 1;
            path.push((root, 0));
        }
        while let Some(&mut (i, ref mut next)) = path.last_mut() {
            let Some(&b) = after[i].get(*next) else {
                state[i] = DONE;
                order.push(i);
                path.pop();
                continue;
            };
            *next += 1;
            match state[b] {
                0 => {
                    path.push((b, 0));
                    state[b] = path.len();
                }
                DONE => {}
                place => {
                    circles.push(path[place - 1..].iter().map(|(i, _)| *i).chain([b]).collect());
                    // What lies on it is not looked at again.
                    for (i, _) in path.drain(place - 1..) {
                        state[i] = DONE;
                        order.push(i);
                    }
                }
            }
        }
    }
    (order, circles)
}
