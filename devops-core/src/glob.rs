//! Patterns of paths.

use alloc::vec::Vec;

/// Whether a pattern fits a whole path. `*` stands for any bytes but `/`, `**` for any bytes, `?` for one byte
/// but `/`; a pattern that ends with `/` stands for all below.
pub(crate) fn fits(pattern: &str, path: &[u8]) -> bool {
    let pattern = pattern.as_bytes();
    if pattern.last() == Some(&b'/') {
        return path.starts_with(pattern);
    }
    // Which positions of the path each beginning of the pattern reaches: linear in pattern times path.
    let mut reached: Vec<bool> = core::iter::once(true).chain(path.iter().map(|_| false)).collect();
    let mut rest = pattern;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        let deep = *first == b'*' && tail.first() == Some(&b'*');
        if deep {
            rest = tail.get(1..).unwrap_or_default();
        }
        reached = match first {
            b'*' => starred(&reached, path, deep),
            _ => advanced(&reached, path, *first),
        };
    }
    reached.last() == Some(&true)
}

/// Everything from a reached position on, up to the next `/` unless `deep`.
fn starred(reached: &[bool], path: &[u8], deep: bool) -> Vec<bool> {
    let mut open = false;
    let before = core::iter::once(None).chain(path.iter().map(Some));
    reached
        .iter()
        .zip(before)
        .map(|(here, byte)| {
            open = *here || (open && (deep || byte != Some(&b'/')));
            open
        })
        .collect()
}

/// One byte further where it is the wanted one.
fn advanced(reached: &[bool], path: &[u8], wanted: u8) -> Vec<bool> {
    let fits = |byte: &u8| *byte == wanted || (wanted == b'?' && *byte != b'/');
    let next = reached.iter().zip(path).map(|(here, byte)| *here && fits(byte));
    core::iter::once(false).chain(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn patterns() {
        for (pattern, path, expected) in [
            ("src/a.rs", "src/a.rs", true),
            ("src/*.rs", "src/a.rs", true),
            ("src/*.rs", "src/x/a.rs", false),
            ("src/**", "src/x/a.rs", true),
            ("**/a.rs", "src/x/a.rs", true),
            ("src/", "src/x/a.rs", true),
            ("src/", "srcs/a.rs", false),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(fits(pattern, path.as_bytes()), expected, "{pattern} on {path}");
        }
    }

    proptest! {
        #[test]
        fn a_path_fits_itself_and_everything(path in "[a-z/.]{0,30}") {
            prop_assert!(fits("**", path.as_bytes()));
            prop_assert!(path.ends_with('/') || fits(&path, path.as_bytes()));
        }

        #[test]
        fn any_pattern(pattern in "[*?a/]{0,40}", path in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = fits(&pattern, &path);
        }
    }
}
