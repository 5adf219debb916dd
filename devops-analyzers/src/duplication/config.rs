//! What counts as a clone.

use devops_core::ValueError;

/// From which size on repeated code is reported.
///
/// ```
/// use devops_analyzers::duplication::DuplicationConfig;
///
/// let config: DuplicationConfig = serde_json::from_str(r#"{"min_tokens": 100}"#)?;
/// assert_eq!((config.min_tokens, config.min_lines, config.renamed_min_tokens), (100, 5, Some(100)));
/// assert!(serde_json::from_str::<DuplicationConfig>(r#"{"min_tokens": 1}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Form")]
#[non_exhaustive]
pub struct DuplicationConfig {
    /// The fewest tokens of a clone, 5 to 10,000; the default is 50.
    pub min_tokens: u32,
    /// The fewest line ends inside a clone, as jscpd counts: 5 are in six lines. The default is 5.
    pub min_lines: u32,
    /// The fewest tokens of a clone whose names or literals differ; `None` looks for none. The default is 100.
    pub renamed_min_tokens: Option<u32>,
}

impl Default for DuplicationConfig {
    fn default() -> Self {
        Self { min_tokens: 50, min_lines: 5, renamed_min_tokens: Some(100) }
    }
}

impl DuplicationConfig {
    /// With those limits; `renamed_min_tokens` of `None` looks for exact clones only.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] for a number of tokens outside 5 to 10,000.
    ///
    /// ```
    /// use devops_analyzers::duplication::DuplicationConfig;
    ///
    /// assert!(DuplicationConfig::new(50, 5, None)?.renamed_min_tokens.is_none());
    /// assert!(DuplicationConfig::new(4, 5, None).is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn new(min_tokens: u32, min_lines: u32, renamed_min_tokens: Option<u32>) -> Result<Self, ValueError> {
        let check = |field: &'static str, value: u32| {
            if (5..=10_000).contains(&value) {
                return Ok(());
            }
            let (min, max) = ("5".to_owned(), "10000".to_owned());
            Err(ValueError::OutOfRange { field, value: value.to_string(), min, max })
        };
        check("min_tokens", min_tokens)?;
        if let Some(tokens) = renamed_min_tokens {
            check("renamed_min_tokens", tokens)?;
        }
        Ok(Self { min_tokens, min_lines, renamed_min_tokens })
    }
}

/// The form in files.
#[derive(serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Form {
    min_tokens: u32,
    min_lines: u32,
    renamed_min_tokens: Option<u32>,
}

impl Default for Form {
    fn default() -> Self {
        let DuplicationConfig { min_tokens, min_lines, renamed_min_tokens } = DuplicationConfig::default();
        Self { min_tokens, min_lines, renamed_min_tokens }
    }
}

impl TryFrom<Form> for DuplicationConfig {
    type Error = ValueError;

    fn try_from(form: Form) -> Result<Self, ValueError> {
        Self::new(form.min_tokens, form.min_lines, form.renamed_min_tokens)
    }
}
