//! The scanner of changes.

use async_trait::async_trait;
use devops_core::{
    Analysis, AnalyzerError, AnalyzerKind, ChangeSet, Context, Descriptor, Scanner, ValueError,
};

use super::change::{Options, scan_file, work};
use super::rule_set::RuleSet;
use crate::suppress::mark_inline;

/// Finds the secrets that a change brings.
///
/// It looks at the new side of each hunk and reports what stands in added lines; a secret over several lines is
/// found where the hunk holds it whole. What the rules' allow-lists name is left out. Lines marked
/// `gitleaks:allow` or `devops:allow` stay in the report, suppressed. No finding holds more of a secret than its
/// first characters and its length.
///
/// ```
/// use devops_analyzers::secrets::SecretScanner;
/// use devops_core::{ChangeSet, Context, Scanner, Severity};
///
/// let token = format!("ghp_{}", "x1Y2z3W4v5U6t7S8r9Q0".repeat(2).split_at(36).0);
/// let diff = format!("--- a/ci.env\n+++ b/ci.env\n@@ -1 +1,2 @@\n A=1\n+TOKEN={token}\n");
/// let change = ChangeSet::from_diff(diff.as_bytes())?;
///
/// # futures::executor::block_on(async {
/// let analysis = SecretScanner::new()?.scan(&change, &Context::new()).await?;
/// let finding = &analysis.findings[0];
/// assert_eq!(finding.severity(), Severity::Critical);
/// assert_eq!(
///     finding.to_string(),
///     "critical ci.env:2:7: GitHub personal access token: `ghp_… (40 bytes)` [secrets/github-pat]"
/// );
/// # Ok::<(), devops_core::AnalyzerError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SecretScanner {
    descriptor: Descriptor,
    rules: RuleSet,
    decode_depth: u8,
    hash_key: Vec<u8>,
}

impl SecretScanner {
    /// A scanner with the built-in rules.
    ///
    /// # Errors
    ///
    /// None in practice: its id is well-formed.
    pub fn new() -> Result<Self, ValueError> {
        Self::with_rules(RuleSet::builtin())
    }

    /// A scanner with those rules.
    ///
    /// # Errors
    ///
    /// None in practice: its id is well-formed.
    ///
    /// ```
    /// use devops_analyzers::secrets::{RuleSet, SecretScanner};
    /// use devops_core::Scanner;
    ///
    /// let scanner = SecretScanner::with_rules(RuleSet::builtin().only(&["private-key"]))?;
    /// assert_eq!(scanner.descriptor().id().as_str(), "secrets");
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn with_rules(rules: RuleSet) -> Result<Self, ValueError> {
        let descriptor = Descriptor::new("secrets", AnalyzerKind::Secrets)?.with_version("1");
        Ok(Self { descriptor, rules, decode_depth: 0, hash_key: Vec::new() })
    }

    /// With another descriptor: another id beside a second scanner, or required.
    #[must_use]
    pub fn with_descriptor(self, descriptor: Descriptor) -> Self {
        Self { descriptor, ..self }
    }

    /// With encodings decoded up to that depth; see
    /// [`Fragment::with_decode_depth`](super::Fragment::with_decode_depth).
    #[must_use]
    pub fn with_decode_depth(self, decode_depth: u8) -> Self {
        Self { decode_depth, ..self }
    }

    /// With a key for the hashes in fingerprints, so that short passwords cannot be guessed from a published
    /// report. Baselines hold only between runs with the same key; the default is the empty key.
    #[must_use]
    pub fn with_hash_key(self, key: impl Into<Vec<u8>>) -> Self {
        Self { hash_key: key.into(), ..self }
    }

    /// The rules.
    #[must_use]
    pub const fn rules(&self) -> &RuleSet {
        &self.rules
    }

    fn analyze_file(&self, analysis: &mut Analysis, file: &devops_core::FileChange, commit: Option<&str>) {
        let options = Options { commit, decode_depth: self.decode_depth, hash_key: &self.hash_key };
        analysis.findings.extend(scan_file(&self.rules, file, options));
        if let (true, Some(path)) = (file.is_binary(), file.new_path())
            && !self.rules.allows_path(path.as_bytes())
        {
            analysis.skipped.push(devops_core::Skipped {
                what: path.to_string(),
                reason: "binary: the diff does not show what it holds".to_owned(),
            });
        }
    }
}

/// Shows everything but the key.
impl std::fmt::Debug for SecretScanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretScanner")
            .field("descriptor", &self.descriptor)
            .field("rules", &self.rules)
            .field("decode_depth", &self.decode_depth)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Scanner for SecretScanner {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn scan(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        let mut analysis = Analysis::new();
        let commit = change.commit().map(|commit| commit.id.as_str());
        for file in change.files() {
            context.checkpoint().await?;
            context.spend(work(file))?;
            self.analyze_file(&mut analysis, file, commit);
        }
        analysis.findings = mark_inline(analysis.findings, change).findings;
        analysis.notes.extend(self.rules.warnings().iter().cloned());
        Ok(analysis.settled())
    }
}
