//! Answers the weekly four once, to see what memory the whole process takes and how its time scales with threads.

use std::time::Instant;

use devops_benches::delivery::{FULL, log, weekly_four};
use devops_metrics::dataset::Dataset;

fn main() {
    let log = log(FULL);
    let start = Instant::now();
    let dataset = Dataset::of(&log);
    println!("{} services laid out in {:.0?}", dataset.services().count(), start.elapsed());
    let query = weekly_four();
    let mut times = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        let cells = query.summary(&dataset).map_or(0, |summary| summary.cells.len());
        times.push((start.elapsed(), cells));
    }
    times.sort_unstable();
    println!("{} cells in {:.1?}, the median of {}", times[4].1, times[4].0, times.len());
    println!("log {} MB, columns {} MB", log.heap_bytes() / 1_000_000, dataset.heap_bytes() / 1_000_000);
}
