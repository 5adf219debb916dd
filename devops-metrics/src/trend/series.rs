//! What is assessed: one metric, period by period.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use devops_core::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use super::step::Step;

/// What the numbers of a series are; it decides which test is right.
///
/// ```
/// use devops_metrics::trend::Kind;
/// assert_eq!(Kind::Count.to_string(), "count");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A measured value or a duration: ranks.
    Value,
    /// Events in an exposure: a rate regression.
    Count,
    /// So many of so many: a test of proportions.
    Proportion,
    /// Durations of which some have not ended: survival.
    Censored,
}

impl core::fmt::Display for Kind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(match self {
            Self::Value => "value",
            Self::Count => "count",
            Self::Proportion => "proportion",
            Self::Censored => "censored",
        })
    }
}

/// The rows as given.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Rows {
    Values(Vec<(Timestamp, Option<f64>)>),
    Counts(Vec<(Timestamp, u64, f64)>),
    Proportions(Vec<(Timestamp, u64, u64)>),
    Censored(Vec<(Timestamp, f64, bool)>),
}

/// One metric over time.
///
/// Rows may come in any order. A period that is absent is a gap and keeps its place in time. Rows of the same
/// time are joined: values to their median, counts and proportions to their sum, durations to one period.
///
/// ```
/// use devops_core::{Timestamp, Unit};
/// use devops_metrics::trend::{Kind, Series};
///
/// let week: Timestamp = "2026-01-05T00:00:00Z".parse()?;
/// let series = Series::values([(week, Some(26.5))]).named("lead time").in_unit(Unit::Hours);
/// assert_eq!(series.kind(), Kind::Value);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub(crate) name: String,
    pub(crate) unit: Unit,
    pub(crate) step: Option<Step>,
    pub(crate) rows: Rows,
}

impl Series {
    fn new(unit: Unit, rows: Rows) -> Self {
        Self { name: "the metric".to_string(), unit, step: None, rows }
    }

    /// Values or durations, one a period: a median lead time, say. `None` is a gap.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_metrics::trend::Series;
    /// assert_eq!(Series::values([(Timestamp::EPOCH, None)]).len(), 1);
    /// ```
    #[must_use]
    pub fn values(rows: impl IntoIterator<Item = (Timestamp, Option<f64>)>) -> Self {
        Self::new(Unit::None, Rows::Values(rows.into_iter().collect()))
    }

    /// Events and the exposure (days, requests, …; above 0) in which they happened.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_metrics::trend::{Kind, Series};
    /// assert_eq!(Series::counts([(Timestamp::EPOCH, 3, 1.0)]).kind(), Kind::Count);
    /// ```
    #[must_use]
    pub fn counts(rows: impl IntoIterator<Item = (Timestamp, u64, f64)>) -> Self {
        Self::new(Unit::Count, Rows::Counts(rows.into_iter().collect()))
    }

    /// So many (`part`) of so many (`whole`): failed deployments, say. Shown as percent; a whole of 0 is a gap.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_metrics::trend::{Kind, Series};
    /// assert_eq!(Series::proportions([(Timestamp::EPOCH, 1, 20)]).kind(), Kind::Proportion);
    /// ```
    #[must_use]
    pub fn proportions(rows: impl IntoIterator<Item = (Timestamp, u64, u64)>) -> Self {
        Self::new(Unit::Percent, Rows::Proportions(rows.into_iter().collect()))
    }

    /// Durations of single cases with the period they belong to, and whether they have ended; several rows a
    /// period.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_metrics::trend::{Kind, Series};
    /// let series = Series::censored([(Timestamp::EPOCH, 3.5, true), (Timestamp::EPOCH, 9.0, false)]);
    /// assert_eq!(series.kind(), Kind::Censored);
    /// ```
    #[must_use]
    pub fn censored(rows: impl IntoIterator<Item = (Timestamp, f64, bool)>) -> Self {
        Self::new(Unit::None, Rows::Censored(rows.into_iter().collect()))
    }

    /// With values or durations in another unit; `None` where its own cannot be made that one, and of counts and
    /// proportions, which have no other.
    ///
    /// ```
    /// use devops_core::{Timestamp, Unit};
    /// use devops_metrics::trend::Series;
    /// let hours = Series::values([(Timestamp::EPOCH, Some(48.0))]).in_unit(Unit::Hours);
    /// let days = Series::values([(Timestamp::EPOCH, Some(2.0))]).in_unit(Unit::Days);
    /// assert_eq!(hours.clone().converted_to(Unit::Days), Some(days));
    /// assert_eq!(hours.converted_to(Unit::Percent), None);
    /// ```
    #[must_use]
    pub fn converted_to(mut self, unit: Unit) -> Option<Self> {
        let factor = self.unit.factor_to(unit)?;
        match &mut self.rows {
            Rows::Values(rows) => rows.iter_mut().filter_map(|row| row.1.as_mut()).for_each(|v| *v *= factor),
            Rows::Censored(rows) => rows.iter_mut().for_each(|row| row.1 *= factor),
            Rows::Counts(_) | Rows::Proportions(_) => return None,
        }
        self.unit = unit;
        Some(self)
    }

    /// With the name that sentences use; `the metric` unless given.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// With the unit of its values. Proportions stay in percent.
    #[must_use]
    pub fn in_unit(mut self, unit: Unit) -> Self {
        if self.kind() != Kind::Proportion {
            self.unit = unit;
        }
        self
    }

    /// With the length of a period, which is otherwise taken from the times.
    #[must_use]
    pub fn every(mut self, step: Step) -> Self {
        self.step = Some(step);
        self
    }

    /// What its numbers are.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.rows {
            Rows::Values(_) => Kind::Value,
            Rows::Counts(_) => Kind::Count,
            Rows::Proportions(_) => Kind::Proportion,
            Rows::Censored(_) => Kind::Censored,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The unit of its values.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Values(rows) => rows.len(),
            Rows::Counts(rows) => rows.len(),
            Rows::Proportions(rows) => rows.len(),
            Rows::Censored(rows) => rows.len(),
        }
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
