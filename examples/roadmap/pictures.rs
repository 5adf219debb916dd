//! Pictures of a plan in a page: how sure the end is, how scores rise, who is needed when.

use devops_examples::{AxisStyle, Frame, Scale, Svg};
use devops_maturity::roadmap::{Gap, Roadmap};

/// The share of the runs that are done by a week.
pub(crate) fn chances(roadmap: &Roadmap) -> String {
    const FRAME: Frame = Frame { left: 64.0, right: 1000.0, top: 30.0, bottom: 230.0 };
    let s = &roadmap.simulation;
    let mut svg = Svg::new(1040.0, 268.0);
    let (Some(first), Some(last)) = (s.percentiles.first(), s.percentiles.last()) else {
        return svg.into_inline("nothing to show");
    };
    let weeks = Scale::new((first.floor(), last.ceil()), (FRAME.left, FRAME.right));
    let share = Scale::new((0.0, 100.0), (FRAME.bottom, FRAME.top));
    FRAME.value_axis(&mut svg, &share, "", &AxisStyle::PAGE, |v| format!("{v} %"));
    let labels: Vec<(f64, String)> =
        weeks.ticks(12).into_iter().map(|w| (weeks.at(w), format!("week {w}"))).collect();
    FRAME.label_axis(&mut svg, &labels, &AxisStyle::PAGE);
    let steps = s.percentiles.len().saturating_sub(1).max(1) as f64;
    let known = s.percentiles.iter().enumerate();
    let known = known.map(|(k, week)| (weeks.at(*week), share.at(100.0 * k as f64 / steps)));
    let ends = ((FRAME.left, FRAME.bottom), (FRAME.right, FRAME.top));
    let curve: Vec<(f64, f64)> = [ends.0].into_iter().chain(known).chain([ends.1]).collect();
    svg.polygon(curve.iter().copied().chain([(FRAME.right, FRAME.bottom)]), "class=\"band\"");
    svg.polyline(curve, "class=\"line\"");
    for (name, quantile) in [("P50", s.p50), ("P80", s.p80), ("P95", s.p95)] {
        let (x, y) = (weeks.at(quantile.value), share.at(100.0 * quantile.probability));
        svg.line((x, y), (x, FRAME.bottom), "class=\"stroke-warn dashed\"");
        svg.circle((x, y), 4.0, "class=\"fill-main\"");
        svg.text(x + 8.0, y + 14.0, "", &format!("{name}: week {:.1}", quantile.value));
    }
    for chance in s.chances.iter().filter(|c| (weeks.low()..=weeks.high()).contains(&c.date)) {
        let (x, y) = (weeks.at(chance.date), share.at(100.0 * chance.probability));
        svg.line((x, FRAME.top - 4.0), (x, FRAME.bottom), "class=\"stroke-bad\"");
        let words = format!("week {}: {:.0} %", chance.date, 100.0 * chance.probability);
        svg.text(x - 6.0, y.max(FRAME.top + 10.0) - 6.0, "class=\"bad\" text-anchor=\"end\"", &words);
    }
    svg.into_inline("The share of the runs that are done by each week")
}

/// The expected score of the whole and of each dimension, week by week, and its target.
pub(crate) fn scores(roadmap: &Roadmap, scale: f64) -> String {
    let gaps: Vec<(Option<usize>, &Gap)> = [(None, &roadmap.gaps.overall)]
        .into_iter()
        .chain(roadmap.gaps.dimensions.iter().enumerate().map(|(place, gap)| (Some(place), gap)))
        .collect();
    let columns = 3;
    let lines = gaps.len().div_ceil(columns);
    let mut svg = Svg::new(1040.0, 150.0 * lines as f64);
    let end = roadmap.schedule.makespan.max(1.0);
    for (index, (place, gap)) in gaps.into_iter().enumerate() {
        let (x, y) = (345.0 * (index % columns) as f64, 150.0 * (index / columns) as f64);
        let frame = Frame { left: x + 34.0, right: x + 320.0, top: y + 30.0, bottom: y + 120.0 };
        panel(&mut svg, roadmap, place, gap, &frame, scale, end);
    }
    svg.into_inline("Expected scores, week by week")
}

