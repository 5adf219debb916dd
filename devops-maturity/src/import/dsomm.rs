//! OWASP DSOMM: activities by dimension and sub-dimension, and the progress of teams.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{ImportErrors, ImportProblem, Imported, line, slug};
use crate::{Aggregation, Answer, AnswerSetSpec, Answers, ItemAnswer, ItemSpec, Model, ModelSpec, NodeSpec};

/// The activities of a DSOMM model: dimension, sub-dimension, name of the activity. In the published file it is
/// the document behind the one with `meta`.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(transparent)]
#[expect(clippy::exhaustive_structs, reason = "it is the form of the file")]
pub struct DsommModel(pub BTreeMap<String, BTreeMap<String, BTreeMap<String, DsommActivity>>>);

/// An activity. Fields that say nothing about scoring are passed over.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[non_exhaustive]
pub struct DsommActivity {
    /// Its id.
    pub uuid: String,
    /// Its level.
    pub level: u32,
    /// What must come first, by id or name.
    #[serde(default, rename = "dependsOn")]
    pub depends_on: Option<Vec<String>>,
    /// What to do.
    #[serde(default)]
    pub measure: Option<String>,
    /// How hard it is.
    #[serde(default, rename = "difficultyOfImplementation")]
    pub difficulty: Option<DsommDifficulty>,
}

/// How hard an activity is, each from 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[non_exhaustive]
pub struct DsommDifficulty {
    /// What must be known.
    pub knowledge: u32,
    /// How long it takes.
    pub time: u32,
    /// What it costs.
    pub resources: u32,
}

/// A title of progress and the share that it stands for, such as "Started", 0.5.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "a title and a share are all there is")]
pub struct ProgressTitle {
    /// The title.
    pub title: String,
    /// The share: 0 to 1, or a percentage such as `50%`.
    pub share: String,
}

impl ProgressTitle {
    /// That share by that title.
    ///
    /// ```
    /// assert_eq!(devops_maturity::import::ProgressTitle::new("Started", "50%").share, "50%");
    /// ```
    #[must_use]
    pub fn new(title: impl Into<String>, share: impl Into<String>) -> Self {
        Self { title: title.into(), share: share.into() }
    }
}

/// The progress of teams: activity, team, title, and the day on which the team got there.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[non_exhaustive]
pub struct DsommProgress {
    /// By the id of the activity.
    pub progress: BTreeMap<String, BTreeMap<String, BTreeMap<String, Option<String>>>>,
}

fn share(title: &ProgressTitle) -> Result<f64, ImportProblem> {
    let text = title.share.trim();
    let value = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|p| p / 100.0),
        None => text.parse(),
    };
    value
        .ok()
        .filter(|v| (0.0..=1.0).contains(v))
        .ok_or_else(|| ImportProblem::Share { title: title.title.clone(), value: title.share.clone() })
}

/// A model from the activities of DSOMM and the titles of progress of its `meta.yaml`.
///
/// A sector is a level of a sub-dimension and scores the mean of its activities' shares; sub-dimensions,
/// dimensions and the whole are the mean of all activities below. Over several teams, take the mean of their
/// assessments with [`roll_up`](crate::roll_up()). Activities are named by their id, sectors `build/2` by
/// sub-dimension and level; efforts are the sum of the three difficulties.
///
/// Dependencies that lead nowhere, or to a higher level, are left out with a remark.
///
/// # Errors
///
/// Shares that are none, and a model without activities.
///
/// ```
/// use devops_maturity::{Model, import};
/// use import::ProgressTitle;
///
/// let activities: import::DsommModel = serde_json::from_str(r#"{"Build": {"Pipeline": {
///     "Own first": {"uuid": "a", "level": 1, "difficultyOfImplementation": {"knowledge": 1, "time": 2, "resources": 1}},
///     "Own second": {"uuid": "b", "level": 2, "dependsOn": ["a"]}}}}"#).unwrap();
/// let titles = [ProgressTitle::new("Not started", "0"), ProgressTitle::new("Started", "50%"), ProgressTitle::new("Done", "1")];
/// let model = Model::build(import::dsomm(&activities, &titles).unwrap().spec).unwrap();
/// let progress: import::DsommProgress = serde_json::from_str(r#"{"progress": {"a": {"Team A": {"Started": "2026-01-01"}}}}"#).unwrap();
/// let answers = import::dsomm_answers(&model, &progress, "Team A").unwrap();
/// let assessment = devops_maturity::assess(&model, &answers, "2026-11-25T00:00:00Z".parse()?).unwrap();
/// assert_eq!(assessment.node("pipeline/1").unwrap().score.as_ref().unwrap().to_string(), "0.5");
/// assert_eq!(assessment.root().score.as_ref().unwrap().to_string(), "0.5 (0.25 to 0.75)");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
pub fn dsomm(activities: &DsommModel, titles: &[ProgressTitle]) -> Result<Imported, ImportErrors> {
    let mut problems = Vec::new();
    let mut set = AnswerSetSpec::new("progress");
    for title in titles {
        match share(title) {
            Ok(share) => set = set.with_option(slug(&title.title), line(&title.title), share),
            Err(problem) => problems.push(problem),
        }
    }
    let graph = Graph::new(activities);
    if graph.levels.is_empty() {
        problems.push(ImportProblem::None { kind: "activity" });
    }
    if titles.is_empty() {
        problems.push(ImportProblem::None { kind: "title of progress" });
    }
    ImportErrors::check(problems)?;
    let mut remarks = Vec::new();
    let pooled =
        |id: String, title: &str| NodeSpec::new(id, line(title)).with_aggregation(Aggregation::PooledMean);
    let mut root = pooled("dsomm".into(), "DevSecOps maturity");
    let mut taken = BTreeSet::from(["dsomm".to_string()]);
    for (dimension, below) in &activities.0 {
        let mut node = pooled(free(&mut taken, &alloc::format!("dimension/{}", slug(dimension))), dimension);
        for (name, activities) in below.iter().filter(|(_, a)| !a.is_empty()) {
            let id = free(&mut taken, &slug(name));
            let mut sub = pooled(id.clone(), name);
            let levels: BTreeSet<u32> = activities.values().map(|a| a.level).collect();
            for level in levels {
                let mut sector =
                    pooled(alloc::format!("{id}/{level}"), &alloc::format!("{name}, level {level}"));
                for (title, activity) in activities.iter().filter(|(_, a)| a.level == level) {
                    sector = sector.with_item(graph.item(title, activity, &mut remarks));
                }
                sub = sub.with_node(sector);
            }
            node = node.with_node(sub);
        }
        if !node.nodes.is_empty() {
            root = root.with_node(node);
        }
    }
    let mut spec = ModelSpec::new("dsomm", "1", "OWASP DSOMM", root).with_answer_set(set);
    for number in graph.levels.values().map(|(level, _)| *level).collect::<BTreeSet<u32>>() {
        spec = spec.with_level(number, alloc::format!("{number}"));
    }
    Ok(Imported { spec, remarks })
}

