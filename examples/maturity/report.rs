//! The report in parts, and the parts as text and Markdown.

use devops_core::Value;
use devops_examples::{aligned, markdown_table, wrapped};
use devops_maturity::{
    Contradiction, Explanation, Fraction, ItemChangeKind, ItemResult, ItemState, LevelBounds, NodeResult,
    NodeScore, Reason, Recommendation, texts,
};

use crate::found::Found;

/// So many recommendations are shown.
const SHOWN: usize = 8;

/// So many items that are not known are listed.
const OPEN: usize = 12;

/// Sentences, then a table whose first row is its head.
pub(crate) struct Part {
    pub(crate) heading: &'static str,
    pub(crate) lead: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// The report, whatever it is written in.
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) lead: Vec<String>,
    pub(crate) parts: Vec<Part>,
}

impl Report {
    pub(crate) fn new(found: &Found<'_>) -> Self {
        let assessment = found.assessment;
        let parts = [
            dimensions(found),
            blocking(found),
            contradictions(found),
            disputes(found),
            unknown(found),
            warnings(found),
            recommendations(found),
            explanation(found),
            changes(found),
            peers(found),
            left_out(found),
        ];
        Self {
            title: format!("Maturity of {}: {}", assessment.team, found.model.title()),
            lead: lead(found),
            parts: parts.into_iter().flatten().collect(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}\n\n{}", self.title, sentences(&self.lead));
        for part in &self.parts {
            text.push_str(&format!("\n{}\n{}", part.heading, sentences(&part.lead)));
            for line in aligned(&part.rows).lines() {
                text.push_str(&format!("  {line}\n"));
            }
        }
        text
    }

    pub(crate) fn markdown(&self) -> String {
        let paragraphs =
            |lead: &[String]| lead.iter().map(|l| format!("{}\n\n", safe(l))).collect::<String>();
        let mut text = format!("# {}\n\n{}", safe(&self.title), paragraphs(&self.lead));
        for part in &self.parts {
            text.push_str(&format!("## {}\n\n{}", part.heading, paragraphs(&part.lead)));
            if !part.rows.is_empty() {
                let rows: Vec<Vec<String>> =
                    part.rows.iter().map(|row| row.iter().map(|c| safe(c)).collect()).collect();
                text.push_str(&format!("{}\n", markdown_table(&rows)));
            }
        }
        format!("{}\n", text.trim_end())
    }
}

fn sentences(lead: &[String]) -> String {
    let lines = lead.iter().flat_map(|words| wrapped(words, 110));
    lines.map(|line| format!("  {line}\n")).collect()
}

/// Words that are no markup.
fn safe(words: &str) -> String {
    words.replace('<', "&lt;").replace('>', "&gt;")
}

/// A credit as a share of full credit.
pub(crate) fn percent(credit: &Fraction) -> String {
    format!("{:.0} %", credit.times(&Fraction::from(100)))
}

fn points(value: Option<&Fraction>) -> String {
    value.map_or_else(|| "–".into(), |v| format!("{v:.1}"))
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(String::from).to_vec()
}

/// Nothing where there is no row under the head.
fn part(heading: &'static str, lead: Vec<String>, head: Vec<String>, rows: Vec<Vec<String>>) -> Option<Part> {
    let rows: Vec<_> = if rows.is_empty() { rows } else { [vec![head], rows].concat() };
    (!rows.is_empty()).then_some(Part { heading, lead, rows })
}

fn listed(names: &[String]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// The level that is seen, or the one that can be defended where nothing is known.
fn seen(level: LevelBounds) -> u32 {
    level.point.unwrap_or(level.low)
}

fn lead(found: &Found<'_>) -> Vec<String> {
    let assessment = found.assessment;
    let root = assessment.root();
    let day: String = assessment.assessed_at.to_string().chars().take(10).collect();
    let mut lead = Vec::new();
    if root.score.as_ref().is_some_and(|score| score.n == 0) {
        lead.push("Nothing is known yet: every score and level below is only what is possible.".into());
    } else if let (Some(own), Some(level)) = (root.level.as_ref(), found.level()) {
        let mut words = format!("Level {}", found.level_name(seen(level)));
        let ungated = seen(own.ungated);
        if ungated != seen(level) {
            let names: Vec<String> = own.blocking.iter().map(|n| title(found, n.as_str())).collect();
            let verb = if names.len() == 1 { "holds" } else { "hold" };
            words.push_str(&format!(
                ": by the score alone it would be {}, but {} {verb} it back",
                found.level_name(ungated),
                listed(&names)
            ));
        }
        lead.push(words + ".");
        if level.low != level.high {
            lead.push(format!(
                "What can be defended is {}; with all in place that is not known it is {}.",
                found.level_name(level.low),
                found.level_name(level.high)
            ));
        }
    }
    match &root.score {
        Some(score) => lead.push(format!(
            "Score {score:.1} of {:.0}; {} of {} items that apply are known. Assessed on {day} by {} {}.",
            score.max,
            score.n,
            applicable(root),
            assessment.model,
            assessment.version
        )),
        None => lead.push(format!("Nothing applies, so there is no score. Assessed on {day}.")),
    }
    lead
}

fn applicable(node: &NodeResult) -> u32 {
    let Some(score) = &node.score else { return 0 };
    let out = f64::from(score.items) * score.not_applicable_share.get();
    score.items - out.round() as u32
}

fn title(found: &Found<'_>, node: &str) -> String {
    found.assessment.node(node).map_or_else(|| node.to_owned(), |n| n.title.clone())
}

fn dimensions(found: &Found<'_>) -> Option<Part> {
    let rows = found.assessment.dimensions().map(|node| {
        let score = node.score.as_ref();
        let level = node.level.as_ref().map(|l| found.level_name(l.firm()));
        let weight = found.model.node(node.id()).map(|n| n.weight().to_string());
        vec![
            node.title.clone(),
            weight.unwrap_or_default(),
            points(score.and_then(|s| s.point.as_ref())),
            score.map_or_else(|| "–".into(), bounds),
            level.unwrap_or_else(|| "–".into()),
            format!("{} of {}", score.map_or(0, |s| s.n), applicable(node)),
        ]
    });
    let head = row(["dimension", "weight", "score", "bounds", "level", "items known"]);
    part("Dimensions", Vec::new(), head, rows.collect())
}

fn bounds(score: &NodeScore) -> String {
    if score.is_certain() { "–".into() } else { format!("{:.1} to {:.1}", score.low, score.high) }
}

/// What keeps the gated level below the other, and how far it is from its own next level.
fn blocking(found: &Found<'_>) -> Option<Part> {
    let blocking = &found.assessment.root().level.as_ref()?.blocking;
    let rows = blocking.iter().filter_map(|id| {
        let node = found.assessment.node(id.as_str())?;
        let own = node.level.as_ref()?.firm();
        let next = found.model.levels().iter().find(|l| l.number > own)?.number;
        let needed = found.model.node(id.as_str())?.threshold(next);
        let score = node.score.as_ref()?;
        Some(vec![
            node.title.clone(),
            found.level_name(own),
            points(score.point.as_ref().or(Some(&score.low))),
            needed.map_or_else(|| "–".into(), |n| format!("{n:.1} for {}", found.level_name(next))),
        ])
    });
    part(
        "What holds the level back",
        Vec::new(),
        row(["dimension", "level", "score", "needs"]),
        rows.collect(),
    )
}

fn contradictions(found: &Found<'_>) -> Option<Part> {
    let rows = found.assessment.contradictions.iter().map(|c| {
        vec![
            item_title(found, c.item.as_str()),
            c.claimed.as_ref().map_or_else(|| "does not apply".into(), percent),
            measured(c),
            percent(&c.measured),
        ]
    });
    let lead = vec!["More was claimed than was measured. The measurement counts.".into()];
    part("Contradictions", lead, row(["item", "claimed credit", "measured", "credit"]), rows.collect())
}

/// A share tells its counts, any other value its unit.
fn measured(found: &Contradiction) -> String {
    match found.value {
        Value::Fraction { .. } => found.value.to_string(),
        _ => format!("{} {}", found.value, found.unit.symbol()).trim().to_owned(),
    }
}

fn disputes(found: &Found<'_>) -> Option<Part> {
    let rows = found.assessment.disputes.iter().map(|d| {
        let out = d.not_applicable;
        let said = format!("{} assessors", d.scored);
        vec![
            item_title(found, d.item.as_str()),
            if out == 0 { said } else { format!("{said}, {out} say it does not apply") },
            format!("{} to {}", percent(&d.lowest), percent(&d.highest)),
            percent(&d.median),
        ]
    });
    let lead = vec!["Assessors are far apart. The median counts; talk about the difference.".into()];
    part("Disputes", lead, row(["item", "asked", "credits", "median"]), rows.collect())
}

pub(crate) fn state(state: &ItemState) -> String {
    let day = |at: &devops_core::Timestamp| at.to_string().chars().take(10).collect::<String>();
    match state {
        ItemState::Known => "known".into(),
        ItemState::NotApplicable { reason } => format!("does not apply: {reason}"),
        ItemState::NotAnswered => "nobody answered".into(),
        ItemState::SaidUnknown => "said to be unknown".into(),
        ItemState::Expired { observed_at } => format!("evidence of {} has expired", day(observed_at)),
        ItemState::NotMeasured { reason } => format!("not measured: {reason}"),
        other => format!("{other:?}"),
    }
}

fn unknown(found: &Found<'_>) -> Option<Part> {
    let open = found.assessment.items.iter().filter(|i| i.state != ItemState::Known);
    let told = |i: &ItemResult| vec![i.title.clone(), title(found, i.node.as_str()), state(&i.state)];
    let rows = open.clone().take(OPEN).map(told);
    let mut lead = vec![
        "What is not known is never zero: it widens the bounds. What does not apply leaves the score.".into(),
    ];
    lead.extend(more(open.count(), OPEN));
    part("Not known, or not applicable", lead, row(["item", "in", "why"]), rows.collect())
}

/// That there are more than are shown.
fn more(all: usize, shown: usize) -> Option<String> {
    let rest = all.checked_sub(shown).filter(|rest| *rest > 0)?;
    let verb = if rest == 1 { "is" } else { "are" };
    Some(format!("{rest} more {verb} in the JSON."))
}

fn warnings(found: &Found<'_>) -> Option<Part> {
    let texts = texts();
    let all = found.assessment.warnings.iter().chain(found.changes.iter().flat_map(|c| &c.warnings));
    let lead: Vec<String> = all.map(|w| format!("- {}", texts.render(&w.message()))).collect();
    (!lead.is_empty()).then_some(Part { heading: "Reasons to look again", lead, rows: Vec::new() })
}

fn why(one: &Recommendation, found: &Found<'_>) -> String {
    let texts = texts();
    let mut words: Vec<String> = one.reasons.iter().map(|r| texts.render(&r.message())).collect();
    if !one.first.is_empty() {
        let first: Vec<String> = one.first.iter().map(|i| item_title(found, i.as_str())).collect();
        words.push(format!("first: {}", first.join(", ")));
    }
    words.join("; ")
}

fn item_title(found: &Found<'_>, item: &str) -> String {
    found.model.item(item).map_or_else(|| item.to_owned(), |i| i.title().to_owned())
}

fn credit(credit: Option<&Fraction>) -> String {
    credit.map_or_else(|| "?".into(), percent)
}

fn recommendations(found: &Found<'_>) -> Option<Part> {
    let shown = found.recommendations.iter().take(SHOWN);
    let rows = (1..).zip(shown).map(|(place, one): (usize, _)| {
        vec![
            place.to_string(),
            one.title.clone(),
            credit(one.credit.as_ref()),
            format!("+{:.2}", one.gain()),
            format!("{:.1}", one.effort),
            why(one, found),
        ]
    });
    let mut lead = vec!["By points of the whole for a person-day.".to_owned()];
    if found.recommendations.iter().any(|r| r.reasons.contains(&Reason::Blocking)) {
        lead.push("What holds the level back goes first.".into());
    }
    lead.extend(more(found.recommendations.len(), SHOWN));
    part("What to do next", lead, row(["", "item", "now", "gain", "days", "why"]), rows.collect())
}

fn explanation(found: &Found<'_>) -> Option<Part> {
    const HEADING: &str = "The cheapest way to the next level";
    let told = match found.explanation.as_ref()? {
        Ok(told) => told,
        Err(refused) => {
            return Some(Part { heading: HEADING, lead: vec![format!("{refused}.")], rows: Vec::new() });
        }
    };
    if told.steps.is_empty() {
        let lead = vec![format!("Level {} can be defended already.", found.level_name(told.to))];
        return Some(Part { heading: HEADING, lead, rows: Vec::new() });
    }
    let rows = told.steps.iter().map(|step| {
        vec![step.title.clone(), credit(step.credit.as_ref()), "100 %".into(), format!("{:.1}", step.effort)]
    });
    part(HEADING, vec![sure(told, found)], row(["item", "now", "then", "days"]), rows.collect())
}

fn sure(told: &Explanation, found: &Found<'_>) -> String {
    let how = match told.bound {
        _ if told.exact => "; no other set takes less".into(),
        Some(bound) => format!("; no set takes less than {bound:.1}"),
        None => "; whether another set takes less is not known".into(),
    };
    format!(
        "From {} to {}, so that it can be defended: {}, {:.1} person-days{how}.",
        found.level_name(told.from),
        found.level_name(told.to),
        counted(told.steps.len(), "item"),
        told.effort
    )
}

/// So many of a thing.
pub(crate) fn counted(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

fn changes(found: &Found<'_>) -> Option<Part> {
    let changes = found.changes.as_ref()?;
    let day: String = changes.from.to_string().chars().take(10).collect();
    let nodes = changes.nodes.iter().filter(|n| n.score_from != n.score_to).map(|n| {
        let told = |s: &Option<NodeScore>| s.as_ref().map_or("–".into(), |s| format!("{s:.1}"));
        vec![title(found, &n.node), told(&n.score_from), told(&n.score_to)]
    });
    let items = changes.items.iter().map(|i| {
        let kind = match i.kind {
            ItemChangeKind::BecameUnknown => "no longer known".into(),
            ItemChangeKind::Applicability => "applies no longer, or does now".into(),
            _ => credit(i.credit_to.as_ref()),
        };
        vec![item_title(found, i.item.as_str()), credit(i.credit_from.as_ref()), kind]
    });
    let rows = nodes.chain(items).collect();
    part("What changed", vec![format!("Since {day}.")], row(["", "then", "now"]), rows)
}

fn peers(found: &Found<'_>) -> Option<Part> {
    let rows = found.peers.iter().map(|(node, rank)| {
        vec![
            title(found, node),
            rank.point.map_or_else(|| "–".into(), |p| format!("{p:.0}")),
            format!("{:.0} to {:.0}", rank.low, rank.high),
            rank.n.to_string(),
        ]
    });
    let lead = vec!["Percentiles: the share of peers below, and half of those level.".into()];
    part("Among peers", lead, row(["", "percentile", "bounds", "peers"]), rows.collect())
}

fn left_out(found: &Found<'_>) -> Option<Part> {
    let bare: Vec<String> = found.assessment.uncovered_principles().map(|p| p.title.clone()).collect();
    let mut lead: Vec<String> = found.remarks.iter().map(|r| format!("- {r}")).collect();
    if !bare.is_empty() {
        lead.insert(0, format!("No known item speaks of {}.", listed(&bare)));
    }
    (!lead.is_empty()).then_some(Part { heading: "What this does not cover", lead, rows: Vec::new() })
}
