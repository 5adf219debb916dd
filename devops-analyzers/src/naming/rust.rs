//! Names that Rust declares.

use super::declaration::{Declaration, NameKind, Reader};
use crate::language::TokenKind;

/// What a brace holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Code,
    Enum,
    /// `extern "C" { … }`: the names are those of another language.
    Foreign,
    /// `impl Trait for T { … }`: the names are those of the trait.
    TraitImpl,
    /// The body of a macro, where names may be made of parts.
    Macro,
}

pub(super) fn declared(reader: &Reader<'_>) -> Vec<Declaration> {
    let mut found = Vec::new();
    let mut scopes: Vec<Scope> = Vec::new();
    // What the next brace holds, and whether attributes or `extern` stand before the item.
    let (mut next, mut given) = (Scope::Code, false);
    let mut attribute_ends = 0_usize;
    let mut all_given = false;
    for (at, token) in reader.tokens.iter().enumerate() {
        if at < attribute_ends {
            continue;
        }
        let text = reader.text(at);
        match token.kind {
            TokenKind::Open
                if text == b"{" || (scopes.last() == Some(&Scope::Macro) || next == Scope::Macro) =>
            {
                let outer = scopes.last().copied();
                let inherits = matches!(outer, Some(Scope::Macro));
                scopes.push(if inherits { Scope::Macro } else { next });
                next = Scope::Code;
                given = false;
            }
            TokenKind::Open if scopes.last() == Some(&Scope::Enum) => scopes.push(Scope::Code),
            TokenKind::Open => {
                scopes.push(scopes.last().copied().filter(|s| *s == Scope::Foreign).unwrap_or(Scope::Code));
            }
            TokenKind::Close => {
                scopes.pop();
            }
            TokenKind::Operator if text == b";" => (next, given) = (Scope::Code, false),
            TokenKind::Operator if text == b"#" => {
                let (end, names) = attribute(reader, at);
                attribute_ends = end;
                given |= names;
                // `#![allow(non_camel_case_types)]` speaks of the whole file.
                all_given |= names && reader.behind(at, 1) == b"!";
            }
            TokenKind::Word => {
                let scope = scopes.last().copied().unwrap_or(Scope::Code);
                if let Some(name) = item(reader, at, scope) {
                    let given = given
                        || all_given
                        || matches!(scope, Scope::Foreign | Scope::TraitImpl | Scope::Macro);
                    found.push(Declaration { given, ..name });
                }
                head(reader, at, &mut next, &mut given);
            }
            _ => {}
        }
    }
    found
}

/// Where an attribute ends, and whether it says that a name is given: by a linker, or with a lint allowed.
fn attribute(reader: &Reader<'_>, at: usize) -> (usize, bool) {
    let mut depth = 0_usize;
    let mut names = false;
    let start = at.saturating_add(1);
    for place in start..start.saturating_add(400) {
        match reader.text(place) {
            b"[" | b"(" | b"{" => depth = depth.saturating_add(1),
            b"]" | b")" | b"}" => depth = depth.saturating_sub(1),
            b"no_mangle"
            | b"export_name"
            | b"non_snake_case"
            | b"non_camel_case_types"
            | b"repr"
            | b"non_upper_case_globals"
            | b"nonstandard_style"
            | b"proc_macro" => names = true,
            b"!" if depth == 0 => continue,
            b"" => return (place, names),
            _ => {}
        }
        if depth == 0 {
            return (place.saturating_add(1), names);
        }
    }
    (start, names)
}

/// What the words before a brace say of it.
fn head(reader: &Reader<'_>, at: usize, next: &mut Scope, given: &mut bool) {
    match reader.text(at) {
        b"enum" => *next = Scope::Enum,
        b"extern" => {
            *given = true;
            *next = Scope::Foreign;
        }
        b"for" if *next == Scope::TraitImpl => {}
        b"impl"
            if !matches!(reader.before(at, 1), b"->" | b":" | b"(" | b"," | b"<" | b"&" | b"=" | b"+") =>
        {
            let mut angle = 0_i64;
            for place in at.saturating_add(1)..at.saturating_add(200) {
                match reader.text(place) {
                    b"<" => angle = angle.saturating_add(1),
                    b">" => angle = angle.saturating_sub(1),
                    b">>" => angle = angle.saturating_sub(2),
                    b"for" if angle == 0 && reader.behind(place, 1) != b"<" => {
                        *next = Scope::TraitImpl;
                        return;
                    }
                    b"{" | b";" | b"" => return,
                    _ => {}
                }
            }
        }
        b"macro_rules" => *next = Scope::Macro,
        b"fn" | b"struct" | b"trait" | b"mod" | b"union"
            if *next != Scope::Foreign || reader.text(at) == b"fn" =>
        {
            *next = Scope::Code;
        }
        // A macro that is called: what its body means is the macro's affair.
        _ if reader.behind(at, 1) == b"!" && matches!(reader.behind(at, 2), b"{" | b"(" | b"[") => {
            *next = Scope::Macro;
        }
        _ => {}
    }
}

fn item(reader: &Reader<'_>, at: usize, scope: Scope) -> Option<Declaration> {
    let behind = reader.behind(at, 1);
    let name = at.saturating_add(1);
    let raw = behind == b"r" && reader.behind(at, 2) == b"#";
    if raw || reader.before(at, 1) == b"$" || behind == b"$" {
        return None;
    }
    match reader.text(at) {
        b"fn" => reader.declare(name, NameKind::Function),
        b"struct" | b"enum" | b"trait" => reader.declare(name, NameKind::Type),
        b"type" if matches!(reader.behind(at, 2), b"=" | b"<" | b":" | b";") => {
            reader.declare(name, NameKind::Type)
        }
        b"mod" if matches!(reader.behind(at, 2), b"{" | b";") => reader.declare(name, NameKind::Module),
        b"const"
            if reader.behind(at, 2) == b":"
                && reader.before(at, 1) != b"<"
                && reader.before(at, 1) != b"," =>
        {
            reader.declare(name, NameKind::Constant)
        }
        b"static" if reader.behind(at, 2) == b":" => reader.declare(name, NameKind::Constant),
        b"static" if behind == b"mut" => reader.declare(at.saturating_add(2), NameKind::Constant),
        b"let" => {
            let name = if behind == b"mut" { at.saturating_add(2) } else { name };
            let plain = matches!(reader.behind(name, 1), b"=" | b":" | b";");
            let name = reader.declare(name, NameKind::Variable).filter(|_| plain)?;
            // A capital alone, such as `let X = ..`, may be a pattern: a constant or a variant.
            let pattern = name.name.starts_with(char::is_uppercase) && reader.behind(at, 2) == b"=";
            (!pattern).then_some(name)
        }
        _ if scope == Scope::Enum && matches!(reader.before(at, 1), b"{" | b"," | b"]") => {
            let ends = matches!(behind, b"," | b"(" | b"{" | b"}" | b"=");
            reader.declare(at, NameKind::Variant).filter(|_| ends)
        }
        _ => None,
    }
}
