//! The referral inbox: filled, filtered, read-only, empty.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::pages::inbox::{Inbox, InboxFilter, InboxRow};
use trellis_admin_ui::parts::{Chip, Empty, Tab, Tone};
use trellis_admin_ui::words;

use super::samples_lists::NAMES;
use super::{Ink, Sample, sample, today};

fn rows(ink: Ink) -> Vec<InboxRow> {
    let row = |n: usize, name: &&str| InboxRow {
        id: if n == 0 { String::new() } else { format!("ref_{n}") },
        href: format!("/referrals/ref_{n}"),
        who: if n == 3 { ink.say("Somebody aged 65 to 74") } else { ink.say(name) },
        reference: ink.say(&format!("4TK-9Q{n}")),
        needs: ink.say("Company, money and benefits"),
        from: ink.say("Mill Street Surgery"),
        waiting: words::ago(jiff::civil::date(2026, 11, 3), today()),
        late: n < 2,
        risk: ink.some("Safeguarding").filter(|_| n == 1),
        owner: ink.some("Riz Ahmed").filter(|_| n > 5),
        state: ink
            .tag(if n > 5 { "Accepted" } else { "New" }, if n > 5 { Tone::Going } else { Tone::Waiting }),
        ticked: n == 2,
    };
    NAMES.iter().take(9).enumerate().map(|(n, name)| row(n, name)).collect()
}

pub fn all(ink: Ink) -> Vec<Sample> {
    let page = |rows: Vec<InboxRow>, empty, open| Inbox {
        chrome: ink.chrome(Section::Referrals),
        sides: [("Received", true), ("Sent by us", false)]
            .map(|(label, current)| Tab {
                label: ink.say(label),
                href: format!("/referrals?side={current}"),
                current,
            })
            .to_vec(),
        filter: InboxFilter {
            side: "RECEIVED".to_owned(),
            text: ink.some("Mill"),
            states: ink
                .choices(&[("new", "New"), ("accepted", "Accepted"), ("returned", "Sent back")], &["new"]),
            owners: ink
                .choices(&[("", "Anybody"), ("nobody", "Nobody yet"), ("usr_1", "Riz Ahmed")], &["nobody"]),
            open,
        },
        chips: vec![Chip { label: ink.say("State: New"), remove: "/referrals".to_owned() }],
        rows,
        may_assign: true,
        tick_all: "/referrals?ticked=all".to_owned(),
        from: "/referrals".to_owned(),
        pagination: ink.pages("Showing 1 to 9 of 23"),
        empty,
        can_refer: true,
    };
    let nobody = Empty {
        why: ink.say("Every referral has somebody."),
        href: Some("/people".to_owned()),
        action: ink.say("Go to my people"),
    };
    let mut reader = page(rows(ink), None, false);
    reader.may_assign = false;
    reader.can_refer = false;
    vec![
        sample("inbox", &page(rows(ink), None, false)),
        sample("inbox--filters-open", &page(rows(ink), None, true)),
        sample("inbox--read-only", &reader),
        sample("inbox--empty", &page(Vec::new(), Some(nobody), false)),
    ]
}
