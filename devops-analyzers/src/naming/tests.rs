use super::*;
use crate::language::Language;
use devops_core::ChangeSet;
use proptest::prelude::*;

fn wrong(language: Language, source: &str) -> Vec<String> {
    misnamed(language, source.as_bytes())
        .into_iter()
        .map(|d| format!("{} {}", d.kind.as_str(), d.name))
        .collect()
}

#[test]
fn rust() {
    let right = "
        pub const MAX: u8 = 1; static mut COUNT: u8 = 0; type Id = u8; mod a_b { }
        struct Tree<const N: usize>; enum Kind { A, Bc(u8), D { field: u8 }, E = 3, #[x] V1_2 }
        trait Grow { fn grow_up(&self); }
        extern \"C\" { fn otherName(); } extern \"C\" fn CalledFromC() {}
        #[no_mangle] pub fn exportedName() {}
        #[allow(non_camel_case_types)] struct size_t;
        impl Visitor for Tree { fn visitNode(&mut self) {} type err = u8; }
        macro_rules! make { ($name:ident) => { fn $name() {} struct notOurs; } }
        lazy_static! { static ref someName: u8 = 1; }
        fn f() { let (a, b) = c; let Some(X) = y else { return }; let _ = 1; let r#type = 2; let X = y; }
        fn g(self) -> impl Fn(u8) { for x in y {} }
    ";
    assert_eq!(wrong(Language::Rust, right), Vec::<String>::new());
    assert_eq!(
        wrong(Language::Rust, "#![allow(non_camel_case_types)] struct a_b; type c = u8;"),
        Vec::<String>::new()
    );
    let bad = "const max: u8 = 1; fn growUp() { let mut newSize: u8; } struct tree; enum kind { one, Two }
        impl<T: Fn(u8) -> u8> Tree<T> { fn isTall() {} } mod MyMod; static count: u8 = 0;";
    assert_eq!(
        wrong(Language::Rust, bad),
        [
            "constant max",
            "function growUp",
            "variable newSize",
            "type tree",
            "type kind",
            "variant one",
            "function isTall",
            "module MyMod",
            "constant count",
        ]
    );
}

#[test]
fn python() {
    let right = "
class Tree(Base):
    def setUp(self): pass
    def overridesName(self): pass

class _private: pass
class HTTPServer: pass

class Visitor:
    def visit_Name(self): pass
    def __init__(self): pass
    @property
    def someName(self): pass

async def f(): pass
text = 'def badName(): pass'
";
    assert_eq!(wrong(Language::Python, right), Vec::<String>::new());
    let bad = "def lineCount(): pass\nclass line_count:\n    def MyMethod(self): pass\n    async def aB(self): pass\n";
    assert_eq!(
        wrong(Language::Python, bad),
        ["function lineCount", "type line_count", "function MyMethod", "function aB"]
    );
}

#[test]
fn javascript() {
    let right = "function f() {} function* gen() {} const MAX_SIZE = 1, x_y = 2; const Page = () => <a class='b_c' />;
        class Tree extends x_y {} let $el = 1; var __dirname = 2; x.function = 3; a = { class: 1, const: 2 };
        const { a_b } = c; export default class extends X {}";
    assert_eq!(wrong(Language::JavaScript, right), Vec::<String>::new());
    assert_eq!(
        wrong(
            Language::TypeScript,
            "type id_t = 1; interface shape { a_b: 1 } let a_b: number = 1; function do_it() {}"
        ),
        ["type id_t", "type shape", "variable a_b", "function do_it"]
    );
}

#[test]
fn go_and_java() {
    let right = "package a_b\nfunc (t *Tree) Grow() {}\nfunc Test_it(t *testing.T) {}\nconst MaxSize = 1\nx, err := f()\nx.a_b = 2\nvar _ = 1\ntype ID int\n";
    assert_eq!(wrong(Language::Go, right), Vec::<String>::new());
    let bad = "func do_it() {}\nfunc (t *tree) Do_it() {}\nconst MAX_SIZE = 1\nline_count := 2\ntype my_type struct{}\n";
    assert_eq!(
        wrong(Language::Go, bad),
        ["function do_it", "function Do_it", "constant MAX_SIZE", "variable line_count", "type my_type"]
    );
    let right = "class Tree extends B { static final int MAX = 1; private static final Logger log = f();
        Tree(int a) { super(a); } @Override public void odd_name() {} List<String> items() { return new X(); }
        int[] a() throws E { else_if(x); } @Foo(a) void b(int x); }";
    assert_eq!(wrong(Language::Java, right), Vec::<String>::new());
    let bad = "class tree { void DoIt() {} static final int Max_size = 1; public List<A> all_of(int x) throws E {} }";
    assert_eq!(
        wrong(Language::Java, bad),
        ["type tree", "function DoIt", "constant Max_size", "function all_of"]
    );
}

const DIFF: &[u8] = b"--- a/x.rs\n+++ b/x.rs\n@@ -1,2 +1,3 @@\n fn oldName() {}\n+fn newName() {}\n }\n";

#[test]
fn only_added_names_count() {
    let change = ChangeSet::from_diff(DIFF).unwrap();
    let analysis = check(&change, &NamingConfig::default());
    assert_eq!(
        analysis.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["minor x.rs:2:4: function `newName` is not in snake_case: `new_name` [naming/function]"]
    );
    for config in [
        NamingConfig::default().without_name("newName"),
        NamingConfig::default().without_kind(NameKind::Function),
    ] {
        assert!(check(&change, &config).findings.is_empty());
    }
    let error = serde_json::from_str::<NamingConfig>(r#"{"severity": "critical"}"#).unwrap_err().to_string();
    assert!(error.contains("severity `critical` does not fit: `major`, `minor` or `info`"), "{error}");
}

#[test]
fn the_analyzer_says_the_same() {
    use devops_core::{Analyzer as _, Context};
    let change = ChangeSet::from_diff(DIFF).unwrap();
    let analyzer = NamingAnalyzer::new(NamingConfig::default()).unwrap();
    let analysis = futures::executor::block_on(analyzer.analyze(&change, &Context::new())).unwrap();
    assert_eq!(analysis, check(&change, analyzer.config()));
}

fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("fn "),
        Just("aB "),
        Just("a_b "),
        Just("struct "),
        Just("enum "),
        Just("{ "),
        Just("} "),
        Just("("),
        Just(")"),
        Just("#["),
        Just("]"),
        Just("impl "),
        Just("for "),
        Just("def "),
        Just("class "),
        Just("\n"),
        Just("    "),
        Just("const "),
        Just(": "),
        Just("= "),
        Just(":= "),
        Just("func "),
        Just("@"),
        Just(";"),
        Just("let "),
        Just("type "),
        Just("static final "),
        Just("macro_rules! "),
        Just(", "),
        Just("é"),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|parts| parts.concat().into_bytes())
}

proptest! {
    #[test]
    fn any_input(source in prop_oneof![proptest::collection::vec(any::<u8>(), 0..200), fragments()]) {
        for language in Language::ALL {
            for declaration in declarations(*language, &source) {
                prop_assert_eq!(declaration.name.as_bytes(), &source[declaration.start..declaration.end]);
            }
        }
    }

    #[test]
    fn moving_code_down_keeps_the_findings(source in fragments(), down in 1_u32..4) {
        for language in [Language::Rust, Language::Python, Language::Go, Language::Java, Language::JavaScript] {
            let moved = ["\n".repeat(down as usize).into_bytes(), source.clone()].concat();
            let names = |text: &[u8], down: u32| misnamed(language, text).into_iter().map(|d| (d.name, d.line - down)).collect::<Vec<_>>();
            prop_assert_eq!(names(&source, 0), names(&moved, down));
        }
    }
}
