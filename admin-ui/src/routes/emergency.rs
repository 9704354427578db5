//! Opening a record in an emergency, ending it, and the list that whoever opened and whoever reviews work with.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::Address;
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Fields, Posted, real_day};
use super::paging::paging;
use super::prove;
use super::seat::Seat;
use super::stop::{Page, not_done};
use crate::chrome::Section;
use crate::codes::{Code, RefusalCode, ReviewVerdict};
use crate::documents::emergency::{
    CloseEmergency, Emergencies as Listed, OpenInEmergency, ReviewEmergency, close_emergency, emergencies,
    open_in_emergency, review_emergency,
};
use crate::documents::{Acted, Refusal as Said};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::emergency::{Emergencies, EmergencyRow, OpenEmergency};
use crate::parts::{Empty, Errors, Tab, Tag, Tone};
use crate::words;

const A_PAGE: i64 = 20;
type Node = emergencies::EmergenciesEmergenciesEdgesNode;

pub async fn form(desk: Desk) -> Page {
    let seat = entitled(&desk, "emergency.open").await?;
    Ok(answer(StatusCode::OK, &drawn(&desk, seat, &Fields::default(), Errors::default())))
}

pub async fn open(desk: Desk, Posted(form): Posted) -> Page {
    let input = match read(&form) {
        Ok(input) => input,
        Err(errors) => return again(&desk, &form, errors).await,
    };
    let acted = desk.act::<OpenInEmergency>(open_in_emergency::Variables { input }).await?;
    if acted.asks_for_proof() {
        return prove::first(&desk, "/emergency", &form).await;
    }
    match (acted.emergency, acted.refusal) {
        (Some(opened), None) => {
            let person = format!("/people/{}", opened.person_id);
            Ok(Address::to(person).with("done", "emergency").see_other())
        }
        (_, Some(said)) => {
            let mut errors = Errors::default();
            errors.push(field_of(&said), format!("{} {}", said.message, said.next));
            again(&desk, &form, errors).await
        }
        (None, None) => Err(Fault::Internal.into()),
    }
}

fn read(form: &Fields) -> Result<open_in_emergency::OpenInEmergencyInput, Errors> {
    let mut errors = Errors::default();
    let born = real_day(&form.day("born"));
    if born.is_err() {
        errors.push("born", "Enter a real date of birth");
    }
    let alike = form.some("family-name").is_some()
        && form.some("postcode").is_some()
        && born.as_ref().is_ok_and(Option::is_some);
    if form.some("nhs-number").is_none() && !alike {
        errors.push(
            "nhs-number",
            "Enter the NHS number, or the family name, date of birth and postcode together",
        );
    }
    if form.some("reason").is_none() {
        errors.push("reason", "Say why it cannot wait");
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(open_in_emergency::OpenInEmergencyInput {
        nhs_number: form.some("nhs-number"),
        family_name: form.some("family-name"),
        birth_date: born.ok().flatten(),
        postcode: form.some("postcode"),
        reason: form.text("reason").to_owned(),
        idempotency_key: form.some("submission"),
    })
}

fn field_of(said: &Said) -> &'static str {
    match said.field.as_deref() {
        Some("familyName") => "family-name",
        Some("birthDate") => "born",
        Some("postcode") => "postcode",
        Some("reason") => "reason",
        _ => "nhs-number",
    }
}

async fn again(desk: &Desk, form: &Fields, errors: Errors) -> Page {
    let seat = entitled(desk, "emergency.open").await?;
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &drawn(desk, seat, form, errors)))
}

async fn entitled(desk: &Desk, permission: &str) -> Result<Seat, Fault> {
    let seat = desk.seat(Some(Section::People)).await?;
    if seat.may(permission) { Ok(seat) } else { Err(Fault::Forbidden) }
}

fn drawn(desk: &Desk, seat: Seat, form: &Fields, errors: Errors) -> OpenEmergency {
    let text = |name: &str| form.text(name).to_owned();
    OpenEmergency {
        chrome: seat.chrome,
        errors,
        submission: desk.key(),
        nhs_number: text("nhs-number"),
        family_name: text("family-name"),
        born: form.day("born"),
        postcode: text("postcode"),
        reason: text("reason"),
    }
}

pub async fn list(desk: Desk, Asked(asked): Asked) -> Page {
    listed(&desk, &asked, (StatusCode::OK, Errors::default())).await
}

