//! Judgements for people: one line, and the Markdown report.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use devops_core::{Message, TextTable, Unit, markdown_cell as cell};
use devops_stats::tail::Interval;

use super::judgement::{Effect, Judgement, MetricJudgement, Obstacle, TestGround, TestJudgement};
use super::spec::{CanaryTest, Tolerance};
use crate::{Status, texts};

/// Four significant digits; the trace has them all.
pub(crate) fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let exponent = libm::floor(libm::log10(value.abs()));
    if !(-4.0..15.0).contains(&exponent) {
        return format!("{value:.3e}");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 7")]
    let decimals = (3.0 - exponent).clamp(0.0, 7.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// A p-value: two significant digits, and a bound where it is tiny.
pub(crate) fn probability(p: f64) -> String {
    if p < 0.0001 {
        "< 0.0001".into()
    } else {
        format!("{p:.4}").trim_end_matches('0').trim_end_matches('.').into()
    }
}

/// A confidence: four digits, and never 1.
fn confidence(value: f64) -> String {
    if value > 0.9999 { "> 0.9999".into() } else { format!("{value:.4}") }
}

/// A number with its sign and unit.
fn signed(value: f64, unit: &str) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    let space = if unit.is_empty() { "" } else { " " };
    format!("{sign}{}{space}{unit}", short(value))
}

impl CanaryTest {
    /// The name as it is written in reports.
    ///
    /// ```
    /// use devops_gates::judge::CanaryTest;
    /// assert_eq!(CanaryTest::tail(0.99).as_str(), "tail");
    /// ```
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Shift => "shift",
            Self::Spread => "spread",
            Self::Tail { .. } => "tail",
            Self::Rate => "rate",
        }
    }
}

impl MetricJudgement {
    /// Why it has its verdict: of its worst test, with numbers.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// let found = judge(&Measures::new(), &Measures::new(), &policy);
    /// assert_eq!(found.metrics[0].reason().id(), "judge.missing");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reason(&self) -> Message {
        if let Some(obstacle) = &self.obstacle {
            return self.obstacle_text(obstacle);
        }
        match self.tests.iter().min_by_key(|t| t.status) {
            Some(test) => self.test_reason(test),
            None => Message::new("judge.no_test"),
        }
    }

    /// The same, in English.
    ///
    /// ```
    /// use devops_core::{Measures, MetricId, Unit};
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge, sampled};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// let side = |values: &[f64]| sampled(MetricId::new("latency")?, Unit::Milliseconds, values);
    /// let control = Measures::try_from(vec![side(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?])?;
    /// let slower = Measures::try_from(vec![side(&[7.0, 8.0, 9.0, 10.0, 11.0, 12.0])?])?;
    /// let found = judge(&control, &slower, &policy);
    /// let reason = found.metrics[0].reason_text();
    /// assert!(reason.starts_with("shift +6 ms"), "{reason}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reason_text(&self) -> String {
        texts().render(&self.reason())
    }

    fn obstacle_text(&self, obstacle: &Obstacle) -> Message {
        match obstacle {
            Obstacle::Missing { side, reason } => {
                Message::new("judge.missing").with("side", side.as_str()).with("reason", reason)
            }
            Obstacle::NoSamples { side } => Message::new("judge.no_samples").with("side", side.as_str()),
            Obstacle::NoCounts { side } => Message::new("judge.no_counts").with("side", side.as_str()),
            Obstacle::WrongUnit { side, unit } => Message::new("judge.wrong_unit")
                .with("side", side.as_str())
                .with("unit", unit)
                .with("expected", self.unit),
            Obstacle::Overflow { side } => Message::new("judge.overflow").with("side", side.as_str()),
        }
    }

    /// Why a test of this metric has its verdict.
    ///
    /// ```
    /// use devops_core::{Measures, MetricId, Unit};
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge, sampled};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// let side = |values: &[f64]| sampled(MetricId::new("latency")?, Unit::Milliseconds, values);
    /// let control = Measures::try_from(vec![side(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?])?;
    /// let slower = Measures::try_from(vec![side(&[7.0, 8.0, 9.0, 10.0, 11.0, 12.0])?])?;
    /// let found = judge(&control, &slower, &policy);
    /// let metric = &found.metrics[0];
    /// assert_eq!(metric.test_reason(&metric.tests[0]).id(), "judge.harm");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn test_reason(&self, test: &TestJudgement) -> Message {
        let id = match test.ground {
            TestGround::Harm => "judge.harm",
            TestGround::ChangeWithinTolerance => "judge.change",
            TestGround::NoHarmShown => "judge.no_harm",
            TestGround::HarmRuledOut => "judge.ruled_out",
            TestGround::HarmNotRuledOut => "judge.not_ruled_out",
            TestGround::StillWatched => "judge.still_watched",
            TestGround::TooFewValues { needed } => {
                return Message::new("judge.too_few")
                    .with("test", test.test.as_str())
                    .with("control", self.control_size)
                    .with("experiment", self.experiment_size)
                    .with("needed", needed);
            }
            TestGround::CannotShow => {
                return Message::new("judge.cannot_show")
                    .with("test", test.test.as_str())
                    .with("control", self.control_size)
                    .with("experiment", self.experiment_size);
            }
        };
        let adjusted = match test.ground {
            TestGround::Harm => test.harm_adjusted,
            TestGround::HarmRuledOut | TestGround::HarmNotRuledOut => test.p.map(|p| p.safe),
            _ => test.change_adjusted,
        };
        Message::new(id)
            .with("effect", self.effect_text(test))
            .with("tolerance", self.tolerance_text())
            .with("p", adjusted.map(probability).unwrap_or_default())
    }

    fn tolerance_text(&self) -> String {
        match self.tolerance {
            Tolerance::None => "no change".into(),
            Tolerance::Absolute { value } => {
                let rate = self.tests.iter().any(|t| t.test == CanaryTest::Rate);
                let (value, symbol) = if rate { (value * 100.0, "pp") } else { (value, self.unit.symbol()) };
                let space = if symbol.is_empty() { "" } else { " " };
                format!("{}{space}{symbol}", short(value))
            }
            Tolerance::Relative { share } => format!("{} %", short(share * 100.0)),
        }
    }

    fn effect_text(&self, test: &TestJudgement) -> String {
        let sizes = [self.experiment_size, self.control_size];
        test.effect.as_ref().map(|e| effect_text(e, test.test, self.unit, sizes)).unwrap_or_default()
    }
}

