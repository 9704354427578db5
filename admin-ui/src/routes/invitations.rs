//! Screen 21, invitations, live: who is invited, sending again, taking back, and inviting.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web;

use super::address::Address;
use super::admin::{Corner, told};
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Fields, Posted};
use super::organisations::possible_roles;
use super::paging::paging;
use super::prove;
use super::seat::Seat;
use super::staff::{of_the_network, roles_said};
use super::stop::Page;
use crate::codes::{Code, InvitationState};
use crate::documents::staff::{
    Invitations as Document, InviteMember, ResendInvitation, WithdrawInvitation, invitations, invite_member,
    resend_invitation, withdraw_invitation,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::staff::{InvitationRow, Invitations, Invite};
use crate::parts::{Choice, Empty, Errors, Tag, Tone};
use crate::words;

const A_PAGE: i64 = 25;

type Node = invitations::InvitationsInvitationsEdgesNode;

pub async fn list(desk: Desk, Asked(asked): Asked) -> Page {
    Ok(listed(&desk, &asked, (StatusCode::OK, Errors::default())).await?)
}

async fn listed(
    desk: &Desk,
    asked: &Fields,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Fault> {
    let mut seat = desk.office(Some(Corner::Invitations)).await?;
    seat.chrome.notice = done_words(asked.text("done"));
    let variables = invitations::Variables { first: A_PAGE, after: asked.some("after") };
    let found = desk.ask::<Document>(variables).await?.invitations;
    let next = found.page_info.end_cursor.filter(|_| found.page_info.has_next_page);
    let many = seat.organisation.is_none();
    let rows: Vec<InvitationRow> = found.edges.into_iter().map(|edge| row(desk, edge.node, many)).collect();
    let here = Address::to("/admin/invitations");
    let page = Invitations {
        chrome: seat.chrome,
        errors,
        empty: rows.is_empty().then(|| Empty {
            why: "Everybody who was invited has come.".to_owned(),
            href: Some("/admin/invite".to_owned()),
            action: "Invite somebody".to_owned(),
        }),
        pagination: paging(&here, asked, rows.len(), next.as_deref(), ("invitation", "invitations")),
        rows,
    };
    Ok(answer(status, &page))
}

fn row(desk: &Desk, node: Node, many: bool) -> InvitationRow {
    let tone = match node.state {
        InvitationState::Open => Tone::Going,
        InvitationState::Expired => Tone::Bad,
        _ => Tone::Over,
    };
    let news = match (node.undeliverable, node.asked_again_at) {
        (true, _) => Some("The e-mail could not be delivered. Is the address right?".to_owned()),
        (false, Some(_)) => Some("They ask for a new link.".to_owned()),
        (false, None) => None,
    };
    InvitationRow {
        id: node.id,
        submission: desk.key(),
        email: node.email,
        roles: roles_said(&node.roles),
        organisation: node.organisation_name.filter(|_| many),
        sent: words::short_date(words::local_day(node.sent_at), desk.today()),
        standing: Tag::new(node.state.words(), tone),
        news,
    }
}

pub async fn act(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let (acted, done) = if form.text("do") == "withdraw" {
        let input = withdraw_invitation::InvitationInput {
            invitation_id: id.clone(),
            idempotency_key: form.submission("withdraw"),
        };
        (desk.act::<WithdrawInvitation>(withdraw_invitation::Variables { input }).await?, "taken-back")
    } else {
        let input = resend_invitation::InvitationInput {
            invitation_id: id.clone(),
            idempotency_key: form.submission("resend"),
        };
        (desk.act::<ResendInvitation>(resend_invitation::Variables { input }).await?, "invited")
    };
    match acted.refusal {
        None => Ok(Address::to("/admin/invitations").with("done", done).see_other()),
        Some(said) => {
            let errors = told(&said, &[], "main");
            let first = Fields::default();
            Ok(listed(&desk, &first, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?)
        }
    }
}

pub async fn ask(desk: Desk, Asked(asked): Asked) -> Page {
    Ok(drawn(&desk, &asked, (StatusCode::OK, Errors::default())).await?)
}

/// Where somebody is invited to, and what may be done there.
async fn place(desk: &Desk, seat: &Seat, named: &str) -> Result<(String, Vec<Choice>), Fault> {
    let own = seat.organisation.as_ref().map(|ours| ours.id.clone());
    match Some(named.to_owned()).filter(|id| !id.is_empty()).or(own) {
        Some(id) => possible_roles(desk, &id).await,
        None => Ok((seat.chrome.organisation.clone().unwrap_or_default(), of_the_network())),
    }
}

async fn drawn(
    desk: &Desk,
    typed: &Fields,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Fault> {
    let seat = desk.office(None).await?;
    if !seat.may("member.invite") {
        return Err(Fault::Forbidden);
    }
    let organisation = typed.text("organisation").to_owned();
    let (place, roles) = place(desk, &seat, &organisation).await?;
    let picked: Vec<String> = typed.all("role").into_iter().map(str::to_owned).collect();
    let page = Invite {
        chrome: seat.chrome,
        errors,
        submission: desk.key(),
        place,
        organisation,
        email: typed.text("email").to_owned(),
        roles: Choice::pick(roles, &picked),
    };
    Ok(answer(status, &page))
}

pub async fn send(desk: Desk, Posted(form): Posted) -> Page {
    let mut errors = Errors::default();
    if form.text("email").is_empty() {
        errors.push("email", "Enter their e-mail address");
    }
    if form.all("role").is_empty() {
        errors.push("role", "Choose what they will do");
    }
    if !errors.is_empty() {
        return Ok(drawn(&desk, &form, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?);
    }
    let input = invite_member::InviteMemberInput {
        organisation_id: form.some("organisation"),
        email: form.text("email").to_owned(),
        roles: form.codes("role"),
        idempotency_key: form.some("submission"),
    };
    let acted = desk.act::<InviteMember>(invite_member::Variables { input }).await?;
    if acted.asks_for_proof() {
        return prove::first(&desk, "/admin/invite", &form).await;
    }
    match acted.refusal {
        None => Ok(Address::to("/admin/invitations").with("done", "invited").see_other()),
        Some(said) => {
            let errors = told(&said, &[("roles", "role")], "email");
            Ok(drawn(&desk, &form, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?)
        }
    }
}
