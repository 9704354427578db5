//! Secrets of an installation that must be read again, such as the one a provider knows us by: sealed under the current
//! key-encryption key, and bound to the row that they stand in.

use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::SealError;
use super::keyring::Keyring;
use super::person_key::{open_bytes, seal_bytes};

/// Where a secret stands: its column, and the row that it is about.
#[derive(Debug, Clone, Copy)]
pub struct SecretPlace {
    pub column: &'static str,
    pub row: Uuid,
}

/// As it is stored: under the key named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSecret {
    pub key_id: String,
    pub bytes: Vec<u8>,
}

impl Keyring {
    pub fn keep_secret(&self, place: SecretPlace, secret: &str) -> Result<KeptSecret, SealError> {
        let key_id = self.set.current.clone();
        let bytes = seal_bytes(self.key(&key_id)?, &context(place, &key_id), secret.as_bytes())?;
        Ok(KeptSecret { key_id, bytes })
    }

    pub fn kept_secret(&self, place: SecretPlace, kept: &KeptSecret) -> Result<Zeroizing<String>, SealError> {
        let opened = open_bytes(self.key(&kept.key_id)?, &context(place, &kept.key_id), &kept.bytes)?;
        std::str::from_utf8(&opened).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| SealError::Shape)
    }
}

fn context(place: SecretPlace, key_id: &str) -> Vec<u8> {
    let mut context = b"trellis/kept-secret/1\0".to_vec();
    context.extend_from_slice(place.row.as_bytes());
    context.extend_from_slice(place.column.as_bytes());
    context.push(0);
    context.extend_from_slice(key_id.as_bytes());
    context
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: SecretPlace = SecretPlace { column: "providers.secret", row: Uuid::from_u128(1) };

    #[test]
    fn a_secret_opens_where_it_was_kept_and_nowhere_else() {
        let keyring = Keyring::generate().unwrap();
        let kept = keyring.keep_secret(HERE, "quiet otters").unwrap();
        assert!(!kept.bytes.windows(6).any(|part| part == b"otters"));
        let keyring = keyring.rotated().unwrap();
        assert_eq!(keyring.kept_secret(HERE, &kept).unwrap().as_str(), "quiet otters");
        let elsewhere =
            [SecretPlace { row: Uuid::from_u128(2), ..HERE }, SecretPlace { column: "other", ..HERE }];
        for place in elsewhere {
            assert_eq!(keyring.kept_secret(place, &kept).err(), Some(SealError::Refused));
        }
    }
}
