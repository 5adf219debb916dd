//! The engine: fragments in, matches out.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::allowlist::{Candidate, Origin, contains};
use super::decode::Decoded;
use super::entropy::shannon_entropy;
use super::fragment::Fragment;
use super::matched::{Position, SecretMatch};
use super::rule::{Required, Rule};
use super::rule_set::RuleSet;

/// What a line holds that gitleaks shall not report.
const ALLOW_MARKER: &[u8] = b"gitleaks:allow";

impl RuleSet {
    /// Finds the secrets of a text.
    ///
    /// In this order: a path or commit that is allowed ends it; rules whose keywords do not occur are left out;
    /// each match of a rule's expression is stripped of newlines at its ends; a line marked `gitleaks:allow` is
    /// passed over; the secret is the group that the rule names, or the first that is not empty; it must exceed
    /// the rule's entropy; what is allowed everywhere, then what the rule allows, is dropped; a match of a
    /// generic rule is dropped where another rule's secret on the same line holds it. Matches are ordered by
    /// place, then rule; none is there twice.
    ///
    /// ```
    /// use devops_analyzers::secrets::{Fragment, RuleSet};
    ///
    /// let text = b"user: me\npassword: 9f8Kd02mQx7pLw1Z\n";
    /// let found = RuleSet::builtin().scan(&Fragment::new(text));
    /// assert_eq!((found.len(), found[0].rule().id(), found[0].line()), (1, "generic-api-key", 2));
    /// ```
    #[must_use]
    pub fn scan(&self, fragment: &Fragment<'_>) -> Vec<SecretMatch> {
        let origin = fragment.origin();
        if self.allowlists().iter().any(|list| list.target_rules.is_empty() && list.allows_origin(origin)) {
            return Vec::new();
        }
        let lines = Lines::new(fragment.text());
        let mut found = Vec::new();
        let plain = Pass { rules: self, fragment, original: &lines, text: &lines, decoded: None, depth: 0 };
        plain.run(&mut found);
        let mut decoded = (fragment.decode_depth() > 0).then(|| Decoded::plain(fragment.text()));
        for depth in 1..=fragment.decode_depth() {
            decoded = decoded.and_then(|text| text.step());
            let Some(now) = &decoded else { break };
            let text = Lines::new(&now.text);
            let pass =
                Pass { rules: self, fragment, original: &lines, text: &text, decoded: Some(now), depth };
            pass.run(&mut found);
        }
        settle(found)
    }
}

/// A text with its lines.
struct Lines<'a> {
    text: &'a [u8],
    /// Where the newlines are; found out when the first match is.
    newlines: OnceCell<Vec<usize>>,
}

impl<'a> Lines<'a> {
    const fn new(text: &'a [u8]) -> Self {
        Self { text, newlines: OnceCell::new() }
    }

    fn newlines(&self) -> &[usize] {
        self.newlines.get_or_init(|| {
            self.text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect()
        })
    }

    fn position(&self, at: usize) -> Position {
        let before = self.newlines().partition_point(|newline| *newline < at);
        let line_start = self.line_start(before);
        let narrow = |value: usize| u32::try_from(value.saturating_add(1)).unwrap_or(u32::MAX);
        Position { line: narrow(before), column: narrow(at.saturating_sub(line_start)) }
    }

    /// Where the line with that many newlines before it starts.
    fn line_start(&self, before: usize) -> usize {
        let newline = before.checked_sub(1).and_then(|last| self.newlines().get(last));
        newline.map_or(0, |newline| newline.saturating_add(1))
    }

    /// The whole lines around a stretch, without the last newline.
    fn around(&self, range: &Range<usize>) -> &'a [u8] {
        let newlines = self.newlines();
        let start = self.line_start(newlines.partition_point(|newline| *newline < range.start));
        let end = newlines.get(newlines.partition_point(|newline| *newline < range.end));
        self.text.get(start..end.copied().unwrap_or(self.text.len())).unwrap_or_default()
    }
}

/// One look at a text, as it is or decoded.
struct Pass<'a> {
    rules: &'a RuleSet,
    fragment: &'a Fragment<'a>,
    original: &'a Lines<'a>,
    text: &'a Lines<'a>,
    decoded: Option<&'a Decoded>,
    depth: u8,
}

