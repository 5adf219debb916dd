//! Finds secrets: tokens, keys and passwords that should not be in a repository.
//!
//! # Does this change leak a credential?
//!
//! ```
//! use devops_analyzers::secrets::{Fragment, RuleSet};
//!
//! let text = b"smtp:\n  password: 7hQ2vX9sLm4Rk1Zp\n";
//! let found = RuleSet::builtin().scan(&Fragment::new(text).with_path("deploy/mail.yaml"));
//! assert_eq!((found[0].line(), found[0].column()), (2, 3));
//! assert_eq!(found[0].redacted(), "7hQ2… (16 bytes)");
//! ```
//!
//! - [`RuleSet`]: the built-in rules, or a rule file in the format of gitleaks; [`Rule`] is one of them.
//! - [`RuleSet::scan`] looks at a [`Fragment`] of text and gives [`SecretMatch`]es.
//! - [`SecretScanner`] looks at a change and gives findings, with what is suppressed marked so.
//! - [`redact`], [`is_placeholder`] and [`shannon_entropy`] are what it judges and shows secrets by.
//!
//! The semantics are those of gitleaks 8.x, with these differences: columns on later lines do not count the
//! newline, matches are in a fixed order, and a finding's fingerprint is made of a hash of the secret rather than
//! of its line, so another secret on a line that is allowed is seen.

mod allowlist;
mod change;
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
mod scanner;

pub use entropy::shannon_entropy;
pub use error::RuleError;
pub use fragment::Fragment;
pub use matched::{SecretMatch, is_placeholder, redact};
pub use rule::Rule;
pub use rule_set::RuleSet;
pub use scanner::SecretScanner;
