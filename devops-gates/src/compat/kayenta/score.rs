//! From labels to a score and a verdict.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::statistics::real;
use super::{Classification, KayentaError};

/// Where this share of the metrics has no data, in percent, the score is 0.
const NODATA_LIMIT: f64 = 50.0;

/// A labelled metric, as it is scored.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ScoredMetric {
    /// Its name.
    pub name: String,
    /// Its label.
    pub classification: Classification,
    /// Whether it fails the canary when its label is not `Pass`.
    #[serde(default)]
    pub critical: bool,
    /// Whether it is left out.
    #[serde(default)]
    pub muted: bool,
    /// The groups that it counts in: once in each, never where there is none.
    #[serde(default)]
    pub groups: Vec<String>,
}

impl ScoredMetric {
    /// A metric that is neither critical nor muted, in those groups.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::{Classification, ScoredMetric};
    /// let metric = ScoredMetric::new("errors", Classification::High, ["safety"]).with_critical(true);
    /// assert!(metric.critical && !metric.muted);
    /// ```
    #[must_use]
    pub fn new<G: Into<String>>(
        name: impl Into<String>,
        classification: Classification,
        groups: impl IntoIterator<Item = G>,
    ) -> Self {
        let groups = groups.into_iter().map(Into::into).collect();
        Self { name: name.into(), classification, critical: false, muted: false, groups }
    }

    /// As critical, or not.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::{Classification, ScoredMetric};
    /// assert!(ScoredMetric::new("m", Classification::High, ["g"]).with_critical(true).critical);
    /// ```
    #[must_use]
    pub fn with_critical(self, critical: bool) -> Self {
        Self { critical, ..self }
    }

    /// As muted, or not.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::{Classification, ScoredMetric};
    /// assert!(ScoredMetric::new("m", Classification::High, ["g"]).with_muted(true).muted);
    /// ```
    #[must_use]
    pub fn with_muted(self, muted: bool) -> Self {
        Self { muted, ..self }
    }
}

/// The score of one group.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "what the original's result holds")]
pub struct GroupScore {
    /// The group.
    pub name: String,
    /// Share of its metrics with data that pass, in percent; 0 where none has data.
    pub score: f64,
    /// Whether none has data; it then counts as 100.
    pub no_data: bool,
}

/// Why a score is what it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum ScoreReason {
    /// The weighted sum of the groups.
    WeightedSum,
    /// 0, as this critical metric does not pass.
    CriticalFailure {
        /// The first such metric.
        metric: String,
    },
    /// 0, as at least half of the metrics have no data.
    TooManyNodata,
}

/// The score of a canary.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "what the original's result holds")]
pub struct CanaryScore {
    /// The score, rounded half up to two decimals; from 0 to 100 unless weights sum to something else.
    pub score: f64,
    /// The groups, by name.
    pub groups: Vec<GroupScore>,
    /// Why.
    pub reason: ScoreReason,
}

/// The score over labelled metrics, with weights for groups in percent.
///
/// Groups without a weight share what is left to 100 equally. Muted metrics are dropped first. A critical metric
/// that does not pass, or no data for at least half of the metrics, gives 0.
///
/// # Errors
///
/// A weight that is not finite.
///
/// ```
/// use std::collections::BTreeMap;
/// use devops_gates::compat::kayenta::{Classification, ScoredMetric, score};
/// let metrics = [
///     ScoredMetric::new("latency", Classification::Pass, ["speed"]),
///     ScoredMetric::new("queue", Classification::Pass, ["speed"]),
///     ScoredMetric::new("cpu", Classification::High, ["speed"]),
/// ];
/// assert_eq!(score(&metrics, &BTreeMap::new())?.score, 66.67);
/// # Ok::<(), devops_gates::compat::kayenta::KayentaError>(())
/// ```
pub fn score(
    metrics: &[ScoredMetric],
    group_weights: &BTreeMap<String, f64>,
) -> Result<CanaryScore, KayentaError> {
    if let Some((group, value)) = group_weights.iter().find(|(_, w)| !w.is_finite()) {
        return Err(KayentaError::Weight { group: group.clone(), value: format!("{value}") });
    }
    let counted: Vec<&ScoredMetric> = metrics.iter().filter(|m| !m.muted).collect();
    let groups = group_scores(&counted);
    let failed = counted.iter().find(|m| m.critical && m.classification != Classification::Pass);
    let without = counted.iter().filter(|m| m.classification == Classification::Nodata).count();
    let (score, reason) = if let Some(metric) = failed {
        (0.0, ScoreReason::CriticalFailure { metric: metric.name.clone() })
    } else if without > 0 && real(without) / real(counted.len()) * 100.0 >= NODATA_LIMIT {
        (0.0, ScoreReason::TooManyNodata)
    } else {
        (rounded(weighted_sum(&groups, group_weights)), ScoreReason::WeightedSum)
    };
    Ok(CanaryScore { score, groups, reason })
}

fn group_scores(metrics: &[&ScoredMetric]) -> Vec<GroupScore> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for metric in metrics {
        for group in &metric.groups {
            let (passed, total) = counts.entry(group).or_default();
            match metric.classification {
                Classification::Pass => {
                    *passed = passed.saturating_add(1);
                    *total = total.saturating_add(1);
                }
                Classification::High | Classification::Low | Classification::NodataFailMetric => {
                    *total = total.saturating_add(1);
                }
                Classification::Nodata | Classification::Error => {}
            }
        }
    }
    let score = |passed, total| if total == 0 { 0.0 } else { real(passed) / real(total) * 100.0 };
    counts
        .into_iter()
        .map(|(name, (passed, total))| GroupScore {
            name: name.into(),
            score: score(passed, total),
            no_data: total == 0,
        })
        .collect()
}

