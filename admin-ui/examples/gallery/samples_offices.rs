//! The link of an invitation, organisations and their people.
use trellis_admin_ui::chrome::{Chrome, Section};
use trellis_admin_ui::codes::{AgreementKind, Code, OrganisationKind, Role, SuspensionReason};
use trellis_admin_ui::pages::closing::{CloseOrganisation, WindingUp};
use trellis_admin_ui::pages::invitation::{Invitation, Standing};
use trellis_admin_ui::pages::organisations::{
    AddOrganisation, AgreementRow, CheckOrganisation, Managing, OneOrganisation, OrganisationRow,
    Organisations, PersonField,
};
use trellis_admin_ui::pages::staff::{InvitationRow, Invitations, Invite, Member, Staff, StaffRow};
use trellis_admin_ui::parts::{Choice, DayMonthYear, Empty, Errors, Tab, Tone};

use super::{Ink, Sample, day, sample};

pub fn all(ink: Ink) -> Vec<Sample> {
    [invitation(ink), organisations(ink), adding(ink), people(ink), invited(ink)]
        .into_iter()
        .flatten()
        .collect()
}

fn chrome(ink: Ink, current: usize) -> Chrome {
    let mut chrome = ink.chrome(Section::Admin);
    let tab = |(at, label): (usize, &str)| Tab {
        label: label.to_owned(),
        href: format!("/admin/{}", label.to_lowercase()),
        current: at == current,
    };
    chrome.tabs = ["Organisations", "People", "Invitations"].into_iter().enumerate().map(tab).collect();
    chrome
}

fn invitation(ink: Ink) -> Vec<Sample> {
    let page = |standing, errors: Errors| Invitation {
        chrome: ink.signed_out(),
        errors,
        standing,
        path: "/invitation/tr_invite_sample".to_owned(),
        place: ink.say("North Vale Community Links"),
        email: ink.say("ada@example.org"),
        roles: "link worker and team lead".to_owned(),
        until: day(11, 11),
        name: ink.say("Ada Bright"),
    };
    let weak = ink.errors(&[("password", "The password is shorter than 15 characters.")]);
    vec![
        sample("invitation", &page(Standing::New, Errors::default())),
        sample("invitation--error", &page(Standing::New, weak)),
        sample("invitation--known", &page(Standing::Known, Errors::default())),
        sample("invitation--expired", &page(Standing::Expired, Errors::default())),
        sample("invitation--asked", &page(Standing::Asked, Errors::default())),
        sample("invitation--accepted", &page(Standing::Accepted, Errors::default())),
        sample("invitation--withdrawn", &page(Standing::Withdrawn, Errors::default())),
        sample("invitation--replaced", &page(Standing::Replaced, Errors::default())),
    ]
}

fn one_organisation(
    ink: Ink,
    (suspended, closed): (bool, bool),
    left: &[&str],
    errors: Errors,
) -> OneOrganisation {
    OneOrganisation {
        chrome: chrome(ink, 9),
        errors,
        submission: "key".to_owned(),
        id: "org_1".to_owned(),
        unsecured: Some((
            ink.say("3 of 7 people have no second step"),
            "/admin/people?organisation=org_1&which=no-factor".to_owned(),
        )),
        name: ink.say("Eastfield Walkers"),
        kind: OrganisationKind::CommunityProvider.words().to_owned(),
        standing: if closed { ink.tag("Closed", Tone::Over) } else { ink.tag("Open", Tone::Good) },
        facts: vec![
            ("Phone for questions".to_owned(), "01632 960 001".to_owned()),
            ("E-mail for requests".to_owned(), ink.say("requests@example.org")),
        ],
        agreements: vec![AgreementRow {
            kind: AgreementKind::DataSharing.words().to_owned(),
            version: ink.say("2"),
            agreed_on: day(1, 4),
            ends_on: Some(day(12, 31)),
            standing: ink.tag("Ends within 90 days", Tone::Waiting),
        }],
        closed,
        headless: suspended,
        managing: Some(Managing {
            suspended,
            reasons: SuspensionReason::choices(&[]),
            winding_up: closed.then(|| WindingUp {
                successor: Some(ink.say("Vale Striders")),
                finished: left.is_empty(),
                left: ink.list(left),
                successors: vec![Choice::new("org_2", ink.say("Vale Striders"))],
            }),
            kinds: AgreementKind::choices(&[]),
            agreed_on: DayMonthYear::default(),
            ends_on: DayMonthYear::default(),
            version: String::new(),
        }),
    }
}

