//! Screen 3, live: find somebody or enter them, and send. One page, one send; a person who seems to be known already interrupts
//! once. What was sent is answered by a page of its own, which a refresh shows again.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::Address;
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::refer_form::{self, Draft};
use super::stop::Page;
use super::whom::Whom;
use super::{duplicate, elsewhere, people, standing};
use crate::chrome::Section;
use crate::codes::{
    AccessNeed, Code, ContactChannel, FeedbackChoice, HowGiven, Need, OrganisationKind, RefusalCode, Risk,
};
use crate::documents::people::{KnownPerson as Document, known_person};
use crate::documents::refer::{Refer as Sending, refer};
use crate::documents::services::{OneService, Services, one_service, services};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::refer::{KnownPerson, Reach, Refer, Sent, Subject};
use crate::parts::{Choice, Errors};
use crate::words;

/// The version of what is explained before somebody agrees.
pub const STATEMENT: &str = "2026-11";
/// More link worker services than this, and one looks for them on the services page.
const SERVICES: i64 = 20;

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let given = match asked.some("again") {
        Some(referral) => elsewhere::again(&desk, &referral, asked.text("service")).await?,
        None => asked,
    };
    Ok(draw(&desk, &given, Errors::default()).await?)
}

pub async fn send(desk: Desk, Posted(form): Posted) -> Page {
    let draft = match refer_form::read(&form) {
        Ok(draft) => draft,
        Err(errors) => return Ok(draw(&desk, &form, errors).await?),
    };
    // The page that asks whether it is them came back without an answer.
    if !form.all("not-same").is_empty() && form.text("same-person").is_empty() {
        let mut errors = Errors::default();
        errors.push("same-person", "Say whether this is the same person");
        return Ok(duplicate::is_it_them(&desk, &form, draft, errors).await?);
    }
    Ok(sending(&desk, &form, draft).await?)
}

async fn sending(desk: &Desk, form: &Fields, draft: Draft) -> Result<HttpResponse, Fault> {
    let input = refer_form::input(form, draft.clone());
    let acted = desk.act::<Sending>(refer::Variables { input }).await?;
    match (acted.refusal, acted.referral) {
        (None, Some(new)) => Ok(Address::to(format!("/referrals/{}/sent", new.id)).see_other()),
        (Some(said), _) => match said.code {
            RefusalCode::AlreadyRegistered | RefusalCode::PossibleDuplicate => {
                duplicate::is_it_them(desk, form, draft, Errors::default()).await
            }
            _ => draw(desk, &refer_form::settled(form), refer_form::errors(&said)).await,
        },
        (None, None) => Err(Fault::Internal),
    }
}

