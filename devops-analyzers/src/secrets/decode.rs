//! Texts with their encoded parts decoded, and the way back to where these parts stand.

use std::ops::Range;

/// Encoded parts shorter than this are left alone.
const MIN_BASE64: usize = 16;
const MIN_HEX: usize = 32;

/// A text in which encoded parts are decoded.
pub(super) struct Decoded {
    pub(super) text: Vec<u8>,
    pieces: Vec<Piece>,
}

/// A part of the decoded text and where it stands in the original one.
struct Piece {
    decoded: Range<usize>,
    original: Range<usize>,
    /// Whether the two differ.
    encoded: bool,
    /// Whether it was decoded in the last step.
    fresh: bool,
}

impl Decoded {
    /// The text as it is.
    pub(super) fn plain(text: &[u8]) -> Self {
        let whole = 0..text.len();
        let piece = Piece { decoded: whole.clone(), original: whole, encoded: false, fresh: false };
        Self { text: text.to_vec(), pieces: vec![piece] }
    }

    /// The text with encoded parts decoded once more; `None` where there are none.
    pub(super) fn step(&self) -> Option<Self> {
        let mut next = Self { text: Vec::with_capacity(self.text.len()), pieces: Vec::new() };
        let mut at = 0;
        let mut copied = 0;
        while at < self.text.len() {
            let Some((length, plain)) = encoded_at(&self.text, at) else {
                at = at.saturating_add(1);
                continue;
            };
            let end = at.saturating_add(length);
            if let Some(plain) = plain {
                next.copy(self, copied..at);
                next.insert(&plain, self.original(&(at..end)));
                copied = end;
            }
            at = end;
        }
        if !next.pieces.iter().any(|p| p.fresh) {
            return None;
        }
        next.copy(self, copied..self.text.len());
        Some(next)
    }

    /// Where a part of this text stands in the original.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.piece_at(range.start).map_or(0, |p| match p.encoded {
            true => p.original.start,
            false => p.original.start.saturating_add(range.start.saturating_sub(p.decoded.start)),
        });
        if range.is_empty() {
            return start..start;
        }
        let end = self.piece_at(range.end.saturating_sub(1)).map_or(start, |p| match p.encoded {
            true => p.original.end,
            false => p.original.start.saturating_add(range.end.saturating_sub(p.decoded.start)),
        });
        start..end
    }

    /// Whether a part of this text overlaps what was decoded in the last step.
    pub(super) fn is_fresh(&self, range: &Range<usize>) -> bool {
        self.pieces.iter().any(|p| p.fresh && p.decoded.start < range.end && range.start < p.decoded.end)
    }

    fn piece_at(&self, at: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|p| p.decoded.end <= at);
        self.pieces.get(index).or(self.pieces.last())
    }

    /// Takes a part of `from` as it is.
    fn copy(&mut self, from: &Self, range: Range<usize>) {
        let first = from.pieces.partition_point(|p| p.decoded.end <= range.start);
        for piece in from.pieces.iter().skip(first).take_while(|p| p.decoded.start < range.end) {
            let part = piece.decoded.start.max(range.start)..piece.decoded.end.min(range.end);
            let start = self.text.len();
            self.text.extend_from_slice(from.text.get(part.clone()).unwrap_or_default());
            let decoded = start..self.text.len();
            let original = from.original(&part);
            self.pieces.push(Piece { decoded, original, encoded: piece.encoded, fresh: false });
        }
    }

    fn insert(&mut self, plain: &[u8], original: Range<usize>) {
        let start = self.text.len();
        self.text.extend_from_slice(plain);
        self.pieces.push(Piece { decoded: start..self.text.len(), original, encoded: true, fresh: true });
    }
}

/// The encoded part that begins at `at`: its length, and what it says where that is text. A part that says
/// nothing is passed over as a whole.
fn encoded_at(text: &[u8], at: usize) -> Option<(usize, Option<Vec<u8>>)> {
    let rest = text.get(at..)?;
    if rest.first() == Some(&b'%') {
        return percent(rest);
    }
    let length = rest.iter().take_while(|b| is_base64(**b)).count();
    if length == 0 {
        return None;
    }
    let run = rest.get(..length)?;
    if length >= MIN_HEX && run.iter().all(u8::is_ascii_hexdigit) {
        return Some((length, hex(run).filter(|plain| is_text(plain))));
    }
    if length < MIN_BASE64 {
        return Some((length, None));
    }
    let padding = rest.get(length..)?.iter().take(3).take_while(|b| **b == b'=').count();
    Some((length.saturating_add(padding), base64(run).filter(|plain| is_text(plain))))
}

