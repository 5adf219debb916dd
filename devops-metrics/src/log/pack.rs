//! Events as bytes: the one form in which a log keeps them.
//!
//! A packed event is its kind, its id, a mask of the fields that are there, and those fields in order. Equal events
//! have equal bytes, whatever order their lists came in.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use devops_core::Timestamp;

use crate::event::EventKind;
use crate::event::record::{Code, List, Record, Text, Time, bits};

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_time(out: &mut Vec<u8>, time: Timestamp) {
    // Zigzag: small numbers of either sign stay short.
    let millis = time.as_millis();
    put_number(out, ((millis << 1) ^ (millis >> 63)).cast_unsigned());
}

/// Appends the packed form of a settled record.
pub(super) fn pack(record: &Record<'_>, out: &mut Vec<u8>) {
    out.push(record.kind.code());
    put_text(out, &record.id);
    let mask = record.mask();
    put_number(out, mask);
    for place in bits(mask) {
        if let Some(time) = Time::of_bit(place).and_then(|field| record.time(field)) {
            put_time(out, time);
        } else if let Some(text) = Text::of_bit(place).and_then(|field| record.text(field)) {
            put_text(out, text);
        } else if let Some(code) = Code::of_bit(place).and_then(|field| record.code(field)) {
            out.push(code);
        } else if let Some(list) = List::of_bit(place).map(|field| record.list(field)) {
            put_number(out, list.len() as u64);
            list.iter().for_each(|text| put_text(out, text));
        } else {
            put_number(out, record.parts.len() as u64);
            record.parts.iter().for_each(|time| put_time(out, *time));
        }
    }
}

/// Packed bytes, read from the front. All of them were written by [`pack`]; what cannot be read is empty.
#[derive(Debug, Clone)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    #[inline]
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    #[inline]
    fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0_u64, 0_u32);
        loop {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f).wrapping_shl(shift);
            shift = shift.saturating_add(7);
            if byte < 0x80 || shift > 63 {
                return number;
            }
        }
    }

    #[inline]
    fn text(&mut self) -> &'a [u8] {
        let length = usize::try_from(self.number()).unwrap_or(usize::MAX);
        let Some((head, rest)) = self.0.split_at_checked(length) else { return &[] };
        self.0 = rest;
        head
    }

    #[inline]
    fn millis(&mut self) -> i64 {
        let number = self.number();
        (number >> 1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg()
    }
}

/// A field of a packed event. Texts are the bytes of UTF-8, instants milliseconds.
pub(crate) enum Field<'a> {
    Time(Time, i64),
    Text(Text, &'a [u8]),
    Code(Code, u8),
    /// One text of a list.
    Item(List, &'a [u8]),
    Part(i64),
}

/// A packed event, read as far as it is asked.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    pub(crate) kind: EventKind,
    pub(crate) id: &'a [u8],
    /// The bits of the fields that are there.
    mask: u64,
    rest: Reader<'a>,
}

impl<'a> View<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let mut rest = Reader(bytes.get(1..).unwrap_or(&[]));
        let id = rest.text();
        let mask = rest.number();
        Self { kind: kind_of(bytes), id, mask, rest }
    }

    /// The fields in order; of lists each text.
    pub(crate) fn fields(self) -> Fields<'a> {
        Fields { reader: self.rest, mask: self.mask, list: None, left: 0 }
    }
}

/// The fields of a packed event.
pub(crate) struct Fields<'a> {
    reader: Reader<'a>,
    /// Those to come.
    mask: u64,
    /// The list at hand, `None` for the ends of parts, and how much of it is to come.
    list: Option<List>,
    left: u64,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    #[inline]
    fn next(&mut self) -> Option<Field<'a>> {
        loop {
            if self.left > 0 {
                self.left = self.left.saturating_sub(1);
                return Some(match self.list {
                    Some(list) => Field::Item(list, self.reader.text()),
                    None => Field::Part(self.reader.millis()),
                });
            }
            if self.mask == 0 {
                return None;
            }
            let bit = self.mask.trailing_zeros();
            self.mask &= self.mask.wrapping_sub(1);
            if let Some(field) = Time::of_bit(bit) {
                return Some(Field::Time(field, self.reader.millis()));
            }
            if let Some(field) = Text::of_bit(bit) {
                return Some(Field::Text(field, self.reader.text()));
            }
            if let Some(field) = Code::of_bit(bit) {
                return Some(Field::Code(field, self.reader.byte()));
            }
            // No list is longer than its bytes: what is broken ends with them.
            (self.list, self.left) =
                (List::of_bit(bit), self.reader.number().min(self.reader.0.len() as u64));
        }
    }
}

