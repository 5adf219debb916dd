//! Names that Python declares.

use super::declaration::{Declaration, NameKind, Reader};
use crate::language::TokenKind;

pub(super) fn declared(reader: &Reader<'_>) -> Vec<Declaration> {
    let mut found = Vec::new();
    // Whether a decorator stands before, and whether classes around have bases: their methods may be overrides.
    let mut decorated = false;
    let mut blocks: Vec<bool> = Vec::new();
    let mut opens_class_with_base = false;
    let mut starts_line = true;
    for (at, token) in reader.tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Newline => {
                starts_line = true;
                continue;
            }
            TokenKind::Indent => {
                blocks.push(core::mem::take(&mut opens_class_with_base));
                continue;
            }
            TokenKind::Dedent => {
                blocks.pop();
                continue;
            }
            _ => {}
        }
        if !core::mem::take(&mut starts_line) {
            continue;
        }
        let word = if reader.text(at) == b"async" { at.saturating_add(1) } else { at };
        let name = word.saturating_add(1);
        match reader.text(word) {
            b"@" => {
                decorated = true;
                continue;
            }
            b"def" => {
                let given = decorated || blocks.last() == Some(&true);
                let name = reader.declare(name, NameKind::Function);
                found.extend(name.map(|name| Declaration { given, ..name }));
                opens_class_with_base = false;
            }
            b"class" => {
                found.extend(reader.declare(name, NameKind::Type));
                opens_class_with_base = reader.behind(word, 2) == b"(" && reader.behind(word, 3) != b")";
            }
            _ => {}
        }
        decorated = false;
    }
    found
}
