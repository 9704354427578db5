//! Let a group in: it becomes an organisation with what it offers and what it agreed to, and whoever applied is invited as its
//! administrator. They are not a member before they have taken that up.

use super::answer::answerable;
use super::{Application, ApplicationError, ApplicationFact, ApplicationStage, ApplicationWrites};
use crate::audit::Event;
use crate::directory::{Service, ServiceWrites};
use crate::identity::InvitationWrites;
use crate::identity::invite::Invite;
use crate::kernel::{ApplicationId, OpContext, Recorded};
use crate::policy::{Role, Roles};
use crate::tenancy::create_organisation::{CreateOrganisation, create_organisation};
use crate::tenancy::{Agreement, AgreementKind, Calendars, Organisation, OrganisationWrites};

/// What a group becomes, given what it offers: paused until its own people say that there is room.
pub fn approve<S>(
    tx: &mut S,
    op: &OpContext,
    id: ApplicationId,
    offered: impl Fn(&Application) -> Vec<Service>,
) -> Result<Recorded<Application>, ApplicationError>
where
    S: ApplicationWrites + OrganisationWrites + ServiceWrites + InvitationWrites + Calendars + ?Sized,
{
    let (application, permit) = answerable(tx, op, id)?;
    let organisation = Organisation {
        id: op.new_id(),
        name: application.name.clone().into(),
        kind: application.kind,
        help_phone: application.details.phone.clone().into(),
        // What was typed is sealed, and a mailbox for requests stands in clear: its administrator names one.
        email: None,
        suspended: false,
    };
    let agreed_on = application.applied_at.to_zoned(tx.calendar().zone().clone()).date();
    let cmd = CreateOrganisation {
        postcode: application.postcode.clone(),
        services: offered(&application),
        people: vec![Invite {
            organisation: Some(organisation.id),
            email: application.details.email.clone(),
            // What anybody does with records is given by those who answer for it, by name.
            roles: Roles::from_iter([Role::OrganisationAdmin]),
        }],
        agreement: Some(Agreement {
            kind: AgreementKind::Membership,
            version: application.agreement.clone(),
            agreed_on,
            ends_on: None,
        }),
        organisation,
    };
    let made = create_organisation(tx, op, cmd)?;
    let approved =
        Application { stage: ApplicationStage::Approved, organisation: Some(made.value().id), ..application };
    tx.save_application(&approved)?;
    let event = Event::Application(approved.event(ApplicationFact::Approved));
    Ok(Recorded::new(permit, approved, [event]).and(made))
}
