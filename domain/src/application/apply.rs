//! What whoever applies does, without a login: apply, prove the address, and answer a question. The link in a mail is the
//! secret. Doing any of it twice changes nothing.

use super::{
    Application, ApplicationError, ApplicationFact, ApplicationStage, ApplicationWrites, Details, Stages,
};
use crate::audit::Event;
use crate::kernel::{Actor, Line, OpContext, Postcode, Prose, Recorded};
use crate::policy::Action;
use crate::tenancy::OrganisationKind;

#[derive(Debug, Clone)]
pub struct Apply {
    pub name: Line,
    pub postcode: Option<Postcode>,
    pub details: Details,
    /// The version of the network's agreement that was shown.
    pub agreement: Line,
    /// The key of the form: the same form sent twice is one application.
    pub form: Option<String>,
}

/// More than these at once nobody reads.
const MOST_OPEN: u64 = 100;

/// The id is the acting applicant's: made for this application, before anything is known of them.
pub fn apply<S>(tx: &mut S, op: &OpContext, cmd: Apply) -> Result<Recorded<Application>, ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    let Actor::Applicant { application: id } = op.actor() else { return Err(ApplicationError::NotFound) };
    let joining = tx.joining()?.filter(|joining| joining.open).ok_or(ApplicationError::NotTaken)?;
    if joining.agreement != cmd.agreement {
        return Err(ApplicationError::Stale);
    }
    has_room(tx)?;
    let application = Application {
        id,
        network: op.network(),
        name: cmd.name,
        // A kind that opens more of a record is never the applicant's to choose.
        kind: OrganisationKind::CommunityProvider,
        postcode: cmd.postcode,
        details: cmd.details,
        agreement: joining.agreement,
        stage: ApplicationStage::Unconfirmed,
        applied_at: op.now(),
        talk: Vec::new(),
        refusal: None,
        organisation: None,
    };
    let permit = op.authorize(Action::Apply, &application)?;
    if !tx.insert_application(&application, cmd.form.as_deref())? {
        return Ok(Recorded::unchanged(application));
    }
    let event = Event::Application(application.event(ApplicationFact::Made));
    Ok(Recorded::new(permit, application, [event]))
}

fn has_room<S>(tx: &mut S) -> Result<(), ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    if tx.count_applications(Stages::Open)? < MOST_OPEN { Ok(()) } else { Err(ApplicationError::Full) }
}

/// Only now does anybody see it. Whoever coordinates hears of the first that waits; the others are on the same list.
pub fn confirm<S>(tx: &mut S, op: &OpContext) -> Result<Recorded<Application>, ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    let application = own(tx, op)?;
    let permit = op.authorize(Action::ConfirmApplication, &application)?;
    if application.stage != ApplicationStage::Unconfirmed {
        return Ok(Recorded::unchanged(application));
    }
    has_room(tx)?;
    let first = tx.count_applications(Stages::Waiting)? == 0;
    let application = Application { stage: ApplicationStage::Waiting, ..application };
    tx.save_application(&application)?;
    let coordinators = if first { tx.coordinators()? } else { Vec::new() };
    let fact = ApplicationFact::Confirmed { coordinators };
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
    let mut application = Application { stage: ApplicationStage::Waiting, ..application };
    let asked = application.talk.last_mut().ok_or(ApplicationError::AnsweredAlready)?;
    asked.reply = Some(words);
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
