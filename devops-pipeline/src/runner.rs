//! Runs analyzers side by side.

use alloc::collections::BTreeMap;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::num::NonZeroU16;
use core::time::Duration;

use devops_core::{AnalyzerError, AnalyzerId, AnalyzerRun, ChangeSet, Context, Message, Outcome};
use futures::stream::{FuturesUnordered, StreamExt as _};

use crate::analyzer_set::Member;
use crate::conflict::{measured_by, sign};
use crate::surroundings::{Ended, Surroundings};
use crate::{AnalyzerSet, Event, MeasureConflict, Observer, Timer, merge_measures, text};

/// How often a transient failure is tried again.
///
/// ```
/// use core::time::Duration;
///
/// let retry = devops_pipeline::Retry { attempts: 3, back_off_ms: 100 };
/// assert_eq!(retry.wait_before(3), Duration::from_millis(200));
/// assert_eq!(devops_pipeline::Retry::default().attempts, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a plain record that policies fill in")]
pub struct Retry {
    /// How many tries there are in all; 1 is no second try. Without a timer there is never a second one.
    pub attempts: u32,
    /// The wait before the second try, in milliseconds; it doubles with each further one.
    pub back_off_ms: u64,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 1, back_off_ms: 1000 }
    }
}

impl Retry {
    /// How long to wait before that try, which counts from 1.
    #[must_use]
    pub fn wait_before(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(2).min(32);
        Duration::from_millis(self.back_off_ms.saturating_mul(1_u64 << doublings))
    }
}

/// How analyzers are run.
///
/// ```
/// use core::num::NonZeroU16;
/// use devops_pipeline::RunnerOptions;
///
/// let options = RunnerOptions::new().with_concurrency(NonZeroU16::MIN);
/// assert_eq!(options.concurrency.get(), 1);
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RunnerOptions<'a> {
    /// How many may be under way at once; 16 by default.
    pub concurrency: NonZeroU16,
    /// The time limit of those that name none.
    pub time_limit: Option<Duration>,
    /// How often transient failures are tried again.
    pub retry: Retry,
    /// Where time comes from.
    pub timer: Option<&'a dyn Timer>,
    /// Who is told.
    pub observer: Option<&'a dyn Observer>,
}

impl Default for RunnerOptions<'_> {
    fn default() -> Self {
        let concurrency = NonZeroU16::new(16).unwrap_or(NonZeroU16::MIN);
        Self { concurrency, time_limit: None, retry: Retry::default(), timer: None, observer: None }
    }
}

impl<'a> RunnerOptions<'a> {
    /// Sixteen at once, no time limit, no second try.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With at most that many under way at once.
    #[must_use]
    pub fn with_concurrency(self, concurrency: NonZeroU16) -> Self {
        Self { concurrency, ..self }
    }

    /// With a time limit for those that name none.
    #[must_use]
    pub fn with_time_limit(self, limit: Duration) -> Self {
        Self { time_limit: Some(limit), ..self }
    }

    /// With further tries behind transient failures.
    #[must_use]
    pub fn with_retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    /// With a timer; without one no time limit holds.
    #[must_use]
    pub fn with_timer(self, timer: &'a dyn Timer) -> Self {
        Self { timer: Some(timer), ..self }
    }

    /// With an observer.
    #[must_use]
    pub fn with_observer(self, observer: &'a dyn Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }
}

/// What came of running analyzers.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct AnalyzerRuns {
    /// How each ended, by id; the same whatever ended first.
    pub runs: Vec<AnalyzerRun>,
    /// What more than one of them measured.
    pub conflicts: Vec<MeasureConflict>,
    /// What the reader should know, such as time limits that could not be kept.
    pub notes: Vec<Message>,
    /// How long each took, by id, where a timer told; not the same from run to run.
    pub durations: Vec<(AnalyzerId, Duration)>,
}

