//! Sealing of personal data: one key per person, wrapped by a key-encryption key of the installation,
//! plus the keyed blind index that lets sealed values be matched.
//! It owns keys and ciphertext formats; it refuses to know which field means what, or any database.

mod blind_index;
mod derived_key;
mod error;
mod kept_secret;
mod key_file;
mod keyring;
mod person_key;
pub(crate) mod private_file;
mod user_secret;

pub use blind_index::IndexPurpose;
pub use derived_key::DerivedPurpose;
pub use error::{KeyringError, SealError};
pub use kept_secret::{KeptSecret, SecretPlace};
pub(crate) use key_file::is_regular;
pub use keyring::Keyring;
pub use person_key::{Field, PersonKey, WrappedKey};
