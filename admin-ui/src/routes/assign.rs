//! Gives the ticked referrals away: shows them once more with to whom they can go, and gives them in one request in which each
//! stands for itself. A new one is accepted first. What became of it can be undone.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::address::on_this_site;
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::seat::Seat;
use super::stop::{Page, not_done};
use super::whom::somebody;
use super::{assigned, inbox, stage, team};
use crate::chrome::Section;
use crate::codes::{Code, ReassignReason, ReferralSide, ReferralStage, RefusalCode, spoken};
use crate::documents::Refusal as Said;
use crate::documents::commands::{Accept, accept};
use crate::documents::inbox::{Inbox as Listed, inbox as listed};
use crate::documents::team::{ReassignMany, SharedOut, reassign_many, shared_out};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::assign::{Assign, Chosen, ShareRow, Shares};
use crate::parts::{Choice, Empty, Errors};
use crate::words;

/// As many as one request takes.
const MOST: usize = 100;

pub type Row = listed::InboxReferralsEdgesNode;

/// A referral as it was on the page: which, which version, which stage, and who gets it where that was settled.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ticket {
    id: String,
    version: i64,
    stage: ReferralStage,
    to: Option<String>,
}

fn ticket(id: &str, version: i64, stage: ReferralStage, to: Option<&str>) -> String {
    let to = to.map(|user| format!(".{user}")).unwrap_or_default();
    format!("{id}.{version}.{}{to}", stage.code())
}

fn read(text: &str) -> Option<Ticket> {
    let mut parts = text.splitn(4, '.');
    let id = parts.next()?.to_owned();
    let version = parts.next()?.parse().ok()?;
    let stage = ReferralStage::parse(parts.next()?)?;
    Some(Ticket { id, version, stage, to: parts.next().map(str::to_owned) })
}

/// Can it be given to somebody, accepted first where it is new?
pub fn can_be_given(stage: ReferralStage) -> bool {
    stage == ReferralStage::Sent || stage::is_under_way(stage)
}

/// The rows of these, as they are now, in the order of the list.
pub async fn rows(desk: &Desk, ids: Vec<String>) -> Result<Vec<Row>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = listed::ReferralFilter {
        side: ReferralSide::Received,
        stages: None,
        unassigned: None,
        reference: None,
        ids: Some(ids),
    };
    let variables = listed::Variables { filter, first: 100, after: None };
    let list = desk.ask::<Listed>(variables).await?.referrals;
    Ok(list.edges.into_iter().map(|edge| edge.node).collect())
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    Ok(draw(&desk, &asked, Errors::default()).await?)
}

async fn draw(desk: &Desk, asked: &Fields, errors: Errors) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(Some(Section::Referrals)).await?;
    let members = inbox::members_of(desk, &seat).await?;
    if members.is_empty() {
        return Err(Fault::Forbidden);
    }
    let mut ids: Vec<String> = asked.all("referral").into_iter().map(str::to_owned).collect();
    ids.truncate(MOST);
    let mut rows = rows(desk, ids).await?;
    rows.sort_by_key(|row| (row.due_at, row.reference.clone()));
    let carrying = team::carrying(desk, &seat).await?;
    let shares = shares(desk, asked, &rows, &carrying).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(answer(status, &page(desk, seat, asked, (members, carrying), (rows, shares, errors))))
}

