//! Items as a heat map: a row for each node that holds items.

use devops_core::NodeId;
use devops_examples::{Svg, wrapped};
use devops_maturity::{ItemResult, ItemState};

use crate::found::Found;
use crate::report::{percent, state};

const WIDTH: f64 = 1040.0;
const LABEL: f64 = 190.0;
const GAP: f64 = 3.0;
/// Cells as wide as this say what they are.
const WIDE: f64 = 110.0;

/// The picture.
pub(crate) fn picture(found: &Found<'_>) -> String {
    let rows = rows(found);
    let widest = rows.iter().map(|(_, items)| items.len()).max().unwrap_or(1).max(1);
    let width = ((WIDTH - LABEL) / widest as f64).min(220.0);
    let height = if width >= WIDE { 64.0 } else { 28.0 };
    let mut svg = Svg::new(WIDTH, rows.len() as f64 * (height + GAP) + GAP);
    for (place, (title, items)) in rows.iter().enumerate() {
        let y = place as f64 * (height + GAP) + GAP;
        let lines = wrapped(title, 28);
        let lines = lines.get(..lines.len().min(if height > 40.0 { 3 } else { 1 })).unwrap_or_default();
        for (number, line) in (0..).zip(lines) {
            let down = 14.0 * f64::from(number) - 7.0 * (lines.len() - 1) as f64;
            svg.text(0.0, y + height / 2.0 + 4.0 + down, "class=\"strong\"", line);
        }
        for (column, item) in items.iter().enumerate() {
            let x = LABEL + column as f64 * width;
            cell(&mut svg, item, (x, y), (width - GAP, height));
        }
    }
    svg.into_inline("The credit of every item")
}

/// The items of each node that holds some, by its title.
fn rows<'a>(found: &Found<'a>) -> Vec<(String, Vec<&'a ItemResult>)> {
    let mut rows: Vec<(&NodeId, String, Vec<&ItemResult>)> = Vec::new();
    for item in &found.assessment.items {
        match rows.last_mut().filter(|(node, _, _)| **node == item.node) {
            Some((_, _, items)) => items.push(item),
            None => {
                let node = found.assessment.node(item.node.as_str());
                let title = node.map_or_else(String::new, |n| n.title.clone());
                rows.push((&item.node, title, vec![item]));
            }
        }
    }
    rows.into_iter().map(|(_, title, items)| (title, items)).collect()
}

fn cell(svg: &mut Svg, item: &ItemResult, (x, y): (f64, f64), (width, height): (f64, f64)) {
    let known =
        item.credit.as_ref().and_then(|c| c.point.as_ref()).filter(|_| item.state == ItemState::Known);
    let share = known.map(devops_maturity::Fraction::get);
    let shown = match (known, &item.state) {
        (Some(credit), _) => percent(credit),
        (None, ItemState::NotApplicable { .. }) => "n/a".to_owned(),
        (None, _) => "?".to_owned(),
    };
    let told = match known {
        Some(_) => {
            format!("{}: {shown}, {}", item.title, item.grade().map_or_else(String::new, |g| g.to_string()))
        }
        None => format!("{}: {}", item.title, state(&item.state)),
    };
    svg.told(&told, |svg| {
        match share {
            Some(share) => {
                let style =
                    format!("class=\"fill-main\" fill-opacity=\"{:.2}\" rx=\"3\"", 0.06 + 0.56 * share);
                svg.rect((x, y), width, height, &style);
            }
            None => svg.rect((x, y), width, height, "class=\"axis dashed\" fill=\"none\" rx=\"3\""),
        }
        let middle = x + width / 2.0;
        if width < WIDE {
            svg.text(middle, y + height / 2.0 + 4.0, "text-anchor=\"middle\"", &shown);
            return;
        }
        svg.text(middle, y + 20.0, "class=\"strong\" text-anchor=\"middle\"", &shown);
        let lines = wrapped(&item.title, (width / 6.4) as usize);
        for (number, line) in (0..).zip(lines.iter().take(2)) {
            svg.text(
                middle,
                y + 38.0 + 14.0 * f64::from(number),
                "text-anchor=\"middle\" font-size=\"10.5\"",
                line,
            );
        }
    });
}
