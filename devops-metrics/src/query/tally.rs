//! Bare numbers of cells, counted while the facts come.

use alloc::vec::Vec;

use super::cells::{Keep, Placed, by_cell, earlier};
use super::measure::Frame;
use super::numbers::{self, Deployed};
use super::summary::CellNumbers;
use crate::calendar::Window;
use crate::dataset::row;
use crate::definition::{Definition, FailureBase, FrequencyMeasure, NonPositive, Statistic};
use crate::sweep::{DeploymentFact, ExcludedFact, IncidentFact, LeadRun, Part, RestoreFact};

/// Values by cell. They mostly come cell by cell, so that only where a new cell begins is written down.
#[derive(Debug)]
struct Runs<T> {
    values: Vec<T>,
    /// Cell and first value of each run.
    starts: Vec<(u32, usize)>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self { values: Vec::new(), starts: Vec::new() }
    }
}

impl<T: Copy> Runs<T> {
    fn clear(&mut self) {
        self.values.clear();
        self.starts.clear();
    }

    fn push(&mut self, cell: u32, value: T) {
        self.extend(cell, [value]);
    }

    #[inline]
    fn extend(&mut self, cell: u32, values: impl IntoIterator<Item = T>) {
        self.of_cell(cell).extend(values);
    }

    /// The values, to put some of that cell behind them.
    #[inline]
    fn of_cell(&mut self, cell: u32) -> &mut Vec<T> {
        if self.starts.last().is_none_or(|(last, _)| *last != cell) {
            self.starts.push((cell, self.values.len()));
        }
        &mut self.values
    }

    /// Puts the values of a cell together; they keep the order in which they came.
    fn settle(&mut self) {
        if self.starts.is_sorted_by(|a, b| a.0 < b.0) {
            return;
        }
        let ends = self.starts.iter().skip(1).map(|start| start.1).chain([self.values.len()]);
        let mut runs: Vec<_> =
            self.starts.iter().zip(ends).map(|((cell, from), to)| (*cell, *from, to)).collect();
        runs.sort_unstable();
        let came = core::mem::take(self);
        for (cell, from, to) in runs {
            self.extend(cell, came.values.get(from..to).unwrap_or(&[]).iter().copied());
        }
    }

    /// The values of each cell that has some, cell by cell.
    fn each(&mut self, mut take: impl FnMut(u32, &mut [T])) {
        let ends = self.starts.iter().skip(1).map(|start| start.1).chain([self.values.len()]);
        let mut rest = self.values.as_mut_slice();
        for ((cell, from), to) in self.starts.iter().zip(ends) {
            let Some((run, behind)) = rest.split_at_mut_checked(to.saturating_sub(*from)) else { return };
            take(*cell, run);
            rest = behind;
        }
    }
}

/// What is kept of facts beside their number; its memory serves one batch after the other.
#[derive(Debug, Default)]
pub(super) struct Kept {
    leads: Runs<i64>,
    /// Instant and lead time, where the statistic asks for the days.
    timed_leads: Runs<(i64, i64)>,
    /// Instants of deployments, where the frequency asks for them.
    times: Runs<i64>,
    recoveries: Vec<Placed<RestoreFact>>,
    restores: Vec<Placed<RestoreFact>>,
    /// The first negative duration of each kind that the definition refuses: cell, event, milliseconds.
    refused: [Option<(u32, u32, i64)>; 3],
    /// When the first event was, where the frequency asks for that.
    begin: Option<i64>,
    scratch: Vec<i64>,
}

impl Kept {
    pub(super) fn clear(&mut self) {
        self.leads.clear();
        self.timed_leads.clear();
        self.times.clear();
        self.recoveries.clear();
        self.restores.clear();
        self.refused = [None; 3];
        self.begin = None;
    }

    /// Event and milliseconds of a negative duration that the definition refuses.
    pub(super) fn refused(&self) -> Option<(u32, i64)> {
        self.refused.iter().flatten().next().map(|(_, event, value)| (*event, *value))
    }

