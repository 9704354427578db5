//! Whom a page is about, as far as the asker may know: the identity bar, and how to reach them, in words. One place for all
//! screens, so that no screen forgets "do not leave a message".
use jiff::civil::Date;

use crate::codes::{AccessLevel, AgeBand, Code, ContactChannel, InformationFormat};
use crate::documents::people::{known_person, one_person};
use crate::documents::plan::person_plan;
use crate::documents::referral::{one_referral, standing};
use crate::parts::{IdentityBar, Tag};
use crate::words;

/// A person whose name may be known.
#[derive(Debug, Clone)]
pub struct Whom {
    pub name: String,
    pub born: Option<Date>,
    pub nhs_number: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub channels: Vec<ContactChannel>,
    pub no_voicemail: bool,
    pub safe_times: Option<String>,
    pub format: InformationFormat,
    pub interpreter: Option<String>,
    pub access: AccessLevel,
    pub basis: String,
}

macro_rules! whom {
    ($($person:ty),+ $(,)?) => {
        $(impl From<&$person> for Whom {
            fn from(person: &$person) -> Self {
                Self {
                    name: person.name.clone(),
                    born: person.identity.birth_date,
                    nhs_number: person.identity.nhs_number.clone(),
                    phone: person.identity.phone.clone(),
                    email: person.identity.email.clone(),
                    address: person.identity.address.clone(),
                    channels: person.preferences.channels.clone(),
                    no_voicemail: person.preferences.no_voicemail,
                    safe_times: person.preferences.safe_times.clone(),
                    format: person.preferences.format,
                    interpreter: person.preferences.interpreter.clone(),
                    access: person.access_level,
                    basis: person.access_basis.clone(),
                }
            }
        })+
    };
}
whom!(
    one_person::OnePersonPerson,
    known_person::KnownPersonPerson,
    person_plan::PersonPlanPerson,
    one_referral::OneReferralReferralPerson,
    standing::StandingReferralPerson,
);

/// What the bar says besides the person's own details.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    pub reference: Option<String>,
    pub status: Option<Tag>,
    pub risk: Option<String>,
    pub agreed: Option<String>,
    pub is_heading: bool,
}

impl Whom {
    /// "Phone 01632 960 010 after 2pm. Do not leave a message", "Or by letter", "Large print"
    pub fn reach(&self) -> Vec<String> {
        let mut ways: Vec<String> =
            self.channels.iter().enumerate().map(|(number, way)| self.way(number, *way)).collect();
        if self.format != InformationFormat::Standard {
            ways.push(format!("Send things in {}", self.format.words()));
        }
        if let Some(language) = &self.interpreter {
            ways.push(format!("Interpreter needed: {language}"));
        }
        ways
    }

    fn way(&self, number: usize, channel: ContactChannel) -> String {
        let mut words = if number == 0 {
            channel.words().to_owned()
        } else {
            format!("Or {}", channel.words().to_lowercase())
        };
        let detail = match channel {
            ContactChannel::Phone | ContactChannel::Text => self.phone.as_ref(),
            ContactChannel::Email => self.email.as_ref(),
            ContactChannel::Letter => self.address.as_ref(),
            ContactChannel::Visit => None,
        };
        if let Some(detail) = detail {
            words = format!("{words} {detail}");
        }
        if channel == ContactChannel::Phone {
            if let Some(times) = &self.safe_times {
                words = format!("{words}, {times}");
            }
            if self.no_voicemail {
                words.push_str(". Do not leave a message");
            }
        }
        words
    }

    /// Digits for a `tel:` link, when phoning is one of the person's own ways.
    fn dial(&self) -> Option<String> {
        let number = self.phone.as_ref().filter(|_| self.channels.contains(&ContactChannel::Phone))?;
        Some(number.chars().filter(char::is_ascii_digit).collect())
    }

    pub fn bar(&self, today: Date, beside: Beside) -> IdentityBar {
        let part = "You see part of this record, as far as it was agreed to share it with you.";
        IdentityBar {
            name: self.name.clone(),
            pronouns: None,
            age: self.born.and_then(|born| words::age(born, today)).map(|years| format!("{years} years")),
            born: self.born.map(words::date),
            nhs_number: self.nhs_number.as_deref().map(words::nhs_number),
            reference: beside.reference,
            status: beside.status,
            reach: self.reach(),
            phone: self.dial(),
            risk: beside.risk,
            agreed: Some(beside.agreed.unwrap_or_else(|| format!("{}: {}", self.basis, self.access.words()))),
            limited: (self.access != AccessLevel::Full).then(|| part.to_owned()),
            is_heading: beside.is_heading,
        }
    }
}

/// "Somebody aged 65 to 74": all that may be said before a request is accepted.
pub fn somebody(age: AgeBand) -> String {
    match age {
        AgeBand::Unknown => "Somebody".to_owned(),
        AgeBand::Under18 => "Somebody under 18".to_owned(),
        known => format!("Somebody aged {}", known.words()),
    }
}

/// The bar before identity is shared.
pub fn hidden_bar(age: AgeBand, beside: Beside) -> IdentityBar {
    IdentityBar {
        name: somebody(age),
        pronouns: None,
        age: None,
        born: None,
        nhs_number: None,
        reference: beside.reference,
        status: beside.status,
        reach: vec!["Through whoever sent the referral, for now".to_owned()],
        phone: None,
        risk: beside.risk,
        agreed: Some("Share needs, age band, area and access needs".to_owned()),
        limited: Some(
            "The name and how to reach them are shown when the referral has been accepted.".to_owned(),
        ),
        is_heading: beside.is_heading,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jo() -> Whom {
        Whom {
            name: "Jo Park".into(),
            born: None,
            nhs_number: None,
            phone: Some("01632 960 010".into()),
            email: None,
            address: None,
            channels: vec![ContactChannel::Phone, ContactChannel::Letter],
            no_voicemail: true,
            safe_times: Some("after 2pm".into()),
            format: InformationFormat::LargePrint,
            interpreter: None,
            access: AccessLevel::Full,
            basis: "custodian".into(),
        }
    }

    #[test]
    fn how_to_reach_somebody_is_said_whole() {
        let ways = [
            "Phone 01632 960 010, after 2pm. Do not leave a message",
            "Or letter",
            "Send things in large print",
        ];
        assert_eq!(jo().reach(), ways);
    }

    #[test]
    fn a_number_is_dialled_only_when_phoning_is_wanted() {
        assert_eq!(jo().dial().as_deref(), Some("01632960010"));
        assert_eq!(Whom { channels: vec![ContactChannel::Letter], ..jo() }.dial(), None);
    }
}
