//! How work flows and how services fare in the period that is looked at closely.

use anyhow::Result;
use devops_core::{ServiceId, Unit};
use devops_metrics::calendar::Window;
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::Definition;
use devops_metrics::flow::{FlowQuery, Lasting, Operations, Share, Stage, Work};
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::Group;
use devops_metrics::trend::short_number;

use crate::analysis::Analysis;

/// The measures beside the five metrics.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Flow {
    work: Work,
    operations: Operations,
}

impl Flow {
    pub(crate) fn of(
        log: &DeliveryLog,
        dataset: &Dataset<'_>,
        group: &Group,
        window: Window,
    ) -> Result<Self> {
        let mut query = FlowQuery::new(window);
        if let Group::Service(name) = group {
            query = query.of_services([ServiceId::new(name)?]);
        }
        Ok(Self { work: Work::of(dataset, &query)?, operations: Operations::of(log, &query)? })
    }

    /// By what definition, where that is not the report's.
    pub(crate) fn by(analysis: &Analysis<'_>) -> String {
        let ours = Definition::dora_2025().name;
        if analysis.query.definition.name == ours { String::new() } else { format!(", by {ours}") }
    }

    /// A head, then measure, value and what it rests on; measures without any event are left away.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        let mut rows = vec![row("measure", "value", "of")];
        self.batches(&mut rows);
        self.waiting(&mut rows);
        for (stage, lasting) in &self.work.stages {
            duration(&mut rows, stage_name(*stage), lasting);
        }
        self.law(&mut rows);
        for (reason, count) in &self.work.left_out {
            rows.push(row("left out", reason.to_string(), format!("n {count}")));
        }
        self.services(&mut rows);
        rows
    }

    fn batches(&self, rows: &mut Vec<Vec<String>>) {
        let batch = &self.work.batch_size;
        if let (Some(median), Some(p90)) = (batch.median, batch.p90) {
            let value = format!(
                "half at most {}, 90 % at most {}, largest {}",
                short_number(median),
                short_number(p90),
                batch.largest
            );
            let of = format!("n {}, {} of them without", batch.deployments, batch.empty);
            rows.push(row("changes a deployment", value, of));
        }
    }

    fn waiting(&self, rows: &mut Vec<Vec<String>>) {
        let Work { in_progress, undeployed, .. } = &self.work;
        if let Some(mean) = in_progress.mean.filter(|mean| *mean > 0.0) {
            let value = format!(
                "{} on average, {} at the start, {} at the end",
                short_number(mean),
                in_progress.at_start,
                in_progress.at_end
            );
            rows.push(row("changes in progress", value, ""));
        }
        if let (Some(median), Some(p90), Some(oldest)) =
            (undeployed.median, undeployed.p90, undeployed.oldest)
        {
            let [median, p90, oldest] = [median, p90, oldest].map(|age| amount(age, Unit::Hours));
            let value = format!("half at most {median}, 90 % at most {p90}, oldest {oldest}");
            rows.push(row("age of what is not deployed at the end", value, format!("n {}", undeployed.n)));
        }
        duration(rows, "begun in the period, to deployment", &self.work.time_to_deploy);
    }

    fn law(&self, rows: &mut Vec<Vec<String>>) {
        if let Some(law) = &self.work.littles_law {
            let value = format!(
                "{} in progress, {} a day × {} d: {} times what a steady flow would hold",
                short_number(law.in_progress),
                short_number(law.per_day),
                short_number(law.days),
                short_number(law.ratio)
            );
            rows.push(row("Little's law", value, ""));
        }
    }

    fn services(&self, rows: &mut Vec<Vec<String>>) {
        let it = &self.operations;
        share(rows, "deployments that succeeded", &it.deployment_success);
        duration(rows, "deployment duration", &it.deployment_duration);
        duration(rows, "time to detect", &it.time_to_detect);
        share(rows, "recovered automatically", &it.automatic_recovery);
        for (cause, lasting) in &it.recovery_by_cause {
            duration(rows, &format!("opening to end of incidents, cause {}", cause.as_str()), lasting);
        }
        if let Some(percent) = it.availability.percent() {
            let known = short_number((it.availability.up + it.availability.down) as f64 / 86_400_000.0);
            rows.push(row("availability", format!("{percent:.3} %"), format!("{known} days known")));
        }
        share(rows, "precision of alerts", &it.alert_precision);
        share(rows, "recall of alerts", &it.alert_recall);
        share(rows, "code checks that passed", &it.check_pass_rate);
    }
}

const fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::CommitToOpen => "commit to opening",
        Stage::OpenToMerge => "opening to merge",
        Stage::MergeToDeploy => "merge to deployment",
        _ => "commit to deployment",
    }
}

fn row(measure: &str, value: impl Into<String>, of: impl Into<String>) -> Vec<String> {
    vec![measure.into(), value.into(), of.into()]
}

fn share(rows: &mut Vec<Vec<String>>, name: &str, share: &Share) {
    let (Some(percent), Some(interval)) = (share.percent(), share.interval) else { return };
    let [low, high] = [interval.low, interval.high].map(|end| short_number(100.0 * end));
    let value = format!("{} % [{low}–{high}]", short_number(percent));
    rows.push(row(name, value, format!("{} of {}", share.part, share.whole)));
}

fn duration(rows: &mut Vec<Vec<String>>, name: &str, lasting: &Lasting) {
    if lasting.n == 0 {
        return;
    }
    let value = match lasting.median {
        Some(median) => {
            let end = |end: Option<f64>| end.map_or_else(|| "?".into(), |end| amount(end, lasting.unit));
            let p90 = lasting.p90.map(|p90| format!(", 90 % at most {}", amount(p90, lasting.unit)));
            let interval = match (lasting.low, lasting.high) {
                (None, None) => String::new(),
                (low, high) => format!(" [{}–{}]", end(low), end(high)),
            };
            format!("{}{interval}{}", amount(median, lasting.unit), p90.unwrap_or_default())
        }
        None => "not half are over".into(),
    };
    let open = if lasting.open > 0 { format!(", {} not over", lasting.open) } else { String::new() };
    rows.push(row(name, value, format!("n {}{open}", lasting.n)));
}

/// Long hours as days, long minutes as hours.
fn amount(value: f64, unit: Unit) -> String {
    let shown = match unit {
        Unit::Hours if value >= 48.0 => Unit::Days,
        Unit::Minutes if value >= 120.0 => Unit::Hours,
        other => other,
    };
    let factor = unit.factor_to(shown).unwrap_or(1.0);
    format!("{} {}", short_number(value * factor), shown.symbol())
}
