use super::*;
use crate::language::Language;
use devops_core::{ChangeSet, Context, RepoPath};
use proptest::prelude::*;
use serde_json::Value;

fn exact(min_tokens: u32, min_lines: u32) -> DuplicationConfig {
    DuplicationConfig::new(min_tokens, min_lines, None).unwrap()
}

fn statements(from: usize, to: usize) -> String {
    (from..to).map(|n| format!("  const v{n} = a[{n}] + b[{n}] * {};\n", n + 2)).collect()
}

#[test]
fn agrees_with_jscpd() {
    let cases: Value = serde_json::from_str(include_str!("../../testdata/duplication/cases.json")).unwrap();
    for case in cases["cases"].as_array().unwrap() {
        let files: Vec<(&String, &str)> =
            case["files"].as_object().unwrap().iter().map(|(p, s)| (p, s.as_str().unwrap())).collect();
        let sources: Vec<Source<'_>> = files
            .iter()
            .map(|(path, text)| {
                let path = RepoPath::new(path).unwrap();
                Source::new(Language::detect(&path, b"").unwrap(), text.as_bytes())
            })
            .collect();
        let limit = |name: &str| u32::try_from(case[name].as_u64().unwrap()).unwrap();
        let mut found: Vec<_> = clones(&sources, &exact(limit("min_tokens"), limit("min_lines")))
            .iter()
            .map(|c| {
                let side = |s: &Stretch| (files[s.source].0.clone(), s.start_line, s.end_line);
                (side(&c.first), side(&c.second))
            })
            .collect();
        let mut expected: Vec<_> = case["clones"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| {
                let side = |s: &Value| {
                    let line = |n: usize| u32::try_from(s[n].as_u64().unwrap()).unwrap();
                    (s[0].as_str().unwrap().to_owned(), line(1), line(2))
                };
                (side(&c["a"]), side(&c["b"]))
            })
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{}", case["id"]);
    }
}

#[test]
fn a_file_that_repeats_itself() {
    let text = "call(one, two);\n".repeat(60);
    let found = clones(&[Source::new(Language::JavaScript, text.as_bytes())], &exact(50, 5));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].first.start_line, found[0].first.end_line), (1, 59));
    assert_eq!((found[0].second.start_line, found[0].second.end_line), (2, 60));
}

#[test]
fn what_splits_and_what_does_not() {
    let plain = statements(0, 20);
    let comment = format!("{}  // note\n{}", statements(0, 10), statements(10, 20));
    let source = |text| Source::new(Language::JavaScript, str::as_bytes(text));
    let found = clones(&[source(&plain), source(&comment)], &exact(50, 5));
    let lines: Vec<_> =
        found.iter().map(|c| (c.first.start_line, c.first.end_line, c.second.end_line)).collect();
    assert_eq!(lines, [(1, 10, 10), (11, 20, 21)]);
    let windows = plain.replace('\n', "\r\n");
    assert_eq!(clones(&[source(&plain), source(&windows)], &exact(50, 5))[0].second.end_line, 20);
    let other = Source::new(Language::TypeScript, plain.as_bytes());
    assert!(clones(&[source(&plain), other], &exact(50, 5)).is_empty());
    assert!(clones(&[source(&plain), source(&plain)], &exact(50, 20)).is_empty());
    assert_eq!(clones(&[source(&plain), source(&plain)], &exact(50, 19)).len(), 1);
}

#[test]
fn renamed_clones_are_weaker() {
    let plain = statements(0, 12);
    let renamed = plain.replace("a[", "left[").replace("b[", "right[").replace(" v", " w");
    let mixed = plain.replacen("a[", "left[", 3);
    let source = |text| Source::new(Language::JavaScript, str::as_bytes(text));
    let config = DuplicationConfig::default();
    let found = clones(&[source(&plain), source(&renamed)], &config);
    assert_eq!(found.iter().map(|c| c.kind).collect::<Vec<_>>(), [CloneKind::Renamed]);
    // `a` may not stand for two names.
    let found = clones(&[source(&plain), source(&mixed)], &config);
    assert!(found.iter().all(|c| c.kind == CloneKind::Exact || c.first.start_line > 3), "{found:?}");
    assert!(clones(&[source(&plain), source(&plain)], &config).iter().all(|c| c.kind == CloneKind::Exact));
}

