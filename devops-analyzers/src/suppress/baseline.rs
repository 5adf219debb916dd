//! Findings that were known before.

use std::collections::{BTreeMap, VecDeque};

use devops_core::{
    BaselineState, ChangeKind, ChangeSet, Finding, Fingerprint, Region, RepoPath, RuleId, Severity,
    Suppression, SuppressionKind,
};

use super::scope::is_secret;

/// How far a finding may have moved to be taken for the one that was known, in lines.
const NEARBY_LINES: u32 = 10;

/// Findings that were known at some time, to tell new ones from old ones.
///
/// ```
/// use devops_analyzers::suppress::{Baseline, Seen};
/// use devops_core::{BaselineState, Finding, RuleId, Severity};
///
/// let old = Finding::new(RuleId::new("a")?, Severity::Minor, "known");
/// let new = Finding::new(RuleId::new("b")?, Severity::Minor, "not known");
/// let compared = Baseline::of(&[old.clone()]).compare(vec![old, new], Seen::Everything);
/// let states: Vec<_> = compared.findings.iter().map(Finding::baseline).collect();
/// assert_eq!(states, [BaselineState::Unchanged, BaselineState::New]);
/// assert!(compared.findings[0].is_suppressed() && !compared.findings[1].is_suppressed());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    format: FormatOne,
    entries: Vec<BaselineEntry>,
}

/// The version of a format that is at its first: written as 1, and nothing else is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "u64", into = "u64")]
#[expect(clippy::exhaustive_structs, reason = "there is one such version")]
pub struct FormatOne;

impl TryFrom<u64> for FormatOne {
    type Error = String;

    fn try_from(format: u64) -> Result<Self, String> {
        if format == 1 { Ok(Self) } else { Err(format!("format `{format}` is not known: expected 1")) }
    }
}

impl From<FormatOne> for u64 {
    fn from(_: FormatOne) -> Self {
        1
    }
}

/// One finding of a baseline: what makes it known again, and nothing of its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BaselineEntry {
    /// The rule.
    pub rule: RuleId,
    /// The fingerprint.
    pub fingerprint: Fingerprint,
    /// The key that survives a rename of the file.
    #[serde(rename = "content_fingerprint")]
    pub rename_key: Fingerprint,
    /// Where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<RepoPath>,
    /// The first line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// What the findings come from, which decides what it means that an old one is not among them.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Seen<'a> {
    /// A look at the whole repository.
    Everything,
    /// A look at what a change brings.
    Change(&'a ChangeSet),
}

/// Findings with their state, and what of the baseline is not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compared {
    /// All findings that went in, in the same order: new, or unchanged and suppressed.
    pub findings: Vec<Finding>,
    /// The old ones that are not among them, in the order of the baseline.
    pub gone: Vec<Gone>,
}

/// An old finding that is not found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gone {
    /// Which.
    pub entry: BaselineEntry,
    /// [`BaselineState::Fixed`], or [`BaselineState::Unknown`] where nobody looked.
    pub state: BaselineState,
}

impl Baseline {
    /// Those findings; fixed ones are left out. Equal findings come out as equal bytes in any order.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let known = findings.iter().filter(|f| f.baseline() != BaselineState::Fixed);
        let mut entries: Vec<_> = known.map(BaselineEntry::of).collect();
        entries.sort_by(|a, b| {
            (&a.path, a.line, &a.rule, a.fingerprint).cmp(&(&b.path, b.line, &b.rule, b.fingerprint))
        });
        Self { format: FormatOne, entries }
    }

    /// The entries, by place.
    #[must_use]
    pub fn entries(&self) -> &[BaselineEntry] {
        &self.entries
    }

    /// Tells new findings from old ones. Each entry stands for one finding: first for one with its fingerprint,
    /// then for one with its rename key, then for the nearest one of its rule in its file within 10 lines. The
    /// last does not hold for secrets and for critical findings, of which another at an old place is new.
    ///
    /// ```
    /// use devops_analyzers::suppress::{Baseline, Seen};
    /// use devops_core::{BaselineState, ChangeSet, Finding, Location, Region, RepoPath, RuleId, Severity};
    ///
    /// let at = |line: u32, code: &[u8]| {
    ///     let place = Location::new(RepoPath::new("a.rs")?).with_region(Region::line(line)?);
    ///     let finding = Finding::new(RuleId::new("style/tabs")?, Severity::Minor, "a tab").at(place);
    ///     Ok::<_, devops_core::ValueError>(finding.with_context(code))
    /// };
    /// let baseline = Baseline::of(&[at(10, b"\tx")?]);
    /// let compared = baseline.compare(vec![at(15, b"\tchanged")?], Seen::Change(&ChangeSet::default()));
    /// assert_eq!(compared.findings[0].baseline(), BaselineState::Unchanged);
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn compare(&self, findings: Vec<Finding>, seen: Seen<'_>) -> Compared {
        let mut matching = Matching {
            entries: &self.entries,
            entry_of: vec![None; findings.len()],
            taken: vec![false; self.entries.len()],
        };
        matching.by_key(&findings, Finding::fingerprint, |e| e.fingerprint);
        matching.by_key(&findings, Finding::rename_key, |e| e.rename_key);
        matching.by_place(&findings);
        let known = matching.entry_of.iter().map(Option::is_some);
        let findings =
            findings.into_iter().zip(known).map(|(finding, known)| stated(finding, known)).collect();
        let left = self.entries.iter().zip(&matching.taken).filter(|(_, taken)| !**taken);
        let gone =
            left.map(|(entry, _)| Gone { entry: entry.clone(), state: state_of(entry, seen) }).collect();
        Compared { findings, gone }
    }
}

