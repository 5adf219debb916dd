//! Which language a file is in, and its tokens.
//!
//! [`Language::detect`] goes by the file's name and, where that says nothing, by its `#!` line. [`tokens`]
//! splits bytes into comments, strings, names, numbers and operators. It is a light tokenizer: it knows no
//! grammar, takes any bytes, never fails and takes time in proportion to its input.
//!
//! ```
//! use devops_analyzers::language::{Language, TokenKind, tokens};
//!
//! let source = b"let a = 'x'; // it's a char\nfn f<'a>() {}";
//! let kinds: Vec<TokenKind> = tokens(Language::Rust, source).iter().map(|t| t.kind).collect();
//! assert!(kinds.contains(&TokenKind::Char) && kinds.contains(&TokenKind::Lifetime));
//! assert_eq!(kinds.iter().filter(|k| **k == TokenKind::Comment).count(), 1);
//! ```

mod detect;
mod generated;
mod jsx;
mod lexer;
mod literal;
mod syntax;
mod token;

pub use detect::Language;
pub use generated::{generated_reason, skip_reason};
pub use token::{Token, TokenKind};

/// Splits a source into its tokens; white space is left out.
///
/// Only Python has [`TokenKind::Newline`], [`TokenKind::Indent`] and [`TokenKind::Dedent`], as in its own
/// grammar. What is inside `${…}` of a template literal and `{…}` of JSX is split like other code. What never
/// ends (a string, a comment) ends with its line or with the source.
///
/// ```
/// use devops_analyzers::language::{Language, tokens};
///
/// let source = b"total := a + 1 // sum";
/// let texts: Vec<&[u8]> = tokens(Language::Go, source).iter().map(|t| t.text(source)).collect();
/// assert_eq!(texts, [&b"total"[..], b":=", b"a", b"+", b"1", b"// sum"]);
/// ```
#[must_use]
pub fn tokens(language: Language, source: &[u8]) -> Vec<Token> {
    lexer::Lexer::new(language, source).run()
}

#[cfg(test)]
mod tests;
