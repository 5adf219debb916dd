//! What an assessment found.

use alloc::string::String;
use alloc::vec::Vec;
use devops_core::{Timestamp, Unit};
use devops_stats::backtest::BacktestError;
use devops_stats::run_rules::Rule;
use devops_stats::tail::Interval;
use serde::{Deserialize, Serialize};

use super::caution::Autocorrelation;
use super::policy::TrendPolicy;
use super::series::Kind;
use super::slope::percent_of;
use super::step::Step;

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// It moves the good way.
    Improving,
    /// It moves the bad way.
    Worsening,
    /// It rises, and neither way is the good one.
    Rising,
    /// It falls, and neither way is the good one.
    Falling,
    /// Surely within the smallest effect that matters.
    Stable,
    /// The data show no trend, and do not exclude one.
    NoEvidence,
    /// There are too few periods for any verdict.
    NotEnoughData,
}

/// Why the direction is what it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The trend test is significant.
    Trend,
    /// There is no steady trend, but the level changed.
    Change,
    /// The trend is not significant, and there is no change of level.
    NotSignificant,
    /// The interval lies within the smallest effect that matters.
    WithinSmallestEffect,
    /// Every value is the same.
    Constant,
    /// Significant changes lead back to where the series began.
    Returned,
    /// Fewer periods than the policy asks for.
    TooFew {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        got: usize,
    },
    /// More than half of the periods have no value.
    TooManyGaps {
        /// How many have none.
        gaps: usize,
    },
    /// Significant alone, but not among so many series.
    ManySeries,
}

/// The test behind a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TestMethod {
    /// Mann–Kendall with AR(1) variance.
    MannKendall,
    /// Quasi-Poisson regression.
    QuasiPoisson,
    /// Negative binomial regression.
    NegativeBinomial,
    /// Cochran–Armitage.
    CochranArmitage,
    /// Mann–Kendall on Kaplan–Meier medians and the log-rank test.
    MediansAndLogRank,
}

impl TestMethod {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MannKendall => "Mann-Kendall test",
            Self::QuasiPoisson => "quasi-Poisson regression",
            Self::NegativeBinomial => "negative binomial regression",
            Self::CochranArmitage => "Cochran-Armitage test",
            Self::MediansAndLogRank => "Mann-Kendall test of Kaplan-Meier medians and log-rank test",
        }
    }

    /// Why it is the right one.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::MannKendall => "values are compared by rank, so that neither outliers nor skew decide",
            Self::QuasiPoisson => "events are counted, and their scatter is estimated rather than assumed",
            Self::NegativeBinomial => "events are counted, and scatter more than Poisson counts do",
            Self::CochranArmitage => "shares of known totals are compared with their binomial scatter",
            Self::MediansAndLogRank => "cases that have not ended count for as long as they have lasted",
        }
    }
}

/// The trend test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Test {
    /// Which.
    pub method: TestMethod,
    /// Two-sided p-value, corrected for autocorrelation.
    pub p: f64,
    /// The standardised statistic; positive for a rise.
    pub statistic: f64,
}

/// The change a period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Effect {
    /// In the metric's unit.
    pub per_period: f64,
    /// Its interval, corrected for autocorrelation.
    pub interval: Option<Interval>,
    /// In percent of the middle level.
    pub percent: Option<f64>,
    /// The interval in percent.
    pub percent_interval: Option<Interval>,
    /// Confidence of the intervals.
    pub confidence: f64,
}

impl Effect {
    pub(crate) fn absolute(slope: f64, interval: Option<Interval>, level: f64, confidence: f64) -> Self {
        let percent = Some(100.0 * slope / level).filter(|p| level > 0.0 && p.is_finite());
        let interval = interval.filter(|i| i.low.is_finite() && i.high.is_finite());
        let percent_interval = interval.and_then(|i| percent_of(i, level));
        Self { per_period: slope + 0.0, interval, percent, percent_interval, confidence }
    }

    pub(crate) fn relative(percent: f64, interval: Option<Interval>, level: f64, confidence: f64) -> Self {
        Self {
            per_period: percent * level / 100.0,
            interval: interval.map(|i| Interval::new(i.low * level / 100.0, i.high * level / 100.0)),
            percent: Some(percent),
            percent_interval: interval,
            confidence,
        }
    }
}

/// Whether the effect matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Practical {
    /// The policy names no smallest effect.
    NotAsked,
    /// The whole interval lies beyond it.
    Matters,
    /// The whole interval lies within it.
    Negligible,
    /// The interval lies on both sides.
    Unclear,
}

/// What the series looks like once noise is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shape {
    /// One level.
    Level,
    /// A steady line.
    Line,
    /// Levels with changes between them.
    Steps,
}

/// A change of level that survived its significance test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChangePoint {
    /// The first period after the change.
    pub time: Timestamp,
    /// Its index among the periods with a value.
    pub index: usize,
    /// Median before.
    pub before: f64,
    /// Median after.
    pub after: f64,
    /// `after − before`.
    pub difference: f64,
    /// The difference in percent of the level before.
    pub percent: Option<f64>,
    /// p-value, corrected for the search and for autocorrelation.
    pub p: f64,
    /// 1 − p.
    pub confidence: f64,
}

