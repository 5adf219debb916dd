//! Questions to the events: a definition, a window, groups and periods in; numbers that explain themselves out.
//!
//! ```
//! use devops_metrics::calendar::{Calendar, PeriodKind};
//! use devops_metrics::dataset::Dataset;
//! use devops_metrics::definition::Definition;
//! use devops_metrics::log::DeliveryLog;
//! use devops_metrics::query::{DeliveryMetric, Grouping, Query};
//!
//! let mut log = DeliveryLog::new();
//! log.read_json_lines(br#"
//! {"type":"change","id":"c1","service":"api","committed_at":"2026-03-02T09:00:00Z","deployments":["d1"]}
//! {"type":"deployment","id":"d1","service":"api","environment":"prod","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
//! {"type":"incident","id":"i1","service":"api","opened_at":"2026-03-02T10:20:00Z","resolved_at":"2026-03-02T12:20:00Z"}
//! "#)?;
//! let dataset = Dataset::of(&log);
//! let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
//! let query = Query::new(Definition::dora_2025(), march).by(Grouping::Service).every(PeriodKind::Week);
//! let report = query.run(&dataset)?;
//! assert_eq!(report.cells.len(), 6);
//! let week = &report.cells[1];
//! let lead = week.value(DeliveryMetric::ChangeLeadTime).unwrap();
//! assert_eq!(lead.value(), Some(1.0)); // hours
//! assert_eq!(week.value(DeliveryMetric::ChangeFailureRate).unwrap().value(), Some(100.0));
//! let explanation = query.explain(&dataset, &week.group, &week.period)?;
//! assert_eq!(explanation.events.len(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cells;
mod changed;
mod compare;
mod error;
mod explain;
mod group;
mod left_out;
mod live;
mod measure;
mod middle;
mod needs;
mod nullable;
pub(crate) mod numbers;
mod observe;
mod report;
mod slots;
mod state;
mod summary;
mod tally;
mod value;
mod words;

use alloc::vec::Vec;
use devops_core::Timestamp;
use serde::{Deserialize, Serialize};

pub use crate::sweep::Reason;
pub use changed::ChangedCell;
pub use compare::{Compared, Comparison, Difference, OneSided, Unequal};
pub use error::QueryError;
pub use explain::{Explained, Explanation};
pub use group::{Group, Grouping};
pub use live::{Live, Update};
pub use report::{Cell, Report};
pub use state::{CellSketch, CellState, PlacedState, is_closed_by_service};
pub use summary::{CellNumbers, Summary};
pub use value::{Answer, DeliveryMetric, Limits, MetricValue, Needs, Quantiles};

use crate::calendar::{BusinessCalendar, BusinessClock, Calendar, PeriodKind, Window};
use crate::dataset::Dataset;
use crate::dataset::column::NO_ROW;
use crate::definition::{Definition, NonPositive};
use crate::sweep::{Across, Sweep, Terms};
use cells::{Facts, Keep, Placer};
use group::Batch;
use slots::Slots;

/// A question: which definition, what window, in which groups and periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Query {
    /// What is counted, and how.
    pub definition: Definition,
    /// What is looked at.
    pub window: Window,
    /// Into which groups.
    pub grouping: Grouping,
    /// Into which periods; `None` for the window as a whole.
    pub period: Option<PeriodKind>,
    /// Zone and week start; the definition's own, or UTC from Monday, where it is absent.
    pub calendar: Option<Calendar>,
    /// Working hours: durations are measured in them where they are given.
    pub working: Option<BusinessCalendar>,
    /// Until when what is open has lasted; the end of the window where it is absent.
    pub now: Option<Timestamp>,
}

impl Query {
    /// The whole window, everything together.
    #[must_use]
    pub const fn new(definition: Definition, window: Window) -> Self {
        Self {
            definition,
            window,
            grouping: Grouping::All,
            period: None,
            calendar: None,
            working: None,
            now: None,
        }
    }

