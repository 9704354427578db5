//! Owns the controls one types into: text, long text, a date in three boxes. Label, hint and error are tied to the control
//! by id; the value typed is always printed back.
use askama::Template;

use super::Errors;

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/text_input.html")]
pub struct TextInput {
    id: String,
    label: String,
    hint: Option<String>,
    value: String,
    error: Option<String>,
    kind: String,
    width: u8,
    autocomplete: Option<String>,
    inputmode: Option<String>,
    optional: bool,
    hidden_label: bool,
}

pub fn text_input(id: impl AsRef<str>, label: impl AsRef<str>) -> TextInput {
    TextInput {
        id: id.as_ref().to_owned(),
        label: label.as_ref().to_owned(),
        hint: None,
        value: String::new(),
        error: None,
        kind: "text".to_owned(),
        width: 0,
        autocomplete: None,
        inputmode: None,
        optional: false,
        hidden_label: false,
    }
}

impl TextInput {
    #[must_use]
    pub fn hint(mut self, words: impl AsRef<str>) -> Self {
        self.hint = Some(words.as_ref().to_owned());
        self
    }

    #[must_use]
    pub fn value(mut self, value: impl AsRef<str>) -> Self {
        value.as_ref().clone_into(&mut self.value);
        self
    }

    #[must_use]
    pub fn errors(mut self, errors: &Errors) -> Self {
        self.error = errors.of(&self.id);
        self
    }

    /// `email`, `password`, `tel`, `search`…
    #[must_use]
    pub fn kind(mut self, kind: impl AsRef<str>) -> Self {
        kind.as_ref().clone_into(&mut self.kind);
        self
    }

    /// In characters: 2, 3, 4, 5, 10, 20 or 30. The width tells what is expected.
    #[must_use]
    pub fn width(mut self, characters: u8) -> Self {
        self.width = characters;
        self
    }

    #[must_use]
    pub fn autocomplete(mut self, purpose: impl AsRef<str>) -> Self {
        self.autocomplete = Some(purpose.as_ref().to_owned());
        self
    }

    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.inputmode = Some("numeric".to_owned());
        self
    }

    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    fn described_by(&self) -> Option<String> {
        described_by(&self.id, self.hint.is_some(), self.error.is_some())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/textarea.html")]
pub struct TextArea {
    id: String,
    label: String,
    hint: Option<String>,
    value: String,
    error: Option<String>,
    rows: u8,
    most: Option<u32>,
    optional: bool,
}

pub fn textarea(id: impl AsRef<str>, label: impl AsRef<str>) -> TextArea {
    TextArea {
        id: id.as_ref().to_owned(),
        label: label.as_ref().to_owned(),
        hint: None,
        value: String::new(),
        error: None,
        rows: 3,
        most: None,
        optional: false,
    }
}

impl TextArea {
    #[must_use]
    pub fn hint(mut self, words: impl AsRef<str>) -> Self {
        self.hint = Some(words.as_ref().to_owned());
        self
    }

    #[must_use]
    pub fn value(mut self, value: impl AsRef<str>) -> Self {
        value.as_ref().clone_into(&mut self.value);
        self
    }

    #[must_use]
    pub fn errors(mut self, errors: &Errors) -> Self {
        self.error = errors.of(&self.id);
        self
    }

    #[must_use]
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// Says the limit in words; the script counts down, the server decides.
    #[must_use]
    pub fn most(mut self, characters: u32) -> Self {
        self.most = Some(characters);
        self
    }

    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    fn described_by(&self) -> Option<String> {
        let base = described_by(&self.id, self.hint.is_some(), self.error.is_some());
        match (base, self.most) {
            (Some(ids), Some(_)) => Some(format!("{ids} {}-count", self.id)),
            (None, Some(_)) => Some(format!("{}-count", self.id)),
            (ids, None) => ids,
        }
    }
}

/// A date as it was typed, right or wrong, so that it can be printed back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayMonthYear {
    pub day: String,
    pub month: String,
    pub year: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/date_input.html")]
pub struct DateInput {
    id: String,
    label: String,
    hint: Option<String>,
    value: DayMonthYear,
    error: Option<String>,
    birthday: bool,
}

/// Boxes `id` (day), `id-month`, `id-year`; posted as `id-day`, `id-month`, `id-year`.
pub fn date_input(id: impl AsRef<str>, label: impl AsRef<str>, value: &DayMonthYear) -> DateInput {
    DateInput {
        id: id.as_ref().to_owned(),
        label: label.as_ref().to_owned(),
        hint: None,
        value: value.clone(),
        error: None,
        birthday: false,
    }
}

impl DateInput {
    #[must_use]
    pub fn hint(mut self, words: impl AsRef<str>) -> Self {
        self.hint = Some(words.as_ref().to_owned());
        self
    }

    #[must_use]
    pub fn errors(mut self, errors: &Errors) -> Self {
        self.error = errors.of(&self.id);
        self
    }

    fn described_by(&self) -> Option<String> {
        described_by(&self.id, self.hint.is_some(), self.error.is_some())
    }
}

pub(super) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_value_stays_text_in_every_control() {
        let nasty = "\"><script>alert(1)</script>";
        let typed = DayMonthYear { day: nasty.into(), month: nasty.into(), year: nasty.into() };
        for html in [
            text_input("a", nasty).hint(nasty).value(nasty).to_string(),
            textarea("a", nasty).hint(nasty).value(nasty).to_string(),
            date_input("a", nasty, &typed).hint(nasty).to_string(),
        ] {
            assert!(!html.contains("<script>"), "{html}");
        }
    }

    #[test]
    fn hint_error_and_count_are_tied_to_the_control() {
        let mut errors = Errors::default();
        errors.push("note", "Shorten the note");
        let html = textarea("note", "Note").hint("Plain words").most(60).errors(&errors).to_string();
        assert!(html.contains("aria-describedby=\"note-hint note-error note-count\""), "{html}");
        assert!(html.contains("id=\"note-count\""));
    }
}
