//! Writes unified diffs in git's form.

use alloc::vec::Vec;

use super::cursor::cut_line;
use super::file::{ChangeKind, FileChange};
use super::hunk::{Hunk, LineRange};
use super::quote::write_path;
use crate::RepoPath;

pub(super) fn render(files: &[FileChange]) -> Vec<u8> {
    let mut out = Vec::new();
    for file in files {
        if file.carried.starts_with(b"Submodule ") {
            out.extend_from_slice(&file.carried);
        } else {
            write_file(&mut out, file);
        }
    }
    out
}

fn write_file(out: &mut Vec<u8>, file: &FileChange) {
    let path = file.path();
    let (old, new) = (file.old_path().or(path), file.new_path().or(path));
    // A new or deleted file whose mode is not known has no git header that says what it is.
    let is_plain = file.carried.is_empty() && (file.old_path().is_none() || file.new_path().is_none());
    if is_plain && !out.is_empty() {
        // A blank line ends the section before, which could go on otherwise.
        out.push(b'\n');
    }
    if file.is_merge() {
        out.extend_from_slice(b"diff --cc ");
        write_path(out, b"", bytes(new));
        out.push(b'\n');
    } else if !is_plain {
        out.extend_from_slice(b"diff --git ");
        write_path(out, b"a/", bytes(old));
        out.push(b' ');
        write_path(out, b"b/", bytes(new));
        out.push(b'\n');
    }
    let (header, rest) = split_carried(&file.carried);
    out.extend_from_slice(header);
    write_rename(out, file);
    out.extend_from_slice(rest);
    write_binary(out, file);
    // A merge may have names without hunks, which tell that the path was another one.
    // Of a merge the names alone can tell what becomes of the file.
    let is_told =
        file.is_merge() && file.kind() != ChangeKind::Modified && file.kind() != ChangeKind::ModeChanged;
    if !file.hunks().is_empty() || (is_told && !file.is_binary()) {
        write_marked(out, b"--- ", b"a/", file.old_path());
        write_marked(out, b"+++ ", b"b/", file.new_path());
    }
    for hunk in file.hunks() {
        write_hunk(out, hunk);
    }
}

fn bytes(path: Option<&RepoPath>) -> &[u8] {
    path.map_or(&[], RepoPath::as_bytes)
}

/// Parts the header lines before the place of the rename lines from those behind it.
fn split_carried(carried: &[u8]) -> (&[u8], &[u8]) {
    let mut rest = carried;
    while !rest.is_empty() && !rest.starts_with(b"index ") && !rest.starts_with(b"GIT binary patch\n") {
        rest = cut_line(rest).1;
    }
    carried.split_at_checked(carried.len().saturating_sub(rest.len())).unwrap_or((carried, &[]))
}

fn write_rename(out: &mut Vec<u8>, file: &FileChange) {
    let (from, to): (&[u8], &[u8]) = match file.kind() {
        ChangeKind::Renamed if !file.is_merge() => (b"rename from ", b"rename to "),
        ChangeKind::Copied => (b"copy from ", b"copy to "),
        _ => return,
    };
    for (start, path) in [(from, file.old_path()), (to, file.new_path())] {
        out.extend_from_slice(start);
        write_path(out, b"", bytes(path));
        out.push(b'\n');
    }
}

fn write_binary(out: &mut Vec<u8>, file: &FileChange) {
    if !file.is_binary() || split_carried_has_patch(&file.carried) {
        return;
    }
    if file.is_merge() {
        out.extend_from_slice(b"Binary files differ\n");
        return;
    }
    out.extend_from_slice(b"Binary files ");
    write_side(out, b"a/", file.old_path());
    out.extend_from_slice(b" and ");
    write_side(out, b"b/", file.new_path());
    out.extend_from_slice(b" differ\n");
}

/// Whether the data of the binary file is there.
fn split_carried_has_patch(carried: &[u8]) -> bool {
    let mut rest = carried;
    while !rest.is_empty() && !rest.starts_with(b"GIT binary patch\n") {
        rest = cut_line(rest).1;
    }
    !rest.is_empty()
}

fn write_side(out: &mut Vec<u8>, prefix: &[u8], path: Option<&RepoPath>) {
    match path {
        Some(path) => write_path(out, prefix, path.as_bytes()),
        None => out.extend_from_slice(b"/dev/null"),
    }
}

fn write_marked(out: &mut Vec<u8>, start: &[u8], prefix: &[u8], path: Option<&RepoPath>) {
    out.extend_from_slice(start);
    write_side(out, prefix, path);
    // Git's sign that the name goes on behind its blanks.
    if bytes(path).contains(&b' ') {
        out.push(b'\t');
    }
    out.push(b'\n');
}

fn write_hunk(out: &mut Vec<u8>, hunk: &Hunk) {
    let marks = hunk.old_ranges().len().saturating_add(1);
    out.extend(core::iter::repeat_n(b'@', marks));
    for range in hunk.old_ranges() {
        write_range(out, b'-', *range);
    }
    write_range(out, b'+', hunk.new_range());
    out.push(b' ');
    out.extend(core::iter::repeat_n(b'@', marks));
    if !hunk.section().is_empty() {
        out.push(b' ');
        out.extend_from_slice(hunk.section());
    }
    out.push(b'\n');
    out.extend_from_slice(hunk.body());
}

fn write_range(out: &mut Vec<u8>, sign: u8, range: LineRange) {
    use alloc::string::ToString as _;

    out.extend_from_slice(&[b' ', sign]);
    out.extend_from_slice(range.start.to_string().as_bytes());
    if range.count != 1 {
        out.push(b',');
        out.extend_from_slice(range.count.to_string().as_bytes());
    }
}
