//! Working days: Monday to Friday without the bank holidays of the place. The holidays are data.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A jurisdiction's working days.
#[derive(Debug, Clone)]
pub struct WorkingCalendar {
    zone: TimeZone,
    holidays: BTreeSet<Date>,
}

impl WorkingCalendar {
    pub fn new(zone: TimeZone, holidays: impl IntoIterator<Item = Date>) -> Self {
        Self { zone, holidays: holidays.into_iter().collect() }
    }

    pub fn is_working(&self, date: Date) -> bool {
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.holidays.contains(&date)
    }

    /// The end of the working day (17:00 local) that lies `days` working days after `from`.
    pub fn after(&self, from: Timestamp, days: u16) -> Timestamp {
        let mut date = from.to_zoned(self.zone.clone()).date();
        let mut left = days;
        while left > 0 {
            let Ok(next) = date.checked_add(1.day()) else { return Timestamp::MAX };
            date = next;
            left -= u16::from(self.is_working(date));
        }
        date.to_datetime(time(17, 0, 0, 0))
            .to_zoned(self.zone.clone())
            .map_or(Timestamp::MAX, |at| at.timestamp())
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn england() -> WorkingCalendar {
        let zone = TimeZone::get("Europe/London").expect("zone");
        WorkingCalendar::new(zone, [date(2026, 12, 25), date(2026, 12, 28)])
    }

    #[test]
    fn weekends_and_bank_holidays_do_not_count() {
        let thursday = "2026-12-24T09:00:00Z".parse().expect("instant");
        assert_eq!(england().after(thursday, 1).to_string(), "2026-12-29T17:00:00Z");
    }

    #[test]
    fn five_o_clock_is_local_also_in_summer() {
        let friday = "2026-03-27T09:00:00Z".parse().expect("instant");
        assert_eq!(england().after(friday, 1).to_string(), "2026-03-30T16:00:00Z");
    }
}