/// Runs analyzers side by side, in the caller's task.
///
/// - At most [`RunnerOptions::concurrency`] are under way at once, started by id. Nothing is spawned; any
///   executor will do. Dropping the future drops them all.
/// - One that fails, panics (when its future is built, polled or dropped) or takes too long is its own result
///   and nobody else's loss. It is not polled again. With `panic = "abort"` no panic can be caught.
/// - Once [`Context::cancellation`] is set, those under way end as cancelled when they are next polled, and no
///   other starts. Setting the flag wakes nobody: to end a run at once, drop the future.
/// - An analyzer that never awaits cannot be stopped, and holds up the others.
/// - Each gets a context with a work budget of its own.
///
/// ```
/// use std::sync::Arc;
/// use devops_core::{Analysis, Analyzer, AnalyzerError, AnalyzerKind, ChangeSet, Context, analyzer_fn};
/// use devops_pipeline::{AnalyzerSet, RunnerOptions, run_analyzers};
///
/// let good = analyzer_fn("good", AnalyzerKind::Style, |_, _| Ok(Analysis::new()))?;
/// let bad = analyzer_fn("bad", AnalyzerKind::Style, |_, _| Err(AnalyzerError::failed("no rules")))?;
/// let set = AnalyzerSet::new([Arc::new(good) as Arc<dyn Analyzer>, Arc::new(bad)])?;
/// let (change, context) = (ChangeSet::default(), Context::new());
/// let done = futures::executor::block_on(run_analyzers(&set, &change, &context, RunnerOptions::new()));
/// assert_eq!(done.runs[0].outcome.to_string(), "failed: no rules");
/// assert_eq!(done.runs[1].outcome.to_string(), "completed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn run_analyzers(
    set: &AnalyzerSet,
    change: &ChangeSet,
    context: &Context,
    options: RunnerOptions<'_>,
) -> AnalyzerRuns {
    let around = Surroundings::new(options.observer, options.timer, context.cancellation().clone());
    let job = Work { change, context, around: &around, time_limit: options.time_limit, retry: options.retry };
    job.run(set, options.concurrency, |_| None).await
}

/// What all analyzers of a stage share.
pub(crate) struct Work<'a> {
    pub(crate) change: &'a ChangeSet,
    pub(crate) context: &'a Context,
    pub(crate) around: &'a Surroundings<'a>,
    pub(crate) time_limit: Option<Duration>,
    pub(crate) retry: Retry,
}

/// One analyzer's place in the set, how it ended and how long it took.
type Ending = (usize, Outcome, Option<Duration>);

