//! Addresses that pages link to and redirect to: a path and its query, encoded once. Also the check that an address somebody
//! sent stays on this site.
use std::fmt;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};

const LONGEST: usize = 2_000;

/// A path with a query, printed encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    pub fn to(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.query.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Leaves out what is empty.
    #[must_use]
    pub fn maybe(self, name: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.with(name, value) }
    }

    #[must_use]
    pub fn each<'a>(self, name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        values.into_iter().fold(self, |address, value| address.with(name, value))
    }

    /// After a form was done: the browser asks for this page, and a refresh asks for nothing else.
    pub fn see_other(&self) -> HttpResponse {
        HttpResponse::SeeOther()
            .insert_header((LOCATION, self.to_string()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .finish()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        for (number, (name, value)) in self.query.iter().enumerate() {
            let joint = if number == 0 { '?' } else { '&' };
            write!(f, "{joint}{name}={}", encoded(value))?;
        }
        Ok(())
    }
}

/// For one part of a path or a query.
pub fn encoded(text: &str) -> String {
    match askama::filters::urlencode_strict(text) {
        Ok(safe) => safe.to_string(),
        Err(never) => match never {},
    }
}

/// The address, if it stays on this site; otherwise the front page.
pub fn on_this_site(wanted: &str) -> &str {
    let stays = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.contains('\\')
        && !wanted.chars().any(char::is_control)
        && wanted.len() <= LONGEST;
    if stays { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_encoded_once() {
        let address =
            Address::to("/people").with("text", "a&b=c/d é").maybe("after", "").each("stage", ["A", "B"]);
        assert_eq!(address.to_string(), "/people?text=a%26b%3Dc%2Fd%20%C3%A9&stage=A&stage=B");
    }

    #[test]
    fn nobody_is_sent_to_another_site() {
        for elsewhere in
            ["https://example.org", "//example.org", "/\\example.org", "javascript:x", "", "/a\nb"]
        {
            assert_eq!(on_this_site(elsewhere), "/", "{elsewhere}");
        }
        assert_eq!(on_this_site("/people?stage=ACTIVE"), "/people?stage=ACTIVE");
    }
}
