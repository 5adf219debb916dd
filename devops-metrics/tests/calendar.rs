//! Periods and working time against references that know nothing of the library: daylight saving rules written out by
//! hand, dates counted day by day, working time added up minute by minute.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "tests may panic"
)]

mod naive;

use devops_core::Timestamp;
use devops_metrics::calendar::{
    BusinessCalendar, Calendar, CalendarError, PeriodKind, Shift, Weekday, Window, Zone,
};
use naive::{DAY, HOUR, KINDS, MINUTE, ZONES, civil, label as naive_label, offset, weekday};
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn millis(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

fn window(from: &str, to: &str) -> Window {
    Window::new(at(from), at(to)).unwrap()
}

fn calendar(zone: &str) -> Calendar {
    Calendar::new(Zone::new(zone).unwrap())
}

/// From 2008 to the end of 2036.
const RANGE: std::ops::Range<i64> = 1_199_145_600_000..2_114_380_800_000;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_instant_is_in_the_period_that_the_rules_say(
        zone in prop::sample::select(&ZONES[..]),
        kind in prop::sample::select(&KINDS[..]),
        week_start in prop::sample::select(&Weekday::ALL[..]),
        from in RANGE,
        length in 1..800 * DAY,
        places in prop::collection::vec(0.0..1.0_f64, 20),
    ) {
        let calendar = calendar(zone).with_week_start(week_start);
        let window = Window::new(millis(from), millis(from + length)).unwrap();
        let periods = calendar.periods(kind, window).unwrap();
        for place in places {
            let instant = from + (place * length as f64) as i64;
            let index = periods.index_of(millis(instant)).unwrap();
            let label = periods.get(index).unwrap().label;
            prop_assert_eq!(label, naive_label(kind, week_start, instant + offset(zone, instant)));
            prop_assert_eq!(periods.indices_of(millis(instant)), index..index + 1);
        }
        prop_assert_eq!(periods.index_of(millis(from - 1)), None);
        prop_assert_eq!(periods.index_of(millis(from + length)), None);
    }

    #[test]
    fn periods_lie_end_to_end_and_only_the_edges_are_cut(
        zone in prop::sample::select(&ZONES[..]),
        kind in prop::sample::select(&KINDS[..]),
        from in RANGE,
        length in 1..800 * DAY,
    ) {
        let window = Window::new(millis(from), millis(from + length)).unwrap();
        let periods: Vec<_> = calendar(zone).periods(kind, window).unwrap().iter().collect();
        prop_assert_eq!(periods.first().unwrap().window.from(), window.from());
        prop_assert_eq!(periods.last().unwrap().window.to(), window.to());
        for pair in periods.windows(2) {
            prop_assert_eq!(pair[0].window.to(), pair[1].window.from());
            prop_assert_eq!(pair[0].whole.to(), pair[1].whole.from());
            prop_assert_ne!(&pair[0].label, &pair[1].label);
        }
        for (index, period) in periods.iter().enumerate() {
            let edge = index == 0 || index + 1 == periods.len();
            prop_assert_eq!(period.partial, period.window != period.whole);
            prop_assert!(edge || !period.partial);
            // The first and the last instant of a whole period bear its label, the instants around do not.
            let label = |t: i64| naive_label(kind, Weekday::Monday, t + offset(zone, t));
            let (start, end) = (period.whole.from().as_millis(), period.whole.to().as_millis());
            prop_assert_eq!(&label(start), &period.label);
            prop_assert_eq!(&label(end - 1), &period.label);
            prop_assert_ne!(&label(start - 1), &period.label);
            prop_assert_ne!(&label(end), &period.label);
        }
    }

    #[test]
    fn whole_weeks_later_only_the_labels_differ(from in RANGE, length in 1..300 * DAY, weeks in 1..50_i64) {
        let shift = weeks * 7 * DAY;
        let cut = |from: i64| {
            let window = Window::new(millis(from), millis(from + length)).unwrap();
            let periods = Calendar::utc().periods(PeriodKind::Week, window).unwrap();
            periods.iter().map(|p| (p.window.from().as_millis() - from, p.window.millis(), p.partial)).collect::<Vec<_>>()
        };
        prop_assert_eq!(cut(from), cut(from + shift));
    }

    #[test]
    fn a_rolling_period_is_that_day_and_those_before(
        zone in prop::sample::select(&ZONES[..]),
        from in RANGE,
        length in 1..60 * DAY,
        days in 1..40_u16,
        place in 0.0..1.0_f64,
    ) {
        let window = Window::new(millis(from), millis(from + length)).unwrap();
        let days_alone = calendar(zone).periods(PeriodKind::Day, window).unwrap();
        let rolling = calendar(zone).periods(PeriodKind::Rolling { days }, window).unwrap();
        prop_assert_eq!(rolling.len(), days_alone.len());
        for (rolled, day) in rolling.iter().zip(days_alone.iter()) {
            prop_assert_eq!(rolled.whole.to(), day.whole.to());
            prop_assert_eq!(rolled.window.from(), rolled.whole.from());
            prop_assert_eq!(&rolled.label, &format!("{days} days to {}", day.label));
            let first = calendar(zone).date_of(rolled.whole.from());
            let last = calendar(zone).date_of(day.whole.from());
            prop_assert_eq!(first, last.plus_days(1 - i32::from(days)).unwrap());
        }
        let instant = millis(from - i64::from(days) * DAY + (place * (length + i64::from(days) * DAY) as f64) as i64);
        let held: Vec<usize> = rolling.iter().enumerate().filter(|(_, p)| p.window.contains(instant)).map(|(i, _)| i).collect();
        prop_assert_eq!(rolling.indices_of(instant).collect::<Vec<_>>(), held.clone());
        prop_assert_eq!(rolling.index_of(instant), held.first().copied());
    }

    #[test]
    fn working_time_is_the_sum_of_working_minutes(
        zone in prop::sample::select(&ZONES[..]),
        from in RANGE,
        length in 0..9 * 24 * 60_i64,
        open in 3..12_u8,
        holiday in 0..12_i32,
    ) {
        let from = from / MINUTE * MINUTE;
        let clock = |h, m| devops_metrics::calendar::ClockTime::new(h, m).unwrap();
        // Nobody works while clocks jump, so that a minute of the reference is one of the wall clock.
        let shifts = Weekday::ALL.into_iter().take(6).flat_map(|day| {
            [Shift::new(day, clock(open, 15), clock(12, 30)), Shift::new(day, clock(13, 0), clock(18, 45))]
        });
        let zone_of = Zone::new(zone).unwrap();
        let free = calendar(zone).date_of(millis(from)).plus_days(holiday).unwrap();
        let business = BusinessCalendar::new(zone_of, shifts).unwrap().with_holidays([free]);
        let worked = (0..length).filter(|minute| {
            let local = from + minute * MINUTE + offset(zone, from + minute * MINUTE);
            let (year, month, day) = civil(local.div_euclid(DAY));
            let of_day = local.rem_euclid(DAY) / MINUTE;
            let on = (i64::from(open) * 60 + 15..12 * 60 + 30).contains(&of_day) || (13 * 60..18 * 60 + 45).contains(&of_day);
            on && weekday(local.div_euclid(DAY)) < 6 && format!("{year:04}-{month:02}-{day:02}") != free.to_string()
        }).count() as i64;
        let to = from + length * MINUTE;
        prop_assert_eq!(business.millis_between(millis(from), millis(to)).unwrap(), worked * MINUTE);
        prop_assert_eq!(business.millis_between(millis(to), millis(from)).unwrap(), -worked * MINUTE);
        let wide = Window::new(millis(from - 40 * DAY), millis(to + 3 * DAY)).unwrap();
        prop_assert_eq!(business.clock(wide).unwrap().millis_between(millis(from), millis(to)), Some(worked * MINUTE));
    }
}

