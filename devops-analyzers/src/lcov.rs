//! Reads LCOV tracefiles: which lines the tests ran.
//!
//! # What do `lcov`, `llvm-cov`, `c8`, `jest` and `coverage lcov` say?
//!
//! [`LcovReader`] turns a tracefile into a [`Coverage`].

use devops_core::RepoPath;

use crate::coverage::Coverage;
use crate::report_path::ReportPaths;

/// Why a tracefile was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LcovError {
    /// More bytes than the reader may look at.
    #[error("LCOV report of {bytes} bytes is larger than the limit of {limit} bytes")]
    TooLarge {
        /// How many.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// No record at all.
    #[error("LCOV report is empty: expected at least one `SF` record")]
    Empty,
    /// A file of another kind.
    #[error("line {line} `{text}` is no LCOV record: expected one such as `SF:src/a.c`")]
    NotLcov {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// The file stops inside the records of a source file.
    #[error("LCOV report ends inside the records of `{file}`: expected `end_of_record`, was it cut off?")]
    Truncated {
        /// The source file.
        file: String,
    },
}

/// The records of LCOV 1 and 2 that carry no line counts.
const OTHER_RECORDS: &[&str] = &[
    "TN", "VER", "FN", "FNDA", "FNF", "FNH", "FNL", "FNA", "BRDA", "BRF", "BRH", "MCDC", "MCF", "MCH", "LF",
    "LH",
];

/// Reads LCOV tracefiles, those of LCOV 2 (`FNL`, `FNA`, `MCDC`, `VER`, comments) too.
///
/// Lines are counted from `DA` records; the sums in `LF` and `LH` are not trusted. A count below zero, which old
/// `gcov` wrote on overflow, is 0 with a warning. Records that nobody knows are skipped with a warning; a report
/// that begins with something else, or stops inside a file's records, is an [`LcovError`].
///
/// ```
/// use devops_analyzers::lcov::LcovReader;
///
/// let coverage = LcovReader::new().read(b"SF:src/a.c\nDA:1,4\nDA:2,0\nLF:9\nLH:9\nend_of_record\n")?;
/// assert_eq!((coverage.covered(), coverage.coverable()), (1, 2));
/// # Ok::<(), devops_analyzers::lcov::LcovError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LcovReader {
    paths: ReportPaths,
    max_bytes: usize,
}

impl Default for LcovReader {
    fn default() -> Self {
        Self { paths: ReportPaths::new(), max_bytes: 1024 * 1024 * 1024 }
    }
}

impl LcovReader {
    /// At most 1 GiB; file names as they are.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With these rules for file names.
    #[must_use]
    pub fn with_paths(self, paths: ReportPaths) -> Self {
        Self { paths, ..self }
    }

    /// Refuses larger files.
    #[must_use]
    pub fn with_max_bytes(self, max_bytes: usize) -> Self {
        Self { max_bytes, ..self }
    }

    /// Reads a report.
    ///
    /// # Errors
    ///
    /// [`LcovError`].
    pub fn read(&self, bytes: &[u8]) -> Result<Coverage, LcovError> {
        if bytes.len() > self.max_bytes {
            return Err(LcovError::TooLarge { bytes: bytes.len(), limit: self.max_bytes });
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut state =
            State { paths: &self.paths, coverage: Coverage::new(), file: File::Outside, known: false };
        for (number, raw) in (1_usize..).zip(bytes.split(|b| *b == b'\n')) {
            let line = raw.strip_suffix(b"\r").unwrap_or(raw).trim_ascii();
            if !line.is_empty() && !line.starts_with(b"#") {
                state.record(number, line)?;
            }
        }
        match state.file {
            File::Inside { name, .. } => Err(LcovError::Truncated { file: name }),
            File::Outside if !state.known => Err(LcovError::Empty),
            File::Outside => Ok(state.coverage),
        }
    }
}

/// Whether an `SF` record is open.
enum File {
    Outside,
    Inside {
        name: String,
        /// `None` where the name is no path inside the repository.
        path: Option<RepoPath>,
    },
}

struct State<'a> {
    paths: &'a ReportPaths,
    coverage: Coverage,
    file: File,
    /// Whether any record was known.
    known: bool,
}

