//! The traits that analyzers and scanners implement.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use async_trait::async_trait;

use crate::{Analysis, ChangeSet, Context, Descriptor, ValueError};

/// Looks at a change and reports what it finds.
///
/// # Contract
///
/// - `descriptor` is cheap and always says the same; its id is unique in a pipeline.
/// - `analyze` returns findings and measures; it gives no scores and no verdict. What it could not look at
///   belongs in [`Analysis::skipped`]; an error means that it says nothing about the change at all.
/// - The same change and context give the same analysis. Time, randomness and the outside world come in through
///   the [`Context`] or the implementation's own fields.
/// - It runs in the caller's task beside others: await [`Context::checkpoint`] between files, so that others can
///   run and a cancelled run ends. Dropping the future must be safe at every await.
/// - A panic is caught by the pipeline and is this analyzer's result alone; a loop that never awaits cannot be
///   stopped by anyone.
///
/// # Example
///
/// ```
/// use devops_core::{
///     Analysis, Analyzer, AnalyzerError, AnalyzerKind, ChangeSet, Context, Descriptor, Finding, Location,
///     RuleId, Severity,
/// };
///
/// #[derive(Debug)]
/// struct NoBinaries(Descriptor);
///
/// #[async_trait::async_trait]
/// impl Analyzer for NoBinaries {
///     fn descriptor(&self) -> &Descriptor {
///         &self.0
///     }
///
///     async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
///         let mut analysis = Analysis::new();
///         for file in change.files() {
///             context.checkpoint().await?;
///             if let (true, Some(path)) = (file.is_binary(), file.new_path()) {
///                 let finding = Finding::new(RuleId::new("binary")?, Severity::Major, "binary file added")
///                     .at(Location::new(path.clone()));
///                 analysis.findings.push(finding);
///             }
///         }
///         Ok(analysis)
///     }
/// }
///
/// # futures::executor::block_on(async {
/// let analyzer = NoBinaries(Descriptor::new("no-binaries", AnalyzerKind::Code)?);
/// let analysis = analyzer.analyze(&ChangeSet::default(), &Context::new()).await?;
/// assert!(analysis.findings.is_empty());
/// # Ok::<(), AnalyzerError>(()) }).unwrap();
/// ```
#[async_trait]
pub trait Analyzer: Send + Sync + fmt::Debug {
    /// What this implementation is.
    fn descriptor(&self) -> &Descriptor;

    /// Looks at the change.
    async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError>;
}

/// Looks at a change for security faults. The contract is that of [`Analyzer`].
///
/// ```
/// use devops_core::{Analyzer, AnalyzerKind, ChangeSet, Context, Scanner, ScannerExt, scanner_fn};
/// # use devops_core::Analysis;
///
/// let scanner = scanner_fn("nothing", AnalyzerKind::Sast, |_change, _context| Ok(Analysis::new()))?;
/// let analyzer = scanner.into_analyzer();
/// assert_eq!(analyzer.descriptor().id().as_str(), "nothing");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[async_trait]
pub trait Scanner: Send + Sync + fmt::Debug {
    /// What this implementation is.
    fn descriptor(&self) -> &Descriptor;

    /// Looks at the change.
    async fn scan(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError>;
}

/// Why an analyzer says nothing about a change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnalyzerError {
    /// It failed.
    #[error("{message}")]
    Failed {
        /// What happened, as it should be shown.
        message: String,
        /// Whether another try may succeed.
        transient: bool,
    },
    /// The run was cancelled.
    #[error("the run was cancelled")]
    Cancelled,
    /// More had to be looked at than the work budget allows.
    #[error(
        "the change is larger than the work budget of {budget} bytes: raise the budget or split the change"
    )]
    OverBudget {
        /// The budget.
        budget: u64,
    },
    /// A value was refused.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl AnalyzerError {
    /// A failure that another try would repeat.
    ///
    /// ```
    /// assert_eq!(devops_core::AnalyzerError::failed("no rules").to_string(), "no rules");
    /// ```
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed { message: message.into(), transient: false }
    }

    /// A failure that may pass, such as a busy service.
    #[must_use]
    pub fn transient(message: impl Into<String>) -> Self {
        Self::Failed { message: message.into(), transient: true }
    }

    /// Whether another try may succeed.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Failed { transient: true, .. })
    }
}

macro_rules! forward {
    ($trait_name:ident, $method:ident, $($kind:ty),*) => {$(
        #[async_trait]
        impl<T: $trait_name + ?Sized> $trait_name for $kind {
            fn descriptor(&self) -> &Descriptor {
                (**self).descriptor()
            }

            async fn $method(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
                (**self).$method(change, context).await
            }
        }
    )*};
}

