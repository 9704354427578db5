//! Joining by application: what whoever applies does without a login, and what whoever coordinates the network answers.

use std::sync::Arc;

use async_graphql::{Context, Object};
use trellis_domain::application::answer::{ask_applicant, decline_application};
use trellis_domain::application::apply::{apply, confirm, reply};
use trellis_domain::application::approve::approve;
use trellis_domain::application::{Application, ApplicationError, ApplicationReads, Joining, change_joining};
use trellis_domain::kernel::{ApplicationId, OpContext, Prose, Recorded, TypedId};
use trellis_domain::policy::Action;
use trellis_infra::redis::{Limit, LimitKey, Verdict as Counted};
use uuid::Uuid;

use super::organisation::offered;
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Fault;
use crate::graphql::input::application::{
    ApplicationInput, ApplyToJoinInput, AskApplicantInput, ChangeJoiningInput, DeclineApplicationInput,
};
use crate::graphql::payload::Payload;
use crate::graphql::payload::people::{ApplicationPayload, AppliedPayload, JoiningPayload};
use crate::graphql::refusal::{Refusal, RefusalCode};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;
use crate::graphql::write::{Tx, once};

/// Each is a row and a mail that nobody has asked for yet.
const APPLIED_FROM_ONE_SOURCE: Limit = Limit::per_hour(5);
const APPLIED_WITH_ONE_ADDRESS: Limit = Limit::per_hour(3);
const BY_LINK_FROM_ONE_SOURCE: Limit = Limit::per_minute(10);

#[derive(Default, Debug)]
pub struct ApplicationMutation;

#[Object]
impl ApplicationMutation {
    /// Anonymous. A mail goes to the address; until its link is pressed nobody sees the application. The same answer
    /// whatever is known of the group or the address.
    #[graphql(directive = rule::apply(Rule::Anybody.into()))]
    async fn apply_to_join(
        &self,
        ctx: &Context<'_>,
        input: ApplyToJoinInput,
    ) -> Result<AppliedPayload, Fault> {
        AppliedPayload::present(applied(gql(ctx)?, &input).await)
    }

    /// Anonymous: the secret is the token of the link. Doing it again changes nothing.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn confirm_application(&self, ctx: &Context<'_>, token: String) -> Result<AppliedPayload, Fault> {
        let gql = gql(ctx)?;
        AppliedPayload::present(
            by_link(gql, &token, |tx, op| confirm(tx, op).map(|done| done.map(|_| ()))).await,
        )
    }

    /// Anonymous: answers what whoever coordinates the network has asked.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn reply_to_question(
        &self,
        ctx: &Context<'_>,
        token: String,
        reply: String,
    ) -> Result<AppliedPayload, Fault> {
        let gql = gql(ctx)?;
        let Ok(words) = Prose::parse(&reply) else {
            let message = "An answer is between 1 and 4,000 characters.";
            let refusal = Refusal::new(RefusalCode::InvalidInput, message, "Write an answer.").about("reply");
            return Ok(AppliedPayload::refused(refusal));
        };
        let answer =
            |tx: &mut Tx<'_>, op: &OpContext| self::reply(tx, op, words).map(|done| done.map(|_| ()));
        AppliedPayload::present(by_link(gql, &token, answer).await)
    }

    /// The group becomes an organisation, and whoever applied is invited as its administrator.
    #[graphql(directive = rule::apply(Rule::By(Action::AnswerApplication).into()))]
    async fn approve_application(
        &self,
        ctx: &Context<'_>,
        input: ApplicationInput,
    ) -> Result<ApplicationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, id| {
            approve(tx, op, id, |application: &Application| {
                let at = application.postcode.as_ref();
                let offers = application.details.offers.iter().cloned();
                offers.map(|name| offered(op, op.new_id(), name, at)).collect()
            })
        };
        ApplicationPayload::present(once(gql(ctx)?, "approveApplication", &input, decide, again).await)
    }

    /// By mail; they answer on a page.
    #[graphql(directive = rule::apply(Rule::By(Action::AnswerApplication).into()))]
    async fn ask_applicant(
        &self,
        ctx: &Context<'_>,
        input: AskApplicantInput,
    ) -> Result<ApplicationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| ask_applicant(tx, op, cmd);
        ApplicationPayload::present(once(gql(ctx)?, "askApplicant", &input, decide, again).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::AnswerApplication).into()))]
    async fn decline_application(
        &self,
        ctx: &Context<'_>,
        input: DeclineApplicationInput,
    ) -> Result<ApplicationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| decline_application(tx, op, cmd);
        ApplicationPayload::present(once(gql(ctx)?, "declineApplication", &input, decide, again).await)
    }

    /// Whether the network takes applications, and what whoever applies agrees to.
    #[graphql(directive = rule::apply(Rule::By(Action::ChangeJoining).into()))]
    async fn change_joining(
        &self,
        ctx: &Context<'_>,
        input: ChangeJoiningInput,
    ) -> Result<JoiningPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| change_joining(tx, op, cmd);
        JoiningPayload::present(once(gql(ctx)?, "changeJoining", &input, decide, settled).await)
    }
}

