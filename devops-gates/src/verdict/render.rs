//! Verdicts for people: the short form and the Markdown report.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
use core::fmt;

use devops_core::{Fraction, Message, TextTable, Unit, Value, markdown_cell as cell};

use crate::evaluate::entry::Reading;
use crate::{Amount, ConditionResult, Distance, Status, Verdict, texts};

/// A number with its unit behind it.
pub(crate) fn with_unit(number: String, unit: Unit) -> String {
    if unit.symbol().is_empty() { number } else { alloc::format!("{number} {}", unit.symbol()) }
}

/// An exact fraction for people: a decimal, cut to six places with `about` in front where it is longer.
pub(crate) fn about(exact: &Fraction) -> String {
    let text = exact.to_exact_text();
    if text.len() <= 24 && !text.contains('/') {
        return text;
    }
    let value = exact.get();
    if !(1e-3..1e15).contains(&value.abs()) {
        return alloc::format!("about {value:e}");
    }
    let text = alloc::format!("{value:.6}");
    alloc::format!("about {}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A reading with its unit, exact: a fraction shows its counts, and its share where six decimals hold it.
pub(crate) fn shown(reading: &Reading) -> String {
    match &reading.value {
        Value::Number { value } => with_unit(value.to_string(), reading.unit),
        Value::Fraction { part, whole } if reading.unit == Unit::Percent && *whole > 0 => {
            let share = Amount::ratio(i128::from(*part).saturating_mul(100), i128::from(*whole));
            let about = if String::from(share).contains('/') { "about " } else { "" };
            alloc::format!("{part} of {whole} ({about}{share} %)")
        }
        value => value.to_string(),
    }
}

impl Verdict {
    /// One line: the verdict, how many conditions pass, and the first one that stands in the way.
    #[must_use]
    pub fn summary(&self) -> Message {
        let base = |id| {
            Message::new(id)
                .with("gate", self.gate_name())
                .with("status", self.status())
                .with("passed", self.passed())
                .with("total", self.total())
        };
        match self.in_the_way() {
            Some(condition) if self.status() != Status::Passed => base("gate.summary.obstacle")
                .with("condition", condition.name())
                .with("reason", condition.reason_text()),
            _ => base("gate.summary"),
        }
    }

    /// The condition to name first: mandatory ones before others, the worse before the better, then the order
    /// of the document.
    fn in_the_way(&self) -> Option<ConditionResult<'_>> {
        let counted = self.conditions().filter(|c| c.is_counted() && c.status() != Status::Passed);
        counted.min_by_key(|c| (!c.waived_by().is_empty(), !c.is_mandatory(), c.status()))
    }

    /// The report as Markdown, such as for a comment on a change.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::{Evidence, Gate};
    ///
    /// let report = Gate::classic().evaluate(&Evidence::new(&Measures::new())).to_markdown();
    /// assert!(report.starts_with("### Gate classic: inconclusive\n"));
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        self.to_markdown_with(&texts())
    }

    /// The same with the caller's texts.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::{Evidence, Gate, texts};
    ///
    /// let german = texts().with("gate.missing", "fehlt: {reason}");
    /// let report = Gate::classic().evaluate(&Evidence::new(&Measures::new())).to_markdown_with(&german);
    /// assert!(report.contains("fehlt: no measure"));
    /// ```
    #[must_use]
    pub fn to_markdown_with(&self, table: &TextTable) -> String {
        let text = |message: &Message| table.render(message);
        let heading = Message::new("gate.markdown.heading")
            .with("gate", cell(self.gate_name()))
            .with("status", self.status());
        let mut report = alloc::format!("### {}\n\n{}\n\n", text(&heading), cell(&text(&self.summary())));
        report.push_str(&alloc::format!(
            "{}\n|---|---|---|---|---|\n",
            text(&Message::new("gate.markdown.columns"))
        ));
        for (condition, contribution) in self.conditions().zip(self.contributions()) {
            let waived = !condition.waived_by().is_empty();
            let mark = match (condition.is_shadow(), condition.is_counted(), condition.is_mandatory()) {
                (true, ..) => text(&Message::new("gate.mark.shadow")),
                (false, false, _) => text(&Message::new("gate.mark.left_out")),
                _ if waived => text(&Message::new("gate.mark.waived")),
                (false, true, true) => text(&Message::new("gate.mark.mandatory")),
                (false, true, false) => String::new(),
            };
            let share = contribution.map(|c| alloc::format!("{c} %")).unwrap_or_default();
            report.push_str(&alloc::format!(
                "| {} | {} | {} | {} | {} |\n",
                linked(condition.name(), condition.link()),
                condition.status(),
                cell(&condition.reason_with(table)),
                share,
                mark
            ));
        }
        report.push_str(&self.way_to_pass(table));
        if !self.waivers().is_empty() {
            report.push_str(&alloc::format!("\n{}:\n\n", text(&Message::new("gate.markdown.waivers"))));
        }
        for waiver in self.waivers() {
            report.push_str(&alloc::format!("- {}\n", cell(&text(&waiver.message()))));
        }
        report
    }
}

impl Verdict {
    /// The fewest conditions to fix as a list, each with how far it is; empty where the gate passes or nothing helps.
    fn way_to_pass(&self, table: &TextTable) -> String {
        let fixes = self.fixes().unwrap_or_default();
        if fixes.is_empty() {
            return String::new();
        }
        let wanted: BTreeSet<&str> = fixes.into_iter().collect();
        let mut list = alloc::format!("\n{}:\n\n", table.render(&Message::new("gate.markdown.to_pass")));
        for condition in self.conditions().filter(|c| wanted.contains(c.name())) {
            list.push_str(&alloc::format!("- {}", condition.name()));
            if let Some(owner) = condition.owner() {
                list.push_str(&alloc::format!(" ({})", cell(owner)));
            }
            if let distance @ Distance::Change { .. } = condition.distance() {
                list.push_str(&alloc::format!(": {}", cell(&table.render(&distance.message()))));
            }
            list.push('\n');
        }
        list
    }
}

/// A name that leads to its page, where the address is one that cannot break out of the report.
fn linked(name: &str, link: Option<&str>) -> String {
    let plain = |c: char| c.is_ascii_graphic() && !"()<>[]|\"'`\\".contains(c);
    let web = |l: &&str| (l.starts_with("https://") || l.starts_with("http://")) && l.chars().all(plain);
    match link.filter(web) {
        Some(link) => alloc::format!("[{name}]({link})"),
        None => name.into(),
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&texts().render(&self.summary()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_become_links() {
        for (link, shown) in [
            (Some("https://example.org/a?b=c#d"), "[c](https://example.org/a?b=c#d)"),
            (Some("javascript:alert(1)"), "c"),
            (Some("https://example.org/) [x](https://evil.example"), "c"),
            (Some("https://example.org/a b"), "c"),
            (None, "c"),
        ] {
            assert_eq!(linked("c", link), shown);
        }
    }

    #[test]
    fn fractions_for_people() {
        for (text, shown) in [
            ("0", "0"),
            ("-2.50", "-2.5"),
            ("-1/3", "about -0.333333"),
            ("123456789012345678901234567890", "about 1.2345678901234568e29"),
            ("1/3000000", "about 3.3333333333333335e-7"),
        ] {
            assert_eq!(about(&text.parse().unwrap()), shown);
        }
    }
}
