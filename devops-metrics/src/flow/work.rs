//! How changes flow: batches, what waits, stages, and whether it all fits together.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use devops_core::{Timestamp, Unit};
use devops_stats::quantile::{QuantileType, quantiles};

use super::carried::{Carried, Journey};
use super::{FlowError, FlowQuery, Lasting};
use crate::dataset::Dataset;
use crate::query::Reason;

const HOUR: f64 = 3_600_000.0;
const DAY: f64 = 24.0 * HOUR;

/// A stage on the way of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stage {
    /// From the commit to the opening of the pull request.
    CommitToOpen,
    /// From opening to merging.
    OpenToMerge,
    /// From merging to the deployment.
    MergeToDeploy,
    /// From the commit to the deployment.
    CommitToDeploy,
}

/// How many changes deployments carry.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct BatchSize {
    /// Deployments that count, of the window.
    pub deployments: u64,
    /// Changes that they were the first to carry.
    pub changes: u64,
    /// Deployments without such a change.
    pub empty: u64,
    /// Half of the deployments carry at most so many; `None` without a deployment. Of an even number the middle.
    pub median: Option<f64>,
    /// Nine tenths carry at most so many.
    pub p90: Option<f64>,
    /// The largest batch.
    pub largest: u64,
}

/// Changes that are begun and not deployed.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct WorkInProgress {
    /// At the start of the window.
    pub at_start: u64,
    /// At its end.
    pub at_end: u64,
    /// On average over the window; `None` of an empty one.
    pub mean: Option<f64>,
}

/// Whether work in progress, throughput and time fit together (Little 1961): in a steady flow, the mean number of
/// changes in progress is the changes that are deployed a day times the days that each takes.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct LittlesLaw {
    /// Changes in progress on average.
    pub in_progress: f64,
    /// Changes deployed a day.
    pub per_day: f64,
    /// Mean days from begin to deployment of the changes deployed in the window.
    pub days: f64,
    /// `in_progress` over `per_day · days`. About 1 in a steady flow; above, work piles up that is older than what is
    /// delivered, or was begun and left; below, old work is being delivered.
    pub ratio: f64,
}

/// How work flowed in a window.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Work {
    /// Changes a deployment.
    pub batch_size: BatchSize,
    /// Changes begun and not deployed.
    pub in_progress: WorkInProgress,
    /// Hours that the changes in progress at the end of the window have been waiting: how long things that are not
    /// over have lasted, so all are open and `oldest` and the quartiles are plain order statistics.
    pub undeployed: Ages,
    /// Hours from begin to deployment of the changes begun in the window; those not deployed at its end have lasted
    /// until then.
    pub time_to_deploy: Lasting,
    /// Hours in each stage, of the changes deployed in the window whose ends are known and in order.
    pub stages: BTreeMap<Stage, Lasting>,
    /// Whether the numbers fit together; `None` where nothing was deployed or in progress.
    pub littles_law: Option<LittlesLaw>,
    /// Changes that are in none of these, as it is not known whether they were deployed.
    pub left_out: BTreeMap<Reason, u64>,
}

/// Ages of what is not deployed, in hours.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Ages {
    /// How many.
    pub n: u64,
    /// Half are at most so old.
    pub median: Option<f64>,
    /// Nine tenths are at most so old.
    pub p90: Option<f64>,
    /// The oldest.
    pub oldest: Option<f64>,
}

