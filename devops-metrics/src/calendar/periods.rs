//! A window cut into periods, and the period of an instant.

use alloc::vec::Vec;
use core::ops::Range;

use devops_core::Timestamp;

use super::{Calendar, CalendarError, Date, Period, PeriodKind, Weekday, Window};

/// A thousand years of days.
const MOST_PERIODS: usize = 400_000;

/// The periods of a window, in order, none left out.
///
/// [`index_of`](Self::index_of) finds an instant's period in a few steps, whatever their number: it is meant for
/// millions of events.
///
/// ```
/// use devops_metrics::calendar::{Calendar, PeriodKind, Weekday, Window};
///
/// let sundays = Calendar::utc().with_week_start(Weekday::Sunday);
/// let window = Window::new("2026-02-10T00:00:00Z".parse()?, "2026-02-22T00:00:00Z".parse()?)?;
/// let weeks = sundays.periods(PeriodKind::Week, window)?;
/// let labels: Vec<_> = weeks.iter().map(|p| (p.label, p.partial)).collect();
/// assert_eq!(labels, [("week of 2026-02-08".to_string(), true), ("week of 2026-02-15".to_string(), false)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periods {
    kind: PeriodKind,
    week_start: Weekday,
    window: Window,
    /// The first day of each slot.
    days: Vec<Date>,
    /// The first instant of each slot, and the end of the last.
    starts: Vec<Timestamp>,
    /// Slots of one period: 1, and for rolling periods their days.
    span: usize,
    /// When one slot ends and the next one begins, in milliseconds, as far as that lies in the window or in what
    /// rolling periods reach back to.
    bounds: Vec<i64>,
    /// How many slots there are in 2⁶⁴ milliseconds, on average: the first guess of the search.
    density: u64,
}

impl Periods {
    pub(super) fn cut(calendar: &Calendar, kind: PeriodKind, window: Window) -> Result<Self, CalendarError> {
        let look_back = kind.look_back()?;
        let mut day = kind.first_day(calendar.day_holding(window.from())?, calendar.week_start())?;
        day = day.plus_days(i32::from(look_back).saturating_neg())?;
        let mut days = Vec::new();
        let mut starts = Vec::new();
        let mut start = calendar.start_of_day(day)?;
        while start < window.to() {
            if days.len() >= MOST_PERIODS {
                return Err(CalendarError::TooManyPeriods { limit: MOST_PERIODS });
            }
            let next = kind.next_first_day(day)?;
            let end = calendar.start_of_day(next)?;
            // A day that the zone skipped is no period, but one of the days that a rolling period looks back.
            if end > start || look_back > 0 {
                days.push(day);
                starts.push(start);
            }
            (day, start) = (next, end);
        }
        starts.push(start);
        if window.millis() == 0 {
            days.clear();
            starts.clear();
        }
        let span = usize::from(look_back).saturating_add(1).min(days.len().max(1));
        let week_start = calendar.week_start();
        let (bounds, density) = (Vec::new(), 0);
        let mut periods = Self { kind, week_start, window, days, starts, span, bounds, density };
        periods.bound();
        Ok(periods)
    }

    /// Prepares the search.
    fn bound(&mut self) {
        let reach = self.reach();
        let bound = |start: &Timestamp| (*start).clamp(reach.from(), reach.to()).as_millis();
        self.bounds = self.starts.iter().map(bound).collect();
        let length = reach.millis().unsigned_abs().max(1);
        let density = (u128::from(self.days.len() as u64) << 64).div_ceil(u128::from(length));
        self.density = u64::try_from(density).unwrap_or(u64::MAX);
    }

    /// What the window is cut into.
    #[must_use]
    pub const fn kind(&self) -> PeriodKind {
        self.kind
    }

    /// The window as given.
    #[must_use]
    pub const fn window(&self) -> Window {
        self.window
    }