/// The kind of a packed event.
pub(super) fn kind_of(bytes: &[u8]) -> EventKind {
    bytes.first().and_then(|code| EventKind::of_code(*code)).unwrap_or(EventKind::Retraction)
}

/// The id of a packed event, as bytes.
pub(super) fn id_of(bytes: &[u8]) -> &[u8] {
    Reader(bytes.get(1..).unwrap_or(&[])).text()
}

/// Reads a packed event.
pub(super) fn unpack(bytes: &[u8]) -> Record<'_> {
    let view = View::of(bytes);
    let mut record = Record::new(view.kind, Cow::Borrowed(text(view.id)));
    for field in view.fields() {
        match field {
            Field::Time(field, millis) => record.set_time(field, Timestamp::from_millis(millis).ok()),
            Field::Text(field, bytes) => record.set_text(field, Some(Cow::Borrowed(text(bytes)))),
            Field::Code(field, code) => record.set_code(field, Some(code)),
            Field::Item(field, bytes) => record.add_to_list(field, Cow::Borrowed(text(bytes))),
            Field::Part(millis) => record.parts.extend(Timestamp::from_millis(millis)),
        }
    }
    record
}

/// A packed text; it was written from one.
fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    #[test]
    fn packing_loses_nothing_and_forgets_the_order_of_lists() {
        let lines: &[&[u8]] = &[
            br#"{"type":"change","id":"c1","services":["web","api"],"deployments":["d2","d1"],"authored_at":"0000-01-01T00:00:00Z","committed_at":"9999-12-31T23:59:59.999Z","unit":"pull_request","bot":true}"#,
            br#"{"type":"deployment","id":"d1","service":"api","finished_at":"2026-03-02T10:00:00Z","parts_finished_at":["2026-03-02T10:00:00Z","2026-03-02T09:30:00Z"],"environment":"prod-eu","tier":"staging","outcome":"failed","kind":"normal","changes":["c1"]}"#,
            br#"{"type":"retraction","id":"d1"}"#,
        ];
        for line in lines {
            let event = Event::from_json(line).unwrap();
            let record = event.record().settle().unwrap();
            let mut bytes = Vec::new();
            pack(&record, &mut bytes);
            assert_eq!(unpack(&bytes), record);
            assert_eq!((kind_of(&bytes), id_of(&bytes)), (event.kind(), event.id().as_str().as_bytes()));
            let mut again = Vec::new();
            pack(&unpack(&bytes), &mut again);
            assert_eq!(again, bytes);
        }
        let [a, b] = [r#"["web","api"]"#, r#"["api","web"]"#].map(|list| {
            let line = alloc::format!(r#"{{"type":"change","id":"c1","services":{list}}}"#);
            let mut bytes = Vec::new();
            pack(&Event::from_json(line.as_bytes()).unwrap().record().settle().unwrap(), &mut bytes);
            bytes
        });
        assert_eq!(a, b);
    }

    #[test]
    fn a_small_event_is_small() {
        let line = br#"{"type":"change","id":"c1234567","service":"s1999","committed_at":"2026-03-02T10:00:00Z","deployments":["d123456"]}"#;
        let mut bytes = Vec::new();
        pack(&Event::from_json(line).unwrap().record().settle().unwrap(), &mut bytes);
        assert_eq!(bytes.len(), 37);
    }

    #[test]
    fn broken_bytes_do_not_panic() {
        for bytes in
            [&b""[..], b"\x00\xff", b"\x01\x05ab", b"\x09\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"]
        {
            let _ = (unpack(bytes), id_of(bytes));
        }
    }
}
