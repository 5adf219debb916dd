//! A checked project.

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::{Unit, excerpt};

use super::fault::{ProjectErrors, ProjectFault};
use super::order::ordered;
use super::spec::{ActivitySpec, Distribution, EstimateSpec, ProjectSpec};

/// Millionths in one.
pub(crate) const ONE: f64 = 1e6;
/// The longest duration and the largest amount.
const MAX_VALUE: f64 = 1e6;
/// The most activities of one project.
const MAX_ACTIVITIES: usize = 50_000;
/// The most resources of one project.
const MAX_RESOURCES: usize = 100;
/// The most links between activities of one project.
const MAX_LINKS: usize = 1_000_000;

/// A three-point estimate in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Estimate {
    pub(crate) min: u64,
    pub(crate) mode: u64,
    pub(crate) max: u64,
}

impl Estimate {
    pub(crate) const fn is_fixed(self) -> bool {
        self.min == self.max
    }

    /// The mean, rounded to a millionth.
    pub(crate) fn mean(self, distribution: Distribution) -> u64 {
        // At most 6 · 10¹².
        let (weight, total) = match distribution {
            Distribution::Triangular => (1, 3),
            Distribution::Pert => (4, 6),
        };
        let sum = self.min.saturating_add(self.mode.saturating_mul(weight)).saturating_add(self.max);
        sum.saturating_add(total / 2).checked_div(total).unwrap_or(0)
    }
}

/// A checked activity; others by their place in the order of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Activity {
    pub(crate) name: String,
    pub(crate) estimate: Estimate,
    pub(crate) after: Vec<usize>,
    /// Resource and millionths.
    pub(crate) demands: Vec<(usize, u64)>,
}

/// A checked project: every name known, no circle, every demand within its capacity. Immutable.
///
/// Durations and amounts are kept as whole millionths. The planned duration of an activity is the mean of its
/// estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    name: String,
    unit: Unit,
    distribution: Distribution,
    /// By name.
    resources: Vec<(String, u64)>,
    /// By name.
    activities: Vec<Activity>,
}

impl Project {
    /// Checks a project.
    ///
    /// # Errors
    ///
    /// [`ProjectErrors`] with all faults at once: too many activities (50,000), resources (100) or links
    /// (1,000,000), names missing or twice, negative, too large or non-finite numbers, a mode outside its range,
    /// unknown activities and resources, demands above capacity, circles with their path.
    ///
    /// ```
    /// use devops_maturity::schedule::{ActivitySpec, Project, ProjectSpec};
    ///
    /// let spec = ProjectSpec::new("p").with_activity(ActivitySpec::new("a", f64::NAN).with_demand("ops", 1.0));
    /// let errors = Project::build(spec).unwrap_err();
    /// assert_eq!(errors.faults().len(), 2);
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "a document is checked once")]
    pub fn build(spec: ProjectSpec) -> Result<Self, ProjectErrors> {
        // Too large a document is not looked at further.
        ProjectErrors::check(too_many(&spec))?;
        let mut faults = Vec::new();
        if spec.format != 1 {
            faults.push(ProjectFault::UnknownFormat { found: spec.format });
        }
        let resources = read_resources(&spec, &mut faults);
        let names = ranks("activity", spec.activities.iter().map(|a| a.name.as_str()), &mut faults);
        let known = Names { activities: &names, resources: &resources };
        let mut activities: Vec<Activity> =
            spec.activities.iter().map(|a| known.read(a, &mut faults)).collect();
        activities.sort_by(|a, b| a.name.cmp(&b.name));
        // With names twice, places are not what they seem.
        if activities.len() == names.len() {
            let after: Vec<&[usize]> = activities.iter().map(|a| a.after.as_slice()).collect();
            let names = |circle: Vec<usize>| {
                circle.into_iter().filter_map(|i| activities.get(i)).map(|a| excerpt(&a.name)).collect()
            };
            let (_, circles) = ordered(&after);
            faults.extend(circles.into_iter().map(|circle| ProjectFault::Cycle { path: names(circle) }));
        }
        ProjectErrors::check(faults)?;
        let resources =
            resources.into_iter().map(|(name, (_, capacity))| (name.to_owned(), capacity)).collect();
        Ok(Self {
            name: spec.name.clone(),
            unit: spec.unit,
            distribution: spec.distribution,
            resources,
            activities,
        })
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The unit of all durations.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// How the estimates are read.
    #[must_use]
    pub const fn distribution(&self) -> Distribution {
        self.distribution
    }

    /// How many activities.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.activities.len()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.activities.is_empty()
    }

    /// Whether no duration has a range.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.activities.iter().all(|a| a.estimate.is_fixed())
    }

    pub(crate) fn activities(&self) -> &[Activity] {
        &self.activities
    }

    pub(crate) fn resources(&self) -> &[(String, u64)] {
        &self.resources
    }
}

fn too_many(spec: &ProjectSpec) -> Vec<ProjectFault> {
    let links = spec.activities.iter().map(|a| a.after.len().saturating_add(a.demands.len())).sum();
    [
        ("activities", spec.activities.len(), MAX_ACTIVITIES),
        ("resources", spec.resources.len(), MAX_RESOURCES),
        ("links and demands of activities", links, MAX_LINKS),
    ]
    .into_iter()
    .filter(|(_, found, limit)| found > limit)
    .map(|(what, found, limit)| ProjectFault::TooMany { what, found, limit })
    .collect()
}

