//! Journey J4, live: add an organisation with its first people. Nothing is sent before the answers were looked at; what was
//! typed travels through the check in the form itself, so that it works without scripts.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::address::Address;
use super::admin::told;
use super::desk::Desk;
use super::fields::{Fields, Posted};
use super::prove;
use super::stop::Page;
use crate::codes::{AgreementKind, Code, OrganisationKind, Role};
use crate::documents::staff::{CreateOrganisation, create_organisation};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::organisations::{AddOrganisation, CheckOrganisation, PersonField};
use crate::parts::{Choice, Errors};

/// How many may be invited at once; the rest follow.
const PEOPLE: [(&str, &str); 3] =
    [("person-1", "person-1-role"), ("person-2", "person-2-role"), ("person-3", "person-3-role")];
/// The network's own agreement, as it stands.
const AGREEMENT_VERSION: &str = "1";

pub async fn show(desk: Desk) -> Page {
    Ok(form(&desk, &Fields::default(), (StatusCode::OK, Errors::default())).await?)
}

pub async fn send(desk: Desk, Posted(typed): Posted) -> Page {
    let errors = missing(&typed);
    if !errors.is_empty() {
        return Ok(form(&desk, &typed, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?);
    }
    match typed.text("step") {
        "send" => sent(&desk, &typed).await,
        "change" => Ok(form(&desk, &typed, (StatusCode::OK, Errors::default())).await?),
        _ => check(&desk, &typed).await,
    }
}

fn missing(typed: &Fields) -> Errors {
    let mut errors = Errors::default();
    if typed.text("name").is_empty() {
        errors.push("name", "Enter the name of the organisation");
    }
    if typed.code::<OrganisationKind>("kind").is_none() {
        errors.push("kind", "Choose what kind of organisation it is");
    }
    if typed.text("phone").is_empty() {
        errors.push("phone", "Enter a phone number that people can ask");
    }
    for (email, roles) in PEOPLE {
        match (typed.text(email).is_empty(), typed.codes::<Role>(roles).is_empty()) {
            (false, true) => errors.push(roles, "Choose what they will do"),
            (true, false) => errors.push(email, "Enter their e-mail address"),
            _ => {}
        }
    }
    errors
}

/// Roles that some kind of organisation may hold; which of them this one may, the server says.
fn roles(picked: &[Role]) -> Vec<Choice> {
    let known = Role::ALL.iter().copied().filter(|role| *role != Role::NetworkCoordinator);
    known.map(|role| role.choice().chosen(picked.contains(&role))).collect()
}

async fn form(
    desk: &Desk,
    typed: &Fields,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Fault> {
    let seat = desk.office(None).await?;
    if !seat.may("organisation.add") {
        return Err(Fault::Forbidden);
    }
    let person = |(email, role): (&str, &str)| PersonField {
        email_id: email.to_owned(),
        roles_id: role.to_owned(),
        email: typed.text(email).to_owned(),
        roles: roles(&typed.codes(role)),
    };
    let signed = Choice::new("yes", "The network’s data sharing agreement, today")
        .chosen(typed.text("signed") == "yes");
    let page = AddOrganisation {
        chrome: seat.chrome,
        errors,
        name: typed.text("name").to_owned(),
        kinds: OrganisationKind::choices(typed.code("kind").as_slice()),
        postcode: typed.text("postcode").to_owned(),
        phone: typed.text("phone").to_owned(),
        email: typed.text("email").to_owned(),
        services: typed.text("services").to_owned(),
        people: PEOPLE.into_iter().map(person).collect(),
        signed: vec![signed],
    };
    Ok(answer(status, &page))
}

fn services(typed: &Fields) -> Vec<String> {
    let lines = typed.text("services").lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn people(typed: &Fields) -> Vec<(String, Vec<Role>)> {
    let named = PEOPLE.into_iter().filter(|(email, _)| !typed.text(email).is_empty());
    named.map(|(email, role)| (typed.text(email).to_owned(), typed.codes(role))).collect()
}

async fn check(desk: &Desk, typed: &Fields) -> Page {
    let seat = desk.office(None).await?;
    let one = |label: &str, value: &str| (label.to_owned(), vec![value.to_owned()]);
    let kind: Option<OrganisationKind> = typed.code("kind");
    let invited = people(typed).into_iter().map(|(email, roles)| {
        let roles: Vec<&str> = roles.iter().map(|role| role.words()).collect();
        format!("{email}: {}", roles.join(" and "))
    });
    let some = |value: &str| if value.is_empty() { "None".to_owned() } else { value.to_owned() };
    let signed = if typed.text("signed") == "yes" { "Data sharing agreement, today" } else { "Nothing yet" };
    let answers = vec![
        one("Name", typed.text("name")),
        one("Kind", kind.map_or("", Code::words)),
        one("Postcode", &some(typed.text("postcode"))),
        one("Phone for questions", typed.text("phone")),
        one("E-mail for requests", &some(typed.text("email"))),
        ("Offers".to_owned(), services(typed)),
        ("Invited".to_owned(), invited.collect()),
        one("Has signed", signed),
    ];
    let own = ["step", "form-token", "submission"];
    let fields = typed.pairs().iter().filter(|(name, _)| !own.contains(&name.as_str())).cloned();
    let page =
        CheckOrganisation { chrome: seat.chrome, answers, fields: fields.collect(), submission: desk.key() };
    Ok(answer(StatusCode::OK, &page))
}

async fn sent(desk: &Desk, typed: &Fields) -> Page {
    let people = people(typed).into_iter();
    let invited = people.map(|(email, roles)| create_organisation::NewMemberInput { email, roles });
    let agreement = (typed.text("signed") == "yes").then(|| create_organisation::SignedAgreementInput {
        kind: AgreementKind::DataSharing,
        version: AGREEMENT_VERSION.to_owned(),
        agreed_on: desk.today(),
        ends_on: None,
    });
    let input = create_organisation::CreateOrganisationInput {
        name: typed.text("name").to_owned(),
        kind: typed.code("kind").ok_or(Fault::Internal)?,
        help_phone: typed.text("phone").to_owned(),
        email: typed.some("email"),
        postcode: typed.some("postcode"),
        services: Some(services(typed)),
        people: Some(invited.collect()),
        agreement,
        idempotency_key: typed.some("submission"),
    };
    let acted = desk.act::<CreateOrganisation>(create_organisation::Variables { input }).await?;
    if acted.asks_for_proof() {
        return prove::first(desk, "/admin/organisations/new", typed).await;
    }
    match (acted.refusal, acted.organisation) {
        (Some(said), _) => {
            let fields = [
                ("name", "name"),
                ("postcode", "postcode"),
                ("helpPhone", "phone"),
                ("services", "services"),
                ("people.1", "person-2"),
                ("people.2", "person-3"),
                ("people", "person-1"),
                ("roles", "person-1-role"),
                ("email", "email"),
            ];
            let errors = told(&said, &fields, "name");
            Ok(form(desk, typed, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?)
        }
        (None, Some(made)) => {
            Ok(Address::to(format!("/admin/organisations/{}", made.id)).with("done", "added").see_other())
        }
        (None, None) => Ok(Address::to("/admin/organisations").with("done", "added").see_other()),
    }
}
