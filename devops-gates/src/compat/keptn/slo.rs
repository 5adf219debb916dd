//! An SLO file: objectives, the comparison and the total score.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use super::CriteriaSet;
use crate::compat::lenient;

/// A Keptn v1 SLO file, `slo.yaml`, as any serde format reads it. Fields that no evaluation looks at are passed over.
///
/// ```
/// use devops_gates::compat::keptn::Slo;
///
/// let slo: Slo = serde_json::from_str(r#"{
///     "spec_version": "1.0",
///     "comparison": {"compare_with": "single_result", "include_result_with_score": "pass"},
///     "objectives": [{"sli": "response_time_p95", "pass": [{"criteria": ["<=+10%", "<600"]}], "key_sli": true}],
///     "total_score": {"pass": "90%", "warning": "75%"}
/// }"#)?;
/// assert!(slo.objectives[0].as_ref().unwrap().key_sli);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Slo {
    /// The version of the form, `1.0` or `0.1.1`; not looked at.
    #[serde(deserialize_with = "lenient::text")]
    pub spec_version: String,
    /// How old runs become the baseline.
    pub comparison: Option<Comparison>,
    /// The objectives; a null among them does not count.
    #[serde(deserialize_with = "lenient::list")]
    pub objectives: Vec<Option<Objective>>,
    /// The thresholds of the whole.
    pub total_score: Option<TotalScore>,
}

/// How old runs become the baseline.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Comparison {
    /// `single_result` or `several_results`.
    #[serde(deserialize_with = "lenient::text")]
    pub compare_with: String,
    /// Which old runs count by their result: `all`, `pass` or `pass_or_warn`.
    #[serde(alias = "include", deserialize_with = "lenient::text")]
    pub include_result_with_score: String,
    /// How many of them, for `several_results`.
    #[serde(alias = "count", deserialize_with = "lenient::whole")]
    pub number_of_comparison_results: i64,
    /// `avg`, `p50`, `p90` or `p95`.
    #[serde(alias = "aggregate", deserialize_with = "lenient::text")]
    pub aggregate_function: String,
}

impl Comparison {
    /// How old runs become the baseline, in the words of the file.
    ///
    /// ```
    /// use devops_gates::compat::keptn::{Comparison, history_size};
    ///
    /// let comparison = Comparison::new("several_results", "pass", 5, "p90");
    /// assert_eq!(history_size(&comparison), Some(5));
    /// ```
    #[must_use]
    pub fn new(compare_with: &str, include: &str, count: i64, aggregate: &str) -> Self {
        Self {
            compare_with: compare_with.to_owned(),
            include_result_with_score: include.to_owned(),
            number_of_comparison_results: count,
            aggregate_function: aggregate.to_owned(),
        }
    }
}

/// One objective: an indicator and its criteria.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Objective {
    /// The name of the indicator.
    #[serde(deserialize_with = "lenient::text")]
    pub sli: String,
    /// What reports call it.
    #[serde(
        rename = "displayName",
        deserialize_with = "lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub display_name: String,
    /// Whether the run fails where it fails.
    #[serde(alias = "key")]
    pub key_sli: bool,
    /// How much it counts.
    #[serde(deserialize_with = "lenient::whole")]
    pub weight: i64,
    /// It passes where any of these sets is satisfied; without any it is for information and never scored.
    #[serde(deserialize_with = "lenient::list")]
    pub pass: Vec<CriteriaSet>,
    /// It is in warning where it does not pass and any of these sets is satisfied.
    #[serde(deserialize_with = "lenient::list")]
    pub warning: Vec<CriteriaSet>,
}

impl Objective {
    /// An objective of weight 1.
    ///
    /// ```
    /// use devops_gates::compat::keptn::{CriteriaSet, Objective};
    ///
    /// let objective = Objective::new("error_rate").with_pass([CriteriaSet::new(["<=1"])]).with_key(true);
    /// assert_eq!(objective.weight, 1);
    /// ```
    #[must_use]
    pub fn new(sli: &str) -> Self {
        Self { sli: sli.to_owned(), weight: 1, ..Self::default() }
    }

