//! Opening a record in an emergency, ending it, and reviewing it.

use async_graphql::{Context, Object};
use trellis_domain::emergency::{EmergencyError, EmergencyReads, Opening, close, open, review};
use trellis_domain::kernel::{EmergencyOpeningId, OpContext, TypedId};
use trellis_domain::policy::Action;
use trellis_infra::redis::Limit;
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::emergency::{CloseEmergencyInput, OpenInEmergencyInput, ReviewEmergencyInput};
use crate::graphql::payload::{EmergencyPayload, Payload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, once, within};

/// Nobody has more emergencies than this, and whoever tries names one after another is not in one.
const FOR_ONE_MEMBER: Limit = Limit::per_hour(10);

#[derive(Default, Debug)]
pub struct EmergencyMutation;

#[Object]
impl EmergencyMutation {
    /// Opens the whole record of one person, to read, for a day at most. The privacy officers of whoever keeps it are told
    /// at once. Tries that find nobody are recorded too.
    #[graphql(directive = rule::apply(Rule::By(Action::OpenInEmergency).into()))]
    async fn open_in_emergency(
        &self,
        ctx: &Context<'_>,
        input: OpenInEmergencyInput,
    ) -> Result<EmergencyPayload, Fault> {
        let gql = gql(ctx)?;
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| open(tx, op, cmd);
        let opened = match within(gql, "emergency", FOR_ONE_MEMBER).await {
            Ok(()) => once(gql, "openInEmergency", &input, decide, again).await,
            Err(refused) => Err(refused),
        };
        EmergencyPayload::present(opened)
    }

    /// Before its time.
    #[graphql(directive = rule::apply(Rule::By(Action::CloseEmergency).into()))]
    async fn close_emergency(
        &self,
        ctx: &Context<'_>,
        input: CloseEmergencyInput,
    ) -> Result<EmergencyPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| close(tx, op, cmd);
        EmergencyPayload::present(once(gql(ctx)?, "closeEmergency", &input, decide, again).await)
    }

    /// By a privacy officer of the organisation that keeps the record. What is not justified ends.
    #[graphql(directive = rule::apply(Rule::By(Action::ReviewEmergency).into()))]
    async fn review_emergency(
        &self,
        ctx: &Context<'_>,
        input: ReviewEmergencyInput,
    ) -> Result<EmergencyPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| review(tx, op, cmd);
        EmergencyPayload::present(once(gql(ctx)?, "reviewEmergency", &input, decide, again).await)
    }
}

fn again(tx: &mut Tx<'_>, opening: Uuid) -> Result<Opening, EmergencyError> {
    tx.opening(EmergencyOpeningId::from_uuid(opening))?.ok_or(EmergencyError::NotFound)
}
