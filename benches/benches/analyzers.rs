//! Analyzers: bytes per second of each on source text.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use devops_analyzers::duplication::{DuplicationConfig, Source, clones};
use devops_analyzers::language::{Language, tokens};
use devops_analyzers::secrets::{Fragment, RuleSet, SecretScanner};
use devops_analyzers::{complexity, naming, style};
use devops_core::{ChangeSet, Context, Scanner as _};
use std::hint::black_box;

/// Source text of about that many bytes: files of the analyzers themselves, over and over.
fn source(bytes: usize) -> Vec<u8> {
    let files = [
        include_str!("../../devops-analyzers/src/secrets/scan.rs"),
        include_str!("../../devops-analyzers/src/secrets/load.rs"),
        include_str!("../../devops-analyzers/src/suppress/baseline.rs"),
        include_str!("../../devops-core/src/finding.rs"),
    ];
    files.iter().cycle().flat_map(|file| file.bytes()).take(bytes).collect()
}

/// The same as a change that adds it as one file.
fn change(text: &[u8]) -> ChangeSet {
    let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
    let mut diff = format!(
        "diff --git a/x.rs b/x.rs\nnew file mode 100644\n--- /dev/null\n+++ b/x.rs\n@@ -0,0 +1,{} @@\n",
        lines.len()
    )
    .into_bytes();
    for line in lines {
        diff.push(b'+');
        diff.extend_from_slice(line);
        diff.push(b'\n');
    }
    ChangeSet::from_diff(&diff).unwrap()
}

fn secrets(c: &mut Criterion) {
    let text = source(8 << 20);
    let mut group = c.benchmark_group("secrets");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(u64::try_from(text.len()).unwrap()));
    let rules = RuleSet::builtin();
    group.bench_function("scan_8_mib_as_one", |b| b.iter(|| rules.scan(&Fragment::new(black_box(&text)))));
    group.bench_function("scan_8_mib_by_files_of_16_kib", |b| {
        b.iter(|| {
            text.chunks(16 << 10).map(|file| rules.scan(&Fragment::new(black_box(file))).len()).sum::<usize>()
        });
    });
    let scanner = SecretScanner::new().unwrap();
    let small = change(&text[..64 << 10]);
    group.throughput(Throughput::Bytes(64 << 10));
    group.bench_function("change_of_64_kib", |b| {
        b.iter(|| futures::executor::block_on(scanner.scan(black_box(&small), &Context::new())).unwrap());
    });
    group.finish();
}

fn code(c: &mut Criterion) {
    let text = source(1 << 20);
    let change = change(&text);
    let mut group = c.benchmark_group("code");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(1 << 20));
    group.bench_function("tokens", |b| b.iter(|| tokens(Language::Rust, black_box(&text))));
    let config = style::StyleConfig::default();
    group.bench_function("style", |b| b.iter(|| style::check(black_box(&change), &config)));
    let config = naming::NamingConfig::default();
    group.bench_function("naming", |b| b.iter(|| naming::check(black_box(&change), &config)));
    let config = complexity::ComplexityConfig::default();
    group.bench_function("complexity", |b| b.iter(|| complexity::check(black_box(&change), &config)));
    group.finish();
}

/// Against itself: the text repeats, so that nearly all of it is in clones.
fn duplicated(c: &mut Criterion) {
    let text = source(1 << 20);
    let sources = [Source::new(Language::Rust, &text)];
    let exact = DuplicationConfig::new(50, 5, None).unwrap();
    let mut group = c.benchmark_group("duplication");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(1 << 20));
    group.bench_function("exact", |b| b.iter(|| clones(black_box(&sources), &exact)));
    let both = DuplicationConfig::default();
    group.bench_function("exact_and_renamed", |b| b.iter(|| clones(black_box(&sources), &both)));
    group.finish();
}

criterion_group!(benches, secrets, code, duplicated);
criterion_main!(benches);
