//! Opportunities, verdicts and progress in words.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use devops_core::{Message, MetricId, TextTable, Unit};
use devops_stats::tail::Interval;

use super::effect::{Effect, Movement};
use super::guardrail::GuardrailStatus;
use super::opportunity::{Opportunity, OpportunityReport};
use super::proposal::capital;
use super::verdict::{ImprovementVerdict, MetricVerdict, Obstacle, Verdict};
use super::{Benefit, Progress, Proposal};
use crate::trend::{Direction, short_number};

/// The English texts of the improvement loop, by id; a translation is another table over the same ids.
///
/// ```
/// use devops_core::Message;
///
/// let texts = devops_metrics::improvement::texts();
/// let message = Message::new("improvement.advice.measure").with("metric", "time_to_detect");
/// assert_eq!(texts.render(&message), "measure time_to_detect: it was not observed both before and now");
/// ```
#[must_use]
pub fn texts() -> TextTable {
    TextTable::from_entries(&[
        ("improvement.advice.all_met", "every success metric is met: ask for the verdict"),
        ("improvement.advice.measure", "measure {metric}: it was not observed both before and now"),
        ("improvement.advice.met", "{criterion} is met: hold it"),
        ("improvement.advice.wait", "wait for {count} more observations of {metric} before judging"),
        ("improvement.advice.worse", "look at {metric} first: it is getting worse"),
        ("improvement.advice.expected", "go on: {metric} is expected to reach its target by {date}"),
        ("improvement.advice.on_the_way", "go on: {metric} has moved towards its target"),
        ("improvement.advice.not_moved", "think again: {metric} has not moved towards its target for sure"),
        ("improvement.advice.validate", "validate it: it helped, and no guardrail is broken"),
        (
            "improvement.advice.broken",
            "look at {metric} before validating: it got worse by more than was allowed",
        ),
        (
            "improvement.advice.unclear",
            "watch {metric} longer: the data allow for more than it may worsen by",
        ),
        ("improvement.advice.unguarded", "measure {metric}: the guardrail is not known to be kept"),
        ("improvement.advice.worsened", "roll it back or change it: {metric} got worse"),
        (
            "improvement.advice.no_effect",
            "do not count on it: there were enough data, and they show no change",
        ),
        ("improvement.obstacle.not_measured_before", "it was not observed before"),
        ("improvement.obstacle.not_measured_after", "it was not observed after"),
        (
            "improvement.obstacle.stale_baseline",
            "the baseline holds the window that drew attention to the metric, and what is chosen because it is \
             bad gets better by itself: observe it afresh, or take controls that were chosen alike",
        ),
        ("improvement.obstacle.other_definition", "before and after are computed by different definitions"),
        ("improvement.obstacle.too_few", "{count} more observations are needed"),
        ("improvement.obstacle.control", "too little is known of the control {name}"),
        ("improvement.obstacle.no_direction", "the criterion does not say which way is better"),
        ("improvement.obstacle.no_test", "the observations do not allow for a test"),
        ("improvement.benefit.volume", "{volume} cases a {period}, as given"),
        ("improvement.benefit.hours", "{hours} hours of work a case for each of its {unit}, as given"),
        ("improvement.benefit.hours_a_case", "{hours} hours of work for each case, as given"),
        ("improvement.benefit.lasting", "the change lasts for the whole {period}"),
        ("improvement.benefit.rate", "an hour costs {rate} {currency}, as given"),
        ("improvement.benefit.no_control", "nothing else has changed meanwhile: there is no control"),
    ])
}

impl Obstacle {
    /// As a sentence for people.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::NotMeasuredBefore {} => Message::new("improvement.obstacle.not_measured_before"),
            Self::NotMeasuredAfter {} => Message::new("improvement.obstacle.not_measured_after"),
            Self::StaleBaseline {} => Message::new("improvement.obstacle.stale_baseline"),
            Self::OtherDefinition {} => Message::new("improvement.obstacle.other_definition"),
            Self::TooFew { still_needed } => {
                Message::new("improvement.obstacle.too_few").with("count", still_needed)
            }
            Self::Control { name } => Message::new("improvement.obstacle.control").with("name", name),
            Self::NoDirection {} => Message::new("improvement.obstacle.no_direction"),
            Self::NoTest {} => Message::new("improvement.obstacle.no_test"),
        }
    }
}

