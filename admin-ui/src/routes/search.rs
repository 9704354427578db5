//! The header's search, live: people and referrals that the asker may see.
use actix_web::http::StatusCode;

use super::desk::Desk;
use super::fields::Asked;
use super::seat::Seat;
use super::stop::Page;
use super::whom::somebody;
use super::{people, stage};
use crate::codes::ReferralSide;
use crate::documents::inbox::{Inbox, inbox};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::search::{Found, Search};
use crate::words;

const MOST: i64 = 10;

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let mut seat = desk.seat(None).await?;
    let text = asked.text("q").to_owned();
    let people = if text.is_empty() || !seat.may("person.search") {
        Vec::new()
    } else {
        people::search(&desk, &text).await?.into_iter().map(|person| found(&seat, person)).collect()
    };
    let referrals = referrals(&desk, &seat, &text).await?;
    seat.chrome.search = Some(text.clone());
    let in_emergency = seat.may("emergency.open");
    Ok(answer(StatusCode::OK, &Search { chrome: seat.chrome, asked: text, people, referrals, in_emergency }))
}

fn found(seat: &Seat, person: people::Found) -> Found {
    let born = person.birth_date.map_or_else(|| "not known here".to_owned(), |born| words::date(born).words);
    let postcode = person.postcode.unwrap_or_else(|| "no postcode".to_owned());
    // A referrer refers; whoever may see the record opens it.
    let opens = seat.may("person.view_record") || seat.may("caseload.list");
    let href = if opens { format!("/people/{}", person.id) } else { format!("/refer?person={}", person.id) };
    Found { name: person.name, href, words: format!("Born {born}, {postcode}"), state: None }
}

/// By reference, on both sides.
async fn referrals(desk: &Desk, seat: &Seat, text: &str) -> Result<Vec<Found>, Fault> {
    let mut all = Vec::new();
    if text.is_empty() || !seat.may("referral.list") {
        return Ok(all);
    }
    for side in [ReferralSide::Received, ReferralSide::SentByUs] {
        let filter = inbox::ReferralFilter {
            side,
            stages: None,
            unassigned: None,
            reference: Some(text.to_owned()),
            ids: None,
        };
        let list = match desk.ask::<Inbox>(inbox::Variables { filter, first: MOST, after: None }).await {
            // What is no reference matches none.
            Err(Fault::BadInput(_)) => continue,
            list => list?.referrals,
        };
        all.extend(list.edges.into_iter().map(|edge| edge.node).map(|referral| Found {
            name: format!("Referral {}", referral.reference),
            href: format!("/referrals/{}", referral.id),
            words: format!(
                "{}, {}",
                referral.person_name.unwrap_or_else(|| somebody(referral.age_band)),
                referral.service_name
            ),
            state: Some(stage::tag(referral.stage)),
        }));
    }
    Ok(all)
}
