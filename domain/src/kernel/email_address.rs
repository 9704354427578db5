//! An address we can send to. Deliverability is found out by sending, not by a pattern.

use serde::{Deserialize, Serialize};

/// An e-mail address in lower case, at most 254 characters (RFC 5321 §4.5.3.1.3).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address such as name@example.org")]
pub struct InvalidEmailAddress;

impl EmailAddress {
    pub fn parse(text: &str) -> Result<Self, InvalidEmailAddress> {
        let text = text.trim();
        let (local, host) = text.rsplit_once('@').ok_or(InvalidEmailAddress)?;
        let plain =
            |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"');
        let host_fits = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
        if text.len() > 254
            || local.is_empty()
            || !host_fits
            || !text.chars().all(plain)
            || local.contains('@')
        {
            return Err(InvalidEmailAddress);
        }
        Ok(Self(text.to_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmailAddress(redacted)")
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmailAddress;
    fn try_from(text: String) -> Result<Self, InvalidEmailAddress> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case() {
        assert_eq!(EmailAddress::parse(" Sam@Example.ORG ").map(String::from), Ok("sam@example.org".into()));
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for bad in
            ["", "a", "a@", "@b.org", "a@b", "a b@c.org", "a@b@c.org", "a@b.org\nBcc: x@y.org", "\"a\"@b.org"]
        {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
