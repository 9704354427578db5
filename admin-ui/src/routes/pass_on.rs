//! Pass somebody to another service, live: beside our own help (`onward`) or instead of it (`transfer`).
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::act::spoken_refusal;
use super::address::Address;
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::refer::STATEMENT;
use super::services::room;
use super::standing::{self, Standing};
use super::stop::Page;
use crate::chrome::Section;
use crate::codes::{AgainReason, Code, HowGiven, RefusalCode, TransferReason, spoken};
use crate::documents::commands::{Transfer, transfer};
use crate::documents::refer::{ReferOnward, refer_onward};
use crate::documents::services::{OneService, one_service};
use crate::documents::{Acted, Refusal as Said};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::pass_on::PassOn;
use crate::parts::Errors;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Onward,
    Transfer,
}

impl Way {
    const fn code(self) -> &'static str {
        match self {
            Self::Onward => "onward",
            Self::Transfer => "transfer",
        }
    }

    /// Two things that must not be mixed up: they help as well, or they help instead.
    fn heading(self, service: &str) -> String {
        match self {
            Self::Onward => format!("Ask {service} to help"),
            Self::Transfer => format!("Pass to {service}"),
        }
    }
}

pub async fn onward(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    Ok(show(&desk, Way::Onward, &id, asked.text("service")).await?)
}

pub async fn transfer(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    Ok(show(&desk, Way::Transfer, &id, asked.text("service")).await?)
}

async fn show(desk: &Desk, way: Way, id: &str, service: &str) -> Result<HttpResponse, Fault> {
    if service.is_empty() {
        return Ok(Address::to("/services").with(way.code(), id).see_other());
    }
    draw(desk, way, (id, service), &Fields::default(), (Errors::default(), None)).await
}

pub async fn send_onward(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let mut errors = Errors::default();
    let Some(how_given) = form.code::<HowGiven>("agreement") else {
        let message = match form.text("agreement") {
            "not-yet" => "We can only send it when they agree. Ask them first",
            _ => "Say whether they agree",
        };
        errors.push("agreement", message);
        return Ok(draw(&desk, Way::Onward, (&id, form.text("service")), &form, (errors, None)).await?);
    };
    let agreement = refer_onward::AgreementInput {
        how_given,
        statement: STATEMENT.to_owned(),
        language: "en-GB".to_owned(),
    };
    let input = refer_onward::ReferOnwardInput {
        referral_id: id.clone(),
        service_id: form.text("service").to_owned(),
        needs: Vec::new(),
        what_matters: form.some("matters"),
        again: form.code("again"),
        agreement: Some(agreement),
        idempotency_key: form.some("submission"),
    };
    let acted = desk.act::<ReferOnward>(refer_onward::Variables { input }).await?;
    Ok(sent(&desk, Way::Onward, &id, (&form, acted)).await?)
}

pub async fn send_instead(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let mut errors = Errors::default();
    let Some(reason) = form.code::<TransferReason>("reason") else {
        errors.push("reason", "Choose why it is passed on");
        return Ok(draw(&desk, Way::Transfer, (&id, form.text("service")), &form, (errors, None)).await?);
    };
    let input = transfer::TransferReferralInput {
        referral_id: id.clone(),
        version: form.text("version").parse().unwrap_or(0),
        service_id: form.text("service").to_owned(),
        reason,
        idempotency_key: form.some("submission"),
    };
    let acted = desk.act::<Transfer>(transfer::Variables { input }).await?;
    Ok(sent(&desk, Way::Transfer, &id, (&form, acted)).await?)
}

async fn sent(
    desk: &Desk,
    way: Way,
    id: &str,
    (form, acted): (&Fields, Acted),
) -> Result<HttpResponse, Fault> {
    match (acted.refusal, acted.referral) {
        (None, Some(new)) => Ok(Address::to(format!("/referrals/{}/sent", new.id)).see_other()),
        (Some(said), _) => {
            draw(desk, way, (id, form.text("service")), form, (Errors::default(), Some(said))).await
        }
        (None, None) => Err(Fault::Internal),
    }
}

async fn draw(
    desk: &Desk,
    way: Way,
    (id, service): (&str, &str),
    form: &Fields,
    (errors, said): (Errors, Option<Said>),
) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(Some(Section::Referrals)).await?;
    let referral = standing::load(desk, id).await?;
    let asked = one_service::Variables { id: service.to_owned() };
    let service = desk.ask::<OneService>(asked).await?.service.ok_or(Fault::NotFound)?;
    let fine = errors.is_empty() && said.is_none();
    let asked_already = said.as_ref().is_some_and(|said| said.code == RefusalCode::AskedAlready);
    let again = if asked_already || !form.text("again").is_empty() {
        AgainReason::choices(form.code("again").as_slice())
    } else {
        Vec::new()
    };
    let refusal = said.map(|said| spoken_refusal(&said, &seat.chrome.help.phone));
    let (agreement, reasons) = match way {
        Way::Onward => (super::refer::agreements(form.text("agreement")), Vec::new()),
        Way::Transfer => (Vec::new(), TransferReason::choices(form.code("reason").as_slice())),
    };
    let page = PassOn {
        errors,
        refusal,
        id: id.to_owned(),
        reference: referral.reference.clone(),
        heading: way.heading(&service.name),
        action: format!("/referrals/{id}/{}", way.code()),
        version: referral.version.to_string(),
        submission: desk.key(),
        identity: standing::bar(desk, &referral),
        room: room(service.capacity.state, service.capacity.free),
        service_id: service.id,
        service: (service.name, service.organisation.name),
        choose_again: Address::to("/services").with(way.code(), id).to_string(),
        they_see: they_see(&referral),
        agreement,
        again,
        reasons,
        matters: (way == Way::Onward).then(|| form.text("matters").to_owned()),
        button: if way == Way::Onward { "Send request" } else { "Pass on" }.to_owned(),
        chrome: seat.chrome,
    };
    Ok(answer(if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &page))
}

/// The de-identified request, as the provider reads it.
fn they_see(referral: &Standing) -> Vec<(String, String)> {
    let brief = &referral.brief;
    let or = |words: String, none: &str| if words.is_empty() { none.to_owned() } else { words };
    vec![
        ("Looking for".to_owned(), or(spoken(&brief.needs), "Not said")),
        ("Age".to_owned(), brief.age_band.words().to_owned()),
        ("Near".to_owned(), brief.area.clone().unwrap_or_else(|| "Not known".to_owned())),
        ("Access needs".to_owned(), or(spoken(&brief.access_needs), "None that we know of")),
    ]
}
