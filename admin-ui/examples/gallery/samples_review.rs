//! The access review, and the link of a reset.
use trellis_admin_ui::chrome::{Chrome, Section};
use trellis_admin_ui::pages::access_review::{AccessReview, ReviewRow, Standing};
use trellis_admin_ui::pages::reset::{FactorReset, Standing as ResetStanding};
use trellis_admin_ui::parts::{Empty, Errors, Tab, When};

use super::{Ink, Sample, day, sample};

pub fn all(ink: Ink) -> Vec<Sample> {
    let missing = ink.errors(&[("member", "Tick at least one person")]);
    let wrong = ink.errors(&[("password", "Enter the password that you sign in with")]);
    let rows = || {
        vec![
            row(ink, ("mem_1.3", "Sam Brook"), false, None),
            row(ink, ("", "Kit Shaw"), true, Some((day(8, 3), ink.say("Ines Cole")))),
            row(ink, ("mem_3.1", "Ada Bright"), true, Some((day(11, 2), ink.say("Kit Shaw")))),
        ]
    };
    vec![
        sample("access-review", &page(ink, rows(), Errors::default(), None)),
        sample("access-review--error", &page(ink, rows(), missing, None)),
        sample("access-review--finished", &page(ink, rows(), Errors::default(), Some(day(8, 3)))),
        sample("factor-reset", &reset(ink, ResetStanding::Open, Errors::default())),
        sample("factor-reset--error", &reset(ink, ResetStanding::Open, wrong)),
        sample("factor-reset--waits", &reset(ink, ResetStanding::Waits(day(11, 5)), Errors::default())),
        sample("factor-reset--ended", &reset(ink, ResetStanding::Ended, Errors::default())),
        sample("factor-reset--stopped", &reset(ink, ResetStanding::Stopped, Errors::default())),
        sample("access-review--empty", &page(ink, Vec::new(), Errors::default(), None)),
    ]
}

fn row(ink: Ink, (value, name): (&str, &str), secured: bool, confirmed: Option<(When, String)>) -> ReviewRow {
    ReviewRow {
        value: value.to_owned(),
        ticked: false,
        first: value == "mem_1.3",
        name: ink.say(name),
        href: "/admin/people/mem_1?from=review".to_owned(),
        email: ink.say("kit@example.org"),
        roles: "administrator, referrer".to_owned(),
        organisation: None,
        since: day(1, 12),
        last_seen: secured.then(|| day(11, 4)),
        second_factor: secured,
        confirmed,
    }
}

fn page(ink: Ink, rows: Vec<ReviewRow>, errors: Errors, everybody_since: Option<When>) -> AccessReview {
    let mut chrome: Chrome = ink.chrome(Section::Admin);
    chrome.tabs = vec![
        Tab::new("People", "/admin/people", false),
        Tab::new("Access review", "/admin/access-review", true),
    ];
    AccessReview {
        chrome,
        errors,
        standing: Standing { people: 7, unconfirmed: 2, days: 90, everybody_since },
        tabs: vec![
            Tab::new("Everybody (7)", "/admin/access-review", true),
            Tab::new("Not confirmed for 90 days (2)", "/admin/access-review?which=unconfirmed", false),
            Tab::new("Not seen for 90 days (1)", "/admin/access-review?which=unseen", false),
            Tab::new("No second step (3)", "/admin/access-review?which=no-factor", false),
        ],
        action: "/admin/access-review".to_owned(),
        organisation: String::new(),
        submission: "key".to_owned(),
        empty: rows.is_empty().then(|| Empty {
            why: "Everybody has a second step.".to_owned(),
            href: Some("/admin/access-review".to_owned()),
            action: "See everybody".to_owned(),
        }),
        rows,
        pagination: ink.pages("Showing 25 people of more"),
    }
}

fn reset(ink: Ink, standing: ResetStanding, errors: Errors) -> FactorReset {
    FactorReset { chrome: ink.signed_out(), errors, standing, path: "/reset/tr_reset_sample".to_owned() }
}
