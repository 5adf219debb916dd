//! Events as bytes: the one form in which a log keeps them.
//!
//! A packed event is its kind, its id, a mask of the fields that are there, and those fields in order. Equal events
//! have equal bytes, whatever order their lists came in.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use devops_core::Timestamp;

use crate::event::EventKind;
use crate::event::record::{Code, List, PARTS_BIT, Record, Text, Time};

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
    let mut mask = if record.parts.is_empty() { 0 } else { PARTS_BIT };
    mask |= bits(Time::ALL.iter().filter(|f| record.time(**f).is_some()).map(|f| f.bit()));
    mask |= bits(Text::ALL.iter().filter(|f| record.text(**f).is_some()).map(|f| f.bit()));
    mask |= bits(Code::ALL.iter().filter(|f| record.code(**f).is_some()).map(|f| f.bit()));
    mask |= bits(List::ALL.iter().filter(|f| !record.list(**f).is_empty()).map(|f| f.bit()));
    put_number(out, mask);
    for field in Time::ALL {
        if let Some(time) = record.time(*field) {
            put_time(out, time);
        }
    }
    for field in Text::ALL {
        if let Some(text) = record.text(*field) {
            put_text(out, text);
        }
    }
    out.extend(Code::ALL.iter().filter_map(|field| record.code(*field)));
    for field in List::ALL {
        let list = record.list(*field);
        if !list.is_empty() {
            put_number(out, list.len() as u64);
            list.iter().for_each(|text| put_text(out, text));
        }
    }
    if !record.parts.is_empty() {
        put_number(out, record.parts.len() as u64);
        record.parts.iter().for_each(|time| put_time(out, *time));
    }
}

fn bits(masks: impl Iterator<Item = u64>) -> u64 {
    masks.fold(0, |all, bit| all | bit)
}

/// Packed bytes, read from the front. All of them were written by [`pack`]; what cannot be read is empty.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

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

    fn text(&mut self) -> &'a str {
        let length = usize::try_from(self.number()).unwrap_or(usize::MAX);
        let Some((head, rest)) = self.0.split_at_checked(length) else { return "" };
        self.0 = rest;
        core::str::from_utf8(head).unwrap_or("")
    }

    fn time(&mut self) -> Option<Timestamp> {
        let number = self.number();
        let millis = (number >> 1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg();
        Timestamp::from_millis(millis).ok()
    }
}

/// The kind of a packed event.
pub(super) fn kind_of(bytes: &[u8]) -> EventKind {
    bytes.first().and_then(|code| EventKind::of_code(*code)).unwrap_or(EventKind::Retraction)
}

/// The id of a packed event, as bytes.
pub(super) fn id_of(bytes: &[u8]) -> &[u8] {
    let mut reader = Reader(bytes.get(1..).unwrap_or(&[]));
    let length = usize::try_from(reader.number()).unwrap_or(usize::MAX);
    reader.0.get(..length).unwrap_or(&[])
}

/// Reads a packed event.
pub(super) fn unpack(bytes: &[u8]) -> Record<'_> {
    let mut reader = Reader(bytes.get(1..).unwrap_or(&[]));
    let mut record = Record::new(kind_of(bytes), Cow::Borrowed(reader.text()));
    let mask = reader.number();
    let there = |bit: u64| mask & bit != 0;
    for field in Time::ALL.iter().filter(|f| there(f.bit())) {
        record.set_time(*field, reader.time());
    }
    for field in Text::ALL.iter().filter(|f| there(f.bit())) {
        record.set_text(*field, Some(Cow::Borrowed(reader.text())));
    }
    for field in Code::ALL.iter().filter(|f| there(f.bit())) {
        record.set_code(*field, Some(reader.byte()));
    }
    for field in List::ALL.iter().filter(|f| there(f.bit())) {
        let length = reader.number();
        record.set_list(*field, (0..length).map(|_| Cow::Borrowed(reader.text())).collect());
    }
    if there(PARTS_BIT) {
        let length = reader.number();
        record.parts = (0..length).filter_map(|_| reader.time()).collect();
    }
    record
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
