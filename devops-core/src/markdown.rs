//! Text of others inside Markdown.

use alloc::string::String;

/// Text that cannot break out of a cell of a Markdown table: on one line, without columns or tags of its own.
///
/// ```
/// use devops_core::markdown_cell;
///
/// assert_eq!(markdown_cell("a|b\n<img>"), "a\\|b &lt;img&gt;");
/// ```
#[must_use]
pub fn markdown_cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' => safe.push_str("\\|"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
