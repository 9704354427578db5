//! A provider of one organisation, as OpenID Connect knows it. Its word holds for memberships of that organisation only.

use url::{Host, Url};
use uuid::Uuid;

use crate::kernel::{Line, OpContext, OrganisationId, ProviderId, Redacted, StoreError, Subject, TypedId};
use crate::policy::{Denied, Guarded, Side};

const LONGEST_ISSUER: usize = 300;
const SHORT_NAME: std::ops::RangeInclusive<usize> = 3..=40;
/// Scopes, or values of `acr` and `amr`.
const MOST_WORDS: usize = 10;
const LONGEST_WORD: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    pub id: ProviderId,
    pub organisation: OrganisationId,
    pub version: i32,
    /// What people type on the sign-in page.
    pub short_name: ShortName,
    /// What pages call it.
    pub name: Line,
    pub issuer: Issuer,
    pub client_id: Line,
    /// Asked for besides `openid`.
    pub scopes: Words,
    /// Values of `acr` that count as a second factor.
    pub strong_acr: Words,
    /// The same for `amr`.
    pub strong_amr: Words,
    pub enabled: bool,
}

/// What the provider knows Trellis by. Never shown again.
pub type ClientSecret = Redacted<Line>;

/// An address that names a provider: `https`, or `http` on the same machine for tests.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Issuer(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address such as https://login.example.org, without a question mark or a name in it")]
pub struct InvalidIssuer;

impl Issuer {
    /// Kept as it was typed: it is compared letter by letter with what the provider says of itself.
    pub fn parse(text: &str) -> Result<Self, InvalidIssuer> {
        let text = text.trim();
        let url = Url::parse(text).map_err(|_| InvalidIssuer)?;
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && text.len() <= LONGEST_ISSUER;
        let fits = (url.scheme() == "https" && url.has_host()) || is_here(&url);
        if plain && fits { Ok(Self(text.to_owned())) } else { Err(InvalidIssuer) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Plain HTTP that does not leave the machine.
fn is_here(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    };
    here && url.scheme() == "http"
}

/// Part of an address: `/sign-in/with/north-vale-links`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 3 to 40 small letters and digits, with single dashes between them")]
pub struct InvalidShortName;

impl ShortName {
    pub fn parse(text: &str) -> Result<Self, InvalidShortName> {
        let text = text.trim();
        let is_part = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let fits = SHORT_NAME.contains(&text.len()) && text.split('-').all(is_part);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidShortName) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A few words without spaces, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Separated by spaces, commas or lines.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut words: Vec<String> = Vec::new();
        for word in text.split(|letter: char| letter.is_whitespace() || letter == ',') {
            if word.is_empty() || words.iter().any(|known| known == word) {
                continue;
            }
            if word.len() > LONGEST_WORD || !word.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err("must be words of plain letters, digits and marks");
            }
            words.push(word.to_owned());
        }
        if words.len() > MOST_WORDS { Err("must be at most 10 words") } else { Ok(Self(words)) }
    }

    pub fn stored(words: Vec<String>) -> Self {
        Self(words)
    }

    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderEvent {
    pub provider: ProviderId,
    pub organisation: OrganisationId,
    pub name: &'static str,
}

#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("there is no such provider")]
    NotFound,
    #[error("somebody else changed it first")]
    Stale,
    #[error("another organisation uses this short name")]
    ShortNameTaken,
    /// The first time it has to be typed.
    #[error("a new provider needs its secret")]
    NoSecret,
    #[error("the network itself has no provider")]
    NoOrganisation,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Subject for Provider {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Provider {
    const KIND: &'static str = "provider";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        side == Side::Owner && op.organisation() == Some(self.organisation)
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_encrypted_or_on_this_machine_and_names_nobody() {
        for good in
            ["https://login.example.org", "https://id.example.org/tenant/v2.0", "http://127.0.0.1:9000"]
        {
            assert_eq!(Issuer::parse(good).map(|issuer| issuer.as_str().to_owned()), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "login.example.org",
            "http://login.example.org",
            "http://localhost.example.org",
            "https://somebody@login.example.org",
            "https://login.example.org/?x=1",
            "https://login.example.org/#x",
            "file:///etc/passwd",
        ] {
            assert_eq!(Issuer::parse(bad), Err(InvalidIssuer), "{bad}");
        }
    }

    #[test]
    fn a_short_name_is_part_of_an_address() {
        assert!(ShortName::parse(" north-vale-2 ").is_ok());
        for bad in ["", "ab", "North", "a--b", "-ab", "ab-", "a b", "a/b", &"x".repeat(41)] {
            assert_eq!(ShortName::parse(bad), Err(InvalidShortName), "{bad}");
        }
    }

    #[test]
    fn words_come_once_each_and_hold_no_space() {
        assert_eq!(Words::parse("mfa, otp\nmfa").unwrap().as_slice(), ["mfa", "otp"]);
        assert_eq!(Words::parse("  ").unwrap(), Words::default());
        assert!(Words::parse("mfä").is_err());
        assert!(Words::parse("a b c d e f g h i j k").is_err());
    }
}
