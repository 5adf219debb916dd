//! What is wrong with a document: all of it at once, each fault with its place.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// One fault of a document: where it stands, and what is wrong there.
///
/// ```
/// use devops_core::Fault;
///
/// let fault: Fault<String> = Fault::new("conditions[0].weight", "`-1` is outside 0 to 1000");
/// assert_eq!(fault.to_string(), "conditions[0].weight: `-1` is outside 0 to 1000");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_structs, reason = "where and what are all there is")]
pub struct Fault<P> {
    /// The place in the document, such as `groups[0].conditions[2].pass`.
    pub path: String,
    /// What is wrong there.
    pub problem: P,
}

impl<P> Fault<P> {
    /// What is wrong at a place.
    #[must_use]
    pub fn new(path: impl Into<String>, problem: impl Into<P>) -> Self {
        Self { path: path.into(), problem: problem.into() }
    }
}

impl<P: fmt::Display> fmt::Display for Fault<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.problem)
    }
}

/// Everything that is wrong with a document, in its order, so that a person mends it in one go; never empty.
///
/// ```
/// use devops_core::{Fault, Faults};
///
/// let faults = vec![Fault::<String>::new("a", "is missing"), Fault::new("b[1]", "is there twice")];
/// let error = Faults::check(faults).unwrap_err();
/// assert_eq!(error.to_string(), "a: is missing; b[1]: is there twice");
/// assert_eq!(error.faults()[1].path, "b[1]");
/// assert_eq!(Faults::<Fault<String>>::check(vec![]), Ok(()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults<F>(Vec<F>);

impl<F> Faults<F> {
    /// Nothing where there are no faults.
    ///
    /// # Errors
    ///
    /// The faults, where there are any.
    pub fn check(faults: Vec<F>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self(faults)) }
    }

    /// All faults, in the order of the document; never empty.
    #[must_use]
    pub fn faults(&self) -> &[F] {
        &self.0
    }
}

impl<F: fmt::Display> fmt::Display for Faults<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if index == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl<F: fmt::Debug + fmt::Display> core::error::Error for Faults<F> {}
