use super::*;

/// The functions of a file in `testdata`, with what its `expect:` lines say of them.
fn check(language: Language, source: &str) {
    let expected: Vec<String> =
        source.lines().filter_map(|l| l.split_once(" expect: ")).map(|(_, e)| e.trim().to_owned()).collect();
    let found: Vec<String> = functions(language, source.as_bytes())
        .iter()
        .map(|f| format!("{} {} {}", f.qualified_name(language), f.cognitive, f.cyclomatic))
        .collect();
    assert!(!expected.is_empty());
    let wrong: Vec<String> = (0..found.len().max(expected.len()))
        .filter(|n| found.get(*n) != expected.get(*n))
        .map(|n| format!("found {:?}, expected {:?}", found.get(n), expected.get(n)))
        .collect();
    assert!(wrong.is_empty(), "{language}:\n{}", wrong.join("\n"));
}

macro_rules! own_cases {
    ($($name:ident, $language:ident, $file:literal;)*) => {$(
        #[test]
        fn $name() {
            check(Language::$language, include_str!(concat!("../../testdata/complexity/", $file)));
        }
    )*};
}

own_cases! {
    rust, Rust, "rust.rs";
    python, Python, "python.py";
    javascript, JavaScript, "javascript.js";
    typescript, TypeScript, "typescript.ts";
    go, Go, "go.go";
    java, Java, "java.java";
    c, C, "c.c";
    cpp, Cpp, "cpp.cpp";
}

mod change {
    use super::super::*;
    use devops_core::{ChangeSet, Complexity, Severity, Side};
    use proptest::prelude::*;

    const OLD: &str = "fn a() {}\n\nfn b(x: bool) {\n    if x {}\n}\n\nfn c() {\n    d();\n    e();\n}\n";
    const NEW: &str =
        "fn a() {}\n\nfn b(x: bool) {\n    if x {}\n    if x {}\n}\n\nfn c() {\n    e();\n}\n\nfn d() {}\n";
    const DIFF: &str = "--- a/x.rs\n+++ b/x.rs\n@@ -4,7 +4,9 @@\n     if x {}\n+    if x {}\n }\n \n fn c() {\n-    d();\n     e();\n }\n+\n+fn d() {}\n";

    fn change() -> ChangeSet {
        ChangeSet::from_diff(DIFF.as_bytes()).unwrap()
    }

    #[test]
    fn touched_functions_with_their_past() {
        let both = change().with_contents(|_, side| {
            Some(if side == Side::Old { OLD.as_bytes() } else { NEW.as_bytes() }.into())
        });
        let analysis = check(&both, &ComplexityConfig::new(1, 2, 80).unwrap());
        let shown: Vec<_> = analysis
            .functions
            .iter()
            .map(|f| (&*f.name, f.now.cognitive, f.before.map(|b| b.cognitive), f.heuristic))
            .collect();
        assert_eq!(shown, [("b", 2, Some(1), false), ("c", 0, Some(0), false), ("d", 0, Some(0), false)]);
        assert_eq!(analysis.functions[2].before, Some(Complexity::default()));
        let messages: Vec<_> = analysis.findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            messages,
            [
                "minor x.rs:3: cognitive complexity of `b` is 2, above 1 (it was 1) [complexity/cognitive]",
                "info x.rs:3: cyclomatic complexity of `b` is 3, above 2 (it was 2) [complexity/cyclomatic]",
            ]
        );
        assert!(analysis.findings.iter().all(|f| f.is_heuristic() && f.severity() < Severity::Major));
        assert_eq!(analysis.measures[0].to_string(), "cognitive_complexity_max (new code) = 2");
    }

    #[test]
    fn a_bare_diff_is_partial() {
        let analysis = check(&change(), &ComplexityConfig::default());
        assert!(!analysis.is_complete() && analysis.functions.is_empty() && analysis.measures.is_empty());
        let new = change().with_contents(|_, side| (side == Side::New).then(|| NEW.as_bytes().into()));
        let analysis = check(&new, &ComplexityConfig::default());
        assert!(analysis.is_complete() && analysis.functions.iter().all(|f| f.before.is_none()));
    }

    #[test]
    fn the_analyzer_says_the_same() {
        use devops_core::{Analyzer as _, Context};
        let both = change().with_contents(|_, _| Some(NEW.as_bytes().into()));
        let analyzer = ComplexityAnalyzer::new(ComplexityConfig::default()).unwrap();
        let context = Context::new();
        let analysis = futures::executor::block_on(analyzer.analyze(&both, &context)).unwrap();
        assert_eq!(analysis, check(&both, analyzer.config()));
        let poor = Context::new().with_work_budget(3);
        assert!(futures::executor::block_on(analyzer.analyze(&both, &poor)).is_err());
    }

    fn fragments() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just("if "),
            Just("else "),
            Just("(a) "),
            Just("{"),
            Just("}"),
            Just("("),
            Just(")"),
            Just("["),
            Just("]"),
            Just(";"),
            Just("\n"),
            Just("for "),
            Just("do "),
            Just("while "),
            Just("switch "),
            Just("match "),
            Just("case 1:"),
            Just("=> "),
            Just("-> "),
            Just("&& "),
            Just("|| "),
            Just("? "),
            Just(": "),
            Just("fn f"),
            Just("func f"),
            Just("function f"),
            Just("def f"),
            Just("class A "),
            Just("impl A "),
            Just("lambda x: "),
            Just("    "),
            Just(", "),
            Just("= "),
            Just("x "),
            Just("|"),
            Just("#if\n"),
            Just("#else\n"),
            Just("#endif\n"),
            Just("catch "),
            Just("`${"),
            Just("new A"),
            Just("break x"),
            Just("try "),
            Just("and "),
            Just("except:"),
            Just("return "),
            Just("<"),
            Just(">"),
        ];
        proptest::collection::vec(piece, 0..60).prop_map(|parts| parts.concat().into_bytes())
    }

    proptest! {
        #[test]
        fn any_input_is_counted(source in prop_oneof![proptest::collection::vec(any::<u8>(), 0..200), fragments()]) {
            let lines = source.iter().filter(|b| **b == b'\n').count() + 1;
            for language in Language::ALL {
                for function in functions(*language, &source) {
                    prop_assert!(function.start_line <= function.end_line && function.end_line as usize <= lines);
                    prop_assert!(function.cyclomatic >= 1);
                }
            }
        }

        #[test]
        fn moving_a_file_down_moves_its_functions(source in fragments(), down in 1_usize..9) {
            for language in [Language::Rust, Language::Python, Language::JavaScript, Language::C] {
                let moved = ["\n".repeat(down).into_bytes(), source.clone()].concat();
                let old = functions(language, &source);
                let new = functions(language, &moved);
                prop_assert_eq!(old.len(), new.len());
                for (old, new) in old.iter().zip(&new) {
                    prop_assert_eq!(old.complexity(), new.complexity());
                    prop_assert_eq!(old.start_line as usize + down, new.start_line as usize);
                }
            }
        }
    }
}
