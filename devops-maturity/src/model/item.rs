//! The items of a model as people write them: questions, measured values, checklists.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Comparison, Unit};

/// An item: one thing that is asked or measured.
///
/// ```
/// use devops_core::Unit;
/// use devops_maturity::{ItemSpec, MeasureSpec};
///
/// let item = ItemSpec::measured(
///     "test_coverage",
///     "Tests run the code",
///     MeasureSpec::linear("test_coverage", Unit::Percent, 0.0, 100.0).with_max(100.0),
/// )
/// .with_weight(0.3)
/// .with_effort(20.0);
/// assert_eq!(item.weight, 0.3);
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ItemSpec {
    /// Its id, once in a model among nodes and items.
    pub id: String,
    /// What is asked, in the model's own language.
    pub title: String,
    /// What to look for before it is answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guidance: Vec<String>,
    /// What is answered.
    pub answer: ItemKind,
    /// A measured value that says how much credit an answer can have at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<MeasureSpec>,
    /// How much it counts: 0 to 1,000,000.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// The levels that it belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<ItemLevelSpec>,
    /// Items that come first; none of a higher level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// Person-days from nothing to full credit: above 0, to 1,000,000.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub effort: f64,
    /// The principles that it speaks of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub principles: Vec<String>,
}

impl ItemSpec {
    fn new(id: impl Into<String>, title: impl Into<String>, answer: ItemKind) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            guidance: Vec::new(),
            answer,
            limit: None,
            weight: 1.0,
            levels: Vec::new(),
            requires: Vec::new(),
            effort: 1.0,
            principles: Vec::new(),
        }
    }

    /// A question with the options of an answer set.
    ///
    /// ```
    /// let item = devops_maturity::ItemSpec::choice("q", "Is it so?", "yes_no").with_level(2);
    /// assert_eq!(item.levels[0].level, 2);
    /// ```
    #[must_use]
    pub fn choice(id: impl Into<String>, title: impl Into<String>, answer_set: impl Into<String>) -> Self {
        Self::new(id, title, ItemKind::Choice { answer_set: answer_set.into() })
    }

    /// A measured value.
    #[must_use]
    pub fn measured(id: impl Into<String>, title: impl Into<String>, measure: MeasureSpec) -> Self {
        Self::new(id, title, ItemKind::Measured { measure })
    }

    /// A list whose entries are each met or not.
    ///
    /// ```
    /// use devops_maturity::{EntrySpec, ItemSpec};
    ///
    /// let item = ItemSpec::checklist("review", "Reviews", vec![EntrySpec::new("two_eyes", "a second pair of eyes")]);
    /// assert_eq!(item.effort, 1.0);
    /// ```
    #[must_use]
    pub fn checklist(id: impl Into<String>, title: impl Into<String>, entries: Vec<EntrySpec>) -> Self {
        Self::new(id, title, ItemKind::Checklist { entries })
    }

    /// With another weight.
    #[must_use]
    pub fn with_weight(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    /// At one more level, where it counts fully.
    #[must_use]
    pub fn with_level(mut self, level: u32) -> Self {
        self.levels.push(ItemLevelSpec { level, weight: 1.0 });
        self
    }

    /// After one more item.
    #[must_use]
    pub fn with_requirement(mut self, item: impl Into<String>) -> Self {
        self.requires.push(item.into());
        self
    }

    /// With that effort, in person-days.
    #[must_use]
    pub fn with_effort(self, effort: f64) -> Self {
        Self { effort, ..self }
    }

    /// Held against a measured value.
    #[must_use]
    pub fn with_limit(self, limit: MeasureSpec) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Speaking of these principles.
    #[must_use]
    pub fn with_principles(mut self, principles: &[&str]) -> Self {
        self.principles.extend(principles.iter().map(|p| String::from(*p)));
        self
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
#[non_exhaustive]
pub enum ItemKind {
    /// One option of an answer set.
    Choice {
        /// The id of the answer set.
        answer_set: String,
    },
    /// A measured value.
    Measured {
        /// What is measured, and the credit for it.
        measure: MeasureSpec,
    },
    /// Which entries of a list are met; the credit is their share by weight.
    Checklist {
        /// The entries.
        entries: Vec<EntrySpec>,
    },
}

/// An entry of a checklist.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EntrySpec {
    /// Its id, once in the list.
    pub id: String,
    /// What must hold.
    pub title: String,
    /// How much it counts: 0 to 1,000,000.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
}

impl EntrySpec {
    /// An entry of weight 1.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), weight: 1.0 }
    }

    /// With another weight.
    #[must_use]
    pub fn with_weight(self, weight: f64) -> Self {
        Self { weight, ..self }
    }
}

/// The level of an item and how much the item counts there.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; a level and a weight are all there is")]
pub struct ItemLevelSpec {
    /// The number of the level.
    pub level: u32,
    /// How much it counts among the items of that level: 0 to 1,000,000, times the weight of the item.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
}

