//! Names that Java declares.

use super::declaration::{Declaration, NameKind, Reader};
use crate::language::TokenKind;

pub(super) fn declared(reader: &Reader<'_>) -> Vec<Declaration> {
    let mut found = Vec::new();
    // The name of the class around, for its constructors, and words of the running declaration.
    let (mut is_static, mut is_final, mut overrides) = (false, false, false);
    for (at, token) in reader.tokens.iter().enumerate() {
        let text = reader.text(at);
        let name = at.saturating_add(1);
        match (token.kind, text) {
            (_, b";" | b"{" | b"}") => (is_static, is_final, overrides) = (false, false, false),
            (_, b"static") => is_static = true,
            (_, b"final") => is_final = true,
            (_, b"Override" | b"native") => overrides = true,
            (_, b"class" | b"interface" | b"enum") if reader.before(at, 1) != b"." => {
                found.extend(reader.declare(name, NameKind::Type));
            }
            (TokenKind::Word, _) if is_static && is_final && reader.text(name) == b"=" => {
                found.extend(reader.declare(at, NameKind::Constant).filter(|_| is_type(reader, at)));
            }
            (TokenKind::Word, _)
                if reader.text(name) == b"(" && is_type(reader, at) && ends_as_method(reader, name) =>
            {
                let method = reader.declare(at, NameKind::Function);
                found.extend(method.map(|d| Declaration { given: overrides, ..d }));
            }
            _ => {}
        }
    }
    found
}

/// Whether a type stands before the name: a word that is none of the language's own, or the end of `<…>`, `[]`.
fn is_type(reader: &Reader<'_>, at: usize) -> bool {
    const WORDS: [&[u8]; 16] = [
        b"return",
        b"new",
        b"throw",
        b"else",
        b"case",
        b"assert",
        b"public",
        b"private",
        b"protected",
        b"static",
        b"final",
        b"synchronized",
        b"abstract",
        b"default",
        b"yield",
        b"instanceof",
    ];
    let Some(before) = at.checked_sub(1) else { return false };
    match reader.kind(before) {
        Some(TokenKind::Word) => !WORDS.contains(&reader.text(before)) && reader.before(before, 1) != b"@",
        Some(TokenKind::Close) => reader.text(before) == b"]" && reader.before(before, 1) == b"[",
        _ => reader.text(before) == b">" && !matches!(reader.before(before, 1), b"public" | b"static"),
    }
}

/// Whether `{`, `throws` or `;` follows the parameters, so that it is no call.
fn ends_as_method(reader: &Reader<'_>, open: usize) -> bool {
    let mut depth = 0_usize;
    for at in open..open.saturating_add(200) {
        match reader.text(at) {
            b"(" => depth = depth.saturating_add(1),
            b")" => depth = depth.saturating_sub(1),
            b"" => return false,
            _ => {}
        }
        if depth == 0 {
            return matches!(reader.behind(at, 1), b"{" | b"throws" | b";");
        }
    }
    false
}