impl Work<'_> {
    /// Runs them; `skip` says of each why it is not to run.
    pub(crate) async fn run(
        &self,
        set: &AnalyzerSet,
        concurrency: NonZeroU16,
        skip: impl Fn(&Member) -> Option<&'static str>,
    ) -> AnalyzerRuns {
        let members = set.members();
        let mut report = self.nothing_ran_yet(members);
        let mut took = BTreeMap::new();
        let mut waiting = members.iter().enumerate();
        let mut under_way = FuturesUnordered::new();
        let mut done = 0_usize;
        loop {
            while under_way.len() < usize::from(concurrency.get()) {
                let Some((index, member)) = waiting.next() else { break };
                under_way.push(self.start(index, member, skip(member)));
            }
            let Some((index, outcome, duration)) = under_way.next().await else { break };
            done = done.saturating_add(1);
            if let Some(run) = report.runs.get_mut(index) {
                run.outcome = outcome;
                self.tell_of_end(run, done, members.len());
                took.extend(duration.map(|d| (index, d)));
            }
        }
        drop(under_way);
        let id = |index: usize| members.get(index).map(|m| m.descriptor.id().clone());
        report.durations = took.into_iter().filter_map(|(index, d)| Some((id(index)?, d))).collect();
        report.conflicts = merge_measures(measured_by(&report.runs)).1;
        report
    }

    fn tell_of_end(&self, run: &AnalyzerRun, done: usize, total: usize) {
        let id = run.descriptor.id();
        if let Outcome::TimedOut { limit_ms } = &run.outcome {
            self.around.tell(Event::AnalyzerTimedOut { id, limit_ms: *limit_ms });
        }
        self.around.tell(Event::AnalyzerFinished { id, status: run.outcome.status(), done, total });
    }

    /// A report in which each outcome is still to be put in its place.
    fn nothing_ran_yet(&self, members: &[Member]) -> AnalyzerRuns {
        let run = |m: &Member| AnalyzerRun { descriptor: m.descriptor.clone(), outcome: Outcome::Cancelled };
        let mut report = AnalyzerRuns { runs: members.iter().map(run).collect(), ..AnalyzerRuns::default() };
        let limited = |m: &Member| m.descriptor.time_limit().or(self.time_limit).is_some();
        if !self.around.has_timer() && members.iter().any(limited) {
            report.notes.push(Message::new(text::NO_TIMER));
        }
        report
    }

    async fn start(&self, index: usize, member: &Member, skip: Option<&'static str>) -> Ending {
        if let Some(reason) = skip {
            return (index, Outcome::Skipped { reason: reason.to_string() }, None);
        }
        if self.around.is_cancelled() {
            return (index, Outcome::Cancelled, None);
        }
        self.around.tell(Event::AnalyzerStarted { id: member.descriptor.id() });
        let started = self.around.now();
        let mut attempt = 1_u32;
        let outcome = loop {
            let outcome = self.attempt(member).await;
            let transient = matches!(outcome, Outcome::Failed { transient: true, .. });
            if !transient || attempt >= self.retry.attempts || !self.around.has_timer() {
                break outcome;
            }
            attempt = attempt.saturating_add(1);
            if !self.around.pause(self.retry.wait_before(attempt)).await {
                break outcome;
            }
            self.around.tell(Event::AnalyzerRetried { id: member.descriptor.id(), attempt });
        };
        (index, outcome, self.around.since(started))
    }

    async fn attempt(&self, member: &Member) -> Outcome {
        let limit = member.descriptor.time_limit().or(self.time_limit);
        let context = self.context.with_fresh_budget();
        let ended = self.around.call(|| member.analyzer.analyze(self.change, &context), limit).await;
        match ended {
            Ended::Value(Ok(mut analysis)) => {
                sign(&mut analysis.measures, &member.descriptor);
                Outcome::Completed(analysis.settled())
            }
            Ended::Value(Err(AnalyzerError::Cancelled)) | Ended::Cancelled => Outcome::Cancelled,
            Ended::Value(Err(error)) => {
                Outcome::Failed { reason: error.to_string(), transient: error.is_transient() }
            }
            Ended::Panicked(panic) => Outcome::Panicked { message: panic.0 },
            Ended::TimedOut(limit) => {
                Outcome::TimedOut { limit_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::sync::Arc;
    use devops_core::{Analysis, Analyzer, AnalyzerKind, analyzer_fn};

    #[test]
    fn an_analyzer_under_way_takes_little_memory() {
        let no_op = analyzer_fn("a", AnalyzerKind::Style, |_, _| Ok(Analysis::new())).unwrap();
        let set = AnalyzerSet::new([Arc::new(no_op) as Arc<dyn Analyzer>]).unwrap();
        let (change, context) = (ChangeSet::default(), Context::new());
        let around = Surroundings::new(None, None, context.cancellation().clone());
        let retry = Retry::default();
        let work = Work { change: &change, context: &context, around: &around, time_limit: None, retry };
        let start = size_of_val(&work.start(0, &set.members()[0], None));
        let attempt = size_of_val(&work.attempt(&set.members()[0]));
        let outcome = size_of::<Outcome>();
        assert!(start < 512, "{start} {attempt} {outcome}");
    }
}
