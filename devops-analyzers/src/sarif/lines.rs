//! The lines of a file whose contents are known, for columns and fingerprints.

use devops_core::Region;

/// How a tool counts columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnUnit {
    /// SARIF's default.
    Utf16,
    CodePoints,
}

impl ColumnUnit {
    const fn width(self, c: char) -> usize {
        match self {
            Self::Utf16 => c.len_utf16(),
            Self::CodePoints => 1,
        }
    }
}

/// A file cut into lines.
#[derive(Debug, Clone)]
pub(super) struct Lines<'a>(Vec<&'a [u8]>);

impl<'a> Lines<'a> {
    pub(super) fn of(contents: &'a [u8]) -> Self {
        let contents = contents.strip_prefix(b"\xef\xbb\xbf").unwrap_or(contents);
        Self(contents.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect())
    }

    /// A line, from 1, without its end.
    pub(super) fn get(&self, line: u32) -> Option<&'a [u8]> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        self.0.get(index).copied()
    }

    pub(super) const fn count(&self) -> usize {
        self.0.len()
    }

    /// The lines with columns in UTF-8 bytes, from columns in the tool's units; an end that is missing is the
    /// end of the line. `None` where the file has no such place.
    pub(super) fn with_columns(
        &self,
        region: Region,
        start: u32,
        end: Option<u32>,
        unit: ColumnUnit,
    ) -> Option<Region> {
        let first = self.get(region.start_line())?;
        let last = self.get(region.end_line())?;
        let end = match end {
            Some(end) => byte_column(last, end, unit)?,
            None => u32::try_from(last.len()).ok()?.checked_add(1)?,
        };
        region.with_columns(byte_column(first, start, unit)?, end).ok()
    }
}

/// A column in UTF-8 bytes from one in the tool's units, both from 1.
fn byte_column(line: &[u8], column: u32, unit: ColumnUnit) -> Option<u32> {
    let text = core::str::from_utf8(line).ok()?;
    let mut left = usize::try_from(column).ok()?.checked_sub(1)?;
    let mut bytes: usize = 1;
    for c in text.chars() {
        if left == 0 {
            break;
        }
        left = left.checked_sub(unit.width(c))?;
        bytes = bytes.saturating_add(c.len_utf8());
    }
    if left > 0 { None } else { u32::try_from(bytes).ok() }
}

/// A column in UTF-16 units from one in UTF-8 bytes, both from 1.
pub(super) fn utf16_column(line: &[u8], column: u32) -> Option<u32> {
    let bytes = usize::try_from(column).ok()?.checked_sub(1)?;
    let before = core::str::from_utf8(line).ok()?.get(..bytes)?;
    u32::try_from(before.encode_utf16().count()).ok()?.checked_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_every_unit() {
        let line = "é😀x".as_bytes();
        for (unit, columns) in [
            (ColumnUnit::Utf16, [Some(1), Some(3), None, Some(7), Some(8), None]),
            (ColumnUnit::CodePoints, [Some(1), Some(3), Some(7), Some(8), None, None]),
        ] {
            for (column, expected) in (1..).zip(columns) {
                assert_eq!(byte_column(line, column, unit), expected, "{unit:?} {column}");
            }
        }
        assert_eq!(utf16_column(line, 7), Some(4));
        assert_eq!(
            (utf16_column(line, 2), utf16_column(line, 99), byte_column(line, 0, ColumnUnit::Utf16)),
            (None, None, None)
        );
        assert_eq!(byte_column(b"\xff", 1, ColumnUnit::Utf16), None);
    }

    #[test]
    fn regions() {
        let lines = Lines::of("\u{feff}ab\r\ncd".as_bytes());
        let both = Region::lines(1, 2).unwrap();
        let region = lines.with_columns(both, 2, None, ColumnUnit::Utf16).unwrap();
        assert_eq!(region.columns(), Some((2, 3)));
        assert_eq!(lines.with_columns(Region::line(3).unwrap(), 1, None, ColumnUnit::Utf16), None);
        assert_eq!(lines.get(0), None);
    }
}
