//! Where a finding is.

use core::num::NonZeroU32;

use crate::{RepoPath, ValueError};

/// A stretch of lines, and of columns where they are known.
///
/// Lines count from 1. Columns count from 1 in **UTF-8 bytes**; the end column is the first one behind the
/// stretch. Readers and writers of other formats convert (SARIF counts UTF-16 units, Sonar from 0); where file
/// contents are unknown they leave columns out rather than guess.
///
/// ```
/// use devops_core::Region;
///
/// let region = Region::lines(3, 5)?.with_columns(1, 9)?;
/// assert_eq!((region.start_line(), region.end_line()), (3, 5));
/// assert_eq!(region.columns(), Some((1, 9)));
/// assert!(Region::line(0).is_err());
/// assert!(Region::lines(5, 3).is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "RegionForm", into = "RegionForm")]
pub struct Region {
    start_line: NonZeroU32,
    start_column: Option<NonZeroU32>,
    end_line: NonZeroU32,
    end_column: Option<NonZeroU32>,
}

/// The form in files.
#[derive(serde::Serialize, serde::Deserialize)]
struct RegionForm {
    start_line: u32,
    end_line: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

impl Region {
    /// One whole line.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] for line 0.
    pub fn line(line: u32) -> Result<Self, ValueError> {
        Self::lines(line, line)
    }

    /// Whole lines, both ends included.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] for line 0, [`ValueError::Inconsistent`] where the end is before the start.
    pub fn lines(start: u32, end: u32) -> Result<Self, ValueError> {
        let start_line = positive("line", start)?;
        let end_line = positive("line", end)?;
        if end < start {
            return Err(inconsistent("end line", end, "an end line not before the start line"));
        }
        Ok(Self { start_line, start_column: None, end_line, end_column: None })
    }

    /// The same lines, from column `start` to before column `end`.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] for column 0, [`ValueError::Inconsistent`] where, on one line, the end is
    /// before the start.
    pub fn with_columns(self, start: u32, end: u32) -> Result<Self, ValueError> {
        let start_column = Some(positive("column", start)?);
        let end_column = Some(positive("column", end)?);
        if self.start_line == self.end_line && end < start {
            return Err(inconsistent("end column", end, "an end column not before the start column"));
        }
        Ok(Self { start_column, end_column, ..self })
    }

    /// The first line, from 1.
    #[must_use]
    pub const fn start_line(&self) -> u32 {
        self.start_line.get()
    }

    /// The last line, from 1.
    #[must_use]
    pub const fn end_line(&self) -> u32 {
        self.end_line.get()
    }

    /// First column and the one behind the last, in UTF-8 bytes from 1, where they are known.
    #[must_use]
    pub fn columns(&self) -> Option<(u32, u32)> {
        Some((self.start_column?.get(), self.end_column?.get()))
    }
}

fn positive(field: &'static str, value: u32) -> Result<NonZeroU32, ValueError> {
    NonZeroU32::new(value).ok_or_else(|| ValueError::OutOfRange {
        field,
        value: "0".into(),
        min: "1".into(),
        max: "4294967295".into(),
    })
}

fn inconsistent(field: &'static str, value: u32, expected: &'static str) -> ValueError {
    ValueError::Inconsistent { field, value: alloc::format!("{value}"), expected }
}

impl TryFrom<RegionForm> for Region {
    type Error = ValueError;

    fn try_from(form: RegionForm) -> Result<Self, ValueError> {
        let region = Self::lines(form.start_line, form.end_line)?;
        match (form.start_column, form.end_column) {
            (Some(start), Some(end)) => region.with_columns(start, end),
            _ => Ok(region),
        }
    }
}

impl From<Region> for RegionForm {
    fn from(region: Region) -> Self {
        Self {
            start_line: region.start_line(),
            end_line: region.end_line(),
            start_column: region.start_column.map(NonZeroU32::get),
            end_column: region.end_column.map(NonZeroU32::get),
        }
    }
}

/// A place in a file of the change: the path behind the change, and the lines where they are known.
///
/// Shown as `src/lib.rs:3` or, with columns, `src/lib.rs:3:1`.
///
/// ```
/// use devops_core::{Location, Region, RepoPath};
///
/// let location = Location::new(RepoPath::new("src/lib.rs")?).with_region(Region::line(3)?);
/// assert_eq!(location.to_string(), "src/lib.rs:3");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Location {
    path: RepoPath,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

impl Location {
    /// A whole file.
    #[must_use]
    pub const fn new(path: RepoPath) -> Self {
        Self { path, region: None }
    }

    /// The same file, at that region.
    #[must_use]
    pub fn with_region(self, region: Region) -> Self {
        Self { region: Some(region), ..self }
    }

    /// The file.
    #[must_use]
    pub const fn path(&self) -> &RepoPath {
        &self.path
    }

    /// The lines, where they are known.
    #[must_use]
    pub const fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }
}

impl core::fmt::Display for Location {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Some(region) = &self.region else { return f.pad(&alloc::format!("{}", self.path)) };
        match region.columns() {
            Some((column, _)) => f.pad(&alloc::format!("{}:{}:{column}", self.path, region.start_line())),
            None => f.pad(&alloc::format!("{}:{}", self.path, region.start_line())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn json_is_checked() {
        let region: Region = serde_json::from_str(r#"{"start_line":2,"end_line":3}"#).unwrap();
        assert_eq!(region, Region::lines(2, 3).unwrap());
        let error = serde_json::from_str::<Region>(r#"{"start_line":0,"end_line":3}"#).unwrap_err();
        assert!(error.to_string().contains("line `0` is outside 1 to 4294967295"), "{error}");
        let error = serde_json::from_str::<Region>(r#"{"start_line":4,"end_line":3}"#).unwrap_err();
        assert!(error.to_string().contains("end line `3` does not fit"), "{error}");
    }
}
