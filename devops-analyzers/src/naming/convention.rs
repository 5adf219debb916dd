//! What each language asks of its names.

use super::declaration::{Declaration, NameKind};
use super::style::NameStyle;
use crate::language::Language;

/// The ways in which a kind of name may be written in a language, the usual one first; none where the language
/// asks for none.
///
/// Sources: rustc's `nonstandard_style` lints, PEP 8 with pep8-naming, biome's `useNamingConvention`, Effective
/// Go, the Java code conventions.
///
/// ```
/// use devops_analyzers::language::Language;
/// use devops_analyzers::naming::{NameKind, NameStyle, convention};
///
/// assert_eq!(convention(Language::Rust, NameKind::Constant), [NameStyle::UpperSnake]);
/// assert!(convention(Language::C, NameKind::Function).is_empty());
/// ```
#[must_use]
pub const fn convention(language: Language, kind: NameKind) -> &'static [NameStyle] {
    use NameStyle::{Camel, Pascal, Snake, UpperSnake};
    match (language, kind) {
        (Language::Rust, NameKind::Function | NameKind::Variable | NameKind::Module) => &[Snake],
        (Language::Rust, NameKind::Type | NameKind::Variant) => &[Pascal],
        (Language::Rust, NameKind::Constant) => &[UpperSnake],
        (Language::Python, NameKind::Function) => &[Snake],
        (Language::Python, NameKind::Type) => &[Pascal],
        // A component of React is a function with a capital, a constant may be anything but snake_case.
        (Language::JavaScript | Language::TypeScript | Language::Tsx, kind) => match kind {
            NameKind::Function => &[Camel, Pascal],
            NameKind::Type => &[Pascal],
            NameKind::Constant => &[Camel, UpperSnake, Pascal],
            NameKind::Variable => &[Camel, UpperSnake, Pascal],
            _ => &[],
        },
        (Language::Go, _) => &[Camel, Pascal],
        (Language::Java, NameKind::Function) => &[Camel],
        (Language::Java, NameKind::Type) => &[Pascal],
        (Language::Java, NameKind::Constant) => &[UpperSnake],
        _ => &[],
    }
}

/// Whether a name is right, or is none that the convention can speak of.
pub(super) fn is_fine(language: Language, declaration: &Declaration) -> bool {
    let name = &*declaration.name;
    let styles = convention(language, declaration.kind);
    if declaration.given || styles.is_empty() || styles.iter().any(|style| style.fits(name)) {
        return true;
    }
    match language {
        Language::Python => is_fine_python(name, declaration.kind),
        // A logger and a serial number are constants that Java writes small; fields that are objects too.
        Language::Java if declaration.kind == NameKind::Constant => NameStyle::Camel.fits(name),
        Language::Go => is_go_exception(name),
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            name.contains('$') || name.starts_with("__")
        }
        _ => false,
    }
}

/// `setUp`, `visit_Name` and the like override what others named; private classes may be small.
fn is_fine_python(name: &str, kind: NameKind) -> bool {
    if kind == NameKind::Type {
        return name.starts_with('_') && NameStyle::Camel.fits(name);
    }
    const GIVEN: [&str; 12] = [
        "setUp",
        "tearDown",
        "setUpClass",
        "tearDownClass",
        "setUpModule",
        "tearDownModule",
        "asyncSetUp",
        "asyncTearDown",
        "maxDiff",
        "runTest",
        "addCleanup",
        "getLogger",
    ];
    const PREFIXES: [&str; 7] = ["visit_", "depart_", "test_", "do_", "handle_", "generic_visit", "assert"];
    let dunder = name.starts_with("__") && name.ends_with("__");
    GIVEN.contains(&name) || dunder || PREFIXES.iter().any(|p| name.trim_start_matches('_').starts_with(p))
}

/// Names of tests, of benchmarks and of what cgo exports may have underscores.
fn is_go_exception(name: &str) -> bool {
    ["Test", "Benchmark", "Example", "Fuzz", "_C", "C_"].iter().any(|p| name.starts_with(p)) || name == "_"
}
