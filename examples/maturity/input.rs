//! What an assessment is made from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use devops_core::{Measures, Timestamp};
use devops_examples::document;
use devops_maturity::{
    Answers, Assessment, EvidenceError, EvidenceSource, Model, Observation, assess, evidence_fn, gather,
    models,
};

use crate::args::{Args, Shipped};
use crate::import::Foreign;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/maturity");

/// Scores of peers by node.
pub(crate) type Peers = BTreeMap<String, Vec<f64>>;

/// Everything that is told about.
pub(crate) struct Input {
    pub(crate) model: Model,
    pub(crate) assessment: Assessment,
    pub(crate) earlier: Option<Assessment>,
    pub(crate) peers: Peers,
    /// What an import left out, and which sources of measures said nothing.
    pub(crate) remarks: Vec<String>,
}

impl Input {
    pub(crate) fn read(args: &Args) -> Result<Self> {
        let (model, foreign) = model(args)?;
        let files = Files::of(args);
        let now = match &files.at {
            Some(day) => instant(day)?,
            None => devops_examples::now()?,
        };
        let mut remarks = foreign.as_ref().map_or_else(Vec::new, |f| f.remarks.clone());
        let progress = foreign.as_ref().map(|f| f.answers(args.team.as_deref())).transpose()?.flatten();
        let mut answers = match (&files.answers, progress) {
            (Some(path), _) => document::read(path, "answers")?,
            (None, Some(progress)) => progress,
            (None, None) => Answers::new(&model, args.team.as_deref().unwrap_or("your team")),
        };
        let (observed, failures) = measured(&model, &files.measures, now)?;
        remarks.extend(failures);
        // What stands in the answers was chosen by somebody and goes first.
        let own: Vec<_> = answers.observations.iter().map(|o| o.measure.metric().clone()).collect();
        answers.observations.extend(observed.into_iter().filter(|o| !own.contains(o.measure.metric())));
        let assessment = assess(&model, &answers, now).context("the answers cannot be assessed")?;
        let earlier = files.earlier.map(|(path, day)| earlier(&model, &path, &day)).transpose()?;
        let peers = match &files.peers {
            Some(path) => document::read(path, "scores of peers")?,
            None => Peers::new(),
        };
        ensure!(
            peers.keys().all(|node| model.node(node).is_some()),
            "the scores of peers are of nodes that the model does not have"
        );
        Ok(Self { model, assessment, earlier, peers, remarks })
    }
}

fn earlier(model: &Model, path: &Path, day: &str) -> Result<Assessment> {
    let answers: Answers = document::read(path, "earlier answers")?;
    assess(model, &answers, instant(day)?).context("the earlier answers cannot be assessed")
}

/// The files that are read: those that are named, or all that ship where none is.
struct Files {
    answers: Option<PathBuf>,
    measures: Vec<PathBuf>,
    earlier: Option<(PathBuf, String)>,
    peers: Option<PathBuf>,
    at: Option<String>,
}

impl Files {
    fn of(args: &Args) -> Self {
        let own = Self {
            answers: args.answers.clone(),
            measures: args.measures.clone(),
            earlier: args.earlier.clone().zip(args.earlier_at.clone()),
            peers: args.peers.clone(),
            at: args.at.clone(),
        };
        let other_model =
            args.model.is_some() || !args.import.is_empty() || args.shipped != Shipped::FiveDimensions;
        if other_model || own.answers.is_some() || !own.measures.is_empty() {
            return own;
        }
        let shipped = |name: &str| Path::new(SHIPPED).join(name);
        Self {
            answers: Some(shipped("answers.yaml")),
            measures: vec![shipped("measures.json")],
            earlier: own.earlier.or_else(|| Some((shipped("earlier.yaml"), "2026-08-20".into()))),
            peers: own.peers.or_else(|| Some(shipped("peers.yaml"))),
            at: own.at.or_else(|| Some("2026-11-25".into())),
        }
    }
}

/// The model that is asked for.
pub(crate) fn model(args: &Args) -> Result<(Model, Option<Foreign>)> {
    if let Some(path) = &args.model {
        let built = Model::build(document::read(path, "model")?);
        return Ok((built.with_context(|| format!("the model in `{}` has faults", path.display()))?, None));
    }
    if !args.import.is_empty() {
        let foreign = Foreign::read(&args.import)?;
        return Ok((foreign.model.clone(), Some(foreign)));
    }
    let shipped = match args.shipped {
        Shipped::FiveDimensions => models::five_dimensions(),
        Shipped::DoraCapabilities => models::dora_capabilities(),
        Shipped::ContinuousDelivery => models::continuous_delivery(),
    };
    Ok((shipped, None))
}

/// Each file of measures is a source of evidence. A file that cannot be read is an error; one that has nothing for
/// the model is a remark.
fn measured(model: &Model, files: &[PathBuf], now: Timestamp) -> Result<(Vec<Observation>, Vec<String>)> {
    let mut sources = Vec::new();
    for path in files {
        let measures: Measures = document::read(path, "measures")?;
        let reference = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        sources.push(evidence_fn(path.display().to_string(), move |wanted, now| {
            let known = measures.iter().filter(|m| wanted.contains(m.metric()));
            let seen: Vec<Observation> =
                known.map(|m| Observation::new(m.clone(), now).with_reference(reference.as_str())).collect();
            if seen.is_empty() {
                return Err(EvidenceError::new("it holds no metric that the model asks for"));
            }
            Ok(seen)
        }));
    }
    let asked: Vec<&dyn EvidenceSource> = sources.iter().map(|s| s as &dyn EvidenceSource).collect();
    let gathered = futures::executor::block_on(gather(model, &asked, now));
    let failures = gathered.failures.iter().map(|(name, error)| format!("{name}: {error}")).collect();
    Ok((gathered.observations, failures))
}

/// A day, at its beginning, or a point in time.
fn instant(text: &str) -> Result<Timestamp> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    whole.parse().with_context(|| format!("`{text}` is no day: expected one such as 2026-11-25"))
}
