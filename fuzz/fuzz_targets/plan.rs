//! Documents of plans as JSON: projects, choices, requests, libraries. The first byte tells which.
#![no_main]

use devops_maturity::initiative::{Library, LibrarySpec, five_dimensions};
use devops_maturity::roadmap::{PlanInput, Roadmap, RoadmapRequest, Target, compare, plan, track};
use devops_maturity::schedule::{Project, ProjectSpec, ScheduleOptions, schedule, violations};
use devops_maturity::selection::{SelectionSpec, select};
use devops_maturity::uncertainty::{SimulationOptions, simulate};
use devops_maturity::{Answers, assess, models};
use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

fn scheduled(spec: ProjectSpec) {
    let Ok(project) = Project::build(spec) else { return };
    if project.len() > 60 {
        return;
    }
    let found = schedule(&project, &ScheduleOptions::new().with_samples(2));
    assert_eq!(violations(&project, &found.activities), []);
    assert!(found.bounds.best <= found.makespan);
    let simulated = simulate(&project, &found, &SimulationOptions::new().with_runs(100)).unwrap();
    assert!(simulated.p50.value <= simulated.p95.value);
}

fn chosen(spec: &SelectionSpec) {
    if spec.candidates.len() > 20 {
        return;
    }
    if let Ok(found) = select(spec) {
        assert!(spec.budget.is_none_or(|budget| found.effort <= budget + 1e-6));
    }
}

fn planned(library: &Library, request: &RoadmapRequest) {
    let model = models::five_dimensions();
    let assessment = assess(&model, &Answers::new(&model, "team"), request.start).unwrap();
    let Ok(found) = plan(&PlanInput::new(&model, &assessment, library), request) else { return };
    let _ = (found.to_markdown(), found.to_mermaid(), found.to_string());
    assert!(compare(&found, &found).is_empty());
    assert!(track(&found, &assessment).is_ok());
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Roadmap>(&json).unwrap(), found);
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    match kind {
        b'p' => {
            if let Some(spec) = read(bytes) {
                scheduled(spec);
            }
        }
        b's' => {
            if let Some(spec) = read(bytes) {
                chosen(&spec);
            }
        }
        b'r' => {
            // Time is asked for by the numbers of samples and runs.
            let request = read::<RoadmapRequest>(bytes);
            if let Some(request) = request.filter(|r| r.schedule.samples <= 5 && r.simulation.runs <= 200) {
                planned(&five_dimensions(), &request);
            }
        }
        _ => {
            let Some(Ok(library)) = read::<LibrarySpec>(bytes).map(Library::build) else { return };
            let people = library.roles().to_vec();
            let start = "2026-11-25T00:00:00Z".parse().unwrap();
            let mut request = RoadmapRequest::new(Target::new().with_overall(1.0), start);
            request.schedule = request.schedule.with_samples(2);
            request.simulation = request.simulation.with_runs(100);
            let request = people.into_iter().fold(request, |r, role| r.with_people(role.id, 3.0));
            planned(&library, &request);
        }
    }
});
