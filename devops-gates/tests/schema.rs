//! The schemas that are written out are those of the code.
//!
//! With `UPDATE_GOLDEN=1` the files of `schema/` are written anew.

#![cfg(feature = "schemars")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may panic and read files"
)]

use devops_gates::schema;

#[test]
fn the_files_are_up_to_date() {
    for (name, schema) in [
        ("gate", schema::gate()),
        ("waivers", schema::waivers()),
        ("scoring-policy", schema::scoring_policy()),
        ("canary-policy", schema::canary_policy()),
    ] {
        let path = format!("{}/schema/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let now = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), now, "{name}");
    }
}