    /// With those sets of pass criteria.
    ///
    /// ```
    /// use devops_gates::compat::keptn::{CriteriaSet, Objective};
    ///
    /// let objective = Objective::new("a").with_pass([CriteriaSet::new(["<=1"]), CriteriaSet::new(["<=+10%"])]);
    /// assert_eq!(objective.pass.len(), 2); // either is enough
    /// ```
    #[must_use]
    pub fn with_pass(self, sets: impl IntoIterator<Item = CriteriaSet>) -> Self {
        Self { pass: sets.into_iter().collect(), ..self }
    }

    /// With those sets of warning criteria.
    ///
    /// ```
    /// use devops_gates::compat::keptn::{CriteriaSet, Objective};
    ///
    /// assert_eq!(Objective::new("a").with_warning([CriteriaSet::new(["<=2"])]).warning.len(), 1);
    /// ```
    #[must_use]
    pub fn with_warning(self, sets: impl IntoIterator<Item = CriteriaSet>) -> Self {
        Self { warning: sets.into_iter().collect(), ..self }
    }

    /// With another weight.
    ///
    /// ```
    /// use devops_gates::compat::keptn::Objective;
    ///
    /// assert_eq!(Objective::new("a").with_weight(3).weight, 3);
    /// ```
    #[must_use]
    pub fn with_weight(self, weight: i64) -> Self {
        Self { weight, ..self }
    }

    /// As a key objective.
    ///
    /// ```
    /// use devops_gates::compat::keptn::Objective;
    ///
    /// assert!(Objective::new("a").with_key(true).key_sli);
    /// ```
    #[must_use]
    pub fn with_key(self, key_sli: bool) -> Self {
        Self { key_sli, ..self }
    }
}

/// The thresholds of the whole, in percent with or without a `%`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TotalScore {
    /// Passed from here on.
    #[serde(deserialize_with = "lenient::text")]
    pub pass: String,
    /// Warning from here on; empty where there is none.
    #[serde(deserialize_with = "lenient::text")]
    pub warning: String,
}

impl TotalScore {
    /// Those thresholds; an empty one is none.
    ///
    /// ```
    /// use devops_gates::compat::keptn::TotalScore;
    ///
    /// assert_eq!(TotalScore::new("90%", "").pass, "90%");
    /// ```
    #[must_use]
    pub fn new(pass: &str, warning: &str) -> Self {
        Self { pass: pass.to_owned(), warning: warning.to_owned() }
    }
}

/// The file as Keptn takes it: null objectives left out, a weight of 0 made 1, gaps of the comparison filled. Without a
/// comparison it is the last run, whatever its result; with gaps it is three.
///
/// ```
/// use devops_gates::compat::keptn::{Comparison, Slo, normalise_slo};
///
/// let slo: Slo = serde_json::from_str(r#"{"comparison": {}, "objectives": [null, {"sli": "a", "weight": 0}]}"#)?;
/// let slo = normalise_slo(slo);
/// assert_eq!(slo.comparison, Some(Comparison::new("", "all", 3, "avg")));
/// assert_eq!(slo.objectives.len(), 1);
/// assert_eq!(slo.objectives[0].as_ref().unwrap().weight, 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn normalise_slo(slo: Slo) -> Slo {
    let mut comparison = slo.comparison.unwrap_or_else(|| Comparison::new("single_result", "all", 1, "avg"));
    if comparison.include_result_with_score.is_empty() {
        comparison.include_result_with_score = "all".to_owned();
    }
    if comparison.number_of_comparison_results == 0 {
        comparison.number_of_comparison_results = 3;
    }
    if comparison.aggregate_function.is_empty() {
        comparison.aggregate_function = "avg".to_owned();
    }
    let weighted = |mut objective: Objective| {
        objective.weight = if objective.weight == 0 { 1 } else { objective.weight };
        Some(objective)
    };
    let objectives = slo.objectives.into_iter().flatten().map(weighted).collect();
    Slo { comparison: Some(comparison), objectives, ..slo }
}
