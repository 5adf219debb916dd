//! What is scanned.

use super::allowlist::Origin;

/// The deepest that encodings within encodings are followed.
pub(super) const MAX_DECODE_DEPTH: u8 = 8;

/// A text to be scanned: a file, a part of one, or anything else of bytes, with what is known of its origin.
///
/// ```
/// use devops_analyzers::secrets::{Fragment, RuleSet};
///
/// let rules = RuleSet::builtin().only(&["pkcs12-file"]);
/// assert!(rules.scan(&Fragment::new(b"")).is_empty());
/// assert_eq!(rules.scan(&Fragment::new(b"").with_path("certs/site.p12")).len(), 1);
/// ```
#[derive(Clone, Copy)]
pub struct Fragment<'a> {
    text: &'a [u8],
    path: Option<&'a [u8]>,
    commit: Option<&'a str>,
    decode_depth: u8,
    ignores_markers: bool,
}

impl<'a> Fragment<'a> {
    /// A text of unknown origin.
    #[must_use]
    pub const fn new(text: &'a [u8]) -> Self {
        Self { text, path: None, commit: None, decode_depth: 0, ignores_markers: false }
    }

    /// With the path of the file it stands in, separated by `/`: rules and allow-lists may ask for it.
    #[must_use]
    pub fn with_path(self, path: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { path: Some(path.as_ref()), ..self }
    }

    /// With the commit that brings it: allow-lists may name commits.
    ///
    /// ```
    /// use devops_analyzers::secrets::{Fragment, RuleSet};
    ///
    /// let rules = RuleSet::from_toml("[[rules]]\nid = 'a'\nregex = 'b'\n[[allowlists]]\ncommits = ['1a2b']")?;
    /// assert_eq!(rules.scan(&Fragment::new(b"b")).len(), 1);
    /// assert_eq!(rules.scan(&Fragment::new(b"b").with_commit("1a2b")).len(), 0);
    /// # Ok::<(), devops_analyzers::secrets::RuleError>(())
    /// ```
    #[must_use]
    pub const fn with_commit(self, commit: &'a str) -> Self {
        Self { commit: Some(commit), ..self }
    }

    /// Scanned again with what is encoded in base64, hexadecimal or percent signs decoded, and what is encoded
    /// in that, up to `depth` times. 0, the default, leaves encodings alone; 1 or 2 is enough for what people
    /// do; more than 8 is 8.
    ///
    /// ```
    /// use devops_analyzers::secrets::{Fragment, RuleSet};
    ///
    /// let rules = RuleSet::from_toml("[[rules]]\nid = 'a'\nregex = 'token-[0-9]{12}'")?;
    /// let fragment = Fragment::new(b"x: dG9rZW4tMTIzNDU2Nzg5MDEy"); // token-123456789012
    /// assert!(rules.scan(&fragment).is_empty());
    /// let found = rules.scan(&fragment.with_decode_depth(1));
    /// assert_eq!((found[0].range(), found[0].decode_depth()), (3..27, 1));
    /// # Ok::<(), devops_analyzers::secrets::RuleError>(())
    /// ```
    #[must_use]
    pub const fn with_decode_depth(self, depth: u8) -> Self {
        let decode_depth = if depth > MAX_DECODE_DEPTH { MAX_DECODE_DEPTH } else { depth };
        Self { decode_depth, ..self }
    }

    /// Without leaving out lines that are marked `gitleaks:allow`, so that the caller can show them as
    /// suppressed.
    ///
    /// ```
    /// use devops_analyzers::secrets::{Fragment, RuleSet};
    ///
    /// let rules = RuleSet::from_toml("[[rules]]\nid = 'a'\nregex = 'b[0-9]'")?;
    /// let fragment = Fragment::new(b"b1 # gitleaks:allow");
    /// assert_eq!(rules.scan(&fragment).len(), 0);
    /// assert_eq!(rules.scan(&fragment.ignoring_markers()).len(), 1);
    /// # Ok::<(), devops_analyzers::secrets::RuleError>(())
    /// ```
    #[must_use]
    pub const fn ignoring_markers(self) -> Self {
        Self { ignores_markers: true, ..self }
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> &'a [u8] {
        self.text
    }

    pub(super) const fn origin(&self) -> Origin<'a> {
        Origin { path: self.path, commit: self.commit }
    }

    pub(super) const fn decode_depth(&self) -> u8 {
        self.decode_depth
    }

    pub(super) const fn ignores_markers(&self) -> bool {
        self.ignores_markers
    }
}

/// Shows how long the text is, never the text.
impl std::fmt::Debug for Fragment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fragment")
            .field("bytes", &self.text.len())
            .field("path", &self.path.map(String::from_utf8_lossy))
            .field("commit", &self.commit)
            .field("decode_depth", &self.decode_depth)
            .finish_non_exhaustive()
    }
}
