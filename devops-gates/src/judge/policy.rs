//! The checked canary policy: every fault at once, each with its place.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{MetricId, Scope, ValueError};

use super::plan::{LOOKS_MAX, WatchPlan};
use super::spec::{CanaryMetric, CanaryTest, JudgePolicySpec, Proof, Sampling, Tolerance};
use crate::fault::{Faults, Problem};
use crate::gate::compiled::{Part, Rule};
use crate::{Combine, JudgePolicyErrors, Missing};

/// A checked canary policy: what is compared, and at which level.
///
/// Read and written as [`JudgePolicySpec`]; what does not make sense is refused with every fault at once.
///
/// ```
/// use devops_gates::judge::JudgePolicy;
///
/// let policy: JudgePolicy = toml::from_str(
///     "format = 1\nname = \"p\"\n[[metrics]]\nmetric = \"latency\"\ndirection = \"increase\"")?;
/// assert_eq!((policy.spec().alpha, policy.tests()), (0.05, 1));
/// let error = toml::from_str::<JudgePolicy>(
///     "format = 1\nname = \"p\"\nalpha = 0.7\n[[metrics]]\nmetric = \"latency\"\ndirection = \"increase\"")
///     .unwrap_err();
/// assert!(error.to_string().contains("alpha: `0.7` is outside"));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "JudgePolicySpec", into = "JudgePolicySpec")]
pub struct JudgePolicy {
    spec: JudgePolicySpec,
    /// In the order of the document: those without group first.
    pub(super) metrics: Vec<CheckedMetric>,
    pub(super) groups: Vec<CheckedGroup>,
    pub(super) rule: Rule,
}

/// A metric ready to be judged.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CheckedMetric {
    pub(super) id: MetricId,
    pub(super) spec: CanaryMetric,
    /// Which group holds it.
    pub(super) group: Option<usize>,
    pub(super) part: Part,
    pub(super) min_samples: u64,
}

/// A group ready to be judged.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CheckedGroup {
    pub(super) name: String,
    pub(super) rule: Rule,
    pub(super) part: Part,
}

impl JudgePolicy {
    /// Checks a policy.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, each fault with its place.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec};
    ///
    /// let spec = JudgePolicySpec::new("p")
    ///     .with_alpha(0.0)
    ///     .with_metric(CanaryMetric::new("no metric", Direction::Increase).with_tests([]));
    /// assert_eq!(JudgePolicy::build(spec).unwrap_err().faults().len(), 3);
    /// ```
    pub fn build(spec: JudgePolicySpec) -> Result<Self, JudgePolicyErrors> {
        let mut checker = Checker { faults: Faults::default(), seen: BTreeMap::new(), metrics: Vec::new() };
        checker.head(&spec);
        let min = spec.min_samples;
        for (index, metric) in spec.metrics.iter().enumerate() {
            checker.metric(&format!("metrics[{index}]"), metric, None, min);
        }
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        let mut groups = Vec::with_capacity(spec.groups.len());
        for (index, group) in spec.groups.iter().enumerate() {
            let path = format!("groups[{index}]");
            checker.name(&format!("{path}.name"), &group.name);
            if let Some(first) = names.insert(&group.name, index) {
                let (name, first) = (group.name.clone(), format!("groups[{first}]"));
                checker.faults.add(format!("{path}.name"), Problem::DuplicateName { name, first });
            }
            for (place, metric) in group.metrics.iter().enumerate() {
                checker.metric(&format!("{path}.metrics[{place}]"), metric, Some(index), min);
            }
            let counted: Vec<f64> = group.metrics.iter().filter(|m| !m.shadow).map(|m| m.weight).collect();
            let weight = checker.faults.micros(&format!("{path}.weight"), group.weight, 1000);
            let rule = checker.rule(&path, group.combine, &counted);
            groups.push(CheckedGroup {
                name: group.name.clone(),
                rule,
                part: Part { weight, mandatory: false },
            });
        }
        let own = spec.metrics.iter().filter(|m| !m.shadow).map(|m| m.weight);
        let weights: Vec<f64> = own.chain(spec.groups.iter().map(|g| g.weight)).collect();
        let rule = checker.rule("", spec.combine, &weights);
        JudgePolicyErrors::check(checker.faults.0)?;
        Ok(Self { metrics: checker.metrics, groups, rule, spec })
    }

