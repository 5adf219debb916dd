//! What an opening bracket means, and the functions that start with one.

use super::braces::Counter;
use super::frame::{Frame, Head, Kind, Named, OpenFunction, Stage};
use super::metrics::Tally;
use super::words::{Class, class, has_bracketed_heads, has_overloads};
use crate::language::{Language, Token, TokenKind};

impl Counter<'_> {
    pub(super) fn open_bracket(&mut self, token: Token) {
        match token.text(self.source) {
            b"{" => self.brace(),
            b"(" => {
                self.call();
                self.push(Frame::new(Kind::Bracket, self.nesting, self.nesting));
            }
            _ => {
                let mut frame = Frame::new(Kind::Bracket, self.nesting, self.nesting);
                frame.capture = self.language == Language::Cpp && !self.behind_value();
                self.push(frame);
            }
        }
    }

    /// A round bracket behind a name: a call, or the head of a function.
    fn call(&mut self) {
        let Some(name) = self.called() else { return };
        if self.calls_itself(name) {
            let go = self.language == Language::Go;
            if let Some(function) = self.open.last_mut()
                && (go || !function.recursive)
            {
                function.recursive = true;
                function.tally.add(1, 0);
            }
        }
        let head = &mut self.top_mut().head;
        if !head.initialisers {
            head.candidate = Some(name);
        }
    }

    /// The name before the round bracket, over `<…>` between them.
    fn called(&self) -> Option<usize> {
        let mut at = self.at.checked_sub(1)?;
        if self.text(at) == b"]" && self.language.is_javascript_family() && self.top().kind == Kind::Container
        {
            // A method with a computed name: `[Symbol.iterator]() {`.
            return self.input.partner(at).map(|open| open.saturating_add(1));
        }
        if self.text(at) == b">" {
            let mut depth = 0_usize;
            for _ in 0..32 {
                match self.text(at) {
                    b">" => depth = depth.saturating_add(1),
                    b"<" => depth = depth.saturating_sub(1),
                    b";" | b"{" | b"}" | b"" => return None,
                    _ => {}
                }
                at = at.checked_sub(1)?;
                if depth == 0 {
                    break;
                }
            }
        }
        let token = self.token(at)?;
        if token.kind == TokenKind::Operator {
            // `operator==(` of C++.
            let before = at.checked_sub(1)?;
            return (self.text(before) == b"operator").then_some(before);
        }
        let known = class(self.language, token.text(self.source));
        (token.kind == TokenKind::Word && known.is_none_or(|c| self.is_method_name(c, at))).then_some(at)
    }

    /// Words such as `catch` name methods in JavaScript where nothing but a type stands around them.
    fn is_method_name(&self, word: Class, at: usize) -> bool {
        let member = at.checked_sub(1).is_some_and(|before| self.text(before) == b".");
        member && word != Class::Function
    }

    fn calls_itself(&self, name: usize) -> bool {
        let Some(function) = self.open.last() else { return false };
        if has_overloads(self.language) || self.text(name) != function.name.as_bytes() {
            return false;
        }
        let Some(before) = name.checked_sub(1) else { return true };
        match self.text(before) {
            b"." | b"?." => {
                let receiver = before.checked_sub(1).map_or(&b""[..], |at| self.text(at));
                !function.owner.is_empty() && matches!(receiver, b"self" | b"this")
            }
            b"->" if self.language == Language::Php => true,
            b"::" => before.checked_sub(1).is_some_and(|at| self.text(at) == b"Self"),
            b"new" | b"fn" | b"function" | b"func" | b"->" => false,
            _ => function.owner.is_empty() || self.language == Language::C,
        }
    }

    // Braces.

    fn brace(&mut self) {
        if self.top().kind != Kind::File {
            self.top_mut().logic = 0;
        }
        match self.top().kind {
            Kind::Control(word, Stage::Head) if self.starts_block_of_head(word) => {
                self.start_body();
                self.body(word);
            }
            Kind::Control(word, Stage::Body) => self.body(word),
            _ => self.other_brace(),
        }
    }

    fn body(&mut self, word: Class) {
        let matching = word == Class::Switch && self.language == Language::Rust;
        let kind = if matching { Kind::Match } else { Kind::Body };
        self.push(Frame::new(kind, self.nesting, self.nesting));
    }

    /// Whether a brace in the head of a statement starts its body.
    fn starts_block_of_head(&self, word: Class) -> bool {
        if has_bracketed_heads(self.language) {
            // `catch {`, `when {`: the rest have their round bracket first.
            return matches!(word, Class::Catch | Class::Switch | Class::Loop | Class::If);
        }
        let before = self.previous_text();
        let plain = match self.previous().map(|t| t.kind) {
            Some(TokenKind::Operator) => {
                matches!(
                    before,
                    b"=" | b"==" | b"!=" | b"&&" | b"||" | b"<" | b"+" | b"-" | b"*" | b"/" | b"&"
                )
            }
            Some(TokenKind::Word) => {
                matches!(before, b"unsafe" | b"async" | b"move" | b"const" | b"struct" | b"interface")
            }
            _ => false,
        };
        let literal = match self.language {
            Language::Go => self.is_go_literal(),
            Language::Rust => self.is_rust_pattern(),
            _ => false,
        };
        !plain && !literal
    }

    /// In Go, the brace of a value in the head of a statement: more of the head follows on the line of its end.
    fn is_go_literal(&self) -> bool {
        let Some(end) = self.input.partner(self.at) else { return false };
        let (Some(close), Some(next)) = (self.token(end), self.token(end.saturating_add(1))) else {
            return false;
        };
        let more = match next.kind {
            TokenKind::Open => true,
            TokenKind::Operator => next.text(self.source) != b";",
            _ => false,
        };
        more && next.line == close.line
    }

    /// In Rust, the brace of a pattern in the head of a statement.
    fn is_rust_pattern(&self) -> bool {
        let Some(end) = self.input.partner(self.at) else { return false };
        matches!(self.text(end.saturating_add(1)), b"=" | b"in" | b"|")
    }

    /// Whether a brace behind the head of a function belongs to a type in it.
    fn is_of_type(&self, head: &Head) -> bool {
        let before = self.previous_text();
        if self.language.is_javascript_family() {
            return self.previous().is_some_and(|t| t.kind == TokenKind::Operator) && before != b">";
        }
        matches!(before, b"interface" | b"struct") || (before == b":" && head.candidate.is_some())
    }

    fn other_brace(&mut self) {
        let head = self.top().head;
        let before = self.previous_text();
        if head.arrow && before == b"=>" {
            return self.arrow_body();
        }
        if let Some(named) = head.function {
            if self.is_of_type(&head) {
                return self.plain(0, true);
            }
            return self.function(named);
        }
        let c_function = head.candidate.is_some() && matches!(self.language, Language::C | Language::Cpp);
        let behind_head = matches!(before, b")" | b"const" | b"noexcept" | b"override");
        if head.container && self.language.is_javascript_family() && self.is_of_type(&head) {
            return self.plain(0, true);
        }
        if head.container && !(c_function && behind_head) {
            return self.push(Frame::new(Kind::Container, self.nesting, self.nesting));
        }
        let behind_word = self.previous().is_some_and(|t| t.kind == TokenKind::Word);
        let script = self.language.is_javascript_family();
        if head.initialisers && if script { self.is_of_type(&head) } else { behind_word } {
            return self.plain(0, true);
        }
        if let Some(name) = head.candidate.filter(|_| self.declares_method(&head)) {
            let line = self.token(name).map_or(1, |t| t.line);
            return self.function(Named { line, name: Some(name), owner: self.c_owner(name) });
        }
        if head.is_new && before == b")" {
            return self.push(Frame::new(Kind::Container, self.nesting, self.nesting));
        }
        let lambda = head.capture || self.is_trailing_lambda();
        self.plain(u32::from(lambda), false);
    }

    fn plain(&mut self, more: u32, keeps_head: bool) {
        let mut frame = Frame::new(Kind::Plain, self.nesting, self.nesting.saturating_add(more));
        frame.keeps_head = keeps_head;
        self.push(frame);
    }

    /// `run { … }` of Kotlin and Swift, inside functions.
    fn is_trailing_lambda(&self) -> bool {
        let name = self.previous().is_some_and(|t| t.kind == TokenKind::Word)
            && class(self.language, self.previous_text()).is_none();
        matches!(self.language, Language::Kotlin | Language::Swift)
            && !self.open.is_empty()
            && (name || self.previous_text() == b")")
    }

    /// Whether a name with a round bracket before this brace declares a method.
    fn declares_method(&self, head: &Head) -> bool {
        let before = self.previous_text();
        if self.language.is_javascript_family() {
            return !head.expression
                && (before == b")" || head.initialisers)
                && self.top().kind != Kind::Bracket;
        }
        let scope = matches!(self.top().kind, Kind::File | Kind::Container);
        let declares = matches!(
            self.language,
            Language::C | Language::Cpp | Language::Java | Language::CSharp | Language::Php
        );
        scope && declares && !head.expression && !head.is_new
    }

    /// `Owner` of `Owner::name` in C++.
    fn c_owner(&self, name: usize) -> Option<usize> {
        let colons = name.checked_sub(1)?;
        (self.language == Language::Cpp && self.text(colons) == b"::").then(|| colons.checked_sub(1))?
    }

    // Functions.

    fn name_of(&self, at: Option<usize>) -> String {
        at.map_or_else(String::new, |at| String::from_utf8_lossy(self.text(at)).into_owned())
    }

    /// Opens the body of a function. Inside another one it is counted there, one level deeper; only JavaScript's
    /// are counted by themselves.
    fn function(&mut self, named: Named) {
        let nested = !self.open.is_empty();
        let inner = if nested { self.nesting.saturating_add(1) } else { 0 };
        let mut frame = Frame::new(Kind::Function, self.nesting, inner);
        if !nested || self.language.is_javascript_family() {
            frame.closes_function = true;
            self.open_function(named, false);
        }
        self.push(frame);
    }

    pub(super) fn open_function(&mut self, named: Named, is_expression: bool) {
        let name = self.name_of(named.name);
        let owner = named.owner.or_else(|| self.owners.last().copied().flatten());
        self.open.push(OpenFunction {
            name: if name.is_empty() { "<anonymous>".to_owned() } else { name },
            owner: self.name_of(owner),
            line: named.line,
            tally: Tally::default(),
            recursive: false,
            is_expression,
        });
    }

    /// The braces behind `=>`.
    fn arrow_body(&mut self) {
        let head = self.top().head;
        let line = self.token(self.at).map_or(1, |t| t.line);
        let line = head.assigned.and_then(|at| self.token(at)).map_or(line, |t| t.line);
        self.function(Named { line, name: head.assigned, owner: None });
    }
}
