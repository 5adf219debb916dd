//! Laws of reading and writing diffs, on made and on damaged ones, and a second opinion.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "tests may panic, run git and say what they skip"
)]

use devops_core::{ChangeSet, FileChange, Hunk, LineKind};
use diffy::patch_set::{ParseOptions, PatchKind, PatchSet};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

fn real_diffs() -> Vec<String> {
    let data: Value = serde_json::from_str(include_str!("../testdata/unidiff_git.json")).unwrap();
    let more: Value = serde_json::from_str(include_str!("../testdata/unidiff_made.json")).unwrap();
    [data, more]
        .iter()
        .flat_map(|d| d["cases"].as_array().unwrap())
        .map(|case| case["patch"].as_str().unwrap().to_owned())
        .collect()
}

/// Every line that the headers claim is there, numbered without gaps, and nothing else is.
fn check_accounts(hunk: &Hunk) {
    let parents = hunk.old_ranges().len();
    let count = |kind: LineKind| u32::try_from(hunk.lines().filter(|l| l.kind == kind).count()).unwrap();
    assert_eq!(count(LineKind::Added), hunk.lines_added());
    assert_eq!(count(LineKind::Removed), hunk.lines_removed());
    assert_eq!(count(LineKind::Added) + count(LineKind::Context), hunk.new_range().count);
    if parents == 1 {
        assert_eq!(count(LineKind::Removed) + count(LineKind::Context), hunk.old_range().count);
        let old: Vec<u32> = hunk.lines().filter_map(|l| l.old_line).collect();
        assert!(old.iter().copied().eq((0..hunk.old_range().count).map(|n| hunk.old_range().start + n)));
    }
    let new: Vec<u32> = hunk.lines().filter_map(|l| l.new_line).collect();
    assert!(new.iter().copied().eq((0..hunk.new_range().count).map(|n| hunk.new_range().start + n)));
    let size: usize = hunk.lines().map(|l| l.text.len()).sum();
    assert!(size <= hunk.body().len());
}

fn check_laws(change: &ChangeSet) {
    change.files().iter().flat_map(FileChange::hunks).for_each(check_accounts);
    assert_eq!(&ChangeSet::from_diff(&change.to_diff()).unwrap(), change);
    assert_eq!(
        change.lines_added(),
        change.files().iter().map(|f| f.added_lines().count() as u64).sum::<u64>()
    );
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[a-c]{1,3}(/[a-c ]{1,3}){0,2}".prop_map(String::into_bytes),
        "(a/|b/| b/|x b/|dev/null|\"|\\\\|\t|\r|é| and ){1,3}q".prop_map(String::into_bytes),
        vec(1u8.., 1..12),
    ]
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[a-d ]{0,6}".prop_map(String::into_bytes),
        prop_oneof![
            Just("-- a/x"),
            Just("++ b/x"),
            Just("-- "),
            Just("--"),
            Just("@@ -1 +1 @@"),
            Just("diff --git a/x b/x"),
            Just("\\ No newline at end of file"),
            Just("GIT binary patch"),
            Just("x\r"),
            Just("\r"),
            Just("\u{feff}"),
        ]
        .prop_map(|s| s.as_bytes().to_vec()),
        vec(any::<u8>().prop_filter("one line", |b| *b != b'\n'), 0..9),
    ]
}

/// The lines of a file, and a hunk from one to another without any of them in common.
#[derive(Debug, Clone)]
struct Made {
    old: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
    removed: Vec<Vec<u8>>,
    context: Vec<Vec<u8>>,
    added: Vec<Vec<u8>>,
    open_end: bool,
    binary: bool,
    mode: bool,
}

fn made() -> impl Strategy<Value = Made> {
    let lines = || vec(text(), 0..4);
    (path(), path(), 0..5, lines(), lines(), lines(), any::<bool>(), 0..6, any::<bool>()).prop_map(
        |(one, other, kind, removed, context, added, open_end, binary, mode)| {
            let (old, new) = match kind {
                0 => (None, Some(one)),
                1 => (Some(one), None),
                2 => (Some(one), Some(other)),
                _ => (Some(one.clone()), Some(one)),
            };
            let context = if old.is_none() || new.is_none() { Vec::new() } else { context };
            let removed = if old.is_none() { Vec::new() } else { removed };
            let added = if new.is_none() { Vec::new() } else { added };
            Made { old, new, removed, context, added, open_end, binary: binary == 0, mode }
        },
    )
}

