//! What the runner and the pipeline cost on top of the futures of 1,000 analyzers that do nothing.
//!
//! `bare` polls the same futures in a `FuturesUnordered` and drops the results: the bar is twice its time.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench")]

use std::hint::black_box;
use std::num::NonZeroU16;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use devops_core::{
    Analysis, Analyzer, AnalyzerKind, ChangeSet, Context, JobId, PipelineJob, RepoPath, analyzer_fn,
};
use devops_pipeline::{AnalyzerSet, Pipeline, PipelinePolicy, PolicySpec, RunnerOptions, run_analyzers};
use futures::StreamExt as _;
use futures::executor::block_on;
use futures::stream::FuturesUnordered;

const ANALYZERS: usize = 1_000;

fn no_ops() -> Vec<Arc<dyn Analyzer>> {
    let one = |index| {
        let no_op = analyzer_fn(&format!("a{index:04}"), AnalyzerKind::Style, |_, _| Ok(Analysis::new()));
        Arc::new(no_op.unwrap()) as Arc<dyn Analyzer>
    };
    (0..ANALYZERS).map(one).collect()
}

/// As many files as a repository has, to show that no analyzer pays for them.
fn context() -> Context {
    (0..1_000).fold(Context::new(), |context, index| {
        context.with_file(RepoPath::new(&format!("src/{index}.rs")).unwrap(), &b"fn main() {}"[..])
    })
}

async fn bare(analyzers: &[Arc<dyn Analyzer>], change: &ChangeSet, context: &Context) -> usize {
    let mut under_way: FuturesUnordered<_> = analyzers.iter().map(|a| a.analyze(change, context)).collect();
    let mut done = 0;
    while let Some(result) = under_way.next().await {
        done += usize::from(result.is_ok());
    }
    done
}

fn pipeline() -> Pipeline {
    let mut spec = PolicySpec::classic();
    spec.time_limit_ms = 0;
    let mut builder = Pipeline::builder().policy(PipelinePolicy::new(spec).unwrap());
    for analyzer in no_ops() {
        builder = builder.shared_analyzer(analyzer);
    }
    builder.build().unwrap()
}

fn overhead(c: &mut Criterion) {
    let (analyzers, change, context) = (no_ops(), ChangeSet::default(), context());
    let set = AnalyzerSet::new(analyzers.clone()).unwrap();
    let (pipeline, job) = (pipeline(), PipelineJob::new(JobId::new("1").unwrap()));
    let mut group = c.benchmark_group("pipeline/1000 no-op analyzers");
    group.bench_function("bare", |b| b.iter(|| block_on(bare(black_box(&analyzers), &change, &context))));
    for concurrency in [16, 1_000] {
        let options = RunnerOptions::new().with_concurrency(NonZeroU16::new(concurrency).unwrap());
        group.bench_function(format!("run_analyzers, {concurrency} at once"), |b| {
            b.iter(|| block_on(run_analyzers(black_box(&set), &change, &context, options)));
        });
    }
    group.bench_function("whole pipeline", |b| {
        b.iter(|| block_on(pipeline.run(black_box(&job), &change, &context)));
    });
    group.finish();
}

criterion_group!(benches, overhead);
criterion_main!(benches);