fn with_unit(value: f64, unit: Unit) -> String {
    let number = short_number(value);
    match unit.symbol() {
        "" => number,
        symbol => format!("{number} {symbol}"),
    }
}

/// A change of a percentage is told in points.
fn change_unit(unit: Unit) -> &'static str {
    if unit == Unit::Percent { "points" } else { unit.symbol() }
}

fn ends(interval: Interval) -> String {
    format!("{} to {}", short_number(interval.low), short_number(interval.high))
}

/// As people say it: `change failure rate`.
fn plain(metric: &MetricId) -> String {
    metric.as_str().replace('_', " ")
}

/// `fell from 300 to 60 min, by 240 min (95 % interval -300 to -190)`
fn effect_text(effect: &Effect, unit: Unit) -> String {
    let verb = match effect.movement {
        Movement::Rose => "rose",
        Movement::Fell => "fell",
        Movement::Same => "did not move",
    };
    let mut text = verb.to_string();
    if let (Some(before), Some(after)) = (effect.before, effect.after)
        && effect.movement == Movement::of(after - before)
        && effect.movement != Movement::Same
    {
        let _ = write!(text, " from {} to {},", short_number(before), with_unit(after, unit));
    }
    if let Some(difference) = effect.difference.filter(|_| effect.movement != Movement::Same) {
        let _ = write!(text, " by {} {}", short_number(difference.abs()), change_unit(unit));
        text.truncate(text.trim_end().len());
    }
    if let Some(interval) = effect.interval {
        let _ = write!(text, " ({} % interval {})", short_number(100.0 * effect.confidence), ends(interval));
    }
    text
}

fn p_text(p: f64) -> String {
    if p < 0.0001 { "p < 0.0001".into() } else { format!("p = {}", short_number(p)) }
}

fn metric_text(metric: &MetricVerdict, table: &TextTable) -> String {
    let name = plain(metric.criterion.metric());
    match (&metric.effect, &metric.obstacle) {
        (_, Some(obstacle)) => format!("{name}: {}", table.render(&obstacle.message())),
        (Some(effect), None) => {
            let mut text = format!("{name} {}", effect_text(effect, metric.criterion.unit()));
            if let Some(p) = metric.adjusted_p {
                let _ = write!(text, ", {}", p_text(p));
            }
            text
        }
        (None, None) => name,
    }
}

impl fmt::Display for ImprovementVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.verdict)?;
        let deciding = self.metrics.iter().filter(|m| m.verdict == self.verdict);
        let table = texts();
        let mut separator = ": ";
        for metric in deciding {
            write!(f, "{separator}{}", metric_text(metric, &table))?;
            separator = "; ";
        }
        for guardrail in &self.guardrails {
            write!(f, "; guardrail {} {}", plain(&guardrail.metric), guardrail.status)?;
        }
        Ok(())
    }
}

impl ImprovementVerdict {
    /// The verdict as a report: each success metric with its comparison, each guardrail with its margin.
    ///
    /// ```
    /// # let json = r#"{"format":1,"proposal":"p-1","verdict":"inconclusive","metrics":[],"guardrails":[],"controls":0,"alpha":0.05}"#;
    /// # let verdict: devops_metrics::improvement::ImprovementVerdict = serde_json::from_str(json)?;
    /// assert!(verdict.to_markdown().starts_with("## p-1: inconclusive"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let table = texts();
        let mut text = format!("## {}: {}\n", self.proposal, self.verdict);
        if !self.metrics.is_empty() {
            text.push_str("\n| success metric | met | verdict | comparison | n before, after |\n|---|---|---|---|---|\n");
        }
        for metric in &self.metrics {
            let met = yes_no(metric.met);
            let n =
                metric.effect.as_ref().map_or_else(String::new, |e| format!("{}, {}", e.n_before, e.n_after));
            let told = metric_text(metric, &table);
            let _ = writeln!(text, "| {} | {met} | {} | {told} | {n} |", metric.criterion, metric.verdict);
        }
        if !self.guardrails.is_empty() {
            text.push_str("\n| guardrail | status | may worsen by | comparison |\n|---|---|---|---|\n");
        }
        for guardrail in &self.guardrails {
            let margin = guardrail.margin.map_or_else(|| "unknown".into(), |m| with_unit(m, guardrail.unit));
            let told = guardrail.effect.as_ref().map_or_else(String::new, |e| effect_text(e, guardrail.unit));
            let _ = writeln!(text, "| {} | {} | {margin} | {told} |", guardrail.metric, guardrail.status);
        }
        let _ = write!(
            text,
            "\nThe chance of a false verdict over all success metrics is at most {} %.",
            short_number(100.0 * self.alpha)
        );
        let _ = match self.controls {
            0 => {
                writeln!(text, " There is no control: what changed for everybody is part of the comparison.")
            }
            n => writeln!(text, " Controls taken out: {n}."),
        };
        text
    }
}

