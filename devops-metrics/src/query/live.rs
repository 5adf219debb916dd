//! A query whose numbers follow the events one by one.

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use devops_core::Timestamp;

use super::changed::{ChangedCell, Table, changed};
use super::group::{Group, Grouping};
use super::needs::{Holds, needs};
use super::report::{Cell, Report};
use super::state::is_closed_by_service;
use super::summary::{CellNumbers, Summary};
use super::{Query, QueryError};
use crate::dataset::Dataset;
use crate::event::record::{List, Record, Text};
use crate::event::{Arrival, EventError};
use crate::log::{DeliveryLog, Effect, Insertion, hash};

/// A query that is kept answered while events arrive: late ones, revisions and retractions too.
///
/// The events are kept in parts that no link leaves: of a service, or of several that events, teams or the definition
/// tie together. An event costs the answer of its part alone, and says which cells it changed. Under a definition that
/// links across services, by environment and for everything together there is one part, and each event costs a whole
/// answer.
///
/// The answers are those of the query over all events, byte for byte: [`report`](Self::report) those of [`Query::run`],
/// with intervals, quantiles and what is left out; [`summary`](Self::summary) those of [`Query::summary`]. An update has
/// the cells that it changed in full, before and after. `now` is that of the query; it does not move by itself.
///
/// ```
/// use devops_metrics::calendar::{Calendar, PeriodKind};
/// use devops_metrics::definition::Definition;
/// use devops_metrics::event::{Arrival, Deployment, Outcome, Retraction};
/// use devops_metrics::query::{Cell, DeliveryMetric, Grouping, Live, Query};
///
/// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
/// let query = Query::new(Definition::dora_2025(), march).by(Grouping::Service).every(PeriodKind::Week);
/// let mut live = Live::new(query)?;
/// let time = "2026-03-03T10:00:00Z".parse()?;
/// let deployment = Deployment::new("d1".parse()?, "api".parse()?, time, Outcome::Succeeded);
/// let update = live.insert(&Arrival::new(deployment, time))?;
/// let frequency = |cell: &Option<Cell>| cell.as_ref()?.value(DeliveryMetric::DeploymentFrequency).cloned();
/// let week = update.cells.iter().find(|cell| cell.period == "2026-W10").unwrap();
/// let now = frequency(&week.after).unwrap();
/// assert_eq!(now.to_string(), "deployment frequency: 0.14/day (0 to 0.8 at 95 %, n = 1)");
///
/// let later = "2026-03-09T00:00:00Z".parse()?;
/// live.insert(&Arrival::new(Retraction::new("d1".parse()?), later))?;
/// assert!(live.summary()?.cells.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Live {
    query: Query,
    /// One part holds everything.
    whole: bool,
    periods: Vec<String>,
    /// The part of each name that an event has or mentions, by its hash: two names of one hash share a part, no more.
    homes: BTreeMap<u64, u32>,
    /// The part that a part went into; itself where it still is one.
    went_into: Vec<u32>,
    parts: BTreeMap<u32, Part>,
}

/// Events that only have to do with each other, and their numbers.
#[derive(Debug, Clone, Default)]
struct Part {
    log: DeliveryLog,
    /// How many names were told to be here: the lighter part goes into the heavier one.
    weight: usize,
    numbers: Numbers,
}

/// The numbers of a part.
#[derive(Debug, Clone, Default)]
struct Numbers {
    groups: Vec<Group>,
    cells: Vec<CellNumbers>,
    holds: Holds,
    refused: Option<QueryError>,
}

impl Numbers {
    fn of(query: &Query, dataset: &Dataset<'_>) -> Self {
        let holds = Holds::of(dataset);
        match query.summary(dataset) {
            Ok(Summary { groups, cells, .. }) => Self { groups, cells, holds, refused: None },
            Err(refused) => Self { holds, refused: Some(refused), ..Self::default() },
        }
    }
}

/// What an event did to a live query.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Update {
    /// What it did to the log.
    pub effect: Effect,
    /// The cells whose answers it changed, by group and period. Where it is the first event of a kind that the definition
    /// needs, or the last one is taken back, cells without a number change their reason everywhere; those of events that
    /// this one has nothing to do with are not listed for that.
    pub cells: Vec<ChangedCell>,
}

