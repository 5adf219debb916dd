//! The five dimensions: collaboration, automation, CI/CD, monitoring, feedback.

use alloc::vec::Vec;

use devops_core::Score;

use crate::Level;

/// The scores of a team in the five dimensions.
///
/// The overall score weighs collaboration and automation 0.25 each, CI/CD 0.20, monitoring and feedback 0.15
/// each.
///
/// ```
/// use devops_core::Score;
/// use devops_maturity::{FiveDimensions, Level};
///
/// let team = FiveDimensions {
///     collaboration: Score::new(10.0)?,
///     automation: Score::new(10.0)?,
///     ci_cd: Score::new(10.0)?,
///     monitoring: Score::MIN,
///     feedback: Score::MIN,
/// };
/// assert_eq!(team.overall(), Score::new(7.0)?);
/// assert_eq!(team.level(), Level::Quantified);
/// assert_eq!(team.below(Level::Quantified), ["monitoring", "feedback"]);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "there are five dimensions")]
pub struct FiveDimensions {
    /// People of different teams work together and share what they know.
    pub collaboration: Score,
    /// Deployments, tests, infrastructure and monitoring run by themselves.
    pub automation: Score,
    /// Changes are integrated and delivered in small steps.
    pub ci_cd: Score,
    /// The state of the product is known.
    pub monitoring: Score,
    /// What is learnt comes back into the work.
    pub feedback: Score,
}

impl FiveDimensions {
    /// Name, score and weight in percent of each dimension.
    fn parts(&self) -> [(&'static str, Score, u64); 5] {
        [
            ("collaboration", self.collaboration, 25),
            ("automation", self.automation, 25),
            ("ci_cd", self.ci_cd, 20),
            ("monitoring", self.monitoring, 15),
            ("feedback", self.feedback, 15),
        ]
    }

    /// The weighted mean, summed exactly and cut once to a millionth.
    #[must_use]
    pub fn overall(&self) -> Score {
        let sum = self.parts().into_iter().fold(0_u64, |sum, (_, score, percent)| {
            sum.saturating_add(score.micros().saturating_mul(percent))
        });
        Score::saturating_from_micros(sum / 100)
    }

    /// The level that the overall score reaches. A high mean can hide a dimension that is missing altogether:
    /// show [`FiveDimensions::below`] beside it.
    #[must_use]
    pub fn level(&self) -> Level {
        Level::of(self.overall())
    }

    /// The dimensions whose own score does not reach `level`, in the order of the model.
    #[must_use]
    pub fn below(&self, level: Level) -> Vec<&'static str> {
        let low = self.parts().into_iter().filter(|(_, score, _)| *score < level.threshold());
        low.map(|(name, _, _)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;
    use proptest::prelude::*;

    fn all(value: f64) -> FiveDimensions {
        let s = Score::new(value).unwrap();
        FiveDimensions { collaboration: s, automation: s, ci_cd: s, monitoring: s, feedback: s }
    }

    #[test]
    fn equal_scores_give_themselves() {
        for (value, level) in [
            (0.0, Level::Initial),
            (3.0, Level::Managed),
            (5.0, Level::Defined),
            (7.0, Level::Quantified),
            (9.0, Level::Optimized),
            (10.0, Level::Optimized),
        ] {
            assert_eq!(all(value).overall(), Score::new(value).unwrap());
            assert_eq!(all(value).level(), level);
            assert!(all(value).below(level).is_empty());
        }
    }

    #[test]
    fn bad_input_names_the_field() {
        let json = r#"{"collaboration":1,"automation":1,"ci_cd":1,"monitoring":1,"feedback":80}"#;
        let error = serde_json::from_str::<FiveDimensions>(json).unwrap_err().to_string();
        assert!(error.starts_with("score `80` is outside 0 to 10"), "{error}");
    }

    proptest! {
        #[test]
        fn more_never_lowers_the_level(a in 0u64..=10_000_000, b in 0u64..=10_000_000, rest in 0u64..=10_000_000) {
            let score = |micros| Score::from_micros(micros).unwrap();
            let team = |monitoring| FiveDimensions { monitoring: score(monitoring), ..all(score(rest).get()) };
            let (low, high) = (team(a.min(b)), team(a.max(b)));
            prop_assert!(low.overall() <= high.overall());
            prop_assert!(low.level() <= high.level());
        }
    }
}
