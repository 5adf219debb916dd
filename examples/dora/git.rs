//! Delivery events of a git repository, from three git commands.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use devops_core::{EventId, ServiceId, Timestamp, excerpt};
use devops_metrics::event::{
    CauseClass, CausedBy, Change, Deployment, DeploymentKind, Event, Incident, Outcome,
};

use crate::args::Deployments;
use crate::release::{Release, Releases};

/// A patch release so soon after the release before it is taken for a fix of that one.
const HOTFIX_WITHIN: i64 = 7 * 86_400;

pub(crate) struct Commit {
    pub(crate) hash: String,
    pub(crate) parents: Vec<String>,
    /// Seconds since 1970; `None` where neither time can be.
    pub(crate) times: Option<Times>,
    pub(crate) author: String,
    pub(crate) subject: String,
}

#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub(crate) authored: i64,
    pub(crate) committed: i64,
}

impl Commit {
    pub(crate) fn committed(&self) -> Option<i64> {
        self.times.map(|times| times.committed)
    }
}

/// What the git commands said.
#[derive(Default)]
pub(crate) struct Lines {
    pub(crate) commits: Vec<Commit>,
    /// Name, time and commit of each tag.
    pub(crate) tags: Vec<(String, i64, String)>,
    /// The commit of the main branch.
    pub(crate) head: Option<String>,
    /// Commits of which one time cannot be.
    half_timed: Vec<String>,
    /// Tags whose time cannot be.
    untimed_tags: Vec<String>,
}

impl Lines {
    fn read(text: &[u8]) -> Result<Self> {
        let text = String::from_utf8_lossy(text);
        let mut lines = Self::default();
        for (index, line) in text.lines().enumerate() {
            let fields: Vec<&str> = line.splitn(7, '\t').collect();
            let at = || format!("line {}", index + 1);
            match fields.as_slice() {
                ["commit", hash, parents, authored, committed, author, subject] => {
                    let authored = possible(authored).with_context(at)?;
                    let committed = possible(committed).with_context(at)?;
                    if authored.is_some() != committed.is_some() {
                        lines.half_timed.push((*hash).into());
                    }
                    // One time that can be is near the other.
                    let both = authored.or(committed).zip(committed.or(authored));
                    lines.commits.push(Commit {
                        hash: (*hash).into(),
                        parents: parents.split(' ').filter(|p| !p.is_empty()).map(String::from).collect(),
                        times: both.map(|(authored, committed)| Times { authored, committed }),
                        author: (*author).into(),
                        subject: (*subject).into(),
                    });
                }
                ["tag", name, time, object, peeled] => {
                    let commit = if peeled.is_empty() { *object } else { *peeled };
                    // A tag of something that is no commit has no time.
                    match possible(time).with_context(at)? {
                        Some(time) => lines.tags.push(((*name).into(), time, commit.into())),
                        None if time.is_empty() => {}
                        None => lines.untimed_tags.push((*name).into()),
                    }
                }
                ["head", hash] => lines.head = Some((*hash).into()),
                _ if line.is_empty() => {}
                _ => bail!("{}: neither a tag nor a commit in the form that --help shows", at()),
            }
        }
        Ok(lines)
    }
}

/// Seconds since 1970; `None` of a time that git does not tell, as its line is damaged, and of one outside all years.
fn possible(text: &str) -> Result<Option<i64>> {
    if text.is_empty() {
        return Ok(None);
    }
    let seconds: i64 = text.parse().with_context(|| format!("`{}` is no time", excerpt(text)))?;
    Ok(time(seconds).is_ok().then_some(seconds))
}