impl ImprovementVerdict {
    /// What to do about it.
    ///
    /// ```
    /// # let json = r#"{"format":1,"proposal":"p-1","verdict":"no_evidence","metrics":[],"guardrails":[],"controls":0,"alpha":0.05}"#;
    /// # let verdict: devops_metrics::improvement::ImprovementVerdict = serde_json::from_str(json)?;
    /// assert_eq!(verdict.advice()[0].id(), "improvement.advice.no_effect");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn advice(&self) -> Vec<Message> {
        let mut advice = Vec::new();
        for metric in self.metrics.iter().filter(|m| m.verdict == Verdict::Worsened) {
            let name = plain(metric.criterion.metric());
            advice.push(Message::new("improvement.advice.worsened").with("metric", name));
        }
        for guardrail in &self.guardrails {
            let id = match guardrail.status {
                GuardrailStatus::Broken => "improvement.advice.broken",
                GuardrailStatus::Unclear => "improvement.advice.unclear",
                GuardrailStatus::NotMeasured => "improvement.advice.unguarded",
                GuardrailStatus::Kept => continue,
            };
            advice.push(Message::new(id).with("metric", plain(&guardrail.metric)));
        }
        match self.verdict {
            Verdict::Improved if advice.is_empty() => {
                advice.push(Message::new("improvement.advice.validate"));
            }
            Verdict::NoEvidence => advice.insert(0, Message::new("improvement.advice.no_effect")),
            _ => {}
        }
        advice
    }
}

fn yes_no(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

impl fmt::Display for Opportunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (current, target) = (self.current.get(), self.target.get());
        write!(
            f,
            "{} is {}, target {}, opportunity beyond {}",
            self.title,
            with_unit(current, self.unit),
            with_unit(target, self.unit),
            with_unit(self.trigger.get(), self.unit)
        )?;
        if let Some(severity) = self.severity {
            write!(f, "; severity {}", short_number(severity))?;
        }
        match self.trend.map(|t| t.direction) {
            Some(Direction::Worsening) => f.write_str(", getting worse")?,
            Some(Direction::Improving) => f.write_str(", getting better on its own")?,
            _ => {}
        }
        write!(f, "; priority {}", short_number(self.priority))
    }
}

impl fmt::Display for OpportunityReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.opportunities.first() {
            Some(first) => write!(f, "{first}")?,
            None => f.write_str("no opportunity")?,
        }
        write!(
            f,
            " ({} opportunities, {} in band, {} not judged; policy {})",
            self.opportunities.len(),
            self.in_band.len(),
            self.unjudged.len(),
            self.policy
        )
    }
}