impl State<'_> {
    fn record(&mut self, number: usize, line: &[u8]) -> Result<(), LcovError> {
        if line == b"end_of_record" {
            if matches!(self.file, File::Outside) {
                self.warn(number, "`end_of_record` ends nothing");
            }
            self.file = File::Outside;
            self.known = true;
            return Ok(());
        }
        let cut = line.iter().position(|b| *b == b':').and_then(|at| line.split_at_checked(at));
        let (key, value) = cut.unwrap_or((line, b""));
        let value = value.strip_prefix(b":").unwrap_or(value);
        match key {
            b"SF" => {
                self.known = true;
                return self.open(number, value);
            }
            b"DA" => self.line(number, value),
            key if OTHER_RECORDS.iter().any(|known| known.as_bytes() == key) => {}
            _ if !self.known => {
                let text = devops_core::excerpt(&String::from_utf8_lossy(line));
                return Err(LcovError::NotLcov { line: number, text });
            }
            key => {
                let shown = devops_core::excerpt(&String::from_utf8_lossy(key));
                self.warn(number, &format!("record `{shown}` is not known: skipped"));
            }
        }
        self.known = true;
        Ok(())
    }

    fn open(&mut self, number: usize, name: &[u8]) -> Result<(), LcovError> {
        if let File::Inside { name, .. } = &self.file {
            return Err(LcovError::Truncated { file: name.clone() });
        }
        let shown = devops_core::excerpt(&String::from_utf8_lossy(name));
        let resolved = self.paths.resolve_bytes(name);
        match &resolved {
            Some(found) if found.outside => {
                self.warn(number, &format!("`{shown}` is outside the roots that the reader was given"));
            }
            Some(_) => {}
            None => self.warn(number, &format!("`{shown}` is no path inside the repository: left out")),
        }
        let path = resolved.map(|found| found.path);
        if let Some(path) = &path {
            self.coverage.touch(path);
        }
        self.file = File::Inside { name: shown, path };
        Ok(())
    }

    /// `DA:line,count[,checksum]`.
    fn line(&mut self, number: usize, value: &[u8]) {
        let text = String::from_utf8_lossy(value);
        let mut fields = text.split(',').map(str::trim);
        let line = fields.next().and_then(|f| f.parse::<u32>().ok()).filter(|line| *line > 0);
        let hits = fields.next().and_then(hits);
        let (Some(line), Some((hits, odd))) = (line, hits) else {
            let shown = devops_core::excerpt(&text);
            self.warn(number, &format!("`DA:{shown}` is no line and count: skipped"));
            return;
        };
        if odd {
            self.warn(number, &format!("count of line {line} is no whole number from 0: read as {hits}"));
        }
        match &self.file {
            File::Inside { path: Some(path), .. } => self.coverage.add(path, line, hits),
            File::Inside { path: None, .. } => {}
            File::Outside => self.warn(number, "`DA` stands outside the records of a file: skipped"),
        }
    }

    fn warn(&mut self, number: usize, problem: &str) {
        self.coverage.warn(format!("LCOV line {number}: {problem}"));
    }
}

