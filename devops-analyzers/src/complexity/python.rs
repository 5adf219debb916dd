//! Counts in Python: logical lines, their indentation, and the expressions in them.

use super::metrics::{FileMetrics, FunctionMetrics, Tally};
use super::python_lines::{Line, lines};
use crate::language::{Token, TokenKind};

/// A block that is open.
#[derive(Debug, Clone, Copy)]
struct Block {
    depth: usize,
    kind: BlockKind,
    /// The nesting in it.
    nesting: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    /// A class; its name is the token with that number.
    Class(usize),
    /// A function; whether it is counted by itself, and whether it is a decorator.
    Function {
        outermost: bool,
        decorator: bool,
    },
    /// `match`.
    Match,
    Other,
}

/// The function that is counted.
#[derive(Debug)]
struct Function {
    name: String,
    owner: String,
    line: u32,
    tally: Tally,
    recursive: bool,
}

/// One bracket of an expression.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    logic: u8,
    /// Nesting that conditional expressions and lambdas add to the end of the part.
    nested: u32,
    /// What the running part would cost more one level deeper: a conditional comes behind its first value.
    weight: u32,
}

struct Counter<'a> {
    source: &'a [u8],
    tokens: &'a [Token],
    /// Of each `if`, whether it is part of a conditional expression.
    conditional: &'a [bool],
    blocks: Vec<Block>,
    function: Option<Function>,
    outside: Tally,
    last_line: u32,
    done: Vec<FunctionMetrics>,
}

/// The figures of a Python file.
pub(super) fn count(source: &[u8]) -> FileMetrics {
    let read = lines(source);
    let mut counter = Counter {
        source,
        tokens: &read.tokens,
        conditional: &read.conditional,
        blocks: Vec::new(),
        function: None,
        outside: Tally::default(),
        last_line: 1,
        done: Vec::new(),
    };
    for line in &read.lines {
        counter.line(line);
        counter.last_line = line.last;
    }
    counter.leave(0);
    FileMetrics {
        functions: counter.done,
        outside: counter.outside.cognitive,
        outside_decisions: counter.outside.decisions,
    }
}