impl Work {
    /// The flow of a window.
    ///
    /// Which deployment carries a change is decided as [`Definition::dora_2025`](crate::definition::Definition) does: as
    /// events name it, or else the next one of the service. A change of several services counts once for each.
    ///
    /// # Errors
    ///
    /// [`FlowError`].
    ///
    /// ```
    /// use devops_metrics::calendar::Window;
    /// use devops_metrics::dataset::Dataset;
    /// use devops_metrics::flow::{FlowQuery, Work};
    /// use devops_metrics::log::DeliveryLog;
    ///
    /// let mut log = DeliveryLog::new();
    /// log.read_json_lines(br#"
    /// {"type":"deployment","id":"d1","service":"api","environment":"prod","finished_at":"2026-03-05T00:00:00Z","outcome":"succeeded"}
    /// {"type":"change","id":"c1","service":"api","committed_at":"2026-03-02T00:00:00Z","deployments":["d1"]}
    /// {"type":"change","id":"c2","service":"api","committed_at":"2026-03-03T00:00:00Z","deployments":["d1"]}
    /// {"type":"change","id":"c3","service":"api","committed_at":"2026-03-10T00:00:00Z"}
    /// "#)?;
    /// let window = Window::new("2026-03-01T00:00:00Z".parse()?, "2026-03-11T00:00:00Z".parse()?)?;
    /// let work = Work::of(&Dataset::of(&log), &FlowQuery::new(window))?;
    /// assert_eq!((work.batch_size.changes, work.batch_size.median), (2, Some(2.0)));
    /// assert_eq!((work.in_progress.at_end, work.undeployed.oldest), (1, Some(24.0)));
    /// assert_eq!(work.in_progress.mean, Some(0.6)); // 3 + 2 + 1 days of waiting in 10 days
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(dataset: &Dataset<'_>, query: &FlowQuery) -> Result<Self, FlowError> {
        let carried = Carried::of(dataset, query);
        let begun: Vec<Journey> =
            carried.journeys.iter().filter(|j| query.window().contains(j.begun)).copied().collect();
        let mut waits: Vec<(f64, bool)> = Vec::new();
        for journey in &begun {
            let over = journey.deployed.filter(|at| *at < query.window().to());
            let end = over.unwrap_or(query.window().to()).max(journey.begun);
            waits.push((millis(journey.begun, end) / HOUR, over.is_some()));
        }
        Ok(Self {
            batch_size: batches(&carried, query)?,
            in_progress: in_progress(&carried, query),
            undeployed: ages(&carried, query)?,
            time_to_deploy: Lasting::new(&waits, Unit::Hours, query.confidence())?,
            stages: stages(&carried, query)?,
            littles_law: littles_law(&carried, query),
            left_out: carried.unknown,
        })
    }
}

fn batches(carried: &Carried, query: &FlowQuery) -> Result<BatchSize, FlowError> {
    let inside = carried.batches.iter().filter(|(at, _)| query.window().contains(*at));
    let sizes: Vec<u64> = inside.map(|(_, changes)| *changes).collect();
    let [median, p90] = middle_and_tail(&sizes.iter().map(|n| count(*n)).collect::<Vec<_>>())?;
    Ok(BatchSize {
        deployments: length(sizes.len()),
        changes: sizes.iter().copied().fold(0, u64::saturating_add),
        empty: length(sizes.iter().filter(|n| **n == 0).count()),
        median,
        p90,
        largest: sizes.iter().copied().max().unwrap_or(0),
    })
}

/// Whether a change is begun and not deployed at an instant.
fn waits(journey: &Journey, at: Timestamp) -> bool {
    journey.begun <= at && journey.deployed.is_none_or(|deployed| deployed > at)
}

fn in_progress(carried: &Carried, query: &FlowQuery) -> WorkInProgress {
    let window = query.window();
    let at = |instant: Timestamp| length(carried.journeys.iter().filter(|j| waits(j, instant)).count());
    let mean = (window.millis() > 0).then(|| waiting(carried, query) / millis(window.from(), window.to()));
    WorkInProgress { at_start: at(window.from()), at_end: at(window.to()), mean }
}

/// Milliseconds that changes waited within the window, added up.
fn waiting(carried: &Carried, query: &FlowQuery) -> f64 {
    let window = query.window();
    let within = carried.journeys.iter().map(|journey| {
        let from = journey.begun.max(window.from());
        let to = journey.deployed.unwrap_or(window.to()).min(window.to());
        to.millis_since(from).max(0)
    });
    float(within.fold(0, i64::saturating_add))
}

fn ages(carried: &Carried, query: &FlowQuery) -> Result<Ages, FlowError> {
    let end = query.window().to();
    let waiting = carried.journeys.iter().filter(|journey| waits(journey, end));
    let hours: Vec<f64> = waiting.map(|journey| millis(journey.begun, end) / HOUR).collect();
    let [median, p90] = middle_and_tail(&hours)?;
    Ok(Ages { n: length(hours.len()), median, p90, oldest: hours.iter().copied().max_by(f64::total_cmp) })
}

