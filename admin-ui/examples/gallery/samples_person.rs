//! One person, whole and in part; log a contact.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::pages::contact::{ContactForm, LogContact};
use trellis_admin_ui::pages::person::{
    Back, Beside, EmergencyHelper, InEmergency, NextStep, NextStepForm, PersonPage, PlanItem, Planned,
};
use trellis_admin_ui::pages::sameness::{AlsoOnRecord, MaybeSame, Sameness};
use trellis_admin_ui::parts::{DayMonthYear, Errors, IdentityBar, Tab, Timeline, Tone};

use super::samples_lists::NAMES;
use super::samples_plan::goals;
use super::samples_referral::{stale, timeline};
use super::{Ink, Sample, due, sample};

const STEPS: [(&str, &str); 3] =
    [("call", "Call about first walk"), ("letter", "Write a letter"), ("none", "Nothing more")];

fn form(ink: Ink, errors: Errors, double: Option<String>) -> ContactForm {
    let filled = !errors.is_empty() || double.is_some();
    let minutes = ContactForm::usual_minutes();
    ContactForm {
        action: "/people/per_1/contacts".to_owned(),
        form_token: "token-for-forms".to_owned(),
        submission: "sub_2".to_owned(),
        errors,
        channels: ink.choices(
            &[("phone", "Phone"), ("visit", "Visit"), ("message", "Message"), ("other", "Other")],
            if filled { &["phone"] } else { &[] },
        ),
        results: ink.choices(
            &[("spoke", "Spoke"), ("no-answer", "No answer"), ("left-message", "Left message")],
            &[],
        ),
        minutes,
        next_steps: ink.choices(&STEPS, &["call"]),
        next_on: DayMonthYear { day: ink.say("10"), month: ink.say("11"), year: ink.say("2026") },
        note: if filled { ink.say("Would like to walk") } else { String::new() },
        double,
    }
}

fn plan(ink: Ink) -> Vec<PlanItem> {
    let item = |n: u8, service: &str, tag, words: &str| PlanItem {
        service: ink.say(service),
        href: format!("/referrals/ref_{n}"),
        state: tag,
        words: ink.say(words),
        chase: Some(format!("/referrals/ref_{n}/chase")).filter(|_| n == 1),
    };
    vec![
        item(
            1,
            "Walking group",
            ink.tag("Waiting for an answer", Tone::Waiting),
            "Asked 4 days ago, reply by 6 November",
        ),
        item(2, "Benefits check", ink.tag("Accepted", Tone::Going), "First meeting 12 November"),
    ]
}

fn full(ink: Ink) -> PersonPage {
    let tab = |label: &str, current| Tab { label: ink.say(label), href: format!("?show={label}"), current };
    PersonPage {
        chrome: ink.chrome(Section::People),
        errors: Errors::default(),
        id: "per_1".to_owned(),
        version: "7".to_owned(),
        identity: ink.identity(true),
        banner: None,
        emergency: None,
        sameness: Sameness::default(),
        next: Some(NextStep { what: ink.some("Call about first walk"), due: Some(due(11, 6)), late: false }),
        next_form: Some(NextStepForm {
            steps: ink.choices(&STEPS, &["call"]),
            on: DayMonthYear::default(),
            open: false,
        }),
        matters: ink.some("See people twice a week"),
        planned: Some(Planned {
            goals: goals(ink),
            many: false,
            written: ink.say("Plan of 3 November 2026, by Sam Okoro, North Vale Community Links"),
        }),
        edit_plan: Some("/people/per_1/plan/edit".to_owned()),
        plan: plan(ink),
        find_service: Some("/services?person=per_1".to_owned()),
        others: Vec::new(),
        tabs: vec![tab("All", true), tab("Contacts", false), tab("Plan", false), tab("Letters", false)],
        timeline: timeline(ink),
        contact: Some(form(ink, Errors::default(), None)),
        contact_open: false,
        who_viewed: Some("/people/per_1/viewed".to_owned()),
        beside: NAMES
            .iter()
            .enumerate()
            .map(|(n, name)| Beside {
                name: ink.say(name),
                href: format!("/people/per_{n}"),
                words: ink.say(if n < 3 { "2 days overdue" } else { "Due in 3 days" }),
                current: n == 0,
            })
            .collect(),
        back: Some(Back {
            href: "/people?after=c1".to_owned(),
            words: ink.say("12 of 41"),
            previous: Some((ink.say("Ivy Mensah"), "/people/per_9".to_owned())),
            next: Some((ink.say("Amir Hussain"), "/people/per_2".to_owned())),
        }),
        stale: None,
        watch: true,
    }
}

