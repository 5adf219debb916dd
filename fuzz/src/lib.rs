//! What the targets share. The calls themselves stand beside the property tests that make them too.

#[path = "../../devops-stats/tests/arbitrary/mod.rs"]
mod arbitrary;

#[path = "../../devops-gates/tests/any_canary/mod.rs"]
pub mod any_canary;

/// Calls one family of statistics with arguments read off the bytes; slices are of at most 100,000 values.
pub fn stats(family: &str, bytes: &[u8]) {
    for (name, call) in arbitrary::FAMILIES {
        if name == family {
            call(&mut arbitrary::Draw::new(bytes, 100_000));
        }
    }
}
