//! The cluster tables, as printed.

use core::fmt;

use devops_core::metric;

/// A group of survey answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "DORA has published these four and publishes none any more")]
pub enum Cluster {
    /// The best answers.
    Elite,
    /// The next.
    High,
    /// The next.
    Medium,
    /// The worst answers.
    Low,
}

impl Cluster {
    /// All four, from the best.
    pub const ALL: [Self; 4] = [Self::Elite, Self::High, Self::Medium, Self::Low];
}

impl fmt::Display for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Elite => "elite",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        })
    }
}

/// A report whose cluster table ships.
///
/// ```
/// use devops_metrics::benchmark::Edition;
/// assert_eq!(Edition::of_year(2021), Some(Edition::Y2021));
/// assert_eq!(Edition::of_year(2024), None);
/// assert_eq!(Edition::Y2021.source(), "Accelerate State of DevOps 2021, page 9");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Edition {
    /// Accelerate: State of DevOps 2018.
    Y2018,
    /// Accelerate State of DevOps 2019.
    Y2019,
    /// Accelerate State of DevOps 2021: the last whole table that was confirmed.
    Y2021,
    /// Accelerate State of DevOps 2023: the elite row alone.
    Y2023,
}

/// What a cluster answered about a metric.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Band {
    /// Whose answer.
    pub cluster: Cluster,
    /// As printed.
    pub printed: &'static str,
    /// The lower end in the metric's unit of the catalogue.
    pub low: f64,
    /// Whether the lower end itself is outside.
    pub above_low: bool,
    /// The upper end; `None` where there is none.
    pub high: Option<f64>,
    /// Whether the upper end itself is outside.
    pub below_high: bool,
}

impl Band {
    /// Whether a value lies in it.
    ///
    /// ```
    /// use devops_core::metric;
    /// use devops_metrics::benchmark::Edition;
    ///
    /// let elite = Edition::Y2021.bands(metric::CHANGE_LEAD_TIME).next().unwrap();
    /// assert_eq!(elite.printed, "less than one hour");
    /// assert!(elite.holds(0.5) && !elite.holds(1.0));
    /// ```
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        let above = if self.above_low { value > self.low } else { value >= self.low };
        let below = self.high.is_none_or(|high| if self.below_high { value < high } else { value <= high });
        above && below
    }
}

const DAY: f64 = 24.0;
const WEEK: f64 = 168.0;
/// A twelfth of 365.25 days.
const MONTH: f64 = 730.5;
const HALF_YEAR: f64 = 4383.0;

