//! The figures of functions and files.

use crate::language::Language;
use devops_core::Complexity;

/// How complex one function is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct FunctionMetrics {
    /// Its name; `<anonymous>` where it has none.
    pub name: String,
    /// The type, class or receiver that it belongs to; empty where there is none.
    pub owner: String,
    /// Its first line, from 1: that of its keyword or name.
    pub start_line: u32,
    /// Its last line.
    pub end_line: u32,
    /// Cognitive complexity (Campbell 2018).
    pub cognitive: u32,
    /// Cyclomatic complexity (McCabe 1976): 1 + decisions.
    pub cyclomatic: u32,
}

impl FunctionMetrics {
    /// How many lines it has.
    ///
    /// ```
    /// use devops_analyzers::{complexity::functions, language::Language};
    ///
    /// assert_eq!(functions(Language::Go, b"func f() {\n}\n")[0].lines(), 2);
    /// ```
    #[must_use]
    pub const fn lines(&self) -> u32 {
        self.end_line.saturating_sub(self.start_line).saturating_add(1)
    }

    /// Its three figures.
    #[must_use]
    pub const fn complexity(&self) -> Complexity {
        Complexity { cognitive: self.cognitive, cyclomatic: self.cyclomatic, lines: self.lines() }
    }

    /// Its name with its owner before it, as the language writes it.
    ///
    /// ```
    /// use devops_analyzers::{complexity::functions, language::Language};
    ///
    /// let source = b"impl Tree { fn grow(&self) {} }";
    /// assert_eq!(functions(Language::Rust, source)[0].qualified_name(Language::Rust), "Tree::grow");
    /// ```
    #[must_use]
    pub fn qualified_name(&self, language: Language) -> String {
        let separator = match language {
            Language::Rust | Language::Cpp | Language::Php => "::",
            _ => ".",
        };
        if self.owner.is_empty() {
            self.name.clone()
        } else {
            format!("{}{separator}{}", self.owner, self.name)
        }
    }
}

/// How complex a file is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileMetrics {
    /// Its functions, in the order of their first lines.
    pub functions: Vec<FunctionMetrics>,
    /// Cognitive complexity of the code outside functions.
    pub outside: u32,
    /// Decisions in the code outside functions.
    pub outside_decisions: u32,
}

impl FileMetrics {
    /// The cognitive complexity of the whole file: its functions and the code outside them.
    ///
    /// ```
    /// use devops_analyzers::{complexity::file, language::Language};
    ///
    /// let source = b"def f(a):\n    if a:\n        return 1\n\nif f(1):\n    f(2)\n";
    /// assert_eq!(file(Language::Python, source).unwrap().cognitive(), 2);
    /// ```
    #[must_use]
    pub fn cognitive(&self) -> u32 {
        self.functions.iter().fold(self.outside, |sum, f| sum.saturating_add(f.cognitive))
    }
}

/// What has been counted so far, inside one function or outside all.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) cognitive: u32,
    pub(super) decisions: u32,
}

impl Tally {
    pub(super) const fn add(&mut self, cognitive: u32, decisions: u32) {
        self.cognitive = self.cognitive.saturating_add(cognitive);
        self.decisions = self.decisions.saturating_add(decisions);
    }
}
