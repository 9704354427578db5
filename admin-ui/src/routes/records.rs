//! Handing records over: the offers of either side, making one, taking it back, and answering.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::Address;
use super::admin::{Corner, told};
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Fields, Posted};
use super::prove;
use super::stop::Page;
use crate::codes::{Code, CustodyDecline, CustodyReason, CustodyStage, OfferAnswer, RefusalCode};
use crate::documents::custody::{
    AnswerCustodyOffer, Custody, OfferCustody, WithdrawCustodyOffer, answer_custody_offer, custody,
    offer_custody, withdraw_custody_offer,
};
use crate::documents::{Acted, Refusal as Said};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::records::{OfferForm, OfferRow, Records};
use crate::parts::{Choice, Errors, Tag, Tone};
use crate::words;

type Offer = custody::CustodyCustodyOffers;

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    Ok(drawn(&desk, &asked, (StatusCode::OK, Errors::default())).await?)
}

async fn drawn(
    desk: &Desk,
    typed: &Fields,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Fault> {
    let mut seat = desk.office(Some(Corner::Records)).await?;
    if !seat.may("custody.list") {
        return Err(Fault::Forbidden);
    }
    seat.chrome.notice = done_words(typed.text("done"));
    let found = desk.ask::<Custody>(custody::Variables).await?.custody;
    let no_form = why_not(&found);
    let receivers = found.receivers.into_iter().map(|one| Choice::new(one.id, one.name)).collect();
    let page = Records {
        chrome: seat.chrome,
        errors,
        submission: desk.key(),
        people: people(found.people),
        form: no_form.is_empty().then(|| OfferForm {
            receivers: Choice::pick(receivers, &[typed.text("receiver").to_owned()]),
            reasons: CustodyReason::choices(typed.code("reason").as_slice()),
        }),
        no_form: no_form.to_owned(),
        offers: found.offers.into_iter().map(|offer| row(desk, offer)).collect(),
    };
    Ok(answer(status, &page))
}

fn people(count: i64) -> String {
    words::counted(u64::try_from(count).unwrap_or_default(), "person", "people")
}

/// Why nothing can be offered now; empty when it can.
fn why_not(found: &custody::CustodyCustody) -> &'static str {
    let open = |offer: &Offer| matches!(offer.stage, CustodyStage::Offered | CustodyStage::Moving);
    if found.offers.iter().any(|offer| offer.made && open(offer)) {
        "Your records are offered already."
    } else if found.offers.iter().any(|offer| offer.stage == CustodyStage::Moving) {
        "Records are on their way to you. You can offer yours when all of them have come."
    } else if found.people == 0 {
        "There is nobody to hand over."
    } else if found.receivers.is_empty() {
        "No other organisation can answer for records yet: it needs a privacy officer, and somebody who registers people."
    } else {
        ""
    }
}

fn row(desk: &Desk, offer: Offer) -> OfferRow {
    let tone = match offer.stage {
        CustodyStage::Offered => Tone::Waiting,
        CustodyStage::Moving => Tone::Going,
        CustodyStage::Moved => Tone::Good,
        CustodyStage::Withdrawn | CustodyStage::Declined => Tone::Over,
    };
    OfferRow {
        heading: if offer.made {
            format!("Offered to {}", offer.to_name)
        } else {
            format!("Offered to you by {}", offer.from_name)
        },
        state: Tag::new(offer.stage.words(), tone),
        words: spoken(&offer),
        withdrawable: offer.withdrawable,
        declines: if offer.answerable { CustodyDecline::choices(&[]) } else { Vec::new() },
        from: offer.from_name,
        submission: desk.key(),
        id: offer.id,
    }
}