fn change_that_adds(path: &str, text: &str) -> ChangeSet {
    let added: String = text.lines().map(|l| format!("+{l}\n")).collect();
    let count = text.lines().count();
    let diff = format!("--- a/{path}\n+++ b/{path}\n@@ -9,0 +10,{count} @@\n{added}");
    ChangeSet::from_diff(diff.as_bytes()).unwrap()
}

#[test]
fn only_added_code_is_reported() {
    let text = statements(0, 12);
    let change = change_that_adds("new.js", &format!("start();\n{text}// done\n"));
    let old = RepoPath::new("old.js").unwrap();
    let analysis = check(&change, [(&old, text.as_bytes())], &exact(50, 5));
    assert_eq!(
        analysis.findings[0].to_string(),
        "minor new.js:11: 12 lines repeat old.js:1-12 [duplication/exact]"
    );
    assert_eq!(analysis.measures[0].to_string(), "duplicated_lines (new code) = 92.31 % (12 of 13)");
    assert_eq!(analysis.skipped[0].reason, "only what the diff shows of the file was compared");
    // Two old files that repeat each other are none of the change's business.
    let other = RepoPath::new("older.js").unwrap();
    let apart = change_that_adds("new.js", "start();\n");
    let analysis = check(&apart, [(&old, text.as_bytes()), (&other, text.as_bytes())], &exact(50, 5));
    assert!(analysis.findings.is_empty());
}

#[test]
fn the_analyzer_says_the_same() {
    use devops_core::Analyzer as _;
    let change = change_that_adds("new.js", &statements(0, 12));
    let old = RepoPath::new("old.js").unwrap();
    let text = statements(0, 12).into_bytes();
    let context = Context::new().with_file(old.clone(), text.clone());
    let analyzer = DuplicationAnalyzer::new(DuplicationConfig::default()).unwrap();
    let analysis = futures::executor::block_on(analyzer.analyze(&change, &context)).unwrap();
    assert_eq!(analysis, check(&change, [(&old, &*text)], analyzer.config()));
    assert_eq!(analysis.findings.len(), 1);
}

/// All pairs of places with `window` equal tokens, found by comparing each with each.
fn slow(texts: &[Vec<u8>], window: usize) -> std::collections::BTreeSet<Vec<u8>> {
    let mut windows = std::collections::BTreeMap::new();
    for text in texts {
        for part in text.windows(window) {
            *windows.entry(part.to_vec()).or_insert(0) += 1;
        }
    }
    windows.into_iter().filter(|(_, n)| *n > 1).map(|(w, _)| w).collect()
}

proptest! {
    #[test]
    fn every_repeat_is_in_a_clone(texts in proptest::collection::vec(proptest::collection::vec(0_u8..3, 0..60), 1..4)) {
        // Each byte becomes a token of one letter.
        let sources: Vec<Vec<u8>> = texts.iter().map(|t| t.iter().flat_map(|b| [b'a' + b, b'\n']).collect()).collect();
        let list: Vec<_> = sources.iter().map(|s| Source::new(Language::Go, s)).collect();
        let found = clones(&list, &exact(6, 0));
        let mut covered = std::collections::BTreeSet::new();
        for clone in &found {
            let text = |s: &Stretch| sources[s.source][s.start_byte..s.end_byte].iter().copied().filter(|b| *b != b'\n').map(|b| b - b'a').collect::<Vec<u8>>();
            prop_assert_eq!(text(&clone.first), text(&clone.second));
            prop_assert!(clone.first != clone.second);
            prop_assert!(text(&clone.first).len() == clone.tokens && clone.tokens >= 6);
            covered.extend(text(&clone.first).windows(6).map(<[u8]>::to_vec));
        }
        prop_assert_eq!(covered, slow(&texts, 6));
    }

    #[test]
    fn any_bytes(texts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 1..4)) {
        for language in [Language::Rust, Language::Python, Language::JavaScript] {
            let list: Vec<_> = texts.iter().map(|s| Source::new(language, s)).collect();
            let config = DuplicationConfig::new(5, 0, Some(6)).unwrap();
            for clone in clones(&list, &config) {
                prop_assert!(clone.first <= clone.second);
            }
        }
    }
}
