//! The analyzer of duplication.

use async_trait::async_trait;
use devops_core::{
    Analysis, Analyzer, AnalyzerError, AnalyzerKind, ChangeSet, Context, Descriptor, FileChange, Finding,
    Measure, MetricId, Region, RepoPath, Scope, Severity, Skipped, Unit, ValueError, metric,
};

use super::clones::{CloneKind, CodeClone, Source, Stretch, clones};
use super::config::DuplicationConfig;
use crate::language::{Language, skip_reason, tokens};
use crate::new_side::{NewSide, View, marked_and_settled, place, view, work};

/// Finds added code that repeats code of the change, of the files that it touches, or of the files that the
/// caller gave in the [`Context`].
///
/// ```
/// use devops_analyzers::duplication::{DuplicationAnalyzer, DuplicationConfig};
/// use devops_core::{Analyzer, ChangeSet, Context, RepoPath};
///
/// let body: String = (0..9).map(|n| format!("    x{n} = f({n}) + g[{n}]\n")).collect();
/// let added: String = body.lines().map(|l| format!("+{l}\n")).collect();
/// let diff = format!("--- /dev/null\n+++ b/new.py\n@@ -0,0 +1,10 @@\n+def new():\n{added}");
/// let change = ChangeSet::from_diff(diff.as_bytes())?;
/// let context = Context::new().with_file(RepoPath::new("old.py")?, format!("def old():\n{body}").into_bytes());
/// let analyzer = DuplicationAnalyzer::new(DuplicationConfig::default())?;
/// # futures::executor::block_on(async {
/// let analysis = analyzer.analyze(&change, &context).await?;
/// assert_eq!(analysis.measures[0].to_string(), "duplicated_lines (new code) = 100 % (10 of 10)");
/// # Ok::<(), devops_core::AnalyzerError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct DuplicationAnalyzer {
    descriptor: Descriptor,
    config: DuplicationConfig,
}

impl DuplicationAnalyzer {
    /// With that configuration.
    ///
    /// # Errors
    ///
    /// None in practice: its id is well-formed.
    pub fn new(config: DuplicationConfig) -> Result<Self, ValueError> {
        let descriptor = Descriptor::new("duplication", AnalyzerKind::Duplication)?.with_version("1");
        Ok(Self { descriptor, config })
    }

    /// The configuration.
    #[must_use]
    pub const fn config(&self) -> &DuplicationConfig {
        &self.config
    }
}

#[async_trait]
impl Analyzer for DuplicationAnalyzer {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        for file in change.files() {
            context.checkpoint().await?;
            context.spend(work(file))?;
        }
        for (_, contents) in context.files() {
            context.spend(u64::try_from(contents.len()).unwrap_or(u64::MAX))?;
        }
        context.checkpoint().await?;
        Ok(check(change, context.files(), &self.config))
    }
}

/// A text that is compared, and where it comes from.
struct Part<'a> {
    path: &'a RepoPath,
    source: Source<'a>,
    /// The file of the change, where it is one.
    side: Option<usize>,
}

/// The clones that a change adds; `others` are files of the repository to compare with.
///
/// ```
/// use devops_analyzers::duplication::{DuplicationConfig, check};
/// use devops_core::ChangeSet;
///
/// let change = ChangeSet::from_diff(b"--- a/x.go\n+++ b/x.go\n@@ -1 +1,2 @@\n a()\n+b()\n")?;
/// let analysis = check(&change, [], &DuplicationConfig::default());
/// assert_eq!(analysis.measures[0].to_string(), "duplicated_lines (new code) = 0 % (0 of 1)");
/// # Ok::<(), devops_core::DiffError>(())
/// ```
#[must_use]
pub fn check<'a>(
    change: &ChangeSet,
    others: impl IntoIterator<Item = (&'a RepoPath, &'a [u8])>,
    config: &DuplicationConfig,
) -> Analysis {
    let mut analysis = Analysis::new();
    let sides: Vec<NewSide<'_>> =
        change.files().iter().filter_map(|file| look(&mut analysis, file)).collect();
    let mut parts: Vec<Part<'_>> = others
        .into_iter()
        .filter(|(path, _)| skip_reason(path).is_none() && change.file(path).is_none())
        .filter_map(|(path, text)| {
            let language = Language::detect(path, text).filter(|l| l.is_code())?;
            Some(Part { path, source: Source::new(language, text), side: None })
        })
        .collect();
    for (number, side) in sides.iter().enumerate() {
        let Some(language) = side.language else { continue };
        for piece in &side.pieces {
            let source = Source::new(language, &piece.text).at_line(piece.first_line);
            parts.push(Part { path: side.path, source, side: Some(number) });
        }
    }
    let sources: Vec<Source<'_>> = parts.iter().map(|part| part.source).collect();
    let found = clones(&sources, config);
    let mut covered: Vec<Vec<(u32, u32)>> = vec![Vec::new(); sides.len()];
    for clone in &found {
        report(&mut analysis, &parts, &sides, clone, &mut covered);
    }
    measure(&mut analysis, &sides, covered);
    marked_and_settled(analysis, change)
}

