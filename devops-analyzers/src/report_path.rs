//! From the file names in reports to paths inside the repository.

use std::collections::BTreeSet;

use devops_core::RepoPath;

/// How the file names of a report become paths inside the repository.
///
/// Tools write names as they please: relative to where they ran, absolute, with a drive letter, with
/// backslashes, percent-encoded, as `file://` addresses. A name becomes a [`RepoPath`] in these steps:
///
/// 1. backslashes become `/`; `.` and doubled `/` go; `..` takes back a directory, but never out of the top;
/// 2. an absolute name loses the longest of the given roots that it begins with; a drive letter's case does
///    not matter;
/// 3. a relative name gets the base in front;
/// 4. what is left absolute lies outside the roots: it is kept without the leading `/`, and marked so.
///
/// ```
/// use devops_analyzers::report_path::ReportPaths;
///
/// let paths = ReportPaths::new().with_root("/srv/checkout").with_base("codes");
/// assert_eq!(paths.resolve("/srv/checkout/src/a.py").unwrap().path.to_string(), "src/a.py");
/// assert_eq!(paths.resolve("src\\.\\main.rs").unwrap().path.to_string(), "codes/src/main.rs");
/// assert!(paths.resolve("/etc/hosts").unwrap().outside);
/// assert!(paths.resolve("../../secret").is_none());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportPaths {
    roots: Vec<Vec<u8>>,
    base: Vec<u8>,
    known: BTreeSet<RepoPath>,
}

/// A path of a report, as [`ReportPaths::resolve`] understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResolvedPath {
    /// The path.
    pub path: RepoPath,
    /// Whether it was absolute and below none of the roots; then the path may not be one of the repository.
    pub outside: bool,
}

impl ReportPaths {
    /// No root and no base: relative names stay as they are.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more directory that the repository was checked out to when the report was made: `/srv/app`,
    /// `C:\src` or `file:///srv/app`.
    #[must_use]
    pub fn with_root(mut self, root: &str) -> Self {
        let bytes = file_address(root).unwrap_or_else(|| root.as_bytes().to_vec());
        if let Some(parts) = Parts::of(&bytes) {
            self.roots.push(parts.joined());
            self.roots.sort_by_key(|root| core::cmp::Reverse(root.len()));
        }
        self
    }

    /// With the directory of the repository that relative names of the report begin in; one that leaves the
    /// repository changes nothing.
    #[must_use]
    pub fn with_base(self, base: &str) -> Self {
        match Parts::of(base.as_bytes()) {
            Some(parts) if !parts.absolute => Self { base: parts.joined(), ..self },
            _ => self,
        }
    }

    /// With files that are known to be there: where a report leaves several readings of a name, the one that
    /// is there counts.
    #[must_use]
    pub fn with_known(mut self, files: impl IntoIterator<Item = RepoPath>) -> Self {
        self.known.extend(files);
        self
    }

    /// Whether that file is known to be there.
    #[must_use]
    pub fn knows(&self, path: &RepoPath) -> bool {
        self.known.contains(path)
    }

    /// The path that a name stands for; `None` where it is empty, leaves the repository through `..`, or
    /// holds a NUL byte.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<ResolvedPath> {
        self.resolve_bytes(name.as_bytes())
    }

    /// [`ReportPaths::resolve`] for a name that may not be UTF-8.
    #[must_use]
    pub fn resolve_bytes(&self, name: &[u8]) -> Option<ResolvedPath> {
        self.resolve_parts(&Parts::of(name)?)
    }

    /// The same where only `/` separates.
    #[cfg(feature = "sarif")]
    pub(crate) fn resolve_slashed(&self, name: &[u8]) -> Option<ResolvedPath> {
        self.resolve_parts(&Parts::split(name, |b| b == b'/')?)
    }

    fn resolve_parts(&self, parts: &Parts<'_>) -> Option<ResolvedPath> {
        let whole = parts.joined();
        if parts.parts.is_empty() {
            return None;
        }
        if !parts.absolute {
            let path =
                if self.base.is_empty() { whole } else { [&self.base[..], &b"/"[..], &whole].concat() };
            return Some(ResolvedPath { path: RepoPath::from_bytes(path).ok()?, outside: false });
        }
        let below = self.roots.iter().find_map(|root| below(root, &whole));
        let path = below.unwrap_or_else(|| whole.strip_prefix(b"/").unwrap_or(&whole));
        Some(ResolvedPath { path: RepoPath::from_bytes(path.to_vec()).ok()?, outside: below.is_none() })
    }
}

/// What follows `root/` in an absolute name.
fn below<'a>(root: &[u8], name: &'a [u8]) -> Option<&'a [u8]> {
    let (start, rest) = name.split_at_checked(root.len())?;
    let drive = root.get(1) == Some(&b':');
    let same = if drive {
        start.first().map(u8::to_ascii_lowercase) == root.first().map(u8::to_ascii_lowercase)
            && start.get(1..) == root.get(1..)
    } else {
        start == root
    };
    if same && root.ends_with(b"/") { Some(rest) } else { rest.strip_prefix(b"/").filter(|_| same) }
}

/// A name cut at its separators, without `.` and `..`.
struct Parts<'a> {
    absolute: bool,
    parts: Vec<&'a [u8]>,
}