    /// The policy as it is written.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, CanaryTest, Direction, JudgePolicy, JudgePolicySpec};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase).with_tests([CanaryTest::Shift, CanaryTest::Spread]);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// assert_eq!(policy.spec().metrics[0].metric, "latency");
    /// # Ok::<(), devops_gates::JudgePolicyErrors>(())
    /// ```
    #[must_use]
    pub const fn spec(&self) -> &JudgePolicySpec {
        &self.spec
    }

    /// What reports call it.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, CanaryTest, Direction, JudgePolicy, JudgePolicySpec};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase).with_tests([CanaryTest::Shift, CanaryTest::Spread]);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// assert_eq!(policy.name(), "checkout");
    /// # Ok::<(), devops_gates::JudgePolicyErrors>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// How many tests share the level: those of all metrics that are no shadows.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, CanaryTest, Direction, JudgePolicy, JudgePolicySpec};
    ///
    /// let metric = CanaryMetric::new("latency", Direction::Increase).with_tests([CanaryTest::Shift, CanaryTest::Spread]);
    /// let policy = JudgePolicy::build(JudgePolicySpec::new("checkout").with_metric(metric))?;
    /// assert_eq!(policy.tests(), 2);
    /// # Ok::<(), devops_gates::JudgePolicyErrors>(())
    /// ```
    #[must_use]
    pub fn tests(&self) -> usize {
        self.planned(false)
    }

    /// What a single test is held to before the others are known.
    #[expect(clippy::cast_precision_loss, reason = "a number of tests")]
    pub(super) fn level(&self) -> f64 {
        self.spec.alpha / self.tests().max(1) as f64
    }

    /// How many tests are made of shadows.
    pub(super) fn shadow_tests(&self) -> usize {
        self.planned(true)
    }

    fn planned(&self, shadow: bool) -> usize {
        let metrics = self.metrics.iter().filter(|m| m.spec.shadow == shadow);
        metrics.map(|m| m.spec.tests.len()).fold(0, usize::saturating_add)
    }
}

impl TryFrom<JudgePolicySpec> for JudgePolicy {
    type Error = JudgePolicyErrors;

    fn try_from(spec: JudgePolicySpec) -> Result<Self, JudgePolicyErrors> {
        Self::build(spec)
    }
}

impl From<JudgePolicy> for JudgePolicySpec {
    fn from(policy: JudgePolicy) -> Self {
        policy.spec
    }
}

/// Collects what is wrong on the way through the document.
struct Checker {
    faults: Faults,
    seen: BTreeMap<(MetricId, Scope), String>,
    metrics: Vec<CheckedMetric>,
}

impl Checker {
    fn head(&mut self, spec: &JudgePolicySpec) {
        if spec.format != 1 {
            self.faults.add("format", Problem::UnknownFormat { found: spec.format });
        }
        self.name("name", &spec.name);
        self.within("alpha", spec.alpha, (f64::MIN_POSITIVE, "above 0"), 0.5);
        self.faults.whole("min_samples", spec.min_samples, 2, 1_000_000);
        if let WatchPlan::Planned { looks, .. } = spec.watch {
            self.faults.whole("watch.looks", looks, 1, LOOKS_MAX);
        }
    }

