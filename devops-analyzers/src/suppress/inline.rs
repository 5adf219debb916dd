//! Marks findings by the markers in the source.

use std::collections::BTreeMap;

use devops_core::{ChangeSet, Finding, Location, Region, RepoPath, Suppression, SuppressionKind, excerpt};

use super::Suppressed;
use super::marker::{Marker, MarkerSyntax, parse_markers};
use super::notice::{Notice, NoticeKind};
use super::visible::{VisibleLines, visible_lines};

/// A marker in a file.
struct Placed {
    marker: Marker,
    line: u32,
    added: bool,
    /// The lines it is for.
    from: u32,
    to: u32,
    /// Whether the change adds one of these lines, so that every finding there would be known.
    judged: bool,
    used: bool,
}

/// Marks the findings that a marker in the source covers.
///
/// A marker is for its own line; one that stands alone in a comment is for the next line that is no comment.
/// Those of hadolint are for the next instruction, or the whole file. The markers are `devops:allow RULE --
/// reason`, `gitleaks:allow`, `nosemgrep`, `noqa` and `hadolint ignore=`, each for the rules of its tool; see
/// [`Marker::covers`]. Lines that neither the diff nor the given contents show hold no markers.
///
/// A marker on a line that the change adds is marked as [added by the change](Suppression::added_by_change). Our
/// own markers that are malformed, or that cover nothing although the change adds their line, are told. Marking
/// twice is marking once.
///
/// ```
/// use devops_analyzers::suppress::mark_inline;
/// use devops_core::{ChangeSet, Finding, Location, Region, RepoPath, RuleId, Severity};
///
/// let change = ChangeSet::from_diff(
///     b"--- a/x.py\n+++ b/x.py\n@@ -1 +1,2 @@\n # devops:allow no-print -- a tool\n+print(a)\n",
/// )?;
/// let location = Location::new(RepoPath::new("x.py")?).with_region(Region::line(2)?);
/// let finding = Finding::new(RuleId::new("no-print")?, Severity::Minor, "print left in").at(location);
/// let marked = mark_inline(vec![finding], &change);
/// assert_eq!(marked.findings[0].suppressions()[0].reason, "a tool");
/// assert!(!marked.findings[0].is_open());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn mark_inline(findings: Vec<Finding>, change: &ChangeSet) -> Suppressed {
    let mut placed: BTreeMap<&RepoPath, Vec<Placed>> = BTreeMap::new();
    for (path, lines) in visible_lines(change) {
        let markers = markers_of(&lines);
        if !markers.is_empty() {
            placed.insert(path, markers);
        }
    }
    let findings = findings.into_iter().map(|finding| marked(finding, &mut placed)).collect();
    let notices =
        placed.iter().flat_map(|(path, markers)| markers.iter().filter_map(|m| notice(path, m))).collect();
    Suppressed { findings, notices }
}

fn markers_of(lines: &VisibleLines<'_>) -> Vec<Placed> {
    let mut placed = Vec::new();
    for (number, line) in lines {
        for marker in parse_markers(line.text) {
            let (from, to) = match marker.syntax() {
                MarkerSyntax::HadolintGlobal => (1, u32::MAX),
                MarkerSyntax::Hadolint => instruction_behind(lines, *number),
                _ if is_comment(line.text) => (*number, line_behind(lines, *number)),
                _ => (*number, *number),
            };
            let judged = lines.range(from..=to).any(|(_, line)| line.added);
            placed.push(Placed { marker, line: *number, added: line.added, from, to, judged, used: false });
        }
    }
    placed
}

/// Whether a line is nothing but a comment, in any of the common languages.
fn is_comment(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    let starts: [&[u8]; 8] = [b"#", b"//", b"/*", b"*", b"--", b";", b"<!--", b"%"];
    starts.iter().any(|start| text.starts_with(start))
}

/// The next line that is no comment, if it is known and no other line is between.
fn line_behind(lines: &VisibleLines<'_>, number: u32) -> u32 {
    let mut at = number;
    for (next, line) in lines.range(number.saturating_add(1)..) {
        if *next != at.saturating_add(1) {
            break;
        }
        at = *next;
        if !is_comment(line.text) {
            return at;
        }
    }
    number
}

/// The next instruction of a Dockerfile: from the line that begins it to the first that no backslash continues.
fn instruction_behind(lines: &VisibleLines<'_>, number: u32) -> (u32, u32) {
    let mut behind = lines.range(number.saturating_add(1)..).skip_while(|(_, line)| {
        let text = line.text.trim_ascii();
        text.is_empty() || text.starts_with(b"#")
    });
    let Some((from, first)) = behind.next() else { return (number, number) };
    let mut open = first.text.trim_ascii_end().ends_with(b"\\");
    let mut to = *from;
    for (next, line) in behind {
        if !open {
            break;
        }
        to = *next;
        let text = line.text.trim_ascii();
        open = text.ends_with(b"\\") || text.starts_with(b"#");
    }
    (*from, to)
}