/// The page, from the address or from a form that came back: both name the same fields.
async fn draw(desk: &Desk, given: &Fields, errors: Errors) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(Some(Section::Referrals)).await?;
    if !seat.may("referral.send") {
        return Err(Fault::Forbidden);
    }
    let subject = subject(desk, given).await?;
    let services = places(desk, given.text("service")).await?;
    let access: Vec<AccessNeed> = given.codes("access");
    let feedback = given.code("feedback").unwrap_or(FeedbackChoice::All);
    let (ways, reach) = match subject {
        Subject::Known(_) => (Vec::new(), Reach::default()),
        Subject::New { .. } => {
            (ContactChannel::choices(given.code("way").as_slice()), refer_form::reach(given, &errors))
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let submission = given.some("submission").unwrap_or_else(|| desk.key());
    let before = match given.some("person") {
        Some(person) if errors.of("again").is_some() || !given.text("again").is_empty() => {
            duplicate::asked_before(desk, given, person).await?
        }
        _ => None,
    };
    let page = Refer {
        errors,
        before,
        submission,
        ruled_out: given.all("not-same").into_iter().map(str::to_owned).collect(),
        who: given.text("who").to_owned(),
        nhs_number: number_of(given),
        subject,
        services: Choice::pick(services, &[given.text("service").to_owned()]),
        needs: Need::choices(&given.codes("need")),
        risk: Risk::choices(given.code("risk").as_slice()),
        access: Code::choices(&access),
        feedback: FeedbackChoice::choices(&[feedback]),
        ways,
        reach,
        agreement: agreements(given.text("agreement")),
        matters: given.text("matters").to_owned(),
        chrome: seat.chrome,
    };
    Ok(answer(status, &page))
}

/// A number that was searched for is not asked again.
fn number_of(given: &Fields) -> String {
    let searched = given.text("who");
    let digits: String = searched.chars().filter(|sign| !sign.is_whitespace()).collect();
    let is_number = !digits.is_empty() && digits.chars().all(|sign| sign.is_ascii_digit());
    if is_number { digits } else { given.text("nhs-number").to_owned() }
}

/// Known by id; or by a search that finds exactly one; otherwise somebody new.
async fn subject(desk: &Desk, given: &Fields) -> Result<Subject, Fault> {
    if let Some(id) = given.some("person") {
        return known(desk, id).await;
    }
    let who = given.text("who");
    let mut found = if who.is_empty() { Vec::new() } else { people::named(desk, who).await? };
    let only = if found.len() == 1 { found.pop() } else { None };
    match only {
        Some(only) => known(desk, only.id).await,
        None => Ok(Subject::New { person: refer_form::typed(given), looked_up: !who.is_empty(), found }),
    }
}

async fn known(desk: &Desk, id: String) -> Result<Subject, Fault> {
    let person = desk.ask::<Document>(known_person::Variables { id }).await?.person.ok_or(Fault::NotFound)?;
    let whom = Whom::from(&person);
    let born = whom.born.map_or_else(
        || crate::parts::When { iso: String::new(), words: "not known".to_owned() },
        words::date,
    );
    Ok(Subject::Known(KnownPerson {
        id: person.id,
        reach: whom.reach(),
        name: whom.name,
        born,
        nhs_number: whom.nhs_number.as_deref().map(words::nhs_number),
    }))
}

/// Where it can go: the service that was chosen, or the link worker services with room.
async fn places(desk: &Desk, chosen: &str) -> Result<Vec<Choice>, Fault> {
    if !chosen.is_empty() {
        let variables = one_service::Variables { id: chosen.to_owned() };
        if let Some(service) = desk.ask::<OneService>(variables).await?.service {
            let room = super::services::room(service.capacity.state, service.capacity.free).words;
            let label = format!("{}, {}", service.name, service.organisation.name);
            return Ok(vec![Choice::new(service.id, label).hint(room)]);
        }
    }
    let filter = services::ServiceFilter {
        words: None,
        need: None,
        near_outcode: None,
        within_km: None,
        step_free: None,
        free: None,
        online: None,
        takes_requests: Some(true),
        organisation_kind: Some(OrganisationKind::LinkWorkerService),
    };
    let variables = services::Variables { filter: Some(filter), first: SERVICES, after: None };
    let all = desk.ask::<Services>(variables).await?.services.edges.into_iter().map(|edge| edge.node);
    let mut choices: Vec<Choice> = all
        .map(|service| {
            let room = super::services::room(service.capacity.state, service.capacity.free).words;
            let label = format!("{}, {}", service.name, service.organisation.name);
            Choice::new(service.id, label).hint(room)
        })
        .collect();
    if choices.len() > 1 {
        for choice in &mut choices {
            let room = choice.hint.take().unwrap_or_default();
            choice.label = format!("{} ({})", choice.label, room.to_lowercase());
        }
        choices.insert(0, Choice::new("", "Choose a service"));
    }
    Ok(choices)
}

/// How somebody may have agreed; the last one stops the sending.
pub fn agreements(picked: &str) -> Vec<Choice> {
    let ways = [HowGiven::Spoken, HowGiven::Written, HowGiven::Supporter].map(Code::choice);
    let all = ways.into_iter().chain([Choice::new("not-yet", "Not yet")]);
    Choice::pick(all.collect(), &[picked.to_owned()])
}

/// Sent. A refresh shows this page again and sends nothing.
pub async fn sent(desk: Desk, id: web::Path<String>) -> Page {
    let seat = desk.seat(Some(Section::Referrals)).await?;
    let referral = standing::load(&desk, &id).await?;
    let name = referral.person.as_ref().map_or_else(|| "the person".to_owned(), |person| person.name.clone());
    let mut next = Vec::new();
    if let Some(at) = referral.due_at {
        next.push(format!("They answer by {}.", words::weekday_date(words::local_day(at)).words));
    }
    next.push(format!("They get in touch with {name} in the way {name} chose."));
    next.push("You hear when it is accepted and how it ended, as far as the person lets you.".to_owned());
    let page = Sent {
        chrome: seat.chrome,
        reference: referral.reference,
        name,
        sent_to: format!("{}, {},", referral.service.name, referral.to.name),
        next,
        href: format!("/referrals/{}", referral.id),
    };
    Ok(answer(StatusCode::OK, &page))
}