/// That id, or the first with a number behind it that is free.
fn free(taken: &mut BTreeSet<String>, id: &str) -> String {
    let numbered = (2_u32..).map(|n| alloc::format!("{id}-{n}"));
    let found = core::iter::once(id.to_string()).chain(numbered).find(|id| !taken.contains(id));
    let id = found.unwrap_or_else(|| id.to_string());
    taken.insert(id.clone());
    id
}

/// The level and the name of each activity, by id.
struct Graph<'a> {
    levels: BTreeMap<&'a str, (u32, &'a str)>,
}

impl<'a> Graph<'a> {
    fn new(activities: &'a DsommModel) -> Self {
        let all = activities.0.values().flat_map(BTreeMap::values).flatten();
        Self { levels: all.map(|(name, a)| (a.uuid.as_str(), (a.level, name.as_str()))).collect() }
    }

    fn item(&self, title: &str, activity: &DsommActivity, remarks: &mut Vec<String>) -> ItemSpec {
        let mut item =
            ItemSpec::choice(activity.uuid.as_str(), line(title), "progress").with_level(activity.level);
        let effort = activity.difficulty.map(|d| {
            let sum = [d.knowledge, d.time, d.resources].into_iter().fold(0_u32, u32::saturating_add);
            f64::from(sum.clamp(1, 1_000))
        });
        item.effort = effort.unwrap_or(1.0);
        item.guidance = activity.measure.iter().map(|m| line(m)).collect();
        for wanted in activity.depends_on.iter().flatten() {
            let wanted = wanted.strip_prefix("uuid:").unwrap_or(wanted).trim();
            let known = self.levels.get_key_value(wanted);
            let found = known.or_else(|| self.levels.iter().find(|(_, (_, name))| *name == wanted));
            match found {
                Some((id, (level, _))) if *level <= activity.level => item = item.with_requirement(*id),
                Some((_, (level, name))) => remarks.push(alloc::format!(
                    "`{}` at level {} depends on `{}` at level {level}: left out",
                    line(title),
                    activity.level,
                    line(name)
                )),
                None => remarks.push(alloc::format!(
                    "`{}` depends on `{}`, which is not in the model: left out",
                    line(title),
                    line(wanted)
                )),
            }
        }
        item
    }
}

/// The answers of a team from its progress: for each activity, the title with the largest share that has a day.
///
/// Activities without progress of this team are not answered; those that the model does not have are passed
/// over, as DSOMM does.
///
/// # Errors
///
/// Titles that the model does not have.
pub fn dsomm_answers(model: &Model, progress: &DsommProgress, team: &str) -> Result<Answers, ImportErrors> {
    let options = model.spec().answer_sets.iter().find(|s| s.id == "progress").map(|s| s.options.as_slice());
    let mut answers = Answers::new(model, team);
    let mut problems = Vec::new();
    for (activity, teams) in &progress.progress {
        let (Some(item), Some(titles)) = (model.item(activity), teams.get(team)) else { continue };
        let mut best: Option<(f64, &str)> = None;
        for title in titles.iter().filter(|(_, day)| day.is_some()).map(|(title, _)| title) {
            let id = slug(title);
            let Some(option) = options.and_then(|options| options.iter().find(|o| o.id == id)) else {
                let (activity, title) = (activity.clone(), title.clone());
                problems.push(ImportProblem::UnknownProgress { activity, title });
                continue;
            };
            if best.is_none_or(|(credit, _)| option.credit > credit) {
                best = Some((option.credit, &option.id));
            }
        }
        if let Some((_, option)) = best {
            answers = answers.with_answer(ItemAnswer::new(item.id().clone(), Answer::choice(option)));
        }
    }
    ImportErrors::check(problems)?;
    Ok(answers)
}
