//! Refer somebody on one page: register if new, record the decision, draft and send, in one transaction (W2).

use super::brief::AccessNeed;
use super::codes::{AgainReason, FeedbackChoice, Need, Risk, Route};
use super::draft::{Draft, draft};
use super::rules::Target;
use super::send::send;
use super::{AgeBand, Brief, Referral, ReferralError, ReferralWrites};
use crate::consent::record::{RecordDecision, record};
use crate::consent::{DecisionWrites, Explained, HowGiven, Purpose, Recipient};
use crate::directory::ServiceWrites;
use crate::kernel::{OpContext, PersonId, Prose, Recorded, ServiceId};
use crate::person::{Person, PersonWrites, Register, register};
use crate::tenancy::{Calendars, OrganisationReads};

/// Somebody on record, or somebody new.
#[derive(Debug, Clone)]
pub enum Whom {
    Known(PersonId),
    New(Box<Register>),
}

#[derive(Debug, Clone)]
pub struct Refer {
    pub whom: Whom,
    pub service: ServiceId,
    pub route: Route,
    pub needs: Vec<Need>,
    pub access_needs: Vec<AccessNeed>,
    pub risk: Risk,
    pub feedback: FeedbackChoice,
    pub note: Option<Prose>,
    /// Why, if the service has been asked for them already.
    pub again: Option<AgainReason>,
    /// How the person agreed to this referral. None refuses it unless a decision is on record.
    pub agreed: Option<(HowGiven, Explained)>,
}

pub fn refer<S>(tx: &mut S, op: &OpContext, cmd: Refer) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites
        + DecisionWrites
        + PersonWrites
        + ServiceWrites
        + OrganisationReads
        + Calendars
        + ?Sized,
{
    let (person, registered) = whom(tx, op, cmd.whom)?;
    let service = tx.service(cmd.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let receiver = tx.organisation(service.organisation)?.ok_or(ReferralError::ServiceNotFound)?;
    let decided = match cmd.agreed {
        Some((how_given, explained)) => Some(record(
            tx,
            op,
            RecordDecision {
                person: person.id,
                recipient: Recipient::Organisation(receiver.id),
                purpose: Purpose::Referral,
                scope: receiver.kind.widest_scope(),
                how_given,
                explained,
                ends_at: None,
            },
        )?),
        None => None,
    };
    let day = op.now().to_zoned(tx.calendar().zone().clone()).date();
    let request = Draft {
        person: person.id,
        service: service.id,
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
    let drafted = draft(tx, op, request)?;
    let mut whole = send(tx, op, Target { referral: drafted.value().id, version: None })?.and(drafted);
    if let Some(decision) = decided {
        whole = whole.and(decision);
    }
    Ok(match registered {
        Some(registered) => whole.and(registered),
        None => whole,
    })
}

fn whom<S>(
    tx: &mut S,
    op: &OpContext,
    whom: Whom,
) -> Result<(Person, Option<Recorded<Person>>), ReferralError>
where
    S: PersonWrites + ?Sized,
{
    match whom {
        Whom::Known(id) => Ok((tx.person(id)?.ok_or(ReferralError::PersonNotFound)?, None)),
        Whom::New(details) => {
            let registered = register(tx, op, *details)?;
            Ok((registered.value().clone(), Some(registered)))
        }
    }
}

/// The de-identified request, from the person's own details.
pub(super) fn brief(
    person: &Person,
    needs: Vec<Need>,
    access_needs: Vec<AccessNeed>,
    day: jiff::civil::Date,
) -> Brief {
    let birth = person.identity.birth_date.as_ref();
    Brief {
        needs,
        age_band: birth.map_or(AgeBand::Unknown, |birth| AgeBand::on(*birth.reveal(), day)),
        area: person.identity.postcode.as_ref().map(crate::kernel::Postcode::outcode),
        access_needs,
    }
}
