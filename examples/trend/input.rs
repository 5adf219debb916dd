//! Rows from CSV or JSON Lines.

use anyhow::{Context as _, Result, anyhow, bail};
use devops_core::Timestamp;
use devops_metrics::trend::Series;
use serde_json::{Map, Value};

use crate::args::KindArg;

/// One row: texts by column.
type Row = Vec<(String, String)>;

/// The series in a text.
pub(crate) fn read(text: &str, kind: Option<KindArg>) -> Result<Series> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows = if text.trim_start().starts_with('{') { json_lines(text) } else { csv(text) }?;
    let has = |name: &str| rows.iter().any(|(_, r)| r.iter().any(|c| c.0 == name));
    let kind = match kind {
        Some(kind) => kind,
        None if has("value") => KindArg::Value,
        None if has("count") => KindArg::Count,
        None if has("part") => KindArg::Proportion,
        None if has("duration") => KindArg::Censored,
        None => bail!("no column named value, count, part or duration"),
    };
    match kind {
        KindArg::Value => Ok(Series::values(each(&rows, |r| {
            let value = get(r, "value").ok().filter(|v| !v.is_empty());
            Ok((time(r)?, value.map(|_| number(r, "value")).transpose()?))
        })?)),
        KindArg::Count => Ok(Series::counts(each(&rows, |r| {
            let exposure = if get(r, "exposure").is_ok() { number(r, "exposure")? } else { 1.0 };
            Ok((time(r)?, whole(r, "count")?, exposure))
        })?)),
        KindArg::Proportion => {
            Ok(Series::proportions(each(&rows, |r| Ok((time(r)?, whole(r, "part")?, whole(r, "whole")?)))?))
        }
        KindArg::Censored => Ok(Series::censored(each(&rows, |r| {
            let ended = match get(r, "ended")? {
                "true" | "1" => true,
                "false" | "0" => false,
                other => bail!("`ended` is `{other}`, must be true or false"),
            };
            Ok((time(r)?, number(r, "duration")?, ended))
        })?)),
    }
}

fn each<T>(rows: &[(usize, Row)], read: impl Fn(&Row) -> Result<T>) -> Result<Vec<T>> {
    rows.iter().map(|(line, row)| read(row).with_context(|| format!("line {line}"))).collect()
}

fn csv(text: &str) -> Result<Vec<(usize, Row)>> {
    let mut lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
    let (_, head) = lines.next().ok_or_else(|| anyhow!("the input is empty"))?;
    let names: Vec<String> = head.split(',').map(|n| n.trim().trim_matches('"').to_lowercase()).collect();
    let mut rows = Vec::new();
    for (index, line) in lines {
        let cells: Vec<&str> = line.split(',').map(|c| c.trim().trim_matches('"')).collect();
        if cells.len() != names.len() {
            bail!("line {}: {} cells under {} names", index + 1, cells.len(), names.len());
        }
        rows.push((index + 1, names.iter().cloned().zip(cells.into_iter().map(String::from)).collect()));
    }
    Ok(rows)
}

fn json_lines(text: &str) -> Result<Vec<(usize, Row)>> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let object: Map<String, Value> =
            serde_json::from_str(line).with_context(|| format!("line {}", index + 1))?;
        let cell = |value: Value| match value {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        rows.push((index + 1, object.into_iter().map(|(k, v)| (k, cell(v))).collect()));
    }
    Ok(rows)
}

fn get<'a>(row: &'a Row, name: &str) -> Result<&'a str> {
    let cell = row.iter().find(|c| c.0 == name).ok_or_else(|| anyhow!("`{name}` is missing"))?;
    Ok(cell.1.as_str())
}

fn number(row: &Row, name: &str) -> Result<f64> {
    let text = get(row, name)?;
    text.parse().map_err(|_| anyhow!("`{name}` is `{text}`, must be a number"))
}

fn whole(row: &Row, name: &str) -> Result<u64> {
    let text = get(row, name)?;
    text.parse().map_err(|_| anyhow!("`{name}` is `{text}`, must be a whole number"))
}

fn time(row: &Row) -> Result<Timestamp> {
    let text = get(row, "time")?;
    let full = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_string() };
    Ok(full.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_tell_the_kind() {
        assert_eq!(read("time,part,whole\n2026-01-05,1,9\n", None).unwrap().kind().to_string(), "proportion");
        assert_eq!(read("{\"time\":\"2026-01-05\",\"value\":null}", None).unwrap().len(), 1);
        let refused = read("time,count\n2026-01-05,x\n", None).unwrap_err();
        assert_eq!(format!("{refused:#}"), "line 2: `count` is `x`, must be a whole number");
        assert!(read("time,speed\n", None).is_err());
        assert!(read("", None).is_err());
    }
}
