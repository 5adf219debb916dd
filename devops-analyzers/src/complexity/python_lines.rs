//! The logical lines of a Python source.

use crate::language::{Language, Token, TokenKind, tokens};

/// A logical line: a statement, or the head of one.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its first token.
    pub(super) start: usize,
    /// The token behind its last.
    pub(super) end: usize,
    /// How many blocks it stands in.
    pub(super) depth: usize,
    /// The token behind the colon of its head, where it is the head of a statement.
    pub(super) colon: Option<usize>,
    /// The source line of its last token.
    pub(super) last: u32,
    /// A head that ends with a colon.
    pub(super) is_compound: bool,
    /// An `else` that belongs to a `try`.
    pub(super) else_of_try: bool,
    /// A function that only defines another function and returns.
    pub(super) is_decorator: bool,
}

/// The tokens and lines of a source.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) tokens: Vec<Token>,
    pub(super) conditional: Vec<bool>,
    pub(super) lines: Vec<Line>,
}

pub(super) fn lines(source: &[u8]) -> Lines {
    let mut read = Lines::default();
    let mut depth = 0_usize;
    let mut start = 0_usize;
    for token in tokens(Language::Python, source) {
        match token.kind {
            TokenKind::Comment => {}
            TokenKind::Indent => depth = depth.saturating_add(1),
            TokenKind::Dedent => depth = depth.saturating_sub(1),
            TokenKind::Newline => {
                finish(&mut read, source, start, depth);
                start = read.tokens.len();
            }
            _ => read.tokens.push(token),
        }
    }
    finish(&mut read, source, start, depth);
    read.conditional = conditionals(&read.tokens, source);
    relate(&mut read, source);
    read
}

fn finish(read: &mut Lines, source: &[u8], start: usize, depth: usize) {
    let Some(line) = read.tokens.get(start..).filter(|line| !line.is_empty()) else { return };
    let mut open = 0_usize;
    let mut lambdas = 0_usize;
    let mut colon = None;
    for (offset, token) in line.iter().enumerate() {
        match (token.kind, token.text(source)) {
            (TokenKind::Open, _) => open = open.saturating_add(1),
            (TokenKind::Close, _) => open = open.saturating_sub(1),
            (TokenKind::Word, b"lambda") if open == 0 => lambdas = lambdas.saturating_add(1),
            (TokenKind::Operator, b":") if open == 0 && lambdas > 0 => lambdas = lambdas.saturating_sub(1),
            (TokenKind::Operator, b":") if open == 0 && colon.is_none() => {
                colon = Some(start.saturating_add(offset).saturating_add(1));
            }
            _ => {}
        }
    }
    let end = read.tokens.len();
    let text = line.last().map_or(&b""[..], |t| t.text(source));
    let extra = text.iter().filter(|b| **b == b'\n').count();
    let last = line.last().map_or(1, |t| t.line).saturating_add(u32::try_from(extra).unwrap_or(0));
    let is_compound = colon == Some(end);
    read.lines.push(Line {
        start,
        end,
        depth,
        colon,
        last,
        is_compound,
        else_of_try: false,
        is_decorator: false,
    });
}

/// Finds the `if`s that have an `else` in the same expression.
fn conditionals(tokens: &[Token], source: &[u8]) -> Vec<bool> {
    let mut found = vec![false; tokens.len()];
    let mut waiting: Vec<Option<usize>> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match (token.kind, token.text(source)) {
            (TokenKind::Open, _) => waiting.push(None),
            (TokenKind::Close, _) => while waiting.pop().is_some_and(|w| w.is_some()) {},
            (TokenKind::Word, b"if") => waiting.push(Some(at)),
            (TokenKind::Word, b"else") => {
                if let Some(Some(start)) = waiting.last().copied() {
                    waiting.pop();
                    if let Some(place) = found.get_mut(start) {
                        *place = true;
                    }
                }
            }
            (TokenKind::Operator, b":") => {
                // The head of a statement ends: its `if` is none of an expression.
                while waiting.last().is_some_and(Option::is_some) {
                    waiting.pop();
                }
            }
            _ => {}
        }
    }
    found
}

/// What is known of the statements in a block while its lines are read.
#[derive(Default)]
struct Open {
    line: usize,
    depth: usize,
    statements: usize,
    /// Whether the first statement is a function and the second a `return`.
    defines: bool,
    returns: bool,
}

/// Finds decorators, and the `else` of `try`.
fn relate(read: &mut Lines, source: &[u8]) {
    let mut open: Vec<Open> = Vec::new();
    // The word that opened the last block at each depth.
    let mut heads: Vec<&[u8]> = Vec::new();
    let Lines { tokens, lines, .. } = read;
    let word = |at: usize| tokens.get(at).map_or(&b""[..], |t| t.text(source));
    for at in 0..lines.len() {
        let Some(line) = lines.get(at) else { return };
        let (depth, is_else) = (line.depth, word(line.start) == b"else");
        let is_string = tokens.get(line.start).is_some_and(|t| t.kind == TokenKind::String);
        let first = match word(line.start) {
            b"async" => word(line.start.saturating_add(1)),
            first => first,
        };
        close(&mut open, lines, depth);
        heads.resize(depth.saturating_add(1), b"");
        if let Some(head) = heads.last_mut() {
            if is_else
                && *head == b"except"
                && let Some(line) = lines.get_mut(at)
            {
                line.else_of_try = true;
            }
            *head = first;
        }
        if let Some(block) = open.last_mut().filter(|b| depth == b.depth.saturating_add(1))
            && first != b"@"
            && !(block.statements == 0 && is_string)
        {
            block.statements = block.statements.saturating_add(1);
            block.defines |= block.statements == 1 && first == b"def";
            block.returns |= block.statements == 2 && first == b"return";
        }
        if first == b"def" {
            open.push(Open { line: at, depth, ..Open::default() });
        }
    }
    close(&mut open, lines, 0);
}

fn close(open: &mut Vec<Open>, lines: &mut [Line], depth: usize) {
    while let Some(block) = open.pop_if(|block| block.depth >= depth) {
        if let Some(line) = lines.get_mut(block.line) {
            line.is_decorator = block.statements == 2 && block.defines && block.returns;
        }
    }
}