async fn applied(gql: &GqlContext, input: &ApplyToJoinInput) -> Result<(), Verdict> {
    let parts = gql.parts();
    let cmd = input.parse()?;
    let (source, email) = (gql.asked().address.as_str(), cmd.details.email.as_str());
    for (key, limit) in [
        (LimitKey::new("apply-source", &[source]), APPLIED_FROM_ONE_SOURCE),
        (LimitKey::new("apply", &[email]), APPLIED_WITH_ONE_ADDRESS),
    ] {
        if let Counted::Limited { retry_after } = parts.limiter.check(&key, limit, gql.now()).await {
            return Err(Refusal::too_many_tries(retry_after).into());
        }
    }
    let network = parts.platform.joinable(&input.network).await.map_err(Verdict::from)?;
    let network = network.ok_or(ApplicationError::NotTaken)?.network;
    let applicant = parts.platform.new_applicant(network, gql.now());
    let op = OpContext::for_applicant(applicant, &*parts.clock, Arc::clone(&parts.ids));
    let op = op.with_request(gql.asked().request);
    gql.store().write(&op, move |tx, op| apply(tx, op, cmd)).await.map(|_| ()).map_err(Verdict::from)
}

/// Counted by where it is pressed.
async fn by_link<D>(gql: &GqlContext, token: &str, decide: D) -> Result<(), Verdict>
where
    D: FnOnce(&mut Tx<'_>, &OpContext) -> Result<Recorded<()>, ApplicationError> + Send + 'static,
{
    let parts = gql.parts();
    let key = LimitKey::new("application", &[&gql.asked().address]);
    if let Counted::Limited { retry_after } =
        parts.limiter.check(&key, BY_LINK_FROM_ONE_SOURCE, gql.now()).await
    {
        return Err(Refusal::too_many_tries(retry_after).into());
    }
    let applicant = parts.platform.applicant(token).await.map_err(Verdict::from)?;
    let applicant = applicant.ok_or(ApplicationError::NotFound)?;
    let op = OpContext::for_applicant(applicant, &*parts.clock, Arc::clone(&parts.ids));
    let op = op.with_request(gql.asked().request);
    gql.store().write(&op, decide).await.map_err(Verdict::from)
}

fn again(tx: &mut Tx<'_>, id: Uuid) -> Result<Application, ApplicationError> {
    tx.application(ApplicationId::from_uuid(id))?.ok_or(ApplicationError::NotFound)
}

fn settled(tx: &mut Tx<'_>, _: Uuid) -> Result<Joining, ApplicationError> {
    tx.joining()?.ok_or(ApplicationError::NotFound)
}
