//! Screen 21, people, live: who works here, and one member.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::Address;
use super::admin::{Corner, told};
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::organisations::possible_roles;
use super::paging::paging;
use super::prove;
use super::seat::{Seat, done_words};
use super::stop::Page;
use crate::codes::{Code, Role};
use crate::documents::Acted;
use crate::documents::staff::{
    ChangeRoles, EndMemberSessions, EndMembership, Staff as Document, change_roles, end_member_sessions,
    end_membership, staff,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::staff::{Member, Staff, StaffRow};
use crate::parts::{Choice, Empty, Errors};
use crate::words;

const A_PAGE: i64 = 25;
/// The most that one page may hold: a member is looked for among them.
const MOST: i64 = 100;

type Node = staff::StaffStaffEdgesNode;

pub fn roles_said(roles: &[Role]) -> String {
    roles.iter().map(|role| role.words()).collect::<Vec<_>>().join(", ")
}

pub async fn list(desk: Desk, Asked(asked): Asked) -> Page {
    let mut seat = desk.office(Some(Corner::People)).await?;
    seat.chrome.notice = done_words(asked.text("done"));
    let (words, organisation) = (asked.text("words").to_owned(), asked.text("organisation").to_owned());
    let variables = staff::Variables {
        filter: Some(staff::StaffFilter {
            words: asked.some("words"),
            organisation_id: asked.some("organisation"),
        }),
        first: A_PAGE,
        after: asked.some("after"),
    };
    let found = desk.ask::<Document>(variables).await?.staff;
    let next = found.page_info.end_cursor.filter(|_| found.page_info.has_next_page);
    let many = seat.organisation.is_none();
    let rows: Vec<StaffRow> = found.edges.into_iter().map(|edge| row(&desk, edge.node, many)).collect();
    let here = Address::to("/admin/people").maybe("words", &words).maybe("organisation", &organisation);
    let page = Staff {
        empty: rows.is_empty().then(|| Empty {
            why: if words.is_empty() { "Nobody works here yet." } else { "Nobody has that in their name." }
                .to_owned(),
            href: Some(if words.is_empty() { "/admin/invite" } else { "/admin/people" }.to_owned()),
            action: if words.is_empty() { "Invite the first one" } else { "See everybody" }.to_owned(),
        }),
        pagination: paging(&here, &asked, rows.len(), next.as_deref(), ("person", "people")),
        chrome: seat.chrome,
        words,
        organisation,
        rows,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn row(desk: &Desk, node: Node, many: bool) -> StaffRow {
    StaffRow {
        href: Address::to(format!("/admin/people/{}", node.id)).with("words", &node.email).to_string(),
        roles: roles_said(&node.roles),
        last_seen: node.last_seen_at.map(|at| words::ago(words::local_day(at), desk.today())),
        organisation: node.organisation_name.filter(|_| many),
        name: node.name,
        email: node.email,
        is_you: node.is_you,
    }
}

/// The member of that id: found by the address that the link carries, or among the first of the list.
async fn member(desk: &Desk, id: &str, words: Option<String>) -> Result<Node, Fault> {
    let filter = Some(staff::StaffFilter { words, organisation_id: None });
    let variables = staff::Variables { filter, first: MOST, after: None };
    let found = desk.ask::<Document>(variables).await?.staff;
    found.edges.into_iter().map(|edge| edge.node).find(|node| node.id == id).ok_or(Fault::NotFound)
}

pub async fn one(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    let seat = desk.office(None).await?;
    let found = member(&desk, &id, asked.some("words")).await?;
    Ok(drawn(&desk, seat, found, (StatusCode::OK, Errors::default())).await?)
}

async fn drawn(
    desk: &Desk,
    seat: Seat,
    found: Node,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Fault> {
    let roles = offered(desk, &seat, &found).await?;
    let page = Member {
        chrome: seat.chrome,
        errors,
        id: found.id,
        submission: desk.key(),
        version: found.version.to_string(),
        last_seen: found.last_seen_at.map(|at| words::ago(words::local_day(at), desk.today())),
        organisation: found.organisation_name,
        name: found.name,
        email: found.email,
        is_you: found.is_you,
        roles,
    };
    Ok(answer(status, &page))
}

/// Of one's own place only: a role of the network changes nobody's inside an organisation.
async fn offered(desk: &Desk, seat: &Seat, found: &Node) -> Result<Vec<Choice>, Fault> {
    let choices = match (&seat.organisation, &found.organisation_name) {
        (Some(ours), _) => possible_roles(desk, &ours.id).await?.1,
        (None, None) => of_the_network(),
        (None, Some(_)) => return Ok(Vec::new()),
    };
    let held: Vec<String> = found.roles.iter().map(|role| role.code().to_owned()).collect();
    Ok(Choice::pick(choices, &held))
}

pub fn of_the_network() -> Vec<Choice> {
    [Role::NetworkCoordinator, Role::Analyst].into_iter().map(Code::choice).collect()
}

async fn after(desk: &Desk, id: &str, acted: Acted, done: &str) -> Page {
    let Some(said) = acted.refusal else {
        return Ok(Address::to("/admin/people").with("done", done).see_other());
    };
    let seat = desk.office(None).await?;
    let found = member(desk, id, None).await?;
    let errors = told(&said, &[("roles", "role")], "role");
    Ok(drawn(desk, seat, found, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?)
}

fn version(form: &Fields) -> i64 {
    form.text("version").parse().unwrap_or(0)
}

pub async fn change(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let roles: Vec<Role> = form.codes("role");
    if roles.is_empty() {
        let mut errors = Errors::default();
        errors.push("role", "Choose at least one role, or end the membership");
        let seat = desk.office(None).await?;
        let found = member(&desk, &id, None).await?;
        return Ok(drawn(&desk, seat, found, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?);
    }
    let input = change_roles::ChangeRolesInput {
        membership_id: id.clone(),
        version: version(&form),
        roles,
        idempotency_key: form.submission("roles"),
    };
    let acted = desk.act::<ChangeRoles>(change_roles::Variables { input }).await?;
    if acted.asks_for_proof() {
        return prove::first(&desk, &format!("/admin/people/{id}/roles"), &form).await;
    }
    after(&desk, &id, acted, "roles").await
}

pub async fn sign_out(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = end_member_sessions::EndMemberSessionsInput {
        membership_id: id.clone(),
        idempotency_key: form.submission("sign-out"),
    };
    let acted = desk.act::<EndMemberSessions>(end_member_sessions::Variables { input }).await?;
    after(&desk, &id, acted, "signed-out").await
}

pub async fn end(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = end_membership::EndMembershipInput {
        membership_id: id.clone(),
        version: version(&form),
        idempotency_key: form.submission("end"),
    };
    let acted = desk.act::<EndMembership>(end_membership::Variables { input }).await?;
    after(&desk, &id, acted, "left").await
}
