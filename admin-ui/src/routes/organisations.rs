//! Screen 21, organisations, live: the list, and one with what may be done to it.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::Address;
use super::admin::{Corner, told};
use super::closing;
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Fields, Posted, boxes, real_day};
use super::paging::paging;
use super::seat::Seat;
use super::stop::Page;
use crate::codes::{AgreementKind, AgreementStanding, Code, SuspensionReason};
use crate::documents::Acted;
use crate::documents::application::{WaitingApplications, waiting_applications};
use crate::documents::staff::{
    AddAgreement, LetInOrganisation, ManagedOrganisations, OneOrganisation as Document, SuspendOrganisation,
    add_agreement, let_in_organisation, managed_organisations, one_organisation, suspend_organisation,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::organisations::{AgreementRow, Managing, OneOrganisation, OrganisationRow, Organisations};
use crate::parts::{Choice, DayMonthYear, Empty, Errors, Tag, Tone};
use crate::words;

const A_PAGE: i64 = 25;

type Listed = managed_organisations::ManagedOrganisationsManagedOrganisationsEdgesNode;
type One = one_organisation::OneOrganisationManagedOrganisation;

pub async fn list(desk: Desk, Asked(asked): Asked) -> Page {
    let mut seat = desk.office(Some(Corner::Organisations)).await?;
    seat.chrome.notice = done_words(asked.text("done"));
    let words = asked.text("words").to_owned();
    let variables = managed_organisations::Variables {
        words: asked.some("words"),
        first: A_PAGE,
        after: asked.some("after"),
    };
    let asked_for = desk.ask::<ManagedOrganisations>(variables).await?;
    let left_over = asked_for.waiting_closings.into_iter().filter_map(closing::left_over).collect();
    let found = asked_for.managed_organisations;
    let next = found.page_info.end_cursor.filter(|_| found.page_info.has_next_page);
    let rows: Vec<OrganisationRow> = found.edges.into_iter().map(|edge| row(edge.node)).collect();
    let here = Address::to("/admin/organisations").maybe("words", &words);
    let page = Organisations {
        waiting: applications(&desk, &seat).await?,
        left_over,
        empty: rows.is_empty().then(|| nothing(&words)),
        pagination: paging(&here, &asked, rows.len(), next.as_deref(), ("organisation", "organisations")),
        chrome: seat.chrome,
        words,
        rows,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// The first page of whoever coordinates a network tells that somebody waits.
async fn applications(desk: &Desk, seat: &Seat) -> Result<Option<String>, Fault> {
    if !seat.may("application.list") {
        return Ok(None);
    }
    let waiting =
        desk.ask::<WaitingApplications>(waiting_applications::Variables).await?.waiting_applications;
    let said = words::counted(
        u64::try_from(waiting).unwrap_or(0),
        "application waits for your answer",
        "applications wait for your answer",
    );
    Ok((waiting > 0).then_some(said))
}

fn nothing(words: &str) -> Empty {
    if words.is_empty() {
        return Empty {
            why: "There is no organisation in this network yet.".to_owned(),
            href: Some("/admin/organisations/new".to_owned()),
            action: "Add the first one".to_owned(),
        };
    }
    Empty {
        why: "No organisation has that in its name.".to_owned(),
        href: Some("/admin/organisations".to_owned()),
        action: "See all of them".to_owned(),
    }
}

fn standing(suspended: bool, closed: bool) -> Tag {
    match (closed, suspended) {
        (true, _) => Tag::new("Closed", Tone::Over),
        (_, true) => Tag::new("Suspended", Tone::Bad),
        _ => Tag::new("Open", Tone::Good),
    }
}

fn tone(standing: AgreementStanding) -> Tone {
    match standing {
        AgreementStanding::InForce => Tone::Good,
        AgreementStanding::EndsSoon => Tone::Waiting,
        AgreementStanding::Ended => Tone::Bad,
    }
}

pub fn people(members: i64, invited: i64) -> String {
    let counted = words::counted(u64::try_from(members).unwrap_or(0), "person", "people");
    if invited > 0 { format!("{counted}, {invited} invited") } else { counted }
}

fn row(node: Listed) -> OrganisationRow {
    let agreement =
        |one: managed_organisations::ManagedOrganisationsManagedOrganisationsEdgesNodeAgreements| {
            Tag::new(
                format!("{}: {}", one.kind.words(), one.standing.words().to_lowercase()),
                tone(one.standing),
            )
        };
    OrganisationRow {
        href: format!("/admin/organisations/{}", node.id),
        name: node.organisation.name,
        kind: node.organisation.kind.words().to_owned(),
        standing: standing(node.suspended_at.is_some(), node.closed_at.is_some()),
        people: people(node.member_count, node.open_invitation_count),
        agreements: node.agreements.into_iter().map(agreement).collect(),
    }
}

pub async fn one(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    let empty = Fields::default();
    Ok(drawn(&desk, &id, (StatusCode::OK, Errors::default(), &empty), asked.text("done")).await?)
}

async fn drawn(
    desk: &Desk,
    id: &str,
    (status, errors, typed): (StatusCode, Errors, &Fields),
    done: &str,
) -> Result<HttpResponse, Fault> {
    let mut seat = desk.office(None).await?;
    seat.chrome.notice = done_words(done);
    let variables = one_organisation::Variables { id: id.to_owned() };
    let found = desk.ask::<Document>(variables).await?.managed_organisation.ok_or(Fault::NotFound)?;
    let managing = seat.may("organisation.close").then(|| managing(desk, &found, typed));
    let page = OneOrganisation {
        chrome: seat.chrome,
        errors,
        submission: desk.key(),
        id: found.id.clone(),
        kind: found.organisation.kind.words().to_owned(),
        standing: standing(found.suspended_at.is_some(), found.closed_at.is_some()),
        facts: facts(&found),
        unsecured: unsecured(&found),
        agreements: found.agreements.iter().map(agreement_row).collect(),
        closed: found.closed_at.is_some(),
        headless: found.administrator_count == 0,
        name: found.organisation.name,
        managing,
    };
    Ok(answer(status, &page))
}

fn facts(found: &One) -> Vec<(String, String)> {
    let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "Not on record".to_owned());
    vec![
        ("Phone for questions".to_owned(), found.organisation.help_phone.clone()),
        ("E-mail for requests".to_owned(), told(&found.email)),
        ("Postcode".to_owned(), told(&found.postcode)),
        ("People".to_owned(), people(found.member_count, found.open_invitation_count)),
    ]
}

/// Said before anybody makes a second factor required.
fn unsecured(found: &One) -> Option<(String, String)> {
    let (without, all) = (found.without_second_factor_count, found.member_count);
    let verb = if without == 1 { "has" } else { "have" };
    let of = words::counted(u64::try_from(all).unwrap_or(0), "person", "people");
    let href = Address::to("/admin/people").with("organisation", &found.id).with("which", "no-factor");
    (without > 0).then(|| (format!("{without} of {of} {verb} no second step"), href.to_string()))
}

fn agreement_row(kept: &one_organisation::OneOrganisationManagedOrganisationAgreements) -> AgreementRow {
    AgreementRow {
        kind: kept.kind.words().to_owned(),
        version: kept.version.clone(),
        agreed_on: words::date(kept.agreed_on),
        ends_on: kept.ends_on.map(words::date),
        standing: Tag::new(kept.standing.words(), tone(kept.standing)),
    }
}

fn managing(desk: &Desk, found: &One, typed: &Fields) -> Managing {
    let agreed_on = typed.day("agreed-on");
    Managing {
        suspended: found.suspended_at.is_some(),
        reasons: SuspensionReason::choices(&[]),
        winding_up: closing::winding_up(found, typed),
        kinds: AgreementKind::choices(typed.code("agreement-kind").as_slice()),
        agreed_on: if agreed_on == DayMonthYear::default() { boxes(desk.today()) } else { agreed_on },
        ends_on: typed.day("ends-on"),
        version: typed.text("agreement-version").to_owned(),
    }
}

/// The page again, with what was refused.
pub async fn again(desk: &Desk, id: &str, errors: Errors, typed: &Fields) -> Result<HttpResponse, Fault> {
    drawn(desk, id, (StatusCode::UNPROCESSABLE_ENTITY, errors, typed), "").await
}

/// Back to the organisation with one line about what was done, or the page again with what was refused.
async fn after(desk: &Desk, id: &str, acted: Acted, (done, form): (&str, &Fields)) -> Page {
    let Some(said) = acted.refusal else {
        return Ok(Address::to(format!("/admin/organisations/{id}")).with("done", done).see_other());
    };
    let fields = [("agreement.endsOn", "ends-on"), ("agreement", "agreement-version"), ("reason", "reason")];
    let errors = told(&said, &fields, "main");
    Ok(again(desk, id, errors, form).await?)
}

pub async fn suspend(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let Some(reason) = form.code("reason") else {
        let mut errors = Errors::default();
        errors.push("reason", "Choose why");
        return Ok(drawn(&desk, &id, (StatusCode::UNPROCESSABLE_ENTITY, errors, &form), "").await?);
    };
    let input = suspend_organisation::SuspendOrganisationInput {
        organisation_id: id.clone(),
        reason,
        idempotency_key: form.submission("suspend"),
    };
    let acted = desk.act::<SuspendOrganisation>(suspend_organisation::Variables { input }).await?;
    after(&desk, &id, acted, ("suspended", &form)).await
}

pub async fn let_in(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = let_in_organisation::OrganisationInput {
        organisation_id: id.clone(),
        idempotency_key: form.submission("let-in"),
    };
    let acted = desk.act::<LetInOrganisation>(let_in_organisation::Variables { input }).await?;
    after(&desk, &id, acted, ("let-in", &form)).await
}

pub async fn keep_agreement(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let mut errors = Errors::default();
    let agreed_on = real_day(&form.day("agreed-on")).ok().flatten();
    let ends_on = real_day(&form.day("ends-on"));
    if agreed_on.is_none() {
        errors.push("agreed-on", "Enter the day it was agreed on");
    }
    if ends_on.is_err() {
        errors.push("ends-on", "Enter a day that exists, or leave it empty");
    }
    if form.text("agreement-version").is_empty() {
        errors.push("agreement-version", "Enter the version, such as 2 or 2026-04");
    }
    let (Some(agreed_on), Ok(ends_on), true) = (agreed_on, ends_on, errors.is_empty()) else {
        return Ok(drawn(&desk, &id, (StatusCode::UNPROCESSABLE_ENTITY, errors, &form), "").await?);
    };
    let agreement = add_agreement::SignedAgreementInput {
        kind: form.code("agreement-kind").unwrap_or(AgreementKind::DataSharing),
        version: form.text("agreement-version").to_owned(),
        agreed_on,
        ends_on,
    };
    let input = add_agreement::AddAgreementInput {
        organisation_id: id.clone(),
        agreement,
        idempotency_key: form.submission("agreement"),
    };
    let acted = desk.act::<AddAgreement>(add_agreement::Variables { input }).await?;
    after(&desk, &id, acted, ("agreement", &form)).await
}

/// The roles that may be held in a place, as tick boxes.
pub async fn possible_roles(desk: &Desk, organisation: &str) -> Result<(String, Vec<Choice>), Fault> {
    let variables = one_organisation::Variables { id: organisation.to_owned() };
    let found = desk.ask::<Document>(variables).await?.managed_organisation.ok_or(Fault::NotFound)?;
    Ok((found.organisation.name, found.possible_roles.into_iter().map(Code::choice).collect()))
}
