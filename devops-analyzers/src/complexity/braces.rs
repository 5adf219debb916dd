//! Counts in languages with braces: one pass over the tokens with a stack of what is open.

use super::frame::{Frame, Head, Kind, OpenFunction, Stage};
use super::metrics::{FileMetrics, FunctionMetrics, Tally};
use super::prepare::{Prepared, prepare};
use super::words::{Class, class, ends_statements_at_line_ends, has_bracketed_heads};
use crate::language::{Language, Token, TokenKind};

/// The counter. `at` is the token that is looked at; every step moves it forward.
pub(super) struct Counter<'a> {
    pub(super) language: Language,
    pub(super) source: &'a [u8],
    pub(super) input: Prepared,
    pub(super) at: usize,
    /// Whether the token at `at` is still to be looked at.
    pending: bool,
    pub(super) frames: Vec<Frame>,
    /// Always there, below all frames.
    root: Frame,
    /// How many of the frames are braces.
    braces: usize,
    pub(super) nesting: u32,
    pub(super) open: Vec<OpenFunction>,
    /// The names of the open containers.
    pub(super) owners: Vec<Option<usize>>,
    outside: Tally,
    done: Vec<FunctionMetrics>,
}

/// The figures of a file in a brace language.
pub(super) fn count(language: Language, source: &[u8]) -> FileMetrics {
    let mut counter = Counter {
        language,
        source,
        input: prepare(language, source),
        at: 0,
        pending: false,
        frames: Vec::new(),
        root: Frame::new(Kind::File, 0, 0),
        braces: 0,
        nesting: 0,
        open: Vec::new(),
        owners: Vec::new(),
        outside: Tally::default(),
        done: Vec::new(),
    };
    counter.run();
    counter.done.sort();
    counter.done.sort_by_key(|f| f.start_line);
    FileMetrics {
        functions: counter.done,
        outside: counter.outside.cognitive,
        outside_decisions: counter.outside.decisions,
    }
}

