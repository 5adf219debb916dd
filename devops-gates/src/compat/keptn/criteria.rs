//! Sets of criteria: all of one set, any of the sets.

use alloc::string::String;
use alloc::vec::Vec;

use super::{KeptnError, SliResult, evaluate_criterion};
use crate::compat::lenient;

/// Criteria that must all be satisfied. In files a map with a list `criteria`, or that list alone.
///
/// ```
/// use devops_gates::compat::keptn::CriteriaSet;
///
/// let set: CriteriaSet = serde_json::from_str(r#"{"criteria": ["<=+10%", "<600"]}"#)?;
/// assert_eq!(set, CriteriaSet::new(["<=+10%", "<600"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct CriteriaSet {
    /// The criteria as they are written.
    pub criteria: Vec<String>,
}

impl CriteriaSet {
    /// Those criteria.
    ///
    /// ```
    /// use devops_gates::compat::keptn::CriteriaSet;
    ///
    /// assert_eq!(CriteriaSet::new(["<=+10%", "<600"]).criteria.len(), 2);
    /// ```
    pub fn new<S: Into<String>>(criteria: impl IntoIterator<Item = S>) -> Self {
        Self { criteria: criteria.into_iter().map(Into::into).collect() }
    }
}

impl<'de> serde::Deserialize<'de> for CriteriaSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let criteria = deserializer.deserialize_any(lenient::AloneOrIn::<Vec<Written>>::new("criteria"))?;
        Ok(Self { criteria: criteria.into_iter().map(|Written(text)| text).collect() })
    }
}

/// A criterion as a text; a bare number is one too.
struct Written(String);

impl<'de> serde::Deserialize<'de> for Written {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::text(deserializer).map(Self)
    }
}

/// One criterion and what came of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct SliTarget {
    /// The criterion as it is written.
    #[serde(alias = "criterion")]
    pub criteria: String,
    /// What the value was held against; 0 where nothing was.
    #[serde(alias = "targetValue")]
    pub target: f64,
    /// Whether it is not satisfied.
    pub violated: bool,
}

/// What came of sets of criteria.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct CriteriaResult {
    /// Whether they are satisfied.
    pub satisfied: bool,
    /// Each criterion, in order.
    pub targets: Vec<SliTarget>,
}

/// All criteria of one set. An empty set is satisfied; an indicator without a value satisfies none.
///
/// # Errors
///
/// [`KeptnError`] of the first criterion that cannot be read.
///
/// ```
/// use devops_gates::compat::keptn::{CriteriaSet, SliResult, criteria_all};
///
/// let result = criteria_all(&SliResult::new("a", 9.0), &CriteriaSet::new(["<10", ">=9.5"]), &[], "avg")?;
/// assert!(!result.satisfied && !result.targets[0].violated && result.targets[1].violated);
/// # Ok::<(), devops_gates::compat::keptn::KeptnError>(())
/// ```
pub fn criteria_all(
    sli: &SliResult,
    set: &CriteriaSet,
    previous: &[SliResult],
    aggregate_function: &str,
) -> Result<CriteriaResult, KeptnError> {
    let mut result = CriteriaResult { satisfied: true, ..CriteriaResult::default() };
    for criterion in &set.criteria {
        let (satisfied, target) = match evaluate_criterion(sli, criterion, previous, aggregate_function) {
            Ok(check) => (check.satisfied, check.target),
            Err(KeptnError::InvalidSli { .. }) => (false, 0.0),
            Err(error) => return Err(error),
        };
        result.satisfied &= satisfied;
        result.targets.push(SliTarget { criteria: criterion.clone(), target, violated: !satisfied });
    }
    Ok(result)
}

/// Any of the sets. Every set is evaluated, also behind one that is satisfied, to show what else is violated; no set
/// is not satisfied.
///
/// # Errors
///
/// [`KeptnError`] of the first criterion that cannot be read.
///
/// ```
/// use devops_gates::compat::keptn::{CriteriaSet, SliResult, criteria_any_of_all};
///
/// let sets = [CriteriaSet::new(["<5"]), CriteriaSet::new(["<10"])];
/// let result = criteria_any_of_all(&SliResult::new("a", 9.0), &sets, &[], "avg")?;
/// assert!(result.satisfied && result.targets[0].violated);
/// # Ok::<(), devops_gates::compat::keptn::KeptnError>(())
/// ```
pub fn criteria_any_of_all(
    sli: &SliResult,
    sets: &[CriteriaSet],
    previous: &[SliResult],
    aggregate_function: &str,
) -> Result<CriteriaResult, KeptnError> {
    let mut result = CriteriaResult::default();
    for set in sets {
        let one = criteria_all(sli, set, previous, aggregate_function)?;
        result.satisfied |= one.satisfied;
        result.targets.extend(one.targets);
    }
    Ok(result)
}
