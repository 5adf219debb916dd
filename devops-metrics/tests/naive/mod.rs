//! Civil time by hand: daylight saving rules written out, dates counted day by day. Knows nothing of the library's own.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::cast_sign_loss,
    reason = "each test uses a part, and may panic"
)]

use devops_metrics::calendar::{PeriodKind, Weekday};

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(crate) fn month_days(year: i64, month: i64) -> i64 {
    [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1]
}

pub(crate) fn year_days(year: i64) -> i64 {
    if leap(year) { 366 } else { 365 }
}

/// Year, month, day by counting from 1970 on.
pub(crate) fn civil(mut days: i64) -> (i64, i64, i64) {
    let (mut year, mut month) = (1970, 1);
    while days >= year_days(year) {
        days -= year_days(year);
        year += 1;
    }
    while days >= month_days(year, month) {
        days -= month_days(year, month);
        month += 1;
    }
    (year, month, days + 1)
}

pub(crate) fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = (1970..year).map(year_days).sum();
    years + (1..month).map(|m| month_days(year, m)).sum::<i64>() + day - 1
}

/// 0 for Monday; 1970-01-01 was a Thursday.
pub(crate) fn weekday(days: i64) -> i64 {
    (days + 3) % 7
}

/// The n-th of that day of the week (0 for Monday) in a month, or the last one for n = 0, in days.
fn nth(day: i64, year: i64, month: i64, n: i64) -> i64 {
    if n == 0 {
        let last = days_of(year, month, month_days(year, month));
        return last - (weekday(last) - day).rem_euclid(7);
    }
    let first = days_of(year, month, 1);
    first + (day - weekday(first)).rem_euclid(7) + 7 * (n - 1)
}

fn sunday(year: i64, month: i64, n: i64) -> i64 {
    nth(6, year, month, n)
}

/// Zones by rules that have held since 2008.
pub(crate) fn offset(zone: &str, utc: i64) -> i64 {
    let year = civil(utc.div_euclid(DAY)).0;
    match zone {
        "Europe/Berlin" => {
            let summer = sunday(year, 3, 0) * DAY + HOUR..sunday(year, 10, 0) * DAY + HOUR;
            if summer.contains(&utc) { 2 * HOUR } else { HOUR }
        }
        "America/New_York" => {
            let summer = sunday(year, 3, 2) * DAY + 7 * HOUR..sunday(year, 11, 1) * DAY + 6 * HOUR;
            if summer.contains(&utc) { -4 * HOUR } else { -5 * HOUR }
        }
        "Australia/Lord_Howe" => {
            let winter = sunday(year, 4, 1) * DAY + 2 * HOUR - 11 * HOUR
                ..sunday(year, 10, 1) * DAY + 2 * HOUR - (10 * HOUR + 30 * MINUTE);
            if winter.contains(&utc) { 10 * HOUR + 30 * MINUTE } else { 11 * HOUR }
        }
        "Pacific/Chatham" => {
            let winter = sunday(year, 4, 1) * DAY - 10 * HOUR..sunday(year, 9, 0) * DAY - 10 * HOUR;
            let standard = 12 * HOUR + 45 * MINUTE;
            if winter.contains(&utc) { standard } else { standard + HOUR }
        }
        // Since 2023; the summer's first midnight is skipped.
        "Africa/Cairo" => {
            let summer = nth(4, year, 4, 0) * DAY - 2 * HOUR..(nth(3, year, 10, 0) + 1) * DAY - 3 * HOUR;
            if summer.contains(&utc) { 3 * HOUR } else { 2 * HOUR }
        }
        "Asia/Kolkata" => 5 * HOUR + 30 * MINUTE,
        "Asia/Kathmandu" => 5 * HOUR + 45 * MINUTE,
        "-09:30" => -(9 * HOUR + 30 * MINUTE),
        _ => 0,
    }
}

pub(crate) const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "-09:30",
];

pub(crate) const KINDS: [PeriodKind; 5] =
    [PeriodKind::Day, PeriodKind::Week, PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year];

pub(crate) fn iso_week(days: i64) -> (i64, i64) {
    let thursday = days - weekday(days) + 3;
    let year = civil(thursday).0;
    (year, (thursday - days_of(year, 1, 1)) / 7 + 1)
}

pub(crate) fn label(kind: PeriodKind, week_start: Weekday, local: i64) -> String {
    let days = local.div_euclid(DAY);
    let (year, month, day) = civil(days);
    match kind {
        PeriodKind::Week if week_start == Weekday::Monday => {
            let (year, week) = iso_week(days);
            format!("{year}-W{week:02}")
        }
        PeriodKind::Week => {
            let back = (weekday(days) - week_start as i64).rem_euclid(7);
            let (year, month, day) = civil(days - back);
            format!("week of {year}-{month:02}-{day:02}")
        }
        PeriodKind::Month => format!("{year}-{month:02}"),
        PeriodKind::Quarter => format!("{year}-Q{}", (month - 1) / 3 + 1),
        PeriodKind::Year => format!("{year}"),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}
