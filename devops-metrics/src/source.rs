//! Where delivery events come from.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use devops_core::{Timestamp, async_trait, excerpt};

use crate::event::{Arrival, EventError};
use crate::log::{DeliveryLog, Insertion};

/// Supplies delivery events page by page.
///
/// # Contract
///
/// - `name` is cheap and always says the same.
/// - `page` gives what became known at or after `since`, or all where that is absent. The first page is asked for
///   without a cursor, each further one with the `next` of the one before, as it stands.
/// - Events may come in any order and more than once: a [`DeliveryLog`] takes them as they come.
/// - Dropping the future must be safe at every await.
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::source::{MetricsSource, Page, SourceError};
///
/// #[derive(Debug)]
/// struct Nothing;
///
/// #[devops_core::async_trait]
/// impl MetricsSource for Nothing {
///     fn name(&self) -> &str {
///         "nothing"
///     }
///
///     async fn page(&self, _since: Option<Timestamp>, _cursor: Option<&str>) -> Result<Page, SourceError> {
///         Ok(Page::new([]))
///     }
/// }
/// let _: &dyn MetricsSource = &Nothing;
/// ```
#[async_trait]
pub trait MetricsSource: Send + Sync + fmt::Debug {
    /// What failures call it.
    fn name(&self) -> &str;

    /// One page of events.
    async fn page(&self, since: Option<Timestamp>, cursor: Option<&str>) -> Result<Page, SourceError>;
}

/// Some events, and how to get the next ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// The events.
    pub arrivals: Vec<Arrival>,
    /// The cursor of the next page; `None` on the last one.
    pub next: Option<String>,
}

impl Page {
    /// The last page.
    #[must_use]
    pub fn new(arrivals: impl IntoIterator<Item = Arrival>) -> Self {
        Self { arrivals: arrivals.into_iter().collect(), next: None }
    }

    /// With another one after it.
    #[must_use]
    pub fn with_next(self, cursor: impl Into<String>) -> Self {
        Self { next: Some(cursor.into()), ..self }
    }
}

/// Why a source says nothing, or no more.
///
/// ```
/// assert_eq!(devops_metrics::source::SourceError::failed("no answer").to_string(), "no answer");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The source itself failed.
    #[error("{message}")]
    Failed {
        /// What happened, as it should be shown.
        message: String,
    },
    /// A page names its own cursor as the next one.
    #[error("the page at cursor `{cursor}` names itself as the next one")]
    Circle {
        /// The cursor, shortened to 80 characters.
        cursor: String,
    },
    /// There are more pages than were allowed.
    #[error("more than {limit} pages, the rest was not read")]
    TooManyPages {
        /// How many were allowed.
        limit: usize,
    },
}

impl SourceError {
    /// With that message.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed { message: message.into() }
    }
}

macro_rules! forward {
    ($($kind:ty),*) => {$(
        #[async_trait]
        impl<T: MetricsSource + ?Sized> MetricsSource for $kind {
            fn name(&self) -> &str {
                (**self).name()
            }

            async fn page(&self, since: Option<Timestamp>, cursor: Option<&str>) -> Result<Page, SourceError> {
                (**self).page(since, cursor).await
            }
        }
    )*};
}

forward!(&T, Arc<T>, Box<T>);

/// A function as a source; made by [`source_fn`].
#[derive(Clone)]
pub struct FnSource<F> {
    name: String,
    run: F,
}

impl<F> fmt::Debug for FnSource<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnSource").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A [`MetricsSource`] from a function.
///
/// ```
/// use devops_metrics::source::{MetricsSource, SourceError, source_fn};
///
/// let down = source_fn("ci", |_since, _cursor| Err(SourceError::failed("the server does not answer")));
/// assert_eq!(down.name(), "ci");
/// ```
pub fn source_fn<F>(name: impl Into<String>, run: F) -> FnSource<F>
where
    F: Fn(Option<Timestamp>, Option<&str>) -> Result<Page, SourceError> + Send + Sync,
{
    FnSource { name: name.into(), run }
}

#[async_trait]
impl<F> MetricsSource for FnSource<F>
where
    F: Fn(Option<Timestamp>, Option<&str>) -> Result<Page, SourceError> + Send + Sync,
{
    fn name(&self) -> &str {
        &self.name
    }

    async fn page(&self, since: Option<Timestamp>, cursor: Option<&str>) -> Result<Page, SourceError> {
        (self.run)(since, cursor)
    }
}

/// What reading the sources came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gathered {
    /// Revisions that the log did not know.
    pub new: usize,
    /// Revisions that it knew.
    pub known: usize,
    /// Events that were refused, by source: the others of their page were taken.
    pub refused: Vec<(String, EventError)>,
    /// Sources that failed, and why; what they gave before was taken.
    pub failures: Vec<(String, SourceError)>,
}

