//! Diffs made by git, with the facts from git and from the blobs; diffs from other projects' tests.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "tests may panic, read their data and say what they skip"
)]

use devops_core::{ChangeKind, ChangeSet, DiffError, FileChange, FileMode, LineKind, LineRange, RepoPath};
use serde_json::{Value, json};

fn path_value(path: Option<&RepoPath>) -> Value {
    path.map_or(Value::Null, |p| {
        p.as_str().map_or_else(|| json!({ "b64": base64(p.as_bytes()) }), |s| json!(s))
    })
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |n, i| n << 8 | u32::from(*chunk.get(i).unwrap_or(&0)));
        for digit in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * digit) & 63).unwrap();
            out.push(if digit > chunk.len() { '=' } else { char::from(DIGITS[index]) });
        }
    }
    out
}

fn mode_value(mode: Option<FileMode>) -> Value {
    json!(mode.map_or_else(|| "000000".to_owned(), |m| m.to_string()))
}

fn hunks_value(file: &FileChange) -> Vec<Value> {
    let range = |r: LineRange| json!([r.start, r.count]);
    let text = |t: &[u8]| match std::str::from_utf8(t) {
        Ok(text) => json!(text),
        Err(_) => json!({ "b64": base64(t) }),
    };
    let hunk = |h: &devops_core::Hunk| {
        let of = |kind, number: fn(&devops_core::Line<'_>) -> Option<u32>| -> Vec<Value> {
            h.lines().filter(|l| l.kind == kind).map(|l| json!([number(&l).unwrap(), text(l.text)])).collect()
        };
        json!({
            "old": range(h.old_range()),
            "new": range(h.new_range()),
            "added": of(LineKind::Added, |l| l.new_line),
            "removed": of(LineKind::Removed, |l| l.old_line),
        })
    };
    file.hunks().iter().map(hunk).collect()
}

/// Whether the last line of a side that the diff shows ends in a newline; unknown without such a line.
fn eof_newline(file: &FileChange, other: LineKind) -> Option<bool> {
    let last = file.hunks().last()?.lines().filter(|l| l.kind != other).last()?;
    Some(last.has_newline)
}

/// A type change is two sections of one path, which git's status shows as one `T`.
fn facts(change: &ChangeSet) -> Vec<Value> {
    let mut facts: Vec<Value> = Vec::new();
    let mut files = change.files().iter().peekable();
    while let Some(file) = files.next() {
        let second = files.next_if(|next| {
            file.kind() == ChangeKind::Deleted
                && next.kind() == ChangeKind::Added
                && next.path() == file.path()
        });
        let last = second.unwrap_or(file);
        let status = match (second.is_some(), file.kind()) {
            (true, _) => "T",
            (_, ChangeKind::Added) => "A",
            (_, ChangeKind::Deleted) => "D",
            (_, ChangeKind::Renamed) => "R",
            (_, ChangeKind::Copied) => "C",
            _ => "M",
        };
        let mut hunks = hunks_value(file);
        hunks.extend(second.iter().flat_map(|f| hunks_value(f)));
        let lines = |n: fn(&FileChange) -> u64| {
            if file.is_binary() { Value::Null } else { json!(n(file) + second.map_or(0, n)) }
        };
        facts.push(json!({
            "status": status,
            "similarity": file.similarity(),
            "old_mode": mode_value(file.old_mode()),
            "new_mode": mode_value(last.new_mode()),
            "old_path": path_value(file.old_path()),
            "new_path": path_value(last.new_path()),
            "binary": file.is_binary(),
            "added": lines(FileChange::lines_added),
            "removed": lines(FileChange::lines_removed),
            "hunks": hunks,
            "old_eof_newline": eof_newline(file, LineKind::Added),
            "new_eof_newline": eof_newline(last, LineKind::Removed),
        }));
    }
    facts
}

