//! Strings, characters and regular expressions of each language.

use super::jsx::Mode;
use super::lexer::{Lexer, is_word_start};
use super::{Language, TokenKind};

/// How far the end of a regular expression or of a `{…}` in a Python string is looked for, in bytes.
const LOOK_AHEAD: usize = 1024;

impl Lexer<'_> {
    /// Reads a string, character or regular expression that starts here; false where none does.
    pub(super) fn literal(&mut self) -> bool {
        match self.language {
            Language::Rust => self.rust_literal(),
            Language::Python => self.python_string(),
            Language::JavaScript | Language::TypeScript | Language::Tsx => self.javascript_literal(),
            Language::C | Language::Cpp => self.c_literal(),
            Language::CSharp => self.c_sharp_literal(),
            Language::Swift => self.swift_literal(),
            _ => self.plain_literal(),
        }
    }

    fn plain_literal(&mut self) -> bool {
        let start = self.at;
        let byte = self.byte(0);
        if byte == b'"' && self.syntax.triple && self.rest().starts_with(b"\"\"\"") {
            self.advance(3);
            self.triple_end(b"\"\"\"", self.language == Language::Java);
        } else if self.syntax.quotes.contains(&byte) {
            self.quoted(byte, false);
        } else if self.syntax.long_quotes.contains(&byte) {
            self.quoted(byte, true);
        } else if self.syntax.raw_quotes.contains(&byte) {
            self.advance(1);
            self.skip_past(&[byte]);
        } else if self.syntax.chars && byte == b'\'' {
            self.quoted(b'\'', false);
            self.push(TokenKind::Char, start);
            return true;
        } else {
            return false;
        }
        self.push(TokenKind::String, start);
        true
    }

    /// From a quote to its partner, over escapes; without a partner to the end of the line, or of the source
    /// where the string may be long.
    fn quoted(&mut self, quote: u8, long: bool) {
        self.advance(1);
        loop {
            self.skip_while(|b| b != quote && b != b'\\' && (long || b != b'\n'));
            match self.byte(0) {
                b'\\' if self.byte(1) == b'\r' && self.byte(2) == b'\n' => self.advance(3),
                b'\\' => self.advance(2),
                byte if byte == quote => return self.advance(1),
                _ => return,
            }
        }
    }

    fn triple_end(&mut self, quotes: &[u8], escapes: bool) {
        let Some(quote) = quotes.first() else { return };
        while self.at < self.source.len() {
            self.skip_while(|b| b != *quote && !(escapes && b == b'\\'));
            if self.rest().starts_with(quotes) {
                return self.advance(quotes.len());
            }
            self.advance(if self.byte(0) == b'\\' { 2 } else { 1 });
        }
    }

    fn rust_literal(&mut self) -> bool {
        let start = self.at;
        let prefix = match self.rest() {
            [b'b' | b'c', b'r', b'"' | b'#', ..] => 2,
            [b'r', b'"' | b'#', ..] | [b'b' | b'c', b'"', ..] | [b'b', b'\'', ..] => 1,
            [b'"' | b'\'', ..] => 0,
            _ => return false,
        };
        let raw = prefix > 0 && self.byte(prefix_before(prefix)) == b'r';
        if raw {
            let hashes = self.rest().iter().skip(prefix).take_while(|b| **b == b'#').count();
            let quote_at = hashes.saturating_add(prefix);
            if self.byte(quote_at) != b'"' {
                return false;
            }
            self.advance(quote_at.saturating_add(1));
            let mut close = vec![b'#'; hashes.saturating_add(1)];
            if let Some(first) = close.first_mut() {
                *first = b'"';
            }
            self.skip_past(&close);
            self.push(TokenKind::String, start);
            return true;
        }
        self.advance(prefix);
        if self.byte(0) == b'"' {
            self.quoted(b'"', true);
            self.push(TokenKind::String, start);
            return true;
        }
        self.rust_quote(start);
        true
    }

    /// `'a'` is a character, `'a` a lifetime.
    fn rust_quote(&mut self, start: usize) {
        let first = self.byte(1);
        if first == b'\\' {
            self.quoted(b'\'', false);
            return self.push(TokenKind::Char, start);
        }
        let width = match first {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        if self.byte(1_usize.saturating_add(width)) == b'\'' {
            self.advance(width.saturating_add(2));
            return self.push(TokenKind::Char, start);
        }
        self.advance(1);
        if is_word_start(first) {
            self.skip_word();
            self.push(TokenKind::Lifetime, start);
        } else {
            self.push(TokenKind::Operator, start);
        }
    }

    fn python_string(&mut self) -> bool {
        let start = self.at;
        let prefix = self.rest().iter().take(3).take_while(|b| b"rRbBuUfFtT".contains(b)).count();
        let quote = self.byte(prefix);
        if prefix > 2 || !matches!(quote, b'"' | b'\'') {
            return false;
        }
        let letters = self.rest().get(..prefix).unwrap_or_default();
        let formatted = letters.iter().any(|b| b"fFtT".contains(b));
        self.advance(prefix);
        let three = [quote; 3];
        let triple = self.rest().starts_with(&three);
        self.advance(if triple { 3 } else { 1 });
        loop {
            self.skip_while(|b| {
                b != quote && b != b'\\' && (triple || b != b'\n') && !(formatted && b == b'{')
            });
            match self.byte(0) {
                b'\\' if self.byte(1) == b'\r' && self.byte(2) == b'\n' => self.advance(3),
                b'\\' => self.advance(2),
                b'{' if formatted => self.replacement_field(),
                _ if self.at >= self.source.len() => break,
                byte if byte == quote && (!triple || self.rest().starts_with(&three)) => {
                    self.advance(if triple { 3 } else { 1 });
                    break;
                }
                byte if byte == quote => self.advance(1),
                _ => break,
            }
        }
        self.push(TokenKind::String, start);
        true
    }

    /// `{…}` of a formatted string, with the strings inside (PEP 701); only the brace where it has no end near.
    fn replacement_field(&mut self) {
        if self.byte(1) == b'{' {
            return self.advance(2);
        }
        let rest = self.rest();
        let near = rest.get(..rest.len().min(LOOK_AHEAD)).unwrap_or(rest);
        let (mut depth, mut inner) = (0_usize, 0_u8);
        for (index, byte) in near.iter().enumerate() {
            match byte {
                b'\n' => break,
                _ if inner != 0 => inner = if *byte == inner { 0 } else { inner },
                b'"' | b'\'' => inner = *byte,
                b'{' => depth = depth.saturating_add(1),
                b'}' if depth == 1 => return self.advance(index.saturating_add(1)),
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        self.advance(1);
    }

    fn javascript_literal(&mut self) -> bool {
        let start = self.at;
        match self.byte(0) {
            b'`' => {
                self.advance(1);
                self.template_from(start);
                true
            }
            b'/' if !self.value_ends => self.regex(),
            b'<' if !self.value_ends && self.starts_jsx() => {
                self.advance(1);
                self.push(TokenKind::Operator, start);
                self.modes.push(Mode::Tag { closing: false });
                true
            }
            b'#' if is_word_start(self.byte(1)) => {
                self.skip_word();
                self.skip_word();
                self.push(TokenKind::Word, start);
                true
            }
            b'#' if start == 0 && self.byte(1) == b'!' => {
                self.skip_while(|b| b != b'\n');
                self.push(TokenKind::Comment, start);
                true
            }
            _ => self.plain_literal(),
        }
    }

    /// Goes on with a template literal behind the `}` of an expression in it.
    pub(super) fn template(&mut self) {
        let start = self.at;
        self.template_from(start);
    }

    fn template_from(&mut self, start: usize) {
        loop {
            self.skip_while(|b| !matches!(b, b'`' | b'\\' | b'$'));
            match self.byte(0) {
                b'\\' => self.advance(2),
                b'$' if self.byte(1) == b'{' => {
                    self.push(TokenKind::String, start);
                    let open = self.at;
                    self.advance(2);
                    self.push(TokenKind::Open, open);
                    return self.modes.push(Mode::Template);
                }
                b'$' => self.advance(1),
                _ => {
                    self.advance(1);
                    return self.push(TokenKind::String, start);
                }
            }
        }
    }

    fn regex(&mut self) -> bool {
        let start = self.at;
        let rest = self.rest();
        let near = rest.get(..rest.len().min(LOOK_AHEAD)).unwrap_or(rest);
        let (mut class, mut escaped) = (false, false);
        for (index, byte) in near.iter().enumerate().skip(1) {
            match byte {
                b'\n' => return false,
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    self.advance(index.saturating_add(1));
                    self.skip_while(|b| b.is_ascii_alphabetic());
                    self.push(TokenKind::Regex, start);
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    fn c_literal(&mut self) -> bool {
        let start = self.at;
        let prefix = match self.rest() {
            [b'u', b'8', ..] => 2,
            [b'u' | b'U' | b'L', ..] => 1,
            _ => 0,
        };
        if self.language == Language::Cpp
            && self.byte(prefix) == b'R'
            && self.byte(prefix.saturating_add(1)) == b'"'
        {
            self.advance(prefix.saturating_add(2));
            let delimiter = self.rest().iter().take(17).take_while(|b| **b != b'(').count();
            let mut close = vec![b')'];
            close.extend_from_slice(self.rest().get(..delimiter).unwrap_or_default());
            close.push(b'"');
            self.skip_past(&close);
            self.push(TokenKind::String, start);
            return true;
        }
        if prefix > 0 && matches!(self.byte(prefix), b'"' | b'\'') {
            self.advance(prefix);
        }
        let quote = self.byte(0);
        if !matches!(quote, b'"' | b'\'') {
            return false;
        }
        self.quoted(quote, false);
        self.push(if quote == b'"' { TokenKind::String } else { TokenKind::Char }, start);
        true
    }

    fn c_sharp_literal(&mut self) -> bool {
        let start = self.at;
        let signs = self.rest().iter().take(3).take_while(|b| matches!(b, b'@' | b'$')).count();
        let verbatim = self.rest().iter().take(signs).any(|b| *b == b'@');
        if signs == 0 || self.byte(signs) != b'"' {
            return self.plain_literal();
        }
        self.advance(signs);
        if self.rest().starts_with(b"\"\"\"") {
            self.advance(3);
            self.skip_past(b"\"\"\"");
        } else if verbatim {
            self.advance(1);
            self.skip_past(b"\"");
            while self.byte(0) == b'"' {
                self.advance(1);
                self.skip_past(b"\"");
            }
        } else {
            self.quoted(b'"', false);
        }
        self.push(TokenKind::String, start);
        true
    }

    fn swift_literal(&mut self) -> bool {
        let start = self.at;
        let hashes = self.rest().iter().take(8).take_while(|b| **b == b'#').count();
        if hashes == 0 || self.byte(hashes) != b'"' {
            return self.plain_literal();
        }
        self.advance(hashes);
        let quotes: &[u8] = if self.rest().starts_with(b"\"\"\"") { b"\"\"\"" } else { b"\"" };
        self.advance(quotes.len());
        let mut close = quotes.to_vec();
        close.extend(core::iter::repeat_n(b'#', hashes));
        self.skip_past(&close);
        self.push(TokenKind::String, start);
        true
    }
}

const fn prefix_before(prefix: usize) -> usize {
    prefix.saturating_sub(1)
}
