//! The scanner of changes from outside: what it finds in a diff, what it never shows, and the laws it keeps.

#![cfg(feature = "secrets")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::print_stdout,
    reason = "tests may panic, read vectors and say that they skip"
)]

use devops_analyzers::secrets::{Fragment, RuleSet, SecretScanner};
use devops_analyzers::suppress::{Baseline, Seen};
use devops_core::{
    Analysis, AnalyzerError, BaselineState, Cancellation, ChangeSet, CommitInfo, Context, Finding,
    Scanner as _, Severity,
};
use proptest::prelude::*;

/// A token of the right form that is nobody's.
fn token(seed: u64) -> String {
    const ALPHABET: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut state = seed;
    let mut text = String::from("ghp_");
    for _ in 0..36 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push(char::from(ALPHABET[usize::try_from(state >> 33).unwrap() % ALPHABET.len()]));
    }
    text
}

fn scan_with(
    scanner: &SecretScanner,
    change: &ChangeSet,
    context: &Context,
) -> Result<Analysis, AnalyzerError> {
    futures::executor::block_on(scanner.scan(change, context))
}

fn scan(diff: &str) -> Analysis {
    let change = ChangeSet::from_diff(diff.as_bytes()).unwrap();
    scan_with(&SecretScanner::new().unwrap(), &change, &Context::new()).unwrap()
}

/// A new file of those lines.
fn new_file(path: &str, lines: &[&str]) -> String {
    let body: String = lines.iter().map(|line| format!("+{line}\n")).collect();
    let count = lines.len();
    format!(
        "diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{count} @@\n{body}"
    )
}

