//! Owns what surrounds every page: product and organisation name, switcher, navigation, search, help, footer, the words
//! about what Trellis is not. Refuses to own any screen's content, and to know who may do what: the caller passes the
//! sections a person has, already decided by policy.

/// The top-level places, in the order they are shown. Six at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Today,
    Referrals,
    People,
    Services,
    Outcomes,
    Admin,
}

impl Section {
    pub const ALL: [Self; 6] =
        [Self::Today, Self::Referrals, Self::People, Self::Services, Self::Outcomes, Self::Admin];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::Referrals => "Referrals",
            Self::People => "My people",
            Self::Services => "Services",
            Self::Outcomes => "Outcomes",
            Self::Admin => "Admin",
        }
    }

    pub const fn path(self) -> &'static str {
        match self {
            Self::Today => "/today",
            Self::Referrals => "/referrals",
            Self::People => "/people",
            Self::Services => "/services",
            Self::Outcomes => "/outcomes",
            Self::Admin => "/admin",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    pub section: Section,
    /// Shown as "(3)" after the label, and only when there is something to show.
    pub count: Option<u32>,
    pub current: bool,
}

/// One organisation the person may act for; pressing it switches the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub id: String,
    pub organisation: String,
    pub role: String,
    pub current: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub role: String,
}

/// The number on every page, in the same place: header and footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpLine {
    pub phone: String,
    pub hours: String,
}

impl HelpLine {
    /// Digits only, for the `tel:` link.
    pub fn dial(&self) -> String {
        self.phone.chars().filter(char::is_ascii_digit).collect()
    }
}

/// How the organisation shows itself besides its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brand {
    pub line: Option<String>,
    /// The address of a picture on our own origin.
    pub logo: Option<String>,
    pub accent: Option<Accent>,
}

/// Six hexadecimal digits, and nothing else: they become part of an address and of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accent(String);

impl Accent {
    /// From `#0b4f4a`.
    pub fn of(colour: &str) -> Option<Self> {
        let digits = colour.strip_prefix('#')?;
        let plain = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| Self(digits.to_ascii_lowercase()))
    }

    pub fn colour(&self) -> String {
        format!("#{}", self.0)
    }

    pub fn class(&self) -> String {
        format!("app-accent-{}", self.0)
    }

    /// The rule that says what the class stands for.
    pub fn sheet(&self) -> String {
        format!("/branding/{}.css", self.0)
    }
}

/// The form behind the button that undoes what was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    pub action: String,
    pub submission: String,
    /// What else it sends: names and values.
    pub fields: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chrome {
    /// Nobody signed in, or a page reached by a token: no organisation yet.
    pub organisation: Option<String>,
    pub brand: Brand,
    pub account: Option<Account>,
    pub memberships: Vec<Membership>,
    pub nav: Vec<NavItem>,
    pub help: HelpLine,
    /// Invented data; e-mails go to the demo mailbox.
    pub demo: bool,
    pub search: Option<String>,
    /// Zero switches the idle warning off (nobody signed in).
    pub idle_minutes: u32,
    /// Then the session ends whatever happens.
    pub ends_at: Option<String>,
    /// Proof that a form came from this site; printed in every form when it is not empty.
    pub form_token: String,
    /// The pages of the section, where it has more than one.
    pub tabs: Vec<crate::parts::Tab>,
    /// One line after something was done: "Assigned to Riz Ahmed."
    pub notice: Option<String>,
    /// For ten minutes that can be undone: a button beside the line.
    pub undo: Option<Undo>,
}

impl Chrome {
    /// For pages that nobody has signed in for.
    pub fn signed_out(help: HelpLine, demo: bool) -> Self {
        Self {
            organisation: None,
            brand: Brand::default(),
            account: None,
            memberships: Vec::new(),
            nav: Vec::new(),
            help,
            demo,
            search: None,
            idle_minutes: 0,
            ends_at: None,
            form_token: String::new(),
            tabs: Vec::new(),
            notice: None,
            undo: None,
        }
    }

    /// Replaces the navigation by these sections, in their fixed order.
    #[must_use]
    pub fn with_sections(mut self, sections: &[Section], current: Option<Section>) -> Self {
        self.nav = Section::ALL
            .into_iter()
            .filter(|section| sections.contains(section))
            .map(|section| NavItem { section, count: None, current: current == Some(section) })
            .collect();
        self
    }

    pub fn title_end(&self) -> String {
        self.organisation.as_ref().map_or_else(|| "Trellis".to_owned(), |name| format!("{name} – Trellis"))
    }

    pub fn can_switch(&self) -> bool {
        self.memberships.len() > 1
    }

    pub fn asset(&self, name: &str) -> &'static str {
        crate::assets::address(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_keep_their_order_whatever_the_caller_passes() {
        let help = HelpLine { phone: "01632 960 001".to_owned(), hours: "9am to 5pm".to_owned() };
        let chrome = Chrome::signed_out(help, false)
            .with_sections(&[Section::Services, Section::Today], Some(Section::Services));
        let labels: Vec<_> = chrome.nav.iter().map(|item| item.section.label()).collect();
        assert_eq!(labels, ["Today", "Services"]);
        assert!(chrome.nav[1].current);
    }
}
