//! A report in words.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write as _};
use devops_core::{Timestamp, Unit};

use super::report::{Direction, Effect, Practical, Reason, TrendReport, Warning};
use super::series::Kind;
use super::step::Step;

/// A number with about three digits.
///
/// ```
/// use devops_metrics::trend::short_number;
/// assert_eq!(short_number(3.14159), "3.14");
/// assert_eq!(short_number(12_345.6), "12346");
/// assert_eq!(short_number(0.0), "0");
/// ```
#[must_use]
pub fn short_number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        return "0".to_string();
    }
    if !(1e-4..1e9).contains(&size) {
        return format!("{value:.2e}");
    }
    let digits = if size >= 99.95 {
        0
    } else if size >= 9.995 {
        1
    } else if size >= 0.9995 {
        2
    } else if size >= 0.09995 {
        3
    } else if size >= 0.009_995 {
        4
    } else {
        5
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_string();
    }
    text
}

/// A p-value as people write it.
fn p_text(p: f64) -> String {
    if p < 0.0001 { "p < 0.0001".to_string() } else { format!("p = {}", short_number(p)) }
}

/// The date of a time, with the clock where it is not midnight.
fn date(time: Timestamp) -> String {
    let text = time.to_string();
    match text.split_once('T') {
        Some((day, "00:00:00Z")) => day.to_string(),
        _ => text,
    }
}

fn signed(value: f64) -> String {
    let text = short_number(value);
    if value > 0.0 { format!("+{text}") } else { text }
}

impl TrendReport {
    fn with_unit(&self, value: f64) -> String {
        let number = short_number(value);
        match self.unit.symbol() {
            "" => number,
            "%" => format!("{number} %"),
            symbol => format!("{number} {symbol}"),
        }
    }

    fn unit_suffix(&self) -> String {
        match self.unit {
            Unit::Percent => " points".to_string(),
            unit if unit.symbol().is_empty() => String::new(),
            unit => format!(" {}", unit.symbol()),
        }
    }

    fn effect_text(&self, effect: &Effect) -> String {
        let (step, suffix) = (self.step.name(), self.unit_suffix());
        let (number, interval, unit) = match (self.kind, effect.percent) {
            (Kind::Count, Some(percent)) => (percent, effect.percent_interval, " %".to_string()),
            _ => (effect.per_period, effect.interval, suffix),
        };
        let mut text = format!("{}{unit} a {step}", signed(number));
        if let Some(interval) = interval {
            let _ = write!(
                text,
                " ({}% interval {} to {})",
                short_number(100.0 * effect.confidence),
                signed(interval.low),
                signed(interval.high)
            );
        }
        text
    }

    fn why(&self) -> String {
        match &self.reason {
            Reason::TooFew { needed, got } => {
                let more = needed.saturating_sub(*got);
                format!("{} of at least {needed}, so {more} more to go", counted(*got, self.step))
            }
            Reason::TooManyGaps { gaps } => format!("{} without a value", counted(*gaps, self.step)),
            Reason::Constant => "every value is the same".to_string(),
            Reason::Returned => "the level changed, but came back".to_string(),
            Reason::ManySeries => "it does not stand out among so many series".to_string(),
            _ => String::new(),
        }
    }

    /// The answer in a few sentences: verdict, effect, changes, forecast, and what to be careful about.
    ///
    /// ```
    /// use devops_core::{GoodDirection, Timestamp};
    /// use devops_metrics::trend::{Series, TrendPolicy, assess};
    /// let series = Series::values([(Timestamp::EPOCH, Some(1.0))]);
    /// let text = assess(&series, &TrendPolicy::new(GoodDirection::Up))?.paragraph();
    /// assert!(text.starts_with("the metric: not enough data"));
    /// # Ok::<(), devops_metrics::trend::TrendError>(())
    /// ```
    #[must_use]
    pub fn paragraph(&self) -> String {
        let mut text = format!("{self}");
        for line in self.evidence() {
            let _ = write!(text, " {line}");
        }
        text
    }

