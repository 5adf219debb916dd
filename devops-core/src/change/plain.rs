//! Reads sections without a git header: those of `diff -u`, svn, bzr and hg.

use super::contents::fill_contents;
use super::cursor::Cursor;
use super::error::{DiffError, shown};
use super::file::FileChange;
use super::header::{Marked, read_marked};
use super::name::{Name, lone_prefix, prefixes};
use super::quote::whole;
use super::section::{FirstLine, read_hunks, repo_path};
use super::stamp::{Stamp, read_stamp};

/// Reads a section that starts with `---` and `+++`.
pub(super) fn read_plain(cursor: &mut Cursor<'_>) -> Result<FileChange, DiffError> {
    let minus = read_marked(cursor, true)?;
    let plus = read_marked(cursor, true)?;
    let mut file = FileChange::blank();
    file.hunks = read_hunks(cursor, false)?;
    let absent = |marked: &Marked<'_>, is_empty: bool| {
        marked.name.is_none() || (is_empty && read_stamp(marked.stamp) != Stamp::Date)
    };
    let (old_empty, new_empty) = match &file.hunks[..] {
        [hunk] => (is_empty(hunk.old_range()), is_empty(hunk.new_range())),
        _ => (false, false),
    };
    let (is_new, is_deleted) = (absent(&minus, old_empty), absent(&plus, new_empty));
    let (old, new) = match (&minus.name, &plus.name) {
        (Some(old), Some(new)) => both(old, new),
        (Some(old), None) => alone(old, b"a/"),
        (None, Some(new)) => alone(new, b"b/"),
        (None, None) => {
            let expected = "a path where the other one is `/dev/null`";
            return Err(DiffError::Path { line: plus.line, found: shown(plus.raw), expected });
        }
    };
    let old_path = repo_path(old, minus.line, minus.raw)?;
    let new_path = if old == new { old_path.clone() } else { repo_path(new, plus.line, plus.raw)? };
    file.set_paths(old_path, new_path, is_new, is_deleted);
    fill_contents(&mut file, &[], &[]);
    Ok(file)
}

/// Reads `Binary files a/x and b/x differ` of `diff -r`; `None` where the names cannot be told apart.
pub(super) fn read_plain_binary(first: &FirstLine<'_>) -> Result<Option<FileChange>, DiffError> {
    let Some((old, new)) = binary_names(first.raw) else {
        return Ok(None);
    };
    let (is_new, is_deleted) = (*old == *b"/dev/null", *new == *b"/dev/null");
    let (old, new) = match (is_new, is_deleted) {
        (true, true) => return Ok(None),
        (true, false) => alone(&new, b"b/"),
        (false, true) => alone(&old, b"a/"),
        (false, false) => both(&old, &new),
    };
    let mut file = FileChange::blank();
    file.binary = true;
    file.set_paths(first.path(old)?, first.path(new)?, is_new, is_deleted);
    Ok(Some(file))
}

/// Parts the two names; a name may hold ` and ` itself, so with several the one between like names is meant.
fn binary_names(raw: &[u8]) -> Option<(Name<'_>, Name<'_>)> {
    let names = raw.strip_prefix(b"Binary files ")?.strip_suffix(b" differ")?;
    if names.starts_with(b"Binary files ") {
        return None;
    }
    let part = |at: usize| {
        let (first, rest) = names.split_at_checked(at)?;
        Some((whole(first)?, whole(rest.strip_prefix(b" and ")?)?))
    };
    if names.starts_with(b"/dev/null and ") {
        return part(b"/dev/null".len());
    }
    if names.ends_with(b" and /dev/null") {
        return part(names.len().checked_sub(b" and /dev/null".len())?);
    }
    let mut places = memchr::memmem::find_iter(names, b" and ");
    let first = places.next()?;
    if places.next().is_none() {
        return part(first);
    }
    let like = |(old, new): &(Name<'_>, Name<'_>)| {
        let (o, n) = prefixes(old, new, false);
        old.get(o..) == new.get(n..)
    };
    // A bound, so that a long line takes no longer than its length.
    memchr::memmem::find_iter(names, b" and ").take(8).filter_map(part).find(like)
}

