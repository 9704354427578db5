//! Screen 21, people, live: who works here, and one member.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::Address;
use super::admin::{Corner, told};
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Fields, Posted};
use super::organisations::possible_roles;
use super::paging::paging;
use super::prove;
use super::seat::Seat;
use super::stop::Page;
use crate::codes::{Code, Role};
use crate::documents::Acted;
use crate::documents::staff::{
    ChangeRoles, EndMemberSessions, EndMembership, Staff as Document, StaffMember, change_roles,
    end_member_sessions, end_membership, staff, staff_member,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::staff::{Member, Staff, StaffRow};
use crate::parts::{Choice, Empty, Errors};
use crate::words;

const A_PAGE: i64 = 25;

type Node = staff::StaffStaffEdgesNode;
type One = staff_member::StaffMemberStaffMember;

pub fn roles_said(roles: &[Role]) -> String {
    roles.iter().map(|role| role.words()).collect::<Vec<_>>().join(", ")
}

pub async fn list(desk: Desk, Asked(asked): Asked) -> Page {
    let mut seat = desk.office(Some(Corner::People)).await?;
    seat.chrome.notice = done_words(asked.text("done"));
    let (words, organisation) = (asked.text("words").to_owned(), asked.text("organisation").to_owned());
    let unsecured = asked.text("which") == "no-factor";
    let variables = staff::Variables {
        filter: Some(staff::StaffFilter {
            words: asked.some("words"),
            organisation_id: asked.some("organisation"),
            without_second_factor: unsecured,
        }),
        first: A_PAGE,
        after: asked.some("after"),
    };
    let found = desk.ask::<Document>(variables).await?.staff;
    let next = found.page_info.end_cursor.filter(|_| found.page_info.has_next_page);
    let many = seat.organisation.is_none();
    let rows: Vec<StaffRow> = found.edges.into_iter().map(|edge| row(&desk, edge.node, many)).collect();
    let here = Address::to("/admin/people")
        .maybe("words", &words)
        .maybe("organisation", &organisation)
        .maybe("which", asked.text("which"));
    let page = Staff {
        empty: rows.is_empty().then(|| nobody(&words, unsecured)),
        which: Choice::pick(
            vec![Choice::new("", "Everybody"), Choice::new("no-factor", "Without a second step")],
            &[asked.text("which").to_owned()],
        ),
        pagination: paging(&here, &asked, rows.len(), next.as_deref(), ("person", "people")),
        chrome: seat.chrome,
        words,
        organisation,
        rows,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn nobody(words: &str, unsecured: bool) -> Empty {
    let (why, href, action) = match (words, unsecured) {
        ("", true) => ("Everybody has a second step.", "/admin/people", "See everybody"),
        ("", false) => ("Nobody works here yet.", "/admin/invite", "Invite the first one"),
        _ => ("Nobody has that in their name.", "/admin/people", "See everybody"),
    };
    Empty { why: why.to_owned(), href: Some(href.to_owned()), action: action.to_owned() }
}

fn row(desk: &Desk, node: Node, many: bool) -> StaffRow {
    StaffRow {
        href: format!("/admin/people/{}", node.id),
        second_factor: node.second_factor,
        roles: roles_said(&node.roles),
        last_seen: node.last_seen_at.map(|at| words::ago(words::local_day(at), desk.today())),
        organisation: node.organisation_name.filter(|_| many),
        name: node.name,
        email: node.email,
        is_you: node.is_you,
    }
}

async fn member(desk: &Desk, id: &str) -> Result<One, Fault> {
    let found = desk.ask::<StaffMember>(staff_member::Variables { id: id.to_owned() }).await?;
    found.staff_member.ok_or(Fault::NotFound)
}

/// The list somebody came from, and goes back to.
fn list_behind(from: &str) -> (&'static str, &'static str) {
    if from == "review" {
        ("/admin/access-review", "Back to the access review")
    } else {
        ("/admin/people", "Back to people")
    }
}

pub async fn one(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    let seat = desk.office(None).await?;
    let found = member(&desk, &id).await?;
    Ok(drawn(&desk, seat, found, (StatusCode::OK, Errors::default(), asked.text("from"))).await?)
}

async fn drawn(
    desk: &Desk,
    seat: Seat,
    found: One,
    (status, errors, from): (StatusCode, Errors, &str),
) -> Result<HttpResponse, Fault> {
    let roles = offered(desk, &seat, &found).await?;
    let may_reset = may_reset(&seat, &found);
    let page = Member {
        chrome: seat.chrome,
        errors,
        back: list_behind(from),
        from: from.to_owned(),
        second_factor: found.second_factor,
        may_reset,
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

/// Of one's own place; of an organisation only those who answer for it.
fn may_reset(seat: &Seat, found: &One) -> bool {
    let ours = seat.organisation.is_some() || found.organisation_name.is_none();
    let reached = ours || found.roles.contains(&Role::OrganisationAdmin);
    // Also of somebody whose factors are gone already: they may have missed the hour in which to set up a new one.
    reached && !found.is_you && seat.may("member.start_factor_reset")
}

/// Of one's own place only: a role of the network changes nobody's inside an organisation.
async fn offered(desk: &Desk, seat: &Seat, found: &One) -> Result<Vec<Choice>, Fault> {
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

pub async fn after(desk: &Desk, id: &str, acted: Acted, (done, form): (&str, &Fields)) -> Page {
    let from = form.text("from");
    let Some(said) = acted.refusal else {
        return Ok(Address::to(list_behind(from).0).with("done", done).see_other());
    };
    let seat = desk.office(None).await?;
    let found = member(desk, id).await?;
    let errors = told(&said, &[("roles", "role")], "role");
    Ok(drawn(desk, seat, found, (StatusCode::UNPROCESSABLE_ENTITY, errors, from)).await?)
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
        let found = member(&desk, &id).await?;
        let refused = (StatusCode::UNPROCESSABLE_ENTITY, errors, form.text("from"));
        return Ok(drawn(&desk, seat, found, refused).await?);
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
    after(&desk, &id, acted, ("roles", &form)).await
}

pub async fn sign_out(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = end_member_sessions::EndMemberSessionsInput {
        membership_id: id.clone(),
        idempotency_key: form.submission("sign-out"),
    };
    let acted = desk.act::<EndMemberSessions>(end_member_sessions::Variables { input }).await?;
    after(&desk, &id, acted, ("signed-out", &form)).await
}

pub async fn end(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = end_membership::EndMembershipInput {
        membership_id: id.clone(),
        version: version(&form),
        idempotency_key: form.submission("end"),
    };
    let acted = desk.act::<EndMembership>(end_membership::Variables { input }).await?;
    after(&desk, &id, acted, ("left", &form)).await
}
