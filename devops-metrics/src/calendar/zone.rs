//! Time zones.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use devops_core::{Timestamp, excerpt};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

use super::{CalendarError, ClockTime, Date};

/// A time zone: a name of the IANA database (as bundled, no file is read), or a fixed offset.
///
/// ```
/// use devops_metrics::calendar::Zone;
///
/// let zone = Zone::new("Australia/Lord_Howe")?;
/// assert_eq!(zone.offset_minutes("2026-01-01T00:00:00Z".parse()?), 660);
/// assert_eq!(zone.offset_minutes("2026-07-01T00:00:00Z".parse()?), 630);
/// assert_eq!(Zone::new("+05:30")?.to_string(), "+05:30");
/// assert!(Zone::new("Atlantis/Poseidonis").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: Arc<str>,
    rules: TimeZone,
}

impl Zone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: Arc::from("UTC"), rules: TimeZone::UTC }
    }

    /// The zone of that name, in any case of letters, or of that offset (`+05:30`, `-03:00`, `Z`).
    ///
    /// # Errors
    ///
    /// [`CalendarError::UnknownZone`].
    ///
    /// ```
    /// use devops_metrics::calendar::Zone;
    /// assert_eq!(Zone::new("europe/berlin")?.name(), "Europe/Berlin");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(name: &str) -> Result<Self, CalendarError> {
        let unknown = || CalendarError::UnknownZone { value: excerpt(name) };
        if name.eq_ignore_ascii_case("utc") || name.eq_ignore_ascii_case("z") {
            return Ok(Self::utc());
        }
        if name.starts_with(['+', '-']) {
            let seconds = fixed_offset(name).ok_or_else(unknown)?;
            let offset = Offset::from_seconds(seconds).map_err(|_| unknown())?;
            return Ok(Self { name: Arc::from(name), rules: TimeZone::fixed(offset) });
        }
        let rules = TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
        let canonical = rules.iana_name().filter(|_| !rules.is_unknown()).ok_or_else(unknown)?;
        Ok(Self { name: Arc::from(canonical), rules })
    }

    /// The name, as the database spells it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Minutes east of UTC at an instant, seconds of old local mean times cut off.
    ///
    /// ```
    /// use devops_metrics::calendar::Zone;
    /// assert_eq!(Zone::new("Asia/Kolkata")?.offset_minutes("2026-01-01T00:00:00Z".parse()?), 330);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn offset_minutes(&self, at: Timestamp) -> i32 {
        self.rules.to_offset(instant(at)).seconds() / 60
    }

    /// The local date of an instant.
    pub(super) fn date_of(&self, at: Timestamp) -> Date {
        if at.as_millis() > jiff::Timestamp::MAX.as_millisecond() {
            let week_before = at.checked_add_millis(WEEK.saturating_neg()).unwrap_or(Timestamp::EPOCH);
            // East of Greenwich the year 9999 ends in the year after.
            let there = self.date_of(week_before).plus_days(7);
            return there.unwrap_or(Date::from_civil(jiff::civil::Date::MAX));
        }
        let date = self.rules.to_datetime(instant(at)).date();
        // West of Greenwich the year 0000 begins in the year before.
        Date::from_civil(date.max(jiff::civil::date(0, 1, 1)))
    }

    /// The first instant at which the local clock shows that day and time or later.
    pub(super) fn first_instant(&self, date: Date, time: ClockTime) -> Result<Timestamp, CalendarError> {
        let (date, time) =
            if time == ClockTime::END { (date.next()?, ClockTime::MIDNIGHT) } else { (date, time) };
        if date.civil() > jiff::civil::date(9999, 12, 28) {
            let week_before = self.first_instant(date.plus_days(-7)?, time)?;
            return Ok(Timestamp::from_millis(week_before.as_millis().saturating_add(WEEK))?);
        }
        let hour = i8::try_from(time.hour()).unwrap_or(0);
        let minute = i8::try_from(time.minute()).unwrap_or(0);
        let shown = date.civil().at(hour, minute, 0, 0);
        let ambiguous = self.rules.to_ambiguous_timestamp(shown);
        let found = match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => ambiguous.earlier().ok().and_then(|before| {
                self.rules
                    .following(before)
                    .map(|t| t.timestamp())
                    .find(|t| self.rules.to_datetime(*t) >= shown)
            }),
            _ => ambiguous.earlier().ok(),
        };
        // What the zone rules cannot express lies past the ends of our years, and is refused as such.
        let millis = found.map_or(i64::MAX, jiff::Timestamp::as_millisecond);
        Ok(Timestamp::from_millis(millis)?)
    }
}

/// The zone rules end 26 hours before our instants; no clock jumps in the last week of the year 9999.
const WEEK: i64 = 7 * 86_400_000;

/// Of instants after the end of the zone rules the last one.
fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::MAX)
}

/// Seconds of `+05:30`.
fn fixed_offset(text: &str) -> Option<i32> {
    let time: ClockTime = text.get(1..)?.parse().ok()?;
    let seconds = i32::from(time.minutes()).checked_mul(60)?;
    Some(if text.starts_with('-') { seconds.saturating_neg() } else { seconds })
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl FromStr for Zone {
    type Err = CalendarError;

    fn from_str(name: &str) -> Result<Self, CalendarError> {
        Self::new(name)
    }
}

impl TryFrom<String> for Zone {
    type Error = CalendarError;

    fn try_from(name: String) -> Result<Self, CalendarError> {
        Self::new(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name.to_string()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_zones_are_refused() {
        for bad in [
            "",
            " ",
            "Europe",
            "Europe/Berlin ",
            "../etc/passwd",
            "CET\n",
            "+5:30",
            "+05:60",
            "+27:00",
            "+",
            "Etc/Unknown",
        ] {
            assert!(matches!(Zone::new(bad), Err(CalendarError::UnknownZone { .. })), "{bad:?}");
        }
        let long = Zone::new(&"x".repeat(1_000_000)).unwrap_err().to_string();
        assert!(long.len() < 250);
    }

    #[test]
    fn names_are_zones_in_json() {
        for name in ["UTC", "Europe/Berlin", "+05:30", "-03:00"] {
            let zone = Zone::new(name).unwrap();
            let json = serde_json::to_string(&zone).unwrap();
            assert_eq!(json, std::format!("\"{name}\""));
            assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
        }
        assert!(serde_json::from_str::<Zone>("\"Mars\"").is_err());
    }

    #[test]
    fn the_ends_of_time_have_a_date() {
        for name in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "-23:59", "+23:59"] {
            let zone = Zone::new(name).unwrap();
            assert_eq!(zone.date_of(Timestamp::MIN).year(), 0, "{name}");
            assert_eq!(zone.date_of(Timestamp::MAX).year(), 9999, "{name}");
        }
    }
}
