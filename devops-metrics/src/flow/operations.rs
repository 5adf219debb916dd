//! How services fare: deployments, incidents, uptime, alerts and checks of a window.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use devops_core::{EventId, ServiceId, Timestamp, Unit};

use super::{Availability, FlowError, FlowQuery, Lasting, Share};
use crate::event::{Alert, CauseClass, Check, Deployment, Event, Incident, Outcome, Recovery, Uptime};
use crate::log::DeliveryLog;

const MINUTE: i64 = 60_000;

/// An event of the window that a number leaves out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Excluded {
    /// The event.
    pub event: EventId,
    /// Which number leaves it out, by its metric id.
    pub from: alloc::string::String,
    /// Why.
    pub reason: alloc::string::String,
}

/// How services fared in a window.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Operations {
    /// Deployments that succeeded, of those that succeeded or failed.
    pub deployment_success: Share,
    /// Minutes from start to end of deployments that succeeded.
    pub deployment_duration: Lasting,
    /// Minutes from the opening of incidents to their detection.
    pub time_to_detect: Lasting,
    /// Incidents resolved in the window that ended by themselves, of those of which that is known.
    pub automatic_recovery: Share,
    /// Hours from the opening of incidents to their end, by class of cause; what is open has lasted until the end of
    /// the window.
    pub recovery_by_cause: BTreeMap<CauseClass, Lasting>,
    /// Time up, of the time of which up or down is known.
    pub availability: Availability,
    /// Alarms that were right, of all alarms.
    pub alert_precision: Share,
    /// Alarms that were right, of the moments at which something was wrong.
    pub alert_recall: Share,
    /// Code checks that passed, of those that passed or failed.
    pub check_pass_rate: Share,
    /// What is left out, ordered.
    pub excluded: Vec<Excluded>,
}

#[derive(Default)]
struct Tally {
    deployed: (u64, u64),
    deploying: Vec<(f64, bool)>,
    detecting: Vec<(f64, bool)>,
    automatic: (u64, u64),
    recovering: BTreeMap<CauseClass, Vec<(f64, bool)>>,
    uptime: BTreeMap<ServiceId, Vec<Uptime>>,
    alarms: (u64, u64),
    wrongs: (u64, u64),
    checks: (u64, u64),
    excluded: Vec<Excluded>,
}

impl Operations {
    /// Goes through a log once.
    ///
    /// # Errors
    ///
    /// [`FlowError`].
    pub fn of(log: &DeliveryLog, query: &FlowQuery) -> Result<Self, FlowError> {
        let mut tally = Tally::default();
        for event in log.events() {
            match event {
                Event::Deployment(deployment) => tally.deployment(&deployment, query),
                Event::Incident(incident) => tally.incident(&incident, query),
                Event::Check(check) => tally.check(&check, query),
                Event::Alert(alert) => tally.alert(&alert, query),
                Event::Uptime(uptime) if query.wants(&uptime.service) => {
                    tally.uptime.entry(uptime.service.clone()).or_default().push(uptime);
                }
                _ => {}
            }
        }
        tally.told(query)
    }
}

impl Tally {
    fn exclude(&mut self, event: &EventId, from: &str, reason: &str) {
        self.excluded.push(Excluded { event: event.clone(), from: from.into(), reason: reason.into() });
    }

    fn deployment(&mut self, deployment: &Deployment, query: &FlowQuery) {
        if !query.wants_deployment(deployment) || !query.window().contains(deployment.finished_at) {
            return;
        }
        match deployment.outcome {
            Outcome::Succeeded => count(&mut self.deployed, true),
            Outcome::Failed => count(&mut self.deployed, false),
            Outcome::Cancelled => self.exclude(&deployment.id, "deployment_success_rate", "it was cancelled"),
        }
        if deployment.outcome != Outcome::Succeeded {
            return;
        }
        match deployment.started_at {
            Some(start) if start <= deployment.finished_at => {
                self.deploying.push((units(start, deployment.finished_at, MINUTE), true));
            }
            Some(_) => self.exclude(&deployment.id, "deployment_duration", "it ended before it started"),
            None => self.exclude(&deployment.id, "deployment_duration", "nothing tells when it started"),
        }
    }

    fn incident(&mut self, incident: &Incident, query: &FlowQuery) {
        if !incident.services.iter().any(|service| query.wants(service)) {
            return;
        }
        let window = query.window();
        if incident.resolved_at.is_some_and(|at| window.contains(at)) {
            match incident.recovery {
                Recovery::Automatic => count(&mut self.automatic, true),
                Recovery::Manual => count(&mut self.automatic, false),
                Recovery::Unknown => {
                    self.exclude(&incident.id, "automatic_recovery", "nothing tells how it recovered");
                }
            }
        }
        if !window.contains(incident.opened_at) {
            return;
        }
        match incident.detected_at {
            Some(at) if at >= incident.opened_at => {
                self.detecting.push((units(incident.opened_at, at, MINUTE), true));
            }
            Some(_) => self.exclude(&incident.id, "time_to_detect", "it was detected before it opened"),
            None => self.exclude(&incident.id, "time_to_detect", "nothing tells when it was detected"),
        }
        let over = incident.resolved_at.filter(|at| *at < window.to());
        let end = over.unwrap_or(window.to());
        if end < incident.opened_at {
            self.exclude(&incident.id, "recovery_by_cause", "it was resolved before it opened");
            return;
        }
        let hours = units(incident.opened_at, end, 60 * MINUTE);
        self.recovering.entry(incident.cause).or_default().push((hours, over.is_some()));
    }

