//! Colours the plain text report.

use anstyle::{AnsiColor, Style};

/// The report with colours: the outcome, the status of each stage, severities and headings.
#[must_use]
pub fn paint(report: &str) -> String {
    let mut painted = String::with_capacity(report.len() * 2);
    let mut behind_blank = true;
    for line in report.lines() {
        // A heading stands behind a blank line; a row of the table of stages is told by its columns.
        let heading = behind_blank && !line.starts_with(' ') && !line.contains("  ");
        behind_blank = line.is_empty();
        match (heading, style_of(line)) {
            (true, style) => {
                let style = style.unwrap_or_default().bold();
                painted.push_str(&format!("{style}{line}{style:#}"));
            }
            (false, Some(style)) => painted.push_str(&paint_word(line, style)),
            (false, None) => painted.push_str(line),
        }
        painted.push('\n');
    }
    painted
}

/// Words that say how something stands, and their colours.
const WORDS: [(&str, AnsiColor); 13] = [
    ("failed", AnsiColor::Red),
    ("errored", AnsiColor::Red),
    ("critical", AnsiColor::Red),
    ("cancelled", AnsiColor::Red),
    ("rolled", AnsiColor::Red),
    ("warning", AnsiColor::Yellow),
    ("warnings", AnsiColor::Yellow),
    ("inconclusive", AnsiColor::Yellow),
    ("major", AnsiColor::Yellow),
    ("passed", AnsiColor::Green),
    ("succeeded", AnsiColor::Green),
    ("minor", AnsiColor::Cyan),
    ("skipped", AnsiColor::BrightBlack),
];

/// The colour of the first word among the first four that says how something stands.
fn style_of(line: &str) -> Option<Style> {
    let color = line.split_whitespace().take(4).find_map(color_of)?;
    Some(Style::new().fg_color(Some(color.into())))
}

fn color_of(word: &str) -> Option<AnsiColor> {
    let word = word.trim_matches(|c: char| !c.is_alphabetic());
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, color)| *color)
}

/// Colours that word alone.
fn paint_word(line: &str, style: Style) -> String {
    let Some(word) = line.split_whitespace().take(4).find(|w| color_of(w).is_some()) else {
        return line.to_owned();
    };
    line.replacen(word, &format!("{style}{word}{style:#}"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_add_nothing_but_colours() {
        let plain =
            "job: failed at test: x\n\ntest           failed       –  1 of 3\n\nWhat to do\n  1. fix it\n";
        let painted = paint(plain);
        assert_ne!(painted, plain);
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), plain);
    }
}
