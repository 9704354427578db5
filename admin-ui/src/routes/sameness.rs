//! Is somebody on record twice? What is shown of it on a person's page, the answer, and taking it back.
use actix_web::http::StatusCode;
use actix_web::web;

use super::act::spoken_refusal;
use super::address::Address;
use super::desk::Desk;
use super::fields::Posted;
use super::seat::Seat;
use super::stop::Page;
use crate::chrome::Section;
use crate::codes::{Code, RefusalCode, SamenessVerdict};
use crate::documents::people::{
    DecideSameness, TakeBackSameness, decide_sameness, one_person, take_back_sameness,
};
use crate::documents::{Acted, Refusal as Said};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::notices::Refused;
use crate::pages::sameness::{AlsoOnRecord, MaybeSame, Sameness};
use crate::parts::Refusal;
use crate::words;

type Person = one_person::OnePersonPerson;
type Maybe = one_person::OnePersonPersonPossibleMatches;
type Also = one_person::OnePersonPersonSameAs;

pub fn of(desk: &Desk, seat: &Seat, person: &Person) -> Sameness {
    Sameness {
        maybe: person.possible_matches.iter().map(maybe).collect(),
        also: person.same_as.iter().filter_map(also).collect(),
        decides: seat.may("person.decide_same"),
        submission: desk.key(),
    }
}

fn maybe(found: &Maybe) -> MaybeSame {
    let other = &found.person;
    let born = other.identity.birth_date.map(|born| format!("born {}", words::date(born).words));
    let postcode = other.identity.postcode.clone();
    let details: Vec<String> = born.into_iter().chain(postcode).collect();
    let open = other.referrals.iter().filter(|referral| referral.due_at.is_some());
    let open = open.map(|referral| {
        let worker = referral.worker.as_ref().map(|worker| worker.name.as_str());
        working(&referral.service.name, referral.stage.words(), worker)
    });
    MaybeSame {
        id: other.id.clone(),
        name: other.name.clone(),
        details: details.join(", "),
        why: format!("{}. Kept by {}.", found.in_common_words, other.custodian.name),
        open: open.collect(),
    }
}

fn also(found: &Also) -> Option<AlsoOnRecord> {
    let other = found.person.as_ref()?;
    let open = other.referrals.iter().filter(|referral| referral.due_at.is_some());
    let open = open.map(|referral| {
        let worker = referral.worker.as_ref().map(|worker| worker.name.as_str());
        working(&referral.service.name, referral.stage.words(), worker)
    });
    Some(AlsoOnRecord {
        match_id: found.id.clone(),
        href: format!("/people/{}", other.id),
        name: other.name.clone(),
        custodian: other.custodian.name.clone(),
        decided: words::date(words::local_day(found.decided_at)),
        open: open.collect(),
    })
}

/// "Link workers: active, with Riz Ahmed".
fn working(service: &str, stage: &str, worker: Option<&str>) -> String {
    let with = worker.map(|name| format!(", with {name}")).unwrap_or_default();
    format!("{service}: {}{with}", stage.to_lowercase())
}

pub async fn decide(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let person_id = id.into_inner();
    let verdict: SamenessVerdict =
        form.code("verdict").ok_or_else(|| Fault::BadInput("choose an answer".to_owned()))?;
    let input = decide_sameness::DecideSamenessInput {
        person_id: person_id.clone(),
        other_person_id: form.text("other").to_owned(),
        verdict,
        idempotency_key: form.submission(verdict.code()),
    };
    let acted = desk.act::<DecideSameness>(decide_sameness::Variables { input }).await?;
    let done = if verdict == SamenessVerdict::Same { "found-same" } else { "found-different" };
    landed(&desk, &person_id, acted, done).await
}

pub async fn take_back(desk: Desk, path: web::Path<(String, String)>, Posted(form): Posted) -> Page {
    let (person, match_id) = path.into_inner();
    let input =
        take_back_sameness::TakeBackSamenessInput { match_id, idempotency_key: form.submission("back") };
    let acted = desk.act::<TakeBackSameness>(take_back_sameness::Variables { input }).await?;
    landed(&desk, &person, acted, "sameness-taken-back").await
}

async fn landed(desk: &Desk, person: &str, acted: Acted, done: &str) -> Page {
    match acted.refusal {
        None => Ok(Address::to(format!("/people/{person}")).with("done", done).see_other()),
        Some(Said { code: RefusalCode::NotFound, .. }) => Err(Fault::NotFound.into()),
        Some(said) => {
            let seat = desk.seat(Some(Section::People)).await?;
            let refusal = spoken_refusal(&said, &seat.chrome.help.phone);
            let refusal = Refusal {
                link: Some(("Back to the record".to_owned(), format!("/people/{person}"))),
                ..refusal
            };
            let page = Refused { heading: "That was not done".to_owned(), refusal, chrome: seat.chrome };
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
