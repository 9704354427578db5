//! "Ask for access": sent from the page that says that something is not for this role; read and answered by administrators.
use actix_web::http::StatusCode;
use actix_web::web;

use super::address::{Address, on_this_site};
use super::admin::Corner;
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Posted};
use super::paging::paging;
use super::stop::{Page, not_done, not_for_this_role};
use crate::codes::AccessAnswer;
use crate::documents::access_request::{
    AccessRequests as Listed, AnswerAccessRequest, AskForAccess, access_requests, answer_access_request,
    ask_for_access,
};
use crate::executor::Fault;
use crate::pages::access_requests::{AccessRequests, AccessRow};
use crate::pages::answer;
use crate::pages::notices::Confirmed;
use crate::parts::{Empty, Errors, Tab, Tag, Tone};
use crate::words;

const A_PAGE: i64 = 20;

pub async fn ask(desk: Desk, Posted(form): Posted) -> Page {
    let seat = desk.seat(None).await?;
    let wanted = on_this_site(form.text("wanted")).to_owned();
    if form.text("why").is_empty() {
        let mut errors = Errors::default();
        errors.push("why", "Say why you need it");
        let page = not_for_this_role(&desk, seat.chrome, (&wanted, errors));
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let input = ask_for_access::AskForAccessInput {
        wanted: wanted.clone(),
        why: form.text("why").to_owned(),
        idempotency_key: form.some("submission"),
    };
    let acted = desk.act::<AskForAccess>(ask_for_access::Variables { input }).await?;
    if let Some(said) = acted.refusal {
        let mut errors = Errors::default();
        errors.push("why", format!("{} {}", said.message, said.next));
        let mut page = not_for_this_role(&desk, seat.chrome, (&wanted, errors));
        form.text("why").clone_into(&mut page.why);
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let home = seat.home().to_owned();
    let page = Confirmed {
        chrome: seat.chrome,
        heading: "You have asked for access".to_owned(),
        words: vec![
            "Your administrators have been told. You get an e-mail when they have answered.".to_owned(),
        ],
        reference: None,
        links: vec![("Go on with your work".to_owned(), home)],
    };
    Ok(answer(StatusCode::OK, &page))
}

pub async fn list(desk: Desk, Asked(asked): Asked) -> Page {
    let mut seat = desk.office(Some(Corner::Requests)).await?;
    if !seat.may("access.list") {
        return Err(Fault::Forbidden.into());
    }
    seat.chrome.notice = done_words(asked.text("done"));
    let waiting = asked.text("which") != "all";
    let variables = access_requests::Variables { waiting, first: A_PAGE, after: asked.some("after") };
    let found = desk.ask::<Listed>(variables).await?.access_requests;
    let next = found.page_info.end_cursor.filter(|_| found.page_info.has_next_page);
    let rows: Vec<AccessRow> = found.edges.into_iter().map(|edge| row(&desk, edge.node)).collect();
    let here = Address::to("/access-requests").maybe("which", asked.text("which"));
    let page = AccessRequests {
        tabs: vec![
            Tab::new("To answer", "/access-requests", waiting),
            Tab::new("All", "/access-requests?which=all", !waiting),
        ],
        empty: rows.is_empty().then(|| nothing(waiting)),
        pagination: paging(&here, &asked, rows.len(), next.as_deref(), ("request", "requests")),
        rows,
        chrome: seat.chrome,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn nothing(waiting: bool) -> Empty {
    let (why, href, action) = if waiting {
        ("Nobody waits for an answer.", Some("/access-requests?which=all".to_owned()), "Show all requests")
    } else {
        ("Nobody has asked for access yet.", None, "")
    };
    Empty { why: why.to_owned(), href, action: action.to_owned() }
}

fn row(desk: &Desk, node: access_requests::AccessRequestsAccessRequestsEdgesNode) -> AccessRow {
    let answer = node.answer.map(|answer| match answer {
        AccessAnswer::Granted => Tag::new("Granted", Tone::Good),
        AccessAnswer::Refused => Tag::new("Refused", Tone::Over),
    });
    AccessRow {
        id: node.id,
        who: node.asked_by.unwrap_or_default(),
        wanted: node.wanted,
        why: node.why.unwrap_or_default(),
        asked: words::moment(node.asked_at).words,
        answer,
        submission: desk.key(),
    }
}

pub async fn reply(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let given: AccessAnswer =
        form.code("answer").ok_or_else(|| Fault::BadInput("neither granted nor refused".to_owned()))?;
    let input = answer_access_request::AnswerAccessRequestInput {
        request_id: id.into_inner(),
        answer: given,
        idempotency_key: form.some("submission"),
    };
    let acted = desk.act::<AnswerAccessRequest>(answer_access_request::Variables { input }).await?;
    let Some(said) = acted.refusal else {
        return Ok(Address::to("/access-requests").with("done", "answered").see_other());
    };
    not_done(&desk, None, said, ("/access-requests", "Go to the list")).await
}
