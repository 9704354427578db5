//! What happened to a referral, newest first, in words. The audience of each event is the database's business;
//! what the person keeps from whoever asked is left out here.

use std::collections::HashMap;

use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::contact::ContactResult;
use trellis_domain::kernel::{StoreError, TypedId};
use trellis_domain::person::Channel;
use trellis_domain::referral::{
    AgainReason, CancelReason, DeclineReason, EndReason, FeedbackChoice, HoldReason, OutOfTurnReason,
    Outcome, ReassignReason, Referral, ReopenReason, ReturnReason, TransferReason, WithdrawnBy,
};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::time::instant;
use super::super::tx::PgTx;
use super::listed::coded;
use super::views::timeline_entries as t;

/// One line of a referral's story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    pub at: Timestamp,
    pub name: String,
    pub words: String,
    pub organisation_name: Option<String>,
    pub actor_name: Option<String>,
    pub reason: Option<&'static str>,
}

/// What whoever asked hears even when the person lets them hear nothing: what they did, and what they have to act on.
const ASKS_THE_SENDER: &[&str] =
    &["referral.drafted", "referral.sent", "referral.returned", "referral.declined", "referral.cancelled"];

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    referral_id: Uuid,
    at: Stored,
    name: String,
    reason: Option<String>,
    organisation_id: Option<Uuid>,
    organisation_name: Option<String>,
    actor_name: Option<String>,
    contact_channel: Option<String>,
    contact_result: Option<String>,
    contact_minutes: Option<i16>,
    contact_taken_back: bool,
    from_worker_name: Option<String>,
    to_worker_name: Option<String>,
}

/// All the lines that several stories together may take: more than any page shows.
const MOST_OF_ALL: i64 = 1_000;

