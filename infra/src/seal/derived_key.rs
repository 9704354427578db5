//! Keys for other purposes, derived from the installation's own: each purpose has one, and none tells of another.
//! They outlive the rotation of the key-encryption keys, so what they signed stays good.

use aws_lc_rs::{hkdf, hmac};

use super::error::SealError;
use super::keyring::Keyring;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DerivedPurpose {
    /// Signs the token of the link in a mail to a provider.
    RequestLink,
    /// Signs the token of the link in an invitation.
    InvitationLink,
    /// Signs the token of the link of an application to join.
    ApplicationLink,
    /// Makes the six digits that verify a device.
    DeviceCode,
    /// Signs the token of the link in a mail to a login.
    LoginLink,
    /// Makes, from the secret in a browser's cookie, what a sign-in at a provider is proved by.
    SignInCeremony,
}

impl DerivedPurpose {
    /// Part of the key derivation: never change one, never use one twice.
    const fn label(self) -> &'static str {
        match self {
            Self::RequestLink => "request-link",
            Self::InvitationLink => "invitation-link",
            Self::ApplicationLink => "application-link",
            Self::DeviceCode => "device-code",
            Self::LoginLink => "login-link",
            Self::SignInCeremony => "sign-in-ceremony",
        }
    }
}

impl Keyring {
    pub fn derived_key(&self, purpose: DerivedPurpose) -> Result<hmac::Key, SealError> {
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"trellis/derived-key/1")
            .extract(self.set.index.as_slice())
            .expand(&[purpose.label().as_bytes()], hmac::HMAC_SHA256)
            .map(hmac::Key::from)
            .map_err(|_| SealError::Provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_and_each_installation_has_its_own_key_and_rotation_keeps_it() {
        let sign = |keyring: &Keyring, purpose| {
            hmac::sign(&keyring.derived_key(purpose).unwrap(), b"x").as_ref().to_vec()
        };
        let keyring = Keyring::generate().unwrap();
        let link = sign(&keyring, DerivedPurpose::RequestLink);
        assert_ne!(link, sign(&keyring, DerivedPurpose::DeviceCode));
        assert_ne!(link, sign(&Keyring::generate().unwrap(), DerivedPurpose::RequestLink));
        assert_eq!(link, sign(&keyring.rotated().unwrap(), DerivedPurpose::RequestLink));
    }
}
