//! Tables of text.

use devops_core::markdown_cell;

/// Columns padded to their widest cell, two blanks apart.
///
/// ```
/// let rows = [["dimension", "now"], ["monitoring", "3.2"]].map(|row| row.map(String::from).to_vec());
/// assert_eq!(devops_examples::aligned(&rows), "dimension   now\nmonitoring  3.2\n");
/// ```
#[must_use]
pub fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|r| r.get(column)).map(|c| c.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&format!("{cell:<width$}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The same as Markdown; the first row is the head.
///
/// ```
/// let rows = [["metric", "n"], ["a|b", "3"]].map(|row| row.map(String::from).to_vec());
/// assert_eq!(devops_examples::markdown_table(&rows), "| metric | n |\n| --- | --- |\n| a\\|b | 3 |\n");
/// ```
#[must_use]
pub fn markdown_table(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| markdown_cell(cell)).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
        if index == 0 {
            text.push_str(&format!("|{}\n", " --- |".repeat(row.len())));
        }
    }
    text
}
