//! Random secrets handed to a browser, a mail or a partner, and six-digit codes.
//! Only a digest is ever stored; comparing takes the same time whatever the difference.
//! It refuses to decide how long a secret lives or how often a code may be tried.

use std::fmt;

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use trellis_domain::kernel::StoreError;
use uuid::Uuid;
use zeroize::Zeroizing;

const SECRET_BYTES: usize = 32;
const CODE_DIGITS: usize = 6;
const CODES: u32 = 1_000_000;
const SALT_BYTES: usize = 16;
const DIGEST_BYTES: usize = 32;

#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum SecretError {
    #[error("secret is not of the expected kind or form")]
    Malformed,
    #[error("random generator failed")]
    Provider,
}

impl From<SecretError> for StoreError {
    fn from(error: SecretError) -> Self {
        Self::Fault(Box::new(error))
    }
}

/// What a secret opens. Its prefix lets leaked ones be recognised and keeps one kind from standing in for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretPurpose {
    Session,
    Refresh,
    /// The link in a mail that shows a request to a provider.
    RequestLink,
    /// The link in a mail that asks somebody to join.
    Invitation,
    /// A browser that has passed the six-digit check.
    Device,
    /// The token of a form, against requests forged by other sites.
    Form,
    PartnerClient,
    /// Half a sign-in: the second proof is due.
    Ticket,
    /// What a device was asked to sign.
    Challenge,
    /// The cookie of the browser that began a sign-in at a provider.
    SignInBrowser,
    /// What comes back with that browser from the provider.
    SignInState,
}

impl SecretPurpose {
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "tr_session_",
            Self::Refresh => "tr_refresh_",
            Self::RequestLink => "tr_request_",
            Self::Invitation => "tr_invite_",
            Self::Device => "tr_device_",
            Self::Form => "tr_form_",
            Self::PartnerClient => "tr_client_",
            Self::Ticket => "tr_ticket_",
            Self::Challenge => "tr_challenge_",
            Self::SignInBrowser => "tr_browser_",
            Self::SignInState => "tr_state_",
        }
    }
}

/// 256 random bits in base64url behind the prefix of their purpose. Never printed by `Debug`.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn generate(purpose: SecretPurpose) -> Result<Self, SecretError> {
        let mut bytes = Zeroizing::new([0_u8; SECRET_BYTES]);
        aws_lc_rs::rand::fill(bytes.as_mut_slice()).map_err(|_| SecretError::Provider)?;
        let mut text = Zeroizing::new(String::with_capacity(64));
        text.push_str(purpose.prefix());
        URL_SAFE_NO_PAD.encode_string(bytes.as_slice(), &mut text);
        Ok(Self(text))
    }

    /// Accepts only the exact form `generate` gives, so that odd input never reaches the database.
    pub fn parse(purpose: SecretPurpose, text: &str) -> Result<Self, SecretError> {
        let body = text.strip_prefix(purpose.prefix()).ok_or(SecretError::Malformed)?;
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(body).map_err(|_| SecretError::Malformed)?);
        if bytes.len() != SECRET_BYTES {
            return Err(SecretError::Malformed);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// To hand to its owner, once.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up. A plain hash is enough for 256 random bits.
    pub fn digest(&self) -> SecretDigest {
        let mut bytes = [0_u8; DIGEST_BYTES];
        for (target, source) in
            bytes.iter_mut().zip(digest::digest(&digest::SHA256, self.0.as_bytes()).as_ref())
        {
            *target = *source;
        }
        SecretDigest(bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(redacted)")
    }
}

/// SHA-256 of a secret. Equality takes the same time whatever the difference.
#[derive(Debug, Clone, Copy)]
pub struct SecretDigest([u8; DIGEST_BYTES]);

impl SecretDigest {
    pub fn from_stored(bytes: &[u8]) -> Result<Self, SecretError> {
        bytes.try_into().map(Self).map_err(|_| SecretError::Malformed)
    }

    pub fn as_bytes(&self) -> &[u8; DIGEST_BYTES] {
        &self.0
    }
}

impl PartialEq for SecretDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretDigest {}

/// Six random digits to be typed. Guessable in a million tries, so the caller limits tries and time.
#[derive(Clone)]
pub struct ShortCode(Zeroizing<String>);

impl ShortCode {
    pub fn generate() -> Result<Self, SecretError> {
        // Draws that would favour the lower codes are thrown away.
        let fair = u32::MAX - u32::MAX % CODES;
        loop {
            let mut bytes = [0_u8; 4];
            aws_lc_rs::rand::fill(&mut bytes).map_err(|_| SecretError::Provider)?;
            let draw = u32::from_be_bytes(bytes);
            if draw < fair {
                return Ok(Self(Zeroizing::new(format!("{:06}", draw % CODES))));
            }
        }
    }

    /// Accepts the code as people type it, with spaces or a dash between the digits.
    pub fn parse(typed: &str) -> Result<Self, SecretError> {
        let code: String =
            typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').take(16).collect();
        let code = Zeroizing::new(code);
        if code.len() == CODE_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(code))
        } else {
            Err(SecretError::Malformed)
        }
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The form to store. `request` is what the code was sent for: it proves nothing for another.
    pub fn stored(&self, request: Uuid) -> Result<StoredCode, SecretError> {
        let mut salt = [0_u8; SALT_BYTES];
        aws_lc_rs::rand::fill(&mut salt).map_err(|_| SecretError::Provider)?;
        let digest = self.digest(request, &salt)?;
        Ok(StoredCode { salt, digest })
    }

    fn digest(&self, request: Uuid, salt: &[u8; SALT_BYTES]) -> Result<[u8; DIGEST_BYTES], SecretError> {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, salt));
        context.update(b"trellis/short-code/1\0");
        context.update(request.as_bytes());
        context.update(self.0.as_bytes());
        context.sign().as_ref().try_into().map_err(|_| SecretError::Provider)
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ShortCode(redacted)")
    }
}