/// Each name with its place in the order of names; faults where one is unfit or there twice.
fn ranks<'a>(
    what: &'static str,
    names: impl Iterator<Item = &'a str>,
    faults: &mut Vec<ProjectFault>,
) -> BTreeMap<&'a str, usize> {
    let mut found = BTreeMap::new();
    for (index, name) in names.enumerate() {
        if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
            faults.push(ProjectFault::BadName { what, index, name: excerpt(name) });
        }
        if found.insert(name, 0).is_some() {
            faults.push(ProjectFault::DuplicateName { what, name: excerpt(name) });
        }
    }
    for (rank, place) in found.values_mut().enumerate() {
        *place = rank;
    }
    found
}

/// Millionths, or a fault and 0.
fn micros(value: f64, field: impl Fn() -> String, faults: &mut Vec<ProjectFault>) -> u64 {
    if !value.is_finite() {
        faults.push(ProjectFault::NotFinite { field: field(), value: value.to_string() });
        return 0;
    }
    if !(0.0..=MAX_VALUE).contains(&value) {
        faults.push(ProjectFault::OutOfRange { field: field(), value: value.to_string() });
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10¹², checked above")]
    let whole = libm::rint(value * ONE) as u64;
    whole
}

/// Millionths as the number they stand for.
#[expect(clippy::cast_precision_loss, reason = "whatever is far above 2⁵³ millionths is not exact to one")]
pub(crate) fn shown(micros: u64) -> f64 {
    micros as f64 / ONE
}

/// To the millionth and without a negative zero, so that it survives print-and-parse through JSON.
pub(crate) fn rounded(value: f64) -> f64 {
    libm::rint(value * ONE) / ONE + 0.0
}

/// Resources by name, with place and capacity.
fn read_resources<'a>(
    spec: &'a ProjectSpec,
    faults: &mut Vec<ProjectFault>,
) -> BTreeMap<&'a str, (usize, u64)> {
    let places = ranks("resource", spec.resources.iter().map(|r| r.name.as_str()), faults);
    let mut read = BTreeMap::new();
    for resource in &spec.resources {
        let field = || format!("capacity of resource `{}`", excerpt(&resource.name));
        let capacity = micros(resource.capacity, field, faults);
        let place = places.get(resource.name.as_str()).copied().unwrap_or(0);
        read.insert(resource.name.as_str(), (place, capacity));
    }
    read
}

/// What an activity may refer to.
struct Names<'a> {
    activities: &'a BTreeMap<&'a str, usize>,
    resources: &'a BTreeMap<&'a str, (usize, u64)>,
}

impl Names<'_> {
    fn read(&self, spec: &ActivitySpec, faults: &mut Vec<ProjectFault>) -> Activity {
        let estimate = read_estimate(spec, faults);
        let mut after = Vec::with_capacity(spec.after.len());
        for name in &spec.after {
            match self.activities.get(name.as_str()) {
                Some(place) => after.push(*place),
                None => faults.push(ProjectFault::UnknownActivity {
                    activity: excerpt(&spec.name),
                    unknown: excerpt(name),
                }),
            }
        }
        after.sort_unstable();
        after.dedup();
        Activity { name: spec.name.clone(), estimate, after, demands: self.demands(spec, faults) }
    }

    fn demands(&self, spec: &ActivitySpec, faults: &mut Vec<ProjectFault>) -> Vec<(usize, u64)> {
        let mut demands: Vec<(usize, u64)> = Vec::with_capacity(spec.demands.len());
        for demand in &spec.demands {
            let (activity, resource) = (excerpt(&spec.name), excerpt(&demand.resource));
            let field = || format!("demand of activity `{activity}` for `{resource}`");
            let amount = micros(demand.amount, field, faults);
            let Some(&(place, capacity)) = self.resources.get(demand.resource.as_str()) else {
                faults.push(ProjectFault::UnknownResource { activity, unknown: resource });
                continue;
            };
            if demands.iter().any(|(known, _)| *known == place) {
                faults.push(ProjectFault::DuplicateDemand { activity, resource });
                continue;
            }
            if amount > capacity {
                let (amount, capacity) = (shown(amount).to_string(), shown(capacity).to_string());
                faults.push(ProjectFault::AboveCapacity { activity, resource, amount, capacity });
            }
            demands.push((place, amount));
        }
        demands.sort_unstable();
        demands.retain(|(_, amount)| *amount > 0);
        demands
    }
}

fn read_estimate(spec: &ActivitySpec, faults: &mut Vec<ProjectFault>) -> Estimate {
    let EstimateSpec { min, mode, max } = spec.duration;
    let name = excerpt(&spec.name);
    let before = faults.len();
    let fixed = min.total_cmp(&mode).is_eq() && max.total_cmp(&mode).is_eq();
    let mode_micros = micros(mode, || format!("duration of activity `{name}`"), faults);
    if fixed {
        return Estimate { min: mode_micros, mode: mode_micros, max: mode_micros };
    }
    let min_micros = micros(min, || format!("minimum duration of activity `{name}`"), faults);
    let max_micros = micros(max, || format!("maximum duration of activity `{name}`"), faults);
    if faults.len() == before && !(min_micros..=max_micros).contains(&mode_micros) {
        let (min, mode, max) = (min.to_string(), mode.to_string(), max.to_string());
        faults.push(ProjectFault::ModeOutsideRange { activity: name, min, mode, max });
    }
    Estimate { min: min_micros, mode: mode_micros, max: max_micros }
}
