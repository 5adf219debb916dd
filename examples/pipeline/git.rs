//! What git knows of the last commit.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use devops_core::{ChangeSet, CommitInfo, RepoPath, Side};

/// The last commit of the repository in the current directory, against its first parent, with whole files.
pub(crate) fn last_commit() -> Result<ChangeSet> {
    let diff = git(&[
        "show",
        "--format=",
        "--first-parent",
        "-m",
        "--find-renames",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        "HEAD",
    ])?;
    let change = ChangeSet::from_diff(&diff).context("failed to read what `git show` wrote")?;
    let contents = contents(&change)?;
    let change = change.with_contents(|path, side| contents.get(&(path.clone(), side == Side::New)).cloned());
    Ok(change.with_commit(commit_info()?))
}

/// The branch that is checked out; empty where none is.
pub(crate) fn branch() -> String {
    git(&["rev-parse", "--abbrev-ref", "HEAD"]).map(|b| line(&b)).unwrap_or_default()
}

/// The name of the directory that holds the repository.
pub(crate) fn repository() -> String {
    let top = git(&["rev-parse", "--show-toplevel"]).map(|b| line(&b)).unwrap_or_default();
    top.rsplit('/').next().unwrap_or_default().to_owned()
}

fn commit_info() -> Result<CommitInfo> {
    let shown = git(&["show", "-s", "--format=%H%x00%an%x00%aI%x00%B", "HEAD"])?;
    let shown = String::from_utf8_lossy(&shown).into_owned();
    let mut parts = shown.splitn(4, '\0');
    let mut next = || parts.next().unwrap_or_default().trim().to_owned();
    let info = CommitInfo::new(next()).with_author(next());
    let at = next();
    let info = info.with_message(next());
    Ok(match at.parse() {
        Ok(at) => info.with_authored_at(at),
        Err(_) => info,
    })
}

/// Contents by path and whether they are those behind the commit.
type Contents = BTreeMap<(RepoPath, bool), Arc<[u8]>>;

/// Asks one `git cat-file --batch` for every file of the change, before and behind it.
fn contents(change: &ChangeSet) -> Result<Contents> {
    let mut wanted = Vec::new();
    for file in change.files().iter().filter(|f| !f.is_submodule() && !f.is_binary()) {
        wanted.extend(file.old_path().map(|p| (p.clone(), false)));
        wanted.extend(file.new_path().map(|p| (p.clone(), true)));
    }
    wanted.retain(|(path, _)| !path.as_bytes().contains(&b'\n'));
    let mut asked = Vec::new();
    for (path, new) in &wanted {
        asked.extend_from_slice(if *new { b"HEAD:" } else { b"HEAD^:" });
        asked.extend_from_slice(path.as_bytes());
        asked.push(b'\n');
    }
    let mut child = Command::new("git")
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("failed to start git")?;
    let mut stdin = child.stdin.take().context("git has no standard input")?;
    let writer = std::thread::spawn(move || stdin.write_all(&asked));
    let output = child.wait_with_output().context("failed to run git cat-file")?;
    let _ = writer.join();
    Ok(read_batch(wanted, &output.stdout))
}

/// Reads the answers of `git cat-file --batch`, which come in the order of the questions.
fn read_batch(wanted: Vec<(RepoPath, bool)>, mut answers: &[u8]) -> Contents {
    let mut contents = Contents::new();
    for key in wanted {
        let Some(end) = answers.iter().position(|b| *b == b'\n') else { break };
        let head = String::from_utf8_lossy(&answers[..end]).into_owned();
        answers = &answers[end + 1..];
        if head.ends_with(" missing") {
            continue;
        }
        let Some(size) = head.rsplit(' ').next().and_then(|s| s.parse::<usize>().ok()) else { break };
        let Some(blob) = answers.get(..size) else { break };
        contents.insert(key, Arc::from(blob));
        answers = answers.get(size + 1..).unwrap_or_default();
    }
    contents
}

fn git(arguments: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new("git").args(arguments).output().context("failed to start git")?;
    if !output.status.success() {
        bail!("git {}: {}", arguments.first().unwrap_or(&""), line(&output.stderr));
    }
    Ok(output.stdout)
}

fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
