//! Screen 2, live: a provider answers from an e-mail. Looking spends nothing; only a press answers. The name is shown on a
//! device that was verified by a code, and nowhere else: the proof is a cookie that scripts cannot read.
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::{Address, encoded};
use super::desk::Desk;
use super::fields::{Asked, Posted};
use super::stop::Page;
use crate::chrome::Chrome;
use crate::codes::{Code as _, DeclineReason, OfferAnswer, OfferedRequestState, RefusalCode};
use crate::documents::Acted;
use crate::documents::respond::{
    AnswerOffer, OfferedRequest, VerifyDevice, answer_offer, offered_request, verify_device,
};
use crate::executor::{DEVICE_COOKIE, Fault};
use crate::pages::answer;
use crate::pages::respond::{Ask, Code, Contact, Done, Outcome, Outline};
use crate::parts::Errors;
use crate::words;

/// A device stays known for half a year; the server ends it earlier when it wants.
const DEVICE_DAYS: i64 = 180;

type Offered = offered_request::OfferedRequestOfferedRequest;

async fn look(desk: &Desk, token: &str) -> Result<Offered, Fault> {
    let variables =
        offered_request::Variables { token: token.to_owned(), device: desk.visitor.device.clone() };
    Ok(desk.ask::<OfferedRequest>(variables).await?.offered_request)
}

fn path_of(token: &str) -> String {
    format!("/r/{}", encoded(token))
}

/// The provider's own help line where it is known.
fn doorway(desk: &Desk, offered: &Offered) -> Chrome {
    let mut chrome = desk.doorway();
    if !offered.help_phone.is_empty() {
        offered.help_phone.clone_into(&mut chrome.help.phone);
    }
    chrome
}

pub async fn show(desk: Desk, token: web::Path<String>) -> Page {
    Ok(match look(&desk, &token).await {
        Ok(offered) => drawn(&desk, &token, offered, (Errors::default(), false)),
        Err(Fault::NotFound | Fault::BadInput(_)) => {
            ended(desk.doorway(), &token, Outcome::NoSuchLink, StatusCode::NOT_FOUND)
        }
        Err(fault) => return Err(fault.into()),
    })
}

/// What there is to see now: the request, the way to the person, or why neither.
fn drawn(desk: &Desk, token: &str, offered: Offered, (errors, declining): (Errors, bool)) -> HttpResponse {
    let chrome = doorway(desk, &offered);
    let outcome = match offered.state {
        OfferedRequestState::Open => None,
        OfferedRequestState::Accepted => Some(Outcome::AlreadyAccepted),
        OfferedRequestState::Waitlisted => Some(Outcome::Waitlisted),
        OfferedRequestState::Declined => Some(Outcome::Declined),
        OfferedRequestState::Gone => Some(Outcome::Withdrawn),
        OfferedRequestState::Expired => Some(Outcome::Expired),
    };
    let outline = outline(&offered);
    match (outcome, offered.contact) {
        (_, Some(person)) => answer(StatusCode::OK, &contact(chrome, person, outline)),
        (Some(outcome), None) => ended(chrome, token, outcome, StatusCode::OK),
        (None, None) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let page = Ask {
                chrome,
                errors,
                path: path_of(token),
                outline,
                places: None,
                reasons: DeclineReason::choices(&[]),
                note: None,
                declining,
            };
            answer(status, &page)
        }
    }
}

fn outline(offered: &Offered) -> Outline {
    let brief = offered.brief.as_ref();
    let words =
        |codes: Option<Vec<&'static str>>| codes.unwrap_or_default().into_iter().map(str::to_owned).collect();
    Outline {
        asked_by: None,
        service: format!("{}, {}", offered.service_name, offered.provider_name),
        looking_for: words(brief.map(|brief| brief.needs.iter().map(|need| need.words()).collect())),
        age_band: brief.map_or("not known", |brief| brief.age_band.words()).to_owned(),
        area: brief.and_then(|brief| brief.area.clone()).unwrap_or_else(|| "Not known".to_owned()),
        access: words(brief.map(|brief| brief.access_needs.iter().map(|need| need.words()).collect())),
        reply_by: offered.reply_by.map(|at| words::weekday_date(words::local_day(at))),
    }
}

fn contact(
    chrome: Chrome,
    person: offered_request::OfferedRequestOfferedRequestContact,
    outline: Outline,
) -> Contact {
    let mut reach = vec![person.reach_by.words().to_owned()];
    reach.extend(person.safe_times);
    if person.no_voicemail {
        reach.push("Do not leave a message".to_owned());
    }
    if person.format != crate::codes::InformationFormat::Standard {
        reach.push(format!("Send things in {}", person.format.words()));
    }
    Contact {
        chrome,
        name: person.name,
        reference: person.reference,
        reach,
        phone: person.phone,
        email: None,
        address: person.address,
        risk: super::stage::risk(person.risk),
        matters: person.what_matters,
        outline: Some(outline),
        shared: None,
        link_worker: None,
    }
}

