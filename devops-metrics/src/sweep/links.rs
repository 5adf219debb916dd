//! Which deployment caused which incident.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::{Across, Reason, Sweep};
use crate::dataset::column::NO_ROW;
use crate::dataset::shard::Named;
use crate::dataset::{Dataset, row};
use crate::definition::{IncidentLink, LinkScope};

/// An incident of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    /// Row of the deployment, in the shard at hand.
    pub(crate) deployment: u32,
    /// Service whose shard holds the incident.
    pub(crate) service: u32,
    /// Row of the incident there.
    pub(crate) incident: u32,
}

/// The links of one service.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    /// By deployment.
    pairs: Vec<Pair>,
    /// Of each incident row why it is not linked; `None` where it is.
    refused: Vec<Option<Reason>>,
}

impl Links {
    pub(crate) fn of_deployment(&self, row: usize) -> &[Pair] {
        let row = crate::dataset::row(row);
        let from = self.pairs.partition_point(|pair| pair.deployment < row);
        let rest = self.pairs.get(from..).unwrap_or(&[]);
        let count = rest.iter().take_while(|pair| pair.deployment == row).count();
        rest.get(..count).unwrap_or(&[])
    }

    pub(crate) fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    pub(crate) fn refused(&self, incident: usize) -> Option<Reason> {
        self.refused.get(incident).copied().flatten()
    }
}

/// The deployment that an incident is linked to, whatever its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    pub(crate) at: i64,
    pub(crate) environment: u32,
}

/// The links of all services, where incidents are linked across them.
#[derive(Debug, Clone, Default)]
pub(super) struct ProjectLinks {
    of_service: Vec<Links>,
    /// By service and incident row.
    targets: Vec<Vec<Option<Target>>>,
}

/// A deployment, or a part of one, on the time line of all services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stop {
    at: i64,
    service: u32,
    row: u32,
}

impl ProjectLinks {
    /// Links across services; `None` where the definition does not ask for it.
    pub(super) fn of(dataset: &Dataset<'_>, terms: super::Terms<'_>) -> Option<Self> {
        let across =
            |link: &IncidentLink| matches!(link, IncidentLink::Latest { scope: LinkScope::Project, .. });
        terms.definition.incidents.links.iter().find(|link| across(link))?;
        let services = 0..row(dataset.shards.len());
        let sweeps: Vec<Sweep<'_>> = services.filter_map(|s| Sweep::new(dataset, terms, s)).collect();
        let mut line: Vec<Stop> = sweeps.iter().flat_map(Sweep::stops).collect();
        line.sort_unstable();
        let mut all: Vec<Links> = sweeps.iter().map(|_| Links::default()).collect();
        let mut targets = Vec::new();
        // An incident of several services is one incident of a deployment.
        let mut told: BTreeSet<(u32, u32, u32)> = BTreeSet::new();
        for sweep in &sweeps {
            let incidents = &sweep.shard.incidents;
            let carriers = sweep.carriers();
            let found =
                (0..sweep.shard.incidents.len()).map(|incident| sweep.link(incident, &line, &carriers));
            let found: Vec<_> = found.collect();
            for (incident, target) in (0_u32..).zip(&found) {
                let event = incidents.event.get(incident as usize).copied().unwrap_or(NO_ROW);
                if let Ok((service, deployment)) = *target
                    && (sweep.shared(incident as usize).is_none()
                        || told.insert((service, deployment, event)))
                    && let Some(links) = all.get_mut(service as usize)
                {
                    links.pairs.push(Pair { deployment, service: sweep.service, incident });
                }
            }
            targets.push(found.iter().map(|found| target(&sweeps, found.ok()?)).collect());
            if let Some(links) = all.get_mut(sweep.service as usize) {
                links.refused = found.into_iter().map(Result::err).collect();
            }
        }
        all.iter_mut().for_each(|links| {
            links.pairs.sort_unstable();
            links.pairs.dedup();
        });
        Some(Self { of_service: all, targets })
    }

    pub(super) fn of_service(&self, service: u32) -> Option<&Links> {
        self.of_service.get(service as usize)
    }

    pub(super) fn target(&self, (service, incident): (u32, u32)) -> Option<Target> {
        *self.targets.get(service as usize)?.get(incident as usize)?
    }
}

