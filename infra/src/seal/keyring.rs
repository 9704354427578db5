//! The keys of an installation: key-encryption keys (one current, older ones kept to open what they
//! wrapped) and the index key. It loads, checks, generates and rotates them; it refuses to print them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::error::{KeyringError, SealError};
use super::key_file::{self, KeyBytes, KeySet};
use super::person_key::{PersonKey, WrappedKey, open_bytes, random_key, seal_bytes};
use super::private_file::{self, PrivateFileError};

pub struct Keyring {
    pub(super) set: KeySet,
}

impl Keyring {
    pub fn generate() -> Result<Self, KeyringError> {
        let (id, key) = fresh_key()?;
        let index = random_key().map_err(|_| KeyringError::Provider)?;
        let keys = BTreeMap::from([(id.clone(), key)]);
        Ok(Self { set: KeySet { current: id, keys, index } })
    }

    pub fn load(path: &Path) -> Result<Self, KeyringError> {
        let text = private_file::read(path).map_err(|error| at(path, error))?;
        Ok(Self { set: key_file::parse(&text)? })
    }

    /// Loads the file, or writes a new one (0600) if there is none. Safe when two processes start at once.
    pub fn load_or_generate(path: &Path) -> Result<Self, KeyringError> {
        match Self::load(path) {
            Err(KeyringError::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                let contents = key_file::render(&Self::generate()?.set)?;
                private_file::create(path, &contents).map_err(|error| at(path, error.into()))?;
                Self::load(path)
            }
            loaded => loaded,
        }
    }

    /// The same keyring with a new current key; save it, then rewrap the people at leisure.
    pub fn rotated(mut self) -> Result<Self, KeyringError> {
        let (id, key) = fresh_key()?;
        self.set.keys.insert(id.clone(), key);
        self.set.current = id;
        Ok(self)
    }

    pub fn save(&self, path: &Path) -> Result<(), KeyringError> {
        let contents = key_file::render(&self.set)?;
        private_file::replace(path, &contents).map_err(|error| at(path, error.into()))
    }

    pub fn current_key_id(&self) -> &str {
        &self.set.current
    }

    /// Is this one of its keys? Another purpose must not use it as well.
    pub(crate) fn holds(&self, key: &[u8]) -> bool {
        self.set.keys.values().chain([&self.set.index]).any(|own| bool::from(own.as_slice().ct_eq(key)))
    }

    #[cfg(test)]
    pub(crate) fn with_index_key(key: &[u8]) -> Self {
        let mut keyring = Self::generate().unwrap();
        keyring.set.index.copy_from_slice(key);
        keyring
    }

    pub fn new_person_key(&self, network: Uuid, person: Uuid) -> Result<(PersonKey, WrappedKey), SealError> {
        let key = random_key()?;
        let wrapped = self.wrap(network, person, &key)?;
        Ok((PersonKey::new(key, network, person), wrapped))
    }

    pub fn unwrap_person_key(
        &self,
        network: Uuid,
        person: Uuid,
        wrapped: &WrappedKey,
    ) -> Result<PersonKey, SealError> {
        Ok(PersonKey::new(self.unwrap_bytes(network, person, wrapped)?, network, person))
    }

    /// Wraps a person's key anew under the current key; what the key has sealed stays as it is.
    pub fn rewrap(&self, network: Uuid, person: Uuid, wrapped: &WrappedKey) -> Result<WrappedKey, SealError> {
        let key = self.unwrap_bytes(network, person, wrapped)?;
        self.wrap(network, person, &key)
    }

    pub fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        wrapped.key_id != self.set.current
    }

    fn wrap(&self, network: Uuid, person: Uuid, key: &KeyBytes) -> Result<WrappedKey, SealError> {
        let key_id = self.set.current.clone();
        let bytes = seal_bytes(self.key(&key_id)?, &wrap_context(network, person, &key_id), key.as_slice())?;
        Ok(WrappedKey { key_id, bytes })
    }

    fn unwrap_bytes(&self, network: Uuid, person: Uuid, wrapped: &WrappedKey) -> Result<KeyBytes, SealError> {
        let context = wrap_context(network, person, &wrapped.key_id);
        let opened = open_bytes(self.key(&wrapped.key_id)?, &context, &wrapped.bytes)?;
        let mut key = KeyBytes::new([0; 32]);
        if opened.len() != key.len() {
            return Err(SealError::Malformed);
        }
        key.copy_from_slice(&opened);
        Ok(key)
    }

    pub(super) fn key(&self, id: &str) -> Result<&KeyBytes, SealError> {
        self.set.keys.get(id).ok_or_else(|| SealError::UnknownKey { key_id: id.to_owned() })
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keyring").field("current", &self.set.current).finish_non_exhaustive()
    }
}

