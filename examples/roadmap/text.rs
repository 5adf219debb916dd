//! The plan for a terminal.

use devops_examples::{aligned, wrapped};
use devops_maturity::roadmap::{Gap, PeriodLoad, Roadmap};

/// Characters of the chart.
const WIDTH: usize = 50;
/// The share of runs from which on an initiative is called critical.
pub(crate) const CRITICAL: f64 = 0.5;

pub(crate) fn report(roadmap: &Roadmap) -> String {
    let mut text = format!("{roadmap}\n\nHow far it is\n{}", indented(&aligned(&gaps(roadmap))));
    if !roadmap.initiatives.is_empty() {
        text += &format!("\nWhat it costs\n  {}\n", roadmap.effort_summary());
        text += &format!("\nHow sure the date is\n{}", indented(&certainty(roadmap).join("\n")));
        text += &format!("\nWhat is done when\n{}", chart(roadmap));
        text += &format!("\nWho is needed, by periods of {} weeks\n", roadmap.request.period_weeks);
        text += &indented(&aligned(&people(roadmap)));
        text += &format!("\nWhat to measure\n{}", indented(&aligned(&metrics(roadmap))));
    }
    text += "\nRisks\n";
    text += if roadmap.risks.is_empty() { "  None of the rules speaks up.\n" } else { "" };
    for risk in &roadmap.risks {
        text += &format!("  {} (likelihood {}, impact {})\n", risk.title, risk.likelihood, risk.impact);
        for line in risk.evidence.iter().flat_map(|e| wrapped(e, 108)) {
            text += &format!("    {line}\n");
        }
        text += &format!("    → {}\n", wrapped(&risk.mitigation, 106).join("\n      "));
    }
    if !roadmap.left_out.is_empty() {
        text += "\nLeft out\n";
        for entry in &roadmap.left_out {
            text += &format!("  {entry}\n");
        }
    }
    text
}

pub(crate) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|c| (*c).to_string()).collect()
}

pub(crate) fn points(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), |v| format!("{v:.1}"))
}

pub(crate) fn gaps(roadmap: &Roadmap) -> Vec<Vec<String>> {
    let end = roadmap.trajectory.last();
    let line = |gap: &Gap, end: Option<f64>| {
        let known = format!("{:.0} %", 100.0 * gap.confidence.get());
        vec![
            gap.title.clone(),
            points(gap.current),
            points(gap.target),
            format!("{:.1}", gap.gap),
            points(end),
            known,
        ]
    };
    let mut rows = vec![row(&["", "now", "target", "gap", "at the end", "known"])];
    for (place, gap) in roadmap.gaps.dimensions.iter().enumerate() {
        rows.push(line(gap, end.and_then(|p| p.dimensions.get(place).copied().flatten())));
    }
    rows.push(line(&roadmap.gaps.overall, end.and_then(|p| p.overall)));
    rows
}

/// What the dates rest on, line by line.
pub(crate) fn certainty(roadmap: &Roadmap) -> Vec<String> {
    let s = &roadmap.simulation;
    let (planned, bound) = (roadmap.schedule.makespan, roadmap.schedule.bounds.best);
    let at_mean = format!(
        "At mean durations the plan ends in week {planned:.1}; with these people nothing ends before week {bound:.1}."
    );
    if s.fixed {
        return vec![at_mean, "All durations are fixed: that says nothing of risk.".into()];
    }
    let interval = |q: &devops_maturity::uncertainty::QuantileEstimate| match (q.low, q.high) {
        (Some(low), Some(high)) => format!(" [{low:.1} to {high:.1}]"),
        _ => String::new(),
    };
    let mut lines = vec![
        format!(
            "P50 week {:.1}{}, P80 week {:.1}{}, P95 week {:.1}{}.",
            s.p50.value,
            interval(&s.p50),
            s.p80.value,
            interval(&s.p80),
            s.p95.value,
            interval(&s.p95)
        ),
        format!(
            "{} runs, seed {}; mean week {:.2}, standard error {:.2}. {at_mean}",
            s.runs, s.seed, s.mean, s.mean_standard_error
        ),
    ];
    lines.extend(s.chances.iter().map(|c| {
        let (chance, error) = (100.0 * c.probability, 100.0 * c.standard_error);
        format!("Done by week {}: {chance:.1} % of the runs, standard error {error:.1}.", c.date)
    }));
    let critical: Vec<String> = roadmap
        .critical(CRITICAL)
        .iter()
        .map(|i| format!("{} ({:.0} %)", i.title, 100.0 * i.criticality))
        .collect();
    if !critical.is_empty() {
        lines.push(format!("A delay of these delays the end: {}.", critical.join(", ")));
    }
    lines.into_iter().flat_map(|line| wrapped(&line, 112)).collect()
}

