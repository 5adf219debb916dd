//! What makes a finding the same finding.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use crate::{RepoPath, RuleId, ValueError};

/// 128 bits that name a finding by its content, written as 32 hexadecimal digits.
///
/// The scheme is `devops/v1`: the first 16 bytes of SHA-256 over the parts, each preceded by its length as
/// eight little-endian bytes. It is fixed for ever; another scheme gets another name.
///
/// ```
/// use devops_core::Fingerprint;
///
/// let a = Fingerprint::of(&[b"rule", b"text"]);
/// assert_ne!(a, Fingerprint::of(&[b"rulet", b"ext"]));
/// assert_eq!(a.to_string().parse::<Fingerprint>()?, a);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The name of this scheme in SARIF's `partialFingerprints`.
    pub const SCHEME: &'static str = "devops/v1";

    /// The fingerprint of those parts, in that order.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hash = hmac_sha256::Hash::new();
        for part in parts {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            hash.update(length.to_le_bytes());
            hash.update(part);
        }
        let mut first = [0; 16];
        for (to, from) in first.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        Self(first)
    }

    /// The fingerprint of a finding: rule, path, and the code around it without white space. `path` is `None`
    /// for the second key, which survives renames. Among equal ones the second and later are told apart by
    /// [`Fingerprint::nth`].
    ///
    /// ```
    /// use devops_core::{Fingerprint, RepoPath, RuleId};
    ///
    /// let (rule, path) = (RuleId::new("style/line-length")?, RepoPath::new("src/lib.rs")?);
    /// let here = Fingerprint::of_finding(&rule, Some(&path), b"let x = 1;");
    /// assert_eq!(here, Fingerprint::of_finding(&rule, Some(&path), b"  let x=1;\r\n"));
    /// assert_ne!(here, Fingerprint::of_finding(&rule, None, b"let x = 1;"));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn of_finding(rule: &RuleId, path: Option<&RepoPath>, context: &[u8]) -> Self {
        let squeezed: alloc::vec::Vec<u8> =
            context.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
        let path = path.map_or(&b""[..], RepoPath::as_bytes);
        Self::of(&[rule.as_str().as_bytes(), path, &squeezed])
    }

    /// The fingerprint of the n-th of several findings that would otherwise share this one; 0 is this one.
    ///
    /// ```
    /// use devops_core::Fingerprint;
    ///
    /// let first = Fingerprint::of(&[b"same"]);
    /// assert_eq!(first.nth(0), first);
    /// assert_ne!(first.nth(1), first);
    /// ```
    #[must_use]
    pub fn nth(self, occurrence: u64) -> Self {
        if occurrence == 0 { self } else { Self::of(&[&self.0, &occurrence.to_le_bytes()]) }
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let bad = || ValueError::malformed("fingerprint", text, "32 hexadecimal digits");
        if text.len() != 32 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(bad());
        }
        let value = u128::from_str_radix(text, 16).map_err(|_| bad())?;
        Ok(Self(value.to_be_bytes()))
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> String {
        fingerprint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The scheme is fixed: this value may never change.
    #[test]
    fn known_value() {
        let rule = RuleId::new("r").unwrap();
        let path = RepoPath::new("p").unwrap();
        let known = Fingerprint::of_finding(&rule, Some(&path), b"c");
        assert_eq!(known.to_string(), "02d125db7ca57b65b3d9287304ee9f07");
    }

    #[test]
    fn refuses_other_texts() {
        for text in ["", "12", "+1111111111111111111111111111111", &"g".repeat(32)] {
            assert!(text.parse::<Fingerprint>().is_err(), "{text}");
        }
    }
}