    /// In those groups.
    #[must_use]
    pub fn by(self, grouping: Grouping) -> Self {
        Self { grouping, ..self }
    }

    /// In those periods.
    #[must_use]
    pub fn every(self, period: PeriodKind) -> Self {
        Self { period: Some(period), ..self }
    }

    /// With that zone and week start.
    #[must_use]
    pub fn in_calendar(self, calendar: Calendar) -> Self {
        Self { calendar: Some(calendar), ..self }
    }

    /// With durations in working time.
    #[must_use]
    pub fn in_working_time(self, working: BusinessCalendar) -> Self {
        Self { working: Some(working), ..self }
    }

    /// With what is open lasting until then.
    #[must_use]
    pub fn until(self, now: Timestamp) -> Self {
        Self { now: Some(now), ..self }
    }

    /// The zone and week start that hold.
    #[must_use]
    pub fn effective_calendar(&self) -> Calendar {
        let own = self.calendar.as_ref().or(self.definition.calendar.as_ref());
        own.cloned().unwrap_or_else(Calendar::utc)
    }

    /// Checks the query and prepares what all its cells share.
    fn plan<'a>(&'a self, dataset: &'a Dataset<'a>) -> Result<Plan<'a>, QueryError> {
        self.definition.check()?;
        let calendar = self.effective_calendar();
        let slots = Slots::new(&calendar, self.period, self.window)?;
        let batches = Batch::all(&self.grouping, dataset);
        let widest = batches.iter().map(|batch| batch.groups.len()).max().unwrap_or(0);
        let limit = NO_ROW;
        if widest.saturating_mul(slots.len()) >= limit as usize {
            return Err(QueryError::TooManyCells { groups: widest, periods: slots.len(), limit });
        }
        let clock = match &self.working {
            Some(working) => Some(working.clock(self.reach_of_durations()?)?),
            None => None,
        };
        let now = self.now.unwrap_or_else(|| self.window.to()).as_millis();
        Ok(Plan { query: self, dataset, calendar, slots, batches, clock, now })
    }

    /// Two years before the window up to its end or to what is open: durations in working time lie in it.
    fn reach_of_durations(&self) -> Result<Window, QueryError> {
        const TWO_YEARS: i64 = 730 * 86_400_000;
        let from =
            self.window.from().checked_add_millis(TWO_YEARS.saturating_neg()).unwrap_or(Timestamp::MIN);
        let to = self.now.map_or(self.window.to(), |now| now.max(self.window.to()));
        let to = to.checked_add_millis(TWO_YEARS).unwrap_or(Timestamp::MAX);
        Ok(Window::new(from, to)?)
    }
}

/// A query on its data, ready to run.
pub(crate) struct Plan<'a> {
    query: &'a Query,
    dataset: &'a Dataset<'a>,
    calendar: Calendar,
    slots: Slots,
    batches: Vec<Batch>,
    clock: Option<BusinessClock>,
    now: i64,
}

