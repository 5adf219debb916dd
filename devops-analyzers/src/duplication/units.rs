//! Sources as rows of comparable tokens.

use crate::language::{Language, Token, TokenKind, tokens};

/// A token as it is compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    /// What is compared: the hash of its text, or of its kind where names do not count.
    pub(super) key: u64,
    /// The hash of its text where it is a name or literal that may differ, else 0.
    pub(super) name: u64,
    /// Where its source is in the list; `u32::MAX` for the mark between sources, which equals nothing.
    pub(super) source: u32,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) first_line: u32,
    pub(super) last_line: u32,
}

/// FNV-1a over 64 bits (Fowler, Noll and Vo 1991), finished with the mixing step of SplitMix64.
fn hash(seed: u64, text: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
    for byte in text {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 30;
    hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^ (hash >> 27)
}

/// Comments that take the code between them out of the comparison, of jscpd and of PMD.
fn switch(comment: &[u8]) -> Option<bool> {
    let has = |mark: &[u8]| comment.windows(mark.len()).any(|part| part == mark);
    if has(b"jscpd:ignore-start") || has(b"CPD-OFF") {
        Some(false)
    } else if has(b"jscpd:ignore-end") || has(b"CPD-ON") {
        Some(true)
    } else {
        None
    }
}

/// Adds the tokens of a source to the row, with a mark behind them. `renamed` compares names and literals by
/// their kind only and leaves comments out.
pub(super) fn add_units(
    units: &mut Vec<Unit>,
    number: u32,
    language: Language,
    source: &[u8],
    first_line: u32,
    renamed: bool,
) {
    let seed = u64::from(language as u8);
    let mut on = true;
    for token in tokens(language, source) {
        let text = token.text(source);
        if token.kind == TokenKind::Comment {
            if let Some(state) = switch(text) {
                on = state;
                units.push(mark(units.len()));
                continue;
            }
            if renamed {
                continue;
            }
        } else if !token.is_code() {
            continue;
        }
        if on {
            units.push(unit(&token, text, number, first_line, seed, renamed));
        }
    }
    units.push(mark(units.len()));
}

fn unit(token: &Token, text: &[u8], number: u32, first_line: u32, seed: u64, renamed: bool) -> Unit {
    let first = first_line.saturating_add(token.line).saturating_sub(1);
    let ends =
        if matches!(token.kind, TokenKind::Word | TokenKind::Operator | TokenKind::Open | TokenKind::Close) {
            0
        } else {
            text.iter().filter(|b| **b == b'\n').count()
        };
    let exact = hash(seed, text);
    let free = renamed
        && match token.kind {
            TokenKind::Word => !is_keyword(text),
            TokenKind::Number | TokenKind::String | TokenKind::Char | TokenKind::Regex | TokenKind::Text => {
                true
            }
            _ => false,
        };
    Unit {
        key: if free { hash(seed, &[0, kind_group(token.kind)]) } else { exact },
        name: if free { exact } else { 0 },
        source: number,
        start: token.start,
        end: token.end,
        first_line: first,
        last_line: first.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX)),
    }
}

/// A unit that equals no other.
fn mark(place: usize) -> Unit {
    let place = u64::try_from(place).unwrap_or(u64::MAX);
    let key = hash(0xff00, &place.to_le_bytes());
    Unit { key, name: 0, source: u32::MAX, start: 0, end: 0, first_line: 0, last_line: 0 }
}

/// A name is replaced by a name, a literal by a literal.
const fn kind_group(kind: TokenKind) -> u8 {
    match kind {
        TokenKind::Word => 1,
        _ => 2,
    }
}

/// Words that make the structure of a program in one language or another.
const WORDS: &str = "\
    as async await break case catch class const continue def default do elif else enum except \
    extends false finally fn for from func function go if impl import in interface is lambda let \
    loop match mod mut new not null or and pass private protected pub public raise range return \
    select self static struct super switch this throw throws trait true try type use var void where \
    while with yield";

fn is_keyword(word: &[u8]) -> bool {
    word.len() <= 9 && WORDS.split(' ').any(|known| known.as_bytes() == word)
}
