//! The plan as a Gantt chart.

use devops_core::Timestamp;
use devops_examples::{Scale, Svg, round_step, wrapped};
use devops_maturity::roadmap::{ChartRow, Roadmap};

use crate::text::CRITICAL;

const LEFT: f64 = 316.0;
const RIGHT: f64 = 1000.0;
const ROW: f64 = 23.0;

/// What stands in the elements: colours in a file of its own, classes in a page.
struct Style {
    text: &'static str,
    strong: &'static str,
    muted: &'static str,
    grid: &'static str,
    link: &'static str,
    bar: &'static str,
    critical: &'static str,
    tail: &'static str,
    end: &'static str,
}

const FILE: Style = Style {
    text: "fill=\"#1a2433\"",
    strong: "fill=\"#1a2433\" font-weight=\"bold\"",
    muted: "fill=\"#5a6675\"",
    grid: "stroke=\"#e8ecf1\"",
    link: "stroke=\"#b6c0cc\"",
    bar: "fill=\"#2f6fde\"",
    critical: "fill=\"#c2410c\"",
    tail: "fill=\"#2f6fde\" fill-opacity=\".22\"",
    end: "stroke=\"#8a6100\" stroke-dasharray=\"4 4\"",
};

const PAGE: Style = Style {
    text: "",
    strong: "class=\"strong\"",
    muted: "class=\"muted\"",
    grid: "class=\"grid\"",
    link: "class=\"thin\" opacity=\".55\"",
    bar: "class=\"fill-main\"",
    critical: "class=\"fill-bad\"",
    tail: "class=\"band\"",
    end: "class=\"stroke-warn dashed\"",
};

/// A picture in a file of its own.
pub(crate) fn file(roadmap: &Roadmap) -> String {
    let said = wrapped(&roadmap.to_string(), 120);
    let top = 34.0 + 20.0 * said.len() as f64;
    let mut svg = Svg::new(1040.0, top + height(roadmap) + 16.0);
    for (line, words) in said.iter().enumerate() {
        svg.text(24.0, 32.0 + 20.0 * line as f64, &format!("font-size=\"15\" {}", FILE.strong), words);
    }
    draw(&mut svg, roadmap, &FILE, top);
    svg.into_file()
}

/// A part of a page.
pub(crate) fn inline(roadmap: &Roadmap) -> String {
    let mut svg = Svg::new(1040.0, height(roadmap));
    draw(&mut svg, roadmap, &PAGE, 0.0);
    svg.into_inline(&format!("Gantt chart. {roadmap}"))
}

fn groups(rows: &[ChartRow]) -> usize {
    let mut names: Vec<&str> = rows.iter().map(|r| r.group.as_str()).collect();
    names.dedup();
    names.len()
}

fn height(roadmap: &Roadmap) -> f64 {
    let rows = roadmap.chart_rows();
    if rows.is_empty() { 20.0 } else { 116.0 + ROW * (rows.len() + groups(&rows)) as f64 }
}

fn draw(svg: &mut Svg, roadmap: &Roadmap, style: &Style, top: f64) {
    let rows = roadmap.chart_rows();
    if rows.is_empty() {
        return;
    }
    let s = &roadmap.simulation;
    let latest = rows.iter().filter_map(|r| r.finish_p80).fold(s.p95.value, f64::max);
    let weeks = Scale::new((0.0, latest.max(roadmap.schedule.makespan)), (LEFT, RIGHT));
    let (first, bottom) = (top + 60.0, top + 64.0 + ROW * (rows.len() + groups(&rows)) as f64);
    axes(svg, roadmap, style, &weeks, (first, bottom));
    let places = places(&rows, first);
    links(svg, &rows, &places, &weeks, style);
    let mut group = "";
    for (row, y) in rows.iter().zip(&places) {
        if row.group != group {
            svg.text(24.0, y - ROW + 4.0, style.strong, &row.group);
            group = &row.group;
        }
        bar(svg, row, *y, &weeks, style);
    }
    ends(svg, roadmap, style, &weeks, (first, bottom));
    legend(svg, style, bottom + 40.0);
}

/// The middle of each bar.
fn places(rows: &[ChartRow], first: f64) -> Vec<f64> {
    let mut places = Vec::new();
    let (mut y, mut group) = (first, "");
    for row in rows {
        if row.group != group {
            y += ROW;
            group = &row.group;
        }
        y += ROW;
        places.push(y - ROW / 2.0 + 2.0);
    }
    places
}