fn organisations(ink: Ink) -> Vec<Sample> {
    let row = |name: &str, standing: (&str, Tone), agreement: Option<(&str, Tone)>| OrganisationRow {
        name: ink.say(name),
        href: "/admin/organisations/org_1".to_owned(),
        kind: OrganisationKind::CommunityProvider.words().to_owned(),
        standing: ink.tag(standing.0, standing.1),
        people: "12 people, 1 invited".to_owned(),
        agreements: agreement.map(|(words, tone)| ink.tag(words, tone)).into_iter().collect(),
    };
    let list = |rows: Vec<OrganisationRow>, words: &str| Organisations {
        chrome: chrome(ink, 0),
        words: words.to_owned(),
        empty: rows.is_empty().then(|| Empty {
            why: "No organisation has that in its name.".to_owned(),
            href: Some("/admin/organisations".to_owned()),
            action: "See all of them".to_owned(),
        }),
        rows,
        waiting: Some(ink.say("2 applications wait for your answer")),
        left_over: vec![(
            ink.say("Old Dairy Arts: 2 referrals need another successor"),
            "/admin/organisations/org_1".to_owned(),
        )],
        pagination: ink.pages("Showing 25 organisations of more"),
    };
    let rows = vec![
        row(
            "Eastfield Walkers",
            ("Open", Tone::Good),
            Some(("Data sharing agreement: in force", Tone::Good)),
        ),
        row("Lantern Books", ("Suspended", Tone::Bad), Some(("Funding agreement: has ended", Tone::Bad))),
        row("Old Dairy Arts", ("Closed", Tone::Over), None),
    ];
    let left = [
        "3 referrals are being passed on or sent back. This can take some minutes.",
        "2 referrals could not be passed on: no service of the successor takes them.",
    ];
    let needed =
        ["3 people's records are answered for by it. Nobody else would see to what these people ask."];
    let why = ink.errors(&[("reason", "Choose why")]);
    vec![
        sample("organisations", &list(rows, "")),
        sample("organisations--empty", &list(Vec::new(), "zzz")),
        sample("organisation", &one_organisation(ink, (false, false), &[], Errors::default())),
        sample("organisation--winding-up", &one_organisation(ink, (false, true), &left, Errors::default())),
        sample("close-organisation", &closing(ink, &[])),
        sample("close-organisation--needed", &closing(ink, &needed)),
        sample("organisation--suspended", &one_organisation(ink, (true, false), &[], Errors::default())),
        sample("organisation--error", &one_organisation(ink, (false, false), &[], why)),
        sample("organisation--closed", &one_organisation(ink, (false, true), &[], Errors::default())),
    ]
}

fn closing(ink: Ink, in_the_way: &[&str]) -> CloseOrganisation {
    CloseOrganisation {
        chrome: chrome(ink, 0),
        errors: Errors::default(),
        submission: "key".to_owned(),
        id: "org_1".to_owned(),
        name: ink.say("Eastfield Walkers"),
        successors: vec![
            Choice::new("", "Nobody").chosen(true),
            Choice::new("org_2", ink.say("Vale Striders")),
        ],
        successor: String::new(),
        outlook: ink
            .list(&["2 open referrals go back to whoever asked, with the task to find somebody else."]),
        takes_over: ink.say("nobody takes over"),
        in_the_way: ink.list(in_the_way),
        records: if in_the_way.is_empty() {
            Vec::new()
        } else {
            ink.list(&[
                "Records have to be handed over first. A privacy officer of Eastfield Walkers does this under “Hand over records”.",
                "They are offered to Vale Striders, which has not answered yet.",
            ])
        },
        people: "3 people, 1 invited".to_owned(),
    }
}

fn adding(ink: Ink) -> Vec<Sample> {
    let person = |at: usize, email: &str| PersonField {
        email_id: format!("person-{at}"),
        roles_id: format!("person-{at}-role"),
        email: email.to_owned(),
        roles: Role::choices(&[]),
    };
    let form = |errors: Errors, name: &str| AddOrganisation {
        chrome: chrome(ink, 0),
        errors,
        name: name.to_owned(),
        kinds: OrganisationKind::choices(&[]),
        postcode: String::new(),
        phone: String::new(),
        email: String::new(),
        services: String::new(),
        people: vec![person(1, ""), person(2, &ink.say("vic@example.org"))],
        signed: vec![trellis_admin_ui::parts::Choice::new(
            "yes",
            "The network’s data sharing agreement, today",
        )],
    };
    let missing =
        ink.errors(&[("name", "Enter the name of the organisation"), ("kind", "Choose what kind it is")]);
    let check = CheckOrganisation {
        chrome: chrome(ink, 0),
        answers: vec![
            ("Name".to_owned(), ink.list(&["Moorside Allotments"])),
            ("Offers".to_owned(), ink.list(&["Garden mornings", "Tool library"])),
            ("Invited".to_owned(), Vec::new()),
        ],
        fields: vec![("name".to_owned(), ink.say("Moorside Allotments"))],
        submission: "sub_1".to_owned(),
    };
    vec![
        sample("add-organisation", &form(Errors::default(), "")),
        sample("add-organisation--error", &form(missing, "")),
        sample("add-organisation--check", &check),
    ]
}