/// Bars of text: the planned time, and behind it what eight of ten runs need more.
fn chart(roadmap: &Roadmap) -> String {
    let rows = roadmap.chart_rows();
    let end = rows.iter().filter_map(|r| r.finish_p80).fold(roadmap.schedule.makespan, f64::max);
    let place = |week: f64| ((week / end * WIDTH as f64).round() as usize).min(WIDTH);
    let names = rows.iter().map(|r| r.label.chars().count()).max().unwrap_or(0).min(44);
    let mut text = format!("  {:names$}     {}\n", "", scale(end, place));
    let mut group = "";
    for row in &rows {
        if row.group != group {
            text += &format!("  {}\n", row.group);
            group = &row.group;
        }
        let label: String = row.label.chars().take(names).collect();
        let (start, finish) = (place(row.start), place(row.finish).max(place(row.start) + 1));
        let late = row.finish_p80.map_or(finish, place).max(finish);
        let mark = if row.criticality >= CRITICAL { '!' } else { ' ' };
        let bar = ["█".repeat(finish - start), "░".repeat(late - finish)].concat();
        text += &format!("  {label:<names$}  {mark}  {}{bar}\n", " ".repeat(start));
    }
    text + "  (█ planned, ░ until it is done in eight of ten runs, ! a delay delays the end in half of the runs)\n"
}

/// Weeks above the bars.
fn scale(end: f64, place: impl Fn(f64) -> usize) -> String {
    let step = devops_examples::round_step(end, 6.0).max(1.0);
    let mut line = String::new();
    for week in (0..).map(|k| f64::from(k) * step).take_while(|week| *week < end) {
        let label = if week == 0.0 { "week 0".to_string() } else { format!("{week}") };
        if line.chars().count() <= place(week) {
            line += &" ".repeat(place(week) - line.chars().count());
            line += &label;
        }
    }
    line
}

fn people(roadmap: &Roadmap) -> Vec<Vec<String>> {
    let mut rows = vec![row(&["", "people", "peak", "people-weeks", "busy", "by period"])];
    for role in &roadmap.roles {
        let bar = |p: &PeriodLoad| {
            let share = p.people_weeks / (role.capacity * (p.to - p.from)).max(1e-9);
            [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][((share * 8.0).ceil() as usize).min(8)]
        };
        rows.push(vec![
            role.title.clone(),
            role.capacity.to_string(),
            role.peak.to_string(),
            format!("{:.1}", role.people_weeks),
            format!("{:.0} %", role.utilisation_percent),
            role.periods.iter().map(bar).collect(),
        ]);
    }
    rows
}

pub(crate) fn metrics(roadmap: &Roadmap) -> Vec<Vec<String>> {
    let mut rows = vec![row(&["", "credit now", "expected", "at a value of", "by week"])];
    for metric in &roadmap.metrics {
        let value = metric.value_expected.map_or_else(
            || "–".into(),
            |value| {
                let shown = format!("{value:.2}");
                let shown = shown.trim_end_matches('0').trim_end_matches('.');
                format!("{shown} {}", metric.unit.map_or("", |u| u.symbol())).trim_end().to_string()
            },
        );
        rows.push(vec![
            metric.title.clone(),
            format!("{:.0} %", 100.0 * metric.credit_now),
            format!("{:.0} %", 100.0 * metric.credit_expected),
            value,
            format!("{:.1}", metric.by_week),
        ]);
    }
    rows
}
