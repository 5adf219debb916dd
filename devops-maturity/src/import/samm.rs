//! OWASP SAMM 2: functions, practices, streams, activities, questions and answer sets that link to each other.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{ImportErrors, ImportProblem, Imported, line};
use crate::{Aggregation, AnswerSetSpec, ItemLevelSpec, ItemSpec, ModelSpec, NodeSpec};

/// One document of the SAMM core model, by its `type`. Fields that say nothing about scoring are passed over.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum SammDocument {
    /// A business function.
    Function {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// Its place.
        #[serde(default)]
        order: u32,
    },
    /// A security practice.
    Practice {
        /// Its id.
        id: String,
        /// The function that it belongs to.
        function: String,
        /// Its name.
        name: String,
        /// Its abbreviation.
        #[serde(rename = "shortName")]
        short_name: String,
        /// Its place.
        #[serde(default)]
        order: u32,
    },
    /// A stream of a practice.
    Stream {
        /// Its id.
        id: String,
        /// The practice that it belongs to.
        practice: String,
        /// Its name.
        name: String,
        /// A or B.
        letter: String,
    },
    /// A level of a practice.
    PracticeLevel {
        /// Its id.
        id: String,
        /// The maturity level.
        #[serde(rename = "maturityLevel")]
        maturity_level: String,
    },
    /// A maturity level.
    MaturityLevel {
        /// Its id.
        id: String,
        /// Its number.
        number: u32,
    },
    /// An activity of a stream at a practice level.
    Activity {
        /// Its id.
        id: String,
        /// The stream.
        stream: String,
        /// The practice level.
        level: String,
        /// Its title.
        title: String,
    },
    /// A question on an activity.
    Question {
        /// The activity.
        activity: String,
        /// The answer set.
        #[serde(rename = "answerset", alias = "answerSet")]
        answer_set: String,
        /// What is asked.
        text: String,
        /// Its place among the questions of the activity.
        #[serde(default)]
        order: u32,
        /// What must hold for a good answer.
        #[serde(default)]
        quality: Option<Vec<String>>,
    },
    /// A set of answers.
    AnswerSet {
        /// Its id.
        id: String,
        /// The answers.
        values: Vec<SammValue>,
    },
    /// Any other document.
    #[serde(other)]
    Other,
}

/// An answer of a set.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[non_exhaustive]
pub struct SammValue {
    /// What it says.
    pub text: String,
    /// What it is worth: 0 to 1.
    pub value: f64,
    /// Its place.
    #[serde(default)]
    pub order: u32,
}

/// A model from the documents of an OWASP SAMM 2 core model, in any order.
///
/// A practice scores the sum over its levels of the mean of its streams' answers, 0 to 3; functions and the
/// whole are means. Items are named as SAMM names its files: `G-SM-1-A` is the first letter of the function,
/// the abbreviation of the practice, the level and the stream. Options are `0`, `1`, … in the order of the set.
///
/// # Errors
///
/// All links to documents that are not there, and missing kinds of documents.
///
/// ```
/// use devops_maturity::{Answer, Answers, ItemAnswer, Model, assess, import};
///
/// let documents: Vec<import::SammDocument> = serde_json::from_str(r#"[
///     {"type": "Function", "id": "f", "name": "Governance", "order": 1},
///     {"type": "Practice", "id": "p", "function": "f", "name": "Own practice", "shortName": "OP"},
///     {"type": "Stream", "id": "s", "practice": "p", "name": "Own stream", "letter": "A"},
///     {"type": "MaturityLevel", "id": "m", "number": 1},
///     {"type": "PracticeLevel", "id": "l", "practice": "p", "maturityLevel": "m"},
///     {"type": "Activity", "id": "a", "stream": "s", "level": "l", "title": "Own activity"},
///     {"type": "Question", "id": "q", "activity": "a", "answerset": "x", "text": "Is it done?"},
///     {"type": "AnswerSet", "id": "x", "values": [{"text": "No", "value": 0}, {"text": "Yes", "value": 1, "order": 1}]}
/// ]"#).unwrap();
/// let model = Model::build(import::samm(&documents).unwrap().spec).unwrap();
/// let answers = Answers::new(&model, "team")
///     .with_answer(ItemAnswer::new("G-OP-1-A".parse()?, Answer::choice("1")));
/// let assessment = assess(&model, &answers, "2026-11-25T00:00:00Z".parse()?).unwrap();
/// assert_eq!(assessment.root().score.as_ref().unwrap().to_string(), "1");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
pub fn samm(documents: &[SammDocument]) -> Result<Imported, ImportErrors> {
    let index = Index::new(documents);
    let mut problems = Vec::new();
    index.links(&mut problems);
    if index.functions.is_empty() {
        problems.push(ImportProblem::None { kind: "function" });
    }
    ImportErrors::check(problems)?;
    let mut remarks = Vec::new();
    let mut root = NodeSpec::new("samm", "Software assurance maturity");
    for (_, id, name) in index.functions_in_order() {
        let node = index.function(id, name, &mut remarks);
        if node.nodes.is_empty() {
            remarks.push(alloc::format!(
                "function `{}` has no practice with questions and is left out",
                line(name)
            ));
        } else {
            root = root.with_node(node);
        }
    }
    let mut spec = ModelSpec::new("samm", "2", "OWASP SAMM 2", root);
    for number in index.levels.values().copied().collect::<BTreeSet<u32>>() {
        spec = spec.with_level(number, alloc::format!("{number}"));
    }
    for (id, values) in &index.answer_sets {
        let mut values: Vec<&SammValue> = values.iter().collect();
        values.sort_by_key(|v| v.order);
        let set = values.into_iter().enumerate().fold(AnswerSetSpec::new(*id), |set, (place, value)| {
            set.with_option(alloc::format!("{place}"), line(&value.text), value.value)
        });
        spec = spec.with_answer_set(set);
    }
    Ok(Imported { spec, remarks })
}