fn stages(carried: &Carried, query: &FlowQuery) -> Result<BTreeMap<Stage, Lasting>, FlowError> {
    let mut found: BTreeMap<Stage, Vec<(f64, bool)>> = BTreeMap::new();
    let done = carried.journeys.iter().filter(|j| j.deployed.is_some_and(|at| query.window().contains(at)));
    for journey in done {
        let parts = [
            (Stage::CommitToOpen, journey.committed, journey.opened),
            (Stage::OpenToMerge, journey.opened, journey.merged),
            (Stage::MergeToDeploy, journey.merged, journey.deployed),
            (Stage::CommitToDeploy, journey.committed, journey.deployed),
        ];
        for (stage, from, to) in parts {
            // A part that runs backwards is none: commits are amended after the pull request was opened.
            if let Some((from, to)) = from.zip(to).filter(|(from, to)| from <= to) {
                found.entry(stage).or_default().push((millis(from, to) / HOUR, true));
            }
        }
    }
    let told = found.into_iter();
    told.map(|(stage, all)| Ok((stage, Lasting::new(&all, Unit::Hours, query.confidence())?))).collect()
}

fn littles_law(carried: &Carried, query: &FlowQuery) -> Option<LittlesLaw> {
    let window = query.window();
    let length = millis(window.from(), window.to());
    let done = carried.journeys.iter().filter_map(|j| Some((j.begun, j.deployed?)));
    let done = done.filter(|(_, deployed)| window.contains(*deployed));
    let times: Vec<i64> = done.map(|(begun, deployed)| deployed.millis_since(begun).max(0)).collect();
    let in_progress = waiting(carried, query) / length;
    let total = float(times.iter().copied().fold(0, i64::saturating_add));
    if times.is_empty() || total <= 0.0 || length <= 0.0 {
        return None;
    }
    let n = count(self::length(times.len()));
    let (per_day, days) = (n / (length / DAY), total / n / DAY);
    Some(LittlesLaw { in_progress, per_day, days, ratio: in_progress / (per_day * days) })
}

fn middle_and_tail(values: &[f64]) -> Result<[Option<f64>; 2], FlowError> {
    if values.is_empty() {
        return Ok([None, None]);
    }
    let found = quantiles(values, &[0.5, 0.9], QuantileType::Type7)?;
    Ok([found.first().copied(), found.get(1).copied()])
}

fn millis(from: Timestamp, to: Timestamp) -> f64 {
    float(to.millis_since(from))
}

#[expect(clippy::cast_precision_loss, reason = "sums of milliseconds of logs are far below 2^53")]
const fn float(value: i64) -> f64 {
    value as f64
}

#[expect(clippy::cast_precision_loss, reason = "numbers of events are below 2^32")]
const fn count(value: u64) -> f64 {
    value as f64
}

