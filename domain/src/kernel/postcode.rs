//! UK postcodes by shape (BS 7666 with N1P), and the outward half that places a person roughly.
//! Whether a postcode exists is not known here. ZZ99 is where the NHS puts whoever has no address, or none that is known
//! (NHS Data Dictionary, "pseudo postcodes": ZZ99 3VZ is no fixed abode); its inward half keeps other rules.

use serde::{Deserialize, Serialize};

/// A full postcode, upper case, one space before the last three characters.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode(String);

/// The outward half of a postcode, such as `LA9`. Coarse enough to show before identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Outcode(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a UK postcode such as LA9 4PU")]
pub struct InvalidPostcode;

const PSEUDO: &str = "ZZ99";

fn outward_fits(outward: &str) -> bool {
    let letters = outward.chars().take_while(char::is_ascii_uppercase).count();
    let rest: String = outward.chars().skip(letters).collect();
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let tail: String = rest.chars().skip(digits).collect();
    (1..=2).contains(&letters)
        && (1..=2).contains(&digits)
        && (tail.is_empty()
            || (digits == 1 && tail.len() == 1 && tail.chars().all(|c| c.is_ascii_uppercase())))
}

fn inward_fits(inward: &str) -> bool {
    let mut chars = inward.chars();
    let unit = |c: char| c.is_ascii_uppercase() && !"CIKMOV".contains(c);
    inward.len() == 3 && chars.next().is_some_and(|c| c.is_ascii_digit()) && chars.all(unit)
}

impl Postcode {
    pub fn parse(text: &str) -> Result<Self, InvalidPostcode> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        if !compact.is_ascii() || !(5..=7).contains(&compact.len()) {
            return Err(InvalidPostcode);
        }
        let (outward, inward) = compact.split_at(compact.len() - 3);
        let pseudo = outward == PSEUDO && inward.chars().all(|c| c.is_ascii_alphanumeric());
        if outward_fits(outward) && (inward_fits(inward) || pseudo) {
            Ok(Self(format!("{outward} {inward}")))
        } else {
            Err(InvalidPostcode)
        }
    }

    pub fn outcode(&self) -> Outcode {
        Outcode(self.0.split(' ').next().unwrap_or_default().to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Stands for having no address: two people who have it share nothing.
    pub fn is_pseudo(&self) -> bool {
        self.0.starts_with(PSEUDO)
    }
}

impl Outcode {
    pub fn parse(text: &str) -> Result<Self, InvalidPostcode> {
        let compact = text.trim().to_uppercase();
        if compact.is_ascii() && outward_fits(&compact) { Ok(Self(compact)) } else { Err(InvalidPostcode) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Postcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postcode(redacted)")
    }
}

macro_rules! text_conversions {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = InvalidPostcode;
            fn try_from(text: String) -> Result<Self, InvalidPostcode> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}
text_conversions!(Postcode);
text_conversions!(Outcode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_are_normalised_and_give_their_outcode() {
        let postcode = Postcode::parse(" la94pu ").expect("valid");
        assert_eq!((postcode.as_str(), postcode.outcode().as_str()), ("LA9 4PU", "LA9"));
        assert!(Postcode::parse("N1P 1AA").is_ok() && Postcode::parse("EC1A 1BB").is_ok());
    }

    #[test]
    fn having_no_address_is_a_postcode_too() {
        for known in ["ZZ99 3VZ", "zz993wz", "ZZ99 3CZ"] {
            assert!(Postcode::parse(known).expect("valid").is_pseudo(), "{known}");
        }
        assert!(!Postcode::parse("LA9 4PU").expect("valid").is_pseudo());
    }

    #[test]
    fn other_text_is_refused() {
        for bad in ["", "LA9", "LA9 4P", "LA9 4CC", "1A9 4PU", "LAA9 4PU", "LA999 4PU", "ŁA9 4PU"] {
            assert!(Postcode::parse(bad).is_err(), "{bad}");
        }
    }
}