impl<'a> Parts<'a> {
    /// `None` where `..` leads out of the top.
    fn of(name: &'a [u8]) -> Option<Self> {
        Self::split(name, |b| matches!(b, b'/' | b'\\'))
    }

    fn split(name: &'a [u8], is_separator: impl Fn(u8) -> bool) -> Option<Self> {
        let drive = matches!(name, [letter, b':', ..] if letter.is_ascii_alphabetic());
        let absolute = drive || name.first().is_some_and(|b| is_separator(*b));
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in name.split(|b| is_separator(*b)) {
            match part {
                b"" | b"." => {}
                b".." => {
                    let removable = parts.len() > usize::from(drive);
                    if !removable {
                        return None;
                    }
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        Some(Self { absolute, parts })
    }

    fn joined(&self) -> Vec<u8> {
        let drive = self.parts.first().is_some_and(|p| p.get(1) == Some(&b':'));
        let start: &[u8] = if self.absolute && !drive { b"/" } else { b"" };
        [start, &self.parts.join(&b'/')].concat()
    }
}

/// The path in a `file:` address, percent-decoded; `None` for anything else.
///
/// ```
/// use devops_analyzers::report_path::file_address;
///
/// assert_eq!(file_address("file:///srv/a%20b.py").as_deref(), Some(&b"/srv/a b.py"[..]));
/// assert_eq!(file_address("file:///C:/src/a.cs").as_deref(), Some(&b"C:/src/a.cs"[..]));
/// assert_eq!(file_address("src/a.py"), None);
/// ```
#[must_use]
pub fn file_address(address: &str) -> Option<Vec<u8>> {
    let scheme = address.get(..5)?;
    let rest = address.get(5..)?;
    if !scheme.eq_ignore_ascii_case("file:") {
        return None;
    }
    let path = match rest.strip_prefix("//") {
        // What stands before the next slash is a host; an empty one is this machine.
        Some(with_host) => match with_host.split_once('/') {
            Some(("" | "localhost", _)) | None => with_host.trim_start_matches("localhost"),
            Some(_) => rest,
        },
        None => rest,
    };
    let decoded = percent_decoded(path);
    match &decoded[..] {
        [b'/', letter, b':', ..] if letter.is_ascii_alphabetic() => decoded.get(1..).map(<[u8]>::to_vec),
        _ => Some(decoded),
    }
}

/// The bytes with `%41` read as `A`; what is no such escape stays as it is.
///
/// ```
/// use devops_analyzers::report_path::percent_decoded;
///
/// assert_eq!(percent_decoded("a%20b%2"), b"a b%2");
/// ```
#[must_use]
pub fn percent_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escape = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escape {
            Some((high, low)) => {
                decoded.push(high.wrapping_mul(16) | low);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    decoded
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_become_paths() {
        let paths =
            ReportPaths::new().with_root("/srv/app/").with_root("file:///c:/work/app").with_root("/srv");
        for (name, path, outside) in [
            ("a.py", "a.py", false),
            ("./a//b/../c.py", "a/c.py", false),
            ("src\\x\\y.cs", "src/x/y.cs", false),
            ("/srv/app/a.py", "a.py", false),
            ("/srv/apple/a.py", "apple/a.py", false),
            ("/srv/app/../app/a.py", "a.py", false),
            ("C:\\work\\app\\a.cs", "a.cs", false),
            ("d:/x/a.cs", "d:/x/a.cs", true),
            ("/usr/a.h", "usr/a.h", true),
            ("\\\\host\\share\\a.h", "host/share/a.h", true),
        ] {
            let resolved = paths.resolve(name).unwrap();
            assert_eq!((&*resolved.path.to_string(), resolved.outside), (path, outside), "{name}");
        }
        for name in ["", ".", "/", "..", "a/../..", "/..", "C:\\..\\x", "a\0b", "/srv/app"] {
            let resolved = paths.resolve(name);
            assert!(resolved.is_none() || name == "/srv/app", "{name}: {resolved:?}");
        }
    }

    #[test]
    fn the_top_of_the_file_system_may_be_the_root() {
        let paths = ReportPaths::new().with_root("/");
        assert_eq!(paths.resolve("/a.py").unwrap().path.to_string(), "a.py");
    }

    #[test]
    fn addresses() {
        for (address, path) in [
            ("file:///a", &b"/a"[..]),
            ("FILE:/a", b"/a"),
            ("file://localhost/a", b"/a"),
            ("file://host/share/a", b"//host/share/a"),
            ("file:///c%3A/x", b"c:/x"),
            ("file:///caf%e9", b"/caf\xe9"),
        ] {
            assert_eq!(file_address(address).as_deref(), Some(path), "{address}");
        }
        assert_eq!(file_address("file"), None);
        assert_eq!(file_address("http://a/b"), None);
    }

    proptest! {
        #[test]
        fn no_name_leaves_the_repository(name in "[a-c./\\\\:%]{0,20}", root in "[a-c./]{0,6}") {
            if let Some(resolved) = ReportPaths::new().with_root(&root).with_base(&root).resolve(&name) {
                let text = resolved.path.to_string();
                prop_assert!(!text.starts_with('/'));
                prop_assert!(text.split('/').all(|part| !part.is_empty() && part != ".." && part != "."), "{}", text);
            }
        }

        #[test]
        fn decoding_never_panics(text in "\\PC{0,30}") {
            let _ = (percent_decoded(&text), file_address(&text));
        }
    }
}
