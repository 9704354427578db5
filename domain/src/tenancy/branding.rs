//! How an organisation shows itself to its own people, and to whoever it invites: a name, a short line, a colour, a logo. Part
//! of its settings, so each change has its day and its place in the history. Colours are judged by WCAG 2.2.

use crate::kernel::{BrandLine, BrandName};

/// All of it may be left out: then the registered name and the product's own colour stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branding {
    pub display_name: Option<BrandName>,
    pub short_line: Option<BrandLine>,
    pub accent: Option<Accent>,
    pub logo: Option<LogoDigest>,
}

impl Branding {
    /// White words stand on the colour.
    pub fn is_readable(&self) -> bool {
        self.accent.is_none_or(Accent::carries_white)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a colour such as #0b4f4a")]
pub struct InvalidAccent;

/// An opaque colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent([u8; 3]);

/// WCAG 2.2, success criterion 1.4.3, for words of ordinary size.
const LEAST_CONTRAST: f64 = 4.5;

impl Accent {
    /// `#rrggbb`, in small or capital letters.
    pub fn parse(text: &str) -> Result<Self, InvalidAccent> {
        let digits = text.trim().strip_prefix('#').ok_or(InvalidAccent)?;
        octets(digits).map(Self).ok_or(InvalidAccent)
    }

    /// `0b4f4a`.
    pub fn hex(self) -> String {
        hex(&self.0)
    }

    /// From 1 (white itself) to 21 (black): WCAG's "contrast ratio", whose lighter colour is white here.
    pub fn contrast_to_white(self) -> f64 {
        1.05 / (self.luminance() + 0.05)
    }

    pub fn carries_white(self) -> bool {
        self.contrast_to_white() >= LEAST_CONTRAST
    }

    /// WCAG's "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl std::fmt::Display for Accent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.hex())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the digest of a logo")]
pub struct InvalidLogo;

/// SHA-256 of a logo as it is kept: its name, and its address for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogoDigest([u8; 32]);

impl LogoDigest {
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn parse(text: &str) -> Result<Self, InvalidLogo> {
        octets(text).map(Self).ok_or(InvalidLogo)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub fn hex(&self) -> String {
        hex(&self.0)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Exactly as many as are asked for.
fn octets<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut octets = [0; N];
    for (at, octet) in octets.iter_mut().enumerate() {
        *octet = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(colour: &str) -> f64 {
        Accent::parse(colour).unwrap().contrast_to_white()
    }

    #[test]
    fn contrast_is_what_the_guideline_says_it_is() {
        // The ends of the scale, and the greys on either side of 4.5 that WCAG's own tools quote.
        assert!((contrast("#ffffff") - 1.0).abs() < 0.001);
        assert!((contrast("#000000") - 21.0).abs() < 0.001);
        assert!((contrast("#767676") - 4.54).abs() < 0.005);
        assert!((contrast("#777777") - 4.48).abs() < 0.005);
        assert!((contrast("#ff0000") - 3.998).abs() < 0.005);
    }

    #[test]
    fn a_colour_on_which_white_words_fade_is_not_readable() {
        let with = |colour| Branding { accent: Some(Accent::parse(colour).unwrap()), ..Branding::default() };
        assert!(with("#767676").is_readable());
        assert!(!with("#777777").is_readable());
        assert!(Branding::default().is_readable());
    }

    #[test]
    fn only_six_digits_behind_a_hash_are_a_colour() {
        assert_eq!(Accent::parse(" #0B4F4A ").unwrap().to_string(), "#0b4f4a");
        for other in ["", "#fff", "0b4f4a", "#0b4f4g", "#0b4f4a00", "red", "#é1234", "#+1+2+3", "url(x)"] {
            assert_eq!(Accent::parse(other), Err(InvalidAccent), "{other}");
        }
    }

    #[test]
    fn a_logo_is_named_by_its_digest() {
        let digest = LogoDigest::new([0xab; 32]);
        assert_eq!(LogoDigest::parse(&digest.hex()), Ok(digest));
        assert_eq!(LogoDigest::parse("ab"), Err(InvalidLogo));
    }
}
