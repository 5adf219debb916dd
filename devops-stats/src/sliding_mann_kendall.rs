//! The Mann–Kendall test of a window that slides along, in O(log n) a point.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "links are those of nodes in the arena; counts are those of points in memory"
)]

use crate::StatsError;
use crate::input::finite_one;
use crate::inversions::{Ties, key};
use crate::kendall_exact::kendall_exact_p;
use crate::mann_kendall::{EXACT_MAX, MannKendall, Score, z_test};
use crate::outcome::Undefined;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// The Mann–Kendall statistic of the last so many values, kept up to date in O(log n) a value.
///
/// A new value changes S by the number of smaller values less the number of larger ones, which an
/// order-statistic tree of the window tells; a leaving value takes its part away again; the variance follows
/// from the multiplicities. The result equals [`mann_kendall`](crate::mann_kendall::mann_kendall) of the window.
///
/// ```
/// use devops_stats::sliding_mann_kendall::SlidingMannKendall;
///
/// let mut window = SlidingMannKendall::new(4)?;
/// for value in [5.0, 1.0, 2.0, 3.0, 4.0] {
///     window.push(value)?;
/// }
/// assert_eq!(window.result()?.s, 6); // 1, 2, 3, 4
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone)]
pub struct SlidingMannKendall {
    window: usize,
    values: VecDeque<i64>,
    tree: Tree,
    s: i64,
    tied_pairs: u128,
    tied_variance: u128,
}

impl SlidingMannKendall {
    /// An empty window for this many values.
    ///
    /// # Errors
    ///
    /// A window below 2.
    ///
    /// ```
    /// use devops_stats::sliding_mann_kendall::SlidingMannKendall;
    /// assert!(SlidingMannKendall::new(1).is_err());
    /// ```
    pub fn new(window: usize) -> Result<Self, StatsError> {
        if window < 2 {
            return Err(StatsError::out_of_range("window", window, "at least 2"));
        }
        Ok(Self {
            window,
            values: VecDeque::new(),
            tree: Tree::default(),
            s: 0,
            tied_pairs: 0,
            tied_variance: 0,
        })
    }

    /// Adds the newest value; the oldest leaves when the window is full. O(log n).
    ///
    /// # Errors
    ///
    /// A value that is not finite; the window then stays as it was.
    ///
    /// ```
    /// use devops_stats::sliding_mann_kendall::SlidingMannKendall;
    /// let mut window = SlidingMannKendall::new(3)?;
    /// assert!(window.push(f64::NAN).is_err());
    /// assert!(window.is_empty());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn push(&mut self, value: f64) -> Result<(), StatsError> {
        let key = key(finite_one("value", value)?);
        if self.values.len() == self.window {
            self.pop();
        }
        let (less, equal) = self.tree.rank(key);
        let greater = self.tree.len() - less - equal;
        self.s += less.cast_signed() - greater.cast_signed();
        self.change_ties(equal, true);
        self.tree.insert(key);
        self.values.push_back(key);
        Ok(())
    }

    /// Removes the oldest value; false when there is none. O(log n).
    ///
    /// ```
    /// use devops_stats::sliding_mann_kendall::SlidingMannKendall;
    /// let mut window = SlidingMannKendall::new(3)?;
    /// window.push(1.0)?;
    /// assert!(window.pop());
    /// assert!(!window.pop());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn pop(&mut self) -> bool {
        let Some(key) = self.values.pop_front() else { return false };
        self.tree.remove(key);
        let (less, equal) = self.tree.rank(key);
        let greater = self.tree.len() - less - equal;
        self.s -= greater.cast_signed() - less.cast_signed();
        self.change_ties(equal, false);
        true
    }

    /// Number of values in the window.
    ///
    /// ```
    /// use devops_stats::sliding_mann_kendall::SlidingMannKendall;
    /// assert_eq!(SlidingMannKendall::new(3)?.len(), 0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the window holds nothing.
    ///
    /// ```
    /// use devops_stats::sliding_mann_kendall::SlidingMannKendall;
    /// assert!(SlidingMannKendall::new(3)?.is_empty());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The test of the values in the window. O(1), but for the exact p-value of up to 50 values.
    ///
    /// # Errors
    ///
    /// Fewer than 2 values.
    ///
    /// ```
    /// use devops_stats::sliding_mann_kendall::SlidingMannKendall;
    /// assert!(SlidingMannKendall::new(3)?.result().is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn result(&self) -> Result<MannKendall, StatsError> {
        let n = self.values.len();
        crate::input::enough(2, n)?;
        let pairs = (n as u64) * (n as u64 - 1) / 2;
        let tied = u64::try_from(self.tied_pairs).unwrap_or(u64::MAX);
        // rising + falling = pairs − tied, rising − falling = S
        let falling = ((pairs - tied).cast_signed() - self.s) / 2;
        let falling = falling.cast_unsigned();
        let ties = Ties { pairs: self.tied_pairs, variance: self.tied_variance, ..Ties::default() };
        let score = Score::from_counts(n, falling, ties);
        let exact = n <= EXACT_MAX && tied == 0;
        Ok(MannKendall {
            n,
            missing: 0,
            s: score.s,
            var_s: score.variance(),
            tau: score.tau(),
            test: z_test(score.s, score.variance(), Undefined::Constant),
            exact_p: exact.then(|| kendall_exact_p(n, falling).ok()).flatten(),
        })
    }

    /// One of a group of equal values comes or goes; `others` stay.
    fn change_ties(&mut self, others: u64, comes: bool) {
        let term = |t: u128| t * t.saturating_sub(1) * (2 * t + 5);
        let others = u128::from(others);
        let change = term(others + 1) - term(others);
        if comes {
            self.tied_pairs += others;
            self.tied_variance += change;
        } else {
            self.tied_pairs -= others;
            self.tied_variance -= change;
        }
    }
}

