//! The record of an act, from its events to one statement: events, audit entries, tasks, links and messages.
//! The statement is a text, so that it can travel with the end of its transaction as one message: no commit can come
//! before its record.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use trellis_domain::access_review::{AccessReviewEvent, AccessReviewFact};
use trellis_domain::audit::{AuditResult, Event, ReadEntry};
use trellis_domain::kernel::{
    Actor, AuditId, EventId, LinkId, MessageId, OpContext, OrganisationId, TaskId, TypedId, WorkingCalendar,
};
use trellis_domain::message::{Notice, Template, plan};
use trellis_domain::policy::{Action, Authorised, Denied};
use uuid::Uuid;

/// What was done, by which permits.
pub(crate) struct Written<'a> {
    pub(crate) authorised: &'a [Authorised],
    pub(crate) events: &'a [Event],
    pub(crate) reads: &'a [(ReadEntry, Vec<Uuid>)],
}

/// A provider's link is good for as long as the request may wait for an answer.
const LINK_LASTS: SignedDuration = SignedDuration::from_hours(24 * 28);
/// Working days until a task is due.
const TASK_DAYS: u16 = 1;

/// The statement that keeps what was done.
pub(crate) fn write(op: &OpContext, calendar: &WorkingCalendar, written: &Written<'_>) -> String {
    let mut audit: Vec<Value> = written.authorised.iter().map(|authorised| done(op, authorised)).collect();
    audit.extend(written.reads.iter().map(|(entry, persons)| read(op, entry, persons)));
    let events: Vec<Value> = written.events.iter().map(|event| event_row(op, event)).collect();
    let mut document = json!({ "events": events, "audit": audit });
    let due = calendar.after(op.now(), TASK_DAYS);
    for event in written.events {
        for notice in plan(event, op) {
            add_notice(&mut document, op, event, &notice, due);
        }
    }
    statement(&document)
}

/// The statement that keeps what was looked at.
pub(crate) fn reads(op: &OpContext, reads: &[(ReadEntry, Vec<Uuid>)]) -> String {
    let audit: Vec<Value> = reads.iter().map(|(entry, persons)| read(op, entry, persons)).collect();
    statement(&json!({ "events": [], "audit": audit }))
}

/// The statement that keeps what was refused.
pub(crate) fn denial(op: &OpContext, denied: &Denied) -> String {
    let entry = audit_row(op, (denied.action, denied.kind, denied.subject), None, AuditResult::Refused);
    statement(&json!({ "events": [], "audit": [entry] }))
}

/// The organisations whose lists may look different now.
pub(crate) fn touched(op: &OpContext, events: &[Event]) -> Vec<OrganisationId> {
    let mut all: Vec<OrganisationId> =
        events.iter().flat_map(Event::audience).chain(op.organisation()).collect();
    all.sort();
    all.dedup();
    all
}

/// See the migration `record`. In an `E''` string a backslash and a quote are doubled whatever the server's settings
/// are; JSON text has no zero byte, which is all else that such a string could not hold.
fn statement(document: &Value) -> String {
    let text = document.to_string().replace('\\', r"\\").replace('\'', "''");
    format!("SELECT record_write(E'{text}')")
}

fn actor(op: &OpContext) -> (&'static str, Option<Uuid>, Option<Uuid>) {
    match op.actor() {
        Actor::User { user, membership } => ("user", Some(user.uuid()), Some(membership.uuid())),
        Actor::Link { link } => ("link", Some(link.uuid()), None),
        Actor::Invitee { invitation } => ("invitee", Some(invitation.uuid()), None),
        Actor::Applicant { application } => ("applicant", Some(application.uuid()), None),
        Actor::Job { .. } => ("job", None, None),
    }
}

fn done(op: &OpContext, authorised: &Authorised) -> Value {
    let about = (authorised.action(), authorised.kind(), authorised.subject());
    audit_row(op, about, authorised.person(), AuditResult::Done)
}