    fn refuse(&mut self, kind: usize, cell: u32, event: u32, value: i64) {
        if let Some(slot) = self.refused.get_mut(kind)
            && slot.is_none_or(|(there, ..)| cell < there)
        {
            *slot = Some((cell, event, value));
        }
    }
}

/// Counts what a sweep finds in the cells of a batch.
pub(super) struct Tally<'a> {
    pub(super) definition: &'a Definition,
    /// As many as the batch has; each as it is without any fact.
    pub(super) cells: &'a mut [CellNumbers],
    pub(super) kept: &'a mut Kept,
}

impl Keep for Tally<'_> {
    fn begins(&mut self, at: i64) {
        self.kept.begin = earlier(self.kept.begin, Some(at));
    }

    #[inline]
    fn deployment(&mut self, cell: u32, fact: DeploymentFact) {
        let Some(numbers) = self.cells.get_mut(cell as usize) else { return };
        numbers.deployments = numbers.deployments.saturating_add(u32::from(fact.counted));
        numbers.rework = numbers.rework.saturating_add(u32::from(fact.counted && fact.rework));
        numbers.failures = numbers.failures.saturating_add(fact.failures);
        numbers.failure_base = numbers.failure_base.saturating_add(u32::from(fact.base));
        if fact.counted && asks_for_times(self.definition.frequency.measure) {
            self.kept.times.push(cell, fact.at);
        }
    }

    #[inline(always)]
    fn leads(&mut self, cell: u32, run: &LeadRun<'_>) {
        let rule = &self.definition.lead_time;
        if rule.non_positive == NonPositive::RefuseNegative
            && let Some(fact) = run.facts().find(|fact| fact.value < 0)
        {
            self.kept.refuse(0, cell, fact.event, fact.value);
        }
        if rule.statistic == Statistic::MedianOfDailyMedians {
            self.kept.timed_leads.extend(cell, run.values().map(|value| (run.at, value)));
        } else {
            run.put_values(self.kept.leads.of_cell(cell));
        }
    }

    fn restore(&mut self, cell: u32, part: Part, fact: RestoreFact) {
        let (list, rule, kind) = if part == Part::Recovery {
            (&mut self.kept.recoveries, &self.definition.recovery, 1)
        } else {
            (&mut self.kept.restores, &self.definition.restore, 2)
        };
        list.push((cell, fact));
        if fact.value < 0 && rule.non_positive == NonPositive::RefuseNegative {
            self.kept.refuse(kind, cell, fact.event, fact.value);
        }
    }

    fn incident(&mut self, cell: u32, _: IncidentFact) {
        if let Some(numbers) = self.cells.get_mut(cell as usize) {
            numbers.failures = numbers.failures.saturating_add(1);
        }
    }

    fn excluded(&mut self, _: u32, _: ExcludedFact) {}
}

/// Whether a frequency is more than a number of deployments over a length of time.
const fn asks_for_times(measure: FrequencyMeasure) -> bool {
    matches!(
        measure,
        FrequencyMeasure::MedianDaysPerWeek
            | FrequencyMeasure::LowerMedianDaysPerWeek
            | FrequencyMeasure::MeanGap
    )
}

/// Puts the times to recover of a cell into its numbers.
type PutRestores = fn(&mut CellNumbers, &[Placed<RestoreFact>], Option<f64>);

