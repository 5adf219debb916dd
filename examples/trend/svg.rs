//! The report as a picture.

use devops_core::Timestamp;
use devops_examples::{AxisStyle, Frame, Scale, Svg, wrapped};
use devops_metrics::trend::{Shape, TrendReport, short_number};

const FRAME: Frame = Frame { left: 76.0, right: 956.0, top: 148.0, bottom: 520.0 };
const DAY: f64 = 86_400_000.0;

/// Places of times and values on the page.
struct Places {
    time: Scale,
    value: Scale,
}

impl Places {
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
        let low = if low == 0.0 { 0.0 } else { low - spare };
        Self {
            time: Scale::new((from, to.max(from + DAY)), (FRAME.left + 10.0, FRAME.right - 10.0)),
            value: Scale::new((low, high + spare), (FRAME.bottom, FRAME.top)),
        }
    }

    fn at(&self, time: Timestamp) -> f64 {
        self.time.at_time(time)
    }

    fn y(&self, value: f64) -> f64 {
        self.value.at(value)
    }
}

/// The whole picture.
pub(crate) fn draw(report: &TrendReport) -> String {
    let mut svg = Svg::new(980.0, 600.0);
    heading(report, &mut svg);
    if !report.periods.is_empty() {
        let scale = Places::of(report);
        FRAME.value_axis(&mut svg, &scale.value, report.unit.symbol(), &AxisStyle::FILE, short_number);
        FRAME.time_axis(&mut svg, &scale.time, &AxisStyle::FILE);
        band(report, &scale, &mut svg);
        fan(report, &scale, &mut svg);
        target(report, &scale, &mut svg);
        changes(report, &scale, &mut svg);
        points(report, &scale, &mut svg);
        legend(report, &mut svg);
    }
    svg.into_file()
}

fn heading(report: &TrendReport, svg: &mut Svg) {
    let said = report.to_string();
    for (line, y) in wrapped(&said, 108).iter().take(2).zip([34.0, 54.0]) {
        svg.text(24.0, y, "font-size=\"14\" font-weight=\"bold\" fill=\"#1a2433\"", line);
    }
    if let Some(line) = report.evidence().iter().find(|l| l.starts_with("Target")) {
        svg.text(24.0, 76.0, "fill=\"#5a6675\"", line);
    }
}

/// Limits of ordinary values, the expected level, and around a line the band of its slope.
fn band(report: &TrendReport, scale: &Places, svg: &mut Svg) {
    let cuts: Vec<usize> = report.changes.iter().map(|c| c.index).chain([report.periods.len()]).collect();
    let mut start = 0;
    for end in cuts {
        let part = report.periods.get(start..end).unwrap_or_default();
        let upper = part.iter().map(|p| (scale.at(p.time), scale.y(p.upper)));
        let lower = part.iter().rev().map(|p| (scale.at(p.time), scale.y(p.lower)));
        svg.polygon(upper.chain(lower), "fill=\"#eef2f7\"");
        start = end;
    }
    if let (Shape::Line, Some(interval)) = (report.shape, report.effect.and_then(|e| e.interval)) {
        let middle = report.periods.len() / 2;
        if let Some(pivot) = report.periods.get(middle) {
            let per = |i: usize, slope: f64| pivot.expected + (i as f64 - middle as f64) * slope;
            let place = |i: usize, v: f64| {
                (report.periods.get(i).map_or(FRAME.left, |p| scale.at(p.time)), scale.y(v))
            };
            let n = report.periods.len();
            let forth = (0..n).map(|i| place(i, per(i, interval.low)));
            let back = (0..n).rev().map(|i| place(i, per(i, interval.high)));
            svg.polygon(forth.chain(back), "fill=\"#2f6fde\" fill-opacity=\"0.16\"");
        }
    }
    let mut start = 0;
    for end in report.changes.iter().map(|c| c.index).chain([report.periods.len()]) {
        let part = report.periods.get(start..end).unwrap_or_default();
        let line = part.iter().map(|p| (scale.at(p.time), scale.y(p.expected)));
        svg.polyline(line, "stroke=\"#2f6fde\" stroke-width=\"2.5\"");
        start = end;
    }
}

