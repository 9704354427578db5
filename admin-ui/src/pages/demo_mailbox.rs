//! The demo's mailbox: every e-mail the demo sent, and one of them opened. Owns making links in a message pressable. Never
//! part of a real installation.
use askama::Template;

use crate::chrome::Chrome;

#[derive(Debug, Clone)]
pub struct Envelope {
    pub href: String,
    pub to: String,
    pub subject: String,
    /// In the order of arrival.
    pub number: u64,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/mailbox.html")]
pub struct Mailbox {
    pub chrome: Chrome,
    pub messages: Vec<Envelope>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    Link(String),
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/mail_message.html")]
pub struct MailMessage {
    pub chrome: Chrome,
    pub from: String,
    pub to: String,
    pub subject: String,
    /// The text part, in pieces.
    pub body: Vec<Piece>,
}

/// Cuts a text into words and http links. A link ends at white space; closing punctuation after it stays text.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut words = String::new();
    for token in text.split_inclusive(char::is_whitespace) {
        let address = token.trim_end().trim_end_matches(['.', ',', ')', '>', ';', ':', '!', '"', '\'']);
        if address.starts_with("http://") || address.starts_with("https://") {
            if !words.is_empty() {
                out.push(Piece::Words(std::mem::take(&mut words)));
            }
            out.push(Piece::Link(address.to_owned()));
            words.push_str(token.strip_prefix(address).unwrap_or_default());
        } else {
            words.push_str(token);
        }
    }
    if !words.is_empty() {
        out.push(Piece::Words(words));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_links_and_every_other_character_stays() {
        let text = "See http://127.0.0.1:8080/respond/abc.\nThank you (https://example.org/x)\n";
        let cut = pieces(text);
        let joined: String = cut
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) | Piece::Link(words) => words.as_str(),
            })
            .collect();
        assert_eq!(joined, text);
        assert!(cut.contains(&Piece::Link("http://127.0.0.1:8080/respond/abc".to_owned())));
    }

    #[test]
    fn a_script_address_is_never_a_link() {
        assert_eq!(pieces("javascript:alert(1)"), [Piece::Words("javascript:alert(1)".to_owned())]);
    }
}
