//! The report as a picture.

use std::fmt::Write as _;

use devops_core::Timestamp;
use devops_metrics::trend::{Shape, TrendReport, short_number};

const WIDTH: f64 = 980.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 956.0;
const TOP: f64 = 148.0;
const BOTTOM: f64 = 520.0;
const HEIGHT: f64 = 600.0;
const DAY: f64 = 86_400_000.0;

/// Places of times and values on the page.
struct Scale {
    from: f64,
    to: f64,
    low: f64,
    high: f64,
}

impl Scale {
    fn of(report: &TrendReport) -> Self {
        let times = || report.periods.iter().map(|p| p.time.as_millis() as f64);
        let future = || report.forecast.iter().flat_map(|f| &f.periods);
        let from = times().fold(f64::MAX, f64::min);
        let to =
            future().filter_map(|p| Some(p.time?.as_millis() as f64)).chain(times()).fold(f64::MIN, f64::max);
        let mut values: Vec<f64> = report.periods.iter().map(|p| p.value).collect();
        values.sort_by(f64::total_cmp);
        let most = values.get(values.len() * 9 / 10).copied().unwrap_or(1.0);
        // One huge value must not flatten the rest: it is drawn at the edge, with its number.
        let ordinary =
            values.iter().copied().filter(|v| most <= 0.0 || *v <= 4.0 * most).fold(f64::MIN, f64::max);
        let least = values.first().copied().unwrap_or(0.0);
        let goal = report.target.as_ref().map(|t| t.value);
        let ends = || report.periods.iter().map(|p| p.expected).chain(goal);
        let room = (ordinary - least).abs().max(1e-9);
        let fan = |v: f64| v.clamp(least - 0.4 * room, ordinary + 0.5 * room);
        let high = ends().chain(future().map(|p| fan(p.high))).fold(ordinary, f64::max);
        let low = ends().chain(future().map(|p| fan(p.low))).fold(least, f64::min);
        let low = if low >= 0.0 && low < 0.6 * high { 0.0 } else { low };
        let spare = 0.04 * (high - low).max(1e-9);
        Self {
            from,
            to: to.max(from + DAY),
            low: if low == 0.0 { 0.0 } else { low - spare },
            high: high + spare,
        }
    }

    fn x(&self, time: f64) -> f64 {
        LEFT + 10.0 + (time - self.from) / (self.to - self.from) * (RIGHT - LEFT - 20.0)
    }

    fn at(&self, time: Timestamp) -> f64 {
        self.x(time.as_millis() as f64)
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        BOTTOM - share * (BOTTOM - TOP)
    }
}

/// The whole picture.
pub(crate) fn draw(report: &TrendReport) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    heading(report, &mut out);
    if !report.periods.is_empty() {
        let scale = Scale::of(report);
        axes(report, &scale, &mut out);
        band(report, &scale, &mut out);
        fan(report, &scale, &mut out);
        target(report, &scale, &mut out);
        changes(report, &scale, &mut out);
        points(report, &scale, &mut out);
        legend(report, &mut out);
    }
    out + "</svg>\n"
}

fn text(out: &mut String, x: f64, y: f64, style: &str, words: &str) {
    let safe = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let safe: String = safe.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{safe}</text>");
}

/// Lines of at most that many characters.
fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let full = lines.last().is_some_and(|l| !l.is_empty() && l.len() + word.len() >= width);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

fn heading(report: &TrendReport, out: &mut String) {
    let said = report.to_string();
    for (line, y) in wrapped(&said, 108).iter().take(2).zip([34.0, 54.0]) {
        text(out, 24.0, y, "font-size=\"14\" font-weight=\"bold\" fill=\"#1a2433\"", line);
    }
    if let Some(line) = report.evidence().iter().find(|l| l.starts_with("Target")) {
        text(out, 24.0, 76.0, "fill=\"#5a6675\"", line);
    }
}

/// A round step for about `count` ticks.
fn round_step(span: f64, count: f64) -> f64 {
    let raw = span / count;
    let power = 10_f64.powf(raw.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= raw).unwrap_or(raw)
}