/// Reads sources into a log, one after the other, each to its last page and at most `max_pages` of them.
///
/// ```
/// use devops_metrics::event::read_json_lines;
/// use devops_metrics::log::DeliveryLog;
/// use devops_metrics::source::{MetricsSource, Page, SourceError, gather, source_fn};
///
/// let pages = [
///     br#"{"type":"deployment","id":"d1","service":"api","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}"#,
///     br#"{"type":"deployment","id":"d2","service":"api","finished_at":"2026-03-03T10:00:00Z","outcome":"succeeded"}"#,
/// ];
/// let ci = source_fn("ci", |_since, cursor| {
///     let place = cursor.map_or(0, str::len);
///     let page = Page::new(read_json_lines(pages[place]).filter_map(Result::ok));
///     Ok(if place == 0 { page.with_next("1") } else { page })
/// });
/// let down = source_fn("pager", |_since, _cursor| Err(SourceError::failed("it does not answer")));
/// let sources: [&dyn MetricsSource; 2] = [&ci, &down];
/// let mut log = DeliveryLog::new();
/// let gathered = futures::executor::block_on(gather(&sources, None, 100, &mut log));
/// assert_eq!((log.len(), gathered.new), (2, 2));
/// assert_eq!(gathered.failures[0].0, "pager");
/// ```
pub async fn gather(
    sources: &[&dyn MetricsSource],
    since: Option<Timestamp>,
    max_pages: usize,
    log: &mut DeliveryLog,
) -> Gathered {
    let mut gathered = Gathered::default();
    for source in sources {
        if let Err(error) = read(*source, since, max_pages, log, &mut gathered).await {
            gathered.failures.push((source.name().to_string(), error));
        }
    }
    gathered
}

async fn read(
    source: &dyn MetricsSource,
    since: Option<Timestamp>,
    limit: usize,
    log: &mut DeliveryLog,
    gathered: &mut Gathered,
) -> Result<(), SourceError> {
    let mut cursor: Option<String> = None;
    for _ in 0..limit {
        let page = source.page(since, cursor.as_deref()).await?;
        for arrival in &page.arrivals {
            match log.insert(arrival) {
                Ok(effect) if effect.insertion == Insertion::Known => {
                    gathered.known = gathered.known.saturating_add(1);
                }
                Ok(_) => gathered.new = gathered.new.saturating_add(1),
                Err(error) => gathered.refused.push((source.name().to_string(), error)),
            }
        }
        match page.next {
            None => return Ok(()),
            Some(next) if cursor.as_ref() == Some(&next) => {
                return Err(SourceError::Circle { cursor: excerpt(&next) });
            }
            next => cursor = next,
        }
    }
    Err(SourceError::TooManyPages { limit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Deployment, Outcome, Retraction};

    fn deployment(id: &str) -> Arrival {
        let event = Deployment::new(
            id.parse().unwrap(),
            "api".parse().unwrap(),
            Timestamp::EPOCH,
            Outcome::Succeeded,
        );
        Arrival::new(event, Timestamp::EPOCH)
    }

    fn gathered(source: &dyn MetricsSource, log: &mut DeliveryLog) -> Gathered {
        futures::executor::block_on(gather(&[source], None, 3, log))
    }

    #[test]
    fn pages_without_end_are_cut_off_and_said_to_be() {
        let mut log = DeliveryLog::new();
        let circle = source_fn("circle", |_, _| Ok(Page::new([deployment("d")]).with_next("x")));
        let found = gathered(&circle, &mut log);
        assert_eq!((found.new, found.known), (1, 1));
        assert_eq!(found.failures[0].1.to_string(), "the page at cursor `x` names itself as the next one");
        let endless = source_fn("endless", |_, cursor: Option<&str>| {
            Ok(Page::new([]).with_next(alloc::format!("{}x", cursor.unwrap_or(""))))
        });
        let found = gathered(&endless, &mut log);
        assert_eq!(found.failures, [("endless".into(), SourceError::TooManyPages { limit: 3 })]);
    }

    #[test]
    fn what_is_refused_does_not_stop_the_rest() {
        let mut log = DeliveryLog::new();
        let mut timeless = Arrival::new(Retraction::new("r".parse().unwrap()), Timestamp::EPOCH);
        timeless.arrived_at = None;
        let source: Box<dyn MetricsSource> =
            Box::new(source_fn("ci", move |_, _| Ok(Page::new([timeless.clone(), deployment("d")]))));
        let found = gathered(&source, &mut log);
        assert_eq!((log.len(), found.new, found.refused.len()), (1, 1, 1));
    }

    #[test]
    fn since_is_passed_on() {
        let mut log = DeliveryLog::new();
        let source = source_fn("ci", |since, _| {
            let page = if since.is_some() { Page::new([]) } else { Page::new([deployment("d")]) };
            Ok(page)
        });
        let since = Some(Timestamp::EPOCH);
        let found = futures::executor::block_on(gather(&[&source], since, 3, &mut log));
        assert_eq!(found, Gathered::default());
    }
}
