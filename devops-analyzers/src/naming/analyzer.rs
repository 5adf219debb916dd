//! The analyzer of names.

use async_trait::async_trait;
use devops_core::{
    Analysis, Analyzer, AnalyzerError, AnalyzerKind, ChangeSet, Context, Descriptor, FileChange, Skipped,
    ValueError,
};

use super::config::NamingConfig;
use super::convention::{convention, is_fine};
use super::declaration::{Declaration, NameKind, declarations};
use crate::language::Language;
use crate::new_side::{Found, NewSide, Piece, View, marked_and_settled, view, work};

/// Finds names that the change declares and that break the conventions of their language.
///
/// ```
/// use devops_analyzers::naming::{NamingAnalyzer, NamingConfig};
/// use devops_core::{Analyzer, ChangeSet, Context};
///
/// let change = ChangeSet::from_diff(b"--- a/x.py\n+++ b/x.py\n@@ -1 +1,2 @@\n a = 1\n+def lineCount(): pass\n")?;
/// let analyzer = NamingAnalyzer::new(NamingConfig::default())?;
/// # futures::executor::block_on(async {
/// let analysis = analyzer.analyze(&change, &Context::new()).await?;
/// assert_eq!(
///     analysis.findings[0].to_string(),
///     "minor x.py:2:5: function `lineCount` is not in snake_case: `line_count` [naming/function]"
/// );
/// # Ok::<(), devops_core::AnalyzerError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct NamingAnalyzer {
    descriptor: Descriptor,
    config: NamingConfig,
}

impl NamingAnalyzer {
    /// With that configuration.
    ///
    /// # Errors
    ///
    /// None in practice: its id is well-formed.
    pub fn new(config: NamingConfig) -> Result<Self, ValueError> {
        let descriptor = Descriptor::new("naming", AnalyzerKind::Naming)?.with_version("1");
        Ok(Self { descriptor, config })
    }

    /// The configuration.
    #[must_use]
    pub const fn config(&self) -> &NamingConfig {
        &self.config
    }
}

#[async_trait]
impl Analyzer for NamingAnalyzer {
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

/// The names in the added lines of a change that break the conventions of their language.
///
/// ```
/// use devops_analyzers::naming::{NamingConfig, check};
/// use devops_core::ChangeSet;
///
/// let change = ChangeSet::from_diff(b"--- a/x.rs\n+++ b/x.rs\n@@ -1 +1,2 @@\n a();\n+struct line_count;\n")?;
/// let analysis = check(&change, &NamingConfig::default());
/// assert_eq!(analysis.findings[0].rule().as_str(), "naming/type");
/// # Ok::<(), devops_core::DiffError>(())
/// ```
#[must_use]
pub fn check(change: &ChangeSet, config: &NamingConfig) -> Analysis {
    let mut analysis = Analysis::new();
    for file in change.files() {
        look(&mut analysis, file, config);
    }
    marked_and_settled(analysis, change)
}

/// The names that break a convention, in a whole source.
///
/// ```
/// use devops_analyzers::language::Language;
/// use devops_analyzers::naming::misnamed;
///
/// let found = misnamed(Language::Go, b"func line_count() {}\nfunc lineCount() {}\n");
/// assert_eq!(found.iter().map(|d| &*d.name).collect::<Vec<_>>(), ["line_count"]);
/// ```
#[must_use]
pub fn misnamed(language: Language, source: &[u8]) -> Vec<Declaration> {
    declarations(language, source).into_iter().filter(|d| !is_fine(language, d)).collect()
}

fn look(analysis: &mut Analysis, file: &FileChange, config: &NamingConfig) {
    let side = match view(file) {
        View::Text(side) => side,
        View::Nothing => return,
        View::Skipped(reason) => {
            let what = file.new_path().map(ToString::to_string).unwrap_or_default();
            return analysis.skipped.push(Skipped { what, reason: reason.to_owned() });
        }
    };
    let Some(language) = side.language.filter(|_| !is_about_others(&side)) else { return };
    for piece in &side.pieces {
        let wrong = misnamed(language, &piece.text);
        let starts = piece.line_starts();
        let wrong = wrong.iter().filter(|d| !config.ignores(d.kind) && !config.ignores_name(&d.name));
        for declaration in wrong.filter(|d| side.is_added(piece.line(d.line))) {
            analysis.findings.push(finding(&side, piece, &starts, language, declaration, config));
        }
    }
}

/// Declarations of what other code defines, and Go's tests, whose names are made of the names they test.
fn is_about_others(side: &NewSide<'_>) -> bool {
    let name = side.path.file_name();
    name.ends_with(".d.ts") || name.ends_with(".d.mts") || name.ends_with("_test.go")
}

fn finding(
    side: &NewSide<'_>,
    piece: &Piece<'_>,
    starts: &[usize],
    language: Language,
    declaration: &Declaration,
    config: &NamingConfig,
) -> devops_core::Finding {
    let name = &declaration.name;
    let index = usize::try_from(declaration.line).unwrap_or(usize::MAX).saturating_sub(1);
    let start = starts.get(index).copied().unwrap_or(0);
    let column = |at: usize| at.saturating_sub(start);
    let styles = convention(language, declaration.kind);
    let asked: Vec<&str> = styles.iter().map(|style| style.as_str()).collect();
    let better = styles.first().map(|style| style.convert(name)).unwrap_or_default();
    let kind = declaration.kind.as_str();
    let what = Found {
        rule: rule(declaration.kind),
        severity: config.severity(),
        message: format!("{kind} `{name}` is not in {}: `{better}`", asked.join(" or ")),
        line: piece.line(declaration.line),
        columns: column(declaration.start)..column(declaration.end),
        context: name.as_bytes(),
    };
    side.finding(&what).with_fix(format!("rename it to `{better}`"))
}

const fn rule(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Function => "naming/function",
        NameKind::Type => "naming/type",
        NameKind::Constant => "naming/constant",
        NameKind::Variable => "naming/variable",
        NameKind::Variant => "naming/variant",
        NameKind::Module => "naming/module",
    }
}
