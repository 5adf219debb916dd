//! One item: its assessors, its evidence, and what was measured.

use alloc::vec::Vec;

use devops_core::Timestamp;

use super::credit::{Said, of_answer, of_value};
use super::{Faults, Placed};
use crate::model::{Kind, ModelItem};
use crate::{
    Contradiction, CreditBounds, Dispute, Evidence, Fraction, Grade, Inferred, ItemResult, ItemState, Model,
    Observation,
};

/// What became of an item.
pub(super) struct Judged {
    pub(super) result: ItemResult,
    pub(super) contradiction: Option<Contradiction>,
    pub(super) dispute: Option<Dispute>,
}

/// What the assessors say together.
struct Claim {
    state: ItemState,
    credit: Option<Fraction>,
    evidence: Option<Evidence>,
    capped: bool,
    dispute: Option<Dispute>,
    inferred: Option<Inferred>,
}

pub(super) fn judge(
    model: &Model,
    item: &ModelItem,
    said: &[Placed<'_>],
    observation: Option<(usize, &Observation)>,
    now: Timestamp,
    faults: &mut Faults,
) -> Judged {
    let voices = voices(model, item, said, now, faults);
    let mut claim = combine(model, item, &voices);
    let seen = observation.and_then(|(place, o)| Some((o, observe(item, o, place, faults)?)));
    let mut contradiction = None;
    let mut limit = None;
    if let Some((observation, seen)) = seen {
        let expired = observation.evidence().is_expired(model.spec.evidence.valid_days, now);
        let measured = matches!(item.kind, Kind::Measured(_));
        match seen {
            _ if expired && claim.state.is_unknown() && measured => {
                claim.state = ItemState::Expired { observed_at: observation.observed_at };
            }
            Said::Credit(credit) if !expired => {
                contradiction = contradicts(item, &claim, observation, &credit, measured);
                if measured || contradiction.is_some() {
                    claim = Claim::measured(credit, observation, claim.dispute);
                } else {
                    limit = Some(credit);
                }
            }
            Said::NotApplicable(reason) if measured && !expired => {
                claim.state = ItemState::NotApplicable { reason };
                claim.credit = None;
            }
            Said::NotMeasured(reason) if measured && !expired && claim.state.is_unknown() => {
                claim.state = ItemState::NotMeasured { reason };
            }
            _ => {}
        }
    }
    let credit = bounds(model, &claim, limit);
    let node = model.nodes.get(item.node).map_or_else(|| model.root().id.clone(), |n| n.id.clone());
    let result = ItemResult {
        item: item.id.clone(),
        node,
        title: item.title.clone(),
        state: claim.state,
        credit,
        evidence: claim.evidence,
        assessors: u32::try_from(said.len()).unwrap_or(u32::MAX),
        capped: claim.capped,
        inferred: claim.inferred,
    };
    Judged { result, contradiction, dispute: claim.dispute }
}

impl Claim {
    fn measured(credit: Fraction, observation: &Observation, dispute: Option<Dispute>) -> Self {
        Self {
            state: ItemState::Known,
            credit: Some(credit),
            evidence: Some(observation.evidence()),
            capped: false,
            dispute,
            inferred: None,
        }
    }
}

/// Whether what is claimed goes beyond what the measured value allows.
fn contradicts(
    item: &ModelItem,
    claim: &Claim,
    observation: &Observation,
    measured: &Fraction,
    is_measured: bool,
) -> Option<Contradiction> {
    let claimed = match (&claim.state, &claim.credit) {
        (ItemState::Known, Some(claimed)) if claimed > measured => Some(claimed.clone()),
        (ItemState::NotApplicable { .. }, _) if is_measured => None,
        _ => return None,
    };
    Some(Contradiction {
        item: item.id.clone(),
        claimed,
        measured: measured.clone(),
        metric: observation.measure.metric().clone(),
        value: observation.measure.value().clone(),
        unit: observation.measure.unit(),
    })
}

fn observe(item: &ModelItem, observation: &Observation, place: usize, faults: &mut Faults) -> Option<Said> {
    let rule = item.measure_rule()?;
    match of_value(rule, observation.measure.value(), observation.measure.unit()) {
        Ok(said) => Some(said),
        Err(problem) => {
            let path = alloc::format!("observations[{place}]");
            // Two items may ask for the same metric.
            if !faults.0.iter().any(|f| f.path == path && f.problem == problem) {
                faults.add(path, problem);
            }
            None
        }
    }
}

/// The credit that counts, by the model's rules for what is not known and what does not apply.
fn bounds(model: &Model, claim: &Claim, limit: Option<Fraction>) -> Option<CreditBounds> {
    match (&claim.state, &claim.credit) {
        (ItemState::NotApplicable { .. }, _) => model.not_applicable_credit.clone().map(CreditBounds::known),
        (ItemState::Known, Some(credit)) => Some(CreditBounds::known(credit.clone())),
        _ if model.counts_unknown_as_nothing() => Some(CreditBounds::known(Fraction::ZERO)),
        _ => Some(CreditBounds::unknown(limit.unwrap_or(Fraction::ONE))),
    }
}

/// What one assessor says.
struct Voice<'a> {
    said: Said,
    expired: Option<Timestamp>,
    evidence: Option<&'a Evidence>,
    capped: bool,
    inferred: Option<&'a Inferred>,
}

