//! Joining by application, from both sides; and the operator's page.
use trellis_admin_ui::chrome::{Chrome, Section};
use trellis_admin_ui::codes::{ApplicationRefusal, Code, OrganisationKind};
use trellis_admin_ui::pages::instance::{Instance, NetworkRow};
use trellis_admin_ui::pages::joining::{
    ApplicationRow, Applications, Apply, OneApplication, OwnApplication, Standing,
};
use trellis_admin_ui::parts::{Choice, Empty, Errors, Tab, Tone};

use super::{Ink, Sample, sample};

pub fn all(ink: Ink) -> Vec<Sample> {
    [applying(ink), own(ink), list(ink), one(ink), instance(ink)].into_iter().flatten().collect()
}

fn chrome(ink: Ink) -> Chrome {
    let mut chrome = ink.chrome(Section::Admin);
    chrome.tabs = vec![
        Tab::new("Organisations", "/admin/organisations", false),
        Tab::new("Applications", "/admin/applications", true),
    ];
    chrome
}

fn applying(ink: Ink) -> Vec<Sample> {
    let page = |errors: Errors| Apply {
        chrome: ink.signed_out(),
        errors,
        path: "/join/north-vale".to_owned(),
        network: ink.say("North Vale"),
        help_phone: Some("01632 960 001".to_owned()),
        name: ink.say("Moorside Allotments"),
        offers: ink.say("Garden mornings"),
        postcode: "LA9 4DL".to_owned(),
        contact: ink.say("Jen Moss"),
        email: ink.say("jen.moss@example.org"),
        phone: "01632 960 020".to_owned(),
        agreement: "1".to_owned(),
        agrees: vec![Choice::new("yes", ink.say("We agree to the agreement of North Vale, version 1"))],
        submission: "key".to_owned(),
    };
    let wrong =
        ink.errors(&[("offers", "Enter what you offer"), ("agrees", "Say that you agree, or phone us")]);
    vec![sample("apply", &page(Errors::default())), sample("apply--error", &page(wrong))]
}

fn own(ink: Ink) -> Vec<Sample> {
    let page = |standing, errors: Errors| OwnApplication {
        chrome: ink.signed_out(),
        errors,
        path: "/application/tr_join_sample".to_owned(),
        name: ink.say("Moorside Allotments"),
        network: ink.say("North Vale"),
        help_phone: Some("01632 960 001".to_owned()),
        standing,
        reply: String::new(),
    };
    let asked = || Standing::Asked { question: ink.say("Who leads the mornings?") };
    let declined = Standing::Declined { reason: ink.say("you work outside our area") };
    let none = ink.errors(&[("reply", "Write an answer")]);
    vec![
        sample("own-application", &page(Standing::Unconfirmed, Errors::default())),
        sample("own-application--waiting", &page(Standing::Waiting, Errors::default())),
        sample("own-application--asked", &page(asked(), Errors::default())),
        sample("own-application--error", &page(asked(), none)),
        sample("own-application--approved", &page(Standing::Approved, Errors::default())),
        sample("own-application--declined", &page(declined, Errors::default())),
    ]
}

fn list(ink: Ink) -> Vec<Sample> {
    let row = |name: &str| ApplicationRow {
        name: ink.say(name),
        href: "/admin/applications/app_1".to_owned(),
        kind: OrganisationKind::CommunityProvider.words().to_owned(),
        standing: ink.tag("Waits for your answer", Tone::Waiting),
        applied: "Today, 09:00".to_owned(),
    };
    let page = |rows: Vec<ApplicationRow>| Applications {
        chrome: chrome(ink),
        errors: Errors::default(),
        submission: "key".to_owned(),
        tabs: vec![
            Tab::new("Open", "/admin/applications", true),
            Tab::new("All", "/admin/applications?which=all", false),
        ],
        empty: rows.is_empty().then(|| Empty {
            why: "No application waits for an answer.".to_owned(),
            href: Some("/admin/applications?which=all".to_owned()),
            action: "Show all of them".to_owned(),
        }),
        rows,
        pagination: ink.pages("Showing 25 applications of more"),
        address: Some(ink.say("https://trellis.example.org/join/north-vale")),
        choices: vec![
            Choice::new("yes", "Groups may apply").chosen(true),
            Choice::new("no", "Nobody may apply"),
        ],
        agreement: "1".to_owned(),
    };
    vec![
        sample("applications", &page(vec![row("Moorside Allotments"), row("Lantern Books")])),
        sample("applications--empty", &page(Vec::new())),
    ]
}

fn one(ink: Ink) -> Vec<Sample> {
    let page = |open: bool, errors: Errors| OneApplication {
        chrome: chrome(ink),
        errors,
        submission: "key".to_owned(),
        id: "app_1".to_owned(),
        name: ink.say("Moorside Allotments"),
        standing: ink.tag("Waits for your answer", Tone::Waiting),
        facts: vec![
            ("Offers".to_owned(), ink.say("Garden mornings, Tool library")),
            ("Who asks".to_owned(), ink.say("Jen Moss")),
        ],
        open,
        organisation: (!open).then(|| "org_1".to_owned()),
        question: String::new(),
        reasons: ApplicationRefusal::choices(&[]),
    };
    let none = ink.errors(&[("question", "Write your question"), ("reason", "Choose why")]);
    vec![
        sample("application", &page(true, Errors::default())),
        sample("application--error", &page(true, none)),
        sample("application--approved", &page(false, Errors::default())),
    ]
}

fn instance(ink: Ink) -> Vec<Sample> {
    let row = |name: &str, coordinators| NetworkRow {
        name: ink.say(name),
        slug: "north-vale".to_owned(),
        organisations: "13".to_owned(),
        coordinators,
        queued: "2".to_owned(),
    };
    let page = |networks: Vec<NetworkRow>| Instance {
        chrome: ink.signed_out(),
        health: vec![
            ("Database".to_owned(), ink.tag("Answers", Tone::Good)),
            ("Mail server".to_owned(), ink.tag("Away", Tone::Bad)),
        ],
        facts: vec![("Messages".to_owned(), "2 queued, the oldest has waited 1m 5s".to_owned())],
        empty: networks.is_empty().then(|| Empty {
            why: "There is no network yet. Make one with: trellis network create".to_owned(),
            href: None,
            action: String::new(),
        }),
        networks,
        pagination: ink.pages("Showing 50 networks of more"),
    };
    let rows = vec![
        row("North Vale", ink.tag("1", Tone::Good)),
        row("South Vale", ink.tag("None: trellis network invite", Tone::Bad)),
    ];
    vec![sample("instance", &page(rows)), sample("instance--empty", &page(Vec::new()))]
}
