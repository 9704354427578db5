//! One referral: new, waiting, nothing to do, closed, changed under one's hands, faults.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::pages::complete::Complete;
use trellis_admin_ui::pages::pass_on::PassOn;
use trellis_admin_ui::pages::referral::{Action, Ask, Closed, Elsewhere, Fact, OtherService, ReferralPage};
use trellis_admin_ui::parts::{
    Choice, DayMonthYear, Errors, IdentityBar, Overtaken, Refusal, StaleField, StalePanel, Task, TaskList,
    Timeline, TimelineEntry, Tone,
};

use super::{Ink, Sample, day, due, sample};

pub fn timeline(ink: Ink) -> Timeline {
    let entry = |d, what: &str, note: Option<&str>| TimelineEntry {
        when: day(11, d),
        what: ink.say(what),
        note: note.map(|words| ink.say(words)),
    };
    Timeline {
        entries: vec![
            entry(3, "Letter sent: your referral (large print)", None),
            entry(2, "R. Ahmed phoned, spoke, 15 min", Some("Would like to walk, worried about the bus.")),
            entry(1, "Referred by Dr Osei, Mill Street Surgery", None),
        ],
        older: Some("?older=c3".to_owned()),
    }
}

pub fn stale(ink: Ink, action: &str) -> StalePanel {
    StalePanel {
        changed_by: ink.say("R. Ahmed"),
        changed: day(11, 6),
        action: action.to_owned(),
        version: "8".to_owned(),
        form_token: "token-for-forms".to_owned(),
        fields: vec![StaleField {
            id: "next-step".to_owned(),
            label: ink.say("Next step"),
            mine: ink.say("Call about first walk"),
            theirs: ink.say("Write to Jo Park"),
        }],
        reload: action.to_owned(),
    }
}

fn action(ink: Ink, verb: &str, label: &str, asks: Vec<Ask>) -> Action {
    Action { verb: verb.to_owned(), label: ink.say(label), asks, ..Action::default() }
}

fn words(ink: Ink, name: &str, label: &str, value: &str) -> Ask {
    Ask::Words {
        name: name.to_owned(),
        label: ink.say(label),
        value: ink.say(value),
        optional: name == "note",
    }
}

fn reason(ink: Ink, choices: &[(&str, &str)]) -> Ask {
    Ask::Reason { name: "reason".to_owned(), label: ink.say("Reason"), choices: ink.choices(choices, &[]) }
}

fn overtaken(ink: Ink) -> Overtaken {
    Overtaken {
        changed_by: ink.say("R. Ahmed"),
        changed: day(11, 6),
        mine: ink.say("Send back"),
        theirs: ink.say("Accepted"),
        action: "/referrals/ref_1/return".to_owned(),
        kept: vec![
            ("return-reason".to_owned(), ink.say("info")),
            ("version".to_owned(), "8".to_owned()),
            ("form-token".to_owned(), "token-for-forms".to_owned()),
        ],
        reload: "/referrals/ref_1".to_owned(),
    }
}

fn no_place(ink: Ink) -> Refusal {
    Refusal {
        what_happened: ink.say("The service has no free place."),
        next: ink.say("Free a place first, or leave it waiting."),
        link: None,
        phone: "01632 960 001".to_owned(),
        request_id: None,
    }
}

fn complete(ink: Ink, errors: Errors) -> Complete {
    Complete {
        chrome: ink.chrome(Section::Referrals),
        errors,
        refusal: None,
        id: "ref_1".to_owned(),
        reference: ink.say("4TK-9QD"),
        version: "7".to_owned(),
        submission: "sub_1".to_owned(),
        identity: ink.identity(false),
        outcomes: ink.choices(&[("met", "The goal was met"), ("not-met", "The goal was not met")], &[]),
        support: String::new(),
        changed: ink.say("Goes out twice a week"),
        for_referrer: String::new(),
    }
}

