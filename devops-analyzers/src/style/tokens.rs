//! Rules that must know code from comments and strings.

use core::ops::Range;

use super::rule::StyleRule;
use crate::language::{Language, Token, TokenKind, tokens};
use crate::new_side::{NewSide, Piece};
use devops_core::RepoPath;

/// What a rule found: which, the message, the line of the piece from 1, the bytes of the piece.
#[derive(Debug)]
pub(super) struct TokenHit {
    pub(super) rule: StyleRule,
    pub(super) message: String,
    pub(super) line: u32,
    pub(super) bytes: Range<usize>,
}

/// Left-over output and notes without owner in the code of a piece.
pub(super) fn token_faults(side: &NewSide<'_>, piece: &Piece<'_>, language: Language) -> Vec<TokenHit> {
    let all = tokens(language, &piece.text);
    let mut hits = Vec::new();
    let debugging = language.is_code() && !prints_by_nature(side.path);
    let mut code: Vec<Token> = Vec::with_capacity(4);
    for token in all {
        if token.kind == TokenKind::Comment {
            notes(&token, &piece.text, &mut hits);
        } else if token.is_code() && debugging {
            if code.len() == 4 {
                code.remove(0);
            }
            code.push(token);
            if let Some((start, shown)) = leftover(language, &code, &piece.text) {
                let message = format!("`{shown}` left in the code");
                let bytes = start.start..token.end;
                hits.push(TokenHit { rule: StyleRule::DebugLeftover, message, line: start.line, bytes });
            }
        }
    }
    hits
}

/// Programs, tests, scripts and examples print as part of what they do.
fn prints_by_nature(path: &RepoPath) -> bool {
    const DIRECTORIES: [&[u8]; 16] = [
        b"bin",
        b"cli",
        b"cmd",
        b"examples",
        b"example",
        b"scripts",
        b"script",
        b"tests",
        b"test",
        b"__tests__",
        b"benches",
        b"tools",
        b"docs",
        b"demo",
        b"xtask",
        b"testdata",
    ];
    const NAMES: [&str; 8] = ["main", "build", "setup", "cli", "__main__", "manage", "conftest", "noxfile"];
    let name = path.file_name();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let test = stem.starts_with("test_")
        || stem.ends_with("_test")
        || name.contains(".test.")
        || name.contains(".spec.")
        || stem.ends_with("Test")
        || stem == "tests"
        || name.contains(".config.")
        || path.extension().is_none();
    let mut directories = path.directory().unwrap_or_default().split(|b| *b == b'/');
    test || NAMES.contains(&stem) || directories.any(|d| DIRECTORIES.contains(&d))
}

/// Whether the last of up to four tokens completes a call or word of debugging; the first token of it and what
/// to call it.
fn leftover(language: Language, code: &[Token], source: &[u8]) -> Option<(Token, &'static str)> {
    let text = |back: usize| {
        let at = code.len().checked_sub(back.saturating_add(1))?;
        code.get(at).map(|t| t.text(source))
    };
    let token = |back: usize| code.get(code.len().checked_sub(back.saturating_add(1))?).copied();
    let pattern = patterns(language).iter().find(|(parts, _)| {
        let fits = parts.iter().rev().enumerate().all(|(back, part)| text(back) == Some(*part));
        let member =
            matches!(text(parts.len()), Some(b"." | b"::" | b"->" | b"fn" | b"def" | b"func" | b"function"));
        fits && !member
    })?;
    let first = token(pattern.0.len().checked_sub(1)?)?;
    Some((first, pattern.1))
}

