//! The analyzer of style.

use std::collections::BTreeMap;

use async_trait::async_trait;
use devops_core::{
    Analysis, Analyzer, AnalyzerError, AnalyzerKind, ChangeSet, Context, Descriptor, FileChange, Finding,
    LineKind, Skipped, ValueError,
};

use super::config::StyleConfig;
use super::lines::line_faults;
use super::rule::StyleRule;
use super::tokens::token_faults;
use crate::new_side::{Found, NewSide, Piece, View, marked_and_settled, view, work};

/// Finds faults of form in added lines.
///
/// ```
/// use devops_analyzers::style::{StyleAnalyzer, StyleConfig};
/// use devops_core::{Analyzer, ChangeSet, Context};
///
/// let change = ChangeSet::from_diff(b"--- a/x.rs\n+++ b/x.rs\n@@ -1 +1,2 @@\n a();\n+dbg!(b);\n")?;
/// let analyzer = StyleAnalyzer::new(StyleConfig::default())?;
/// # futures::executor::block_on(async {
/// let analysis = analyzer.analyze(&change, &Context::new()).await?;
/// assert_eq!(
///     analysis.findings[0].to_string(),
///     "minor x.rs:2:1: `dbg!` left in the code [style/debug-leftover]"
/// );
/// # Ok::<(), devops_core::AnalyzerError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct StyleAnalyzer {
    descriptor: Descriptor,
    config: StyleConfig,
}

impl StyleAnalyzer {
    /// With that configuration.
    ///
    /// # Errors
    ///
    /// None in practice: its id is well-formed.
    pub fn new(config: StyleConfig) -> Result<Self, ValueError> {
        let descriptor = Descriptor::new("style", AnalyzerKind::Style)?.with_version("1");
        Ok(Self { descriptor, config })
    }

    /// The configuration.
    #[must_use]
    pub const fn config(&self) -> &StyleConfig {
        &self.config
    }
}

#[async_trait]
impl Analyzer for StyleAnalyzer {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        let mut analysis = Analysis::new();
        for file in change.files() {
            context.checkpoint().await?;
            context.spend(work(file))?;
            look(&mut analysis, file, &self.config);
        }
        Ok(marked_and_settled(analysis, change))
    }
}

/// The faults of form in the added lines of a change.
///
/// ```
/// use devops_analyzers::style::{StyleConfig, check};
/// use devops_core::ChangeSet;
///
/// let change = ChangeSet::from_diff(b"--- a/x.go\n+++ b/x.go\n@@ -1 +1,2 @@\n a()\n+b() \n")?;
/// assert_eq!(check(&change, &StyleConfig::default()).findings[0].rule().as_str(), "style/trailing-space");
/// # Ok::<(), devops_core::DiffError>(())
/// ```
#[must_use]
pub fn check(change: &ChangeSet, config: &StyleConfig) -> Analysis {
    let mut analysis = Analysis::new();
    for file in change.files() {
        look(&mut analysis, file, config);
    }
    marked_and_settled(analysis, change)
}

fn look(analysis: &mut Analysis, file: &FileChange, config: &StyleConfig) {
    let side = match view(file) {
        View::Text(side) => side,
        View::Nothing => return,
        View::Skipped(reason) => {
            let what = file.new_path().map(ToString::to_string).unwrap_or_default();
            return analysis.skipped.push(Skipped { what, reason: reason.to_owned() });
        }
    };
    for piece in &side.pieces {
        of_lines(&side, piece, config, &mut analysis.findings);
        of_tokens(&side, piece, config, &mut analysis.findings);
    }
    of_file(&side, file, config, &mut analysis.findings);
}

fn add(
    found: &mut Vec<Finding>,
    side: &NewSide<'_>,
    config: &StyleConfig,
    rule: StyleRule,
    mut what: Found<'_>,
) {
    if let Some(severity) = config.severity(rule) {
        what.severity = severity;
        found.push(side.finding(&what).with_fix(rule.fix()));
    }
}

fn of_lines(side: &NewSide<'_>, piece: &Piece<'_>, config: &StyleConfig, found: &mut Vec<Finding>) {
    for (number, line) in (1..).zip(piece.text.split(|b| *b == b'\n')) {
        let number = piece.line(number);
        if !side.is_added(number) {
            continue;
        }
        for (rule, message, columns) in line_faults(side.language, line, config.line_length()) {
            let what = Found {
                rule: rule.id(),
                severity: rule.severity(),
                message,
                line: number,
                columns,
                context: line,
            };
            add(found, side, config, rule, what);
        }
    }
}