fn page(
    desk: &Desk,
    seat: Seat,
    asked: &Fields,
    (members, carrying): (Vec<Choice>, Vec<Choice>),
    (rows, shares, errors): (Vec<Row>, Option<Shares>, Errors),
) -> Assign {
    let workers = if carrying.is_empty() { members } else { carrying.clone() };
    let workers = [Choice::new("", "Choose a person")].into_iter().chain(workers).collect();
    let held = rows.iter().any(|row| row.worker_id.is_some());
    let why = [Choice::new("", "Choose a reason")].into_iter().chain(ReassignReason::choices(&[])).collect();
    let over: Vec<String> = asked.all("over").into_iter().map(str::to_owned).collect();
    let from = on_this_site(asked.text("from")).to_owned();
    Assign {
        errors,
        heading: format!("Give {} to somebody", words::counted(count(rows.len()), "referral", "referrals")),
        workers: Choice::pick(workers, &[asked.text("worker").to_owned()]),
        reasons: if held { Choice::pick(why, &[asked.text("reason").to_owned()]) } else { Vec::new() },
        over: if carrying.len() > 1 { Choice::pick(carrying, &over) } else { Vec::new() },
        shares,
        submission: desk.key(),
        empty: rows.is_empty().then(|| Empty {
            why: "Nothing was ticked that could be given to somebody.".to_owned(),
            href: Some(from.clone()),
            action: "Back to the list".to_owned(),
        }),
        chosen: rows.into_iter().map(|row| chosen(desk, row)).collect(),
        from,
        chrome: seat.chrome,
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

fn chosen(desk: &Desk, row: Row) -> Chosen {
    let given = can_be_given(row.stage);
    Chosen {
        ticket: if given { ticket(&row.id, row.version, row.stage, None) } else { String::new() },
        href: format!("/referrals/{}", row.id),
        id: row.id,
        who: row.person_name.unwrap_or_else(|| somebody(row.age_band)),
        reference: row.reference,
        needs: spoken(&row.needs),
        due: row.due_at.map(|at| words::due(words::local_day(at), desk.today())),
        late: row.overdue,
        owner: row.worker_name.or_else(|| row.worker_id.map(|_| "Somebody who has left".to_owned())),
        state: stage::tag(row.stage),
    }
}

/// How those that somebody can be given at once would be shared out over the workers named in the address.
async fn shares(
    desk: &Desk,
    asked: &Fields,
    rows: &[Row],
    carrying: &[Choice],
) -> Result<Option<Shares>, Fault> {
    let known = |user: &&str| carrying.iter().any(|choice| choice.value == **user);
    let workers: Vec<String> = asked.all("over").into_iter().filter(known).map(str::to_owned).collect();
    if workers.is_empty() || rows.is_empty() {
        return Ok(None);
    }
    let referrals = rows.iter().map(|row| row.id.clone()).collect();
    let spread = desk.ask::<SharedOut>(shared_out::Variables { referrals, workers }).await?.spread;
    let stage = |id: &str| rows.iter().find(|row| row.id == id).map(|row| row.stage);
    let tickets: Vec<String> = spread
        .moves
        .iter()
        .filter_map(|one| {
            Some(ticket(&one.referral_id, one.version, stage(&one.referral_id)?, Some(&one.user_id)))
        })
        .collect();
    let share = |share: shared_out::SharedOutSpreadShares| ShareRow {
        name: share.name,
        gets: share.gets,
        before: share.weight_before,
        after: share.weight_after,
    };
    Ok(Some(Shares {
        left_out: rows.len().saturating_sub(tickets.len()),
        rows: spread.shares.into_iter().map(share).collect(),
        tickets,
    }))
}

pub async fn confirm(desk: Desk, Posted(form): Posted) -> Page {
    let tickets: Vec<Ticket> = form.all("move").into_iter().filter_map(read).take(MOST).collect();
    let shared = tickets.iter().any(|ticket| ticket.to.is_some());
    if !shared && form.text("worker").is_empty() {
        return Ok(again(&desk, &form, &tickets, ("worker", "Choose who gets them")).await?);
    }
    let from = on_this_site(form.text("from"));
    let Ready { moves, accepted, mut not_given } = ready(&desk, &form, &tickets).await?;
    let why = if shared { "share-reason" } else { "reason" };
    let mut given = Vec::new();
    if !moves.is_empty() {
        let (reason, idempotency_key) = (form.code::<ReassignReason>(why), form.some("submission"));
        let input = reassign_many::ReassignReferralsInput { moves, reason, idempotency_key };
        let answer = desk.ask::<ReassignMany>(reassign_many::Variables { input }).await?.reassign_referrals;
        if let (true, Some(said)) = (answer.outcomes.is_empty(), answer.refusal) {
            return not_done(&desk, Some(Section::Referrals), spoken_by(said), (from, "Back to the list"))
                .await;
        }
        for outcome in answer.outcomes {
            match outcome.refusal {
                None => given.push(outcome.referral_id),
                Some(refusal) => not_given.push((outcome.referral_id, refusal.code)),
            }
        }
    }
    let unsaid = |(_, refusal): &(String, RefusalCode)| *refusal == RefusalCode::ReasonNeeded;
    if given.is_empty() && !not_given.is_empty() && not_given.iter().all(unsaid) {
        return Ok(again(&desk, &form, &tickets, (why, "Choose why they go to somebody else")).await?);
    }
    let there = assigned::address("ok", &given, &not_given, from);
    Ok(there.maybe("new", if accepted { "yes" } else { "" }).see_other())
}

fn spoken_by(said: reassign_many::ReassignManyReassignReferralsRefusal) -> Said {
    Said { code: said.code, message: said.message, next: said.next, field: said.field }
}

/// What can be moved now that the new ones have been accepted, and what could not be accepted.
struct Ready {
    moves: Vec<reassign_many::MoveInput>,
    accepted: bool,
    not_given: Vec<(String, RefusalCode)>,
}

async fn ready(desk: &Desk, form: &Fields, tickets: &[Ticket]) -> Result<Ready, Fault> {
    let mut ready = Ready { moves: Vec::new(), accepted: false, not_given: Vec::new() };
    for Ticket { id, version, stage, to } in tickets.iter().cloned() {
        let new = stage == ReferralStage::Sent;
        if new && let Some(refusal) = accepts(desk, &id, version, form.text("submission")).await? {
            ready.not_given.push((id, refusal));
            continue;
        }
        ready.accepted |= new;
        // Accepting counts the version up once: what is asked is the same when it is asked again.
        let version = if new { version + 1 } else { version };
        let user_id = to.unwrap_or_else(|| form.text("worker").to_owned());
        ready.moves.push(reassign_many::MoveInput { referral_id: id, version, user_id });
    }
    Ok(ready)
}

/// `None` when it was accepted; otherwise why not.
async fn accepts(
    desk: &Desk,
    id: &str,
    version: i64,
    submission: &str,
) -> Result<Option<RefusalCode>, Fault> {
    let key = Some(format!("{submission}-accept-{id}")).filter(|_| !submission.is_empty());
    let input = accept::ReferralCommandInput { referral_id: id.to_owned(), version, idempotency_key: key };
    let acted = desk.act::<Accept>(accept::Variables { input }).await?;
    Ok(acted.refusal.map(|refusal| refusal.code))
}

/// The page once more, with what was missing.
async fn again(
    desk: &Desk,
    form: &Fields,
    tickets: &[Ticket],
    (field, message): (&str, &str),
) -> Result<HttpResponse, Fault> {
    let mut errors = Errors::default();
    errors.push(field, message);
    let mut asked: Vec<(String, String)> =
        tickets.iter().map(|ticket| ("referral".to_owned(), ticket.id.clone())).collect();
    let over: std::collections::BTreeSet<&String> = tickets.iter().filter_map(|t| t.to.as_ref()).collect();
    asked.extend(over.into_iter().map(|user| ("over".to_owned(), user.clone())));
    for kept in ["from", "worker", "reason"] {
        asked.push((kept.to_owned(), form.text(kept).to_owned()));
    }
    draw(desk, &Fields::of(asked), errors).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_reads_back_and_a_forged_one_does_not() {
        let read_back = read(&ticket("ref_1", 7, ReferralStage::Sent, None)).unwrap();
        assert_eq!((read_back.id.as_str(), read_back.version, read_back.to), ("ref_1", 7, None));
        let settled = read(&ticket("ref_1", 7, ReferralStage::OnHold, Some("usr_2"))).unwrap();
        assert_eq!((settled.stage, settled.to.as_deref()), (ReferralStage::OnHold, Some("usr_2")));
        assert!(read("ref_1").is_none());
        assert!(read("ref_1.x.SENT").is_none());
    }
}