const fn is_empty(range: super::hunk::LineRange) -> bool {
    range.count == 0
}

/// A name that stands alone, for both sides.
fn alone<'a>(name: &'a [u8], conventional: &[u8]) -> (&'a [u8], &'a [u8]) {
    let name = relative(name);
    let rest = name.get(lone_prefix(name, conventional)..).unwrap_or_default();
    (rest, rest)
}

/// Two names without their prefixes; a backup such as `x.orig` has the path of what it was made from.
fn both<'a>(old: &'a [u8], new: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let (old, new) = (relative(old), relative(new));
    let (o, n) = prefixes(old, new, false);
    let (old, new) = (old.get(o..).unwrap_or_default(), new.get(n..).unwrap_or_default());
    let ending = old.strip_prefix(new).unwrap_or_default();
    if [&b".orig"[..], b".old", b".bak", b"~"].contains(&ending) { (new, new) } else { (old, new) }
}

/// Paths inside a repository do not start at the root.
fn relative(mut name: &[u8]) -> &[u8] {
    while let Some(rest) = name.strip_prefix(b"/").or_else(|| name.strip_prefix(b"./")) {
        name = rest;
    }
    name
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString as _};
    use alloc::vec::Vec;

    use crate::{ChangeKind, ChangeSet};

    fn files(diff: &str) -> Vec<(ChangeKind, String)> {
        let change = ChangeSet::from_diff(diff.as_bytes()).unwrap();
        change.files().iter().map(|f| (f.kind(), f.path().unwrap().to_string())).collect()
    }

    #[test]
    fn names_and_dates_of_other_tools() {
        let hunk = "@@ -0,0 +1 @@\n+a\n";
        for (names, kind, path) in [
            ("--- x\t(revision 0)\n+++ x\t(revision 0)\n", ChangeKind::Added, "x"),
            (
                "--- o/x\t1970-01-01 00:00:00 +0000\n+++ n/x\t2013-10-13 23:44:04 +0000\n",
                ChangeKind::Added,
                "x",
            ),
            (
                "--- o/x\t2013-10-13 23:44:04 +0000\n+++ n/x\t2013-10-13 23:44:05 +0000\n",
                ChangeKind::Modified,
                "x",
            ),
            ("--- /tmp/x.orig\t2013-10-13 23:44:04 +0000\n+++ /tmp/x\n", ChangeKind::Modified, "tmp/x"),
            ("--- ./x 2013-10-13 23:44:04 +0000\n+++ ./y\n", ChangeKind::Renamed, "y"),
            ("--- /dev/null\n+++ b/b/x\n", ChangeKind::Added, "b/x"),
        ] {
            assert_eq!(files(&alloc::format!("{names}{hunk}")), [(kind, path.into())], "{names}");
        }
    }

    #[test]
    fn binary_files_without_a_header() {
        for (names, found) in [
            ("one/b and two/b", Some((ChangeKind::Modified, "b"))),
            ("/dev/null and b/x and y", Some((ChangeKind::Added, "x and y"))),
            ("a/x and y and /dev/null", Some((ChangeKind::Deleted, "x and y"))),
            ("a/x and y and b/x and y", Some((ChangeKind::Modified, "x and y"))),
            ("x and y and z", None),
        ] {
            let diff = alloc::format!("Binary files {names} differ\n--- a/q\n+++ b/q\n@@ -1 +1 @@\n-a\n+b\n");
            let found = found.map(|(kind, path)| (kind, path.into()));
            let mut expected: Vec<(ChangeKind, String)> = found.into_iter().collect();
            expected.push((ChangeKind::Modified, "q".into()));
            assert_eq!(files(&diff), expected, "{names}");
        }
    }
}
