//! What words and operators mean.

use super::braces::Counter;
use super::frame::{Head, Kind, Named, Stage};
use super::words::{Class, class};
use crate::language::{Language, Token, TokenKind};

impl Counter<'_> {
    pub(super) fn word(&mut self, token: Token) {
        let text = token.text(self.source);
        let member = matches!(self.previous_text(), b"." | b"?." | b"::" | b"->" | b"@")
            && !(self.language == Language::Rust && self.previous_text() == b"->");
        let key = self.language.is_javascript_family()
            && self.next_text() == b":"
            && matches!(self.previous_text(), b"{" | b",");
        let Some(class) = class(self.language, text).filter(|_| !member && !key) else {
            return self.name();
        };
        match class {
            Class::If => self.condition(),
            Class::Else => self.otherwise(),
            Class::Loop => self.start_loop(text == b"while"),
            Class::Do => self.start(Class::Do, Stage::Body),
            Class::Switch => self.start_switch(),
            Class::Catch => self.start(Class::Catch, Stage::Head),
            Class::Function => self.start_function(token),
            Class::Container => {
                let head = &mut self.top_mut().head;
                head.container = head.function.is_none();
                head.owner = None;
            }
            Class::Case => {
                if self.top().kind.has_statements() {
                    self.end_statement();
                }
                self.tally().add(0, 1);
                self.top_mut().head.case = true;
            }
            Class::Default => self.top_mut().head.case = true,
            Class::Jump => self.jump(token),
            Class::Goto => self.tally().add(1, 0),
            Class::New => self.top_mut().head.is_new = true,
            Class::Logic => self.logic(if text == b"and" { b'&' } else { b'|' }),
            Class::Reserved => {
                if matches!(text, b"return" | b"throw" | b"await" | b"yield") {
                    self.top_mut().head.expression = true;
                    self.top_mut().logic = 0;
                }
            }
        }
    }

    /// A name: of a type behind `class`, of whatever else.
    fn name(&mut self) {
        let at = self.at;
        let before = self.previous_text();
        let (after_for, after_colons) = (before == b"for", before == b"::");
        let head = &mut self.top_mut().head;
        let path = after_colons && head.owner == at.checked_sub(2);
        if head.container && head.angles == 0 && (head.owner.is_none() || after_for || path) {
            head.owner = Some(at);
        }
    }

    fn start(&mut self, word: Class, stage: Stage) {
        self.structure();
        self.control(word, stage);
    }

    fn condition(&mut self) {
        // A guard of a `match` arm follows a pattern; it decides, but is no statement.
        if self.top().kind == Kind::Match && self.behind_value() {
            return self.tally().add(0, 1);
        }
        self.start(Class::If, Stage::Head);
    }

    fn start_loop(&mut self, is_while: bool) {
        if is_while && core::mem::take(&mut self.top_mut().head.foot) {
            // The foot of `do … while`; a statement it was the body of ends at the semicolon.
            return;
        }
        let rust_type =
            self.language == Language::Rust && (self.top().head.container || self.next_text() == b"<");
        if !rust_type {
            self.start(Class::Loop, Stage::Head);
        }
    }

    fn start_switch(&mut self) {
        // `x match {` of Scala has its subject before it; `switch` is also a property name.
        let call = self.language.is_javascript_family() && self.next_text() != b"(";
        if !call {
            // The choices decide, not the switch.
            let cost = self.nesting.saturating_add(1);
            self.tally().add(cost, 0);
            self.control(Class::Switch, Stage::Head);
        }
    }

    fn start_function(&mut self, token: Token) {
        let mut at = self.at.saturating_add(1);
        let mut owner = None;
        if self.text(at) == b"*" {
            at = at.saturating_add(1);
        }
        if self.language == Language::Go && self.text(at) == b"(" {
            // A method has its receiver before its name.
            let end = self.input.partner(at).unwrap_or(at);
            let named = self.token(end.saturating_add(1)).is_some_and(|t| t.kind == TokenKind::Word);
            let called = self.text(end.saturating_add(2)) == b"(" || self.text(end.saturating_add(2)) == b"[";
            if named && called && self.top().kind == Kind::File {
                owner = self.receiver(at, end);
                at = end.saturating_add(1);
            }
        }
        let name = self.token(at).filter(|t| t.kind == TokenKind::Word).map(|_| at);
        if self.language == Language::Rust && name.is_none() {
            // A type such as `fn(u8) -> u8`.
            return;
        }
        let head = &mut self.top_mut().head;
        if head.function.is_none() {
            head.function = Some(Named { line: token.line, name: name.or(head.assigned), owner });
        }
    }

    /// The type in `(n *Node[T])`.
    fn receiver(&self, open: usize, close: usize) -> Option<usize> {
        let mut last = None;
        for at in open.saturating_add(1)..close.min(open.saturating_add(8)) {
            match self.token(at).map(|t| t.kind) {
                Some(TokenKind::Word) => last = Some(at),
                Some(TokenKind::Open) => break,
                _ => {}
            }
        }
        last
    }

    /// `break` and `continue` to a label.
    fn jump(&mut self, token: Token) {
        let Some(next) = self.token(self.at.saturating_add(1)) else { return };
        let labels =
            matches!(self.language, Language::Go | Language::Java | Language::Kotlin | Language::Swift)
                || self.language.is_javascript_family();
        let label = match next.kind {
            TokenKind::Lifetime => true,
            TokenKind::Word => labels && class(self.language, next.text(self.source)).is_none(),
            TokenKind::Operator => self.language == Language::Kotlin && next.text(self.source) == b"@",
            TokenKind::Number => self.language == Language::Php,
            _ => false,
        };
        if label && next.line == token.line {
            self.tally().add(1, 0);
        }
    }

    // Operators.

    pub(super) fn operator(&mut self, token: Token) {
        match token.text(self.source) {
            b";" => self.semicolon(),
            b"," => self.comma(),
            b"&&" if self.is_logic() => self.logic(b'&'),
            b"||" if self.language == Language::Rust && !self.behind_value() => self.closure(true),
            b"||" if self.is_logic() => self.logic(b'|'),
            b"|" if self.language == Language::Rust && !self.behind_value() => self.closure(false),
            b"?" if self.input.is_conditional(self.at) => {
                self.structure();
                self.nesting = self.nesting.saturating_add(1);
                let head = &mut self.top_mut().head;
                head.expression = true;
                self.top_mut().logic = 0;
            }
            b":" => self.colon(),
            b"=" | b":=" | b"+=" | b"-=" | b"||=" | b"&&=" => self.assign(),
            b"=>" => self.arrow(),
            b"->" => self.thin_arrow(),
            b"<" => self.angle(1, 0),
            b">" => self.angle(0, 1),
            b">>" => self.angle(0, 2),
            b">>>" => self.angle(0, 3),
            _ => {}
        }
    }

    /// `&&` between two values, and not a reference or a C++ type.
    fn is_logic(&self) -> bool {
        self.behind_value()
    }

    /// Angle brackets in the head of a type.
    fn angle(&mut self, more: u32, less: u32) {
        let head = &mut self.top_mut().head;
        if head.container {
            head.angles = head.angles.saturating_add(more).saturating_sub(less);
        }
    }

    fn semicolon(&mut self) {
        match self.top().kind {
            Kind::Bracket | Kind::Control(_, Stage::Head) => self.end_expression(),
            Kind::Control(_, Stage::Body) => {
                self.end_expression();
                self.end_control();
            }
            _ => self.end_statement(),
        }
    }

    fn comma(&mut self) {
        self.end_expression();
        if self.language.is_javascript_family() && self.top().head.function.is_none() {
            self.top_mut().head = Head::default();
        }
    }

    fn colon(&mut self) {
        let name = self.previous().filter(|t| t.kind == TokenKind::Word).and_then(|_| self.at.checked_sub(1));
        let method = match self.language {
            Language::Cpp => true,
            language => language.is_javascript_family() && self.previous_text() == b")",
        };
        let top = self.top_mut();
        top.logic = 0;
        let head = &mut top.head;
        if core::mem::take(&mut head.case) {
            head.candidate = None;
        }
        head.assigned = head.assigned.or(name);
        head.initialisers |= method && head.candidate.is_some() && !head.expression;
    }

    fn assign(&mut self) {
        if self.previous_text() == b"operator" {
            return;
        }
        let name = self.previous().filter(|t| t.kind == TokenKind::Word).and_then(|_| self.at.checked_sub(1));
        let top = self.top_mut();
        top.logic = 0;
        top.head.assigned = top.head.assigned.or(name);
        top.head.expression = true;
    }

    fn arrow(&mut self) {
        self.top_mut().logic = 0;
        match self.language {
            Language::Rust if self.top().kind == Kind::Match => {
                self.end_expression();
                let top = self.top_mut();
                top.arms = top.arms.saturating_add(1);
            }
            Language::CSharp if self.top().kind == Kind::Bracket => {
                self.nesting = self.nesting.saturating_add(1);
            }
            language if language.is_javascript_family() => self.script_arrow(),
            _ => {}
        }
    }

    /// The arrow of a function in JavaScript: with braces, or to the end of the expression.
    fn script_arrow(&mut self) {
        if self.next_text() == b"{" {
            self.top_mut().head.arrow = true;
            return;
        }
        let line = self.token(self.at).map_or(1, |t| t.line);
        let name = self.top().head.assigned;
        self.nesting = if self.open.is_empty() { 0 } else { self.nesting.saturating_add(1) };
        self.open_function(Named { line, name, owner: None }, true);
        let top = self.top_mut();
        top.lambdas = top.lambdas.saturating_add(1);
        top.head.expression = true;
    }

    fn thin_arrow(&mut self) {
        self.top_mut().logic = 0;
        let choice = core::mem::take(&mut self.top_mut().head.case);
        if self.language == Language::Java && !choice && !self.open.is_empty() {
            self.nesting = self.nesting.saturating_add(1);
        }
    }

    /// A Rust closure: one level deeper to the end of the expression.
    fn closure(&mut self, empty: bool) {
        let start = self.at.saturating_add(1);
        if !empty {
            let in_patterns = self.top().kind == Kind::Match && self.previous_text() != b"=>";
            let stop = start.saturating_add(64);
            let end = (start..stop).find(|at| matches!(self.text(*at), b"|" | b"{" | b"}" | b";" | b"=>"));
            let Some(end) = end.filter(|at| !in_patterns && self.text(*at) == b"|") else { return };
            self.at = end;
        }
        self.nesting = self.nesting.saturating_add(1);
        self.top_mut().logic = 0;
    }
}
