//! Delivery events of a git repository, from two git commands.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use devops_core::{EventId, ServiceId, Timestamp};
use devops_metrics::event::{
    CauseClass, CausedBy, Change, Deployment, DeploymentKind, Event, Incident, Outcome,
};

/// A patch release so soon after the release before it is taken for a fix of that one.
const HOTFIX_WITHIN: i64 = 7 * 86_400;

struct Commit {
    hash: String,
    parents: Vec<String>,
    authored: i64,
    committed: i64,
    author: String,
    subject: String,
}

struct Release {
    service: String,
    tag: String,
    time: i64,
    commit: usize,
    version: [u64; 3],
    prerelease: bool,
}

/// All events, from lines that begin with `tag` and `commit`.
pub(crate) fn events(text: &[u8]) -> Result<Vec<Event>> {
    let text = String::from_utf8_lossy(text);
    let mut commits: Vec<Commit> = Vec::new();
    let mut tags: Vec<(&str, i64, &str)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.splitn(7, '\t').collect();
        let at = || format!("line {}", index + 1);
        match fields.as_slice() {
            ["commit", hash, parents, authored, committed, author, subject] => commits.push(Commit {
                hash: (*hash).into(),
                parents: parents.split(' ').filter(|p| !p.is_empty()).map(String::from).collect(),
                authored: authored.parse().with_context(at)?,
                committed: committed.parse().with_context(at)?,
                author: (*author).into(),
                subject: (*subject).into(),
            }),
            ["tag", name, time, object, peeled] if !time.is_empty() => {
                let commit = if peeled.is_empty() { *object } else { *peeled };
                tags.push((*name, time.parse().with_context(at)?, commit));
            }
            // A tag of something that is no commit has no time.
            ["tag", ..] => {}
            _ if line.is_empty() => {}
            _ => bail!("{}: neither a tag nor a commit in the form that --help shows", at()),
        }
    }
    let places: BTreeMap<&str, usize> =
        commits.iter().enumerate().map(|(i, c)| (c.hash.as_str(), i)).collect();
    let mut releases: Vec<Release> = tags
        .iter()
        .filter_map(|(tag, time, hash)| {
            let (service, version, prerelease) = version_of(tag)?;
            Some(Release {
                service,
                tag: (*tag).into(),
                time: *time,
                commit: *places.get(hash)?,
                version,
                prerelease,
            })
        })
        .collect();
    if releases.is_empty() {
        bail!("no tag such as `v1.2.3` among {} tags and {} commits", tags.len(), commits.len());
    }
    releases.sort_by(|a, b| (a.time, &a.tag).cmp(&(b.time, &b.tag)));
    History { commits: &commits, places: &places, releases: &releases }.events()
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
            if let Some(carriers) = carriers.get(index).filter(|all| !all.is_empty()) {
                events.push(Event::Change(self.change(commit, carriers)?));
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
        let made = self.commits[fix.commit].committed.clamp(broken.time, fix.time);
        let name = EventId::new(&format!("{}:fixed-by:{}", broken.tag, fix.tag))?;
        Ok(incident(name, broken, made)?.with_resolved_at(time(fix.time)?))
    }

    fn change(&self, commit: &Commit, carriers: &[usize]) -> Result<Change> {
        let mut services: Vec<&str> = carriers.iter().map(|i| self.releases[*i].service.as_str()).collect();
        services.sort_unstable();
        services.dedup();
        let services: Vec<ServiceId> = services.into_iter().map(ServiceId::new).collect::<Result<_, _>>()?;
        let deployments: Vec<EventId> =
            carriers.iter().map(|i| id(&self.releases[*i])).collect::<Result<_>>()?;
        Ok(Change::new(EventId::new(&commit.hash)?, services)
            .with_authored_at(time(commit.authored)?)
            .with_committed_at(time(commit.committed)?)
            .with_deployments(deployments)
            .with_merge(commit.parents.len() > 1)
            .with_bot(commit.author.contains("[bot]")))
    }

    /// Commits that revert one which had been released.
    fn reverts(&self, carriers: &[Vec<usize>]) -> Result<Vec<Event>> {
        let mut order: Vec<usize> = (0..self.commits.len()).collect();
        order.sort_by_key(|i| (self.commits[*i].committed, *i));
        let mut by_subject: BTreeMap<&str, usize> = BTreeMap::new();
        let production =
            |place: usize| carriers[place].iter().map(|i| &self.releases[*i]).find(|r| !r.prerelease);
        let mut found = Vec::new();
        for place in order {
            let commit = &self.commits[place];
            let reverted = commit.subject.strip_prefix("Revert \"").and_then(|rest| rest.rsplit_once('"'));
            let reverted = reverted.and_then(|(subject, _)| by_subject.get(subject));
            let broken = reverted.and_then(|place| production(*place)).filter(|r| r.time < commit.committed);
            if let Some(broken) = broken {
                let name = EventId::new(&format!("{}:reverted-by:{}", broken.tag, commit.hash))?;
                let mut event = incident(name, broken, commit.committed)?;
                if let Some(fix) = production(place) {
                    event = event.with_resolved_at(time(fix.time.max(commit.committed))?);
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
    Ok(EventId::new(&release.tag)?)
}

fn time(seconds: i64) -> Result<Timestamp> {
    Ok(Timestamp::from_millis(seconds.saturating_mul(1000))?)
}

/// Service, version and whether it is a pre-release, of `v1.2.3`, `name-1.2.3` or `name@1.2.3-rc.1`.
fn version_of(tag: &str) -> Option<(String, [u64; 3], bool)> {
    let start = tag.char_indices().find(|(at, c)| {
        let before = tag[..*at].chars().next_back();
        c.is_ascii_digit()
            && before
                .is_none_or(|b| !b.is_ascii_alphanumeric() || (b == 'v' && *at == 1) || is_v(&tag[..*at]))
    })?;
    let (name, rest) = tag.split_at(start.0);
    let name = name.strip_suffix(['v', 'V']).unwrap_or(name).trim_end_matches(['-', '@', '/', '_', '.']);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (numbers, tail) = rest.split_at(end);
    let mut parts = numbers.trim_end_matches('.').split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    let patch = parts.next().and_then(|p| p.parse().ok()).unwrap_or(0);
    let service = if name.is_empty() { "repository" } else { name };
    let prerelease = tail.starts_with(['-', '_', '.']) || tail.starts_with(|c: char| c.is_ascii_alphabetic());
    Some((service.to_string(), [major, minor, patch], prerelease))
}

/// Whether a text ends in a `v` that stands alone, as in `name/v`.
fn is_v(text: &str) -> bool {
    let mut back = text.chars().rev();
    matches!(back.next(), Some('v' | 'V')) && back.next().is_none_or(|c| !c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_services_and_versions() {
        for (tag, service, version, prerelease) in [
            ("v1.2.3", "repository", [1, 2, 3], false),
            ("1.2", "repository", [1, 2, 0], false),
            ("cargo-nextest-0.9.100", "cargo-nextest", [0, 9, 100], false),
            ("web/v2.0.0-rc.1", "web", [2, 0, 0], true),
            ("k8s-client@1.0.0", "k8s-client", [1, 0, 0], false),
            ("v2.0.0beta1", "repository", [2, 0, 0], true),
        ] {
            assert_eq!(version_of(tag), Some((service.to_string(), version, prerelease)), "{tag}");
        }
        for tag in ["nightly", "v1", "release", "sha-8023f6f"] {
            assert_eq!(version_of(tag), None, "{tag}");
        }
    }

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
        let events = events(lines().as_bytes()).unwrap();
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
    fn other_input_is_refused_with_its_line() {
        let refused = |text: &str| format!("{:#}", events(text.as_bytes()).unwrap_err());
        assert_eq!(refused("hello"), "line 1: neither a tag nor a commit in the form that --help shows");
        assert_eq!(refused(""), "no tag such as `v1.2.3` among 0 tags and 0 commits");
        assert!(refused("commit\tc1\t\tx\t1\tAnn\ts").starts_with("line 1: "));
    }
}
