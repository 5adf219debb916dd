//! A scoring policy checked, its numbers in millionths.

use alloc::borrow::ToOwned as _;

use devops_core::Severity;

use super::{ComplexityLimit, Dilution, RiskModel, ScoringPolicySpec};
use crate::PolicyErrors;
use crate::fault::{Faults, Problem};

/// The same in millionths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exact {
    /// Critical, major, minor, info.
    severity: [u64; 4],
    pub(crate) cognitive: ExactLimit,
    pub(crate) cyclomatic: ExactLimit,
    pub(crate) length_above: u64,
    pub(crate) length_points: u64,
    pub(crate) touched_share: u64,
    pub(crate) high_risk_above: u64,
    /// Quality, complexity, defect risk.
    pub(crate) code: [u64; 3],
    /// SAST, dependencies, container, secrets.
    pub(crate) security: [u64; 4],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExactLimit {
    pub(crate) above: u64,
    pub(crate) step: u64,
    pub(crate) points: u64,
    pub(crate) at_most: u64,
}

impl Exact {
    /// What a finding of that severity takes, in millionths.
    pub(crate) const fn severity(&self, severity: Severity) -> u64 {
        let [critical, major, minor, info] = self.severity;
        match severity {
            Severity::Critical => critical,
            Severity::Major => major,
            Severity::Minor => minor,
            Severity::Info => info,
        }
    }
}

impl ScoringPolicySpec {
    /// All checks, and the numbers in millionths.
    pub(super) fn check(&self) -> Result<Exact, PolicyErrors> {
        let mut faults = Faults::default();
        if self.format != 1 {
            faults.add("format", Problem::UnknownFormat { found: self.format });
        }
        if self.name.is_empty() || self.name.chars().any(char::is_control) {
            faults.add("name", devops_core::ValueError::malformed("name", &self.name, "one line of text"));
        }
        if let Dilution::PerLines { lines } = self.dilution {
            faults.whole("dilution.lines", lines, 1, 1_000_000);
        }
        let high_risk_above = match self.risk {
            RiskModel::HighRiskFiles { above } => faults.micros("risk.above", above, 1),
            RiskModel::WholeChange => 0,
        };
        self.check_performance(&mut faults);
        let limits = &self.complexity;
        let exact = Exact {
            severity: self.check_severity(&mut faults),
            cognitive: check_limit(&mut faults, "cognitive", &limits.cognitive),
            cyclomatic: check_limit(&mut faults, "cyclomatic", &limits.cyclomatic),
            length_above: faults.whole("complexity.length.above", limits.length.above, 0, 1_000_000),
            length_points: faults.micros("complexity.length.points", limits.length.points, 10),
            touched_share: faults.micros("complexity.touched_share", limits.touched_share, 1),
            high_risk_above,
            code: self.check_code_weights(&mut faults),
            security: self.check_security_weights(&mut faults),
        };
        PolicyErrors::check(faults.0)?;
        Ok(exact)
    }

    fn check_severity(&self, faults: &mut Faults) -> [u64; 4] {
        let s = &self.severity;
        let weights = [
            faults.micros("severity.critical", s.critical, 10),
            faults.micros("severity.major", s.major, 10),
            faults.micros("severity.minor", s.minor, 10),
            faults.micros("severity.info", s.info, 10),
        ];
        if faults.0.iter().all(|f| !f.path.starts_with("severity")) && !weights.is_sorted_by(|a, b| a >= b) {
            let value = alloc::format!("{}, {}, {}, {}", s.critical, s.major, s.minor, s.info);
            let expected = "a worse severity that weighs no less (critical, major, minor, info)".to_owned();
            faults.add("severity", Problem::Inconsistent { value, expected });
        }
        weights
    }

    fn check_code_weights(&self, faults: &mut Faults) -> [u64; 3] {
        let w = &self.code_weights;
        let before = faults.0.len();
        let weights = [
            faults.micros("code_weights.quality", w.quality, 1000),
            faults.micros("code_weights.complexity", w.complexity, 1000),
            faults.micros("code_weights.defect_risk", w.defect_risk, 1000),
        ];
        if faults.0.len() == before && weights.iter().all(|w| *w == 0) {
            faults.add("code_weights", Problem::NoWeight);
        }
        weights
    }

    fn check_security_weights(&self, faults: &mut Faults) -> [u64; 4] {
        let w = &self.security_weights;
        let before = faults.0.len();
        let weights = [
            faults.micros("security_weights.sast", w.sast, 1000),
            faults.micros("security_weights.dependencies", w.dependencies, 1000),
            faults.micros("security_weights.container", w.container, 1000),
            faults.micros("security_weights.secrets", w.secrets, 1000),
        ];
        if faults.0.len() == before && weights.iter().all(|w| *w == 0) {
            faults.add("security_weights", Problem::NoWeight);
        }
        weights
    }

    fn check_performance(&self, faults: &mut Faults) {
        let limits = &self.performance;
        let before = faults.0.len();
        let tolerance = faults.micros("performance.tolerance", limits.tolerance, 100);
        let zero_at = faults.micros("performance.zero_at", limits.zero_at, 100);
        if faults.0.len() == before && zero_at <= tolerance {
            let expected = alloc::format!("a share above the tolerance {}", limits.tolerance);
            let value = alloc::format!("{}", limits.zero_at);
            faults.add("performance.zero_at", Problem::Inconsistent { value, expected });
        }
    }
}

fn check_limit(faults: &mut Faults, name: &str, limit: &ComplexityLimit) -> ExactLimit {
    let path = |field: &str| alloc::format!("complexity.{name}.{field}");
    ExactLimit {
        above: faults.whole(&path("above"), limit.above, 0, 1_000_000),
        step: faults.whole(&path("step"), limit.step, 1, 1000),
        points: faults.micros(&path("points"), limit.points, 10),
        at_most: faults.micros(&path("at_most"), limit.at_most, 10),
    }
}
