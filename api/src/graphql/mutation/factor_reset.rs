//! A member has lost every factor: whoever answers for the place begins a reset, and the login's owner goes on with it or stops
//! it. Nobody else chooses what they sign in with.

use async_graphql::{Context, Object};
use trellis_domain::identity::start_factor_reset::start_factor_reset;
use trellis_domain::identity::{Held, IdentityWrites, MembershipError};
use trellis_domain::kernel::{MembershipId, OpContext, TypedId};
use trellis_domain::policy::Action;
use trellis_infra::redis::Limit;
use uuid::Uuid;

use super::session::visit;
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Fault;
use crate::graphql::input::staff::{FinishFactorResetInput, StartFactorResetInput};
use crate::graphql::payload::Payload;
use crate::graphql::payload::people::MemberPayload;
use crate::graphql::payload::security::{FactorResetPayload, SecurityPayload};
use crate::graphql::refusal::{Refusal, RefusalCode};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;
use crate::graphql::write::{Tx, once, within, within_about};

/// Each is a mail to a member.
const MOST_BEGUN: Limit = Limit::per_hour(10);
/// One member's mailbox is not filled, and one mail is what it takes.
const MOST_FOR_ONE: Limit = Limit::per_hour(3);
/// Longer than any password that is taken; what is longer is not looked at.
const LONGEST: usize = 1024;

#[derive(Default, Debug)]
pub struct FactorResetMutation;

#[Object]
impl FactorResetMutation {
    /// Takes nothing away: the member gets a mail, and goes on with their password or stops it. Where their login acts for others
    /// too, it goes on a day later. A reset that was begun before is replaced.
    #[graphql(directive = rule::apply(Rule::By(Action::StartFactorReset).into()))]
    async fn start_factor_reset(
        &self,
        ctx: &Context<'_>,
        input: StartFactorResetInput,
    ) -> Result<MemberPayload, Fault> {
        let (gql, decide) =
            (gql(ctx)?, |tx: &mut Tx<'_>, op: &OpContext, cmd| start_factor_reset(tx, op, cmd));
        MemberPayload::present(match within_limits(gql, &input).await {
            Ok(()) => once(gql, "startFactorReset", &input, decide, again).await,
            Err(refused) => Err(refused),
        })
    }

    /// Anonymous: with the token of the mail and the password of the login. Drops every second factor, ends whatever is open, and
    /// answers a ticket that sets a new one up and does nothing else.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn finish_factor_reset(
        &self,
        ctx: &Context<'_>,
        input: FinishFactorResetInput,
    ) -> Result<FactorResetPayload, Fault> {
        let gql = gql(ctx)?;
        if input.password.len() > LONGEST {
            let next = "Type the password that you sign in with.";
            let refusal = Refusal::new(RefusalCode::PasswordWrong, "The password is not right.", next);
            return Ok(FactorResetPayload::refused(refusal.about("password")));
        }
        let presented = (input.token.as_str(), input.password.as_str());
        let reset = gql.parts().platform.reset_factors(presented, visit(gql), gql.now()).await;
        FactorResetPayload::present(reset.map_err(Verdict::from))
    }

    /// Anonymous: whoever holds the link may stop it. That opens nothing.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn stop_factor_reset(&self, ctx: &Context<'_>, token: String) -> Result<SecurityPayload, Fault> {
        let gql = gql(ctx)?;
        let stopped = gql.parts().platform.stop_reset(&token, gql.now()).await;
        SecurityPayload::present(stopped.map_err(Verdict::from))
    }
}

async fn within_limits(gql: &GqlContext, input: &StartFactorResetInput) -> Result<(), Verdict> {
    within(gql, "factor-reset", MOST_BEGUN).await?;
    within_about(gql, ("factor-reset-of", input.membership_id.as_str()), MOST_FOR_ONE).await
}

fn again(tx: &mut Tx<'_>, id: Uuid) -> Result<Held, MembershipError> {
    tx.member(MembershipId::from_uuid(id))?.ok_or(MembershipError::NotFound)
}
