//! The checks behind the lints.

use alloc::vec::Vec;

use devops_core::Catalogue;

use crate::Lint;
use crate::compiled::Compiled;

pub(crate) fn check(_gate: &Compiled, _catalogue: &Catalogue) -> Vec<Lint> {
    Vec::new()
}