/// A count, and whether it is written oddly: below zero, or as `1e3`.
fn hits(text: &str) -> Option<(u64, bool)> {
    if let Ok(hits) = text.parse() {
        return Some((hits, false));
    }
    let number: f64 = text.parse().ok().filter(|n: &f64| n.is_finite())?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "casts saturate; below zero is 0"
    )]
    Some((number as u64, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Coverage, LcovError> {
        LcovReader::new().read(text.as_bytes())
    }

    #[test]
    fn every_record_of_lcov_2() {
        let text = "\u{feff}# made by lcov 2.3\r\nTN:unit\r\nSF:src/a.c\r\nVER:1\r\nFNL:0,3,5\r\nFNA:0,7,main\r\nFNF:1\r\nFNH:1\r\n\
            FN:3,5,main\r\nFNDA:7,main\r\nBRDA:4,e0,x == 1,-\r\nBRF:1\r\nBRH:0\r\nMCDC:4,2,t,1,0,a && b\r\nMCF:2\r\nMCH:1\r\n\
            DA:3,7,abc==\r\nDA:4,-1\r\nDA:5,1e1\r\nDA:0,1\r\nDA:x\r\nDA:6\r\nZZ:1\r\nLF:100\r\nLH:100\r\nend_of_record\r\n\r\n";
        let coverage = read(text).unwrap();
        assert_eq!((coverage.covered(), coverage.coverable()), (2, 3));
        assert_eq!(
            coverage.warnings(),
            [
                "LCOV line 18: count of line 4 is no whole number from 0: read as 0",
                "LCOV line 19: count of line 5 is no whole number from 0: read as 10",
                "LCOV line 20: `DA:0,1` is no line and count: skipped",
                "LCOV line 21: `DA:x` is no line and count: skipped",
                "LCOV line 22: `DA:6` is no line and count: skipped",
                "LCOV line 23: record `ZZ` is not known: skipped",
            ]
        );
    }

    #[test]
    fn the_same_file_twice_adds_up() {
        let coverage =
            read("SF:a\nDA:1,1\nDA:1,2\nend_of_record\nSF:a\nDA:1,4\nDA:2,0\nend_of_record\n").unwrap();
        let file = coverage.file(&RepoPath::new("a").unwrap()).unwrap();
        assert_eq!(file.lines().collect::<Vec<_>>(), [(1, 7), (2, 0)]);
    }

    #[test]
    fn broken_reports() {
        for (text, message) in [
            ("", "LCOV report is empty: expected at least one `SF` record"),
            ("# only\n\n", "LCOV report is empty: expected at least one `SF` record"),
            ("<coverage/>", "line 1 `<coverage/>` is no LCOV record: expected one such as `SF:src/a.c`"),
            (
                "SF:a\nDA:1,1\n",
                "LCOV report ends inside the records of `a`: expected `end_of_record`, was it cut off?",
            ),
            (
                "SF:a\nSF:b\nend_of_record",
                "LCOV report ends inside the records of `a`: expected `end_of_record`, was it cut off?",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), message, "{text:?}");
        }
        let small = LcovReader::new().with_max_bytes(2).read(b"SF:").unwrap_err();
        assert_eq!(small.to_string(), "LCOV report of 3 bytes is larger than the limit of 2 bytes");
    }

    #[test]
    fn names_become_paths() {
        let reader = LcovReader::new().with_paths(ReportPaths::new().with_root("/ci/app"));
        let text = b"SF:/ci/app/a.c\nDA:1,1\nend_of_record\nSF:/usr/b.h\nDA:1,1\nend_of_record\nSF:../c\nDA:1,1\nend_of_record\nDA:1,1\nend_of_record\n";
        let coverage = reader.read(text).unwrap();
        let paths: Vec<String> = coverage.files().map(|(path, _)| path.to_string()).collect();
        assert_eq!(paths, ["a.c", "usr/b.h"]);
        assert_eq!(coverage.warning_count(), 4, "{:?}", coverage.warnings());
    }

    #[test]
    fn cutting_a_report_anywhere_never_panics() {
        let text = "TN:\nSF:é.c\nDA:1,1\nend_of_record\nSF:b.c\nDA:1,1\nend_of_record\n";
        for end in 0..text.len() {
            let _ = LcovReader::new().read(&text.as_bytes()[..end]);
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = LcovReader::new().read(&bytes);
        }

        #[test]
        fn arbitrary_records_never_panic(lines in proptest::collection::vec("(SF|DA|BRDA|end_of_record|X)[:,0-9a-]{0,6}", 0..8)) {
            let _ = read(&lines.join("\n"));
        }

        #[test]
        fn the_order_of_files_does_not_matter(swap in any::<bool>()) {
            let (a, b) = ("SF:a\nDA:1,1\nend_of_record\n", "SF:b\nDA:2,0\nend_of_record\n");
            let text = if swap { format!("{b}{a}") } else { format!("{a}{b}") };
            prop_assert_eq!(read(&text).unwrap(), read(&format!("{a}{b}")).unwrap());
        }
    }
}
