//! The events: from files, from standard input, from git.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use devops_metrics::log::DeliveryLog;

use crate::args::Args;
use crate::git;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/delivery/prometheus.jsonl");

/// What was read, what it is called, and what to know about it.
pub(crate) struct Input {
    pub(crate) log: DeliveryLog,
    pub(crate) name: String,
    pub(crate) note: Option<&'static str>,
}

const GUESSED: &str = "Releases are tags and failures are guessed from git: a patch release within seven days, or a commit \
     that reverts a released one; commits that no release contains are not told. They show what the program does; they do not judge the project.";

pub(crate) fn read(args: &Args) -> Result<Input> {
    let named = |name: &str| args.name.clone().unwrap_or_else(|| name.to_string());
    if args.from_git {
        let mut log = DeliveryLog::new();
        for event in git::events(&stdin()?)? {
            log.read_json_lines(event.to_json().as_bytes())?;
        }
        return Ok(Input { log, name: named("this repository"), note: Some(GUESSED) });
    }
    let shipped = [Path::new(SHIPPED).to_path_buf()];
    let files = if args.files.is_empty() { &shipped[..] } else { &args.files };
    let mut log = DeliveryLog::new();
    for file in files {
        let text = if file == Path::new("-") {
            stdin()?
        } else {
            std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?
        };
        log.read_json_lines(&text).with_context(|| format!("failed to read {}", file.display()))?;
    }
    let name = match files {
        [one] if one != Path::new("-") => one.file_stem().map(|n| n.to_string_lossy().into_owned()),
        _ => None,
    };
    let name =
        if args.files.is_empty() { "Prometheus".into() } else { name.unwrap_or("these services".into()) };
    let ours = args.files.is_empty()
        || args.files.iter().all(|f| f.parent().is_some_and(|p| p.ends_with("data/delivery")));
    Ok(Input { log, name: named(&name), note: ours.then_some(GUESSED) })
}

fn stdin() -> Result<Vec<u8>> {
    let mut text = Vec::new();
    std::io::stdin().read_to_end(&mut text).context("failed to read standard input")?;
    Ok(text)
}