/// The difference in words: `+11.2 ms (9.8 to 12.4)`; `sizes` are those of experiment and control.
pub(crate) fn effect_text(effect: &Effect, test: CanaryTest, unit: Unit, sizes: [u64; 2]) -> String {
    let symbol = unit.symbol();
    let within = |i: Interval| format!("{} to {}", short(i.low), short(i.high));
    match *effect {
        Effect::Shift { shift: Some(shift), interval: Some(interval), .. } => {
            format!("shift {} ({})", signed(shift, symbol), within(interval))
        }
        Effect::Shift { superiority, .. } | Effect::Superiority { superiority } => {
            let what = if test == CanaryTest::Spread { "farther out" } else { "larger" };
            format!("{what} in {} % of pairs", short(superiority * 100.0))
        }
        Effect::Spread { control_deviation, experiment_deviation, .. } => format!(
            "median deviation {} against {}",
            signed(experiment_deviation, symbol).trim_start_matches('+'),
            short(control_deviation)
        ),
        Effect::Tail { control_beyond, experiment_beyond } => {
            format!("{experiment_beyond} beyond the quantile against {control_beyond}")
        }
        Effect::Rate { control_events, experiment_events, difference, interval, .. } => {
            let [n, m] = sizes;
            let percent = Interval::new(interval.low * 100.0, interval.high * 100.0);
            format!(
                "{experiment_events} of {n} against {control_events} of {m}: {} ({})",
                signed(difference * 100.0, "pp"),
                within(percent)
            )
        }
    }
}

