//! Screen 21, access review, live: who has what, confirming it, and the file of it.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::address::Address;
use super::admin::{Corner, told};
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Fields, Posted};
use super::paging::paging;
use super::prove;
use super::staff::roles_said;
use super::stop::{Page, not_done};
use crate::chrome::Section;
use crate::codes::RefusalCode;
use crate::documents::Refusal as Said;
use crate::documents::access_review::{
    AccessReview as Document, ConfirmAccess, ExportAccessReview, access_review, confirm_access,
    export_access_review,
};
use crate::executor::Fault;
use crate::pages::access_review::{AccessReview, ReviewRow, Standing};
use crate::pages::answer;
use crate::parts::{Empty, Errors, Tab};
use crate::{sheet, words};

const A_PAGE: i64 = 25;
const HERE: &str = "/admin/access-review";

type Node = access_review::AccessReviewAccessReviewEdgesNode;
type Counted = access_review::AccessReviewAccessReviewStanding;
type Exported = export_access_review::ExportAccessReviewExportAccessReviewRows;

/// Whose lines of the list.
const UNCONFIRMED: &str = "unconfirmed";
const UNSEEN: &str = "unseen";
const UNSECURED: &str = "no-factor";

/// The list as it was asked for, without the place in it.
fn here(asked: &Fields) -> Address {
    Address::to(HERE).maybe("organisation", asked.text("organisation")).maybe("which", asked.text("which"))
}

pub async fn list(desk: Desk, Asked(asked): Asked) -> Page {
    Ok(drawn(&desk, &asked, (StatusCode::OK, Errors::default(), &[])).await?)
}

async fn drawn(
    desk: &Desk,
    asked: &Fields,
    (status, errors, ticked): (StatusCode, Errors, &[&str]),
) -> Result<HttpResponse, Fault> {
    let mut seat = desk.office(Some(Corner::Review)).await?;
    seat.chrome.notice = done_words(asked.text("done"));
    let (organisation, which) = (asked.some("organisation"), asked.text("which"));
    let filter = access_review::AccessReviewFilter {
        organisation_id: organisation.clone(),
        unconfirmed: which == UNCONFIRMED,
        unseen: which == UNSEEN,
        without_second_factor: which == UNSECURED,
    };
    let after = asked.some("after");
    let variables = access_review::Variables { filter: Some(filter), organisation, first: A_PAGE, after };
    let found = desk.ask::<Document>(variables).await?;
    let (listed, standing) = (found.access_review, found.access_review_standing);
    let next = listed.page_info.end_cursor.filter(|_| listed.page_info.has_next_page);
    let many = seat.organisation.is_none();
    let mut rows: Vec<ReviewRow> =
        listed.edges.into_iter().map(|edge| row(desk, edge.node, (many, ticked))).collect();
    if let Some(first) = rows.iter_mut().find(|row| !row.value.is_empty()) {
        first.first = true;
    }
    let page = AccessReview {
        chrome: seat.chrome,
        errors,
        tabs: tabs(asked, &standing),
        action: here(asked).to_string(),
        organisation: asked.text("organisation").to_owned(),
        submission: desk.key(),
        empty: rows.is_empty().then(|| nothing(asked)),
        pagination: paging(&here(asked), asked, rows.len(), next.as_deref(), ("person", "people")),
        rows,
        standing: Standing {
            people: number(standing.people),
            unconfirmed: number(standing.unconfirmed),
            days: number(standing.days),
            everybody_since: standing.everybody_since.map(|at| words::date(words::local_day(at))),
        },
    };
    Ok(answer(status, &page))
}

fn number(counted: i64) -> u64 {
    u64::try_from(counted).unwrap_or(0)
}

fn tabs(asked: &Fields, counts: &Counted) -> Vec<Tab> {
    let days = counts.days;
    [
        ("", format!("Everybody ({})", counts.people)),
        (UNCONFIRMED, format!("Not confirmed for {days} days ({})", counts.unconfirmed)),
        (UNSEEN, format!("Not seen for {days} days ({})", counts.unseen)),
        (UNSECURED, format!("No second step ({})", counts.without_second_factor)),
    ]
    .into_iter()
    .map(|(which, label)| {
        let href = Address::to(HERE).maybe("organisation", asked.text("organisation")).maybe("which", which);
        Tab::new(&label, href, asked.text("which") == which)
    })
    .collect()
}

