//! Answer a request, once. It changes no role: that is done where roles are.

use super::{
    AccessAnswer, AccessRequest, AccessRequestError, AccessRequestEvent, AccessRequestFact,
    AccessRequestWrites,
};
use crate::audit::Event;
use crate::kernel::{AccessRequestId, OpContext, Recorded};
use crate::policy::Action;

#[derive(Debug, Clone, Copy)]
pub struct AnswerRequest {
    pub request: AccessRequestId,
    pub answer: AccessAnswer,
}

pub fn answer<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: AnswerRequest,
) -> Result<Recorded<AccessRequest>, AccessRequestError>
where
    S: AccessRequestWrites + ?Sized,
{
    let request = tx.lock_access_request(cmd.request)?.ok_or(AccessRequestError::NotFound)?;
    let permit = op.authorize(Action::AnswerAccessRequest, &request)?;
    if request.answer.is_some() {
        return Err(AccessRequestError::AnsweredAlready);
    }
    let request = AccessRequest { answer: Some(cmd.answer), ..request };
    tx.save_answer(&request)?;
    let fact = AccessRequestFact::Answered { asker: request.user, answer: cmd.answer };
    let event = AccessRequestEvent { request: request.id, organisation: request.organisation, fact };
    Ok(Recorded::new(permit, request, [Event::AccessRequest(event)]))
}