fn of_tokens(side: &NewSide<'_>, piece: &Piece<'_>, config: &StyleConfig, found: &mut Vec<Finding>) {
    let Some(language) = side.language else { return };
    let starts = piece.line_starts();
    for hit in token_faults(side, piece, language) {
        let number = piece.line(hit.line);
        if !side.is_added(number) {
            continue;
        }
        let index = usize::try_from(hit.line).unwrap_or(usize::MAX).saturating_sub(1);
        let start = starts.get(index).copied().unwrap_or(0);
        let end = starts.get(index.saturating_add(1)).copied().unwrap_or(piece.text.len());
        let line = piece.text.get(start..end).unwrap_or_default();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let columns =
            hit.bytes.start.saturating_sub(start)..hit.bytes.end.saturating_sub(start).min(line.len());
        let what = Found {
            rule: hit.rule.id(),
            severity: hit.rule.severity(),
            message: hit.message,
            line: number,
            columns,
            context: line,
        };
        add(found, side, config, hit.rule, what);
    }
}

/// Line ends and indentation that differ from those of the rest, once for each file, and the end of the file.
fn of_file(side: &NewSide<'_>, file: &FileChange, config: &StyleConfig, found: &mut Vec<Finding>) {
    // (carriage return, added), (tab, added): how many lines, and the first of them.
    let mut ends: BTreeMap<(bool, bool), (usize, u32)> = BTreeMap::new();
    let mut indents: BTreeMap<(bool, bool), (usize, u32)> = BTreeMap::new();
    let mut open_end = None;
    for piece in &side.pieces {
        for (number, line) in (1..).zip(piece.text.split_inclusive(|b| *b == b'\n')) {
            let number = piece.line(number);
            let added = side.is_added(number);
            let count = |map: &mut BTreeMap<_, (usize, u32)>, kind: bool| {
                let entry = map.entry((kind, added)).or_insert((0, number));
                entry.0 = entry.0.saturating_add(1);
            };
            if line.ends_with(b"\n") {
                count(&mut ends, line.ends_with(b"\r\n"));
            }
            match line {
                [b'\t', ..] => count(&mut indents, true),
                [b' ', b' ', ..] => count(&mut indents, false),
                _ => {}
            }
        }
    }
    for line in file.hunks().iter().flat_map(devops_core::Hunk::lines) {
        if line.kind == LineKind::Added && !line.has_newline {
            open_end = line.new_line.map(|number| (number, line.text));
        }
    }
    if let Some(number) = differs(&ends) {
        report(
            side,
            config,
            found,
            StyleRule::MixedNewlines,
            number,
            "line end differs from those of the rest",
        );
    }
    if side.language.is_some_and(crate::language::Language::is_code)
        && let Some(number) = differs(&indents)
    {
        let message = "indentation by tabs and by spaces in one file";
        report(side, config, found, StyleRule::MixedIndentation, number, message);
    }
    if let Some((number, text)) = open_end.filter(|(_, text)| !text.is_empty()) {
        let what = Found {
            rule: StyleRule::FinalNewline.id(),
            severity: StyleRule::FinalNewline.severity(),
            message: "no newline at the end of the file".to_owned(),
            line: number,
            columns: text.len()..text.len(),
            context: b"",
        };
        add(found, side, config, StyleRule::FinalNewline, what);
    }
}

fn report(
    side: &NewSide<'_>,
    config: &StyleConfig,
    found: &mut Vec<Finding>,
    rule: StyleRule,
    line: u32,
    message: &str,
) {
    let severity = rule.severity();
    let what =
        Found { rule: rule.id(), severity, message: message.to_owned(), line, columns: 0..0, context: b"" };
    add(found, side, config, rule, what);
}

/// The first added line of the kind that the lines that were there do not have; where all lines are added, of
/// the rarer kind.
fn differs(counts: &BTreeMap<(bool, bool), (usize, u32)>) -> Option<u32> {
    let of = |kind: bool, added: bool| counts.get(&(kind, added)).copied();
    for kind in [true, false] {
        let others = of(!kind, false).map_or(0, |(n, _)| n);
        if let (Some((_, first)), None, true) = (of(kind, true), of(kind, false), others > 0) {
            return Some(first);
        }
    }
    if of(true, false).is_some() || of(false, false).is_some() {
        return None;
    }
    let (with, without) = (of(true, true)?, of(false, true)?);
    Some(if with.0 <= without.0 { with.1 } else { without.1 })
}
