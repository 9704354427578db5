//! Invented people and places for every screen and state. `Ink` decides how text is written: plainly, at length (a stand-in for
//! longer languages), or with markup in it, to prove that text stays text.
use askama::Template;
use jiff::civil::{Date, date};
use trellis_admin_ui::chrome::{Account, Chrome, HelpLine, Membership, Section};
use trellis_admin_ui::parts::{Choice, Errors, IdentityBar, Pagination, Tag, Tone, When};
use trellis_admin_ui::words;

mod samples_account;
mod samples_emergency;
mod samples_inbox;
mod samples_joining;
mod samples_lists;
mod samples_notices;
mod samples_offices;
mod samples_person;
mod samples_plan;
mod samples_public;
mod samples_records;
mod samples_refer;
mod samples_referral;
mod samples_review;
mod samples_settings;
mod samples_sso;
mod samples_team;

pub struct Sample {
    pub name: String,
    pub html: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Plain,
    Long,
    Hostile,
}

pub const MARKUP: &str = "<img src=x onerror=alert(1)>\"'&";

impl Ink {
    pub fn say(self, words: &str) -> String {
        match self {
            Self::Plain => words.to_owned(),
            Self::Long => {
                let extra = words.chars().count() * 2 / 5;
                words.to_owned() + " " + &"lorem äöü ".chars().cycle().take(extra).collect::<String>()
            }
            Self::Hostile => format!("{words}{MARKUP}"),
        }
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "it fills optional fields, which is what the samples are made of"
    )]
    pub fn some(self, words: &str) -> Option<String> {
        Some(self.say(words))
    }

    pub fn list(self, words: &[&str]) -> Vec<String> {
        words.iter().map(|w| self.say(w)).collect()
    }

    pub fn tag(self, words: &str, tone: Tone) -> Tag {
        Tag::new(self.say(words), tone)
    }

    pub fn choices(self, all: &[(&str, &str)], chosen: &[&str]) -> Vec<Choice> {
        all.iter()
            .map(|(value, label)| Choice::new(*value, self.say(label)).chosen(chosen.contains(value)))
            .collect()
    }

    pub fn errors(self, all: &[(&str, &str)]) -> Errors {
        let mut errors = Errors::default();
        for (field, message) in all {
            errors.push(*field, self.say(message));
        }
        errors
    }

    pub fn signed_out(self) -> Chrome {
        let help =
            HelpLine { phone: "01632 960 001".to_owned(), hours: self.say("9am to 5pm, Monday to Friday") };
        Chrome { form_token: "token-for-forms".to_owned(), ..Chrome::signed_out(help, true) }
    }

    pub fn chrome(self, current: Section) -> Chrome {
        let membership = |id: &str, organisation: &str, role: &str, current| Membership {
            id: id.to_owned(),
            organisation: self.say(organisation),
            role: self.say(role),
            current,
        };
        let mut chrome = Chrome {
            organisation: self.some("North Vale Community Links"),
            account: Some(Account { name: self.say("Sam Okoro"), role: self.say("link worker") }),
            memberships: vec![
                membership("mem_1", "North Vale Community Links", "Link worker", true),
                membership("mem_2", "Eastfield Walkers", "Provider worker", false),
            ],
            search: Some(String::new()),
            idle_minutes: 30,
            ..self.signed_out()
        }
        .with_sections(
            &[Section::Today, Section::Referrals, Section::People, Section::Services],
            Some(current),
        );
        for item in &mut chrome.nav {
            if item.section == Section::Referrals {
                item.count = Some(3);
            }
        }
        chrome
    }

    pub fn identity(self, is_heading: bool) -> IdentityBar {
        IdentityBar {
            name: self.say("Jo Park"),
            pronouns: self.some("she/her"),
            age: self.some("67"),
            born: Some(words::date(date(1959, 5, 4))),
            nhs_number: Some(words::nhs_number("9990000018")),
            reference: self.some("4TK-9QD"),
            status: Some(self.tag("Active", Tone::Going)),
            reach: self.list(&["Letter, large print", "Phone 01632 960 010 after 2pm", "Interpreter: none"]),
            phone: Some("01632960010".to_owned()),
            risk: self.some("Dog at address (checked 3 Nov)"),
            agreed: self.some("Share with Eastfield Walkers only"),
            limited: None,
            is_heading,
        }
    }

    pub fn pages(self, summary: &str) -> Pagination {
        Pagination { summary: self.say(summary), next: Some("?after=c2".to_owned()), ..Pagination::default() }
    }
}

pub fn today() -> Date {
    date(2026, 11, 6)
}

pub fn day(month: i8, day: i8) -> When {
    words::short_date(date(2026, month, day), today())
}

pub fn due(month: i8, day: i8) -> When {
    words::due(date(2026, month, day), today())
}

pub fn sample(name: &str, page: &impl Template) -> Sample {
    let html = page.render().unwrap_or_else(|fault| format!("could not render {name}: {fault}"));
    Sample { name: name.to_owned(), html }
}

pub fn all(ink: Ink) -> Vec<Sample> {
    [
        samples_public::all(ink),
        samples_account::all(ink),
        samples_refer::all(ink),
        samples_emergency::all(ink),
        samples_records::all(ink),
        samples_inbox::all(ink),
        samples_lists::all(ink),
        samples_referral::all(ink),
        samples_person::all(ink),
        samples_plan::all(ink),
        samples_notices::all(ink),
        samples_offices::all(ink),
        samples_review::all(ink),
        samples_joining::all(ink),
        samples_settings::all(ink),
        samples_sso::all(ink),
        samples_team::all(ink),
    ]
    .into_iter()
    .flatten()
    .collect()
}
