//! Which path the names in a diff mean: prefixes, and names that share a line.

use alloc::borrow::Cow;

use memchr::{memchr, memchr_iter, memmem};

use super::quote::{unquote, whole};

/// A name as it stands in the diff, its prefix included.
pub(super) type Name<'a> = Cow<'a, [u8]>;

/// How many bytes of prefix the old and the new name of one file have.
pub(super) type Prefixes = (usize, usize);

/// Finds the prefixes of two names.
///
/// Equal names have none. Otherwise `a/` and `b/` are prefixes, and so are first directories before an equal
/// rest (`i/` and `w/`, `old/` and `new/`). Git gives both names of a file that keeps its path the same rest,
/// so with `same_path` prefixes may have several directories.
pub(super) fn prefixes(old: &[u8], new: &[u8], same_path: bool) -> Prefixes {
    if old == new {
        return (0, 0);
    }
    if has_rest(old, b"a/") && has_rest(new, b"b/") {
        return (2, 2);
    }
    if let (Some(o), Some(n)) = (behind_first_slash(old), behind_first_slash(new))
        && old.get(o..) == new.get(n..)
    {
        return (o, n);
    }
    match if same_path { common_rest(old, new) } else { 0 } {
        0 => (0, 0),
        common => (old.len().saturating_sub(common), new.len().saturating_sub(common)),
    }
}

/// The prefix of a name that stands alone: `conventional`, or none.
pub(super) fn lone_prefix(name: &[u8], conventional: &[u8]) -> usize {
    if has_rest(name, conventional) { conventional.len() } else { 0 }
}

fn has_rest(name: &[u8], prefix: &[u8]) -> bool {
    name.starts_with(prefix) && name.len() > prefix.len()
}

fn behind_first_slash(name: &[u8]) -> Option<usize> {
    let at = memchr(b'/', name)?.checked_add(1)?;
    (at < name.len()).then_some(at)
}

/// The length of the longest equal end that starts behind a slash in both.
fn common_rest(old: &[u8], new: &[u8]) -> usize {
    let equal = old.iter().rev().zip(new.iter().rev()).take_while(|(o, n)| o == n).count();
    let end = old.get(old.len().saturating_sub(equal)..).unwrap_or_default();
    memchr(b'/', end).map_or(0, |at| end.len().saturating_sub(at).saturating_sub(1))
}

/// Splits what follows `diff --git ` into the old and the new name.
///
/// Names without quotes may hold blanks. Where the line can be split so that both names mean one path, that
/// is meant; git names both in lines of their own where they differ.
pub(super) fn split_names(line: &[u8]) -> Option<(Name<'_>, Name<'_>)> {
    if line.starts_with(b"\"") {
        let (old, behind) = unquote(line)?;
        return Some((Cow::Owned(old), whole(behind.strip_prefix(b" ")?)?));
    }
    if line.ends_with(b"\"") {
        let (old, new) = split_at_blank(line, memmem::find(line, b" \"")?)?;
        return Some((Cow::Borrowed(old), whole(new)?));
    }
    let (old, new) = halves(line).or_else(|| equal_rests(line)).or_else(|| only_split(line))?;
    Some((Cow::Borrowed(old), Cow::Borrowed(new)))
}

fn split_at_blank(line: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    let (old, new) = line.split_at_checked(at)?;
    let new = new.strip_prefix(b" ")?;
    (!old.is_empty() && !new.is_empty()).then_some((old, new))
}

/// Both names have one length: no prefixes, or prefixes of one length.
fn halves(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (old, new) = split_at_blank(line, line.len() / 2)?;
    let (o, n) = prefixes(old, new, true);
    (o == n && old.get(o..) == new.get(n..)).then_some((old, new))
}

/// Prefixes of different lengths, one directory each.
///
/// Going on from blank to blank, the old name's rest gets longer and the new one's does not, so there is at
/// most one blank where they have one length, and only there they are compared.
fn equal_rests(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = behind_first_slash(line)?;
    let mut slashes = memchr_iter(b'/', line).peekable();
    for blank in memchr_iter(b' ', line).skip_while(|at| *at <= first) {
        while slashes.next_if(|at| *at < blank).is_some() {}
        let new_rest = line.len().checked_sub(slashes.peek()?.checked_add(1)?)?;
        let old_rest = blank.checked_sub(first)?;
        if old_rest >= new_rest {
            let (old, new) = split_at_blank(line, blank)?;
            return (old_rest == new_rest
                && old.get(first..) == line.get(line.len().checked_sub(new_rest)?..))
            .then_some((old, new));
        }
    }
    None
}

/// Names that differ, where only one blank can part them.
fn only_split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut blanks = memchr_iter(b' ', line);
    if let (Some(at), None) = (blanks.next(), blanks.next()) {
        return split_at_blank(line, at);
    }
    let mut conventional = memmem::find_iter(line, b" b/");
    match (line.starts_with(b"a/"), conventional.next(), conventional.next()) {
        (true, Some(at), None) => split_at_blank(line, at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Option<(Name<'_>, Name<'_>)> {
        split_names(line.as_bytes())
    }

    #[test]
    fn prefixes_by_what_names_share() {
        for (old, new, found) in [
            ("a/x", "b/x", (2, 2)),
            ("a/x", "b/y", (2, 2)),
            ("a/x", "a/x", (0, 0)),
            ("old/d/x", "newer/d/x", (4, 6)),
            ("x/old/d/f", "y/z/d/f", (6, 4)),
            ("x", "y", (0, 0)),
            ("a/", "b/", (0, 0)),
        ] {
            assert_eq!(prefixes(old.as_bytes(), new.as_bytes(), true), found, "{old} {new}");
        }
        assert_eq!(prefixes(b"x/old/f", b"y/new/f", false), (0, 0));
    }

    #[test]
    fn names_that_share_a_line() {
        for (line, old, new) in [
            ("a/x b/y b/x b/y", "a/x b/y", "b/x b/y"),
            ("x y x y", "x y", "x y"),
            ("old/a b newer/a b", "old/a b", "newer/a b"),
            ("a/x b/y", "a/x", "b/y"),
            ("a/x y b/z", "a/x y", "b/z"),
            ("\"a/\\t\" b/x", "a/\t", "b/x"),
            ("a/x y \"b/\\t\"", "a/x y", "b/\t"),
        ] {
            let (first, second) = split(line).unwrap();
            assert_eq!((&*first, &*second), (old.as_bytes(), new.as_bytes()), "{line}");
        }
        for line in ["", " ", "x", "a/x y z b/u b/v", "\"a/x", "\"a\"b", " \""] {
            assert_eq!(split(line), None, "{line}");
        }
    }
}
