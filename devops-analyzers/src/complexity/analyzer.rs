//! The analyzer of complexity.

use async_trait::async_trait;
use devops_core::{
    Analysis, Analyzer, AnalyzerError, AnalyzerKind, ChangeSet, Complexity, Context, Descriptor, FileChange,
    Finding, FunctionComplexity, Measure, MetricId, Scope, Severity, Unit, ValueError, metric,
};

use super::config::ComplexityConfig;
use super::touched::of_file;
use crate::new_side::{marked_and_settled, place, work};

/// Finds the touched functions that are hard to understand or to test.
///
/// It needs the whole files behind the change (see [`ChangeSet::with_contents`]); a new file's diff holds the
/// whole. With the files before the change as well it tells what the change added. All findings are marked as
/// heuristic: a tokenizer is no parser.
///
/// ```
/// use devops_analyzers::complexity::{ComplexityAnalyzer, ComplexityConfig};
/// use devops_core::{Analyzer, ChangeSet, Context};
///
/// let diff = b"--- /dev/null\n+++ b/a.py\n@@ -0,0 +1,3 @@\n+def f(a):\n+    if a:\n+        return 1\n";
/// let change = ChangeSet::from_diff(diff)?;
/// let analyzer = ComplexityAnalyzer::new(ComplexityConfig::default())?;
/// # futures::executor::block_on(async {
/// let analysis = analyzer.analyze(&change, &Context::new()).await?;
/// assert_eq!((analysis.functions[0].now.cognitive, analysis.functions[0].now.cyclomatic), (1, 2));
/// assert!(analysis.findings.is_empty());
/// # Ok::<(), devops_core::AnalyzerError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ComplexityAnalyzer {
    descriptor: Descriptor,
    config: ComplexityConfig,
}

impl ComplexityAnalyzer {
    /// With those limits.
    ///
    /// # Errors
    ///
    /// None in practice: its id is well-formed.
    pub fn new(config: ComplexityConfig) -> Result<Self, ValueError> {
        let descriptor = Descriptor::new("complexity", AnalyzerKind::Complexity)?.with_version("1");
        Ok(Self { descriptor, config })
    }

    /// The limits.
    #[must_use]
    pub const fn config(&self) -> &ComplexityConfig {
        &self.config
    }
}

#[async_trait]
impl Analyzer for ComplexityAnalyzer {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        let mut analysis = Analysis::new();
        for file in change.files() {
            context.checkpoint().await?;
            let old = file.old_contents().map_or(0, <[u8]>::len);
            context.spend(work(file).saturating_add(u64::try_from(old).unwrap_or(u64::MAX)))?;
            look(&mut analysis, file, &self.config);
        }
        Ok(finish(analysis, change))
    }
}

/// The touched functions of a change, with a finding for each that is above a limit.
///
/// ```
/// use devops_analyzers::complexity::{ComplexityConfig, check};
/// use devops_core::ChangeSet;
///
/// let change = ChangeSet::from_diff(b"--- a/x.py\n+++ b/x.py\n@@ -5 +5,2 @@\n a = 1\n+b = 2\n")?;
/// let analysis = check(&change, &ComplexityConfig::default());
/// assert_eq!(analysis.skipped[0].reason, "the diff holds only a part of the file");
/// # Ok::<(), devops_core::DiffError>(())
/// ```
#[must_use]
pub fn check(change: &ChangeSet, config: &ComplexityConfig) -> Analysis {
    let mut analysis = Analysis::new();
    for file in change.files() {
        look(&mut analysis, file, config);
    }
    finish(analysis, change)
}

fn look(analysis: &mut Analysis, file: &FileChange, config: &ComplexityConfig) {
    let part = of_file(file);
    for function in &part.functions {
        analysis.findings.extend(findings(function, config));
    }
    analysis.functions.extend(part.functions);
    analysis.skipped.extend(part.skipped);
}

/// One of the three figures.
type Figure = fn(&Complexity) -> u32;

fn findings(function: &FunctionComplexity, config: &ComplexityConfig) -> Vec<Finding> {
    let rules: [(_, _, Figure, _, _); 3] = [
        ("complexity/cognitive", "cognitive complexity", |c| c.cognitive, config.cognitive, Severity::Minor),
        (
            "complexity/cyclomatic",
            "cyclomatic complexity",
            |c| c.cyclomatic,
            config.cyclomatic,
            Severity::Info,
        ),
        ("complexity/length", "length in lines", |c| c.lines, config.lines, Severity::Info),
    ];
    let mut found = Vec::new();
    for (rule, what, figure, limit, severity) in rules {
        let now = figure(&function.now);
        if now <= limit {
            continue;
        }
        let before = function.before.as_ref().map(figure);
        let (severity, history) = match before {
            Some(before) if before >= now => (Severity::Info, " (not added by this change)".to_owned()),
            Some(before) if before > 0 => (severity, format!(" (it was {before})")),
            _ => (severity, String::new()),
        };
        let message = format!("{what} of `{}` is {now}, above {limit}{history}", function.name);
        let region = function.location.region().copied();
        let finding = place(rule, severity, message, function.location.path(), region)
            .with_context(function.name.as_bytes())
            .with_heuristic(true)
            .with_fix("move a part with a name of its own into another function");
        found.push(finding);
    }
    found
}

fn finish(mut analysis: Analysis, change: &ChangeSet) -> Analysis {
    let count = u64::try_from(analysis.functions.len()).unwrap_or(u64::MAX);
    let figures: [(_, Figure); 2] = [
        (metric::COGNITIVE_COMPLEXITY_MAX, |c| c.cognitive),
        (metric::CYCLOMATIC_COMPLEXITY_MAX, |c| c.cyclomatic),
    ];
    for (id, figure) in figures {
        let highest = analysis.functions.iter().map(|f| figure(&f.now)).max();
        let measure = highest.zip(MetricId::new(id).ok()).and_then(|(highest, id)| {
            let measure = Measure::number(id, f64::from(highest), Unit::Count).ok()?;
            Some(measure.with_scope(Scope::NewCode).with_sample_size(count))
        });
        analysis.measures.extend(measure);
    }
    marked_and_settled(analysis, change)
}
