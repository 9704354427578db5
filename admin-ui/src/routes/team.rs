//! Caseload by worker, live. Each number leads to the rows that it counts.
use actix_web::http::StatusCode;

use super::address::Address;
use super::desk::Desk;
use super::seat::Seat;
use super::stop::Page;
use crate::chrome::Section;
use crate::codes::{Code, ReferralStage};
use crate::documents::team::{Team as Asked, team};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::team::{Counted, Team, WeightLine, WorkerRow};
use crate::parts::{Choice, Empty};

pub const NOBODYS: &str = "nobody";

pub async fn show(desk: Desk) -> Page {
    let seat = desk.seat(Some(Section::People)).await?;
    let team = desk.ask::<Asked>(team::Variables).await?.team;
    let mut rows: Vec<WorkerRow> = team
        .workers
        .iter()
        .map(|one| {
            let n = &one.numbers;
            row((&one.name, !one.may_take), &one.user_id, [n.open, n.overdue, n.waiting, n.weight])
        })
        .collect();
    let n = &team.nobodys;
    if n.open > 0 {
        rows.push(row(("Nobody yet", false), NOBODYS, [n.open, n.overdue, n.waiting, n.weight]));
    }
    let rule = team.weight_rule.into_iter();
    let page = Team {
        empty: rows.is_empty().then(|| Empty {
            why: "Nobody works here yet.".to_owned(),
            href: Some("/referrals".to_owned()),
            action: "Look at new referrals".to_owned(),
        }),
        rows,
        rule: rule
            .map(|part| WeightLine { adds: part.adds, words: part.words, because: part.because })
            .collect(),
        chrome: seat.chrome,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn row((name, gone): (&str, bool), whose: &str, [open, overdue, waiting, weight]: [i64; 4]) -> WorkerRow {
    let list = || Address::to("/people").with("whose", whose);
    let counted = |n: i64, list: Address| Counted { n, href: (n > 0).then(|| list.to_string()) };
    WorkerRow {
        name: name.to_owned(),
        gone,
        open: counted(open, list()),
        weight,
        overdue: counted(overdue, list().with("overdue", "yes")),
        waiting: counted(waiting, list().with("stage", ReferralStage::Accepted.code())),
    }
}

/// Those who can be given more, each with what they carry; where this membership may see that.
pub async fn carrying(desk: &Desk, seat: &Seat) -> Result<Vec<Choice>, Fault> {
    if !seat.may("caseload.by_worker") {
        return Ok(Vec::new());
    }
    let workers = desk.ask::<Asked>(team::Variables).await?.team.workers;
    let can = workers.into_iter().filter(|worker| worker.may_take);
    Ok(can
        .map(|worker| {
            let (open, weight) = (worker.numbers.open, worker.numbers.weight);
            Choice::new(worker.user_id, format!("{} ({open} open, weight {weight})", worker.name))
        })
        .collect())
}
