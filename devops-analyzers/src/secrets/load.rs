//! Reads rule files in the format of gitleaks 8.

use std::collections::BTreeMap;
use std::sync::Arc;

use devops_core::{RuleId, excerpt};

use super::allowlist::{Allowlist, Condition, Target};
use super::error::RuleError;
use super::fields::Fields;
use super::pattern::Pattern;
use super::rule::{Required, Rule};
use super::rule_set::RuleSet;

/// The rules of this crate; written for it from what services publish of the form of their tokens.
const BUILTIN: &str = include_str!("builtin_rules.toml");

const ALLOWLIST_EXPECTED: &str = "at least one of `regexes`, `paths`, `stopwords` and `commits`";

pub(super) fn builtin() -> Result<RuleSet, RuleError> {
    // The patterns are known to compile (there is a test), so they are left for later.
    Reader { compile: Pattern::lazy_result, warnings: Vec::new() }.read(BUILTIN, None)
}

pub(super) fn from_toml(text: &str, base: Option<&RuleSet>) -> Result<RuleSet, RuleError> {
    Reader { compile: Pattern::checked, warnings: Vec::new() }.read(text, base)
}

struct Reader {
    compile: fn(&str) -> Result<Pattern, String>,
    warnings: Vec<String>,
}

/// A rule as it is written, before it is laid over one of the base.
struct Written {
    id: String,
    description: String,
    regex: Option<Pattern>,
    path: Option<Pattern>,
    secret_group: usize,
    entropy: f64,
    keywords: Vec<String>,
    tags: Vec<String>,
    allowlists: Vec<Allowlist>,
    required: Vec<Required>,
    skip_report: bool,
}

/// What a file builds on.
struct Extend {
    base: Option<RuleSet>,
    disabled: Vec<String>,
}

