//! The periods of a query.

use alloc::string::{String, ToString};
use core::ops::Range;

use crate::calendar::{Calendar, CalendarError, Period, PeriodKind, Periods, Window};

/// The whole window, or its periods.
#[derive(Debug, Clone)]
pub(crate) enum Slots {
    Whole(Window),
    Periods(Periods),
}

impl Slots {
    pub(crate) fn new(
        calendar: &Calendar,
        kind: Option<PeriodKind>,
        window: Window,
    ) -> Result<Self, CalendarError> {
        Ok(match kind {
            None => Self::Whole(window),
            Some(kind) => Self::Periods(calendar.periods(kind, window)?),
        })
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Whole(_) => 1,
            Self::Periods(periods) => periods.len(),
        }
    }

    /// The slots that hold an instant.
    #[inline]
    pub(crate) fn of(&self, millis: i64) -> Range<usize> {
        match self {
            Self::Whole(window) => {
                let (from, to) = (window.from().as_millis(), window.to().as_millis());
                0..usize::from(from <= millis && millis < to)
            }
            Self::Periods(periods) => periods.indices_at(millis),
        }
    }

    pub(crate) fn label(&self, slot: usize) -> String {
        match self {
            Self::Whole(window) => window.to_string(),
            Self::Periods(periods) => periods.get(slot).map(|p| p.label).unwrap_or_default(),
        }
    }

    /// What of a slot is counted.
    pub(crate) fn window(&self, slot: usize) -> Option<Window> {
        match self {
            Self::Whole(window) => (slot == 0).then_some(*window),
            Self::Periods(periods) => periods.get(slot).map(|period: Period| period.window),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
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
            let slots = Slots::new(&calendar, Some(kind), window).unwrap();
            let periods: Vec<Period> = calendar.periods(kind, window).unwrap().iter().collect();
            #[expect(clippy::cast_possible_truncation, reason = "some instant")]
            let drawn = steps.iter().map(|step| from + (length as f64 * step) as i64);
            let some = periods.iter().step_by(periods.len() / 20 + 1).chain(periods.last());
            let edges = some.flat_map(|p| [p.window.from(), p.window.to(), p.whole.from(), p.whole.to()]);
            let edges = edges.map(Timestamp::as_millis).flat_map(|edge| [edge - 1, edge, edge + 1]);
            for millis in drawn.chain(edges) {
                // One after the other, without the search.
                let holds = |(_, period): &(usize, &Period)| period.window.contains(at(millis));
                let expected: Vec<usize> = periods.iter().enumerate().filter(holds).map(|(slot, _)| slot).collect();
                prop_assert_eq!(slots.of(millis).collect::<Vec<_>>(), expected, "{}", millis);
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
