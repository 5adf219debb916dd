//! Policies, samples, looks and Kayenta's inputs of any kind: an answer or a typed error, never a panic. `fuzz/` runs
//! the same calls for longer.
#![cfg(feature = "compat")]

mod any_canary;

use any_canary::{Draw, canary, kayenta};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn short_ones(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        canary(&mut Draw::new(&bytes, 60));
        kayenta(&mut Draw::new(&bytes, 60), br#"{"metrics": [{"name": "m", "groups": ["g"]}]}"#);
    }
}
