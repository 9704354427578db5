//! Settings: what holds, what is planned, the history; the form; the check before it is published.
use trellis_admin_ui::chrome::{Accent, Brand, Chrome, Section};
use trellis_admin_ui::pages::settings::{
    ChangeSettings, Changed, CheckSettings, PastChange, Planned, Settings, Typed,
};
use trellis_admin_ui::parts::{DayMonthYear, Empty, Errors, Pagination, Tab, Tag, Tone};

use super::{Ink, Sample, day, sample};

/// One pixel, as text: the gallery has no server behind it.
const DOT: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

pub fn all(ink: Ink) -> Vec<Sample> {
    let wrong = ink.errors(&[
        ("accent", "White words cannot be read on this colour. Choose a darker colour."),
        ("logo", "The file is neither a PNG nor a JPEG picture. Save it as PNG, then send that."),
        ("day", "Enter the day from which it holds"),
    ]);
    let nothing =
        ink.errors(&[("main", "Nothing is different from what holds then. Change something first")]);
    vec![
        sample("settings", &settings(ink, true)),
        sample("settings--nothing-yet", &settings(ink, false)),
        sample("change-settings", &form(ink, Errors::default())),
        sample("change-settings--error", &form(ink, wrong)),
        sample("change-settings--nothing-different", &form(ink, nothing)),
        sample("check-settings", &check(ink, Vec::new())),
        sample(
            "check-settings--warned",
            &check(ink, ink.list(&["Whoever has signed in with one factor has to sign in again."])),
        ),
    ]
}

fn chrome(ink: Ink) -> Chrome {
    let mut chrome = ink.chrome(Section::Today);
    chrome.tabs =
        vec![Tab::new("People", "/admin/people", false), Tab::new("Settings", "/admin/settings", true)];
    chrome
}

fn branded(ink: Ink) -> Chrome {
    let brand = Brand {
        line: ink.some("Someone to talk to"),
        logo: Some(DOT.to_owned()),
        accent: Accent::of("#1d3c6e"),
    };
    Chrome { brand, ..chrome(ink) }
}

fn changes(ink: Ink) -> Vec<Changed> {
    let one =
        |what, before: &str, after: &str| Changed { what, before: ink.say(before), after: ink.say(after) };
    vec![
        one("Second step", "Up to each person", "Needed by everybody"),
        one("Name shown", "The registered name", "Vale Link Workers"),
    ]
}

fn settings(ink: Ink, lived_in: bool) -> Settings {
    let past = |version, standing, withdrawn| PastChange {
        version,
        settled: day(11, 20),
        by: ink.say("Kit Shaw"),
        takes_effect: day(12, 4),
        standing,
        withdrawn,
        changes: changes(ink),
    };
    let history = vec![
        past(3, Tag::new("Planned", Tone::Waiting), None),
        past(2, Tag::new("Withdrawn", Tone::Over), ink.some("Withdrawn by Kit Shaw, 27 November 2026, 9am")),
        past(1, Tag::new("In force", Tone::Good), None),
    ];
    let planned = Planned {
        version: 3,
        submission: "key-1".to_owned(),
        takes_effect: day(12, 4),
        by: ink.say("Kit Shaw"),
        changes: changes(ink),
    };
    let holds = [
        ("Second step", "Up to each person"),
        ("Locks when unused for", "30 minutes"),
        ("Name shown", "Vale Link Workers"),
        ("Logo", "A picture"),
    ];
    Settings {
        chrome: if lived_in { branded(ink) } else { chrome(ink) },
        place: ink.say("North Vale Community Links"),
        may_change: lived_in,
        since: lived_in.then(|| day(11, 20)),
        holds: holds.into_iter().map(|(what, says)| (what, ink.say(says))).collect(),
        logo: lived_in.then(|| DOT.to_owned()),
        planned: if lived_in { vec![planned] } else { Vec::new() },
        history: if lived_in { history } else { Vec::new() },
        empty: (!lived_in).then(|| Empty {
            why: ink.say("Nothing was changed yet: everything is as Trellis does it by itself."),
            href: None,
            action: String::new(),
        }),
        pagination: Pagination { summary: ink.say("3 changes"), ..Pagination::default() },
    }
}

fn form(ink: Ink, errors: Errors) -> ChangeSettings {
    ChangeSettings {
        chrome: chrome(ink),
        errors,
        place: ink.say("North Vale Community Links"),
        after_version: "3".to_owned(),
        typed: Typed {
            idle_minutes: ink.say("20"),
            session_hours: ink.say("8"),
            display_name: ink.say("Vale Link Workers"),
            short_line: ink.say("Someone to talk to"),
            accent: ink.say("#ffcc00"),
            logo: "ab".repeat(32),
            logo_address: Some(DOT.to_owned()),
        },
        second_factor: ink.choices(&[("no", "Up to each person"), ("yes", "Needed by everybody")], &["no"]),
        remove_logo: ink.choices(&[("yes", "Show no logo")], &[]),
        when: ink.choices(&[("now", "At once"), ("day", "From the beginning of a day")], &["day"]),
        day: DayMonthYear { day: ink.say("4"), month: ink.say("12"), year: ink.say("2026") },
    }
}

fn check(ink: Ink, warnings: Vec<String>) -> CheckSettings {
    CheckSettings {
        chrome: chrome(ink),
        place: ink.say("North Vale Community Links"),
        changes: changes(ink),
        takes_effect: ink.say("Friday 4 December"),
        warnings,
        lacking: ink.some("3 of 7 people have no second step. They set one up when they sign in next."),
        name: ink.say("Vale Link Workers"),
        line: ink.some("Someone to talk to"),
        logo: Some(DOT.to_owned()),
        accent: Accent::of("#1d3c6e"),
        fields: vec![("accent".to_owned(), ink.say("#1d3c6e"))],
        submission: "key-1".to_owned(),
    }
}