/// The documents by id.
#[derive(Default)]
struct Index<'a> {
    functions: BTreeMap<&'a str, (u32, &'a str)>,
    practices: BTreeMap<&'a str, Practice<'a>>,
    streams: BTreeMap<&'a str, Stream<'a>>,
    practice_levels: BTreeMap<&'a str, &'a str>,
    levels: BTreeMap<&'a str, u32>,
    activities: BTreeMap<&'a str, Activity<'a>>,
    questions: Vec<Question<'a>>,
    answer_sets: BTreeMap<&'a str, &'a [SammValue]>,
}

struct Practice<'a> {
    function: &'a str,
    name: &'a str,
    short_name: &'a str,
    order: u32,
}

struct Stream<'a> {
    practice: &'a str,
    name: &'a str,
    letter: &'a str,
}

struct Activity<'a> {
    stream: &'a str,
    level: &'a str,
}

struct Question<'a> {
    activity: &'a str,
    answer_set: &'a str,
    text: &'a str,
    order: u32,
    quality: &'a [String],
}

impl<'a> Index<'a> {
    fn new(documents: &'a [SammDocument]) -> Self {
        let mut index = Self::default();
        for document in documents {
            index.add(document);
        }
        index.questions.sort_by_key(|q| (q.order, q.text));
        index
    }

    fn add(&mut self, document: &'a SammDocument) {
        match document {
            SammDocument::Function { id, name, order } => {
                self.functions.insert(id, (*order, name));
            }
            SammDocument::Practice { id, function, name, short_name, order } => {
                self.practices.insert(id, Practice { function, name, short_name, order: *order });
            }
            SammDocument::Stream { id, practice, name, letter } => {
                self.streams.insert(id, Stream { practice, name, letter });
            }
            SammDocument::PracticeLevel { id, maturity_level } => {
                self.practice_levels.insert(id, maturity_level);
            }
            SammDocument::MaturityLevel { id, number } => {
                self.levels.insert(id, *number);
            }
            SammDocument::Activity { id, stream, level, .. } => {
                self.activities.insert(id, Activity { stream, level });
            }
            SammDocument::Question { activity, answer_set, text, order, quality } => {
                let quality = quality.as_deref().unwrap_or_default();
                self.questions.push(Question { activity, answer_set, text, order: *order, quality });
            }
            SammDocument::AnswerSet { id, values } => {
                self.answer_sets.insert(id, values);
            }
            SammDocument::Other => {}
        }
    }

