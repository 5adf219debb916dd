//! One condition of a verdict, with names resolved.

use alloc::string::String;
use core::fmt;

use devops_core::{Message, MetricId, Scope, Unit, Value};

use crate::compiled::{Condition, Rule};
use crate::distance::distance;
use crate::entry::Entry;
use crate::evaluate::Tally;
use crate::render::shown;
use crate::{Amount, Distance, Ground, Missing, Predicate, Status, Verdict, texts};

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
        let own = Tally::of([(self.entry.status, self.condition.part)].into_iter()).earned(warning_earns);
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
                    Missing::Inconclusive => "gate.missing",
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
        }
    }

    /// The same, in English.
    #[must_use]
    pub fn reason_text(&self) -> String {
        texts().render(&self.reason())
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