/// What was to be expected of a period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExpectedPeriod {
    /// The period.
    pub time: Timestamp,
    /// Its value.
    pub value: f64,
    /// The level or line there.
    pub expected: f64,
    /// Lower limit of ordinary values.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// A period that breaks a rule of process behaviour charts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unusual {
    /// The period, the last of the pattern.
    pub time: Timestamp,
    /// Its index among the periods with a value.
    pub index: usize,
    /// Its value.
    pub value: f64,
    /// What was expected.
    pub expected: f64,
    /// The rule it breaks.
    pub rule: Rule,
}

/// A season that was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Season {
    /// Its length in periods.
    pub periods: usize,
    /// p-value of no season.
    pub p: f64,
    /// Share of the scatter around the trend that it explains.
    pub share: f64,
    /// Whether it was taken out before the tests.
    pub removed: bool,
}

/// A period to come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FuturePeriod {
    /// Its time; `None` past the calendar.
    pub time: Option<Timestamp>,
    /// The expected value.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Where it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Forecast {
    /// Name of the model.
    pub method: String,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// The periods to come.
    pub periods: Vec<FuturePeriod>,
    /// How wrong such forecasts of this series' past were; `None` where it is too short to say.
    pub backtest: Option<BacktestError>,
}

/// When the target is reached, within the horizon of the forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Target {
    /// The target.
    pub value: f64,
    /// Whether the present level meets it.
    pub met: bool,
    /// First period whose expected value meets it.
    pub expected: Option<Timestamp>,
    /// First period whose interval touches it.
    pub earliest: Option<Timestamp>,
    /// First period whose whole interval meets it.
    pub latest: Option<Timestamp>,
    /// Chance that the last period of the forecast meets it.
    pub probability: Option<f64>,
}

/// What the data could have shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Power {
    /// The smallest change a period that would have been found.
    pub smallest_effect: f64,
    /// With this probability.
    pub probability: f64,
}

/// What a reader should know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// Few periods: only large trends show.
    Short {
        /// How many.
        periods: usize,
    },
    /// Many equal values.
    Ties {
        /// Periods that repeat another's value.
        periods: usize,
    },
    /// Periods without a value.
    Gaps {
        /// How many.
        periods: usize,
    },
    /// Every value is the same.
    Constant,
    /// Rows of the same time were joined.
    Joined {
        /// How many went into another.
        rows: usize,
    },
    /// The times do not lie on a grid.
    Irregular,
    /// Periods of which more than half of the cases are open were left out.
    MedianNotReached {
        /// How many.
        periods: usize,
    },
    /// Neighbouring periods resemble each other: limits of unusual periods are too narrow then.
    Autocorrelated,
    /// A season was asked for but could not be judged.
    SeasonUnjudged,
    /// No forecast: more periods ahead than half of the past.
    HorizonTooFar {
        /// The furthest that would be forecast.
        most: usize,
    },
    /// No forecast: the times are irregular, or the series is too short.
    NoForecast,
    /// The regression of counts or shares does not exist here; ranks were used.
    RanksUsed,
}

/// What [`assess`](super::assess) found. `Display` is one sentence, [`paragraph`](Self::paragraph) a few,
/// [`to_markdown`](Self::to_markdown) the report; serde is the machine form, of the same bytes for the same
/// input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrendReport {
    /// Version of this form: 1.
    pub format: u32,
    /// Name of the metric.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
    /// What its numbers are.
    pub kind: Kind,
    /// Length of a period.
    pub step: Step,
    /// Periods with a value.
    pub n: usize,
    /// Periods without.
    pub gaps: usize,
    /// First period.
    pub from: Option<Timestamp>,
    /// Last period.
    pub to: Option<Timestamp>,
    /// The answer.
    pub direction: Direction,
    /// Why.
    pub reason: Reason,
    /// 1 − p of what the verdict rests on.
    pub confidence: Option<f64>,
    /// The trend test; `None` below two periods.
    pub test: Option<Test>,
    /// The change a period.
    pub effect: Option<Effect>,
    /// Whether it matters.
    pub practical: Practical,
    /// Steps, line or level.
    pub shape: Shape,
    /// Changes of level.
    pub changes: Vec<ChangePoint>,
    /// Periods that break a rule.
    pub unusual: Vec<Unusual>,
    /// How far neighbouring periods resemble each other.
    pub autocorrelation: Option<Autocorrelation>,
    /// The season that was looked for.
    pub season: Option<Season>,
    /// Where it goes.
    pub forecast: Option<Forecast>,
    /// When the target is reached.
    pub target: Option<Target>,
    /// What the data could have shown.
    pub power: Option<Power>,
    /// What a reader should know.
    pub warnings: Vec<Warning>,
    /// Every period with what was expected of it.
    pub periods: Vec<ExpectedPeriod>,
    /// The policy.
    pub policy: TrendPolicy,
}

impl TrendReport {
    /// The p-value of the verdict as a whole, for corrections over many series: twice the smaller of trend and
    /// change.
    #[must_use]
    pub fn p_any(&self) -> f64 {
        let trend = self.test.map_or(1.0, |t| t.p);
        let least = self.changes.iter().fold(trend, |least, c| if c.p < least { c.p } else { least });
        (2.0 * least).clamp(0.0, 1.0)
    }
}
