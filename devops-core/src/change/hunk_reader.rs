//! Reads one hunk: its header, and as many lines as the header claims.

use alloc::boxed::Box;
use alloc::string::ToString as _;
use alloc::vec::Vec;

use super::cursor::{Cursor, trim_cr, with_last_newline};
use super::error::{DiffError, shown};
use super::hunk::{Hunk, LineKind, LineRange, OldSides};

const PLAIN_FORM: &str = "`@@ -start,count +start,count @@`";
const MERGE_FORM: &str = "`@@@ -start,count -start,count +start,count @@@`, one old side for each parent";

/// What stands between and behind the `@@`.
struct Header<'a> {
    old: OldSides,
    new: LineRange,
    section: &'a [u8],
}

/// Reads the hunk that starts at the cursor; `merge` says which of the two forms it must have.
pub(super) fn read_hunk(cursor: &mut Cursor<'_>, merge: bool) -> Result<Hunk, DiffError> {
    let line = cursor.line();
    let Header { old, new, section } = read_header(cursor.next().unwrap_or_default(), line, merge)?;
    let start = *cursor;
    let counts = match &old {
        OldSides::One([range]) => read_body(cursor, line, *range, new)?,
        OldSides::Many(ranges) => read_merge_body(cursor, line, ranges, new)?,
    };
    check_end(cursor, line)?;
    Ok(Hunk::new(old, new, join(section, cursor.since(&start)), counts))
}

/// Section and body in one buffer, and where the body starts.
fn join(section: &[u8], body: &[u8]) -> (Box<[u8]>, usize) {
    if section.is_empty() {
        return (with_last_newline(body), 0);
    }
    let is_whole = body.is_empty() || body.ends_with(b"\n");
    let size = section.len().saturating_add(body.len()).saturating_add(usize::from(!is_whole));
    let mut text = Vec::with_capacity(size);
    text.extend_from_slice(section);
    text.extend_from_slice(body);
    if !is_whole {
        text.push(b'\n');
    }
    (text.into(), section.len())
}

/// Whether a hunk header stands here, or what was one before it was damaged.
pub(super) fn at_hunk(cursor: &Cursor<'_>) -> bool {
    match cursor.rest() {
        [b'@', ..] => true,
        [_, b'@', third, ..] => matches!(third, b'@' | b' '),
        _ => false,
    }
}

/// Whether the line is a hunk header in good form.
pub(super) fn is_hunk_header(line: &[u8]) -> bool {
    line.starts_with(b"@@") && (read_header(line, 0, false).is_ok() || read_header(line, 0, true).is_ok())
}

fn read_header<'a>(line: &'a [u8], number: usize, merge: bool) -> Result<Header<'a>, DiffError> {
    let expected = if merge { MERGE_FORM } else { PLAIN_FORM };
    let bad = || DiffError::HunkHeader { line: number, found: shown(line), expected };
    let marks = line.iter().take_while(|b| **b == b'@').count();
    let (mark, rest) = line.split_at_checked(marks).ok_or_else(bad)?;
    if marks < 2 || merge != (marks > 2) {
        return Err(bad());
    }
    let mut rest = rest;
    let read_side = |rest: &mut &'a [u8], sign: u8| {
        let at_range = rest.strip_prefix(&[b' ', sign]).ok_or_else(bad)?;
        let (range, behind) = read_range(at_range, line, number, expected)?;
        *rest = behind;
        Ok::<_, DiffError>(range)
    };
    let first = read_side(&mut rest, b'-')?;
    let mut old = OldSides::One([first]);
    if merge {
        let mut ranges = Vec::with_capacity(marks.saturating_sub(1));
        ranges.push(first);
        for _ in 2..marks {
            ranges.push(read_side(&mut rest, b'-')?);
        }
        old = OldSides::Many(ranges.into());
    }
    let new = read_side(&mut rest, b'+')?;
    let section = rest.strip_prefix(b" ").and_then(|r| r.strip_prefix(mark)).ok_or_else(bad)?;
    let section = section.strip_prefix(b" ").unwrap_or(section);
    Ok(Header { old, new, section: trim_cr(section) })
}

/// Reads `12,3` or `12`, which means `12,1`.
fn read_range<'a>(
    bytes: &'a [u8],
    line: &[u8],
    number: usize,
    expected: &'static str,
) -> Result<(LineRange, &'a [u8]), DiffError> {
    let bad = || DiffError::HunkHeader { line: number, found: shown(line), expected };
    let (start, mut rest) = read_number(bytes, number)?.ok_or_else(bad)?;
    let mut count = 1;
    if let Some(behind) = rest.strip_prefix(b",") {
        (count, rest) = read_number(behind, number)?.ok_or_else(bad)?;
    }
    if start == 0 && count > 0 {
        let expected = "lines that are counted from 1";
        return Err(DiffError::HunkHeader { line: number, found: shown(line), expected });
    }
    if start.checked_add(count).is_none() {
        return Err(DiffError::NumberTooLarge { line: number, found: count.to_string() });
    }
    Ok((LineRange { start, count }, rest))
}

