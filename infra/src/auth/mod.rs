//! Proofs of who is asking: password hashes, access tokens, opaque secrets and short codes.
//! It owns their formats and checks; it refuses to know users, sessions or what anybody may do.

mod crypto_provider;
mod device_words;
mod one_time_codes;
mod passkeys;
mod password;
mod password_rules;
mod recovery_code;
mod request_digest;
mod secret;
mod seen_tokens;
mod signing_key_file;
mod signing_keys;
mod token;

pub use crypto_provider::install_crypto_provider;
pub use device_words::device_words;
pub use one_time_codes::{CodeApp, CodeAppError};
pub use passkeys::{Challenge, NewPasskey, PasskeyError, Passkeys};
pub use password::{PasswordError, Passwords};
pub use password_rules::{
    LONGEST_PASSWORD, PasswordRefusal, PasswordStands, SHORTEST_BESIDE_ANOTHER, SHORTEST_PASSWORD,
    check_new_password, is_short, is_weak_secret,
};
pub use recovery_code::{RECOVERY_CODES, RecoveryCode};
pub use request_digest::request_digest;
pub use secret::{Secret, SecretDigest, SecretError, SecretPurpose, ShortCode, StoredCode};
pub use signing_keys::{KeyTimes, PUBLISHED_FIRST, SigningKeyError, SigningKeys};
pub use token::{ACCESS_TOKEN_LIFETIME, AccessClaims, AccessTokens, TokenError};
