//! The tokenizer: white space, comments, words, signs. Strings are in `literal.rs`, JSX in `jsx.rs`.

use super::jsx::Mode;
use super::syntax::Syntax;
use super::{Language, Token, TokenKind};

/// Signs of several characters, longest first.
const SIGNS: &[&[u8]] = &[
    b">>>=", b"===", b"!==", b">>>", b"...", b"<=>", b"**=", b"<<=", b">>=", b"&&=", b"||=", b"??=", b"..=",
    b"//=", b"&&", b"||", b"??", b"?.", b"=>", b"->", b"::", b"==", b"!=", b"<=", b">=", b"+=", b"-=", b"*=",
    b"/=", b"%=", b"^=", b"&=", b"|=", b"<<", b">>", b"++", b"--", b"**", b":=", b"..", b"<-", b"//",
];

/// Words of JavaScript behind which a value begins, so that a slash starts a regular expression.
const BEFORE_VALUE: &[&[u8]] = &[
    b"return",
    b"typeof",
    b"case",
    b"in",
    b"of",
    b"do",
    b"else",
    b"void",
    b"delete",
    b"throw",
    b"new",
    b"instanceof",
    b"yield",
    b"await",
    b"default",
];

/// Reads a source from its first byte to its last; every step moves forward.
pub(super) struct Lexer<'a> {
    pub(super) language: Language,
    pub(super) syntax: &'static Syntax,
    pub(super) source: &'a [u8],
    pub(super) at: usize,
    pub(super) line: u32,
    /// Whether the last token ends a value, so that what follows is an operator.
    pub(super) value_ends: bool,
    /// What the open braces of JavaScript are.
    pub(super) modes: Vec<Mode>,
    /// Open brackets, in Python.
    depth: usize,
    /// Widths of indentation, in Python.
    indents: Vec<usize>,
    out: Vec<Token>,
}

pub(super) const fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

