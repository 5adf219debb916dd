//! Every fault of a document at once, each with its place; and the lints.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use devops_core::{Catalogue, Scope};
use devops_gates::{Combine, ConditionSpec, Gate, GateSpec, GroupSpec, LintKind, Missing};

fn errors(toml: &str) -> Vec<String> {
    let spec: GateSpec = toml::from_str(toml).unwrap();
    Gate::build(spec).unwrap_err().faults().iter().map(ToString::to_string).collect()
}

#[test]
fn all_faults_at_once() {
    let shown = errors(
        r#"
        format = 3
        name = ""
        combine = { kind = "weighted", pass = 70.0, warn = 80.0, warning_earns = 1.5 }
        [[conditions]]
        name = "a b"
        metric = "m m"
        pass = ">= eighty"
        warn = ">= 70 apples"
        weight = -1.0
        [[conditions]]
        name = "twice"
        metric = "m"
        pass = ">= nan"
        weight = nan
        [[conditions]]
        name = "twice"
        metric = "test_coverage"
        pass = ">= 0.8 ratio"
        warn = ">= 70 %"
        weight = 0.1234567
        [[groups]]
        name = "inner"
        combine = { kind = "at_least", k = 3 }
        [[groups.conditions]]
        name = "c"
        metric = "m"
        pass = "= true"
        warn = ">= 1"
        [[groups.groups]]
        name = "empty"
        combine = { kind = "not" }
        "#,
    );
    assert_eq!(
        shown,
        [
            "format: format `3` is not known: expected 1",
            "name: name `` is malformed: expected 1 to 200 bytes of text without control characters",
            "conditions[0].name: condition id `a b` is malformed: expected 1 to 200 ASCII letters, digits, `.`, `_`, `-`, `/` or `:`, beginning with a letter or digit",
            "conditions[0].metric: metric id `m m` is malformed: expected 1 to 200 ASCII letters, digits, `.`, `_`, `-`, `/` or `:`, beginning with a letter or digit",
            "conditions[0].pass: criterion `>= eighty`, column 4: expected a decimal number such as `80` or `-2.5`, found `eighty`",
            "conditions[0].warn: criterion `>= 70 apples`, column 7: expected a unit such as `%` or the end, found `apples`",
            "conditions[0].weight: `-1` is outside 0 to 1000",
            "conditions[1].pass: criterion `>= nan`, column 4: expected a decimal number such as `80` or `-2.5`, found `nan`",
            "conditions[1].weight: `NaN` is not a finite number",
            "conditions[2].name: `twice` is used twice: a name is expected once in a gate, first at conditions[1].name",
            "conditions[2].weight: `0.1234567` has more than six decimals, which are not kept exactly",
            "conditions[2].warn: `>= 70 %` does not fit: expected the kind of value and the unit of `pass`",
            "groups[0].conditions[0].warn: `>= 1` does not fit: expected the kind of value and the unit of `pass`",
            "groups[0].groups[0]: it has no condition or group that counts: at least one is expected",
            "groups[0].combine.k: at least `3` of 2 parts is asked: 1 to 2 is expected",
            "combine.warning_earns: `1.5` is outside 0 to 1",
        ]
    );
}

