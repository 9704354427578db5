//! One's own credentials and sessions. Every change needs a fresh proof of who acts.

use async_graphql::{Context, ID, Object};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{Line, PasskeyId, SessionId};
use trellis_infra::pg::platform::{NewPassword, claims_of};

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::{Answer, Fault};
use crate::graphql::input::security::{AddPasskeyInput, ChangePasswordInput, ProveYourselfInput};
use crate::graphql::node_id::parse_id;
use crate::graphql::payload::Payload;
use crate::graphql::payload::security::{ProvedPayload, RecoveryCodesPayload, SecurityPayload};
use crate::graphql::refusal::{Refusal, RefusalCode};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;

/// Longer than any password that is taken.
const LONGEST: usize = 1024;

/// The session, asserted as a tenant's transaction asserts it: the platform's own tables do not ask.
pub async fn standing(gql: &GqlContext) -> Answer<&VerifiedSession> {
    let (session, op) = (gql.session()?, gql.op()?);
    let membership = session.membership;
    let read = gql.store().read(&op, move |tx, _| tx.member_card(membership));
    read.await?.ok_or_else(Fault::unauthenticated)?;
    Ok(session)
}

#[derive(Default, Debug)]
pub struct SecurityMutation;

#[Object]
impl SecurityMutation {
    /// Before an act that is refused with `PROVE_YOURSELF`. Answers an access token that says so.
    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn prove_yourself(
        &self,
        ctx: &Context<'_>,
        input: ProveYourselfInput,
    ) -> Result<ProvedPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        let Some(proving) = input.proving() else { return Ok(ProvedPayload::refused(Refusal::code_wrong())) };
        let proved = gql.parts().platform.prove(session, proving, gql.now()).await;
        let issued = proved.map_err(Verdict::from).and_then(|session| {
            gql.parts().tokens.issue(&claims_of(&session), gql.now()).map_err(|error| {
                tracing::error!(%error, "an access token could not be issued");
                Fault::internal().into()
            })
        });
        ProvedPayload::present(issued)
    }

    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn remove_authenticator(&self, ctx: &Context<'_>) -> Result<SecurityPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        let removed = gql.parts().platform.remove_authenticator(session, gql.now()).await;
        SecurityPayload::present(removed.map_err(Verdict::from))
    }

    /// The old ones are good for nothing from then on.
    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn renew_recovery_codes(&self, ctx: &Context<'_>) -> Result<RecoveryCodesPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        let renewed = gql.parts().platform.renew_recovery_codes(session, gql.now()).await;
        RecoveryCodesPayload::present(renewed.map_err(Verdict::from))
    }

    /// Answers recovery codes where there were none before.
    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn add_passkey(
        &self,
        ctx: &Context<'_>,
        input: AddPasskeyInput,
    ) -> Result<RecoveryCodesPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        let Ok(name) = Line::parse(&input.name) else { return Ok(RecoveryCodesPayload::refused(no_name())) };
        let answer = (input.passkey.challenge.as_str(), input.passkey.answer.as_str());
        let added = gql.parts().platform.add_passkey(session, answer, name, gql.now()).await;
        RecoveryCodesPayload::present(added.map(|(_, codes)| codes).map_err(Verdict::from))
    }

    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn rename_passkey(
        &self,
        ctx: &Context<'_>,
        passkey_id: ID,
        name: String,
    ) -> Result<SecurityPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        let Ok(name) = Line::parse(&name) else { return Ok(SecurityPayload::refused(no_name())) };
        let Ok(which) = parse_id::<PasskeyId>(&passkey_id) else { return Ok(not_found()) };
        let renamed = gql.parts().platform.rename_passkey(session, which, name).await;
        SecurityPayload::present(renamed.map_err(Verdict::from))
    }

    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn remove_passkey(&self, ctx: &Context<'_>, passkey_id: ID) -> Result<SecurityPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        let Ok(which) = parse_id::<PasskeyId>(&passkey_id) else { return Ok(not_found()) };
        let removed = gql.parts().platform.remove_passkey(session, which, gql.now()).await;
        SecurityPayload::present(removed.map_err(Verdict::from))
    }

    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Result<SecurityPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        if input.current.len() > LONGEST || input.new.len() > LONGEST {
            return Err(Fault::bad_input("a password is at most 256 characters"));
        }
        let asked = NewPassword { current: input.current, new: input.new, end_others: input.end_others };
        let changed = gql.parts().platform.change_password(session, asked, gql.now()).await;
        SecurityPayload::present(changed.map_err(Verdict::from))
    }

    /// One of the viewer's own.
    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn end_session(&self, ctx: &Context<'_>, session_id: ID) -> Result<SecurityPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        let Ok(which) = parse_id::<SessionId>(&session_id) else { return Ok(not_found()) };
        let ended = gql.parts().platform.end_own_session(session, which, gql.now()).await;
        SecurityPayload::present(ended.map_err(Verdict::from))
    }

    /// All of the viewer's own but this one.
    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn end_other_sessions(&self, ctx: &Context<'_>) -> Result<SecurityPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        let ended = gql.parts().platform.end_other_sessions(session, gql.now()).await;
        SecurityPayload::present(ended.map_err(Verdict::from))
    }
}

fn not_found() -> SecurityPayload {
    SecurityPayload::refused(Refusal::not_found("id"))
}

fn no_name() -> Refusal {
    Refusal::new(RefusalCode::InvalidInput, "A passkey needs a name.", "Use one line, such as “work laptop”.")
        .about("name")
}