impl Reader {
    fn read(mut self, text: &str, base: Option<&RuleSet>) -> Result<RuleSet, RuleError> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count().saturating_add(1);
            let reason = error.message().lines().next().unwrap_or_default().to_owned();
            RuleError::Syntax { line, reason }
        })?;
        let mut root = Fields::new("the rule file".to_owned(), table);
        for informative in ["title", "description", "minVersion"] {
            root.take(informative);
        }
        let extend = self.extend(&mut root, base)?;
        let mut written = Vec::new();
        for (at, fields) in root.tables("rules", "rule")?.into_iter().enumerate() {
            written.push(self.rule(fields, at)?);
        }
        let mut allowlists = Vec::new();
        if let Some(fields) = root.table("allowlist")? {
            if root.has("allowlists") {
                return Err(RuleError::Conflict {
                    place: "the rule file".to_owned(),
                    what: "both `allowlist` and `allowlists` are there",
                    expected: "one of them",
                });
            }
            allowlists.push(self.allowlist(fields)?);
        }
        for fields in root.tables("allowlists", "allow-list")? {
            allowlists.push(self.allowlist(fields)?);
        }
        self.finish(root);
        self.assemble(written, allowlists, &extend)
    }

    fn extend(&mut self, root: &mut Fields, base: Option<&RuleSet>) -> Result<Extend, RuleError> {
        let Some(mut fields) = root.table("extend")? else {
            return Ok(Extend { base: base.cloned(), disabled: Vec::new() });
        };
        let use_default = fields.boolean("useDefault")?;
        let disabled = fields.strings("disabledRules")?;
        for field in ["path", "url"] {
            let value = fields.string(field)?.unwrap_or_default();
            if base.is_none() && !value.is_empty() {
                return Err(RuleError::Unreachable { field, value: excerpt(&value) });
            }
        }
        self.finish(fields);
        let base = base.cloned().or_else(|| use_default.then(RuleSet::builtin));
        Ok(Extend { base, disabled })
    }

    fn rule(&mut self, mut fields: Fields, at: usize) -> Result<Written, RuleError> {
        let id = fields.string("id")?.unwrap_or_default();
        if id.is_empty() {
            return Err(RuleError::Missing {
                place: format!("rule {}", at.saturating_add(1)),
                what: "`id`",
                expected: "a text that no other rule has",
            });
        }
        fields.rename(format!("rule `{}`", excerpt(&id)));
        let regex = self.pattern(&mut fields, "regex")?;
        let path = self.pattern(&mut fields, "path")?;
        let mut allowlists = Vec::new();
        let single = fields.table("allowlist")?;
        if single.is_some() && fields.has("allowlists") {
            return Err(RuleError::Conflict {
                place: fields.place().to_owned(),
                what: "both `allowlist` and `allowlists` are there",
                expected: "one of them",
            });
        }
        for list in single.into_iter().chain(fields.tables("allowlists", "allow-list")?) {
            allowlists.push(self.allowlist(list)?);
        }
        let mut required = Vec::new();
        for other in fields.tables("required", "required rule")? {
            required.push(self.required(other)?);
        }
        let rule = Written {
            description: fields.string("description")?.unwrap_or_default(),
            regex,
            path,
            secret_group: usize::try_from(fields.count("secretGroup")?.unwrap_or(0)).unwrap_or(usize::MAX),
            entropy: fields.number("entropy")?.unwrap_or(0.0),
            keywords: lower(fields.strings("keywords")?),
            tags: fields.strings("tags")?,
            allowlists,
            required,
            skip_report: fields.boolean("skipReport")?,
            id,
        };
        if !(0.0..=8.0).contains(&rule.entropy) {
            let value = rule.entropy.to_string();
            return Err(fields.bad("entropy", &value, "outside 0 to 8 bits per character"));
        }
        self.finish(fields);
        Ok(rule)
    }

    fn required(&mut self, mut fields: Fields) -> Result<Required, RuleError> {
        let id = fields.string("id")?.unwrap_or_default();
        if id.is_empty() {
            let place = fields.place().to_owned();
            return Err(RuleError::Missing { place, what: "`id`", expected: "the id of another rule" });
        }
        let required = Required {
            id,
            within_lines: fields.count("withinLines")?,
            within_columns: fields.count("withinColumns")?,
        };
        self.finish(fields);
        Ok(required)
    }

    fn allowlist(&mut self, mut fields: Fields) -> Result<Allowlist, RuleError> {
        fields.take("description");
        let condition = fields.string("condition")?.unwrap_or_default();
        let target = fields.string("regexTarget")?.unwrap_or_default();
        let list = Allowlist {
            condition: match condition.to_ascii_uppercase().as_str() {
                "" | "OR" | "||" => Condition::Or,
                "AND" | "&&" => Condition::And,
                _ => return Err(fields.bad("condition", &condition, "neither `OR` nor `AND`")),
            },
            target: match target.to_ascii_lowercase().as_str() {
                "" | "secret" => Target::Secret,
                "match" => Target::Match,
                "line" => Target::Line,
                _ => return Err(fields.bad("regexTarget", &target, "none of `secret`, `match` and `line`")),
            },
            regexes: self.patterns(&mut fields, "regexes")?,
            paths: self.patterns(&mut fields, "paths")?,
            stopwords: lower(fields.strings("stopwords")?),
            commits: lower(fields.strings("commits")?),
            target_rules: fields.strings("targetRules")?,
        };
        if list.is_empty() {
            return Err(RuleError::Missing {
                place: fields.place().to_owned(),
                what: "every check",
                expected: ALLOWLIST_EXPECTED,
            });
        }
        self.finish(fields);
        Ok(list)
    }

    fn pattern(&self, fields: &mut Fields, field: &str) -> Result<Option<Pattern>, RuleError> {
        match fields.string(field)? {
            Some(source) if !source.is_empty() => self.compiled(fields, field, &source).map(Some),
            _ => Ok(None),
        }
    }

    fn patterns(&self, fields: &mut Fields, field: &str) -> Result<Vec<Pattern>, RuleError> {
        fields.strings(field)?.iter().map(|source| self.compiled(fields, field, source)).collect()
    }

    fn compiled(&self, fields: &Fields, field: &str, source: &str) -> Result<Pattern, RuleError> {
        (self.compile)(source).map_err(|reason| {
            fields.bad(field, source, &format!("no regular expression: {}", excerpt(&reason)))
        })
    }

    /// Notes the fields that nobody asked for.
    fn finish(&mut self, fields: Fields) {
        let place = fields.place().to_owned();
        for field in fields.left() {
            self.warnings.push(format!("{place}: field `{}` is not known and was left out", excerpt(&field)));
        }
    }

    fn assemble(
        mut self,
        written: Vec<Written>,
        mut allowlists: Vec<Allowlist>,
        extend: &Extend,
    ) -> Result<RuleSet, RuleError> {
        let base = extend.base.as_ref();
        let mut own: BTreeMap<String, Arc<Rule>> = BTreeMap::new();
        let mut order: Vec<String> = Vec::new();
        for rule in written {
            if extend.disabled.contains(&rule.id) {
                continue;
            }
            let below = base.and_then(|b| b.get(&rule.id));
            let rule = over(rule, below)?;
            if own.contains_key(&rule.id) {
                let id = excerpt(&rule.id);
                self.warnings.push(format!("rule `{id}` is there more than once; the last one counts"));
            } else {
                order.push(rule.id.clone());
            }
            own.insert(rule.id.clone(), Arc::new(rule));
        }
        let mut rules: Vec<Arc<Rule>> = Vec::new();
        for rule in base.iter().flat_map(|b| b.shared_rules()) {
            if !extend.disabled.contains(&rule.id) {
                rules.push(own.remove(&rule.id).unwrap_or_else(|| Arc::clone(rule)));
            }
        }
        rules.extend(order.iter().filter_map(|id| own.remove(id)));
        check_required(&rules)?;
        allowlists.extend(base.iter().flat_map(|b| b.allowlists().iter().cloned()));
        Ok(RuleSet::from_parts(rules, allowlists, self.warnings))
    }
}