    /// The evidence, one sentence each.
    ///
    /// ```
    /// use devops_core::{GoodDirection, Timestamp};
    /// use devops_metrics::trend::{Series, TrendPolicy, assess};
    /// let series = Series::values([(Timestamp::EPOCH, Some(1.0))]);
    /// assert!(assess(&series, &TrendPolicy::new(GoodDirection::Up))?.evidence().len() < 5);
    /// # Ok::<(), devops_metrics::trend::TrendError>(())
    /// ```
    #[must_use]
    pub fn evidence(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let (Some(from), Some(to)) = (self.from, self.to) {
            let periods = counted(self.n, self.step);
            lines.push(format!("Data: {periods} from {} to {}.", date(from), date(to)));
        }
        if let Some(test) = &self.test {
            let (name, why) = (test.method.name(), test.method.why());
            lines.push(format!("Test: {name}, {}; {why}.", p_text(test.p)));
        }
        if let Some(effect) = self.effect.as_ref() {
            lines.push(format!("Effect: {}.{}", self.effect_text(effect), self.practical_text()));
        }
        self.changes_to(&mut lines);
        if let Some(found) = self.autocorrelation.filter(|a| a.inflation > 1.05) {
            let worth = short_number(libm::round(found.effective_n));
            let periods = counted(self.n, self.step);
            lines.push(format!("Autocorrelation: {periods} are worth about {worth} independent ones."));
        }
        if let Some(season) = &self.season {
            let said = if season.removed { "found and taken out" } else { "not found" };
            lines.push(format!("Season of {}: {said}, {}.", season.periods, p_text(season.p)));
        }
        self.future_to(&mut lines);
        if let Some(power) = &self.power {
            lines.push(format!(
                "Power: a change of {}{} a {} would have been found with a chance of {} %.",
                short_number(power.smallest_effect),
                self.unit_suffix(),
                self.step.name(),
                short_number(100.0 * power.probability)
            ));
        }
        lines.extend(self.warnings.iter().map(|w| format!("Note: {}.", w.text(self.step))));
        lines
    }

    fn practical_text(&self) -> &'static str {
        match self.practical {
            Practical::NotAsked => "",
            Practical::Matters => " That matters.",
            Practical::Negligible => " That is too little to matter.",
            Practical::Unclear => " Whether that matters is unclear.",
        }
    }

    fn changes_to(&self, lines: &mut Vec<String>) {
        for change in &self.changes {
            let percent = change.percent.map_or(String::new(), |p| format!(" ({} %)", signed(p)));
            lines.push(format!(
                "Change: from {} to {}{percent} since the {} of {}, {}.",
                self.with_unit(change.before),
                self.with_unit(change.after),
                self.step.name(),
                date(change.time),
                p_text(change.p)
            ));
        }
        let unusual = self.unusual.len();
        for one in self.unusual.iter().take(5) {
            lines.push(format!(
                "Unusual: {} at {} where {} was expected ({}).",
                self.with_unit(one.value),
                date(one.time),
                self.with_unit(one.expected),
                one.rule.description()
            ));
        }
        if unusual > 5 {
            lines.push(format!("Unusual: {} more.", unusual.saturating_sub(5)));
        }
    }

    fn future_to(&self, lines: &mut Vec<String>) {
        if let Some(forecast) = &self.forecast
            && let Some(last) = forecast.periods.last()
        {
            let when = last.time.map_or("the end".to_string(), date);
            let error = forecast.backtest.as_ref().map_or(String::new(), |b| {
                let (mae, origins) = (self.with_unit(b.mae), b.origins);
                format!("; such forecasts were off by {mae} on average ({origins} tries on the past)")
            });
            lines.push(format!(
                "Forecast: {} ({} to {}) at {when}, by {}{error}.",
                self.with_unit(last.mean),
                short_number(last.low),
                short_number(last.high),
                forecast.method
            ));
        }
        if let Some(target) = &self.target {
            lines.push(format!("Target: {}.", self.target_text(target)));
        }
    }

    fn target_text(&self, target: &super::report::Target) -> String {
        let goal = self.with_unit(target.value);
        if target.met {
            return format!("the present level meets {goal}");
        }
        let known = |time: Option<Timestamp>, otherwise: &str| time.map_or(otherwise.to_string(), date);
        match (target.expected, &self.forecast) {
            (_, None) => format!("{goal} is not met; without a forecast there is no date"),
            (None, _) => {
                let chance = target.probability.map_or(String::new(), |p| {
                    format!("; the chance in its last {} is {} %", self.step.name(), short_number(100.0 * p))
                });
                format!("{goal} is not expected within the forecast{chance}")
            }
            (Some(time), _) => format!(
                "{goal} is expected at {} (from {} to {})",
                date(time),
                known(target.earliest, "now"),
                known(target.latest, "beyond the forecast")
            ),
        }
    }

    /// The report as Markdown.
    ///
    /// ```
    /// use devops_core::{GoodDirection, Timestamp};
    /// use devops_metrics::trend::{Series, TrendPolicy, assess};
    /// let series = Series::values([(Timestamp::EPOCH, Some(1.0))]).named("lead time");
    /// let text = assess(&series, &TrendPolicy::new(GoodDirection::Up))?.to_markdown();
    /// assert!(text.starts_with("# Trend of lead time"));
    /// # Ok::<(), devops_metrics::trend::TrendError>(())
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let name = plain(&self.name);
        let mut text = format!("# Trend of {name}\n\n**{}**\n", plain(&format!("{self}")));
        text.push('\n');
        for line in self.evidence() {
            let _ = match line.split_once(": ") {
                Some((head, rest)) => writeln!(text, "- **{head}**: {}", plain(rest)),
                None => writeln!(text, "- {}", plain(&line)),
            };
        }
        if !self.periods.is_empty() {
            text.push_str("\n| period | value | expected | lower limit | upper limit |\n");
            text.push_str("| --- | ---: | ---: | ---: | ---: |\n");
            for period in &self.periods {
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} | {} |",
                    date(period.time),
                    short_number(period.value),
                    short_number(period.expected),
                    short_number(period.lower),
                    short_number(period.upper)
                );
            }
        }
        text
    }
}

