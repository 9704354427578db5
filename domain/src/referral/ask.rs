//! Ask: a draft for somebody on record. What the provider will see of them is made here, from their own details.

use super::brief::AccessNeed;
use super::codes::{AgainReason, FeedbackChoice, Need, Risk, Route};
use super::draft::{Draft, draft};
use super::refer::brief;
use super::{Referral, ReferralError, ReferralWrites};
use crate::directory::ServiceReads;
use crate::kernel::{OpContext, PersonId, Prose, Recorded, ServiceId};
use crate::person::PersonReads;
use crate::tenancy::Calendars;

#[derive(Debug, Clone)]
pub struct Ask {
    pub person: PersonId,
    pub service: ServiceId,
    pub route: Route,
    pub needs: Vec<Need>,
    pub access_needs: Vec<AccessNeed>,
    pub risk: Risk,
    pub feedback: FeedbackChoice,
    pub note: Option<Prose>,
    /// Why, if the service has been asked for them already.
    pub again: Option<AgainReason>,
}

pub fn ask<S>(tx: &mut S, op: &OpContext, cmd: Ask) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + PersonReads + ServiceReads + Calendars + ?Sized,
{
    let person = tx.person(cmd.person)?.ok_or(ReferralError::PersonNotFound)?;
    let day = op.now().to_zoned(tx.calendar().zone().clone()).date();
    let request = Draft {
        person: person.id,
        service: cmd.service,
        route: cmd.route,
        brief: brief(&person, cmd.needs, cmd.access_needs, day),
        feedback: cmd.feedback,
        risk: cmd.risk,
        note: cmd.note,
        parent: None,
        origin: None,
        asker: None,
        again: cmd.again,
    };
    draft(tx, op, request)
}