fn lower(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().map(|text| text.to_lowercase()).filter(|text| !text.is_empty()).collect()
}

/// A rule laid over the one of the same id that the file builds on: what it says counts, lists are joined.
fn over(rule: Written, below: Option<&Rule>) -> Result<Rule, RuleError> {
    let place = || format!("rule `{}`", excerpt(&rule.id));
    let regex = rule.regex.or_else(|| below?.regex.clone());
    let path = rule.path.or_else(|| below?.path.clone());
    if regex.is_none() && path.is_none() {
        let expected = "a regular expression in one of them";
        return Err(RuleError::Missing { place: place(), what: "`regex` or `path`", expected });
    }
    let secret_group =
        if rule.secret_group > 0 { rule.secret_group } else { below.map_or(0, |b| b.secret_group) };
    let groups = regex.as_ref().filter(|_| secret_group > 0).and_then(|r| Some(r.regex()?.captures_len()));
    if groups.is_some_and(|groups| secret_group >= groups) {
        let reason =
            format!("more than the regular expression has: {}", groups.unwrap_or(1).saturating_sub(1));
        let value = secret_group.to_string();
        return Err(RuleError::Value { place: place(), field: "secretGroup".to_owned(), value, reason });
    }
    let finding_id = RuleId::new(&format!("secrets/{}", rule.id)).map_err(|_| RuleError::Value {
        place: place(),
        field: "id".to_owned(),
        value: excerpt(&rule.id),
        reason: "no id: expected at most 490 bytes without control characters".to_owned(),
    })?;
    let joined = |own: Vec<String>, base: Option<&Vec<String>>| -> Vec<String> {
        let mut all: Vec<String> = base.cloned().unwrap_or_default();
        all.extend(own);
        all
    };
    let allowlists = below.iter().flat_map(|b| b.allowlists.iter().cloned()).chain(rule.allowlists).collect();
    let required = if rule.required.is_empty() {
        below.map_or(Vec::new(), |b| b.required.clone())
    } else {
        rule.required
    };
    Ok(Rule {
        finding_id,
        description: if rule.description.is_empty() {
            below.map_or(String::new(), |b| b.description.clone())
        } else {
            rule.description
        },
        regex,
        path,
        secret_group,
        entropy: if rule.entropy > 0.0 { rule.entropy } else { below.map_or(0.0, |b| b.entropy) },
        keywords: joined(rule.keywords, below.map(|b| &b.keywords)),
        tags: joined(rule.tags, below.map(|b| &b.tags)),
        allowlists,
        required,
        skip_report: rule.skip_report || below.is_some_and(|b| b.skip_report),
        id: rule.id,
    })
}

