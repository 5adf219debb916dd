//! Scales, round ticks and axes for pictures.

use devops_core::Timestamp;

use crate::Svg;

const DAY: f64 = 86_400_000.0;

/// Places of values along a line of the picture.
///
/// ```
/// use devops_examples::Scale;
///
/// // Upwards: the value 0 stands at y = 200, 10 at y = 0.
/// let scale = Scale::new((0.0, 10.0), (200.0, 0.0));
/// assert_eq!(scale.at(2.5), 150.0);
/// assert_eq!(scale.at(99.0), 0.0); // never leaves the picture
/// assert_eq!(scale.ticks(5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// `values` from low to high lie at `places` from first to second.
    #[must_use]
    pub fn new(values: (f64, f64), places: (f64, f64)) -> Self {
        let high = if values.1 > values.0 { values.1 } else { values.0 + 1.0 };
        Self { low: values.0, high, start: places.0, end: places.1 }
    }

    /// The instants from `from` to `to` lie at `places`.
    #[must_use]
    pub fn of_time(from: Timestamp, to: Timestamp, places: (f64, f64)) -> Self {
        Self::new((millis(from), millis(to)), places)
    }

    /// The lowest value.
    #[must_use]
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The highest value.
    #[must_use]
    pub fn high(&self) -> f64 {
        self.high
    }

    /// The place of a value; of one outside, the nearer end.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.start + share * (self.end - self.start)
    }

    /// The place of an instant, on a scale of time.
    #[must_use]
    pub fn at_time(&self, time: Timestamp) -> f64 {
        self.at(millis(time))
    }

    /// About `count` round values.
    #[must_use]
    pub fn ticks(&self, count: u32) -> Vec<f64> {
        let step = round_step(self.high - self.low, f64::from(count));
        let first = (self.low / step).ceil() as i64;
        let values = (first..).take(4 * count as usize).map(|k| k as f64 * step);
        values.take_while(|v| *v <= self.high * (1.0 + 1e-12)).collect()
    }

    /// Years, months or days, whichever are about ten, with their labels; on a scale of time.
    #[must_use]
    pub fn time_ticks(&self) -> Vec<(Timestamp, String)> {
        let days = (self.high - self.low) / DAY;
        if days < 90.0 { self.day_ticks(days) } else { self.month_ticks(days) }
    }

    fn day_ticks(&self, days: f64) -> Vec<(Timestamp, String)> {
        let step = round_step(days, 8.0).max(1.0).ceil();
        let mut found = Vec::new();
        let mut at = (self.low / DAY).ceil() * DAY;
        while at <= self.high {
            if let Ok(time) = Timestamp::from_millis(at as i64) {
                found.push((time, time.to_string().get(5..10).unwrap_or("").to_string()));
            }
            at += step * DAY;
        }
        found
    }

    fn month_ticks(&self, days: f64) -> Vec<(Timestamp, String)> {
        let every = [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|m| days / (30.4 * f64::from(*m)) <= 12.0);
        let every = every.unwrap_or(240);
        let year = |millis: f64| 1970 + (millis / (365.2425 * DAY)).floor() as i32;
        let mut found = Vec::new();
        for index in (year(self.low) * 12..=(year(self.high) + 1) * 12).filter(|i| i % every == 0) {
            let (year, month) = (index / 12, index % 12 + 1);
            let Ok(time) = format!("{year:04}-{month:02}-01T00:00:00Z").parse::<Timestamp>() else {
                continue;
            };
            if (self.low..=self.high).contains(&millis(time)) {
                let label = if every >= 12 { format!("{year}") } else { format!("{year}-{month:02}") };
                found.push((time, label));
            }
        }
        found
    }
}

fn millis(time: Timestamp) -> f64 {
    time.as_millis() as f64
}

/// A round step (1, 2, 2.5 or 5 times a power of ten) for about `count` ticks over a span.
///
/// ```
/// assert_eq!(devops_examples::round_step(97.0, 5.0), 20.0);
/// ```
#[must_use]
pub fn round_step(span: f64, count: f64) -> f64 {
    let raw = span / count;
    let power = 10_f64.powf(raw.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= raw).unwrap_or(raw)
}

/// Where a picture's data lies, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// The left edge.
    pub left: f64,
    /// The right edge.
    pub right: f64,
    /// The upper edge.
    pub top: f64,
    /// The lower edge.
    pub bottom: f64,
}

