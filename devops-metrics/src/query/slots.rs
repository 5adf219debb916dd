//! The periods of a query.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

use crate::calendar::{Calendar, CalendarError, PeriodKind, Periods, Window};

/// The whole window, or its periods.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    window: Window,
    periods: Option<Periods>,
    /// Between two of these instants in a row lie instants of the same slots.
    bounds: Vec<i64>,
    /// The first of them.
    first: i64,
    /// How many of them there are in 2⁶⁴ milliseconds, on average.
    density: u64,
}

impl Slots {
    pub(crate) fn new(
        calendar: &Calendar,
        kind: Option<PeriodKind>,
        window: Window,
    ) -> Result<Self, CalendarError> {
        let periods = kind.map(|kind| calendar.periods(kind, window)).transpose()?;
        let whole = || alloc::vec![window.from().as_millis(), window.to().as_millis()];
        let bounds: Vec<i64> = periods.as_ref().map_or_else(whole, |periods| periods.bounds().collect());
        let (first, last) = bounds.first().zip(bounds.last()).map_or((0, 0), |(first, last)| (*first, *last));
        let length = last.saturating_sub(first).unsigned_abs();
        let count = bounds.len().saturating_sub(1) as u64;
        let density = (u128::from(count) << 64).div_ceil(u128::from(length.max(1)));
        let density = u64::try_from(density).unwrap_or(u64::MAX);
        Ok(Self { window, periods, bounds, first, density })
    }

    pub(crate) fn len(&self) -> usize {
        self.periods.as_ref().map_or(1, Periods::len)
    }

    /// The slots that hold an instant.
    #[inline]
    pub(crate) fn of(&self, millis: i64) -> Range<usize> {
        // Most often the periods are as long as on average. What lies before the first is far beyond the last here.
        let passed = u128::from(millis.wrapping_sub(self.first).cast_unsigned());
        #[expect(clippy::cast_possible_truncation, reason = "a guess, which is checked")]
        let guess = (passed.wrapping_mul(u128::from(self.density)) >> 64) as usize;
        let number = if self.holds(guess, millis) { Some(guess) } else { self.search(millis) };
        number.map_or(0..0, |number| match &self.periods {
            None => 0..1,
            Some(periods) => periods.indices(number),
        })
    }

    /// Whether an instant lies between that bound and the next.
    #[inline]
    fn holds(&self, number: usize, millis: i64) -> bool {
        let ends = self.bounds.get(number..).and_then(<[i64]>::first_chunk);
        ends.is_some_and(|[from, to]| *from <= millis && millis < *to)
    }

    fn search(&self, millis: i64) -> Option<usize> {
        let number = self.bounds.partition_point(|bound| *bound <= millis).checked_sub(1)?;
        self.holds(number, millis).then_some(number)
    }

    pub(crate) fn label(&self, slot: usize) -> String {
        match &self.periods {
            None => self.window.to_string(),
            Some(periods) => periods.get(slot).map(|period| period.label).unwrap_or_default(),
        }
    }

    /// What of a slot is counted.
    pub(crate) fn window(&self, slot: usize) -> Option<Window> {
        match &self.periods {
            None => (slot == 0).then_some(self.window),
            Some(periods) => periods.get(slot).map(|period| period.window),
        }
    }
}

#[cfg(test)]
mod tests {
    use devops_core::Timestamp;
    use proptest::prelude::*;

    use super::*;

    const KINDS: [PeriodKind; 6] = [
        PeriodKind::Day,
        PeriodKind::Week,
        PeriodKind::Month,
        PeriodKind::Quarter,
        PeriodKind::Year,
        PeriodKind::Rolling { days: 30 },
    ];

    proptest! {
        #[test]
        fn slots_are_those_of_the_periods(
            kind in prop::sample::select(&KINDS[..]),
            from in 1_600_000_000_000..1_800_000_000_000_i64,
            length in 0..100_000_000_000_i64,
            steps in prop::collection::vec(-0.1..1.1_f64, 20),
        ) {
            let calendar = Calendar::new("Europe/Berlin".parse().unwrap());
            let at = |millis| Timestamp::from_millis(millis).unwrap();
            let window = Window::new(at(from), at(from + length)).unwrap();
            let (periods, slots) = (calendar.periods(kind, window).unwrap(), Slots::new(&calendar, Some(kind), window).unwrap());
            #[expect(clippy::cast_possible_truncation, reason = "some instant")]
            let drawn = steps.iter().map(|step| from + (length as f64 * step) as i64);
            let edges = periods.iter().flat_map(|p| [p.window.from(), p.window.to(), p.whole.from(), p.whole.to()]);
            let edges = edges.map(Timestamp::as_millis).flat_map(|edge| [edge - 1, edge, edge + 1]);
            for millis in drawn.chain(edges) {
                let (found, expected) = (slots.of(millis), periods.indices_of(at(millis)));
                prop_assert!(found == expected || (found.is_empty() && expected.is_empty()), "{millis}: {found:?}, not {expected:?}");
            }
            for never in [i64::MIN, i64::MAX] {
                prop_assert!(slots.of(never).is_empty());
            }
        }
    }

    #[test]
    fn the_whole_window_is_one_slot() {
        let window = Window::new(Timestamp::EPOCH, Timestamp::from_millis(10).unwrap()).unwrap();
        let slots = Slots::new(&Calendar::utc(), None, window).unwrap();
        let found: Vec<_> = [-1, 0, 9, 10, i64::MIN].map(|millis| slots.of(millis).len()).into();
        assert_eq!((slots.len(), found), (1, alloc::vec![0, 1, 1, 0, 0]));
    }
}
