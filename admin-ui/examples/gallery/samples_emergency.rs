//! Opening a record in an emergency, the list of such openings, and requests for access.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::pages::access_requests::{AccessRequests, AccessRow};
use trellis_admin_ui::pages::emergency::{Emergencies, EmergencyRow, OpenEmergency};
use trellis_admin_ui::parts::{DayMonthYear, Empty, Errors, Pagination, Tab, Tone};

use super::{Ink, Sample, sample};

const VERDICTS: [(&str, &str); 3] = [
    ("JUSTIFIED", "Justified"),
    ("NOT_JUSTIFIED", "Not justified: it ends now"),
    ("TO_FOLLOW_UP", "We are following it up"),
];

fn row(ink: Ink, n: u8, reviews: bool) -> EmergencyRow {
    EmergencyRow {
        id: format!("emo_{n}"),
        who: ink.say("Jo Park"),
        href: Some(format!("/people/per_{n}")),
        reason: ink.say("Found distressed at the library; next of kin unknown"),
        by: ink.say("Sam Okoro, North Vale Community Links"),
        opened: ink.say(if n == 1 { "3 Nov, 9:00am" } else { "2 Nov, 4:15pm" }),
        ends: ink.say("Ends by itself 4 Nov, 9:00am."),
        state: ink.tag("Open, not reviewed", Tone::Waiting),
        closable: true,
        verdicts: if reviews { ink.choices(&VERDICTS, &[]) } else { Vec::new() },
        submission: format!("key-{n}"),
    }
}

fn access(ink: Ink, some: bool) -> AccessRequests {
    let row = |n: u8, answer| AccessRow {
        id: format!("arq_{n}"),
        who: ink.say("Sam Okoro"),
        wanted: "/referrals".to_owned(),
        why: ink.say("I cover for the team lead this week"),
        asked: ink.say("3 Nov, 9:00am"),
        answer,
        submission: format!("key-{n}"),
    };
    let tab =
        |label: &str, href: &str, current| Tab { label: ink.say(label), href: href.to_owned(), current };
    AccessRequests {
        chrome: ink.chrome(Section::Today),
        tabs: vec![
            tab("To answer", "/access-requests", true),
            tab("All", "/access-requests?which=all", false),
        ],
        rows: if some {
            vec![row(1, None), row(2, Some(ink.tag("Granted", Tone::Good)))]
        } else {
            Vec::new()
        },
        empty: (!some).then(|| Empty {
            why: ink.say("Nobody waits for an answer."),
            href: Some("/access-requests?which=all".to_owned()),
            action: ink.say("Show all requests"),
        }),
        pagination: Pagination::default(),
    }
}

pub fn all(ink: Ink) -> Vec<Sample> {
    let form = |errors: Errors| OpenEmergency {
        chrome: ink.chrome(Section::People),
        errors,
        submission: "key".to_owned(),
        nhs_number: String::new(),
        family_name: ink.say("Park"),
        born: DayMonthYear::default(),
        postcode: "LA9 4PU".to_owned(),
        reason: String::new(),
    };
    let wrong = ink.errors(&[
        ("nhs-number", "Enter the NHS number, or the family name, date of birth and postcode together"),
        ("reason", "Say why it cannot wait"),
    ]);
    let tab =
        |label: &str, href: &str, current| Tab { label: ink.say(label), href: href.to_owned(), current };
    let list = |rows: Vec<EmergencyRow>, errors: Errors| Emergencies {
        chrome: ink.chrome(Section::People),
        errors,
        tabs: vec![tab("To review", "/emergencies", true), tab("All", "/emergencies?which=all", false)],
        empty: rows.is_empty().then(|| Empty {
            why: ink.say("Nothing waits for your review."),
            href: Some("/emergencies?which=all".to_owned()),
            action: ink.say("Show all openings"),
        }),
        rows,
        pagination: Pagination::default(),
        can_open: true,
        hands_over: true,
    };
    let unsaid = ink.errors(&[("verdict-emo_1", "Say whether it was justified")]);
    vec![
        sample("access-requests", &access(ink, true)),
        sample("access-requests--empty", &access(ink, false)),
        sample("emergency", &form(Errors::default())),
        sample("emergency--error", &form(wrong)),
        sample("emergencies", &list(vec![row(ink, 1, true), row(ink, 2, false)], Errors::default())),
        sample("emergencies--error", &list(vec![row(ink, 1, true)], unsaid)),
        sample("emergencies--empty", &list(Vec::new(), Errors::default())),
    ]
}
