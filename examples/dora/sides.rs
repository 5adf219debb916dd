//! One period under all definitions, with what makes each number differ from ours.

use std::collections::BTreeMap;

use anyhow::Result;
use devops_metrics::definition::Definition;
use devops_metrics::query::{DeliveryMetric, MetricValue, Needs};

use crate::analysis::{Analysis, FIVE};
use crate::look::short_name;

/// A definition's numbers for the period.
pub(crate) struct Side {
    pub(crate) definition: Definition,
    pub(crate) values: Vec<MetricValue>,
    /// What the log lacks for it.
    pub(crate) needs: BTreeMap<DeliveryMetric, Needs>,
    /// Why they are not those of the first definition; empty for the first.
    pub(crate) reasons: Vec<String>,
}

/// The report's own definition first, then all presets.
pub(crate) fn side_by_side(analysis: &Analysis<'_>) -> Result<Vec<Side>> {
    let Some(chosen) = analysis.chosen() else { return Ok(Vec::new()) };
    let own = &analysis.query.definition;
    let others: Vec<_> = Definition::presets().into_iter().filter(|preset| preset.name != own.name).collect();
    let mut query = analysis.query.clone();
    // What is open is open until the end of the report, as in its other tables.
    query.now = Some(query.now.unwrap_or(query.window.to()));
    query.window = chosen.window;
    let comparison = query.compare(analysis.dataset, &analysis.group, &others)?;
    let metrics = || FIVE.iter().filter_map(|five| comparison.metrics.iter().find(|m| m.metric == *five));
    let side = |(index, definition): (usize, Definition)| {
        let values = metrics().filter_map(|m| m.values.get(index).cloned()).collect();
        // What a definition lacks is said in the table.
        let told = metrics().filter(|m| m.values.get(index).is_some_and(|v| v.value().is_some()));
        let differences = told.filter_map(|m| m.differences.get(index.checked_sub(1)?)).filter(|d| !d.same);
        let reasons = differences.map(|d| format!("{}: {d}", short_name(d.metric))).collect();
        let needs = comparison.needs.get(index).cloned().unwrap_or_default();
        Side { definition, values, needs, reasons }
    };
    Ok(std::iter::once(own.clone()).chain(others.iter().cloned()).enumerate().map(side).collect())
}
