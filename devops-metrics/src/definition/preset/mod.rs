//! Ready-made definitions.

mod dora;
mod tools;

use alloc::vec;
use alloc::vec::Vec;

use super::Definition;

impl Definition {
    /// All ready-made definitions, this crate's own first.
    ///
    /// ```
    /// use devops_metrics::definition::Definition;
    ///
    /// assert_eq!(Definition::presets().len(), 11);
    /// assert!(Definition::presets().iter().all(|definition| definition.check().is_ok()));
    /// ```
    #[must_use]
    pub fn presets() -> Vec<Self> {
        vec![
            Self::dora_2025(),
            Self::fourkeys(),
            Self::devlake_2021(),
            Self::devlake_2023(),
            Self::gitlab(),
            Self::middleware(),
            Self::pelorus(),
            Self::faros(),
            Self::metrik(),
            Self::liatrio(),
            Self::devopsmetrics(),
        ]
    }
}
