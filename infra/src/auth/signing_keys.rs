//! The Ed25519 keys that sign access tokens: one signs, the others are still trusted until they are removed.
//! It owns their private file; it refuses any other algorithm, and never takes a key from a token.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::seal::private_file::{self, PrivateFileError};

const FORMAT: u32 = 1;

#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    #[error("failed to read or write signing key file {}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("signing key file {} is open to others (mode {mode:o}); make it 0600", path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("signing key file is not valid near line {line}, column {column}")]
    Malformed { line: usize, column: usize },
    #[error("signing key file has format {found}, this release reads format 1")]
    Format { found: u32 },
    #[error("signing key number {position} is not an Ed25519 key in PKCS #8 and base64")]
    Key { position: usize },
    #[error("current signing key is not among the keys")]
    NoCurrent,
    #[error("cryptographic provider failed")]
    Provider,
}

/// Key ids are fingerprints of the public keys, so that one id can never mean two keys.
pub struct SigningKeys {
    current: String,
    keys: BTreeMap<String, Zeroizing<Vec<u8>>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    format: u32,
    current: &'a str,
    #[serde(borrow)]
    keys: Vec<&'a str>,
}

impl SigningKeys {
    pub fn generate() -> Result<Self, SigningKeyError> {
        let (current, key) = fresh()?;
        Ok(Self { keys: BTreeMap::from([(current.clone(), key)]), current })
    }

    pub fn load(path: &Path) -> Result<Self, SigningKeyError> {
        let text = private_file::read(path).map_err(|error| at(path, error))?;
        Self::parse(&text)
    }

    /// Loads the file, or writes a new one (0600) if there is none. Safe when two processes start at once.
    pub fn load_or_generate(path: &Path) -> Result<Self, SigningKeyError> {
        match Self::load(path) {
            Err(SigningKeyError::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                let contents = Self::generate()?.render()?;
                private_file::create(path, &contents).map_err(|error| at(path, error.into()))?;
                Self::load(path)
            }
            loaded => loaded,
        }
    }

    /// A new current key beside the old ones, whose tokens stay good until they expire.
    pub fn rotated(mut self) -> Result<Self, SigningKeyError> {
        let (current, key) = fresh()?;
        self.keys.insert(current.clone(), key);
        self.current = current;
        Ok(self)
    }

    pub fn save(&self, path: &Path) -> Result<(), SigningKeyError> {
        private_file::replace(path, &self.render()?).map_err(|error| at(path, error.into()))
    }

    pub(super) fn signer(&self) -> Result<(String, EncodingKey), SigningKeyError> {
        let key = self.keys.get(&self.current).ok_or(SigningKeyError::NoCurrent)?;
        Ok((self.current.clone(), EncodingKey::from_ed_der(key)))
    }

    pub(super) fn verifiers(&self) -> Result<BTreeMap<String, DecodingKey>, SigningKeyError> {
        let mut verifiers = BTreeMap::new();
        for (id, key) in &self.keys {
            verifiers.insert(id.clone(), DecodingKey::from_ed_der(&public_key(key)?));
        }
        Ok(verifiers)
    }

    /// The public keys as a JSON Web Key Set.
    pub fn jwks(&self) -> Result<serde_json::Value, SigningKeyError> {
        let mut keys = Vec::with_capacity(self.keys.len());
        for (id, key) in &self.keys {
            keys.push(serde_json::json!({
                "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
                "kid": id, "x": URL_SAFE_NO_PAD.encode(public_key(key)?),
            }));
        }
        Ok(serde_json::json!({ "keys": keys }))
    }

    fn parse(text: &str) -> Result<Self, SigningKeyError> {
        let document: Document<'_> = serde_json::from_str(text)
            .map_err(|error| SigningKeyError::Malformed { line: error.line(), column: error.column() })?;
        if document.format != FORMAT {
            return Err(SigningKeyError::Format { found: document.format });
        }
        let mut keys = BTreeMap::new();
        for (index, encoded) in document.keys.iter().enumerate() {
            let refused = || SigningKeyError::Key { position: index + 1 };
            let key = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| refused())?);
            keys.insert(key_id(&public_key(&key).map_err(|_| refused())?), key);
        }
        if !keys.contains_key(document.current) {
            return Err(SigningKeyError::NoCurrent);
        }
        Ok(Self { current: document.current.to_owned(), keys })
    }

    fn render(&self) -> Result<Zeroizing<Vec<u8>>, SigningKeyError> {
        let encoded: Vec<Zeroizing<String>> =
            self.keys.values().map(|key| Zeroizing::new(STANDARD.encode(key.as_slice()))).collect();
        let keys = encoded.iter().map(|key| key.as_str()).collect();
        let document = Document { format: FORMAT, current: &self.current, keys };
        let mut bytes = Zeroizing::new(Vec::with_capacity(4 * 1024));
        serde_json::to_writer_pretty(&mut *bytes, &document).map_err(|_| SigningKeyError::Provider)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SigningKeys").field("current", &self.current).finish_non_exhaustive()
    }
}

fn fresh() -> Result<(String, Zeroizing<Vec<u8>>), SigningKeyError> {
    let document =
        Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| SigningKeyError::Provider)?;
    let key = Zeroizing::new(document.as_ref().to_vec());
    Ok((key_id(&public_key(&key)?), key))
}

fn public_key(pkcs8: &[u8]) -> Result<Vec<u8>, SigningKeyError> {
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| SigningKeyError::Provider)?;
    Ok(pair.public_key().as_ref().to_vec())
}

fn key_id(public_key: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, public_key);
    let start = digest.as_ref().first_chunk::<12>().copied().unwrap_or_default();
    URL_SAFE_NO_PAD.encode(start)
}

fn at(path: &Path, error: PrivateFileError) -> SigningKeyError {
    let path = path.to_owned();
    match error {
        PrivateFileError::Io(source) => SigningKeyError::File { path, source },
        PrivateFileError::Exposed { mode } => SigningKeyError::Exposed { path, mode },
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_new_file_is_private_read_again_and_rotated() {
        let folder = std::env::temp_dir().join(format!("trellis-signing-{}", std::process::id()));
        let path = folder.join("signing.json");
        let first = SigningKeys::load_or_generate(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let second = SigningKeys::load_or_generate(&path).unwrap();
        assert_eq!(first.current, second.current);
        second.rotated().unwrap().save(&path).unwrap();
        let third = SigningKeys::load(&path).unwrap();
        assert_ne!(third.current, first.current);
        assert!(third.keys.contains_key(&first.current));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(SigningKeys::load(&path), Err(SigningKeyError::Exposed { .. })));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_file_with_a_wrong_key_is_refused_without_quoting_it() {
        let text = r#"{"format":1,"current":"x","keys":["c2VjcmV0"]}"#;
        assert!(matches!(SigningKeys::parse(text), Err(SigningKeyError::Key { position: 1 })));
        let text = r#"{"format":1,"current":"x","keys":[]}"#;
        assert!(matches!(SigningKeys::parse(text), Err(SigningKeyError::NoCurrent)));
        assert!(matches!(SigningKeys::parse("{\"sEcReT\""), Err(SigningKeyError::Malformed { .. })));
    }

    #[test]
    fn published_keys_hold_nothing_private() {
        let keys = SigningKeys::generate().unwrap().rotated().unwrap();
        let published = keys.jwks().unwrap();
        assert_eq!(published["keys"].as_array().unwrap().len(), 2);
        for key in published["keys"].as_array().unwrap() {
            let names: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
        }
    }
}
