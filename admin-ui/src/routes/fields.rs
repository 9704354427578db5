//! What a form or an address carries, as it was typed. Owns reading it; a value is never lost, also when it is wrong. Refuses
//! to decide what is right beyond its shape: the rules answer through GraphQL.
use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use jiff::civil::Date;

use crate::codes::Code;
use crate::parts::DayMonthYear;

/// Names and values in the order they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    pub fn parse(encoded: &str) -> Self {
        web::Query::<Vec<(String, String)>>::from_query(encoded)
            .map_or_else(|_| Self::default(), |pairs| Self(pairs.into_inner()))
    }

    pub fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of the name, without the white space around it. Empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// The same, `None` when it is empty.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The key of one press: a page with several forms has one submission, and each of them is a request of its own.
    pub fn submission(&self, form: &str) -> Option<String> {
        self.some("submission").map(|key| format!("{key}-{form}"))
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn code<C: Code>(&self, name: &str) -> Option<C> {
        C::parse(self.text(name))
    }

    pub fn codes<C: Code>(&self, name: &str) -> Vec<C> {
        self.all(name).into_iter().filter_map(C::parse).collect()
    }

    /// The three boxes of a date, as typed.
    pub fn day(&self, name: &str) -> DayMonthYear {
        let part = |which: &str| self.text(&format!("{name}-{which}")).to_owned();
        DayMonthYear { day: part("day"), month: part("month"), year: part("year") }
    }

    /// For passing everything on in hidden fields.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// A date that exists, `Ok(None)` when nothing was typed.
pub fn real_day(typed: &DayMonthYear) -> Result<Option<Date>, NoSuchDay> {
    if typed.day.is_empty() && typed.month.is_empty() && typed.year.is_empty() {
        return Ok(None);
    }
    let day = typed.day.parse().map_err(|_| NoSuchDay)?;
    let month = typed.month.parse().map_err(|_| NoSuchDay)?;
    let year: i16 = typed.year.parse().map_err(|_| NoSuchDay)?;
    if year < 1000 {
        return Err(NoSuchDay);
    }
    Date::new(year, month, day).map(Some).map_err(|_| NoSuchDay)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such day")]
pub struct NoSuchDay;

/// A date as three boxes.
pub fn boxes(day: Date) -> DayMonthYear {
    DayMonthYear { day: day.day().to_string(), month: day.month().to_string(), year: day.year().to_string() }
}

/// What the address asks for.
pub struct Asked(pub Fields);

impl FromRequest for Asked {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(Fields::parse(request.query_string()))))
    }
}

/// The posted body, kept aside so that a sign-in in between loses nothing.
#[derive(Debug, Clone)]
pub struct Kept(pub String);

/// A form that was posted.
pub struct Posted(pub Fields);

impl FromRequest for Posted {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = String::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let body = body.await?;
            let fields = Fields::parse(&body);
            request.extensions_mut().insert(Kept(body));
            Ok(Self(fields))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Need;

    #[test]
    fn a_form_is_read_in_order_with_repeats() {
        let fields = Fields::parse("need=MONEY&need=nothing&need=FOOD&name=+Jo%20Park+");
        assert_eq!(fields.codes::<Need>("need"), [Need::Money, Need::Food]);
        assert_eq!(fields.text("name"), "Jo Park");
        assert_eq!(fields.some("phone"), None);
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused_and_an_empty_one_is_none() {
        let typed = |day: &str, month: &str, year: &str| DayMonthYear {
            day: day.into(),
            month: month.into(),
            year: year.into(),
        };
        assert_eq!(real_day(&typed("", "", "")), Ok(None));
        assert_eq!(real_day(&typed("31", "2", "1959")), Err(NoSuchDay));
        assert_eq!(real_day(&typed("4", "5", "59")), Err(NoSuchDay));
        assert_eq!(real_day(&typed("4", "5", "1959")), Ok(Some(jiff::civil::date(1959, 5, 4))));
    }
}
