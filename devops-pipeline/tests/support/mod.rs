//! A timer whose time the test moves, and analyzers that behave in every way there is.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context as Poller, Poll, Wake, Waker};
use std::time::Duration;

use devops_core::{
    Analysis, Analyzer, AnalyzerError, AnalyzerKind, ChangeSet, Context, Descriptor, Finding, JobId,
    Location, PipelineJob, Region, RepoPath, RuleId, Severity, async_trait,
};
use devops_pipeline::Timer;

/// Time that moves only when nothing else can.
#[derive(Debug, Clone, Default)]
pub struct TestTimer(Arc<Mutex<Clock>>);

#[derive(Debug, Default)]
struct Clock {
    now: Duration,
    sleepers: Vec<(Duration, Waker)>,
}

impl TestTimer {
    /// Moves to the next instant that somebody waits for.
    fn advance(&self) -> bool {
        let mut clock = self.0.lock().unwrap();
        let Some(next) = clock.sleepers.iter().map(|(at, _)| *at).min() else { return false };
        clock.now = clock.now.max(next);
        let (due, later) = std::mem::take(&mut clock.sleepers).into_iter().partition(|(at, _)| *at <= next);
        clock.sleepers = later;
        drop(clock);
        let due: Vec<(Duration, Waker)> = due;
        due.into_iter().for_each(|(_, waker)| waker.wake());
        true
    }
}

#[async_trait]
impl Timer for TestTimer {
    fn now(&self) -> Duration {
        self.0.lock().unwrap().now
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + duration;
        poll_fn(|cx| {
            let mut clock = self.0.lock().unwrap();
            if clock.now >= until {
                return Poll::Ready(());
            }
            clock.sleepers.push((until, cx.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Runs a future, moving the time on when it waits; `None` where it waits for nothing at all.
pub fn drive<T>(timer: &TestTimer, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Poller::from_waker(&waker)) {
            return Some(value);
        }
        while !woken.0.swap(false, Ordering::SeqCst) {
            if !timer.advance() {
                return None;
            }
        }
    }
}

/// Polls a future that many times, then drops it.
pub fn poll_and_drop<T>(future: impl Future<Output = T>, times: usize) {
    let mut future = pin!(future);
    for _ in 0..times {
        assert!(future.as_mut().poll(&mut Poller::from_waker(Waker::noop())).is_pending());
    }
}

/// What an analyzer does.
#[derive(Debug, Clone)]
pub enum Manner {
    Returns(Analysis),
    Fails(AnalyzerError),
    PanicsWhenBuilt,
    PanicsWhenPolled,
    PanicsWhenDropped,
    PanicsWhenDroppedLate,
    Never,
}

/// An analyzer that waits, then does it.
#[derive(Debug, Clone)]
pub struct Actor {
    pub descriptor: Descriptor,
    pub manner: Manner,
    pub delay: Duration,
    pub timer: TestTimer,
    pub watch: Arc<Watch>,
}

/// How many are under way, were at most, and were polled in all.
#[derive(Debug, Default)]
pub struct Watch {
    pub under_way: AtomicUsize,
    pub at_most: AtomicUsize,
    pub polls: AtomicUsize,
}

struct UnderWay(Arc<Watch>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("in drop");
    }
}

/// Drops a bomb with itself: behind its end, or instead of it.
struct Armed(Option<Bomb>, bool);

impl Future for Armed {
    type Output = Result<Analysis, AnalyzerError>;

    fn poll(self: Pin<&mut Self>, _: &mut Poller<'_>) -> Poll<Self::Output> {
        if self.1 { Poll::Pending } else { Poll::Ready(Ok(Analysis::new())) }
    }
}

impl Actor {
    pub fn new(id: &str, kind: AnalyzerKind, manner: Manner) -> Self {
        Self {
            descriptor: Descriptor::new(id, kind).unwrap(),
            manner,
            delay: Duration::ZERO,
            timer: TestTimer::default(),
            watch: Arc::default(),
        }
    }

    pub fn after(self, millis: u64, timer: &TestTimer) -> Self {
        Self { delay: Duration::from_millis(millis), timer: timer.clone(), ..self }
    }

    pub fn watched(self, watch: &Arc<Watch>) -> Self {
        Self { watch: Arc::clone(watch), ..self }
    }

    pub fn limited(self, millis: u64) -> Self {
        let limit = Duration::from_millis(millis);
        Self { descriptor: self.descriptor.with_time_limit(limit), ..self }
    }

    async fn act(&self) -> Result<Analysis, AnalyzerError> {
        let now = self.watch.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.watch.at_most.fetch_max(now, Ordering::SeqCst);
        let _under_way = UnderWay(Arc::clone(&self.watch));
        if self.delay > Duration::ZERO {
            self.timer.sleep(self.delay).await;
        }
        match &self.manner {
            Manner::Returns(analysis) => Ok(analysis.clone()),
            Manner::Fails(error) => Err(error.clone()),
            Manner::Never => {
                poll_fn(|_| {
                    self.watch.polls.fetch_add(1, Ordering::SeqCst);
                    Poll::<()>::Pending
                })
                .await;
                unreachable!()
            }
            _ => {
                self.watch.polls.fetch_add(1, Ordering::SeqCst);
                panic!("in poll")
            }
        }
    }
}

// Written out, so that it can panic before there is a future.
impl Analyzer for Actor {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn analyze<'a, 'b, 'c, 'f>(
        &'a self,
        _change: &'b ChangeSet,
        _context: &'c Context,
    ) -> Pin<Box<dyn Future<Output = Result<Analysis, AnalyzerError>> + Send + 'f>>
    where
        'a: 'f,
        'b: 'f,
        'c: 'f,
    {
        match self.manner {
            Manner::PanicsWhenBuilt => panic!("in build"),
            Manner::PanicsWhenDropped => Box::pin(Armed(Some(Bomb), false)),
            Manner::PanicsWhenDroppedLate => Box::pin(Armed(Some(Bomb), true)),
            _ => Box::pin(self.act()),
        }
    }
}

pub fn finding(rule: &str, severity: Severity, line: u32) -> Finding {
    let place = Location::new(RepoPath::new("src/a.rs").unwrap()).with_region(Region::line(line).unwrap());
    Finding::new(RuleId::new(rule).unwrap(), severity, format!("{rule} in line {line}")).at(place)
}

pub fn with_findings(rule: &str, severity: Severity, count: u32) -> Analysis {
    Analysis::new().with_findings((1..=count).map(|line| finding(rule, severity, line)))
}

pub fn job() -> PipelineJob {
    PipelineJob::new(JobId::new("1042").unwrap()).with_repository("shop/checkout").with_commit("4f2a9c1")
}