/// The deployment of a service and row.
fn target(sweeps: &[Sweep<'_>], (service, row): (u32, u32)) -> Option<Target> {
    Some(sweeps.get(service as usize)?.target(row))
}

impl Sweep<'_> {
    /// The deployments in which failures are looked for, and the ends of their parts.
    fn stops(&self) -> impl Iterator<Item = Stop> + '_ {
        let rows = (0..self.at.len()).filter(|row| self.may_fail(*row));
        rows.flat_map(move |place| {
            let number = row(place);
            let parts = self.shard.deployments.parts.get(&number).map_or(&[][..], Vec::as_slice);
            let whole = self.at(place);
            let instants = parts.iter().copied().chain(parts.is_empty().then_some(whole));
            instants.map(move |at| Stop { at, service: self.service, row: number })
        })
    }

    /// The links of this service.
    pub(super) fn links(&self, across: &Across) -> Links {
        if let Some(links) = across.project().and_then(|all| all.of_service(self.service)) {
            return links.clone();
        }
        let (line, carriers) = (self.line(), self.carriers());
        let mut links = Links::default();
        for incident in 0..self.shard.incidents.len() {
            match self.link(incident, &line, &carriers) {
                Ok((_, deployment)) => {
                    links.pairs.push(Pair { deployment, service: self.service, incident: row(incident) });
                    links.refused.push(None);
                }
                Err(reason) => links.refused.push(Some(reason)),
            }
        }
        links.pairs.sort_unstable();
        links
    }

    /// The deployments of this service in order, where incidents are linked to the latest one.
    pub(super) fn line(&self) -> Vec<Stop> {
        let links = &self.definition().incidents.links;
        let needs_line = links.iter().any(|link| matches!(link, IncidentLink::Latest { .. }));
        let mut line: Vec<Stop> = if needs_line { self.stops().collect() } else { Vec::new() };
        line.sort_unstable();
        line
    }

    pub(super) fn target(&self, row: u32) -> Target {
        Target { at: self.at(row as usize), environment: self.environment(row as usize) }
    }

    /// Service and row of the deployment that an incident row is linked to, or why to none.
    pub(super) fn link(
        &self,
        incident: usize,
        line: &[Stop],
        carriers: &Carriers,
    ) -> Result<(u32, u32), Reason> {
        let incidents = &self.shard.incidents;
        let rule = &self.definition().incidents;
        let cause = incidents.cause.get(incident).copied();
        if rule.causes.as_ref().is_some_and(|causes| cause.is_none_or(|cause| !causes.contains(&cause))) {
            return Err(Reason::OtherCause);
        }
        let named = incidents.named.get(incident).copied().unwrap_or(Named::No);
        let mut refusal = Reason::NotLinked;
        for link in &rule.links {
            let found = match link {
                IncidentLink::Named | IncidentLink::Commit if named == Named::Elsewhere => {
                    // The shard of that deployment has a row of this incident and the link.
                    return Err(Reason::CountedElsewhere);
                }
                IncidentLink::Named | IncidentLink::Commit => match named {
                    Named::Here(row) => Some(row),
                    _ => carriers.of(*incidents.named_change.get(incident).unwrap_or(&NO_ROW)),
                },
                IncidentLink::Latest { same_instant, within_millis, .. } => {
                    if incidents.is_foreign(incident) || named == Named::Unknown {
                        continue;
                    }
                    let opened = incidents.opened.get(incident).copied().unwrap_or(0);
                    let stop = latest(line, opened, *same_instant, *within_millis);
                    if let Some(stop) = stop {
                        return Ok((stop.service, stop.row));
                    }
                    None
                }
            };
            match found {
                Some(row) if self.may_fail(row as usize) => return Ok((self.service, row)),
                Some(_) => refusal = Reason::DeploymentNotCounted,
                None => {}
            }
        }
        Err(if named == Named::Unknown { Reason::NamesUnknown } else { refusal })
    }

    /// The first deployments that carried the commits which incidents name.
    pub(super) fn carriers(&self) -> Carriers {
        let named = self.shard.incidents.named_change.iter().copied().filter(|change| *change != NO_ROW);
        let mut first: BTreeMap<u32, Option<u32>> = named.map(|change| (change, None)).collect();
        if first.is_empty() {
            return Carriers(first);
        }
        for place in self.rows().filter(|place| self.may_fail(*place)) {
            let head = self.shard.deployments.head_of(place).map(row);
            for change in self.shard.deployments.changes_of(place).each().chain(head) {
                if let Some(carrier) = first.get_mut(&change) {
                    carrier.get_or_insert(row(place));
                }
            }
        }
        Carriers(first)
    }
}

/// Of some changes the first deployment that carried each.
pub(super) struct Carriers(BTreeMap<u32, Option<u32>>);

impl Carriers {
    fn of(&self, change: u32) -> Option<u32> {
        self.0.get(&change).copied().flatten()
    }
}

/// The latest stop before an instant.
fn latest(line: &[Stop], opened: i64, same_instant: bool, within_millis: Option<u64>) -> Option<Stop> {
    let before = line.partition_point(|stop| stop.at < opened || (same_instant && stop.at == opened));
    let stop = *line.get(before.checked_sub(1)?)?;
    let gap = opened.saturating_sub(stop.at).unsigned_abs();
    within_millis.is_none_or(|limit| gap <= limit).then_some(stop)
}
