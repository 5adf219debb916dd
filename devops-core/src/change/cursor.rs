//! Walks through the input line by line and knows where it is.

use alloc::boxed::Box;
use alloc::vec::Vec;

use memchr::memchr;

/// The part of the input that is not read yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    line: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(input: &'a [u8]) -> Self {
        Self { rest: input, line: 1 }
    }

    /// The number, from 1, of the line that is read next.
    pub(super) const fn line(&self) -> usize {
        self.line
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// What has been read since `earlier`.
    pub(super) fn since(&self, earlier: &Self) -> &'a [u8] {
        earlier.rest.get(..earlier.rest.len().saturating_sub(self.rest.len())).unwrap_or_default()
    }

    /// The next line without its newline.
    pub(super) fn peek(&self) -> Option<&'a [u8]> {
        let mut ahead = *self;
        ahead.next()
    }

    /// The line behind the next one.
    pub(super) fn peek_second(&self) -> Option<&'a [u8]> {
        let mut ahead = *self;
        ahead.next()?;
        ahead.next()
    }

    /// Whether what is not read yet starts with that.
    pub(super) fn at(&self, start: &[u8]) -> bool {
        self.rest.starts_with(start)
    }

    /// Reads a line; it comes without its newline.
    pub(super) fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        self.line = self.line.saturating_add(1);
        let (line, rest) = cut_line(self.rest);
        self.rest = rest;
        Some(line)
    }
}

/// The first line without its newline, and what follows that newline.
pub(super) fn cut_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    if let [b'\n', rest @ ..] = bytes {
        return (&[], rest);
    }
    let end = memchr(b'\n', bytes).unwrap_or(bytes.len());
    let (line, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    (line, rest.get(1..).unwrap_or_default())
}

/// A header line without the carriage returns that a conversion to CRLF has left; git quotes those of paths.
pub(super) fn trim_cr(mut line: &[u8]) -> &[u8] {
    while let Some(shorter) = line.strip_suffix(b"\r") {
        line = shorter;
    }
    line
}

/// A copy of whole lines, the last of which may lack its newline at the end of the input.
pub(super) fn with_last_newline(lines: &[u8]) -> Box<[u8]> {
    if lines.is_empty() || lines.ends_with(b"\n") {
        return lines.into();
    }
    let mut whole = Vec::with_capacity(lines.len().saturating_add(1));
    whole.extend_from_slice(lines);
    whole.push(b'\n');
    whole.into()
}
