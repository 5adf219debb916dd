//! Weekly delivery metrics of 2,000 services over 156 weeks, on one thread: layout, query, update, reading.
//!
//! The numbers are checked before anything is timed.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use devops_benches::delivery::{Expected, FULL, START, Size, events, json_lines, log, weekly_four};
use devops_core::Timestamp;
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::OpenRule;
use devops_metrics::event::{Arrival, Retraction};
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{Live, Summary};

fn check(summary: &Summary, dataset: &Dataset<'_>) {
    let cells = &summary.cells;
    let sum = |of: fn(&devops_metrics::query::CellNumbers) -> u32| {
        cells.iter().map(|c| u64::from(of(c))).sum::<u64>()
    };
    assert_eq!(sum(|cell| cell.deployments), Expected::DEPLOYMENTS);
    assert_eq!(sum(|cell| cell.failures), Expected::FAILED);
    assert_eq!(sum(|cell| cell.restores), Expected::RESTORED);
    let leads: Vec<f64> = cells.iter().filter_map(|cell| cell.lead()).collect();
    assert_eq!((leads.len(), leads.iter().sum::<f64>()), (Expected::LEAD_CELLS, Expected::LEAD_SUM));
    let restores: Vec<f64> = cells.iter().filter_map(|cell| cell.restore()).collect();
    assert_eq!(
        (restores.len(), restores.iter().sum::<f64>()),
        (Expected::RESTORE_CELLS, Expected::RESTORE_SUM)
    );
    assert_eq!(cells.iter().filter(|cell| cell.deployments > 0).count(), Expected::CELLS);
    // The peers' joined table also has the cells of incidents alone, open ones among them.
    let mut open = weekly_four();
    open.definition.restore.open = OpenRule::UntilNow;
    let open = open.summary(dataset).expect("a right query");
    let filled = open.cells.iter().filter(|c| c.deployments > 0 || c.leads > 0 || c.restores > 0).count();
    assert_eq!(filled, Expected::JOINED_CELLS);
}

fn delivery(criterion: &mut Criterion) {
    let log = log(FULL);
    let dataset = Dataset::of(&log);
    let query = weekly_four();
    check(&query.summary(&dataset).expect("a right query"), &dataset);
    let raw = 8 * (5 * 500_000 + 3 * 2_000_000 + 5 * 50_000);
    eprintln!(
        "log {} MB, columns {} MB, raw columns of the peers about {} MB",
        log.heap_bytes() / 1_000_000,
        dataset.heap_bytes() / 1_000_000,
        raw / 1_000_000,
    );
    let mut group = criterion.benchmark_group("delivery");
    group.sample_size(10);
    group.bench_function("weekly_four", |b| b.iter(|| black_box(query.summary(&dataset))));
    group.bench_function("layout", |b| b.iter(|| black_box(Dataset::of(&log).services().count())));
    let mut live = Live::of(query.clone(), &log).expect("a right query");
    assert_eq!(live.summary(), query.summary(&dataset));
    // A deployment is taken back and told again, turn by turn.
    let event = events(FULL).nth(250_000).expect("there are so many");
    let mut arrived = START;
    group.bench_function("update", |b| {
        b.iter(|| {
            arrived += 1;
            let at = Timestamp::from_millis(arrived * 1000).expect("a time");
            let event =
                if arrived % 2 == 0 { event.clone() } else { Retraction::new(event.id().clone()).into() };
            live.insert(&Arrival::new(event, at)).expect("a right event").cells.len()
        });
    });
    group.finish();
}

fn reading(criterion: &mut Criterion) {
    let text = json_lines(Size { deployments: 10_000, changes: 40_000, incidents: 1_000 });
    let mut group = criterion.benchmark_group("delivery_reading");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    group.bench_function("serde_json_value", |b| {
        b.iter(|| text.lines().map(serde_json::from_str::<serde_json::Value>).filter(Result::is_ok).count());
    });
    group.bench_function("serde_json_struct", |b| {
        b.iter(|| text.lines().map(serde_json::from_str::<Row<'_>>).filter(Result::is_ok).count());
    });
    group.bench_function("log", |b| {
        b.iter_batched_ref(
            DeliveryLog::new,
            |log| log.read_json_lines(text.as_bytes()),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// What a program that trusts its input would read the lines into.
#[derive(serde::Deserialize)]
#[expect(dead_code, reason = "read to be timed")]
struct Row<'a> {
    r#type: &'a str,
    id: &'a str,
    service: &'a str,
    committed_at: Option<&'a str>,
    deployments: Option<Vec<&'a str>>,
    finished_at: Option<&'a str>,
    outcome: Option<&'a str>,
    opened_at: Option<&'a str>,
    resolved_at: Option<&'a str>,
    caused_by_deployment: Option<&'a str>,
}

criterion_group!(benches, delivery, reading);
criterion_main!(benches);
