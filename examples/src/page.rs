//! One self-contained HTML page: its style is inside, it loads nothing, it knows light, dark and paper.

use std::fmt::Write as _;

use crate::escape;

const STYLE: &str = include_str!("page.css");

/// A cell of a table.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Words, at the left.
    Text(String),
    /// A number, at the right.
    Number(String),
}

impl Cell {
    fn write(&self, out: &mut String, tag: &str) {
        let (class, words) = match self {
            Self::Text(words) => ("", words),
            Self::Number(words) => (" class=\"number\"", words),
        };
        let _ = write!(out, "<{tag}{class}>{}</{tag}>", escape(words));
    }
}

/// How good news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// No news.
    Plain,
    /// Good news.
    Good,
    /// Bad news.
    Bad,
    /// To be looked at.
    Warn,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warn => "warn",
        }
    }
}

/// A number to see at once, with what it is and what it rests on.
#[derive(Debug, Clone)]
pub struct Card {
    /// What the number is.
    pub label: String,
    /// The number.
    pub value: String,
    /// What it rests on.
    pub detail: String,
    /// How good it is.
    pub tone: Tone,
}

/// A page that is written from top to bottom. All words are made safe.
///
/// ```
/// use devops_examples::{Cell, Page};
///
/// let mut page = Page::new("Delivery of <shop>", "Second quarter");
/// page.heading("Numbers");
/// page.table(&["Month", "Deployments"], &[vec![Cell::Text("May".into()), Cell::Number("12".into())]]);
/// let html = page.finish("Made by an example.");
/// assert!(html.starts_with("<!doctype html>") && html.contains("Delivery of &lt;shop&gt;"));
/// assert!(!html.contains("http"));
/// ```
#[derive(Debug)]
pub struct Page {
    title: String,
    body: String,
}

impl Page {
    /// A page with its title and a line below it.
    #[must_use]
    pub fn new(title: &str, lead: &str) -> Self {
        let body = format!("<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", escape(title), escape(lead));
        Self { title: escape(title), body }
    }

    /// A new section.
    pub fn heading(&mut self, words: &str) {
        let _ = writeln!(self.body, "<h2>{}</h2>", escape(words));
    }

    /// A part of a section.
    pub fn subheading(&mut self, words: &str) {
        let _ = writeln!(self.body, "<h3>{}</h3>", escape(words));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, words: &str) {
        let _ = writeln!(self.body, "<p>{}</p>", escape(words));
    }

    /// A paragraph for those who want to know exactly.
    pub fn note(&mut self, words: &str) {
        let _ = writeln!(self.body, "<p class=\"note\">{}</p>", escape(words));
    }

    /// Numbers side by side.
    pub fn cards(&mut self, cards: &[Card]) {
        self.body.push_str("<div class=\"cards\">\n");
        for card in cards {
            let _ = writeln!(
                self.body,
                "<div class=\"card\"><span>{}</span><b class=\"{}\">{}</b><span>{}</span></div>",
                escape(&card.label),
                card.tone.class(),
                escape(&card.value),
                escape(&card.detail)
            );
        }
        self.body.push_str("</div>\n");
    }

    /// A table; a heading stands above numbers where the first row has a number.
    pub fn table(&mut self, head: &[&str], rows: &[Vec<Cell>]) {
        self.body.push_str("<div class=\"scroll\"><table>\n<tr>");
        for (index, words) in head.iter().enumerate() {
            let number =
                rows.first().and_then(|r| r.get(index)).is_some_and(|c| matches!(c, Cell::Number(_)));
            let words = (*words).to_string();
            let cell = if number { Cell::Number(words) } else { Cell::Text(words) };
            cell.write(&mut self.body, "th");
        }
        self.body.push_str("</tr>\n");
        for row in rows {
            self.body.push_str("<tr>");
            row.iter().for_each(|cell| cell.write(&mut self.body, "td"));
            self.body.push_str("</tr>\n");
        }
        self.body.push_str("</table></div>\n");
    }

    /// A picture by [`Svg::into_inline`](crate::Svg::into_inline), with a line below it unless that is empty.
    pub fn figure(&mut self, picture: &str, caption: &str) {
        let caption = escape(caption);
        let caption =
            if caption.is_empty() { caption } else { format!("<figcaption>{caption}</figcaption>") };
        let _ = writeln!(self.body, "<figure>\n{picture}{caption}</figure>");
    }

    /// A part that is shut until it is clicked; `write` fills it.
    pub fn details(&mut self, summary: &str, write: impl FnOnce(&mut Self)) {
        let _ = writeln!(self.body, "<details><summary>{}</summary>", escape(summary));
        write(self);
        self.body.push_str("</details>\n");
    }

    /// The whole page.
    #[must_use]
    pub fn finish(self, footer: &str) -> String {
        let Self { title, body } = self;
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}<footer>{}</footer>\n</main>\n</body>\n</html>\n",
            escape(footer)
        )
    }
}
