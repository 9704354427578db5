//! What can go wrong with keys and sealed values. No message carries key material or personal data,
//! which is why the parser's own errors (they quote their input) are reduced to a position.

use std::path::PathBuf;

/// A sealed value or key could not be made or opened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SealError {
    #[error("key-encryption key {key_id} is not in the keyring")]
    UnknownKey { key_id: String },
    #[error("sealed value is altered, misplaced or made with another key")]
    Refused,
    #[error("sealed value has an unknown format")]
    Malformed,
    #[error("opened value does not have the expected shape")]
    Shape,
    #[error("cryptographic provider failed")]
    Provider,
}

/// The key file is not fit for use; the start must stop here.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    #[error("failed to read or write key file {}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("key file {} is open to others (mode {mode:o}); make it 0600", path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("key file is not valid near line {line}, column {column}")]
    Malformed { line: usize, column: usize },
    #[error("key file has format {found}, this release reads format {expected}")]
    Format { found: u32, expected: u32 },
    #[error("key {id} is not 32 bytes in base64")]
    Length { id: String },
    #[error("key {id} is too regular to be random")]
    Weak { id: String },
    #[error("key id {id} is empty, too long, or used twice")]
    Id { id: String },
    #[error("keys {first} and {second} are the same")]
    Repeated { first: String, second: String },
    #[error("current key {id} is not among the keys")]
    NoCurrent { id: String },
    #[error("cryptographic provider failed")]
    Provider,
}
