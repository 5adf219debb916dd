//! Lead time in words.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::phrase::{empty_words, rounding_words, sign_words, statistic_words, time_words};
use crate::definition::{
    ChangeLink, ChangeTime, Composition, Definition, FirstDeployment, LeadPeriod, LeadTimeRule, LeadUnit,
    LeadUntil, Redeployed,
};

impl Definition {
    pub(super) fn lead_words(&self) -> Vec<String> {
        let rule = &self.lead_time;
        let unit = match rule.unit {
            LeadUnit::Change => "changes",
            LeadUnit::Commit => "commits",
            LeadUnit::PullRequest => "pull requests",
        };
        let mut sentences = alloc::vec![format!(
            "The {} of the times of {unit} {}",
            statistic_words(rule.statistic),
            way_words(rule)
        )];
        sentences.extend(rounding_words(rule.rounding));
        sentences.push(link_words(rule.link).into());
        if matches!(rule.link, ChangeLink::GivenOrNext | ChangeLink::Next) {
            sentences.push(first_words(rule.first_deployment));
        }
        sentences.push(match rule.redeployed {
            Redeployed::First => "What several deployments carry counts with the first".into(),
            Redeployed::Every => "What several deployments carry counts with each".into(),
        });
        let others = [
            (rule.undeployed, "What no deployment carries counts up to where it came"),
            (!rule.bots, "Changes of programs are left out"),
            (!rule.merges, "Merge commits are left out"),
            (rule.period == LeadPeriod::Merged, "A time belongs to the period of the merge"),
        ];
        sentences.extend(others.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words.into()));
        sentences.push(sign_words(rule.non_positive).into());
        sentences.extend(empty_words(rule.empty));
        sentences
    }
}

fn link_words(link: ChangeLink) -> &'static str {
    match link {
        ChangeLink::Given => "A change belongs to the deployment that an event names",
        ChangeLink::GivenOrNext => {
            "A change belongs to the deployment that an event names, or else to the next one of its service"
        }
        ChangeLink::GivenRolledForward => {
            "A change belongs to the deployment that an event names, or where that does not count to the next one that does"
        }
        ChangeLink::Next => "A change belongs to the next deployment of its service",
        ChangeLink::HeadCommit => "The one change of a deployment is the commit that was deployed",
        ChangeLink::UpToHeadCommit => {
            "The changes of a deployment are those after the commit of the one before, up to the commit that was deployed"
        }
    }
}

const fn instant_words(time: ChangeTime) -> &'static str {
    match time {
        ChangeTime::Authored => "writing",
        ChangeTime::Committed => "commit",
        ChangeTime::Opened => "opening",
        ChangeTime::Merged => "merge",
    }
}

/// From where to where.
fn way_words(rule: &LeadTimeRule) -> String {
    let end = match rule.until {
        LeadUntil::Deployed => "deployment",
        LeadUntil::Recovered => "deployment, or where that failed to the recovery from it",
    };
    let start: Vec<_> = rule.from.iter().map(|from| instant_words(*from)).collect();
    let start = match start.split_first() {
        Some((first, [])) => (*first).to_string(),
        Some((first, others)) => format!("{first} (or else {})", others.join(", or else ")),
        None => String::new(),
    };
    match rule.composition {
        Composition::Span => format!("from {start} to {end}"),
        Composition::SpanWithoutWeekends => {
            format!("from {start} to {end}, without Saturdays and Sundays")
        }
        Composition::PartsWithoutNegative => format!(
            "from writing to opening, to merge, to {end}, as a sum without the parts that are negative or not known"
        ),
        Composition::PartsMissingZero => format!(
            "from commit to opening, to merge, to {end}, as a sum in which a part that is negative or not known is 0"
        ),
    }
}

/// Which changes the first deployment takes.
fn first_words(first: FirstDeployment) -> String {
    match first {
        FirstDeployment::Skip => "The first deployment of a service takes none by time".into(),
        FirstDeployment::Credit => "The first deployment of a service takes all before it".into(),
        FirstDeployment::LookBack { millis } => {
            format!("The first deployment of a service takes those of the {} before it", time_words(millis))
        }
        FirstDeployment::Since { time } => {
            format!("The first deployment of a service takes those since {time}")
        }
    }
}