fn pass_on(ink: Ink, errors: Errors) -> PassOn {
    PassOn {
        chrome: ink.chrome(Section::Referrals),
        errors,
        refusal: None,
        id: "ref_1".to_owned(),
        reference: ink.say("4TK-9QD"),
        heading: ink.say("Ask Eastfield walking group to help"),
        action: "/referrals/ref_1/onward".to_owned(),
        version: "7".to_owned(),
        submission: "sub_1".to_owned(),
        identity: ink.identity(false),
        service_id: "svc_1".to_owned(),
        service: (ink.say("Eastfield walking group"), ink.say("Eastfield Walkers")),
        room: ink.tag("3 free places", Tone::Good),
        choose_again: "/services?onward=ref_1".to_owned(),
        they_see: vec![(ink.say("Looking for"), ink.say("Company")), (ink.say("Age"), ink.say("65 to 74"))],
        again: Vec::new(),
        agreement: ink.choices(&[("spoken", "Yes, they said so"), ("not-yet", "Not yet")], &[]),
        reasons: Vec::new(),
        matters: Some(String::new()),
        button: ink.say("Send"),
    }
}

fn actions(ink: Ink, open: bool) -> Vec<Action> {
    let back =
        [("info", "We need more information"), ("wrong", "Wrong service"), ("area", "Outside our area")];
    let people = [("", "Choose a person"), ("usr_1", "Riz Ahmed (31 people)")];
    let worker =
        Ask::Pick { name: "worker".to_owned(), label: ink.say("Who?"), choices: ink.choices(&people, &[]) };
    let until = Ask::Day {
        name: "until".to_owned(),
        label: ink.say("Until when?"),
        value: DayMonthYear { day: ink.say("1"), month: ink.say("12"), year: ink.say("2026") },
    };
    let somebody = Choice::new("yes", ink.say("Somebody who waited less goes first"));
    let turn = Ask::Tick { name: "out-of-turn".to_owned(), label: ink.say("Out of turn"), choice: somebody };
    vec![
        Action {
            link: Some("/services?onward=ref_1".to_owned()),
            ..action(ink, "onward", "Ask a service to help too", Vec::new())
        },
        Action {
            explains: ink.some("They take the last free place. Mill Street Surgery is told."),
            primary: true,
            ..action(ink, "accept", "Accept referral", Vec::new())
        },
        action(ink, "allocate", "Give to a link worker", vec![worker]),
        Action {
            open,
            ..action(
                ink,
                "return",
                "Send back",
                vec![reason(ink, &back), words(ink, "note", "Note", "Please add a phone number")],
            )
        },
        action(ink, "hold", "Put on hold", vec![until]),
        action(ink, "offer", "Offer a place", vec![turn]),
        action(ink, "complete", "Complete", vec![words(ink, "support", "What support was offered?", "")]),
        Action { danger: true, ..action(ink, "withdraw", "Withdraw", Vec::new()) },
    ]
}

fn base(ink: Ink) -> ReferralPage {
    let task = |name: &str, words: &str, tone, href: Option<&str>| Task {
        name: ink.say(name),
        hint: None,
        href: href.map(str::to_owned),
        status: ink.tag(words, tone),
    };
    let fact = |label: &str, value: &str, href: Option<&str>| Fact {
        label: ink.say(label),
        value: ink.say(value),
        href: href.map(str::to_owned),
    };
    ReferralPage {
        chrome: ink.chrome(Section::Referrals),
        errors: Errors::default(),
        id: "ref_1".to_owned(),
        version: "7".to_owned(),
        reference: ink.say("4TK-9QD"),
        identity: ink.identity(false),
        stage: ink.tag("Sent", Tone::Waiting),
        stage_words: ink.say("Waiting for your team to answer."),
        due: Some(due(11, 4)),
        late: true,
        tasks: TaskList {
            tasks: vec![
                task("Check the person", "Done", Tone::Good, Some("/people/per_1")),
                task("Agreement", "Recorded", Tone::Good, None),
                task("Needs", "Not looked at", Tone::Waiting, Some("/referrals/ref_1/needs")),
                task("Owner", "Nobody yet", Tone::Bad, None),
            ],
        },
        facts: vec![
            fact("Needs", "Company, money and benefits", None),
            fact("From", "Dr Osei, Mill Street Surgery", None),
            fact("Part of", "Referral 4TK-9QA", Some("/referrals/ref_0")),
        ],
        matters: ink.some("See people twice a week"),
        actions: actions(ink, false),
        closed: None,
        elsewhere: None,
        timeline: timeline(ink),
        refusal: None,
        overtaken: None,
        submission: "sub_1".to_owned(),
    }
}