async fn listed(desk: &Desk, asked: &Fields, (status, errors): (StatusCode, Errors)) -> Page {
    let mut seat = entitled(desk, "emergency.list").await?;
    seat.chrome.notice = done_words(asked.text("done"));
    let reviews = seat.may("emergency.review");
    let waiting = reviews && asked.text("which") != "all";
    let variables = emergencies::Variables { waiting, first: A_PAGE, after: asked.some("after") };
    let found = desk.ask::<Listed>(variables).await?.emergencies;
    let next = found.page_info.end_cursor.filter(|_| found.page_info.has_next_page);
    let rows: Vec<EmergencyRow> = found.edges.into_iter().map(|edge| row(desk, edge.node)).collect();
    let here = Address::to("/emergencies").maybe("which", asked.text("which"));
    let page = Emergencies {
        errors,
        tabs: if reviews {
            vec![
                Tab::new("To review", "/emergencies", waiting),
                Tab::new("All", "/emergencies?which=all", !waiting),
            ]
        } else {
            Vec::new()
        },
        empty: rows.is_empty().then(|| nothing(waiting)),
        pagination: paging(&here, asked, rows.len(), next.as_deref(), ("opening", "openings")),
        rows,
        can_open: seat.may("emergency.open"),
        hands_over: seat.may("custody.list"),
        chrome: seat.chrome,
    };
    Ok(answer(status, &page))
}

fn nothing(waiting: bool) -> Empty {
    let (why, href, action) = if waiting {
        ("Nothing waits for your review.", Some("/emergencies?which=all".to_owned()), "Show all openings")
    } else {
        ("No record was opened in an emergency.", None, "")
    };
    Empty { why: why.to_owned(), href, action: action.to_owned() }
}

fn row(desk: &Desk, node: Node) -> EmergencyRow {
    let state = match (node.open, node.verdict) {
        (true, None) => Tag::new("Open, not reviewed", Tone::Waiting),
        (true, Some(verdict)) => Tag::new(format!("Open, {}", verdict.words().to_lowercase()), Tone::Going),
        (false, None) => Tag::new("Ended, not reviewed", Tone::Waiting),
        (false, Some(verdict)) => Tag::new(verdict.words(), Tone::Over),
    };
    let ends = match node.closed_at {
        Some(at) => format!("Ended {}.", words::moment(at).words),
        None if node.open => format!("Ends by itself {}.", words::moment(node.until).words),
        None => format!("Ended by itself {}.", words::moment(node.until).words),
    };
    let href = node.person_name.is_some().then(|| format!("/people/{}", node.person_id));
    EmergencyRow {
        id: node.id,
        who: node
            .person_name
            .unwrap_or_else(|| format!("Somebody whose record {} keeps", node.custodian_name)),
        href,
        reason: node
            .reason
            .unwrap_or_else(|| "Only whoever keeps the record can read the reason now.".to_owned()),
        by: match node.opened_by {
            Some(name) => format!("{name}, {}", node.organisation_name),
            None => node.organisation_name,
        },
        opened: words::moment(node.opened_at).words,
        ends,
        state,
        closable: node.closable,
        verdicts: if node.reviewable { ReviewVerdict::choices(&[]) } else { Vec::new() },
        submission: desk.key(),
    }
}

pub async fn close(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = close_emergency::CloseEmergencyInput {
        opening_id: id.into_inner(),
        idempotency_key: form.submission("close"),
    };
    let acted = desk.act::<CloseEmergency>(close_emergency::Variables { input }).await?;
    done(&desk, acted, "emergency-closed").await
}

pub async fn review(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let id = id.into_inner();
    let field = format!("verdict-{id}");
    let Some(verdict) = form.code::<ReviewVerdict>(&field) else {
        let mut errors = Errors::default();
        errors.push(&field, "Say whether it was justified");
        return listed(&desk, &Fields::default(), (StatusCode::UNPROCESSABLE_ENTITY, errors)).await;
    };
    let input = review_emergency::ReviewEmergencyInput {
        opening_id: id,
        verdict,
        idempotency_key: form.submission("review"),
    };
    let acted = desk.act::<ReviewEmergency>(review_emergency::Variables { input }).await?;
    done(&desk, acted, "emergency-reviewed").await
}

async fn done(desk: &Desk, acted: Acted, code: &str) -> Result<HttpResponse, super::stop::Stop> {
    let Some(said) = acted.refusal else {
        return Ok(Address::to("/emergencies").with("done", code).see_other());
    };
    if said.code == RefusalCode::NotFound {
        return Err(Fault::NotFound.into());
    }
    not_done(desk, Some(Section::People), said, ("/emergencies", "Go to the list")).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_named_exactly_or_not_at_all() {
        for half in [
            "",
            "family-name=Park&postcode=LA9+4PU",
            "family-name=Park&born-day=31&born-month=2&born-year=1959",
        ] {
            let errors = read(&Fields::parse(&format!("{half}&reason=x"))).unwrap_err();
            assert!(errors.of("nhs-number").is_some(), "{half}");
        }
        assert!(read(&Fields::parse("nhs-number=9990000018&reason=x")).is_ok());
        assert!(read(&Fields::parse("nhs-number=9990000018")).unwrap_err().of("reason").is_some());
    }
}
