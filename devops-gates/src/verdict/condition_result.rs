//! One condition of a verdict, with names resolved.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use devops_core::{Fraction, Message, MetricId, Scope, TextTable, Unit, Value, excerpt};

use crate::condition::predicate::Test;
use crate::evaluate::context::{Context, LastKnown};
use crate::evaluate::entry::Entry;
use crate::evaluate::{Ends, Tally};
use crate::gate::compiled::{Condition, Rule};
use crate::history::baseline::Baseline;
use crate::verdict::distance::distance;
use crate::verdict::render::{about, shown, with_unit};
use crate::verdict::samples_text;
use crate::{
    Amount, BaselineFrom, BaselineSpec, Distance, FindingsSpec, Ground, Missing, Predicate, SampleComparison,
    Status, Verdict, texts,
};

/// What was seen and decided at one condition.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Unit};
/// use devops_gates::{Evidence, Gate, Status};
///
/// let mut measures = Measures::new();
/// measures.insert(Measure::number(MetricId::new("test_coverage")?, 79.9999996, Unit::Percent)?)?;
/// let verdict = Gate::classic().evaluate(&Evidence::new(&measures));
/// let coverage = verdict.condition("test_coverage").unwrap();
/// assert_eq!(coverage.status(), Status::Failed);
/// assert_eq!(coverage.reason_text(), "79.9999996 % does not meet >= 80 %");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ConditionResult<'a> {
    verdict: &'a Verdict,
    condition: &'a Condition,
    entry: &'a Entry,
}

impl<'a> ConditionResult<'a> {
    pub(crate) const fn new(verdict: &'a Verdict, condition: &'a Condition, entry: &'a Entry) -> Self {
        Self { verdict, condition, entry }
    }

