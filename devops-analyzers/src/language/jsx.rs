//! JSX: tags, their text, and the code in `{…}` between them.

use super::lexer::{Lexer, is_word_start};
use super::{Language, TokenKind};

/// What an open brace or tag of JavaScript is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A brace of code.
    Brace,
    /// `${` of a template literal.
    Template,
    /// Between `<` and `>`.
    Tag {
        /// It started with `</`.
        closing: bool,
    },
    /// Between a tag and its closing tag.
    Children,
}

impl Lexer<'_> {
    /// Whether a `<` where a value may begin starts a tag.
    pub(super) fn starts_jsx(&self) -> bool {
        if self.language == Language::TypeScript {
            return false;
        }
        let next = self.byte(1);
        if next == b'>' {
            return true;
        }
        if !is_word_start(next) {
            return false;
        }
        // `<T,>(x: T) => x` and `<T extends U>(x: T) => x` are generic functions.
        let rest = self.rest().get(1..).unwrap_or_default();
        let name = rest.iter().take(200).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        let behind = rest.get(name..).unwrap_or_default();
        !behind.starts_with(b",") && !behind.starts_with(b" extends ")
    }

    /// One token between `<` and `>`.
    pub(super) fn jsx_tag(&mut self) {
        let start = self.at;
        let closing = self.modes.last() == Some(&Mode::Tag { closing: true });
        match self.byte(0) {
            b'\n' => {
                self.advance(1);
                self.line = self.line.saturating_add(1);
            }
            byte if byte.is_ascii_whitespace() => self.advance(1),
            b'/' if start > 0 && self.source.get(start.saturating_sub(1)) == Some(&b'<') => {
                self.advance(1);
                self.push(TokenKind::Operator, start);
                if let Some(mode) = self.modes.last_mut() {
                    *mode = Mode::Tag { closing: true };
                }
            }
            b'/' if self.byte(1) == b'>' => {
                self.advance(2);
                self.modes.pop();
                self.push(TokenKind::Operator, start);
                self.value_ends = true;
            }
            b'>' => {
                self.advance(1);
                self.modes.pop();
                if closing {
                    // The children that this tag closes.
                    self.modes.pop();
                } else {
                    self.modes.push(Mode::Children);
                }
                self.push(TokenKind::Operator, start);
                self.value_ends = true;
            }
            quote @ (b'"' | b'\'') => {
                self.advance(1);
                self.skip_past(&[quote]);
                self.push(TokenKind::String, start);
            }
            b'{' => {
                self.advance(1);
                self.modes.push(Mode::Brace);
                self.push(TokenKind::Open, start);
            }
            byte if is_word_start(byte) => {
                self.skip_while(|b| {
                    is_word_start(b) || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b':')
                });
                self.push(TokenKind::Word, start);
            }
            _ => {
                self.advance(1);
                self.push(TokenKind::Operator, start);
            }
        }
    }

    /// One token between tags.
    pub(super) fn jsx_children(&mut self) {
        let start = self.at;
        match self.byte(0) {
            b'<' => {
                self.advance(1);
                self.modes.push(Mode::Tag { closing: false });
                self.push(TokenKind::Operator, start);
            }
            b'{' => {
                self.advance(1);
                self.modes.push(Mode::Brace);
                self.push(TokenKind::Open, start);
            }
            _ => {
                self.skip_while(|b| !matches!(b, b'<' | b'{'));
                let text = self.source.get(start..self.at).unwrap_or_default();
                if text.iter().all(u8::is_ascii_whitespace) {
                    let lines = text.iter().filter(|b| **b == b'\n').count();
                    self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
                } else {
                    self.push(TokenKind::Text, start);
                }
            }
        }
    }
}