/// Weeks above, days below.
fn axes(svg: &mut Svg, roadmap: &Roadmap, style: &Style, weeks: &Scale, (first, bottom): (f64, f64)) {
    let middle = format!("text-anchor=\"middle\" {}", style.muted);
    svg.text(LEFT - 10.0, first - 6.0, &format!("text-anchor=\"end\" {}", style.muted), "week");
    let step = round_step(weeks.high(), 10.0).ceil();
    for week in (0..).map(|k| f64::from(k) * step).take_while(|week| *week <= weeks.high()) {
        let x = weeks.at(week);
        svg.line((x, first), (x, bottom), style.grid);
        svg.text(x, first - 6.0, &middle, &week.to_string());
    }
    let start = roadmap.request.start;
    let week = |week: f64| start.checked_add_millis((week * 7.0 * 86_400_000.0) as i64);
    if let Some(end) = week(weeks.high()) {
        let days = Scale::of_time(start, end, (LEFT, RIGHT));
        for (at, label) in days.time_ticks() {
            svg.line((days.at_time(at), bottom), (days.at_time(at), bottom + 4.0), style.link);
            svg.text(days.at_time(at), bottom + 18.0, &middle, &label);
        }
    }
    svg.line((LEFT, bottom), (RIGHT, bottom), style.link);
}

/// From the end of what comes before to the start of what waits for it.
fn links(svg: &mut Svg, rows: &[ChartRow], places: &[f64], weeks: &Scale, style: &Style) {
    for (row, y) in rows.iter().zip(places) {
        for before in &row.after {
            let Some((earlier, from)) = rows.iter().zip(places).find(|(r, _)| r.id == *before) else {
                continue;
            };
            let (x, target) = (weeks.at(earlier.finish), weeks.at(row.start));
            let turn = (x + 5.0).min(target.max(x));
            svg.polyline([(x, *from), (turn, *from), (turn, *y), (target, *y)], style.link);
        }
    }
}

fn bar(svg: &mut Svg, row: &ChartRow, y: f64, weeks: &Scale, style: &Style) {
    let short: String = if row.label.chars().count() > 44 {
        row.label.chars().take(43).chain(['…']).collect()
    } else {
        row.label.clone()
    };
    svg.text(36.0, y + 4.0, style.text, &short);
    let (start, finish) = (weeks.at(row.start), weeks.at(row.finish));
    let late = row.finish_p80.map_or(finish, |week| weeks.at(week)).max(finish);
    let critical = row.criticality >= CRITICAL;
    let words = format!(
        "{}: week {:.1} to {:.1}, done by week {:.1} in eight of ten runs; its delay delays the end in {:.0} % of the runs",
        row.label,
        row.start,
        row.finish,
        row.finish_p80.unwrap_or(row.finish),
        100.0 * row.criticality
    );
    svg.told(&words, |svg| {
        svg.rect((finish - 3.0, y - 4.0), late - finish + 3.0, 8.0, &format!("rx=\"2\" {}", style.tail));
        let fill = if critical { style.critical } else { style.bar };
        svg.rect((start, y - 7.0), (finish - start).max(2.0), 14.0, &format!("rx=\"3\" {fill}"));
    });
    if critical {
        let share = format!("{:.0} %", 100.0 * row.criticality);
        svg.text(late + 5.0, y + 4.0, &format!("font-size=\"10\" {}", style.muted), &share);
    }
}

/// Where half, eight of ten and 95 of 100 runs end.
fn ends(svg: &mut Svg, roadmap: &Roadmap, style: &Style, weeks: &Scale, (first, bottom): (f64, f64)) {
    let s = &roadmap.simulation;
    if s.fixed {
        return;
    }
    let end = format!("text-anchor=\"end\" font-size=\"11\" {}", style.muted);
    for (line, (name, quantile)) in [("P95", s.p95), ("P80", s.p80), ("P50", s.p50)].into_iter().enumerate() {
        let (x, y) = (weeks.at(quantile.value), first - 50.0 + 13.0 * line as f64);
        svg.line((x, y - 8.0), (x, bottom), style.end);
        let day = roadmap.request.start.checked_add_millis((quantile.value * 7.0 * 86_400_000.0) as i64);
        svg.text(
            x - 4.0,
            y,
            &end,
            &format!("{name} {:.1}{}", quantile.value, day.map_or_else(String::new, on)),
        );
    }
}

fn on(at: Timestamp) -> String {
    format!(", {}", at.to_string().chars().take(10).collect::<String>())
}

fn legend(svg: &mut Svg, style: &Style, y: f64) {
    let mut x = LEFT;
    for (square, words) in [
        (style.bar, "planned"),
        (style.critical, "critical in half of the runs or more"),
        (style.tail, "until done in eight of ten runs"),
    ] {
        svg.rect((x, y - 10.0), 12.0, 12.0, &format!("rx=\"2\" {square}"));
        svg.text(x + 18.0, y, style.muted, words);
        x += 44.0 + 6.6 * words.chars().count() as f64;
    }
}
