//! The texts of this crate, by id.

use devops_core::TextTable;

/// The English texts of assessments, by id; a translation is another table over the same ids. Titles of a
/// model's own parts are in the model.
///
/// ```
/// use devops_core::Message;
///
/// let texts = devops_maturity::texts();
/// let message = Message::new("integrity.out_of_order").with("item", "a").with("requires", "b");
/// assert_eq!(texts.render(&message), "a has more credit than b, which comes first");
/// ```
#[must_use]
pub fn texts() -> TextTable {
    TextTable::from_entries(INTEGRITY).merged(TextTable::from_entries(REASONS))
}

const INTEGRITY: &[(&str, &str)] = &[
    (
        "integrity.claims_without_evidence",
        "{percent} % of the credited items rest on nothing but a word ({count} items)",
    ),
    ("integrity.straight_line", "{assessor} gave all {count} questions the same answer, {option}"),
    ("integrity.out_of_order", "{item} has more credit than {requires}, which comes first"),
    ("integrity.jump_without_evidence", "{item} rose from {from} to {to} without newer evidence"),
];

const REASONS: &[(&str, &str)] = &[
    ("reason.blocking", "its dimension holds the level back"),
    ("reason.contradicted", "more is claimed than was measured"),
    ("reason.expired", "its evidence has expired"),
    ("reason.unknown", "it is not known: find out first, it may be in place"),
    ("reason.disputed", "assessors disagree"),
    ("reason.weak_evidence", "weak evidence limits its credit"),
    ("reason.gap", "it lacks credit"),
];
