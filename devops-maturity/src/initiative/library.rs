//! A checked library.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::excerpt;

use super::fault::{LibraryErrors, LibraryFault};
use super::{InitiativeSpec, LibrarySpec, PhaseSpec, RoleSpec};
use crate::Model;
use crate::schedule::{ActivitySpec, Project, ProjectSpec};

/// A checked library: every reference known, no circle, every number in its range. Immutable; read from and written
/// to files in the form of [`LibrarySpec`].
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "LibrarySpec", into = "LibrarySpec")]
pub struct Library {
    spec: LibrarySpec,
}

impl TryFrom<LibrarySpec> for Library {
    type Error = LibraryErrors;

    fn try_from(spec: LibrarySpec) -> Result<Self, LibraryErrors> {
        Self::build(spec)
    }
}

impl From<Library> for LibrarySpec {
    fn from(library: Library) -> Self {
        library.spec
    }
}

impl Library {
    /// Checks a library.
    ///
    /// # Errors
    ///
    /// [`LibraryErrors`] with all faults at once.
    ///
    /// ```
    /// use devops_maturity::initiative::{InitiativeSpec, Library, LibrarySpec};
    ///
    /// let broken = InitiativeSpec::new("a", "A", "automation", (1.0, 2.0, 3.0)).after(&["b"]).with_need("ops", 1.0);
    /// let errors = Library::build(LibrarySpec::new("l", "1", "m").with_initiative(broken)).unwrap_err();
    /// assert_eq!(errors.to_string(), "initiative `a` raises nothing: at least one item is expected; \
    ///     activity `a` comes after `b`: expected the name of an activity of the project; \
    ///     activity `a` needs `ops`: expected the name of a resource of the project");
    /// ```
    pub fn build(spec: LibrarySpec) -> Result<Self, LibraryErrors> {
        let mut faults = Vec::new();
        if spec.format != 1 {
            faults.push(LibraryFault::UnknownFormat { found: spec.format });
        }
        let initiatives = ids("initiative", spec.initiatives.iter().map(|i| i.id.as_str()), &mut faults);
        let phases = ids("phase", spec.phases.iter().map(|p| p.id.as_str()), &mut faults);
        ids("role", spec.roles.iter().map(|r| r.id.as_str()), &mut faults);
        for initiative in &spec.initiatives {
            check_raises(initiative, &mut faults);
        }
        for phase in &spec.phases {
            check_phase(phase, &initiatives, &phases, &mut faults);
        }
        // Durations, needs and circles are what a project checks; names twice are told above.
        if let Err(errors) = Project::build(as_project(&spec, 1e6)) {
            let twice = |f: &&crate::schedule::ProjectFault| {
                !matches!(f, crate::schedule::ProjectFault::DuplicateName { .. })
            };
            faults.extend(errors.faults().iter().filter(twice).cloned().map(LibraryFault::Project));
        }
        LibraryErrors::check(faults)?;
        Ok(Self { spec })
    }

    /// Whether every item and dimension is one of that model.
    ///
    /// # Errors
    ///
    /// [`LibraryErrors`] with all that is not.
    ///
    /// ```
    /// use devops_maturity::{initiative, models};
    ///
    /// let library = initiative::five_dimensions();
    /// assert!(library.check(&models::five_dimensions()).is_ok());
    /// assert!(library.check(&models::dora_capabilities()).is_err());
    /// ```
    pub fn check(&self, model: &Model) -> Result<(), LibraryErrors> {
        let mut faults = Vec::new();
        let mut need = |holder: String, what: &'static str, id: &str, known: bool| {
            if !known {
                faults.push(LibraryFault::Unknown { holder, what, id: excerpt(id) });
            }
        };
        need(format!("library `{}`", self.spec.id), "model", &self.spec.model, self.spec.model == model.id());
        for initiative in &self.spec.initiatives {
            let holder = || format!("initiative `{}`", excerpt(&initiative.id));
            need(holder(), "dimension", &initiative.dimension, model.node(&initiative.dimension).is_some());
            for raise in &initiative.raises {
                need(holder(), "item", &raise.item, model.item(&raise.item).is_some());
            }
        }
        for (phase, below) in self.spec.phases.iter().filter_map(|p| Some((p, p.only_below.as_ref()?))) {
            let known = model.node(&below.dimension).is_some();
            need(format!("phase `{}`", excerpt(&phase.id)), "dimension", &below.dimension, known);
        }
        LibraryErrors::check(faults)
    }

    /// As it was written.
    #[must_use]
    pub const fn spec(&self) -> &LibrarySpec {
        &self.spec
    }

    /// What can be done.
    #[must_use]
    pub fn initiatives(&self) -> &[InitiativeSpec] {
        &self.spec.initiatives
    }

    /// The initiative of that id.
    #[must_use]
    pub fn initiative(&self, id: &str) -> Option<&InitiativeSpec> {
        self.spec.initiatives.iter().find(|i| i.id == id)
    }

    /// The phases.
    #[must_use]
    pub fn phases(&self) -> &[PhaseSpec] {
        &self.spec.phases
    }

    /// Who works on it.
    #[must_use]
    pub fn roles(&self) -> &[RoleSpec] {
        &self.spec.roles
    }
}

/// All initiatives as activities, with so many people of each role.
fn as_project(spec: &LibrarySpec, people: f64) -> ProjectSpec {
    let project =
        spec.roles.iter().fold(ProjectSpec::new("library"), |p, r| p.with_resource(r.id.clone(), people));
    spec.initiatives.iter().fold(project, |project, own| {
        let mut activity = ActivitySpec::new(own.id.clone(), own.duration);
        activity.after.clone_from(&own.requires);
        activity.demands.clone_from(&own.needs);
        project.with_activity(activity)
    })
}

fn ids<'a>(
    what: &'static str,
    list: impl Iterator<Item = &'a str>,
    faults: &mut Vec<LibraryFault>,
) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for id in list {
        if !found.insert(id) {
            faults.push(LibraryFault::Duplicate { what, id: excerpt(id) });
        }
    }
    found
}

fn check_raises(initiative: &InitiativeSpec, faults: &mut Vec<LibraryFault>) {
    let id = excerpt(&initiative.id);
    if initiative.raises.is_empty() {
        faults.push(LibraryFault::RaisesNothing { id: id.clone() });
    }
    for raise in &initiative.raises {
        for (name, value) in [("rise", raise.by), ("end of the rise", raise.up_to)] {
            if !(value > 0.0 && value <= 1.0) {
                faults.push(LibraryFault::Number {
                    field: format!("{name} of `{}` by initiative `{id}`", excerpt(&raise.item)),
                    value: value.to_string(),
                    expected: "above 0, at most 1",
                });
            }
        }
    }
}

fn check_phase(
    phase: &PhaseSpec,
    initiatives: &BTreeSet<&str>,
    phases: &BTreeSet<&str>,
    faults: &mut Vec<LibraryFault>,
) {
    let holder = format!("phase `{}`", excerpt(&phase.id));
    if !(0.0..=1e6).contains(&phase.weeks) {
        let field = format!("weeks of {holder}");
        faults.push(LibraryFault::Number { field, value: phase.weeks.to_string(), expected: "0 to 1000000" });
    }
    for (what, list, known) in
        [("initiative", &phase.initiatives, initiatives), ("phase", &phase.requires, phases)]
    {
        for id in list.iter().filter(|id| !known.contains(id.as_str())) {
            faults.push(LibraryFault::Unknown { holder: holder.clone(), what, id: excerpt(id) });
        }
    }
}
