//! By what numbers are grouped.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use devops_core::ServiceId;
use serde::{Deserialize, Serialize};

use crate::dataset::{Dataset, row};

/// By what numbers are grouped.
///
/// ```
/// use devops_metrics::query::Grouping;
///
/// let teams = [("api".parse()?, "payments".to_string()), ("web".parse()?, "payments".to_string())];
/// assert!(matches!(Grouping::teams(teams), Grouping::Team { .. }));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
#[non_exhaustive]
pub enum Grouping {
    /// Everything together.
    All,
    /// Each service.
    Service,
    /// Each team; services without one are left out, and said to be.
    Team {
        /// The team of each service.
        teams: BTreeMap<ServiceId, String>,
    },
    /// Each environment; what has none is left out, and said to be.
    Environment,
}

impl Grouping {
    /// By team.
    #[must_use]
    pub fn teams(teams: impl IntoIterator<Item = (ServiceId, String)>) -> Self {
        Self::Team { teams: teams.into_iter().collect() }
    }
}

/// What a number is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
#[non_exhaustive]
pub enum Group {
    /// Everything.
    All,
    /// A service.
    Service(String),
    /// A team.
    Team(String),
    /// An environment.
    Environment(String),
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::All => "all",
            Self::Service(name) | Self::Team(name) | Self::Environment(name) => name,
        })
    }
}

/// Services whose events go to the same groups.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    /// In order.
    pub(crate) services: Vec<u32>,
    pub(crate) groups: Vec<Group>,
    /// Groups are environments, by their number.
    pub(crate) by_environment: bool,
}

impl Batch {
    /// The batches of a grouping, in order of their groups.
    pub(crate) fn all(grouping: &Grouping, dataset: &Dataset<'_>) -> Vec<Self> {
        let every: Vec<u32> = (0..row(dataset.shards.len())).collect();
        let plain = |services, group| Self { services, groups: vec![group], by_environment: false };
        match grouping {
            Grouping::All => vec![plain(every, Group::All)],
            Grouping::Service => {
                let names = dataset.services().map(ToString::to_string);
                every.into_iter().zip(names).map(|(s, name)| plain(vec![s], Group::Service(name))).collect()
            }
            Grouping::Team { teams } => {
                let mut of_team: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
                for (service, name) in (0_u32..).zip(dataset.services()) {
                    if let Some(team) = teams.get(name) {
                        of_team.entry(team).or_default().push(service);
                    }
                }
                let batches = of_team.into_iter();
                batches.map(|(team, services)| plain(services, Group::Team(team.to_string()))).collect()
            }
            Grouping::Environment => {
                let groups =
                    dataset.environments().map(|name| Group::Environment(name.to_string())).collect();
                vec![Self { services: every, groups, by_environment: true }]
            }
        }
    }
}
