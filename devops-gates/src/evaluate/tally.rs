//! The parts of a group, added up, and what a rule makes of them.

use crate::Status;
use crate::evaluate::{Ends, GroupState};
use crate::gate::compiled::{Part, Rule};

/// How many parts have each pair of ends, and what they weigh together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tally {
    places: [Place; 6],
    /// How many parts are mandatory.
    mandatory: usize,
}

/// The parts of one pair of ends.
#[derive(Debug, Clone, Copy)]
struct Place {
    count: usize,
    /// In millionths; a part weighs at most 1,000.
    weight: u64,
    mandatory: usize,
}

/// The ends of each place in a tally.
const PLACES: [Ends; 6] = [
    Ends { low: Status::Failed, high: Status::Failed },
    Ends { low: Status::Failed, high: Status::Warning },
    Ends::UNKNOWN,
    Ends { low: Status::Warning, high: Status::Warning },
    Ends { low: Status::Warning, high: Status::Passed },
    Ends { low: Status::Passed, high: Status::Passed },
];

/// The place of a pair of ends in a tally.
const fn place(ends: Ends) -> usize {
    match (ends.low, ends.high) {
        (Status::Passed, _) => 5,
        (Status::Warning, Status::Passed) => 4,
        (Status::Warning, _) => 3,
        (_, Status::Passed) => 2,
        (_, Status::Warning) => 1,
        _ => 0,
    }
}

impl Tally {
    pub(crate) fn of(parts: impl Iterator<Item = (Ends, Part)>) -> Self {
        let none = Place { count: 0, weight: 0, mandatory: 0 };
        let mut tally = Self { places: [none; 6], mandatory: 0 };
        for (ends, part) in parts {
            tally.add(ends, part);
        }
        tally
    }

    #[inline]
    pub(crate) fn add(&mut self, ends: Ends, part: Part) {
        if let Some(place) = self.places.get_mut(place(ends)) {
            place.count = place.count.saturating_add(1);
            place.weight = place.weight.saturating_add(part.weight);
            if part.mandatory {
                place.mandatory = place.mandatory.saturating_add(1);
                self.mandatory = self.mandatory.saturating_add(1);
            }
        }
    }

    /// Takes out a part that was added.
    pub(crate) fn remove(&mut self, ends: Ends, part: Part) {
        if let Some(place) = self.places.get_mut(place(ends)) {
            place.count = place.count.saturating_sub(1);
            place.weight = place.weight.saturating_sub(part.weight);
            if part.mandatory {
                place.mandatory = place.mandatory.saturating_sub(1);
                self.mandatory = self.mandatory.saturating_sub(1);
            }
        }
    }

    /// The worst ends of the mandatory parts.
    pub(crate) fn veto(&self) -> Ends {
        let mut veto = Ends { low: Status::Passed, high: Status::Passed };
        if self.mandatory == 0 {
            return veto;
        }
        for (ends, _) in PLACES.iter().zip(self.places).filter(|(_, place)| place.mandatory > 0) {
            veto = Ends { low: veto.low.min(ends.low), high: veto.high.min(ends.high) };
        }
        veto
    }

    /// The k-th best of each end: the best that at least k parts reach; unknown where there are fewer.
    fn kth_best(&self, k: usize) -> Option<Ends> {
        let [_, fw, fp, ww, wp, pp] = self.places.map(|place| place.count);
        let sum = |parts: &[usize]| parts.iter().fold(0, |sum: usize, n| sum.saturating_add(*n));
        let best = |passed: usize, warned: usize| {
            if passed >= k {
                Status::Passed
            } else if passed.saturating_add(warned) >= k {
                Status::Warning
            } else {
                Status::Failed
            }
        };
        let ends = Ends { low: best(pp, sum(&[ww, wp])), high: best(sum(&[pp, wp, fp]), sum(&[ww, fw])) };
        (self.parts() >= k).then_some(ends)
    }

    pub(crate) fn parts(&self) -> usize {
        self.places.iter().fold(0, |sum: usize, place| sum.saturating_add(place.count))
    }

    /// What is earned, where a part in warning earns that share of its weight.
    pub(crate) fn earned(&self, warning_earns: u64) -> Earned {
        let [ff, fw, fp, ww, wp, pp] = self.places.map(|place| u128::from(place.weight));
        let sum = |parts: &[u128]| parts.iter().fold(0, |sum: u128, n| sum.saturating_add(*n));
        let earned = |passed: u128, warned: u128| {
            passed.saturating_mul(1_000_000).saturating_add(warned.saturating_mul(u128::from(warning_earns)))
        };
        Earned {
            low: earned(pp, sum(&[ww, wp])),
            high: earned(sum(&[pp, wp, fp]), sum(&[ww, fw])),
            total: sum(&[ff, fw, fp, ww, wp, pp]).saturating_mul(1_000_000),
        }
    }

    /// What a rule makes of the parts; `None` where it cannot make anything of them.
    fn ends(&self, rule: Rule) -> Option<Ends> {
        let own = match rule {
            Rule::All => self.kth_best(self.parts()),
            Rule::Any => self.kth_best(1),
            Rule::Not => self.kth_best(1).map(Ends::negated),
            Rule::AtLeast(k) => self.kth_best(k),
            Rule::Weighted { pass, warn, warning_earns } => self.earned(warning_earns).ends(pass, warn),
        };
        let veto = self.veto();
        own.map(|own| Ends { low: own.low.min(veto.low), high: own.high.min(veto.high) })
    }
}

/// The state that a rule makes of parts of which there are some.
pub(crate) fn state_of(tally: &Tally, rule: Rule, open: bool) -> GroupState {
    match tally.ends(rule) {
        Some(ends) => GroupState { ends, counted: true, open },
        None => {
            let ends = Ends { low: Status::Failed, high: tally.veto().high };
            GroupState { ends, counted: true, open: true }
        }
    }
}

/// What the parts of a weighted group earn: in millionths of millionths of a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Earned {
    /// What is known to be earned.
    pub(crate) low: u128,
    /// What is earned if all that is inconclusive passes.
    pub(crate) high: u128,
    /// What can be earned in all.
    pub(crate) total: u128,
}

impl Earned {
    /// The status of that much; shares in millionths of a percent.
    fn status_of(self, earned: u128, pass: u64, warn: Option<u64>) -> Status {
        let reaches =
            |share: u64| earned.saturating_mul(100_000_000) >= self.total.saturating_mul(u128::from(share));
        in_band(reaches, pass, warn)
    }

    /// What the least and the most that can be earned lead to; `None` where nothing weighs anything.
    fn ends(self, pass: u64, warn: Option<u64>) -> Option<Ends> {
        let low = self.status_of(self.low, pass, warn);
        let high = if self.low == self.high { low } else { self.status_of(self.high, pass, warn) };
        (self.total > 0).then_some(Ends { low, high })
    }
}

/// The status of what reaches these shares.
#[inline]
pub(super) fn in_band(reaches: impl Fn(u64) -> bool, pass: u64, warn: Option<u64>) -> Status {
    if reaches(pass) {
        Status::Passed
    } else if warn.is_some_and(reaches) {
        Status::Warning
    } else {
        Status::Failed
    }
}
