//! Keyed fingerprints of sealed values: equal values of one network and purpose match, nothing else does,
//! and without the index key a fingerprint cannot be tried against guesses.
//! It normalises names only; every other value is normalised by its own type before it comes here.

use aws_lc_rs::{hkdf, hmac};
use trellis_domain::kernel::folded_words;
use uuid::Uuid;

use super::error::SealError;
use super::keyring::Keyring;

const SHORTEST_PREFIX: usize = 2;
const LONGEST_PREFIX: usize = 12;
/// More words than this are not a name; the bound keeps an odd input from filling the index.
const MOST_WORDS: usize = 10;

/// What a fingerprint is for. Each has its own key, so that equal values do not match across purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexPurpose {
    NhsNumber,
    BirthDate,
    Postcode,
    Email,
    Phone,
    Name,
    /// Name, birth date and postcode together, for probable matches.
    Likeness,
    /// A form of somebody without a login, with all that was typed.
    ApplicationForm,
}

impl IndexPurpose {
    /// Part of the key derivation: never change one, never use one twice.
    const fn label(self) -> &'static str {
        match self {
            Self::NhsNumber => "nhs-number",
            Self::BirthDate => "birth-date",
            Self::Postcode => "postcode",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
            Self::Likeness => "likeness",
            Self::ApplicationForm => "application-form",
        }
    }
}

impl Keyring {
    pub fn index(
        &self,
        network: Uuid,
        purpose: IndexPurpose,
        normalised: &str,
    ) -> Result<[u8; 32], SealError> {
        fingerprint(&self.index_key(network, purpose)?, normalised)
    }

    /// A shorter fingerprint for columns that hold many.
    pub fn search_token(
        &self,
        network: Uuid,
        purpose: IndexPurpose,
        normalised: &str,
    ) -> Result<[u8; 16], SealError> {
        shortened(&self.index(network, purpose, normalised)?)
    }

    /// The tokens to store for a name: each word's beginnings of 2 to 12 letters, sorted, so that their
    /// order says nothing about the name.
    pub fn name_tokens(&self, network: Uuid, name: &str) -> Result<Vec<[u8; 16]>, SealError> {
        let key = self.index_key(network, IndexPurpose::Name)?;
        let mut tokens = Vec::new();
        for word in folded_words(name).iter().take(MOST_WORDS) {
            for beginning in beginnings(word) {
                tokens.push(shortened(&fingerprint(&key, beginning)?)?);
            }
        }
        tokens.sort_unstable();
        tokens.dedup();
        Ok(tokens)
    }

    /// The tokens that a search asks for: one for each word typed, all of which a match must have.
    pub fn name_query_tokens(&self, network: Uuid, typed: &str) -> Result<Vec<[u8; 16]>, SealError> {
        let key = self.index_key(network, IndexPurpose::Name)?;
        let words = folded_words(typed);
        let mut tokens = Vec::with_capacity(words.len());
        for longest in words.iter().take(MOST_WORDS).filter_map(|word| beginnings(word).last()) {
            tokens.push(shortened(&fingerprint(&key, longest)?)?);
        }
        tokens.sort_unstable();
        tokens.dedup();
        Ok(tokens)
    }

    /// One token for each word of a name: that of its shortest beginning, which many share.
    pub fn name_beginnings(&self, network: Uuid, name: &str) -> Result<Vec<[u8; 16]>, SealError> {
        let key = self.index_key(network, IndexPurpose::Name)?;
        let words = folded_words(name);
        let shortest = words.iter().take(MOST_WORDS).filter_map(|word| beginnings(word).next());
        shortest.map(|beginning| shortened(&fingerprint(&key, beginning)?)).collect()
    }

    fn index_key(&self, network: Uuid, purpose: IndexPurpose) -> Result<hmac::Key, SealError> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"trellis/blind-index/1");
        let info = [network.as_bytes().as_slice(), purpose.label().as_bytes()];
        let key = salt
            .extract(self.set.index.as_slice())
            .expand(&info, hmac::HMAC_SHA256)
            .map(hmac::Key::from)
            .map_err(|_| SealError::Provider)?;
        Ok(key)
    }
}

