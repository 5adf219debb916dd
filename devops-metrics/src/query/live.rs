//! A query whose numbers follow the events one by one.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::group::{Group, Grouping};
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
/// The numbers are those of [`Query::summary`] over all events, byte for byte. `now` is that of the query; it does not
/// move by itself.
///
/// ```
/// use devops_metrics::calendar::{Calendar, PeriodKind};
/// use devops_metrics::definition::Definition;
/// use devops_metrics::event::{Arrival, Deployment, Outcome, Retraction};
/// use devops_metrics::query::{Grouping, Live, Query};
///
/// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
/// let query = Query::new(Definition::dora_2025(), march).by(Grouping::Service).every(PeriodKind::Week);
/// let mut live = Live::new(query)?;
/// let time = "2026-03-03T10:00:00Z".parse()?;
/// let deployment = Deployment::new("d1".parse()?, "api".parse()?, time, Outcome::Succeeded);
/// let update = live.insert(&Arrival::new(deployment, time))?;
/// assert!(update.cells.iter().any(|cell| cell.after.is_some_and(|now| now.deployments == 1)));
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
    groups: Vec<Group>,
    cells: Vec<CellNumbers>,
    refused: Option<QueryError>,
}

/// What an event did to a live query.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Update {
    /// What it did to the log.
    pub effect: Effect,
    /// The cells whose numbers it changed, by group and period.
    pub cells: Vec<ChangedCell>,
}

/// A cell whose numbers an event changed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ChangedCell {
    /// What it is of.
    pub group: Group,
    /// The period's label.
    pub period: String,
    /// The numbers before; `None` where there was no such group, or no answer.
    pub before: Option<CellNumbers>,
    /// The numbers now; `None` where there is no such group any more, or no answer.
    pub after: Option<CellNumbers>,
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
        let parts = self.parts.len();
        let before = self.touched(&record).iter().flat_map(|part| self.rows(*part)).collect();
        let part = self.home(&record);
        let effect = self.parts.entry(part).or_default().log.insert(arrival)?;
        let present = matches!(effect.insertion, Insertion::Added | Insertion::Revised);
        if present || self.parts.len() != parts {
            self.answer(part);
        }
        let after = self.rows(part).collect();
        Ok(Update { effect, cells: self.changed(&before, &after) })
    }

    /// The numbers of all cells, as [`Query::summary`] has them.
    ///
    /// # Errors
    ///
    /// [`QueryError`] where the definition refuses what an event says.
    pub fn summary(&self) -> Result<Summary, QueryError> {
        if let Some(refused) = self.parts.values().find_map(|part| part.refused.as_ref()) {
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
        self.parts.values().find(|part| part.groups.contains(group)).map(|part| &part.log)
    }

    fn rows(&self, part: u32) -> impl Iterator<Item = (Group, Vec<CellNumbers>)> + use<'_> {
        let part = self.parts.get(&part);
        let groups = part.map_or(&[][..], |part| &part.groups);
        let cells = part.map_or(&[][..], |part| &part.cells);
        groups.iter().cloned().zip(cells.chunks(self.periods.len().max(1)).map(<[CellNumbers]>::to_vec))
    }

    fn changed(
        &self,
        before: &BTreeMap<Group, Vec<CellNumbers>>,
        after: &BTreeMap<Group, Vec<CellNumbers>>,
    ) -> Vec<ChangedCell> {
        let only_before = before.keys().filter(|group| !after.contains_key(*group));
        let mut groups: Vec<&Group> = after.keys().chain(only_before).collect();
        groups.sort();
        let number = |rows: &BTreeMap<Group, Vec<CellNumbers>>, group: &Group, place: usize| {
            rows.get(group).and_then(|row| row.get(place)).copied()
        };
        let cells = groups.into_iter().flat_map(|group| {
            self.periods.iter().enumerate().map(move |(place, period)| ChangedCell {
                group: group.clone(),
                period: period.clone(),
                before: number(before, group, place),
                after: number(after, group, place),
            })
        });
        cells.filter(|cell| cell.before != cell.after).collect()
    }

    /// Works out the numbers of a part.
    fn answer(&mut self, part: u32) {
        let Some(part) = self.parts.get_mut(&part) else { return };
        match self.query.summary(&Dataset::of(&part.log)) {
            Ok(summary) => {
                (part.groups, part.cells, part.refused) = (summary.groups, summary.cells, None);
            }
            Err(refused) => {
                (part.groups, part.cells, part.refused) = (Vec::new(), Vec::new(), Some(refused));
            }
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
