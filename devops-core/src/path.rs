//! Paths inside a repository.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::ValueError;

/// A path inside a repository, as git knows it: bytes, separated by `/`, not always UTF-8.
///
/// In text and JSON a byte that is not part of valid UTF-8 is written `\xHH`, a control character `\u{H}` and
/// a backslash `\\`; [`RepoPath::parse`] reads that form back, so nothing is lost.
///
/// ```
/// use devops_core::RepoPath;
///
/// let path = RepoPath::new("src/lib.rs")?;
/// assert_eq!(path.extension(), Some("rs"));
/// assert_eq!(path.file_name(), "lib.rs");
/// assert_eq!(RepoPath::from_bytes(b"caf\xe9".to_vec())?.to_string(), "caf\\xe9");
/// assert!(RepoPath::new("").is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepoPath(Arc<[u8]>);

impl RepoPath {
    /// Takes a path of text as it is; a backslash is a backslash.
    ///
    /// # Errors
    ///
    /// [`ValueError::Empty`] for an empty path, [`ValueError::Malformed`] where it holds a NUL byte.
    pub fn new(path: &str) -> Result<Self, ValueError> {
        Self::from_bytes(path.as_bytes().to_vec())
    }

    /// Takes a path of bytes.
    ///
    /// # Errors
    ///
    /// As [`RepoPath::new`].
    ///
    /// ```
    /// assert!(devops_core::RepoPath::from_bytes(vec![b'a', 0xff]).is_ok());
    /// ```
    pub fn from_bytes(path: Vec<u8>) -> Result<Self, ValueError> {
        if path.is_empty() {
            return Err(ValueError::Empty { field: "path", expected: "a path inside the repository" });
        }
        if path.contains(&0) {
            let shown = String::from_utf8_lossy(&path);
            return Err(ValueError::malformed("path", &shown, "a path without NUL bytes"));
        }
        Ok(Self(path.into()))
    }

    /// Whether a pattern fits the whole path. `*` stands for any bytes but `/`, `**` for any bytes, `?` for one
    /// byte but `/`; a pattern that ends with `/` stands for all below.
    ///
    /// ```
    /// use devops_core::RepoPath;
    ///
    /// let path = RepoPath::new("src/gen/api.rs")?;
    /// assert!(path.fits("src/gen/") && path.fits("src/**") && path.fits("**/*.rs"));
    /// assert!(!path.fits("src/*.rs") && !path.fits("src"));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn fits(&self, pattern: &str) -> bool {
        crate::glob::fits(pattern, self.as_bytes())
    }

    /// Reads the escaped form that [`fmt::Display`] writes.
    ///
    /// # Errors
    ///
    /// As [`RepoPath::new`], and [`ValueError::Malformed`] for an escape that is none.
    ///
    /// ```
    /// use devops_core::RepoPath;
    ///
    /// let path = RepoPath::parse("caf\\xe9")?;
    /// assert_eq!(path.as_bytes(), b"caf\xe9");
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let bad = || ValueError::malformed("path", text, "`\\\\`, `\\xHH` or `\\u{H}` behind a backslash");
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('\\') {
            bytes.extend_from_slice(before.as_bytes());
            if let Some(next) = after.strip_prefix('\\') {
                bytes.push(b'\\');
                rest = next;
            } else if let Some(next) = after.strip_prefix('x') {
                let digits = next.get(..2).ok_or_else(bad)?;
                bytes.push(u8::from_str_radix(digits, 16).map_err(|_| bad())?);
                rest = next.get(2..).ok_or_else(bad)?;
            } else if let Some(next) = after.strip_prefix("u{") {
                let (digits, next) = next.split_once('}').ok_or_else(bad)?;
                let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).ok_or_else(bad)?;
                bytes.extend_from_slice(code.encode_utf8(&mut [0; 4]).as_bytes());
                rest = next;
            } else {
                return Err(bad());
            }
        }
        bytes.extend_from_slice(rest.as_bytes());
        Self::from_bytes(bytes)
    }

    /// The bytes as git has them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The path as text, where it is UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        core::str::from_utf8(&self.0).ok()
    }

    /// What follows the last `/`; empty where that part is not UTF-8.
    #[must_use]
    pub fn file_name(&self) -> &str {
        let name = self.0.rsplit(|b| *b == b'/').next().unwrap_or_default();
        core::str::from_utf8(name).unwrap_or_default()
    }

    /// What precedes the last `/`, or `None` at the top of the repository.
    ///
    /// ```
    /// let path = devops_core::RepoPath::new("src/io/mod.rs")?;
    /// assert_eq!(path.directory(), Some(&b"src/io"[..]));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn directory(&self) -> Option<&[u8]> {
        let cut = self.0.iter().rposition(|b| *b == b'/')?;
        self.0.get(..cut)
    }

    /// What follows the last `.` of the file name; `None` for `.gitignore` and names without one.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        let (stem, extension) = self.file_name().rsplit_once('.')?;
        if stem.is_empty() || extension.is_empty() { None } else { Some(extension) }
    }
}

impl TryFrom<String> for RepoPath {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        Self::parse(&text)
    }
}

impl From<RepoPath> for String {
    fn from(path: RepoPath) -> String {
        alloc::format!("{path}")
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use core::fmt::Write as _;
        let mut shown = String::with_capacity(self.0.len());
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\\' => shown.push_str("\\\\"),
                    c if c.is_control() => write!(shown, "\\u{{{:x}}}", u32::from(c))?,
                    c => shown.push(c),
                }
            }
            for byte in chunk.invalid() {
                write!(shown, "\\x{byte:02x}")?;
            }
        }
        f.pad(&shown)
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RepoPath({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn escaped_form_round_trips(bytes in proptest::collection::vec(1u8.., 1..40)) {
            let path = RepoPath::from_bytes(bytes).unwrap();
            prop_assert_eq!(&RepoPath::parse(&path.to_string()).unwrap(), &path);
            let json = serde_json::to_string(&path).unwrap();
            prop_assert_eq!(serde_json::from_str::<RepoPath>(&json).unwrap(), path);
        }

        #[test]
        fn parse_never_panics(text in "\\PC{0,40}") {
            let _ = RepoPath::parse(&text);
        }
    }

    #[test]
    fn parts() {
        let path = RepoPath::new(".gitignore").unwrap();
        assert_eq!((path.file_name(), path.extension(), path.directory()), (".gitignore", None, None));
        assert!(RepoPath::new("a\0b").is_err());
        assert!(RepoPath::parse("a\\q").is_err());
    }
}