#[test]
fn single_faults() {
    let condition = "[[conditions]]\nname = \"a\"\nmetric = \"security\"\npass = \">= 8\"\n";
    for (head, tail, expected) in [
        (
            "format = 1\nname = \"g\"\n",
            "",
            "conditions: it has no condition or group that counts: at least one is expected",
        ),
        (
            "format = 1\nname = \"g\"\n[[conditions]]\nname = \"a\"\nmetric = \"security\"\npass = \">= 8\"\nshadow = true\n",
            "",
            "conditions: it has no condition or group that counts: at least one is expected",
        ),
        (
            "format = 1\nname = \"g\"\ncombine = { kind = \"weighted\", pass = 80.0 }\n",
            "[[conditions]]\nname = \"a\"\nmetric = \"security\"\npass = \">= 8\"\nweight = 0.0",
            "combine: all weights are zero: at least one above zero is expected",
        ),
        (
            "format = 1\nname = \"g\"\ncombine = { kind = \"weighted\", pass = 70.0, warn = 80.0 }\n",
            condition,
            "combine.warn: `80` does not fit: expected a share not above that of `pass`, 70",
        ),
        (
            "format = 1\nname = \"g\"\ncombine = { kind = \"weighted\", pass = nan }\n",
            condition,
            "combine.pass: `NaN` is not a finite number",
        ),
        (
            "format = 1\nname = \"g\"\ncombine = { kind = \"weighted\", pass = 100.5 }\n",
            condition,
            "combine.pass: `100.5` is outside 0 to 100",
        ),
        (
            "format = 1\nname = \"g\"\ncombine = { kind = \"not\" }\n",
            "[[conditions]]\nname = \"a\"\nmetric = \"security\"\npass = \">= 8\"\n[[conditions]]\nname = \"b\"\nmetric = \"security\"\npass = \">= 9\"",
            "combine: `not` holds 2 parts: exactly one is expected",
        ),
        (
            "format = 1\nname = \"g\"\ncombine = { kind = \"at_least\", k = 0 }\n",
            condition,
            "combine.k: at least `0` of 1 parts is asked: 1 to 1 is expected",
        ),
        (
            "format = 1\nname = \"g\"\n[[conditions]]\nname = \"a\"\nmetric = \"security\"\nunit = \"score\"\npass = \">= 80 %\"\n",
            "",
            "conditions[0].pass: `>= 80 %` does not fit: expected the unit of the condition, score",
        ),
    ] {
        assert_eq!(errors(&format!("{head}{tail}")), [expected]);
    }
}

#[test]
fn unknown_keys_are_refused() {
    let condition = "[[conditions]]\nname = \"a\"\nmetric = \"security\"\npass = \">= 8\"\n";
    for (toml, key) in [
        (format!("format = 1\nname = \"g\"\nmode = 1\n{condition}"), "mode"),
        (format!("format = 1\nname = \"g\"\n{condition}wieght = 2.0\n"), "wieght"),
        (
            format!(
                "format = 1\nname = \"g\"\ncombine = {{ kind = \"weighted\", pass = 1.0, wran = 0.5 }}\n{condition}"
            ),
            "wran",
        ),
        (format!("format = 1\nname = \"g\"\ncombine = {{ kind = \"most\" }}\n{condition}"), "most"),
        (format!("format = 1\nname = \"g\"\ncombine = {{ kind = \"any\", k = 2 }}\n{condition}"), "k"),
        (format!("name = \"g\"\n{condition}"), "format"),
        (format!("format = 1\nname = \"g\"\n{condition}missing = \"pass\"\n"), "pass"),
    ] {
        let error = toml::from_str::<GateSpec>(&toml).unwrap_err().to_string();
        assert!(error.contains(key), "{error}");
    }
    let json =
        r#"{"format":1,"name":"g","conditions":[{"name":"a","metric":"security","pass":">= 8","x":1}]}"#;
    assert!(serde_json::from_str::<GateSpec>(json).unwrap_err().to_string().contains("unknown field `x`"));
}

#[test]
fn depth_is_limited() {
    let mut group =
        GroupSpec::new("g0", Combine::All).with_condition(ConditionSpec::new("c", "security", ">= 8"));
    for depth in 1..40 {
        group = GroupSpec::new(format!("g{depth}"), Combine::All).with_group(group);
    }
    let error = Gate::build(GateSpec::new("deep").with_group(group)).unwrap_err();
    assert!(error.to_string().contains("groups are nested more than 32 deep"), "{error}");
}

fn lints(spec: GateSpec) -> Vec<String> {
    Gate::build(spec).unwrap().lints().iter().map(ToString::to_string).collect()
}

