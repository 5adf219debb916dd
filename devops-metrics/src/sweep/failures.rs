//! Which deployments failed.

use alloc::vec;
use alloc::vec::Vec;

use super::{Links, Sweep, stand};
use crate::dataset::row;
use crate::definition::{FailureSignal, FailuresInARow};
use crate::event::{DeclaredFailure, DeploymentKind, Outcome};

impl Sweep<'_> {
    /// Of each deployment row whether it failed.
    pub(super) fn failed(&self, links: &Links) -> Vec<bool> {
        let mut failed = vec![false; self.at.len()];
        for signal in &self.definition().failure.signals {
            match signal {
                FailureSignal::Declared => {
                    let yes = Some(DeclaredFailure::Yes);
                    self.mark(&mut failed, |t| t.declared == yes);
                }
                FailureSignal::Outcome => self.mark(&mut failed, |t| t.outcome == Outcome::Failed),
                FailureSignal::Incident => {
                    links.pairs().iter().for_each(|pair| set(&mut failed, pair.deployment as usize));
                }
                FailureSignal::Remediation { kinds, within_millis } => {
                    self.mark_remedied(&mut failed, kinds, *within_millis);
                }
                FailureSignal::Revert { within_millis } => self.mark_reverted(&mut failed, *within_millis),
            }
        }
        failed
    }

    /// Of each deployment row whether it is a failure that counts: of a row of them the first, where the definition asks
    /// for that.
    pub(super) fn first_of_rows(&self, failed: &[bool]) -> Vec<bool> {
        let may_fail = self.stands.iter().map(|bits| bits & stand::MAY_FAIL != 0);
        let mut counted: Vec<bool> =
            failed.iter().zip(may_fail).map(|(failed, may)| *failed && may).collect();
        let rule = self.definition().failure.in_a_row;
        if rule == FailuresInARow::Each {
            return counted;
        }
        let rows = || self.rows().filter(|place| self.counts(*place) || self.may_fail(*place));
        let last = rows().last().filter(|_| rule == FailuresInARow::FirstAndLast);
        let mut before = false;
        for place in rows() {
            let Some(counts) = counted.get_mut(place) else { continue };
            (*counts, before) = (*counts && (!before || last == Some(place)), *counts);
        }
        counted
    }

    fn mark(&self, failed: &mut [bool], is: impl Fn(crate::dataset::shard::DeploymentTraits) -> bool) {
        for (mark, traits) in failed.iter_mut().zip(&self.shard.deployments.traits) {
            *mark |= is(*traits);
        }
    }

    /// What a rollback, hotfix or rework replaces, or the deployment before it in the same environment.
    fn mark_remedied(&self, failed: &mut [bool], kinds: &[DeploymentKind], within_millis: u64) {
        let remedies = self.shard.deployments.traits.iter().any(|traits| kinds.contains(&traits.kind));
        if !remedies {
            return;
        }
        let mut before: Vec<usize> = Vec::new();
        for place in self.rows().filter(|place| self.may_fail(*place)) {
            let is_remedy = self.traits(place).is_some_and(|traits| kinds.contains(&traits.kind));
            if is_remedy {
                let replaced = self.shard.deployments.replaces.get(&row(place)).map(|row| *row as usize);
                let previous = before.iter().rev().find(|p| self.environment(**p) == self.environment(place));
                if let Some(target) = replaced.or(previous.copied()).filter(|target| *target != place) {
                    self.mark_if_soon(failed, target, place, within_millis);
                }
            }
            before.push(place);
        }
    }

    /// The first deployment that carried what a later one reverts.
    fn mark_reverted(&self, failed: &mut [bool], within_millis: u64) {
        let carrier = |change: u32| {
            let mut rows = self.rows().filter(|place| self.may_fail(*place));
            rows.find(|place| self.shard.deployments.changes_of(*place).contains(change))
        };
        for (revert, reverted) in &self.shard.changes.reverts {
            if let (Some(target), Some(place)) = (carrier(*reverted), carrier(*revert))
                && target != place
            {
                self.mark_if_soon(failed, target, place, within_millis);
            }
        }
    }

    fn mark_if_soon(&self, failed: &mut [bool], target: usize, remedy: usize, within_millis: u64) {
        let gap = self.at(remedy).saturating_sub(self.at(target));
        if gap >= 0 && gap.unsigned_abs() <= within_millis {
            set(failed, target);
        }
    }
}

fn set(failed: &mut [bool], place: usize) {
    if let Some(mark) = failed.get_mut(place) {
        *mark = true;
    }
}
