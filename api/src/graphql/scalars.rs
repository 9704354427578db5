//! The two scalars of time. Their errors never repeat what was sent.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jiff::{Timestamp, civil};

/// An instant, RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub Timestamp);

#[Scalar(name = "DateTime", specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let instant = match &value {
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        instant
            .map(Self)
            .ok_or_else(|| InputValueError::custom("not an instant such as 2026-11-30T09:00:00Z"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl From<Timestamp> for DateTime {
    fn from(instant: Timestamp) -> Self {
        Self(instant)
    }
}

/// A calendar date, ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub civil::Date);

#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let date = match &value {
            Value::String(text) if text.len() == 10 => text.parse().ok(),
            _ => None,
        };
        date.map(Self).ok_or_else(|| InputValueError::custom("not a date such as 1958-03-09"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_date_is_refused_without_being_repeated() {
        for bad in ["1958-02-30", "9 March 1958", "1958-03-09T00:00:00", ""] {
            let refused = Date::parse(Value::String(bad.to_owned())).map_err(|_| ());
            assert_eq!(refused, Err(()), "{bad}");
        }
        assert_eq!(
            Date::parse(Value::String("1958-03-09".to_owned())).ok().map(|d| d.to_value().to_string()),
            Some("\"1958-03-09\"".to_owned())
        );
    }
}