/// What the facts know from the repository and no reader can know from the diff alone.
fn not_in_diff(key: &str, want: &Value, got: &Value, patch: &str) -> bool {
    let moved_whole = patch.contains("similarity index 100%");
    match key {
        // An exact rename or copy has no `index` line, so neither the modes nor the kind of contents.
        "old_mode" | "new_mode" => moved_whole && *got == json!("000000"),
        "binary" | "added" | "removed" => moved_whole && !patch.contains("Binary files"),
        // Only the hunk that reaches the end of the file tells.
        "old_eof_newline" | "new_eof_newline" => got.is_null() || (*got == json!(true) && want.is_null()),
        _ => false,
    }
}

#[test]
fn git_cases() {
    let data: Value = serde_json::from_str(include_str!("../testdata/unidiff_git.json")).unwrap();
    let cases = data["cases"].as_array().unwrap();
    assert!(cases.len() >= 54);
    let mut wrong = Vec::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let patch = case["patch"].as_str().unwrap();
        let change = match ChangeSet::from_diff(patch.as_bytes()) {
            Ok(change) => change,
            Err(error) => {
                wrong.push(format!("{id}: {error}"));
                continue;
            }
        };
        assert_eq!(ChangeSet::from_diff(&change.to_diff()).unwrap(), change, "{id}");
        if case["combined"] == json!(true) {
            check_combined(case, &change);
            continue;
        }
        let facts = facts(&change);
        let expected = case["expect"].as_array().unwrap();
        if facts.len() != expected.len() {
            wrong.push(format!("{id}: {} files", facts.len()));
        }
        for (want, got) in expected.iter().zip(&facts) {
            for (key, value) in want.as_object().unwrap() {
                if got[key] != *value && !not_in_diff(key, value, &got[key], patch) {
                    wrong.push(format!("{id}: {key} is {} instead of {value}", got[key]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check_combined(case: &Value, change: &ChangeSet) {
    let id = &case["id"];
    let paths: Vec<Value> = change.files().iter().map(|f| path_value(f.path())).collect();
    assert_eq!(json!(paths), case["expect_paths"], "{id}");
    let hunks: usize = change.files().iter().map(|f| f.hunks().len()).sum();
    assert_eq!(json!(hunks), case["expect_hunks"], "{id}");
    for hunk in change.files().iter().flat_map(FileChange::hunks) {
        assert_eq!(json!(hunk.old_ranges().len()), case["n_parents"], "{id}");
    }
    assert!(change.files().iter().all(FileChange::is_merge), "{id}");
}

/// What git says of the patch, or what it would not read.
#[test]
fn cases_of_other_projects() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors/unidiff_thirdparty/cases.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {path} is not there, and its diffs may not be copied");
        return;
    };
    let data: Value = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for case in data["cases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let change =
            match (ChangeSet::from_diff(case["patch"].as_str().unwrap().as_bytes()), &case["git_error"]) {
                (Ok(change), _) => change,
                // Git takes line numbers of 64 bits.
                (Err(DiffError::NumberTooLarge { .. }), Value::Null) => continue,
                (Err(error), Value::Null) => {
                    wrong.push(format!("{id}: {error}"));
                    continue;
                }
                (Err(error), git) => {
                    eprintln!("{id}: {error} | {git}");
                    continue;
                }
            };
        assert_eq!(ChangeSet::from_diff(&change.to_diff()).unwrap(), change, "{id}");
        let Some(numstat) = case["git_apply_numstat"].as_array() else {
            eprintln!("{id}: read where git says {}", case["git_error"]);
            continue;
        };
        let got: Vec<Value> = change.files().iter().map(|f| {
            let lines = |n: u64| if f.is_binary() { Value::Null } else { json!(n) };
            json!({ "path": path_value(f.path()), "added": lines(f.lines_added()), "removed": lines(f.lines_removed()) })
        }).collect();
        // Git strips a first directory as told by `-p1`, even where the diff has no prefixes.
        let same = |(got, git): (&Value, &Value)| {
            let (path, stripped) = (got["path"].as_str().unwrap(), git["path"].as_str().unwrap());
            (path == stripped || path.split_once('/').is_some_and(|(_, rest)| rest == stripped))
                && (&got["added"], &got["removed"]) == (&git["added"], &git["removed"])
        };
        if got.len() != numstat.len() || !got.iter().zip(numstat).all(same) {
            wrong.push(format!("{id}: {} instead of {}", json!(got), json!(numstat)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
