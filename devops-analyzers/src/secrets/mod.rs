//! Finds secrets: tokens, keys and passwords that should not be in a repository.

mod allowlist;
mod decode;
mod entropy;
mod error;
mod fields;
mod fragment;
mod go_regex;
mod load;
mod matched;
mod pattern;
mod rule;
mod rule_set;
mod scan;

pub use entropy::shannon_entropy;
pub use error::RuleError;
pub use fragment::Fragment;
pub use matched::{SecretMatch, is_placeholder, redact};
pub use rule::Rule;
pub use rule_set::RuleSet;
