//! Go's regular expressions in Rust's syntax.
//!
//! Both are descendants of RE2 and differ in little: what is a literal in Go may be an operator in Rust. Rules
//! are matched on bytes with ASCII classes (as Go's `\w`, `\d`, `\s` and `\b` are), so a character beyond ASCII
//! is matched as itself, in one case.

use std::iter::Peekable;
use std::str::Chars;

/// Writes a Go pattern so that [`regex`] reads it with the same meaning.
///
/// What is no valid pattern in either syntax is passed on, so that the compiler reports it.
pub(super) fn to_rust(pattern: &str) -> String {
    let mut writer = Writer { rest: pattern.chars().peekable(), out: String::with_capacity(pattern.len()) };
    while let Some(c) = writer.rest.next() {
        match c {
            '\\' => writer.escape(false),
            '[' => writer.class(),
            '{' => writer.brace(),
            c if c.is_ascii() => writer.out.push(c),
            c => writer.exact(c),
        }
    }
    writer.out
}

struct Writer<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
}

impl Writer<'_> {
    /// A character beyond ASCII, which has no other case in a pattern of bytes.
    fn exact(&mut self, c: char) {
        self.out.push_str("(?-i:");
        self.out.push(c);
        self.out.push(')');
    }

    fn literal(&mut self, c: char) {
        // Rust reads `\<` and `\>` as the ends of words.
        if c.is_ascii_punctuation() && !matches!(c, '<' | '>') {
            self.out.push('\\');
        }
        self.out.push(c);
    }

    /// Behind a backslash.
    fn escape(&mut self, in_class: bool) {
        match self.rest.next() {
            None => self.out.push('\\'),
            Some('Q') if !in_class => self.quoted(),
            Some(digit @ '0'..='7') => self.octal(digit),
            Some(c) if c.is_ascii_alphanumeric() => {
                self.out.push('\\');
                self.out.push(c);
            }
            Some(c) if c.is_ascii() => self.literal(c),
            Some(c) if in_class => self.out.push(c),
            Some(c) => self.exact(c),
        }
    }

    /// `\Q…\E`: everything is a literal.
    fn quoted(&mut self) {
        while let Some(c) = self.rest.next() {
            if c == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return;
            }
            if c.is_ascii() {
                self.literal(c);
            } else {
                self.exact(c);
            }
        }
    }

    /// `\012`: a character by its octal number; `\1` alone is a back reference, which neither syntax has.
    fn octal(&mut self, first: char) {
        if first != '0' && !self.rest.peek().is_some_and(|c| ('0'..='7').contains(c)) {
            self.out.push('\\');
            self.out.push(first);
            return;
        }
        let mut value = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(next) = self.rest.next_if(|c| ('0'..='7').contains(c)) else { break };
            value = value.saturating_mul(8).saturating_add(next.to_digit(8).unwrap_or(0));
        }
        self.out.push_str(&format!("\\x{{{value:X}}}"));
    }

    /// `{`: a repetition where it is written as one, else a literal.
    fn brace(&mut self) {
        let mut ahead = self.rest.clone();
        let mut body = String::new();
        while let Some(c) = ahead.next_if(|c| c.is_ascii_digit() || *c == ',') {
            body.push(c);
        }
        let starts = body.starts_with(|c: char| c.is_ascii_digit());
        if starts && body.matches(',').count() <= 1 && ahead.next() == Some('}') {
            self.out.push('{');
        } else {
            self.out.push_str("\\{");
        }
    }

    /// `[…]`. Rust also knows classes within classes and the set operators `&&`, `--` and `~~`, which are
    /// literals in Go.
    fn class(&mut self) {
        let start = self.out.len();
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut wide = false;
        let mut first = true;
        while let Some(c) = self.rest.next() {
            match c {
                ']' if !first => {
                    self.out.push(']');
                    break;
                }
                '[' if self.rest.peek() == Some(&':') => self.named_class(),
                '\\' => {
                    wide |= self.rest.peek().is_some_and(|c| !c.is_ascii());
                    self.escape(true);
                }
                '-' => self.hyphen(first),
                c if c.is_ascii() => self.literal(c),
                c => {
                    wide = true;
                    self.out.push(c);
                }
            }
            first = false;
        }
        if wide {
            self.widen(start);
        }
    }

    /// `-` in a class: a range between two characters, else a literal.
    fn hyphen(&mut self, first: bool) {
        let last = self.rest.peek() == Some(&']');
        let behind_class =
            ["\\w", "\\d", "\\s", "\\W", "\\D", "\\S", ":]"].iter().any(|c| self.out.ends_with(c));
        if first || last || behind_class {
            self.out.push_str("\\-");
            return;
        }
        self.out.push('-');
        if self.rest.next_if_eq(&'-').is_some() {
            self.out.push_str("\\-");
        }
    }

    /// `[:alpha:]`, or a `[` and a `:` where it is none.
    fn named_class(&mut self) {
        let mut ahead = self.rest.clone();
        let name: String =
            std::iter::from_fn(|| ahead.next_if(|c| matches!(c, ':' | '^' | 'a'..='z'))).collect();
        if name.len() > 2 && name.ends_with(':') && ahead.next() == Some(']') {
            self.out.push('[');
            self.out.push_str(&name);
            self.out.push(']');
            self.rest = ahead;
        } else {
            self.out.push_str("\\[");
        }
    }

    /// A class with characters beyond ASCII is matched by character, in the case that is written.
    fn widen(&mut self, start: usize) {
        let class = self.out.split_off(start);
        let class =
            class.replace("\\w", "0-9A-Za-z_").replace("\\d", "0-9").replace("\\s", "\\t\\n\\x0C\\r ");
        self.out.push_str("(?u-i:");
        self.out.push_str(&class);
        self.out.push(')');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compile(pattern: &str) -> regex::bytes::Regex {
        let rust = to_rust(pattern);
        regex::bytes::RegexBuilder::new(&rust)
            .unicode(false)
            .build()
            .unwrap_or_else(|e| panic!("{pattern} -> {rust}: {e}"))
    }

    #[test]
    fn what_go_takes_literally() {
        for (pattern, matches, refuses) in [
            (r"^\$(?:\d+|{\d+})$", "${1}", "$1}"),
            (r"^\{\d{0,2}}$", "{12}", "{123}"),
            (r"a{,2}", "a{,2}", "aa"),
            (r"a{2,3}b", "aab", "ab"),
            (r"[[]x", "[x", "]x"),
            (r"[]a]+", "]a", "b"),
            (r"[^]]x", "ax", "]x"),
            (r"[a&&b]{4}", "a&&b", "abc"),
            (r"[+--]", ",", "*"),
            (r"[a~~-]{3}", "~-a", "b"),
            (r"[\w=~@.+/-]{4}", "=~@-", "(((("),
            (r"\<b\>", "<b>", "b"),
            (r"\Qa.b*\E+", "a.b**", "aab"),
            (r"[[:alpha:]-]+", "a-b", "1"),
            (r"\x60\012", "`\n", "`"),
            (r#"[\s\S-]{2,}?K"#, "x\nK", "K"),
            (r"(?P<k>a)(?i)b", "aB", "Ab"),
            (r"[\w-]é", "-é", "-e"),
            (r"^[é\w]+$", "éa1", "ö"),
            (r"(?i)Éa", "ÉA", "éa"),
        ] {
            let regex = compile(pattern);
            assert!(regex.is_match(matches.as_bytes()), "{pattern} on {matches}");
            assert!(!regex.is_match(refuses.as_bytes()), "{pattern} on {refuses}");
        }
    }

    #[test]
    fn classes_are_ascii() {
        assert!(!compile(r"^\w$").is_match("é".as_bytes()));
        assert!(!compile(r"^\d$").is_match("٣".as_bytes()));
        assert!(compile(r"a\b").is_match("aé".as_bytes()));
    }

    proptest! {
        #[test]
        fn any_text_is_written(pattern in "\\PC{0,60}") {
            let rust = to_rust(&pattern);
            let _ = regex::bytes::RegexBuilder::new(&rust).unicode(false).size_limit(1 << 16).build();
        }

        #[test]
        fn an_escaped_text_matches_itself(text in "[ -~]{1,40}") {
            let quoted: String = text
                .chars()
                .map(|c| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() })
                .collect();
            prop_assert_eq!(compile(&format!("^{quoted}$")).is_match(text.as_bytes()), true);
        }
    }
}