/// The named answers of questions.
///
/// ```
/// use devops_maturity::AnswerSetSpec;
///
/// let set = AnswerSetSpec::new("yes_no").with_option("no", "No", 0.0).with_option("yes", "Yes", 1.0);
/// assert_eq!(set.options.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AnswerSetSpec {
    /// Its id, once among the answer sets.
    pub id: String,
    /// The options.
    pub options: Vec<OptionSpec>,
}

impl AnswerSetSpec {
    /// Without options yet.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), options: Vec::new() }
    }

    /// With one more option.
    #[must_use]
    pub fn with_option(mut self, id: impl Into<String>, title: impl Into<String>, credit: f64) -> Self {
        self.options.push(OptionSpec { id: id.into(), title: title.into(), credit });
        self
    }
}

/// An answer that can be chosen.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "built as a literal; a name and its credit are all there is")]
pub struct OptionSpec {
    /// Its id, once in the set.
    pub id: String,
    /// What it says.
    pub title: String,
    /// What it is worth: 0 to 1.
    pub credit: f64,
}

/// A metric, and the credit for its value.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MeasureSpec {
    /// The metric.
    pub metric: String,
    /// Its unit; a value in another one is refused.
    pub unit: Unit,
    /// The lowest value that can be; lower ones are refused.
    #[serde(default)]
    pub min: f64,
    /// The highest value that can be; higher ones are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// How a value becomes credit.
    pub credit: CreditSpec,
    /// What so many out of none mean.
    #[serde(default, skip_serializing_if = "is_default")]
    pub of_none: OfNone,
}

impl MeasureSpec {
    /// No credit at `worst`, full credit at `best`, and in proportion between; values start at 0.
    ///
    /// ```
    /// use devops_core::Unit;
    /// use devops_maturity::MeasureSpec;
    ///
    /// // One day or less is full credit, ten days are none.
    /// let measure = MeasureSpec::linear("review_turnaround", Unit::Days, 10.0, 1.0);
    /// assert_eq!(measure.max, None);
    /// ```
    #[must_use]
    pub fn linear(metric: impl Into<String>, unit: Unit, worst: f64, best: f64) -> Self {
        Self::new(metric, unit, CreditSpec::Linear { worst, best })
    }

    /// By bands: the most credit of all bands that hold, none where none does.
    ///
    /// ```
    /// use devops_core::{Comparison, Unit};
    /// use devops_maturity::MeasureSpec;
    ///
    /// let bands = [(7.0, 1.0), (1.0, 0.75), (0.25, 0.5)];
    /// let measure = MeasureSpec::bands("deployment_frequency", Unit::PerWeek, Comparison::AtLeast, &bands);
    /// assert_eq!(measure.min, 0.0);
    /// ```
    #[must_use]
    pub fn bands(
        metric: impl Into<String>,
        unit: Unit,
        comparison: Comparison,
        bands: &[(f64, f64)],
    ) -> Self {
        let bands =
            bands.iter().map(|(value, credit)| BandSpec { comparison, value: *value, credit: *credit });
        Self::new(metric, unit, CreditSpec::Bands { bands: bands.collect() })
    }

    fn new(metric: impl Into<String>, unit: Unit, credit: CreditSpec) -> Self {
        Self { metric: metric.into(), unit, min: 0.0, max: None, credit, of_none: OfNone::NotApplicable }
    }

    /// With a highest possible value.
    #[must_use]
    pub fn with_max(self, max: f64) -> Self {
        Self { max: Some(max), ..self }
    }

    /// With another lowest possible value than 0.
    #[must_use]
    pub fn with_min(self, min: f64) -> Self {
        Self { min, ..self }
    }

    /// With another meaning of so many out of none.
    #[must_use]
    pub fn with_of_none(self, of_none: OfNone) -> Self {
        Self { of_none, ..self }
    }
}

/// How a measured value becomes credit.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
#[non_exhaustive]
pub enum CreditSpec {
    /// In proportion between two values, no more and no less beyond them.
    Linear {
        /// The value without credit.
        worst: f64,
        /// The value with full credit; below `worst` where less is better.
        best: f64,
    },
    /// The most credit of all bands that hold; none where none does.
    Bands {
        /// The bands: all from below (`>=`, `>`) or all from above (`<=`, `<`).
        bands: Vec<BandSpec>,
    },
}

/// So much credit where the value compares so.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "built as a literal; a comparison and its credit are all there is"
)]
pub struct BandSpec {
    /// How the value must stand.
    pub comparison: Comparison,
    /// To this.
    pub value: f64,
    /// The credit: 0 to 1.
    pub credit: f64,
}

/// What so many out of none (0 of 0 deployments) mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OfNone {
    /// The item does not apply.
    #[default]
    NotApplicable,
    /// The item is not known.
    Unknown,
    /// No credit, as OpenSSF Scorecard has it for its plain shares.
    NoCredit,
    /// Full credit, as OpenSSF Scorecard has it for its tiers.
    FullCredit,
}

fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(value: &f64) -> bool {
    value.total_cmp(&1.0).is_eq()
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
