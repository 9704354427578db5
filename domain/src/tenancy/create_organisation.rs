//! Set an organisation up in one go: itself, what it offers, what it has signed, and its first people.

use super::{Agreement, Organisation, OrganisationError, OrganisationWrites, add_organisation};
use crate::directory::publish::publish;
use crate::directory::{Service, ServiceWrites};
use crate::identity::InvitationWrites;
use crate::identity::invite::{Invite, invite};
use crate::kernel::{OpContext, Postcode, Recorded};

#[derive(Debug, Clone)]
pub struct CreateOrganisation {
    pub organisation: Organisation,
    pub postcode: Option<Postcode>,
    pub services: Vec<Service>,
    pub people: Vec<Invite>,
    pub agreement: Option<Agreement>,
}

pub fn create_organisation<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: CreateOrganisation,
) -> Result<Recorded<Organisation>, OrganisationError>
where
    S: OrganisationWrites + ServiceWrites + InvitationWrites + ?Sized,
{
    let id = cmd.organisation.id;
    let mut recorded = add_organisation(tx, op, cmd.organisation)?;
    if let Some(postcode) = &cmd.postcode {
        tx.save_postcode(id, postcode)?;
    }
    if let Some(agreement) = &cmd.agreement {
        if !agreement.has_sense() {
            return Err(OrganisationError::EndsBeforeItBegins);
        }
        tx.insert_agreement(op.new_id(), id, agreement)?;
    }
    for service in cmd.services {
        recorded = recorded.and(publish(tx, op, Service { organisation: id, ..service })?);
    }
    for person in cmd.people {
        recorded = recorded.and(invite(tx, op, Invite { organisation: Some(id), ..person })?);
    }
    Ok(recorded)
}