    fn check(&mut self, check: &Check, query: &FlowQuery) {
        if !query.wants(&check.service) || !query.window().contains(check.finished_at) {
            return;
        }
        match check.outcome {
            Outcome::Succeeded => count(&mut self.checks, true),
            Outcome::Failed => count(&mut self.checks, false),
            Outcome::Cancelled => self.exclude(&check.id, "check_pass_rate", "it was cancelled"),
        }
    }

    fn alert(&mut self, alert: &Alert, query: &FlowQuery) {
        if !query.wants(&alert.service) || !query.window().contains(alert.at) {
            return;
        }
        let Some(actual) = alert.actual else {
            self.exclude(&alert.id, "alert_precision", "nobody has told whether something was wrong");
            return;
        };
        if alert.predicted {
            count(&mut self.alarms, actual);
        }
        if actual {
            count(&mut self.wrongs, alert.predicted);
        }
    }

    fn told(mut self, query: &FlowQuery) -> Result<Operations, FlowError> {
        let level = query.confidence();
        let share = |(part, whole)| Share::new(part, whole, level);
        let availability =
            self.uptime.values().map(|stretches| Availability::of_service(stretches, query.window()));
        let by_cause = self.recovering.iter();
        let by_cause = by_cause.map(|(cause, all)| Ok((*cause, Lasting::new(all, Unit::Hours, level)?)));
        self.excluded.sort_unstable();
        Ok(Operations {
            deployment_success: share(self.deployed)?,
            deployment_duration: Lasting::new(&self.deploying, Unit::Minutes, level)?,
            time_to_detect: Lasting::new(&self.detecting, Unit::Minutes, level)?,
            automatic_recovery: share(self.automatic)?,
            recovery_by_cause: by_cause.collect::<Result<_, FlowError>>()?,
            availability: availability.fold(Availability::default(), Availability::and),
            alert_precision: share(self.alarms)?,
            alert_recall: share(self.wrongs)?,
            check_pass_rate: share(self.checks)?,
            excluded: self.excluded,
        })
    }
}

fn count((part, whole): &mut (u64, u64), counts: bool) {
    *part = part.saturating_add(u64::from(counts));
    *whole = whole.saturating_add(1);
}

