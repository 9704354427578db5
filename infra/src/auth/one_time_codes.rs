//! Six digits of an app that change every 30 seconds (RFC 6238). Owns the secret's forms and the check of a code; which step
//! was used last is the caller's to keep.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

/// As RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
const DIGITS: u8 = 6;
const STEP_SECONDS: u64 = 30;
/// One step to each side, for clocks that differ.
const SKEW: u16 = 1;
const ISSUER: &str = "Trellis";

#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum CodeAppError {
    #[error("the secret of an authenticator app is not usable")]
    Secret,
    #[error("random generator failed")]
    Provider,
    #[error("the QR code could not be drawn")]
    Drawing,
}

/// An app that shows codes, as the server knows it. Never printed by `Debug`.
pub struct CodeApp {
    secret: Zeroizing<Vec<u8>>,
    totp: Totp,
}

impl std::fmt::Debug for CodeApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeApp(redacted)")
    }
}

impl CodeApp {
    pub fn generate(account: &str) -> Result<Self, CodeAppError> {
        let mut secret = Zeroizing::new(vec![0_u8; SECRET_BYTES]);
        aws_lc_rs::rand::fill(secret.as_mut_slice()).map_err(|_| CodeAppError::Provider)?;
        Self::of(secret, account)
    }

    /// `account`: what the app calls it, the e-mail address.
    pub fn of(secret: Zeroizing<Vec<u8>>, account: &str) -> Result<Self, CodeAppError> {
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(SKEW)
            .with_step_duration(STEP_SECONDS)
            .with_secret(secret.to_vec())
            .with_issuer(Some(ISSUER))
            .with_account_name(account)
            .build()
            .map_err(|_| CodeAppError::Secret)?;
        Ok(Self { secret, totp })
    }

    /// To be sealed.
    pub fn secret(&self) -> &[u8] {
        &self.secret
    }

    /// To be typed into an app, in groups of four.
    pub fn typed(&self) -> String {
        let letters: Vec<char> = BASE32_NOPAD.encode(&self.secret).chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// `otpauth://totp/…`, for an app on the same device.
    pub fn address(&self) -> Result<String, CodeAppError> {
        self.totp.to_url().map_err(|_| CodeAppError::Secret)
    }

    /// The same to be photographed: an SVG image as a `data:` address, for `<img>`, in which nothing can run.
    pub fn picture(&self) -> Result<String, CodeAppError> {
        let code = QrCode::new(self.address()?.as_bytes()).map_err(|_| CodeAppError::Drawing)?;
        let drawn = code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build();
        Ok(format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawn)))
    }

    /// The step whose code was typed, if it is one of now and later than the last that counted.
    pub fn step_of(&self, typed: &str, last_step: i64, now: Timestamp) -> Option<i64> {
        let digits: String =
            typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').take(16).collect();
        if digits.len() != usize::from(DIGITS) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let seconds = u64::try_from(now.as_second()).ok()?;
        let step = self.totp.check(&digits, seconds)?;
        i64::try_from(step).ok().filter(|step| *step > last_step)
    }

    /// What the app shows at that instant. For the demo, whose people have no telephones, and for tests.
    pub fn shown(&self, now: Timestamp) -> String {
        self.totp.generate(u64::try_from(now.as_second()).unwrap_or_default()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    fn app() -> CodeApp {
        CodeApp::of(Zeroizing::new(b"12345678901234567890".to_vec()), "jo@example.org").unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of its eight digits.
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(app().shown(at(second)), code);
            assert_eq!(app().step_of(code, 0, at(second)), Some(second / 30));
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_further() {
        let (now, step) = (at(1_111_111_109), 1_111_111_109 / 30);
        let code = app().shown(now);
        for (seconds, taken) in [(-61, false), (-30, true), (0, true), (30, true), (61, false)] {
            let then = now + SignedDuration::from_secs(seconds);
            assert_eq!(app().step_of(&code, 0, then).is_some(), taken, "{seconds}");
        }
        assert_eq!(app().step_of(&code, step, now), None, "each step counts once");
        assert_eq!(app().step_of(&code, step - 1, now), Some(step));
    }

    #[test]
    fn a_code_is_read_as_people_type_it_and_nothing_else_is() {
        let now = at(1_234_567_890);
        assert!(app().step_of(" 005 924 ", 0, now).is_some());
        for typed in ["", "00592", "0059240", "00592a", "٠٠٥٩٢٤", "5924"] {
            assert_eq!(app().step_of(typed, 0, now), None, "{typed}");
        }
    }

    #[test]
    fn an_app_learns_its_secret_by_picture_by_address_or_by_hand() {
        let app = app();
        assert_eq!(app.typed(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let address = app.address().unwrap();
        assert!(
            address.starts_with("otpauth://totp/Trellis")
                && address.contains("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
            "{address}"
        );
        assert!(app.picture().unwrap().starts_with("data:image/svg+xml;base64,"));
        assert_ne!(
            CodeApp::generate("a@example.org").unwrap().secret(),
            CodeApp::generate("a@example.org").unwrap().secret()
        );
        assert_eq!(format!("{app:?}"), "CodeApp(redacted)");
    }
}
