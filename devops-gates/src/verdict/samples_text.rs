//! Why a condition on samples has its status, and what it was held against.

use alloc::format;
use alloc::string::{String, ToString as _};

use devops_core::{Message, Unit, excerpt};

use crate::condition::sample_criterion::SampleCriterion;
use crate::evaluate::entry::Entry;
use crate::evaluate::samples::SampleRule;
use crate::gate::compiled::{Condition, Criterion};
use crate::judge::{Obstacle, PValues, effect_text, probability, short};
use crate::{BaselineFrom, BaselineSpec, Ground, SampleComparison};

/// A criterion with what was found.
struct Asked<'a> {
    criterion: &'a SampleCriterion,
    unit: Option<Unit>,
    p: Option<&'a PValues>,
}

impl<'a> Asked<'a> {
    fn of(criterion: &'a Criterion, p: Option<&'a PValues>) -> Option<Self> {
        Some(Self { criterion: criterion.predicate.samples()?, unit: criterion.unit, p })
    }

    fn change(&self) -> String {
        self.criterion.change(self.unit.filter(|u| !u.symbol().is_empty()))
    }

    fn harm(&self) -> String {
        self.p.map_or_else(String::new, |p| format!("p {}", probability(p.harm)))
    }

    fn safe(&self) -> String {
        self.p.map_or_else(String::new, |p| format!("p {}", probability(p.safe)))
    }
}

/// Why it has its status; `None` where that has nothing to do with its samples.
pub(super) fn reason(condition: &Condition, entry: &Entry) -> Option<Message> {
    let rule = condition.samples.as_deref()?;
    if let (Ground::NoBaseline, Some(spec)) = (entry.ground, &condition.baseline) {
        return Some(Message::new("gate.samples.no_baseline").with("origin", origin(spec, 0)));
    }
    let compared = entry.context.as_ref()?.samples.as_deref()?;
    let pass = Asked::of(&condition.pass, compared.pass.as_ref())?;
    let warn = condition.warn.as_ref().and_then(|w| Asked::of(w, compared.warn.as_ref()));
    let sizes = |id| Message::new(id).with("n", compared.size).with("m", compared.baseline_size);
    let level = short(compared.level * 100.0);
    let told = |id, asked: &Asked<'_>, p| {
        Message::new(id).with("change", asked.change()).with("p", p).with("level", &level)
    };
    let message = match entry.ground {
        Ground::NotComparable => obstacle(compared.obstacle.as_ref()?),
        Ground::CannotShow => sizes("gate.cannot_show").with("change", pass.change()).with("level", &level),
        Ground::TooFewSamples => sizes("gate.too_few_values").with("minimum", rule.needed()),
        Ground::Holds if pass.criterion.proven => told("gate.samples.ruled_out", &pass, pass.safe()),
        Ground::Holds => told("gate.samples.not_shown", &pass, pass.harm()),
        Ground::NotProven => match warn.filter(|_| !pass.criterion.proven) {
            Some(warn) => told("gate.not_proven", &warn, warn.safe()),
            None => told("gate.not_proven", &pass, pass.safe()),
        },
        Ground::WarningHolds => {
            let warn = warn?;
            let (id, p, other) = match (pass.criterion.proven, warn.criterion.proven) {
                (true, false) => ("gate.samples.warning_not_proven", pass.safe(), warn.harm()),
                (_, true) => ("gate.samples.warning_ruled_out", pass.harm(), warn.safe()),
                (false, false) => ("gate.samples.warning", pass.harm(), warn.harm()),
            };
            told(id, &pass, p).with("warning", warn.change()).with("other", other)
        }
        // What even the warning does not allow.
        Ground::DoesNotHold => {
            let worst = warn.unwrap_or(pass);
            told("gate.samples.shown", &worst, worst.harm())
        }
        _ => return None,
    };
    Some(message)
}

/// What it is held against; of no runs where it is not there.
fn origin(spec: &BaselineSpec, runs: u64) -> String {
    match &spec.from {
        BaselineFrom::Run { id } => format!("run {}", excerpt(id)),
        BaselineFrom::Control => "the control".into(),
        _ => match runs {
            0 => "earlier runs".into(),
            1 => "one run".into(),
            n => format!("{n} runs"),
        },
    }
}

fn obstacle(obstacle: &Obstacle) -> Message {
    Message::new(match obstacle {
        Obstacle::NoCounts { .. } => "gate.no_counts",
        Obstacle::Overflow { .. } => "gate.too_large",
        _ => "gate.no_samples",
    })
}

/// How large the difference is, and what was compared.
pub(super) fn note(
    rule: &SampleRule,
    compared: &SampleComparison,
    unit: Unit,
    spec: &BaselineSpec,
) -> Option<Message> {
    if compared.obstacle.is_some() {
        return None;
    }
    let origin = origin(spec, compared.runs);
    let sizes = [compared.size, compared.baseline_size];
    let effect = compared.effect.as_ref().map(|e| effect_text(e, rule.test(), unit, sizes));
    let message = match &effect {
        None => Message::new("gate.note.sizes"),
        Some(effect) if rule.counts() => Message::new("gate.note.outcomes").with("effect", effect),
        Some(effect) => Message::new("gate.note.samples").with("effect", effect),
    };
    Some(message.with("n", sizes[0].to_string()).with("m", sizes[1].to_string()).with("origin", origin))
}
