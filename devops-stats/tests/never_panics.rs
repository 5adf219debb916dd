//! Every public function on arbitrary bit patterns and lengths: an answer or a typed error, never a panic.
//! `fuzz/` runs the same calls for longer.

mod arbitrary;

use arbitrary::{Draw, FAMILIES};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn short_series_of_any_kind(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for (_, family) in FAMILIES {
            family(&mut Draw::new(&bytes, 300));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn long_series_of_any_kind(bytes in proptest::collection::vec(any::<u8>(), 200..4_000)) {
        for (_, family) in FAMILIES {
            family(&mut Draw::new(&bytes, 3_000));
        }
    }

    #[test]
    #[ignore = "minutes: lengths up to 100,000"]
    fn very_long_series_of_any_kind(bytes in proptest::collection::vec(any::<u8>(), 200..4_000)) {
        for (_, family) in FAMILIES {
            family(&mut Draw::new(&bytes, 100_000));
        }
    }
}
