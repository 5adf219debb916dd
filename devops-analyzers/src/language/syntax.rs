//! What the tokenizer must know of each language.

use super::Language;

/// How a language writes comments and strings.
#[derive(Debug)]
pub(super) struct Syntax {
    /// What starts a comment to the end of the line.
    pub(super) line_comments: &'static [&'static [u8]],
    /// A `#` starts a comment only behind white space.
    pub(super) spaced_hash: bool,
    /// What starts and ends a block comment.
    pub(super) block: Option<(&'static [u8], &'static [u8])>,
    /// Block comments hold block comments.
    pub(super) nested: bool,
    /// Quotes of strings that end with their line and know `\` escapes.
    pub(super) quotes: &'static [u8],
    /// Quotes of strings that may go over several lines and know `\` escapes.
    pub(super) long_quotes: &'static [u8],
    /// Quotes of strings that may go over several lines and know no escapes.
    pub(super) raw_quotes: &'static [u8],
    /// Three double quotes make a string of several lines.
    pub(super) triple: bool,
    /// A single quote starts a character.
    pub(super) chars: bool,
    /// Signs that are part of a name besides letters, digits and `_`.
    pub(super) word_signs: &'static [u8],
    /// Lines that start with `#` are for the preprocessor.
    pub(super) directives: bool,
}

const BASE: Syntax = Syntax {
    line_comments: &[],
    spaced_hash: false,
    block: None,
    nested: false,
    quotes: b"",
    long_quotes: b"",
    raw_quotes: b"",
    triple: false,
    chars: false,
    word_signs: b"",
    directives: false,
};

/// Comments and strings as in C.
const C_LIKE: Syntax =
    Syntax { line_comments: &[b"//"], block: Some((b"/*", b"*/")), quotes: b"\"", chars: true, ..BASE };
const RUST: Syntax = Syntax { nested: true, quotes: b"", long_quotes: b"\"", ..C_LIKE };
const PYTHON: Syntax = Syntax { line_comments: &[b"#"], quotes: b"\"'", ..BASE };
const JAVASCRIPT: Syntax = Syntax { quotes: b"\"'", chars: false, word_signs: b"$", ..C_LIKE };
const GO: Syntax = Syntax { raw_quotes: b"`", ..C_LIKE };
const JAVA: Syntax = Syntax { triple: true, word_signs: b"$", ..C_LIKE };
const C: Syntax = Syntax { directives: true, ..C_LIKE };
const C_SHARP: Syntax = Syntax { triple: true, directives: true, ..C_LIKE };
const SWIFT: Syntax = Syntax { triple: true, nested: true, chars: false, ..C_LIKE };
const KOTLIN: Syntax = Syntax { triple: true, nested: true, ..C_LIKE };
const PHP: Syntax = Syntax {
    line_comments: &[b"//", b"#"],
    quotes: b"",
    long_quotes: b"\"'",
    chars: false,
    word_signs: b"$",
    ..C_LIKE
};
const RUBY: Syntax =
    Syntax { line_comments: &[b"#"], spaced_hash: true, long_quotes: b"\"'`", word_signs: b"@$", ..BASE };
const SHELL: Syntax =
    Syntax { line_comments: &[b"#"], spaced_hash: true, long_quotes: b"\"", raw_quotes: b"'", ..BASE };
const SQL: Syntax =
    Syntax { line_comments: &[b"--"], block: Some((b"/*", b"*/")), raw_quotes: b"'\"", ..BASE };
const CSS: Syntax =
    Syntax { block: Some((b"/*", b"*/")), line_comments: &[], quotes: b"\"'", word_signs: b"-", ..BASE };
const MARKUP: Syntax = Syntax { block: Some((b"<!--", b"-->")), ..BASE };
const YAML: Syntax = Syntax { line_comments: &[b"#"], spaced_hash: true, word_signs: b"-", ..BASE };
const TOML: Syntax = Syntax { line_comments: &[b"#"], quotes: b"\"", triple: true, word_signs: b"-", ..BASE };
const JSON: Syntax = Syntax { line_comments: &[b"//"], block: Some((b"/*", b"*/")), quotes: b"\"", ..BASE };

impl Syntax {
    /// That of the language.
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::Rust => &RUST,
            Language::Python => &PYTHON,
            Language::JavaScript | Language::TypeScript | Language::Tsx => &JAVASCRIPT,
            Language::Go => &GO,
            Language::Java => &JAVA,
            Language::C | Language::Cpp => &C,
            Language::CSharp => &C_SHARP,
            Language::Kotlin | Language::Scala => &KOTLIN,
            Language::Swift => &SWIFT,
            Language::Php => &PHP,
            Language::Ruby => &RUBY,
            Language::Shell | Language::Dockerfile | Language::Make => &SHELL,
            Language::Sql => &SQL,
            Language::Css => &CSS,
            Language::Markup | Language::Markdown => &MARKUP,
            Language::Yaml => &YAML,
            Language::Toml => &TOML,
            Language::Json => &JSON,
        }
    }
}
