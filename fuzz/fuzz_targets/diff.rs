#![no_main]
//! A diff is read or refused; what is read writes a diff that reads to the same.

use devops_core::ChangeSet;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(change) = ChangeSet::from_diff(bytes) else { return };
    for file in change.files() {
        let (added, removed) = (file.added_lines().count() as u64, file.removed_lines().count() as u64);
        assert_eq!((file.lines_added(), file.lines_removed()), (added, removed));
    }
    let again = ChangeSet::from_diff(&change.to_diff());
    assert_eq!(again.as_ref(), Ok(&change));
});