fn spoken(offer: &Offer) -> Vec<String> {
    let reason = offer.reason.words();
    let mut all = vec![format!(
        "The records of {}, offered {}. Why: {}.",
        people(offer.people),
        words::moment(offer.offered_at).words,
        reason.to_lowercase()
    )];
    if let Some(why) = offer.declined {
        all.push(format!("Declined because: {}.", why.words().to_lowercase()));
    }
    match offer.stage {
        CustodyStage::Offered if offer.left != offer.people => {
            all.push(format!("By now it is about {}.", people(offer.left)));
        }
        CustodyStage::Moving => {
            let (moved, left) = (people(offer.moved), people(offer.left));
            all.push(format!("{moved} handed over, {left} still to go."));
        }
        CustodyStage::Moved => all.push(format!("{} handed over. Nobody is left.", people(offer.moved))),
        _ => {}
    }
    if offer.held > 0 {
        let who = if offer.made { "you have" } else { "whoever offers them has" };
        all.push(format!(
            "{} of them can go over only when {who} seen to something: an emergency opening to review, a referral that is not sent yet or came back, or somebody to tell.",
            offer.held
        ));
    }
    all
}

pub async fn offer(desk: Desk, Posted(form): Posted) -> Page {
    let mut errors = Errors::default();
    if form.text("receiver").is_empty() {
        errors.push("receiver", "Choose who is to answer for them");
    }
    let Some(reason) = form.code::<CustodyReason>("reason").filter(|_| errors.is_empty()) else {
        if form.code::<CustodyReason>("reason").is_none() {
            errors.push("reason", "Say why");
        }
        return again(&desk, &form, errors).await;
    };
    let input = offer_custody::OfferCustodyInput {
        organisation_id: form.text("receiver").to_owned(),
        reason,
        idempotency_key: form.submission("offer"),
    };
    let acted = desk.act::<OfferCustody>(offer_custody::Variables { input }).await?;
    done(&desk, &form, acted, ("/records", "records-offered")).await
}

pub async fn withdraw(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = withdraw_custody_offer::WithdrawCustodyOfferInput {
        offer_id: id.clone(),
        idempotency_key: form.submission("withdraw"),
    };
    let acted = desk.act::<WithdrawCustodyOffer>(withdraw_custody_offer::Variables { input }).await?;
    done(&desk, &form, acted, (&format!("/records/{id}/withdraw"), "records-withdrawn")).await
}

pub async fn reply(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let field = format!("reason-{id}");
    let given: OfferAnswer =
        form.code("answer").ok_or_else(|| Fault::BadInput("neither accepted nor declined".to_owned()))?;
    let reason = form.code::<CustodyDecline>(&field).filter(|_| given == OfferAnswer::Decline);
    if given == OfferAnswer::Decline && reason.is_none() {
        let mut errors = Errors::default();
        errors.push(&field, "Say why you decline");
        return again(&desk, &form, errors).await;
    }
    let code = if given == OfferAnswer::Accept { "records-accepted" } else { "records-declined" };
    let input = answer_custody_offer::AnswerCustodyOfferInput {
        offer_id: id.clone(),
        answer: given,
        reason,
        idempotency_key: form.submission("answer"),
    };
    let acted = desk.act::<AnswerCustodyOffer>(answer_custody_offer::Variables { input }).await?;
    done(&desk, &form, acted, (&format!("/records/{id}/answer"), code)).await
}

async fn again(desk: &Desk, form: &Fields, errors: Errors) -> Page {
    Ok(drawn(desk, form, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?)
}

async fn done(desk: &Desk, form: &Fields, acted: Acted, (here, code): (&str, &str)) -> Page {
    if acted.asks_for_proof() {
        return prove::first(desk, here, form).await;
    }
    let Some(said) = acted.refusal else {
        return Ok(Address::to("/records").with("done", code).see_other());
    };
    again(desk, form, beside(&said)?).await
}

/// An offer that is not there, or not for us, is no page; everything else is said on it.
fn beside(said: &Said) -> Result<Errors, Fault> {
    if said.code == RefusalCode::NotFound && said.field.as_deref() == Some("offerId") {
        return Err(Fault::NotFound);
    }
    Ok(told(said, &[("organisationId", "receiver"), ("reason", "reason")], "receiver"))
}
