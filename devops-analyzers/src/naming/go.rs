//! Names that Go declares.

use super::declaration::{Declaration, NameKind, Reader};
use crate::language::TokenKind;

pub(super) fn declared(reader: &Reader<'_>) -> Vec<Declaration> {
    let mut found = Vec::new();
    // cgo and code for the linker have names that others chose.
    let mut line_start = true;
    let mut last_line = 0;
    for (at, token) in reader.tokens.iter().enumerate() {
        line_start = token.line != last_line || (line_start && at == 0);
        last_line = token.line;
        let name = at.saturating_add(1);
        match reader.text(at) {
            b"func" if line_start => {
                let name = if reader.text(name) == b"(" { behind_bracket(reader, name) } else { name };
                found.extend(reader.declare(name, NameKind::Function));
            }
            b"type" if line_start && reader.kind(at.saturating_add(2)) != Some(TokenKind::Close) => {
                found.extend(reader.declare(name, NameKind::Type));
            }
            b"const" | b"var" if line_start => {
                let kind = if reader.text(at) == b"const" { NameKind::Constant } else { NameKind::Variable };
                found.extend(reader.declare(name, kind));
            }
            b":=" if reader.before(at, 2) != b"," => {
                let name = at.checked_sub(1).and_then(|name| reader.declare(name, NameKind::Variable));
                found.extend(name);
            }
            _ => {}
        }
    }
    found
}

/// The token behind the bracket that opens there.
fn behind_bracket(reader: &Reader<'_>, open: usize) -> usize {
    for at in open..open.saturating_add(24) {
        if reader.text(at) == b")" {
            return at.saturating_add(1);
        }
    }
    usize::MAX
}
