//! Collects what is wrong with an input, so that all of it is said at once.

use async_graphql::ID;
use jiff::Timestamp;
use trellis_domain::kernel::{InvalidId, Line, Prose, TypedId};

use crate::graphql::node_id::parse_id;
use crate::graphql::refusal::{Refusal, RefusalCode};
use crate::graphql::scalars::DateTime;

/// The longest list that an input may hold (needs, channels).
const LONGEST_LIST: usize = 20;

#[derive(Debug, Default)]
pub struct Check {
    /// Where below the input we are, such as `newPerson.`.
    prefix: &'static str,
    wrong: Vec<(String, String)>,
}

impl Check {
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that follows is a field of this object. Empty: of the input itself.
    pub fn within(&mut self, prefix: &'static str) -> &mut Self {
        self.prefix = prefix;
        self
    }

    /// Keeps what was parsed, or what is wrong with it. Errors of the kernel never hold the value.
    pub fn field<T, E: std::fmt::Display>(&mut self, name: &str, parsed: Result<T, E>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(name, error);
                None
            }
        }
    }

    pub fn refuse(&mut self, name: &str, why: impl std::fmt::Display) {
        self.wrong.push((format!("{}{name}", self.prefix), why.to_string()));
    }

    pub fn id<I>(&mut self, name: &str, id: &ID) -> Option<I>
    where
        I: TypedId + std::str::FromStr<Err = InvalidId>,
    {
        self.field(name, parse_id(id))
    }

    pub fn ids<I>(&mut self, name: &str, ids: &[ID]) -> Option<Vec<I>>
    where
        I: TypedId + std::str::FromStr<Err = InvalidId>,
    {
        if ids.len() > LONGEST_LIST {
            self.refuse(name, format!("must hold at most {LONGEST_LIST}"));
            return None;
        }
        ids.iter().map(|id| self.id(name, id)).collect()
    }

    /// A field that may be left out. What is wrong with it is remembered, so [`Check::finish`] refuses.
    pub fn optional<T, E: std::fmt::Display>(
        &mut self,
        name: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        self.field(name, parse(text))
    }

    pub fn line(&mut self, name: &str, text: Option<&str>) -> Option<Line> {
        self.optional(name, text, Line::parse)
    }

    pub fn prose(&mut self, name: &str, text: Option<&str>) -> Option<Prose> {
        self.optional(name, text, Prose::parse)
    }

    /// Mirrors a list of codes, without repeats and in the order given.
    pub fn list<A: Copy, B: From<A> + PartialEq>(&mut self, name: &str, items: &[A]) -> Option<Vec<B>> {
        if items.len() > LONGEST_LIST {
            self.refuse(name, format!("must hold at most {LONGEST_LIST}"));
            return None;
        }
        let mut list: Vec<B> = Vec::with_capacity(items.len());
        for item in items.iter().copied().map(B::from) {
            if !list.contains(&item) {
                list.push(item);
            }
        }
        Some(list)
    }

    pub fn some_of<A: Copy, B: From<A> + PartialEq>(&mut self, name: &str, items: &[A]) -> Option<Vec<B>> {
        if items.is_empty() {
            self.refuse(name, "must hold at least one");
            return None;
        }
        self.list(name, items)
    }

    pub fn version(&mut self, version: i32) -> Option<i32> {
        if version < 1 {
            self.refuse("version", "must be the version that was read");
            return None;
        }
        Some(version)
    }

    pub fn instant(at: Option<DateTime>) -> Option<Timestamp> {
        at.map(|DateTime(instant)| instant)
    }

    /// What was put together, or everything that is wrong.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Refusal> {
        let first = self.wrong.first().map(|(field, _)| field.clone());
        match (value, first) {
            (Some(value), None) => Ok(value),
            (_, first) => {
                let all: Vec<String> =
                    self.wrong.iter().map(|(field, why)| format!("{field}: {why}")).collect();
                let message = format!("Check what was sent. {}.", all.join("; "));
                let refusal = Refusal::new(
                    RefusalCode::InvalidInput,
                    message,
                    "Correct each field named, then send it again.",
                );
                Err(Refusal { field: first, ..refusal })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trellis_domain::kernel::{NhsNumber, Postcode};

    #[test]
    fn every_wrong_field_is_named_at_once_and_no_value_is_repeated() {
        let mut check = Check::new();
        let check_in = check.within("identity.");
        let number = check_in.field("nhsNumber", NhsNumber::parse("9990548608"));
        let postcode = check_in.field("postcode", Postcode::parse("Nowhere 1"));
        let refusal = check.finish(number.zip(postcode)).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::InvalidInput);
        assert_eq!(refusal.field.as_deref(), Some("identity.nhsNumber"));
        assert!(refusal.message.contains("identity.postcode: "), "{}", refusal.message);
        assert!(!refusal.message.contains("9990548608") && !refusal.message.contains("Nowhere"));
    }

    #[test]
    fn a_list_is_kept_in_order_without_repeats() {
        let mut check = Check::new();
        let list: Option<Vec<u32>> = check.some_of("needs", &[3_u32, 1, 3]);
        assert_eq!(list, Some(vec![3, 1]));
        assert!(check.some_of::<u32, u32>("needs", &[]).is_none());
    }
}
