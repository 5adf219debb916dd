//! A set of rules, ready to scan with.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::allowlist::{Allowlist, Origin};
use super::error::RuleError;
use super::load;
use super::rule::Rule;

/// A set of rules with what is allowed everywhere; cheap to clone.
///
/// ```
/// use devops_analyzers::secrets::{Fragment, RuleSet};
///
/// let rules = RuleSet::from_toml(
///     r#"
///     [[rules]]
///     id = "corp-token"
///     description = "Token of our own services"
///     regex = '''\bcorp_([0-9a-f]{16})\b'''
///     keywords = ["corp_"]
///     entropy = 3
///     "#,
/// )?;
/// let found = rules.scan(&Fragment::new(b"key: corp_0123456789abcdef"));
/// assert_eq!(found[0].rule().id(), "corp-token");
/// assert_eq!(found[0].secret_range(), 10..26);
/// assert!(rules.scan(&Fragment::new(b"key: corp_0000000000000000")).is_empty());
/// # Ok::<(), devops_analyzers::secrets::RuleError>(())
/// ```
#[derive(Clone)]
pub struct RuleSet(Arc<Inner>);

struct Inner {
    rules: Vec<Arc<Rule>>,
    allowlists: Vec<Allowlist>,
    warnings: Vec<String>,
    prefilter: OnceLock<Prefilter>,
}

/// Finds out in one pass which rules can match at all.
struct Prefilter {
    /// `None` where no rule has keywords.
    keywords: Option<AhoCorasick>,
    /// The rules of each keyword, by position.
    rules: Vec<Vec<usize>>,
    /// The rules without keywords.
    always: Vec<usize>,
}

impl RuleSet {
    /// The rules of this crate: well-known forms of tokens, private keys, passwords in URLs and commands, and
    /// values that are assigned to telling names. They are compiled when a text first needs them.
    ///
    /// ```
    /// use devops_analyzers::secrets::RuleSet;
    ///
    /// assert!(RuleSet::builtin().rules().count() > 200);
    /// ```
    #[must_use]
    pub fn builtin() -> Self {
        static BUILTIN: OnceLock<RuleSet> = OnceLock::new();
        BUILTIN
            .get_or_init(|| {
                load::builtin().unwrap_or_else(|_| Self::from_parts(Vec::new(), Vec::new(), Vec::new()))
            })
            .clone()
    }

