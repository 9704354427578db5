//! Inviting people, changing what they may do, ending it; and taking an invitation up.

use std::sync::Arc;

use async_graphql::{Context, Object};
use trellis_domain::identity::accept_invitation::accept_invitation;
use trellis_domain::identity::ask_again::ask_again;
use trellis_domain::identity::change_roles::change_roles;
use trellis_domain::identity::end_member_sessions::end_member_sessions;
use trellis_domain::identity::end_membership::end_membership;
use trellis_domain::identity::invite::invite;
use trellis_domain::identity::resend_invitation::resend_invitation;
use trellis_domain::identity::withdraw_invitation::withdraw_invitation;
use trellis_domain::identity::{
    Held, IdentityWrites, Invitation, InvitationError, InvitationWrites, MembershipError,
};
use trellis_domain::kernel::{InvitationId, MembershipId, OpContext, TypedId};
use trellis_domain::policy::Action;
use trellis_infra::pg::platform::{InvitationFacts, JoinError};
use trellis_infra::redis::{Limit, LimitKey, Verdict as Counted};
use uuid::Uuid;

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Fault;
use crate::graphql::input::staff::{
    AcceptInvitationInput, ChangeRolesInput, EndMemberSessionsInput, EndMembershipInput, InvitationInput,
    InviteMemberInput,
};
use crate::graphql::payload::Payload;
use crate::graphql::payload::people::{InvitationPayload, MemberPayload, OpenedInvitationPayload};
use crate::graphql::refusal::Refusal;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;
use crate::graphql::write::{Tx, once, within};

/// Tries from one address, whatever the link.
const FROM_ONE_ADDRESS: Limit = Limit::per_minute(30);
/// Longer than any name or password that is taken; what is longer is not looked at.
const LONGEST: usize = 1024;

/// Each is a mail to an address that somebody typed.
const MOST_INVITED: Limit = Limit::per_hour(100);

#[derive(Default, Debug)]
pub struct StaffMutation;

#[Object]
impl StaffMutation {
    #[graphql(directive = rule::apply(Rule::By(Action::InviteMember).into()))]
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        input: InviteMemberInput,
    ) -> Result<InvitationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| invite(tx, op, cmd);
        let gql = gql(ctx)?;
        InvitationPayload::present(match within(gql, "invite", MOST_INVITED).await {
            Ok(()) => once(gql, "inviteMember", &input, decide, again).await,
            Err(refused) => Err(refused),
        })
    }

    /// A new link; the one before it opens nothing any more.
    #[graphql(directive = rule::apply(Rule::By(Action::ResendInvitation).into()))]
    async fn resend_invitation(
        &self,
        ctx: &Context<'_>,
        input: InvitationInput,
    ) -> Result<InvitationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| resend_invitation(tx, op, cmd);
        let gql = gql(ctx)?;
        InvitationPayload::present(match within(gql, "invite", MOST_INVITED).await {
            Ok(()) => once(gql, "resendInvitation", &input, decide, again).await,
            Err(refused) => Err(refused),
        })
    }

    #[graphql(directive = rule::apply(Rule::By(Action::WithdrawInvitation).into()))]
    async fn withdraw_invitation(
        &self,
        ctx: &Context<'_>,
        input: InvitationInput,
    ) -> Result<InvitationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| withdraw_invitation(tx, op, cmd);
        InvitationPayload::present(once(gql(ctx)?, "withdrawInvitation", &input, decide, again).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::ChangeRoles).into()))]
    async fn change_roles(&self, ctx: &Context<'_>, input: ChangeRolesInput) -> Result<MemberPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| change_roles(tx, op, cmd);
        MemberPayload::present(once(gql(ctx)?, "changeRoles", &input, decide, member_again).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::EndMembership).into()))]
    async fn end_membership(
        &self,
        ctx: &Context<'_>,
        input: EndMembershipInput,
    ) -> Result<MemberPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| end_membership(tx, op, cmd);
        MemberPayload::present(once(gql(ctx)?, "endMembership", &input, decide, member_again).await)
    }

    /// Every sign-in that acts for the membership. They may sign in again.
    #[graphql(directive = rule::apply(Rule::By(Action::EndMemberSessions).into()))]
    async fn end_member_sessions(
        &self,
        ctx: &Context<'_>,
        input: EndMemberSessionsInput,
    ) -> Result<MemberPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| end_member_sessions(tx, op, cmd);
        MemberPayload::present(once(gql(ctx)?, "endMemberSessions", &input, decide, member_again).await)
    }

    /// Anonymous: the secret is the token of the link. Makes the login, or proves the one there is; then joins. Doing it
    /// again changes nothing.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        input: AcceptInvitationInput,
    ) -> Result<OpenedInvitationPayload, Fault> {
        OpenedInvitationPayload::present(accepted(gql(ctx)?, &input).await)
    }

    /// Anonymous: whoever came too late asks whoever invited them for a new link.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn ask_for_invitation(
        &self,
        ctx: &Context<'_>,
        token: String,
    ) -> Result<OpenedInvitationPayload, Fault> {
        OpenedInvitationPayload::present(asked_again(gql(ctx)?, &token).await)
    }
}