/// A rule can only require what is there.
fn check_required(rules: &[Arc<Rule>]) -> Result<(), RuleError> {
    for rule in rules {
        for required in &rule.required {
            if !rules.iter().any(|other| other.id == required.id) {
                return Err(RuleError::Value {
                    place: format!("rule `{}`", excerpt(&rule.id)),
                    field: "required".to_owned(),
                    value: excerpt(&required.id),
                    reason: "the id of no rule".to_owned(),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bad rule files and exactly what is said of them.
    const BAD: &[(&str, &str)] = &[
        ("x", "the rule file is no TOML: line 1: key with no value, expected `=`"),
        ("rules = 3", "the rule file: field `rules` is a whole number: expected a list of tables"),
        ("[[rules]]\nregex = 'a'", "rule 1: `id` is missing: expected a text that no other rule has"),
        ("[[rules]]\nid = 7", "rule: field `id` is a whole number: expected a text"),
        (
            "[[rules]]\nid = 'a'",
            "rule `a`: `regex` or `path` is missing: expected a regular expression in one of them",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = '(b'",
            "rule `a`: field `regex`: `(b` is no regular expression: unclosed group",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\npath = '['",
            "rule `a`: field `path`: `[` is no regular expression: unclosed character class",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = '(b)'\nsecretGroup = 2",
            "rule `a`: field `secretGroup`: `2` is more than the regular expression has: 1",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\nsecretGroup = -1",
            "rule `a`: field `secretGroup`: `-1` is below 0",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\nentropy = 'high'",
            "rule `a`: field `entropy` is a text: expected a number",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\nentropy = 9.5",
            "rule `a`: field `entropy`: `9.5` is outside 0 to 8 bits per character",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\nentropy = nan",
            "rule `a`: field `entropy`: `NaN` is outside 0 to 8 bits per character",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\nkeywords = 'k'",
            "rule `a`: field `keywords` is a text: expected a list of texts",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\nkeywords = [1]",
            "rule `a`: field `keywords` is a list with a whole number: expected a list of texts",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\n[[rules.allowlists]]\ndescription = 'none'",
            "allow-list 1 of rule `a`: every check is missing: expected at least one of `regexes`, `paths`, \
             `stopwords` and `commits`",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\n[[rules.allowlists]]\ncondition = 'XOR'\nstopwords = ['c']",
            "allow-list 1 of rule `a`: field `condition`: `XOR` is neither `OR` nor `AND`",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\n[[rules.allowlists]]\nregexTarget = 'file'\nregexes = ['c']",
            "allow-list 1 of rule `a`: field `regexTarget`: `file` is none of `secret`, `match` and `line`",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\n[rules.allowlist]\nregexes = ['c']\n[[rules.allowlists]]\npaths = ['d']",
            "rule `a`: both `allowlist` and `allowlists` are there: expected one of them",
        ),
        (
            "[[allowlists]]\nregexes = ['ok', '*']",
            "allow-list 1 of the rule file: field `regexes`: `*` is no regular expression: repetition operator \
             missing expression",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'b'\n[[rules.required]]\nid = 'c'",
            "rule `a`: field `required`: `c` is the id of no rule",
        ),
        (
            "[extend]\npath = 'base.toml'",
            "field `extend.path` names `base.toml`, which is not read here: read it and give it to \
             `from_toml_over`",
        ),
        (
            "[extend]\nuseDefault = 1",
            "`extend` of the rule file: field `useDefault` is a whole number: expected true or false",
        ),
    ];

    #[test]
    fn bad_files_are_told_exactly() {
        for (text, message) in BAD {
            let error = RuleSet::from_toml(text).map(|_| ()).unwrap_err();
            assert_eq!(error.to_string(), *message, "{text}");
        }
    }

    #[test]
    fn a_rule_changes_the_one_below() {
        let base =
            RuleSet::from_toml("[[rules]]\nid = 'a'\nregex = '(a)'\nentropy = 2\nkeywords = ['x']").unwrap();
        let text = "[[rules]]\nid = 'a'\nkeywords = ['Y']\n[[rules.allowlists]]\nstopwords = ['Z']";
        let rules = RuleSet::from_toml_over(text, &base).unwrap();
        let rule = rules.get("a").unwrap();
        assert_eq!((rule.regex(), rule.entropy()), (Some("(a)"), Some(2.0)));
        assert_eq!(rule.keywords(), ["x", "y"]);
        assert_eq!(rule.allowlists.len(), 1);
    }

    #[test]
    fn the_last_of_equal_ids_counts() {
        let text = "[[rules]]\nid = 'a'\nregex = 'b'\n[[rules]]\nID = 'a'\nRegex = 'c'";
        let rules = RuleSet::from_toml(text).unwrap();
        assert_eq!(rules.rules().map(|r| r.regex().unwrap()).collect::<Vec<_>>(), ["c"]);
        assert_eq!(rules.warnings(), ["rule `a` is there more than once; the last one counts"]);
    }

    #[test]
    fn every_builtin_pattern_compiles() {
        let rules = from_toml(BUILTIN, None).unwrap();
        assert_eq!(rules.warnings(), [""; 0]);
        assert_eq!(rules.rules().count(), RuleSet::builtin().rules().count());
    }
}