    /// Reads a rule file in the format of gitleaks 8: `[[rules]]`, `[allowlist]`, `[[allowlists]]`, `[extend]`
    /// with `useDefault` (which stands for [`RuleSet::builtin`]) and `disabledRules`. Regular expressions are in
    /// Go's syntax. Fields that are not known are left out and named in [`RuleSet::warnings`].
    ///
    /// # Errors
    ///
    /// [`RuleError`] with the rule and the field.
    ///
    /// ```
    /// use devops_analyzers::secrets::RuleSet;
    ///
    /// let rules = RuleSet::from_toml("[extend]\nuseDefault = true\ndisabledRules = ['github-pat']")?;
    /// assert!(rules.get("github-pat").is_none());
    /// assert!(rules.get("gitlab-pat").is_some());
    /// # Ok::<(), devops_analyzers::secrets::RuleError>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, RuleError> {
        load::from_toml(text, None)
    }

    /// Reads a rule file that builds on `base`, whatever its `[extend]` section says it builds on: a rule with
    /// the id of one of `base` changes that rule, others are added.
    ///
    /// # Errors
    ///
    /// [`RuleError`] with the rule and the field.
    ///
    /// ```
    /// use devops_analyzers::secrets::RuleSet;
    ///
    /// let base = RuleSet::from_toml("[[rules]]\nid = 'a'\nregex = 'a+'")?;
    /// let rules = RuleSet::from_toml_over("[[rules]]\nid = 'b'\nregex = 'b+'", &base)?;
    /// assert_eq!(rules.rules().count(), 2);
    /// # Ok::<(), devops_analyzers::secrets::RuleError>(())
    /// ```
    pub fn from_toml_over(text: &str, base: &Self) -> Result<Self, RuleError> {
        load::from_toml(text, Some(base))
    }

    pub(super) fn from_parts(
        rules: Vec<Arc<Rule>>,
        allowlists: Vec<Allowlist>,
        warnings: Vec<String>,
    ) -> Self {
        Self(Arc::new(Inner { rules, allowlists, warnings, prefilter: OnceLock::new() }))
    }

    /// The rules, in the order of the file.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.0.rules.iter().map(|rule| &**rule)
    }

    /// The rule with that id in the rule file.
    ///
    /// ```
    /// assert!(devops_analyzers::secrets::RuleSet::builtin().get("no-such-rule").is_none());
    /// ```
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules().find(|rule| rule.id() == id)
    }

    /// What was left out when the rules were read, one sentence each.
    ///
    /// ```
    /// use devops_analyzers::secrets::RuleSet;
    ///
    /// let rules = RuleSet::from_toml("[[rules]]\nid = 'a'\nregex = 'b'\nentropie = 3")?;
    /// assert_eq!(rules.warnings(), ["rule `a`: field `entropie` is not known and was left out"]);
    /// # Ok::<(), devops_analyzers::secrets::RuleError>(())
    /// ```
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.0.warnings
    }

    /// The same with only the rules of those ids, and what they require; what is allowed stays.
    ///
    /// ```
    /// use devops_analyzers::secrets::RuleSet;
    ///
    /// let rules = RuleSet::builtin().only(&["jwt", "private-key"]);
    /// assert_eq!(rules.rules().count(), 2);
    /// ```
    #[must_use]
    pub fn only(&self, ids: &[&str]) -> Self {
        let wanted = |rule: &&Arc<Rule>| {
            let required = |other: &Arc<Rule>| {
                ids.contains(&other.id()) && other.required.iter().any(|r| r.id == rule.id)
            };
            ids.contains(&rule.id()) || self.0.rules.iter().any(required)
        };
        let rules = self.0.rules.iter().filter(wanted).cloned().collect();
        Self::from_parts(rules, self.0.allowlists.clone(), self.0.warnings.clone())
    }

    pub(super) fn shared_rules(&self) -> &[Arc<Rule>] {
        &self.0.rules
    }

    /// What is allowed outside of rules.
    pub(super) fn allowlists(&self) -> &[Allowlist] {
        &self.0.allowlists
    }

    /// Whether everything at that path is allowed.
    pub(super) fn allows_path(&self, path: &[u8]) -> bool {
        let origin = Origin { path: Some(path), commit: None };
        self.allowlists().iter().any(|list| list.target_rules.is_empty() && list.allows_origin(origin))
    }

    /// The rules that can match in `text`, in the order of the file.
    pub(super) fn candidates(&self, text: &[u8]) -> Vec<&Arc<Rule>> {
        let prefilter = self.0.prefilter.get_or_init(|| Prefilter::new(&self.0.rules));
        let mut wanted = vec![false; self.0.rules.len()];
        prefilter.mark(text, &mut wanted);
        self.0.rules.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(rule, _)| rule).collect()
    }
}

impl Prefilter {
    fn new(rules: &[Arc<Rule>]) -> Self {
        let mut by_keyword: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut always = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            if rule.keywords.is_empty() {
                always.push(at);
            }
            for keyword in &rule.keywords {
                by_keyword.entry(keyword).or_default().push(at);
            }
        }
        let keywords = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(by_keyword.keys())
            .ok();
        if keywords.is_none() {
            // Without a prefilter every rule has to run.
            return Self { keywords: None, rules: Vec::new(), always: (0..rules.len()).collect() };
        }
        Self { keywords, rules: by_keyword.into_values().collect(), always }
    }

    fn mark(&self, text: &[u8], wanted: &mut [bool]) {
        let mut set = |at: usize| {
            if let Some(flag) = wanted.get_mut(at) {
                *flag = true;
            }
        };
        self.always.iter().copied().for_each(&mut set);
        let Some(keywords) = &self.keywords else { return };
        let mut seen = vec![false; self.rules.len()];
        let mut missing = self.rules.len();
        for found in keywords.find_overlapping_iter(text) {
            let at = found.pattern().as_usize();
            let Some(flag) = seen.get_mut(at) else { continue };
            if *flag {
                continue;
            }
            *flag = true;
            self.rules.get(at).into_iter().flatten().copied().for_each(&mut set);
            missing = missing.saturating_sub(1);
            if missing == 0 {
                break;
            }
        }
    }
}

impl std::fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuleSet")
            .field("rules", &self.0.rules.len())
            .field("allowlists", &self.0.allowlists.len())
            .field("warnings", &self.0.warnings)
            .finish()
    }
}
