//! Reads lines that are written plainly, as programs write them: known fields, each once, with texts of ASCII without
//! escapes. Any other line goes through the general reader, and so does every mistake.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use devops_core::Timestamp;

use super::json::{Key, code_of, is_flag, read_record};
use super::record::{List, Record, has_one_service};
use super::{EventError, EventKind};

/// The lines of a text that are not empty, each with its number.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut rest = Some(text);
    let all = core::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = memchr::memchr(b'\n', text) else {
            rest = None;
            return Some(text);
        };
        rest = text.get(end.saturating_add(1)..);
        text.get(..end)
    });
    let numbered = (1_usize..).zip(all.map(<[u8]>::trim_ascii));
    numbered.filter(|(_, line)| !line.is_empty())
}

/// Reads one line after the other; its memory serves all of them.
pub(crate) struct LineReader<'t> {
    record: Record<'t>,
    /// The fields of the line before, with quotes and colon: most lines have the same ones.
    expected: Vec<(&'t str, Key)>,
}

impl<'t> LineReader<'t> {
    pub(crate) const fn new() -> Self {
        Self { record: Record::new(EventKind::Retraction, Cow::Borrowed("")), expected: Vec::new() }
    }

    /// The record of a line in its one form, and its arrival time.
    pub(crate) fn read(&mut self, line: &'t [u8]) -> Result<(&Record<'t>, Option<Timestamp>), EventError> {
        let arrived_at = if let Some(arrived_at) = self.read_plain(line) {
            self.record.settle_in_place()?;
            arrived_at
        } else {
            let (record, arrived_at) = read_record(line)?;
            self.record = record;
            arrived_at
        };
        Ok((&self.record, arrived_at))
    }

    /// Reads a line if it is a plain one, into a record that is not settled yet.
    fn read_plain(&mut self, line: &'t [u8]) -> Option<Option<Timestamp>> {
        self.record.reset();
        if !is_plain(line) {
            return None;
        }
        let mut scanner = Scanner { text: core::str::from_utf8(line).ok()?, at: 0 };
        let (mut kind, mut id, mut arrived_at) = (None, None, None);
        scanner.expect(b'{')?;
        for place in 0_usize.. {
            match self.key(place, &mut scanner)? {
                Key::Type if kind.is_none() => kind = Some(scanner.text()?.parse().ok()?),
                Key::Id if id.is_none() => id = Some(scanner.text()?),
                Key::ArrivedAt if arrived_at.is_none() => arrived_at = Some(scanner.text()?.parse().ok()?),
                key => self.take(key, &mut scanner)?,
            }
            match scanner.next()? {
                b',' => {}
                b'}' => break,
                _ => return None,
            }
        }
        scanner.expect_end()?;
        self.record.kind = kind?;
        self.record.id = Cow::Borrowed(id?);
        let several = self.record.list(List::Services).len() > 1;
        (!(several && has_one_service(self.record.kind))).then_some(arrived_at)
    }

    /// The field at that place of a line.
    #[inline]
    fn key(&mut self, place: usize, scanner: &mut Scanner<'t>) -> Option<Key> {
        if let Some((known, key)) = self.expected.get(place)
            && scanner.rest().starts_with(known.as_bytes())
        {
            scanner.at = scanner.at.saturating_add(known.len());
            return Some(*key);
        }
        let start = scanner.at;
        let key = Key::of(scanner.text()?);
        scanner.expect(b':')?;
        self.expected.truncate(place);
        self.expected.push((scanner.text.get(start..scanner.at)?, key));
        Some(key)
    }

