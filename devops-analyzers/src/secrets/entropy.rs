//! How random a text looks.

/// Shannon's entropy of a text in bits per character (Shannon 1948), as gitleaks computes it: counts of
/// characters divided by the length **in bytes**, so that a text beyond ASCII comes out a little wrong in the
/// same way as there.
///
/// From 0 (one character repeated, or an empty text) to 8. Thresholds of rules are compared with it strictly:
/// a secret counts only where its entropy is above.
///
/// ```
/// use devops_analyzers::secrets::shannon_entropy;
///
/// assert_eq!(shannon_entropy(b"aaaa"), 0.0);
/// assert_eq!(shannon_entropy(b"abcd"), 2.0);
/// assert_eq!(shannon_entropy(b""), 0.0);
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of characters in one secret are far below 2^53")]
pub fn shannon_entropy(text: &[u8]) -> f64 {
    let mut ascii = [0_usize; 128];
    let mut other: Vec<char> = Vec::new();
    for c in text.utf8_chunks().flat_map(|chunk| {
        let invalid = chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER);
        chunk.valid().chars().chain(invalid)
    }) {
        match ascii.get_mut(c as usize) {
            Some(count) => *count = count.saturating_add(1),
            None => other.push(c),
        }
    }
    other.sort_unstable();
    let length = text.len() as f64;
    let counts = ascii.iter().copied().chain(other.chunk_by(|a, b| a == b).map(<[char]>::len));
    let bits = counts.filter(|count| *count > 0).map(|count| {
        let share = count as f64 / length;
        share * libm::log2(share)
    });
    // `0.0 - x` rather than `-x`: a text of one character has no negative zero.
    0.0 - bits.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn characters_over_bytes() {
        // One character of two bytes: share 1/2, so half a bit where a count of characters would give none.
        assert!((shannon_entropy("é".as_bytes()) - 0.5).abs() < 1e-12);
        assert!(shannon_entropy(b"aaaa").is_sign_positive());
    }

    proptest! {
        #[test]
        fn within_bounds(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            let bits = shannon_entropy(&text);
            prop_assert!((0.0..=8.0).contains(&bits), "{bits}");
        }

        #[test]
        fn order_does_not_matter(mut text in proptest::collection::vec(b' '..b'~', 1..80)) {
            let before = shannon_entropy(&text);
            text.reverse();
            prop_assert!((before - shannon_entropy(&text)).abs() < 1e-12);
        }
    }
}
