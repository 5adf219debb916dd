//! Reads `GIT binary patch` sections.

use super::cursor::{Cursor, trim_cr};
use super::error::{DiffError, shown};

/// Reads the patch behind its first line and, where there is one, its reverse.
pub(super) fn read_binary_patch(cursor: &mut Cursor<'_>) -> Result<(), DiffError> {
    if !at_data(cursor) {
        let found = shown(cursor.peek().unwrap_or_default());
        let expected = "`literal` or `delta` and a size";
        return Err(DiffError::BinaryPatch { line: cursor.line(), found, expected });
    }
    read_data(cursor)?;
    if at_data(cursor) {
        read_data(cursor)?;
    }
    Ok(())
}

fn at_data(cursor: &Cursor<'_>) -> bool {
    let line = trim_cr(cursor.peek().unwrap_or_default());
    let size = line.strip_prefix(b"literal ").or_else(|| line.strip_prefix(b"delta "));
    size.is_some_and(|s| !s.is_empty() && s.iter().all(u8::is_ascii_digit))
}

fn read_data(cursor: &mut Cursor<'_>) -> Result<(), DiffError> {
    cursor.next();
    loop {
        let line = cursor.line();
        let wrong = |found, expected| DiffError::BinaryPatch { line, found: shown(found), expected };
        let raw = cursor.next().ok_or_else(|| wrong(b"", "a blank line at the end of its data"))?;
        let data = trim_cr(raw);
        let Some((length, digits)) = data.split_first() else {
            return Ok(());
        };
        let bytes = match length {
            b'A'..=b'Z' => usize::from(length.saturating_sub(b'A')).saturating_add(1),
            b'a'..=b'z' => usize::from(length.saturating_sub(b'a')).saturating_add(27),
            _ => return Err(wrong(raw, "a letter for the length of the line")),
        };
        if digits.len() != bytes.div_ceil(4).saturating_mul(5) || !digits.iter().all(|b| is_base85(*b)) {
            return Err(wrong(raw, "as many base-85 digits as its first letter says"));
        }
    }
}

const fn is_base85(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b'-'
                | b';'
                | b'<'
                | b'='
                | b'>'
                | b'?'
                | b'@'
                | b'^'
                | b'_'
                | b'`'
                | b'{'
                | b'|'
                | b'}'
                | b'~'
        )
}