/// A path in quotes always, which git reads like one without.
fn quoted(prefix: &str, path: &[u8]) -> String {
    let octal: String = path.iter().map(|b| format!("\\{b:03o}")).collect();
    format!("\"{prefix}{octal}\"")
}

fn write(out: &mut Vec<u8>, made: &Made) {
    let side = |prefix: &str, path: &Option<Vec<u8>>| {
        path.as_ref().map_or_else(|| "/dev/null".to_owned(), |p| quoted(prefix, p))
    };
    let (old, new) =
        (made.old.as_ref().or(made.new.as_ref()).unwrap(), made.new.as_ref().or(made.old.as_ref()).unwrap());
    out.extend(format!("diff --git {} {}\n", quoted("a/", old), quoted("b/", new)).bytes());
    match (&made.old, &made.new) {
        (None, _) => out.extend(b"new file mode 100644\n"),
        (_, None) => out.extend(b"deleted file mode 100755\n"),
        _ if old != new => {
            out.extend(
                format!(
                    "similarity index 51%\nrename from {}\nrename to {}\n",
                    quoted("", old),
                    quoted("", new)
                )
                .bytes(),
            );
        }
        _ if made.mode => out.extend(b"old mode 100644\nnew mode 100755\n"),
        _ => {}
    }
    out.extend(b"index 1234567..89abcde\n");
    let (removed, added) = (made.context.len() + made.removed.len(), made.context.len() + made.added.len());
    if made.binary {
        out.extend(
            format!("Binary files {} and {} differ\n", side("a/", &made.old), side("b/", &made.new)).bytes(),
        );
        return;
    }
    if removed + added == 0 {
        return;
    }
    out.extend(format!("--- {}\n+++ {}\n", side("a/", &made.old), side("b/", &made.new)).bytes());
    out.extend(
        format!("@@ -{},{removed} +{},{added} @@ fn\n", u8::from(removed > 0), u8::from(added > 0)).bytes(),
    );
    for (mark, lines) in [(b' ', &made.context), (b'-', &made.removed), (b'+', &made.added)] {
        for line in lines {
            out.push(mark);
            out.extend(line);
            out.push(b'\n');
        }
    }
    if made.open_end {
        out.extend(b"\\ No newline at end of file\n");
    }
}

