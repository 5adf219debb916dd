//! Runs an example program from outside, and holds what it says against golden files.
//!
//! `UPDATE_GOLDEN=1 cargo test -p devops-examples` writes the golden files anew.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program of that name, which cargo builds beside the test, in a folder of this package.
pub(crate) fn run(name: &str, folder: &str, arguments: &[&str], input: &[u8]) -> Output {
    let deps = std::env::current_exe().unwrap();
    let built = deps.parent().unwrap().parent().unwrap().join("examples").join(name);
    let mut child = Command::new(built)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .env_remove("NO_COLOR")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its options does not read.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// That what the program printed is what stands in a file of this package, and that it ended with that code.
pub(crate) fn golden(file: &str, code: i32, output: &Output) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.is_empty(), "{file}: {error}");
    let told = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{file}: {told}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &told).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(told == expected, "{file} differs from what is printed:\n{told}");
}