    pub(crate) const fn entry(&self) -> &'a Entry {
        self.entry
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.condition.name.as_str()
    }

    /// The metric that it looks at.
    #[must_use]
    pub const fn metric(&self) -> &'a MetricId {
        &self.condition.metric
    }

    /// Which findings it looks at, where it looks at findings; the metric is then `findings`.
    #[must_use]
    pub const fn findings(&self) -> Option<&'a FindingsSpec> {
        self.condition.findings.as_ref()
    }

    /// Of what part of the product.
    #[must_use]
    pub const fn scope(&self) -> &'a Scope {
        &self.condition.scope
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.entry.status
    }

    /// Why it has this status.
    #[must_use]
    pub const fn ground(&self) -> Ground {
        self.entry.ground
    }

    /// Whether it has a say in the verdict: it is no shadow and not left out.
    #[must_use]
    pub const fn is_counted(&self) -> bool {
        self.entry.counted
    }

    /// Whether it is only shown.
    #[must_use]
    pub const fn is_shadow(&self) -> bool {
        self.condition.shadow
    }

    /// Whether its holder can be no better than it is.
    #[must_use]
    pub const fn is_mandatory(&self) -> bool {
        self.condition.part.mandatory
    }

    /// The measured value; `None` where there is no measure.
    #[must_use]
    pub fn value(&self) -> Option<&'a Value> {
        self.entry.reading.as_ref().map(|r| &r.value)
    }

    /// The unit of the measured value.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        self.entry.reading.as_ref().map(|r| r.unit)
    }

    /// On how many observations it rests, where that is known.
    #[must_use]
    pub fn sample_size(&self) -> Option<u64> {
        self.entry.reading.as_ref().and_then(|r| r.sample_size)
    }

    /// What it was compared with, where it is relative to a baseline and there is one.
    #[must_use]
    pub fn baseline(&self) -> Option<&'a Baseline> {
        self.entry.context.as_ref()?.baseline.as_ref()
    }

    /// How its samples compare with those of its baseline, where its criteria are on samples and there is one.
    #[must_use]
    pub fn comparison(&self) -> Option<&'a SampleComparison> {
        self.entry.context.as_ref()?.samples.as_deref()
    }

    /// The earlier run that its value is taken from, where there is none of this run.
    #[must_use]
    pub fn last_known(&self) -> Option<&'a LastKnown> {
        self.entry.context.as_ref()?.last_known.as_ref()
    }

    /// The ids of the waivers by which its failure is waived; empty where it is not.
    #[must_use]
    pub fn waived_by(&self) -> &'a [String] {
        Context::waived(self.entry.context.as_deref())
    }

    /// When it passes.
    #[must_use]
    pub const fn pass(&self) -> &'a Predicate {
        &self.condition.pass.predicate
    }

    /// When it is in warning.
    #[must_use]
    pub fn warn(&self) -> Option<&'a Predicate> {
        self.condition.warn.as_ref().map(|w| &w.predicate)
    }

    /// What becomes of it where its measure is missing.
    #[must_use]
    pub const fn missing(&self) -> Missing {
        self.condition.missing
    }

    /// Who answers for it.
    #[must_use]
    pub fn owner(&self) -> Option<&'a str> {
        self.condition.owner.as_deref()
    }

    /// The address of a page that explains it.
    #[must_use]
    pub fn link(&self) -> Option<&'a str> {
        self.condition.link.as_deref()
    }

    /// What it adds to the share of a weighted holder, in percent; `None` where the holder is not weighted or
    /// it does not count.
    #[must_use]
    pub fn contribution(&self) -> Option<Amount> {
        self.contribution_of(self.verdict.total_earned(self.condition.holder)?)
    }

    /// The same where the holder's total is known.
    pub(crate) fn contribution_of(&self, total: u128) -> Option<Amount> {
        let Rule::Weighted { warning_earns, .. } =
            self.verdict.compiled().groups.get(self.condition.holder)?.rule
        else {
            return None;
        };
        if !self.entry.counted {
            return None;
        }
        let own =
            Tally::of([(Ends::of(self.entry.status), self.condition.part)].into_iter()).earned(warning_earns);
        let low = i128::try_from(own.low).ok()?;
        Some(Amount::ratio(low.checked_mul(100)?, i128::try_from(total).ok()?))
    }

    /// How far it is from passing.
    #[must_use]
    pub fn distance(&self) -> Distance {
        distance(self.condition, self.entry)
    }

    /// Why it has this status, with exact numbers.
    #[must_use]
    pub fn reason(&self) -> Message {
        if let Some(reason) = samples_text::reason(self.condition, self.entry) {
            return reason;
        }
        let value = || self.entry.reading.as_ref().map(shown).unwrap_or_default();
        let pass = self.condition.pass.predicate.short();
        match self.entry.ground {
            Ground::Holds => Message::new("gate.holds").with("value", value()).with("criterion", pass),
            Ground::WarningHolds => Message::new("gate.warning_holds")
                .with("value", value())
                .with("criterion", pass)
                .with("warning", self.warn().map(Predicate::short).unwrap_or_default()),
            Ground::DoesNotHold => {
                Message::new("gate.does_not_hold").with("value", value()).with("criterion", pass)
            }
            Ground::Missing => {
                let why = match self.value() {
                    Some(Value::Missing { reason }) => reason.clone(),
                    Some(_) => "counts out of none".into(),
                    None => "no measure".into(),
                };
                let id = match self.condition.missing {
                    Missing::Inconclusive | Missing::LastKnown { .. } => "gate.missing",
                    Missing::Fail => "gate.missing_fails",
                    Missing::Skip => "gate.missing_skipped",
                };
                Message::new(id).with("reason", why)
            }
            Ground::NotExpected => Message::new("gate.not_expected"),
            Ground::WrongUnit => Message::new("gate.wrong_unit")
                .with("value", value())
                .with("unit", self.unit().unwrap_or(Unit::None))
                .with("expected", self.condition.pass.unit.unwrap_or(Unit::None)),
            Ground::WrongKind => {
                Message::new("gate.wrong_kind").with("value", value()).with("criterion", pass)
            }
            Ground::TooFewSamples => Message::new("gate.too_few_samples")
                .with(
                    "n",
                    self.sample_size().map_or_else(|| "an unknown number".into(), |n| alloc::format!("{n}")),
                )
                .with("minimum", self.condition.min_samples),
            Ground::TooLittleEvidence => self.too_little(),
            Ground::NoBaseline => Message::new("gate.no_baseline").with("criterion", pass),
            Ground::ZeroBaseline => Message::new("gate.zero_baseline").with("criterion", pass),
            Ground::NegativeBaseline => Message::new("gate.negative_baseline").with("criterion", pass),
            // Told with their numbers before, where there are any.
            Ground::NotComparable | Ground::CannotShow | Ground::NotProven => Message::new("gate.no_samples"),
            Ground::NotYetFailed | Ground::NotYetRecovered => self.held(&value(), &pass),
        }
    }

    /// Why a result does not count at once.
    fn held(&self, value: &str, pass: &str) -> Message {
        let streak = self.entry.after(self.condition).map_or(0, |held| held.streak);
        let message =
            |id| Message::new(id).with("value", value).with("criterion", pass).with("streak", streak);
        let Some(stable) = &self.condition.stable else { return message("gate.not_yet_failed") };
        if self.entry.ground == Ground::NotYetFailed {
            return message("gate.not_yet_failed").with("needed", stable.spec.fail_after);
        }
        match &stable.recover {
            Some(recover) if streak == 0 => {
                message("gate.not_recovered").with("recover", recover.predicate.short())
            }
            _ => message("gate.not_yet_recovered").with("needed", stable.spec.pass_after),
        }
    }

    fn too_little(&self) -> Message {
        let Some(guard) = &self.condition.min_evidence else { return Message::new("gate.too_little") };
        let value = self.entry.context.as_ref().and_then(|c| c.evidence.as_ref());
        Message::new("gate.too_little")
            .with("metric", &guard.metric)
            .with("value", value.map_or_else(|| "not measured".into(), alloc::string::ToString::to_string))
            .with("minimum", guard.at_least)
    }

    /// What else the reader should know of its status: the baseline, an earlier run.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::{Evidence, Gate};
    ///
    /// let verdict = Gate::classic().evaluate(&Evidence::new(&Measures::new()));
    /// assert!(verdict.condition("security").unwrap().notes().is_empty());
    /// ```
    #[must_use]
    pub fn notes(&self) -> Vec<Message> {
        let mut notes = Vec::new();
        if let (Some(spec), Some(_)) = (self.findings(), &self.entry.reading) {
            notes.push(Message::new("gate.note.findings").with("findings", spec));
        }
        if let (Some(baseline), Some(spec)) = (self.baseline(), &self.condition.baseline) {
            notes.push(self.baseline_note(baseline, spec));
        }
        if let (Some(rule), Some(compared), Some(spec)) =
            (&self.condition.samples, self.comparison(), &self.condition.baseline)
        {
            notes.extend(samples_text::note(rule, compared, self.unit().unwrap_or(Unit::None), spec));
        }
        if let Some(known) = self.last_known() {
            notes.push(
                Message::new("gate.note.last_known").with("run", excerpt(&known.run)).with("at", known.at),
            );
        }
        if !self.waived_by().is_empty() {
            notes.push(Message::new("gate.note.waived").with("waivers", self.waived_by().join(", ")));
        }
        notes
    }

    fn baseline_note(&self, baseline: &Baseline, spec: &BaselineSpec) -> Message {
        let unit = self.condition.pass.unit.unwrap_or(Unit::None);
        let shown = |exact: &Fraction| with_unit(about(exact), unit);
        let id = match spec.from {
            BaselineFrom::Value { .. } => "gate.note.baseline_given",
            BaselineFrom::Run { .. } => "gate.note.baseline_run",
            BaselineFrom::Control => "gate.note.baseline_control",
            BaselineFrom::Last { .. } => "gate.note.baseline",
        };
        let run = if let BaselineFrom::Run { id } = &spec.from { excerpt(id) } else { String::new() };
        let asks = |predicate: &Predicate| match &predicate.test {
            Test::Relative { comparison, offset } => {
                alloc::format!("{comparison} {}", shown(&offset.applied(baseline.exact())))
            }
            _ => predicate.short(),
        };
        let criterion = match (self.entry.ground, self.warn()) {
            (Ground::WarningHolds, Some(warn)) if warn.is_relative() => warn,
            _ => self.pass(),
        };
        Message::new(id)
            .with("baseline", shown(baseline.exact()))
            .with("aggregate", spec.aggregate.as_str())
            .with("runs", baseline.runs())
            .with("run", run)
            .with("criterion", asks(criterion))
    }

    /// Why it has this status and what else is to be known, in English.
    #[must_use]
    pub fn reason_text(&self) -> String {
        self.reason_with(&texts())
    }

    /// The same with the caller's texts.
    pub(crate) fn reason_with(&self, table: &TextTable) -> String {
        let mut text = table.render(&self.reason());
        for note in self.notes() {
            text = alloc::format!("{text}; {}", table.render(&note));
        }
        text
    }
}

impl fmt::Debug for ConditionResult<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConditionResult({self})")
    }
}

impl fmt::Display for ConditionResult<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.name(), self.status(), self.reason_text())
    }
}
