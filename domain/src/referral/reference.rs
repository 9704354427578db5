//! The short reference people read out on the phone, such as `4TK-9QD`.

use serde::{Deserialize, Serialize};

/// Six characters without look-alikes (no I, L, O, U, 0, 1), shown in groups of three.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Reference {
    /// Drawn from the random tail of a UUIDv7. Clashes are refused by the store and drawn again.
    pub fn from_random(bits: u128) -> Self {
        let mut rest = bits & 0x3fff_ffff_ffff_ffff;
        let mut text = String::with_capacity(7);
        for position in 0..6 {
            if position == 3 {
                text.push('-');
            }
            let index = usize::try_from(rest % 30).unwrap_or_default();
            text.push(ALPHABET.get(index).copied().map_or('2', char::from));
            rest /= 30;
        }
        Self(text)
    }

    /// Reads what somebody typed: case and the dash do not matter.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.trim().to_uppercase().chars().filter(|c| *c != '-' && *c != ' ').collect();
        let known = plain.len() == 6 && plain.bytes().all(|b| ALPHABET.contains(&b));
        known.then(|| {
            let (head, tail) = plain.split_at(3);
            Self(format!("{head}-{tail}"))
        })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_can_be_typed_in_any_way() {
        let drawn = Reference::from_random(u128::MAX / 3);
        assert_eq!(Reference::parse(&drawn.as_str().to_lowercase().replace('-', " ")), Some(drawn));
        assert_eq!(Reference::parse("0IL-OU1"), None);
    }
}
