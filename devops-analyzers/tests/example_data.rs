//! The reports of real tools that ship with the examples.
#![cfg(all(feature = "sarif", feature = "junit", feature = "lcov", feature = "cobertura"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::print_stdout,
    reason = "tests may panic, and read shipped files"
)]

use std::path::PathBuf;

use devops_analyzers::cobertura::CoberturaReader;
use devops_analyzers::junit::JunitReader;
use devops_analyzers::lcov::LcovReader;
use devops_analyzers::report_path::ReportPaths;
use devops_analyzers::sarif::{SarifReader, SarifReport};
use devops_core::{ChangeSet, RepoPath};

/// The data is not part of the published crate.
fn data(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/pipeline")).join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is not there", path.display());
    }
    bytes
}

fn sarif(name: &str, base: &str) -> Option<SarifReport> {
    let paths = ReportPaths::new().with_root("/srv/checkout").with_base(base);
    Some(SarifReader::new().with_paths(paths).read(&data(name)?).unwrap())
}

#[test]
fn every_sarif_report_is_read_whole() {
    for (name, base, findings, first) in [
        ("ruff", "", 5, "major checkout/loyalty.py:24: Do not catch blind exception: `Exception` [BLE001]"),
        (
            "bandit",
            "",
            3,
            "minor checkout/health.py:10: Audit url open for permitted schemes. Allowing use of file:/ or custom schemes is often unexpected. [B310]",
        ),
        (
            "semgrep",
            "",
            2,
            "info checkout/loyalty.py:9: This service is asked over plain HTTP. [tools.plain-http-service]",
        ),
        (
            "eslint",
            "",
            3,
            "minor web/basket.ts:51: Unexpected any. Specify a different type. [@typescript-eslint/no-explicit-any]",
        ),
        (
            "cargo-audit",
            "codes",
            1,
            "major codes/Cargo.lock:1: regex 1.5.4 is vulnerable to RUSTSEC-2022-0013 (Some patterns take very long to compile) [RUSTSEC-2022-0013]",
        ),
        (
            "checkov",
            "",
            2,
            "major Dockerfile:1: Ensure that a user for the container has been created [CKV_DOCKER_3]",
        ),
    ] {
        let Some(report) = sarif(&format!("reports/{name}.sarif"), base) else { return };
        assert_eq!(report.outcome().status(), "completed", "{name}");
        assert_eq!(report.runs[0].warnings, [], "{name}");
        assert_eq!(report.findings().count(), findings, "{name}");
        let all: Vec<_> = report.findings().map(ToString::to_string).collect();
        assert!(all.iter().any(|f| f == first), "{name}: {all:#?}");
    }
}

#[test]
fn contents_give_columns() {
    let Some(bytes) = data("reports/eslint.sarif") else { return };
    let source = data("after/web/basket.ts").unwrap();
    let reader = SarifReader::new().with_paths(ReportPaths::new().with_root("/srv/checkout"));
    let report = reader.read_with(&bytes, &|_: &RepoPath| Some(&source)).unwrap();
    let first = report.findings().next().unwrap();
    assert_eq!(first.location().unwrap().region().unwrap().columns(), Some((59, 62)));
}

#[test]
fn the_second_attempt_is_clean() {
    for (name, findings) in
        [("ruff", 0), ("bandit", 1), ("semgrep", 0), ("eslint", 0), ("cargo-audit", 0), ("checkov", 0)]
    {
        let Some(report) = sarif(&format!("fixed/reports/{name}.sarif"), "") else { return };
        assert_eq!((report.outcome().status(), report.findings().count()), ("completed", findings), "{name}");
    }
}

#[test]
fn tests_and_coverage() {
    let Some(junit) = data("reports/junit.xml") else { return };
    let report = JunitReader::new().read(&junit).unwrap();
    assert_eq!(report.to_string(), "23 tests run, 1 failed, 1 skipped");
    assert_eq!(report.warnings(), [] as [&str; 0]);
    let lcov = LcovReader::new().read(&data("reports/coverage.lcov").unwrap()).unwrap();
    let cobertura = CoberturaReader::new().read(&data("reports/coverage.xml").unwrap()).unwrap();
    assert_eq!(lcov, cobertura);
    assert_eq!((lcov.covered(), lcov.coverable()), (180, 222));
    let change = ChangeSet::from_diff(&data("change.diff").unwrap()).unwrap();
    let new = lcov.of_new_code(&change);
    assert_eq!(new.measure().to_string(), "test_coverage (new code) = 76.42 % (94 of 123)");
    assert_eq!(new.unmeasured, [RepoPath::new("tests/test_vouchers.py").unwrap()]);
}
