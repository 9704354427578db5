//! NHS numbers: ten digits whose last is a modulus 11 check digit (NHS Data Dictionary, "NHS NUMBER").
//! A number that checks is not thereby verified, and is never the only ground for a match.

use serde::{Deserialize, Serialize};

/// Ten digits that pass the check. Its `Debug` is redacted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NhsNumber(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid NHS number: ten digits, check each one")]
pub struct InvalidNhsNumber;

impl NhsNumber {
    pub fn parse(text: &str) -> Result<Self, InvalidNhsNumber> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let values: Vec<u32> = digits.chars().map_while(|c| c.to_digit(10)).collect();
        let [body @ .., check] = values.as_slice() else { return Err(InvalidNhsNumber) };
        if digits.chars().count() != 10 || values.len() != 10 {
            return Err(InvalidNhsNumber);
        }
        let sum: u32 = body.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
        let expected = match 11 - sum % 11 {
            11 => 0,
            other => other,
        };
        if expected == *check { Ok(Self(digits)) } else { Err(InvalidNhsNumber) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it: 3 3 4.
    pub fn spaced(&self) -> String {
        let part = |from, to| self.0.get(from..to).unwrap_or_default();
        format!("{} {} {}", part(0, 3), part(3, 6), part(6, 10))
    }
}

impl std::fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NhsNumber(redacted)")
    }
}

impl TryFrom<String> for NhsNumber {
    type Error = InvalidNhsNumber;
    fn try_from(text: String) -> Result<Self, InvalidNhsNumber> {
        Self::parse(&text)
    }
}

impl From<NhsNumber> for String {
    fn from(number: NhsNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_pass_and_fail_the_check() {
        for good in ["9990548609", "999 000 0514", "999-054-8609"] {
            assert!(NhsNumber::parse(good).is_ok(), "{good}");
        }
        for bad in ["9990548608", "9876544321", "999054860", "99905486091", "999054860x", "", "٩٩٩٠٥٤٨٦٠٩"]
        {
            assert!(NhsNumber::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn it_is_shown_in_groups_and_never_in_debug() {
        let number = NhsNumber::parse("9990548609").expect("valid");
        assert_eq!(number.spaced(), "999 054 8609");
        assert!(!format!("{number:?}").contains("999"));
    }
}
