//! Waivers from a file.

use std::path::Path;

use anyhow::{Context as _, Result};
use devops_gates::Waivers;

use crate::document;

/// The waivers in a file, or all their faults.
///
/// # Errors
///
/// A file that cannot be read, and waivers that cannot be used.
pub fn read_waivers(path: &Path) -> Result<Waivers> {
    let waivers = Waivers::build(document::read(path, "waivers")?);
    waivers.with_context(|| format!("failed to use the waivers in `{}`", path.display()))
}