/// What a provider sees of a person: the shared part, and no way to anything else.
fn shared(ink: Ink) -> PersonPage {
    PersonPage {
        identity: IdentityBar {
            nhs_number: None,
            born: None,
            age: ink.some("65 to 74"),
            limited: ink.some("You see the part that Jo Park agreed to share with Eastfield Walkers."),
            ..ink.identity(true)
        },
        next: None,
        next_form: None,
        find_service: None,
        tabs: Vec::new(),
        planned: None,
        edit_plan: None,
        plan: Vec::new(),
        others: plan(ink),
        contact: None,
        who_viewed: None,
        beside: Vec::new(),
        back: None,
        watch: false,
        ..full(ink)
    }
}

/// To read, for a day.
fn in_emergency(ink: Ink) -> PersonPage {
    let helper = EmergencyHelper {
        who: ink.say("Monday walk, Eastfield Walkers"),
        phone: "01632 960 020".to_owned(),
        state: ink.tag("Active", Tone::Going),
        risk: ink.some("Risk of harm"),
    };
    let emergency = InEmergency {
        id: "emo_1".to_owned(),
        until: ink.say("4 Nov, 9:00am"),
        custodian: ink.say("Mill Street Surgery"),
        helpers: vec![helper],
        submission: "key".to_owned(),
    };
    PersonPage { emergency: Some(emergency), ..shared(ink) }
}

/// Perhaps on record twice, and once for certain.
fn on_record_twice(ink: Ink) -> PersonPage {
    let open = ink.list(&["Link workers: active, with Riz Ahmed"]);
    let maybe = MaybeSame {
        id: "per_2".to_owned(),
        name: ink.say("Joanna Park"),
        details: ink.say("born 5 April 1959, ZZ99 3VZ"),
        why: ink.say("Similar name, similar date of birth. Kept by North Vale Council."),
        open: open.clone(),
    };
    let also = AlsoOnRecord {
        match_id: "mat_1".to_owned(),
        href: "/people/per_3".to_owned(),
        name: ink.say("Jo Parks"),
        custodian: ink.say("Eastfield Surgery"),
        decided: due(11, 3),
        open,
    };
    let sameness =
        Sameness { maybe: vec![maybe], also: vec![also], decides: true, submission: "sub_3".to_owned() };
    PersonPage { sameness, ..full(ink) }
}

/// Nobody knows much of them yet.
fn bare(ink: Ink) -> PersonPage {
    PersonPage {
        identity: IdentityBar {
            pronouns: None,
            age: None,
            born: None,
            nhs_number: None,
            reach: Vec::new(),
            phone: None,
            risk: None,
            agreed: None,
            ..ink.identity(true)
        },
        next: Some(NextStep { what: None, due: None, late: false }),
        matters: None,
        planned: None,
        plan: Vec::new(),
        timeline: Timeline::default(),
        beside: Vec::new(),
        ..full(ink)
    }
}

pub fn all(ink: Ink) -> Vec<Sample> {
    let wrong = ink.errors(&[
        ("channel", "Choose the type"),
        ("result", "Choose the result"),
        ("minutes", "Choose how long it took"),
    ]);
    let faulty = PersonPage {
        errors: wrong.clone(),
        contact: Some(form(ink, wrong.clone(), None)),
        contact_open: true,
        ..full(ink)
    };
    let stopped = PersonPage {
        banner: ink.some("Jo Park died on 2 November 2026. Letters, texts and e-mails are stopped."),
        contact: None,
        next: None,
        next_form: None,
        ..full(ink)
    };
    let log = |form| LogContact {
        chrome: ink.chrome(Section::People),
        person_href: "/people/per_1".to_owned(),
        identity: ink.identity(false),
        form,
    };
    let twice = ink.some("You logged a phone call with Jo Park 3 minutes ago.");
    vec![
        sample("person", &full(ink)),
        sample("person--contact-open", &PersonPage { contact_open: true, ..full(ink) }),
        sample("person--error", &faulty),
        sample("person--new", &bare(ink)),
        sample("person--to-plan", &PersonPage { planned: None, ..full(ink) }),
        sample("person--shared-part", &shared(ink)),
        sample("person--stopped", &stopped),
        sample("person--on-record-twice", &on_record_twice(ink)),
        sample("person--emergency", &in_emergency(ink)),
        sample(
            "person--stale",
            &PersonPage { stale: Some(stale(ink, "/people/per_1/next-step")), ..full(ink) },
        ),
        sample("log-contact", &log(form(ink, Errors::default(), None))),
        sample("log-contact--error", &log(form(ink, wrong, None))),
        sample("log-contact--double", &log(form(ink, Errors::default(), twice))),
    ]
}
