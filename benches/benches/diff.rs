//! Reading unified diffs: many small files, and one large one, beside diffy.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use devops_core::ChangeSet;
use diffy::patch_set::{ParseOptions, PatchSet};

fn many_files() -> Vec<u8> {
    let mut diff = Vec::new();
    for n in 0..10_000_u32 {
        let path = format!("src/part_{}/file_{n}.rs", n % 97);
        diff.extend(format!("diff --git a/{path} b/{path}\nindex d00491f..0cfbf08 100644\n").bytes());
        diff.extend(
            format!("--- a/{path}\n+++ b/{path}\n@@ -{0},7 +{0},7 @@ fn name_{n}() {{\n", n % 500 + 1)
                .bytes(),
        );
        for line in 0..3 {
            diff.extend(format!("     let before_{line} = {n};\n").bytes());
        }
        diff.extend(format!("-    call(before_1, {n});\n+    call(before_1, before_2, {n});\n").bytes());
        for line in 0..3 {
            diff.extend(format!("     let after_{line} = {n};\n").bytes());
        }
    }
    diff
}

fn one_file() -> Vec<u8> {
    let hunks = 2_000_u32;
    let mut diff =
        b"diff --git a/big.rs b/big.rs\nindex d00491f..0cfbf08 100644\n--- a/big.rs\n+++ b/big.rs\n".to_vec();
    for hunk in 0..hunks {
        let start = hunk * 200 + 1;
        diff.extend(format!("@@ -{start},100 +{start},100 @@\n").bytes());
        for line in 0..100_u32 {
            let text = format!("    let value_{line} = compute({hunk}, {line});\n");
            match line % 10 {
                5 => diff.extend(format!("-{text}+{}", text.replace("compute", "measure")).bytes()),
                _ => diff.extend(format!(" {text}").bytes()),
            }
        }
    }
    diff
}

fn reading(c: &mut Criterion) {
    for (name, diff) in [("many_files", many_files()), ("one_file", one_file())] {
        let mut group = c.benchmark_group(format!("diff/{name}"));
        group.throughput(Throughput::Bytes(diff.len() as u64)).sample_size(20);
        group.bench_function("devops", |b| b.iter(|| ChangeSet::from_diff(black_box(&diff)).unwrap()));
        group.bench_function("diffy", |b| {
            b.iter(|| {
                let patches = PatchSet::parse_bytes(black_box(&diff), ParseOptions::gitdiff());
                patches.collect::<Result<Vec<_>, _>>().unwrap()
            });
        });
        group.finish();
    }
}

criterion_group!(benches, reading);
criterion_main!(benches);