fn diff_of(files: &[Made]) -> Vec<u8> {
    let mut out = Vec::new();
    files.iter().for_each(|made| write(&mut out, made));
    out
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn made_diffs_are_read_whole(files in vec(made(), 0..6)) {
        let change = ChangeSet::from_diff(&diff_of(&files)).unwrap();
        prop_assert_eq!(change.files().len(), files.len());
        for (file, made) in change.files().iter().zip(&files) {
            prop_assert_eq!(file.old_path().map(|p| p.as_bytes().to_vec()), made.old.clone());
            prop_assert_eq!(file.new_path().map(|p| p.as_bytes().to_vec()), made.new.clone());
            prop_assert_eq!(file.is_binary(), made.binary);
            if !made.binary {
                let added: Vec<_> = file.added_lines().map(|l| l.text.to_vec()).collect();
                let removed: Vec<_> = file.removed_lines().map(|l| l.text.to_vec()).collect();
                prop_assert_eq!((&added, &removed), (&made.added, &made.removed));
                if made.old.is_none() && !added.is_empty() {
                    let mut contents = added.join(&b'\n');
                    contents.extend(if made.open_end { &b""[..] } else { b"\n" });
                    prop_assert_eq!(file.new_contents().unwrap(), &contents[..]);
                }
            }
        }
        check_laws(&change);
    }

    #[test]
    fn two_diffs_are_the_files_of_both(first in vec(made(), 0..4), second in vec(made(), 0..4)) {
        let (one, two) = (diff_of(&first), diff_of(&second));
        let both = ChangeSet::from_diff(&[one.clone(), two.clone()].concat()).unwrap();
        let (one, two) = (ChangeSet::from_diff(&one).unwrap(), ChangeSet::from_diff(&two).unwrap());
        prop_assert_eq!(both.files(), &[one.files(), two.files()].concat()[..]);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..400)) {
        if let Ok(change) = ChangeSet::from_diff(&bytes) {
            check_laws(&change);
        }
    }

    /// Lines that diffs are made of, in any order.
    #[test]
    fn shuffled_lines_never_panic(lines in vec(prop_oneof![
        Just("diff --git a/x b/x"), Just("diff --git a/x b/y"), Just("diff --cc x"), Just("--- a/x"), Just("+++ b/x"),
        Just("--- /dev/null"), Just("+++ /dev/null"), Just("@@ -1 +1 @@"), Just("@@ -1,2 +1 @@ fn"), Just("@@ -0,0 +1 @@"),
        Just("@@@ -1 -1 +1 @@@"), Just("-a"), Just("+b"), Just(" c"), Just(""), Just("++b"), Just("--a"), Just("- a"),
        Just("\\ No newline at end of file"), Just("new file mode 100644"), Just("deleted file mode 100644"),
        Just("old mode 100644"), Just("new mode 100755"), Just("rename from x"), Just("rename to y"), Just("copy from x"),
        Just("copy to y"), Just("similarity index 90%"), Just("index 1234567..89abcde 100644"), Just("index 1,2..3"),
        Just("mode 100644,100644..100755"), Just("GIT binary patch"), Just("literal 1"), Just("IcmZPo000310RR91"),
        Just("Binary files a/x and b/x differ"), Just("Binary files /dev/null and b/x differ"), Just("Binary files differ"),
        Just("Submodule s 1234567..89abcde:"), Just("  > log"), Just("-- "), Just("2.47"), Just("--- x\t1970-01-01 00:00:00 +0000"),
    ], 0..14)) {
        if let Ok(change) = ChangeSet::from_diff((lines.join("\n") + "\n").as_bytes()) {
            check_laws(&change);
        }
    }

    #[test]
    fn flipped_bytes_never_panic(which in any::<prop::sample::Index>(), flips in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let diffs = real_diffs();
        let mut diff = which.get(&diffs).clone().into_bytes();
        for (at, byte) in flips {
            if !diff.is_empty() {
                let at = at.index(diff.len());
                diff[at] = byte;
            }
        }
        if let Ok(change) = ChangeSet::from_diff(&diff) {
            check_laws(&change);
        }
    }
}

fn lines_of(change: &ChangeSet) -> u64 {
    change.files().iter().flat_map(FileChange::hunks).map(|h| h.lines().count() as u64).sum()
}

/// A diff that ends too early is refused, or it ended between two hunks; then the ones before are all there.
#[test]
fn cut_off_diffs_lose_nothing_silently() {
    for diff in real_diffs() {
        let whole = ChangeSet::from_diff(diff.as_bytes()).unwrap();
        let hunks: Vec<&Hunk> = whole.files().iter().flat_map(FileChange::hunks).collect();
        let mut end = 0;
        for line in diff.split_inclusive('\n') {
            end += line.len();
            let Ok(change) = ChangeSet::from_diff(&diff.as_bytes()[..end]) else { continue };
            let begun = diff[..end].lines().filter(|l| l.starts_with("@@") && l.contains("@ -")).count();
            let read: Vec<&Hunk> = change.files().iter().flat_map(FileChange::hunks).collect();
            let same =
                |(a, b): (&&Hunk, &&Hunk)| a.new_range() == b.new_range() && a.old_ranges() == b.old_ranges();
            assert!(read.iter().zip(&hunks).all(same), "{diff}");
            assert_eq!(read.len(), begun, "{end} of {diff}");
            check_laws(&change);
        }
    }
}

/// A damaged hunk header never makes a hunk vanish.
#[test]
fn damaged_hunk_headers_are_seen() {
    for diff in real_diffs() {
        let whole = ChangeSet::from_diff(diff.as_bytes()).unwrap();
        let mut at = 0;
        for line in diff.split_inclusive('\n') {
            let header = line.find(" @@").filter(|_| line.starts_with("@@ -"));
            for place in header.map_or(0..0, |end| at..at + end + 3) {
                let mut damaged = diff.clone().into_bytes();
                damaged[place] = b'!';
                if let Ok(change) = ChangeSet::from_diff(&damaged) {
                    assert_eq!(lines_of(&change), lines_of(&whole), "{}", String::from_utf8_lossy(&damaged));
                }
            }
            at += line.len();
        }
    }
}

