//! Gates that are made of other engines' files decide as those do, wherever no difference is listed.
#![cfg(feature = "compat")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests may panic"
)]

use std::collections::BTreeMap;

use devops_core::{Measure, Measures, MetricId, Scope, Unit};
use devops_gates::compat::argo::{AnalysisTemplate, Metric, Phase, Value, measure};
use devops_gates::compat::kayenta::{
    self, CanaryConfig, MetricPair, ScoreThresholds, ScoreVerdict, to_judge_policy,
};
use devops_gates::compat::keptn::{
    Comparison, CriteriaSet, Objective, PreviousRun, RunResult, SliResult, Slo, TotalScore, evaluate, v2,
};
use devops_gates::compat::sonar::{
    Condition, GateSettings, Level, Op, QualityGate, SonarMeasure, evaluate_gate, metric_type, unit,
};
use devops_gates::compat::{Conversion, DifferenceKind, argo, keptn, sonar};
use devops_gates::judge::{JudgePolicy, judge, sampled};
use devops_gates::{Evidence, Gate, History, Run, Status};
use proptest::prelude::*;

fn id(name: &str) -> MetricId {
    MetricId::new(name).unwrap()
}

fn measures(values: &[(&str, f64)]) -> Measures {
    let measure = |(name, value): &(&str, f64)| Measure::number(id(name), *value, Unit::None).unwrap();
    Measures::try_from(values.iter().map(measure).collect::<Vec<_>>()).unwrap()
}

fn of_slis(slis: &[SliResult]) -> Measures {
    measures(&slis.iter().map(|sli| (sli.metric.as_str(), sli.value)).collect::<Vec<_>>())
}

fn judged(conversion: &Conversion, measures: &Measures, history: Option<&History>) -> Status {
    let gate = Gate::build(conversion.gate.clone()).unwrap_or_else(|error| panic!("{error}"));
    let evidence = Evidence::new(measures);
    gate.evaluate(&history.into_iter().fold(evidence, Evidence::with_history)).status()
}

