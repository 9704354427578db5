//! Saying of two records whether they are of one person, and taking that back.

use async_graphql::{Context, Object};
use trellis_domain::kernel::{MatchId, OpContext, TypedId};
use trellis_domain::policy::Action;
use trellis_domain::sameness::{Same, SamenessError, decide, take_back};
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::sameness::{DecideSamenessInput, TakeBackSamenessInput};
use crate::graphql::payload::{Payload, PersonMatchPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, once};

#[derive(Default, Debug)]
pub struct SamenessMutation;

#[Object]
impl SamenessMutation {
    /// For the acting organisation only: both records stay as they are, and nobody else hears of it.
    #[graphql(directive = rule::apply(Rule::By(Action::DecideSameness).into()))]
    async fn decide_sameness(
        &self,
        ctx: &Context<'_>,
        input: DecideSamenessInput,
    ) -> Result<PersonMatchPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| decide(tx, op, cmd);
        PersonMatchPayload::present(once(gql(ctx)?, "decideSameness", &input, decide, again).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::TakeBackSameness).into()))]
    async fn take_back_sameness(
        &self,
        ctx: &Context<'_>,
        input: TakeBackSamenessInput,
    ) -> Result<PersonMatchPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, id| take_back(tx, op, id);
        PersonMatchPayload::present(once(gql(ctx)?, "takeBackSameness", &input, decide, again).await)
    }
}

fn again(tx: &mut Tx<'_>, id: Uuid) -> Result<Same, SamenessError> {
    tx.person_match(MatchId::from_uuid(id))?.ok_or(SamenessError::NotFound)
}