fn fan(report: &TrendReport, scale: &Places, svg: &mut Svg) {
    let (Some(forecast), Some(last)) = (&report.forecast, report.periods.last()) else { return };
    let steps: Vec<(f64, f64, f64, f64)> =
        forecast.periods.iter().filter_map(|p| Some((scale.at(p.time?), p.mean, p.low, p.high))).collect();
    let start = (scale.at(last.time), scale.y(last.value));
    let upper = steps.iter().map(|s| (s.0, scale.y(s.3)));
    let lower = steps.iter().rev().map(|s| (s.0, scale.y(s.2)));
    svg.polygon(std::iter::once(start).chain(upper).chain(lower), "fill=\"#8a4fd0\" fill-opacity=\"0.15\"");
    let mean = steps.iter().map(|s| (s.0, scale.y(s.1)));
    svg.polyline(
        std::iter::once(start).chain(mean),
        "stroke=\"#8a4fd0\" stroke-width=\"2\" stroke-dasharray=\"5 4\"",
    );
}

fn target(report: &TrendReport, scale: &Places, svg: &mut Svg) {
    let Some(target) = &report.target else { return };
    let y = scale.y(target.value);
    let style = "stroke=\"#1f8f4d\" stroke-width=\"1.5\" stroke-dasharray=\"8 4\"";
    svg.line((FRAME.left, y), (FRAME.right, y), style);
    let words = format!("target {}", short_number(target.value));
    svg.text(FRAME.left + 14.0, y - 6.0, "fill=\"#1f8f4d\" font-weight=\"bold\"", &words);
}

/// A line at every change, labelled above the plot, in rows where labels would meet.
fn changes(report: &TrendReport, scale: &Places, svg: &mut Svg) {
    let mut rows = [f64::MIN; 3];
    for change in &report.changes {
        let x = scale.at(change.time);
        let day = change.time.to_string();
        let words = format!(
            "{}: median {} → {}",
            day.get(..10).unwrap_or(&day),
            short_number(change.before),
            short_number(change.after)
        );
        let half = 3.4 * words.chars().count() as f64;
        let middle = x.clamp(FRAME.left + half, FRAME.right - half);
        let row = rows.iter().position(|end| middle - half > end + 8.0);
        let top = row.map_or(FRAME.top - 6.0, |r| FRAME.top - 10.0 - 16.0 * r as f64);
        svg.line((x, top + 3.0), (x, FRAME.bottom), "stroke=\"#7a5c00\" stroke-dasharray=\"3 3\"");
        if let Some(end) = row.and_then(|r| rows.get_mut(r)) {
            *end = middle + half;
            svg.text(middle, top, "text-anchor=\"middle\" font-size=\"11\" fill=\"#7a5c00\"", &words);
        }
    }
}

fn points(report: &TrendReport, scale: &Places, svg: &mut Svg) {
    let line = report.periods.iter().map(|p| (scale.at(p.time), scale.y(p.value)));
    svg.polyline(line, "stroke=\"#a9b4c0\" stroke-width=\"1\"");
    for (index, period) in report.periods.iter().enumerate() {
        let (x, y) = (scale.at(period.time), scale.y(period.value));
        let broken = report.unusual.iter().any(|u| u.index == index);
        let color = if broken { "#e8590c" } else { "#334155" };
        let radius = if broken { 4.0 } else { 2.8 };
        svg.circle((x, y), radius, &format!("fill=\"{color}\""));
        if period.value > scale.value.high() || period.value < scale.value.low() {
            let words = format!("{} ↑", short_number(period.value));
            svg.text(x + 8.0, y + 10.0, "fill=\"#e8590c\" font-size=\"11\"", &words);
        }
    }
}

fn legend(report: &TrendReport, svg: &mut Svg) {
    let expected = match report.shape {
        Shape::Line => "trend, with the interval of its slope",
        Shape::Steps => "mean of the level",
        _ => "mean",
    };
    let mut entries = vec![
        ("fill=\"#334155\"", "value"),
        ("fill=\"#2f6fde\"", expected),
        ("fill=\"#cfd8e3\"", "ordinary range"),
    ];
    if !report.unusual.is_empty() {
        entries.push(("fill=\"#e8590c\"", "unusual"));
    }
    if !report.changes.is_empty() {
        entries.push(("fill=\"#7a5c00\"", "change of level"));
    }
    if report.forecast.is_some() {
        entries.push(("fill=\"#8a4fd0\"", "forecast"));
    }
    FRAME.legend(svg, FRAME.bottom + 48.0, &entries, "fill=\"#334155\"");
}
