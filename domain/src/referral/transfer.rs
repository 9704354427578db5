//! Transfer: pass it on. A new referral with this one as origin is sent in the same transaction,
//! so the person has an owner at every instant. Whoever passes it on keeps seeing the person until the next
//! service accepts: it may come back. Whoever asked at first stays party to what becomes of it.

use jiff::Timestamp;

use super::codes::TransferReason;
use super::complete::free_place;
use super::draft::{Draft, draft};
use super::rules::{Target, load_to_share};
use super::send::send;
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::consent::DecisionLocks;
use crate::directory::ServiceWrites;
use crate::kernel::{OpContext, Recorded, ReferralId, ServiceId};
use crate::person::PersonWrites;
use crate::policy::Action;
use crate::tenancy::{Calendars, OrganisationReads};

#[derive(Debug, Clone, Copy)]
pub struct Transfer {
    pub target: Target,
    pub service: ServiceId,
    pub reason: TransferReason,
}

impl Referral {
    pub fn transfer(
        self,
        to: ReferralId,
        reason: TransferReason,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        if self.stage.holds_place() {
            Ok(self.enter(Stage::Transferred { to }, now, ReferralFact::Transferred { to, reason }))
        } else {
            Err(self.not_possible(Command::Transfer))
        }
    }
}

/// Returns the new referral.
pub fn transfer<S>(tx: &mut S, op: &OpContext, cmd: Transfer) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + DecisionLocks + ServiceWrites + PersonWrites + OrganisationReads + Calendars + ?Sized,
{
    let (referral, _) = load_to_share(tx, op, cmd.target)?;
    let permit = op.authorize(Action::TransferReferral, &referral)?;
    if !referral.stage.holds_place() {
        return Err(referral.not_possible(Command::Transfer).into());
    }
    lock_both(tx, [referral.to.service, cmd.service])?;
    let passed_on = Draft {
        person: referral.person,
        service: cmd.service,
        route: referral.route,
        brief: referral.brief.clone(),
        feedback: referral.feedback,
        risk: referral.risk,
        note: tx.referral_note(&referral)?,
        parent: referral.parent,
        origin: Some(referral.id),
        asker: Some(referral.asker.unwrap_or(referral.from)),
        again: None,
    };
    let drafted = draft(tx, op, passed_on)?;
    let next = Target { referral: drafted.value().id, version: None };
    let sent = send(tx, op, next)?;
    let (transferred, event) = referral.transfer(next.referral, cmd.reason, op.now())?;
    free_place(tx, &transferred)?;
    tx.save_referral(&transferred)?;
    let passed_on = sent.value().clone();
    Ok(Recorded::new(permit, passed_on, [Event::Referral(event)]).and(sent).and(drafted))
}

/// In one order, whichever way somebody is passed on: two who pass on in opposite directions do not wait for each other.
fn lock_both<S>(tx: &mut S, mut services: [ServiceId; 2]) -> Result<(), ReferralError>
where
    S: ServiceWrites + ?Sized,
{
    services.sort();
    for service in services {
        tx.lock_service(service)?.ok_or(ReferralError::ServiceNotFound)?;
    }
    Ok(())
}

/// What was passed on is taken up, or taken back: whoever passed it on does not see the person through it any more.
pub(super) fn let_go<S>(tx: &mut S, referral: &Referral, reason: &'static str) -> Result<(), ReferralError>
where
    S: PersonWrites + ?Sized,
{
    match referral.origin {
        Some(_) => Ok(tx.end_origin_access(referral.id, reason)?),
        None => Ok(()),
    }
}
