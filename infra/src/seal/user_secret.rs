//! Secrets of a login that have to be read again, sealed under the current key of the installation. What is sealed opens only
//! for the same user and the same column.

use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::SealError;
use super::keyring::Keyring;
use super::person_key::{WrappedKey, open_bytes, seal_bytes};

impl Keyring {
    /// `column`: `table.column`, authenticated along.
    pub fn seal_for_user(
        &self,
        user: Uuid,
        column: &'static str,
        secret: &[u8],
    ) -> Result<WrappedKey, SealError> {
        let key_id = self.set.current.clone();
        let bytes = seal_bytes(self.key(&key_id)?, &context(user, column, &key_id), secret)?;
        Ok(WrappedKey { key_id, bytes })
    }

    pub fn open_for_user(
        &self,
        user: Uuid,
        column: &'static str,
        sealed: &WrappedKey,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        open_bytes(self.key(&sealed.key_id)?, &context(user, column, &sealed.key_id), &sealed.bytes)
    }
}

fn context(user: Uuid, column: &str, key_id: &str) -> Vec<u8> {
    [b"trellis/user-secret/1\0", user.as_bytes().as_slice(), key_id.as_bytes(), b"\0", column.as_bytes()]
        .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_user_and_column_only_also_after_rotation() {
        let (jo, sam) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let keyring = Keyring::generate().unwrap();
        let sealed = keyring.seal_for_user(jo, "authenticators.sealed_secret", b"seven otters").unwrap();
        let keyring = keyring.rotated().unwrap();
        let open = |user, column| keyring.open_for_user(user, column, &sealed);
        assert_eq!(open(jo, "authenticators.sealed_secret").unwrap().as_slice(), b"seven otters");
        assert_eq!(open(sam, "authenticators.sealed_secret").err(), Some(SealError::Refused));
        assert_eq!(open(jo, "users.name").err(), Some(SealError::Refused));
    }
}
