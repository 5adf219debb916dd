//! Cycles in a graph of prerequisites.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// One cycle for each knot of nodes that wait for each other: the nodes on it, beginning and ending with its
/// lowest.
///
/// An explicit stack, so that a long chain cannot overflow the machine's.
pub(super) fn cycles(graph: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut done = alloc::vec![false; graph.len()];
    let mut found = Vec::new();
    for start in 0..graph.len() {
        walk(graph, start, &mut done, &mut found);
    }
    found
}

fn walk(graph: &[Vec<usize>], start: usize, done: &mut [bool], found: &mut Vec<Vec<usize>>) {
    let seen = |done: &[bool], node: usize| done.get(node).copied().unwrap_or(true);
    if seen(done, start) {
        return;
    }
    let mut path: Vec<(usize, usize)> = alloc::vec![(start, 0)];
    let mut on_path = BTreeSet::from([start]);
    while let Some((node, next)) = path.last_mut() {
        let Some(target) = graph.get(*node).and_then(|targets| targets.get(*next)).copied() else {
            if let Some(flag) = done.get_mut(*node) {
                *flag = true;
            }
            on_path.remove(node);
            path.pop();
            continue;
        };
        *next = next.saturating_add(1);
        if on_path.contains(&target) {
            let ring = path.iter().map(|(node, _)| *node).skip_while(|node| *node != target);
            found.push(from_lowest(&ring.collect::<Vec<_>>()));
        } else if !seen(done, target) {
            on_path.insert(target);
            path.push((target, 0));
        }
    }
}

fn from_lowest(ring: &[usize]) -> Vec<usize> {
    let lowest = ring.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(place, _)| place);
    let (tail, head) = ring.split_at_checked(lowest).unwrap_or((&[], ring));
    let mut cycle: Vec<usize> = head.iter().chain(tail).copied().collect();
    cycle.extend(cycle.first().copied());
    cycle
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    #[test]
    fn each_cycle_is_told_from_its_lowest() {
        assert_eq!(cycles(&[vec![1], vec![2], vec![]]), Vec::<Vec<usize>>::new());
        assert_eq!(cycles(&[vec![0]]), [vec![0, 0]]);
        assert_eq!(cycles(&[vec![2], vec![0], vec![1], vec![0]]), [vec![0, 2, 1, 0]]);
        assert_eq!(cycles(&[vec![1], vec![0], vec![3], vec![2]]), [vec![0, 1, 0], vec![2, 3, 2]]);
    }

    #[test]
    fn a_long_chain_is_no_danger() {
        let graph: Vec<Vec<usize>> = (0..100_000).map(|i| vec![(i + 1) % 100_000]).collect();
        assert_eq!(cycles(&graph).len(), 1);
    }

    proptest! {
        /// The slow form: a node on a cycle reaches itself.
        #[test]
        fn agrees_with_reachability(graph in prop::collection::vec(prop::collection::vec(0usize..8, 0..3), 8)) {
            let mut reach = [[false; 8]; 8];
            for (from, targets) in graph.iter().enumerate() {
                for to in targets {
                    reach[from][*to] = true;
                }
            }
            for k in 0..8 {
                for i in 0..8 {
                    for j in 0..8 {
                        reach[i][j] |= reach[i][k] && reach[k][j];
                    }
                }
            }
            let cyclic = (0..8).any(|i| reach[i][i]);
            let found = cycles(&graph);
            prop_assert_eq!(cyclic, !found.is_empty());
            for cycle in found {
                prop_assert!(cycle.windows(2).all(|pair| graph[pair[0]].contains(&pair[1])));
            }
        }
    }
}