/// `%41%42…`.
fn percent(rest: &[u8]) -> Option<(usize, Option<Vec<u8>>)> {
    let mut plain = Vec::new();
    for triple in rest.chunks_exact(3) {
        let [b'%', high, low] = triple else { break };
        let Some(byte) = hex(&[*high, *low]) else { break };
        plain.extend(byte);
    }
    let length = plain.len().saturating_mul(3);
    if length == 0 { None } else { Some((length, Some(plain).filter(|plain| is_text(plain)))) }
}

fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    pairs
        .iter()
        .map(|[high, low]| {
            let high = char::from(*high).to_digit(16)?;
            let low = char::from(*low).to_digit(16)?;
            u8::try_from(high.checked_mul(16)?.checked_add(low)?).ok()
        })
        .collect()
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The standard and the URL alphabet alike; padding is not needed.
fn base64(digits: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(digits.len());
    for quad in digits.chunks(4) {
        let mut bits: u32 = 0;
        for digit in quad {
            bits = (bits << 6) | base64_value(*digit)?;
        }
        let missing = 4_usize.saturating_sub(quad.len());
        if missing == 3 {
            return None;
        }
        bits <<= missing.saturating_mul(6);
        let bytes = bits.to_be_bytes();
        plain.extend(bytes.iter().skip(1).take(3_usize.saturating_sub(missing)));
    }
    Some(plain)
}

fn base64_value(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit.checked_sub(b'A'),
        b'a'..=b'z' => digit.checked_sub(b'a')?.checked_add(26),
        b'0'..=b'9' => digit.checked_sub(b'0')?.checked_add(52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    value.map(u32::from)
}

/// Only what reads as text is taken for encoded: words of 16 letters are base64 of noise.
fn is_text(plain: &[u8]) -> bool {
    !plain.is_empty() && plain.iter().all(|b| matches!(b, b'\t' | b'\n' | b'\r' | b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_three_encodings() {
        let text = b"a=aGVsbG8gd29ybGQhIQ== b=68656c6c6f20776f726c64212121212121 c=%68%69!";
        let decoded = Decoded::plain(text).step().unwrap();
        assert_eq!(String::from_utf8_lossy(&decoded.text), "a=hello world!! b=hello world!!!!!! c=hi!");
        let at = |part: &str| {
            let start = decoded.text.windows(part.len()).position(|w| w == part.as_bytes()).unwrap();
            decoded.original(&(start..start + part.len()))
        };
        assert_eq!(&text[at("world!! b")], b"aGVsbG8gd29ybGQhIQ== b");
        assert_eq!(&text[at("c=hi!")], b"c=%68%69!");
        assert!(decoded.step().is_none());
    }

    #[test]
    fn encodings_within_encodings() {
        // "token-123456789012" in base64, in base64.
        let text = b"x ZEc5clpXNHRNVEl6TkRVMk56ZzVNREV5 y";
        let once = Decoded::plain(text).step().unwrap();
        let twice = once.step().unwrap();
        assert_eq!(twice.text, b"x token-123456789012 y");
        assert_eq!(twice.original(&(2..20)), 2..34);
        assert!(twice.is_fresh(&(0..3)) && !twice.is_fresh(&(0..2)));
    }

    #[test]
    fn noise_is_left_alone() {
        for text in [&b"getElementByIdentifier"[..], b"100% of %zz", b"deadbeefdeadbeefdeadbeefdeadbeef", b""]
        {
            assert!(Decoded::plain(text).step().is_none(), "{}", String::from_utf8_lossy(text));
        }
    }

    proptest! {
        #[test]
        fn any_bytes(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut decoded = Some(Decoded::plain(&text));
            for _ in 0..4 {
                let Some(now) = decoded else { break };
                for start in 0..now.text.len() {
                    let range = now.original(&(start..now.text.len()));
                    prop_assert!(range.start <= range.end && range.end <= text.len());
                }
                decoded = now.step();
            }
        }

        #[test]
        fn percent_is_undone(plain in "[ -~]{1,40}") {
            let coded: String = plain.bytes().map(|b| format!("%{b:02X}")).collect();
            prop_assert_eq!(Decoded::plain(coded.as_bytes()).step().unwrap().text, plain.as_bytes());
        }
    }
}
