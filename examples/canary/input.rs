//! Samples from tables: a row is a scrape, a column a metric.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};
use devops_core::{Measure, Measures, MetricId, Unit};
use devops_gates::judge::sampled;

/// A table as it was read: cells by column, one for each row.
#[derive(Debug, Default)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: usize,
}

#[derive(Debug)]
struct Column {
    metric: MetricId,
    unit: Unit,
    cells: Vec<Option<Cell>>,
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Value(f64),
    Events(u64, u64),
}

impl Table {
    /// A table of comma-separated values; a column named `time` is passed over.
    pub(crate) fn csv(text: &str) -> Result<Self> {
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let (_, header) = lines.next().context("the table is empty: a header is expected")?;
        let names: Vec<&str> = header.split(',').map(str::trim).collect();
        let mut columns = names.iter().map(|name| column(name)).collect::<Result<Vec<_>>>()?;
        let mut rows = 0;
        for (number, line) in lines {
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            let place = format!("line {}", number + 1);
            ensure!(
                cells.len() == names.len(),
                "{place} has {} cells, {} are expected",
                cells.len(),
                names.len()
            );
            for ((cell, name), column) in cells.iter().zip(&names).zip(&mut columns) {
                if let Some(column) = column {
                    column.cells.push(self::cell(cell).with_context(|| format!("{place}, column `{name}`"))?);
                }
            }
            rows += 1;
        }
        Self::checked(columns.into_iter().flatten().collect(), rows)
    }

    /// A table of JSON objects, one on each line.
    pub(crate) fn json_lines(text: &str) -> Result<Self> {
        let mut columns: BTreeMap<String, Column> = BTreeMap::new();
        let mut rows = 0;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = format!("line {}", number + 1);
            let object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(line).with_context(|| format!("{place} is no JSON object"))?;
            for (name, value) in object {
                let text = match value {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                };
                let Some(new) = column(&name)? else { continue };
                let cell = cell(&text).with_context(|| format!("{place}, `{name}`"))?;
                let cells = &mut columns.entry(name).or_insert(new).cells;
                cells.resize(rows, None);
                cells.push(cell);
            }
            rows += 1;
        }
        Self::checked(columns.into_values().collect(), rows)
    }

    fn checked(columns: Vec<Column>, rows: usize) -> Result<Self> {
        for (index, column) in columns.iter().enumerate() {
            let twice = columns.iter().take(index).any(|c| c.metric == column.metric);
            ensure!(!twice, "metric `{}` has two columns", column.metric);
            let counted = column.cells.iter().flatten().any(|c| matches!(c, Cell::Events(..)));
            let valued = column.cells.iter().flatten().any(|c| matches!(c, Cell::Value(_)));
            ensure!(
                !(counted && valued),
                "metric `{}` has both numbers and events out of outcomes",
                column.metric
            );
        }
        Ok(Self { columns, rows })
    }

    /// The measures of the `part`-th of `parts` equal parts of the rows.
    pub(crate) fn measures(&self, part: usize, parts: usize) -> Result<Measures> {
        let (from, to) = (self.rows * part / parts, self.rows * (part + 1) / parts);
        let measures = self.columns.iter().map(|column| column.measure(from, to));
        Ok(Measures::try_from(measures.collect::<Result<Vec<_>>>()?)?)
    }
}

impl Column {
    fn measure(&self, from: usize, to: usize) -> Result<Measure> {
        let cells = || self.cells.iter().take(to).skip(from).flatten();
        let (mut events, mut outcomes, mut counted) = (0_u64, 0_u64, false);
        let mut values = Vec::new();
        for cell in cells() {
            match cell {
                Cell::Value(value) => values.push(*value),
                Cell::Events(some, all) => {
                    counted = true;
                    events = events.checked_add(*some).context("too many events")?;
                    outcomes = outcomes.checked_add(*all).context("too many outcomes")?;
                }
            }
        }
        if counted {
            return Ok(Measure::fraction(self.metric.clone(), events, outcomes, Unit::Percent));
        }
        Ok(sampled(self.metric.clone(), self.unit, &values)?)
    }
}

/// The column of a header such as `latency [milliseconds]`; `None` for `time`.
fn column(name: &str) -> Result<Option<Column>> {
    if name == "time" {
        return Ok(None);
    }
    let (id, unit) = match name.split_once('[') {
        Some((id, unit)) => {
            let unit =
                unit.strip_suffix(']').with_context(|| format!("header `{name}` lacks a closing bracket"))?;
            (id.trim(), unit.trim().parse::<Unit>().with_context(|| format!("header `{name}`"))?)
        }
        None => (name, Unit::None),
    };
    let metric = MetricId::new(id).with_context(|| format!("header `{name}`"))?;
    Ok(Some(Column { metric, unit, cells: Vec::new() }))
}

fn cell(text: &str) -> Result<Option<Cell>> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Some((events, outcomes)) = text.split_once('/') {
        let count = |text: &str| text.trim().parse::<u64>().with_context(|| format!("`{text}` is no count"));
        let (events, outcomes) = (count(events)?, count(outcomes)?);
        ensure!(events <= outcomes, "`{text}` has more events than outcomes");
        return Ok(Some(Cell::Events(events, outcomes)));
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(Cell::Value(value))),
        _ => bail!("`{text}` is no finite number and no `events/outcomes`"),
    }
}
