//! Partial states of cells: computed apart, merged later.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use devops_stats::StatsError;
use devops_stats::quantile_sketch::QuantileSketch;
use serde::{Deserialize, Serialize};

use super::cells::{CellFacts, Placed, Walk, earlier};
use super::group::{Group, Grouping};
use super::measure::{Frame, name_of};
use super::needs::{Holds, needs};
use super::value::MetricValue;
use super::{Plan, Query, QueryError};
use crate::calendar::Window;
use crate::dataset::column::NO_ROW;
use crate::dataset::{Dataset, row};
use crate::definition::Definition;
use crate::log::hash;
use crate::sweep::{DeploymentFact, IncidentFact, LeadFact, RestoreFact};

/// A deployment of a cell: the hash of its id, its instant, what it counts as (bits: frequency, failure base, rework), its
/// failures.
type DeploymentRow = (u64, i64, u8, u32);
/// A duration of a cell: the hash of its ids, its instant, its milliseconds, whether it is open.
type DurationRow = (u64, i64, i64, bool);

/// All that a cell's numbers are made from, without the events themselves.
///
/// States of the same cell, computed from parts of the events, merge: by id, so that what both parts hold counts once.
/// Merging is associative, commutative and idempotent, and the result is that of all events at once wherever the parts
/// are closed under links: each change, incident and deployment together with what it names or is linked to. Parts by
/// service are, under definitions that link within services; where links cross the parts, merge the
/// [logs](crate::log::DeliveryLog::merge) instead. Ids are kept as hashes of 64 bits: two of a million ids are taken for
/// one with a chance of 1 in 37 million.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CellState {
    deployments: Vec<DeploymentRow>,
    leads: Vec<DurationRow>,
    recoveries: Vec<DurationRow>,
    restores: Vec<DurationRow>,
    incidents: Vec<(u64, i64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    begin: Option<i64>,
    /// Name and version of the definition; several where states of several were merged.
    definitions: BTreeSet<String>,
    holds: Holds,
}

fn union<T: Ord + Copy>(mine: &mut Vec<T>, theirs: &[T]) {
    mine.extend_from_slice(theirs);
    mine.sort_unstable();
    mine.dedup();
}

impl CellState {
    /// Takes what another state of the same cell holds.
    ///
    /// ```
    /// use devops_metrics::query::CellState;
    /// let mut state = CellState::default();
    /// state.merge(&CellState::default());
    /// assert_eq!(state, CellState::default());
    /// ```
    pub fn merge(&mut self, other: &Self) {
        union(&mut self.deployments, &other.deployments);
        union(&mut self.leads, &other.leads);
        union(&mut self.recoveries, &other.recoveries);
        union(&mut self.restores, &other.restores);
        union(&mut self.incidents, &other.incidents);
        self.begin = earlier(self.begin, other.begin);
        self.definitions.extend(other.definitions.iter().cloned());
        self.holds = self.holds.and(other.holds);
    }

    /// The metrics of the state in the window of its cell, as the query's report has them; what was left out is not part
    /// of a state.
    ///
    /// # Errors
    ///
    /// [`QueryError`] where the query's definition is refused, or the state was made under another one.
    ///
    /// ```
    /// use devops_metrics::calendar::Calendar;
    /// use devops_metrics::dataset::Dataset;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::log::DeliveryLog;
    /// use devops_metrics::query::Query;
    ///
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let log = DeliveryLog::new();
    /// let states = Query::new(Definition::fourkeys(), march).states(&Dataset::of(&log))?;
    /// let refused = states[0].state.values(&Query::new(Definition::dora_2025(), march), march).unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "`definition` of the query is `dora_2025 1`, must be that of the state, `fourkeys 1`",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn values(&self, query: &Query, window: Window) -> Result<Vec<MetricValue>, QueryError> {
        query.definition.check()?;
        let asked = name_of(&query.definition);
        if self.definitions.iter().any(|made| *made != asked) {
            let made = self.definitions.iter().map(String::as_str).collect::<Vec<_>>().join("` and `");
            return Err(QueryError::OtherDefinition { asked, made });
        }
        let (calendar, needs) = (query.effective_calendar(), needs(&query.definition, self.holds));
        let frame = Frame { definition: &query.definition, calendar: &calendar, needs: &needs };
        let deployments: Vec<_> = self.deployments.iter().map(|fact| (0, deployment_fact(fact))).collect();
        let leads: Vec<_> = self.leads.iter().map(|fact| (0, lead_fact(fact))).collect();
        let recoveries: Vec<_> = self.recoveries.iter().map(|fact| (0, restore_fact(fact))).collect();
        let restores: Vec<_> = self.restores.iter().map(|fact| (0, restore_fact(fact))).collect();
        let incidents: Vec<_> = self.incidents.iter().map(|fact| (0, incident_fact(fact))).collect();
        let facts = CellFacts {
            deployments: &deployments,
            leads: &leads,
            recoveries: &recoveries,
            restores: &restores,
            incidents: &incidents,
            excluded: &[],
            begin: self.begin,
        };
        Ok(frame.values(facts, window))
    }

    /// A state of bounded size, from which quantiles come with a relative error of at most `accuracy`.
    ///
    /// # Errors
    ///
    /// [`StatsError`] for an accuracy outside [10⁻⁶, 0.5].
    ///
    /// ```
    /// use devops_metrics::query::CellState;
    /// let sketch = CellState::default().sketch(0.01)?;
    /// assert_eq!((sketch.accuracy(), sketch.deployments), (0.01, 0));
    /// # Ok::<(), devops_metrics::stats::StatsError>(())
    /// ```
    pub fn sketch(&self, accuracy: f64) -> Result<CellSketch, StatsError> {
        let of = |rows: &[DurationRow]| {
            let mut sketch = QuantileSketch::new(accuracy)?;
            for (_, _, millis, _) in rows.iter().filter(|(_, _, _, open)| !open) {
                sketch.add(super::numbers::float(*millis))?;
            }
            Ok::<_, StatsError>(sketch)
        };
        let having = |bit: u8| self.deployments.iter().filter(|fact| fact.2 & bit != 0).count() as u64;
        let open = |rows: &[DurationRow]| rows.iter().filter(|(_, _, _, open)| *open).count() as u64;
        Ok(CellSketch {
            deployments: having(COUNTED),
            failure_base: having(BASE),
            rework: having(REWORK),
            failures: self.deployments.iter().map(|fact| u64::from(fact.3)).sum(),
            incidents: self.incidents.len() as u64,
            open: open(&self.restores),
            leads: of(&self.leads)?,
            recoveries: of(&self.recoveries)?,
            restores: of(&self.restores)?,
        })
    }
}

