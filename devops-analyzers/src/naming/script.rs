//! Names that JavaScript and TypeScript declare.

use super::declaration::{Declaration, NameKind, Reader};

pub(super) fn declared(reader: &Reader<'_>) -> Vec<Declaration> {
    let mut found = Vec::new();
    for (at, _) in reader.tokens.iter().enumerate() {
        let before = reader.before(at, 1);
        if matches!(before, b"." | b"?." | b"<" | b"</") || reader.behind(at, 1) == b":" {
            continue;
        }
        let name = at.saturating_add(1);
        let declaration = match reader.text(at) {
            b"function" => {
                let name = if reader.text(name) == b"*" { name.saturating_add(1) } else { name };
                reader.declare(name, NameKind::Function).filter(|_| reader.behind(name, 1) != b"=")
            }
            b"class" if reader.behind(at, 2) != b"=" => {
                reader.declare(name, NameKind::Type).filter(|d| d.name != "extends")
            }
            b"interface" | b"enum" if reader.behind(at, 2) == b"{" || reader.behind(at, 2) == b"extends" => {
                reader.declare(name, NameKind::Type)
            }
            b"type" if matches!(reader.behind(at, 2), b"=" | b"<") && before != b"import" => {
                reader.declare(name, NameKind::Type)
            }
            b"const" | b"let" | b"var" if matches!(reader.behind(at, 2), b"=" | b":" | b";") => {
                let constant = reader.text(at) == b"const";
                reader.declare(name, if constant { NameKind::Constant } else { NameKind::Variable })
            }
            _ => None,
        };
        found.extend(declaration.map(|d| Declaration { given: before == b"declare", ..d }));
    }
    found
}
