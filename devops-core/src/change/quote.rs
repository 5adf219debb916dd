//! Paths in quotes, as git writes those with control characters, quotes, backslashes or bytes above 0x7f.

use alloc::borrow::Cow;
use alloc::vec::Vec;

/// Reads a path in quotes from the start of `bytes`; also gives what follows the closing quote.
pub(super) fn unquote(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = bytes.strip_prefix(b"\"")?;
    let mut path = Vec::new();
    loop {
        match rest {
            [b'"', behind @ ..] => return Some((path, behind)),
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', behind @ ..] => {
                path.push(((a & 3) << 6) | ((b & 7) << 3) | (c & 7));
                rest = behind;
            }
            [b'\\', letter, behind @ ..] => {
                path.push(unescape(*letter)?);
                rest = behind;
            }
            [byte, behind @ ..] => {
                path.push(*byte);
                rest = behind;
            }
            [] => return None,
        }
    }
}

const fn unescape(letter: u8) -> Option<u8> {
    Some(match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'r' => b'\r',
        b'"' | b'\\' => letter,
        _ => return None,
    })
}

/// Appends a prefix and a path, in quotes where git would use them.
pub(super) fn write_path(out: &mut Vec<u8>, prefix: &[u8], path: &[u8]) {
    if !path.iter().any(|b| needs_quotes(*b)) {
        out.extend_from_slice(prefix);
        out.extend_from_slice(path);
        return;
    }
    out.push(b'"');
    out.extend_from_slice(prefix);
    for byte in path {
        match byte {
            0x07 => out.extend_from_slice(b"\\a"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0b => out.extend_from_slice(b"\\v"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b if needs_quotes(*b) => {
                out.extend_from_slice(&[b'\\', b'0' | (b >> 6), b'0' | ((b >> 3) & 7), b'0' | (b & 7)]);
            }
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
}

const fn needs_quotes(byte: u8) -> bool {
    byte < b' ' || byte >= 0x7f || byte == b'"' || byte == b'\\'
}

/// Reads a path that fills the rest of its line, in quotes or not.
pub(super) fn whole(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    if bytes.starts_with(b"\"") {
        let (path, behind) = unquote(bytes)?;
        return behind.is_empty().then_some(Cow::Owned(path));
    }
    Some(Cow::Borrowed(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn written_paths_read_back(path in proptest::collection::vec(1u8.., 1..40)) {
            let mut line = Vec::new();
            write_path(&mut line, b"a/", &path);
            let read = whole(&line).unwrap();
            prop_assert_eq!(read.strip_prefix(b"a/").unwrap(), &path[..]);
        }

        #[test]
        fn arbitrary_quotes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = unquote(&bytes);
        }
    }

    #[test]
    fn quoted_forms() {
        assert_eq!(unquote(b"\"a\\303\\251\\tb\" rest").unwrap(), (b"a\xc3\xa9\tb".to_vec(), &b" rest"[..]));
        for bad in [&b"\"a"[..], b"a", b"\"\\x41\"", b"\"\\400\"", b"\"\\12\"", b"\"\\"] {
            assert_eq!(unquote(bad), None, "{bad:?}");
        }
        assert_eq!(whole(b"\"a\"b"), None);
    }

    #[test]
    fn written_as_git_writes_them() {
        let mut line = Vec::new();
        write_path(&mut line, b"b/", "h\u{e9} \"x\"\u{7f}".as_bytes());
        assert_eq!(line, b"\"b/h\\303\\251 \\\"x\\\"\\177\"");
    }
}