/// What a repository's history comes to.
pub(crate) struct Told {
    pub(crate) events: Vec<Event>,
    /// What is taken for a deployment.
    pub(crate) basis: String,
    pub(crate) note: &'static str,
    /// What cannot be right, and the commits of which that is so.
    pub(crate) oddities: [(&'static str, Vec<String>); 3],
}

/// All events, from lines that begin with `head`, `tag` and `commit`.
pub(crate) fn told(text: &[u8], which: Deployments) -> Result<Told> {
    let lines = Lines::read(text)?;
    let places: BTreeMap<&str, usize> =
        lines.commits.iter().enumerate().map(|(i, c)| (c.hash.as_str(), i)).collect();
    let releases = Releases::of(&lines, &places, which)?;
    let history = History { commits: &lines.commits, places: &places, releases: &releases.all };
    let events = history.events()?;
    let untimed = lines.commits.iter().filter(|commit| commit.times.is_none());
    let oddities = [
        ("commits of which one time cannot be; the other stands for both", lines.half_timed.clone()),
        ("commits without a time that can be, left out", untimed.map(|commit| commit.hash.clone()).collect()),
        ("tags without a time that can be, left out", lines.untimed_tags.clone()),
    ];
    Ok(Told { events, basis: releases.basis, note: releases.note, oddities })
}

struct History<'a> {
    commits: &'a [Commit],
    places: &'a BTreeMap<&'a str, usize>,
    releases: &'a [Release],
}

impl History<'_> {
    fn events(&self) -> Result<Vec<Event>> {
        // The releases that first carry each commit, one a service and stage.
        let mut carriers: Vec<Vec<usize>> = vec![Vec::new(); self.commits.len()];
        let mut lines: BTreeMap<(&str, bool), Vec<usize>> = BTreeMap::new();
        for (index, release) in self.releases.iter().enumerate() {
            lines.entry((&release.service, release.prerelease)).or_default().push(index);
        }
        for line in lines.values() {
            self.carry(line, &mut carriers);
        }
        let mut events = Vec::new();
        let mut last: BTreeMap<&str, &Release> = BTreeMap::new();
        for release in self.releases {
            let before = last.get(release.service.as_str()).copied();
            let fixed = before.filter(|b| !release.prerelease && is_fix(b, release));
            events.push(Event::Deployment(self.deployment(release, fixed)?));
            if let Some(broken) = fixed {
                events.push(Event::Incident(self.hotfix(broken, release)?));
            }
            if !release.prerelease {
                last.insert(&release.service, release);
            }
        }
        for (index, commit) in self.commits.iter().enumerate() {
            let carriers = carriers.get(index).filter(|all| !all.is_empty());
            if let Some((carriers, times)) = carriers.zip(commit.times) {
                events.push(Event::Change(self.change(index, commit, times, carriers)?));
            }
        }
        events.extend(self.reverts(&carriers)?);
        Ok(events)
    }

    /// Gives each commit to the first release of a line that contains it.
    fn carry(&self, line: &[usize], carriers: &mut [Vec<usize>]) {
        let mut seen = vec![false; self.commits.len()];
        for index in line {
            let mut open: Vec<usize> = vec![self.releases[*index].commit];
            while let Some(place) = open.pop() {
                if std::mem::replace(&mut seen[place], true) {
                    continue;
                }
                carriers[place].push(*index);
                open.extend(self.commits[place].parents.iter().filter_map(|p| self.places.get(p.as_str())));
            }
        }
    }

    fn deployment(&self, release: &Release, fixes: Option<&Release>) -> Result<Deployment> {
        let service = ServiceId::new(&release.service)?;
        let mut event = Deployment::new(id(release)?, service, time(release.time)?, Outcome::Succeeded)
            .with_environment(if release.prerelease { "prerelease" } else { "production" }.parse()?)
            .with_commit(EventId::new(&self.commits[release.commit].hash)?);
        if let Some(fixed) = fixes {
            event = event.with_kind(DeploymentKind::Hotfix).with_replaces(id(fixed)?);
        }
        Ok(event)
    }

