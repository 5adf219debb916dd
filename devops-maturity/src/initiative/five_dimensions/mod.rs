//! The library for the model of five dimensions.
//!
//! Forty initiatives that a team of about eight can take on. Weeks, people and rises are rough and meant to be
//! replaced by one's own experience. Patterns and anti-patterns are those of the field's books (Humble & Farley 2010;
//! Beyer et al. 2016; Forsgren, Humble & Kim 2018; Skelton & Pais 2019), in our words.

mod automation;
mod ci_cd;
mod collaboration;
mod feedback;
mod monitoring;
mod phases;

use devops_core::{Comparison, Criterion, MetricId, Unit};

use super::{Library, LibrarySpec, SuccessCriterion};

/// Initiatives over collaboration, automation, CI/CD, monitoring and feedback, and four phases as a view on them.
///
/// The phases are the classic transformation: foundation (8 weeks, only where automation is below 5), process
/// optimisation (12), culture transformation (16), intelligent evolution (20); 56 weeks one after the other, 48
/// without the foundation.
///
/// ```
/// use devops_maturity::initiative::five_dimensions;
///
/// let library = five_dimensions();
/// let weeks: f64 = library.phases().iter().map(|p| p.weeks).sum();
/// assert_eq!((library.initiatives().len(), weeks), (40, 56.0));
/// ```
#[must_use]
pub fn five_dimensions() -> Library {
    let spec = LibrarySpec::new("five_dimensions", "1.0.0", "five_dimensions")
        .with_role("coaching", "Team leads and coaches")
        .with_role("developers", "Developers")
        .with_role("operations", "Operations and reliability engineers")
        .with_role("platform", "Platform engineers")
        .with_role("quality", "Quality engineers");
    let all = automation::initiatives()
        .into_iter()
        .chain(ci_cd::initiatives())
        .chain(collaboration::initiatives())
        .chain(feedback::initiatives())
        .chain(monitoring::initiatives());
    let spec = all.fold(spec, LibrarySpec::with_initiative);
    let spec = phases::phases().into_iter().fold(spec, LibrarySpec::with_phase);
    shipped(spec)
}

/// A library that is written in this crate; a test builds it.
#[expect(clippy::expect_used, reason = "the shipped library is built in a test")]
fn shipped(spec: LibrarySpec) -> Library {
    Library::build(spec).expect("the shipped library has no faults")
}

#[expect(clippy::expect_used, reason = "the shipped library is built in a test")]
fn criterion(metric: &str, comparison: Comparison, value: &str, unit: Unit) -> Criterion {
    let metric = MetricId::new(metric).expect("the ids of the shipped library are in form");
    let value = value.parse().expect("the values of the shipped library are in form");
    Criterion::new(metric, comparison, value, unit)
}

fn at_least(metric: &str, value: &str, unit: Unit) -> SuccessCriterion {
    SuccessCriterion::new(criterion(metric, Comparison::AtLeast, value, unit))
}

fn at_most(metric: &str, value: &str, unit: Unit) -> SuccessCriterion {
    SuccessCriterion::new(criterion(metric, Comparison::AtMost, value, unit))
}