/// What the tables print, each with its ends.
#[derive(Clone, Copy)]
enum Answer {
    // How often.
    OnDemand,
    HourToDay,
    DayToWeek,
    WeekToMonth,
    MonthToHalfYear,
    LessThanHalfYearly,
    // How long.
    UnderHour,
    UnderDay,
    DayToWeekLong,
    WeekToMonthLong,
    MonthToHalfYearLong,
    OverHalfYear,
    // What share.
    UpTo(f64, &'static str),
    From(f64, f64, &'static str),
}

impl Answer {
    /// Printed words, lower end (and whether it is outside), upper end (and whether it is outside).
    fn ends(self) -> (&'static str, f64, bool, Option<f64>, bool) {
        use Answer::{
            DayToWeek, DayToWeekLong, From, HourToDay, LessThanHalfYearly, MonthToHalfYear,
            MonthToHalfYearLong, OnDemand, OverHalfYear, UnderDay, UnderHour, UpTo, WeekToMonth,
            WeekToMonthLong,
        };
        let a_day = |hours: f64| DAY / hours;
        match self {
            OnDemand => ("on demand, multiple deploys a day", 1.0, true, None, false),
            HourToDay => ("between once an hour and once a day", 1.0, false, Some(24.0), false),
            DayToWeek => ("between once a day and once a week", a_day(WEEK), false, Some(1.0), false),
            WeekToMonth => {
                ("between once a week and once a month", a_day(MONTH), false, Some(a_day(WEEK)), false)
            }
            MonthToHalfYear => (
                "between once a month and once every six months",
                a_day(HALF_YEAR),
                false,
                Some(a_day(MONTH)),
                false,
            ),
            LessThanHalfYearly => ("fewer than once in six months", 0.0, false, Some(a_day(HALF_YEAR)), true),
            UnderHour => ("less than one hour", 0.0, false, Some(1.0), true),
            UnderDay => ("less than one day", 0.0, false, Some(DAY), true),
            DayToWeekLong => ("between one day and one week", DAY, false, Some(WEEK), false),
            WeekToMonthLong => ("between one week and one month", WEEK, false, Some(MONTH), false),
            MonthToHalfYearLong => ("between one month and six months", MONTH, false, Some(HALF_YEAR), false),
            OverHalfYear => ("more than six months", HALF_YEAR, true, None, false),
            UpTo(high, printed) => (printed, 0.0, false, Some(high), false),
            From(low, high, printed) => (printed, low, true, Some(high), false),
        }
    }
}

const TO_15: Answer = Answer::UpTo(15.0, "0 to 15 %");
const TO_30: Answer = Answer::From(15.0, 30.0, "16 to 30 %");
const TO_60: Answer = Answer::From(45.0, 60.0, "46 to 60 %");

impl Edition {
    /// All that ship, from the oldest.
    pub const ALL: [Self; 4] = [Self::Y2018, Self::Y2019, Self::Y2021, Self::Y2023];

    /// The edition of a year, where it ships.
    #[must_use]
    pub fn of_year(year: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|edition| edition.year() == year)
    }

    /// Its year.
    #[must_use]
    pub const fn year(self) -> u16 {
        match self {
            Self::Y2018 => 2018,
            Self::Y2019 => 2019,
            Self::Y2021 => 2021,
            Self::Y2023 => 2023,
        }
    }

    /// Where the table was read.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Y2018 => "Accelerate: State of DevOps 2018, page 14",
            Self::Y2019 => "Accelerate State of DevOps 2019, page 18",
            Self::Y2021 => "Accelerate State of DevOps 2021, page 9",
            Self::Y2023 => "Accelerate State of DevOps 2023, infographic (elite row)",
        }
    }

    /// What it calls the time to recover: until 2021 it asked how long it takes to restore service.
    #[must_use]
    pub const fn recovery_name(self) -> &'static str {
        match self {
            Self::Y2023 => "failed deployment recovery time",
            _ => "time to restore service",
        }
    }

    /// Whether all clusters of the year are confirmed.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        !matches!(self, Self::Y2023)
    }

    /// What the clusters answered about a metric of the catalogue, from the best; none for a metric without a table.
    pub fn bands(self, metric: &str) -> impl Iterator<Item = Band> + use<> {
        let answers = self.answers(metric).unwrap_or(&[]);
        answers.iter().zip(Cluster::ALL).map(|(answer, cluster)| {
            let (printed, low, above_low, high, below_high) = answer.ends();
            Band { cluster, printed, low, above_low, high, below_high }
        })
    }

    fn answers(self, metric: &str) -> Option<&'static [Answer]> {
        use Answer::{
            DayToWeek, DayToWeekLong, HourToDay, LessThanHalfYearly, MonthToHalfYear, MonthToHalfYearLong,
            OnDemand, OverHalfYear, UnderDay, UnderHour, UpTo, WeekToMonth, WeekToMonthLong,
        };
        Some(match (metric, self) {
            (metric::DEPLOYMENT_FREQUENCY, Self::Y2018) => &[OnDemand, HourToDay, WeekToMonth, WeekToMonth],
            (metric::DEPLOYMENT_FREQUENCY, Self::Y2019) => {
                &[OnDemand, DayToWeek, WeekToMonth, MonthToHalfYear]
            }
            (metric::DEPLOYMENT_FREQUENCY, Self::Y2021) => {
                &[OnDemand, WeekToMonth, MonthToHalfYear, LessThanHalfYearly]
            }
            (metric::DEPLOYMENT_FREQUENCY, Self::Y2023) => &[OnDemand],
            (metric::CHANGE_LEAD_TIME, Self::Y2018) => {
                &[UnderHour, DayToWeekLong, WeekToMonthLong, MonthToHalfYearLong]
            }
            (metric::CHANGE_LEAD_TIME, Self::Y2019) => {
                &[UnderDay, DayToWeekLong, WeekToMonthLong, MonthToHalfYearLong]
            }
            (metric::CHANGE_LEAD_TIME, Self::Y2021) => {
                &[UnderHour, DayToWeekLong, MonthToHalfYearLong, OverHalfYear]
            }
            (metric::CHANGE_LEAD_TIME, Self::Y2023) => &[UnderDay],
            (metric::RECOVERY_TIME, Self::Y2018 | Self::Y2019) => {
                &[UnderHour, UnderDay, UnderDay, WeekToMonthLong]
            }
            (metric::RECOVERY_TIME, Self::Y2021) => &[UnderHour, UnderDay, DayToWeekLong, OverHalfYear],
            (metric::RECOVERY_TIME, Self::Y2023) => &[UnderHour],
            (metric::CHANGE_FAILURE_RATE, Self::Y2018 | Self::Y2019) => &[TO_15, TO_15, TO_15, TO_60],
            (metric::CHANGE_FAILURE_RATE, Self::Y2021) => &[TO_15, TO_30, TO_30, TO_30],
            (metric::CHANGE_FAILURE_RATE, Self::Y2023) => const { &[UpTo(5.0, "5 %")] },
            _ => return None,
        })
    }
}
