#![no_main]
//! Files of other engines are judged and converted; a conversion builds its gate.

use std::collections::BTreeMap;

use devops_gates::compat::argo::{self, AnalysisTemplate, MetricResult, metric_status};
use devops_gates::compat::keptn::{self, Slo, evaluate, v2};
use devops_gates::compat::sonar::{self, GateSettings, QualityGate, evaluate_gate};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(slo) = serde_json::from_slice::<Slo>(bytes) {
        let run = evaluate(slo.clone(), &[], &[]);
        assert!(run.error.is_none() || run.score == 0.0);
        let _ = keptn::to_gate_spec("g", slo);
    }
    if let Ok(definition) = serde_json::from_slice::<v2::AnalysisDefinition>(bytes) {
        let _ = v2::analyse(&definition, &BTreeMap::new());
        let _ = v2::to_gate_spec("g", &definition);
    }
    if let Ok(gate) = serde_json::from_slice::<QualityGate>(bytes) {
        assert!(evaluate_gate(&gate, &[], GateSettings::default()).is_ok());
        let _ = sonar::to_gate_spec(&gate);
    }
    if let Ok(template) = serde_json::from_slice::<AnalysisTemplate>(bytes) {
        for metric in template.metrics() {
            let _ = metric_status(&metric, &MetricResult::none(), true);
        }
        let _ = argo::to_gate_spec(&template);
    }
});