/// The new side of a file of code; what is left out or known only in part is noted.
fn look<'a>(analysis: &mut Analysis, file: &'a FileChange) -> Option<NewSide<'a>> {
    match view(file) {
        View::Text(side) => {
            let side = Some(side).filter(|s| s.language.is_some_and(Language::is_code))?;
            if !side.whole {
                analysis.skipped.push(side.skipped("only what the diff shows of the file was compared"));
            }
            Some(side)
        }
        View::Skipped(reason) => {
            let what = file.new_path()?.to_string();
            analysis.skipped.push(Skipped { what, reason: reason.to_owned() });
            None
        }
        View::Nothing => None,
    }
}

/// Reports a clone at the side that the change adds to, the second where it adds to both.
fn report(
    analysis: &mut Analysis,
    parts: &[Part<'_>],
    sides: &[NewSide<'_>],
    clone: &CodeClone,
    covered: &mut [Vec<(u32, u32)>],
) {
    let added = |stretch: &Stretch| {
        let part = parts.get(stretch.source)?;
        let side = sides.get(part.side?)?;
        side.adds_any(stretch.start_line, stretch.end_line).then_some(part)
    };
    let mut here = None;
    for (stretch, other) in [(&clone.first, &clone.second), (&clone.second, &clone.first)] {
        let Some(part) = added(stretch) else { continue };
        here = Some((part, stretch, other));
        if clone.kind == CloneKind::Exact
            && let Some(lines) = part.side.and_then(|number| covered.get_mut(number))
        {
            lines.push((stretch.start_line, stretch.end_line));
        }
    }
    let Some((part, stretch, other)) = here else { return };
    let other_path = parts.get(other.source).map(|p| p.path.to_string()).unwrap_or_default();
    analysis.findings.push(finding(clone, part, stretch, other, &other_path));
}

fn finding(
    clone: &CodeClone,
    part: &Part<'_>,
    stretch: &Stretch,
    other: &Stretch,
    other_path: &str,
) -> Finding {
    let lines = stretch.end_line.saturating_sub(stretch.start_line).saturating_add(1);
    let (rule, severity, how) = match clone.kind {
        CloneKind::Exact => ("duplication/exact", Severity::Minor, "repeat"),
        CloneKind::Renamed => ("duplication/renamed", Severity::Info, "repeat, but for names and literals,"),
    };
    let message = format!("{lines} lines {how} {other_path}:{}-{}", other.start_line, other.end_line);
    let region = Region::lines(stretch.start_line, stretch.end_line).ok();
    let code = part.source.text.get(stretch.start_byte..stretch.end_byte).unwrap_or_default();
    place(rule, severity, message, part.path, region)
        .with_context(code)
        .with_heuristic(clone.kind == CloneKind::Renamed)
        .with_fix("move what is common into one function")
}

/// The share of the added lines of code that are part of an exact clone.
fn measure(analysis: &mut Analysis, sides: &[NewSide<'_>], covered: Vec<Vec<(u32, u32)>>) {
    let (mut part, mut whole) = (0_u64, 0_u64);
    for (side, ranges) in sides.iter().zip(covered) {
        let ranges = union(ranges);
        for line in code_lines(side) {
            whole = whole.saturating_add(1);
            part = part.saturating_add(u64::from(is_in(&ranges, line)));
        }
    }
    if let Ok(id) = MetricId::new(metric::DUPLICATED_LINES)
        && (whole > 0 || analysis.is_complete())
    {
        analysis.measures.push(Measure::fraction(id, part, whole, Unit::Percent).with_scope(Scope::NewCode));
    }
}

/// The union of ranges of lines, ends included, as ranges apart from each other.
fn union(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (start, end) in ranges {
        match merged.last_mut() {
            Some((_, last)) if start <= last.saturating_add(1) => *last = end.max(*last),
            _ => merged.push((start, end)),
        }
    }
    merged
}

fn is_in(ranges: &[(u32, u32)], line: u32) -> bool {
    let at = ranges.partition_point(|(_, end)| *end < line);
    ranges.get(at).is_some_and(|(start, _)| *start <= line)
}

/// The added lines that have code on them.
fn code_lines(side: &NewSide<'_>) -> Vec<u32> {
    let Some(language) = side.language else { return Vec::new() };
    let mut lines = Vec::new();
    for piece in &side.pieces {
        for token in tokens(language, &piece.text).iter().filter(|t| t.is_code()) {
            let ends = token.text(&piece.text).iter().filter(|b| **b == b'\n').count();
            let first = piece.line(token.line);
            let last = first.saturating_add(u32::try_from(ends).unwrap_or(0));
            lines.extend((first..=last).filter(|line| side.is_added(*line)));
        }
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}