const COUNTED: u8 = 1;
const BASE: u8 = 2;
const REWORK: u8 = 4;

fn deployment_fact(&(_, at, bits, failures): &DeploymentRow) -> DeploymentFact {
    let (counted, base, rework) = (bits & COUNTED != 0, bits & BASE != 0, bits & REWORK != 0);
    DeploymentFact { at, event: NO_ROW, environment: NO_ROW, counted, base, failures, rework }
}

fn lead_fact(&(_, at, value, _): &DurationRow) -> LeadFact {
    LeadFact { at, event: NO_ROW, deployment: NO_ROW, value }
}

fn restore_fact(&(_, at, value, open): &DurationRow) -> RestoreFact {
    RestoreFact { at, event: NO_ROW, environment: NO_ROW, value, open, end: at, shared: None }
}

fn incident_fact(&(_, at): &(u64, i64)) -> IncidentFact {
    IncidentFact { at, event: NO_ROW, shared: None }
}

/// A state of bounded size, whatever the number of events: counts, and a sketch of each kind of duration.
///
/// It is approximate, and says how far off a quantile can be ([`accuracy`](Self::accuracy)). It holds no ids: merge only
/// states of parts that share no events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CellSketch {
    /// Deployments that count.
    pub deployments: u64,
    /// Deployments that failures are divided by.
    pub failure_base: u64,
    /// Deployments that are rework.
    pub rework: u64,
    /// Failures.
    pub failures: u64,
    /// Incidents, where the definition counts them as failures.
    pub incidents: u64,
    /// What is not over; it is in no sketch.
    pub open: u64,
    /// Lead times in milliseconds.
    pub leads: QuantileSketch,
    /// Recovery times in milliseconds.
    pub recoveries: QuantileSketch,
    /// Times to restore in milliseconds.
    pub restores: QuantileSketch,
}

impl CellSketch {
    /// The largest relative error of a quantile.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.leads.accuracy()
    }

    /// Adds a state of other events.
    ///
    /// # Errors
    ///
    /// [`StatsError`] where its accuracy is another.
    ///
    /// ```
    /// use devops_metrics::query::CellState;
    /// let mut sketch = CellState::default().sketch(0.01)?;
    /// assert!(sketch.merge(&CellState::default().sketch(0.02)?).is_err());
    /// # Ok::<(), devops_metrics::stats::StatsError>(())
    /// ```
    pub fn merge(&mut self, other: &Self) -> Result<(), StatsError> {
        self.leads.merge(&other.leads)?;
        self.recoveries.merge(&other.recoveries)?;
        self.restores.merge(&other.restores)?;
        self.deployments = self.deployments.saturating_add(other.deployments);
        self.failure_base = self.failure_base.saturating_add(other.failure_base);
        self.rework = self.rework.saturating_add(other.rework);
        self.failures = self.failures.saturating_add(other.failures);
        self.incidents = self.incidents.saturating_add(other.incidents);
        self.open = self.open.saturating_add(other.open);
        Ok(())
    }
}