impl Live {
    /// Without any event.
    ///
    /// # Errors
    ///
    /// [`QueryError`], as [`Query::summary`].
    pub fn new(query: Query) -> Result<Self, QueryError> {
        let periods = query.summary(&Dataset::of(&DeliveryLog::new()))?.periods;
        let together = matches!(query.grouping, Grouping::All | Grouping::Environment);
        let whole = together || !is_closed_by_service(&query.definition);
        let (homes, went_into, parts) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        let mut live = Self { query, whole, periods, homes, went_into, parts };
        if whole {
            let part = live.found_part();
            live.answer(part);
        }
        Ok(live)
    }

    /// With the events of a log.
    ///
    /// # Errors
    ///
    /// [`QueryError`], as [`Query::summary`].
    ///
    /// ```
    /// use devops_metrics::calendar::Calendar;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::log::DeliveryLog;
    /// use devops_metrics::query::{Live, Query};
    ///
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let live = Live::of(Query::new(Definition::dora_2025(), march), &DeliveryLog::new())?;
    /// assert_eq!(live.summary()?.cells[0].deployments, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(query: Query, log: &DeliveryLog) -> Result<Self, QueryError> {
        let mut live = Self::new(query)?;
        let revisions = 0..crate::dataset::row(log.revision_count());
        for revision in revisions.clone() {
            live.home(&log.record(revision));
        }
        for revision in revisions {
            let part = live.home(&log.record(revision));
            live.parts.entry(part).or_default().log.copy(log, revision);
        }
        let parts: Vec<u32> = live.parts.keys().copied().collect();
        parts.into_iter().for_each(|part| live.answer(part));
        Ok(live)
    }

    /// The query.
    #[must_use]
    pub const fn query(&self) -> &Query {
        &self.query
    }

    /// Takes an event.
    ///
    /// # Errors
    ///
    /// [`EventError`] where the event is refused; nothing has changed then. What the definition refuses, such as a negative
    /// duration, is told by [`summary`](Self::summary).
    pub fn insert(&mut self, arrival: &Arrival) -> Result<Update, EventError> {
        let record = arrival.event.record().settle()?;
        let (count, holds) = (self.parts.len(), self.holds());
        let mut before = DeliveryLog::new();
        for part in self.touched(&record).iter().filter_map(|part| self.parts.get(part)) {
            if before.is_empty() {
                before = part.log.clone();
            } else {
                before.merge(&part.log);
            }
        }
        let home = self.home(&record);
        let effect = self.parts.entry(home).or_default().log.insert(arrival)?;
        let present = matches!(effect.insertion, Insertion::Added | Insertion::Revised);
        if !present {
            if self.parts.len() != count {
                self.answer(home);
            }
            return Ok(Update { effect, cells: Vec::new() });
        }
        let (numbers, cells) = self.compare(&before, holds, home);
        if let Some(part) = self.parts.get_mut(&home) {
            part.numbers = numbers;
        }
        Ok(Update { effect, cells })
    }

    /// The numbers of a part, and where its answers differ from those before.
    fn compare(&self, before: &DeliveryLog, held: Holds, home: u32) -> (Numbers, Vec<ChangedCell>) {
        let nothing = DeliveryLog::new();
        let log = self.parts.get(&home).map_or(&nothing, |part| &part.log);
        let (before, after) = (Dataset::of(before), Dataset::of(log));
        let numbers = Numbers::of(&self.query, &after);
        let others = self.parts.iter().filter(|(part, _)| **part != home).map(|(_, part)| part.numbers.holds);
        let holds = others.fold(numbers.holds, Holds::and);
        let table = |dataset, holds| {
            let needs = needs(&self.query.definition, holds);
            Table::of(&self.query, dataset, needs).ok()
        };
        let cells = changed(table(&before, held).as_ref(), table(&after, holds).as_ref());
        (numbers, cells)
    }

    /// Which kinds of events there are, in all parts.
    fn holds(&self) -> Holds {
        self.parts.values().fold(Holds::default(), |all, part| all.and(part.numbers.holds))
    }

    /// All answers, as [`Query::run`] has them over all events.
    ///
    /// # Errors
    ///
    /// [`QueryError`] where the definition refuses what an event says.
    ///
    /// ```
    /// use devops_metrics::calendar::Calendar;
    /// use devops_metrics::dataset::Dataset;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::log::DeliveryLog;
    /// use devops_metrics::query::{Grouping, Live, Query};
    ///
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let query = Query::new(Definition::dora_2025(), march).by(Grouping::Service);
    /// let mut log = DeliveryLog::new();
    /// log.read_json_lines(br#"{"type":"deployment","id":"d1","service":"api","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}"#)?;
    /// assert_eq!(Live::of(query.clone(), &log)?.report()?, query.run(&Dataset::of(&log))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn report(&self) -> Result<Report, QueryError> {
        self.report_of(Cow::Borrowed)
    }

    /// All answers as they were with what had arrived by that time: as [`Query::run`] has them over
    /// [`DeliveryLog::as_known_at`].
    ///
    /// # Errors
    ///
    /// [`QueryError`] where the definition refuses what an event says.
    ///
    /// ```
    /// use devops_metrics::calendar::Calendar;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::event::{Arrival, Deployment, Outcome};
    /// use devops_metrics::query::{DeliveryMetric, Live, Query};
    ///
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let mut live = Live::new(Query::new(Definition::dora_2025(), march))?;
    /// let (time, late) = ("2026-03-03T10:00:00Z".parse()?, "2026-04-07T09:00:00Z".parse()?);
    /// let deployment = Deployment::new("d1".parse()?, "api".parse()?, time, Outcome::Succeeded);
    /// live.insert(&Arrival::new(deployment, late))?;
    /// let deployments = |report: &devops_metrics::query::Report| {
    ///     report.cells[0].value(DeliveryMetric::DeploymentFrequency).map(|value| value.n)
    /// };
    /// assert_eq!(deployments(&live.report()?), Some(1));
    /// assert_eq!(deployments(&live.report_as_known_at("2026-04-01T00:00:00Z".parse()?)?), Some(0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn report_as_known_at(&self, time: Timestamp) -> Result<Report, QueryError> {
        self.report_of(|log| Cow::Owned(log.as_known_at(time)))
    }

    fn report_of<'l>(
        &'l self,
        state: impl Fn(&'l DeliveryLog) -> Cow<'l, DeliveryLog>,
    ) -> Result<Report, QueryError> {
        let logs: Vec<Cow<'l, DeliveryLog>> = self.parts.values().map(|part| state(&part.log)).collect();
        let datasets: Vec<Dataset<'_>> = logs.iter().map(|log| Dataset::of(log)).collect();
        let holds = datasets.iter().map(Holds::of).fold(Holds::default(), Holds::and);
        let nothing = DeliveryLog::new();
        let mut all = self.query.run_holding(&Dataset::of(&nothing), holds)?;
        if self.whole {
            all.cells.clear();
        }
        for dataset in &datasets {
            all.join(self.query.run_holding(dataset, holds)?);
        }
        Ok(all.settle())
    }

    /// The answers of one cell.
    ///
    /// # Errors
    ///
    /// [`QueryError`]; among others where there is no such group or period.
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, PeriodKind};
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::query::{Group, Live, Query};
    ///
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let live = Live::new(Query::new(Definition::dora_2025(), march).every(PeriodKind::Month))?;
    /// assert_eq!(live.cell(&Group::All, "2026-03")?.values.len(), 6);
    /// assert!(live.cell(&Group::All, "2026-04").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cell(&self, group: &Group, period: &str) -> Result<Cell, QueryError> {
        let Some(log) = self.log_of(group) else {
            let known: BTreeSet<&Group> = self.parts.values().flat_map(|part| &part.numbers.groups).collect();
            return Err(QueryError::unknown_group(group, known));
        };
        let report = self.query.run_holding(&Dataset::of(log), self.holds())?;
        let found = report.cells.into_iter().find(|cell| cell.group == *group && cell.period == period);
        let first = || self.periods.first().cloned().unwrap_or_default();
        found.ok_or_else(|| QueryError::unknown_period(period, self.periods.len(), first()))
    }

    /// The numbers of all cells, as [`Query::summary`] has them.
    ///
    /// # Errors
    ///
    /// [`QueryError`] where the definition refuses what an event says.
    pub fn summary(&self) -> Result<Summary, QueryError> {
        if let Some(refused) = self.parts.values().find_map(|part| part.numbers.refused.as_ref()) {
            return Err(refused.clone());
        }
        let rows: BTreeMap<Group, Vec<CellNumbers>> =
            self.parts.keys().flat_map(|part| self.rows(*part)).collect();
        let (groups, cells): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Ok(Summary { groups, periods: self.periods.clone(), cells: cells.into_iter().flatten().collect() })
    }

    /// The events that a group's numbers are made from, for [`Query::explain`] and [`Query::run`].
    ///
    /// ```
    /// use devops_metrics::calendar::Calendar;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::query::{Group, Live, Query};
    ///
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let live = Live::new(Query::new(Definition::dora_2025(), march))?;
    /// assert!(live.log_of(&Group::All).is_some_and(|log| log.is_empty()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn log_of(&self, group: &Group) -> Option<&DeliveryLog> {
        self.parts.values().find(|part| part.numbers.groups.contains(group)).map(|part| &part.log)
    }

    fn rows(&self, part: u32) -> impl Iterator<Item = (Group, Vec<CellNumbers>)> + use<'_> {
        let part = self.parts.get(&part);
        let groups = part.map_or(&[][..], |part| &part.numbers.groups);
        let cells = part.map_or(&[][..], |part| &part.numbers.cells);
        groups.iter().cloned().zip(cells.chunks(self.periods.len().max(1)).map(<[CellNumbers]>::to_vec))
    }

    /// Works out the numbers of a part.
    fn answer(&mut self, part: u32) {
        if let Some(part) = self.parts.get_mut(&part) {
            part.numbers = Numbers::of(&self.query, &Dataset::of(&part.log));
        }
    }

    fn found_part(&mut self) -> u32 {
        let part = crate::dataset::row(self.went_into.len());
        self.went_into.push(part);
        self.parts.insert(part, Part::default());
        part
    }

    /// The part that a part is in now.
    fn root(&self, part: u32) -> u32 {
        let steps = core::iter::successors(Some(part), |part| self.went_into.get(*part as usize).copied());
        let pairs = steps.clone().zip(steps.skip(1));
        pairs.take(self.went_into.len()).find(|(here, there)| here == there).map_or(part, |(here, _)| here)
    }

    /// The parts that an event has to do with, in order.
    fn touched(&self, record: &Record<'_>) -> Vec<u32> {
        if self.whole {
            return alloc::vec![0];
        }
        let mut there: Vec<u32> =
            names(&self.query.grouping, record).filter_map(|name| self.part_of(name)).collect();
        there.sort_unstable();
        there.dedup();
        there
    }

    fn part_of(&self, name: u64) -> Option<u32> {
        self.homes.get(&name).map(|part| self.root(*part))
    }

    /// The part in which an event belongs; puts together what it ties together.
    fn home(&mut self, record: &Record<'_>) -> u32 {
        if self.whole {
            return 0;
        }
        let all: Vec<u64> = names(&self.query.grouping, record).collect();
        let there = self.touched(record);
        let weight = |part: &u32| self.parts.get(part).map_or(0, |part| part.weight);
        let home = there.iter().copied().max_by_key(weight).unwrap_or_else(|| self.found_part());
        for other in there.into_iter().filter(|part| *part != home) {
            if let Some(place) = self.went_into.get_mut(other as usize) {
                *place = home;
            }
            let gone = self.parts.remove(&other).unwrap_or_default();
            let into = self.parts.entry(home).or_default();
            into.weight = into.weight.saturating_add(gone.weight);
            into.log.merge(&gone.log);
        }
        let weight = self.parts.get_mut(&home).map(|part| &mut part.weight);
        weight.into_iter().for_each(|weight| *weight = weight.saturating_add(all.len()));
        for name in all {
            self.homes.insert(name, home);
        }
        home
    }
}

/// What an event ties together, as hashes: ids and commits, services and teams.
fn names<'a>(grouping: &'a Grouping, record: &'a Record<'_>) -> impl Iterator<Item = u64> + 'a {
    const SERVICE: u64 = 1;
    const TEAM: u64 = 2;
    let own = core::iter::once(record.id.as_ref());
    let links = [Text::Commit, Text::Replaces, Text::Reverts, Text::CausedByDeployment, Text::CausedByCommit];
    let texts = links.into_iter().filter_map(|field| record.text(field));
    let lists = [List::Deployments, List::Changes].into_iter().flat_map(|field| record.list(field));
    let ids = own.chain(texts).chain(lists.map(AsRef::as_ref)).map(|id| hash(id.as_bytes()));
    let services = record.list(List::Services).iter().map(AsRef::<str>::as_ref);
    let teams = services.clone().filter_map(move |service| match grouping {
        Grouping::Team { teams } => teams.get(service).map(|team| hash(team.as_bytes()) ^ TEAM),
        _ => None,
    });
    ids.chain(services.map(|service| hash(service.as_bytes()) ^ SERVICE)).chain(teams)
}
