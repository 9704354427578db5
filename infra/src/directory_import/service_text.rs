//! The words of an imported service: its own description, and what its places, phones, hours and rules say.
//! Kept as plain text; whoever shows it escapes it. Nothing of a merged row is dropped.

use std::fmt::Write;

/// What is known of one place where the service is given.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) name: Option<String>,
    pub(super) phones: Vec<String>,
    pub(super) hours: Vec<String>,
}

/// The parts, in the order in which they are shown.
#[derive(Debug, Clone, Default)]
pub(super) struct ServiceText {
    pub(super) description: Option<String>,
    pub(super) places: Vec<(String, Place)>,
    pub(super) phones: Vec<String>,
    pub(super) hours: Vec<String>,
    pub(super) eligibility: Vec<String>,
    pub(super) how_to_apply: Option<String>,
    pub(super) fees: Option<String>,
    pub(super) url: Option<String>,
}

impl ServiceText {
    /// Changes the place with this source id, which is made when it is first mentioned.
    pub(super) fn at_place(&mut self, id: &str, change: impl FnOnce(&mut Place)) {
        if let Some((_, place)) = self.places.iter_mut().find(|(place, _)| place == id) {
            change(place);
        } else {
            let mut place = Place::default();
            change(&mut place);
            self.places.push((id.to_owned(), place));
        }
    }

    pub(super) fn written(&self) -> Option<String> {
        let mut text = self.description.clone().unwrap_or_default();
        let mut line = |label: &str, value: &str| {
            if !value.is_empty() {
                let gap = if text.is_empty() { "" } else { "\n" };
                let _ = write!(text, "{gap}{label}: {value}");
            }
        };
        line("Who it is for", &self.eligibility.join("; "));
        line("How to apply", &self.how_to_apply.as_deref().unwrap_or_default().replace('\n', ", "));
        line("Fees", self.fees.as_deref().unwrap_or_default());
        line("Phone", &self.phones.join(", "));
        line("Open", &self.hours.join("; "));
        for (_, place) in &self.places {
            line("Where", place.name.as_deref().unwrap_or_default());
            line("Phone there", &place.phones.join(", "));
            line("Open there", &place.hours.join("; "));
        }
        line("More", self.url.as_deref().unwrap_or_default());
        (!text.is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_line() {
        let mut text = ServiceText { description: Some("Advice.".into()), ..ServiceText::default() };
        text.at_place("7", |place| place.name = Some("Library".into()));
        text.at_place("7", |place| place.phones.push("01632 960 001".into()));
        text.fees = Some("Free".into());
        let written = text.written().unwrap();
        assert_eq!(written, "Advice.\nFees: Free\nWhere: Library\nPhone there: 01632 960 001");
    }
}