impl Counter<'_> {
    fn text(&self, at: usize) -> &[u8] {
        self.tokens.get(at).map_or(&[], |t| t.text(self.source))
    }

    fn tally(&mut self) -> &mut Tally {
        match &mut self.function {
            Some(function) => &mut function.tally,
            None => &mut self.outside,
        }
    }

    fn nesting(&self) -> u32 {
        self.blocks.last().map_or(0, |b| b.nesting)
    }

    /// Closes the blocks that are indented at least as much as `depth`.
    fn leave(&mut self, depth: usize) {
        while let Some(block) = self.blocks.last().copied().filter(|b| b.depth >= depth) {
            self.blocks.pop();
            if !matches!(block.kind, BlockKind::Function { outermost: true, .. }) {
                continue;
            }
            if let Some(function) = self.function.take() {
                self.done.push(FunctionMetrics {
                    name: function.name,
                    owner: function.owner,
                    start_line: function.line,
                    end_line: self.last_line.max(function.line),
                    cognitive: function.tally.cognitive,
                    cyclomatic: function.tally.decisions.saturating_add(1),
                });
            }
        }
    }

    fn line(&mut self, line: &Line) {
        self.leave(line.depth);
        let mut at = line.start;
        if self.text(at) == b"async" {
            at = at.saturating_add(1);
        }
        let nesting = self.nesting();
        let kind = match self.text(at) {
            b"if" | b"for" | b"while" => {
                self.tally().add(nesting.saturating_add(1), 1);
                BlockKind::Other
            }
            b"except" => {
                self.tally().add(nesting.saturating_add(1), 1);
                BlockKind::Other
            }
            b"elif" => {
                self.tally().add(1, 1);
                BlockKind::Other
            }
            b"else" => {
                // Behind `try` it is no branch of its own.
                self.tally().add(u32::from(!line.else_of_try), 0);
                BlockKind::Other
            }
            b"match" if line.is_compound => {
                self.tally().add(nesting.saturating_add(1), 0);
                BlockKind::Match
            }
            b"case" if self.in_match() => {
                let rest = self.text(at.saturating_add(1)) == b"_" && self.text(at.saturating_add(2)) == b":";
                self.tally().add(0, u32::from(!rest));
                self.open(line, BlockKind::Other, nesting);
                return self.expression(at, line.end);
            }
            b"try" | b"finally" | b"with" => {
                self.open(line, BlockKind::Other, nesting);
                return self.expression(at, line.end);
            }
            b"class" => {
                self.open(line, BlockKind::Class(at.saturating_add(1)), nesting);
                return;
            }
            b"def" => return self.definition(line, at),
            _ => return self.expression(line.start, line.end),
        };
        self.open(line, kind, nesting.saturating_add(1));
        self.statement(line, at, nesting);
    }

    fn in_match(&self) -> bool {
        self.blocks.last().is_some_and(|b| b.kind == BlockKind::Match)
    }

    fn open(&mut self, line: &Line, kind: BlockKind, nesting: u32) {
        self.blocks.push(Block { depth: line.depth, kind, nesting });
    }

    /// The head of a statement is read at the nesting around it, what follows its colon at that of its body.
    fn statement(&mut self, line: &Line, at: usize, outer: u32) {
        let body = line.colon.unwrap_or(line.end);
        let inner = self.nesting();
        if let Some(block) = self.blocks.last_mut() {
            block.nesting = outer;
        }
        self.expression(at.saturating_add(1), body);
        if let Some(block) = self.blocks.last_mut() {
            block.nesting = inner;
        }
        self.expression(body, line.end);
    }

    fn definition(&mut self, line: &Line, at: usize) {
        let name_at = at.saturating_add(1);
        let name = String::from_utf8_lossy(self.text(name_at)).into_owned();
        let nested = self.function.is_some();
        let in_decorator =
            self.blocks.last().is_some_and(|b| matches!(b.kind, BlockKind::Function { decorator: true, .. }));
        let nesting = match (nested, in_decorator) {
            (false, _) => 0,
            (true, true) => self.nesting(),
            (true, false) => self.nesting().saturating_add(1),
        };
        if !nested {
            let owner = self.blocks.iter().rev().take(64).find_map(|b| match b.kind {
                BlockKind::Class(name) => Some(String::from_utf8_lossy(self.text(name)).into_owned()),
                _ => None,
            });
            let first = self.tokens.get(line.start).map_or(1, |t| t.line);
            self.function = Some(Function {
                name,
                owner: owner.unwrap_or_default(),
                line: first,
                tally: Tally::default(),
                recursive: false,
            });
        }
        self.open(line, BlockKind::Function { outermost: !nested, decorator: line.is_decorator }, nesting);
        self.expression(line.colon.unwrap_or(line.end), line.end);
    }

    /// Logical operators, conditionals, lambdas, comprehensions and calls between two tokens.
    fn expression(&mut self, from: usize, to: usize) {
        let mut levels = vec![Level::default()];
        // Nesting by conditionals and lambdas in the brackets that are open.
        let mut nested = 0_u32;
        for at in from..to {
            let Some(token) = self.tokens.get(at) else { return };
            let text = token.text(self.source);
            match (token.kind, text) {
                (TokenKind::Open, _) => {
                    self.call(at);
                    levels.push(Level::default());
                }
                (TokenKind::Close, _) if levels.len() > 1 => {
                    let inner = levels.pop().unwrap_or_default();
                    nested = nested.saturating_sub(inner.nested);
                    if let Some(level) = levels.last_mut() {
                        level.weight = level.weight.saturating_add(inner.weight);
                    }
                }
                (TokenKind::Operator, b"," | b"=" | b":=" | b";") => {
                    if let Some(level) = levels.last_mut() {
                        nested = nested.saturating_sub(level.nested);
                        *level = Level::default();
                    }
                }
                (TokenKind::Word, b"and") => self.logic(&mut levels, b'&'),
                (TokenKind::Word, b"or") => self.logic(&mut levels, b'|'),
                (TokenKind::Word, b"lambda") => self.deeper(&mut levels, &mut nested),
                (TokenKind::Word, b"if") if self.conditional.get(at) == Some(&true) => {
                    self.conditional(&mut levels, &mut nested);
                }
                (TokenKind::Word, b"if" | b"for") => {
                    // Of a comprehension.
                    self.tally().add(0, 1);
                    Self::forget(&mut levels);
                }
                (TokenKind::Word, b"else" | b"return" | b"in" | b"yield") => Self::forget(&mut levels),
                _ => {}
            }
        }
    }

    fn forget(levels: &mut [Level]) {
        if let Some(level) = levels.last_mut() {
            level.logic = 0;
        }
    }

    fn logic(&mut self, levels: &mut [Level], operator: u8) {
        let Some(level) = levels.last_mut() else { return };
        let starts = level.logic != operator;
        level.logic = operator;
        self.tally().add(u32::from(starts), 1);
    }

    fn deeper(&mut self, levels: &mut [Level], nested: &mut u32) {
        if let Some(level) = levels.last_mut() {
            level.nested = level.nested.saturating_add(1);
            *nested = nested.saturating_add(1);
        }
    }

    /// `a if b else c`: what stands in `a` is one level deeper too, though it has been counted already.
    fn conditional(&mut self, levels: &mut [Level], nested: &mut u32) {
        let Some(level) = levels.last_mut() else { return };
        let cost = self.nesting().saturating_add(*nested).saturating_add(1);
        let earlier = level.weight;
        level.weight = level.weight.saturating_add(1);
        level.logic = 0;
        self.tally().add(cost.saturating_add(earlier), 1);
        self.deeper(levels, nested);
    }

    fn call(&mut self, at: usize) {
        if self.text(at) != b"(" {
            return;
        }
        let Some(name) = at.checked_sub(1) else { return };
        let Some(function) = self.function.as_ref().filter(|f| !f.recursive) else { return };
        if self.text(name) != function.name.as_bytes() {
            return;
        }
        let before = name.checked_sub(1).map_or(&b""[..], |at| self.text(at));
        let recursive = match before {
            b"." => {
                let receiver = name.checked_sub(2).map_or(&b""[..], |at| self.text(at));
                !function.owner.is_empty() && matches!(receiver, b"self" | b"cls")
            }
            b"def" | b"class" => false,
            _ => function.owner.is_empty(),
        };
        if recursive && let Some(function) = &mut self.function {
            function.recursive = true;
            function.tally.add(1, 0);
        }
    }
}
