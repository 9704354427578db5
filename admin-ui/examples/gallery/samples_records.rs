//! Handing records over: as whoever offers, and as whoever is asked.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::codes::{Code, CustodyDecline, CustodyReason};
use trellis_admin_ui::pages::records::{OfferForm, OfferRow, Records};
use trellis_admin_ui::parts::{Choice, Errors, Tag, Tone};

use super::{Ink, Sample, sample};

fn row(ink: Ink, heading: &str, state: Tag, words: &[&str]) -> OfferRow {
    OfferRow {
        id: "cst_1".to_owned(),
        heading: ink.say(heading),
        state,
        words: ink.list(words),
        withdrawable: false,
        declines: Vec::new(),
        from: ink.say("Mill Street Surgery"),
        submission: "key-1".to_owned(),
    }
}

fn form(ink: Ink) -> OfferForm {
    OfferForm {
        receivers: vec![
            Choice::new("org_2", ink.say("Vale Health Centre")),
            Choice::new("org_3", ink.say("Eastfield Walkers")),
        ],
        reasons: CustodyReason::choices(&[]),
    }
}

pub fn all(ink: Ink) -> Vec<Sample> {
    let page = |offers: Vec<OfferRow>, form: Option<OfferForm>, errors: Errors| Records {
        chrome: ink.chrome(Section::People),
        errors,
        submission: "key".to_owned(),
        people: "12 people".to_owned(),
        offers,
        form,
        no_form: ink.say("Your records are offered already."),
    };
    let waiting = || ink.tag("Waiting for an answer", Tone::Waiting);
    let about = "The records of 12 people, offered 3 Nov, 9:00am. Why: the two organisations join together.";
    let made = OfferRow {
        withdrawable: true,
        ..row(ink, "Offered to Vale Health Centre", waiting(), &[about, "By now it is about 13 people."])
    };
    let received = || OfferRow {
        declines: CustodyDecline::choices(&[]),
        ..row(ink, "Offered to you by Mill Street Surgery", waiting(), &[about])
    };
    let moving = row(
        ink,
        "Offered to Vale Health Centre",
        ink.tag("Being handed over", Tone::Going),
        &[
            about,
            "9 people handed over, 3 people still to go.",
            "1 of them can go over only when you have seen to something: an emergency opening to review, or a referral that came back.",
        ],
    );
    let unsaid = ink.errors(&[("reason", "Say why")]);
    let undeclined = ink.errors(&[("reason-cst_1", "Say why you decline")]);
    vec![
        sample("records", &page(Vec::new(), Some(form(ink)), Errors::default())),
        sample("records--error", &page(Vec::new(), Some(form(ink)), unsaid)),
        sample("records--offered", &page(vec![made], None, Errors::default())),
        sample("records--received", &page(vec![received()], Some(form(ink)), Errors::default())),
        sample("records--received-error", &page(vec![received()], Some(form(ink)), undeclined)),
        sample("records--moving", &page(vec![moving], None, Errors::default())),
    ]
}