impl Judgement {
    /// One line: the verdict, and the metric that stands in the way.
    ///
    /// ```
    /// use devops_core::{Measures, MetricId, Unit};
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge, sampled};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// let side = |values: &[f64]| sampled(MetricId::new("latency")?, Unit::Milliseconds, values);
    /// let control = Measures::try_from(vec![side(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?])?;
    /// let slower = Measures::try_from(vec![side(&[7.0, 8.0, 9.0, 10.0, 11.0, 12.0])?])?;
    /// let found = judge(&control, &slower, &policy);
    /// assert_eq!(found.summary().id(), "judge.summary.obstacle");
    /// assert!(found.to_string().starts_with("canary checkout failed: latency: shift +6 ms"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn summary(&self) -> Message {
        let passed = self.metrics.iter().filter(|m| !m.shadow && m.status == Status::Passed).count();
        let total = self.metrics.iter().filter(|m| !m.shadow).count();
        let base = |id| {
            Message::new(id)
                .with("policy", &self.policy)
                .with("status", self.status)
                .with("passed", passed)
                .with("total", total)
        };
        let counted = self.metrics.iter().filter(|m| !m.shadow && m.status != Status::Passed);
        match counted.min_by_key(|m| (m.status, !m.critical)) {
            Some(metric) if self.status != Status::Passed => base("judge.summary.obstacle")
                .with("metric", &metric.metric)
                .with("reason", metric.reason_text()),
            _ => base("judge.summary"),
        }
    }

    /// The report as Markdown.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// let report = judge(&Measures::new(), &Measures::new(), &policy).to_markdown();
    /// assert!(report.starts_with("### Canary checkout: inconclusive\n"));
    /// assert!(report.contains("control is missing: no measure"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        self.to_markdown_with(&texts())
    }

    /// The same with the caller's texts.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec, judge};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// let german = devops_gates::texts().with("judge.missing", "{side} fehlt");
    /// let report = judge(&Measures::new(), &Measures::new(), &policy).to_markdown_with(&german);
    /// assert!(report.contains("control fehlt"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_markdown_with(&self, table: &TextTable) -> String {
        let text = |message: &Message| table.render(message);
        let heading = Message::new("judge.markdown.heading")
            .with("policy", cell(&self.policy))
            .with("status", self.status);
        let level = Message::new("judge.markdown.level")
            .with("alpha", short(self.alpha * 100.0))
            .with("tests", self.tests)
            .with("confidence", self.confidence.map_or_else(|| "-".into(), confidence));
        let mut report = format!(
            "### {}\n\n{}\n\n{}\n\n{}\n|---|---|---|---|---|\n",
            text(&heading),
            cell(&text(&self.summary())),
            text(&level),
            text(&Message::new("judge.markdown.columns"))
        );
        for metric in &self.metrics {
            self.metric_rows(metric, table, &mut report);
        }
        for group in &self.groups {
            let weight = short(group.weight);
            report.push_str(&format!(
                "| *{}* | | {} | | weight {weight} |\n",
                cell(&group.name),
                group.status
            ));
        }
        if !self.unjudged.is_empty() {
            let names: alloc::vec::Vec<String> = self.unjudged.iter().map(ToString::to_string).collect();
            let message = Message::new("judge.markdown.unjudged").with("metrics", names.join(", "));
            report.push_str(&format!("\n{}\n", text(&message)));
        }
        report
    }

    /// The rows of a metric: one for each test, or one that tells why there is none.
    fn metric_rows(&self, metric: &MetricJudgement, table: &TextTable, report: &mut String) {
        let mark = match (metric.shadow, metric.critical) {
            (true, _) => table.render(&Message::new("gate.mark.shadow")),
            (false, true) => table.render(&Message::new("judge.mark.critical")),
            (false, false) => String::new(),
        };
        let name = match &metric.group {
            Some(group) => format!("{}: {}", cell(group), metric.metric),
            None => metric.metric.to_string(),
        };
        let mut row = |test: &str, status: Status, reason: &Message| {
            let reason = cell(&table.render(reason));
            report.push_str(&format!("| {name} | {test} | {status} | {reason} | {mark} |\n"));
        };
        if metric.obstacle.is_some() || metric.tests.is_empty() {
            row("", metric.status, &metric.reason());
        }
        for test in &metric.tests {
            row(test.test.as_str(), test.status, &metric.test_reason(test));
        }
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&texts().render(&self.summary()))
    }
}

impl fmt::Display for MetricJudgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.metric, self.status, self.reason_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let cases = [
            (0.0, "0"),
            (11.25, "11.25"),
            (0.000_123_456, "0.0001235"),
            (1e-9, "1.000e-9"),
            (123_456.0, "123456"),
            (-2.5, "-2.5"),
            (1e300, "1.000e300"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
        assert_eq!((probability(0.00001), probability(0.25)), ("< 0.0001".into(), "0.25".into()));
    }
}