fn panel(
    svg: &mut Svg,
    roadmap: &Roadmap,
    place: Option<usize>,
    gap: &Gap,
    frame: &Frame,
    scale: f64,
    end: f64,
) {
    let weeks = Scale::new((0.0, end), (frame.left, frame.right));
    let points = Scale::new((0.0, scale), (frame.bottom, frame.top));
    svg.text(frame.left, frame.top - 10.0, "class=\"strong\"", &gap.title);
    for value in [0.0, scale / 2.0, scale] {
        svg.line((frame.left, points.at(value)), (frame.right, points.at(value)), "class=\"grid\"");
        svg.text(
            frame.left - 6.0,
            points.at(value) + 4.0,
            "class=\"muted\" text-anchor=\"end\"",
            &value.to_string(),
        );
    }
    if let Some(target) = gap.target {
        let y = points.at(target);
        svg.line((frame.left, y), (frame.right, y), "class=\"stroke-good dashed\"");
    }
    let mut line: Vec<(f64, f64)> = Vec::new();
    for step in &roadmap.trajectory {
        let score = match place {
            None => step.overall,
            Some(place) => step.dimensions.get(place).copied().flatten(),
        };
        let Some(score) = score else { continue };
        let (x, y) = (weeks.at(step.week), points.at(score));
        line.extend(line.last().map(|(_, before)| (x, *before)));
        line.push((x, y));
    }
    svg.polyline(line.iter().copied(), "class=\"line\"");
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return };
    svg.circle(*first, 3.0, "class=\"fill-main\"");
    svg.circle(*last, 3.0, "class=\"fill-main\"");
    let score = |place: Option<usize>| {
        let last = roadmap.trajectory.last()?;
        place.map_or(last.overall, |place| last.dimensions.get(place).copied().flatten())
    };
    let words = format!("{} → {}", crate::text::points(gap.current), crate::text::points(score(place)));
    svg.text(frame.right, frame.top - 10.0, "class=\"muted\" text-anchor=\"end\"", &words);
    svg.text(frame.left, frame.bottom + 16.0, "class=\"muted\"", "week 0");
    svg.text(frame.right, frame.bottom + 16.0, "class=\"muted\" text-anchor=\"end\"", &format!("{end:.0}"));
}

/// How busy the people of each role are, period by period.
pub(crate) fn people(roadmap: &Roadmap) -> String {
    const LEFT: f64 = 310.0;
    const ROW: f64 = 30.0;
    let periods = roadmap.roles.iter().map(|r| r.periods.len()).max().unwrap_or(0);
    let mut svg = Svg::new(1040.0, 30.0 + ROW * roadmap.roles.len() as f64);
    let width = ((1000.0 - LEFT) / periods.max(1) as f64).min(110.0);
    let every = (44.0 / width).ceil().max(1.0) as usize;
    for (row, role) in roadmap.roles.iter().enumerate() {
        let y = 26.0 + ROW * row as f64;
        let people = if role.capacity > 1.0 { "people" } else { "person" };
        svg.text(0.0, y + 18.0, "", &format!("{}, {} {people}", role.title, role.capacity));
        for (column, period) in role.periods.iter().enumerate() {
            let x = LEFT + width * column as f64;
            if row == 0 && column % every == 0 {
                svg.text(x, 14.0, "class=\"muted\"", &format!("{:.0}–{:.0}", period.from, period.to));
            }
            let share = period.people_weeks / (role.capacity * (period.to - period.from)).max(1e-9);
            let class = if share > 0.9 { "fill-bad" } else { "fill-main" };
            let words = format!(
                "{}, week {:.0} to {:.0}: {:.1} people-weeks, {:.0} % busy",
                role.title,
                period.from,
                period.to,
                period.people_weeks,
                100.0 * share
            );
            svg.told(&words, |svg| {
                let opacity = 0.08 + 0.72 * share.min(1.0);
                let style = format!("class=\"{class}\" fill-opacity=\"{opacity:.2}\" rx=\"2\"");
                svg.rect((x, y), width - 2.0, ROW - 4.0, &style);
                if width >= 34.0 && share > 0.0 {
                    let style = "text-anchor=\"middle\"";
                    svg.text(x + width / 2.0 - 1.0, y + 17.0, style, &format!("{:.0} %", 100.0 * share));
                }
            });
        }
    }
    svg.into_inline("How busy people are, by role and period")
}