impl BaselineEntry {
    fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule().clone(),
            fingerprint: finding.fingerprint(),
            rename_key: finding.rename_key(),
            path: finding.location().map(|l| l.path().clone()),
            line: finding.location().and_then(|l| l.region()).map(Region::start_line),
        }
    }
}

fn stated(finding: Finding, known: bool) -> Finding {
    if !known {
        return finding.with_baseline(BaselineState::New);
    }
    let suppression = Suppression::new(SuppressionKind::Baseline, "known before".to_owned());
    let finding = finding.with_baseline(BaselineState::Unchanged);
    if finding.suppressions().contains(&suppression) {
        finding
    } else {
        finding.with_suppression(suppression)
    }
}

/// Whether an old finding that is not found is fixed.
fn state_of(entry: &BaselineEntry, seen: Seen<'_>) -> BaselineState {
    let Seen::Change(change) = seen else { return BaselineState::Fixed };
    let Some(path) = &entry.path else { return BaselineState::Unknown };
    let touched = change.files().iter().filter(|file| file.old_path() == Some(path));
    let fixed = touched.into_iter().any(|file| match file.kind() {
        ChangeKind::Deleted => true,
        ChangeKind::Copied => false,
        _ => file.removed_lines().any(|line| line.old_line.is_some() && line.old_line == entry.line),
    });
    if fixed { BaselineState::Fixed } else { BaselineState::Unknown }
}