fn nothing(asked: &Fields) -> Empty {
    let why = match asked.text("which") {
        UNCONFIRMED => "Somebody has looked at what everybody has.",
        UNSEEN => "Everybody was here lately, or has only just joined.",
        UNSECURED => "Everybody has a second step.",
        _ => "Nobody works here yet.",
    };
    let href = Address::to(HERE).maybe("organisation", asked.text("organisation"));
    Empty { why: why.to_owned(), href: Some(href.to_string()), action: "See everybody".to_owned() }
}

fn row(desk: &Desk, node: Node, (many, ticked): (bool, &[&str])) -> ReviewRow {
    let value = if node.is_you { String::new() } else { format!("{}.{}", node.id, node.version) };
    let day = |at| words::ago(words::local_day(at), desk.today());
    ReviewRow {
        ticked: ticked.contains(&value.as_str()),
        value,
        first: false,
        href: Address::to(format!("/admin/people/{}", node.id)).with("from", "review").to_string(),
        roles: roles_said(&node.roles),
        organisation: node.organisation_name.filter(|_| many),
        since: words::date(words::local_day(node.joined_at)),
        last_seen: node.last_seen_at.map(day),
        second_factor: node.second_factor,
        confirmed: node.confirmed_at.map(day).zip(node.confirmed_by),
        name: node.name,
        email: node.email,
    }
}

/// A member as they were on the page.
fn seen(value: &str) -> Option<confirm_access::SeenAccessInput> {
    let (id, version) = value.split_once('.')?;
    Some(confirm_access::SeenAccessInput { membership_id: id.to_owned(), version: version.parse().ok()? })
}

/// The one whose button was pressed, or all that are ticked.
pub async fn confirm(desk: Desk, Asked(asked): Asked, Posted(form): Posted) -> Page {
    let only = form.text("only");
    let ticked = if only.is_empty() { form.all("member") } else { vec![only] };
    let members: Vec<_> = ticked.iter().filter_map(|value| seen(value)).collect();
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    if members.is_empty() {
        let mut errors = Errors::default();
        errors.push("member", "Tick at least one person");
        return Ok(drawn(&desk, &asked, (refused, errors, &[])).await?);
    }
    let input = confirm_access::ConfirmAccessInput { members, idempotency_key: form.submission("confirm") };
    let acted = desk.act::<ConfirmAccess>(confirm_access::Variables { input }).await?;
    match acted.refusal {
        None => Ok(here(&asked).with("done", "access-confirmed").see_other()),
        Some(said) => {
            let errors = told(&said, &[], "member");
            Ok(drawn(&desk, &asked, (refused, errors, &ticked)).await?)
        }
    }
}

pub async fn export(desk: Desk, Posted(form): Posted) -> Page {
    let input = export_access_review::ExportAccessReviewInput { organisation_id: form.some("organisation") };
    let exported = desk.ask::<ExportAccessReview>(export_access_review::Variables { input }).await?;
    let exported = exported.export_access_review;
    if let Some(refusal) = exported.refusal {
        if refusal.code == RefusalCode::ProveYourself {
            return prove::first(&desk, "/admin/access-review/export", &form).await;
        }
        let said =
            Said { code: refusal.code, message: refusal.message, next: refusal.next, field: refusal.field };
        return not_done(&desk, Some(Section::Admin), said, (HERE, "Go to the review")).await;
    }
    let rows = exported.rows.unwrap_or_default().into_iter().map(cells);
    Ok(sheet::file(&format!("access-review-{}.csv", desk.today()), HEADER, rows)?)
}

const HEADER: &[&str] = &[
    "Name",
    "E-mail",
    "Organisation",
    "May work as",
    "Member since",
    "Last seen",
    "Second step",
    "Confirmed on",
    "Confirmed by",
];

fn cells(row: Exported) -> Vec<String> {
    let day = |at| words::local_day(at).to_string();
    vec![
        row.name,
        row.email,
        row.organisation_name.unwrap_or_default(),
        roles_said(&row.roles),
        day(row.joined_at),
        row.last_seen_at.map_or_else(|| "not in 90 days".to_owned(), day),
        if row.second_factor { "set up" } else { "none" }.to_owned(),
        row.confirmed_at.map_or_else(|| "not yet".to_owned(), day),
        row.confirmed_by.unwrap_or_default(),
    ]
}
