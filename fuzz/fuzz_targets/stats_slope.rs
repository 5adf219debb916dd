#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| devops_fuzz::stats("slope", bytes));