impl OpportunityReport {
    /// Every metric that was looked at, with what can be done.
    ///
    /// ```
    /// use devops_metrics::improvement::{Library, OpportunityPolicy, StageShares, opportunities};
    ///
    /// let none = opportunities(&[], &StageShares::new(), &Library::standard(), &OpportunityPolicy::classic())?;
    /// assert!(none.to_markdown().starts_with("## What to improve next\n\nNothing was found."));
    /// # Ok::<(), devops_metrics::improvement::ImprovementError>(())
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = "## What to improve next\n".to_string();
        if self.opportunities.is_empty() {
            text.push_str("\nNothing was found.\n");
        }
        for (place, opportunity) in (1_usize..).zip(&self.opportunities) {
            let _ = writeln!(text, "\n{place}. **{}**", capital(&opportunity.to_string()));
            for action in &opportunity.actions {
                let _ = writeln!(text, "   - {} ({} effort)", action.text, action.effort);
            }
        }
        if !self.in_band.is_empty() {
            text.push_str("\n| in band | now | target | |\n|---|---|---|---|\n");
        }
        for metric in &self.in_band {
            let note = match (metric.met, metric.trend.map(|t| t.direction)) {
                (_, Some(Direction::Worsening)) => "getting worse: watch it",
                (true, _) => "on target",
                (false, _) => "between target and trigger",
            };
            let (now, target) =
                (with_unit(metric.current.get(), metric.unit), with_unit(metric.target.get(), metric.unit));
            let _ = writeln!(text, "| {} | {now} | {target} | {note} |", metric.metric);
        }
        for metric in &self.unjudged {
            let _ = match metric.needed {
                Some(needed) => writeln!(
                    text,
                    "\nNot enough data: {} has {} observations, {needed} are needed.",
                    metric.metric, metric.got
                ),
                None => writeln!(text, "\nNo rule: the policy says nothing about {}.", metric.metric),
            };
        }
        let _ = writeln!(text, "\nPolicy: {}.", self.policy);
        text
    }
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({} effort, {} impact)", self.id, self.title, self.effort, self.impact)
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} success metrics are met", self.met, self.total)?;
        for told in &self.success {
            let metric = told.criterion.metric();
            if let Some(way) = told.way {
                write!(f, "; {metric} {} % of the way", short_number(100.0 * way))?;
            }
        }
        Ok(())
    }
}

impl Progress {
    /// Each success metric with how far it is, and what to do now.
    ///
    /// ```
    /// # let json = r#"{"format":1,"proposal":"p-1","met":0,"total":0,"success":[],"advice":[]}"#;
    /// # let progress: devops_metrics::improvement::Progress = serde_json::from_str(json)?;
    /// assert!(progress.to_markdown().starts_with("## p-1: 0 of 0 success metrics are met"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text =
            format!("## {}: {} of {} success metrics are met\n", self.proposal, self.met, self.total);
        if !self.success.is_empty() {
            text.push_str("\n| success metric | met | before | now | way (95 % interval) | expected |\n");
            text.push_str("|---|---|---|---|---|---|\n");
        }
        for told in &self.success {
            let number = |v: Option<f64>| v.map_or_else(|| "unknown".into(), short_number);
            let percent = |i: Interval| format!(" ({})", ends(Interval::new(100.0 * i.low, 100.0 * i.high)));
            let way = told.way.map_or_else(|| "unknown".into(), |w| format!("{} %", short_number(100.0 * w)));
            let around = told.way_interval.map(percent).unwrap_or_default();
            let expected = told.expected.map_or_else(|| "unknown".to_string(), |t| t.to_string());
            let (met, before, now) = (yes_no(told.met), number(told.before), number(told.now));
            let _ = writeln!(
                text,
                "| {} | {met} | {before} | {now} | {way}{around} | {expected} |",
                told.criterion
            );
        }
        if !self.advice.is_empty() {
            text.push('\n');
        }
        let table = texts();
        for message in &self.advice {
            let _ = writeln!(text, "- {}", capital(&table.render(message)));
        }
        text
    }
}

impl fmt::Display for Benefit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, size) = if self.hours < 0.0 { ("costs", -self.hours) } else { ("saves", self.hours) };
        write!(f, "{verb} {} hours a {}", short_number(size), self.period)?;
        if let Some(interval) = self.hours_interval {
            write!(f, " ({} saved)", ends(interval))?;
        }
        if let (Some(money), Some(currency)) = (self.money, &self.currency) {
            write!(f, ", {} {currency}", short_number(money.abs()))?;
        }
        Ok(())
    }
}