impl<M> PgTx<'_, M> {
    pub fn timeline(&mut self, referral: &Referral, most: u16) -> Result<Vec<TimelineEntry>, StoreError> {
        let hears = referral.hears(self.op().organisation());
        let mut query = t::table
            .filter(t::network_id.eq(self.network_uuid()))
            .filter(t::referral_id.eq(referral.id.uuid()))
            .into_boxed();
        if hears == FeedbackChoice::Nothing {
            query = query.filter(t::name.eq_any(ASKS_THE_SENDER));
        }
        let rows: Vec<Row> = query
            .order((t::at.desc(), t::event_id.desc()))
            .limit(i64::from(most))
            .select(Row::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        self.story(rows, hears)
    }

    /// The stories of several referrals in one statement, in the order of the referrals.
    pub fn timelines(
        &mut self,
        referrals: &[Referral],
        most: u16,
    ) -> Result<Vec<Vec<TimelineEntry>>, StoreError> {
        let ids: Vec<Uuid> = referrals.iter().map(|referral| referral.id.uuid()).collect();
        let rows: Vec<Row> = t::table
            .filter(t::network_id.eq(self.network_uuid()))
            .filter(t::referral_id.eq_any(ids))
            .order((t::at.desc(), t::event_id.desc()))
            .limit(MOST_OF_ALL)
            .select(Row::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        let mut by_referral: HashMap<Uuid, Vec<Row>> = HashMap::new();
        for row in rows {
            by_referral.entry(row.referral_id).or_default().push(row);
        }
        let story = |referral: &Referral| {
            let hears = referral.hears(self.op().organisation());
            let mut rows = by_referral.remove(&referral.id.uuid()).unwrap_or_default();
            rows.retain(|row| hears != FeedbackChoice::Nothing || asks_the_sender(&row.name));
            rows.truncate(usize::from(most));
            self.story(rows, hears)
        };
        referrals.iter().map(story).collect()
    }

    fn story(&self, rows: Vec<Row>, hears: FeedbackChoice) -> Result<Vec<TimelineEntry>, StoreError> {
        let own = self.organisation_uuid();
        let mut entries: Vec<TimelineEntry> =
            rows.into_iter().map(|row| entry(row, hears, own)).collect::<Result<_, _>>()?;
        // Drafted and sent at one instant, on one page: the draft came first all the same.
        entries.sort_by_key(|entry| (std::cmp::Reverse(entry.at), entry.name == "referral.drafted"));
        Ok(entries)
    }
}

fn asks_the_sender(name: &str) -> bool {
    ASKS_THE_SENDER.contains(&name)
}

fn entry(row: Row, hears: FeedbackChoice, own: Uuid) -> Result<TimelineEntry, StoreError> {
    let all = hears == FeedbackChoice::All;
    let ours = row.organisation_id == Some(own);
    let reason = row.reason.as_deref().and_then(|code| reason_words(&row.name, code));
    let contact = row.contact_channel.as_deref().zip(row.contact_result.as_deref());
    let words = match contact {
        Some((channel, result)) => {
            let channel = coded("contacts", "channel", channel, Channel::from_code)?;
            let result = coded("contacts", "result", result, ContactResult::from_code)?;
            let said = contact_words(channel, result, row.contact_minutes.unwrap_or_default());
            match (row.name.as_str(), row.contact_taken_back) {
                ("contact.taken_back", _) => format!("Took back a contact: {said}"),
                (_, true) => format!("{said} (taken back)"),
                (_, false) => said,
            }
        }
        // Who has it is the business of whoever helps, and of whoever hears all of it.
        None if all || ours => moved_words(&row).unwrap_or_else(|| event_words(&row.name).to_owned()),
        None => event_words(&row.name).to_owned(),
    };
    Ok(TimelineEntry {
        at: instant(row.at),
        words,
        organisation_name: row.organisation_name,
        actor_name: row.actor_name.filter(|_| all || ours),
        reason: reason.filter(|_| all || asks_the_sender(&row.name)),
        name: row.name,
    })
}

/// "Riz Ahmed to Sara Novak". Names of colleagues also after they have left; none where the database shows none.
fn moved_words(row: &Row) -> Option<String> {
    let (from, to) = (row.from_worker_name.as_deref(), row.to_worker_name.as_deref());
    match (row.name.as_str(), from, to) {
        ("referral.allocated", _, Some(to)) => Some(format!("Given to {to}")),
        ("referral.reassigned", Some(from), Some(to)) => Some(format!("{from} to {to}")),
        ("referral.allocation_undone", Some(from), Some(to)) => Some(format!("Undone: {from} back to {to}")),
        ("referral.allocation_undone", Some(from), None) => Some(format!("Undone: not given to {from}")),
        _ => None,
    }
}

fn contact_words(channel: Channel, result: ContactResult, minutes: i16) -> String {
    let (channel, result) = (channel.words(), result.words().to_lowercase());
    match minutes {
        0 => format!("{channel}: {result}"),
        1 => format!("{channel}: {result}, 1 minute"),
        _ => format!("{channel}: {result}, {minutes} minutes"),
    }
}

fn event_words(name: &str) -> &'static str {
    match name {
        "referral.drafted" => "Drafted",
        "referral.sent" => "Sent",
        "referral.accepted" => "Accepted",
        "referral.waitlisted" => "Put on the waiting list",
        "referral.place_offered" => "Offered a place",
        "referral.returned" => "Sent back",
        "referral.declined" => "Declined",
        "referral.allocated" => "Given to a worker",
        "referral.reassigned" => "Given to another worker",
        "referral.allocation_undone" => "Undone: who has it",
        "referral.start_undone" => "The start was taken back",
        "referral.risk_acknowledged" => "Risk acknowledged",
        "referral.started" => "Started",
        "referral.held" => "Put on hold",
        "referral.resumed" => "Resumed",
        "referral.completed" => "Finished",
        "referral.ended" => "Ended early",
        "referral.withdrawn" => "Withdrawn",
        "referral.cancelled" => "Cancelled",
        "referral.transferred" => "Passed to another service",
        "referral.reopened" => "Reopened",
        "referral.asker_closed" => "Whoever asked has closed",
        "referral.reminded" => "Overdue: a reminder was sent",
        "referral.lead_told" => "Still overdue: the team lead was told",
        "referral.unanswered" => "Not taken up yet: whoever asked was told",
        "referral.went_along" => "Went with the person's record to whoever keeps it now",
        "contact.logged" => "Contact",
        "contact.taken_back" => "A contact was taken back",
        "sharing.ended" => "Sharing was withdrawn",
        _ => "Changed",
    }
}

fn reason_words(name: &str, code: &str) -> Option<&'static str> {
    match name {
        "referral.drafted" => AgainReason::from_code(code).map(AgainReason::words),
        "referral.place_offered" => OutOfTurnReason::from_code(code).map(OutOfTurnReason::words),
        "referral.reassigned" => ReassignReason::from_code(code).map(ReassignReason::words),
        "referral.returned" => ReturnReason::from_code(code).map(ReturnReason::words),
        "referral.declined" => DeclineReason::from_code(code).map(DeclineReason::words),
        "referral.held" => HoldReason::from_code(code).map(HoldReason::words),
        "referral.completed" => Outcome::from_code(code).map(Outcome::words),
        "referral.ended" => EndReason::from_code(code).map(EndReason::words),
        "referral.withdrawn" => WithdrawnBy::from_code(code).map(WithdrawnBy::words),
        "referral.cancelled" => CancelReason::from_code(code).map(CancelReason::words),
        "referral.transferred" => TransferReason::from_code(code).map(TransferReason::words),
        "referral.reopened" => ReopenReason::from_code(code).map(ReopenReason::words),
        _ => None,
    }
}
