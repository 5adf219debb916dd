//! The vocabulary and async traits of the devops crates: scores, findings, measures, change sets, analyzers.