fn axes(report: &TrendReport, scale: &Scale, out: &mut String) {
    let step = round_step(scale.high - scale.low, 6.0);
    let first = (scale.low / step).ceil() as i64;
    for k in (first..).take(14) {
        let value = k as f64 * step;
        if value > scale.high {
            break;
        }
        let y = scale.y(value);
        let _ = writeln!(
            out,
            "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#e8ecf1\"/>"
        );
        text(out, LEFT - 8.0, y + 4.0, "text-anchor=\"end\" fill=\"#5a6675\"", &short_number(value));
    }
    let unit = report.unit.symbol();
    if !unit.is_empty() {
        text(out, LEFT - 8.0, TOP - 10.0, "text-anchor=\"end\" fill=\"#5a6675\"", unit);
    }
    let _ = writeln!(
        out,
        "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{BOTTOM}\" y2=\"{BOTTOM}\" stroke=\"#9aa5b1\"/>"
    );
    for (time, label) in ticks(scale) {
        let x = scale.at(time);
        let _ = writeln!(
            out,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{BOTTOM}\" y2=\"{:.1}\" stroke=\"#9aa5b1\"/>",
            BOTTOM + 5.0
        );
        text(out, x, BOTTOM + 20.0, "text-anchor=\"middle\" fill=\"#5a6675\"", &label);
    }
}

/// Years, months or days, whichever are about ten.
fn ticks(scale: &Scale) -> Vec<(Timestamp, String)> {
    let days = (scale.to - scale.from) / DAY;
    let months = [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|m| days / (30.4 * f64::from(*m)) <= 12.0);
    let mut found = Vec::new();
    if days < 90.0 {
        let step = round_step(days, 8.0).max(1.0).ceil();
        let mut at = (scale.from / DAY).ceil() * DAY;
        while at <= scale.to {
            if let Ok(time) = Timestamp::from_millis(at as i64) {
                found.push((time, time.to_string().get(5..10).unwrap_or("").to_string()));
            }
            at += step * DAY;
        }
        return found;
    }
    let months = months.unwrap_or(240);
    let year = |millis: f64| 1970 + (millis / (365.2425 * DAY)).floor() as i32;
    for index in (year(scale.from) * 12..=(year(scale.to) + 1) * 12).filter(|i| i % months == 0) {
        let (year, month) = (index / 12, index % 12 + 1);
        let Ok(time) = format!("{year:04}-{month:02}-01T00:00:00Z").parse::<Timestamp>() else { continue };
        let at = time.as_millis() as f64;
        if at >= scale.from && at <= scale.to {
            let label = if months >= 12 { format!("{year}") } else { format!("{year}-{month:02}") };
            found.push((time, label));
        }
    }
    found
}

fn polygon(out: &mut String, points: impl Iterator<Item = (f64, f64)>, style: &str) {
    let _ = write!(out, "<polygon points=\"");
    for (x, y) in points {
        let _ = write!(out, "{x:.1},{y:.1} ");
    }
    let _ = writeln!(out, "\" {style}/>");
}

fn polyline(out: &mut String, points: impl Iterator<Item = (f64, f64)>, style: &str) {
    let _ = write!(out, "<polyline fill=\"none\" points=\"");
    for (x, y) in points {
        let _ = write!(out, "{x:.1},{y:.1} ");
    }
    let _ = writeln!(out, "\" {style}/>");
}

/// Limits of ordinary values, the expected level, and around a line the band of its slope.
fn band(report: &TrendReport, scale: &Scale, out: &mut String) {
    let cuts: Vec<usize> = report.changes.iter().map(|c| c.index).chain([report.periods.len()]).collect();
    let mut start = 0;
    for end in cuts {
        let part = report.periods.get(start..end).unwrap_or_default();
        let upper = part.iter().map(|p| (scale.at(p.time), scale.y(p.upper)));
        let lower = part.iter().rev().map(|p| (scale.at(p.time), scale.y(p.lower)));
        polygon(out, upper.chain(lower), "fill=\"#eef2f7\"");
        start = end;
    }
    if let (Shape::Line, Some(interval)) = (report.shape, report.effect.and_then(|e| e.interval)) {
        let middle = report.periods.len() / 2;
        if let Some(pivot) = report.periods.get(middle) {
            let per = |i: usize, slope: f64| pivot.expected + (i as f64 - middle as f64) * slope;
            let place =
                |i: usize, v: f64| (report.periods.get(i).map_or(LEFT, |p| scale.at(p.time)), scale.y(v));
            let n = report.periods.len();
            let forth = (0..n).map(|i| place(i, per(i, interval.low)));
            let back = (0..n).rev().map(|i| place(i, per(i, interval.high)));
            polygon(out, forth.chain(back), "fill=\"#2f6fde\" fill-opacity=\"0.16\"");
        }
    }
    let mut start = 0;
    for end in report.changes.iter().map(|c| c.index).chain([report.periods.len()]) {
        let part = report.periods.get(start..end).unwrap_or_default();
        let line = part.iter().map(|p| (scale.at(p.time), scale.y(p.expected)));
        polyline(out, line, "stroke=\"#2f6fde\" stroke-width=\"2.5\"");
        start = end;
    }
}