async fn accepted(gql: &GqlContext, input: &AcceptInvitationInput) -> Result<(), Verdict> {
    let (facts, op) = opened(gql, &input.token).await?;
    let name = input.name.as_deref().filter(|name| name.len() <= LONGEST);
    if input.password.len() > LONGEST {
        return Err(Refusal::sign_in_failed().into());
    }
    // What cannot be taken up makes no login; the use case asks again, with the row locked.
    facts.invitation.check_open(gql.now()).or_else(|error| match error {
        InvitationError::Spent => Ok(()),
        error => Err(error),
    })?;
    if !facts.open {
        return Err(InvitationError::OrganisationShut.into());
    }
    let login = (name, input.password.as_str());
    let source = gql.asked().address.as_str();
    let user = gql.parts().platform.login_for(&facts, login, source, gql.now()).await?;
    let joined = gql.store().write(&op, move |tx, op| accept_invitation(tx, op, &user)).await;
    joined.map(|_| ()).map_err(Verdict::from)
}

async fn asked_again(gql: &GqlContext, token: &str) -> Result<(), Verdict> {
    let (_, op) = opened(gql, token).await?;
    let asked = gql.store().write(&op, |tx, op| ask_again(tx, op)).await;
    asked.map(|_| ()).map_err(Verdict::from)
}

/// The frame of whoever holds the newest link, counted by where they ask from.
async fn opened(gql: &GqlContext, token: &str) -> Result<(InvitationFacts, OpContext), Verdict> {
    let parts = gql.parts();
    let key = LimitKey::new("invitation", &[&gql.asked().address]);
    if let Counted::Limited { retry_after } = parts.limiter.check(&key, FROM_ONE_ADDRESS, gql.now()).await {
        return Err(Refusal::too_many_tries(retry_after).into());
    }
    let facts = parts.platform.invitation(token).await?;
    if facts.replaced {
        return Err(JoinError::Unknown.into());
    }
    let op = OpContext::for_invitation(facts.verified(), &*parts.clock, Arc::clone(&parts.ids));
    Ok((facts, op.with_request(gql.asked().request)))
}

fn again(tx: &mut Tx<'_>, id: Uuid) -> Result<Invitation, InvitationError> {
    tx.lock_invitation(InvitationId::from_uuid(id))?.ok_or(InvitationError::NotFound)
}

/// One that has ended since is not there any more.
fn member_again(tx: &mut Tx<'_>, id: Uuid) -> Result<Held, MembershipError> {
    tx.member(MembershipId::from_uuid(id))?.ok_or(MembershipError::NotFound)
}