/// A word of one letter is its own beginning; a longer one has those of 2 to 12 letters.
fn beginnings(word: &str) -> impl Iterator<Item = &str> {
    let letters = word.chars().count();
    let shortest = SHORTEST_PREFIX.min(letters);
    let ends = word.char_indices().map(|(start, letter)| start + letter.len_utf8());
    ends.take(LONGEST_PREFIX).skip(shortest.saturating_sub(1)).filter_map(|end| word.get(..end))
}

fn fingerprint(key: &hmac::Key, value: &str) -> Result<[u8; 32], SealError> {
    hmac::sign(key, value.as_bytes()).as_ref().try_into().map_err(|_| SealError::Provider)
}

fn shortened(fingerprint: &[u8; 32]) -> Result<[u8; 16], SealError> {
    fingerprint.first_chunk::<16>().copied().ok_or(SealError::Provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORTH: Uuid = Uuid::from_u128(1);
    const SOUTH: Uuid = Uuid::from_u128(2);

    fn found(keyring: &Keyring, name: &str, typed: &str) -> bool {
        let stored = keyring.name_tokens(NORTH, name).unwrap();
        let asked = keyring.name_query_tokens(NORTH, typed).unwrap();
        !asked.is_empty() && asked.iter().all(|token| stored.contains(token))
    }

    #[test]
    fn equal_values_match_within_a_network_and_purpose_only() {
        let keyring = Keyring::generate().unwrap();
        let number = keyring.index(NORTH, IndexPurpose::NhsNumber, "9990001234").unwrap();
        assert_eq!(number, keyring.index(NORTH, IndexPurpose::NhsNumber, "9990001234").unwrap());
        assert_ne!(number, keyring.index(NORTH, IndexPurpose::NhsNumber, "9990001235").unwrap());
        assert_ne!(number, keyring.index(SOUTH, IndexPurpose::NhsNumber, "9990001234").unwrap());
        assert_ne!(number, keyring.index(NORTH, IndexPurpose::Phone, "9990001234").unwrap());
        let elsewhere = Keyring::generate().unwrap();
        assert_ne!(number, elsewhere.index(NORTH, IndexPurpose::NhsNumber, "9990001234").unwrap());
    }

    #[test]
    fn fingerprints_survive_a_rotation_of_the_other_keys() {
        let keyring = Keyring::generate().unwrap();
        let before = keyring.search_token(NORTH, IndexPurpose::Postcode, "ZZ99 3WZ").unwrap();
        let after = keyring.rotated().unwrap();
        assert_eq!(before, after.search_token(NORTH, IndexPurpose::Postcode, "ZZ99 3WZ").unwrap());
    }

    #[test]
    fn a_name_is_found_by_the_beginnings_of_its_words_in_any_order() {
        let keyring = Keyring::generate().unwrap();
        for typed in ["jo", "PARK", "pa jo", "Jo Park", "pâ"] {
            assert!(found(&keyring, "Jo Park", typed), "{typed}");
        }
        for typed in ["ark", "jon", "jo parks", "p", ""] {
            assert!(!found(&keyring, "Jo Park", typed), "{typed}");
        }
    }

    #[test]
    fn long_and_one_letter_words_are_found() {
        let keyring = Keyring::generate().unwrap();
        assert!(found(&keyring, "A Featherstonehaugh", "featherstonehaugh"));
        assert!(found(&keyring, "A Featherstonehaugh", "featherstoneh"));
        assert!(found(&keyring, "A Featherstonehaugh", "a"));
    }

    #[test]
    fn name_tokens_differ_between_networks_and_are_bounded() {
        let keyring = Keyring::generate().unwrap();
        let north = keyring.name_tokens(NORTH, "Jo Park").unwrap();
        let south = keyring.name_tokens(SOUTH, "Jo Park").unwrap();
        assert_eq!(north.len(), 4, "jo, pa, par, park");
        assert!(north.iter().all(|token| !south.contains(token)));
        let crowd = "abcdefghijklmnop ".repeat(500);
        assert!(keyring.name_tokens(NORTH, &crowd).unwrap().len() <= MOST_WORDS * LONGEST_PREFIX);
    }
}