impl Frame<'_> {
    /// The numbers of a cell without any fact.
    pub(super) fn nothing(&self, window: Option<Window>) -> CellNumbers {
        let rule = &self.definition.frequency;
        let frequency =
            window.and_then(|window| numbers::frequency(rule, Deployed::default(), window, self.calendar));
        let failure_rate = numbers::failure_rate(self.definition, 0, 0, self.rate_factor()).known();
        CellNumbers {
            frequency: frequency.into(),
            failure_rate: failure_rate.into(),
            ..CellNumbers::default()
        }
    }

    /// Makes numbers of what was counted and kept. `windows` are those of the cells of one group.
    pub(super) fn finish(&self, tally: &mut Tally<'_>, windows: &[Option<Window>]) {
        let definition = self.definition;
        let Tally { cells, kept, .. } = tally;
        let unit = self.millis_per_unit();
        let mut put_lead = |cell: u32, n: usize, millis: Option<f64>| {
            if let Some(numbers) = cells.get_mut(cell as usize) {
                (numbers.leads, numbers.lead) = (row(n), millis.map(|millis| millis / unit).into());
            }
        };
        let statistic = definition.lead_time.statistic;
        kept.leads.settle();
        kept.leads.each(|cell, values| put_lead(cell, values.len(), numbers::statistic(statistic, values)));
        kept.timed_leads.settle();
        kept.timed_leads.each(|cell, timed| {
            put_lead(
                cell,
                timed.len(),
                numbers::timed_statistic(statistic, timed.iter().copied(), &mut kept.scratch),
            );
        });
        self.finish_restores(tally);
        self.finish_counts(tally, windows);
    }

    fn finish_restores(&self, tally: &mut Tally<'_>) {
        let (definition, unit) = (self.definition, self.millis_per_unit());
        let Tally { cells, kept, .. } = tally;
        let level = definition.certainty.level;
        by_cell(&mut kept.recoveries);
        by_cell(&mut kept.restores);
        let kinds: [(&[Placed<RestoreFact>], _, PutRestores); 2] = [
            (&kept.recoveries, &definition.recovery, |numbers, cases, figure| {
                (numbers.recoveries, numbers.recovery) = (row(cases.len()), figure.into());
            }),
            (&kept.restores, &definition.restore, |numbers, cases, figure| {
                (numbers.restores, numbers.restore) = (row(cases.len()), figure.into());
                numbers.restored = row(cases.iter().filter(|(_, fact)| !fact.open).count());
            }),
        ];
        for (all, rule, put) in kinds {
            for cases in all.chunk_by(|a, b| a.0 == b.0) {
                let figure = numbers::restore(rule.statistic, cases, level, &mut kept.scratch).known();
                if let Some(numbers) = cases.first().and_then(|(cell, _)| cells.get_mut(*cell as usize)) {
                    put(numbers, cases, figure.map(|millis| millis / unit));
                }
            }
        }
    }

    fn finish_counts(&self, tally: &mut Tally<'_>, windows: &[Option<Window>]) {
        let (definition, Tally { cells, kept, .. }) = (self.definition, tally);
        let factor = self.rate_factor();
        let frequency = |deployed: Deployed<'_>, window: Option<Window>| {
            numbers::frequency(&definition.frequency, deployed, window?, self.calendar)
        };
        for (numbers, window) in cells.iter_mut().zip(windows.iter().cycle()) {
            if definition.failure.base == FailureBase::LeadTimes {
                numbers.failure_base = numbers.leads;
            }
            if numbers.deployments | numbers.failures | numbers.failure_base == 0 {
                continue;
            }
            let (failures, base) = (u64::from(numbers.failures), u64::from(numbers.failure_base));
            numbers.failure_rate = numbers::failure_rate(definition, failures, base, factor).known().into();
            if numbers.deployments > 0 && !asks_for_times(definition.frequency.measure) {
                let n = numbers.deployments as usize;
                numbers.frequency = frequency(Deployed { n, ..Deployed::default() }, *window).into();
            }
        }
        let begin = kept.begin;
        if begin.is_some() {
            let empty =
                cells.iter_mut().zip(windows.iter().cycle()).filter(|(cell, _)| cell.deployments == 0);
            empty.for_each(|(numbers, window)| {
                numbers.frequency = frequency(Deployed { begin, ..Deployed::default() }, *window).into();
            });
        }
        kept.times.settle();
        kept.times.each(|cell, times| {
            let window = (cell as usize).checked_rem(windows.len()).and_then(|slot| *windows.get(slot)?);
            if let Some(numbers) = cells.get_mut(cell as usize) {
                let deployed = Deployed { n: times.len(), times, begin };
                numbers.frequency = frequency(deployed, window).into();
            }
        });
    }
}