fn read(op: &OpContext, entry: &ReadEntry, persons: &[Uuid]) -> Value {
    let mut row = audit_row(op, (entry.action, entry.kind, entry.subject), entry.person, AuditResult::Read);
    if !persons.is_empty()
        && let Some(members) = row.as_object_mut()
    {
        members.insert("person_ids".into(), json!(persons));
    }
    row
}

fn audit_row(
    op: &OpContext,
    (action, kind, subject): (Action, &'static str, Uuid),
    person: Option<Uuid>,
    result: AuditResult,
) -> Value {
    let (actor_kind, actor_id, membership_id) = actor(op);
    json!({
        "audit_id": op.new_id::<AuditId>().uuid(),
        "at": op.now(),
        "actor_kind": actor_kind,
        "actor_id": actor_id,
        "membership_id": membership_id,
        "request_id": op.request().uuid(),
        "action": action.code(),
        "kind": kind,
        "subject_id": subject,
        "person_id": person,
        "result": result.code(),
    })
}

fn event_row(op: &OpContext, event: &Event) -> Value {
    let (actor_kind, actor_id, _) = actor(op);
    let facts = match event {
        Event::Referral(referral) => serde_json::to_value(&referral.fact).unwrap_or_default(),
        Event::Decision(decision) => serde_json::to_value(&decision.fact).unwrap_or_default(),
        Event::AccessReview(AccessReviewEvent { fact: AccessReviewFact::Exported { rows }, .. }) => {
            json!({ "rows": rows })
        }
        Event::Plan(plan) => json!({ "version": plan.version }),
        _ => json!({}),
    };
    json!({
        "event_id": op.new_id::<EventId>().uuid(),
        "at": op.now(),
        "name": event.name(),
        "kind": event.kind(),
        "subject_id": event.subject(),
        "referral_id": event.referral(),
        "person_id": event.person().map(TypedId::uuid),
        "audience": event.audience(),
        "actor_kind": actor_kind,
        "actor_id": actor_id,
        "reason": event.reason(),
        "facts": facts,
    })
}

fn add_notice(document: &mut Value, op: &OpContext, event: &Event, notice: &Notice, due: Timestamp) {
    match notice {
        Notice::Over { kinds, referral } => push(
            document,
            "over",
            json!({
                "referral_id": referral,
                "kinds": kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>(),
                "at": op.now(),
                "done_by": op.user(),
            }),
        ),
        Notice::Task { kind, organisation, user, referral } => push(
            document,
            "tasks",
            json!({
                "task_id": op.new_id::<TaskId>().uuid(),
                "organisation_id": organisation,
                "user_id": user,
                "kind": kind.code(),
                "referral_id": referral,
                "created_at": op.now(),
                "due_at": due,
            }),
        ),
        Notice::Mail { template, organisation, user, about } => {
            let referral = about.referral();
            let asks = matches!(template, Template::RequestToProvider | Template::RequestReminder);
            let link = asks.then(|| op.new_id::<LinkId>());
            if let Some(link) = link {
                push(
                    document,
                    "links",
                    json!({
                        "link_id": link, "organisation_id": organisation, "referral_id": referral,
                        "created_at": op.now(), "expires_at": op.now() + LINK_LASTS,
                    }),
                );
            }
            push(
                document,
                "messages",
                json!({
                    "message_id": op.new_id::<MessageId>().uuid(),
                    "organisation_id": organisation,
                    "user_id": user,
                    "template": template.code(),
                    "referral_id": referral,
                    "subject_id": about.subject(),
                    "person_id": event.person().map(TypedId::uuid),
                    "link_id": link,
                    "created_at": op.now(),
                }),
            );
        }
    }
}

fn push(document: &mut Value, list: &str, row: Value) {
    if let Some(members) = document.as_object_mut()
        && let Some(rows) = members.entry(list).or_insert_with(|| json!([])).as_array_mut()
    {
        rows.push(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_record_ends_its_string() {
        let said = statement(&json!({ "reason": "O'Brien's \\ \"way\"" }));
        assert_eq!(said, r#"SELECT record_write(E'{"reason":"O''Brien''s \\\\ \\"way\\""}')"#);
    }
}
