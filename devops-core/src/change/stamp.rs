//! The dates behind the names of a plain `diff -u`, which tell new and deleted files from changed ones.

/// What the part behind a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// The start of 1970: how `diff -N` and bzr write that there is no such file.
    Epoch,
    /// A date: the file was there.
    Date,
    /// Nothing, or something else, such as svn's `(revision 0)`.
    Unknown,
}

/// Reads `1970-01-01 01:00:00.000000000 +0100` and the form of hg, `Thu Jan 01 00:00:00 1970 +0000`.
pub(super) fn read_stamp(text: &[u8]) -> Stamp {
    if text == b"Thu Jan 01 00:00:00 1970 +0000" {
        return Stamp::Epoch;
    }
    let Some((date, hour, minute, rest)) = date_and_time(text) else {
        let ctime = text.len() >= 24 && text.get(13) == Some(&b':') && text.get(16) == Some(&b':');
        return if ctime { Stamp::Date } else { Stamp::Unknown };
    };
    let (clock, zone) = rest
        .iter()
        .position(|b| *b == b' ')
        .map_or((rest, &[][..]), |at| rest.split_at_checked(at).unwrap_or((rest, &[])));
    let on_the_minute = clock.iter().all(|b| matches!(b, b':' | b'0' | b'.'));
    // Minutes since the epoch by the local clock must be the zone's offset.
    let local = match date {
        b"1970-01-01" => Some(hour.saturating_mul(60).saturating_add(minute)),
        b"1969-12-31" => Some(hour.saturating_mul(60).saturating_add(minute).saturating_sub(24 * 60)),
        _ => None,
    };
    let offset = if zone.is_empty() { Some(0) } else { zone_minutes(zone.trim_ascii()) };
    if on_the_minute && local.is_some() && local == offset { Stamp::Epoch } else { Stamp::Date }
}

type DateAndTime<'a> = (&'a [u8], i32, i32, &'a [u8]);

fn date_and_time(text: &[u8]) -> Option<DateAndTime<'_>> {
    let (date, rest) = text.split_at_checked(10)?;
    let shape = |bytes: &[u8], form: &[u8]| {
        bytes.len() == form.len()
            && bytes.iter().zip(form).all(|(b, f)| if *f == b'0' { b.is_ascii_digit() } else { b == f })
    };
    let (time, rest) = rest.split_at_checked(6)?;
    if !shape(date, b"0000-00-00") || !shape(time, b" 00:00") {
        return None;
    }
    Some((date, two_digits(time.get(1..3)?)?, two_digits(time.get(4..6)?)?, rest))
}

fn two_digits(digits: &[u8]) -> Option<i32> {
    core::str::from_utf8(digits).ok()?.parse().ok()
}

/// `+0100` or `+01:00` in minutes.
fn zone_minutes(zone: &[u8]) -> Option<i32> {
    let (sign, digits) = zone.split_first()?;
    let hours = two_digits(digits.get(..2)?)?;
    let minutes = digits.get(2..)?;
    let minutes = two_digits(minutes.strip_prefix(b":").unwrap_or(minutes))?;
    let offset = hours.saturating_mul(60).saturating_add(minutes);
    match sign {
        b'+' => Some(offset),
        b'-' => Some(offset.saturating_neg()),
        _ => None,
    }
}

/// Parts a name from a date where only a blank stands between them.
pub(super) fn plain_name(text: &[u8]) -> (&[u8], &[u8]) {
    // The date is at most `2009-10-11 15:12:20.000000000 +0000` long.
    for at in memchr::memrchr_iter(b' ', text).take(3) {
        if let Some((name, stamp)) = text.split_at_checked(at)
            && date_and_time(stamp.trim_ascii_start()).is_some()
        {
            return (name.trim_ascii_end(), stamp);
        }
    }
    (text, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_in_any_zone() {
        for epoch in [
            &b"1970-01-01 00:00:00 +0000"[..],
            b"1970-01-01 01:00:00.000000000 +0100",
            b"1969-12-31 16:00:00 -0800",
            b"1970-01-01 05:30:00 +05:30",
            b"Thu Jan 01 00:00:00 1970 +0000",
        ] {
            assert_eq!(read_stamp(epoch), Stamp::Epoch);
        }
        for date in [
            &b"1970-01-01 00:00:00 +0100"[..],
            b"1970-01-01 00:00:01 +0000",
            b"2025-03-26 12:42:27.672906377 +0000",
            b"Mon Mar 03 10:00:00 2025 +0000",
        ] {
            assert_eq!(read_stamp(date), Stamp::Date);
        }
        for other in [&b""[..], b"(revision 0)", b"(working copy)", b"''timestamp''", b"1970-01-01"] {
            assert_eq!(read_stamp(other), Stamp::Unknown);
        }
    }

    #[test]
    fn dates_behind_blanks() {
        assert_eq!(plain_name(b"a b 2009-10-11 15:12:20.000 +0000").0, b"a b");
        assert_eq!(plain_name(b"a b 2009-10-11").0, b"a b 2009-10-11");
        assert_eq!(plain_name(b"").0, b"");
    }
}
