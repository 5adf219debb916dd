//! Availability from stretches of up and down.

use alloc::vec::Vec;
use core::fmt;

use crate::calendar::Window;
use crate::event::Uptime;

/// How much of a window a service was up, as far as that is known. Of several services the times are added up.
///
/// Where stretches say both up and down of the same moment, it counts as down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Availability {
    /// Milliseconds up.
    pub up: i64,
    /// Milliseconds down.
    pub down: i64,
    /// Milliseconds of which nothing is known.
    pub unknown: i64,
}

impl Availability {
    /// Up in percent of what is known; `None` where nothing is.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a few thousand years are below 2^53")]
    pub fn percent(&self) -> Option<f64> {
        let known = self.up.saturating_add(self.down);
        (known > 0).then(|| 100.0 * self.up as f64 / known as f64)
    }

    /// Of the stretches of one service.
    pub(super) fn of_service(stretches: &[Uptime], window: Window) -> Self {
        let covered = |up: bool| {
            let mut spans: Vec<(i64, i64)> = stretches
                .iter()
                .filter(|stretch| stretch.up == up)
                .map(|s| (s.from.max(window.from()).as_millis(), s.to.min(window.to()).as_millis()))
                .filter(|(from, to)| from < to)
                .collect();
            spans.sort_unstable();
            spans
        };
        let (ups, downs) = (covered(true), covered(false));
        let down = length(downs.iter().copied());
        let mut all: Vec<(i64, i64)> = ups.into_iter().chain(downs).collect();
        all.sort_unstable();
        let known = length(all.into_iter());
        Self { up: known.saturating_sub(down), down, unknown: window.millis().saturating_sub(known) }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            up: self.up.saturating_add(other.up),
            down: self.down.saturating_add(other.down),
            unknown: self.unknown.saturating_add(other.unknown),
        }
    }
}

/// The length of what sorted spans cover.
fn length(spans: impl Iterator<Item = (i64, i64)>) -> i64 {
    let (mut covered, mut end) = (0_i64, i64::MIN);
    for (from, to) in spans {
        let from = from.max(end);
        covered = covered.saturating_add(to.saturating_sub(from).max(0));
        end = end.max(to);
    }
    covered
}

impl fmt::Display for Availability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(percent) = self.percent() else { return f.write_str("no data") };
        write!(f, "{percent:.4} % (")?;
        if self.unknown == 0 {
            return f.write_str("all of the window known)");
        }
        #[expect(clippy::cast_precision_loss, reason = "for display")]
        let unknown = 100.0 * self.unknown as f64
            / (self.up.saturating_add(self.down).saturating_add(self.unknown)) as f64;
        write!(f, "{unknown:.1} % of the window unknown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use devops_core::{EventId, ServiceId, Timestamp};
    use proptest::prelude::*;

    fn stretch((from, to, up): (i64, i64, bool)) -> Uptime {
        let at = |millis| Timestamp::from_millis(millis).unwrap();
        Uptime::new(EventId::new("u").unwrap(), ServiceId::new("api").unwrap(), at(from), at(to), up)
    }

    proptest! {
        #[test]
        fn every_moment_is_up_down_or_unknown(
            spans in prop::collection::vec((0..60_i64, 1..30_i64, any::<bool>()), 0..12),
        ) {
            let stretches: Vec<Uptime> = spans.iter().map(|(from, len, up)| stretch((*from, from + len, *up))).collect();
            let window = Window::new(Timestamp::from_millis(10).unwrap(), Timestamp::from_millis(70).unwrap()).unwrap();
            let found = Availability::of_service(&stretches, window);
            let says = |t: i64, up: bool| spans.iter().any(|(f, len, u)| *u == up && (*f..f + len).contains(&t));
            let down = i64::try_from((10..70).filter(|t| says(*t, false)).count()).unwrap();
            let up = i64::try_from((10..70).filter(|t| says(*t, true) && !says(*t, false)).count()).unwrap();
            prop_assert_eq!(found, Availability { up, down, unknown: 60 - up - down });
        }
    }
}
