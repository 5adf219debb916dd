//! What becomes of a part that does not apply, or whose source did not run.

/// What becomes of the weight of a part that does not apply: no source for it, or no image is built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum NotApplicable {
    /// The other parts share it.
    #[default]
    Renormalise,
    /// The part is taken as 10; the report says so.
    AssumeTen,
}

/// What becomes of a part when one of its sources did not run to an end. Where none of them did, it is not
/// measured either way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum FailedSource {
    /// The part is not measured: what that source would have found is not known.
    #[default]
    NotMeasured,
    /// The part is scored from the sources that ran, marked as partial.
    Partial,
}