    fn take(&mut self, key: Key, scanner: &mut Scanner<'t>) -> Option<()> {
        let is_new = |bit: u64, record: &Record<'t>| (record.mask() & bit == 0).then_some(());
        match key {
            Key::Time(field) => {
                is_new(field.bit(), &self.record)?;
                self.record.set_time(field, Some(scanner.text()?.parse().ok()?));
            }
            Key::Text(field) => {
                is_new(field.bit(), &self.record)?;
                self.record.set_text(field, Some(Cow::Borrowed(scanner.text()?)));
            }
            Key::Service => {
                is_new(List::Services.bit(), &self.record)?;
                self.record.add_to_list(List::Services, Cow::Borrowed(scanner.text()?));
            }
            Key::List(field) => {
                is_new(field.bit(), &self.record)?;
                scanner.expect(b'[')?;
                loop {
                    self.record.add_to_list(field, Cow::Borrowed(scanner.text()?));
                    match scanner.next()? {
                        b',' => {}
                        b']' => break,
                        _ => return None,
                    }
                }
            }
            Key::Code(field) => {
                is_new(field.bit(), &self.record)?;
                let code = if is_flag(field) {
                    u8::from(scanner.flag()?)
                } else {
                    code_of(field, scanner.text()?).ok()?
                };
                self.record.set_code(field, Some(code));
            }
            Key::Type | Key::Id | Key::ArrivedAt | Key::Parts | Key::Unknown => return None,
        }
        Some(())
    }
}

/// A line, read from the front. Whatever is not plain ends the reading with `None`.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or(&[])
    }

    /// The next byte that is no space.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            self.at = self.at.saturating_add(1);
            if !matches!(byte, b' ' | b'\t' | b'\r') {
                return Some(byte);
            }
        }
    }

    #[inline]
    fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then_some(())
    }

    fn expect_end(&mut self) -> Option<()> {
        self.next().is_none().then_some(())
    }

    /// A text in quotes.
    #[inline]
    fn text(&mut self) -> Option<&'t str> {
        self.expect(b'"')?;
        let start = self.at;
        while let Some(chunk) = self.rest().first_chunk() {
            let quote = first_quote(u64::from_le_bytes(*chunk));
            self.at = self.at.saturating_add(quote);
            if quote < 8 {
                break;
            }
        }
        while *self.rest().first()? != b'"' {
            self.at = self.at.saturating_add(1);
        }
        let end = self.at;
        self.at = self.at.saturating_add(1);
        self.text.get(start..end)
    }

    fn flag(&mut self) -> Option<bool> {
        let first = self.next()?;
        let (rest, flag) = if first == b't' { (&b"rue"[..], true) } else { (&b"alse"[..], false) };
        if !(matches!(first, b't' | b'f') && self.rest().starts_with(rest)) {
            return None;
        }
        self.at = self.at.saturating_add(rest.len());
        Some(flag)
    }
}

/// Whether there are letters, digits, signs and spaces of ASCII alone, and no escapes.
fn is_plain(line: &[u8]) -> bool {
    // Without an end on the way, so that many bytes are looked at together.
    line.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~') & (*byte != b'\\'))
}