fn ended(chrome: Chrome, token: &str, outcome: Outcome, status: StatusCode) -> HttpResponse {
    // A new code is the same answer again; a new link is asked for by phone.
    let again = (outcome == Outcome::AlreadyAccepted).then(|| format!("{}/code/again", path_of(token)));
    answer(status, &Done { chrome, again, outcome, when: None })
}

pub async fn reply(desk: Desk, token: web::Path<String>, Posted(form): Posted) -> Page {
    let token = token.into_inner();
    let reason: Option<DeclineReason> = form.code("reason");
    let said = match form.text("answer") {
        "no" => OfferAnswer::Decline,
        _ => OfferAnswer::Accept,
    };
    if said == OfferAnswer::Decline && reason.is_none() {
        let mut errors = Errors::default();
        errors.push("reason", "Choose the main reason");
        let offered = look(&desk, &token).await?;
        return Ok(drawn(&desk, &token, offered, (errors, true)));
    }
    let acted = answered(&desk, &token, said, reason).await?;
    Ok(after(&desk, &token, acted)?)
}

/// A new code for a request that was accepted: the same answer again.
pub async fn code_again(desk: Desk, token: web::Path<String>) -> Page {
    let acted = answered(&desk, &token, OfferAnswer::Accept, None).await?;
    Ok(after(&desk, &token, acted)?)
}

async fn answered(
    desk: &Desk,
    token: &str,
    said: OfferAnswer,
    reason: Option<DeclineReason>,
) -> Result<Acted, Fault> {
    let reason = reason.filter(|_| said == OfferAnswer::Decline);
    let input = answer_offer::AnswerOfferInput { token: token.to_owned(), answer: said, reason };
    desk.act::<AnswerOffer>(answer_offer::Variables { input }).await
}

/// To the page that says how it stands now; a refresh of it answers nothing.
fn after(desk: &Desk, token: &str, acted: Acted) -> Result<HttpResponse, Fault> {
    if acted.code_sent {
        return Ok(Address::to(format!("{}/code", path_of(token))).see_other());
    }
    match acted.refusal.map(|refusal| refusal.code) {
        None | Some(RefusalCode::LinkSpent | RefusalCode::LinkExpired | RefusalCode::NotInThisStage) => {
            Ok(Address::to(path_of(token)).see_other())
        }
        Some(RefusalCode::TooManyTries) => Err(Fault::Throttled),
        Some(_) => Ok(ended(desk.doorway(), token, Outcome::NoSuchLink, StatusCode::NOT_FOUND)),
    }
}

pub async fn ask_code(desk: Desk, token: web::Path<String>, Asked(_): Asked) -> Page {
    let offered = look(&desk, &token).await?;
    if offered.state != OfferedRequestState::Accepted || offered.contact.is_some() {
        return Ok(Address::to(path_of(&token)).see_other());
    }
    Ok(code_drawn(&desk, &token, &offered, (StatusCode::OK, Errors::default())))
}

pub async fn verify(desk: Desk, token: web::Path<String>, Posted(form): Posted) -> Page {
    let token = token.into_inner();
    let digits: String = form.text("code").chars().filter(char::is_ascii_digit).collect();
    let mut errors = Errors::default();
    if digits.is_empty() {
        errors.push("code", "Enter the 6 digits from the newest e-mail");
        return Ok(code_page(&desk, &token, errors).await?);
    }
    let input = verify_device::VerifyDeviceInput { token: token.clone(), code: digits };
    let acted = desk.act::<VerifyDevice>(verify_device::Variables { input }).await?;
    if let Some(device) = acted.device {
        let mut response = Address::to(path_of(&token)).see_other();
        response.add_cookie(&remembered(&desk, device)).map_err(|_| Fault::Internal)?;
        return Ok(response);
    }
    let words = match acted.refusal.map(|refusal| refusal.code) {
        Some(RefusalCode::TooManyTries) => "There were too many tries. Ask for a new code, or phone us",
        _ => "That is not the newest code. Look for the newest e-mail, or ask for a new code",
    };
    errors.push("code", words);
    Ok(code_page(&desk, &token, errors).await?)
}

async fn code_page(desk: &Desk, token: &str, errors: Errors) -> Result<HttpResponse, Fault> {
    let offered = look(desk, token).await?;
    Ok(code_drawn(desk, token, &offered, (StatusCode::UNPROCESSABLE_ENTITY, errors)))
}

fn code_drawn(
    desk: &Desk,
    token: &str,
    offered: &Offered,
    (status, errors): (StatusCode, Errors),
) -> HttpResponse {
    let path = path_of(token);
    let page = Code {
        chrome: doorway(desk, offered),
        errors,
        again: Some(format!("{path}/code/again")),
        path,
        sent_to: "your group’s own e-mail address".to_owned(),
    };
    answer(status, &page)
}

fn remembered(desk: &Desk, device: String) -> Cookie<'static> {
    Cookie::build(DEVICE_COOKIE, device)
        .path("/r")
        .http_only(true)
        .secure(desk.house().secure)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(DEVICE_DAYS))
        .finish()
}
