//! What cannot be read is refused with the line and what was expected there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use devops_core::{ChangeSet, DiffError};

const CASES: &[(&str, &str)] = &[
    ("hello\n", "line 1: `hello` is no diff: expected `diff --git`, `diff --cc` or `---`"),
    ("\n\n  x\n", "line 3: `  x` is no diff: expected `diff --git`, `diff --cc` or `---`"),
    ("\u{0}\u{1}\u{ff}", "line 1: `  ÿ` is no diff: expected `diff --git`, `diff --cc` or `---`"),
    ("--- a/x\n+++ b/x\n", "line 3: `` stands where a hunk must: expected `@@ -`"),
    ("--- a/x\n+++ b/x\nhello\n", "line 3: `hello` stands where a hunk must: expected `@@ -`"),
    ("--- a/x\n", "line 1: path in `--- a/x` cannot be read: expected `+++` and the new path behind it"),
    ("diff --git a/x b/x\n--- a/x\n", "line 3: path in `` cannot be read: expected `+++` and the new path"),
    (
        "--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n",
        "line 2: path in `+++ /dev/null` cannot be read: expected a path where the other one is `/dev/null`",
    ),
    (
        "--- \n+++ b/x\n",
        "line 1: path in `--- ` cannot be read: expected a path, in closed quotes if it starts with one",
    ),
    (
        "--- \"a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "line 1: path in `--- \"a/x` cannot be read: expected a path, in closed quotes if it starts with one",
    ),
    (
        "diff --git \"a/x\\000\" \"b/x\\000\"\nold mode 100644\nnew mode 100755\n",
        "line 1: path in `diff --git \"a/x\\000\" \"b/x\\000\"` cannot be read: expected a path without NUL bytes",
    ),
    (
        "diff --git a/x y z b/u v\nold mode 100644\nnew mode 100755\ndiff --git  \n",
        "line 4: path in `diff --git  ` cannot be read: expected an old and a new path that can be told apart",
    ),
    ("diff --cc \n", "line 1: path in `diff --cc ` cannot be read: expected a path"),
    (
        "diff --git a/x b/x\nnew file mode 1006x4\n",
        "line 2: header `new file mode 1006x4` is malformed: expected an octal mode such as `100644`",
    ),
    (
        "diff --git a/x b/y\nsimilarity index 101%\n",
        "line 2: header `similarity index 101%` is malformed: expected a percentage from `0%` to `100%`",
    ),
    (
        "diff --git a/x b/y\nrename from x\n",
        "line 1: header `diff --git a/x b/y` is malformed: expected both a source and a target of the rename or copy",
    ),
    (
        "diff --git a/x b/y\nrename from x\ncopy from x\n",
        "line 3: header `copy from x` is malformed: expected one source and one target",
    ),
    (
        "diff --git a/x b/x\nnew file mode 100644\ndeleted file mode 100644\n",
        "line 1: header `diff --git a/x b/x` is malformed: expected a file that is not new and deleted at once",
    ),
    (
        "diff --git a/x b/x\nnew file mode 100644\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n",
        "line 3: path in `--- a/x` cannot be read: expected `/dev/null`",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -1 +1\n-a\n+b\n",
        "line 3: hunk header `@@ -1 +1` is malformed: expected `@@ -start,count +start,count @@`",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@ -5 +5 @@\n-a\n+b\n",
        "line 6: hunk header `@ -5 +5 @@` is malformed: expected `@@ -start,count +start,count @@`",
    ),
    (
        "--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n- a\n",
        "line 3: hunk header `@@@ -1 -1 +1 @@@` is malformed: expected `@@ -start,count +start,count @@`",
    ),
    (
        "diff --cc x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "line 4: hunk header `@@ -1 +1 @@` is malformed: expected `@@@ -start,count -start,count +start,count \
         @@@`, one old side for each parent",
    ),
    (
        "diff --cc x\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n--a\n++b\n@@@@ -9 -9 -9 +9 @@@@\n---a\n+++b\n",
        "line 7: hunk header `@@@@ -9 -9 -9 +9 @@@@` is malformed: expected as many old sides as the hunk before has",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -0,3 +1 @@\n",
        "line 3: hunk header `@@ -0,3 +1 @@` is malformed: expected lines that are counted from 1",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -4294967296 +1 @@\n-a\n+b\n",
        "line 3: number `4294967296` in the hunk header is too large: expected lines up to 4294967295",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -4294967295,2 +1 @@\n-a\n+b\n",
        "line 3: number `2` in the hunk header is too large: expected lines up to 4294967295",
    ),
    (
        "diff --git a/x b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "line 2: hunk `@@ -1 +1 @@` belongs to no file: expected `---` and `+++` before it",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -1,3 +1,4 @@\n a\n-b\n",
        "line 6: hunk of line 3 ends early: expected 1 more old and 3 more new lines",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+b\n@@ -9 +9 @@\n-a\n+b\n",
        "line 6: hunk of line 3 ends early: expected 1 more old and 1 more new lines",
    ),
    (
        "diff --cc x\n--- a/x\n+++ b/x\n@@@ -1,3 -1 +1 @@@\n- a\ndiff --cc y\n",
        "line 6: hunk of line 4 ends early: expected 2 more old and 1 more new lines",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+c\n",
        "line 6: `+c` is more than the hunk of line 3 claims: expected the next hunk or file",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n+a\n+b\n c\n",
        "line 5: `+b` is more than the hunk of line 3 claims: expected the next hunk or file",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n*a\n+b\n",
        "line 4: `*a` is no line of the hunk of line 3: expected ` `, `+`, `-` or `\\` at its start",
    ),
    (
        "diff --cc x\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n-+a\n",
        "line 5: `-+a` is no line of the hunk of line 4: expected a blank, `+` or `-` for each parent at its start",
    ),
    (
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n\\ No newline at end of file\n-a\n+b\n",
        "line 4: `\\ No newline at end of file` does not stand behind a line of a hunk",
    ),
    (
        "diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nhello\n",
        "line 4: binary patch has `hello`: expected `literal` or `delta` and a size",
    ),
    (
        "diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 1\nIc$\n\n",
        "line 5: binary patch has `Ic$`: expected as many base-85 digits as its first letter says",
    ),
    (
        "diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 1\nIcmZPo000310RR91\n",
        "line 6: binary patch has ``: expected a blank line at the end of its data",
    ),
    (
        "GIT binary patch\nliteral 0\n",
        "line 1: binary patch has `GIT binary patch`: expected `diff --git` before it",
    ),
];

#[test]
fn messages() {
    for (diff, message) in CASES {
        match ChangeSet::from_diff(diff.as_bytes()) {
            Ok(change) => panic!("{diff:?} was read: {change:?}"),
            Err(error) => {
                assert_eq!(error.to_string(), *message, "{diff:?}");
                let line = message.strip_prefix("line ").and_then(|m| m.split(':').next()).unwrap();
                assert_eq!(error.line().to_string(), line);
            }
        }
    }
}

/// A message stays short, whatever stands in the diff.
#[test]
fn messages_are_shortened() {
    let error = ChangeSet::from_diff("é`\u{1b}".repeat(100_000).as_bytes()).unwrap_err();
    assert!(matches!(&error, DiffError::NotADiff { found, .. } if found.chars().count() == 81), "{error}");
}

#[test]
fn what_is_empty_is_no_error() {
    let no_change = format!("commit {}\nAuthor: A <a@b>\n\n    empty\n", "0".repeat(40));
    for diff in ["", "\n", " \r\n\n", &no_change] {
        assert!(ChangeSet::from_diff(diff.as_bytes()).unwrap().is_empty(), "{diff:?}");
    }
}