impl Pass<'_> {
    fn run(&self, found: &mut Vec<SecretMatch>) {
        for rule in self.rules.candidates(self.text.text) {
            if rule.skip_report {
                continue;
            }
            let matches = self.detect(rule);
            found.extend(self.with_required(rule, matches));
        }
    }

    /// What one rule finds.
    fn detect(&self, rule: &Arc<Rule>) -> Vec<SecretMatch> {
        let origin = self.fragment.origin();
        if self.place_allowed(rule, origin) {
            return Vec::new();
        }
        let path = origin.path.unwrap_or_default();
        if rule.path.as_ref().is_some_and(|pattern| !pattern.is_match(path)) {
            return Vec::new();
        }
        let Some(pattern) = &rule.regex else {
            return if self.decoded.is_none() { vec![of_path(rule)] } else { Vec::new() };
        };
        pattern.find_iter(self.text.text).filter_map(|found| self.examine(rule, found)).collect()
    }

    fn place_allowed(&self, rule: &Rule, origin: Origin<'_>) -> bool {
        let targeted =
            self.rules.allowlists().iter().filter(|l| !l.target_rules.is_empty() && l.covers(&rule.id));
        rule.allowlists.iter().chain(targeted).any(|list| list.allows_origin(origin))
    }

    /// What becomes of one match of the expression.
    fn examine(&self, rule: &Arc<Rule>, range: Range<usize>) -> Option<SecretMatch> {
        let range = trimmed(self.text.text, range);
        if self.decoded.is_some_and(|decoded| !decoded.is_fresh(&range)) {
            return None;
        }
        let in_original = |part: &Range<usize>| self.decoded.map_or(part.clone(), |d| d.original(part));
        let whole = in_original(&range);
        if !self.fragment.ignores_markers() && contains(self.original.around(&whole), ALLOW_MARKER) {
            return None;
        }
        let secret_range = secret_range(rule, self.text.text, &range)?;
        let secret = self.text.text.get(secret_range.clone())?;
        let entropy = shannon_entropy(secret);
        if rule.entropy > 0.0 && entropy <= rule.entropy {
            return None;
        }
        let matched = self.text.text.get(range.clone())?;
        let candidate = Candidate { secret, matched, line: self.text.around(&range) };
        let everywhere = self.rules.allowlists().iter().filter(|list| list.covers(&rule.id));
        let origin = self.fragment.origin();
        if everywhere.chain(&rule.allowlists).any(|list| list.allows(&candidate, origin)) {
            return None;
        }
        Some(SecretMatch {
            rule: Arc::clone(rule),
            start: self.original.position(whole.start),
            end: self.original.position(whole.end),
            range: whole,
            secret_range: in_original(&secret_range),
            entropy,
            decode_depth: self.depth,
            path_only: false,
            secret: secret.to_vec(),
        })
    }

    /// The matches that have beside them what the rule requires.
    fn with_required(&self, rule: &Rule, mut matches: Vec<SecretMatch>) -> Vec<SecretMatch> {
        if matches.is_empty() {
            return matches;
        }
        for required in &rule.required {
            let Some(other) = self.rules.shared_rules().iter().find(|r| r.id == required.id) else {
                continue;
            };
            let beside = self.detect(other);
            matches.retain(|found| beside.iter().any(|b| is_near(found, b, required)));
        }
        matches
    }
}

fn is_near(a: &SecretMatch, b: &SecretMatch, required: &Required) -> bool {
    let within = |limit: Option<u64>, distance: u32| limit.is_none_or(|limit| u64::from(distance) <= limit);
    within(required.within_lines, a.start.line.abs_diff(b.start.line))
        && within(required.within_columns, a.start.column.abs_diff(b.start.column))
}

/// A match of a rule that looks at nothing but the path.
fn of_path(rule: &Arc<Rule>) -> SecretMatch {
    let start = Position { line: 1, column: 1 };
    SecretMatch {
        rule: Arc::clone(rule),
        range: 0..0,
        secret_range: 0..0,
        start,
        end: start,
        entropy: 0.0,
        decode_depth: 0,
        path_only: true,
        secret: Vec::new(),
    }
}

/// Without newlines at the ends.
fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let matched = text.get(range.clone()).unwrap_or_default();
    let leading = matched.iter().take_while(|b| **b == b'\n').count();
    let trailing = matched.iter().skip(leading).rev().take_while(|b| **b == b'\n').count();
    range.start.saturating_add(leading)..range.end.saturating_sub(trailing)
}

/// Where in the text the secret of a match is; found by matching again within the match alone.
fn secret_range(rule: &Rule, text: &[u8], range: &Range<usize>) -> Option<Range<usize>> {
    let matched = text.get(range.clone())?;
    let regex = rule.regex.as_ref()?.regex()?;
    if regex.captures_len() < 2 {
        return Some(range.clone());
    }
    let Some(groups) = regex.captures(matched) else { return Some(range.clone()) };
    let within = |group: regex::bytes::Match<'_>| {
        range.start.saturating_add(group.start())..range.start.saturating_add(group.end())
    };
    if rule.secret_group > 0 {
        return groups.get(rule.secret_group).filter(|group| !group.is_empty()).map(within);
    }
    let first = groups.iter().skip(1).flatten().find(|group| !group.is_empty());
    Some(first.map_or(range.clone(), within))
}

/// Drops generic matches that a specific one covers, puts the rest in order and keeps each once.
fn settle(mut found: Vec<SecretMatch>) -> Vec<SecretMatch> {
    let mut specific: BTreeMap<u32, Vec<Vec<u8>>> = BTreeMap::new();
    if found.iter().any(|m| m.rule.is_generic()) {
        for m in found.iter().filter(|m| !m.rule.is_generic()) {
            specific.entry(m.start.line).or_default().push(m.secret.clone());
        }
    }
    found.retain(|m| {
        let others = specific.get(&m.start.line).map_or(&[][..], Vec::as_slice);
        !m.rule.is_generic() || !others.iter().any(|secret| contains(secret, &m.secret))
    });
    let key = |m: &SecretMatch| {
        (
            m.range.start,
            m.range.end,
            m.rule.id.clone(),
            m.secret_range.start,
            m.secret_range.end,
            m.decode_depth,
        )
    };
    found.sort_by_cached_key(key);
    // The same place found by the same rule under two depths is one match.
    found.dedup_by(|b, a| a.rule.id == b.rule.id && a.range == b.range && a.secret_range == b.secret_range);
    found
}