fn voices<'a>(
    model: &Model,
    item: &ModelItem,
    said: &[Placed<'a>],
    now: Timestamp,
    faults: &mut Faults,
) -> Vec<Voice<'a>> {
    let mut voices = Vec::new();
    for (path, answer) in said {
        let mut said = match of_answer(item, &answer.answer) {
            Ok(said) => said,
            Err(problem) => {
                faults.add(path.clone(), problem);
                continue;
            }
        };
        let evidence = answer.evidence.as_ref();
        let expired = evidence
            .filter(|e| e.is_expired(model.spec.evidence.valid_days, now) && said != Said::Unknown)
            .map(|e| e.observed_at);
        let mut capped = false;
        if expired.is_some() {
            said = Said::Unknown;
        } else if let Said::Credit(credit) = &said
            && let Some(cap) = model.caps.get(&evidence.map_or(Grade::Claim, |e| e.grade))
            && credit > cap
        {
            said = Said::Credit(cap.clone());
            capped = true;
        }
        voices.push(Voice { said, expired, evidence, capped, inferred: answer.inferred.as_ref() });
    }
    voices
}

/// Several assessors: the median of their credits, or "does not apply" where most say so.
fn combine(model: &Model, item: &ModelItem, voices: &[Voice<'_>]) -> Claim {
    let mut credits: Vec<Fraction> = voices
        .iter()
        .filter_map(|v| match &v.said {
            Said::Credit(credit) => Some(credit.clone()),
            _ => None,
        })
        .collect();
    credits.sort();
    let reasons: Vec<_> = voices
        .iter()
        .filter_map(|v| match &v.said {
            Said::NotApplicable(reason) => Some(reason.clone()),
            _ => None,
        })
        .collect();
    let applies = credits.len() >= reasons.len();
    let state = match reasons.first() {
        _ if credits.is_empty() && reasons.is_empty() => unknown_state(voices),
        Some(reason) if !applies => ItemState::NotApplicable { reason: reason.clone() },
        _ => ItemState::Known,
    };
    // The weakest evidence of those who gave a credit; nothing but the word is weaker than any.
    let scored = voices.iter().filter(|v| matches!(v.said, Said::Credit(_)));
    let weakest = scored.min_by_key(|v| (v.evidence.map(|e| e.grade), v.evidence.map(|e| e.observed_at)));
    Claim {
        credit: median(&credits).filter(|_| state == ItemState::Known),
        evidence: weakest.and_then(|v| v.evidence).cloned(),
        capped: voices.iter().any(|v| v.capped),
        dispute: dispute(model, item, &credits, reasons.len()),
        inferred: voices.iter().find_map(|v| v.inferred).cloned(),
        state,
    }
}

fn unknown_state(voices: &[Voice<'_>]) -> ItemState {
    if let Some(observed_at) = voices.iter().filter_map(|v| v.expired).max() {
        return ItemState::Expired { observed_at };
    }
    let reason = voices.iter().find_map(|v| match &v.said {
        Said::NotMeasured(reason) => Some(reason.clone()),
        _ => None,
    });
    match reason {
        Some(reason) => ItemState::NotMeasured { reason },
        None if voices.is_empty() => ItemState::NotAnswered,
        None => ItemState::SaidUnknown,
    }
}

/// The middle of sorted values, or the mean of the two in the middle.
fn median(sorted: &[Fraction]) -> Option<Fraction> {
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get(sorted.len().saturating_sub(1) / 2)?;
    Some(lower.plus(upper).times(&Fraction::of(1, 2)))
}

fn dispute(model: &Model, item: &ModelItem, sorted: &[Fraction], not_applicable: usize) -> Option<Dispute> {
    let (lowest, highest) = (sorted.first()?.clone(), sorted.last()?.clone());
    let apart = sorted.len() > 1 && highest > lowest && highest.minus(&lowest) >= model.dispute_from;
    (apart || not_applicable > 0).then(|| Dispute {
        item: item.id.clone(),
        median: median(sorted).unwrap_or_default(),
        lowest,
        highest,
        scored: u32::try_from(sorted.len()).unwrap_or(u32::MAX),
        not_applicable: u32::try_from(not_applicable).unwrap_or(u32::MAX),
    })
}
