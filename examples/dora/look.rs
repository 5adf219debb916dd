//! How numbers are shown to people.

use devops_core::Unit;
use devops_metrics::definition::{Definition, FrequencyMeasure};
use devops_metrics::query::{Answer, DeliveryMetric, MetricValue};
use devops_metrics::trend::short_number;

/// A unit that suits the numbers: long durations are told in days and short ones in minutes, rare deployments a week.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    factor: f64,
    unit: Unit,
}

impl Look {
    pub(crate) fn of(values: &[&MetricValue], definition: &Definition) -> Self {
        let mut known: Vec<f64> = values.iter().filter_map(|value| value.value()).collect();
        known.sort_by(f64::total_cmp);
        let middle = known.get(known.len() / 2).copied().unwrap_or(0.0);
        let unit = values.first().map_or(Unit::None, |value| value.unit);
        let hours = unit.factor_to(Unit::Hours).filter(|_| unit != Unit::Days).map(|factor| middle * factor);
        let shown = match (unit, hours) {
            (_, Some(hours)) if hours >= 48.0 => Unit::Days,
            (_, Some(hours)) if hours > 0.0 && hours < 1.0 => Unit::Minutes,
            (_, Some(_)) => Unit::Hours,
            // A number rounded down to whole ones is none of any other length.
            (Unit::PerDay, None)
                if middle < 1.0 && definition.frequency.measure != FrequencyMeasure::PerDayFloor =>
            {
                Unit::PerWeek
            }
            (other, None) => other,
        };
        match unit.factor_to(shown) {
            Some(factor) => Self { factor, unit: shown },
            None => Self { factor: 1.0, unit },
        }
    }

    pub(crate) fn unit(&self) -> Unit {
        self.unit
    }

    pub(crate) fn symbol(&self) -> &'static str {
        self.unit.symbol()
    }

    pub(crate) fn number(&self, value: f64) -> f64 {
        value * self.factor
    }

    pub(crate) fn text(&self, value: f64) -> String {
        short_number(self.number(value))
    }

    /// `21 d`, `3.1 %`, `0.5/week`.
    pub(crate) fn amount(&self, value: f64) -> String {
        let symbol = self.symbol();
        let space = if symbol.is_empty() || symbol.starts_with('/') { "" } else { " " };
        format!("{}{space}{symbol}", self.text(value))
    }

    /// The interval of a value.
    pub(crate) fn interval(&self, value: &MetricValue) -> Option<String> {
        let limits = value.limits.filter(|limits| limits.low.is_some() || limits.high.is_some())?;
        let end = |end: Option<f64>| end.map_or_else(|| String::from("?"), |end| self.text(end));
        Some(format!("{}–{}", end(limits.low), end(limits.high)))
    }

    /// A value with its interval and n, for a table whose head says the unit.
    pub(crate) fn cell(&self, value: &MetricValue) -> String {
        let n = match (value.part, value.metric) {
            (Some(part), DeliveryMetric::ChangeFailureRate | DeliveryMetric::ReworkRate) => {
                format!("{part} of {}", value.n)
            }
            _ => format!("n {}", value.n),
        };
        match value.answer {
            Answer::Known { value: number } => {
                let interval = self.interval(value).map(|i| format!(" [{i}]")).unwrap_or_default();
                let small = if value.small { "*" } else { "" };
                format!("{}{small}{interval} {n}", self.text(number))
            }
            _ => without_number(value),
        }
    }
}

/// A number of any definition, in the units that the others use: frequencies say what they count.
pub(crate) fn comparable(value: &MetricValue, definition: &Definition, look: &Look) -> String {
    let Some(number) = value.value() else { return without_number(value) };
    if value.metric != DeliveryMetric::DeploymentFrequency {
        let unit =
            if value.unit == Unit::Ratio || value.unit == Unit::Percent { Unit::Percent } else { look.unit };
        let shown = value.unit.factor_to(unit).map_or(number, |factor| number * factor);
        return format!("{} {}", short_number(shown), unit.symbol());
    }
    let number = short_number(number);
    match definition.frequency.measure {
        FrequencyMeasure::MedianDaysPerWeek | FrequencyMeasure::LowerMedianDaysPerWeek => {
            format!("{number} day{} a week", if number == "1" { "" } else { "s" })
        }
        FrequencyMeasure::MeanGap if number == "1" => String::from("every day"),
        FrequencyMeasure::MeanGap => format!("every {number} days"),
        FrequencyMeasure::Count => format!("{number} in all"),
        FrequencyMeasure::PerDayFloor => format!("{number} a day"),
        _ => Look::of(&[value], definition).amount(value.value().unwrap_or_default()),
    }
}

/// `1 event`, `2 events`.
pub(crate) fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Why there is no number, in a word.
pub(crate) fn without_number(value: &MetricValue) -> String {
    match value.answer {
        Answer::NeedsEvents { needs } => format!("needs {needs}"),
        Answer::NotReached => String::from("not half over"),
        Answer::Suppressed => String::from("few"),
        _ => String::from("–"),
    }
}

/// A metric's name for a narrow column.
pub(crate) const fn short_name(metric: DeliveryMetric) -> &'static str {
    match metric {
        DeliveryMetric::DeploymentFrequency => "deployments",
        DeliveryMetric::ChangeLeadTime => "lead time",
        DeliveryMetric::ChangeFailureRate => "failure rate",
        DeliveryMetric::RecoveryTime => "recovery",
        DeliveryMetric::TimeToRestore => "restore",
        DeliveryMetric::ReworkRate => "rework",
    }
}