#[test]
fn weeks_in_which_clocks_jump() {
    for (zone, label, hours) in [
        ("Europe/Berlin", "2026-W13", 167.0),
        ("Europe/Berlin", "2026-W43", 169.0),
        ("America/New_York", "2026-W10", 167.0),
        ("America/New_York", "2026-W44", 169.0),
        ("Australia/Lord_Howe", "2026-W14", 168.5),
        ("Australia/Lord_Howe", "2026-W40", 167.5),
        ("Asia/Kolkata", "2026-W13", 168.0),
    ] {
        let year = window("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        let weeks = calendar(zone).periods(PeriodKind::Week, year).unwrap();
        let week = weeks.iter().find(|p| p.label == label).unwrap();
        assert_eq!(week.window.millis() as f64 / HOUR as f64, hours, "{zone} {label}");
    }
}

#[test]
fn midnight_that_is_skipped_or_comes_twice() {
    for (zone, day, start) in [
        // Skipped: the day starts at one o'clock.
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"),
        // Twice: the first counts.
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"),
        // Skipped from half past eleven to half past midnight: the day starts where the gap ends.
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"),
        // A day that never was starts and ends with its gap.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
    ] {
        assert_eq!(calendar(zone).start_of_day(day.parse().unwrap()).unwrap(), at(start), "{zone} {day}");
    }
}

#[test]
fn a_day_that_was_skipped_is_no_period() {
    let week = window("2011-12-28T10:00:00Z", "2012-01-02T10:00:00Z");
    let samoa = calendar("Pacific/Apia");
    let labels: Vec<_> = samoa.periods(PeriodKind::Day, week).unwrap().iter().map(|p| p.label).collect();
    assert_eq!(labels, ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"]);
}

/// In St John's the clock went back at one minute past midnight: that date came, went and came again.
#[test]
fn a_date_that_comes_twice_is_one_period() {
    let zone = calendar("America/St_Johns");
    let hours = window("2010-11-07T02:00:00Z", "2010-11-07T05:00:00Z");
    let days: Vec<_> = zone.periods(PeriodKind::Day, hours).unwrap().iter().collect();
    assert_eq!(days.len(), 2);
    assert_eq!(days[1].window.from(), at("2010-11-07T02:30:00Z"));
    // Half an hour later the clock shows the day before again; the period has begun all the same.
    assert_eq!(zone.date_of(at("2010-11-07T03:00:00Z")).to_string(), "2010-11-06");
    let late = window("2010-11-07T03:00:00Z", "2010-11-07T05:00:00Z");
    assert_eq!(zone.periods(PeriodKind::Day, late).unwrap().len(), 1);
}

#[test]
fn leap_days_and_year_boundaries() {
    let labels = |kind, from, to| -> Vec<String> {
        Calendar::utc().periods(kind, window(from, to)).unwrap().iter().map(|p| p.label).collect()
    };
    assert_eq!(
        labels(PeriodKind::Day, "2028-02-28T12:00:00Z", "2028-03-01T00:00:00.001Z"),
        ["2028-02-28", "2028-02-29", "2028-03-01"]
    );
    assert_eq!(
        labels(PeriodKind::Week, "2020-12-27T00:00:00Z", "2021-01-05T00:00:00Z"),
        ["2020-W52", "2020-W53", "2021-W01"]
    );
    assert_eq!(
        labels(PeriodKind::Quarter, "2025-12-31T23:59:59.999Z", "2026-04-01T00:00:00Z"),
        ["2025-Q4", "2026-Q1"]
    );
    let february =
        Calendar::utc().periods(PeriodKind::Month, window("2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"));
    assert_eq!(february.unwrap().get(0).unwrap().window.millis(), 29 * DAY);
}

#[test]
fn empty_and_impossible_windows() {
    let now = at("2026-01-01T00:00:00Z");
    for kind in [PeriodKind::Day, PeriodKind::Quarter, PeriodKind::Rolling { days: 30 }] {
        let none = Calendar::utc().periods(kind, Window::new(now, now).unwrap()).unwrap();
        assert_eq!((none.is_empty(), none.len()), (true, 0));
        assert_eq!((none.index_of(now), none.get(0), none.indices_of(now)), (None, None, 0..0));
    }
    let all = Window::new(Timestamp::MIN, Timestamp::MAX).unwrap();
    assert_eq!(
        Calendar::utc().periods(PeriodKind::Day, all).unwrap_err(),
        CalendarError::TooManyPeriods { limit: 400_000 }
    );
    for (zone, kind) in
        [("UTC", PeriodKind::Year), ("Asia/Tokyo", PeriodKind::Year), ("Asia/Tokyo", PeriodKind::Week)]
    {
        assert!(matches!(
            calendar(zone).periods(kind, all),
            Err(CalendarError::Value(_) | CalendarError::TooManyPeriods { .. })
        ));
    }
    for days in [0, 3661] {
        let refused = Calendar::utc().periods(PeriodKind::Rolling { days }, Window::new(now, now).unwrap());
        assert_eq!(
            refused.unwrap_err().to_string(),
            format!("`days` of the rolling period is `{days}`, must be between 1 and 3660")
        );
    }
}

#[test]
fn the_last_days_of_the_last_year_are_days() {
    for (zone, start, late) in [
        ("UTC", "9999-12-31T00:00:00Z", "9999-12-31"),
        ("-12:00", "9999-12-31T12:00:00Z", "9999-12-31"),
        ("Pacific/Kiritimati", "9999-12-30T10:00:00Z", "9999-12-31"),
        ("America/New_York", "9999-12-31T05:00:00Z", "9999-12-31"),
    ] {
        let calendar = calendar(zone);
        assert_eq!(calendar.start_of_day("9999-12-31".parse().unwrap()).unwrap(), at(start), "{zone}");
        assert_eq!(calendar.date_of(Timestamp::MAX).to_string(), late, "{zone}");
        assert_eq!(calendar.date_of(at("9999-12-30T00:00:00Z")).month(), 12, "{zone}");
        let days = calendar.periods(PeriodKind::Day, window("9999-12-29T00:00:00Z", start)).unwrap();
        assert_eq!(days.iter().last().unwrap().label, "9999-12-30", "{zone}");
    }
    let refused = calendar("UTC").days("9999-12-31".parse().unwrap(), "9999-12-31".parse().unwrap());
    assert_eq!(
        refused.unwrap_err().to_string(),
        "date `9999-12-31 +1 days` is outside 0000-01-01 to 9999-12-31"
    );
}

#[test]
fn calendars_are_read_and_refused() {
    let read = |text: &str| serde_json::from_str::<Calendar>(text).map_err(|e| e.to_string());
    assert_eq!(read(r#"{"zone":"Asia/Kolkata"}"#).unwrap(), calendar("Asia/Kolkata"));
    let sunday = calendar("UTC").with_week_start(Weekday::Sunday);
    assert_eq!(read(&serde_json::to_string(&sunday).unwrap()).unwrap(), sunday);
    assert!(read(r#"{"zone":"Asia/Kalkutta"}"#).unwrap_err().starts_with("zone `Asia/Kalkutta` is unknown"));
    assert!(read(r#"{"zone":"UTC","week_start":"funday"}"#).is_err());
    assert!(read(r#"{"zone":"UTC","first":"sunday"}"#).is_err());
    let business = |text: &str| serde_json::from_str::<BusinessCalendar>(text).map_err(|e| e.to_string());
    let good = r#"{"zone":"UTC","shifts":[{"day":"monday","open":"09:00","close":"12:00"},{"day":"monday","open":"12:00","close":"24:00"}],"holidays":["2026-05-25"]}"#;
    assert_eq!(serde_json::to_string(&business(good).unwrap()).unwrap(), good);
    let meets = good.replace("\"12:00\",\"close\":\"24:00\"", "\"11:59\",\"close\":\"24:00\"");
    assert!(
        business(&meets)
            .unwrap_err()
            .starts_with("shift `11:59-24:00` of Monday starts before the shift before it ends")
    );
    assert!(business(&good.replace("2026-05-25", "2026-02-29")).is_err());
}

#[test]
fn nights_when_clocks_jump_have_the_hours_that_passed() {
    let clock = |h| devops_metrics::calendar::ClockTime::new(h, 0).unwrap();
    let nights = Weekday::ALL.map(|day| Shift::new(day, clock(0), clock(6)));
    let business = BusinessCalendar::new(Zone::new("Europe/Berlin").unwrap(), nights).unwrap();
    for (day, hours) in [("2026-03-29", 5), ("2026-10-25", 7), ("2026-10-26", 6)] {
        let date = day.parse().unwrap();
        let all = calendar("Europe/Berlin").days(date, date).unwrap();
        assert_eq!(business.millis_between(all.from(), all.to()).unwrap(), hours * HOUR, "{day}");
    }
}
