//! What a version of the settings says, and what a change changes, in words. One place for both, so that the form, the check
//! and the history never disagree.
use jiff::Timestamp;

use crate::documents::settings::{settings_check, settings_page};
use crate::pages::settings::Changed;

/// A version, whichever document told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub version: i64,
    pub takes_effect_at: Timestamp,
    pub second_factor: bool,
    pub idle_minutes: i64,
    pub session_hours: i64,
    pub display_name: Option<String>,
    pub short_line: Option<String>,
    pub accent: Option<String>,
    pub logo: Option<String>,
    pub logo_address: Option<String>,
}

macro_rules! held {
    ($($told:ty),+) => {
        $(impl From<$told> for Held {
            fn from(told: $told) -> Self {
                Self {
                    version: told.version,
                    takes_effect_at: told.takes_effect_at,
                    second_factor: told.second_factor_required,
                    idle_minutes: told.idle_minutes,
                    session_hours: told.session_hours,
                    display_name: told.branding.display_name,
                    short_line: told.branding.short_line,
                    accent: told.branding.accent,
                    logo: told.branding.logo,
                    logo_address: told.branding.logo_address,
                }
            }
        })+
    };
}
held!(settings_page::Version, settings_check::Version);

impl Held {
    /// Everything it says, each with its name.
    pub fn said(&self) -> Vec<(&'static str, String)> {
        let some = |value: &Option<String>, none: &str| value.clone().unwrap_or_else(|| none.to_owned());
        let factor = if self.second_factor { "Needed by everybody" } else { "Up to each person" };
        vec![
            ("Second step", factor.to_owned()),
            ("Locks when unused for", format!("{} minutes", self.idle_minutes)),
            ("Sign in again after", hours(self.session_hours)),
            ("Name shown", some(&self.display_name, "The registered name")),
            ("Line below the name", some(&self.short_line, "None")),
            ("Colour", some(&self.accent, "Trellis green")),
            ("Logo", if self.logo.is_some() { "A picture" } else { "None" }.to_owned()),
        ]
    }

    /// What is different from what was before.
    pub fn changes_since(&self, before: &Self) -> Vec<Changed> {
        let pairs = before.said().into_iter().zip(self.said());
        let mut changed: Vec<Changed> = pairs
            .filter(|((_, before), (_, after))| before != after)
            .map(|((what, before), (_, after))| Changed { what, before, after })
            .collect();
        if self.logo.is_some() && before.logo.is_some() && self.logo != before.logo {
            let after = "Another picture".to_owned();
            changed.push(Changed { what: "Logo", before: "A picture".to_owned(), after });
        }
        changed
    }
}

fn hours(hours: i64) -> String {
    if hours == 1 { "1 hour".to_owned() } else { format!("{hours} hours") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Held {
        Held {
            version: 0,
            takes_effect_at: Timestamp::UNIX_EPOCH,
            second_factor: false,
            idle_minutes: 30,
            session_hours: 12,
            display_name: None,
            short_line: None,
            accent: None,
            logo: None,
            logo_address: None,
        }
    }

    #[test]
    fn only_what_is_different_is_said() {
        let before = held();
        assert_eq!(before.changes_since(&held()), []);
        let after = Held { idle_minutes: 20, logo: Some("a".to_owned()), ..held() };
        let words: Vec<String> = after.changes_since(&before).iter().map(Changed::words).collect();
        assert_eq!(
            words,
            ["Locks when unused for: 20 minutes, before 30 minutes", "Logo: A picture, before None"]
        );
        let other = Held { logo: Some("b".to_owned()), ..after.clone() };
        assert_eq!(other.changes_since(&after)[0].words(), "Logo: Another picture, before A picture");
    }
}