/// Salt and keyed digest of a short code.
#[derive(Debug, Clone, Copy)]
pub struct StoredCode {
    salt: [u8; SALT_BYTES],
    digest: [u8; DIGEST_BYTES],
}

impl StoredCode {
    pub fn matches(&self, request: Uuid, typed: &ShortCode) -> bool {
        typed.digest(request, &self.salt).is_ok_and(|digest| self.digest.ct_eq(&digest).into())
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        [self.salt.as_slice(), self.digest.as_slice()].concat()
    }

    pub fn from_stored(bytes: &[u8]) -> Result<Self, SecretError> {
        let (salt, digest) = bytes.split_first_chunk::<SALT_BYTES>().ok_or(SecretError::Malformed)?;
        Ok(Self { salt: *salt, digest: digest.try_into().map_err(|_| SecretError::Malformed)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_by_its_digest_and_by_nothing_else() {
        let secret = Secret::generate(SecretPurpose::Session).unwrap();
        assert!(secret.expose().starts_with("tr_session_"));
        assert_eq!(secret.expose().len(), "tr_session_".len() + 43);
        let presented = Secret::parse(SecretPurpose::Session, secret.expose()).unwrap();
        let stored = SecretDigest::from_stored(secret.digest().as_bytes()).unwrap();
        assert_eq!(presented.digest(), stored);
        assert_ne!(Secret::generate(SecretPurpose::Session).unwrap().digest(), stored);
        assert!(SecretDigest::from_stored(&[1; 31]).is_err());
    }

    #[test]
    fn a_secret_of_another_purpose_or_form_is_refused() {
        let secret = Secret::generate(SecretPurpose::Session).unwrap();
        assert!(Secret::parse(SecretPurpose::Refresh, secret.expose()).is_err());
        for text in [
            "",
            "tr_session_",
            "tr_session_abc",
            &format!("{}A", secret.expose()),
            &format!(" {}", secret.expose()),
        ] {
            assert_eq!(
                Secret::parse(SecretPurpose::Session, text).err(),
                Some(SecretError::Malformed),
                "{text}"
            );
        }
    }

    #[test]
    fn secrets_and_codes_show_nothing_when_printed() {
        assert_eq!(format!("{:?}", Secret::generate(SecretPurpose::Form).unwrap()), "Secret(redacted)");
        assert_eq!(format!("{:?}", ShortCode::generate().unwrap()), "ShortCode(redacted)");
    }

    #[test]
    fn a_code_has_six_digits_and_fits_only_its_request() {
        let (request, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let code = ShortCode::generate().unwrap();
        assert!(code.expose().len() == 6 && code.expose().bytes().all(|byte| byte.is_ascii_digit()));
        let stored = StoredCode::from_stored(&code.stored(request).unwrap().to_bytes()).unwrap();
        assert!(stored.matches(request, &code));
        assert!(!stored.matches(other, &code));
        let wrong = if code.expose() == "000000" { "000001" } else { "000000" };
        assert!(!stored.matches(request, &ShortCode::parse(wrong).unwrap()));
        assert_ne!(code.stored(request).unwrap().to_bytes(), code.stored(request).unwrap().to_bytes());
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(ShortCode::parse(" 012 345 ").unwrap().expose(), "012345");
        assert_eq!(ShortCode::parse("012-345").unwrap().expose(), "012345");
        for typed in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert!(ShortCode::parse(typed).is_err(), "{typed}");
        }
    }
}
