//! Sign in, and a provider's answer from an e-mail.
use trellis_admin_ui::pages::respond::{Ask, Code, Contact, Done, Outcome, Outline};
use trellis_admin_ui::pages::sign_in::{Arrival, Resume, SignIn};
use trellis_admin_ui::parts::Errors;
use trellis_admin_ui::words;

use super::{Ink, Sample, day, sample};

const REASONS: [(&str, &str); 5] = [
    ("full", "We are full"),
    ("not-for-us", "It is not what we do"),
    ("area", "They live too far away"),
    ("access", "We cannot meet their access needs"),
    ("other", "Something else"),
];

pub fn all(ink: Ink) -> Vec<Sample> {
    [sign_in(ink), respond(ink)].into_iter().flatten().collect()
}

fn sign_in(ink: Ink) -> Vec<Sample> {
    let page = |arrival, errors: Errors, email: &str| SignIn {
        chrome: ink.signed_out(),
        errors,
        arrival,
        email: email.to_owned(),
        then: "/people".to_owned(),
        kept: String::new(),
    };
    let wrong = ink.errors(&[("email", "The e-mail address or the password is not right")]);
    vec![
        sample("sign-in", &page(Arrival::First, Errors::default(), "")),
        sample("sign-in--error", &page(Arrival::First, wrong, &ink.say("sam@example.org"))),
        sample("sign-in--idle", &page(Arrival::Idle, Errors::default(), "sam@example.org")),
        sample("sign-in--locked", &page(Arrival::Locked, Errors::default(), "")),
        sample(
            "sign-in--resume",
            &Resume {
                chrome: ink.signed_out(),
                action: "/refer".to_owned(),
                fields: vec![("first-name".to_owned(), ink.say("Jo"))],
            },
        ),
        sample("sign-in--signed-out", &page(Arrival::SignedOut, Errors::default(), "")),
    ]
}

pub fn outline(ink: Ink) -> Outline {
    Outline {
        service: ink.say("Eastfield walking group"),
        asked_by: ink.some("North Vale Community Links"),
        looking_for: ink.list(&["Company", "Being more active"]),
        age_band: ink.say("65 to 74"),
        area: ink.say("Eastfield Library"),
        access: ink.list(&["uses a stick", "hard of hearing"]),
        reply_by: Some(words::weekday_date(super::today())),
    }
}

fn respond(ink: Ink) -> Vec<Sample> {
    let ask = |errors: Errors, declining, outline| Ask {
        chrome: ink.signed_out(),
        errors,
        path: "/respond/abc".to_owned(),
        outline,
        places: ink.some("You have 2 places left."),
        reasons: ink.choices(&REASONS, &[]),
        note: Some(if declining { ink.say("Back in spring") } else { String::new() }),
        declining,
    };
    let sparse = Outline { looking_for: Vec::new(), access: Vec::new(), ..outline(ink) };
    let code = |errors| Code {
        chrome: ink.signed_out(),
        errors,
        path: "/respond/abc".to_owned(),
        again: Some("/respond/abc".to_owned()),
        sent_to: ink.say("b…@example.org"),
    };
    let mut samples = vec![
        sample("respond", &ask(Errors::default(), false, outline(ink))),
        sample("respond--sparse", &ask(Errors::default(), false, sparse)),
        sample(
            "respond--error",
            &ask(ink.errors(&[("reason", "Choose the main reason")]), true, outline(ink)),
        ),
        sample("respond-code", &code(Errors::default())),
        sample(
            "respond-code--error",
            &code(ink.errors(&[("code", "Enter the 6 digits from the newest e-mail")])),
        ),
        sample("respond-contact", &contact(ink)),
        sample("respond-contact--least", &least(ink)),
    ];
    let ends = [
        ("declined", Outcome::Declined),
        ("waitlisted", Outcome::Waitlisted),
        ("already-accepted", Outcome::AlreadyAccepted),
        ("already-declined", Outcome::AlreadyDeclined),
        ("withdrawn", Outcome::Withdrawn),
        ("expired", Outcome::Expired),
        ("new-link", Outcome::NewLinkSent),
        ("no-such-link", Outcome::NoSuchLink),
    ];
    samples.extend(ends.into_iter().map(|(name, outcome)| {
        let page = Done {
            chrome: ink.signed_out(),
            again: Some("/respond/abc".to_owned()),
            outcome,
            when: Some(day(11, 3)),
        };
        sample(&format!("respond-done--{name}"), &page)
    }));
    samples
}

fn contact(ink: Ink) -> Contact {
    Contact {
        chrome: ink.signed_out(),
        name: ink.say("Jo Park"),
        reference: ink.say("4TK-9QD"),
        reach: ink.list(&["Phone after 2pm. Do not leave a message", "Or a letter in large print"]),
        phone: Some("01632 960 010".to_owned()),
        email: ink.some("jo.park@example.org"),
        risk: ink.some("Dog at address"),
        matters: ink.some("I would like to see people twice a week."),
        address: ink.some("1 Example Street, North Vale, ZZ99 3VZ"),
        outline: Some(outline(ink)),
        shared: ink.some("Share name, phone and access needs with Eastfield Walkers"),
        link_worker: Some((ink.say("Sam Okoro"), "01632 960 001".to_owned())),
    }
}

/// As little as may be shared: a name, a way, a reference.
fn least(ink: Ink) -> Contact {
    Contact {
        phone: None,
        email: None,
        address: None,
        risk: None,
        matters: None,
        outline: None,
        shared: None,
        link_worker: None,
        ..contact(ink)
    }
}
