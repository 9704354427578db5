//! Owns the controls one picks from: radios, tick boxes, a drop-down. Nothing is picked unless the caller says so.
use askama::Template;

use super::Errors;
use super::field::described_by;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    pub chosen: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, chosen: false }
    }

    #[must_use]
    pub fn hint(mut self, words: impl Into<String>) -> Self {
        self.hint = Some(words.into());
        self
    }

    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }

    /// Marks those whose value is in the form that came back.
    #[must_use]
    pub fn pick(choices: Vec<Self>, values: &[String]) -> Vec<Self> {
        choices
            .into_iter()
            .map(|choice| {
                let chosen = values.contains(&choice.value);
                choice.chosen(chosen)
            })
            .collect()
    }
}

macro_rules! choice_control {
    ($control:ident, $make:ident, $template:literal) => {
        #[derive(Debug, Clone, PartialEq, Eq, Template)]
        #[template(path = $template)]
        pub struct $control {
            id: String,
            label: String,
            hint: Option<String>,
            choices: Vec<Choice>,
            error: Option<String>,
            layout: &'static str,
            optional: bool,
        }

        pub fn $make(id: impl AsRef<str>, label: impl AsRef<str>, choices: impl AsRef<[Choice]>) -> $control {
            $control {
                id: id.as_ref().to_owned(),
                label: label.as_ref().to_owned(),
                hint: None,
                choices: choices.as_ref().to_vec(),
                error: None,
                layout: "",
                optional: false,
            }
        }

        impl $control {
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

            #[must_use]
            pub fn inline(mut self) -> Self {
                self.layout = " app-choices--inline";
                self
            }

            #[must_use]
            pub fn columns(mut self) -> Self {
                self.layout = " app-choices--columns";
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
    };
}

choice_control!(Radios, radios, "parts/radios.html");
choice_control!(Checkboxes, checkboxes, "parts/checkboxes.html");
choice_control!(Select, select, "parts/select.html");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_picked_unless_it_was_asked_for() {
        let html =
            radios("risk", "Any risk?", &[Choice::new("no", "No"), Choice::new("yes", "Yes")]).to_string();
        assert!(!html.contains("checked"));
        assert!(html.contains("id=\"risk\""));
        assert!(html.contains("id=\"risk-2\""));
    }

    #[test]
    fn what_was_ticked_comes_back_ticked() {
        let needs = Choice::pick(vec![Choice::new("a", "A"), Choice::new("b", "B")], &["b".to_owned()]);
        let html = checkboxes("need", "Needs", &needs).to_string();
        assert_eq!(html.matches(" checked").count(), 1);
    }

    #[test]
    fn a_hostile_label_stays_text() {
        let choices = [Choice::new("\"><script>", "<script>").hint("<script>")];
        for html in [
            radios("a", "<script>", &choices).to_string(),
            checkboxes("a", "<script>", &choices).to_string(),
            select("a", "<script>", &choices).to_string(),
        ] {
            assert!(!html.contains("<script>"), "{html}");
        }
    }
}