fn shown(analysis: &Analysis) -> Vec<String> {
    analysis.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn only_what_the_change_adds() {
    let (old, new, gone) = (token(1), token(2), token(3));
    let diff = format!(
        "--- a/x.sh\n+++ b/x.sh\n@@ -10,3 +10,3 @@ setup() {{\n A={old}\n-B={gone}\n+B={new}\n C=1\n"
    );
    let analysis = scan(&diff);
    assert_eq!(
        shown(&analysis),
        ["critical x.sh:11:3: GitHub personal access token: `ghp_… (40 bytes)` [secrets/github-pat]"]
    );
    assert!(analysis.is_complete());
}

#[test]
fn a_key_of_many_lines() {
    let middle: Vec<String> = (0..6).map(|n| token(n).repeat(2)[4..68].to_owned()).collect();
    let mut lines = vec!["key: |", "-----BEGIN RSA PRIVATE KEY-----"];
    lines.extend(middle.iter().map(String::as_str));
    lines.extend(["-----END RSA PRIVATE KEY-----", "next: 1"]);
    let analysis = scan(&new_file("deploy/tls.yaml", &lines));
    let region = analysis.findings[0].location().unwrap().region().unwrap();
    assert_eq!(analysis.findings[0].rule().as_str(), "secrets/private-key");
    assert_eq!((region.start_line(), region.end_line()), (2, 9));

    // One line of it changes: the key is known by the lines around.
    let body: String = lines.iter().map(|line| format!(" {line}\n")).collect();
    let one = body.replacen(&format!(" {}\n", middle[2]), &format!("-old\n+{}\n", middle[2]), 1);
    let analysis = scan(&format!("--- a/t.pem\n+++ b/t.pem\n@@ -1,10 +1,10 @@\n{one}"));
    assert_eq!(analysis.findings.len(), 1);
    // None of it changes: it is not this change's.
    let other = body.replacen(" next: 1\n", "-next: 1\n+next: 2\n", 1);
    let analysis = scan(&format!("--- a/t.pem\n+++ b/t.pem\n@@ -1,10 +1,10 @@\n{other}"));
    assert_eq!(shown(&analysis), [""; 0]);
}

#[test]
fn placeholders_weigh_less() {
    let analysis = scan(&new_file("a.env", &["API_TOKEN=your-token-9f8Kd02mQx7pLw1Z"]));
    assert_eq!(analysis.findings[0].severity(), Severity::Minor);
    assert!(analysis.findings[0].message().contains("placeholder"), "{}", analysis.findings[0].message());
}

#[test]
fn allowed_lines_stay_marked() {
    let secret = token(4);
    let added = scan(&new_file("a.env", &[&format!("T={secret} # gitleaks:allow")]));
    assert!(added.findings[0].is_suppressed() && added.findings[0].is_open());
    let kept = format!(
        "--- a/a\n+++ b/a\n@@ -1 +1,2 @@\n # devops:allow secrets/github-pat -- revoked\n+T={secret}\n"
    );
    assert!(!scan(&kept).findings[0].is_open());
}

#[test]
fn another_secret_on_an_allowed_line_is_another_finding() {
    let diff = |secret: &str| new_file("a.env", &["x", &format!("T={secret}")]);
    let first = scan(&diff(&token(5)));
    let moved = scan(&new_file("a.env", &["x", "y", "z", &format!("TOKEN={}", token(5))]));
    assert_eq!(first.findings[0].fingerprint(), moved.findings[0].fingerprint());
    let other = scan(&diff(&token(6)));
    let baseline = Baseline::of(&first.findings);
    let compared = baseline.compare([moved.findings, other.findings].concat(), Seen::Everything);
    let states: Vec<_> = compared.findings.iter().map(Finding::baseline).collect();
    assert_eq!(states, [BaselineState::Unchanged, BaselineState::New]);
}

#[test]
fn the_same_secret_twice_is_two_findings() {
    let line = format!("T={}", token(7));
    let analysis = scan(&new_file("a.env", &[&line, &line]));
    assert_eq!(analysis.findings.len(), 2);
    assert_ne!(analysis.findings[0].fingerprint(), analysis.findings[1].fingerprint());
}

#[test]
fn files_by_path_and_binary_files() {
    let binary = |path: &str| {
        format!(
            "diff --git a/{path} b/{path}\nnew file mode 100644\nindex 0000000..1111111\n\
             Binary files /dev/null and b/{path} differ\n"
        )
    };
    let analysis = scan(&[binary("k.p12"), binary("logo.png"), binary("blob")].concat());
    assert_eq!(
        shown(&analysis),
        ["critical k.p12: PKCS #12 file, which holds a private key [secrets/pkcs12-file]"]
    );
    let skipped: Vec<_> = analysis.skipped.iter().map(|s| s.what.as_str()).collect();
    assert_eq!(skipped, ["blob", "k.p12"]);
}

#[test]
fn budget_and_cancellation() {
    let change = ChangeSet::from_diff(new_file("a", &["12345678"]).as_bytes()).unwrap();
    let scanner = SecretScanner::new().unwrap();
    let small = Context::new().with_work_budget(4);
    assert_eq!(scan_with(&scanner, &change, &small), Err(AnalyzerError::OverBudget { budget: 4 }));
    let stop = Cancellation::new();
    stop.cancel();
    let stopped = Context::new().with_cancellation(stop);
    assert_eq!(scan_with(&scanner, &change, &stopped), Err(AnalyzerError::Cancelled));
}

#[test]
fn keys_commits_and_encodings() {
    let rules = RuleSet::from_toml(
        "[[rules]]\nid = 'pin'\nregex = 'pin-[0-9]{12}'\n[[allowlists]]\ncommits = ['c0ffee']",
    );
    let rules = rules.unwrap();
    let change = ChangeSet::from_diff(new_file("a", &["x: cGluLTg2MDQyMTk3NTMxOA=="]).as_bytes()).unwrap();
    let plain = SecretScanner::with_rules(rules).unwrap();
    let deep = plain.clone().with_decode_depth(2);
    assert_eq!(scan_with(&plain, &change, &Context::new()).unwrap().findings.len(), 0);
    let found = scan_with(&deep, &change, &Context::new()).unwrap();
    let message = "critical a:1:4: secret found by rule `pin`: `pin-… (16 bytes)` [secrets/pin]";
    assert_eq!(shown(&found), [message]);
    let keyed = scan_with(&deep.clone().with_hash_key(*b"key"), &change, &Context::new()).unwrap();
    assert_ne!(found.findings[0].fingerprint(), keyed.findings[0].fingerprint());
    let allowed = change.with_commit(CommitInfo::new("c0ffee".to_owned()));
    assert_eq!(scan_with(&deep, &allowed, &Context::new()).unwrap().findings.len(), 0);
}

/// No rendered form holds a secret of the cases, nor more than its first four characters.
#[test]
fn nothing_rendered_shows_a_secret() {
    let path = format!("{}/../../shared/vectors/gitleaks_rules/cases.json", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read(&path) else {
        println!("skipped: {path} is not there (its licence does not allow a copy here)");
        return;
    };
    let cases: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let rules = RuleSet::builtin();
    let mut checked = 0;
    for case in cases["cases"].as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        let matches = rules.scan(&Fragment::new(text.as_bytes()));
        let lines: Vec<&str> = text.lines().collect();
        let analysis = scan(&new_file("a.txt", &lines));
        let rendered = [
            format!("{matches:?} {:?}", Fragment::new(text.as_bytes())),
            format!("{analysis:?} {analysis:#?}"),
            serde_json::to_string(&analysis).unwrap(),
            shown(&analysis).join("\n"),
            format!("{:?}", SecretScanner::new().unwrap()),
        ];
        for found in &matches {
            let secret = &text[found.secret_range()];
            // What is short enough to stand in a message by chance (such as the name of a type) tells nothing.
            if secret.len() < 12 {
                continue;
            }
            checked += 1;
            for shown in &rendered {
                assert!(!shown.contains(secret), "{}", case["id"]);
                // The start of some tokens is a word that the rule's name holds too.
                let named = rules.rules().any(|rule| rule.id().contains(&secret[..9]));
                assert!(named || !shown.contains(&secret[..9]), "{}", case["id"]);
            }
        }
    }
    assert!(checked > 300, "{checked}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_and_depth(text in proptest::collection::vec(any::<u8>(), 0..400), depth in 0u8..4) {
        let found = RuleSet::builtin().scan(&Fragment::new(&text).with_path("a.yaml").with_decode_depth(depth));
        for m in found {
            prop_assert!(m.range().end <= text.len() && m.secret_range().end <= text.len());
            prop_assert!(m.line() >= 1 && m.column() >= 1 && m.end_line() >= m.line());
        }
    }

    #[test]
    fn two_texts_together_hold_the_matches_of_both(a in 0u64..1000, b in 0u64..1000, gap in "[ -~\n]{0,40}") {
        let rules = RuleSet::builtin().only(&["github-pat", "private-key", "aws-access-token"]);
        let first = format!("one = {}\n", token(a));
        let second = format!("{gap}\ntwo = {}\nAKIA{}\n", token(b), &token(b).to_uppercase().replace(['0', '1', '8', '9', '_'], "Q")[4..20]);
        let both = [first.as_str(), second.as_str()].concat();
        let ranges = |text: &str, shift: usize| -> Vec<_> {
            let found = rules.scan(&Fragment::new(text.as_bytes()));
            found.iter().map(|m| (m.rule().id().to_owned(), m.range().start + shift..m.range().end + shift)).collect()
        };
        let together = ranges(&both, 0);
        for one in ranges(&first, 0).into_iter().chain(ranges(&second, first.len())) {
            prop_assert!(together.contains(&one), "{one:?} of {together:?}");
        }
    }

    #[test]
    fn the_order_of_files_does_not_matter(seeds in proptest::collection::vec(0u64..50, 1..5)) {
        let files: Vec<String> = seeds
            .iter()
            .enumerate()
            .map(|(at, seed)| new_file(&format!("f{at}"), &["x", &format!("T={}", token(*seed))]))
            .collect();
        let mut turned = files.clone();
        turned.reverse();
        prop_assert_eq!(
            serde_json::to_string(&scan(&files.concat())).unwrap(),
            serde_json::to_string(&scan(&turned.concat())).unwrap()
        );
    }

    #[test]
    fn rule_files_of_any_text(text in "[\\[\\]=\"'a-z{}(),.0-9\n ]{0,120}") {
        if let Err(error) = RuleSet::from_toml(&text) {
            prop_assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}