fn marked(finding: Finding, placed: &mut BTreeMap<&RepoPath, Vec<Placed>>) -> Finding {
    let Some(location) = finding.location().cloned() else { return finding };
    let Some(region) = location.region() else { return finding };
    let Some(markers) = placed.get_mut(location.path()) else { return finding };
    let mut finding = finding;
    for marker in markers {
        let overlaps = marker.from <= region.end_line() && region.start_line() <= marker.to;
        if !overlaps || !marker.marker.covers(finding.rule().as_str()) {
            continue;
        }
        marker.used = true;
        let reason = marker.marker.reason().to_owned();
        let suppression =
            Suppression::new(SuppressionKind::InSource, reason).with_added_by_change(marker.added);
        if !finding.suppressions().contains(&suppression) {
            finding = finding.with_suppression(suppression);
        }
    }
    finding
}

fn notice(path: &RepoPath, placed: &Placed) -> Option<Notice> {
    if placed.marker.syntax() != MarkerSyntax::Devops {
        return None;
    }
    let rules = excerpt(&placed.marker.rules().join(", "));
    let (kind, message) = match placed.marker.fault() {
        Some(fault) => (NoticeKind::Malformed, format!("marker `{rules}` counts for nothing: {fault}")),
        None if placed.used || !placed.judged => return None,
        None => (NoticeKind::Unused, format!("marker `{rules}` covers no finding")),
    };
    let location = Location::new(path.clone());
    let location = match Region::line(placed.line) {
        Ok(region) => location.with_region(region),
        Err(_) => location,
    };
    Some(Notice::new(kind, message, Some(location)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use devops_core::Severity;

    fn change(body: &str) -> ChangeSet {
        let count = body.lines().filter(|l| !l.starts_with('-')).count();
        let old = body.lines().filter(|l| !l.starts_with('+')).count();
        let start = u32::from(old > 0);
        ChangeSet::from_diff(format!("--- a/f\n+++ b/f\n@@ -{start},{old} +1,{count} @@\n{body}").as_bytes())
            .unwrap()
    }

    fn finding(rule: &str, from: u32, to: u32) -> Finding {
        let location =
            Location::new(RepoPath::new("f").unwrap()).with_region(Region::lines(from, to).unwrap());
        Finding::new(rule.parse().unwrap(), Severity::Critical, "m").at(location)
    }

    fn suppressed(body: &str, finding: Finding) -> Vec<Suppression> {
        mark_inline(vec![finding], &change(body)).findings[0].suppressions().to_vec()
    }

    #[test]
    fn a_marker_of_the_change_lifts_no_veto() {
        let body = " a # devops:allow r -- old\n+b # devops:allow r -- new\n";
        let old = mark_inline(vec![finding("r", 1, 1)], &change(body));
        assert!(!old.findings[0].is_open());
        let new = mark_inline(vec![finding("r", 2, 2)], &change(body));
        assert!(new.findings[0].is_suppressed() && new.findings[0].is_open());
    }

    #[test]
    fn places() {
        assert_eq!(suppressed("+# noqa\n+# more\n+x\n", finding("E501", 3, 3)).len(), 1);
        assert_eq!(suppressed("+# noqa\n+x\n+y\n", finding("E501", 3, 3)).len(), 0);
        assert_eq!(suppressed("+x # noqa\n+y\n", finding("E501", 2, 2)).len(), 0);
        assert_eq!(
            suppressed("+x\n+y # gitleaks:allow\n+z\n", finding("secrets/private-key", 1, 3)).len(),
            1
        );
        let dockerfile = "+# hadolint ignore=DL3008\n+\n+# why\n+RUN a \\\n+  b\n+RUN c\n";
        assert_eq!(suppressed(dockerfile, finding("hadolint/DL3008", 5, 5)).len(), 1);
        assert_eq!(suppressed(dockerfile, finding("hadolint/DL3008", 6, 6)).len(), 0);
        assert_eq!(
            suppressed("+# hadolint global ignore=DL3008\n+a\n+b\n", finding("DL3008", 3, 3)).len(),
            1
        );
    }

    #[test]
    fn twice_is_once() {
        let change = change("+x # gitleaks:allow\n");
        let once = mark_inline(vec![finding("secrets/jwt", 1, 1)], &change);
        assert_eq!(mark_inline(once.findings.clone(), &change), once);
    }

    #[test]
    fn unused_and_malformed_are_told() {
        let told = |body: &str, findings| -> Vec<String> {
            mark_inline(findings, &change(body)).notices.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            told("+a # devops:allow r -- why\n", vec![]),
            ["f:1: unused suppression: marker `r` covers no finding"]
        );
        assert_eq!(told("+a # devops:allow r -- why\n", vec![finding("r", 1, 1)]), [""; 0]);
        assert_eq!(told(" a # devops:allow r -- why\n+b\n", vec![]), [""; 0], "nobody looked at that line");
        assert_eq!(told("+a # noqa\n", vec![]), [""; 0], "that tool may not have run");
        assert_eq!(
            told(" a # devops:allow r\n+b\n", vec![]),
            ["f:1: malformed suppression: marker `r` counts for nothing: it gives no reason behind `--`"]
        );
    }
}
