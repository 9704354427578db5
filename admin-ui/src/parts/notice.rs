//! Owns short messages: a state in words, a thing to copy, a refusal, a record that changed under somebody's hands. Refuses
//! to vanish: nothing here is a toast.
use askama::Template;

use super::When;

/// Colour is the second cue only; the words carry the meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Waiting,
    Going,
    Good,
    Bad,
    Over,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "nhsuk-tag--white",
            Self::Waiting => "nhsuk-tag--yellow",
            Self::Going => "nhsuk-tag--aqua-green",
            Self::Good => "nhsuk-tag--green",
            Self::Bad => "nhsuk-tag--red",
            Self::Over => "nhsuk-tag--grey",
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(source = r#"<strong class="nhsuk-tag {{ tone.class() }}">{{ words }}</strong>"#, ext = "html")]
pub struct Tag {
    pub words: String,
    pub tone: Tone,
}

impl Tag {
    pub fn new(words: impl Into<String>, tone: Tone) -> Self {
        Self { words: words.into(), tone }
    }
}

/// A value with a copy button; without the script the value is simply text.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    source = r#"<span class="app-copy"><span class="{% if value.len() > 24 %}app-break{% else %}app-nowrap{% endif %}">{{ value }}</span> <button type="button" class="app-needs-script" data-copy="{{ value }}" data-copy-name="{{ name }}">Copy<span class="nhsuk-u-visually-hidden"> {{ name }}</span></button></span>"#,
    ext = "html"
)]
pub struct Copyable {
    value: String,
    name: String,
}

pub fn copyable(value: impl AsRef<str>, name: impl AsRef<str>) -> Copyable {
    Copyable { value: value.as_ref().to_owned(), name: name.as_ref().to_owned() }
}

/// What happened, what to do next, whom to call, and the number that finds it in the log.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/refusal.html")]
pub struct Refusal {
    pub what_happened: String,
    pub next: String,
    pub link: Option<(String, String)>,
    pub phone: String,
    pub request_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleField {
    /// Posted as `keep-{id}` with `mine` or `theirs`.
    pub id: String,
    pub label: String,
    pub mine: String,
    pub theirs: String,
}

/// Somebody else saved first: both versions side by side, a choice for each field, nothing lost.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/stale.html")]
pub struct StalePanel {
    pub changed_by: String,
    pub changed: When,
    /// Where the choice is posted.
    pub action: String,
    pub version: String,
    pub form_token: String,
    pub fields: Vec<StaleField>,
    /// The address that shows their version and drops mine.
    pub reload: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_words_stay_words() {
        let nasty = "<img src=x onerror=alert(1)>\"'";
        for html in [
            Tag::new(nasty, Tone::Bad).to_string(),
            copyable(nasty, nasty).to_string(),
            When { iso: nasty.into(), words: nasty.into() }.to_string(),
            Refusal {
                what_happened: nasty.into(),
                next: nasty.into(),
                link: Some((nasty.into(), nasty.into())),
                phone: nasty.into(),
                request_id: Some(nasty.into()),
            }
            .to_string(),
        ] {
            assert!(!html.contains("<img"), "{html}");
            assert!(!html.contains("\"'"), "{html}");
        }
    }
}
