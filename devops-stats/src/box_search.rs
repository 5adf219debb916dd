//! Least value of a function on the unit box, without derivatives and in bounded time.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a simplex has one corner more than the box has dimensions"
)]

use alloc::vec::Vec;

/// From how many points of the grid the simplex search starts, and how many steps each may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Simplex {
    pub(crate) starts: usize,
    pub(crate) iterations: usize,
}

struct Corner {
    point: Vec<f64>,
    value: f64,
}

/// The best of `grid`, improved by Nelder & Mead (1965) with projection on the box, then by a compass search.
pub(crate) fn minimize_in_box(
    grid: &[Vec<f64>],
    simplex: Simplex,
    objective: impl Fn(&[f64]) -> f64,
) -> Vec<f64> {
    let evaluate = |point: Vec<f64>| Corner { value: objective(&point), point };
    let mut starts: Vec<Corner> = grid.iter().cloned().map(&evaluate).collect();
    starts.sort_by(|a, b| a.value.total_cmp(&b.value));
    starts.truncate(simplex.starts);
    let best = starts
        .into_iter()
        .map(|start| nelder_mead(start, simplex.iterations, &evaluate))
        .reduce(|a, b| if b.value < a.value { b } else { a });
    best.map_or_else(Vec::new, |start| compass(start, &evaluate).point)
}

/// A point on the line from the centroid through `from`, `factor` times as far, inside the box.
fn along(centroid: &[f64], from: &[f64], factor: f64) -> Vec<f64> {
    centroid.iter().zip(from).map(|(c, f)| (c + factor * (f - c)).clamp(0.0, 1.0)).collect()
}

fn nelder_mead(start: Corner, iterations: usize, evaluate: &impl Fn(Vec<f64>) -> Corner) -> Corner {
    let dimensions = start.point.len();
    let mut corners: Vec<Corner> = (0..dimensions)
        .map(|i| {
            let mut point = start.point.clone();
            point[i] += if point[i] < 0.5 { 0.08 } else { -0.08 };
            evaluate(point)
        })
        .collect();
    corners.push(start);
    for _ in 0..iterations {
        corners.sort_by(|a, b| a.value.total_cmp(&b.value));
        let worst = &corners[dimensions];
        if worst.value - corners[0].value <= 1e-9 * corners[0].value {
            break;
        }
        let centroid: Vec<f64> = (0..dimensions)
            .map(|i| corners[..dimensions].iter().map(|c| c.point[i]).sum::<f64>() / dimensions as f64)
            .collect();
        let reflected = evaluate(along(&centroid, &worst.point, -1.0));
        let next = if reflected.value < corners[0].value {
            let expanded = evaluate(along(&centroid, &worst.point, -2.0));
            if expanded.value < reflected.value { expanded } else { reflected }
        } else if reflected.value < corners[dimensions - 1].value || dimensions == 0 {
            reflected
        } else {
            let factor = if reflected.value < worst.value { -0.5 } else { 0.5 };
            evaluate(along(&centroid, &worst.point, factor))
        };
        if next.value < worst.value {
            corners[dimensions] = next;
        } else {
            let best = corners[0].point.clone();
            for corner in &mut corners[1..] {
                *corner = evaluate(along(&best, &corner.point, 0.5));
            }
        }
    }
    corners
        .into_iter()
        .reduce(|a, b| if b.value < a.value { b } else { a })
        .unwrap_or_else(|| evaluate(Vec::new()))
}

/// Steps along every axis, halved when none helps.
fn compass(start: Corner, evaluate: &impl Fn(Vec<f64>) -> Corner) -> Corner {
    let mut best = start;
    let mut step = 0.02;
    let mut trials = 0;
    while step > 1e-5 && trials < 300 {
        let mut improved = false;
        for i in 0..best.point.len() {
            for direction in [step, -step] {
                let mut point = best.point.clone();
                point[i] = (point[i] + direction).clamp(0.0, 1.0);
                if point[i] == best.point[i] {
                    continue;
                }
                trials += 1;
                let next = evaluate(point);
                // A gain too small to matter must not keep the search going.
                if next.value < best.value * (1.0 - 1e-9) {
                    best = next;
                    improved = true;
                    break;
                }
            }
        }
        if !improved {
            step *= 0.3;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn the_least_value_is_found_inside_and_on_the_edge() {
        let search = Simplex { starts: 2, iterations: 100 };
        let grid = [vec![0.5, 0.5], vec![0.1, 0.9]];
        let bowl = |at: [f64; 2]| {
            move |p: &[f64]| 1.0 + (p[0] - at[0]).powi(2) + 10.0 * (p[1] - at[1] + p[0] - at[0]).powi(2)
        };
        for at in [[0.3, 0.7], [0.0, 1.0], [0.0, 0.2]] {
            let found = minimize_in_box(&grid, search, bowl(at));
            assert!((found[0] - at[0]).abs() < 1e-3 && (found[1] - at[1]).abs() < 1e-3, "{found:?} {at:?}");
        }
    }
}
