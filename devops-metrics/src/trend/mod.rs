//! Is it getting better, by how much, since when, how sure are we, and when will we be there?
//!
//! [`assess`] takes a [`Series`] and a [`TrendPolicy`] and gives a [`TrendReport`]; [`assess_many`] does so for
//! many services and holds the false discoveries down.

mod assess;
mod caution;
mod error;
mod future;
mod levels;
mod many;
mod policy;
mod prepare;
mod report;
mod series;
mod slope;
mod step;
mod text;

pub use assess::assess;
pub use caution::Autocorrelation;
pub use error::TrendError;
pub use many::{FalseDiscovery, FleetReport, ServiceTrend, assess_many};
pub use policy::{SmallestEffect, TrendPolicy};
pub use report::{
    ChangePoint, Direction, Effect, ExpectedPeriod, Forecast, FuturePeriod, Power, Practical, Reason, Season,
    Shape, Target, Test, TestMethod, TrendReport, Unusual, Warning,
};
pub use series::{Kind, Series};
pub use step::Step;
pub use text::short_number;
