//! Ways to write names of several words.

use core::fmt;

/// A way to write a name of several words.
///
/// ```
/// use devops_analyzers::naming::NameStyle;
///
/// assert!(NameStyle::Snake.fits("line_count2") && !NameStyle::Snake.fits("lineCount"));
/// assert!(NameStyle::Pascal.fits("HttpServer") && NameStyle::Camel.fits("httpServer"));
/// assert_eq!(NameStyle::Snake.convert("HTTPServerName"), "http_server_name");
/// assert_eq!(NameStyle::Pascal.convert("line_count"), "LineCount");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the four ways that languages ask for")]
pub enum NameStyle {
    /// `line_count`
    Snake,
    /// `LINE_COUNT`
    UpperSnake,
    /// `lineCount`
    Camel,
    /// `LineCount`
    Pascal,
}

impl NameStyle {
    /// How the way is called.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Snake => "snake_case",
            Self::UpperSnake => "UPPER_CASE",
            Self::Camel => "camelCase",
            Self::Pascal => "PascalCase",
        }
    }

    /// Whether the name is written so. Underscores at both ends do not count; letters without case, as in
    /// Chinese, fit every way.
    #[must_use]
    pub fn fits(self, name: &str) -> bool {
        let name = name.trim_matches('_');
        let (lower, upper) = (name.chars().any(char::is_lowercase), name.chars().any(char::is_uppercase));
        let first = name.chars().next();
        let inner = name.contains('_');
        match self {
            Self::Snake => !upper,
            Self::UpperSnake => !lower,
            Self::Camel => !inner && !first.is_some_and(char::is_uppercase),
            // One capital and digits, such as `T1`, is a type; more capitals alone are an abbreviation.
            Self::Pascal => !first.is_some_and(char::is_lowercase) && !has_joining_underscore(name),
        }
    }

    /// The name written so, with the underscores at its ends kept.
    #[must_use]
    pub fn convert(self, name: &str) -> String {
        let core = name.trim_matches('_');
        let lead = name.len().saturating_sub(name.trim_start_matches('_').len());
        let words = words(core);
        let separator = if matches!(self, Self::Snake | Self::UpperSnake) { "_" } else { "" };
        let written: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(at, word)| match self {
                Self::Snake => word.to_lowercase(),
                Self::UpperSnake => word.to_uppercase(),
                Self::Camel if at == 0 => word.to_lowercase(),
                Self::Camel | Self::Pascal => capitalised(word),
            })
            .collect();
        format!("{}{}", "_".repeat(lead), written.join(separator))
    }
}

impl fmt::Display for NameStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An underscore between letters; between digits it parts numbers, as in `V1_2`.
fn has_joining_underscore(name: &str) -> bool {
    let signs: Vec<char> = name.chars().collect();
    signs.windows(3).any(|part| match part {
        [before, '_', after] => !(before.is_numeric() || after.is_numeric()),
        _ => false,
    }) || name.contains("__")
}

fn capitalised(word: &str) -> String {
    let mut signs = word.chars();
    let first = signs.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    first + &signs.as_str().to_lowercase()
}

/// The words of a name, parted at underscores and where capitals start.
fn words(name: &str) -> Vec<String> {
    let signs: Vec<char> = name.chars().collect();
    let mut all = vec![String::new()];
    for (at, sign) in signs.iter().enumerate() {
        if *sign == '_' || *sign == '-' {
            all.push(String::new());
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| signs.get(at));
        let after = signs.get(at.saturating_add(1));
        let starts = sign.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase()
                    || b.is_numeric()
                    || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if starts {
            all.push(String::new());
        }
        if let Some(word) = all.last_mut() {
            word.push(*sign);
        }
    }
    all.retain(|word| !word.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fits() {
        use NameStyle::{Camel, Pascal, Snake, UpperSnake};
        for (name, all) in [
            ("a", &[Snake, Camel][..]),
            ("a_b", &[Snake]),
            ("aB", &[Camel]),
            ("AB", &[UpperSnake, Pascal]),
            ("A_B", &[UpperSnake]),
            ("Ab", &[Pascal]),
            ("V1_2", &[UpperSnake, Pascal]),
            ("_x", &[Snake, Camel]),
            ("_", &[Snake, UpperSnake, Camel, Pascal]),
            ("名前", &[Snake, UpperSnake, Camel, Pascal]),
            ("a_B", &[]),
        ] {
            let found: Vec<_> =
                [Snake, UpperSnake, Camel, Pascal].into_iter().filter(|s| s.fits(name)).collect();
            let mut expected = all.to_vec();
            expected.sort_by_key(|s| [Snake, UpperSnake, Camel, Pascal].iter().position(|x| x == s));
            assert_eq!(found, expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn what_is_converted_fits(name in "[a-zA-Z][a-zA-Z0-9_]{0,12}") {
            for style in [NameStyle::Snake, NameStyle::UpperSnake, NameStyle::Camel, NameStyle::Pascal] {
                let converted = style.convert(&name);
                prop_assert!(style.fits(&converted), "{} {} {}", style, name, converted);
            }
        }
    }
}
