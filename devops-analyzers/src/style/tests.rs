use super::*;
use devops_core::{ChangeSet, Severity};
use proptest::prelude::*;

/// A new file with that text.
fn new_file(path: &str, text: &[u8]) -> ChangeSet {
    let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
    let mut diff = format!("--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{} @@\n", lines.len()).into_bytes();
    for line in lines {
        diff.push(b'+');
        diff.extend_from_slice(line);
        if !line.ends_with(b"\n") {
            diff.extend_from_slice(b"\n\\ No newline at end of file\n");
        }
    }
    ChangeSet::from_diff(&diff).unwrap()
}

fn found(path: &str, text: &str) -> Vec<String> {
    let analysis = check(&new_file(path, text.as_bytes()), &StyleConfig::default());
    let shown = |f: &devops_core::Finding| {
        let region = f.location().unwrap().region().unwrap();
        format!("{}:{:?} {}", region.start_line(), region.columns().unwrap(), f.rule())
    };
    analysis.findings.iter().map(shown).collect()
}

#[test]
fn debugging() {
    assert_eq!(found("a.rs", "f();\n  dbg!(x);\n"), ["2:(3, 8) style/debug-leftover"]);
    assert_eq!(found("a.py", "x = pdb.set_trace()\nimport pdb\n").len(), 2);
    assert_eq!(found("a.ts", "if (x) console.log(y);\ndebugger;\n").len(), 2);
    assert_eq!(found("a.go", "\tfmt.Println(x)\n"), ["1:(2, 14) style/debug-leftover"]);
    assert_eq!(found("A.java", "System.out.println(x);\n").len(), 1);
    for quiet in ["src/main.rs", "src/bin/a.rs", "tests/a.rs", "examples/a.rs", "build.rs"] {
        assert!(found(quiet, "println!(\"x\");\n").is_empty(), "{quiet}");
    }
    assert!(found("a.rs", "// dbg!(x)\nlet s = \"dbg!(x)\"; log.println!(x)\n").is_empty());
    assert!(found("a.py", "def print(x): pass\nself.print(x)\n").is_empty());
}

#[test]
fn notes() {
    let text = "// TODO x\n// TODO(ada) x\n// FIXME: #12\n/* a\n * XXX b\n */\n// todo\n// TODO ABC-1\nlet TODO = 1;\n// TODOS\n";
    assert_eq!(found("a.rs", text), ["1:(4, 8) style/todo-owner", "5:(4, 7) style/todo-owner"]);
}

#[test]
fn ends_of_lines_and_files() {
    assert_eq!(found("a.txt", "a\r\nb\nc\n"), ["1:(1, 1) style/mixed-newlines"]);
    assert!(found("a.txt", "a\r\nb\r\n").is_empty());
    assert_eq!(found("a.txt", "a\nb"), ["2:(2, 2) style/final-newline"]);
    assert_eq!(found("a.rs", "\ta\n  b\n  c\n"), ["1:(1, 1) style/mixed-indentation"]);
    let diff = b"--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n a\n+b\r\n c\n";
    let analysis = check(&ChangeSet::from_diff(diff).unwrap(), &StyleConfig::default());
    assert_eq!(
        analysis.findings[0].to_string(),
        "minor x:2:1: line end differs from those of the rest [style/mixed-newlines]"
    );
}

#[test]
fn only_added_lines_count_and_generated_files_are_left_out() {
    let diff = b"--- a/x.rs\n+++ b/x.rs\n@@ -1,2 +1,2 @@\n dbg!(a); \n-dbg!(b);\n+c();\n";
    assert!(check(&ChangeSet::from_diff(diff).unwrap(), &StyleConfig::default()).findings.is_empty());
    let analysis = check(&new_file("Cargo.lock", b"a \n"), &StyleConfig::default());
    assert_eq!((analysis.findings.len(), &*analysis.skipped[0].reason), (0, "lock file"));
}

