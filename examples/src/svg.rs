//! A small SVG writer: shapes in order, texts made safe, no dependency.

use std::fmt::Write as _;

/// Text made safe for HTML and SVG, in content and in quoted attributes; control characters become blanks.
///
/// ```
/// assert_eq!(devops_examples::escape("a < \"b\"\n"), "a &lt; &quot;b&quot; ");
/// ```
#[must_use]
pub fn escape(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// A picture that is drawn shape by shape. `style` is what stands in the element: `fill="#fff"` in a file of its own,
/// `class="band"` in a [`Page`](crate::Page), whose classes know light and dark.
///
/// ```
/// use devops_examples::Svg;
///
/// let mut svg = Svg::new(100.0, 40.0);
/// svg.line((0.0, 20.0), (100.0, 20.0), "stroke=\"#999\"");
/// svg.text(50.0, 16.0, "text-anchor=\"middle\"", "1 < 2");
/// assert!(svg.into_file().contains(">1 &lt; 2</text>"));
/// ```
#[derive(Debug)]
pub struct Svg {
    width: f64,
    height: f64,
    out: String,
}

impl Svg {
    /// An empty picture of that size in pixels.
    #[must_use]
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, out: String::new() }
    }

    /// A text that starts at that place, or is anchored to it by the style.
    pub fn text(&mut self, x: f64, y: f64, style: &str, words: &str) {
        let _ = writeln!(self.out, "<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{}</text>", escape(words));
    }

    /// A straight line.
    pub fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), style: &str) {
        let _ =
            writeln!(self.out, "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" {style}/>");
    }

    /// A rectangle from its upper left corner.
    pub fn rect(&mut self, (x, y): (f64, f64), width: f64, height: f64, style: &str) {
        let _ = writeln!(
            self.out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" {style}/>"
        );
    }

    /// A dot.
    pub fn circle(&mut self, (x, y): (f64, f64), radius: f64, style: &str) {
        let _ = writeln!(self.out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" {style}/>");
    }

    /// A filled shape.
    pub fn polygon(&mut self, points: impl IntoIterator<Item = (f64, f64)>, style: &str) {
        let _ = writeln!(self.out, "<polygon points=\"{}\" {style}/>", joined(points));
    }

    /// A broken line.
    pub fn polyline(&mut self, points: impl IntoIterator<Item = (f64, f64)>, style: &str) {
        let _ = writeln!(self.out, "<polyline fill=\"none\" points=\"{}\" {style}/>", joined(points));
    }

    /// What is drawn by `draw` tells `words` where the mouse rests on it.
    pub fn told(&mut self, words: &str, draw: impl FnOnce(&mut Self)) {
        let _ = writeln!(self.out, "<g><title>{}</title>", escape(words));
        draw(self);
        self.out.push_str("</g>\n");
    }

    /// A file of its own, on white.
    #[must_use]
    pub fn into_file(self) -> String {
        let Self { width, height, out } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"12\">\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{out}</svg>\n"
        )
    }

    /// A part of a page, as wide as the page lets it be; `said` is read to those who cannot see it.
    #[must_use]
    pub fn into_inline(self, said: &str) -> String {
        let Self { width, height, out } = self;
        format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\n{out}</svg>\n",
            escape(said)
        )
    }
}

fn joined(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    let points: Vec<String> = points.into_iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    points.join(" ")
}

/// Lines of at most that many characters, broken between words.
///
/// ```
/// assert_eq!(devops_examples::wrapped("one two three", 9), ["one two", "three"]);
/// ```
#[must_use]
pub fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let length = |text: &str| text.chars().count();
        if lines.last().is_some_and(|l| !l.is_empty() && length(l) + length(word) >= width) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
