//! The line hashes by which code-hosting sites recognise a finding that has moved.

use std::collections::BTreeMap;

/// How many UTF-16 units a hash covers.
const WINDOW: usize = 100;
/// The base of the rolling hash.
const BASE: u64 = 37;
/// Stands for the end of the file.
const END: u16 = 0xffff;

/// One hash for each line of a text, as `partialFingerprints.primaryLocationLineHash` of SARIF expects them.
///
/// The hash of a line covers the 100 UTF-16 units from its start, blanks and tabs left out and every line end
/// read as one newline: Σ unit × 37^(100 − place) modulo 2⁶⁴, in lower-case hexadecimal. Behind the text stands
/// one unit 0xFFFF, then zeros. `:n` marks the n-th line with the same hash. A text that ends in a newline has
/// an empty last line. The values are those of GitHub's `codeql-action`, which computes them again and warns
/// about others: write them only where the text is known.
///
/// ```
/// use devops_analyzers::sarif::line_hashes;
///
/// assert_eq!(line_hashes("no newline"), ["27deb37a25585ab2:1"]);
/// assert_eq!(line_hashes("a\n\n").len(), 3);
/// ```
#[must_use]
pub fn line_hashes(text: &str) -> Vec<String> {
    let (units, starts) = squeezed(text);
    let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
    let mut hashes = vec![String::new(); starts.len()];
    let mut rolling = Rolling::new(&units);
    for (start, slot) in starts.iter().zip(&mut hashes) {
        let hash = rolling.at(*start);
        let count = seen.entry(hash).or_default();
        *count = count.saturating_add(1);
        *slot = format!("{hash:x}:{count}");
    }
    hashes
}

/// The units that count, and where among them each line starts.
fn squeezed(text: &str) -> (Vec<u16>, Vec<usize>) {
    let (mut units, mut starts) = (Vec::with_capacity(text.len()), vec![0]);
    let mut after_return = false;
    for unit in text.encode_utf16() {
        let is_newline = unit == u16::from(b'\n');
        if is_newline && after_return {
            after_return = false;
            continue;
        }
        after_return = unit == u16::from(b'\r');
        if is_newline || after_return {
            units.push(u16::from(b'\n'));
            starts.push(units.len());
        } else if unit != u16::from(b' ') && unit != u16::from(b'\t') {
            units.push(unit);
        }
    }
    units.push(END);
    (units, starts)
}

/// The hash of a window that moves to the right.
struct Rolling<'a> {
    units: &'a [u16],
    start: usize,
    hash: u64,
    /// 37^100: what a unit weighs once it has left.
    leaving: u64,
}

impl<'a> Rolling<'a> {
    fn new(units: &'a [u16]) -> Self {
        let mut rolling = Self { units, start: 0, hash: 0, leaving: 1 };
        for place in 0..WINDOW {
            rolling.hash = rolling.hash.wrapping_mul(BASE).wrapping_add(rolling.unit(place));
            rolling.leaving = rolling.leaving.wrapping_mul(BASE);
        }
        rolling
    }

    fn unit(&self, place: usize) -> u64 {
        self.units.get(place).map_or(0, |unit| u64::from(*unit))
    }

    /// The hash from `start` on, which is not before the last one asked for.
    fn at(&mut self, start: usize) -> u64 {
        while self.start < start {
            let gone = self.unit(self.start).wrapping_mul(self.leaving);
            let come = self.unit(self.start.saturating_add(WINDOW));
            self.hash = self.hash.wrapping_mul(BASE).wrapping_add(come).wrapping_sub(gone);
            self.start = self.start.saturating_add(1);
        }
        self.hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Case {
        text: String,
        hashes: Vec<String>,
    }

    #[test]
    fn known_hashes() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../testdata/sarif/line_hashes.json")).unwrap();
        assert!(cases.len() >= 20);
        for case in cases {
            assert_eq!(line_hashes(&case.text), case.hashes, "{:?}", case.text);
        }
    }

    /// The definition, slowly.
    #[test]
    fn rolling_equals_the_sum() {
        let text = "x = 1\r\ny = 2\n".repeat(20);
        let (units, starts) = squeezed(&text);
        for (start, hash) in starts.iter().zip(line_hashes(&text)) {
            let mut slow = 0u64;
            for place in *start..start + WINDOW {
                slow = slow.wrapping_mul(BASE).wrapping_add(units.get(place).map_or(0, |u| u64::from(*u)));
            }
            assert!(hash.starts_with(&format!("{slow:x}:")));
        }
    }
}
