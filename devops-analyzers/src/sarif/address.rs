//! From a SARIF address to a path inside the repository.

use devops_core::RepoPath;

use super::json::{Loose, Scalar};
use super::shape::{ArtifactLocation, Run};
use crate::report_path::{ReportPaths, file_address, percent_decoded};

/// How many bases may stand one on the other: what the standard's examples need, and no circle runs longer.
const MAX_BASES: usize = 16;

/// What became of an address.
#[derive(Debug, PartialEq)]
pub(super) enum Address {
    /// A path inside the repository.
    Inside(RepoPath),
    /// An absolute one below none of the roots, without its leading slash.
    Outside(RepoPath),
    /// None, and the reason.
    None(String),
}

/// The path of a result.
pub(super) fn path_of(location: &ArtifactLocation, run: &Run, paths: &ReportPaths) -> Address {
    let location = match &location.uri {
        Scalar::Absent => by_index(location, run).unwrap_or(location),
        _ => location,
    };
    let Some(uri) = location.uri.text() else {
        return Address::None(format!("file address {} is no text: left without a place", location.uri));
    };
    if has_other_scheme(uri) {
        let shown = devops_core::excerpt(uri);
        return Address::None(format!("file address `{shown}` names no file: left without a place"));
    }
    let name = decoded(uri);
    let whole = if is_absolute(&name) { name } else { below_bases(name, location, run) };
    match paths.resolve_slashed(&whole) {
        Some(found) if found.outside => Address::Outside(found.path),
        Some(found) => Address::Inside(found.path),
        None => {
            let shown = devops_core::excerpt(uri);
            Address::None(format!("file address `{shown}` leaves the repository: left without a place"))
        }
    }
}

fn by_index<'a>(location: &ArtifactLocation, run: &'a Run) -> Option<&'a ArtifactLocation> {
    let Scalar::Int(index) = location.index else { return None };
    let artifact = run.artifacts.get()?.0.get(usize::try_from(index).ok()?)?;
    artifact.get()?.location.get()
}

/// A backslash in an address is a separator that a tool forgot to turn; one that is encoded is part of a name.
fn decoded(uri: &str) -> Vec<u8> {
    let uri = uri.replace('\\', "/");
    file_address(&uri).unwrap_or_else(|| percent_decoded(&uri))
}

fn is_absolute(name: &[u8]) -> bool {
    matches!(name, [b'/', ..]) || matches!(name, [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// `http:`, `pkg:`, `docker:`; one letter is a drive.
fn has_other_scheme(uri: &str) -> bool {
    let Some((scheme, _)) = uri.split_once(':') else { return false };
    scheme.len() > 1
        && !scheme.eq_ignore_ascii_case("file")
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && scheme.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
}

/// The name below its bases. The outermost base is where the repository lies, so where it is absolute it is
/// left out; the ones inside it are directories of the repository.
fn below_bases(name: Vec<u8>, location: &ArtifactLocation, run: &Run) -> Vec<u8> {
    let mut whole = name;
    let mut base = location.base.text();
    for _ in 0..MAX_BASES {
        let Some(next) = base.and_then(|id| run.bases.get()?.get(id)).and_then(Loose::get) else { break };
        let Some(uri) = next.uri.text() else { break };
        let directory = decoded(uri);
        base = next.base.text();
        if is_absolute(&directory) || has_other_scheme(uri) {
            break;
        }
        whole = [&directory[..], &b"/"[..], &whole].concat();
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::super::json::Table;
    use super::*;

    fn location(uri: &str, base: &str) -> ArtifactLocation {
        let text = |t: &str| if t.is_empty() { Scalar::Absent } else { Scalar::Text(t.to_owned()) };
        ArtifactLocation { uri: text(uri), base: text(base), ..ArtifactLocation::default() }
    }

    #[test]
    fn addresses() {
        let bases = [
            ("TOP", location("file:///home/ci/app/", "")),
            ("SRC", location("src%20x/", "TOP")),
            ("A", location("a", "B")),
            ("B", location("b", "A")),
            ("EMPTY", location("", "")),
        ];
        let bases = bases.into_iter().map(|(id, l)| (id.to_owned(), Loose::Is(l))).collect();
        let run = Run { bases: Loose::Is(Table::new(bases)), ..Run::default() };
        let paths = ReportPaths::new().with_root("/srv/app");
        for (uri, base, expected) in [
            ("a.py", "", "a.py"),
            ("a.py", "%SRCROOT%", "a.py"),
            ("a.py", "TOP", "a.py"),
            ("a.py", "SRC", "src x/a.py"),
            ("a.py", "EMPTY", "a.py"),
            ("file:///srv/app/x%23.py", "TOP", "x#.py"),
            ("/srv/app/x.py", "", "x.py"),
            ("src\\a.cs", "", "src/a.cs"),
            ("c#/a.cs", "", "c#/a.cs"),
            ("100%/a.py", "", "100%/a.py"),
            ("./x/../a.py", "SRC", "src x/a.py"),
        ] {
            let inside = Address::Inside(RepoPath::new(expected).unwrap());
            assert_eq!(path_of(&location(uri, base), &run, &paths), inside, "{uri} {base}");
        }
        assert_eq!(
            path_of(&location("file:///C:/x/a.cs", ""), &run, &paths),
            Address::Outside(RepoPath::new("C:/x/a.cs").unwrap())
        );
        for uri in ["https://x/y", "pkg:npm/a", "../a", "%00", "src/../../a"] {
            assert!(matches!(path_of(&location(uri, ""), &run, &paths), Address::None(_)), "{uri}");
        }
        assert!(matches!(path_of(&location("", ""), &run, &paths), Address::None(_)));
        // Two bases that stand on each other end.
        assert!(matches!(path_of(&location("x", "A"), &run, &paths), Address::Inside(_)));
    }
}
