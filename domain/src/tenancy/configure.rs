//! Change an organisation's name and how it is reached; keep what it has signed.

use super::{
    Agreement, Organisation, OrganisationError, OrganisationEvent, OrganisationFact, OrganisationWrites,
};
use crate::audit::Event;
use crate::kernel::{EmailAddress, Line, OpContext, OrganisationId, Postcode, Recorded};
use crate::policy::Action;

#[derive(Debug, Clone)]
pub struct Configure {
    pub organisation: OrganisationId,
    pub name: Line,
    pub help_phone: Line,
    pub email: Option<EmailAddress>,
    pub postcode: Option<Postcode>,
}

pub fn configure<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: Configure,
) -> Result<Recorded<Organisation>, OrganisationError>
where
    S: OrganisationWrites + ?Sized,
{
    let seen = tx.organisation(cmd.organisation)?.ok_or(OrganisationError::NotFound)?;
    let permit = op.authorize(Action::ConfigureOrganisation, &seen)?;
    let changed = Organisation {
        name: cmd.name.into(),
        help_phone: cmd.help_phone.into(),
        email: cmd.email.map(String::from),
        ..seen
    };
    tx.save_organisation(&changed)?;
    if let Some(postcode) = &cmd.postcode {
        tx.save_postcode(changed.id, postcode)?;
    }
    let fact = OrganisationFact::Configured;
    let event = Event::Organisation(OrganisationEvent { organisation: changed.id, fact });
    Ok(Recorded::new(permit, changed, [event]))
}

/// Only whoever coordinates the network keeps them: an organisation does not vouch for itself.
pub fn add_agreement<S>(
    tx: &mut S,
    op: &OpContext,
    (id, agreement): (OrganisationId, Agreement),
) -> Result<Recorded<Organisation>, OrganisationError>
where
    S: OrganisationWrites + ?Sized,
{
    let organisation = tx.organisation(id)?.ok_or(OrganisationError::NotFound)?;
    let permit = op.authorize(Action::KeepAgreements, &organisation)?;
    if !agreement.has_sense() {
        return Err(OrganisationError::EndsBeforeItBegins);
    }
    tx.insert_agreement(op.new_id(), id, &agreement)?;
    let fact = OrganisationFact::AgreementAdded;
    let event = Event::Organisation(OrganisationEvent { organisation: id, fact });
    Ok(Recorded::new(permit, organisation, [event]))
}
