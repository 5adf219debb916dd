//! Reads what stands between `diff --git` or `diff --cc` and the contents of a change.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::cursor::{Cursor, trim_cr, with_last_newline};
use super::error::{DiffError, shown};
use super::file::FileMode;
use super::name::Name;
use super::quote::whole;
use super::stamp::plain_name;

/// Starts of the lines that name the source, at even places, and the target of a rename or copy.
const PATH_LINES: [&[u8]; 6] =
    [b"rename from ", b"rename to ", b"copy from ", b"copy to ", b"rename old ", b"rename new "];

/// The header lines of one file.
#[derive(Debug, Default)]
pub(super) struct Header<'a> {
    pub(super) old_mode: Option<FileMode>,
    pub(super) new_mode: Option<FileMode>,
    pub(super) is_new: bool,
    pub(super) is_deleted: bool,
    pub(super) is_copy: bool,
    pub(super) from: Option<Name<'a>>,
    pub(super) to: Option<Name<'a>>,
    pub(super) similarity: Option<u8>,
    pub(super) dissimilarity: Option<u8>,
    /// The modes on the `index` line, which those of other lines override.
    pub(super) index_mode: Option<FileMode>,
    /// How many parents the `index` or `mode` line of a merge names.
    pub(super) parents: usize,
    /// What the `index` line says of the new contents.
    pub(super) new_id: &'a [u8],
    pub(super) old_id: &'a [u8],
    lines: &'a [u8],
    /// Whether there are lines that are not kept, or carriage returns at their ends.
    is_mixed: bool,
}

/// Reads header lines up to the first line that is none.
pub(super) fn read_header<'a>(cursor: &mut Cursor<'a>, merge: bool) -> Result<Header<'a>, DiffError> {
    let mut header = Header::default();
    let start = *cursor;
    loop {
        let mut ahead = *cursor;
        let Some(raw) = ahead.next() else { break };
        let line = Line { text: trim_cr(raw), number: cursor.line() };
        if !(header.read_value(&line)? || header.read_mode(&line, merge)? || header.read_path(&line)?) {
            break;
        }
        header.is_mixed |= line.text.len() != raw.len();
        *cursor = ahead;
    }
    header.lines = cursor.since(&start);
    Ok(header)
}

struct Line<'a> {
    text: &'a [u8],
    number: usize,
}

impl<'a> Line<'a> {
    fn behind(&self, start: &[u8]) -> Option<&'a [u8]> {
        self.text.strip_prefix(start)
    }

    fn malformed(&self, expected: &'static str) -> DiffError {
        DiffError::Header { line: self.number, found: shown(self.text), expected }
    }

    fn mode(&self, digits: &[u8]) -> Result<FileMode, DiffError> {
        parse_mode(digits).ok_or_else(|| self.malformed("an octal mode such as `100644`"))
    }

    fn percent(&self, text: &[u8]) -> Result<u8, DiffError> {
        let digits = text.strip_suffix(b"%").unwrap_or(text);
        let value = core::str::from_utf8(digits).ok().and_then(|t| t.parse().ok());
        value.filter(|p| *p <= 100).ok_or_else(|| self.malformed("a percentage from `0%` to `100%`"))
    }

    fn path(&self, text: &'a [u8]) -> Result<Name<'a>, DiffError> {
        whole(text).filter(|p| !p.is_empty()).ok_or_else(|| DiffError::Path {
            line: self.number,
            found: shown(self.text),
            expected: "a path, in closed quotes if it starts with one",
        })
    }
}

impl<'a> Header<'a> {
    /// The header lines to keep, and binary data behind them. Lines with paths are written anew instead.
    pub(super) fn carried(&self, data: &[u8]) -> Box<[u8]> {
        if !self.is_mixed && data.is_empty() {
            return with_last_newline(self.lines);
        }
        let mut carried = Vec::with_capacity(self.lines.len().saturating_add(data.len()));
        for part in [self.lines, data] {
            let mut cursor = Cursor::new(part);
            while let Some(line) = cursor.next() {
                if !PATH_LINES.iter().any(|start| line.starts_with(start)) {
                    carried.extend_from_slice(trim_cr(line));
                    carried.push(b'\n');
                }
            }
        }
        carried.into()
    }

    /// Renames and copies.
    fn read_path(&mut self, line: &Line<'a>) -> Result<bool, DiffError> {
        let Some(index) = PATH_LINES.iter().position(|start| line.text.starts_with(start)) else {
            return Ok(false);
        };
        self.is_mixed = true;
        self.is_copy |= line.text.starts_with(b"copy ");
        let text = PATH_LINES.get(index).and_then(|start| line.behind(start)).unwrap_or_default();
        let side = if index % 2 == 0 { &mut self.from } else { &mut self.to };
        if side.is_some() {
            return Err(line.malformed("one source and one target"));
        }
        *side = Some(line.path(text)?);
        Ok(true)
    }

