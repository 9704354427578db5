//! The Ed25519 keys that sign access tokens, as a timetable: each key says from when it signs. It is published before
//! that, so that nobody meets a signature they do not know, and verifies until the last token it signed has expired.
//! It owns their private file; it refuses any other algorithm, and never takes a key from a token.

use std::path::{Path, PathBuf};

use aws_lc_rs::encoding::AsBigEndian;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::signing_key_file as file;
use crate::seal::private_file::{self, PrivateFileError};
use crate::seal::{Keyring, is_regular};

/// A key waits so long before it signs: every server has read the file by then (a minute), and every copy of the
/// published keys has been fetched anew (five minutes).
pub const PUBLISHED_FIRST: SignedDuration = SignedDuration::from_mins(10);
/// The life of a token, and a minute for clocks that differ.
const VERIFIES_AFTER: SignedDuration = SignedDuration::from_mins(11);

#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    #[error("failed to read or write signing key file {}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("signing key file {} is open to others (mode {mode:o}); make it 0600", path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("signing key file is not valid near line {line}, column {column}")]
    Malformed { line: usize, column: usize },
    #[error("signing key file has format {found}, this release reads formats 1 and 2")]
    Format { found: u32 },
    #[error("signing key number {position} is not an Ed25519 key in PKCS #8 and base64")]
    Key { position: usize },
    #[error("signing key number {position} is too regular to be random")]
    Weak { position: usize },
    #[error("signing key number {position} is there twice")]
    Repeated { position: usize },
    #[error(
        "signing key number {position} is a key of the key ring as well; make another with `trellis keygen`"
    )]
    Reused { position: usize },
    #[error("two signing keys begin to sign at the same instant")]
    Overlap,
    #[error("current signing key is not among the keys")]
    NoCurrent,
    #[error("the next signing key is there already, and signs from {from}")]
    NextWaits { from: Timestamp },
    #[error("cryptographic provider failed")]
    Provider,
}

/// One key. Its id is the fingerprint of its public half, so that one id can never mean two keys.
pub(super) struct SigningKey {
    pub(super) id: String,
    pub(super) pkcs8: Zeroizing<Vec<u8>>,
    pub(super) public: Vec<u8>,
    seed: Zeroizing<Vec<u8>>,
    pub(super) signs_from: Timestamp,
    /// None for the last one.
    pub(super) verifies_until: Option<Timestamp>,
}

/// Never empty; in the order in which they sign.
pub struct SigningKeys {
    pub(super) keys: Vec<SigningKey>,
}

/// What may be told of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTimes {
    pub id: String,
    pub signs_from: Timestamp,
    pub verifies_until: Option<Timestamp>,
}

impl SigningKeys {
    /// One key that signs at once: there is nobody yet who would have to know it first.
    pub fn generate(now: Timestamp) -> Result<Self, SigningKeyError> {
        Self::in_order(vec![SigningKey::fresh(now)?])
    }

    pub fn load(path: &Path) -> Result<Self, SigningKeyError> {
        let text = private_file::read(path).map_err(|error| at(path, error))?;
        file::parse(&text)
    }

    /// Loads the file, or writes a new one (0600) if there is none. Safe when two processes start at once.
    pub fn load_or_generate(path: &Path, now: Timestamp) -> Result<Self, SigningKeyError> {
        match Self::load(path) {
            Err(SigningKeyError::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                let contents = file::render(&Self::generate(now)?)?;
                private_file::create(path, &contents).map_err(|error| at(path, error.into()))?;
                Self::load(path)
            }
            loaded => loaded,
        }
    }

    /// With the next key, which is published now and signs later, and without those whose last token has expired.
    pub fn rotated(self, now: Timestamp) -> Result<Self, SigningKeyError> {
        if let Some(waiting) = self.keys.last().filter(|key| key.signs_from > now) {
            return Err(SigningKeyError::NextWaits { from: waiting.signs_from });
        }
        let from = now.checked_add(PUBLISHED_FIRST).map_err(|_| SigningKeyError::Provider)?;
        let mut keys: Vec<_> = self.keys.into_iter().filter(|key| key.verifies_at(now)).collect();
        keys.push(SigningKey::fresh(from)?);
        Self::in_order(keys)
    }

    pub fn save(&self, path: &Path) -> Result<(), SigningKeyError> {
        private_file::replace(path, &file::render(self)?).map_err(|error| at(path, error.into()))
    }

    /// No key of one purpose may serve another.
    pub fn apart_from(self, keyring: &Keyring) -> Result<Self, SigningKeyError> {
        match self.keys.iter().position(|key| keyring.holds(&key.seed)) {
            Some(index) => Err(SigningKeyError::Reused { position: index + 1 }),
            None => Ok(self),
        }
    }

