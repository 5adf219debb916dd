//! Goals, parts and candidates.

use alloc::string::String;
use alloc::vec::Vec;

/// What is wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "either the goals are given or the budget is")]
pub enum Wish {
    /// All goals, with the least effort.
    Reach,
    /// As much as the budget allows; what goes beyond a goal's need does not count.
    Most,
}

/// Something to be reached, such as a dimension's score.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Goal {
    /// Its id.
    pub id: String,
    /// How much a point of it counts beside points of other goals; 0 to 10⁶.
    pub weight: f64,
    /// How many points are needed, 0 to 10⁶; none where more is always better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<f64>,
}

impl Goal {
    /// A goal without a need: more is always better.
    #[must_use]
    pub fn new(id: impl Into<String>, weight: f64) -> Self {
        Self { id: id.into(), weight, needed: None }
    }

    /// It needs so many points.
    #[must_use]
    pub fn with_needed(self, points: f64) -> Self {
        Self { needed: Some(points), ..self }
    }
}

/// How many points of a goal a part is worth.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Worth {
    /// The goal.
    pub goal: String,
    /// Points for one whole unit of the part; 0 to 10⁶.
    pub points: f64,
}

/// Something that candidates raise, such as an item's credit.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Part {
    /// Its id.
    pub id: String,
    /// By how much it can be raised at most, such as 1 less its credit; 0 to 10⁶.
    pub room: f64,
    /// What it is worth.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worth: Vec<Worth>,
}

impl Part {
    /// Worth nothing yet.
    #[must_use]
    pub fn new(id: impl Into<String>, room: f64) -> Self {
        Self { id: id.into(), room, worth: Vec::new() }
    }

    /// A unit of it is worth so many points of that goal.
    #[must_use]
    pub fn with_worth(mut self, goal: impl Into<String>, points: f64) -> Self {
        self.worth.push(Worth { goal: goal.into(), points });
        self
    }
}

/// By how much a candidate raises a part.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Raise {
    /// The part.
    pub part: String,
    /// By how much; several candidates add up to the part's room. 0 to 10⁶.
    pub by: f64,
    /// How far above the present it can bring the part: those that end lower are counted first, and add nothing to what
    /// is higher already. The part's room unless given; 0 to 10⁶.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<f64>,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// What it costs, such as people-weeks; 0 to 10⁶.
    pub effort: f64,
    /// What must be chosen with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// What it raises.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raises: Vec<Raise>,
}

impl Candidate {
    /// It raises nothing yet.
    #[must_use]
    pub fn new(id: impl Into<String>, effort: f64) -> Self {
        Self { id: id.into(), effort, requires: Vec::new(), raises: Vec::new() }
    }

    /// It needs that one.
    #[must_use]
    pub fn with_requirement(mut self, id: impl Into<String>) -> Self {
        self.requires.push(id.into());
        self
    }

    /// It raises that part by so much.
    #[must_use]
    pub fn with_raise(mut self, part: impl Into<String>, by: f64) -> Self {
        self.raises.push(Raise { part: part.into(), by, up_to: None });
        self
    }

    /// It raises that part by so much, but no farther than `up_to` above the present.
    ///
    /// ```
    /// use devops_maturity::selection::{Candidate, Goal, Part, SelectionSpec, Wish, select};
    ///
    /// // Two beginnings do not add up to an end.
    /// let spec = SelectionSpec::new(Wish::Most)
    ///     .with_goal(Goal::new("score", 1.0))
    ///     .with_part(Part::new("tests", 1.0).with_worth("score", 10.0))
    ///     .with_candidate(Candidate::new("a", 1.0).with_raise_up_to("tests", 0.4, 0.5))
    ///     .with_candidate(Candidate::new("b", 1.0).with_raise_up_to("tests", 0.4, 0.5));
    /// assert_eq!(select(&spec)?.value, 5.0);
    /// # Ok::<(), devops_maturity::selection::SelectionError>(())
    /// ```
    #[must_use]
    pub fn with_raise_up_to(mut self, part: impl Into<String>, by: f64, up_to: f64) -> Self {
        self.raises.push(Raise { part: part.into(), by, up_to: Some(up_to) });
        self
    }
}

/// A choice to be made.
///
/// ```
/// use devops_maturity::selection::{SelectionSpec, Wish};
///
/// let spec: SelectionSpec = serde_json::from_str(r#"{"wish": "most", "budget": 20,
///     "goals": [{"id": "score", "weight": 1}],
///     "parts": [{"id": "tests", "room": 0.4, "worth": [{"goal": "score", "points": 3}]}],
///     "candidates": [{"id": "pyramid", "effort": 12, "raises": [{"part": "tests", "by": 0.5}]}]}"#)?;
/// assert_eq!(spec.wish, Wish::Most);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SelectionSpec {
    /// What is wished for.
    pub wish: Wish,
    /// The most effort that may be spent; none where there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
    /// What is to be reached; at most 1,000.
    pub goals: Vec<Goal>,
    /// What can be raised; at most 10,000.
    pub parts: Vec<Part>,
    /// What can be chosen; at most 2,000.
    pub candidates: Vec<Candidate>,
}

impl SelectionSpec {
    /// Nothing to choose from yet.
    #[must_use]
    pub const fn new(wish: Wish) -> Self {
        Self { wish, budget: None, goals: Vec::new(), parts: Vec::new(), candidates: Vec::new() }
    }

    /// At most so much effort.
    #[must_use]
    pub fn with_budget(self, effort: f64) -> Self {
        Self { budget: Some(effort), ..self }
    }

    /// With a goal.
    #[must_use]
    pub fn with_goal(mut self, goal: Goal) -> Self {
        self.goals.push(goal);
        self
    }

    /// With a part.
    #[must_use]
    pub fn with_part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// With a candidate.
    #[must_use]
    pub fn with_candidate(mut self, candidate: Candidate) -> Self {
        self.candidates.push(candidate);
        self
    }
}