    /// How many periods there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        if self.days.is_empty() { 0 } else { self.days.len().saturating_sub(self.span).saturating_add(1) }
    }

    /// Whether there are none: only an empty window has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// All instants that lie in a period: the window, and what rolling periods reach back to.
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, PeriodKind};
    ///
    /// let calendar = Calendar::utc();
    /// let january = calendar.days("2026-01-01".parse()?, "2026-01-31".parse()?)?;
    /// let rolling = calendar.periods(PeriodKind::Rolling { days: 7 }, january)?;
    /// assert_eq!(rolling.len(), 31);
    /// assert_eq!(rolling.reach().from().to_string(), "2025-12-26T00:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reach(&self) -> Window {
        let back = self.starts.first().filter(|_| self.is_rolling()).copied().unwrap_or(self.window.from());
        // `back` is never after the window's start.
        Window::new(back.min(self.window.from()), self.window.to()).unwrap_or(self.window)
    }

    const fn is_rolling(&self) -> bool {
        matches!(self.kind, PeriodKind::Rolling { .. })
    }

    /// A period by its index, from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Period> {
        let last = index.checked_add(self.span)?;
        let whole = Window::new(*self.starts.get(index)?, *self.starts.get(last)?).ok()?;
        let named = if self.span > 1 { last.checked_sub(1)? } else { index };
        let label = self.kind.label(*self.days.get(named)?, self.week_start);
        let window = whole.and(self.reach());
        Some(Period { label, window, whole, partial: window != whole })
    }

    /// All periods in order.
    pub fn iter(&self) -> impl Iterator<Item = Period> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// The index of the period that holds an instant; for rolling periods, which overlap, of the first one.
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, PeriodKind, Window};
    ///
    /// let window = Window::new("2026-01-10T00:00:00Z".parse()?, "2026-07-01T00:00:00Z".parse()?)?;
    /// let months = Calendar::utc().periods(PeriodKind::Month, window)?;
    /// assert_eq!(months.index_of("2026-03-01T00:00:00Z".parse()?), Some(2));
    /// assert_eq!(months.index_of("2026-01-09T23:59:59Z".parse()?), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn index_of(&self, at: Timestamp) -> Option<usize> {
        Some(self.slot(at.as_millis())?.saturating_sub(self.span.saturating_sub(1)))
    }

    /// The indices of all periods that hold an instant: at most one, and several for rolling periods.
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, PeriodKind};
    ///
    /// let calendar = Calendar::utc();
    /// let days = calendar.days("2026-01-01".parse()?, "2026-01-31".parse()?)?;
    /// let rolling = calendar.periods(PeriodKind::Rolling { days: 7 }, days)?;
    /// assert_eq!(rolling.indices_of("2026-01-10T12:00:00Z".parse()?), 9..16);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn indices_of(&self, at: Timestamp) -> Range<usize> {
        self.indices_at(at.as_millis())
    }

    /// The same of milliseconds, whether they are an instant or not.
    #[inline]
    pub(crate) fn indices_at(&self, millis: i64) -> Range<usize> {
        let Some(slot) = self.slot(millis) else { return 0..0 };
        if self.span == 1 {
            return slot..slot.saturating_add(1);
        }
        let first = slot.saturating_sub(self.span.saturating_sub(1));
        first..slot.saturating_add(1).min(self.len())
    }

    /// The slot of an instant: a guess by the mean length, or a search where that is wrong.
    #[inline]
    fn slot(&self, millis: i64) -> Option<usize> {
        // What lies before the first is far beyond the last here.
        let passed = u128::from(millis.wrapping_sub(*self.bounds.first()?).cast_unsigned());
        #[expect(clippy::cast_possible_truncation, reason = "a guess, which is checked")]
        let guess = (passed.wrapping_mul(u128::from(self.density)) >> 64) as usize;
        if self.holds(guess, millis) { Some(guess) } else { self.search(millis) }
    }

    #[inline]
    fn holds(&self, slot: usize, millis: i64) -> bool {
        let ends = self.bounds.get(slot..).and_then(<[i64]>::first_chunk);
        ends.is_some_and(|[from, to]| *from <= millis && millis < *to)
    }

    fn search(&self, millis: i64) -> Option<usize> {
        let slot = self.bounds.partition_point(|bound| *bound <= millis).checked_sub(1)?;
        self.holds(slot, millis).then_some(slot)
    }
}
