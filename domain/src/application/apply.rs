//! What whoever applies does, without a login: apply, prove the address, and answer a question. The link in a mail is the
//! secret. Doing any of it twice changes nothing.

use super::{Application, ApplicationError, ApplicationFact, ApplicationStage, ApplicationWrites, Details};
use crate::audit::Event;
use crate::kernel::{Actor, Line, OpContext, Postcode, Prose, Recorded};
use crate::policy::Action;
use crate::tenancy::OrganisationKind;

#[derive(Debug, Clone)]
pub struct Apply {
    pub name: Line,
    pub kind: OrganisationKind,
    pub postcode: Option<Postcode>,
    pub details: Details,
}

/// The id is the acting applicant's: made for this application, before anything is known of them.
pub fn apply<S>(tx: &mut S, op: &OpContext, cmd: Apply) -> Result<Recorded<Application>, ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    let Actor::Applicant { application: id } = op.actor() else { return Err(ApplicationError::NotFound) };
    let joining = tx.joining()?.filter(|joining| joining.open).ok_or(ApplicationError::NotTaken)?;
    let application = Application {
        id,
        network: op.network(),
        name: cmd.name,
        kind: cmd.kind,
        postcode: cmd.postcode,
        details: cmd.details,
        agreement: joining.agreement,
        stage: ApplicationStage::Unconfirmed,
        applied_at: op.now(),
        question: None,
        reply: None,
        refusal: None,
        organisation: None,
    };
    let permit = op.authorize(Action::Apply, &application)?;
    tx.insert_application(&application)?;
    let event = Event::Application(application.event(ApplicationFact::Made));
    Ok(Recorded::new(permit, application, [event]))
}

/// Only now does anybody see it.
pub fn confirm<S>(tx: &mut S, op: &OpContext) -> Result<Recorded<Application>, ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    let application = own(tx, op)?;
    let permit = op.authorize(Action::ConfirmApplication, &application)?;
    if application.stage != ApplicationStage::Unconfirmed {
        return Ok(Recorded::unchanged(application));
    }
    let application = Application { stage: ApplicationStage::Waiting, ..application };
    tx.save_application(&application)?;
    let fact = ApplicationFact::Confirmed { coordinators: tx.coordinators()? };
    let event = Event::Application(application.event(fact));
    Ok(Recorded::new(permit, application, [event]))
}

pub fn reply<S>(tx: &mut S, op: &OpContext, words: Prose) -> Result<Recorded<Application>, ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    let application = own(tx, op)?;
    let permit = op.authorize(Action::ReplyToQuestion, &application)?;
    if application.stage != ApplicationStage::Asked {
        return Err(ApplicationError::AnsweredAlready);
    }
    let application = Application { stage: ApplicationStage::Waiting, reply: Some(words), ..application };
    tx.save_application(&application)?;
    let fact = ApplicationFact::Replied { coordinators: tx.coordinators()? };
    let event = Event::Application(application.event(fact));
    Ok(Recorded::new(permit, application, [event]))
}

fn own<S>(tx: &mut S, op: &OpContext) -> Result<Application, ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    let Actor::Applicant { application: id } = op.actor() else { return Err(ApplicationError::NotFound) };
    tx.lock_application(id)?.ok_or(ApplicationError::NotFound)
}
