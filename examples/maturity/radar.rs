//! Dimensions as a radar: what is seen, and its bounds.

use std::f64::consts::TAU;

use devops_examples::{Svg, wrapped};
use devops_maturity::{NodeResult, NodeScore};

use crate::found::Found;

const WIDTH: f64 = 1040.0;
const HEIGHT: f64 = 460.0;
const CENTRE: (f64, f64) = (WIDTH / 2.0, HEIGHT / 2.0 + 4.0);
const RADIUS: f64 = 170.0;
const RINGS: u32 = 5;

/// The picture; none where there are fewer than three dimensions with a score.
pub(crate) fn picture(found: &Found<'_>) -> Option<String> {
    let axes: Vec<(&NodeResult, &NodeScore)> =
        found.assessment.dimensions().filter_map(|node| Some((node, node.score.as_ref()?))).collect();
    if axes.len() < 3 {
        return None;
    }
    let mut svg = Svg::new(WIDTH, HEIGHT);
    let shares = |of: &dyn Fn(&NodeScore) -> f64| -> Vec<(f64, f64)> {
        let share = |s: &NodeScore| if s.max.is_zero() { 0.0 } else { of(s) / s.max.get() };
        axes.iter().enumerate().map(|(i, (_, score))| spot(i, axes.len(), share(score))).collect()
    };
    let high = shares(&|s| s.high.get());
    let low = shares(&|s| s.low.get());
    // The band between the bounds: the outer shape, and the inner one taken out again.
    svg.polygon(high, "class=\"band\"");
    svg.polygon(low, "class=\"fill-paper\"");
    grid(&mut svg, &axes);
    let seen = shares(&|s| s.point.as_ref().unwrap_or(&s.low).get());
    svg.polygon(seen.iter().copied(), "class=\"line\" fill=\"none\"");
    for ((x, y), (node, score)) in seen.into_iter().zip(&axes) {
        svg.told(&format!("{}: {score:.1}", node.title), |svg| {
            svg.circle(
                (x, y),
                5.0,
                if score.point.is_some() { "class=\"fill-main\"" } else { "class=\"fill-axis\"" },
            );
        });
    }
    for (place, (node, score)) in axes.iter().enumerate() {
        label(&mut svg, found, spot(place, axes.len(), 1.12), node, score);
    }
    legend(&mut svg);
    Some(svg.into_inline("The score of each dimension with its bounds, as a radar"))
}

/// Rings and axes, with the points of the rings where all axes have the same.
fn grid(svg: &mut Svg, axes: &[(&NodeResult, &NodeScore)]) {
    const STYLE: &str = "class=\"grid\" fill=\"none\"";
    let best = axes.first().map(|(_, score)| &score.max);
    let best = best.filter(|best| axes.iter().all(|(_, score)| score.max == **best));
    for ring in 1..=RINGS {
        let share = f64::from(ring) / f64::from(RINGS);
        svg.polygon((0..axes.len()).map(|place| spot(place, axes.len(), share)), STYLE);
        if let Some(best) = best {
            let (x, y) = spot(0, axes.len(), share);
            let points = format!("{:.1}", best.get() * share);
            svg.text(x + 4.0, y + 11.0, "class=\"muted\" font-size=\"10\"", points.trim_end_matches(".0"));
        }
    }
    for place in 0..axes.len() {
        svg.line(CENTRE, spot(place, axes.len(), 1.0), STYLE);
    }
}

/// A place on an axis, the first of which points up.
fn spot(place: usize, axes: usize, share: f64) -> (f64, f64) {
    let turn = TAU * place as f64 / axes as f64;
    (CENTRE.0 + RADIUS * share * turn.sin(), CENTRE.1 - RADIUS * share * turn.cos())
}

fn label(svg: &mut Svg, found: &Found<'_>, (x, y): (f64, f64), node: &NodeResult, score: &NodeScore) {
    let anchor = if (x - CENTRE.0).abs() < 12.0 {
        "middle"
    } else if x < CENTRE.0 {
        "end"
    } else {
        "start"
    };
    let blocks = found
        .assessment
        .root()
        .level
        .as_ref()
        .is_some_and(|l| l.blocking.iter().any(|b| b.as_str() == node.id()));
    let tone = if blocks { "strong bad" } else { "strong" };
    let lines = wrapped(&node.title, 30);
    let top = if y < CENTRE.1 - RADIUS { y - 16.0 - 15.0 * (lines.len() - 1) as f64 } else { y };
    let mut at = top;
    for line in &lines {
        svg.text(x, at, &format!("class=\"{tone}\" text-anchor=\"{anchor}\""), line);
        at += 15.0;
    }
    svg.text(x, at, &format!("class=\"muted\" text-anchor=\"{anchor}\""), &format!("{score:.1}"));
}

fn legend(svg: &mut Svg) {
    let y = HEIGHT - 14.0;
    svg.line((12.0, y - 4.0), (36.0, y - 4.0), "class=\"line\"");
    svg.text(44.0, y, "class=\"muted\"", "what is seen");
    svg.rect((140.0, y - 11.0), 24.0, 14.0, "class=\"band\"");
    svg.text(172.0, y, "class=\"muted\"", "what is not known");
}