#[test]
fn rules_have_ids_of_their_own() {
    for rule in StyleRule::ALL {
        assert!(devops_core::RuleId::new(rule.id()).is_ok());
        assert_eq!(rule.id(), format!("style/{}", rule.name()));
        assert!(rule.severity() < Severity::Critical);
    }
}

#[test]
fn configuration() {
    let config: StyleConfig = serde_json::from_str(r#"{"rules": {"debug-leftover": "major"}}"#).unwrap();
    let analysis = check(&new_file("a.rs", b"dbg!(x);\n"), &config);
    assert_eq!(analysis.findings[0].severity(), Severity::Major);
    let json = serde_json::to_string(&config).unwrap();
    assert_eq!(serde_json::from_str::<StyleConfig>(&json).unwrap(), config);
    for (json, message) in [
        (r#"{"line_length": 5}"#, "line_length `5` is outside 20 to 10000"),
        (r#"{"rules": {"line-length": "critical"}}"#, "severity `critical` does not fit"),
        (r#"{"rules": {"x": "off"}}"#, "rule `x` does not fit: a rule of style"),
        (r#"{"line-length": 80}"#, "unknown field"),
    ] {
        let error = serde_json::from_str::<StyleConfig>(json).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn the_analyzer_says_the_same() {
    use devops_core::{Analyzer as _, Context};
    let change = new_file("a.rs", b"dbg!(x); \n");
    let analyzer = StyleAnalyzer::new(StyleConfig::default()).unwrap();
    let analysis = futures::executor::block_on(analyzer.analyze(&change, &Context::new())).unwrap();
    assert_eq!(analysis, check(&change, analyzer.config()));
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("dbg!(x);"),
        Just("\n"),
        Just(" \n"),
        Just("\t"),
        Just("  "),
        Just("// TODO\n"),
        Just("\r\n"),
        Just("<<<<<<< a\n"),
        Just("\u{202e}"),
        Just("\u{200b}"),
        Just("x"),
        Just("\""),
        Just("/*"),
        Just("é"),
        Just(
            "long long long long long long long long long long long long long long long long long long long long long long long long long long"
        ),
    ];
    proptest::collection::vec(piece, 1..30).prop_map(|parts| parts.concat().into_bytes())
}

proptest! {
    #[test]
    fn any_bytes(text in proptest::collection::vec(any::<u8>(), 1..200)) {
        for name in ["a.rs", "a.py", "a.js", "a.md", "a", "Makefile"] {
            let _ = check(&new_file(name, &text), &StyleConfig::default());
        }
    }

    #[test]
    fn moving_lines_down_keeps_fingerprints(text in text(), down in 1_usize..5) {
        let moved = ["y\n".repeat(down).into_bytes(), text.clone()].concat();
        let prints = |text: &[u8]| {
            let analysis = check(&new_file("a.rs", text), &StyleConfig::default());
            let mut all: Vec<_> = analysis
                .findings
                .iter()
                .filter(|f| f.rule().as_str() != "style/mixed-newlines")
                .map(devops_core::Finding::fingerprint)
                .collect();
            all.sort();
            all
        };
        prop_assert_eq!(prints(&text), prints(&moved));
    }

    #[test]
    fn more_text_means_no_fewer_findings(text in text(), more in text()) {
        let closed = [&text[..], b"\n"].concat();
        let both = [&closed[..], &more, b"\n"].concat();
        let lines = closed.iter().filter(|b| **b == b'\n').count();
        let of_line = |f: &&devops_core::Finding| {
            let file_rules = ["style/mixed-newlines", "style/mixed-indentation"];
            !file_rules.contains(&f.rule().as_str())
                && f.location().unwrap().region().unwrap().start_line() as usize <= lines
        };
        let count = |text: &[u8]| check(&new_file("a.rs", text), &StyleConfig::default()).findings.iter().filter(of_line).count();
        prop_assert!(count(&both) >= count(&closed));
    }
}