impl Counter<'_> {
    fn run(&mut self) {
        while let Some(token) = self.token(self.at) {
            self.pending = true;
            self.end_of_line(token);
            if !core::mem::take(&mut self.pending) {
                // It was an `else` that belongs to the statement that ended.
                self.at = self.at.saturating_add(1);
                continue;
            }
            if let Kind::Control(word, Stage::Body) = self.top().kind
                && self.text(self.at) != b"{"
            {
                self.top_mut().kind = Kind::Control(word, Stage::Statement);
            }
            match token.kind {
                TokenKind::Open => self.open_bracket(token),
                TokenKind::Close => self.close_bracket(token),
                TokenKind::Word => self.word(token),
                TokenKind::Operator => self.operator(token),
                _ => {}
            }
            self.at = self.at.saturating_add(1);
        }
        let last = self.input.tokens.last().map_or(1, |t| t.line);
        while !self.frames.is_empty() {
            self.pop(last);
        }
        while !self.open.is_empty() {
            self.close_function(last);
        }
    }

    // Reading.

    pub(super) fn token(&self, at: usize) -> Option<Token> {
        self.input.tokens.get(at).copied()
    }

    pub(super) fn text(&self, at: usize) -> &[u8] {
        self.token(at).map_or(&[], |t| t.text(self.source))
    }

    pub(super) fn previous(&self) -> Option<Token> {
        self.token(self.at.checked_sub(1)?)
    }

    pub(super) fn previous_text(&self) -> &[u8] {
        self.at.checked_sub(1).map_or(&[], |at| self.text(at))
    }

    pub(super) fn next_text(&self) -> &[u8] {
        self.text(self.at.saturating_add(1))
    }

    pub(super) fn top(&self) -> &Frame {
        self.frames.last().unwrap_or(&self.root)
    }

    pub(super) fn top_mut(&mut self) -> &mut Frame {
        self.frames.last_mut().unwrap_or(&mut self.root)
    }

    /// Whether the token before ends a value, so that an operator follows.
    pub(super) fn behind_value(&self) -> bool {
        let Some(token) = self.previous() else { return false };
        let text = token.text(self.source);
        match token.kind {
            TokenKind::Word => {
                let value = matches!(text, b"this" | b"super" | b"default" | b"record" | b"object" | b"in");
                let before =
                    matches!(text, b"move" | b"mut" | b"ref" | b"auto" | b"let" | b"const" | b"void");
                let reserved = class(self.language, text).is_some() && (!value || text == b"in");
                !(reserved || before)
            }
            TokenKind::Operator => match text {
                b"!" => self.ends_with_bang(),
                _ => matches!(text, b"?" | b"++" | b"--"),
            },
            TokenKind::Open => false,
            _ => true,
        }
    }

    /// A `!` behind a value, as in TypeScript, Kotlin and Swift.
    fn ends_with_bang(&self) -> bool {
        let before = self.at.checked_sub(2).and_then(|at| self.token(at));
        let value = before.is_some_and(|t| matches!(t.kind, TokenKind::Word | TokenKind::Close));
        value
            && matches!(
                self.language,
                Language::TypeScript | Language::Tsx | Language::Kotlin | Language::Swift
            )
    }

    // Counting.

    pub(super) fn tally(&mut self) -> &mut Tally {
        match self.open.last_mut() {
            Some(function) => &mut function.tally,
            None => &mut self.outside,
        }
    }

    /// A structure that costs one and one for each level of nesting.
    pub(super) fn structure(&mut self) {
        let cost = self.nesting.saturating_add(1);
        self.tally().add(cost, 1);
    }

    pub(super) fn logic(&mut self, operator: u8) {
        let starts = self.top().logic != operator;
        self.top_mut().logic = operator;
        self.tally().add(u32::from(starts), 1);
    }

    // Statements and expressions.

    /// What happens where the end of a line ends a statement.
    fn end_of_line(&mut self, token: Token) {
        if !ends_statements_at_line_ends(self.language) {
            return;
        }
        let Some(before) = self.previous() else { return };
        if before.line >= token.line || !self.top().kind.has_statements() {
            return;
        }
        let text = token.text(self.source);
        let starts = match token.kind {
            TokenKind::Word => {
                !matches!(
                    text,
                    b"in"
                        | b"of"
                        | b"instanceof"
                        | b"as"
                        | b"is"
                        | b"extends"
                        | b"implements"
                        | b"else"
                        | b"catch"
                ) || matches!(self.top().kind, Kind::Control(_, Stage::Statement))
            }
            TokenKind::Number | TokenKind::Lifetime => true,
            TokenKind::String => !text.starts_with(b"`"),
            _ => false,
        };
        let jumps = matches!(before.text(self.source), b"return" | b"break" | b"continue");
        if starts && (self.behind_value() || jumps) {
            self.end_statement();
        }
    }

    /// Ends the running expression: what it nested is over, and so are the functions without braces in it.
    pub(super) fn end_expression(&mut self) {
        let line = self.previous().map_or(1, |t| t.line);
        let (lambdas, base) = (self.top().lambdas, self.top().base);
        for _ in 0..lambdas {
            self.close_function(line);
        }
        let top = self.top_mut();
        top.lambdas = 0;
        top.logic = 0;
        self.nesting = base;
    }

    pub(super) fn end_statement(&mut self) {
        self.end_expression();
        self.top_mut().head = Head::default();
        if matches!(self.top().kind, Kind::Control(_, Stage::Statement)) {
            self.end_control();
        }
    }

    /// Ends the statement on top, then those that it was the body of.
    pub(super) fn end_control(&mut self) {
        while let Kind::Control(word, _) = self.top().kind {
            let line = self.token(self.at).map_or(1, |t| t.line);
            self.pop(line);
            if word == Class::If && self.takes_else() {
                return;
            }
            if word == Class::Do {
                self.top_mut().head.foot = true;
                return;
            }
            if !matches!(self.top().kind, Kind::Control(_, Stage::Statement)) {
                break;
            }
        }
        if self.top().kind.has_statements() {
            self.top_mut().head = Head::default();
        }
    }

    /// Reads the `else` or `else if` behind the body of an `if`; false where there is none.
    fn takes_else(&mut self) -> bool {
        let at = if self.pending { self.at } else { self.at.saturating_add(1) };
        if self.text(at) != b"else" {
            return false;
        }
        self.at = at;
        self.pending = false;
        self.otherwise();
        true
    }

    /// Counts an `else`, with the `if` behind it.
    pub(super) fn otherwise(&mut self) {
        if self.next_text() == b"if" {
            self.at = self.at.saturating_add(1);
            self.tally().add(1, 1);
            self.control(Class::If, Stage::Head);
        } else {
            self.tally().add(1, 0);
            self.control(Class::Else, Stage::Body);
            if self.language == Language::Go {
                // gocognit, which Go projects know, does not nest what stands behind `else`.
                self.nesting = self.nesting.saturating_sub(1);
                self.top_mut().base = self.nesting;
            }
        }
    }

    pub(super) fn control(&mut self, word: Class, stage: Stage) {
        let inner = if stage == Stage::Head { self.nesting } else { self.nesting.saturating_add(1) };
        self.frames.push(Frame::new(Kind::Control(word, stage), self.nesting, inner));
        self.nesting = inner;
    }

    /// Moves on to the body of the statement on top.
    pub(super) fn start_body(&mut self) {
        let top = self.top_mut();
        if let Kind::Control(word, _) = top.kind {
            top.kind = Kind::Control(word, Stage::Body);
            top.base = top.outer.saturating_add(1);
            top.logic = 0;
            self.nesting = self.top().base;
        }
    }

    // Frames.

    pub(super) fn push(&mut self, frame: Frame) {
        self.nesting = frame.base;
        self.braces = self.braces.saturating_add(usize::from(frame.kind.is_brace()));
        if frame.kind == Kind::Container {
            let owner = self.top().head.owner;
            self.owners.push(owner);
        }
        self.frames.push(frame);
    }

    pub(super) fn pop(&mut self, line: u32) {
        let Some(frame) = self.frames.pop() else { return };
        for _ in 0..frame.lambdas {
            self.close_function(line);
        }
        if frame.closes_function {
            self.close_function(line);
        }
        if frame.kind == Kind::Container {
            self.owners.pop();
        }
        if frame.kind == Kind::Match {
            self.tally().add(0, frame.arms.saturating_sub(1));
        }
        self.braces = self.braces.saturating_sub(usize::from(frame.kind.is_brace()));
        self.nesting = frame.outer;
    }

    pub(super) fn close_function(&mut self, line: u32) {
        let Some(function) = self.open.pop() else { return };
        if function.is_expression && function.tally.cognitive == 0 {
            return;
        }
        self.done.push(FunctionMetrics {
            name: function.name,
            owner: function.owner,
            start_line: function.line,
            end_line: line.max(function.line),
            cognitive: function.tally.cognitive,
            cyclomatic: function.tally.decisions.saturating_add(1),
        });
    }

    fn close_bracket(&mut self, token: Token) {
        let brace = token.text(self.source) == b"}";
        let template = brace && self.is_template_end();
        if brace && !template && self.braces == 0 {
            return;
        }
        // Statements without a semicolon end with what they stand in.
        while matches!(self.top().kind, Kind::Control(..)) {
            self.pop(token.line);
        }
        if brace && !template {
            // Brackets left open by mistake.
            while !self.top().kind.is_brace() && !self.frames.is_empty() {
                self.pop(token.line);
            }
        } else if self.top().kind != Kind::Bracket {
            return;
        }
        let frame = *self.top();
        self.pop(token.line);
        self.behind(frame, token);
    }

    /// Whether the bracket on top was opened by `${`.
    fn is_template_end(&self) -> bool {
        self.input.partner(self.at).is_some_and(|open| self.text(open) == b"${")
    }

    /// What follows from the end of a bracket.
    fn behind(&mut self, frame: Frame, token: Token) {
        match frame.kind {
            Kind::Bracket => {
                if frame.capture && token.text(self.source) == b"]" {
                    self.top_mut().head.capture = matches!(self.next_text(), b"(" | b"{");
                }
                let heads = has_bracketed_heads(self.language);
                if heads
                    && matches!(self.top().kind, Kind::Control(_, Stage::Head))
                    && token.text(self.source) == b")"
                {
                    self.start_body();
                }
            }
            Kind::Body | Kind::Match => self.end_control(),
            _ if frame.keeps_head => {}
            _ => {
                let arrow = self.top().head.arrow;
                self.top_mut().head = Head::default();
                if arrow {
                    // The expression that the function is part of goes on.
                    self.top_mut().head.expression = true;
                }
            }
        }
    }
}
