//! What a verdict on an improvement compares: single observations instead of one number.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use devops_core::{MetricId, Unit};

use super::cells::{CellFacts, Facts};
use super::group::Group;
use super::measure::name_of;
use super::numbers::float;
use super::value::DeliveryMetric;
use super::{Plan, Query, QueryError};
use crate::calendar::Window;
use crate::dataset::Dataset;
use crate::dataset::column::NO_ROW;
use crate::improvement::{Observation, Sample};
use crate::sweep::RestoreFact;

impl Query {
    /// The single observations of a group behind its metrics, over the whole window.
    ///
    /// Deployments are counted period by period, in months; failures and rework are shares of the deployments;
    /// times to recover keep what is open apart. **One deployment is one observation of lead time**: the median
    /// of the changes that it carries, since these wait for each other and are not independent. Metrics of which
    /// nothing was observed are left out.
    ///
    /// # Errors
    ///
    /// [`QueryError`]; among others where the query has no such group.
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, PeriodKind};
    /// use devops_metrics::dataset::Dataset;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::log::DeliveryLog;
    /// use devops_metrics::query::{Group, Query};
    ///
    /// let mut log = DeliveryLog::new();
    /// log.read_json_lines(br#"
    /// {"type":"change","id":"c1","service":"api","committed_at":"2026-03-02T09:00:00Z","deployments":["d1"]}
    /// {"type":"deployment","id":"d1","service":"api","environment":"prod","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
    /// "#)?;
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let query = Query::new(Definition::dora_2025(), march).every(PeriodKind::Week);
    /// let observed = query.observe(&Dataset::of(&log), &Group::All)?;
    /// let lead = observed.iter().find(|o| o.metric.as_str() == "change_lead_time").unwrap();
    /// assert_eq!((lead.sample.n(), lead.sample.estimate()), (1, Some(1.0)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn observe(&self, dataset: &Dataset<'_>, group: &Group) -> Result<Vec<Observation>, QueryError> {
        let plan = self.plan(dataset)?;
        let (batch, place) = plan.place_of(group)?;
        let mut facts = Facts::default();
        plan.fill(batch, &batch.services, &plan.across(), false, &mut facts)?;
        let mut seen = Seen::default();
        for slot in 0..plan.slots.len() {
            let cell = place.saturating_mul(plan.slots.len()).saturating_add(slot);
            if let Some(window) = plan.slots.window(slot) {
                seen.take(window, facts.cell(crate::dataset::row(cell)));
            }
        }
        Ok(plan.observations(seen))
    }
}

/// Everything that was observed, in milliseconds.
#[derive(Default)]
struct Seen {
    /// Deployments and length of each period.
    periods: Vec<(u64, i64)>,
    /// Lead times by deployment, or by change where there is none.
    leads: BTreeMap<(u32, u32), Vec<i64>>,
    /// Deployments below the line, and failures.
    failures: (u64, u64),
    /// Deployments, and rework.
    rework: (u64, u64),
    recoveries: Vec<(i64, bool)>,
    restores: Vec<(i64, bool)>,
}

impl Seen {
    fn take(&mut self, window: Window, facts: CellFacts<'_>) {
        let count = |tally: &mut (u64, u64), whole: bool, part: u64| {
            tally.0 = tally.0.saturating_add(u64::from(whole));
            tally.1 = tally.1.saturating_add(part);
        };
        let mut deployments = 0_u64;
        for (_, fact) in facts.deployments {
            count(&mut self.failures, fact.base, fact.failures.into());
            count(&mut self.rework, fact.counted, u64::from(fact.counted && fact.rework));
            deployments = deployments.saturating_add(fact.counted.into());
        }
        let alone = u64::try_from(facts.incidents.len()).unwrap_or(u64::MAX);
        count(&mut self.failures, false, alone);
        self.periods.push((deployments, window.millis()));
        for (_, fact) in facts.leads {
            let key = if fact.deployment == NO_ROW { (NO_ROW, fact.event) } else { (fact.deployment, 0) };
            self.leads.entry(key).or_default().push(fact.value);
        }
        let over = |(_, fact): &(u32, RestoreFact)| (fact.value, fact.open);
        self.recoveries.extend(facts.recoveries.iter().map(over));
        self.restores.extend(facts.restores.iter().map(over));
    }
}

/// The middle of some times; of an even number the mean of the two in the middle.
fn middle(mut times: Vec<i64>) -> f64 {
    times.sort_unstable();
    let half = times.len() / 2;
    let upper = times.get(half).copied().unwrap_or(0);
    let lower = if times.len().is_multiple_of(2) { half.saturating_sub(1) } else { half };
    0.5 * (float(times.get(lower).copied().unwrap_or(upper)) + float(upper))
}

impl Plan<'_> {
    fn observations(&self, seen: Seen) -> Vec<Observation> {
        let unit = self.query.definition.duration_unit;
        let step = unit.factor_to(Unit::Milliseconds).unwrap_or(1.0);
        let month = Unit::PerMonth.factor_to(Unit::PerDay).map_or(1.0, |days| 1.0 / days) * 86_400_000.0;
        let periods = seen.periods.iter().filter(|(_, length)| *length > 0);
        let counts = Sample::counts(periods.map(|(events, length)| (*events, float(*length) / month)));
        let leads = Sample::durations(seen.leads.into_values().map(|times| middle(times) / step), []);
        let share = |(whole, part): (u64, u64)| Sample::share(part, whole);
        let times = |cases: &[(i64, bool)]| {
            let of = |open: bool| cases.iter().filter(move |c| c.1 == open).map(|c| float(c.0) / step);
            Sample::durations(of(false), of(true))
        };
        let all = [
            (DeliveryMetric::DeploymentFrequency, Unit::PerMonth, counts),
            (DeliveryMetric::ChangeLeadTime, unit, leads),
            (DeliveryMetric::ChangeFailureRate, Unit::Percent, share(seen.failures)),
            (DeliveryMetric::RecoveryTime, unit, times(&seen.recoveries)),
            (DeliveryMetric::TimeToRestore, unit, times(&seen.restores)),
            (DeliveryMetric::ReworkRate, Unit::Percent, share(seen.rework)),
        ];
        let definition = name_of(&self.query.definition);
        let observed = all.into_iter().filter_map(|(metric, unit, sample)| {
            // A definition may count more failures than deployments, or negative times: no share, no durations.
            let sample = sample.ok().filter(|s| s.kind() == "counts" || s.n() > 0)?;
            let id = MetricId::new(metric.id()).ok()?;
            Some(Observation::new(id, unit, self.query.window, sample).with_definition(definition.clone()))
        });
        observed.collect()
    }
}
