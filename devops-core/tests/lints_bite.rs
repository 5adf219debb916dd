//! Shows that the bans of `clippy.toml` bite.
//!
//! Each function below does what a library may not do, and *expects* the lint. When a ban goes missing its
//! expectation is unfulfilled, which is a warning, which the lint step of `.ci/run` refuses. The functions are
//! compiled and linted, never called.

#![allow(dead_code, reason = "the functions are there to be linted")]

#[expect(clippy::disallowed_methods, reason = "shows that files are banned")]
fn reads_a_file() -> Option<Vec<u8>> {
    std::fs::read("x").ok()
}

#[expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "shows that sockets and files are banned"
)]
fn opens_a_socket() -> Option<(std::net::TcpStream, bool)> {
    let there = std::path::Path::new("x").exists();
    Some((std::net::TcpStream::connect("[::1]:9").ok()?, there))
}

#[expect(clippy::disallowed_types, reason = "shows that clocks are banned")]
fn reads_the_clock() -> (std::time::Instant, std::time::SystemTime) {
    (std::time::Instant::now(), std::time::SystemTime::now())
}

#[expect(clippy::disallowed_methods, reason = "shows that the environment is banned")]
fn reads_the_environment() -> Option<String> {
    std::env::var("HOME").ok()
}

#[expect(clippy::disallowed_methods, reason = "shows that threads are banned")]
fn starts_a_thread() {
    drop(std::thread::spawn(|| std::thread::sleep(std::time::Duration::ZERO)));
}

#[expect(clippy::disallowed_types, reason = "shows that processes are banned")]
fn starts_a_process() -> std::process::Command {
    std::process::Command::new("true")
}

#[expect(
    clippy::disallowed_macros,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "shows that printing is banned"
)]
fn prints() {
    println!("x");
    eprintln!("x");
}

#[expect(clippy::disallowed_types, reason = "shows that random order is banned")]
fn hashes() -> std::collections::HashMap<u8, u8> {
    std::collections::HashMap::new()
}

#[expect(clippy::disallowed_methods, reason = "shows that platform-dependent functions are banned")]
fn rounds_differently(x: f64) -> f64 {
    x.ln().max(0.0)
}

/// The expectations above count only while the library itself has no blanket permission.
#[test]
fn no_library_allows_a_banned_call() {
    let sources = [include_str!("../src/lib.rs"), include_str!("../../clippy.toml")];
    assert!(sources[0].contains("#![no_std]"));
    assert!(!sources[0].contains("clippy::disallowed"));
    assert!(sources[1].contains("std::fs::read"));
}