fn people(ink: Ink) -> Vec<Sample> {
    let row = |name: &str, is_you: bool, seen: bool| StaffRow {
        name: ink.say(name),
        href: "/admin/people/mem_1".to_owned(),
        email: ink.say("kit@example.org"),
        roles: "administrator, referrer".to_owned(),
        organisation: ink.some("North Vale Community Links"),
        last_seen: seen.then(|| day(11, 4)),
        second_factor: seen,
        is_you,
    };
    let list = |rows: Vec<StaffRow>| Staff {
        chrome: chrome(ink, 1),
        words: String::new(),
        organisation: String::new(),
        which: vec![Choice::new("", "Everybody"), Choice::new("no-factor", "Without a second step")],
        empty: rows.is_empty().then(|| Empty {
            why: "Nobody has that in their name.".to_owned(),
            href: Some("/admin/people".to_owned()),
            action: "See everybody".to_owned(),
        }),
        rows,
        pagination: ink.pages("Showing 25 people of more"),
    };
    let member = |errors: Errors, own_place: bool| Member {
        chrome: chrome(ink, 9),
        errors,
        back: ("/admin/people", "Back to people"),
        from: String::new(),
        second_factor: own_place,
        may_reset: own_place,
        id: "mem_1".to_owned(),
        submission: "key".to_owned(),
        version: "3".to_owned(),
        name: ink.say("Sam Brook"),
        email: ink.say("sam@example.org"),
        organisation: ink.some("North Vale Community Links"),
        last_seen: None,
        is_you: false,
        roles: if own_place { Role::choices(&[Role::LinkWorker]) } else { Vec::new() },
    };
    let refused = ink.errors(&[(
        "role",
        "They are the last one who answers for this place. Give somebody else the role first.",
    )]);
    vec![
        sample("staff", &list(vec![row("Kit Shaw", true, true), row("Sam Brook", false, false)])),
        sample("staff--empty", &list(Vec::new())),
        sample("member", &member(Errors::default(), true)),
        sample("member--error", &member(refused, true)),
        sample("member--elsewhere", &member(Errors::default(), false)),
    ]
}

fn invited(ink: Ink) -> Vec<Sample> {
    let row = |state: (&str, Tone), news: Option<&str>| InvitationRow {
        id: "inv_1".to_owned(),
        submission: "key".to_owned(),
        email: ink.say("ada@example.org"),
        roles: "link worker".to_owned(),
        organisation: None,
        sent: day(11, 2),
        standing: ink.tag(state.0, state.1),
        news: news.map(|words| ink.say(words)),
    };
    let list = |rows: Vec<InvitationRow>| Invitations {
        chrome: chrome(ink, 2),
        errors: Errors::default(),
        empty: rows.is_empty().then(|| Empty {
            why: "Everybody who was invited has come.".to_owned(),
            href: Some("/admin/invite".to_owned()),
            action: "Invite somebody".to_owned(),
        }),
        rows,
        pagination: ink.pages("Showing 25 invitations of more"),
    };
    let rows = vec![
        row(("Waiting for them", Tone::Going), None),
        row(
            ("Waiting for them", Tone::Going),
            Some("The e-mail could not be delivered. Is the address right?"),
        ),
        row(("Has run out", Tone::Bad), Some("They ask for a new link.")),
    ];
    let invite = |errors: Errors| Invite {
        chrome: chrome(ink, 9),
        errors,
        submission: "key".to_owned(),
        place: ink.say("North Vale Community Links"),
        organisation: String::new(),
        email: String::new(),
        roles: Role::choices(&[]),
    };
    let missing =
        ink.errors(&[("email", "Enter their e-mail address"), ("role", "Choose what they will do")]);
    vec![
        sample("invitations", &list(rows)),
        sample("invitations--empty", &list(Vec::new())),
        sample("invite", &invite(Errors::default())),
        sample("invite--error", &invite(missing)),
    ]
}
