//! Refer someone: empty, by hand, known person, faults, duplicate, sent.
use jiff::civil::date;
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::pages::refer::{
    AskedBefore, KnownPerson, Match, NewPerson, PossibleDuplicate, Reach, Refer, Sent, Subject,
};
use trellis_admin_ui::parts::{Choice, DayMonthYear, Errors};
use trellis_admin_ui::words;

use super::{Ink, Sample, sample};

const NEEDS: [(&str, &str); 8] = [
    ("company", "Company"),
    ("money", "Money and benefits"),
    ("housing", "Housing"),
    ("active", "Being more active"),
    ("work", "Work and learning"),
    ("caring", "Caring for somebody"),
    ("food", "Food"),
    ("other", "Something else"),
];
const WAYS: [(&str, &str); 5] = [
    ("phone", "Phone"),
    ("letter", "Letter"),
    ("text", "Text"),
    ("email", "E-mail"),
    ("person", "In person at the surgery"),
];
const FORMATS: [(&str, &str); 2] = [("standard", "Standard print"), ("large", "Large print")];
const RISKS: [(&str, &str); 3] = [
    ("none", "No known risk"),
    ("home", "Take care on a home visit"),
    ("harm", "Risk of harm to them or to others"),
];
const AGREED: [(&str, &str); 4] = [
    ("spoken", "Yes, they said so"),
    ("written", "Yes, in writing"),
    ("supporter", "Yes, somebody who may decide for them said so"),
    ("not-yet", "Not yet"),
];

fn empty(ink: Ink) -> Refer {
    Refer {
        chrome: ink.chrome(Section::Referrals),
        errors: Errors::default(),
        before: None,
        submission: "sub_1".to_owned(),
        ruled_out: Vec::new(),
        who: String::new(),
        nhs_number: String::new(),
        subject: Subject::New { person: NewPerson::default(), looked_up: false, found: Vec::new() },
        services: vec![
            Choice::new("svc_1", ink.say("North Vale Community Links"))
                .hint(ink.say("The first call takes about 9 days.")),
        ],
        needs: ink.choices(&NEEDS, &[]),
        access: ink.choices(
            &[("step-free", "Step-free"), ("hearing", "A hearing loop"), ("quiet", "A quiet place")],
            &[],
        ),
        risk: ink.choices(&RISKS, &[]),
        ways: ink.choices(&WAYS, &[]),
        reach: Reach { formats: ink.choices(&FORMATS, &[]), ..Reach::default() },
        agreement: ink.choices(&AGREED, &[]),
        feedback: ink.choices(
            &[("all", "How it goes"), ("status", "Only that it ended"), ("nothing", "Nothing")],
            &[],
        ),
        matters: String::new(),
    }
}

fn several(one: Match, ink: Ink) -> Refer {
    let other = Match { id: "per_3".to_owned(), name: ink.say("Jon Park"), ..one.clone() };
    let found = vec![one, other];
    let subject = Subject::New { person: NewPerson::default(), looked_up: true, found };
    Refer { who: ink.say("Park"), subject, ..empty(ink) }
}

fn known(ink: Ink) -> Subject {
    Subject::Known(KnownPerson {
        id: "per_1".to_owned(),
        name: ink.say("Jo Park"),
        born: words::date(date(1959, 5, 4)),
        nhs_number: Some(words::nhs_number("9990000018")),
        reach: ink.list(&["Letter, large print", "Phone 01632 960 010 after 2pm"]),
    })
}

fn faulty(ink: Ink) -> Refer {
    Refer {
        errors: ink.errors(&[
            ("last-name", "Enter their last name"),
            ("born", "Enter a date of birth that is in the past"),
            ("need", "Tick at least one thing that would help"),
            ("risk", "Say whether there is any risk"),
            ("way", "Choose how we should contact them"),
            ("agreement", "We can only send it when they agree"),
            ("matters", "Shorten this to 300 characters"),
        ]),
        subject: Subject::New {
            person: NewPerson {
                first_name: ink.say("Jo"),
                last_name: String::new(),
                born: DayMonthYear { day: ink.say("31"), month: ink.say("2"), year: ink.say("2059") },
                postcode: ink.say("ZZ99 3VZ"),
            },
            looked_up: true,
            found: Vec::new(),
        },
        services: ink
            .choices(&[("svc_1", "North Vale Community Links"), ("svc_2", "Vale Money Advice")], &["svc_2"]),
        reach: Reach {
            phone: ink.say("07700 900 123"),
            formats: ink.choices(&FORMATS, &["large"]),
            open: true,
            ..Reach::default()
        },
        agreement: ink.choices(&AGREED, &["not-yet"]),
        matters: ink.say("See people twice a week"),
        ..empty(ink)
    }
}

/// The same service was asked for them already.
fn asked_before(ink: Ink) -> Refer {
    let before = AskedBefore {
        href: "/referrals/ref_2".to_owned(),
        words: ink.say("Accepted since 3 November: Link workers, North Vale Community Links, with Riz Ahmed"),
        reasons: ink.choices(
            &[
                ("ANOTHER_NEED", "They need something else as well"),
                ("THINGS_CHANGED", "Things have changed since"),
                ("PERSON_WISHES", "The person wishes it"),
            ],
            &[],
        ),
    };
    let errors = ink.errors(&[("again", "Say why you ask once more, or open the referral there is")]);
    Refer { errors, before: Some(before), subject: known(ink), ways: Vec::new(), ..empty(ink) }
}

pub fn all(ink: Ink) -> Vec<Sample> {
    let person = |born| Match {
        id: "per_2".to_owned(),
        name: ink.say("Joanna Park"),
        born,
        postcode: ink.say("ZZ99 3VZ"),
        state: ink.say("Open referral to North Vale Community Links since 3 November, with Riz Ahmed"),
    };
    let duplicate = |errors| PossibleDuplicate {
        chrome: ink.chrome(Section::Referrals),
        errors,
        name: ink.say("Jo Park"),
        matches: vec![person(words::date(date(1959, 5, 4)))],
        kept: vec![("first-name".to_owned(), ink.say("Jo")), ("need".to_owned(), "company".to_owned())],
    };
    let sent = Sent {
        chrome: ink.chrome(Section::Referrals),
        reference: ink.say("4TK-9QD"),
        name: ink.say("Jo Park"),
        sent_to: ink.say("North Vale Community Links"),
        next: ink.list(&[
            "They answer by Friday 13 November.",
            "A link worker writes to Jo Park in large print.",
            "You hear when it is received, when they have spoken, and how it ended.",
        ]),
        href: "/referrals/ref_1".to_owned(),
    };
    vec![
        sample("refer", &empty(ink)),
        sample("refer--several", &several(person(words::date(date(1959, 5, 4))), ink)),
        sample("refer--known", &Refer { subject: known(ink), ways: Vec::new(), ..empty(ink) }),
        sample("refer--asked-before", &asked_before(ink)),
        sample("refer--error", &faulty(ink)),
        sample("refer-duplicate", &duplicate(Errors::default())),
        sample(
            "refer-duplicate--error",
            &duplicate(ink.errors(&[("same-person", "Say whether this is the same person")])),
        ),
        sample("refer-sent", &sent),
    ]
}