/// The last tokens of what is meant for debugging, with its name.
const fn patterns(language: Language) -> &'static [(&'static [&'static [u8]], &'static str)] {
    match language {
        Language::Rust => &[
            (&[b"dbg", b"!", b"("], "dbg!"),
            (&[b"println", b"!", b"("], "println!"),
            (&[b"todo", b"!", b"("], "todo!"),
        ],
        Language::Python => &[
            (&[b"print", b"("], "print"),
            (&[b"breakpoint", b"("], "breakpoint"),
            (&[b"pdb", b".", b"set_trace"], "pdb.set_trace"),
            (&[b"import", b"pdb"], "import pdb"),
            (&[b"import", b"ipdb"], "import ipdb"),
        ],
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            &[(&[b"console", b".", b"log"], "console.log"), (&[b"debugger", b";"], "debugger")]
        }
        Language::Go => &[
            (&[b"fmt", b".", b"Println", b"("], "fmt.Println"),
            (&[b"fmt", b".", b"Printf", b"("], "fmt.Printf"),
            (&[b"spew", b".", b"Dump"], "spew.Dump"),
        ],
        Language::Java => &[
            (&[b"System", b".", b"out", b"."], "System.out"),
            (&[b"printStackTrace", b"(", b")"], "printStackTrace"),
        ],
        Language::Kotlin | Language::Scala => &[(&[b"println", b"("], "println")],
        Language::Swift => &[(&[b"debugPrint", b"("], "debugPrint")],
        Language::CSharp => &[
            (&[b"Console", b".", b"WriteLine"], "Console.WriteLine"),
            (&[b"Debugger", b".", b"Break"], "Debugger.Break"),
        ],
        Language::Php => {
            &[(&[b"var_dump", b"("], "var_dump"), (&[b"print_r", b"("], "print_r"), (&[b"dd", b"("], "dd")]
        }
        Language::Ruby => &[(&[b"binding", b".", b"pry"], "binding.pry"), (&[b"byebug"], "byebug")],
        _ => &[],
    }
}

/// `TODO`, `FIXME`, `XXX` and `HACK` at the start of a line of a comment, without a name or issue near.
fn notes(token: &Token, source: &[u8], hits: &mut Vec<TokenHit>) {
    let mut start = token.start;
    let mut line = token.line;
    for text in token.text(source).split(|b| *b == b'\n') {
        let lead = text
            .iter()
            .take_while(|b| {
                b.is_ascii_whitespace() || matches!(b, b'/' | b'*' | b'#' | b'-' | b'!' | b'<' | b'"')
            })
            .count();
        let said = text.get(lead..).unwrap_or_default();
        if let Some(word) =
            [&b"TODO"[..], b"FIXME", b"XXX", b"HACK"].into_iter().find(|w| said.starts_with(w))
        {
            let behind = said.get(word.len()..).unwrap_or_default();
            if !behind.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') && !has_owner(behind)
            {
                let word_shown = String::from_utf8_lossy(word);
                let at = start.saturating_add(lead);
                hits.push(TokenHit {
                    rule: StyleRule::TodoOwner,
                    message: format!("`{word_shown}` without an owner or an issue"),
                    line,
                    bytes: at..at.saturating_add(word.len()),
                });
            }
        }
        start = start.saturating_add(text.len()).saturating_add(1);
        line = line.saturating_add(1);
    }
}

/// `(ada)`, `@ada`, `#12`, `ABC-12` or a link in the rest of the line.
fn has_owner(rest: &[u8]) -> bool {
    let bracket = rest.trim_ascii_start();
    let named = (bracket.starts_with(b"(") || bracket.starts_with(b"["))
        && bracket.get(1).is_some_and(|b| !matches!(b, b')' | b']'));
    let link = rest.windows(3).any(|part| part == b"://");
    let marked = rest.windows(2).any(|pair| match pair {
        [b'@', name] => name.is_ascii_alphabetic(),
        [b'#', number] => number.is_ascii_digit(),
        _ => false,
    });
    let ticket = rest.split(|b| !(b.is_ascii_alphanumeric() || *b == b'-')).any(|word| {
        let mut parts = word.split(|b| *b == b'-');
        let key = parts.next().unwrap_or_default();
        let number = parts.next().unwrap_or_default();
        key.len() > 1
            && key.iter().all(u8::is_ascii_uppercase)
            && !number.is_empty()
            && number.iter().all(u8::is_ascii_digit)
            && !matches!(key, b"UTF" | b"ISO" | b"SHA" | b"RFC")
    });
    named || link || marked || ticket
}
