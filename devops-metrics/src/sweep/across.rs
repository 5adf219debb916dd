//! What the sweeps of single services need to know of all.

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use super::links::{Links, ProjectLinks, Target};
use super::{Sweep, Terms};
use crate::dataset::Dataset;
use crate::definition::RestoreUnit;

/// What leaves a service: worked out once for all of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Across {
    project: Option<ProjectLinks>,
    /// Of each incident with several services the deployment that it is linked to, the earliest of several; empty where
    /// nothing asks for it.
    targets: Vec<Option<Target>>,
}

impl Across {
    pub(crate) fn of(dataset: &Dataset<'_>, terms: Terms<'_>) -> Self {
        let project = ProjectLinks::of(dataset, terms);
        let rules = [&terms.definition.recovery, &terms.definition.restore];
        let asked = rules.iter().any(|rule| rule.unit == RestoreUnit::Incident);
        let targets = match &project {
            _ if !asked => Vec::new(),
            None => linked(dataset, terms),
            Some(project) => {
                let of = |place: &(u32, u32)| project.target(*place);
                dataset.shared.iter().map(|shared| shared.places.iter().filter_map(of).min()).collect()
            }
        };
        Self { project, targets }
    }

    /// The links of all services, where incidents are linked across them.
    pub(super) const fn project(&self) -> Option<&ProjectLinks> {
        self.project.as_ref()
    }
}

/// Of each incident with several services the earliest deployment that one of its rows is linked to.
fn linked(dataset: &Dataset<'_>, terms: Terms<'_>) -> Vec<Option<Target>> {
    let mut targets: Vec<Option<Target>> = vec![None; dataset.shared.len()];
    let services: BTreeSet<u32> =
        dataset.shared.iter().flat_map(|shared| &shared.places).map(|(service, _)| *service).collect();
    for sweep in services.into_iter().filter_map(|service| Sweep::new(dataset, terms, service)) {
        let (line, carriers) = (sweep.line(), sweep.carriers());
        for (place, shared) in &sweep.shard.incidents.shared {
            if let Ok((_, deployment)) = sweep.link(*place as usize, &line, &carriers)
                && let Some(target) = targets.get_mut(*shared as usize)
            {
                *target = target.iter().copied().chain([sweep.target(deployment)]).min();
            }
        }
    }
    targets
}

impl Sweep<'_> {
    /// Of each incident row the deployment that it is linked to, of whichever service.
    pub(super) fn targets(&self, links: &Links, across: &Across) -> Vec<Option<Target>> {
        let incidents = &self.shard.incidents;
        let mut targets = vec![None; incidents.len()];
        if let Some(project) = across.project() {
            for (place, target) in (0_u32..).zip(&mut targets) {
                *target = project.target((self.service, place));
            }
        } else {
            for pair in links.pairs() {
                if let Some(target) = targets.get_mut(pair.incident as usize) {
                    *target = Some(self.target(pair.deployment));
                }
            }
        }
        for (place, shared) in &incidents.shared {
            if let Some(target) = targets.get_mut(*place as usize) {
                *target = across.targets.get(*shared as usize).copied().flatten();
            }
        }
        targets
    }
}
