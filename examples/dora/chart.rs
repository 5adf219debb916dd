//! A metric by period: values with their intervals, the level or trend, and where it changed.

use devops_core::Timestamp;
use devops_examples::{AxisStyle, Frame, Scale, Svg};
use devops_metrics::calendar::Window;
use devops_metrics::query::{Cell, DeliveryMetric, MetricValue};
use devops_metrics::trend::{Direction, TrendReport, short_number};

use crate::look::Look;

const FRAME: Frame = Frame { left: 64.0, right: 990.0, top: 34.0, bottom: 276.0 };

struct Point<'a> {
    window: Window,
    label: &'a str,
    value: &'a MetricValue,
}

/// The picture, 1000 wide.
pub(crate) fn metric(
    cells: &[Cell],
    metric: DeliveryMetric,
    look: &Look,
    trend: Option<&TrendReport>,
) -> String {
    let mut svg = Svg::new(1000.0, 312.0);
    let points: Vec<Point<'_>> = cells
        .iter()
        .filter_map(|cell| {
            Some(Point { window: cell.window, label: &cell.period, value: cell.value(metric)? })
        })
        .collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return svg.into_inline("nothing to show");
    };
    let time = Scale::of_time(first.window.from(), last.window.to(), (FRAME.left, FRAME.right));
    let value = Scale::new((0.0, highest(&points, look)), (FRAME.bottom, FRAME.top));
    FRAME.value_axis(&mut svg, &value, look.symbol(), &AxisStyle::PAGE, short_number);
    let labels: Vec<(f64, String)> =
        points.iter().map(|p| (middle(&time, p.window), p.label.to_string())).collect();
    FRAME.label_axis(&mut svg, &labels, &AxisStyle::PAGE);
    bands(&mut svg, &points, look, &time, &value);
    if let Some(trend) = trend.filter(|trend| trend.direction != Direction::NotEnoughData) {
        levels(&mut svg, trend, &points, look, &time, &value);
    }
    line(&mut svg, &points, look, &time, &value);
    if points.iter().all(|point| point.value.value().is_none()) {
        let (x, y) = (f64::midpoint(FRAME.left, FRAME.right), f64::midpoint(FRAME.top, FRAME.bottom));
        svg.text(x, y, "class=\"muted\" text-anchor=\"middle\"", "no period has a number");
    }
    svg.into_inline(&format!("{metric} by period"))
}

/// Values and most of their upper limits; one huge limit must not flatten the rest.
fn highest(points: &[Point<'_>], look: &Look) -> f64 {
    let values = points.iter().filter_map(|p| p.value.value()).fold(0.0, f64::max);
    let mut limits: Vec<f64> = points.iter().filter_map(|p| p.value.limits?.high).collect();
    limits.sort_by(f64::total_cmp);
    let most = limits.get(limits.len() * 3 / 4).copied().unwrap_or(values);
    let shown = if values > 0.0 { most.min(3.0 * values) } else { most };
    let top = look.number(values.max(shown)) * 1.06;
    if top > 0.0 { top } else { 1.0 }
}

fn middle(time: &Scale, window: Window) -> f64 {
    (time.at_time(window.from()) + time.at_time(window.to())) / 2.0
}

/// A bar of the interval behind each value.
fn bands(svg: &mut Svg, points: &[Point<'_>], look: &Look, time: &Scale, value: &Scale) {
    for point in points {
        let known = point.value.limits.filter(|limits| limits.low.is_some() || limits.high.is_some());
        let Some(limits) = known else { continue };
        let (left, right) = (time.at_time(point.window.from()), time.at_time(point.window.to()));
        let low = value.at(look.number(limits.low.unwrap_or(0.0)));
        let high = limits.high.map_or(FRAME.top, |high| value.at(look.number(high)));
        let gap = ((right - left) * 0.12).min(4.0);
        svg.rect((left + gap, high), right - left - 2.0 * gap, (low - high).max(1.0), "class=\"band\"");
    }
}

/// What the trend expects of each period, and a line where the level changed.
fn levels(
    svg: &mut Svg,
    trend: &TrendReport,
    points: &[Point<'_>],
    look: &Look,
    time: &Scale,
    value: &Scale,
) {
    let place = |at: Timestamp| points.iter().find(|p| p.window.from() == at).map(|p| middle(time, p.window));
    // Shares are assessed from 0 to 1 and shown in percent, durations in the unit of the table.
    let factor = factor(trend, points);
    let mut start = 0;
    for end in trend.changes.iter().map(|change| change.index).chain([trend.periods.len()]) {
        let part = trend.periods.get(start..end).unwrap_or_default();
        let line =
            part.iter().filter_map(|p| Some((place(p.time)?, value.at(look.number(p.expected * factor)))));
        svg.polyline(
            line.collect::<Vec<_>>(),
            "class=\"stroke-other\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\"",
        );
        start = end;
    }
    let mut written = f64::NEG_INFINITY;
    for change in &trend.changes {
        let x = time.at_time(change.time);
        svg.line((x, FRAME.top - 8.0), (x, FRAME.bottom), "class=\"stroke-warn dashed\"");
        let words = format!("{} → {}", look.text(change.before * factor), look.text(change.after * factor));
        // Where changes lie close together, the marks alone are shown.
        let width = 7.0 * words.chars().count() as f64;
        if x - width / 2.0 < written {
            continue;
        }
        written = x + width / 2.0;
        let anchor = if x > 880.0 {
            "end"
        } else if x < 140.0 {
            "start"
        } else {
            "middle"
        };
        svg.text(x, FRAME.top - 13.0, &format!("class=\"warn\" text-anchor=\"{anchor}\""), &words);
    }
}

/// Ratio of the report's numbers to the trend's.
fn factor(trend: &TrendReport, points: &[Point<'_>]) -> f64 {
    let pairs = trend.periods.iter().filter_map(|period| {
        let point = points.iter().find(|p| p.window.from() == period.time)?;
        Some((period.value, point.value.value()?))
    });
    pairs.filter(|(a, b)| *a > 0.0 && *b > 0.0).map(|(a, b)| b / a).next().unwrap_or(1.0)
}

fn line(svg: &mut Svg, points: &[Point<'_>], look: &Look, time: &Scale, value: &Scale) {
    let mut run: Vec<(f64, f64)> = Vec::new();
    let mut dots = Vec::new();
    for point in points {
        let Some(number) = point.value.value() else {
            svg.polyline(std::mem::take(&mut run), "class=\"line\"");
            continue;
        };
        let place = (middle(time, point.window), value.at(look.number(number)));
        run.push(place);
        dots.push((place, point));
    }
    svg.polyline(run, "class=\"line\"");
    for (place, point) in dots {
        let words = format!("{}: {}", point.label, look.cell(point.value));
        let style = if point.value.small {
            "class=\"fill-paper stroke-main\" stroke-width=\"1.5\""
        } else {
            "class=\"fill-main\""
        };
        svg.told(&words, |svg| svg.circle(place, 3.6, style));
    }
}
