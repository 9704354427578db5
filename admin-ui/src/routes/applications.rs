//! Applications to join, as whoever coordinates the network answers them.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::Address;
use super::admin::{Corner, told};
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Fields, Posted};
use super::paging::paging;
use super::prove;
use super::stop::Page;
use crate::codes::{ApplicationRefusal, ApplicationStage, Code};
use crate::documents::Acted;
use crate::documents::application::{
    Applications as Listed, ApproveApplication, AskApplicant, ChangeJoining, DeclineApplication,
    OneApplication as Document, applications, approve_application, ask_applicant, change_joining,
    decline_application, one_application,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::joining::{ApplicationRow, Applications, OneApplication};
use crate::parts::{Choice, Empty, Errors, Tab, Tag, Tone};
use crate::words;

const A_PAGE: i64 = 25;
const HERE: &str = "/admin/applications";

pub async fn list(desk: Desk, Asked(asked): Asked) -> Page {
    Ok(listed(&desk, &asked, (StatusCode::OK, Errors::default())).await?)
}

async fn listed(
    desk: &Desk,
    asked: &Fields,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Fault> {
    let mut seat = desk.office(Some(Corner::Applications)).await?;
    if !seat.may("application.list") {
        return Err(Fault::Forbidden);
    }
    seat.chrome.notice = done_words(asked.text("done"));
    let open = asked.text("which") != "all";
    let variables = applications::Variables { open, first: A_PAGE, after: asked.some("after") };
    let answered = desk.ask::<Listed>(variables).await?;
    let (found, joining) = (answered.applications, answered.joining);
    let next = found.page_info.end_cursor.filter(|_| found.page_info.has_next_page);
    let rows: Vec<ApplicationRow> = found.edges.into_iter().map(|edge| row(edge.node)).collect();
    let here = Address::to(HERE).maybe("which", asked.text("which"));
    let taken = joining.as_ref().is_some_and(|joining| joining.open);
    let page = Applications {
        errors,
        submission: desk.key(),
        tabs: vec![Tab::new("Open", HERE, open), Tab::new("All", "/admin/applications?which=all", !open)],
        empty: rows.is_empty().then(|| nothing(open)),
        pagination: paging(&here, asked, rows.len(), next.as_deref(), ("application", "applications")),
        rows,
        chrome: seat.chrome,
        address: joining.as_ref().filter(|joining| joining.open).map(|joining| joining.address.clone()),
        choices: [("yes", "Groups may apply"), ("no", "Nobody may apply")]
            .map(|(code, words)| Choice::new(code, words).chosen((code == "yes") == taken))
            .into(),
        agreement: joining.map_or_else(|| "1".to_owned(), |joining| joining.agreement),
    };
    Ok(answer(status, &page))
}

fn nothing(open: bool) -> Empty {
    let (why, href, action) = if open {
        ("No application waits for an answer.", Some(format!("{HERE}?which=all")), "Show all of them")
    } else {
        ("Nobody has applied yet.", None, "")
    };
    Empty { why: why.to_owned(), href, action: action.to_owned() }
}

fn tag(stage: ApplicationStage) -> Tag {
    let tone = match stage {
        ApplicationStage::Waiting => Tone::Waiting,
        ApplicationStage::Approved => Tone::Good,
        ApplicationStage::Unconfirmed | ApplicationStage::Asked | ApplicationStage::Declined => Tone::Over,
    };
    Tag::new(stage.words(), tone)
}

fn row(node: applications::ApplicationsApplicationsEdgesNode) -> ApplicationRow {
    ApplicationRow {
        href: format!("{HERE}/{}", node.id),
        name: node.name,
        kind: node.kind.words().to_owned(),
        standing: tag(node.stage),
        applied: words::moment(node.applied_at).words,
    }
}

pub async fn one(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    let done = asked.text("done");
    Ok(drawn(&desk, &id, (StatusCode::OK, Errors::default(), &Fields::default()), done).await?)
}

async fn drawn(
    desk: &Desk,
    id: &str,
    (status, errors, typed): (StatusCode, Errors, &Fields),
    done: &str,
) -> Result<HttpResponse, Fault> {
    let mut seat = desk.office(None).await?;
    seat.chrome.notice = done_words(done);
    let variables = one_application::Variables { id: id.to_owned() };
    let found = desk.ask::<Document>(variables).await?.application.ok_or(Fault::NotFound)?;
    let page = OneApplication {
        chrome: seat.chrome,
        errors,
        submission: desk.key(),
        id: found.id.clone(),
        standing: tag(found.stage),
        facts: facts(&found),
        open: matches!(found.stage, ApplicationStage::Waiting | ApplicationStage::Asked),
        name: found.name,
        organisation: found.organisation_id,
        question: typed.text("question").to_owned(),
        reasons: ApplicationRefusal::choices(typed.code("reason").as_slice()),
    };
    Ok(answer(status, &page))
}

fn facts(found: &one_application::OneApplicationApplication) -> Vec<(String, String)> {
    let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "Not given".to_owned());
    let mut facts = vec![
        ("Kind".to_owned(), found.kind.words().to_owned()),
        ("Offers".to_owned(), found.offers.join(", ")),
        ("Postcode".to_owned(), told(&found.postcode)),
        ("Who asks".to_owned(), found.contact_name.clone()),
        ("E-mail address, proved".to_owned(), found.email.clone()),
        ("Phone".to_owned(), found.phone.clone()),
        ("Agreed to".to_owned(), format!("Your agreement, version {}", found.agreement)),
        ("Asked on".to_owned(), words::moment(found.applied_at).words),
    ];
    for one in &found.talk {
        facts.push(("Your question".to_owned(), one.question.clone()));
        let reply = one.reply.clone().unwrap_or_else(|| "None yet".to_owned());
        facts.push(("Their answer".to_owned(), reply));
    }
    if let Some(reason) = found.refusal_reason {
        facts.push(("Declined because".to_owned(), reason.words().to_owned()));
    }
    facts
}

async fn after(desk: &Desk, (id, verb): (&str, &str), acted: Acted, (done, form): (&str, &Fields)) -> Page {
    if acted.asks_for_proof() {
        return prove::first(desk, &format!("{HERE}/{id}/{verb}"), form).await;
    }
    let Some(said) = acted.refusal else {
        return Ok(Address::to(format!("{HERE}/{id}")).with("done", done).see_other());
    };
    let errors = told(&said, &[("question", "question"), ("reason", "reason")], "main");
    Ok(drawn(desk, id, (StatusCode::UNPROCESSABLE_ENTITY, errors, form), "").await?)
}

pub async fn approve(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = approve_application::ApplicationInput {
        application_id: id.clone(),
        idempotency_key: form.submission("approve"),
    };
    let acted = desk.act::<ApproveApplication>(approve_application::Variables { input }).await?;
    after(&desk, (&id, "approve"), acted, ("approved", &form)).await
}

pub async fn ask(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    if form.text("question").is_empty() {
        let mut errors = Errors::default();
        errors.push("question", "Write your question");
        return Ok(drawn(&desk, &id, (StatusCode::UNPROCESSABLE_ENTITY, errors, &form), "").await?);
    }
    let input = ask_applicant::AskApplicantInput {
        application_id: id.clone(),
        question: form.text("question").to_owned(),
        idempotency_key: form.submission("ask"),
    };
    let acted = desk.act::<AskApplicant>(ask_applicant::Variables { input }).await?;
    after(&desk, (&id, "ask"), acted, ("asked-applicant", &form)).await
}

pub async fn decline(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let Some(reason) = form.code("reason") else {
        let mut errors = Errors::default();
        errors.push("reason", "Choose why");
        return Ok(drawn(&desk, &id, (StatusCode::UNPROCESSABLE_ENTITY, errors, &form), "").await?);
    };
    let input = decline_application::DeclineApplicationInput {
        application_id: id.clone(),
        reason,
        idempotency_key: form.submission("decline"),
    };
    let acted = desk.act::<DeclineApplication>(decline_application::Variables { input }).await?;
    after(&desk, (&id, "decline"), acted, ("declined-applicant", &form)).await
}

pub async fn settle(desk: Desk, Posted(form): Posted) -> Page {
    let input = change_joining::ChangeJoiningInput {
        open: form.text("open") == "yes",
        agreement: form.text("agreement").to_owned(),
        idempotency_key: form.submission("joining"),
    };
    let acted = desk.act::<ChangeJoining>(change_joining::Variables { input }).await?;
    match acted.refusal {
        None => Ok(Address::to(HERE).with("done", "joining").see_other()),
        Some(said) => {
            let errors = told(&said, &[], "agreement");
            Ok(listed(&desk, &Fields::default(), (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?)
        }
    }
}
