//! Caseload by worker; giving several away, sharing them out, and what became of it.
use trellis_admin_ui::chrome::{Section, Undo};
use trellis_admin_ui::pages::assign::{Assign, Assigned, Chosen, Given, NotGiven, ShareRow, Shares};
use trellis_admin_ui::pages::team::{Counted, Team, WeightLine, WorkerRow};
use trellis_admin_ui::parts::{Empty, Errors, Tone};

use super::samples_lists::NAMES;
use super::{Ink, Sample, due, sample};

pub fn all(ink: Ink) -> Vec<Sample> {
    let mut samples = vec![
        sample("team", &team(ink, rows(ink), None)),
        sample("team--empty", &team(ink, Vec::new(), Some(nobody(ink)))),
    ];
    samples.extend(assign_pages(ink));
    samples.extend(assigned_pages(ink));
    samples
}

fn counted(n: i64) -> Counted {
    Counted { n, href: (n > 0).then(|| "/people?whose=usr_1".to_owned()) }
}

fn rows(ink: Ink) -> Vec<WorkerRow> {
    let row = |name: &str, gone, [open, weight, overdue, waiting]: [i64; 4]| WorkerRow {
        name: ink.say(name),
        gone,
        open: counted(open),
        weight,
        overdue: counted(overdue),
        waiting: counted(waiting),
    };
    vec![
        row("Riz Ahmed", false, [31, 44, 9, 4]),
        row("Sam Okoro", false, [28, 35, 0, 2]),
        row("Sara Novak", true, [3, 5, 3, 0]),
        row("Nobody yet", false, [5, 6, 1, 5]),
    ]
}

fn team(ink: Ink, rows: Vec<WorkerRow>, empty: Option<Empty>) -> Team {
    let line =
        |words: &str, because: &str| WeightLine { adds: 1, words: ink.say(words), because: ink.say(because) };
    Team {
        chrome: ink.chrome(Section::People),
        rows,
        rule: vec![
            line("each open referral", "there is somebody to keep in touch with"),
            line("more than two needs", "each need is another service to find and to follow"),
        ],
        empty,
    }
}

fn nobody(ink: Ink) -> Empty {
    Empty {
        why: ink.say("Nobody works here yet."),
        href: Some("/referrals".to_owned()),
        action: ink.say("Look at new referrals"),
    }
}

fn chosen(ink: Ink) -> Vec<Chosen> {
    let one = |n: usize, name: &&str| Chosen {
        ticket: if n == 4 { String::new() } else { format!("ref_{n}.1.ACTIVE") },
        id: format!("ref_{n}"),
        href: format!("/referrals/ref_{n}"),
        who: ink.say(name),
        reference: ink.say(&format!("4TK-9Q{n}")),
        needs: ink.say("Company, money and benefits"),
        due: (n > 0).then(|| due(11, 3)),
        late: n < 3,
        owner: ink.some("Riz Ahmed").filter(|_| n < 3),
        state: ink.tag("Under way", Tone::Going),
    };
    NAMES.iter().take(5).enumerate().map(|(n, name)| one(n, name)).collect()
}

fn assign(ink: Ink, errors: Errors, shares: Option<Shares>) -> Assign {
    let workers = [("usr_1", "Riz Ahmed (31 open, weight 44)"), ("usr_2", "Sam Okoro (28 open, weight 35)")];
    let named = [&[("", "Choose a person")], &workers[..]].concat();
    let over: &[&str] = if shares.is_some() { &["usr_1", "usr_2"] } else { &[] };
    Assign {
        chrome: ink.chrome(Section::Referrals),
        errors,
        heading: ink.say("Give 5 referrals to somebody"),
        chosen: chosen(ink),
        workers: ink.choices(&named, &[]),
        reasons: ink.choices(&[("", "Choose a reason"), ("SICKNESS", "Sick leave")], &[]),
        over: ink.choices(&workers, over),
        shares,
        from: "/people?whose=usr_1".to_owned(),
        submission: "sub_1".to_owned(),
        empty: None,
    }
}

fn assign_pages(ink: Ink) -> Vec<Sample> {
    let row = |name: &str, gets, before| ShareRow { name: ink.say(name), gets, before, after: before + gets };
    let shares = Shares {
        rows: vec![row("Riz Ahmed", 1, 44), row("Sam Okoro", 3, 35)],
        tickets: vec!["ref_1.1.ACTIVE.usr_2".to_owned()],
        left_out: 1,
    };
    let errors = ink.errors(&[("worker", "Choose who gets them"), ("reason", "Choose why they go")]);
    let mut first = assign(ink, Errors::default(), None);
    (first.reasons, first.over) = (Vec::new(), Vec::new());
    let mut nothing = assign(ink, Errors::default(), None);
    nothing.chosen = Vec::new();
    nothing.empty = Some(Empty {
        why: ink.say("Nothing was ticked that could be given to somebody."),
        href: Some("/referrals".to_owned()),
        action: ink.say("Back to the list"),
    });
    vec![
        sample("assign", &assign(ink, Errors::default(), None)),
        sample("assign--first", &first),
        sample("assign--shared", &assign(ink, Errors::default(), Some(shares))),
        sample("assign--error", &assign(ink, errors, None)),
        sample("assign--empty", &nothing),
    ]
}

fn assigned_pages(ink: Ink) -> Vec<Sample> {
    let page = |notice: &str| {
        let mut chrome = ink.chrome(Section::Referrals);
        chrome.notice = ink.some(notice);
        Assigned {
            chrome,
            heading: ink.say("Given away"),
            given: vec![Given { name: ink.say("Sam Okoro"), n: 5 }],
            not_given: Vec::new(),
            accepted: false,
            from: "/referrals".to_owned(),
        }
    };
    let mut done = page("5 referrals given to Sam Okoro.");
    done.chrome.undo = Some(Undo {
        action: "/referrals/assigned/undo".to_owned(),
        submission: "sub_1".to_owned(),
        fields: vec![("referral".to_owned(), "ref_1".to_owned())],
    });
    let mut partly = done.clone();
    partly.accepted = true;
    partly.not_given = vec![NotGiven {
        href: "/referrals/ref_4".to_owned(),
        who: ink.say("Dilys Pugh"),
        reference: ink.say("4TK-9Q4"),
        why: ink.say("Somebody changed it first"),
    }];
    let mut back = page("5 referrals put back.");
    back.heading = ink.say("Put back");
    vec![sample("assigned", &done), sample("assigned--partly", &partly), sample("assigned--put-back", &back)]
}