fn wrap_context(network: Uuid, person: Uuid, key_id: &str) -> Vec<u8> {
    let mut context = b"trellis/person-key/1\0".to_vec();
    context.extend_from_slice(network.as_bytes());
    context.extend_from_slice(person.as_bytes());
    context.extend_from_slice(key_id.as_bytes());
    context
}

fn fresh_key() -> Result<(String, KeyBytes), KeyringError> {
    let key = random_key().map_err(|_| KeyringError::Provider)?;
    let mut tag = [0_u8; 8];
    aws_lc_rs::rand::fill(&mut tag).map_err(|_| KeyringError::Provider)?;
    Ok((format!("kek-{:016x}", u64::from_be_bytes(tag)), key))
}

fn at(path: &Path, error: PrivateFileError) -> KeyringError {
    let path = path.to_owned();
    match error {
        PrivateFileError::Io(source) => KeyringError::File { path, source },
        PrivateFileError::Exposed { mode } => KeyringError::Exposed { path, mode },
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    use super::*;
    use crate::seal::Field;

    const NAME: Field = Field::column("person.name");

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("trellis-keyring-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn a_new_key_file_is_private_and_is_read_again() {
        let folder = Folder::new("new");
        let path = folder.0.join("deeper/keys.json");
        let first = Keyring::load_or_generate(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let second = Keyring::load_or_generate(&path).unwrap();
        let (key, wrapped) = first.new_person_key(id(1), id(2)).unwrap();
        let sealed = key.seal_text(NAME, "Jo Park").unwrap();
        let reopened = second.unwrap_person_key(id(1), id(2), &wrapped).unwrap();
        assert_eq!(reopened.open_text(NAME, &sealed).unwrap(), "Jo Park");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn a_key_file_others_may_read_is_refused() {
        let folder = Folder::new("open");
        let path = folder.0.join("keys.json");
        Keyring::load_or_generate(&path).unwrap();
        for mode in [0o644, 0o640, 0o604, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(Keyring::load(&path), Err(KeyringError::Exposed { .. })), "{mode:o}");
            assert!(
                matches!(Keyring::load_or_generate(&path), Err(KeyringError::Exposed { .. })),
                "{mode:o}"
            );
        }
    }

    #[test]
    fn an_absent_or_broken_key_file_is_named() {
        let folder = Folder::new("absent");
        let path = folder.0.join("keys.json");
        assert!(matches!(Keyring::load(&path), Err(KeyringError::File { .. })));
        private_file::create(&path, b"{").unwrap();
        assert!(matches!(Keyring::load_or_generate(&path), Err(KeyringError::Malformed { .. })));
    }

    #[test]
    fn after_rotation_old_keys_still_open_and_can_be_wrapped_anew() {
        let folder = Folder::new("rotate");
        let path = folder.0.join("keys.json");
        let before = Keyring::load_or_generate(&path).unwrap();
        let (key, old) = before.new_person_key(id(1), id(2)).unwrap();
        let sealed = key.seal_text(NAME, "Jo Park").unwrap();
        Keyring::load(&path).unwrap().rotated().unwrap().save(&path).unwrap();
        let after = Keyring::load(&path).unwrap();
        assert!(after.needs_rewrap(&old));
        assert_eq!(
            after.unwrap_person_key(id(1), id(2), &old).unwrap().open_text(NAME, &sealed).unwrap(),
            "Jo Park"
        );
        let new = after.rewrap(id(1), id(2), &old).unwrap();
        assert!(!after.needs_rewrap(&new));
        assert_eq!(
            after.unwrap_person_key(id(1), id(2), &new).unwrap().open_text(NAME, &sealed).unwrap(),
            "Jo Park"
        );
        assert!(matches!(before.unwrap_person_key(id(1), id(2), &new), Err(SealError::UnknownKey { .. })));
    }

    #[test]
    fn a_wrapped_key_moved_to_another_person_or_network_is_refused() {
        let keyring = Keyring::generate().unwrap();
        let (_, wrapped) = keyring.new_person_key(id(1), id(2)).unwrap();
        assert_eq!(keyring.unwrap_person_key(id(1), id(3), &wrapped).err(), Some(SealError::Refused));
        assert_eq!(keyring.unwrap_person_key(id(9), id(2), &wrapped).err(), Some(SealError::Refused));
    }

    #[test]
    fn the_keyring_shows_no_key_when_printed() {
        let keyring = Keyring::generate().unwrap();
        let shown = format!("{keyring:?}");
        assert!(shown.starts_with("Keyring { current: \"kek-") && shown.len() < 60, "{shown}");
    }
}