fn weighted_sum(groups: &[GroupScore], weights: &BTreeMap<String, f64>) -> f64 {
    let unweighted = groups.iter().filter(|g| !weights.contains_key(&g.name)).count();
    let left = (100.0 - weights.values().sum::<f64>()) / real(unweighted);
    groups
        .iter()
        .map(|group| {
            let score = if group.no_data { 100.0 } else { group.score };
            score * (weights.get(&group.name).copied().unwrap_or(left) / 100.0)
        })
        .sum()
}

/// Half away from zero to two decimals, from the shortest decimal form.
fn rounded(value: f64) -> f64 {
    let text = format!("{}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits =
        fraction.bytes().chain(core::iter::repeat(b'0')).map(|d| u64::from(d.wrapping_sub(b'0')));
    let mut next = || digits.next().unwrap_or(0);
    let (tenths, hundredths, after) = (next(), next(), next());
    // Beyond 2^53 a float has no decimals.
    let Some(whole) = whole.parse::<u64>().ok().filter(|w| *w < 1 << 46) else { return value };
    let cents = whole
        .saturating_mul(100)
        .saturating_add(tenths.saturating_mul(10))
        .saturating_add(hundredths)
        .saturating_add(u64::from(after >= 5));
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    let size = cents as f64 / 100.0;
    if value < 0.0 { -size + 0.0 } else { size }
}

/// The verdict on a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_enums, reason = "the original has three")]
pub enum ScoreVerdict {
    /// Below both thresholds.
    Fail,
    /// At least the marginal threshold.
    Marginal,
    /// At least the pass threshold.
    Pass,
}

/// Passed from `pass` on, marginal from `marginal` on.
///
/// ```
/// use devops_gates::compat::kayenta::{ScoreVerdict, classify_score};
/// assert_eq!(classify_score(80.0, 95.0, 75.0), ScoreVerdict::Marginal);
/// assert_eq!(classify_score(80.0, 80.0, 80.0), ScoreVerdict::Pass);
/// ```
#[must_use]
pub fn classify_score(score: f64, pass: f64, marginal: f64) -> ScoreVerdict {
    if score >= pass {
        ScoreVerdict::Pass
    } else if score >= marginal {
        ScoreVerdict::Marginal
    } else {
        ScoreVerdict::Fail
    }
}

/// Whether a stand-alone analysis passes on its last score: not where the score is at most `marginal`, though
/// [`classify_score`] calls that score marginal.
///
/// ```
/// use devops_gates::compat::kayenta::aggregate_judgement;
/// assert!(aggregate_judgement(10.0, None, None));
/// assert!(!aggregate_judgement(80.0, Some(80.0), Some(80.0)));
/// assert!(aggregate_judgement(75.01, Some(75.0), None));
/// ```
#[must_use]
pub fn aggregate_judgement(final_score: f64, marginal: Option<f64>, pass: Option<f64>) -> bool {
    match (marginal, pass) {
        (Some(marginal), _) if final_score <= marginal => false,
        (_, Some(pass)) => final_score >= pass,
        (_, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_rounded_half_up_from_their_shortest_form() {
        let cases = [
            (66.66666666666666, 66.67),
            (33.33333333333333, 33.33),
            (0.005, 0.01),
            (1.005, 1.01),
            (-1.005, -1.01),
            (120.0, 120.0),
            (99.995, 100.0),
            (1e-7, 0.0),
            (1e300, 1e300),
        ];
        for (value, expected) in cases {
            assert_eq!(rounded(value), expected, "{value}");
        }
    }

    fn weights(pairs: &[(&str, f64)]) -> BTreeMap<String, f64> {
        pairs.iter().map(|(g, w)| ((*g).into(), *w)).collect()
    }

    #[test]
    fn what_looks_like_a_defect_is_kept() {
        let pass = |group: &str| ScoredMetric::new("m", Classification::Pass, [group]);
        let high = |group: &str| ScoredMetric::new("m", Classification::High, [group]);
        let error = ScoredMetric::new("m", Classification::Error, ["a"]);
        let total = |metrics: &[ScoredMetric], w: &[(&str, f64)]| score(metrics, &weights(w)).unwrap().score;
        assert_eq!(total(&[error.clone(), error], &[]), 100.0);
        assert_eq!(total(&[pass("a")], &[("a", 50.0), ("gone", 50.0)]), 50.0);
        assert_eq!(total(&[high("a"), pass("b")], &[("b", 120.0)]), 120.0);
        let nowhere = ScoredMetric::new("m", Classification::High, Vec::<String>::new());
        assert_eq!(total(&[pass("a"), nowhere], &[]), 100.0);
        assert_eq!(total(&[], &[]), 0.0);
    }

    #[test]
    fn half_without_data_is_zero() {
        let pass = ScoredMetric::new("m", Classification::Pass, ["a"]);
        let none = ScoredMetric::new("m", Classification::Nodata, ["a"]);
        let found = score(&[pass.clone(), none.clone()], &BTreeMap::new()).unwrap();
        assert_eq!((found.score, found.reason), (0.0, ScoreReason::TooManyNodata));
        let found = score(&[pass, none.clone().with_muted(true)], &BTreeMap::new()).unwrap();
        assert_eq!(found.score, 100.0);
        let critical = score(&[none.with_critical(true)], &BTreeMap::new()).unwrap();
        assert_eq!(critical.reason, ScoreReason::CriticalFailure { metric: "m".into() });
        assert!(score(&[], &weights(&[("a", f64::NAN)])).is_err());
    }
}
