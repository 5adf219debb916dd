//! How findings are diluted and the risk of a change is modelled.

/// What the size of the change does to findings below critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "DilutionForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum Dilution {
    /// Nothing: each finding counts in full.
    None,
    /// A finding weighs `weight × lines / max(changed lines, lines)`.
    PerLines {
        /// Up to how many changed lines a finding counts in full: 1 to 1,000,000.
        lines: u64,
    },
}

/// What is read; `None {}` so that unknown keys beside it are refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum DilutionForm {
    None {},
    PerLines { lines: u64 },
}

impl From<DilutionForm> for Dilution {
    fn from(form: DilutionForm) -> Self {
        match form {
            DilutionForm::None {} => Self::None,
            DilutionForm::PerLines { lines } => Self::PerLines { lines },
        }
    }
}

impl Default for Dilution {
    fn default() -> Self {
        Self::PerLines { lines: 100 }
    }
}

/// How the probability of a defect becomes a score.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "RiskModelForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum RiskModel {
    /// `(1 − p) × 10` with the probability p of the whole change.
    #[default]
    WholeChange,
    /// `(1 − mean probability of the high-risk files) × 10`, and 10 where there is none. It is not monotone:
    /// files at .99 and .70 score worse than files at .99 and .71.
    HighRiskFiles {
        /// Above this probability a file is of high risk, 0 to 1.
        above: f64,
    },
}

/// What is read; `WholeChange {}` so that unknown keys beside it are refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum RiskModelForm {
    WholeChange {},
    HighRiskFiles { above: f64 },
}

impl From<RiskModelForm> for RiskModel {
    fn from(form: RiskModelForm) -> Self {
        match form {
            RiskModelForm::WholeChange {} => Self::WholeChange,
            RiskModelForm::HighRiskFiles { above } => Self::HighRiskFiles { above },
        }
    }
}