/// No node.
const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Node {
    key: i64,
    count: u64,
    /// Values in this subtree, with multiplicity.
    size: u64,
    priority: u64,
    children: [u32; 2],
}

/// A treap (Seidel & Aragon 1996) of keys with multiplicities; priorities come from a fixed sequence.
#[derive(Debug, Clone)]
struct Tree {
    nodes: Vec<Node>,
    free: Vec<u32>,
    root: u32,
    state: u64,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: Vec::new(), free: Vec::new(), root: NONE, state: 0x9e37_79b9_7f4a_7c15 }
    }
}

impl Tree {
    fn len(&self) -> u64 {
        self.size(self.root)
    }

    fn size(&self, node: u32) -> u64 {
        if node == NONE { 0 } else { self.nodes[node as usize].size }
    }

    /// How many values are less than and equal to `key`.
    fn rank(&self, key: i64) -> (u64, u64) {
        let (mut at, mut less) = (self.root, 0);
        while at != NONE {
            let node = &self.nodes[at as usize];
            let left = self.size(node.children[0]);
            match key.cmp(&node.key) {
                core::cmp::Ordering::Less => at = node.children[0],
                core::cmp::Ordering::Equal => return (less + left, node.count),
                core::cmp::Ordering::Greater => {
                    less += left + node.count;
                    at = node.children[1];
                }
            }
        }
        (less, 0)
    }

    fn insert(&mut self, key: i64) {
        self.root = self.inserted(self.root, key);
    }

    /// Expected depth is O(log n), so recursion is shallow.
    fn inserted(&mut self, at: u32, key: i64) -> u32 {
        if at == NONE {
            return self.fresh(key);
        }
        let side = match key.cmp(&self.nodes[at as usize].key) {
            core::cmp::Ordering::Equal => {
                self.nodes[at as usize].count += 1;
                self.nodes[at as usize].size += 1;
                return at;
            }
            order => usize::from(order == core::cmp::Ordering::Greater),
        };
        let child = self.inserted(self.nodes[at as usize].children[side], key);
        self.nodes[at as usize].children[side] = child;
        if self.nodes[child as usize].priority > self.nodes[at as usize].priority {
            self.nodes[at as usize].children[side] = self.nodes[child as usize].children[1 - side];
            self.nodes[child as usize].children[1 - side] = at;
            self.refresh(at);
            self.refresh(child);
            return child;
        }
        self.refresh(at);
        at
    }

    fn remove(&mut self, key: i64) {
        self.root = self.removed(self.root, key);
    }

    fn removed(&mut self, at: u32, key: i64) -> u32 {
        if at == NONE {
            return NONE;
        }
        let side = match key.cmp(&self.nodes[at as usize].key) {
            core::cmp::Ordering::Equal => {
                if self.nodes[at as usize].count > 1 {
                    self.nodes[at as usize].count -= 1;
                    self.nodes[at as usize].size -= 1;
                    return at;
                }
                self.free.push(at);
                let [left, right] = self.nodes[at as usize].children;
                return self.merged(left, right);
            }
            order => usize::from(order == core::cmp::Ordering::Greater),
        };
        let child = self.removed(self.nodes[at as usize].children[side], key);
        self.nodes[at as usize].children[side] = child;
        self.refresh(at);
        at
    }

    /// One tree from two, all keys of the left below those of the right.
    fn merged(&mut self, left: u32, right: u32) -> u32 {
        if left == NONE {
            return right;
        }
        if right == NONE {
            return left;
        }
        if self.nodes[left as usize].priority > self.nodes[right as usize].priority {
            self.nodes[left as usize].children[1] = self.merged(self.nodes[left as usize].children[1], right);
            self.refresh(left);
            left
        } else {
            self.nodes[right as usize].children[0] =
                self.merged(left, self.nodes[right as usize].children[0]);
            self.refresh(right);
            right
        }
    }

    fn refresh(&mut self, at: u32) {
        let node = self.nodes[at as usize];
        let size = node.count + self.size(node.children[0]) + self.size(node.children[1]);
        self.nodes[at as usize].size = size;
    }

    fn fresh(&mut self, key: i64) -> u32 {
        // Marsaglia's (2003) xorshift.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let node = Node { key, count: 1, size: 1, priority: self.state, children: [NONE; 2] };
        if let Some(place) = self.free.pop() {
            self.nodes[place as usize] = node;
            return place;
        }
        let place = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(node);
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mann_kendall::mann_kendall;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_the_test_of_the_window(x in prop::collection::vec(-6_i32..6, 1..150), window in 2_usize..70) {
            let x: Vec<f64> = x.into_iter().map(|v| if v == 0 { -0.0 } else { f64::from(v) }).collect();
            let mut sliding = SlidingMannKendall::new(window).unwrap();
            for end in 1..=x.len() {
                sliding.push(x[end - 1]).unwrap();
                let start = end.saturating_sub(window);
                prop_assert_eq!(sliding.result(), mann_kendall(&x[start..end]));
            }
        }
    }

    #[test]
    fn removing_all_leaves_nothing() {
        let mut sliding = SlidingMannKendall::new(10).unwrap();
        for value in [3.0, 1.0, 3.0, 2.0] {
            sliding.push(value).unwrap();
        }
        while sliding.pop() {}
        assert_eq!((sliding.len(), sliding.s, sliding.tied_pairs, sliding.tied_variance), (0, 0, 0, 0));
    }
}
