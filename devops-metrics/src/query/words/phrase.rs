//! What is said alike of several metrics.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use crate::definition::{Empty, NonPositive, Rounding, Statistic};

/// What makes one number of many.
pub(in crate::query) const fn statistic_words(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::Mean => "mean",
        Statistic::Median => "median",
        Statistic::LowerMedian => "lower median",
        Statistic::UpperMedian => "upper median",
        Statistic::MedianOfDailyMedians => "median of daily medians",
    }
}

pub(super) fn rounding_words(rounding: Rounding) -> Option<String> {
    let (way, step) = match rounding {
        Rounding::None => return None,
        Rounding::FloorSeconds => ("down", "seconds"),
        Rounding::FloorMinutes => ("down", "minutes"),
        Rounding::TruncateMinutes => ("towards zero", "minutes"),
        Rounding::CeilMinutes => ("up", "minutes"),
        Rounding::FloorHours => ("down", "hours"),
        Rounding::NearestHundredthHours => return Some("Each is rounded to hundredths of an hour".into()),
    };
    Some(format!("Each is rounded {way} to whole {step}"))
}

pub(super) const fn sign_words(rule: NonPositive) -> &'static str {
    match rule {
        NonPositive::Keep => "Negative times count",
        NonPositive::KeepNonNegative => "Negative times are left out",
        NonPositive::KeepPositive => "Times of zero and less are left out",
        NonPositive::RefuseNegative => "A negative time is refused",
    }
}

pub(super) fn empty_words(empty: Empty) -> Option<String> {
    let number = match empty {
        Empty::NotEnoughData => return None,
        Empty::Zero => "0",
        Empty::MinusOne => "-1",
    };
    Some(format!("Where there is nothing, it is {number}"))
}

/// Milliseconds in the largest unit that leaves no rest.
pub(super) fn time_words(millis: u64) -> String {
    let units =
        [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond")];
    let unit = units.into_iter().find(|(unit, _)| millis.is_multiple_of(*unit)).unwrap_or((1, "millisecond"));
    let count = millis.checked_div(unit.0).unwrap_or(0);
    format!("{count} {}{}", unit.1, if count == 1 { "" } else { "s" })
}

/// Words of a closed vocabulary as alternatives.
pub(super) fn any_of<T: Display>(words: &[T]) -> String {
    let words: Vec<String> = words.iter().map(|word| word.to_string().replace('_', " ")).collect();
    match words.split_last() {
        None => "none".into(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// Longer alternatives.
pub(super) fn joined(words: &[String]) -> String {
    words.join(", or ")
}