impl Plan<'_> {
    fn terms(&self) -> Terms<'_> {
        Terms { definition: &self.query.definition, now: self.now, clock: self.clock.as_ref() }
    }

    fn across(&self) -> Across {
        Across::of(self.dataset, self.terms())
    }

    /// The batch of a group, and its place there.
    fn place_of(&self, group: &Group) -> Result<(&Batch, usize), QueryError> {
        let place = |batch: &Batch| batch.groups.iter().position(|there| there == group);
        let found = self.batches.iter().find_map(|batch| Some((batch, place(batch)?)));
        let known = self.batches.iter().flat_map(|batch| &batch.groups);
        found.ok_or_else(|| QueryError::unknown_group(group, known))
    }

    /// Finds the facts of some services of a batch.
    fn fill(
        &self,
        batch: &Batch,
        services: &[u32],
        across: &Across,
        explain: bool,
        facts: &mut Facts,
    ) -> Result<(), QueryError> {
        facts.clear();
        self.sweep(batch, services, across, explain, facts);
        facts.settle();
        self.refuse_negative(facts)
    }

    /// Hands what sweeps of some services of a batch find to where it is kept.
    fn sweep(&self, batch: &Batch, services: &[u32], across: &Across, explain: bool, kept: &mut impl Keep) {
        for service in services {
            let Some(sweep) = Sweep::new(self.dataset, self.terms(), *service) else { continue };
            let (slots, dataset, definition) = (&self.slots, self.dataset, &self.query.definition);
            let (kept, service) = (&mut *kept, *service);
            let mut sink = Placer { kept, slots, batch, dataset, definition, service, explain };
            sweep.run(across, &mut sink);
        }
    }

    fn refuse_negative(&self, facts: &Facts) -> Result<(), QueryError> {
        let definition = &self.query.definition;
        let refuses = |rule: NonPositive| rule == NonPositive::RefuseNegative;
        let leads = facts.leads.iter().map(|(_, fact)| (fact.event, fact.value));
        let lead = leads.filter(|_| refuses(definition.lead_time.non_positive));
        let recoveries = facts.recoveries.iter().filter(|_| refuses(definition.recovery.non_positive));
        let restores = facts.restores.iter().filter(|_| refuses(definition.restore.non_positive));
        let rest = recoveries.chain(restores).map(|(_, fact)| (fact.event, fact.value));
        let found = lead.chain(rest).find(|(_, value)| *value < 0);
        found.map_or(Ok(()), |(event, value)| Err(self.negative(event, value)))
    }

    /// A duration that the definition refuses.
    fn negative(&self, event: u32, millis: i64) -> QueryError {
        let id = self.dataset.id(event).map(|id| devops_core::excerpt(id.as_str())).unwrap_or_default();
        let hours = alloc::format!("{}", numbers::float(millis) / 3.6e6);
        QueryError::Negative { event: id, hours, definition: self.query.definition.name.clone() }
    }

    /// Works on each batch and puts what comes out behind each other; on the caller's threads where the feature `parallel`
    /// is on. `K` is memory that serves one batch after the other.
    fn each_batch<K: Default, T: Send>(
        &self,
        work: impl Fn(&Batch, &mut K, &mut Vec<T>) -> Result<(), QueryError> + Sync + Send,
    ) -> Result<Vec<T>, QueryError> {
        #[cfg(feature = "parallel")]
        {
            use rayon::iter::{IndexedParallelIterator, ParallelIterator};
            use rayon::slice::ParallelSlice;
            // Several pieces a thread, so that none waits long for the last one.
            let pieces = rayon::current_num_threads().saturating_mul(8).max(1);
            let size = self.batches.len().div_ceil(pieces).max(1);
            let mut done = Vec::new();
            self.batches
                .par_chunks(size)
                .map(|piece| self.one_by_one(piece, &work))
                .collect_into_vec(&mut done);
            let mut all = Vec::new();
            let _ = all.try_reserve_exact(self.cell_count(&self.batches));
            // In order, so that of several errors the same one is told each time.
            for part in done {
                all.append(&mut part?);
            }
            Ok(all)
        }
        #[cfg(not(feature = "parallel"))]
        {
            self.one_by_one(&self.batches, &work)
        }
    }

    fn one_by_one<K: Default, T>(
        &self,
        batches: &[Batch],
        work: &impl Fn(&Batch, &mut K, &mut Vec<T>) -> Result<(), QueryError>,
    ) -> Result<Vec<T>, QueryError> {
        let (mut kept, mut all) = (K::default(), Vec::new());
        // Where there is no memory for all, an error may still come first.
        let _ = all.try_reserve_exact(self.cell_count(batches));
        for batch in batches {
            work(batch, &mut kept, &mut all)?;
        }
        Ok(all)
    }

    /// How many cells some batches have.
    fn cell_count(&self, batches: &[Batch]) -> usize {
        let groups = batches.iter().map(|batch| batch.groups.len()).fold(0, usize::saturating_add);
        groups.saturating_mul(self.slots.len())
    }
}
