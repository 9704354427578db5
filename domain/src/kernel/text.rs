//! Text that people type: one line, or prose. Trimmed, bounded, free of control characters.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    #[error("must not be empty")]
    Empty,
    #[error("must be at most {max} characters")]
    TooLong { max: usize },
    #[error("must not hold control characters")]
    ControlCharacter,
}

fn checked(text: &str, max: usize, allow_breaks: bool) -> Result<String, InvalidText> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(InvalidText::Empty);
    }
    if text.chars().count() > max {
        return Err(InvalidText::TooLong { max });
    }
    if text.chars().any(|c| c.is_control() && !(allow_breaks && matches!(c, '\n' | '\t'))) {
        return Err(InvalidText::ControlCharacter);
    }
    Ok(text)
}

macro_rules! define_text {
    ($(#[$doc:meta])* $name:ident, $max:literal, $breaks:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub const MAX: usize = $max;

            pub fn parse(text: &str) -> Result<Self, InvalidText> {
                checked(text, $max, $breaks).map(Self)
            }

            /// `None` for text that is empty after trimming.
            pub fn parse_optional(text: Option<&str>) -> Result<Option<Self>, InvalidText> {
                text.filter(|t| !t.trim().is_empty()).map(Self::parse).transpose()
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidText;
            fn try_from(text: String) -> Result<Self, InvalidText> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        /// What people type may be about somebody, so it never shows in a log.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

define_text!(/// One line of at most 200 characters.
    Line, 200, false);
define_text!(/// What an organisation calls itself on a page.
    BrandName, 60, false);
define_text!(/// One short line below it.
    BrandLine, 100, false);
define_text!(/// Free text of at most 4,000 characters.
    Prose, 4_000, true);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_bounded_and_plain() {
        assert_eq!(Line::parse("  Jo  ").map(String::from), Ok("Jo".into()));
        assert_eq!(Line::parse("  "), Err(InvalidText::Empty));
        assert_eq!(Line::parse(&"x".repeat(201)), Err(InvalidText::TooLong { max: 200 }));
        assert_eq!(Line::parse("a\nb"), Err(InvalidText::ControlCharacter));
        assert!(Prose::parse("a\r\nb").is_ok());
        assert_eq!(Prose::parse_optional(Some(" ")), Ok(None));
    }
}
