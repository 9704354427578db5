//! Where else whoever asked could ask, live: what the rules would let through, and the form filled in with what was written
//! before. What is said about somebody stays out of the address: it names the referral, and the form is filled in from there.
use super::address::Address;
use super::desk::Desk;
use super::fields::Fields;
use super::referral::{Referral, load};
use super::seat::Seat;
use super::services::room;
use crate::codes::{Code, ReferralStage};
use crate::documents::services::{Alternatives, alternatives};
use crate::executor::Fault;
use crate::pages::referral::{Elsewhere, OtherService};

type Other = alternatives::AlternativesReferralAlternatives;

/// Nothing for whoever helps, nor while there is still time to answer.
pub async fn of(desk: &Desk, seat: &Seat, referral: &Referral) -> Result<Option<Elsewhere>, Fault> {
    let Some(words) = why(referral) else { return Ok(None) };
    let was_asked = seat.organisation.as_ref().is_some_and(|ours| ours.id == referral.to.id);
    if was_asked || !seat.may("referral.send") || referral.person.is_none() {
        return Ok(None);
    }
    let variables = alternatives::Variables { id: referral.id.clone() };
    let found = desk.ask::<Alternatives>(variables).await?.referral.ok_or(Fault::NotFound)?;
    let services = found.alternatives.into_iter().map(|other| choice(referral, other)).collect();
    Ok(Some(Elsewhere { words, services }))
}

fn why(referral: &Referral) -> Option<String> {
    let stands = "You can ask another service as well. This request stands until you take it back.";
    let words = match referral.stage {
        ReferralStage::Declined => "You can ask another service.".to_owned(),
        ReferralStage::Returned => "You can answer and send it again, or ask another service.".to_owned(),
        ReferralStage::Sent if referral.overdue => format!("There is no answer yet. {stands}"),
        ReferralStage::Waitlisted => format!("They are on a waiting list. {stands}"),
        _ => return None,
    };
    // Beside help that is under way, the form begins with what that help knows.
    let kept =
        if referral.parent.is_none() { " What you wrote is kept; ask them whether they agree." } else { "" };
    Some(words + kept)
}

fn choice(referral: &Referral, other: Other) -> OtherService {
    let href = match &referral.parent {
        Some(parent) => Address::to(format!("/referrals/{}/onward", parent.id)),
        None => Address::to("/refer").with("again", &referral.id),
    };
    OtherService {
        room: room(other.capacity.state, other.capacity.free),
        distance: other.distance_km.map(away),
        href: href.with("service", &other.id).to_string(),
        name: other.name,
        organisation: other.organisation.name,
    }
}

fn away(km: f64) -> String {
    if km < 1.0 { "Less than 1 km away".to_owned() } else { format!("About {km:.0} km away") }
}

/// The form as it was sent before, to another service. Whether they agree is asked again.
pub async fn again(desk: &Desk, id: &str, service: &str) -> Result<Fields, Fault> {
    let before = load(desk, id).await?;
    let person = before.person.ok_or(Fault::NotFound)?.id;
    let mut fields = vec![
        ("person".to_owned(), person),
        ("service".to_owned(), service.to_owned()),
        ("risk".to_owned(), before.risk.code().to_owned()),
        ("feedback".to_owned(), before.feedback.code().to_owned()),
        ("matters".to_owned(), before.what_matters.unwrap_or_default()),
    ];
    fields.extend(before.brief.needs.iter().map(|need| ("need".to_owned(), need.code().to_owned())));
    fields.extend(before.brief.access_needs.iter().map(|need| ("access".to_owned(), need.code().to_owned())));
    Ok(Fields::of(fields))
}