    fn name(&mut self, path: &str, name: &str) {
        if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
            let expected = "1 to 200 bytes of text without control characters";
            self.faults.add(path, ValueError::malformed("name", name, expected));
        }
    }

    fn within(&mut self, path: &str, value: f64, (least, shown): (f64, &str), most: f64) {
        if !value.is_finite() {
            self.faults.add(path, Problem::NotFinite { value: value.to_string() });
        } else if value < least || value > most {
            let (value, max) = (value.to_string(), most.to_string());
            self.faults.add(path, Problem::OutOfRange { value, min: shown.into(), max });
        }
    }

    fn metric(&mut self, path: &str, metric: &CanaryMetric, group: Option<usize>, policy_min: u64) {
        let weight = self.faults.micros(&format!("{path}.weight"), metric.weight, 1000);
        let min = metric.min_samples.unwrap_or(policy_min);
        if metric.min_samples.is_some() {
            self.faults.whole(&format!("{path}.min_samples"), min, 2, 1_000_000);
        }
        self.tolerance(&format!("{path}.tolerance"), metric);
        self.tests(&format!("{path}.tests"), metric);
        metric.sampling.check(&mut self.faults, path);
        if !matches!(metric.missing, Missing::Inconclusive | Missing::Fail) {
            let value = "a policy that leaves a missing metric out or takes an old one".into();
            let expected = "`inconclusive` or `fail`".into();
            self.faults.add(format!("{path}.missing"), Problem::Inconsistent { value, expected });
        }
        let id = match MetricId::new(&metric.metric) {
            Ok(id) => id,
            Err(error) => return self.faults.add(format!("{path}.metric"), error),
        };
        let key = (id.clone(), metric.scope.clone());
        if let Some(first) = self.seen.get(&key) {
            let problem = Problem::DuplicateName { name: metric.metric.clone(), first: first.clone() };
            return self.faults.add(format!("{path}.metric"), problem);
        }
        self.seen.insert(key, path.into());
        let part = Part { weight, mandatory: false };
        self.metrics.push(CheckedMetric { id, spec: metric.clone(), group, part, min_samples: min });
    }

    fn tolerance(&mut self, path: &str, metric: &CanaryMetric) {
        let rate = metric.tests.contains(&CanaryTest::Rate);
        match metric.tolerance {
            Tolerance::None => {
                if metric.proof == Proof::NonInferior {
                    let problem = Problem::Inconsistent {
                        value: "no tolerance".into(),
                        expected: "one above 0, as `non_inferior` rules out a change beyond it".into(),
                    };
                    self.faults.add(path, problem);
                }
            }
            Tolerance::Absolute { value } => {
                let most = if rate { 1.0 } else { f64::MAX };
                self.within(&format!("{path}.value"), value, (0.0, "0"), most);
            }
            Tolerance::Relative { share } => {
                self.within(&format!("{path}.share"), share, (0.0, "0"), 100.0);
            }
        }
    }

    fn tests(&mut self, path: &str, metric: &CanaryMetric) {
        if metric.tests.is_empty() {
            self.faults.add(path, Problem::Empty);
        }
        for (index, test) in metric.tests.iter().enumerate() {
            let place = format!("{path}[{index}]");
            if let CanaryTest::Tail { quantile, confidence } = *test {
                for (field, value) in [("quantile", quantile), ("confidence", confidence)] {
                    self.within(&format!("{place}.{field}"), value, (0.5, "0.5"), 1.0 - 1e-9);
                }
            }
            let first = metric.tests.iter().position(|t| t == test).filter(|first| *first < index);
            if let Some(first) = first {
                let problem = Problem::Inconsistent {
                    value: format!("the test of {path}[{first}] again"),
                    expected: "each test once".into(),
                };
                self.faults.add(place.clone(), problem);
            }
            if *test == CanaryTest::Rate && metric.tests.len() > 1 {
                let problem = Problem::Inconsistent {
                    value: "`rate` beside other tests".into(),
                    expected: "`rate` alone, as it counts outcomes and the others compare values".into(),
                };
                self.faults.add(place, problem);
            }
        }
        if metric.tests.contains(&CanaryTest::Rate) && metric.sampling != Sampling::Independent {
            let problem = Problem::Inconsistent {
                value: "thinned or blocked counts".into(),
                expected: "`independent`, as counted outcomes have no order".into(),
            };
            self.faults.add(path.replace(".tests", ".sampling"), problem);
        }
    }

    /// How parts of those weights make a verdict.
    fn rule(&mut self, path: &str, combine: Combine, weights: &[f64]) -> Rule {
        let at = |field: &str| {
            if path.is_empty() { field.to_string() } else { format!("{path}.{field}") }
        };
        if weights.is_empty() {
            self.faults.add(at("metrics"), Problem::Empty);
        }
        match combine {
            Combine::All => Rule::All,
            Combine::Weighted { pass, warn, warning_earns } => {
                if !weights.is_empty() && weights.iter().all(|w| *w == 0.0) {
                    self.faults.add(at("combine"), Problem::NoWeight);
                }
                if let Some(value) = warn.filter(|w| *w > pass) {
                    let expected = format!("a share not above that of `pass`, {pass}");
                    let problem = Problem::Inconsistent { value: value.to_string(), expected };
                    self.faults.add(at("combine.warn"), problem);
                }
                Rule::Weighted {
                    pass: self.faults.micros(&at("combine.pass"), pass, 100),
                    warn: warn.map(|w| self.faults.micros(&at("combine.warn"), w, 100)),
                    warning_earns: self.faults.micros(&at("combine.warning_earns"), warning_earns, 1),
                }
            }
            _ => {
                let value = "another way to combine".into();
                let problem = Problem::Inconsistent { value, expected: "`all` or `weighted`".into() };
                self.faults.add(at("combine"), problem);
                Rule::All
            }
        }
    }
}
