//! The events: from files, from standard input, from git.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use devops_core::Timestamp;
use devops_examples::now;
use devops_metrics::log::DeliveryLog;

use crate::args::{Args, Deployments};
use crate::git;
use crate::release::OF_TAGS;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/delivery/prometheus.jsonl");

/// Some editors put it before the first line.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What was read, what it is called, and what to know about it.
pub(crate) struct Input {
    pub(crate) log: DeliveryLog,
    pub(crate) name: String,
    pub(crate) note: Option<&'static str>,
    /// What is taken for a deployment, where that is not told by the events.
    pub(crate) basis: Option<String>,
    /// What cannot be right in it, and the names of what that is.
    pub(crate) oddities: Vec<(&'static str, Vec<String>)>,
    pub(crate) now: Timestamp,
}

pub(crate) fn read(args: &Args) -> Result<Input> {
    let given = args.name.clone().filter(|name| !name.trim().is_empty());
    let named = |name: &str| given.clone().unwrap_or_else(|| name.to_string());
    if args.from_git {
        let mut log = DeliveryLog::new();
        let text = stdin()?;
        let told = git::told(text.strip_prefix(MARK).unwrap_or(&text), args.deployments)?;
        for event in told.events {
            log.read_json_lines(event.to_json().as_bytes())?;
        }
        let (name, note, basis) = (named("this repository"), Some(told.note), Some(told.basis));
        return Ok(Input { log, name, note, basis, oddities: told.oddities.into(), now: now()? });
    }
    if args.deployments != Deployments::Auto {
        bail!("`--deployments` says what is taken from a repository, so that it needs `--from-git`");
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
        let text = text.strip_prefix(MARK).unwrap_or(&text);
        log.read_json_lines(text).with_context(|| format!("failed to read {}", file.display()))?;
    }
    let name = match files {
        [one] if one != Path::new("-") => one.file_stem().map(|n| n.to_string_lossy().into_owned()),
        _ => None,
    };
    let name =
        if args.files.is_empty() { "Prometheus".into() } else { name.unwrap_or("these services".into()) };
    let ours = args.files.is_empty()
        || args.files.iter().all(|f| f.parent().is_some_and(|p| p.ends_with("data/delivery")));
    let note = ours.then_some(OF_TAGS);
    Ok(Input { log, name: named(&name), note, basis: None, oddities: Vec::new(), now: now()? })
}

fn stdin() -> Result<Vec<u8>> {
    let mut text = Vec::new();
    std::io::stdin().read_to_end(&mut text).context("failed to read standard input")?;
    Ok(text)
}