/// The place of the first quote among eight bytes; 8 where there is none.
const fn first_quote(word: u64) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let differs = word ^ ONES.wrapping_mul(b'"' as u64);
    // The high bit of each byte that is zero, and maybe of some after the first.
    let zero = differs.wrapping_sub(ONES) & !differs & HIGH;
    zero.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use alloc::vec;
    use proptest::prelude::*;

    fn both(line: &[u8]) -> bool {
        let mut reader = LineReader::new();
        let is_plain = reader.read_plain(line).is_some();
        let general = read_record(line);
        match (reader.read(line), general) {
            (Ok((record, arrived_at)), Ok((expected, at))) => {
                assert_eq!((record, arrived_at), (&expected, at));
            }
            (Err(error), Err(expected)) => assert_eq!(error, expected),
            (told, expected) => panic!("{told:?} and {expected:?} of {}", String::from_utf8_lossy(line)),
        }
        is_plain
    }

    const LINES: &[&str] = &[
        r#"{"type":"change","id":"c1","services":["api","web"],"deployments":["d1","d2"],"authored_at":"2026-03-01T09:00:00Z","committed_at":"2026-03-01T10:00:00+01:00","commit":"abc","reverts":"c0","unit":"pull_request","bot":true,"merge":false}"#,
        r#"{"type":"deployment","id":"d1","service":"api","changes":["c0"],"started_at":"2026-03-02T09:00:00Z","finished_at":"2026-03-02T10:00:00.250Z","environment":"prod-eu","tier":"staging","outcome":"failed","kind":"rollback","declared_failure":"pending"}"#,
        r#" { "type" : "incident" , "id" : "i1", "service":"api", "opened_at":"2026-03-02T10:20:00Z", "caused_by_deployment":"d1", "cause":"change", "recovery":"manual", "severity":"critical" } "#,
        r#"{"type":"uptime","id":"u1","service":"api","from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","up":false}"#,
        r#"{"type":"retraction","id":"i2","arrived_at":"2026-03-03T00:00:00Z"}"#,
    ];

    #[test]
    fn plain_lines_are_read_as_such() {
        for line in LINES {
            assert!(both(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn anything_else_is_left_to_the_general_reader() {
        for line in [
            "{}",
            "[]",
            "{",
            r#"{"type":"retraction","id":"a"}x"#,
            r#"{"type":"retraction","id":"a",}"#,
            r#"{"type":"retraction","id":"a","id":"b"}"#,
            r#"{"type":"retraction","id":"a\n"}"#,
            r#"{"type":"retraction","id":"ä"}"#,
            "{\"type\":\"retraction\",\"id\":\"a\u{7f}\"}",
            r#"{"type":"retraction","id":"a","note":1}"#,
            r#"{"type":"retraction","id":null}"#,
            r#"{"type":"change","id":"c","services":[]}"#,
            r#"{"type":"change","id":"c","service":"a","services":["b"]}"#,
            r#"{"type":"check","id":"c","services":["a","b"]}"#,
            r#"{"type":"change","id":"c","service":"a","bot":truely}"#,
            r#"{"type":"change","id":"c","service":"a","committed_at":"soon"}"#,
        ] {
            assert!(!both(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn the_first_quote_is_found() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut bytes = *b"abcdefgh";
                bytes[place] = byte;
                let expected = if byte == b'"' { place } else { 8 };
                assert_eq!(first_quote(u64::from_le_bytes(bytes)), expected, "{byte} at {place}");
                bytes[7] = b'"';
                let expected = if byte == b'"' { place } else { 7 };
                assert_eq!(first_quote(u64::from_le_bytes(bytes)), expected, "{byte} at {place}");
            }
        }
    }

    #[test]
    fn no_byte_but_a_plain_one_is_plain() {
        for byte in 0..=u8::MAX {
            let plain = (b' '..=b'~').contains(&byte) && byte != b'\\';
            for place in [0, 7, 30, 39] {
                let mut line = [b'a'; 40];
                line[place] = byte;
                assert_eq!(is_plain(&line), plain, "{byte} at {place}");
            }
        }
    }

    #[test]
    fn lines_are_those_of_a_split() {
        for text in ["", "\n", "a", "a\n", "\n\na\r\n b \n\nc"] {
            let split = text.split('\n').map(str::trim_ascii).enumerate();
            let expected: Vec<_> = split.filter(|(_, line)| !line.is_empty()).collect();
            let found: Vec<_> = lines(text.as_bytes()).map(|(number, line)| (number - 1, line)).collect();
            assert_eq!(
                found,
                expected.iter().map(|(i, l)| (*i, l.as_bytes())).collect::<Vec<_>>(),
                "{text:?}"
            );
        }
    }

    proptest! {
        /// Lines with bytes replaced, left out and doubled.
        #[test]
        fn both_readers_say_the_same(
            which in prop::sample::select(LINES),
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 0..4),
        ) {
            let mut line = which.as_bytes().to_vec();
            for (index, edit, byte) in edits {
                let at = index.index(line.len());
                let usual = *b"\",:{}[]\\ tfn0" .get(usize::from(byte) % 13).unwrap();
                match edit {
                    0 => line[at] = usual,
                    1 => drop(line.remove(at)),
                    2 => line.insert(at, usual),
                    _ => line[at] = byte,
                }
                if line.is_empty() {
                    line = vec![b'{'];
                }
            }
            both(&line);
        }
    }
}