    /// Somebody knew of the failure when the first commit of its fix was made.
    fn hotfix(&self, broken: &Release, fix: &Release) -> Result<Incident> {
        let made = self.commits[fix.commit].committed().unwrap_or(fix.time).clamp(broken.time, fix.time);
        let name = EventId::new(&format!("{}:fixed-by:{}", broken.name, fix.name))?;
        Ok(incident(name, broken, made)?.with_resolved_at(time(fix.time)?))
    }

    fn change(&self, place: usize, commit: &Commit, times: Times, carriers: &[usize]) -> Result<Change> {
        let mut services: Vec<&str> = carriers.iter().map(|i| self.releases[*i].service.as_str()).collect();
        services.sort_unstable();
        services.dedup();
        let services: Vec<ServiceId> = services.into_iter().map(ServiceId::new).collect::<Result<_, _>>()?;
        let deployments: Vec<EventId> =
            carriers.iter().map(|i| id(&self.releases[*i])).collect::<Result<_>>()?;
        let change = Change::new(EventId::new(&commit.hash)?, services);
        let with_itself = carriers.iter().map(|i| &self.releases[*i]).any(|r| r.direct && r.commit == place);
        let change = match (with_itself, times.authored < times.committed) {
            (false, _) => {
                change.with_authored_at(time(times.authored)?).with_committed_at(time(times.committed)?)
            }
            (true, true) => change.with_authored_at(time(times.authored)?),
            // The time at which it reached the main branch is all that is known.
            (true, false) => change.with_merged_at(time(times.committed)?),
        };
        Ok(change
            .with_deployments(deployments)
            .with_merge(commit.parents.len() > 1)
            .with_bot(commit.author.contains("[bot]")))
    }

    /// Commits that revert one which had been released.
    fn reverts(&self, carriers: &[Vec<usize>]) -> Result<Vec<Event>> {
        let mut order: Vec<usize> = (0..self.commits.len()).collect();
        order.sort_by_key(|i| (self.commits[*i].committed(), *i));
        let mut by_subject: BTreeMap<&str, usize> = BTreeMap::new();
        let production =
            |place: usize| carriers[place].iter().map(|i| &self.releases[*i]).find(|r| !r.prerelease);
        let mut found = Vec::new();
        for place in order {
            let commit = &self.commits[place];
            let reverted = commit.subject.strip_prefix("Revert \"").and_then(|rest| rest.rsplit_once('"'));
            let reverted = reverted.and_then(|(subject, _)| by_subject.get(subject));
            let broken = reverted.and_then(|place| production(*place)).zip(commit.committed());
            if let Some((broken, opened)) = broken.filter(|(broken, opened)| broken.time < *opened) {
                let name = EventId::new(&format!("{}:reverted-by:{}", broken.name, commit.hash))?;
                let mut event = incident(name, broken, opened)?;
                if let Some(fix) = production(place) {
                    event = event.with_resolved_at(time(fix.time.max(opened))?);
                }
                found.push(Event::Incident(event));
            }
            by_subject.insert(&commit.subject, place);
        }
        Ok(found)
    }
}

fn incident(name: EventId, broken: &Release, opened: i64) -> Result<Incident> {
    Ok(Incident::new(name, [ServiceId::new(&broken.service)?], time(opened)?)
        .with_caused_by(CausedBy::Deployment(id(broken)?))
        .with_cause(CauseClass::Change))
}

fn is_fix(before: &Release, release: &Release) -> bool {
    let patch = release.version[..2] == before.version[..2] && release.version[2] > before.version[2];
    patch && release.time - before.time <= HOTFIX_WITHIN
}

fn id(release: &Release) -> Result<EventId> {
    Ok(EventId::new(&release.name)?)
}

