//! Gives the ticked referrals to one worker, one by one: each is its own write with its own key, and each refusal leaves the
//! others done. A new one is accepted first.
use actix_web::HttpResponse;

use super::address::{Address, on_this_site};
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::inbox::{self, Filled};
use super::stop::Page;
use crate::chrome::Section;
use crate::codes::{Code, ReferralStage, RefusalCode};
use crate::documents::commands::{Accept, Allocate, accept, allocate};
use crate::executor::Fault;
use crate::parts::{Choice, Errors};
use crate::words;

/// A referral as it was on the page: which, which version, which stage.
struct Ticket {
    id: String,
    version: i64,
    stage: ReferralStage,
}

/// The value of a tick box.
pub fn ticket(id: &str, version: i64, stage: ReferralStage) -> String {
    format!("{id}.{version}.{}", stage.code())
}

fn read(text: &str) -> Option<Ticket> {
    let mut parts = text.splitn(3, '.');
    let id = parts.next()?.to_owned();
    let version = parts.next()?.parse().ok()?;
    Some(Ticket { id, version, stage: ReferralStage::parse(parts.next()?)? })
}

pub async fn assign(desk: Desk, Asked(asked): Asked, Posted(form): Posted) -> Page {
    let mut errors = Errors::default();
    let ticked: Vec<String> = form.all("referral").into_iter().map(str::to_owned).collect();
    let tickets: Vec<Ticket> = ticked.iter().filter_map(|text| read(text)).collect();
    let worker = form.text("worker").to_owned();
    if tickets.is_empty() {
        errors.push("referral", "Tick at least one referral");
    }
    if worker.is_empty() {
        errors.push("worker", "Choose who gets them");
    }
    let from = on_this_site(asked.text("from"));
    if !errors.is_empty() {
        return Ok(again(&desk, from, Filled { errors, ticked, worker }).await?);
    }
    let (mut given, mut stuck, mut reason) = (0_u32, 0_u32, None);
    for ticket in tickets {
        match give(&desk, ticket, &worker, form.text("submission")).await? {
            None => given += 1,
            Some(refusal) => {
                stuck += 1;
                reason = Some(refusal);
            }
        }
    }
    let shown = Fields::parse(from.split_once('?').map_or("", |(_, query)| query));
    let back = ["side", "state", "owner", "text"]
        .into_iter()
        .fold(Address::to("/referrals"), |address, name| address.each(name, shown.all(name)));
    let back = back.with("given", given.to_string()).with("to", &worker);
    let back = match reason {
        Some(reason) => back.with("stuck", stuck.to_string()).with("why", reason.code()),
        None => back,
    };
    Ok(back.see_other())
}

async fn again(desk: &Desk, from: &str, filled: Filled) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(Some(Section::Referrals)).await?;
    let members = inbox::members_of(desk, &seat).await?;
    let asked = Fields::parse(from.split_once('?').map_or("", |(_, query)| query));
    inbox::draw(desk, seat, members, &asked, filled).await
}

/// `None` when it was given; otherwise why not.
async fn give(
    desk: &Desk,
    ticket: Ticket,
    worker: &str,
    submission: &str,
) -> Result<Option<RefusalCode>, Fault> {
    let Ticket { id, mut version, stage } = ticket;
    let key = |step: &str| Some(format!("{submission}-{step}-{id}")).filter(|_| !submission.is_empty());
    if stage == ReferralStage::Sent {
        let input =
            accept::ReferralCommandInput { referral_id: id.clone(), version, idempotency_key: key("accept") };
        let acted = desk.act::<Accept>(accept::Variables { input }).await?;
        match (acted.refusal, acted.referral) {
            (None, Some(accepted)) => version = accepted.version,
            (refusal, _) => return Ok(Some(refusal.map_or(RefusalCode::NotFound, |refusal| refusal.code))),
        }
    }
    let input = allocate::AllocateReferralInput {
        referral_id: id.clone(),
        version,
        user_id: worker.to_owned(),
        idempotency_key: key("give"),
    };
    let acted = desk.act::<Allocate>(allocate::Variables { input }).await?;
    Ok(acted.refusal.map(|refusal| refusal.code))
}

/// "3 referrals given to Riz Ahmed. 1 was not: somebody changed it first."
pub fn outcome(asked: &Fields, members: &[Choice]) -> Option<String> {
    let given: u64 = asked.text("given").parse().ok()?;
    let to =
        members.iter().find(|member| member.value == asked.text("to")).map_or("the worker", |m| &m.label);
    let mut said = format!("{} given to {to}.", words::counted(given, "referral", "referrals"));
    if let Ok(stuck) = asked.text("stuck").parse::<u64>() {
        let why = inbox::why(asked.text("why")).to_lowercase();
        said = format!("{said} {} not: {why}.", words::counted(stuck, "was", "were"));
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_reads_back_and_a_forged_one_does_not() {
        let read_back = read(&ticket("ref_1", 7, ReferralStage::Sent)).unwrap();
        assert_eq!((read_back.id.as_str(), read_back.version), ("ref_1", 7));
        assert!(read("ref_1").is_none());
        assert!(read("ref_1.x.SENT").is_none());
    }

    #[test]
    fn the_outcome_says_how_many_and_why_not_all() {
        let members = [Choice::new("usr_1", "Riz Ahmed")];
        let said = outcome(&Fields::parse("given=3&to=usr_1&stuck=1&why=STALE"), &members).unwrap();
        assert_eq!(said, "3 referrals given to Riz Ahmed. 1 was not: somebody changed it first.");
        assert_eq!(outcome(&Fields::parse(""), &members), None);
    }
}