/// How axes look: what stands in the elements (see [`Svg`]).
#[derive(Debug, Clone, Copy)]
pub struct AxisStyle {
    /// Lines across the picture.
    pub grid: &'static str,
    /// The axis and its ticks.
    pub axis: &'static str,
    /// Labels.
    pub label: &'static str,
}

impl AxisStyle {
    /// For a picture in a file of its own.
    pub const FILE: Self =
        Self { grid: "stroke=\"#e8ecf1\"", axis: "stroke=\"#9aa5b1\"", label: "fill=\"#5a6675\"" };
    /// For a picture in a page.
    pub const PAGE: Self = Self { grid: "class=\"grid\"", axis: "class=\"axis\"", label: "class=\"muted\"" };
}

impl Frame {
    /// Lines across the frame at round values, labelled at its left; `unit` stands above them.
    pub fn value_axis(
        &self,
        svg: &mut Svg,
        scale: &Scale,
        unit: &str,
        style: &AxisStyle,
        label: impl Fn(f64) -> String,
    ) {
        let end = format!("text-anchor=\"end\" {}", style.label);
        let count = ((self.bottom - self.top) / 60.0).clamp(3.0, 8.0) as u32;
        for value in scale.ticks(count) {
            let y = scale.at(value);
            svg.line((self.left, y), (self.right, y), style.grid);
            svg.text(self.left - 8.0, y + 4.0, &end, &label(value));
        }
        if !unit.is_empty() {
            svg.text(self.left - 8.0, self.top - 10.0, &end, unit);
        }
    }

    /// The line below the frame, with ticks of time.
    pub fn time_axis(&self, svg: &mut Svg, scale: &Scale, style: &AxisStyle) {
        svg.line((self.left, self.bottom), (self.right, self.bottom), style.axis);
        let middle = format!("text-anchor=\"middle\" {}", style.label);
        for (time, label) in scale.time_ticks() {
            let x = scale.at_time(time);
            svg.line((x, self.bottom), (x, self.bottom + 5.0), style.axis);
            svg.text(x, self.bottom + 20.0, &middle, &label);
        }
    }

    /// The line below the frame, with a label below each place; where they would meet, every second, third and so on.
    pub fn label_axis(&self, svg: &mut Svg, labels: &[(f64, String)], style: &AxisStyle) {
        svg.line((self.left, self.bottom), (self.right, self.bottom), style.axis);
        let middle = format!("text-anchor=\"middle\" {}", style.label);
        let widest = labels.iter().map(|(_, l)| l.chars().count()).max().unwrap_or(0) as f64 * 7.0 + 10.0;
        let apart = labels.windows(2).map(|w| w[1].0 - w[0].0).fold(f64::MAX, f64::min);
        let every = (widest / apart).ceil().max(1.0) as usize;
        for (x, label) in labels.iter().step_by(every) {
            svg.line((*x, self.bottom), (*x, self.bottom + 5.0), style.axis);
            svg.text(*x, self.bottom + 20.0, &middle, label);
        }
    }

    /// A row of coloured squares with words, from the left; returns where the row ends. Each entry is the style of the
    /// square and its words.
    pub fn legend(&self, svg: &mut Svg, y: f64, entries: &[(&str, &str)], label: &str) {
        let mut x = self.left;
        for (square, words) in entries {
            svg.rect((x, y - 10.0), 12.0, 12.0, &format!("rx=\"2\" {square}"));
            svg.text(x + 18.0, y, label, words);
            x += 40.0 + 7.0 * words.chars().count() as f64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: &str, to: &str) -> Vec<String> {
        let scale = Scale::of_time(from.parse().unwrap(), to.parse().unwrap(), (0.0, 1.0));
        scale.time_ticks().into_iter().map(|t| t.1).collect()
    }

    #[test]
    fn ticks_fit_the_span() {
        assert_eq!(labels("2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z").len(), 7);
        assert_eq!(labels("2020-02-01T00:00:00Z", "2026-07-01T00:00:00Z").first().unwrap(), "2021");
        assert_eq!(labels("1990-02-01T00:00:00Z", "2026-07-01T00:00:00Z").first().unwrap(), "1995");
        assert_eq!(labels("2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z").len(), 8);
    }

    #[test]
    fn a_scale_of_one_value_is_a_scale() {
        let scale = Scale::new((3.0, 3.0), (0.0, 10.0));
        assert_eq!(scale.at(3.0), 0.0);
        assert!(!scale.ticks(5).is_empty());
    }
}