/// The time between, in units of so many milliseconds.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of ten thousand years are below 2^53")]
fn units(from: Timestamp, to: Timestamp, unit: i64) -> f64 {
    to.millis_since(from) as f64 / unit as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Window;
    use crate::event::Tier;
    use alloc::format;
    use alloc::string::{String, ToString};

    fn march() -> FlowQuery {
        let at = |text: &str| text.parse().unwrap();
        FlowQuery::new(Window::new(at("2026-03-01T00:00:00Z"), at("2026-04-01T00:00:00Z")).unwrap())
    }

    fn log(lines: &[String]) -> DeliveryLog {
        let mut log = DeliveryLog::new();
        for line in lines {
            log.read_json_lines(line.as_bytes()).unwrap();
        }
        log
    }

    fn deployment(id: &str, day: u32, outcome: &str, more: &str) -> String {
        format!(
            r#"{{"type":"deployment","id":"{id}","service":"api","finished_at":"2026-03-{day:02}T10:15:00Z","outcome":"{outcome}"{more}}}"#
        )
    }

    fn incident(id: &str, opened: &str, more: &str) -> String {
        format!(r#"{{"type":"incident","id":"{id}","service":"api","opened_at":"{opened}"{more}}}"#)
    }

    fn reasons(found: &Operations) -> Vec<String> {
        found.excluded.iter().map(|e| format!("{} {}: {}", e.from, e.event, e.reason)).collect()
    }

    #[test]
    fn deployments_of_the_tier_and_window_count() {
        let start = r#","started_at":"2026-03-02T10:00:00Z""#;
        let events = [
            deployment("d1", 2, "succeeded", start),
            deployment("d2", 3, "succeeded", ""),
            deployment("d3", 4, "failed", start),
            deployment("d4", 5, "cancelled", ""),
            deployment("d5", 6, "succeeded", r#","environment":"staging""#),
            deployment("d6", 1, "succeeded", "").replace("2026-03", "2026-04"),
            deployment("d7", 1, "failed", "").replace("\"api\"", "\"web\""),
        ];
        let found = Operations::of(&log(&events), &march()).unwrap();
        assert_eq!((found.deployment_success.part, found.deployment_success.whole), (2, 4));
        assert_eq!((found.deployment_duration.n, found.deployment_duration.median), (1, Some(15.0)));
        assert_eq!(
            reasons(&found),
            [
                "deployment_duration d2: nothing tells when it started",
                "deployment_success_rate d4: it was cancelled",
            ]
        );
        let api = march().of_services(["api".parse().unwrap()]).with_tiers([Tier::Staging]);
        assert_eq!(Operations::of(&log(&events), &api).unwrap().deployment_success.whole, 1);
    }

    #[test]
    fn incidents_are_detected_and_recover() {
        let events = [
            incident(
                "i1",
                "2026-03-02T10:00:00Z",
                r#","detected_at":"2026-03-02T10:10:00Z","resolved_at":"2026-03-02T12:00:00Z","recovery":"automatic","cause":"change""#,
            ),
            incident("i2", "2026-03-31T20:00:00Z", r#","cause":"change""#),
            incident(
                "i3",
                "2026-03-31T22:00:00Z",
                r#","resolved_at":"2026-04-01T01:00:00Z","recovery":"manual","cause":"external""#,
            ),
            incident("i4", "2026-02-01T00:00:00Z", r#","resolved_at":"2026-03-01T00:00:00Z""#),
        ];
        let found = Operations::of(&log(&events), &march()).unwrap();
        assert_eq!((found.time_to_detect.n, found.time_to_detect.median), (1, Some(10.0)));
        assert_eq!((found.automatic_recovery.part, found.automatic_recovery.whole), (1, 1));
        let change = found.recovery_by_cause[&CauseClass::Change];
        assert_eq!((change.n, change.open, change.median), (2, 1, Some(2.0)));
        // Resolved an hour after the window: at its end it was open, and two hours old.
        let external = found.recovery_by_cause[&CauseClass::External];
        assert_eq!((external.n, external.open, external.median), (1, 1, None));
        assert_eq!(
            reasons(&found),
            [
                "time_to_detect i2: nothing tells when it was detected",
                "time_to_detect i3: nothing tells when it was detected",
                "automatic_recovery i4: nothing tells how it recovered",
            ]
        );
    }

    #[test]
    fn alerts_and_checks_are_counted() {
        let alert = |id: u32, predicted: bool, actual: &str| {
            format!(
                r#"{{"type":"alert","id":"a{id}","service":"api","at":"2026-03-05T00:00:00Z","predicted":{predicted}{actual}}}"#
            )
        };
        let check = |id: u32, outcome: &str| {
            format!(
                r#"{{"type":"check","id":"c{id}","service":"api","finished_at":"2026-03-05T00:00:00Z","outcome":"{outcome}"}}"#
            )
        };
        let events = [
            alert(1, true, ",\"actual\":true"),
            alert(2, true, ",\"actual\":false"),
            alert(3, false, ",\"actual\":true"),
            alert(4, true, ",\"actual\":true"),
            alert(5, true, ""),
            alert(6, false, ",\"actual\":false"),
            check(1, "succeeded"),
            check(2, "failed"),
            check(3, "cancelled"),
        ];
        let found = Operations::of(&log(&events), &march()).unwrap();
        assert_eq!(found.alert_precision.to_string(), "66.7 % (2 of 3)");
        assert_eq!(found.alert_recall.to_string(), "66.7 % (2 of 3)");
        assert_eq!(found.check_pass_rate.to_string(), "50 % (1 of 2)");
        assert_eq!(found.excluded.len(), 2);
        let measures = found.measures(0.95).unwrap();
        assert_eq!(measures.iter().count(), 8);
        let told: Vec<String> = measures.iter().map(ToString::to_string).collect();
        assert!(told.contains(&"check_pass_rate = 50 % (1 of 2)".to_string()), "{told:?}");
        assert!(told.contains(&"availability = missing: no data in the window".to_string()), "{told:?}");
    }

    #[test]
    fn no_events_are_no_numbers() {
        let found = Operations::of(&DeliveryLog::new(), &march()).unwrap();
        assert_eq!(found.deployment_success.percent(), None);
        assert_eq!(found.availability.percent(), None);
        assert_eq!(found.time_to_detect.median, None);
        assert!(found.recovery_by_cause.is_empty());
    }

    #[test]
    fn order_and_repetition_change_nothing() {
        let mut events = [
            deployment("d1", 2, "succeeded", ""),
            deployment("d2", 2, "cancelled", ""),
            incident("i1", "2026-03-02T10:00:00Z", ""),
            incident("i2", "2026-03-03T10:00:00Z", ""),
        ];
        let first = Operations::of(&log(&events), &march()).unwrap();
        events.reverse();
        let twice: Vec<String> = events.iter().chain(&events).cloned().collect();
        let second = Operations::of(&log(&twice), &march()).unwrap();
        assert_eq!(serde_json::to_string(&first).unwrap(), serde_json::to_string(&second).unwrap());
    }
}
