//! The definition that is asked for, as a file and in words.

use anyhow::{Context as _, Result, bail};
use devops_metrics::definition::Definition;
use devops_metrics::query::DeliveryMetric;

use crate::analysis::{FIVE, list};
use crate::args::Print;

/// A preset by name, or one in a file.
pub(crate) fn named(name: &str) -> Result<Definition> {
    if let Some(preset) = Definition::presets().into_iter().find(|preset| preset.name == name) {
        return Ok(preset);
    }
    if !name.ends_with(".json") {
        let names = Definition::presets().into_iter().map(|preset| preset.name);
        bail!("definition `{name}` is neither a JSON file nor one of {}", list(names));
    }
    let text = std::fs::read(name).with_context(|| format!("failed to read {name}"))?;
    let definition: Definition =
        serde_json::from_slice(&text).with_context(|| format!("failed to read {name}"))?;
    definition.check()?;
    Ok(definition)
}

/// How each metric comes about under it.
pub(crate) fn words(definition: &Definition) -> impl Iterator<Item = (DeliveryMetric, String)> + '_ {
    FIVE.into_iter().map(|metric| (metric, definition.in_words(metric)))
}

/// The same of one metric, each sentence behind that break.
pub(crate) fn lines(definition: &Definition, metric: DeliveryMetric, line_break: &str) -> String {
    let words = definition.in_words(metric);
    words.split_inclusive(". ").flat_map(|sentence| [line_break, sentence.trim_end()]).collect()
}

/// What `--print` asks for.
pub(crate) fn printed(definition: &Definition, what: Print) -> Result<String> {
    Ok(match what {
        Print::Definition => serde_json::to_string_pretty(definition)? + "\n",
        Print::Words => {
            let told = FIVE.map(|metric| format!("\n{metric}{}\n", lines(definition, metric, "\n  ")));
            format!("{} {}\n{}", definition.name, definition.version, told.concat())
        }
    })
}
