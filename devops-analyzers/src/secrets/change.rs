//! What a change brings: the new side of each hunk as a text, and matches in it as findings.

use devops_core::{
    ChangeKind, FileChange, Finding, Hunk, LineKind, Location, Region, RepoPath, Severity, excerpt,
};

use super::fragment::Fragment;
use super::matched::SecretMatch;
use super::rule_set::RuleSet;

/// What stands behind the change where a hunk is: added lines with those around them, so that a key of many
/// lines is known by its first line although only one in the middle changes.
struct NewSide {
    text: Vec<u8>,
    /// The number of the first line, from 1.
    first_line: u32,
    /// For each line, where it starts in the text.
    line_starts: Vec<usize>,
    /// For each line, whether the change adds it.
    added: Vec<bool>,
}

impl NewSide {
    fn of(hunk: &Hunk) -> Self {
        let mut side = Self { text: Vec::new(), first_line: 1, line_starts: Vec::new(), added: Vec::new() };
        for line in hunk.lines() {
            let Some(number) = line.new_line else { continue };
            if side.added.is_empty() {
                side.first_line = number;
            } else {
                side.text.push(b'\n');
            }
            side.line_starts.push(side.text.len());
            side.text.extend_from_slice(line.text);
            side.added.push(line.kind == LineKind::Added);
        }
        side
    }

    /// Whether the change adds a line that holds a part of that stretch.
    fn adds(&self, stretch: &std::ops::Range<usize>) -> bool {
        let line_of = |at: usize| self.line_starts.partition_point(|start| *start <= at).saturating_sub(1);
        let first = line_of(stretch.start);
        let last = line_of(stretch.end.saturating_sub(1).max(stretch.start));
        let lines = last.saturating_sub(first).saturating_add(1);
        self.added.iter().skip(first).take(lines).any(|added| *added)
    }
}

/// How to look at a change, apart from the rules.
#[derive(Clone, Copy)]
pub(super) struct Options<'a> {
    pub(super) commit: Option<&'a str>,
    pub(super) decode_depth: u8,
    pub(super) hash_key: &'a [u8],
}

/// The secrets that a change brings into one file.
pub(super) fn scan_file(rules: &RuleSet, file: &FileChange, options: Options<'_>) -> Vec<Finding> {
    let Some(path) = file.new_path() else { return Vec::new() };
    let mut findings = Vec::new();
    let arrives = matches!(file.kind(), ChangeKind::Added | ChangeKind::Renamed | ChangeKind::Copied);
    if arrives || file.is_binary() {
        let by_path = rules.scan(&fragment(&[], path, options)).into_iter().filter(SecretMatch::is_path_only);
        findings.extend(by_path.map(|found| finding(&found, path, None, options.hash_key)));
    }
    for hunk in file.hunks() {
        let side = NewSide::of(hunk);
        if !side.added.contains(&true) {
            continue;
        }
        let found = rules.scan(&fragment(&side.text, path, options));
        let brought = found.iter().filter(|m| !m.is_path_only() && side.adds(&m.secret_range()));
        findings.extend(brought.map(|m| finding(m, path, region(m, side.first_line), options.hash_key)));
    }
    findings
}

fn fragment<'a>(text: &'a [u8], path: &'a RepoPath, options: Options<'a>) -> Fragment<'a> {
    let fragment = Fragment::new(text).with_path(path.as_bytes()).with_decode_depth(options.decode_depth);
    let fragment = fragment.ignoring_markers();
    match options.commit {
        Some(commit) => fragment.with_commit(commit),
        None => fragment,
    }
}

/// How many bytes [`scan_file`] looks at.
pub(super) fn work(file: &FileChange) -> u64 {
    let bytes: usize = file.hunks().iter().map(|hunk| hunk.body().len()).sum();
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn region(found: &SecretMatch, first_line: u32) -> Option<Region> {
    let line = |line: u32| first_line.saturating_add(line).saturating_sub(1);
    let lines = Region::lines(line(found.line()), line(found.end_line())).ok()?;
    Some(lines.with_columns(found.column(), found.end_column()).unwrap_or(lines))
}

/// A match as a finding. Its fingerprint is made of the rule, the path and a keyed hash of the secret: another
/// secret on the same line is another finding, and the same one on another line is the same.
fn finding(found: &SecretMatch, path: &RepoPath, region: Option<Region>, hash_key: &[u8]) -> Finding {
    let rule = found.rule();
    let what = match rule.description() {
        "" => format!("secret found by rule `{}`", excerpt(rule.id())),
        described => excerpt(described),
    };
    let (severity, message) = if found.is_path_only() {
        (rule.severity(), what)
    } else if found.is_placeholder() {
        let message = format!("{what}: `{}`, which looks like a placeholder", found.redacted());
        (rule.severity().min(Severity::Minor), message)
    } else {
        (rule.severity(), format!("{what}: `{}`", found.redacted()))
    };
    let location = Location::new(path.clone());
    let location = match region {
        Some(region) => location.with_region(region),
        None => location,
    };
    Finding::new(rule.finding_id().clone(), severity, message)
        .at(location)
        .with_context(found.secret_hash(hash_key).to_string().as_bytes())
}
