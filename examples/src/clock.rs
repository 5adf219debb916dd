//! What time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use devops_core::Timestamp;

/// Now, by the clock of the machine.
///
/// # Errors
///
/// Where the clock stands before 1970, or beyond the years that a timestamp has.
pub fn now() -> Result<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    Ok(Timestamp::from_millis(i64::try_from(since.as_millis())?)?)
}
