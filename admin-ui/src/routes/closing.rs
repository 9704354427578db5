//! Screen 21, closing an organisation, live: what it would do with one successor or another, doing it, and naming somebody who
//! takes what is left.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::Address;
use super::admin::told;
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::organisations::people;
use super::prove;
use super::stop::Page;
use crate::codes::RefusalCode;
use crate::documents::staff::{
    CloseOrganisation as Close, ClosingOrganisation, NameSuccessor, close_organisation, closing_organisation,
    managed_organisations, name_successor, one_organisation,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::closing::{CloseOrganisation, WindingUp};
use crate::parts::{Choice, Errors};
use crate::words;

type Outlook = closing_organisation::ClosingOrganisationManagedOrganisationClosingOutlook;

pub async fn show(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    Ok(drawn(&desk, &id, asked.text("successor"), (StatusCode::OK, Errors::default())).await?)
}

async fn drawn(
    desk: &Desk,
    id: &str,
    successor: &str,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Fault> {
    let seat = desk.office(None).await?;
    if !seat.may("organisation.close") {
        return Err(Fault::Forbidden);
    }
    let picked = Some(successor.to_owned()).filter(|id| !id.is_empty());
    let variables = closing_organisation::Variables { id: id.to_owned(), successor: picked };
    let found = desk.ask::<ClosingOrganisation>(variables).await?.managed_organisation;
    let found = found.filter(|found| found.closed_at.is_none()).ok_or(Fault::NotFound)?;
    let outlook = found.closing_outlook.ok_or(Fault::Forbidden)?;
    let known = found.possible_successors.into_iter().map(|one| Choice::new(one.id, one.name));
    let known: Vec<Choice> = known.collect();
    let heir = known.iter().find(|one| one.value == successor).map(|one| one.label.clone());
    let successors = std::iter::once(Choice::new("", "Nobody")).chain(known).collect();
    let page = CloseOrganisation {
        chrome: seat.chrome,
        errors,
        submission: desk.key(),
        records: records(&outlook, &found.organisation.name),
        id: found.id,
        name: found.organisation.name,
        successors: Choice::pick(successors, &[successor.to_owned()]),
        successor: successor.to_owned(),
        takes_over: heir.map_or_else(|| "nobody takes over".to_owned(), |name| format!("{name} takes over")),
        in_the_way: in_the_way(&outlook),
        outlook: spoken(&outlook),
        people: people(found.member_count, found.open_invitation_count),
    };
    Ok(answer(status, &page))
}

fn said(count: i64, one: &str, many: &str) -> Option<String> {
    (count > 0).then(|| words::counted(u64::try_from(count).unwrap_or(0), one, many))
}

/// What has to be settled first, a sentence each.
fn in_the_way(outlook: &Outlook) -> Vec<String> {
    let all = [
        said(
            outlook.people,
            "person's record is answered for by it. Nobody else would see to what this person asks.",
            "people's records are answered for by it. Nobody else would see to what these people ask.",
        ),
        said(
            outlook.coming,
            "organisation is handing its people's records over to it.",
            "organisations are handing their people's records over to it.",
        ),
        said(
            outlook.emergencies,
            "emergency opening of these records is not reviewed.",
            "emergency openings of these records are not reviewed.",
        ),
        said(
            outlook.unanswered,
            "referral came back to it, and waits for an answer or for somebody else to be found.",
            "referrals came back to it, and wait for an answer or for somebody else to be found.",
        ),
        said(
            outlook.only_here,
            "open referral is known to it alone, and nothing lets anybody else know of it.",
            "open referrals are known to it alone, and nothing lets anybody else know of them.",
        ),
    ];
    all.into_iter().flatten().collect()
}

/// Whom to ask about the records, and how far they are with it. Empty: it answers for nobody.
fn records(outlook: &Outlook, name: &str) -> Vec<String> {
    if outlook.people == 0 {
        return Vec::new();
    }
    let asked = format!(
        "Records have to be handed over first. A privacy officer of {name} does this under “Hand over records”, and one of the \
         organisation that is to answer for them has to agree."
    );
    let far = match (&outlook.custody_to, outlook.custody_moving) {
        (Some(to), true) => format!("They are being handed over to {}.", to.name),
        (Some(to), false) => format!("They are offered to {}, which has not answered yet.", to.name),
        (None, _) => "They are offered to nobody yet.".to_owned(),
    };
    vec![asked, far]
}

fn spoken(outlook: &Outlook) -> Vec<String> {
    let all = [
        said(
            outlook.passed_on,
            "open referral at most goes to the successor as a new request: the person agreed to it, and a service has to take it.",
            "open referrals at most go to the successor as new requests: the people agreed to it, and a service has to take them.",
        ),
        said(
            outlook.sent_back,
            "open referral goes back to whoever asked, with the task to find somebody else.",
            "open referrals go back to whoever asked, with the task to find somebody else.",
        ),
        said(
            outlook.left_with_others,
            "open referral that it asked for stays with whoever has it. They are told that nobody is there to ask.",
            "open referrals that it asked for stay with whoever has them. They are told that nobody is there to ask.",
        ),
        said(outlook.dropped, "referral that it has not sent ends.", "referrals that it has not sent end."),
    ];
    all.into_iter().flatten().collect()
}

/// One form: it shows what would happen, or does what was shown last.
pub async fn close(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let chosen = form.text("successor");
    if form.text("do") != "close" {
        return Ok(Address::to(format!("/admin/organisations/{id}/close"))
            .maybe("successor", chosen)
            .see_other());
    }
    if chosen != form.text("shown") {
        let mut errors = Errors::default();
        errors.push("successor", "You chose another successor. Read what would happen now, then close");
        return Ok(drawn(&desk, &id, chosen, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?);
    }
    let input = close_organisation::CloseOrganisationInput {
        organisation_id: id.clone(),
        successor_id: form.some("successor"),
        idempotency_key: form.submission("close"),
    };
    let acted = desk.act::<Close>(close_organisation::Variables { input }).await?;
    if acted.asks_for_proof() {
        return prove::first(&desk, &format!("/admin/organisations/{id}/close"), &form).await;
    }
    let Some(refused) = acted.refusal else {
        return Ok(Address::to(format!("/admin/organisations/{id}")).with("done", "closed").see_other());
    };
    // What is in the way stands on the page already.
    let errors = match refused.code {
        RefusalCode::StillNeeded => Errors::default(),
        _ => told(&refused, &[("successorId", "successor")], "successor"),
    };
    Ok(drawn(&desk, &id, form.text("successor"), (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?)
}

pub async fn succeed(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = name_successor::NameSuccessorInput {
        organisation_id: id.clone(),
        successor_id: form.text("successor").to_owned(),
        idempotency_key: form.submission("successor"),
    };
    let acted = desk.act::<NameSuccessor>(name_successor::Variables { input }).await?;
    if acted.asks_for_proof() {
        return prove::first(&desk, &format!("/admin/organisations/{id}/successor"), &form).await;
    }
    match acted.refusal {
        None => Ok(Address::to(format!("/admin/organisations/{id}")).with("done", "successor").see_other()),
        Some(refused) => {
            let errors = told(&refused, &[("successorId", "successor")], "successor");
            Ok(super::organisations::again(&desk, &id, errors, &form).await?)
        }
    }
}

/// One that has closed, and where somebody waits.
pub fn left_over(
    found: managed_organisations::ManagedOrganisationsWaitingClosings,
) -> Option<(String, String)> {
    let waiting =
        said(found.waiting, "referral needs another successor", "referrals need another successor")?;
    let organisation = found.organisation;
    Some((format!("{}: {waiting}", organisation.name), format!("/admin/organisations/{}", organisation.id)))
}

/// What is left of one that has closed.
pub fn winding_up(
    found: &one_organisation::OneOrganisationManagedOrganisation,
    typed: &Fields,
) -> Option<WindingUp> {
    let closing = found.closing.as_ref()?;
    // What the worker could not settle is to be passed on as far as the person's decision goes: it is counted there, too.
    let refused = (closing.waiting - closing.left.unanswered - closing.left.only_here).max(0);
    let going = (closing.left.passed_on + closing.left.sent_back + closing.left.dropped - refused).max(0);
    let left = [
        said(
            going,
            "referral is being passed on or sent back. This can take some minutes.",
            "referrals are being passed on or sent back. This can take some minutes.",
        ),
        said(
            refused,
            "referral could not be passed on: no service of the successor takes it.",
            "referrals could not be passed on: no service of the successor takes them.",
        ),
        said(
            closing.left.unanswered,
            "referral came back while it closed, and waits for somebody else to be found.",
            "referrals came back while it closed, and wait for somebody else to be found.",
        ),
        said(
            closing.left.only_here,
            "referral is known to it alone: nothing lets anybody else know of it.",
            "referrals are known to it alone: nothing lets anybody else know of them.",
        ),
    ];
    let known = found.possible_successors.iter().map(|one| Choice::new(&one.id, &one.name));
    Some(WindingUp {
        successor: closing.successor.as_ref().map(|one| one.name.clone()),
        finished: closing.finished_at.is_some(),
        left: left.into_iter().flatten().collect(),
        successors: Choice::pick(known.collect(), &[typed.text("successor").to_owned()]),
    })
}
