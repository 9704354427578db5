//! Joining by application, from outside: nobody is signed in. Looking changes nothing; a press sends, proves an address, or
//! answers. The same page whether a network takes no applications or does not exist.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::{Address, encoded};
use super::admin::told;
use super::desk::Desk;
use super::fields::{Fields, Posted};
use super::stop::Page;
use crate::codes::{ApplicationStage, Code, RefusalCode};
use crate::documents::application::{
    ApplyToJoin, ConfirmApplication, Joinable, OwnApplication as Document, ReplyToQuestion, apply_to_join,
    confirm_application, joinable, own_application, reply_to_question,
};
use crate::documents::{Acted, Refusal as Said};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::joining::{Apply, OwnApplication, Standing};
use crate::pages::notices::Confirmed;
use crate::parts::{Choice, Errors};

fn path_of(slug: &str) -> String {
    format!("/join/{}", encoded(slug))
}

fn link_of(token: &str) -> String {
    format!("/application/{}", encoded(token))
}

async fn network(desk: &Desk, slug: &str) -> Result<joinable::JoinableJoinableNetwork, Fault> {
    let variables = joinable::Variables { network: slug.to_owned() };
    desk.ask::<Joinable>(variables).await?.joinable_network.ok_or(Fault::NotFound)
}

pub async fn show(desk: Desk, slug: web::Path<String>) -> Page {
    Ok(drawn(&desk, &slug, (StatusCode::OK, Errors::default(), &Fields::default())).await?)
}

async fn drawn(
    desk: &Desk,
    slug: &str,
    (status, errors, typed): (StatusCode, Errors, &Fields),
) -> Result<HttpResponse, Fault> {
    let network = network(desk, slug).await?;
    let agrees = format!("We agree to the agreement of {}, version {}", network.name, network.agreement);
    let page = Apply {
        chrome: desk.doorway(),
        errors,
        path: path_of(slug),
        network: network.name,
        help_phone: network.help_phone,
        name: typed.text("name").to_owned(),
        offers: typed.text("offers").to_owned(),
        postcode: typed.text("postcode").to_owned(),
        contact: typed.text("contact").to_owned(),
        email: typed.text("email").to_owned(),
        phone: typed.text("phone").to_owned(),
        // A yes to another version is none.
        agrees: vec![
            Choice::new("yes", agrees)
                .chosen(typed.text("agrees") == "yes" && typed.text("agreement") == network.agreement),
        ],
        agreement: network.agreement,
        submission: desk.key(),
    };
    Ok(answer(status, &page))
}

fn missing(typed: &Fields) -> Errors {
    let mut errors = Errors::default();
    for (field, words) in [
        ("name", "Enter the name of your group"),
        ("offers", "Enter what you offer"),
        ("contact", "Enter your full name"),
        ("email", "Enter your e-mail address"),
        ("phone", "Enter a phone number that people can ask"),
    ] {
        if typed.text(field).is_empty() {
            errors.push(field, words);
        }
    }
    if typed.text("agrees") != "yes" {
        errors.push("agrees", "Say that you agree, or phone us");
    }
    errors
}

pub async fn send(desk: Desk, slug: web::Path<String>, Posted(form): Posted) -> Page {
    let errors = missing(&form);
    if !errors.is_empty() {
        return Ok(drawn(&desk, &slug, (StatusCode::UNPROCESSABLE_ENTITY, errors, &form)).await?);
    }
    let offers = form.text("offers").lines().map(str::trim).filter(|line| !line.is_empty());
    let input = apply_to_join::ApplyToJoinInput {
        network: slug.clone(),
        name: form.text("name").to_owned(),
        offers: offers.map(str::to_owned).collect(),
        postcode: form.some("postcode"),
        contact_name: form.text("contact").to_owned(),
        email: form.text("email").to_owned(),
        phone: form.text("phone").to_owned(),
        agrees: true,
        agreement: form.text("agreement").to_owned(),
        idempotency_key: form.submission("apply"),
    };
    let acted = desk.act::<ApplyToJoin>(apply_to_join::Variables { input }).await?;
    match acted.refusal {
        None => Ok(Address::to(format!("{}/sent", path_of(&slug))).see_other()),
        Some(said) if said.code == RefusalCode::NotFound => Err(Fault::NotFound.into()),
        Some(said) => {
            let fields = [
                ("name", "name"),
                ("offers", "offers"),
                ("postcode", "postcode"),
                ("contactName", "contact"),
                ("email", "email"),
                ("phone", "phone"),
                ("agrees", "agrees"),
                ("agreement", "agrees"),
            ];
            let errors = told(&said, &fields, "name");
            Ok(drawn(&desk, &slug, (StatusCode::UNPROCESSABLE_ENTITY, errors, &form)).await?)
        }
    }
}

