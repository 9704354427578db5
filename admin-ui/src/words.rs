//! Owns how dates, spans and names are said: "6 November 2026", "2 days overdue", "12 days ago". One place, so that no two
//! screens disagree. Refuses to read a clock: the caller says what today is. Calendar arithmetic is jiff's.
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

use crate::parts::When;

const ZONE: &str = "Europe/London";

/// The local calendar day of an instant. Falls back to UTC where the zone data is missing.
pub fn local_day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)).date()
}

/// "6 November 2026"
pub fn date(day: Date) -> When {
    When { iso: day.to_string(), words: format!("{} {} {}", day.day(), month(day), day.year()) }
}

/// "6 Nov", with the year when it is another year than today's: for dense lists.
pub fn short_date(day: Date, today: Date) -> When {
    let month = month(day).chars().take(3).collect::<String>();
    let words = if day.year() == today.year() {
        format!("{} {month}", day.day())
    } else {
        format!("{} {month} {}", day.day(), day.year())
    };
    When { iso: day.to_string(), words }
}

/// "Friday 6 November"
pub fn weekday_date(day: Date) -> When {
    When { iso: day.to_string(), words: format!("{} {} {}", weekday(day), day.day(), month(day)) }
}

/// "6 November 2026, 2:30pm"
pub fn moment(at: Timestamp) -> When {
    let local = at.to_zoned(TimeZone::get(ZONE).unwrap_or(TimeZone::UTC));
    let (hour, half) = match local.hour() {
        0 => (12, "am"),
        h @ 1..=11 => (h, "am"),
        12 => (12, "pm"),
        h => (h - 12, "pm"),
    };
    let time = if local.minute() == 0 {
        format!("{hour}{half}")
    } else {
        format!("{hour}:{:02}{half}", local.minute())
    };
    let day = local.date();
    When { iso: at.to_string(), words: format!("{} {} {}, {time}", day.day(), month(day), day.year()) }
}

/// "Due today", "2 days overdue", "Due in 3 days". Words, never a colour alone.
pub fn due(day: Date, today: Date) -> When {
    let words = match days_between(today, day) {
        0 => "Due today".to_owned(),
        1 => "Due tomorrow".to_owned(),
        n if n > 1 => format!("Due in {n} days"),
        n => format!("{} overdue", counted(n.unsigned_abs().into(), "day", "days")),
    };
    When { iso: day.to_string(), words }
}

pub fn is_late(day: Date, today: Date) -> bool {
    day < today
}

/// "Today", "Yesterday", "12 days ago"
pub fn ago(day: Date, today: Date) -> When {
    let words = match days_between(day, today) {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        n if n > 1 => format!("{n} days ago"),
        n => format!("In {}", counted(n.unsigned_abs().into(), "day", "days")),
    };
    When { iso: day.to_string(), words }
}

/// Whole years, as people say their age.
pub fn age(born: Date, today: Date) -> Option<i16> {
    let years = born.until((Unit::Year, today)).ok()?.get_years();
    (years >= 0).then_some(years)
}

/// "1 person", "3 people"
pub fn counted(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// NHS numbers are read aloud in threes: "999 000 0018".
pub fn nhs_number(digits: &str) -> String {
    match (digits.get(..3), digits.get(3..6), digits.get(6..)) {
        (Some(a), Some(b), Some(c)) if digits.len() == 10 => format!("{a} {b} {c}"),
        _ => digits.to_owned(),
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until((Unit::Day, to)).map_or(0, |span| span.get_days())
}

fn month(day: Date) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(day.month()).ok().and_then(|n| MONTHS.get(n.checked_sub(1)?)).copied().unwrap_or("")
}

fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn due_dates_are_said_in_words() {
        let today = day(2026, 11, 6);
        assert_eq!(due(today, today).words, "Due today");
        assert_eq!(due(day(2026, 11, 5), today).words, "1 day overdue");
        assert_eq!(due(day(2026, 11, 4), today).words, "2 days overdue");
        assert_eq!(due(day(2026, 11, 9), today).words, "Due in 3 days");
    }

    #[test]
    fn a_summer_evening_is_said_in_british_summer_time() {
        let at: Timestamp = "2026-06-30T23:30:00Z".parse().unwrap();
        assert_eq!(moment(at).words, "1 July 2026, 12:30am");
        assert_eq!(local_day(at), day(2026, 7, 1));
    }

    #[test]
    fn somebody_born_on_the_29th_of_february_ages_once_a_year() {
        let born = day(1960, 2, 29);
        assert_eq!(age(born, day(2026, 2, 27)), Some(65));
        assert_eq!(age(born, day(2026, 3, 1)), Some(66));
        assert_eq!(age(day(2027, 1, 1), day(2026, 1, 1)), None);
    }

    #[test]
    fn an_nhs_number_is_grouped_and_anything_else_is_left_alone() {
        assert_eq!(nhs_number("9990000018"), "999 000 0018");
        assert_eq!(nhs_number("é990000018"), "é990000018");
        assert_eq!(nhs_number(""), "");
    }
}
