//! Screen 5, live: the worklist, grouped in words, with the counts as ways into it.
use actix_web::http::StatusCode;
use actix_web::web;
use jiff::civil::Date;

use super::address::Address;
use super::desk::Desk;
use super::done::say;
use super::fields::{Asked, Fields, Posted};
use super::seat::Seat;
use super::stop::{Page, not_done};
use crate::chrome::Section;
use crate::codes::{Code, ReferralStage, WorklistKind};
use crate::documents::today::{FinishTask, Worklist, finish_task, worklist};
use crate::pages::answer;
use crate::pages::today::{Count, Finish, Today, WorkGroup, WorkItem};
use crate::parts::Pagination;
use crate::words;

const A_PAGE: i64 = 50;
/// The most that one document may ask for; enough to show one group whole.
const MOST: i64 = 100;
const COMING: usize = 3;

type Item = worklist::WorklistWorklistEdgesNode;

/// Where an item stands in the day. The order is the page's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Overdue,
    DueToday,
    Tasks,
    Coming,
}

impl Group {
    const ALL: [Self; 4] = [Self::Overdue, Self::DueToday, Self::Tasks, Self::Coming];

    const fn heading(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::DueToday => "Due today",
            Self::Tasks => "Because of what others did",
            Self::Coming => "Coming up",
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::DueToday => "due-today",
            Self::Tasks => "tasks",
            Self::Coming => "coming-up",
        }
    }

    fn of(item: &Item, today: Date) -> Self {
        match item.kind {
            _ if item.overdue => Self::Overdue,
            _ if words::local_day(item.due_at) <= today => Self::DueToday,
            WorklistKind::Task => Self::Tasks,
            WorklistKind::Referral => Self::Coming,
        }
    }
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let mut seat = desk.seat(Some(Section::Today)).await?;
    let shown = Group::ALL.into_iter().find(|group| group.code() == asked.text("show"));
    let first = if shown.is_some() { MOST } else { A_PAGE };
    let variables = worklist::Variables { first, after: asked.some("after") };
    let list = desk.ask::<Worklist>(variables).await?.worklist;
    say(&desk, &mut seat, &asked, "/today");
    let today = desk.today();
    let next = list.page_info.end_cursor.filter(|_| list.page_info.has_next_page);
    let counts = counts(&list.counts, &seat);
    let items: Vec<Item> = list.edges.into_iter().map(|edge| edge.node).collect();
    let coming = if shown.is_none() { coming(&desk, &seat, &items) } else { Vec::new() };
    let groups = Group::ALL
        .into_iter()
        .filter(|group| shown.is_none_or(|shown| shown == *group))
        .map(|group| drawn(&desk, &seat, group, &items))
        .collect();
    let page = Today {
        can_refer: seat.may("referral.send"),
        chrome: seat.chrome,
        day: words::weekday_date(today),
        counts,
        groups,
        coming,
        pagination: paging(&asked, shown, next.as_deref()),
    };
    Ok(answer(StatusCode::OK, &page))
}

fn paging(asked: &Fields, shown: Option<Group>, next: Option<&str>) -> Pagination {
    let here = || Address::to("/today").maybe("show", asked.text("show"));
    let first = !asked.text("after").is_empty() || shown.is_some();
    Pagination {
        summary: String::new(),
        previous: first.then(|| Address::to("/today").to_string()),
        pages: Vec::new(),
        next: next.map(|cursor| here().with("after", cursor).to_string()),
    }
}

fn counts(counts: &worklist::WorklistWorklistCounts, seat: &Seat) -> Vec<Count> {
    let group = |group: Group| Address::to("/today").with("show", group.code()).to_string();
    let asked_of_us = Address::to("/referrals").with("side", "RECEIVED");
    let asked_by_us = Address::to("/referrals").with("side", "SENT_BY_US");
    let answers = seat.may("referral.accept");
    let open = [ReferralStage::Sent, ReferralStage::Waitlisted];
    let all = [
        (counts.overdue, "overdue", group(Group::Overdue), true),
        (counts.due_today, "due today", group(Group::DueToday), true),
        (counts.new_requests, "new to answer", asked_of_us.with("state", "SENT").to_string(), answers),
        (counts.tasks, "because of what others did", group(Group::Tasks), true),
        (counts.coming_up, "coming up", group(Group::Coming), true),
        (
            counts.waiting_on_others,
            "waiting on others",
            asked_by_us.each("state", open.map(Code::code)).to_string(),
            seat.may("referral.list"),
        ),
    ];
    let shown = all.into_iter().filter(|(.., shown)| *shown);
    shown
        .map(|(number, label, href, _)| Count {
            number: u32::try_from(number).unwrap_or(0),
            label: label.to_owned(),
            href,
        })
        .collect()
}

fn drawn(desk: &Desk, seat: &Seat, group: Group, items: &[Item]) -> WorkGroup {
    let today = desk.today();
    let inside = items.iter().filter(|item| Group::of(item, today) == group);
    WorkGroup {
        heading: group.heading().to_owned(),
        late: group == Group::Overdue,
        items: inside.map(|item| work_item(desk, seat, item)).collect(),
        more: None,
    }
}

/// What comes next, when nothing is due.
fn coming(desk: &Desk, seat: &Seat, items: &[Item]) -> Vec<WorkItem> {
    let today = desk.today();
    if items.iter().any(|item| Group::of(item, today) != Group::Coming) {
        return Vec::new();
    }
    items.iter().take(COMING).map(|item| work_item(desk, seat, item)).collect()
}

fn work_item(desk: &Desk, seat: &Seat, item: &Item) -> WorkItem {
    let about: Vec<&str> = [&item.person_name, &item.reference, &item.service_name]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let about = about.join(", ");
    let href =
        item.referral_id.as_ref().map_or_else(|| "/referrals".to_owned(), |id| format!("/referrals/{id}"));
    let holds_place =
        matches!(item.stage, Some(ReferralStage::Accepted | ReferralStage::Active | ReferralStage::OnHold));
    let logs = item.kind == WorklistKind::Referral && holds_place && seat.may("contact.log");
    let action = logs
        .then(|| ("Log contact".to_owned(), format!("with {about}"), format!("{href}/contact?then=/today")));
    let finish = (item.kind == WorklistKind::Task && seat.may("task.finish"))
        .then(|| Finish { action: format!("/tasks/{}/done", item.id), submission: desk.key() });
    WorkItem {
        what: item.words.clone(),
        href,
        about,
        due: Some(words::due(words::local_day(item.due_at), desk.today())),
        late: item.overdue,
        action,
        finish,
    }
}

pub async fn finish(desk: Desk, task: web::Path<String>, Posted(form): Posted) -> Page {
    let input =
        finish_task::FinishTaskInput { task_id: task.into_inner(), idempotency_key: form.some("submission") };
    let acted = desk.act::<FinishTask>(finish_task::Variables { input }).await?;
    let Some(said) = acted.refusal else {
        return Ok(Address::to("/today").with("done", "task").see_other());
    };
    not_done(&desk, Some(Section::Today), said, ("/today", "Go to Today")).await
}