pub async fn sent(desk: Desk) -> HttpResponse {
    let page = Confirmed {
        chrome: desk.doorway(),
        heading: "Look for an e-mail from us".to_owned(),
        words: vec![
            "It has a link. Use it, and whoever coordinates the network can read what you wrote.".to_owned(),
            "No e-mail after 10 minutes? Look among unwanted mail, or ask again.".to_owned(),
        ],
        reference: None,
        links: Vec::new(),
    };
    answer(StatusCode::OK, &page)
}

pub async fn open(desk: Desk, token: web::Path<String>) -> Page {
    Ok(opened(&desk, &token, (StatusCode::OK, Errors::default(), "")).await?)
}

async fn opened(
    desk: &Desk,
    token: &str,
    (status, errors, reply): (StatusCode, Errors, &str),
) -> Result<HttpResponse, Fault> {
    let variables = own_application::Variables { token: token.to_owned() };
    let own = desk.ask::<Document>(variables).await?.own_application;
    let standing = match own.stage {
        ApplicationStage::Unconfirmed => Standing::Unconfirmed,
        ApplicationStage::Waiting => Standing::Waiting,
        ApplicationStage::Asked => Standing::Asked { question: own.question.unwrap_or_default() },
        ApplicationStage::Approved => Standing::Approved,
        ApplicationStage::Declined => {
            let reason = own.refusal_reason.map_or("", Code::words);
            Standing::Declined { reason: reason.to_lowercase() }
        }
    };
    let page = OwnApplication {
        chrome: desk.doorway(),
        errors,
        path: link_of(token),
        name: own.name,
        network: own.network_name,
        help_phone: own.help_phone,
        standing,
        reply: reply.to_owned(),
    };
    Ok(answer(status, &page))
}

pub async fn confirm(desk: Desk, token: web::Path<String>) -> Page {
    let variables = confirm_application::Variables { token: token.clone() };
    let acted = desk.act::<ConfirmApplication>(variables).await?;
    pressed(&token, acted)
}

pub async fn reply(desk: Desk, token: web::Path<String>, Posted(form): Posted) -> Page {
    let words = form.text("reply");
    if words.is_empty() {
        let mut errors = Errors::default();
        errors.push("reply", "Write an answer");
        return Ok(opened(&desk, &token, (StatusCode::UNPROCESSABLE_ENTITY, errors, words)).await?);
    }
    let variables = reply_to_question::Variables { token: token.clone(), reply: words.to_owned() };
    let acted = desk.act::<ReplyToQuestion>(variables).await?;
    match &acted.refusal {
        Some(said) if said.code == RefusalCode::InvalidInput => {
            let errors = told(said, &[], "reply");
            Ok(opened(&desk, &token, (StatusCode::UNPROCESSABLE_ENTITY, errors, words)).await?)
        }
        _ => pressed(&token, acted),
    }
}

/// Back to the page, which says how it stands now: also where somebody was quicker.
fn pressed(token: &str, acted: Acted) -> Page {
    match acted.refusal.as_ref().map(|said: &Said| said.code) {
        Some(RefusalCode::NotFound) => Err(Fault::NotFound.into()),
        Some(RefusalCode::TooManyTries) => Err(Fault::Throttled.into()),
        _ => Ok(Address::to(link_of(token)).see_other()),
    }
}