fn elsewhere(ink: Ink, some: bool) -> Elsewhere {
    let other = |name: &str, of: &str, room: &str, tone, distance| OtherService {
        name: ink.say(name),
        organisation: ink.say(of),
        room: ink.tag(room, tone),
        distance: ink.some(distance),
        href: "/refer?again=ref_1&service=svc_2".to_owned(),
    };
    let services = vec![
        other("Walking and talking", "Eastfield Walkers", "4 free places", Tone::Good, "About 2 km away"),
        other("Tuesday lunch", "Northgate Church", "Waiting list", Tone::Waiting, "About 7 km away"),
    ];
    Elsewhere {
        words: ink.say("There is no answer yet. You can ask another service as well. This request stands until you take it back."),
        services: if some { services } else { Vec::new() },
    }
}

pub fn all(ink: Ink) -> Vec<Sample> {
    let error = ReferralPage {
        errors: ink.errors(&[("return-reason", "Choose why you send it back")]),
        actions: actions(ink, true),
        ..base(ink)
    };
    let hidden = IdentityBar {
        name: ink.say("Somebody aged 65 to 74"),
        pronouns: None,
        age: None,
        born: None,
        nhs_number: None,
        reach: Vec::new(),
        phone: None,
        risk: None,
        agreed: ink.some("Share need, age band, area and access needs"),
        limited: ink.some("You see the name after your group has said yes."),
        ..ink.identity(false)
    };
    let closed = |reopen| ReferralPage {
        actions: Vec::new(),
        stage: ink.tag("Completed", Tone::Over),
        stage_words: ink.say("Completed on 5 November 2026."),
        due: None,
        closed: Some(Closed { words: ink.say("Jo Park goes to the walking group every week."), reopen }),
        ..base(ink)
    };
    let again =
        reason(ink, &[("needs-help", "They need help again"), ("mistake", "It was closed by mistake")]);
    let reopen = action(ink, "reopen", "Reopen", vec![again]);
    vec![
        sample("referral", &base(ink)),
        sample("referral--error", &error),
        sample("referral--before-identity", &ReferralPage { identity: hidden, ..base(ink) }),
        sample(
            "referral--not-yours",
            &ReferralPage { actions: Vec::new(), timeline: Timeline::default(), ..base(ink) },
        ),
        sample("referral--closed", &closed(Some(reopen))),
        sample("referral--closed-for-good", &closed(None)),
        sample("referral--overtaken", &ReferralPage { overtaken: Some(overtaken(ink)), ..base(ink) }),
        sample("referral--no-answer", &ReferralPage { elsewhere: Some(elsewhere(ink, true)), ..base(ink) }),
        sample(
            "referral--nowhere-else",
            &ReferralPage { elsewhere: Some(elsewhere(ink, false)), ..base(ink) },
        ),
        sample("referral--refused", &ReferralPage { refusal: Some(no_place(ink)), ..base(ink) }),
        sample("complete", &complete(ink, Errors::default())),
        sample(
            "complete--error",
            &complete(
                ink,
                ink.errors(&[("outcome", "Say how it ended"), ("support", "Say what support was offered")]),
            ),
        ),
        sample("pass-on", &pass_on(ink, Errors::default())),
        sample("pass-on--error", &pass_on(ink, ink.errors(&[("agreement", "Say whether they agree")]))),
    ]
}
