//! Answering through a provider's link. Nobody is signed in: the token is the secret, it answers one request, and
//! only a device that was verified by a code learns who the person is.

use std::sync::Arc;

use async_graphql::{Context, Object};
use trellis_domain::kernel::OpContext;
use trellis_domain::referral::answer_offer::{OfferAnswer, answer_offer};
use trellis_domain::referral::link::{CodeCheck, OfferError};
use trellis_domain::referral::send_code::send_code;
use trellis_domain::referral::verify_device::verify_device;
use trellis_infra::redis::{Limit, LimitKey, Verdict as Counted};

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Fault;
use crate::graphql::input::offer::{AnswerOfferInput, VerifyDeviceInput};
use crate::graphql::objects::OfferedRequestObject;
use crate::graphql::payload::{AnswerOfferPayload, Payload, VerifyDevicePayload};
use crate::graphql::query::offer::offered_request;
use crate::graphql::refusal::{Refusal, RefusalCode};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;

/// Tries from one address. A link's own codes have tighter limits of their own.
const FROM_ONE_ADDRESS: Limit = Limit::per_minute(30);

#[derive(Default, Debug)]
pub struct OfferMutation;

#[Object]
impl OfferMutation {
    /// The first answer counts. Accepting again what was accepted sends another code, nothing else.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn answer_offer(
        &self,
        ctx: &Context<'_>,
        input: AnswerOfferInput,
    ) -> Result<AnswerOfferPayload, Fault> {
        AnswerOfferPayload::present(answered(gql(ctx)?, &input).await)
    }

    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn verify_device(
        &self,
        ctx: &Context<'_>,
        input: VerifyDeviceInput,
    ) -> Result<VerifyDevicePayload, Fault> {
        VerifyDevicePayload::present(verified(gql(ctx)?, input).await)
    }
}

async fn answered(
    gql: &GqlContext,
    input: &AnswerOfferInput,
) -> Result<(OfferedRequestObject, bool), Verdict> {
    let answer = input.parse()?;
    let op = acting(gql, &input.token).await?;
    let written = gql.store().write(&op, move |tx, op| answer_offer(tx, op, answer)).await;
    let code_sent = match written {
        Ok(answered) => answered.code_sent,
        Err(OfferError::Spent) if answer == OfferAnswer::Accept => another_code(gql, &op).await?,
        Err(error) => return Err(error.into()),
    };
    Ok((offered_request(gql, &input.token, None).await?, code_sent))
}

/// For whoever lost the code, or accepted on another device. Where nothing was accepted, the link is just spent.
async fn another_code(gql: &GqlContext, op: &OpContext) -> Result<bool, Verdict> {
    let sent = gql.store().write(op, |tx, op| send_code(tx, op)).await;
    sent.map_err(|error| match error {
        OfferError::NotAccepted => OfferError::Spent.into(),
        other => other.into(),
    })
}

async fn verified(
    gql: &GqlContext,
    input: VerifyDeviceInput,
) -> Result<(String, OfferedRequestObject), Verdict> {
    let op = acting(gql, &input.token).await?;
    let VerifyDeviceInput { token, code } = input;
    let checked = gql.store().write(&op, move |tx, op| verify_device(tx, op, &code)).await?;
    let device = match checked {
        CodeCheck::Right { device } => device.into_inner(),
        CodeCheck::Wrong => return Err(wrong_code("That code is not right.").into()),
        CodeCheck::Expired => return Err(wrong_code("That code has ended.").into()),
        CodeCheck::TooManyTries => {
            let next = "Accept again to get another code, or phone whoever sent the link.";
            return Err(Refusal::new(RefusalCode::TooManyTries, "There were too many tries.", next).into());
        }
    };
    let request = offered_request(gql, &token, Some(device.clone())).await?;
    Ok((device, request))
}

fn wrong_code(message: &str) -> Refusal {
    let next = "Check the newest e-mail. Accept again to get another code.";
    Refusal::new(RefusalCode::CodeWrong, message, next).about("code")
}

/// The frame of whoever holds the link, counted by where they ask from.
async fn acting(gql: &GqlContext, token: &str) -> Result<OpContext, Verdict> {
    let parts = gql.parts();
    let key = LimitKey::new("offer", &[&gql.asked().address]);
    if let Counted::Limited { retry_after } = parts.limiter.check(&key, FROM_ONE_ADDRESS, gql.now()).await {
        return Err(Refusal::too_many_tries(retry_after).into());
    }
    let link = parts.platform.link(token).await?.link;
    let op = OpContext::for_link(link, &*parts.clock, Arc::clone(&parts.ids));
    Ok(op.with_request(gql.asked().request))
}