fn length(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Window;
    use crate::log::DeliveryLog;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_millis(1_772_323_200_000 + hours * 3_600_000).unwrap()
    }

    fn query(from: i64, to: i64) -> FlowQuery {
        FlowQuery::new(Window::new(at(from), at(to)).unwrap())
    }

    fn log(lines: &[String]) -> DeliveryLog {
        let mut log = DeliveryLog::new();
        log.read_json_lines(lines.join("\n").as_bytes()).unwrap();
        log
    }

    fn deployment(id: &str, hour: i64, environment: &str) -> String {
        format!(
            r#"{{"type":"deployment","id":"{id}","service":"api","environment":"{environment}","finished_at":"{}","outcome":"succeeded"}}"#,
            at(hour)
        )
    }

    fn change(id: &str, hour: i64, deployments: &str) -> String {
        format!(
            r#"{{"type":"change","id":"{id}","service":"api","committed_at":"{}","deployments":[{deployments}]}}"#,
            at(hour)
        )
    }

    #[test]
    fn batches_are_changes_of_first_deployments() {
        let events = log(&[
            deployment("d1", 10, "prod"),
            deployment("d2", 20, "prod"),
            deployment("d3", 30, "prod"),
            deployment("s1", 5, "staging"),
            change("c1", 1, r#""s1","d1""#),
            change("c2", 2, r#""d1","d2""#),
            change("c3", 12, r#""d2""#),
            change("c4", 3, r#""d1""#),
        ]);
        let work = Work::of(&Dataset::of(&events), &query(0, 100)).unwrap();
        let batch = work.batch_size;
        assert_eq!((batch.deployments, batch.changes, batch.empty, batch.largest), (3, 4, 1, 3));
        assert_eq!((batch.median, batch.p90), (Some(1.0), Some(2.6)));
        assert!(work.left_out.is_empty(), "{:?}", work.left_out);
        let last = Work::of(&Dataset::of(&events), &query(15, 25)).unwrap().batch_size;
        assert_eq!((last.deployments, last.changes), (1, 1));
    }

    #[test]
    fn what_waits_is_counted_and_aged() {
        let events = log(&[
            deployment("d0", -100, "prod"),
            deployment("d1", 10, "prod"),
            deployment("d2", 40, "prod"),
            change("c1", -20, r#""d1""#),
            change("c2", 4, r#""d1""#),
            change("c3", 12, r#""d2""#),
            change("c4", 18, ""),
            // It came only after the window.
            change("c5", 90, ""),
        ]);
        let work = Work::of(&Dataset::of(&events), &query(0, 20)).unwrap();
        assert_eq!((work.in_progress.at_start, work.in_progress.at_end), (1, 2));
        // 10 + 6 + 8 + 2 hours within 20.
        assert_eq!(work.in_progress.mean, Some(1.3));
        assert_eq!(
            (work.undeployed.n, work.undeployed.oldest, work.undeployed.median),
            (2, Some(8.0), Some(5.0))
        );
        // Begun in the window: one deployed after six hours, two still waiting.
        let time = work.time_to_deploy;
        assert_eq!((time.n, time.open, time.median, time.p75), (3, 2, Some(6.0), None));
    }

    #[test]
    fn stages_of_pull_requests() {
        let pull = format!(
            r#"{{"type":"change","id":"p1","service":"api","unit":"pull_request","committed_at":"{}","opened_at":"{}","merged_at":"{}","deployments":["d1"]}}"#,
            at(1),
            at(3),
            at(8)
        );
        let backwards = format!(
            r#"{{"type":"change","id":"p2","service":"api","unit":"pull_request","committed_at":"{}","opened_at":"{}","merged_at":"{}","deployments":["d1"]}}"#,
            at(5),
            at(3),
            at(8)
        );
        let events = log(&[deployment("d1", 10, "prod"), pull, backwards]);
        let stages = Work::of(&Dataset::of(&events), &query(0, 20)).unwrap().stages;
        let told: Vec<(Stage, usize, Option<f64>)> =
            stages.iter().map(|(s, l)| (*s, l.n, l.median)).collect();
        assert_eq!(
            told,
            vec![
                (Stage::CommitToOpen, 1, Some(2.0)),
                (Stage::OpenToMerge, 2, Some(5.0)),
                (Stage::MergeToDeploy, 2, Some(2.0)),
                (Stage::CommitToDeploy, 2, Some(7.0)),
            ]
        );
    }

    #[test]
    fn little_holds_in_a_steady_flow_and_not_when_work_piles_up() {
        // One change an hour, each deployed after five.
        let steady: Vec<String> = (-50..150)
            .flat_map(|hour| {
                let id = format!("d{hour}");
                [deployment(&id, hour + 5, "prod"), change(&format!("c{hour}"), hour, &format!("\"{id}\""))]
            })
            .collect();
        let law = Work::of(&Dataset::of(&log(&steady)), &query(0, 100)).unwrap().littles_law.unwrap();
        assert!((law.ratio - 1.0).abs() < 0.02, "{law:?}");
        assert_eq!((law.per_day, law.days), (24.0, 5.0 / 24.0));
        // Twenty changes of a service that is never deployed.
        let abandoned = (0..20).map(|n| change(&format!("x{n}"), n, "").replace("api", "web"));
        let piled: Vec<String> = steady.into_iter().chain(abandoned).collect();
        let law = Work::of(&Dataset::of(&log(&piled)), &query(0, 100)).unwrap().littles_law.unwrap();
        assert!((law.in_progress - 23.1).abs() < 1e-9, "{law:?}");
        assert!((law.ratio - 4.62).abs() < 0.02, "{law:?}");
    }

    #[test]
    fn nothing_is_no_number() {
        let work = Work::of(&Dataset::of(&DeliveryLog::new()), &query(0, 10)).unwrap();
        assert_eq!((work.batch_size.median, work.undeployed.median, work.littles_law), (None, None, None));
        assert_eq!((work.in_progress.mean, work.time_to_deploy.n), (Some(0.0), 0));
        let empty = Work::of(&Dataset::of(&DeliveryLog::new()), &query(10, 10)).unwrap();
        assert_eq!(empty.in_progress.mean, None);
    }
}
