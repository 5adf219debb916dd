//! A plan as a Gantt chart: Mermaid text, and rows for any other chart.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::Timestamp;

use super::result::Roadmap;

/// A bar of a chart.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ChartRow {
    /// The phase that the initiative belongs to, else its dimension.
    pub group: String,
    /// The initiative.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// Where the bar begins, in weeks.
    pub start: f64,
    /// Where it ends, in weeks.
    pub finish: f64,
    /// Where it ends in eight of ten runs.
    pub finish_p80: Option<f64>,
    /// The share of the runs in which it delays the end.
    pub criticality: f64,
    /// The initiatives before it.
    pub after: Vec<String>,
}

impl Roadmap {
    /// A row for each initiative, by group and start.
    #[must_use]
    pub fn chart_rows(&self) -> Vec<ChartRow> {
        let mut rows: Vec<(String, &super::PlannedInitiative)> = Vec::new();
        for phase in &self.phases {
            for own in phase.initiatives.iter().filter_map(|id| self.initiative(id)) {
                // One of several phases stands in the first.
                if !rows.iter().any(|(_, known)| known.id == own.id) {
                    rows.push((phase.state.title.clone(), own));
                }
            }
        }
        let rest: Vec<_> =
            self.initiatives.iter().filter(|i| !rows.iter().any(|(_, r)| r.id == i.id)).collect();
        rows.extend(rest.into_iter().map(|i| (i.dimension.clone(), i)));
        let row = |(group, i): (String, &super::PlannedInitiative)| ChartRow {
            group,
            id: i.id.clone(),
            label: i.title.clone(),
            start: i.start,
            finish: i.finish,
            finish_p80: i.finish_p80,
            criticality: i.criticality,
            after: i.after.clone(),
        };
        rows.into_iter().map(row).collect()
    }

    /// The plan as a `gantt` diagram of Mermaid, with dates; initiatives that delay the end in half of the runs are
    /// marked critical.
    ///
    /// ```
    /// # use devops_maturity::roadmap::{PlanInput, RoadmapRequest, Target, plan};
    /// # use devops_maturity::{Answers, assess, initiative, models};
    /// # let (model, library) = (models::five_dimensions(), initiative::five_dimensions());
    /// # let now = "2026-11-25T00:00:00Z".parse()?;
    /// # let assessment = assess(&model, &Answers::new(&model, "checkout"), now)?;
    /// # let input = PlanInput::new(&model, &assessment, &library);
    /// # let request = RoadmapRequest::new(Target::new().with_dimension("feedback", 2.0), now)
    /// #     .with_people("developers", 2.0).with_people("coaching", 1.0).with_people("operations", 1.0);
    /// let mermaid = plan(&input, &request)?.to_mermaid();
    /// assert!(mermaid.starts_with("gantt\n    title Roadmap of checkout\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        let title = plain(&format!("Roadmap of {}", self.team));
        let mut text =
            format!("gantt\n    title {title}\n    dateFormat YYYY-MM-DD\n    axisFormat %Y-%m-%d\n");
        let mut group = String::new();
        for row in self.chart_rows() {
            if row.group != group {
                text.push_str(&format!("    section {}\n", plain(&row.group)));
                group.clone_from(&row.group);
            }
            let Some(planned) = self.initiative(&row.id) else { continue };
            let (Some(start), Some(end)) = (planned.starts_at, planned.ends_at) else { continue };
            let critical = if row.criticality >= 0.5 { "crit, " } else { "" };
            let id = row.id.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            text.push_str(&format!(
                "    {} :{critical}{id}, {}, {}\n",
                plain(&row.label),
                day(start),
                day(end)
            ));
        }
        text
    }
}

/// Without what ends a line or a field in Mermaid.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, ':' | ';' | '#' | ',') { ' ' } else { c }).collect()
}

/// The day of an instant.
pub(super) fn day(at: Timestamp) -> String {
    let text = at.to_string();
    text.split('T').next().unwrap_or_default().to_string()
}
