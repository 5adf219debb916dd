//! What a verdict compares is what the report counts.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may panic"
)]

use std::fmt::Write as _;

use devops_metrics::calendar::{Calendar, PeriodKind};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::Definition;
use devops_metrics::improvement::{CardValue, MetricCard, Observation, Sample};
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{DeliveryMetric, Group, Query, Report};
use proptest::prelude::*;

/// A log of some deployments: hour of the year, changes in it, incident hours after it (0 for none), open.
fn log(deployments: &[(u32, u32, u32, bool)]) -> DeliveryLog {
    let at = |hour: u32| {
        format!("2026-{:02}-{:02}T{:02}:00:00Z", hour / 672 % 12 + 1, hour / 24 % 28 + 1, hour % 24)
    };
    let mut text = String::new();
    for (i, (hour, changes, incident, open)) in deployments.iter().enumerate() {
        let done = at(hour + 1);
        for c in 0..*changes {
            let _ = writeln!(
                text,
                r#"{{"type":"change","id":"c{i}-{c}","service":"s","committed_at":"{}","deployments":["d{i}"]}}"#,
                at(*hour)
            );
        }
        let _ = writeln!(
            text,
            r#"{{"type":"deployment","id":"d{i}","service":"s","environment":"prod","finished_at":"{done}","outcome":"succeeded"}}"#
        );
        if *incident > 0 {
            let resolved = if *open {
                String::new()
            } else {
                format!(r#","resolved_at":"{}""#, at(hour + 2 + incident))
            };
            let _ = writeln!(
                text,
                r#"{{"type":"incident","id":"i{i}","service":"s","opened_at":"{}","caused_by_deployment":"d{i}"{resolved}}}"#,
                at(hour + 2)
            );
        }
    }
    let mut log = DeliveryLog::new();
    log.read_json_lines(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    log
}

fn year() -> Query {
    let year = Calendar::utc().days("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap()).unwrap();
    Query::new(Definition::dora_2025(), year)
}

fn total(report: &Report, metric: DeliveryMetric) -> (u64, u64) {
    let values = report.cells.iter().filter_map(|cell| cell.value(metric));
    values.fold((0, 0), |sum, v| (sum.0 + v.n, sum.1 + v.part.unwrap_or(0)))
}

fn sample(observed: &[Observation], metric: DeliveryMetric) -> Option<Sample> {
    observed.iter().find(|o| o.metric.as_str() == metric.id()).map(|o| o.sample.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn observations_are_those_of_the_report(
        deployments in prop::collection::vec((0u32..8_000, 0u32..4, 0u32..40, any::<bool>()), 0..30),
    ) {
        let log = log(&deployments);
        let dataset = Dataset::of(&log);
        let weekly = year().every(PeriodKind::Week);
        let observed = weekly.observe(&dataset, &Group::All).unwrap();
        let report = weekly.run(&dataset).unwrap();
        let n = |metric| sample(&observed, metric).map_or(0, |s| s.n());
        let (count, _) = total(&report, DeliveryMetric::DeploymentFrequency);
        prop_assert_eq!(n(DeliveryMetric::DeploymentFrequency), count);
        let (whole, part) = total(&report, DeliveryMetric::ChangeFailureRate);
        let share = (whole > 0).then(|| Sample::share(part, whole).unwrap());
        prop_assert_eq!(sample(&observed, DeliveryMetric::ChangeFailureRate), share);
        prop_assert_eq!(n(DeliveryMetric::RecoveryTime), total(&report, DeliveryMetric::RecoveryTime).0);
        let carrying = deployments.iter().filter(|d| d.1 > 0).count() as u64;
        prop_assert!(n(DeliveryMetric::ChangeLeadTime) <= carrying);

        let whole = year().run(&dataset).unwrap();
        let cards = MetricCard::of_delivery(&whole.cells[0]).unwrap();
        let known = CardValue::Counted { events: count, exposure: devops_core::Number::from(365) };
        prop_assert_eq!(&cards[0].value, &known);
    }
}
