//! Accept: takes a place under lock, or joins the waiting list when there is none. Opens what the person agreed to share.

use jiff::Timestamp;

use super::rules::{Target, due, load};
use super::transfer::let_go;
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::consent::{ActiveDecision, DecisionReads, NoActiveDecision, Purpose};
use crate::directory::{NotAdmitted, Place, Room, ServiceWrites};
use crate::kernel::{OpContext, Recorded};
use crate::person::{AccessBasis, AccessLevel, PersonAccess, PersonWrites};
use crate::policy::Action;
use crate::tenancy::{Calendars, OrganisationReads};

impl Referral {
    pub fn accept(
        self,
        _decision: &ActiveDecision<'_>,
        _place: &Place,
        contact_by: Timestamp,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        match self.stage {
            Stage::Sent { .. } => {
                Ok(self.enter(Stage::Accepted { worker: None, contact_by }, now, ReferralFact::Accepted))
            }
            _ => Err(self.not_possible(Command::Accept)),
        }
    }
}

pub fn accept<S>(tx: &mut S, op: &OpContext, target: Target) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + DecisionReads + ServiceWrites + PersonWrites + OrganisationReads + Calendars + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::AcceptReferral, &referral)?;
    if !matches!(referral.stage, Stage::Sent { .. }) {
        return Err(referral.not_possible(Command::Accept).into());
    }
    let (access, decided) = sharing(tx, op, &referral)?;
    let decision = decided.active_for(Purpose::Referral, recipient(tx, &referral)?, op.now())?;
    let mut service = tx.lock_service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let (moved, event) = match service.capacity.take() {
        Room::Place(place) => {
            tx.save_places_taken(&service)?;
            tx.open_access(&access)?;
            let_go(tx, &referral, "taken up elsewhere")?;
            let contact_by = due(tx.calendar(), op, service.targets.contact_days);
            referral.accept(&decision, &place, contact_by, op.now())?
        }
        Room::Full => {
            let review_by = due(tx.calendar(), op, service.targets.review_days);
            referral.waitlist(review_by, op.now())?
        }
    };
    let saved = tx.save_referral(&moved)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}

/// The access that accepting opens, as wide as the decision it was sent under. Whoever calls has locked the referral,
/// and a withdrawal locks all that runs under its decision: it waits for this, and takes it back.
pub(super) fn sharing<S>(
    tx: &mut S,
    op: &OpContext,
    referral: &Referral,
) -> Result<(PersonAccess, crate::consent::Decision), ReferralError>
where
    S: DecisionReads + OrganisationReads + ?Sized,
{
    let id = referral.decision.ok_or(NoActiveDecision::Missing)?;
    let decided = tx.decision(id)?.ok_or(NoActiveDecision::Missing)?;
    let facts = recipient(tx, referral)?;
    let scope =
        decided.active_for(Purpose::Referral, facts, op.now())?.scope().min(facts.kind.widest_scope());
    let access = PersonAccess {
        id: op.new_id(),
        person: referral.person,
        organisation: referral.to.organisation,
        basis: AccessBasis::Referral,
        level: AccessLevel::from(scope),
        referral: Some(referral.id),
    };
    Ok((access, decided))
}

/// Whoever was asked, as the decision has to judge it. The services of a suspended organisation are not running.
pub(super) fn recipient<S: OrganisationReads + ?Sized>(
    tx: &mut S,
    referral: &Referral,
) -> Result<crate::consent::OrganisationFacts, ReferralError> {
    let organisation = tx.organisation(referral.to.organisation)?.ok_or(ReferralError::ServiceNotFound)?;
    if organisation.suspended { Err(NotAdmitted::NotRunning.into()) } else { Ok(organisation.facts()) }
}
