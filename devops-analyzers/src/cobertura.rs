//! Reads Cobertura XML: which lines the tests ran.
//!
//! # What do `coverage xml`, `gcovr`, `cargo llvm-cov --cobertura`, coverlet and istanbul say?
//!
//! [`CoberturaReader`] turns a report into a [`Coverage`].

use std::collections::BTreeMap;

use devops_core::RepoPath;

use crate::coverage::Coverage;
use crate::report_path::ReportPaths;
pub use crate::xml::XmlError;
use crate::xml::{Element, Piece, Pull, document};

const EXPECTED: &str = "`<coverage>`";

/// Reads Cobertura XML.
///
/// - Lines are counted; `line-rate` and `lines-covered` are not trusted. A line that stands in a class and again in
///   one of its methods is one line.
/// - A `filename` is below one of the `<source>` directories. Of several the first counts under which the file
///   is known ([`ReportPaths::with_known`]), else the first that is inside the repository; where none is, the file
///   name stands alone.
/// - The DTD is not fetched, entities are not expanded.
///
/// ```
/// use devops_analyzers::cobertura::CoberturaReader;
///
/// let coverage = CoberturaReader::new().read(
///     b"<coverage line-rate='1'><sources><source>app</source></sources><packages><package><classes>
///         <class filename='a.py'><methods/><lines><line number='1' hits='2'/><line number='2' hits='0'/></lines></class>
///       </classes></package></packages></coverage>",
/// )?;
/// assert_eq!((coverage.covered(), coverage.coverable()), (1, 2));
/// assert_eq!(coverage.files().next().unwrap().0.to_string(), "app/a.py");
/// # Ok::<(), devops_analyzers::cobertura::XmlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoberturaReader {
    paths: ReportPaths,
    max_bytes: usize,
}

impl Default for CoberturaReader {
    fn default() -> Self {
        Self { paths: ReportPaths::new(), max_bytes: 1024 * 1024 * 1024 }
    }
}

impl CoberturaReader {
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
    /// [`XmlError`].
    pub fn read(&self, bytes: &[u8]) -> Result<Coverage, XmlError> {
        let text = document(bytes, self.max_bytes)?;
        let mut pull = Pull::new(&text);
        pull.root(&["coverage"], EXPECTED)?;
        let mut state = State { paths: &self.paths, sources: Vec::new(), coverage: Coverage::new() };
        loop {
            match pull.next()? {
                Piece::Start(element) => match &*element.name() {
                    "source" => state.sources.push(pull.text_of_element()?.trim().to_owned()),
                    "class" => state.class(&mut pull, &element)?,
                    _ => {}
                },
                Piece::End | Piece::Text(_) => {}
                Piece::Done => return Ok(state.coverage),
            }
        }
    }
}

struct State<'a> {
    paths: &'a ReportPaths,
    sources: Vec<String>,
    coverage: Coverage,
}

