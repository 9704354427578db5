//! Offer a place to somebody who waited: the first in the queue, unless a reason is given.

use jiff::Timestamp;

use super::accept::{recipient, sharing};
use super::rules::{Target, due, load};
use super::transfer::let_go;
use super::{
    Command, NotPossible, OutOfTurnReason, Referral, ReferralError, ReferralEvent, ReferralFact,
    ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::consent::{ActiveDecision, DecisionReads, Purpose};
use crate::directory::{Place, Room, ServiceWrites};
use crate::kernel::{OpContext, Recorded};
use crate::person::PersonWrites;
use crate::policy::Action;
use crate::tenancy::{Calendars, OrganisationReads};

#[derive(Debug, Clone, Copy)]
pub struct OfferPlace {
    pub target: Target,
    /// Why this person comes before somebody who has waited longer. Remembered only where somebody has.
    pub out_of_turn: Option<OutOfTurnReason>,
}

impl Referral {
    pub fn offer_place(
        self,
        _decision: &ActiveDecision<'_>,
        (_place, out_of_turn): (&Place, Option<OutOfTurnReason>),
        contact_by: Timestamp,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        match self.stage {
            Stage::Waitlisted { .. } => {
                let fact = ReferralFact::PlaceOffered { out_of_turn };
                Ok(self.enter(Stage::Accepted { worker: None, contact_by }, now, fact))
            }
            _ => Err(self.not_possible(Command::OfferPlace)),
        }
    }
}

pub fn offer_place<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: OfferPlace,
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + DecisionReads + ServiceWrites + PersonWrites + OrganisationReads + Calendars + ?Sized,
{
    let referral = load(tx, op, cmd.target)?;
    let permit = op.authorize(Action::OfferPlace, &referral)?;
    if !matches!(referral.stage, Stage::Waitlisted { .. }) {
        return Err(referral.not_possible(Command::OfferPlace).into());
    }
    let (access, decided) = sharing(tx, op, &referral)?;
    let decision = decided.active_for(Purpose::Referral, recipient(tx, &referral)?, op.now())?;
    let mut service = tx.lock_service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let is_next = tx.first_waiting(service.id)? == Some(referral.id);
    if !is_next && cmd.out_of_turn.is_none() {
        return Err(ReferralError::NotFirstInQueue);
    }
    let out_of_turn = cmd.out_of_turn.filter(|_| !is_next);
    let Room::Place(place) = service.capacity.take_from_queue() else { return Err(ReferralError::NoPlace) };
    tx.save_places_taken(&service)?;
    tx.open_access(&access)?;
    let_go(tx, &referral, "taken up elsewhere")?;
    let contact_by = due(tx.calendar(), op, service.targets.contact_days);
    let (accepted, event) = referral.offer_place(&decision, (&place, out_of_turn), contact_by, op.now())?;
    let saved = tx.save_referral(&accepted)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
