//! Owns the one list of what is wrong with a form. The summary at the top, the message beside the field and the `Error: `
//! in the title all read this list, so they cannot disagree.
use askama::Template;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The id of the control, without `#`.
    pub field: String,
    /// What to do, in one sentence: "Enter the person's last name".
    pub message: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    pub fn push(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), message: message.into() });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn of(&self, field: impl AsRef<str>) -> Option<String> {
        self.0.iter().find(|e| e.field == field.as_ref()).map(|e| e.message.clone())
    }

    /// Goes in front of the page's title.
    pub fn prefix(&self) -> &'static str {
        if self.is_empty() { "" } else { "Error: " }
    }

    pub fn summary(&self) -> Summary {
        Summary { errors: self.0.clone() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/error_summary.html")]
pub struct Summary {
    errors: Vec<FieldError>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_faults_has_no_summary_and_no_prefix() {
        let errors = Errors::default();
        assert_eq!(errors.summary().to_string().trim(), "");
        assert_eq!(errors.prefix(), "");
    }

    #[test]
    fn each_message_links_to_its_field_and_is_escaped_once() {
        let mut errors = Errors::default();
        errors.push("last-name", "Enter <b>");
        let html = errors.summary().to_string();
        assert!(html.contains("href=\"#last-name\""));
        assert!(html.contains("Enter &#60;b&#62;"));
        assert_eq!(errors.of("last-name").as_deref(), Some("Enter <b>"));
    }
}