impl State<'_> {
    fn class(&mut self, pull: &mut Pull<'_>, class: &Element<'_>) -> Result<(), XmlError> {
        let name = class.attribute("filename").unwrap_or_default();
        let path = self.path(&name);
        let mut lines: BTreeMap<u32, u64> = BTreeMap::new();
        let mut depth = 1_usize;
        while depth > 0 {
            match pull.next()? {
                Piece::Start(element) => {
                    depth = depth.saturating_add(1);
                    if element.name() == "line" {
                        self.line(&element, &name, &mut lines);
                    }
                }
                Piece::End => depth = depth.saturating_sub(1),
                Piece::Text(_) => {}
                Piece::Done => break,
            }
        }
        if let Some(path) = path {
            self.coverage.touch(&path);
            for (line, hits) in lines {
                self.coverage.add(&path, line, hits);
            }
        }
        Ok(())
    }

    fn line(&mut self, element: &Element<'_>, name: &str, lines: &mut BTreeMap<u32, u64>) {
        let number = element.attribute("number");
        let hits = element.attribute("hits");
        let line = number.as_deref().and_then(|n| n.trim().parse::<u32>().ok()).filter(|n| *n > 0);
        let read = hits.as_deref().and_then(|h| h.trim().parse::<u64>().ok());
        let Some((line, hits)) = line.zip(read) else {
            let shown =
                |value: Option<String>| devops_core::excerpt(&value.unwrap_or_else(|| "missing".to_owned()));
            let name = devops_core::excerpt(name);
            let (number, hits) = (shown(number), shown(hits));
            self.coverage
                .warn(format!("`{name}`: line `{number}` with hits `{hits}` cannot be read: skipped"));
            return;
        };
        let known = lines.entry(line).or_default();
        *known = (*known).max(hits);
    }

    /// The path of a file name: below the source directories, as the reader's documentation says.
    fn path(&mut self, name: &str) -> Option<RepoPath> {
        let shown = devops_core::excerpt(name);
        let alone = self.paths.resolve(name);
        let Some(alone) = alone.filter(|_| !name.is_empty()) else {
            self.coverage.warn(format!("`{shown}` is no path inside the repository: left out"));
            return None;
        };
        let absolute = name.starts_with(['/', '\\']) || name.get(1..2) == Some(":");
        if !absolute {
            let below: Vec<_> =
                self.sources.iter().map(|s| self.paths.resolve(&format!("{s}/{name}"))).collect();
            let below: Vec<_> = below.into_iter().flatten().filter(|found| !found.outside).collect();
            let known = below.iter().find(|found| self.paths.knows(&found.path));
            if let Some(found) = known.or_else(|| below.first()) {
                return Some(found.path.clone());
            }
        } else if alone.outside {
            self.coverage.warn(format!("`{shown}` is outside the roots that the reader was given"));
        }
        Some(alone.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn report(sources: &str, class: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><!DOCTYPE coverage SYSTEM 'http://x/coverage-04.dtd'><coverage><sources>{sources}</sources>\
            <packages><package><classes>{class}</classes></package></packages></coverage>"
        )
    }

    fn paths_of(reader: &CoberturaReader, sources: &str, name: &str) -> String {
        let class = format!("<class filename='{name}'><lines><line number='1' hits='1'/></lines></class>");
        let coverage = reader.read(report(sources, &class).as_bytes()).unwrap();
        coverage.files().map(|(path, _)| path.to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_stand_below_sources() {
        let known = [RepoPath::new("lib/b.py").unwrap()];
        let paths = ReportPaths::new().with_root("/srv/app").with_known(known);
        let reader = CoberturaReader::new().with_paths(paths);
        for (sources, name, expected) in [
            ("", "a.py", "a.py"),
            ("<source>.</source>", "a.py", "a.py"),
            ("<source>/srv/app/app</source>", "a.py", "app/a.py"),
            ("<source>/elsewhere</source>", "a.py", "a.py"),
            ("<source>app</source><source>lib</source>", "b.py", "lib/b.py"),
            ("<source>app</source><source>lib</source>", "c.py", "app/c.py"),
            ("<source>app</source>", "/srv/app/x/a.py", "x/a.py"),
            ("<source>app</source>", "/usr/a.h", "usr/a.h"),
            ("<source>app</source>", "src\\a.cs", "app/src/a.cs"),
            ("<source>app</source>", "", ""),
        ] {
            assert_eq!(paths_of(&reader, sources, name), expected, "{sources} {name}");
        }
    }

    #[test]
    fn lines_of_methods_are_not_counted_twice() {
        let class = "<class filename='a'><methods><method name='m'><lines><line number='1' hits='2'/><line number='3' hits='1'/></lines></method></methods>\
            <lines><line number='1' hits='2' branch='true' condition-coverage='50% (1/2)'><conditions/></line><line number='2' hits='0'/></lines></class>\
            <class filename='a'><lines><line number='2' hits='5'/></lines></class>";
        let coverage = CoberturaReader::new().read(report("", class).as_bytes()).unwrap();
        let lines: Vec<_> = coverage.files().next().unwrap().1.lines().collect();
        assert_eq!(lines, [(1, 2), (2, 5), (3, 1)]);
    }

    #[test]
    fn bad_lines_are_told() {
        let class = "<class filename='a'><lines><line number='0' hits='2'/><line number='1' hits='-1'/><line/><line number='2' hits='1'/></lines></class>";
        let coverage = CoberturaReader::new().read(report("", class).as_bytes()).unwrap();
        assert_eq!(coverage.coverable(), 1);
        assert_eq!(
            coverage.warnings(),
            [
                "`a`: line `0` with hits `2` cannot be read: skipped",
                "`a`: line `1` with hits `-1` cannot be read: skipped",
                "`a`: line `missing` with hits `missing` cannot be read: skipped",
            ]
        );
    }

    #[test]
    fn broken_reports() {
        for (text, message) in [
            ("", "report holds no element: expected `<coverage>`"),
            ("<testsuite/>", "report begins with `<testsuite>`: expected `<coverage>`"),
            ("<coverage><packages>", "report ends inside `<packages>`: was it cut off?"),
            ("SF:a", "report holds no element: expected `<coverage>`"),
        ] {
            let error = CoberturaReader::new().read(text.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), message, "{text}");
        }
    }

    #[test]
    fn cutting_a_report_anywhere_never_panics() {
        let text = report(
            "<source>é</source>",
            "<class filename='a'><lines><line number='1' hits='1'/></lines></class>",
        );
        for end in 0..text.len() {
            assert!(CoberturaReader::new().read(&text.as_bytes()[..end]).is_err(), "{end}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = CoberturaReader::new().read(&bytes);
        }

        #[test]
        fn arbitrary_elements_never_panic(text in "(<(class|line|source|/class|lines)( filename='a'| number='1'| hits='x')?/?>){0,12}") {
            let _ = CoberturaReader::new().read(report("", &text).as_bytes());
        }
    }
}
