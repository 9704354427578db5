//! The key of one person, and values sealed with it (AES-256-GCM-SIV, a random nonce each).
//! What is sealed opens only as the same field of the same person in the same network: all of that is
//! authenticated. It owns the byte format; it refuses to wrap itself, which is the keyring's business.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use super::error::SealError;
use super::key_file::KeyBytes;

/// First byte of everything sealed, so that the algorithm can be replaced without guessing.
const AES_256_GCM_SIV_V1: u8 = 1;

/// Where a sealed value stands: its column, and its row where a person has many of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    column: &'static str,
    row: Option<Uuid>,
}

impl Field {
    /// A column of which a person has one, named `table.column`.
    pub const fn column(column: &'static str) -> Self {
        Self { column, row: None }
    }

    /// A column of one row among many of the same person.
    pub const fn of_row(column: &'static str, row: Uuid) -> Self {
        Self { column, row: Some(row) }
    }
}

/// A person's key as it is stored: wrapped by the key-encryption key named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    pub key_id: String,
    pub bytes: Vec<u8>,
}

/// The opened key of one person. Kept for as short as it is needed; wiped when dropped.
pub struct PersonKey {
    key: KeyBytes,
    network: Uuid,
    person: Uuid,
}

impl PersonKey {
    pub(super) fn new(key: KeyBytes, network: Uuid, person: Uuid) -> Self {
        Self { key, network, person }
    }

    pub fn seal(&self, field: Field, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        seal_bytes(&self.key, &self.context(field), plaintext)
    }

    pub fn open(&self, field: Field, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        open_bytes(&self.key, &self.context(field), sealed)
    }

    pub fn seal_text(&self, field: Field, text: &str) -> Result<Vec<u8>, SealError> {
        self.seal(field, text.as_bytes())
    }

    pub fn open_text(&self, field: Field, sealed: &[u8]) -> Result<String, SealError> {
        let opened = self.open(field, sealed)?;
        std::str::from_utf8(&opened).map(str::to_owned).map_err(|_| SealError::Shape)
    }

    pub fn seal_json<T: Serialize>(&self, field: Field, value: &T) -> Result<Vec<u8>, SealError> {
        let json = Zeroizing::new(serde_json::to_vec(value).map_err(|_| SealError::Shape)?);
        self.seal(field, &json)
    }

    /// The parser's error is dropped: it would quote what was opened.
    pub fn open_json<T: DeserializeOwned>(&self, field: Field, sealed: &[u8]) -> Result<T, SealError> {
        let opened = self.open(field, sealed)?;
        serde_json::from_slice(&opened).map_err(|_| SealError::Shape)
    }

    fn context(&self, field: Field) -> Vec<u8> {
        let mut context = b"trellis/field/1\0".to_vec();
        context.extend_from_slice(self.network.as_bytes());
        context.extend_from_slice(self.person.as_bytes());
        context.extend_from_slice(field.row.unwrap_or_default().as_bytes());
        context.extend_from_slice(field.column.as_bytes());
        context
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PersonKey(redacted)")
    }
}

/// `version ‖ nonce ‖ ciphertext ‖ tag`, with the version authenticated as well.
pub(super) fn seal_bytes(key: &KeyBytes, context: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    let cipher = cipher(key)?;
    let mut buffer = plaintext.to_vec();
    buffer.reserve_exact(AES_256_GCM_SIV.tag_len());
    let nonce = cipher
        .seal_in_place_append_tag(Aad::from(versioned(AES_256_GCM_SIV_V1, context)), &mut buffer)
        .map_err(|_| SealError::Provider)?;
    let mut sealed = Vec::with_capacity(1 + NONCE_LEN + buffer.len());
    sealed.push(AES_256_GCM_SIV_V1);
    sealed.extend_from_slice(nonce.as_ref());
    sealed.extend_from_slice(&buffer);
    Ok(sealed)
}

pub(super) fn open_bytes(
    key: &KeyBytes,
    context: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (&version, rest) = sealed.split_first().ok_or(SealError::Malformed)?;
    if version != AES_256_GCM_SIV_V1 {
        return Err(SealError::Malformed);
    }
    let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Malformed)?;
    let mut buffer = Zeroizing::new(body.to_vec());
    let length = cipher(key)?
        .open_in_place(Nonce::from(nonce), Aad::from(versioned(version, context)), &mut buffer)
        .map_err(|_| SealError::Refused)?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

