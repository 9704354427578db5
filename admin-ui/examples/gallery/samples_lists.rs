//! Today, the inbox, the caseload, services, search.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::pages::caseload::{Caseload, CaseloadFilter, Giving, PersonRow};
use trellis_admin_ui::pages::search::{Found, Search};
use trellis_admin_ui::pages::services::{FindService, ServiceFilter, ServiceRow};
use trellis_admin_ui::pages::today::{Count, Finish, Today, WorkGroup, WorkItem};
use trellis_admin_ui::parts::{Chip, Empty, Errors, PageLink, Pagination, Tone};
use trellis_admin_ui::words;

use super::{Ink, Sample, day, due, sample, today};

pub const NAMES: [&str; 18] = [
    "Jo Park",
    "Amir Hussain",
    "Beata Kowalska",
    "Colin Obi",
    "Dilys Pugh",
    "Emeka Eze",
    "Farah Khan",
    "Grace Lim",
    "Harold Finch",
    "Ivy Mensah",
    "Jarek Nowak",
    "Kiran Patel",
    "Lorna Shaw",
    "Mohamed Ali",
    "Nia Evans",
    "Olu Adeyemi",
    "Priya Nair",
    "Quentin Marsh",
];

pub fn all(ink: Ink) -> Vec<Sample> {
    let mut samples = Vec::new();
    samples.extend(today_pages(ink));
    samples.extend(caseload(ink));
    samples.extend(services(ink));
    samples.extend(search(ink));
    samples
}

fn item(ink: Ink, n: usize, what: &str, late: bool) -> WorkItem {
    let name = ink.say(NAMES.get(n).unwrap_or(&"Jo Park"));
    let reach = ink.say("letter, large print");
    WorkItem {
        what: ink.say(what),
        href: format!("/people/per_{n}"),
        about: format!("{name}, {reach}"),
        due: Some(if late { due(11, 3) } else { due(11, 6) }),
        late,
        action: Some((
            "Log contact".to_owned(),
            format!("with {name}"),
            format!("/people/per_{n}/contacts/new"),
        )),
        finish: (n == 6)
            .then(|| Finish { action: "/tasks/tsk_1/done".to_owned(), submission: "sub_1".to_owned() }),
    }
}

fn today_pages(ink: Ink) -> Vec<Sample> {
    let group = |heading: &str, late, items| WorkGroup {
        heading: ink.say(heading),
        late,
        items,
        more: ink.some("Show all 31").filter(|_| late).map(|w| (w, "/people?overdue=yes".to_owned())),
    };
    let count =
        |number, label: &str| Count { number, label: ink.say(label), href: format!("/people?c={number}") };
    let page = |groups, coming| Today {
        can_refer: true,
        chrome: ink.chrome(Section::Today),
        day: words::weekday_date(today()),
        counts: vec![
            count(2, "overdue"),
            count(4, "due today"),
            count(3, "new replies"),
            count(1, "letter to check"),
        ],
        groups,
        coming,
        pagination: Pagination { next: Some("/today?after=c2".to_owned()), ..Pagination::default() },
    };
    let filled = vec![
        group(
            "Overdue",
            true,
            vec![item(ink, 0, "Call about first walk", true), item(ink, 1, "Send benefits form", true)],
        ),
        group("Due today", false, (2..6).map(|n| item(ink, n, "First call", false)).collect()),
        group("New replies", false, vec![item(ink, 6, "Eastfield Walkers said yes", false)]),
    ];
    let coming = (7..10).map(|n| item(ink, n, "Review the plan", false)).collect();
    let mut welcome = page(Vec::new(), Vec::new());
    welcome.chrome.notice = ink.some("Contact with Jo Park saved.");
    vec![
        sample("today", &page(filled, Vec::new())),
        sample("today--nothing-due", &page(Vec::new(), coming)),
        sample("today--empty", &welcome),
    ]
}

fn person_row(ink: Ink, n: usize, name: &str) -> PersonRow {
    PersonRow {
        id: format!("ref_{n}"),
        ticked: n == 2,
        needs: ink.say("Company, money and debt"),
        weight: 1 + i64::from(n < 3),
        href: format!("/people/per_{n}"),
        name: ink.say(name),
        reference: ink.say(&format!("4TK-9{n:02}")),
        next_step: ink.some("Call about first walk").filter(|_| n != 4),
        due: Some(if n < 3 { due(11, 4) } else { due(11, 9) }).filter(|_| n != 4),
        late: n < 3,
        stage: if n.is_multiple_of(3) {
            ink.tag("Waiting for an answer", Tone::Waiting)
        } else {
            ink.tag("Active", Tone::Going)
        },
        last_contact: Some(words::ago(jiff::civil::date(2026, 10, 25), today())).filter(|_| n != 5),
        reach: ink.say(if n.is_multiple_of(2) { "Letter, large print" } else { "Phone after 2pm" }),
        log_contact: Some(format!("/people/per_{n}/contacts/new")).filter(|_| n != 7),
    }
}

