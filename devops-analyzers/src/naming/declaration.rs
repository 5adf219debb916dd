//! The names that a source declares.

use crate::language::{Language, Token};

/// What kind of thing a name is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NameKind {
    /// A function or method.
    Function,
    /// A type: a class, struct, enumeration, interface or alias.
    Type,
    /// A constant.
    Constant,
    /// A variable.
    Variable,
    /// A choice of an enumeration.
    Variant,
    /// A module or namespace.
    Module,
}

impl NameKind {
    /// How the kind is called.
    ///
    /// ```
    /// assert_eq!(devops_analyzers::naming::NameKind::Function.as_str(), "function");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Type => "type",
            Self::Constant => "constant",
            Self::Variable => "variable",
            Self::Variant => "variant",
            Self::Module => "module",
        }
    }
}

/// A name that a source declares.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Declaration {
    /// The name.
    pub name: String,
    /// What it is given to.
    pub kind: NameKind,
    /// Its line, from 1.
    pub line: u32,
    /// Its first byte in the source.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
    /// Whether something near it says that others chose the name: an attribute, `extern`, an override.
    pub given: bool,
}

/// The names that a source declares; none for a language that is not known well enough.
///
/// It errs on the side of leaving names out: parameters and fields are not among them.
///
/// ```
/// use devops_analyzers::language::Language;
/// use devops_analyzers::naming::{NameKind, declarations};
///
/// let found = declarations(Language::Rust, b"struct Tree; fn grow(by: u8) { let new_size = by; }");
/// let shown: Vec<_> = found.iter().map(|d| (&*d.name, d.kind)).collect();
/// assert_eq!(
///     shown,
///     [("Tree", NameKind::Type), ("grow", NameKind::Function), ("new_size", NameKind::Variable)]
/// );
/// ```
#[must_use]
pub fn declarations(language: Language, source: &[u8]) -> Vec<Declaration> {
    let tokens: Vec<Token> = crate::language::tokens(language, source)
        .into_iter()
        .filter(|t| t.kind != crate::language::TokenKind::Comment)
        .collect();
    let reader = Reader { source, tokens: &tokens };
    match language {
        Language::Rust => super::rust::declared(&reader),
        Language::Python => super::python::declared(&reader),
        Language::JavaScript | Language::TypeScript | Language::Tsx => super::script::declared(&reader),
        Language::Go => super::go::declared(&reader),
        Language::Java => super::java::declared(&reader),
        _ => Vec::new(),
    }
}

/// Tokens by number, with their texts.
pub(super) struct Reader<'a> {
    source: &'a [u8],
    pub(super) tokens: &'a [Token],
}

impl<'a> Reader<'a> {
    pub(super) fn text(&self, at: usize) -> &'a [u8] {
        self.tokens.get(at).map_or(&[], |t| t.text(self.source))
    }

    /// The text so many tokens before.
    pub(super) fn before(&self, at: usize, back: usize) -> &'a [u8] {
        at.checked_sub(back).map_or(&[], |at| self.text(at))
    }

    /// The text so many tokens behind.
    pub(super) fn behind(&self, at: usize, ahead: usize) -> &'a [u8] {
        self.text(at.saturating_add(ahead))
    }

    pub(super) fn kind(&self, at: usize) -> Option<crate::language::TokenKind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    /// The declaration of the word with that number; `None` where it is no word of UTF-8.
    pub(super) fn declare(&self, at: usize, kind: NameKind) -> Option<Declaration> {
        let token = self.tokens.get(at).filter(|t| t.kind == crate::language::TokenKind::Word)?;
        let name = core::str::from_utf8(token.text(self.source)).ok()?;
        Some(Declaration {
            name: name.to_owned(),
            kind,
            line: token.line,
            start: token.start,
            end: token.end,
            given: false,
        })
    }
}