fn time(seconds: i64) -> Result<Timestamp> {
    Ok(Timestamp::from_millis(seconds.saturating_mul(1000))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> String {
        // c1 - c2 (v1.0.0) - c3 (v1.0.1, three days later) - c4 reverts c1 - c5 (v1.1.0)
        let commit = |n: u32, parent: &str, day: i64, subject: &str| {
            format!("commit\tc{n}\t{parent}\t{}\t{}\tAnn\t{subject}\n", day * 86_400, day * 86_400)
        };
        let tag = |name: &str, day: i64, at: &str| format!("tag\t{name}\t{}\tx{at}\t{at}\n", day * 86_400);
        [
            tag("v1.1.0", 60, "c5"),
            tag("v1.0.0", 20, "c2"),
            tag("v1.0.1", 23, "c3"),
            tag("latest", 23, "c3"),
            commit(5, "c4", 55, "more"),
            commit(4, "c3", 50, "Revert \"add cache\""),
            commit(3, "c2", 22, "fix"),
            commit(2, "c1", 15, "docs"),
            commit(1, "", 10, "add cache"),
        ]
        .concat()
    }

    #[test]
    fn commits_go_to_the_first_release_that_contains_them() {
        let events = told(lines().as_bytes(), Deployments::Auto).unwrap().events;
        let carriers: Vec<(String, String)> = events
            .iter()
            .filter_map(|e| match e {
                Event::Change(c) => Some((c.id.to_string(), c.deployments[0].to_string())),
                _ => None,
            })
            .collect();
        let expected =
            [("c5", "v1.1.0"), ("c4", "v1.1.0"), ("c3", "v1.0.1"), ("c2", "v1.0.0"), ("c1", "v1.0.0")];
        assert_eq!(carriers, expected.map(|(c, d)| (c.to_string(), d.to_string())));
        let incidents: Vec<String> = events
            .iter()
            .filter_map(|e| match e {
                Event::Incident(i) => Some(format!("{} {} {}", i.id, i.opened_at, i.resolved_at.unwrap())),
                _ => None,
            })
            .collect();
        assert_eq!(
            incidents,
            [
                "v1.0.0:fixed-by:v1.0.1 1970-01-23T00:00:00Z 1970-01-24T00:00:00Z",
                "v1.0.0:reverted-by:c4 1970-02-20T00:00:00Z 1970-03-02T00:00:00Z",
            ]
        );
    }

    #[test]
    fn without_tags_what_reaches_the_main_branch_is_deployed() {
        // c1 - c2 -- c5 (merge) - c6 reverts c4's subject; c3 - c4 beside; c9 on another branch, newer.
        let commit = |n: u32, parents: &str, day: i64, subject: &str| {
            format!("commit\tc{n}\t{parents}\t{0}\t{0}\tAnn\t{subject}\n", day * 86_400)
        };
        let commits = [
            commit(9, "c1", 30, "an experiment"),
            commit(6, "c5", 20, "Revert \"add cache\""),
            commit(5, "c2 c4", 15, "Merge cache"),
            commit(4, "c3", 12, "add cache"),
            commit(3, "c2", 11, "prepare"),
            commit(2, "c1", 10, "docs"),
            commit(1, "", 9, "start"),
        ]
        .concat();
        let with_head = format!("head\tc6\n{commits}");
        let read = told(with_head.as_bytes(), Deployments::Auto).unwrap();
        assert_eq!(
            read.basis,
            "There is no release tag; a deployment is each commit on the first-parent line of the main branch, at its own \
             time: 1 merge, and 3 commits made there directly. These count from when they were written; where git tells \
             but one time, their lead time is not known."
        );
        let carried: Vec<(String, String)> = read
            .events
            .iter()
            .filter_map(|e| match e {
                Event::Change(c) => Some((c.id.to_string(), c.deployments[0].to_string())),
                _ => None,
            })
            .collect();
        let expected = [("c6", "c6"), ("c5", "c5"), ("c4", "c5"), ("c3", "c5"), ("c2", "c2"), ("c1", "c1")];
        assert_eq!(carried, expected.map(|(c, d)| (c.to_string(), format!("main@{d}"))));
        let known: Vec<bool> = read
            .events
            .iter()
            .filter_map(|e| match e {
                Event::Change(c) => Some(c.committed_at.is_some()),
                _ => None,
            })
            .collect();
        assert_eq!(known, [false, true, true, true, false, false]);
        let incident = read.events.iter().find_map(|e| match e {
            Event::Incident(i) => Some(i.id.to_string()),
            _ => None,
        });
        assert_eq!(incident.as_deref(), Some("main@c5:reverted-by:c6"));
        // Without the line of the main branch the newest one is taken, and said to be.
        let guessed = told(commits.as_bytes(), Deployments::Merges).unwrap();
        assert!(
            guessed
                .basis
                .starts_with("A deployment is each commit on the first-parent line of the newest branch")
        );
        assert_eq!(guessed.events.iter().filter(|e| matches!(e, Event::Deployment(_))).count(), 2);
        // Tags go first, unless what reaches the main branch is asked for.
        let tagged = format!("{with_head}tag\tv1.0.0\t1000000\tc2\t\n");
        let count = |which| {
            let read = told(tagged.as_bytes(), which).unwrap();
            read.events.iter().filter(|e| matches!(e, Event::Deployment(_))).count()
        };
        assert_eq!([Deployments::Auto, Deployments::Tags, Deployments::Merges].map(count), [1, 1, 4]);
    }

    #[test]
    fn times_that_cannot_be_are_told_and_refuse_nothing() {
        // Of c2 the committer's line is damaged; c3 was made after the year 9999, by both clocks.
        let commits = "head\tc4\ncommit\tc4\tc3\t345600\t345600\tAnn\tmore\n\
            commit\tc3\tc2\t999999999999\t999999999999\tAnn\tlate\n\
            commit\tc2\tc1\t172800\t\tAnn\tdamaged\ncommit\tc1\t\t86400\t86400\tAnn\tstart\n";
        let tag = "tag\tv1.0.0\t999999999999\tc1\t\ntag\ttree\t\tx\t\n";
        let read = told(format!("{commits}{tag}").as_bytes(), Deployments::Auto).unwrap();
        let names = read.oddities.map(|(_, names)| names.join(" "));
        assert_eq!(names, ["c2", "c3", "v1.0.0"]);
        let events: Vec<String> = read.events.iter().map(Event::to_json).collect();
        let deployed = |event: &&String| event.contains("\"type\":\"deployment\"");
        assert_eq!(events.iter().filter(deployed).count(), 3);
        assert!(events[1].contains("\"finished_at\":\"1970-01-03T00:00:00Z\""), "{}", events[1]);
        assert!(!events.iter().any(|event| event.contains("\"id\":\"c3\"")));
        let nothing = told(b"commit\tc1\t\t\t\tAnn\ts", Deployments::Auto).unwrap();
        assert_eq!(nothing.events.len(), 0);
    }

    #[test]
    fn other_input_is_refused_with_its_line() {
        let refused = |text: &str, which| format!("{:#}", told(text.as_bytes(), which).err().unwrap());
        let auto = Deployments::Auto;
        assert_eq!(
            refused("hello", auto),
            "line 1: neither a tag nor a commit in the form that --help shows"
        );
        assert_eq!(refused("", auto), "there is no commit among 0 tags");
        assert!(refused("commit\tc1\t\tx\t1\tAnn\ts", auto).starts_with("line 1: `x` is no time: "));
        assert_eq!(
            refused("head\tc2\ncommit\tc1\t\t1\t1\tAnn\ts", auto),
            "the head of the main branch, `c2`, is not among the 1 commits"
        );
        assert_eq!(
            refused("commit\tc1\t\t1\t1\tAnn\ts\n", Deployments::Tags),
            "no tag such as `v1.2.3` among 0 tags and 1 commits; `--deployments merges` takes what reaches the main branch"
        );
        let circle = told(b"commit\ta\tb\t1\t1\tAnn\ts\ncommit\tb\ta\t1\t1\tAnn\ts\nhead\ta\n", auto);
        assert_eq!(circle.unwrap().events.len(), 4);
    }
}