    pub fn times(&self) -> Vec<KeyTimes> {
        let told = |key: &SigningKey| KeyTimes {
            id: key.id.clone(),
            signs_from: key.signs_from,
            verifies_until: key.verifies_until,
        };
        self.keys.iter().map(told).collect()
    }

    pub(super) fn in_order(mut keys: Vec<SigningKey>) -> Result<Self, SigningKeyError> {
        keys.sort_by_key(|key| key.signs_from);
        let next: Vec<Timestamp> = keys.iter().skip(1).map(|key| key.signs_from).collect();
        if keys.iter().zip(&next).any(|(key, next)| key.signs_from == *next) {
            return Err(SigningKeyError::Overlap);
        }
        for (key, next) in keys.iter_mut().zip(next) {
            key.verifies_until = Some(next.checked_add(VERIFIES_AFTER).unwrap_or(Timestamp::MAX));
        }
        if keys.is_empty() { Err(SigningKeyError::NoCurrent) } else { Ok(Self { keys }) }
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SigningKeys").field("times", &self.times()).finish_non_exhaustive()
    }
}

impl SigningKey {
    fn fresh(signs_from: Timestamp) -> Result<Self, SigningKeyError> {
        let document =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| SigningKeyError::Provider)?;
        Self::of(Zeroizing::new(document.as_ref().to_vec()), signs_from)
    }

    pub(super) fn of(pkcs8: Zeroizing<Vec<u8>>, signs_from: Timestamp) -> Result<Self, SigningKeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|_| SigningKeyError::Provider)?;
        let seed = pair.seed().and_then(|seed| seed.as_be_bytes()).map_err(|_| SigningKeyError::Provider)?;
        let public = pair.public_key().as_ref().to_vec();
        let (id, seed) = (key_id(&public), Zeroizing::new(seed.as_ref().to_vec()));
        Ok(Self { id, pkcs8, public, seed, signs_from, verifies_until: None })
    }

    pub(super) fn is_weak(&self) -> bool {
        is_regular(&self.seed)
    }

    pub(super) fn verifies_at(&self, now: Timestamp) -> bool {
        self.verifies_until.is_none_or(|until| now < until)
    }

    /// The public half as a JSON Web Key.
    pub(super) fn jwk(&self) -> serde_json::Value {
        serde_json::json!({
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
            "kid": self.id, "x": URL_SAFE_NO_PAD.encode(&self.public),
        })
    }
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

    fn now() -> Timestamp {
        "2026-03-04T09:00:00Z".parse().unwrap()
    }

    fn ids(keys: &SigningKeys) -> Vec<String> {
        keys.keys.iter().map(|key| key.id.clone()).collect()
    }

    #[test]
    fn a_new_file_is_private_read_again_and_rotated() {
        let folder = std::env::temp_dir().join(format!("trellis-signing-{}", std::process::id()));
        let path = folder.join("signing.json");
        let first = SigningKeys::load_or_generate(&path, now()).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let second = SigningKeys::load_or_generate(&path, now()).unwrap();
        assert_eq!(first.times(), second.times());
        second.rotated(now()).unwrap().save(&path).unwrap();
        let third = SigningKeys::load(&path).unwrap();
        assert_eq!(ids(&third)[0], ids(&first)[0]);
        assert_eq!(third.times()[1].signs_from, now() + PUBLISHED_FIRST);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(SigningKeys::load(&path), Err(SigningKeyError::Exposed { .. })));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn an_old_key_goes_once_its_last_token_has_expired_and_not_before() {
        let keys = SigningKeys::generate(now()).unwrap();
        let old = ids(&keys)[0].clone();
        let keys = keys.rotated(now()).unwrap();
        let changed = now() + PUBLISHED_FIRST;
        let keys = keys.rotated(changed + SignedDuration::from_mins(10)).unwrap();
        assert_eq!((keys.keys.len(), &ids(&keys)[0]), (3, &old));
        let keys = keys.rotated(changed + SignedDuration::from_mins(20)).unwrap();
        assert_eq!(keys.keys.len(), 3);
        assert!(!ids(&keys).contains(&old));
    }

    #[test]
    fn one_next_key_waits_at_a_time() {
        let keys = SigningKeys::generate(now()).unwrap().rotated(now()).unwrap();
        let again = keys.rotated(now() + SignedDuration::from_mins(9));
        assert!(matches!(again, Err(SigningKeyError::NextWaits { .. })), "{again:?}");
    }

    #[test]
    fn a_key_that_seals_does_not_sign() {
        let keyring = Keyring::generate().unwrap();
        let keys = SigningKeys::generate(now()).unwrap().apart_from(&keyring).unwrap();
        let shared = Keyring::with_index_key(&keys.keys[0].seed);
        assert!(matches!(keys.apart_from(&shared), Err(SigningKeyError::Reused { position: 1 })));
    }
}