#[test]
fn remarks_on_conditions() {
    let one = |c: ConditionSpec| lints(GateSpec::new("g").with_condition(c));
    let condition = |pass| ConditionSpec::new("c", "security", pass);
    for (spec, expected) in [
        (condition(">= 8"), vec![]),
        (condition(">= 8").with_warn(">= 6"), vec![]),
        (
            condition(">= 11"),
            vec![
                "combine: no outcome of its parts passes it",
                "conditions[0].pass: no value in score meets >= 11",
            ],
        ),
        (
            condition("in [5, 3]"),
            vec![
                "combine: no outcome of its parts passes it",
                "conditions[0].pass: no value in score meets in [5, 3]",
            ],
        ),
        (
            condition(">= 0"),
            vec![
                "combine: no outcome of its parts fails it",
                "conditions[0].pass: every value in score meets >= 0 or the warning",
            ],
        ),
        (
            condition(">= 8").with_warn(">= 9"),
            vec!["conditions[0].warn: every value that meets >= 9 passes: there is no warning"],
        ),
        (condition(">= 80 %"), vec!["conditions[0].pass: security is measured in score, not in percent"]),
        (
            ConditionSpec::new("c", "bundle", "<= 3"),
            vec!["conditions[0].pass: bundle has no known unit: only a plain number is compared"],
        ),
        (
            condition(">= 8").with_missing(Missing::Skip),
            vec![
                "conditions[0].missing: c is left out where its measure is missing: withholding it can improve the verdict",
            ],
        ),
    ] {
        assert_eq!(one(spec.clone()), expected, "{spec:?}");
    }
    let strict = Gate::build_with(
        GateSpec::new("g").with_condition(ConditionSpec::new("c", "bundle", "<= 3 B")),
        &Catalogue::standard(),
    );
    assert_eq!(strict.unwrap().lints()[0].kind, LintKind::UnknownMetric);
}

#[test]
fn remarks_on_pairs() {
    let two = |a: &str, b: &str, combine| {
        let condition = |name, pass: &str| ConditionSpec::new(name, "test_coverage", pass);
        let spec = GateSpec::new("g")
            .with_combine(combine)
            .with_condition(condition("a", a))
            .with_condition(condition("b", b));
        Gate::build(spec).unwrap().lints().iter().map(|l| l.kind).collect::<Vec<_>>()
    };
    assert_eq!(two(">= 80", "< 70", Combine::All), [LintKind::Contradictory]);
    assert_eq!(two(">= 80", "< 70", Combine::Any), []);
    assert_eq!(two(">= 80", ">= 70", Combine::All), [LintKind::Redundant]);
    assert_eq!(two(">= 80", "<= 90", Combine::All), []);
    let other = GateSpec::new("g")
        .with_condition(ConditionSpec::new("a", "test_coverage", ">= 80"))
        .with_condition(ConditionSpec::new("b", "test_coverage", "< 70").with_scope(Scope::NewCode));
    assert!(lints(other).is_empty());
}

#[test]
fn remarks_on_bands_and_weights() {
    let weighted = |weights: &[f64], pass, warn| {
        let mut spec = GateSpec::new("g").with_combine(Combine::weighted(pass, warn));
        for (index, weight) in weights.iter().enumerate() {
            let name = format!("c{index}");
            spec = spec.with_condition(ConditionSpec::new(name.clone(), name, "= true").with_weight(*weight));
        }
        Gate::build(spec).unwrap().lints().iter().map(|l| l.kind).collect::<Vec<_>>()
    };
    assert_eq!(weighted(&[1.0; 4], 100.0, 80.0), [LintKind::UnreachableWarning]);
    assert_eq!(weighted(&[1.0; 5], 100.0, 80.0), []);
    assert_eq!(weighted(&[1.0; 5], 80.0, 80.0), [LintKind::UnreachableWarning]);
    assert_eq!(weighted(&[3.0, 1.0], 100.0, 80.0), [LintKind::UnreachableWarning]);
    assert_eq!(weighted(&[4.0, 1.0], 100.0, 80.0), []);
    assert_eq!(weighted(&[1.0, 0.0], 100.0, 0.0), [LintKind::NeverFails, LintKind::NoEffect]);
    let capped = GateSpec::new("g")
        .with_combine(Combine::weighted(80.0, 70.0))
        .with_condition(ConditionSpec::new("never", "security", ">= 11").with_weight(3.0))
        .with_condition(ConditionSpec::new("b", "performance", ">= 8").with_weight(7.0));
    let kinds: Vec<_> = Gate::build(capped).unwrap().lints().iter().map(|l| l.kind).collect();
    assert_eq!(kinds, [LintKind::NeverPasses, LintKind::NeverPasses]);
}

#[test]
fn one_metric_cannot_pass_and_fail_at_once() {
    // 60 % needs the second condition without the first, which the same metric rules out.
    let spec = GateSpec::new("g")
        .with_combine(Combine::weighted(100.0, 60.0))
        .with_condition(ConditionSpec::new("loose", "test_coverage", ">= 50").with_weight(4.0))
        .with_condition(ConditionSpec::new("tight", "test_coverage", ">= 80").with_weight(6.0));
    let gate = Gate::build(spec).unwrap();
    assert_eq!(gate.lints()[0].kind, LintKind::UnreachableWarning);
}
