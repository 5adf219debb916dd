//! The risk score: from the probability that the change brings a defect.

use alloc::collections::BTreeMap;
use alloc::string::ToString as _;
use alloc::vec::Vec;

use devops_core::{AnalyzerKind, AnalyzerRun, ChangeRisk, Message, MetricId, Ratio, RepoPath};

use crate::score::scorecard::Term;
use crate::score::sources::Sources;
use crate::{Amount, RiskModel, ScoreResult, ScoringPolicy, Standing};

/// The terms of the whole change: 10 less ten times its probability. Of several models the worst counts.
fn whole_change(risks: &[&ChangeRisk]) -> Vec<Term> {
    let worst = risks.iter().max_by_key(|r| (r.probability, !r.calibrated));
    let mut terms = alloc::vec![Term::start()];
    if let Some(risk) = worst {
        let id = if risk.calibrated { "score.term.risk" } else { "score.term.risk_uncalibrated" };
        let why = Message::new(id).with("probability", risk.probability);
        let amount = Amount::from_micros(risk.probability.micros()).times(10).negated();
        terms.push(Term::new("change".into(), amount, why));
    }
    terms
}

/// The terms of the files above a probability: 10 less ten times their mean.
fn high_risk_files(risks: &[&ChangeRisk], above: u64) -> Vec<Term> {
    let mut files: BTreeMap<&RepoPath, Ratio> = BTreeMap::new();
    for file in risks.iter().flat_map(|r| &r.files).filter(|f| f.probability.micros() > above) {
        let worst = files.entry(&file.path).or_insert(file.probability);
        *worst = (*worst).max(file.probability);
    }
    let count = i128::try_from(files.len()).unwrap_or(i128::MAX);
    let mut terms = alloc::vec![Term::start()];
    terms.extend(files.into_iter().map(|(path, probability)| {
        let amount = Amount::from_micros(probability.micros()).scaled(10, count).negated();
        let why = Message::new("score.term.risk_file").with("probability", probability).with("count", count);
        Term::new(path.to_string(), amount, why)
    }));
    terms
}

/// The risk score of a change.
pub(crate) fn score_risk(runs: &[AnalyzerRun], metric: MetricId, policy: &ScoringPolicy) -> ScoreResult {
    let sources = Sources::of(runs, &[AnalyzerKind::DefectRisk]);
    if let Some(standing) = sources.obstacle(policy) {
        return sources.without_score(metric, standing);
    }
    let risks: Vec<&ChangeRisk> =
        sources.completed.iter().filter_map(|(_, analysis)| analysis.risk.as_ref()).collect();
    let Some(worst) = risks.iter().map(|r| r.probability).max() else {
        let reason = Message::new("score.no_risk");
        return sources.without_score(metric, Standing::NotMeasured { reason });
    };
    let terms = match policy.spec().risk {
        RiskModel::WholeChange => whole_change(&risks),
        RiskModel::HighRiskFiles { .. } => high_risk_files(&risks, policy.exact.high_risk_above),
    };
    let score = terms.iter().fold(Amount::ZERO, |sum, term| sum.plus(term.amount)).to_score();
    let summary = Message::new("score.summary.risk")
        .with("metric", &metric)
        .with("score", score)
        .with("probability", worst);
    let result = sources.result(metric, Standing::Measured { score }, summary);
    ScoreResult { terms, ..result }
}