/// The state of one cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlacedState {
    /// What it is of.
    pub group: Group,
    /// The period's label.
    pub period: String,
    /// What of the period is counted.
    pub window: Window,
    /// The state.
    pub state: CellState,
}

impl Query {
    /// The states of all cells, empty ones too, group by group, period by period.
    ///
    /// # Errors
    ///
    /// [`QueryError`]; among others where the definition takes the mean of services, and the query does not group by
    /// service.
    ///
    /// ```
    /// use devops_metrics::calendar::Calendar;
    /// use devops_metrics::dataset::Dataset;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::log::DeliveryLog;
    /// use devops_metrics::query::Query;
    ///
    /// let line = |id: &str| format!(
    ///     r#"{{"type":"deployment","id":"{id}","service":"{id}","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}}"#
    /// );
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let query = Query::new(Definition::dora_2025(), march);
    /// let (mut one, mut two) = (DeliveryLog::new(), DeliveryLog::new());
    /// one.read_json_lines(line("a").as_bytes())?;
    /// two.read_json_lines(line("b").as_bytes())?;
    /// let mut state = query.states(&Dataset::of(&one))?.remove(0);
    /// state.state.merge(&query.states(&Dataset::of(&two))?[0].state);
    /// let values = state.state.values(&query, state.window)?;
    /// assert_eq!(values[0].n, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn states(&self, dataset: &Dataset<'_>) -> Result<Vec<PlacedState>, QueryError> {
        if self.definition.mean_of_services && self.grouping != Grouping::Service {
            return Err(QueryError::MeanOfServices { definition: self.definition.name.clone() });
        }
        let plan = self.plan(dataset)?;
        let (across, holds) = (plan.across(), Holds::of(dataset));
        plan.each_batch(|batch, facts, all| {
            plan.fill(batch, &batch.services, &across, false, facts)?;
            let mut walk = Walk::new(facts);
            let cells =
                batch.groups.iter().flat_map(|group| (0..plan.slots.len()).map(move |slot| (group, slot)));
            let states = cells.enumerate().filter_map(|(number, (group, slot))| {
                let state = plan.state(walk.next(row(number)), holds);
                let (period, window) = (plan.slots.label(slot), plan.slots.window(slot)?);
                Some(PlacedState { group: group.clone(), period, window, state })
            });
            all.extend(states);
            Ok(())
        })
    }
}

impl Plan<'_> {
    fn state(&self, facts: CellFacts<'_>, holds: Holds) -> CellState {
        let id = |event: u32| self.dataset.id(event).map_or(0, |id| hash(id.as_str().as_bytes()));
        let deployment = |(_, fact): &Placed<DeploymentFact>| {
            let bits = [(fact.counted, COUNTED), (fact.base, BASE), (fact.rework, REWORK)];
            let bits = bits.into_iter().filter(|(set, _)| *set).fold(0, |all, (_, bit)| all | bit);
            (id(fact.event), fact.at, bits, fact.failures)
        };
        let lead = |(_, fact): &Placed<LeadFact>| {
            let through = if fact.deployment == NO_ROW { 0 } else { id(fact.deployment) };
            (id(fact.event) ^ through.rotate_left(17), fact.at, fact.value, false)
        };
        let restore = |(_, fact): &Placed<RestoreFact>| (id(fact.event), fact.at, fact.value, fact.open);
        let mut state = CellState {
            holds,
            begin: facts.begin,
            definitions: [name_of(&self.query.definition)].into(),
            ..CellState::default()
        };
        union(&mut state.deployments, &facts.deployments.iter().map(deployment).collect::<Vec<_>>());
        union(&mut state.leads, &facts.leads.iter().map(lead).collect::<Vec<_>>());
        union(&mut state.recoveries, &facts.recoveries.iter().map(restore).collect::<Vec<_>>());
        union(&mut state.restores, &facts.restores.iter().map(restore).collect::<Vec<_>>());
        let incident = |(_, fact): &Placed<IncidentFact>| (id(fact.event), fact.at);
        union(&mut state.incidents, &facts.incidents.iter().map(incident).collect::<Vec<_>>());
        state
    }
}

/// Whether states of services computed apart are the states of all: no link of the definition leaves its service.
///
/// ```
/// use devops_metrics::definition::Definition;
/// use devops_metrics::query::is_closed_by_service;
/// assert!(is_closed_by_service(&Definition::dora_2025()));
/// assert!(!is_closed_by_service(&Definition::devlake_2021()));
/// ```
#[must_use]
pub fn is_closed_by_service(definition: &Definition) -> bool {
    use crate::definition::{IncidentLink, LinkScope};
    let across = |link: &IncidentLink| matches!(link, IncidentLink::Latest { scope: LinkScope::Project, .. });
    !definition.incidents.links.iter().any(across)
}
