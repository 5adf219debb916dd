//! What is otherwise between two verdicts.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use devops_core::{Message, TextTable, Unit, Value, markdown_cell as cell};

use crate::{ConditionResult, Status, Verdict, texts};

/// What is otherwise between two verdicts, of one gate or of two.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Unit};
/// use devops_gates::{ChangeKind, ConditionSpec, Evidence, Gate, GateSpec};
///
/// let gate = Gate::build(
///     GateSpec::new("g").with_condition(ConditionSpec::new("covered", "test_coverage", ">= 80 %")),
/// )?;
/// let coverage = |percent| Measure::number(MetricId::new("test_coverage")?, percent, Unit::Percent);
/// let measures = Measures::try_from(vec![coverage(75.0)?])?;
/// let evidence = Evidence::new(&measures);
/// let after = gate.what_if(&evidence, [coverage(82.0)?]);
/// let difference = after.difference(&gate.evaluate(&evidence));
/// assert_eq!(difference.changes[0].kind, ChangeKind::Better);
/// assert_eq!(difference.to_string(), "failed becomes passed; better: covered");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Difference {
    /// The earlier verdict.
    pub before: Status,
    /// The later verdict.
    pub after: Status,
    /// The conditions that are otherwise: in the order of the later gate, then those that it does not have.
    pub changes: Vec<ConditionChange>,
}

/// One condition that is otherwise.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ConditionChange {
    /// Its name.
    pub name: String,
    /// In short.
    pub kind: ChangeKind,
    /// How it was; `None` where it was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Standpoint>,
    /// How it is; `None` where it is not there any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Standpoint>,
}

/// In which way a condition is otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// Its status is worse.
    Worse,
    /// Its status is better.
    Better,
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// Its status is the same, but not its value, what is asked of it, whether it counts, or its waivers.
    Other,
}

impl ChangeKind {
    /// The name as it is written in reports.
    ///
    /// ```
    /// assert_eq!(devops_gates::ChangeKind::Worse.as_str(), "worse");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Other => "other",
        }
    }
}

/// How a condition stands in one of the two verdicts.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Standpoint {
    /// Its status.
    pub status: Status,
    /// Whether it has a say.
    pub counted: bool,
    /// Whether its holder can be no better than it is.
    pub mandatory: bool,
    /// What was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The unit of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// When it passes.
    pub pass: String,
    /// When it is in warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<String>,
    /// The ids of the waivers by which its failure is waived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waived_by: Vec<String>,
    /// Why it has its status.
    pub reason: String,
}

impl Standpoint {
    fn of(condition: &ConditionResult<'_>) -> Self {
        Self {
            status: condition.status(),
            counted: condition.is_counted(),
            mandatory: condition.is_mandatory(),
            value: condition.value().cloned(),
            unit: condition.unit(),
            pass: condition.pass().to_string(),
            warn: condition.warn().map(ToString::to_string),
            waived_by: condition.waived_by().to_vec(),
            reason: condition.reason_text(),
        }
    }
}

impl Verdict {
    /// What is otherwise than in an earlier verdict; conditions are the same where their names are.
    #[must_use]
    pub fn difference(&self, earlier: &Self) -> Difference {
        let mut before: BTreeMap<&str, Standpoint> =
            earlier.conditions().map(|c| (c.name(), Standpoint::of(&c))).collect();
        let mut changes = Vec::new();
        for condition in self.conditions() {
            let (was, is) = (before.remove(condition.name()), Standpoint::of(&condition));
            let kind = match &was {
                None => ChangeKind::Added,
                Some(was) if was == &is => continue,
                Some(was) => match is.status.cmp(&was.status) {
                    core::cmp::Ordering::Less => ChangeKind::Worse,
                    core::cmp::Ordering::Equal => ChangeKind::Other,
                    core::cmp::Ordering::Greater => ChangeKind::Better,
                },
            };
            changes.push(ConditionChange {
                name: condition.name().into(),
                kind,
                before: was,
                after: Some(is),
            });
        }
        for condition in earlier.conditions() {
            if let Some(was) = before.remove(condition.name()) {
                let (name, kind) = (condition.name().into(), ChangeKind::Removed);
                changes.push(ConditionChange { name, kind, before: Some(was), after: None });
            }
        }
        Difference { before: earlier.status(), after: self.status(), changes }
    }
}

impl Difference {
    /// Whether the two are alike in all that is compared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before == self.after && self.changes.is_empty()
    }

    /// The conditions that are otherwise in that way, by name.
    #[must_use]
    pub fn of_kind(&self, kind: ChangeKind) -> Vec<&str> {
        self.changes.iter().filter(|c| c.kind == kind).map(|c| c.name.as_str()).collect()
    }

    /// The two verdicts in one line.
    #[must_use]
    pub fn summary(&self) -> Message {
        let id = if self.before == self.after { "gate.difference.stays" } else { "gate.difference.becomes" };
        Message::new(id).with("before", self.before).with("after", self.after)
    }

    /// The report as Markdown.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::{Evidence, Gate};
    ///
    /// let verdict = Gate::classic().evaluate(&Evidence::new(&Measures::new()));
    /// assert_eq!(verdict.difference(&verdict).to_markdown(), "### Still inconclusive\n");
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
    /// let verdict = Gate::classic().evaluate(&Evidence::new(&Measures::new()));
    /// let german = texts().with("gate.difference.heading_stays", "Weiterhin {after}");
    /// assert!(verdict.difference(&verdict).to_markdown_with(&german).starts_with("### Weiterhin"));
    /// ```
    #[must_use]
    pub fn to_markdown_with(&self, table: &TextTable) -> String {
        let heading = if self.before == self.after {
            "gate.difference.heading_stays"
        } else {
            "gate.difference.heading_becomes"
        };
        let heading = Message::new(heading).with("before", self.before).with("after", self.after);
        let mut report = alloc::format!("### {}\n", table.render(&heading));
        if self.changes.is_empty() {
            return report;
        }
        let columns = table.render(&Message::new("gate.difference.columns"));
        report.push_str(&alloc::format!("\n{columns}\n|---|---|---|---|\n"));
        let side = |side: Option<&Standpoint>| match side {
            Some(s) => alloc::format!("{}: {}", s.status, cell(&s.reason)),
            None => "–".into(),
        };
        for change in &self.changes {
            let kind = table.render(&Message::new(kind_text(change.kind)));
            let (before, after) = (side(change.before.as_ref()), side(change.after.as_ref()));
            report.push_str(&alloc::format!("| {} | {kind} | {before} | {after} |\n", change.name));
        }
        report
    }
}

const fn kind_text(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Worse => "gate.difference.worse",
        ChangeKind::Better => "gate.difference.better",
        ChangeKind::Added => "gate.difference.added",
        ChangeKind::Removed => "gate.difference.removed",
        ChangeKind::Other => "gate.difference.other",
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = texts();
        f.write_str(&table.render(&self.summary()))?;
        for kind in
            [ChangeKind::Worse, ChangeKind::Better, ChangeKind::Added, ChangeKind::Removed, ChangeKind::Other]
        {
            let names = self.of_kind(kind);
            if !names.is_empty() {
                write!(f, "; {}: {}", table.render(&Message::new(kind_text(kind))), names.join(", "))?;
            }
        }
        Ok(())
    }
}
