//! A set of measures.

use alloc::vec::Vec;

use crate::{Measure, MetricId, Scope};

/// Measures by metric and scope, each pair once, in that order.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Scope, Unit};
///
/// let id = MetricId::new("test_coverage")?;
/// let mut measures = Measures::new();
/// measures.insert(Measure::number(id.clone(), 81.0, Unit::Percent)?)?;
/// assert!(measures.get(&id, &Scope::Overall).is_some());
/// assert!(measures.insert(Measure::number(id, 82.0, Unit::Percent)?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Vec<Measure>", into = "Vec<Measure>")]
pub struct Measures(Vec<Measure>);

/// Two measures speak of the same metric and scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("metric `{metric}` ({scope}) is measured twice: one measure for each metric and scope is expected")]
#[non_exhaustive]
pub struct DuplicateMeasure {
    /// The metric.
    pub metric: MetricId,
    /// The scope.
    pub scope: Scope,
}

impl Measures {
    /// No measures.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    fn position(&self, metric: &MetricId, scope: &Scope) -> Result<usize, usize> {
        self.0.binary_search_by(|m| m.metric().cmp(metric).then_with(|| m.scope().cmp(scope)))
    }

    /// Adds a measure.
    ///
    /// # Errors
    ///
    /// [`DuplicateMeasure`] where that metric and scope is there already.
    pub fn insert(&mut self, measure: Measure) -> Result<(), DuplicateMeasure> {
        match self.position(measure.metric(), measure.scope()) {
            Ok(_) => {
                Err(DuplicateMeasure { metric: measure.metric().clone(), scope: measure.scope().clone() })
            }
            Err(place) => {
                self.0.insert(place, measure);
                Ok(())
            }
        }
    }

    /// The measure of that metric and scope.
    #[must_use]
    pub fn get(&self, metric: &MetricId, scope: &Scope) -> Option<&Measure> {
        self.0.get(self.position(metric, scope).ok()?)
    }

    /// All, by metric and scope.
    pub fn iter(&self) -> core::slice::Iter<'_, Measure> {
        self.0.iter()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Vec<Measure>> for Measures {
    type Error = DuplicateMeasure;

    /// Sorts once, so that a long list costs n log n.
    fn try_from(mut list: Vec<Measure>) -> Result<Self, DuplicateMeasure> {
        list.sort_by(|a, b| a.metric().cmp(b.metric()).then_with(|| a.scope().cmp(b.scope())));
        let twice = list.windows(2).find_map(|pair| match pair {
            [a, b] if a.metric() == b.metric() && a.scope() == b.scope() => Some(a),
            _ => None,
        });
        match twice {
            Some(m) => Err(DuplicateMeasure { metric: m.metric().clone(), scope: m.scope().clone() }),
            None => Ok(Self(list)),
        }
    }
}

impl From<Measures> for Vec<Measure> {
    fn from(measures: Measures) -> Self {
        measures.0
    }
}

impl IntoIterator for Measures {
    type Item = Measure;
    type IntoIter = alloc::vec::IntoIter<Measure>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Measures {
    type Item = &'a Measure;
    type IntoIter = core::slice::Iter<'a, Measure>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