    /// Every link must lead somewhere.
    fn links(&self, problems: &mut Vec<ImportProblem>) {
        let mut check = |kind, id: &str, target_kind, target: &str, known: bool| {
            if !known {
                let (id, target) = (id.to_string(), target.to_string());
                problems.push(ImportProblem::Dangling { kind, id, target_kind, target });
            }
        };
        for (id, practice) in &self.practices {
            check(
                "practice",
                id,
                "function",
                practice.function,
                self.functions.contains_key(practice.function),
            );
        }
        for (id, stream) in &self.streams {
            check("stream", id, "practice", stream.practice, self.practices.contains_key(stream.practice));
        }
        for (id, level) in &self.practice_levels {
            check("practice level", id, "maturity level", level, self.levels.contains_key(level));
        }
        for (id, activity) in &self.activities {
            check("activity", id, "stream", activity.stream, self.streams.contains_key(activity.stream));
            check(
                "activity",
                id,
                "practice level",
                activity.level,
                self.practice_levels.contains_key(activity.level),
            );
        }
        for question in &self.questions {
            let id = line(question.text);
            let known = self.activities.contains_key(question.activity);
            check("question", &id, "activity", question.activity, known);
            let known = self.answer_sets.contains_key(question.answer_set);
            check("question", &id, "answer set", question.answer_set, known);
        }
    }

    fn functions_in_order(&self) -> Vec<(u32, &'a str, &'a str)> {
        let mut all: Vec<_> = self.functions.iter().map(|(id, (order, name))| (*order, *id, *name)).collect();
        all.sort_unstable();
        all
    }

    fn function(&self, id: &str, name: &str, remarks: &mut Vec<String>) -> NodeSpec {
        let letter: String = name.trim().chars().take(1).collect();
        let mut practices: Vec<_> = self.practices.iter().filter(|(_, p)| p.function == id).collect();
        practices.sort_by_key(|(_, p)| (p.order, p.short_name));
        let mut node = NodeSpec::new(line(&letter), line(name));
        for (id, practice) in practices {
            let prefix = alloc::format!("{letter}-{}", practice.short_name.trim());
            let practice_node = self.practice(id, practice, &prefix);
            if practice_node.nodes.is_empty() {
                remarks.push(alloc::format!(
                    "practice `{}` has no questions and is left out",
                    line(practice.name)
                ));
            } else {
                node = node.with_node(practice_node);
            }
        }
        node
    }

    fn practice(&self, id: &str, practice: &Practice<'_>, prefix: &str) -> NodeSpec {
        let mut node = NodeSpec::new(prefix, line(practice.name)).with_aggregation(Aggregation::LevelSums);
        let mut streams: Vec<_> = self.streams.iter().filter(|(_, s)| s.practice == id).collect();
        streams.sort_by_key(|(_, s)| s.letter);
        for (id, stream) in streams {
            let letter = stream.letter.trim();
            let stream_id = alloc::format!("{prefix}-{letter}");
            let mut below =
                NodeSpec::new(stream_id, line(stream.name)).with_aggregation(Aggregation::LevelSums);
            below.items = self.items(id, prefix, letter);
            if !below.items.is_empty() {
                node = node.with_node(below);
            }
        }
        node
    }

    fn items(&self, stream: &str, prefix: &str, letter: &str) -> Vec<ItemSpec> {
        let mut items = Vec::new();
        for (id, activity) in self.activities.iter().filter(|(_, a)| a.stream == stream) {
            let level = self.practice_levels.get(activity.level).and_then(|l| self.levels.get(l)).copied();
            let level = level.unwrap_or(1);
            let questions: Vec<&Question<'_>> = self.questions.iter().filter(|q| q.activity == *id).collect();
            // An activity counts once, however many questions ask about it.
            let share = u32::try_from(questions.len()).map_or(1.0, |n| 1.0 / f64::from(n.max(1)));
            for (place, question) in (1_u32..).zip(questions) {
                let number = if place == 1 { String::new() } else { alloc::format!(".{place}") };
                let id = alloc::format!("{prefix}-{level}-{letter}{number}");
                let mut item = ItemSpec::choice(id, line(question.text), question.answer_set);
                item.levels.push(ItemLevelSpec { level, weight: share });
                item.guidance = question.quality.iter().map(|q| line(q)).collect();
                items.push((level, item));
            }
        }
        items.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.id.cmp(&y.id)));
        items.into_iter().map(|(_, item)| item).collect()
    }
}