#[test]
fn real_diffs_obey_the_laws() {
    for diff in real_diffs() {
        let change = ChangeSet::from_diff(diff.as_bytes()).unwrap();
        check_laws(&change);
        if diff.contains("\n\n-") {
            // An empty line without its blank is one only if nothing stands there.
            continue;
        }
        let crlf = ChangeSet::from_diff(diff.replace('\n', "\r\n").as_bytes()).unwrap();
        assert_eq!(lines_of(&crlf), lines_of(&change), "{diff}");
        assert!(crlf.files().iter().zip(change.files()).all(|(a, b)| a.path() == b.path()), "{diff}");
    }
}

/// diffy reads the same hunks wherever it reads a diff at all; it refuses merges and passes over submodules' logs.
#[test]
fn diffy_agrees() {
    let mut compared = 0;
    for diff in real_diffs() {
        let ours = ChangeSet::from_diff(diff.as_bytes()).unwrap();
        let theirs: Result<Vec<_>, _> =
            PatchSet::parse_bytes(diff.as_bytes(), ParseOptions::gitdiff()).collect();
        let Ok(theirs) = theirs else { continue };
        if ours.files().iter().any(FileChange::is_merge)
            || diff.contains("\nremerge ")
            || diff.contains("Submodule ")
        {
            continue;
        }
        assert_eq!(ours.files().len(), theirs.len(), "{diff}");
        for (file, patch) in ours.files().iter().zip(&theirs) {
            let PatchKind::Text(patch) = patch.patch() else {
                assert!(file.is_binary(), "{diff}");
                continue;
            };
            assert_eq!(file.hunks().len(), patch.hunks().len(), "{diff}");
            for (hunk, other) in file.hunks().iter().zip(patch.hunks()) {
                assert_eq!(hunk.new_range().count as usize, other.new_range().len());
                let text = |l: &diffy::Line<'_, [u8]>| match *l {
                    diffy::Line::Context(t) => (LineKind::Context, t.to_vec()),
                    diffy::Line::Delete(t) => (LineKind::Removed, t.to_vec()),
                    diffy::Line::Insert(t) => (LineKind::Added, t.to_vec()),
                };
                let own = |l: devops_core::Line<'_>| {
                    let end: &[u8] = if l.has_newline { b"\n" } else { b"" };
                    (l.kind, [l.text, end].concat())
                };
                assert!(hunk.lines().map(own).eq(other.lines().iter().map(text)), "{diff}");
            }
            compared += 1;
        }
    }
    assert!(compared > 40, "{compared}");
}

/// What we write is what git can read: it counts the same lines in it.
#[test]
fn git_reads_what_is_written() {
    let git = |input: &[u8]| {
        use std::io::Write as _;
        let mut child = std::process::Command::new("git")
            .args(["apply", "--numstat", "-z", "-"])
            .current_dir("/")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .ok()?;
        child.stdin.take()?.write_all(input).ok()?;
        child.wait_with_output().ok()
    };
    if git(b"").is_none() {
        eprintln!("skipped: git is not there");
        return;
    }
    for diff in real_diffs() {
        let change = ChangeSet::from_diff(diff.as_bytes()).unwrap();
        let reads = |d: &[u8]| git(d).filter(|o| o.status.success()).map(|o| o.stdout);
        // Git passes over submodules' logs and over what GNU diff says of binary files.
        if diff.contains("Submodule ") || !diff.contains("diff --git") || reads(diff.as_bytes()).is_none() {
            continue;
        }
        let numstat = reads(&change.to_diff()).unwrap_or_else(|| panic!("git refuses {change:?}"));
        let mut counts = numstat.split(|b| *b == 0).filter(|l| l.contains(&b'\t'));
        for file in change.files() {
            let (a, r) = (file.lines_added(), file.lines_removed());
            let want = if file.is_binary() { "-\t-\t".to_owned() } else { format!("{a}\t{r}\t") };
            let got = counts.next().unwrap_or_else(|| panic!("git misses {file:?}"));
            assert!(got.starts_with(want.as_bytes()), "{diff}");
        }
    }
}

/// A rename header in a merge, which git never writes, changes nothing.
#[test]
fn a_merge_is_renamed_by_its_names_alone() {
    check_laws(&ChangeSet::from_diff(b"diff --cc x\nrename from x\n").unwrap());
}
