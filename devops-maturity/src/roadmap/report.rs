//! A plan as a report.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::markdown_cell as cell;

use super::export::day;
use super::gap::Gap;
use super::result::Roadmap;

impl Roadmap {
    /// The report: gaps, initiatives, dates with their certainty, people, metrics, risks and phases.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = format!("# Roadmap of {}\n\n{}.\n", cell(&self.team), cell(&format!("{self}")));
        self.gap_table(&mut text);
        if !self.initiatives.is_empty() {
            self.initiative_table(&mut text);
            self.certainty(&mut text);
            self.role_table(&mut text);
            self.metric_table(&mut text);
            self.phase_list(&mut text);
        }
        self.risk_table(&mut text);
        if !self.left_out.is_empty() {
            text.push_str("\n## Left out\n\n");
            for entry in &self.left_out {
                text.push_str(&format!("- {}\n", cell(&format!("{entry}"))));
            }
        }
        text
    }

    fn gap_table(&self, text: &mut String) {
        text.push_str(
            "\n## Gaps\n\n| dimension | now | target | gap | known |\n| --- | ---: | ---: | ---: | ---: |\n",
        );
        let number = |value: Option<f64>| value.map_or("–".into(), |v| format!("{v:.1}"));
        let row = |gap: &Gap| {
            format!(
                "| {} | {} | {} | {:.1} | {:.0} % |\n",
                cell(&gap.title),
                number(gap.current),
                number(gap.target),
                gap.gap,
                100.0 * gap.confidence.get()
            )
        };
        self.gaps.dimensions.iter().for_each(|gap| text.push_str(&row(gap)));
        text.push_str(&row(&self.gaps.overall));
    }

    fn initiative_table(&self, text: &mut String) {
        text.push_str(
            "\n## Initiatives\n\n| initiative | dimension | from | to | people-weeks | critical |\n",
        );
        text.push_str("| --- | --- | --- | --- | ---: | ---: |\n");
        for i in &self.initiatives {
            let date = |at: Option<devops_core::Timestamp>| at.map_or("–".into(), day);
            text.push_str(&format!(
                "| {} | {} | {} | {} | {:.1} | {:.0} % |\n",
                cell(&i.title),
                cell(&i.dimension),
                date(i.starts_at),
                date(i.ends_at),
                i.effort,
                100.0 * i.criticality
            ));
        }
    }

    fn certainty(&self, text: &mut String) {
        let s = &self.simulation;
        text.push_str(&format!("\n{}\n", self.effort_summary()));
        text.push_str("\n## How sure is the date?\n\n");
        if s.fixed {
            text.push_str("All durations are fixed: that says nothing of risk.\n");
            return;
        }
        text.push_str(&format!(
            "In {} runs (seed {}) half end by week {:.1}, eight of ten by week {:.1}, 95 of 100 by week {:.1}. ",
            s.runs, s.seed, s.p50.value, s.p80.value, s.p95.value
        ));
        let bound = &self.schedule.bounds;
        text.push_str(&format!(
            "At mean durations the plan ends in week {:.1}; no plan within these people ends before week {:.1}.\n",
            self.schedule.makespan, bound.best
        ));
        for chance in &s.chances {
            text.push_str(&format!(
                "The chance of week {} is {:.0} % (standard error {:.1}).\n",
                chance.date,
                100.0 * chance.probability,
                100.0 * chance.standard_error
            ));
        }
    }

    fn role_table(&self, text: &mut String) {
        let periods = self.roles.iter().map(|r| r.periods.len()).max().unwrap_or(0);
        text.push_str("\n## People\n\nPeople-weeks by period.\n\n| role | people | peak | total | busy |");
        let mut line = String::from("\n| --- | ---: | ---: | ---: | ---: |");
        let first = self.roles.first().map_or(&[][..], |r| r.periods.as_slice());
        for period in first {
            text.push_str(&format!(" {:.0}–{:.0} |", period.from, period.to));
        }
        (0..periods).for_each(|_| line.push_str(" ---: |"));
        text.push_str(&line);
        text.push('\n');
        for role in &self.roles {
            text.push_str(&format!(
                "| {} | {} | {:.1} | {:.1} | {:.0} % |",
                cell(&role.title),
                role.capacity,
                role.peak,
                role.people_weeks,
                role.utilisation_percent
            ));
            role.periods.iter().for_each(|p| text.push_str(&format!(" {:.1} |", p.people_weeks)));
            text.push('\n');
        }
    }

    fn metric_table(&self, text: &mut String) {
        text.push_str("\n## What to measure\n\n| item | credit now | expected | value | by week |\n");
        text.push_str("| --- | ---: | ---: | ---: | ---: |\n");
        for metric in &self.metrics {
            let value = metric.value_expected.map_or("–".into(), |v| {
                let shown = format!("{v:.2}");
                let shown = shown.trim_end_matches('0').trim_end_matches('.');
                format!("{shown} {}", metric.unit.map_or("", devops_core::Unit::symbol))
            });
            text.push_str(&format!(
                "| {} | {:.0} % | {:.0} % | {} | {:.1} |\n",
                cell(&metric.title),
                100.0 * metric.credit_now,
                100.0 * metric.credit_expected,
                value.trim_end(),
                metric.by_week
            ));
        }
    }

    fn phase_list(&self, text: &mut String) {
        let used: Vec<_> = self.phases.iter().filter(|p| !p.initiatives.is_empty()).collect();
        if used.is_empty() {
            return;
        }
        text.push_str("\n## Phases\n\n");
        for phase in used {
            let (start, finish) = (phase.start.unwrap_or(0.0), phase.finish.unwrap_or(0.0));
            text.push_str(&format!(
                "- **{}**, week {start:.1} to {finish:.1}. Done when:\n",
                cell(&phase.state.title)
            ));
            for check in &phase.state.criteria {
                text.push_str(&format!(
                    "  - {} ({})\n",
                    cell(&format!("{}", check.criterion)),
                    cell(&format!("{}", check.state))
                ));
            }
        }
    }

    fn risk_table(&self, text: &mut String) {
        text.push_str("\n## Risks\n\n");
        if self.risks.is_empty() {
            text.push_str("None of the rules speaks up.\n");
            return;
        }
        text.push_str(
            "| risk | likelihood | impact | seen by | what helps |\n| --- | --- | --- | --- | --- |\n",
        );
        for risk in &self.risks {
            text.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                cell(&risk.title),
                risk.likelihood,
                risk.impact,
                cell(&risk.evidence.join("; ")),
                cell(&risk.mitigation)
            ));
        }
    }
}
