//! Which rules a name in a suppression stands for.

/// The part of a rule id behind the last `/`: what the tool itself calls the rule.
pub(super) fn own_name(rule: &str) -> &str {
    rule.rsplit('/').next().unwrap_or(rule)
}

/// Whether `name` stands for `rule`: it is the rule's id, its part behind the last `/`, or a family of rules
/// (`style` or `style/*` for `style/line-length`).
pub(super) fn names_rule(name: &str, rule: &str) -> bool {
    let family = name.strip_suffix("/*").unwrap_or(name);
    let in_family = || rule.strip_prefix(family).is_some_and(|rest| rest.starts_with('/'));
    !family.is_empty() && (name == rule || name == own_name(rule) || in_family())
}

/// Whether it is the rule of a scanner for secrets.
pub(super) fn is_secret(rule: &str) -> bool {
    rule.starts_with("secrets/") || rule.starts_with("gitleaks/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_own_names_and_families() {
        assert!(names_rule("style/line-length", "style/line-length"));
        assert!(names_rule("E501", "ruff/E501"));
        assert!(names_rule("style", "style/line-length"));
        assert!(names_rule("style/*", "style/line-length"));
        assert!(!names_rule("style/*", "styles/line-length"));
        assert!(!names_rule("", "a/b") && !names_rule("/*", "a/b") && !names_rule("*", "a/b"));
    }
}