/// Text that Markdown leaves alone.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '*' | '_' | '`' | '<' | '|' | '[' | '#' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn counted(number: usize, step: Step) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {}{plural}", step.name())
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Improving => "improving",
            Self::Worsening => "worsening",
            Self::Rising => "rising",
            Self::Falling => "falling",
            Self::Stable => "stable",
            Self::NoEvidence => "no evidence of a trend",
            Self::NotEnoughData => "not enough data",
        })
    }
}

impl fmt::Display for TrendReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.direction)?;
        let why = self.why();
        if !why.is_empty() {
            return write!(f, ", as {why}.");
        }
        match (&self.reason, self.changes.last(), &self.effect) {
            (Reason::Trend | Reason::Change, Some(change), _) => {
                let change_p = change.p;
                write!(
                    f,
                    ", from {} to {} since the {} of {} ({})",
                    self.with_unit(change.before),
                    self.with_unit(change.after),
                    self.step.name(),
                    date(change.time),
                    p_text(change_p)
                )?;
            }
            (_, _, Some(effect)) => {
                write!(f, ", {}", self.effect_text(effect))?;
                if let Some(test) = &self.test {
                    write!(f, ", {}", p_text(test.p))?;
                }
            }
            _ => {}
        }
        f.write_str(".")
    }
}

impl Warning {
    fn text(&self, step: Step) -> String {
        match self {
            Self::Short { periods } => {
                format!("only {}, so that only a large trend shows", counted(*periods, step))
            }
            Self::Ties { periods } => format!("{} repeat the value of another", counted(*periods, step)),
            Self::Gaps { periods } => format!("{} without a value", counted(*periods, step)),
            Self::Constant => "every value is the same".to_string(),
            Self::Joined { rows } => format!("{rows} rows share their time with another and were joined"),
            Self::Irregular => "the times do not lie on a grid".to_string(),
            Self::MedianNotReached { periods } => {
                format!("{} left out, as too many of their cases are open", counted(*periods, step))
            }
            Self::Autocorrelated => {
                format!("one {} resembles the next, so that ordinary ones may be called unusual", step.name())
            }
            Self::SeasonUnjudged => "the season could not be judged".to_string(),
            Self::HorizonTooFar { most } => {
                format!("no forecast, as this much data carries one of at most {}", counted(*most, step))
            }
            Self::NoForecast => "no forecast can be made from these data".to_string(),
            Self::RanksUsed => "ranks were compared, as the regression does not exist here".to_string(),
        }
    }
}
