//! Place: onward to a provider, from how the person agreed. The decision is for the provider's organisation and opens
//! no more than its kind may see.

use super::codes::{AgainReason, Need};
use super::onward::{Onward, onward};
use super::rules::Target;
use super::{Referral, ReferralError, ReferralWrites};
use crate::consent::record::RecordDecision;
use crate::consent::{DecisionWrites, Explained, HowGiven, Purpose, Recipient};
use crate::directory::{ServiceReads, ServiceWrites};
use crate::kernel::{OpContext, Prose, Recorded, ReferralId, ServiceId};
use crate::person::PersonReads;
use crate::tenancy::{Calendars, OrganisationReads};

#[derive(Debug, Clone)]
pub struct Place {
    /// The referral under way from which this one comes.
    pub parent: ReferralId,
    pub service: ServiceId,
    /// Empty means: the parent's needs.
    pub needs: Vec<Need>,
    pub note: Option<Prose>,
    /// Why, if the service has been asked for them already.
    pub again: Option<AgainReason>,
    /// None refuses it unless a decision is on record.
    pub agreed: Option<(HowGiven, Explained)>,
}

pub fn place<S>(tx: &mut S, op: &OpContext, cmd: Place) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + DecisionWrites + PersonReads + ServiceWrites + OrganisationReads + Calendars + ?Sized,
{
    let decision = match cmd.agreed {
        Some(agreed) => Some(decision(tx, (cmd.parent, cmd.service), agreed)?),
        None => None,
    };
    let Place { service, needs, note, again, .. } = cmd;
    let parent = Target { referral: cmd.parent, version: None };
    onward(tx, op, Onward { parent, service, needs, note, again, decision })
}

fn decision<S>(
    tx: &mut S,
    (parent, service): (ReferralId, ServiceId),
    (how_given, explained): (HowGiven, Explained),
) -> Result<RecordDecision, ReferralError>
where
    S: ReferralWrites + ServiceReads + OrganisationReads + ?Sized,
{
    // Not locked yet: a decision comes before a referral (`load_to_share`).
    let person = tx.referral(parent)?.ok_or(ReferralError::NotFound)?.person;
    let service = tx.service(service)?.ok_or(ReferralError::ServiceNotFound)?;
    let receiver = tx.organisation(service.organisation)?.ok_or(ReferralError::ServiceNotFound)?;
    Ok(RecordDecision {
        person,
        recipient: Recipient::Organisation(receiver.id),
        purpose: Purpose::Referral,
        scope: receiver.kind.widest_scope(),
        how_given,
        explained,
        ends_at: None,
    })
}
