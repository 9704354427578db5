//! What whoever coordinates the network answers: a question, or no. The yes is in `approve`.

use uuid::Uuid;

use super::{
    Application, ApplicationError, ApplicationFact, ApplicationRefusal, ApplicationStage, ApplicationWrites,
    Exchange,
};
use crate::audit::Event;
use crate::kernel::{ApplicationId, NetworkId, OpContext, Prose, Recorded, TypedId};
use crate::policy::{Action, Guarded, Permit, Side};

pub fn ask_applicant<S>(
    tx: &mut S,
    op: &OpContext,
    (id, question): (ApplicationId, Prose),
) -> Result<Recorded<Application>, ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    let (application, permit) = answerable(tx, op, id)?;
    let mut application = Application { stage: ApplicationStage::Asked, ..application };
    application.talk.push(Exchange { question, reply: None });
    tx.save_application(&application)?;
    let event = Event::Application(application.event(ApplicationFact::QuestionAsked));
    Ok(Recorded::new(permit, application, [event]))
}

pub fn decline_application<S>(
    tx: &mut S,
    op: &OpContext,
    (id, reason): (ApplicationId, ApplicationRefusal),
) -> Result<Recorded<Application>, ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    let (application, permit) = answerable(tx, op, id)?;
    let application = Application { stage: ApplicationStage::Declined, refusal: Some(reason), ..application };
    tx.save_application(&application)?;
    let event = Event::Application(application.event(ApplicationFact::Declined { reason }));
    Ok(Recorded::new(permit, application, [event]))
}

/// An application by its id, before it is known whether there is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    application: ApplicationId,
    network: NetworkId,
}

impl Guarded for Named {
    const KIND: &'static str = "application";

    fn subject(&self) -> Uuid {
        self.application.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        side == Side::Network && op.network() == self.network
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        false
    }
}

/// Locked. One whose address is not proved is nobody's to see: it is not there.
pub(super) fn answerable<S>(
    tx: &mut S,
    op: &OpContext,
    id: ApplicationId,
) -> Result<(Application, Permit<Named>), ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    // Asked first: whoever may answer none is told so, whether or not there is one.
    let permit =
        op.authorize(Action::AnswerApplication, &Named { application: id, network: op.network() })?;
    let application = tx.lock_application(id)?;
    let application = application.filter(|it| it.stage != ApplicationStage::Unconfirmed);
    let application = application.ok_or(ApplicationError::NotFound)?;
    if application.is_open() { Ok((application, permit)) } else { Err(ApplicationError::AnsweredAlready) }
}