fn fan(report: &TrendReport, scale: &Scale, out: &mut String) {
    let (Some(forecast), Some(last)) = (&report.forecast, report.periods.last()) else { return };
    let steps: Vec<(f64, f64, f64, f64)> =
        forecast.periods.iter().filter_map(|p| Some((scale.at(p.time?), p.mean, p.low, p.high))).collect();
    let start = (scale.at(last.time), scale.y(last.value));
    let upper = steps.iter().map(|s| (s.0, scale.y(s.3)));
    let lower = steps.iter().rev().map(|s| (s.0, scale.y(s.2)));
    polygon(out, std::iter::once(start).chain(upper).chain(lower), "fill=\"#8a4fd0\" fill-opacity=\"0.15\"");
    let mean = steps.iter().map(|s| (s.0, scale.y(s.1)));
    polyline(
        out,
        std::iter::once(start).chain(mean),
        "stroke=\"#8a4fd0\" stroke-width=\"2\" stroke-dasharray=\"5 4\"",
    );
}

fn target(report: &TrendReport, scale: &Scale, out: &mut String) {
    let Some(target) = &report.target else { return };
    let y = scale.y(target.value);
    let _ = writeln!(
        out,
        "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#1f8f4d\" stroke-width=\"1.5\" \
         stroke-dasharray=\"8 4\"/>"
    );
    let words = format!("target {}", short_number(target.value));
    text(out, LEFT + 14.0, y - 6.0, "fill=\"#1f8f4d\" font-weight=\"bold\"", &words);
}

/// A line at every change, labelled above the plot, in rows where labels would meet.
fn changes(report: &TrendReport, scale: &Scale, out: &mut String) {
    let mut rows = [f64::MIN; 3];
    for change in &report.changes {
        let x = scale.at(change.time);
        let day = change.time.to_string();
        let words = format!(
            "{}: {} → {}",
            day.get(..10).unwrap_or(&day),
            short_number(change.before),
            short_number(change.after)
        );
        let half = 3.4 * words.chars().count() as f64;
        let middle = x.clamp(LEFT + half, RIGHT - half);
        let row = rows.iter().position(|end| middle - half > end + 8.0);
        let top = row.map_or(TOP - 6.0, |r| TOP - 10.0 - 16.0 * r as f64);
        let _ = writeln!(
            out,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{BOTTOM}\" stroke=\"#7a5c00\" stroke-dasharray=\"3 3\"/>",
            top + 3.0
        );
        if let Some(end) = row.and_then(|r| rows.get_mut(r)) {
            *end = middle + half;
            text(out, middle, top, "text-anchor=\"middle\" font-size=\"11\" fill=\"#7a5c00\"", &words);
        }
    }
}

fn points(report: &TrendReport, scale: &Scale, out: &mut String) {
    let line = report.periods.iter().map(|p| (scale.at(p.time), scale.y(p.value)));
    polyline(out, line, "stroke=\"#a9b4c0\" stroke-width=\"1\"");
    for (index, period) in report.periods.iter().enumerate() {
        let (x, y) = (scale.at(period.time), scale.y(period.value));
        let broken = report.unusual.iter().any(|u| u.index == index);
        let color = if broken { "#e8590c" } else { "#334155" };
        let radius = if broken { 4.0 } else { 2.8 };
        let _ = writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{color}\"/>");
        if period.value > scale.high || period.value < scale.low {
            let words = format!("{} ↑", short_number(period.value));
            text(out, x + 8.0, y + 10.0, "fill=\"#e8590c\" font-size=\"11\"", &words);
        }
    }
}

fn legend(report: &TrendReport, out: &mut String) {
    let expected = match report.shape {
        Shape::Line => "trend, with the interval of its slope",
        Shape::Steps => "level",
        _ => "mean",
    };
    let mut entries = vec![("#334155", "value"), ("#2f6fde", expected), ("#cfd8e3", "ordinary range")];
    if !report.unusual.is_empty() {
        entries.push(("#e8590c", "unusual"));
    }
    if !report.changes.is_empty() {
        entries.push(("#7a5c00", "change of level"));
    }
    if report.forecast.is_some() {
        entries.push(("#8a4fd0", "forecast"));
    }
    let mut x = LEFT;
    for (color, words) in entries {
        let y = BOTTOM + 48.0;
        let _ = writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"12\" height=\"12\" rx=\"2\" fill=\"{color}\"/>",
            y - 10.0
        );
        text(out, x + 18.0, y, "fill=\"#334155\"", words);
        x += 40.0 + 7.0 * words.chars().count() as f64;
    }
}
