//! The periods of a query.

use alloc::string::{String, ToString};
use core::ops::Range;

use crate::calendar::{Calendar, CalendarError, Period, PeriodKind, Periods, Window};
use crate::dataset::column::instant;

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

    /// The slots that hold an instant, looked for first where those of an earlier one were.
    pub(crate) fn near(&self, millis: i64, earlier: &Range<usize>) -> Range<usize> {
        let Some(at) = instant(millis) else { return 0..0 };
        match self {
            Self::Whole(window) => 0..usize::from(window.contains(at)),
            Self::Periods(periods) => periods.indices_near(at, earlier.end.saturating_sub(1)),
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
