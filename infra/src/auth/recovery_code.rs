//! Codes to be printed and kept in a drawer: 120 random bits each, so that a plain digest is enough (ASVS 6.5.2).
//! Each is good once; the caller keeps which.

use std::fmt;

use aws_lc_rs::digest;
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::secret::SecretError;

/// So many are given at a time.
pub const RECOVERY_CODES: usize = 10;
const CODE_BYTES: usize = 15;
const CODE_LETTERS: usize = 24;

/// Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    pub fn generate() -> Result<Self, SecretError> {
        let mut bytes = Zeroizing::new([0_u8; CODE_BYTES]);
        aws_lc_rs::rand::fill(bytes.as_mut_slice()).map_err(|_| SecretError::Provider)?;
        Ok(Self(Zeroizing::new(BASE32_NOPAD.encode(bytes.as_slice()))))
    }

    /// As people type it: in groups or not, in capitals or not.
    pub fn parse(typed: &str) -> Result<Self, SecretError> {
        let letters: String = typed
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .take(CODE_LETTERS + 1)
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        let letters = Zeroizing::new(letters);
        let known = letters.len() == CODE_LETTERS && BASE32_NOPAD.decode(letters.as_bytes()).is_ok();
        if known { Ok(Self(letters)) } else { Err(SecretError::Malformed) }
    }

    /// To be shown to its owner, once: in groups of four.
    pub fn expose(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// What is stored and looked up.
    pub fn digest(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, format!("trellis/recovery-code/1\0{}", *self.0).as_bytes())
            .as_ref()
            .to_vec()
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_again_however_it_is_typed() {
        let code = RecoveryCode::generate().unwrap();
        let shown = code.expose();
        assert_eq!((shown.len(), shown.matches('-').count()), (29, 5), "{shown}");
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            format!(" {} ", shown.replace('-', "")),
        ] {
            assert_eq!(RecoveryCode::parse(&typed).unwrap().digest(), code.digest(), "{typed}");
        }
        assert_ne!(RecoveryCode::generate().unwrap().digest(), code.digest());
        assert_eq!(format!("{code:?}"), "RecoveryCode(redacted)");
    }

    #[test]
    fn what_cannot_be_a_code_is_not_looked_up() {
        for typed in
            ["", "123456", "AAAA-AAAA", "0000-0000-0000-0000-0000-0000", &"A".repeat(25), &"A".repeat(10_000)]
        {
            assert!(RecoveryCode::parse(typed).is_err(), "{typed}");
        }
    }
}
