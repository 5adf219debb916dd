//! From SARIF's suppressions to ours.

use devops_core::{Suppression, SuppressionKind, Timestamp};

use super::json::{List, Loose, Scalar};
use super::shape::SuppressionShape;

/// The suppressions of a result. One that is under review or rejected means that the result counts: then none
/// is given at all, and a warning says so.
pub(super) fn suppressions_of(
    list: &Loose<List<Loose<SuppressionShape>>>,
    warn: &mut impl FnMut(String),
) -> Vec<Suppression> {
    let items = match list {
        Loose::Absent => return Vec::new(),
        Loose::Is(List(items)) => items,
        Loose::Null | Loose::Wrong => {
            warn("`suppressions` is no list: taken as not suppressed".to_owned());
            return Vec::new();
        }
    };
    let mut suppressions = Vec::new();
    for item in items {
        let Some(shape) = item.get() else {
            warn("a suppression is no object: taken as not suppressed".to_owned());
            return Vec::new();
        };
        let own = shape.properties.get();
        let by_change = own.is_some_and(|p| p.added_by_change == Scalar::Bool(true));
        let accepted = match &shape.status {
            Scalar::Absent => true,
            Scalar::Text(status) => status == "accepted" || (by_change && status == "underReview"),
            _ => false,
        };
        if !accepted {
            warn(format!("suppression is `{}`, not `accepted`: taken as not suppressed", shape.status));
            return Vec::new();
        }
        suppressions.push(suppression(shape, by_change));
    }
    suppressions
}

fn suppression(shape: &SuppressionShape, by_change: bool) -> Suppression {
    let own = shape.properties.get();
    let kind = match own.and_then(|p| p.kind.text()) {
        Some("in_source") => SuppressionKind::InSource,
        Some("baseline") => SuppressionKind::Baseline,
        Some("waiver") => SuppressionKind::Waiver,
        _ => SuppressionKind::Tool,
    };
    let reason = shape.justification.text().unwrap_or("no reason given");
    let mut suppression = Suppression::new(kind, reason.to_owned()).with_added_by_change(by_change);
    if let Some(owner) = own.and_then(|p| p.owner.text()) {
        suppression = suppression.with_owner(owner.to_owned());
    }
    let expires = own.and_then(|p| match p.expires {
        Scalar::Int(millis) => Timestamp::from_millis(millis).ok(),
        _ => None,
    });
    match expires {
        Some(expires) => suppression.with_expiry(expires),
        None => suppression,
    }
}
