//! Which rules a name in a suppression stands for.

/// The part of a rule id behind the last `/`: what the tool itself calls the rule.
pub(super) fn own_name(rule: &str) -> &str {
    rule.rsplit('/').next().unwrap_or(rule)
}

/// Whether it is the rule of a scanner for secrets.
pub(super) fn is_secret(rule: &str) -> bool {
    rule.starts_with("secrets/") || rule.starts_with("gitleaks/")
}