fn cipher(key: &KeyBytes) -> Result<RandomizedNonceKey, SealError> {
    RandomizedNonceKey::new(&AES_256_GCM_SIV, key.as_slice()).map_err(|_| SealError::Provider)
}

fn versioned(version: u8, context: &[u8]) -> Vec<u8> {
    let mut bound = Vec::with_capacity(1 + context.len());
    bound.push(version);
    bound.extend_from_slice(context);
    bound
}

/// Takes 32 random bytes from the provider's generator.
pub(super) fn random_key() -> Result<KeyBytes, SealError> {
    let mut key = KeyBytes::new([0; 32]);
    if aws_lc_rs::rand::fill(key.as_mut_slice()).is_err() {
        key.zeroize();
        return Err(SealError::Provider);
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::Keyring;

    const NAME: Field = Field::column("person.name");
    const NOTE: Field = Field::column("contact.note");

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn key(network: u128, person: u128) -> (Keyring, PersonKey, WrappedKey) {
        let keyring = Keyring::generate().unwrap();
        let (key, wrapped) = keyring.new_person_key(id(network), id(person)).unwrap();
        (keyring, key, wrapped)
    }

    #[test]
    fn what_is_sealed_opens_again() {
        let (keyring, key, wrapped) = key(1, 2);
        let sealed = key.seal_text(NAME, "Jo Park").unwrap();
        assert!(!sealed.windows(4).any(|part| part == b"Park"));
        let reopened = keyring.unwrap_person_key(id(1), id(2), &wrapped).unwrap();
        assert_eq!(reopened.open_text(NAME, &sealed).unwrap(), "Jo Park");
        assert_eq!(reopened.open_text(NAME, &key.seal_text(NAME, "").unwrap()).unwrap(), "");
    }

    #[test]
    fn the_same_text_never_seals_to_the_same_bytes() {
        let (_, key, _) = key(1, 2);
        assert_ne!(key.seal_text(NAME, "Jo Park").unwrap(), key.seal_text(NAME, "Jo Park").unwrap());
    }

    #[test]
    fn json_is_sealed_and_opened() {
        let (_, key, _) = key(1, 2);
        let sealed = key.seal_json(NAME, &vec!["Jo", "Park"]).unwrap();
        assert_eq!(key.open_json::<Vec<String>>(NAME, &sealed).unwrap(), ["Jo", "Park"]);
        assert_eq!(key.open_json::<u32>(NAME, &sealed), Err(SealError::Shape));
    }

    #[test]
    fn a_value_moved_to_another_column_is_refused() {
        let (_, key, _) = key(1, 2);
        let sealed = key.seal_text(NAME, "Jo Park").unwrap();
        assert_eq!(key.open_text(NOTE, &sealed), Err(SealError::Refused));
    }

    #[test]
    fn a_value_moved_to_another_row_is_refused() {
        let (_, key, _) = key(1, 2);
        let sealed = key.seal_text(Field::of_row("contact.note", id(7)), "rang").unwrap();
        assert_eq!(key.open_text(Field::of_row("contact.note", id(8)), &sealed), Err(SealError::Refused));
        assert_eq!(key.open_text(NOTE, &sealed), Err(SealError::Refused));
    }

    #[test]
    fn a_value_of_another_person_or_network_is_refused() {
        let (_, key, _) = key(1, 2);
        let sealed = key.seal_text(NAME, "Jo Park").unwrap();
        let other_person = PersonKey::new(key.key.clone(), id(1), id(3));
        let other_network = PersonKey::new(key.key.clone(), id(9), id(2));
        assert_eq!(other_person.open_text(NAME, &sealed), Err(SealError::Refused));
        assert_eq!(other_network.open_text(NAME, &sealed), Err(SealError::Refused));
    }

    #[test]
    fn every_altered_byte_is_noticed() {
        let (_, key, _) = key(1, 2);
        let sealed = key.seal_text(NAME, "Jo Park").unwrap();
        for position in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[position] ^= 1;
            assert!(key.open(NAME, &altered).is_err(), "byte {position}");
        }
        for length in 0..sealed.len() {
            assert!(key.open(NAME, &sealed[..length]).is_err(), "length {length}");
        }
    }

    #[test]
    fn the_key_shows_nothing_when_printed() {
        let (_, key, _) = key(1, 2);
        assert_eq!(format!("{key:?}"), "PersonKey(redacted)");
    }
}
