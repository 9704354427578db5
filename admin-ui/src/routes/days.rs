//! From a day somebody typed to the instant the schema wants: the end of a working day, where the network is. Calendar
//! arithmetic is jiff's.
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const ZONE: &str = "Europe/London";
const EVENING: i8 = 17;

/// Five in the afternoon of that day.
pub fn end_of_day(day: Date) -> Option<Timestamp> {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    Some(day.at(EVENING, 0, 0, 0).to_zoned(zone).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_oclock_is_local_in_summer_too() {
        let at = |day: Date| end_of_day(day).unwrap().to_string();
        assert_eq!(at(jiff::civil::date(2026, 7, 1)), "2026-07-01T16:00:00Z");
        assert_eq!(at(jiff::civil::date(2026, 12, 1)), "2026-12-01T17:00:00Z");
    }
}