fn read_number(bytes: &[u8], line: usize) -> Result<Option<(u32, &[u8])>, DiffError> {
    let end = bytes.iter().position(|b| !b.is_ascii_digit()).unwrap_or(bytes.len());
    let (digits, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    if digits.is_empty() {
        return Ok(None);
    }
    let text = core::str::from_utf8(digits).unwrap_or_default();
    match text.parse() {
        Ok(value) => Ok(Some((value, rest))),
        Err(_) => Err(DiffError::NumberTooLarge { line, found: shown(digits) }),
    }
}

/// How many lines are added and removed.
pub(super) type Counts = (u32, u32);

fn read_body(
    cursor: &mut Cursor<'_>,
    hunk: usize,
    old: LineRange,
    new: LineRange,
) -> Result<Counts, DiffError> {
    let (mut old_left, mut new_left) = (old.count, new.count);
    let (mut added, mut removed) = (0_u32, 0_u32);
    let mut may_end = false;
    while old_left > 0 || new_left > 0 || cursor.at(b"\\") {
        let line = cursor.line();
        let cut =
            |old_missing, new_missing| DiffError::TruncatedHunk { line, hunk, old_missing, new_missing };
        let raw = cursor.next().ok_or_else(|| cut(old_left, new_left))?;
        let excess = || DiffError::ExcessLine { line, hunk, found: shown(raw) };
        match raw.first() {
            // GNU diff may leave out the blank of an empty line.
            Some(b' ') | None => {
                old_left = old_left.checked_sub(1).ok_or_else(excess)?;
                new_left = new_left.checked_sub(1).ok_or_else(excess)?;
            }
            Some(b'-') => {
                old_left = old_left.checked_sub(1).ok_or_else(excess)?;
                removed = removed.saturating_add(1);
            }
            Some(b'+') => {
                new_left = new_left.checked_sub(1).ok_or_else(excess)?;
                added = added.saturating_add(1);
            }
            // With `git diff -w` it may stand behind a line that ends only one of the sides.
            Some(b'\\') if may_end && raw.starts_with(b"\\ ") => {
                may_end = false;
                continue;
            }
            Some(b'\\') => return Err(DiffError::StrayNoNewline { line, found: shown(raw) }),
            _ if starts_something(raw) => return Err(cut(old_left, new_left)),
            _ => {
                let expected = "` `, `+`, `-` or `\\` at its start";
                return Err(DiffError::WrongMark { line, hunk, found: shown(raw), expected });
            }
        }
        may_end = true;
    }
    Ok((added, removed))
}

/// Whether the line is the start of another hunk or file, so that the hunk before it is cut off.
fn starts_something(line: &[u8]) -> bool {
    line.starts_with(b"diff --") || line.starts_with(b"@@ -") || line.starts_with(b"@@@ -")
}

fn read_merge_body(
    cursor: &mut Cursor<'_>,
    hunk: usize,
    old: &[LineRange],
    new: LineRange,
) -> Result<Counts, DiffError> {
    let mut left: Vec<u32> = old.iter().map(|range| range.count).collect();
    let mut new_left = new.count;
    let (mut added, mut removed) = (0_u32, 0_u32);
    let mut may_end = false;
    while new_left > 0 || left.iter().any(|n| *n > 0) || cursor.at(b"\\") {
        let line = cursor.line();
        let cut = |left: &[u32]| DiffError::TruncatedHunk {
            line,
            hunk,
            old_missing: left.iter().copied().max().unwrap_or(0),
            new_missing: new_left,
        };
        let raw = cursor.next().ok_or_else(|| cut(&left))?;
        if raw.starts_with(b"\\ ") && may_end {
            may_end = false;
            continue;
        }
        if raw.starts_with(b"\\") {
            return Err(DiffError::StrayNoNewline { line, found: shown(raw) });
        }
        let Some(kind) = merge_kind(raw, left.len()) else {
            let expected = "a blank, `+` or `-` for each parent at its start";
            let wrong = DiffError::WrongMark { line, hunk, found: shown(raw), expected };
            return Err(if starts_something(raw) { cut(&left) } else { wrong });
        };
        let excess = || DiffError::ExcessLine { line, hunk, found: shown(raw) };
        let present = merge_present(kind);
        for (n, _) in left.iter_mut().zip(raw).filter(|(_, mark)| **mark == present) {
            *n = n.checked_sub(1).ok_or_else(excess)?;
        }
        if kind == LineKind::Removed {
            removed = removed.saturating_add(1);
        } else {
            new_left = new_left.checked_sub(1).ok_or_else(excess)?;
            added = added.saturating_add(u32::from(kind == LineKind::Added));
        }
        may_end = true;
    }
    Ok((added, removed))
}

/// The mark of the parents that have the line: in a line that goes, a blank means that the parent lacks it.
pub(super) const fn merge_present(kind: LineKind) -> u8 {
    match kind {
        LineKind::Removed => b'-',
        LineKind::Added | LineKind::Context => b' ',
    }
}

/// What the marks of a line in a merge say; `None` where they contradict each other or are none.
fn merge_kind(raw: &[u8], parents: usize) -> Option<LineKind> {
    let marks = raw.get(..parents)?;
    if !marks.iter().all(|m| matches!(m, b' ' | b'+' | b'-')) {
        return None;
    }
    match (marks.contains(&b'-'), marks.contains(&b'+')) {
        (true, true) => None,
        (true, false) => Some(LineKind::Removed),
        (false, true) => Some(LineKind::Added),
        (false, false) => Some(LineKind::Context),
    }
}

/// A line behind a complete hunk that looks like one more line of it means that the header's counts are wrong.
fn check_end(cursor: &Cursor<'_>, hunk: usize) -> Result<(), DiffError> {
    let Some(next) = cursor.rest().first().filter(|b| matches!(b, b' ' | b'+' | b'-')) else {
        return Ok(());
    };
    let line = cursor.peek().unwrap_or_default();
    let second = cursor.peek_second().unwrap_or_default();
    let signature =
        matches!(trim_cr(line), b"-- " | b"--") && !matches!(second, [b' ' | b'+' | b'-' | b'@', ..]);
    let next_file = line.starts_with(b"--- ") && second.starts_with(b"+++ ");
    if *next == b'-' && (signature || next_file) {
        return Ok(());
    }
    Err(DiffError::ExcessLine { line: cursor.line(), hunk, found: shown(line) })
}
