//! Words of an expression.

use alloc::string::String;
use alloc::vec::Vec;

use super::ExpressionError;

/// A word and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) word: Word,
    /// The column in characters, from 1.
    pub(super) column: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    Number(f64),
    Text(String),
    /// A name or a keyword.
    Name(String),
    Sign(&'static str),
    End,
}

/// Longer signs before their beginnings.
const SIGNS: [&str; 31] = [
    "&&", "||", "==", "!=", "<=", ">=", "**", "??", "?.", "..", "<", ">", "!", "+", "-", "*", "/", "%", "^",
    "(", ")", "[", "]", "{", "}", ",", ".", "?", ":", "#", "|",
];

/// Cuts an expression into words; the last is [`Word::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ExpressionError> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0_usize;
    loop {
        while characters.get(at).is_some_and(|c| c.is_whitespace()) {
            at = at.saturating_add(1);
        }
        let column = at.saturating_add(1);
        let rest = characters.get(at..).unwrap_or_default();
        let Some(first) = rest.first() else {
            tokens.push(Token { word: Word::End, column });
            return Ok(tokens);
        };
        let (word, length) = match first {
            '\'' | '"' | '`' => quoted(rest).ok_or_else(|| {
                ExpressionError::syntax(text, column, "a text that ends with the quote it begins with")
            })?,
            c if c.is_ascii_digit() => number(rest),
            '.' if rest.get(1).is_some_and(char::is_ascii_digit) => number(rest),
            c if c.is_alphabetic() || *c == '_' => name(rest),
            _ => {
                let sign = SIGNS
                    .into_iter()
                    .find(|sign| sign.chars().enumerate().all(|(i, c)| rest.get(i) == Some(&c)));
                let sign = sign.ok_or_else(|| {
                    ExpressionError::syntax(text, column, "a number, a text or an operator")
                })?;
                (Word::Sign(sign), sign.len())
            }
        };
        tokens.push(Token { word, column });
        at = at.saturating_add(length.max(1));
    }
}

fn quoted(rest: &[char]) -> Option<(Word, usize)> {
    let quote = *rest.first()?;
    let (mut text, mut at) = (String::new(), 1_usize);
    loop {
        let c = *rest.get(at)?;
        at = at.saturating_add(1);
        if c == quote {
            return Some((Word::Text(text), at));
        }
        if c == '\\' && quote != '`' {
            let escaped = *rest.get(at)?;
            at = at.saturating_add(1);
            text.push(match escaped {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            });
        } else {
            text.push(c);
        }
    }
}

fn number(rest: &[char]) -> (Word, usize) {
    let mut length = 0_usize;
    let mut text = String::new();
    let mut last = ' ';
    for (at, c) in rest.iter().enumerate() {
        let next = rest.get(at.saturating_add(1));
        let power =
            matches!(c, 'e' | 'E') && next.is_some_and(|n| n.is_ascii_digit() || matches!(n, '+' | '-'));
        let sign = matches!(c, '+' | '-') && matches!(last, 'e' | 'E');
        // A point belongs to the number only before a digit: `1..3` is a range.
        let point = *c == '.' && !text.contains('.') && next.is_some_and(char::is_ascii_digit);
        if !(c.is_ascii_digit() || point || power || sign || *c == '_') {
            break;
        }
        if *c != '_' {
            text.push(*c);
        }
        last = *c;
        length = at.saturating_add(1);
    }
    // Digits, at most one point and at most a power: always a number, though perhaps an infinite one.
    (Word::Number(text.parse().unwrap_or(f64::NAN)), length)
}

fn name(rest: &[char]) -> (Word, usize) {
    let name: String = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
    let length = name.chars().count();
    (Word::Name(name), length)
}
