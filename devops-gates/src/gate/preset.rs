//! The two gates that come by name.

use devops_core::metric;

use crate::{Applies, Combine, ConditionSpec, Gate, GateSpec};

impl GateSpec {
    /// The classic gate, for parity: code quality ≥ 7, security ≥ 8, coverage ≥ 80 %, performance ≥ 8; passed if
    /// all pass, warning if at least 80 % of the conditions pass, else failed. With four equal conditions that
    /// warning cannot happen (3 of 4 is 75 %); the lint of the built gate says so.
    ///
    /// ```
    /// use devops_gates::{Gate, GateSpec};
    ///
    /// let gate = Gate::build(GateSpec::classic())?;
    /// assert_eq!(gate.lints().len(), 1);
    /// # Ok::<(), devops_gates::GateErrors>(())
    /// ```
    #[must_use]
    pub fn classic() -> Self {
        Self::new("classic")
            .with_combine(Combine::weighted(100.0, 80.0))
            .with_condition(ConditionSpec::new("code_quality", metric::CODE_QUALITY, ">= 7"))
            .with_condition(ConditionSpec::new("security", metric::SECURITY, ">= 8"))
            .with_condition(ConditionSpec::new("test_coverage", metric::TEST_COVERAGE, ">= 80 %"))
            .with_condition(ConditionSpec::new("performance", metric::PERFORMANCE, ">= 8"))
    }

    /// The recommended gate. Vetoes come before any mean: tests that ran and did not fail, no open critical
    /// finding, no required source that did not run, security ≥ 8. Then 85 % of the weight of security,
    /// code quality, coverage and performance passes, and 70 % is a warning. Tests, coverage and performance
    /// count where a source for them is expected; where one is expected and missing, the gate does not pass.
    ///
    /// ```
    /// use devops_gates::{Gate, GateSpec};
    ///
    /// assert!(Gate::build(GateSpec::recommended())?.lints().is_empty());
    /// # Ok::<(), devops_gates::GateErrors>(())
    /// ```
    #[must_use]
    pub fn recommended() -> Self {
        let veto =
            |name, metric, pass| ConditionSpec::new(name, metric, pass).with_mandatory(true).with_weight(0.0);
        Self::new("recommended")
            .with_combine(Combine::weighted(85.0, 70.0))
            .with_condition(veto("tests_ran", metric::TESTS_RUN, ">= 1").with_applies(Applies::WhenExpected))
            .with_condition(
                veto("tests_pass", metric::TESTS_FAILED, "= 0").with_applies(Applies::WhenExpected),
            )
            .with_condition(veto("no_critical_findings", metric::CRITICAL_FINDINGS, "= 0"))
            .with_condition(veto("required_sources_ran", metric::REQUIRED_NOT_RUN, "= 0"))
            .with_condition(veto("security", metric::SECURITY, ">= 8").with_weight(3.0))
            .with_condition(
                ConditionSpec::new("code_quality", metric::CODE_QUALITY, ">= 7")
                    .with_warn(">= 6")
                    .with_weight(3.0),
            )
            .with_condition(
                ConditionSpec::new("test_coverage", metric::TEST_COVERAGE, ">= 80 %")
                    .with_warn(">= 70 %")
                    .with_weight(2.0)
                    .with_applies(Applies::WhenExpected),
            )
            .with_condition(
                ConditionSpec::new("performance", metric::PERFORMANCE, ">= 8")
                    .with_warn(">= 6")
                    .with_weight(2.0)
                    .with_applies(Applies::WhenExpected),
            )
    }
}

impl Gate {
    /// [`GateSpec::classic`], built.
    #[must_use]
    pub fn classic() -> Self {
        Self::preset(GateSpec::classic())
    }

    /// [`GateSpec::recommended`], built; the default.
    #[must_use]
    pub fn recommended() -> Self {
        Self::preset(GateSpec::recommended())
    }

    #[expect(clippy::expect_used, reason = "both presets are built by tests")]
    fn preset(spec: GateSpec) -> Self {
        Self::build(spec).expect("a preset is a valid gate")
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::recommended()
    }
}