    fn read_mode(&mut self, line: &Line<'a>, merge: bool) -> Result<bool, DiffError> {
        if let Some(digits) = line.behind(b"old mode ") {
            self.old_mode = Some(line.mode(digits)?);
        } else if let Some(digits) = line.behind(b"new mode ") {
            self.new_mode = Some(line.mode(digits)?);
        } else if let Some(digits) = line.behind(b"new file mode ") {
            self.is_new = true;
            self.new_mode = Some(line.mode(digits)?);
        } else if let Some(digits) = line.behind(b"deleted file mode ") {
            self.is_deleted = true;
            let first = if merge { digits.split(|b| *b == b',').next().unwrap_or_default() } else { digits };
            self.old_mode = Some(line.mode(first)?);
        } else if let Some(modes) = line.behind(b"mode ").filter(|_| merge) {
            let bad = || line.malformed("`mode 100644,100644..100755`, one old mode for each parent");
            let (old, new) = split_dots(modes).ok_or_else(bad)?;
            self.parents = old.split(|b| *b == b',').count();
            let first = old.split(|b| *b == b',').next().unwrap_or_default();
            self.old_mode = Some(line.mode(first)?).filter(|mode| mode.bits() != 0);
            self.new_mode = Some(line.mode(new)?).filter(|mode| mode.bits() != 0);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn read_value(&mut self, line: &Line<'a>) -> Result<bool, DiffError> {
        if let Some(text) = line.behind(b"similarity index ") {
            self.similarity = Some(line.percent(text)?);
        } else if let Some(text) = line.behind(b"dissimilarity index ") {
            self.dissimilarity = Some(line.percent(text)?);
        } else if let Some(ids) = line.behind(b"index ") {
            let (ids, mode) = ids
                .split_at_checked(ids.iter().position(|b| *b == b' ').unwrap_or(ids.len()))
                .unwrap_or((ids, &[]));
            (self.old_id, self.new_id) = split_dots(ids).unwrap_or_default();
            self.index_mode = mode.strip_prefix(b" ").and_then(parse_mode);
            self.parents = self.old_id.split(|b| *b == b',').count();
        } else {
            // What `git show --remerge-diff` says of conflicts stands among the header lines.
            return Ok(line.text.starts_with(b"remerge "));
        }
        Ok(true)
    }
}

fn split_dots(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (old, rest) = text.split_at_checked(memchr::memmem::find(text, b"..")?)?;
    Some((old, rest.strip_prefix(b"..")?))
}

fn parse_mode(digits: &[u8]) -> Option<FileMode> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let bits = u32::from_str_radix(core::str::from_utf8(digits).ok()?, 8).ok()?;
    (bits <= 0o777_777).then(|| FileMode::new(bits))
}

/// A `---` or `+++` line.
#[derive(Debug)]
pub(super) struct Marked<'a> {
    /// The name as it stands there, with its prefix; `None` for `/dev/null`.
    pub(super) name: Option<Name<'a>>,
    /// What stands behind a tab: usually a date.
    pub(super) stamp: &'a [u8],
    pub(super) line: usize,
    pub(super) raw: &'a [u8],
}

/// Reads a `---` or `+++` line; `plain` ones may have a date that no tab parts from the name.
pub(super) fn read_marked<'a>(cursor: &mut Cursor<'a>, plain: bool) -> Result<Marked<'a>, DiffError> {
    let line = cursor.line();
    let raw = trim_cr(cursor.next().unwrap_or_default());
    let text = raw.get(4..).unwrap_or_default();
    let bad = || DiffError::Path {
        line,
        found: shown(raw),
        expected: "a path, in closed quotes if it starts with one",
    };
    if text.starts_with(b"\"") {
        let (name, stamp) = super::quote::unquote(text).ok_or_else(bad)?;
        return Ok(Marked { name: Some(Name::Owned(name)), stamp, line, raw });
    }
    let (name, stamp) = match memchr::memchr(b'\t', text) {
        Some(tab) => text.split_at_checked(tab).unwrap_or((text, &[])),
        None if plain => plain_name(text),
        None => (text, &[][..]),
    };
    if name.is_empty() {
        return Err(bad());
    }
    let name = (name != b"/dev/null").then_some(Name::Borrowed(name));
    Ok(Marked { name, stamp: stamp.trim_ascii(), line, raw })
}
