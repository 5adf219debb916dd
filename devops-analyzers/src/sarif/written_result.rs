//! From a finding to a SARIF result.

use std::collections::BTreeMap;

use devops_core::{
    BaselineState, Finding, Fingerprint, Location, Region, RepoPath, Suppression, SuppressionKind,
};

use super::line_hash::line_hashes;
use super::lines::{Lines, utf16_column};
use super::resolve::Contents;
use super::writer::level;
use super::written::{
    ArtifactLocation, PhysicalLocation, Place, Properties, RegionOut, ResultOut, SuppressionOut,
    SuppressionProperties, Text,
};

/// The files that findings lie in, each cut into lines once.
pub(super) struct Files<'c> {
    contents: Contents<'c>,
    known: BTreeMap<RepoPath, Option<File<'c>>>,
}

struct File<'c> {
    lines: Lines<'c>,
    hashes: Vec<String>,
}

impl<'c> Files<'c> {
    pub(super) const fn new(contents: Contents<'c>) -> Self {
        Self { contents, known: BTreeMap::new() }
    }

    fn get(&mut self, path: &RepoPath) -> Option<&File<'c>> {
        if !self.known.contains_key(path) {
            let file = (self.contents)(path).map(|bytes| File {
                lines: Lines::of(bytes),
                hashes: core::str::from_utf8(bytes).map(line_hashes).unwrap_or_default(),
            });
            self.known.insert(path.clone(), file);
        }
        self.known.get(path)?.as_ref()
    }
}

impl File<'_> {
    /// The hash of a line; none where a lone carriage return makes the two disagree on what a line is.
    fn hash(&self, line: u32) -> Option<&String> {
        if self.hashes.len() != self.lines.count() {
            return None;
        }
        self.hashes.get(usize::try_from(line).ok()?.checked_sub(1)?)
    }
}

pub(super) fn result(
    finding: &Finding,
    rule_index: Option<usize>,
    rule_help: Option<&str>,
    files: &mut Files<'_>,
) -> ResultOut {
    let mut partial_fingerprints = BTreeMap::new();
    partial_fingerprints.insert(Fingerprint::SCHEME, finding.fingerprint().to_string());
    let region = finding.location().and_then(Location::region);
    if let Some((path, region)) = finding.location().map(Location::path).zip(region) {
        let hash = files.get(path).and_then(|file| file.hash(region.start_line()));
        if let Some(hash) = hash {
            partial_fingerprints.insert("primaryLocationLineHash", hash.clone());
        }
    }
    ResultOut {
        rule_id: finding.rule().to_string(),
        rule_index,
        level: level(finding.severity()),
        message: Text { text: finding.message().to_owned() },
        locations: finding.location().map(|location| place(location, files)).into_iter().collect(),
        partial_fingerprints,
        baseline_state: match finding.baseline() {
            BaselineState::New => Some("new"),
            BaselineState::Unchanged => Some("unchanged"),
            BaselineState::Fixed => Some("absent"),
            _ => None,
        },
        suppressions: finding.suppressions().iter().map(suppression).collect(),
        properties: Properties {
            severity: Some(finding.severity().as_str()),
            heuristic: finding.is_heuristic().then_some(true),
            fix: finding.fix().map(str::to_owned),
            // Empty where the rule has a page and this finding names none.
            help: (finding.help() != rule_help).then(|| finding.help().unwrap_or_default().to_owned()),
            ..Properties::default()
        },
    }
}

fn place(location: &Location, files: &mut Files<'_>) -> Place {
    let file = files.get(location.path());
    Place {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: percent_encoded(location.path().as_bytes()),
                uri_base_id: "%SRCROOT%",
            },
            region: location.region().map(|region| region_out(region, file.map(|f| &f.lines))),
        },
    }
}

fn region_out(region: &Region, lines: Option<&Lines<'_>>) -> RegionOut {
    let columns = region.columns().zip(lines).and_then(|((start, end), lines)| {
        let start = utf16_column(lines.get(region.start_line())?, start)?;
        Some((start, utf16_column(lines.get(region.end_line())?, end)?))
    });
    RegionOut {
        start_line: region.start_line(),
        start_column: columns.map(|c| c.0),
        end_line: region.end_line(),
        end_column: columns.map(|c| c.1),
    }
}

fn suppression(suppression: &Suppression) -> SuppressionOut {
    let (kind, own) = match suppression.kind {
        SuppressionKind::InSource => ("inSource", "in_source"),
        SuppressionKind::Baseline => ("external", "baseline"),
        SuppressionKind::Waiver => ("external", "waiver"),
        _ => ("external", "tool"),
    };
    SuppressionOut {
        kind,
        // What the change itself adds is not accepted yet.
        status: if suppression.added_by_change { "underReview" } else { "accepted" },
        justification: suppression.reason.clone(),
        properties: SuppressionProperties {
            kind: own,
            owner: suppression.owner.clone(),
            expires: suppression.expires.map(devops_core::Timestamp::as_millis),
            added_by_change: suppression.added_by_change.then_some(true),
        },
    }
}

/// A path as a relative address.
fn percent_encoded(path: &[u8]) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(byte) {
            address.push(char::from(*byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}
