//! What is deployed in a git repository: release tags, or what reaches the main branch.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use devops_core::excerpt;

use crate::args::Deployments;
use crate::git::{Commit, Lines};
use crate::look::counted;

/// A deployment of some service, of the commit at a place.
pub(crate) struct Release {
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) time: i64,
    pub(crate) commit: usize,
    pub(crate) version: [u64; 3],
    pub(crate) prerelease: bool,
    /// The commit was made on the main branch itself, so that it was deployed with itself.
    pub(crate) direct: bool,
}

/// Deployments in order, and what they are taken from.
pub(crate) struct Releases {
    pub(crate) all: Vec<Release>,
    pub(crate) basis: String,
    pub(crate) note: &'static str,
}

/// What to know about deployments that are tags.
pub(crate) const OF_TAGS: &str = "Releases are tags and failures are guessed from git: a patch release within seven days, or a commit \
     that reverts a released one; commits that no release contains are not told. They show what the program does; they do not judge the project.";
const OF_MAIN_LINE: &str = "Failures are guessed from git: a commit that reverts one of an earlier deployment. They show what \
     the program does; they do not judge the project.";

impl Releases {
    /// The deployments of a repository, as asked for.
    pub(crate) fn of(lines: &Lines, places: &BTreeMap<&str, usize>, which: Deployments) -> Result<Self> {
        let tagged = match which {
            Deployments::Merges => Vec::new(),
            Deployments::Tags | Deployments::Auto => tagged(lines, places),
        };
        match (which, tagged.len()) {
            (Deployments::Tags, 0) => bail!(
                "no tag such as `v1.2.3` among {} tags and {} commits; `--deployments merges` takes what reaches the main branch",
                lines.tags.len(),
                lines.commits.len()
            ),
            (Deployments::Tags | Deployments::Auto, count) if count > 0 => {
                let tags = counted(count, "release tag");
                let basis = format!("A deployment is a release, at the time of its tag: {tags}.");
                return Ok(Self { all: tagged, basis, note: OF_TAGS });
            }
            _ => {}
        }
        let count = lines.commits.len();
        if count == 0 {
            bail!("there is no commit among {} tags", lines.tags.len());
        }
        if let Some(head) = lines.head.as_deref().filter(|head| !places.contains_key(head)) {
            bail!("the head of the main branch, `{}`, is not among the {count} commits", excerpt(head));
        }
        let line = main_line(lines, places);
        let all: Vec<Release> =
            line.into_iter().filter_map(|place| reached(&lines.commits[place], place)).collect();
        let merges = all.iter().filter(|release| !release.direct).count();
        let basis = format!(
            "{} deployment is each commit on the first-parent line of {}, at its own time: {}, and {} made there directly. \
             These count from when they were written; where git tells but one time, their lead time is not known.",
            if which == Deployments::Auto { "There is no release tag; a" } else { "A" },
            if lines.head.is_some() { "the main branch" } else { "the newest branch" },
            counted(merges, "merge"),
            counted(all.len() - merges, "commit"),
        );
        Ok(Self { all, basis, note: OF_MAIN_LINE })
    }
}

fn reached(commit: &Commit, place: usize) -> Option<Release> {
    let short: String = commit.hash.chars().take(12).collect();
    Some(Release {
        service: "repository".into(),
        name: format!("main@{short}"),
        time: commit.committed()?,
        commit: place,
        version: [0; 3],
        prerelease: false,
        direct: commit.parents.len() < 2,
    })
}

/// Release tags of known commits, by time.
fn tagged(lines: &Lines, places: &BTreeMap<&str, usize>) -> Vec<Release> {
    let of = |(tag, time, hash): &(String, i64, String)| {
        let (service, version, prerelease) = version_of(tag)?;
        let commit = *places.get(hash.as_str())?;
        let (name, time, direct) = (tag.clone(), *time, false);
        Some(Release { service, name, time, commit, version, prerelease, direct })
    };
    let mut releases: Vec<Release> = lines.tags.iter().filter_map(of).collect();
    releases.sort_by(|a, b| (a.time, &a.name).cmp(&(b.time, &b.name)));
    releases
}

/// The commits of the main branch by first parents, from the first one on.
fn main_line(lines: &Lines, places: &BTreeMap<&str, usize>) -> Vec<usize> {
    let known = lines.head.as_deref().and_then(|hash| places.get(hash).copied());
    let mut line: Vec<usize> = Vec::new();
    let mut seen = vec![false; lines.commits.len()];
    let mut next = known.or_else(|| newest_tip(lines, places));
    while let Some(place) = next.filter(|place| !std::mem::replace(&mut seen[*place], true)) {
        line.push(place);
        next = lines.commits[place].parents.first().and_then(|hash| places.get(hash.as_str()).copied());
    }
    line.reverse();
    line
}

/// The newest commit that is nobody's parent.
fn newest_tip(lines: &Lines, places: &BTreeMap<&str, usize>) -> Option<usize> {
    let mut is_parent = vec![false; lines.commits.len()];
    for parent in lines.commits.iter().flat_map(|commit| &commit.parents) {
        if let Some(place) = places.get(parent.as_str()) {
            is_parent[*place] = true;
        }
    }
    let tips = (0..lines.commits.len()).filter(|place| !is_parent[*place]);
    tips.max_by_key(|place| (lines.commits[*place].committed(), std::cmp::Reverse(*place)))
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
}