fn kinds(conversion: &Conversion) -> Vec<DifferenceKind> {
    let mut kinds: Vec<_> = conversion.differences.iter().map(|d| d.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn status(result: RunResult) -> Status {
    match result {
        RunResult::Pass => Status::Passed,
        RunResult::Warning => Status::Warning,
        RunResult::Fail => Status::Failed,
    }
}

const SLIS: [&str; 4] = ["a", "b", "c", "d"];

/// A criterion with its looser twin.
fn criterion() -> impl Strategy<Value = (String, String)> {
    let operator = prop::sample::select(vec!["<", "<=", ">=", ">"]);
    let form = prop::sample::select(vec!["", "+", "-", "+%", "-%"]);
    (operator, form, 0..12_i32, 0..4_i32).prop_map(|(operator, form, value, more)| {
        let (sign, percent) = (form.trim_end_matches('%'), if form.ends_with('%') { "%" } else { "" });
        let value = if percent.is_empty() { value } else { value * 10 };
        // Towards what is borne: more of it below a threshold, less above one.
        let outwards = if (operator.starts_with('<')) == (sign != "-") { more } else { -more.min(value) };
        let looser = value + outwards;
        (format!("{operator}{sign}{value}{percent}"), format!("{operator}{sign}{looser}{percent}"))
    })
}

fn sets() -> impl Strategy<Value = Vec<Vec<(String, String)>>> {
    prop::collection::vec(prop::collection::vec(criterion(), 1..3), 1..3)
}

fn of(sets: &[Vec<(String, String)>], which: fn(&(String, String)) -> &String) -> Vec<CriteriaSet> {
    sets.iter().map(|set| CriteriaSet::new(set.iter().map(|pair| which(pair).clone()))).collect()
}

proptest! {
    /// Weights that sum to a power of two, small whole values and a history without negative numbers keep clear of
    /// the differences that are listed.
    #[test]
    fn slo_files(
        sets in prop::collection::vec(sets(), 4),
        roles in prop::collection::vec(0..3_u8, 4),
        values in prop::collection::vec(prop::option::weighted(0.9, 0..12_u8), 4),
        old in prop::collection::vec(prop::collection::vec(0..12_u8, 4), 1..5),
        results in prop::collection::vec(prop::sample::select(vec!["pass", "warning", "fail"]), 4),
        count in prop::sample::select(vec![1_i64, 2, 4]),
        include in prop::sample::select(vec!["all", "pass_or_warn"]),
        aggregate in prop::sample::select(vec!["avg", "p50"]),
        (pass, warning) in prop::sample::select(vec![("90", "75"), ("50%", ""), ("75%", "25%"), ("100", "100"), ("25", "50")]),
    ) {
        let objective = |index: usize| {
            let objective = Objective::new(SLIS[index])
                .with_weight([1, 2, 1, 4][index])
                .with_pass(of(&sets[index], |pair| &pair.0));
            match roles[index] {
                0 => objective,
                1 => objective.with_key(true),
                _ => objective.with_warning(of(&sets[index], |pair| &pair.1)),
            }
        };
        let mut slo = Slo::default();
        slo.objectives = (0..4).map(|index| Some(objective(index))).collect();
        slo.comparison = Some(Comparison::new("several_results", include, count, aggregate));
        slo.total_score = Some(TotalScore::new(pass, warning));
        let slis: Vec<SliResult> = SLIS.iter().zip(&values)
            .filter_map(|(name, value)| value.map(|v| SliResult::new(*name, v.into()))).collect();
        let mut runs: Vec<PreviousRun> = old.iter().zip(&results).map(|(values, result)| {
            let slis = SLIS.iter().zip(values).map(|(name, v)| SliResult::new(*name, (*v).into())).collect();
            PreviousRun::new(*result, slis)
        }).collect();
        // There is always something to compare with.
        runs.push(PreviousRun::new("pass", SLIS.map(|name| SliResult::new(name, 5.0)).into()));
        let history: Vec<Run> = runs.iter().enumerate().map(|(age, run)| {
            let at = format!("2026-11-{:02}T00:00:00Z", 20 - age).parse().unwrap();
            let found = of_slis(&run.slis);
            let status = match run.result.as_str() {
                "pass" => Status::Passed,
                "warning" => Status::Warning,
                _ => Status::Failed,
            };
            Run::new(age.to_string(), at, found).with_status(status)
        }).collect();
        let converted = keptn::to_gate_spec("g", slo.clone()).unwrap();
        prop_assume!(!kinds(&converted).contains(&DifferenceKind::WarningPaired));
        let expected = evaluate(slo, &slis, &runs);
        let found = of_slis(&slis);
        let native = judged(&converted, &found, Some(&History::new(history).unwrap()));
        prop_assert_eq!(native, status(expected.result), "{:?}\n{:#?}", expected, converted.gate);
    }

    #[test]
    fn analyses(
        targets in prop::collection::vec((operator(), operator(), 0..4_u8), 3),
        values in prop::collection::vec(prop::option::weighted(0.9, 0..12_u8), 3),
        key in prop::option::of(0..3_usize),
        thresholds in prop::sample::select(vec![(90.0, 75.0), (75.0, 50.0), (50.0, 25.0), (25.0, 50.0)]),
    ) {
        let mut definition = v2::AnalysisDefinition::default();
        definition.total_score = v2::AnalysisThresholds::new(thresholds.0, thresholds.1);
        definition.objectives = targets.iter().enumerate().map(|(index, (failure, warning, which))| {
            let mut target = v2::Target::default();
            // A key objective has no warning, which would be a listed difference.
            let is_key = key == Some(index);
            target.failure = (*which != 1 || is_key).then_some(*failure);
            target.warning = (*which != 0 && !is_key).then_some(*warning);
            v2::AnalysisObjective::new(SLIS[index], target, [1, 1, 2][index]).with_key(is_key)
        }).collect();
        let present: Vec<(&str, f64)> =
            SLIS.iter().zip(&values).filter_map(|(n, v)| v.map(|v| (*n, v.into()))).collect();
        let texts: BTreeMap<String, String> =
            present.iter().map(|(name, value)| ((*name).into(), value.to_string())).collect();
        let expected = v2::analyse(&definition, &texts).total;
        let converted = v2::to_gate_spec("g", &definition).unwrap();
        let native = judged(&converted, &measures(&present), None);
        prop_assert_eq!(native, status(expected.result), "{:?}\n{:#?}", expected, converted.gate);
    }

    #[test]
    fn quality_gates(
        conditions in prop::collection::vec(
            (prop::sample::select(KEYS.to_vec()), any::<bool>(), 0..8_u8), 1..4,
        ),
        values in prop::collection::vec(0..8_u8, KEYS.len()),
    ) {
        let conditions = conditions.iter().map(|(key, above, threshold)| {
            Condition::new(*key, if *above { Op::GreaterThan } else { Op::LessThan }, threshold.to_string())
        });
        let gate = QualityGate::new("g", conditions.collect());
        let mut settings = GateSettings::default();
        settings.ignore_small_changes = false;
        let sonar: Vec<_> = KEYS.iter().zip(&values).map(|(k, v)| SonarMeasure::new(*k, f64::from(*v))).collect();
        let level = evaluate_gate(&gate, &sonar, settings).unwrap().level;
        let converted = sonar::to_gate_spec(&gate).unwrap();
        let found = KEYS.iter().zip(&values).map(|(key, value)| {
            let scope = if key.starts_with("new_") { Scope::NewCode } else { Scope::Overall };
            Measure::number(id(key), (*value).into(), unit(metric_type(key).unwrap())).unwrap().with_scope(scope)
        });
        let native = judged(&converted, &Measures::try_from(found.collect::<Vec<_>>()).unwrap(), None);
        prop_assert_eq!(native, if level == Level::Ok { Status::Passed } else { Status::Failed });
    }

    #[test]
    fn analysis_templates(
        success in prop::option::of(prop::sample::select(CONDITIONS.to_vec())),
        failure in prop::option::of(prop::sample::select(CONDITIONS.to_vec())),
        value in 0..12_u8,
    ) {
        prop_assume!(success.is_some() || failure.is_some());
        let metric = Metric::new("m").with_conditions(success.unwrap_or_default(), failure.unwrap_or_default());
        let mut template = AnalysisTemplate::default();
        template.spec.metrics = vec![metric.clone()];
        let converted = argo::to_gate_spec(&template).unwrap();
        let phase = measure(&metric, &Value::List(vec![Value::Number(value.into())])).unwrap();
        let expected = match phase {
            Phase::Successful => Status::Passed,
            Phase::Failed => Status::Failed,
            _ => Status::Warning,
        };
        let native = judged(&converted, &measures(&[("m", f64::from(value))]), None);
        prop_assert_eq!(native, expected, "{:#?}", converted.gate);
        let between = kinds(&converted).contains(&DifferenceKind::BetweenIsWarning);
        prop_assert_eq!(between, success.is_some() && failure.is_some());
    }
}

/// Two groups, metrics that are as they were, doubled or halved, and weights that make 100 or are left open.
fn canary_config(metrics: &[(&str, bool, bool, usize)], weights: Option<u8>) -> CanaryConfig {
    const GROUPS: [&str; 2] = ["g", "h"];
    let metrics: Vec<_> = metrics.iter().enumerate().map(|(index, (direction, critical, muted, group))| {
        serde_json::json!({"name": SLIS[index], "groups": [GROUPS[*group]], "analysisConfigurations": {"canary": {
            "direction": direction, "critical": critical, "muted": muted,
        }}})
    }).collect();
    let weights = weights.map_or_else(
        || serde_json::json!({"g": 30}),
        |first| serde_json::json!({"g": first, "h": 100 - first}),
    );
    let config =
        serde_json::json!({"name": "c", "metrics": metrics, "classifier": {"groupWeights": weights}});
    serde_json::from_value(config).unwrap()
}

/// A changed metric is twice or half of what it was, an unchanged one within the noise.
fn pair(index: usize, factor: f64) -> MetricPair {
    let value = |step: usize| 100.0 + f64::from(u32::try_from(step * 37 % 41).unwrap());
    let control = (0..40).map(|i| value(i + index)).collect();
    let experiment = (0..40).map(|i| factor * value(i + index + 1)).collect();
    MetricPair { name: SLIS[index].into(), experiment, control }
}

proptest! {
    /// Where the data leave no doubt, and no difference but those of every configuration is listed.
    #[test]
    fn canary_configurations(
        metrics in prop::collection::vec(
            (prop::sample::select(vec!["increase", "decrease", "either"]), prop::bool::weighted(0.2),
                prop::bool::weighted(0.2), 0..2_usize),
            1..5,
        ),
        factors in prop::collection::vec(prop::sample::select(vec![1.0, 1.0, 2.0, 0.5]), 4),
        weights in prop::option::of(prop::sample::select(vec![20_u8, 50, 75])),
        (pass, marginal) in prop::sample::select(vec![(95.0, 75.0), (70.0, 40.0), (50.0, 50.0), (100.0, 20.0)]),
    ) {
        prop_assume!(metrics.iter().any(|m| !m.2));
        let config = canary_config(&metrics, weights);
        let thresholds = ScoreThresholds { pass, marginal };
        let made = to_judge_policy(&config, thresholds).unwrap();
        let listed: Vec<DifferenceKind> = made.differences.iter().map(|d| d.kind).collect();
        prop_assume!(!listed.contains(&DifferenceKind::LostWeight) && !listed.contains(&DifferenceKind::PartialWeights));
        let pairs: Vec<MetricPair> = (0..metrics.len()).map(|i| pair(i, factors[i])).collect();
        let there = kayenta::judge(&config, thresholds, &pairs).unwrap();
        let side = |values: fn(&MetricPair) -> &Vec<f64>| {
            let found = pairs.iter().map(|p| sampled(id(&p.name), Unit::None, values(p)).unwrap());
            Measures::try_from(found.collect::<Vec<_>>()).unwrap()
        };
        let policy = JudgePolicy::build(made.policy.clone()).unwrap();
        let here = judge(&side(|p| &p.control), &side(|p| &p.experiment), &policy).status;
        let expected = match there.verdict {
            ScoreVerdict::Pass => Status::Passed,
            ScoreVerdict::Marginal => Status::Warning,
            ScoreVerdict::Fail => Status::Failed,
        };
        prop_assert_eq!(here, expected, "{:#?}\n{:#?}", there, made.policy);
    }
}

#[test]
fn weights_that_are_no_shares_are_listed() {
    let kinds = |weights: &str| -> Vec<DifferenceKind> {
        let config: CanaryConfig = serde_json::from_str(&format!(
            r#"{{"metrics": [{{"name": "a", "groups": ["g"]}}, {{"name": "b", "groups": ["h"]}}, {{"name": "c", "groups": ["m"],
                "analysisConfigurations": {{"canary": {{"muted": true}}}}}}], "classifier": {{"groupWeights": {weights}}}}}"#
        ))
        .unwrap();
        let made = to_judge_policy(&config, ScoreThresholds { pass: 95.0, marginal: 75.0 }).unwrap();
        let of_weights = [DifferenceKind::LostWeight, DifferenceKind::PartialWeights];
        made.differences.iter().map(|d| d.kind).filter(|kind| of_weights.contains(kind)).collect()
    };
    for (weights, expected) in [
        (r#"{"g": 40, "h": 60}"#, &[][..]),
        (r#"{"g": 40}"#, &[]),
        ("{}", &[]),
        (r#"{"g": 40, "h": 40}"#, &[DifferenceKind::PartialWeights]),
        (r#"{"g": 120}"#, &[DifferenceKind::PartialWeights]),
        (r#"{"g": -20, "h": 120}"#, &[DifferenceKind::PartialWeights]),
        (r#"{"g": 40, "h": 40, "m": 20}"#, &[DifferenceKind::LostWeight]),
        (r#"{"g": 40, "h": 40, "gone": 20}"#, &[DifferenceKind::LostWeight]),
    ] {
        assert_eq!(kinds(weights), expected, "{weights}");
    }
}

/// What is listed of a Kayenta configuration beside what is of every one.
fn kayenta_differences(metric: &str, rest: &str) -> Vec<String> {
    let config: CanaryConfig = serde_json::from_str(&format!(
        r#"{{"metrics": [{{"name": "m", "groups": ["g"], {metric}}}] {rest}}}"#
    ))
    .unwrap();
    let made = to_judge_policy(&config, ScoreThresholds { pass: 95.0, marginal: 75.0 }).unwrap();
    let always = [DifferenceKind::NativeTests, DifferenceKind::RoundedScore, DifferenceKind::NoDataIsLeftOut];
    let own = made.differences.iter().filter(|d| !always.contains(&d.kind));
    own.map(|d| format!("{} `{}` {:?}", d.place, d.value.as_deref().unwrap_or_default(), d.kind)).collect()
}

#[test]
fn what_kayenta_reads_in_other_words_is_listed() {
    let at = "metrics[0].analysisConfigurations.canary";
    let word = |field: &str, word: &str| vec![format!("{at}.{field} `{word}` UnknownWord")];
    let whole = |kind: &str| vec![format!("metrics[0] `` {kind}")];
    for (inner, expected) in [
        (r#""direction": "increase", "nanStrategy": "remove", "muted": false"#, vec![]),
        (r#""direction": "sideways""#, word("direction", "sideways")),
        (r#""direction": "Increase""#, word("direction", "Increase")),
        (r#""nanStrategy": "drop""#, word("nanStrategy", "drop")),
        (r#""effectSize": {"measure": "cohensD"}"#, word("effectSize.measure", "cohensD")),
        (r#""outliers": {"strategy": "trim"}"#, word("outliers.strategy", "trim")),
        (r#""outliers": {"strategy": "keep", "outlierFactor": 3.0}"#, whole("WithoutEffect")),
        (r#""outliers": {"strategy": "remove", "outlierFactor": 3.0}"#, whole("OutliersRemoved")),
        (r#""criticality": "critical""#, vec![format!("{at}.criticality `` UnknownField")]),
        (r#""effectSize": {"allowedIncrease": 1.1, "allowedDecrease": 0.9}"#, vec![]),
        (r#""direction": "increase", "effectSize": {"allowedIncrease": 0.9}"#, whole("EffectSize")),
        (
            r#""direction": "increase", "critical": true, "effectSize": {"allowedIncrease": 1.1, "criticalIncrease": 1.5}"#,
            whole("CriticalEffect"),
        ),
        (r#""direction": "increase", "critical": true, "effectSize": {"criticalDecrease": 0.5}"#, vec![]),
        (r#""critical": true, "effectSize": {"criticalDecrease": 0.5}"#, whole("CriticalEffect")),
        (r#""effectSize": {"criticalIncrease": 1.5}"#, vec![]),
    ] {
        let metric = format!(r#""analysisConfigurations": {{"canary": {{{inner}}}}}"#);
        assert_eq!(kayenta_differences(&metric, ""), expected, "{inner}");
    }
}

#[test]
fn what_kayenta_passes_over_is_listed() {
    assert_eq!(
        kayenta_differences(
            r#""query": {"type": "prometheus"}, "scopeName": "default", "weight": 3"#,
            r#", "applications": ["shop"], "configVersion": "1", "templates": {}, "owner2": "x",
                "judge": {"name": "dredd-v1.0", "judgeConfigurations": {"tolerance": 0.1}}"#,
        ),
        [
            "judge.name `dredd-v1.0` OtherJudge",
            "metrics[0].query `` DataSource",
            "metrics[0].scopeName `` DataSource",
            "metrics[0].weight `` UnknownField",
            "applications `` WithoutEffect",
            "configVersion `` WithoutEffect",
            "templates `` DataSource",
            "owner2 `` UnknownField",
            "judge.judgeConfigurations.tolerance `` WithoutEffect",
        ]
    );
    let config: CanaryConfig = serde_json::from_str(
        r#"{"metrics": [{"name": "m", "groups": ["g"], "analysisConfigurations": {"canary": {"direction": "sideways"}}}]}"#,
    )
    .unwrap();
    let made = to_judge_policy(&config, ScoreThresholds { pass: 95.0, marginal: 75.0 }).unwrap();
    assert_eq!(
        made.differences[1].to_string(),
        "metrics[0].analysisConfigurations.canary.direction: `sideways`: it is not known there and read as what \
         stands there unless written; here likewise"
    );
}

/// Kayenta's critical metric fails the canary where it has no data, whether data are asked for or not.
#[test]
fn a_critical_metric_without_data_fails_in_both() {
    for must in [false, true] {
        let config: CanaryConfig = serde_json::from_str(&format!(
            r#"{{"metrics": [{{"name": "a", "groups": ["g"]}}, {{"name": "b", "groups": ["g"]}}, {{"name": "m", "groups": ["g"],
                "analysisConfigurations": {{"canary": {{"critical": true, "mustHaveData": {must}}}}}}}]}}"#
        ))
        .unwrap();
        let thresholds = ScoreThresholds { pass: 95.0, marginal: 75.0 };
        let mut pairs: Vec<MetricPair> = (0..2).map(|i| pair(i, 1.0)).collect();
        for (pair, name) in pairs.iter_mut().zip(["a", "b"]) {
            pair.name = name.into();
        }
        let nothing = MetricPair { name: "m".into(), experiment: vec![], control: vec![1.0; 9] };
        let there = kayenta::judge(&config, thresholds, &[&pairs[..], &[nothing]].concat()).unwrap();
        assert_eq!(there.verdict, ScoreVerdict::Fail);
        let side = |values: fn(&MetricPair) -> &Vec<f64>| {
            let found = pairs.iter().map(|p| sampled(id(&p.name), Unit::None, values(p)).unwrap());
            Measures::try_from(found.collect::<Vec<_>>()).unwrap()
        };
        let made = to_judge_policy(&config, thresholds).unwrap();
        let policy = JudgePolicy::build(made.policy).unwrap();
        let here = judge(&side(|p| &p.control), &side(|p| &p.experiment), &policy);
        assert_eq!(here.status, Status::Failed);
    }
}

#[test]
fn a_canary_policy_that_cannot_be_built_is_an_error() {
    let config: CanaryConfig = serde_json::from_str(
        r#"{"metrics": [{"name": "m 1", "groups": ["g"]}, {"name": "m_1", "groups": ["g"]}]}"#,
    )
    .unwrap();
    let made =
        |pass| to_judge_policy(&config, ScoreThresholds { pass, marginal: 75.0 }).unwrap_err().to_string();
    let twice = "the policy that it makes cannot be built: metrics[1].metric: `m_1` is used twice";
    assert!(made(95.0).starts_with(twice), "{}", made(95.0));
    for pass in [f64::NAN, 195.0, -1.0] {
        assert!(made(pass).contains("combine.pass: "), "{}", made(pass));
    }
}

fn operator() -> impl Strategy<Value = v2::Operator> {
    (0..7_u8, 0..10_u8, 1..4_u8).prop_map(|(which, low, width)| {
        let mut operator = v2::Operator::default();
        let value = Some(v2::Quantity::new(low.into()));
        let range = Some(v2::Range { low: f64::from(low).into(), high: f64::from(low + width).into() });
        match which {
            0 => operator.equal_to = value,
            1 => operator.less_than_or_equal = value,
            2 => operator.less_than = value,
            3 => operator.greater_than_or_equal = value,
            4 => operator.greater_than = value,
            5 => operator.in_range = range,
            _ => operator.not_in_range = range,
        }
        operator
    })
}

const KEYS: [&str; 5] = ["coverage", "new_coverage", "bugs", "security_rating", "sqale_index"];

const CONDITIONS: [&str; 8] = [
    "result[0] >= 5",
    "result[0] < 3",
    "asFloat(result[0]) <= 7 && 2 < result[0]",
    "len(result) == 0 || result[0] > 8",
    "!(result[0] > 4 || result[0] == 1)",
    "result[0] == 3 || result[0] == 4 || result[0] > 10 && result[0] != 11",
    "isNaN(result[0]) || result[0] < 6",
    "all(result, # >= 2)",
];

#[test]
fn what_differs_is_listed() {
    let slo = |text: &str| -> Slo { serde_json::from_str(text).unwrap() };
    let converted = keptn::to_gate_spec(
        "g",
        slo(r#"{
            "comparison": {"compare_with": "several_results", "aggregate_function": "p95"},
            "objectives": [
                {"sli": "response time", "pass": [["<=+10%"]], "warning": [["<=+20%", "<9"]], "key_sli": true},
                {"sli": "throughput"},
                {"sli": "empty", "pass": [[]]},
                {"sli": "response time", "pass": [["<1"]], "warning": [["<0.5"]]},
                {"sli": "d", "pass": [["<1"]], "warning": [["abc"]]}
            ],
            "total_score": {"pass": "90%"}
        }"#),
    )
    .unwrap();
    let shown: Vec<String> =
        converted.differences.iter().map(|d| format!("{} {:?}", d.place, d.kind)).collect();
    assert_eq!(
        shown,
        [
            "objectives[0] KeyWarning",
            "objectives[1] Informative",
            "objectives[2] AlwaysTheSame",
            "objectives[3] ConsumedIndicator",
            "objectives[0].sli Renamed",
            "objectives[0].warning WarningLeftOut",
            "objectives[0] NoBaseline",
            "objectives[0] BaselineRuns",
            "objectives[0] NegativeBaseline",
            "objectives[0] Percentile",
            "objectives[0] FloatingPoint",
            "objectives[3].sli Renamed",
            "objectives[3].warning WarningPaired",
            "objectives[4].warning WarningUnreadable",
            "total_score FloatingPoint",
        ]
    );
}

#[test]
fn what_cannot_be_expressed_is_an_error_with_its_place() {
    let slo =
        |text: &str| keptn::to_gate_spec("g", serde_json::from_str(text).unwrap()).unwrap_err().to_string();
    for (text, error) in [
        (
            r#"{"objectives": [{"sli": "a", "pass": [["!=1"]]}], "total_score": {"pass": 90}}"#,
            "objectives[0].pass: `!=1` cannot be expressed: invalid criteria string",
        ),
        (
            r#"{"objectives": [{"sli": "a", "pass": [["<NaN"]]}], "total_score": {"pass": 90}}"#,
            "objectives[0].pass: `NaN` cannot be expressed: thresholds are decimal numbers",
        ),
        (
            r#"{"objectives": [{"sli": "a", "pass": [["<1"]]}], "total_score": {"pass": "ninety"}}"#,
            "total_score.pass: `ninety` cannot be expressed: a percentage is expected",
        ),
        (
            r#"{"objectives": [{"sli": "a", "pass": [["<1"]]}], "total_score": {"pass": "120%"}}"#,
            "total_score.pass: `120%` cannot be expressed: 0 to 100 is expected",
        ),
        (
            r#"{"objectives": [{"sli": "a"}], "total_score": {"pass": 90}}"#,
            "it has nothing that decides: at least one objective with pass criteria is expected",
        ),
        (
            r#"{"objectives": [{"sli": "a", "pass": [["<1"]], "weight": -2}], "total_score": {"pass": 90}}"#,
            "objectives: `-2` cannot be expressed: weights are not negative",
        ),
    ] {
        assert_eq!(slo(text), error);
    }
    assert_eq!(
        slo(r#"{"objectives": [{"sli": "a", "pass": [["<1"]]}], "total_score": {"pass": "33.3333333%"}}"#),
        "the gate that it makes cannot be built: combine.pass: `33.3333333` has more than six decimals, which are not kept exactly"
    );
    let mut template = AnalysisTemplate::default();
    template.spec.metrics = vec![Metric::new("m").with_conditions("result.ok", "")];
    assert_eq!(
        argo::to_gate_spec(&template).unwrap_err().to_string(),
        "spec.metrics[0].successCondition: `result.ok` cannot be expressed: comparisons of the result with a number, joined by && and ||, are expected"
    );
    let gate = QualityGate::new("g", vec![Condition::new("coverage", Op::LessThan, "high")]);
    assert_eq!(
        sonar::to_gate_spec(&gate).unwrap_err().to_string(),
        "conditions[0].error: `high` cannot be expressed: a decimal number is expected"
    );
}

#[test]
fn large_weights_keep_their_proportions() {
    let slo: Slo = serde_json::from_str(
        r#"{"objectives": [{"sli": "a", "pass": [["<1"]], "weight": 30000}, {"sli": "b", "pass": [["<1"]], "weight": 7}],
            "total_score": {"pass": "90%"}}"#,
    )
    .unwrap();
    let converted = keptn::to_gate_spec("g", slo).unwrap();
    assert_eq!((converted.gate.conditions[0].weight, converted.gate.conditions[1].weight), (30.0, 0.007));
}