fn caseload(ink: Ink) -> Vec<Sample> {
    let page = |rows, empty, open| Caseload {
        chrome: ink.chrome(Section::People),
        heading: ink.say("My people"),
        filter: CaseloadFilter {
            text: ink.some("walk").filter(|_| open),
            whose: ink.choices(&[("", "Mine"), ("team", "Whole team"), ("usr_1", "Riz Ahmed")], &[""]),
            stages: ink
                .choices(&[("accepted", "Accepted"), ("active", "Active"), ("hold", "On hold")], &["active"]),
            needs: ink.choices(&[("LONELINESS", "Company and loneliness"), ("MONEY", "Money and debt")], &[]),
            overdue_only: open,
            open,
        },
        chips: if open {
            vec![Chip { label: ink.say("Overdue only"), remove: "/people".to_owned() }]
        } else {
            Vec::new()
        },
        rows,
        giving: None,
        pagination: Pagination {
            previous: Some("?page=1".to_owned()),
            pages: (1..4)
                .map(|n| PageLink { number: n, href: format!("?page={n}"), current: n == 2 })
                .collect(),
            ..ink.pages("Showing 1 to 18 of 41")
        },
        empty,
    };
    let rows = || NAMES.iter().enumerate().map(|(n, name)| person_row(ink, n, name)).collect::<Vec<_>>();
    let none = Empty {
        why: ink.say("You have no people yet."),
        href: Some("/referrals".to_owned()),
        action: ink.say("Look at new referrals"),
    };
    let filtered = Empty {
        why: ink.say("Nobody matches these filters."),
        href: Some("/people".to_owned()),
        action: ink.say("Take all filters off"),
    };
    let mut giving = page(rows(), None, false);
    giving.giving = Some(Giving {
        team: Some("/team".to_owned()),
        tick_all: "/people?whose=usr_1&ticked=all".to_owned(),
        from: "/people?whose=usr_1".to_owned(),
    });
    vec![
        sample("caseload--giving", &giving),
        sample("caseload", &page(rows(), None, false)),
        sample("caseload--filters-open", &page(rows(), None, true)),
        sample("caseload--empty", &page(Vec::new(), Some(none), false)),
        sample("caseload--nobody-matches", &page(Vec::new(), Some(filtered), true)),
    ]
}

fn services(ink: Ink) -> Vec<Sample> {
    let row = |n: u8, name: &str, tag, places: &str, unconfirmed| ServiceRow {
        name: ink.say(name),
        organisation: ink.say("Eastfield Walkers"),
        about: ink.say("A slow walk every Tuesday, tea after it"),
        capacity: tag,
        places: ink.say(places),
        as_of: day(10, 3),
        unconfirmed,
        distance: ink.say("1.2 miles"),
        cost: ink.say("Free"),
        access: ink.say("Step-free, hearing loop"),
        refer: Some(format!("/people/per_1/refer?service=svc_{n}")).filter(|_| n != 3),
    };
    let page = |rows: Vec<ServiceRow>, empty: Option<Empty>| FindService {
        chrome: ink.chrome(Section::Services),
        errors: Errors::default(),
        for_person: Some((ink.say("Jo Park"), "/people/per_1".to_owned())),
        filter: ServiceFilter {
            text: ink.say("walking"),
            near: ink.say("ZZ99"),
            needs: ink.choices(&[("", "Any need"), ("company", "Company")], &["company"]),
            access: ink
                .choices(&[("step-free", "Step-free"), ("free", "Free"), ("online", "Online")], &["free"]),
            open: true,
            carried: Some(("onward".to_owned(), "ref_1".to_owned())),
        },
        chips: vec![Chip { label: ink.say("Need: Company"), remove: "/services".to_owned() }],
        rows,
        pagination: ink.pages("3 services"),
        empty,
    };
    let rows = vec![
        row(1, "Eastfield walking group", ink.tag("Open", Tone::Good), "3 places", false),
        row(2, "Library reading circle", ink.tag("Waiting list", Tone::Waiting), "about 4 weeks", true),
        row(3, "Vale choir", ink.tag("Closed", Tone::Over), "not taking anybody", false),
    ];
    let none = Empty {
        why: ink.say("Nothing near ZZ99 matches."),
        href: Some("/services".to_owned()),
        action: ink.say("Look further away"),
    };
    vec![sample("services", &page(rows, None)), sample("services--empty", &page(Vec::new(), Some(none)))]
}

fn search(ink: Ink) -> Vec<Sample> {
    let found = |n: u8, name: &str| Found {
        name: ink.say(name),
        href: format!("/found/{n}"),
        words: ink.say("born 4 May 1959, reference 4TK-9QD"),
        state: Some(ink.tag("Active", Tone::Going)),
    };
    let page = |asked: &str, people, referrals| {
        let mut chrome = ink.chrome(Section::People);
        chrome.search = Some(ink.say(asked));
        Search { chrome, asked: ink.say(asked), people, referrals, in_emergency: true }
    };
    vec![
        sample("search", &page("park", vec![found(1, "Jo Park")], vec![found(2, "Referral 4TK-9QD")])),
        sample("search--nothing", &page("zebra", Vec::new(), Vec::new())),
    ]
}
