//! `KEY=VALUE`: a request that is changed a little.

use anyhow::{Context as _, Result, anyhow, bail};
use devops_core::Timestamp;
use devops_maturity::roadmap::{Basis, RoadmapRequest, Target};
use devops_maturity::selection::Wish;

/// Changes a request.
pub(crate) fn change(request: &mut RoadmapRequest, setting: &str) -> Result<()> {
    let (key, value) =
        setting.split_once('=').ok_or_else(|| anyhow!("`{setting}` is no change: expected KEY=VALUE"))?;
    apply(request, key.trim(), value.trim()).with_context(|| format!("`{setting}` cannot be used"))
}

fn apply(request: &mut RoadmapRequest, key: &str, value: &str) -> Result<()> {
    match key.split_once('.') {
        Some(("people", role)) => *request = request.clone().with_people(role, number(value)?),
        Some(("target", dimension)) => {
            request.target.dimensions.retain(|d| d.dimension != dimension);
            if value != "none" {
                request.target = request.target.clone().with_dimension(dimension, number(value)?);
            }
        }
        _ => match key {
            "level" => request.target.level = optional(value)?,
            "overall" => request.target.overall = optional(value)?,
            "target" if value == "none" => request.target = Target::new(),
            "budget" => request.budget = optional(value)?,
            "weeks" => request.within_weeks = optional(value)?,
            "wish" => {
                request.wish = match value {
                    "reach" => Wish::Reach,
                    "most" => Wish::Most,
                    _ => bail!("expected `reach` or `most`"),
                };
            }
            "basis" => {
                request.basis = match value {
                    "defensible" => Basis::Defensible,
                    "like_the_rest" => Basis::LikeTheRest,
                    _ => bail!("expected `defensible` or `like_the_rest`"),
                };
            }
            "without" => request.exclude.push(value.into()),
            "seen" => request.anti_patterns_seen.push(value.into()),
            "date" => request.simulation.dates.push(number(value)?),
            "start" => request.start = instant(value)?,
            "runs" => request.simulation.runs = number(value)?,
            "samples" => request.schedule.samples = number(value)?,
            "seed" => {
                request.schedule.seed = number(value)?;
                request.simulation.seed = number(value)?;
            }
            _ => bail!("`{key}` is no key; --help names them"),
        },
    }
    Ok(())
}

fn number<T: std::str::FromStr>(value: &str) -> Result<T> {
    value.parse().map_err(|_| anyhow!("`{value}` is not the number that is expected"))
}

fn optional<T: std::str::FromStr>(value: &str) -> Result<Option<T>> {
    if value == "none" { Ok(None) } else { number(value).map(Some) }
}

/// A day or an instant.
pub(crate) fn instant(text: &str) -> Result<Timestamp> {
    let full = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_string() };
    full.parse().with_context(|| format!("`{text}` is no date such as 2026-12-01"))
}