forward!(Analyzer, analyze, &T, Arc<T>, Box<T>);
forward!(Scanner, scan, &T, Arc<T>, Box<T>);

/// What every [`Scanner`] can do besides.
pub trait ScannerExt: Scanner {
    /// The same as an [`Analyzer`], so that one runner serves both.
    fn into_analyzer(self) -> ScannerAnalyzer<Self>
    where
        Self: Sized,
    {
        ScannerAnalyzer(self)
    }
}

impl<T: Scanner> ScannerExt for T {}

/// A [`Scanner`] that is used as an [`Analyzer`].
#[derive(Debug, Clone)]
pub struct ScannerAnalyzer<S>(S);

#[async_trait]
impl<S: Scanner> Analyzer for ScannerAnalyzer<S> {
    fn descriptor(&self) -> &Descriptor {
        self.0.descriptor()
    }

    async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        self.0.scan(change, context).await
    }
}

/// A function with a descriptor; made by [`analyzer_fn`] and [`scanner_fn`].
#[derive(Clone)]
pub struct FnAnalyzer<F> {
    descriptor: Descriptor,
    run: F,
}

impl<F> FnAnalyzer<F> {
    /// The same with another descriptor.
    #[must_use]
    pub fn with_descriptor(self, descriptor: Descriptor) -> Self {
        Self { descriptor, ..self }
    }
}

impl<F> fmt::Debug for FnAnalyzer<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnAnalyzer").field("descriptor", &self.descriptor).finish_non_exhaustive()
    }
}

/// An [`Analyzer`] from a function.
///
/// # Errors
///
/// [`ValueError`] where `id` is no [`AnalyzerId`](crate::AnalyzerId).
///
/// ```
/// use devops_core::{Analysis, AnalyzerKind, Finding, RuleId, Severity, analyzer_fn};
///
/// let small = analyzer_fn("small-change", AnalyzerKind::Review, |change, _context| {
///     let mut analysis = Analysis::new();
///     if change.lines_added() > 400 {
///         analysis.findings.push(Finding::new(RuleId::new("too-large")?, Severity::Minor, "split this change"));
///     }
///     Ok(analysis)
/// })?;
/// # let _: &dyn devops_core::Analyzer = &small;
/// # Ok::<(), devops_core::ValueError>(())
/// ```
pub fn analyzer_fn<F>(id: &str, kind: crate::AnalyzerKind, run: F) -> Result<FnAnalyzer<F>, ValueError>
where
    F: Fn(&ChangeSet, &Context) -> Result<Analysis, AnalyzerError> + Send + Sync,
{
    Ok(FnAnalyzer { descriptor: Descriptor::new(id, kind)?, run })
}

/// A [`Scanner`] from a function; see [`analyzer_fn`].
///
/// # Errors
///
/// [`ValueError`] where `id` is no [`AnalyzerId`](crate::AnalyzerId).
pub fn scanner_fn<F>(id: &str, kind: crate::AnalyzerKind, run: F) -> Result<FnAnalyzer<F>, ValueError>
where
    F: Fn(&ChangeSet, &Context) -> Result<Analysis, AnalyzerError> + Send + Sync,
{
    analyzer_fn(id, kind, run)
}

#[async_trait]
impl<F> Analyzer for FnAnalyzer<F>
where
    F: Fn(&ChangeSet, &Context) -> Result<Analysis, AnalyzerError> + Send + Sync,
{
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        (self.run)(change, context)
    }
}

#[async_trait]
impl<F> Scanner for FnAnalyzer<F>
where
    F: Fn(&ChangeSet, &Context) -> Result<Analysis, AnalyzerError> + Send + Sync,
{
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn scan(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        (self.run)(change, context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AnalyzerKind;
    use alloc::vec::Vec;

    #[test]
    fn every_holder_is_an_analyzer() {
        let make =
            || analyzer_fn("a", AnalyzerKind::Code, |_, _| Ok(Analysis::new().with_note("ran"))).unwrap();
        let plain = make();
        let all: Vec<Box<dyn Analyzer>> =
            alloc::vec![Box::new(&plain), Box::new(Arc::new(make())), Box::new(Box::new(make()))];
        for analyzer in all {
            let (change, context) = (ChangeSet::default(), Context::new());
            let run = analyzer.analyze(&change, &context);
            assert_eq!(futures::executor::block_on(run).unwrap().notes, ["ran"]);
        }
    }
}
