//! What the words of each brace language mean to the count.

use crate::language::Language;

/// What a word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// `if`.
    If,
    /// `else`.
    Else,
    /// A loop that is tested at its head.
    Loop,
    /// A loop that is tested at its foot.
    Do,
    /// A choice among many.
    Switch,
    /// A handler of errors.
    Catch,
    /// Starts a function.
    Function,
    /// Starts a type, a module or another scope of functions.
    Container,
    /// One of the choices.
    Case,
    /// The choice for the rest.
    Default,
    /// `break` or `continue`.
    Jump,
    /// `goto`.
    Goto,
    /// `new`.
    New,
    /// `and` or `or` in letters.
    Logic,
    /// No name of a function, though a bracket may follow.
    Reserved,
}

/// What that word means in that language; `None` for a name.
pub(super) fn class(language: Language, word: &[u8]) -> Option<Class> {
    use Language as L;
    let script = language.is_javascript_family();
    let c_family = matches!(language, L::C | L::Cpp);
    let found = match word {
        b"if" => Class::If,
        b"else" => Class::Else,
        b"for" | b"while" => Class::Loop,
        b"loop" if language == L::Rust => Class::Loop,
        b"foreach" if matches!(language, L::CSharp | L::Php) => Class::Loop,
        b"do" if !matches!(language, L::Rust | L::Go | L::Swift) => Class::Do,
        b"repeat" if language == L::Swift => Class::Do,
        b"switch" if !matches!(language, L::Rust | L::Kotlin | L::Scala) => Class::Switch,
        b"match" if matches!(language, L::Rust | L::Php | L::Scala) => Class::Switch,
        b"select" if language == L::Go => Class::Switch,
        b"when" if language == L::Kotlin => Class::Switch,
        b"catch" if !matches!(language, L::Rust | L::Go | L::C) => Class::Catch,
        b"guard" if language == L::Swift => Class::If,
        b"fn" if matches!(language, L::Rust) => Class::Function,
        b"func" if matches!(language, L::Go | L::Swift) => Class::Function,
        b"function" if script || language == L::Php => Class::Function,
        b"fun" if language == L::Kotlin => Class::Function,
        b"def" if language == L::Scala => Class::Function,
        b"class" if !matches!(language, L::Rust | L::Go | L::C) => Class::Container,
        b"struct" | b"enum" | b"union" if !script => Class::Container,
        b"impl" | b"mod" if language == L::Rust => Class::Container,
        b"trait" if matches!(language, L::Rust | L::Scala | L::Php) => Class::Container,
        b"interface" if !c_family && language != L::Rust => Class::Container,
        b"namespace" if !matches!(language, L::Rust | L::Go | L::C) => Class::Container,
        b"record" if matches!(language, L::Java | L::CSharp) => Class::Container,
        b"object" if matches!(language, L::Kotlin | L::Scala) => Class::Container,
        b"extension" | b"protocol" if language == L::Swift => Class::Container,
        b"extern" if c_family => Class::Container,
        b"case" if language != L::Rust => Class::Case,
        b"default" if language != L::Rust => Class::Default,
        b"break" | b"continue" => Class::Jump,
        b"goto" if !script && language != L::Rust => Class::Goto,
        b"new" if language != L::Rust && language != L::Go => Class::New,
        b"and" | b"or" if matches!(language, L::Cpp | L::Php) => Class::Logic,
        b"return" | b"throw" | b"typeof" | b"sizeof" | b"await" | b"yield" | b"delete" | b"decltype"
        | b"noexcept" | b"alignas" | b"__attribute__" | b"__declspec" | b"defined" | b"synchronized"
        | b"using" | b"lock" | b"unsafe" | b"fixed" | b"try" | b"finally" | b"requires" | b"super"
        | b"this" | b"with" | b"in" | b"of" | b"as" | b"async" | b"static_assert" | b"_Static_assert" => {
            Class::Reserved
        }
        _ => return None,
    };
    Some(found)
}

/// Whether the head of `if` and loops stands in round brackets, so that a body needs no braces.
pub(super) const fn has_bracketed_heads(language: Language) -> bool {
    !matches!(language, Language::Rust | Language::Go | Language::Swift)
}

/// Whether the end of a line may end a statement.
pub(super) const fn ends_statements_at_line_ends(language: Language) -> bool {
    language.is_javascript_family()
        || matches!(language, Language::Go | Language::Kotlin | Language::Swift | Language::Scala)
}

/// Whether functions are told apart by their parameters too, so that a call of the same name may be another.
pub(super) const fn has_overloads(language: Language) -> bool {
    matches!(
        language,
        Language::Java
            | Language::Cpp
            | Language::CSharp
            | Language::Kotlin
            | Language::Swift
            | Language::Scala
    )
}
