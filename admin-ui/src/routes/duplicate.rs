//! Somebody who is about to be referred may be on record already, or asked for already: the two interruptions that keep one
//! person from standing twice in a list. Everything typed travels along, and nothing has been sent.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::desk::Desk;
use super::fields::Fields;
use super::refer_form::{self, Draft};
use crate::chrome::Section;
use crate::codes::{AgainReason, Code, ReferralStage};
use crate::documents::people::{KnownPerson, PossibleMatches, known_person, possible_matches};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::refer::{AskedBefore, Match, PossibleDuplicate};
use crate::parts::{Errors, When};
use crate::words;

type Found = possible_matches::PossibleMatchesPossibleMatches;
type Referral = possible_matches::PossibleMatchesPossibleMatchesPersonReferrals;

/// Asks whether they are one of those who look like them.
pub async fn is_it_them(
    desk: &Desk,
    form: &Fields,
    draft: Draft,
    errors: Errors,
) -> Result<HttpResponse, Fault> {
    let identity = refer_form::identity(form, draft).ok_or(Fault::Internal)?;
    let variables = possible_matches::Variables { identity };
    let found = desk.ask::<PossibleMatches>(variables).await?.possible_matches;
    let seat = desk.seat(Some(Section::Referrals)).await?;
    let ours = ["same-person", "not-same", "submission", "form-token"];
    let kept = form.pairs().iter().filter(|(name, _)| !ours.contains(&name.as_str())).cloned();
    let looked_at = found.iter().map(|other| ("not-same".to_owned(), other.person.id.clone()));
    let page = PossibleDuplicate {
        errors,
        name: format!("{} {}", form.text("first-name"), form.text("last-name")),
        kept: kept.chain(looked_at).chain([("submission".to_owned(), desk.key())]).collect(),
        matches: found.into_iter().map(matched).collect(),
        chrome: seat.chrome,
    };
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn matched(found: Found) -> Match {
    let unknown = || When { iso: String::new(), words: "not known here".to_owned() };
    let open: Vec<String> = found.person.referrals.iter().filter_map(open_words).collect();
    let state = if open.is_empty() { "No open referral".to_owned() } else { open.join("; ") };
    Match {
        id: found.person.id,
        name: found.person.name,
        born: found.person.identity.birth_date.map_or_else(unknown, words::date),
        postcode: found.person.identity.postcode.unwrap_or_else(|| "no postcode".to_owned()),
        state: format!("{}. {state}", found.in_common_words),
    }
}

fn open_words(referral: &Referral) -> Option<String> {
    let worker = referral.worker.as_ref().map(|worker| worker.name.as_str());
    referral.due_at.map(|_| {
        let since = words::date(words::local_day(referral.stage_since)).words;
        standing((referral.stage, &since), (&referral.service.name, &referral.to.name), worker)
    })
}

/// "Accepted since 3 November 2026: Link workers, North Vale Community Links, with Riz Ahmed".
fn standing(
    (stage, since): (ReferralStage, &str),
    (service, organisation): (&str, &str),
    worker: Option<&str>,
) -> String {
    let with = worker.map(|name| format!(", with {name}")).unwrap_or_default();
    format!("{} since {since}: {service}, {organisation}{with}", stage.words())
}

/// What the same service was asked for the same person already, with the reasons to ask once more.
pub async fn asked_before(desk: &Desk, form: &Fields, person: String) -> Result<Option<AskedBefore>, Fault> {
    let variables = known_person::Variables { id: person };
    let known = desk.ask::<KnownPerson>(variables).await?.person.ok_or(Fault::NotFound)?;
    let service = form.text("service");
    let open = known.referrals.iter().find(|asked| asked.due_at.is_some() && asked.service.id == service);
    Ok(open.map(|asked| {
        let since = words::date(words::local_day(asked.stage_since)).words;
        let worker = asked.worker.as_ref().map(|worker| worker.name.as_str());
        AskedBefore {
            href: format!("/referrals/{}", asked.id),
            words: standing((asked.stage, &since), (&asked.service.name, &asked.to.name), worker),
            reasons: AgainReason::choices(form.code("again").as_slice()),
        }
    }))
}
