//! What a tokenizer returns.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// A name or a keyword.
    Word,
    /// A number.
    Number,
    /// A string, or a piece of one between the `${…}` of a template literal.
    String,
    /// A character in single quotes, where the language has them.
    Char,
    /// A regular expression between slashes.
    Regex,
    /// A lifetime or label such as `'a`.
    Lifetime,
    /// A comment; of several lines where it is a block.
    Comment,
    /// An opening bracket: `(`, `[`, `{` or `${`.
    Open,
    /// A closing bracket: `)`, `]` or `}`.
    Close,
    /// Any other sign.
    Operator,
    /// Text between JSX tags.
    Text,
    /// A line for the preprocessor, with the lines that continue it.
    Directive,
    /// The end of a statement in Python.
    Newline,
    /// More indentation than before, in Python; has no text.
    Indent,
    /// Less indentation than before, in Python; has no text.
    Dedent,
}

/// A stretch of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
    /// The line of its first byte, from 1.
    pub line: u32,
}

impl Token {
    /// Its bytes in the source that it was read from; nothing for another source that is too short.
    ///
    /// ```
    /// use devops_analyzers::language::{Language, tokens};
    ///
    /// let source = b"x = 1";
    /// assert_eq!(tokens(Language::Python, source)[0].text(source), b"x");
    /// ```
    #[must_use]
    pub fn text<'a>(&self, source: &'a [u8]) -> &'a [u8] {
        source.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether it is neither a comment nor mere layout.
    ///
    /// ```
    /// use devops_analyzers::language::{Language, tokens};
    ///
    /// assert!(!tokens(Language::C, b"/* note */")[0].is_code());
    /// ```
    #[must_use]
    pub const fn is_code(&self) -> bool {
        !matches!(self.kind, TokenKind::Comment | TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent)
    }
}
