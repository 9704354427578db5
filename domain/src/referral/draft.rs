//! Draft: a request with the minimum set of fields (W2). Nothing is shared yet.

use super::codes::{AgainReason, FeedbackChoice, Risk, Route};
use super::referral::{Receiver, Sender};
use super::rules::due;
use super::{Brief, Parent, Reference, Referral, ReferralError, ReferralFact, ReferralWrites, Stage};
use crate::audit::Event;
use crate::directory::ServiceReads;
use crate::kernel::{OpContext, PersonId, Prose, Recorded, ReferralId, ServiceId, TypedId};
use crate::person::PersonReads;
use crate::policy::{Action, Denied};
use crate::tenancy::Calendars;

#[derive(Debug, Clone)]
pub struct Draft {
    pub person: PersonId,
    pub service: ServiceId,
    pub route: Route,
    pub brief: Brief,
    pub feedback: FeedbackChoice,
    pub risk: Risk,
    /// What matters to the person, in their words.
    pub note: Option<Prose>,
    pub parent: Option<Parent>,
    pub origin: Option<ReferralId>,
    /// Who asked at first, of something that is passed on.
    pub asker: Option<Sender>,
    /// Why it is asked for although it was before.
    pub again: Option<AgainReason>,
}

/// Working days until a draft that nobody sends is brought up again.
const DRAFT_DAYS: u16 = 5;

pub fn draft<S>(tx: &mut S, op: &OpContext, cmd: Draft) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + PersonReads + ServiceReads + Calendars + ?Sized,
{
    let person = tx.person(cmd.person)?.ok_or(ReferralError::PersonNotFound)?;
    let service = tx.service(cmd.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let permit = op.authorize(Action::DraftReferral, &person)?;
    let denied = Denied::by_role(Action::DraftReferral, "referral", person.id.uuid());
    let sender = Sender { organisation: op.organisation().ok_or(denied)?, user: op.user() };
    let again = match cmd.origin {
        Some(_) => None,
        None => once_more(tx, op, (person.id, service.id), cmd.again)?,
    };
    let id: ReferralId = op.new_id();
    let referral = Referral {
        id,
        reference: free_reference(tx, op)?,
        person: person.id,
        from: sender,
        to: Receiver { organisation: service.organisation, service: service.id },
        parent: cmd.parent,
        origin: cmd.origin,
        asker: cmd.asker,
        decision: None,
        route: cmd.route,
        brief: cmd.brief,
        feedback: cmd.feedback,
        risk: cmd.risk,
        risk_acknowledged: None,
        drafted_at: op.now(),
        sent_at: None,
        version: 1,
        stage_since: op.now(),
        next_step: None,
        stage: Stage::Draft { due: due(tx.calendar(), op, DRAFT_DAYS) },
    };
    tx.insert_referral(&referral, cmd.note.as_ref())?;
    let event = Event::Referral(referral.event(ReferralFact::Drafted { again }));
    Ok(Recorded::new(permit, referral, [event]))
}

/// The reason, where one is needed: something is open as far as whoever asks hears. Who is to hear nothing does not learn by
/// this that it was answered.
fn once_more<S>(
    tx: &mut S,
    op: &OpContext,
    (person, service): (PersonId, ServiceId),
    reason: Option<AgainReason>,
) -> Result<Option<AgainReason>, ReferralError>
where
    S: ReferralWrites + ?Sized,
{
    tx.ask_in_turn(person)?;
    let asked = tx.asked_for(person, service)?;
    let Some(open) = asked.iter().find(|asked| asked.standing_for(op.organisation()).stage.is_open()) else {
        return Ok(None);
    };
    reason.map(Some).ok_or(ReferralError::AskedAlready(open.id))
}

/// 729 million references in a network: a clash is rare, and drawn again.
pub(super) fn free_reference<S: ReferralWrites + ?Sized>(
    tx: &mut S,
    op: &OpContext,
) -> Result<Reference, ReferralError> {
    for _ in 0..8 {
        let drawn = Reference::from_random(op.new_id::<ReferralId>().uuid().as_u128());
        if tx.reference_is_free(&drawn)? {
            return Ok(drawn);
        }
    }
    Err(crate::kernel::StoreError::Conflict.into())
}
