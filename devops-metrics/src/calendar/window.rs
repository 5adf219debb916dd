//! What a query looks at.

use core::fmt;

use devops_core::Timestamp;

use super::CalendarError;

/// The instants from `from` on and before `to`.
///
/// ```
/// use devops_metrics::calendar::Window;
///
/// let window = Window::new("2026-01-01T00:00:00Z".parse()?, "2026-04-01T00:00:00Z".parse()?)?;
/// assert!(window.contains(window.from()));
/// assert!(!window.contains(window.to()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Ends")]
pub struct Window {
    from: Timestamp,
    to: Timestamp,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    from: Timestamp,
    to: Timestamp,
}

impl TryFrom<Ends> for Window {
    type Error = CalendarError;

    fn try_from(ends: Ends) -> Result<Self, CalendarError> {
        Self::new(ends.from, ends.to)
    }
}

impl Window {
    /// From `from` on and before `to`; empty where both are the same.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Window`] where `to` is before `from`.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_metrics::calendar::Window;
    ///
    /// assert_eq!(
    ///     Window::new("2026-01-01T00:00:00Z".parse()?, Timestamp::EPOCH).unwrap_err().to_string(),
    ///     "`to` of the window is `1970-01-01T00:00:00Z`, must not be before `from`, `2026-01-01T00:00:00Z`",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, CalendarError> {
        if to < from {
            return Err(CalendarError::Window { from, to });
        }
        Ok(Self { from, to })
    }

    /// The first instant.
    #[must_use]
    pub const fn from(self) -> Timestamp {
        self.from
    }

    /// The first instant after it.
    #[must_use]
    pub const fn to(self) -> Timestamp {
        self.to
    }

    /// Its length in milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.to.millis_since(self.from)
    }

    /// Whether an instant lies in it.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// The instants that lie in both, or an empty window at the start of the later one.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_metrics::calendar::Window;
    ///
    /// let at = |millis| Timestamp::from_millis(millis).unwrap();
    /// let both = Window::new(at(0), at(10))?.and(Window::new(at(5), at(20))?);
    /// assert_eq!(both, Window::new(at(5), at(10))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let from = self.from.max(other.from);
        Self { from, to: self.to.min(other.to).max(from) }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_checked_too() {
        let good = r#"{"from":"2026-01-01T00:00:00Z","to":"2026-01-01T00:00:00Z"}"#;
        let window: Window = serde_json::from_str(good).unwrap();
        assert_eq!((window.millis(), serde_json::to_string(&window).unwrap().as_str()), (0, good));
        for bad in [
            r#"{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}"#,
            r#"{"from":"2026-01-02T00:00:00Z"}"#,
            r#"{"from":"2026-01-01T00:00:00Z","to":"2026-01-01T00:00:00Z","step":1}"#,
        ] {
            assert!(serde_json::from_str::<Window>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn windows_apart_share_nothing() {
        let at = |millis| Timestamp::from_millis(millis).unwrap();
        let (early, late) = (Window::new(at(0), at(5)).unwrap(), Window::new(at(7), at(9)).unwrap());
        assert_eq!((early.and(late).millis(), late.and(early).millis()), (0, 0));
    }
}
