//! From an answer or a measured value to a credit.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{Unit, Value, excerpt};

use super::error::AnswerProblem;
use crate::model::{Kind, MeasureRule, ModelItem, OfNone};
use crate::{Answer, Fraction};

/// What an answer or a measured value says of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Credit(Fraction),
    NotApplicable(String),
    Unknown,
    NotMeasured(String),
}

/// The credit of an answer.
pub(super) fn of_answer(item: &ModelItem, answer: &Answer) -> Result<Said, AnswerProblem> {
    match (answer, &item.kind) {
        (Answer::Unknown, _) => Ok(Said::Unknown),
        (Answer::NotApplicable { reason }, _) => Ok(Said::NotApplicable(reason.clone())),
        (Answer::Credit { credit }, _) => {
            if credit.is_negative() || *credit > Fraction::ONE {
                let (item, value) = (item.id.to_string(), credit.to_string());
                return Err(AnswerProblem::CreditOutOfRange { item, value });
            }
            Ok(Said::Credit(credit.clone()))
        }
        (Answer::Choice { option }, Kind::Choice(parts)) => {
            let found = parts.iter().find(|p| p.id == *option);
            let part = found.ok_or_else(|| no_such_part(item, "option", option))?;
            Ok(Said::Credit(part.amount.clone()))
        }
        (Answer::Checked { entries }, Kind::Checklist(parts)) => {
            if let Some(entry) = entries.iter().find(|e| !parts.iter().any(|p| p.id == **e)) {
                return Err(no_such_part(item, "entry", entry));
            }
            let met = parts.iter().filter(|p| entries.contains(&p.id)).map(|p| p.amount.clone());
            let all: Fraction = parts.iter().map(|p| p.amount.clone()).sum();
            Ok(Said::Credit(met.sum::<Fraction>().over(&all).unwrap_or_default()))
        }
        (Answer::Value { value, unit }, Kind::Measured(rule)) => of_value(rule, value, *unit),
        _ => Err(wrong_kind(item, answer)),
    }
}

fn no_such_part(item: &ModelItem, what: &'static str, found: &str) -> AnswerProblem {
    let parts = match &item.kind {
        Kind::Choice(parts) | Kind::Checklist(parts) => parts.as_slice(),
        Kind::Measured(_) => &[],
    };
    let expected: Vec<String> = parts.iter().map(|p| alloc::format!("`{}`", p.id)).collect();
    AnswerProblem::NoSuchPart {
        item: item.id.to_string(),
        what,
        found: excerpt(found),
        expected: expected.join(", "),
    }
}

fn wrong_kind(item: &ModelItem, answer: &Answer) -> AnswerProblem {
    AnswerProblem::WrongKind {
        item: item.id.to_string(),
        found: match answer {
            Answer::Choice { .. } => "an option",
            Answer::Checked { .. } => "entries of a checklist",
            Answer::Value { .. } => "a value",
            Answer::Credit { .. } => "a credit",
            Answer::NotApplicable { .. } | Answer::Unknown => "nothing",
        },
        expected: match &item.kind {
            Kind::Choice(_) => "an option of its answer set",
            Kind::Checklist(_) => "the entries that are met",
            Kind::Measured(_) => "a value with its unit",
        },
    }
}

/// The credit of a measured value.
pub(super) fn of_value(rule: &MeasureRule, value: &Value, unit: Unit) -> Result<Said, AnswerProblem> {
    let metric = || rule.metric.to_string();
    if unit != rule.unit {
        let (found, expected) = (unit.as_str(), rule.unit.as_str());
        return Err(AnswerProblem::WrongUnit { metric: metric(), found, expected });
    }
    let number = match value {
        Value::Number { value } => Fraction::from(*value),
        Value::Fraction { whole: 0, part: 0 } => return Ok(of_none(rule.of_none)),
        Value::Fraction { part, whole } => {
            let is_share = matches!(unit, Unit::Percent | Unit::Ratio | Unit::Probability);
            if is_share && part > whole || *whole == 0 {
                return Err(AnswerProblem::PartAboveWhole { metric: metric(), part: *part, whole: *whole });
            }
            let scale = if unit == Unit::Percent { 100_u32 } else { 1 };
            Fraction::of(*part, *whole).times(&Fraction::from(scale))
        }
        Value::Missing { reason } => return Ok(Said::NotMeasured(reason.clone())),
        other => {
            return Err(AnswerProblem::NotANumber { metric: metric(), value: excerpt(&other.to_string()) });
        }
    };
    if number < rule.min || rule.max.as_ref().is_some_and(|max| number > *max) {
        let range = match &rule.max {
            Some(max) => alloc::format!("{} to {max} {}", rule.min, rule.unit.symbol()),
            None => alloc::format!("{} {} and above", rule.min, rule.unit.symbol()),
        };
        let range = range.replace("  ", " ").trim_end().to_string();
        return Err(AnswerProblem::OutOfRange { metric: metric(), value: value.to_string(), range });
    }
    Ok(Said::Credit(rule.credit.credit(&number)))
}

fn of_none(meaning: OfNone) -> Said {
    match meaning {
        OfNone::NotApplicable => Said::NotApplicable("none of none".into()),
        OfNone::Unknown => Said::NotMeasured("none of none".into()),
        OfNone::NoCredit => Said::Credit(Fraction::ZERO),
        OfNone::FullCredit => Said::Credit(Fraction::ONE),
    }
}
