//! The limits of the complexity analyzer.

use devops_core::ValueError;

/// Above which figures a function is reported; the default is 15, 10 and 80.
///
/// ```
/// use devops_analyzers::complexity::ComplexityConfig;
///
/// let config: ComplexityConfig = serde_json::from_str(r#"{"cognitive": 20}"#)?;
/// assert_eq!((config.cognitive, config.cyclomatic, config.lines), (20, 10, 80));
/// assert!(serde_json::from_str::<ComplexityConfig>(r#"{"cognitive": 0}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Form")]
#[non_exhaustive]
pub struct ComplexityConfig {
    /// The highest cognitive complexity that is not reported, from 1.
    pub cognitive: u32,
    /// The highest cyclomatic complexity that is not reported, from 1.
    pub cyclomatic: u32,
    /// The most lines that are not reported, from 1.
    pub lines: u32,
}

impl Default for ComplexityConfig {
    fn default() -> Self {
        Self { cognitive: 15, cyclomatic: 10, lines: 80 }
    }
}

impl ComplexityConfig {
    /// With those limits.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] for a limit of 0.
    ///
    /// ```
    /// use devops_analyzers::complexity::ComplexityConfig;
    ///
    /// assert_eq!(ComplexityConfig::new(25, 15, 120)?.lines, 120);
    /// assert!(ComplexityConfig::new(0, 15, 120).is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn new(cognitive: u32, cyclomatic: u32, lines: u32) -> Result<Self, ValueError> {
        for (field, value) in [("cognitive", cognitive), ("cyclomatic", cyclomatic), ("lines", lines)] {
            if value == 0 {
                return Err(ValueError::OutOfRange {
                    field,
                    value: "0".to_owned(),
                    min: "1".to_owned(),
                    max: u32::MAX.to_string(),
                });
            }
        }
        Ok(Self { cognitive, cyclomatic, lines })
    }
}

/// The form in files.
#[derive(serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Form {
    cognitive: u32,
    cyclomatic: u32,
    lines: u32,
}

impl Default for Form {
    fn default() -> Self {
        let config = ComplexityConfig::default();
        Self { cognitive: config.cognitive, cyclomatic: config.cyclomatic, lines: config.lines }
    }
}

impl TryFrom<Form> for ComplexityConfig {
    type Error = ValueError;

    fn try_from(form: Form) -> Result<Self, ValueError> {
        Self::new(form.cognitive, form.cyclomatic, form.lines)
    }
}
