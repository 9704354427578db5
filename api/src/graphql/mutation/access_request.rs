//! Asking for a page that is not for one's role, and the answer of an administrator.

use async_graphql::{Context, Object};
use trellis_domain::access_request::{AccessRequest, AccessRequestError, answer, ask};
use trellis_domain::kernel::{AccessRequestId, OpContext, TypedId};
use trellis_domain::policy::Action;
use trellis_infra::redis::Limit;
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::access_request::{AnswerAccessRequestInput, AskForAccessInput};
use crate::graphql::payload::{AccessRequestPayload, Payload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, once, within};

/// Each is a mail to every administrator.
const MOST_ASKED: Limit = Limit::per_hour(10);

#[derive(Default, Debug)]
pub struct AccessRequestMutation;

#[Object]
impl AccessRequestMutation {
    /// The administrators of what is acted for are told. Asking again before there is an answer changes nothing.
    #[graphql(directive = rule::apply(Rule::By(Action::AskForAccess).into()))]
    async fn ask_for_access(
        &self,
        ctx: &Context<'_>,
        input: AskForAccessInput,
    ) -> Result<AccessRequestPayload, Fault> {
        let (gql, decide) = (gql(ctx)?, |tx: &mut Tx<'_>, op: &OpContext, cmd| ask(tx, op, cmd));
        AccessRequestPayload::present(match within(gql, "access", MOST_ASKED).await {
            Ok(()) => once(gql, "askForAccess", &input, decide, again).await,
            Err(refused) => Err(refused),
        })
    }

    /// It changes no role: that is done first, where roles are.
    #[graphql(directive = rule::apply(Rule::By(Action::AnswerAccessRequest).into()))]
    async fn answer_access_request(
        &self,
        ctx: &Context<'_>,
        input: AnswerAccessRequestInput,
    ) -> Result<AccessRequestPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| answer(tx, op, cmd);
        AccessRequestPayload::present(once(gql(ctx)?, "answerAccessRequest", &input, decide, again).await)
    }
}

fn again(tx: &mut Tx<'_>, request: Uuid) -> Result<AccessRequest, AccessRequestError> {
    tx.access_request(AccessRequestId::from_uuid(request))?.ok_or(AccessRequestError::NotFound)
}