/// Which entry stands for which finding.
struct Matching<'a> {
    entries: &'a [BaselineEntry],
    entry_of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Matching<'_> {
    fn take(&mut self, finding: usize, entry: usize) {
        if let (Some(slot), Some(taken)) = (self.entry_of.get_mut(finding), self.taken.get_mut(entry)) {
            *slot = Some(entry);
            *taken = true;
        }
    }

    fn is_free(&self, entry: usize) -> bool {
        self.taken.get(entry) == Some(&false)
    }

    fn is_open(&self, finding: usize) -> bool {
        self.entry_of.get(finding) == Some(&None)
    }

    /// By equal keys of the same rule, in order.
    fn by_key(
        &mut self,
        findings: &[Finding],
        of_finding: fn(&Finding) -> Fingerprint,
        of_entry: fn(&BaselineEntry) -> Fingerprint,
    ) {
        let mut free: BTreeMap<(&str, Fingerprint), VecDeque<usize>> = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            if self.is_free(at) {
                free.entry((entry.rule.as_str(), of_entry(entry))).or_default().push_back(at);
            }
        }
        for (at, finding) in findings.iter().enumerate() {
            let key = (finding.rule().as_str(), of_finding(finding));
            if self.is_open(at)
                && let Some(entry) = free.get_mut(&key).and_then(VecDeque::pop_front)
            {
                self.take(at, entry);
            }
        }
    }

    /// By the same rule and path, nearest pairs first.
    fn by_place(&mut self, findings: &[Finding]) {
        let mut free: BTreeMap<(&str, &RepoPath), Vec<(usize, u32)>> = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            if let (true, Some(path), Some(line)) = (self.is_free(at), &entry.path, entry.line) {
                free.entry((entry.rule.as_str(), path)).or_default().push((at, line));
            }
        }
        let mut pairs = Vec::new();
        for (at, finding) in findings.iter().enumerate() {
            let exact = finding.severity() == Severity::Critical || is_secret(finding.rule().as_str());
            if exact || !self.is_open(at) {
                continue;
            }
            let Some(location) = finding.location() else { continue };
            let Some(line) = location.region().map(Region::start_line) else { continue };
            for (entry, old) in free.get(&(finding.rule().as_str(), location.path())).into_iter().flatten() {
                let distance = line.abs_diff(*old);
                if distance <= NEARBY_LINES {
                    pairs.push((distance, line, at, *entry));
                }
            }
        }
        pairs.sort_unstable();
        for (_, _, finding, entry) in pairs {
            if self.is_open(finding) && self.is_free(entry) {
                self.take(finding, entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use devops_core::Location;
    use proptest::prelude::*;

    fn finding(rule: &str, path: &str, line: u32, code: &str) -> Finding {
        let place = Location::new(RepoPath::new(path).unwrap()).with_region(Region::line(line).unwrap());
        Finding::new(rule.parse().unwrap(), Severity::Minor, "m").at(place).with_context(code.as_bytes())
    }

    fn states(baseline: &[Finding], now: Vec<Finding>) -> Vec<BaselineState> {
        let compared = Baseline::of(baseline).compare(now, Seen::Everything);
        compared.findings.iter().map(Finding::baseline).collect()
    }

    use BaselineState::{Fixed, New, Unchanged, Unknown};

    #[test]
    fn moved_renamed_and_edited_findings_are_known() {
        let old = [finding("r", "a", 10, "x")];
        assert_eq!(states(&old, vec![finding("r", "a", 400, "x")]), [Unchanged]);
        assert_eq!(states(&old, vec![finding("r", "b", 3, "x")]), [Unchanged]);
        assert_eq!(states(&old, vec![finding("r", "a", 20, "y")]), [Unchanged]);
        assert_eq!(states(&old, vec![finding("r", "a", 21, "y")]), [New]);
        assert_eq!(states(&old, vec![finding("q", "a", 10, "x")]), [New]);
    }

    #[test]
    fn one_entry_is_one_finding() {
        let old = [finding("r", "a", 10, "x")];
        assert_eq!(
            states(&old, vec![finding("r", "b", 1, "x"), finding("r", "a", 10, "x")]),
            [New, Unchanged]
        );
        assert_eq!(
            states(&old, vec![finding("r", "a", 5, "y"), finding("r", "a", 11, "z")]),
            [New, Unchanged]
        );
    }

    #[test]
    fn another_secret_at_an_old_place_is_new() {
        let old = [finding("secrets/jwt", "a", 10, "hash1")];
        assert_eq!(states(&old, vec![finding("secrets/jwt", "a", 10, "hash2")]), [New]);
        assert_eq!(states(&old, vec![finding("secrets/jwt", "a", 12, "hash1")]), [Unchanged]);
    }

    #[test]
    fn what_is_gone() {
        let baseline =
            Baseline::of(&[finding("r", "a", 2, "x"), finding("r", "b", 1, "x"), finding("r", "c", 1, "x")]);
        let diff = b"--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n k\n-old\n+new\n\
            diff --git a/b b/b\ndeleted file mode 100644\n--- a/b\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n";
        let change = ChangeSet::from_diff(diff).unwrap();
        let gone =
            |seen| baseline.compare(Vec::new(), seen).gone.into_iter().map(|g| g.state).collect::<Vec<_>>();
        assert_eq!(gone(Seen::Change(&change)), [Fixed, Fixed, Unknown]);
        assert_eq!(gone(Seen::Everything), [Fixed, Fixed, Fixed]);
    }

    /// The first format is read for ever.
    #[test]
    fn golden_file() {
        let text = include_str!("../../testdata/suppress/baseline_v1.json");
        let baseline: Baseline = serde_json::from_str(text).unwrap();
        assert_eq!(baseline, Baseline::of(&[finding("style/tabs", "src/a.rs", 7, "x")]));
        assert_eq!(format!("{}\n", serde_json::to_string_pretty(&baseline).unwrap()), text);
        let error = serde_json::from_str::<Baseline>(r#"{"format": 2, "entries": []}"#).unwrap_err();
        assert!(error.to_string().starts_with("format `2` is not known: expected 1"), "{error}");
    }

    proptest! {
        #[test]
        fn a_finding_is_in_its_own_baseline(places in proptest::collection::vec((1u32..40, 0u8..4), 0..20)) {
            let findings: Vec<_> =
                places.iter().map(|(line, code)| finding("r", "a", *line, &code.to_string())).collect();
            let baseline = Baseline::of(&findings);
            let compared = baseline.compare(findings.clone(), Seen::Everything);
            prop_assert!(compared.gone.is_empty());
            prop_assert!(compared.findings.iter().all(|f| f.baseline() == Unchanged));
            let mut turned = findings;
            turned.reverse();
            prop_assert_eq!(
                serde_json::to_string(&Baseline::of(&turned)).unwrap(),
                serde_json::to_string(&baseline).unwrap()
            );
        }

        #[test]
        fn each_entry_is_accounted_for_once(
            old in proptest::collection::vec((1u32..40, 0u8..4), 0..12),
            new in proptest::collection::vec((1u32..40, 0u8..4), 0..12),
        ) {
            let make = |all: &[(u32, u8)]| -> Vec<Finding> {
                all.iter().map(|(line, code)| finding("r", "a", *line, &code.to_string())).collect()
            };
            let compared = Baseline::of(&make(&old)).compare(make(&new), Seen::Everything);
            let known = compared.findings.iter().filter(|f| f.baseline() == Unchanged).count();
            prop_assert_eq!(known + compared.gone.len(), old.len());
            prop_assert_eq!(compared.findings.len(), new.len());
        }
    }
}
