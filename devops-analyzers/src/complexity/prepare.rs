//! What is known of the tokens of a brace language before they are counted.

use crate::language::{Language, Token, TokenKind, tokens};

/// The tokens that count, and what belongs together among them.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) tokens: Vec<Token>,
    /// For each bracket the number of its partner; itself where it has none.
    partners: Vec<usize>,
    /// Whether a `?` starts a conditional expression.
    conditional: Vec<bool>,
}

impl Prepared {
    /// The partner of the bracket with that number.
    pub(super) fn partner(&self, at: usize) -> Option<usize> {
        self.partners.get(at).copied().filter(|partner| *partner != at)
    }

    pub(super) fn is_conditional(&self, at: usize) -> bool {
        self.conditional.get(at).copied().unwrap_or(false)
    }
}

pub(super) fn prepare(language: Language, source: &[u8]) -> Prepared {
    let tokens = code(language, source);
    let mut partners: Vec<usize> = (0..tokens.len()).collect();
    let mut conditional = vec![false; tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    // Question marks that wait for their colon; a bracket shuts off those outside it.
    let mut waiting: Vec<Option<usize>> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let text = token.text(source);
        match (token.kind, text) {
            (TokenKind::Open, _) => {
                open.push(at);
                waiting.push(None);
            }
            (TokenKind::Close, _) => {
                while waiting.pop().is_some_and(|w| w.is_some()) {}
                if let Some(start) = open.pop() {
                    set(&mut partners, start, at);
                    set(&mut partners, at, start);
                }
            }
            (TokenKind::Operator, b"?")
                if has_conditional(language) && !is_type_mark(&tokens, at, source) =>
            {
                waiting.push(Some(at));
            }
            (TokenKind::Operator, b";") => {
                while waiting.last().is_some_and(Option::is_some) {
                    waiting.pop();
                }
            }
            (TokenKind::Operator, b":") => {
                if let Some(Some(question)) = waiting.last().copied() {
                    waiting.pop();
                    set(&mut conditional, question, true);
                }
            }
            _ => {}
        }
    }
    Prepared { tokens, partners, conditional }
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}

const fn has_conditional(language: Language) -> bool {
    !matches!(language, Language::Rust | Language::Go | Language::Kotlin | Language::Scala)
}

/// `x?: T`, `f(x?)`, `List<?>` and the like.
fn is_type_mark(tokens: &[Token], at: usize, source: &[u8]) -> bool {
    let next = tokens.get(at.saturating_add(1)).map_or(&b""[..], |t| t.text(source));
    matches!(next, b":" | b")" | b"," | b";" | b"=" | b">" | b"]" | b"extends" | b"super" | b"." | b"?")
}

/// The tokens without comments and directives; of code for the preprocessor to choose from, the first choice.
fn code(language: Language, source: &[u8]) -> Vec<Token> {
    let mut kept = Vec::new();
    // Of each open `#if`: whether its `#else` has been reached.
    let mut choices: Vec<bool> = Vec::new();
    let mut skipped = 0_usize;
    for token in tokens(language, source) {
        if token.kind == TokenKind::Directive {
            let text = token.text(source).get(1..).unwrap_or_default().trim_ascii_start();
            if text.starts_with(b"if") {
                choices.push(false);
            } else if text.starts_with(b"el") {
                if let Some(other) = choices.last_mut() {
                    skipped = skipped.saturating_add(usize::from(!*other));
                    *other = true;
                }
            } else if text.starts_with(b"endif") && choices.pop() == Some(true) {
                skipped = skipped.saturating_sub(1);
            }
        } else if token.is_code() && skipped == 0 {
            kept.push(token);
        }
    }
    kept
}
