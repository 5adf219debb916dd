#![no_main]
//! Canary policies, samples, looks, and Kayenta's inputs; what follows the first zero byte is read as Kayenta's
//! configuration.

use devops_fuzz::any_canary::{Draw, canary, kayenta};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    canary(&mut Draw::new(bytes, 300));
    let text = bytes.splitn(2, |byte| *byte == 0).nth(1).unwrap_or_default();
    kayenta(&mut Draw::new(bytes, 300), text);
});