impl<'a> Lexer<'a> {
    pub(super) fn new(language: Language, source: &'a [u8]) -> Self {
        Self {
            language,
            syntax: Syntax::of(language),
            source,
            at: if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 },
            line: 1,
            value_ends: false,
            modes: Vec::new(),
            depth: 0,
            indents: Vec::new(),
            out: Vec::with_capacity(source.len() / 5),
        }
    }

    pub(super) fn run(mut self) -> Vec<Token> {
        if self.language == Language::Python {
            self.indentation();
        }
        while self.at < self.source.len() {
            match self.modes.last() {
                Some(Mode::Tag { .. }) => self.jsx_tag(),
                Some(Mode::Children) => self.jsx_children(),
                _ => self.step(),
            }
        }
        if self.language == Language::Python {
            let at = self.at;
            self.end_statement(at);
            for _ in 0..self.indents.len() {
                self.push(TokenKind::Dedent, at);
            }
        }
        self.out
    }

    // What the other parts need.

    /// The byte so far ahead; 0 behind the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.source.get(self.at.saturating_add(ahead)).copied().unwrap_or(0)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.source.get(self.at..).unwrap_or_default()
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes).min(self.source.len());
    }

    pub(super) fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        let rest = self.rest();
        self.advance(rest.iter().position(|b| !keep(*b)).unwrap_or(rest.len()));
    }

    /// Moves behind the next `needle`, or to the end of the source.
    pub(super) fn skip_past(&mut self, needle: &[u8]) {
        let Some(first) = needle.first() else { return };
        while self.at < self.source.len() {
            self.skip_while(|b| b != *first);
            if self.rest().starts_with(needle) {
                return self.advance(needle.len());
            }
            self.advance(1);
        }
    }

    /// Adds a token from `start` to here, and counts its lines.
    pub(super) fn push(&mut self, kind: TokenKind, start: usize) {
        let token = Token { kind, start, end: self.at, line: self.line };
        let text = token.text(self.source);
        if !matches!(kind, TokenKind::Word | TokenKind::Operator | TokenKind::Open | TokenKind::Close) {
            let lines = text.iter().filter(|b| **b == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        }
        self.value_ends = match kind {
            TokenKind::Word => !self.language.is_javascript_family() || !BEFORE_VALUE.contains(&text),
            TokenKind::Operator => self.value_ends && matches!(text, b"++" | b"--"),
            TokenKind::Open => false,
            TokenKind::Comment => self.value_ends,
            _ => true,
        };
        self.out.push(token);
    }

    // The steps.

    fn step(&mut self) {
        let start = self.at;
        let byte = self.byte(0);
        if byte == b'\n' {
            return self.newline();
        }
        if byte.is_ascii_whitespace() || byte == 0x0b {
            return self.skip_while(|b| b != b'\n' && (b.is_ascii_whitespace() || b == 0x0b));
        }
        if byte == b'\\' && matches!(self.byte(1), b'\n' | b'\r') {
            // A line that goes on.
            self.advance(if self.byte(1) == b'\r' && self.byte(2) == b'\n' { 3 } else { 2 });
            self.line = self.line.saturating_add(1);
            return;
        }
        if self.comment() || self.directive() || self.literal() {
            return;
        }
        if byte.is_ascii_digit() || (byte == b'.' && self.byte(1).is_ascii_digit() && !self.value_ends) {
            return self.number();
        }
        if self.is_word(byte) && !byte.is_ascii_digit() {
            self.skip_word();
            return self.push(TokenKind::Word, start);
        }
        self.sign();
    }

    fn is_word(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric()
            || byte == b'_'
            || byte >= 0x80
            || (!self.syntax.word_signs.is_empty() && self.syntax.word_signs.contains(&byte))
    }

    pub(super) fn skip_word(&mut self) {
        let rest = self.rest();
        self.advance(rest.iter().position(|b| !self.is_word(*b)).unwrap_or(rest.len()).max(1));
    }

    fn newline(&mut self) {
        let start = self.at;
        self.advance(1);
        if self.language == Language::Python {
            self.at = start;
            let inside = self.depth > 0 && !self.starts_definition();
            if !inside {
                self.depth = 0;
                self.end_statement(start);
            }
            self.at = start;
            self.advance(1);
            self.line = self.line.saturating_add(1);
            if !inside {
                self.indentation();
            }
            return;
        }
        self.line = self.line.saturating_add(1);
    }

    /// Whether the next line starts a definition at its very left: a bracket was then left open by mistake.
    fn starts_definition(&self) -> bool {
        let rest = self.rest().get(1..).unwrap_or_default();
        [&b"def "[..], b"class ", b"async def "].iter().any(|word| rest.starts_with(word))
    }

    /// Ends a statement of Python, where there is one.
    fn end_statement(&mut self, start: usize) {
        let open = self.out.iter().rev().find(|t| t.kind != TokenKind::Comment);
        let layout = [TokenKind::Newline, TokenKind::Indent, TokenKind::Dedent];
        if open.is_some_and(|token| !layout.contains(&token.kind)) {
            self.out.push(Token { kind: TokenKind::Newline, start, end: start, line: self.line });
            self.value_ends = false;
        }
    }

    /// Compares the indentation of a line of Python with that of the last; blank lines and comments have none.
    fn indentation(&mut self) {
        let rest = self.rest();
        let mut width = 0_usize;
        let mut blanks = 0_usize;
        for byte in rest {
            match byte {
                b' ' => width = width.saturating_add(1),
                b'\t' => width = (width / 8).saturating_add(1).saturating_mul(8),
                0x0c => width = 0,
                _ => break,
            }
            blanks = blanks.saturating_add(1);
        }
        if matches!(rest.get(blanks), None | Some(b'\n' | b'\r' | b'#')) {
            return;
        }
        self.advance(blanks);
        let at = self.at;
        while self.indents.last().is_some_and(|last| *last > width) {
            self.indents.pop();
            self.push(TokenKind::Dedent, at);
        }
        if width > self.indents.last().copied().unwrap_or(0) {
            self.indents.push(width);
            self.push(TokenKind::Indent, at);
        }
        self.value_ends = false;
    }

    fn comment(&mut self) -> bool {
        let start = self.at;
        let rest = self.rest();
        if let Some((open, close)) = self.syntax.block
            && rest.starts_with(open)
        {
            self.advance(open.len());
            if self.syntax.nested {
                self.nested_comment(open, close);
            } else {
                self.skip_past(close);
            }
            self.push(TokenKind::Comment, start);
            return true;
        }
        let starts = self.syntax.line_comments.iter().any(|mark| rest.starts_with(mark));
        if !starts || (self.syntax.spaced_hash && !self.behind_space()) {
            return false;
        }
        self.skip_while(|b| b != b'\n');
        if self.source.get(self.at.saturating_sub(1)) == Some(&b'\r') {
            self.at = self.at.saturating_sub(1).max(start.saturating_add(1));
        }
        self.push(TokenKind::Comment, start);
        true
    }

    fn nested_comment(&mut self, open: &[u8], close: &[u8]) {
        let mut depth = 1_usize;
        while depth > 0 && self.at < self.source.len() {
            if self.rest().starts_with(open) {
                depth = depth.saturating_add(1);
                self.advance(open.len());
            } else if self.rest().starts_with(close) {
                depth = depth.saturating_sub(1);
                self.advance(close.len());
            } else {
                self.advance(1);
            }
        }
    }

    fn behind_space(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.source.get(at));
        before.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b';' | b'(' | b')'))
    }

    /// A `#` line of C and C#.
    fn directive(&mut self) -> bool {
        if !self.syntax.directives || self.byte(0) != b'#' {
            return false;
        }
        let line_before = self.source.get(..self.at).unwrap_or_default();
        let blank =
            line_before.iter().rev().take(200).take_while(|b| **b != b'\n').all(u8::is_ascii_whitespace);
        if !blank {
            return false;
        }
        let start = self.at;
        loop {
            self.skip_while(|b| b != b'\n');
            let before = self.source.get(start..self.at).unwrap_or_default();
            let before = before.strip_suffix(b"\r").unwrap_or(before);
            if !before.ends_with(b"\\") || self.at >= self.source.len() {
                break;
            }
            self.advance(1);
        }
        self.push(TokenKind::Directive, start);
        true
    }

    fn number(&mut self) {
        let start = self.at;
        let hex = self.byte(0) == b'0' && matches!(self.byte(1), b'x' | b'X');
        loop {
            let byte = self.byte(0);
            let digit = byte.is_ascii_alphanumeric() || byte == b'_';
            let point = byte == b'.' && self.byte(1).is_ascii_digit();
            let separator = byte == b'\''
                && matches!(self.language, Language::Cpp | Language::C)
                && self.byte(1).is_ascii_hexdigit();
            let last = self.at.checked_sub(1).and_then(|at| self.source.get(at)).copied().unwrap_or(0);
            let exponent = self.at > start
                && !hex
                && matches!(byte, b'+' | b'-')
                && matches!(last, b'e' | b'E')
                && self.byte(1).is_ascii_digit();
            if !(digit || point || separator || exponent) {
                break;
            }
            self.advance(1);
        }
        self.push(TokenKind::Number, start);
    }

    fn sign(&mut self) {
        let start = self.at;
        let byte = self.byte(0);
        match byte {
            b'(' | b'[' | b'{' => {
                self.depth = self.depth.saturating_add(1);
                self.advance(1);
                if byte == b'{' && self.language.is_javascript_family() {
                    self.modes.push(Mode::Brace);
                }
                self.push(TokenKind::Open, start);
            }
            b')' | b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.advance(1);
                self.push(TokenKind::Close, start);
                if byte == b'}' && self.modes.pop() == Some(Mode::Template) {
                    self.template();
                }
            }
            _ => {
                let rest = self.rest();
                let long = SIGNS.iter().find(|s| rest.starts_with(s) && self.has_sign(s));
                self.advance(long.map_or(1, |s| s.len()));
                self.push(TokenKind::Operator, start);
            }
        }
    }

    /// `//` is a sign only where it starts no comment, and `?.` no sign where a number follows.
    fn has_sign(&self, sign: &[u8]) -> bool {
        match sign {
            b"//" | b"//=" => self.language == Language::Python,
            b"?." => !self.byte(2).is_ascii_digit(),
            _ => true,
        }
    }
}
