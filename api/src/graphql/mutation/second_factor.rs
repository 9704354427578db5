//! The second half of a sign-in, and signing in with a passkey alone. Nobody has a session yet: the ticket or the challenge is
//! the caller's.

use async_graphql::{Context, Object};
use trellis_infra::pg::platform::{CredentialError, LinkPurpose, Recovering, SignInError};

use super::security::standing;
use super::session::{entered, issue, visit};
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Fault;
use crate::graphql::input::security::{
    ConfirmAuthenticatorInput, FinishSignInInput, PasskeyAnswerInput, PasskeyUse, RecoverPasswordInput,
};
use crate::graphql::payload::security::{
    AuthenticatorPayload, PasskeyChallengePayload, RecoveryCodesPayload, SecurityPayload,
};
use crate::graphql::payload::{Payload, TokensPayload};
use crate::graphql::refusal::Refusal;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;

#[derive(Default, Debug)]
pub struct SecondFactorMutation;

#[Object]
impl SecondFactorMutation {
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn finish_sign_in(
        &self,
        ctx: &Context<'_>,
        input: FinishSignInInput,
    ) -> Result<TokensPayload, Fault> {
        let gql = gql(ctx)?;
        let ticket = input.ticket.clone();
        let Some(proof) = input.proof() else { return Ok(TokensPayload::refused(Refusal::code_wrong())) };
        let finished = gql.parts().platform.finish_sign_in(&ticket, proof, gql.now()).await;
        TokensPayload::present(finished.map_err(Verdict::from).and_then(|signed_in| issue(gql, signed_in)))
    }

    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn sign_in_with_passkey(
        &self,
        ctx: &Context<'_>,
        input: PasskeyAnswerInput,
    ) -> Result<TokensPayload, Fault> {
        let gql = gql(ctx)?;
        let (answer, source) =
            ((input.challenge.as_str(), input.answer.as_str()), gql.asked().address.as_str());
        let platform = &gql.parts().platform;
        entered(gql, platform.sign_in_with_passkey(answer, (source, visit(gql)), None, gql.now()).await)
    }

    /// Done whether or not the address is anybody's.
    #[graphql(directive = rule::apply(Rule::Anybody.into()))]
    async fn mail_sign_in_link(&self, ctx: &Context<'_>, email: String) -> Result<SecurityPayload, Fault> {
        mail(gql(ctx)?, &email, LinkPurpose::SignIn).await
    }

    /// The same.
    #[graphql(directive = rule::apply(Rule::Anybody.into()))]
    async fn mail_recovery_link(&self, ctx: &Context<'_>, email: String) -> Result<SecurityPayload, Fault> {
        mail(gql(ctx)?, &email, LinkPurpose::Recovery).await
    }

    /// With the token of a mail: one proof, so a second factor is asked for where there is one.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn sign_in_with_link(&self, ctx: &Context<'_>, token: String) -> Result<TokensPayload, Fault> {
        let gql = gql(ctx)?;
        entered(gql, gql.parts().platform.sign_in_by_link(&token, visit(gql), gql.now()).await)
    }

    /// Sets a new password with the token of a mail, and ends what is open. Nobody is signed in by it.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn recover_password(
        &self,
        ctx: &Context<'_>,
        input: RecoverPasswordInput,
    ) -> Result<SecurityPayload, Fault> {
        let gql = gql(ctx)?;
        if input.new.len() > 1024 {
            return Err(Fault::bad_input("a password is at most 256 characters"));
        }
        let recovering = Recovering { token: input.token, new: input.new };
        let recovered = gql.parts().platform.recover_password(recovering, gql.now()).await;
        SecurityPayload::present(recovered.map_err(Verdict::from))
    }

    /// `ticket`: for `SECOND_FACTOR`.
    #[graphql(directive = rule::apply(Rule::SecretOrOwn.into()))]
    async fn ask_passkey(
        &self,
        ctx: &Context<'_>,
        r#use: PasskeyUse,
        ticket: Option<String>,
    ) -> Result<PasskeyChallengePayload, Fault> {
        let gql = gql(ctx)?;
        let (platform, now) = (&gql.parts().platform, gql.now());
        let asked = match r#use {
            PasskeyUse::SignIn => {
                let asked = platform.ask_any_passkey(&gql.asked().address, now).await;
                asked.map_err(|error| match error {
                    SignInError::Refused => CredentialError::NoPasskeysHere.into(),
                    other => Verdict::from(other),
                })
            }
            PasskeyUse::SecondFactor => {
                let ticket = ticket.unwrap_or_default();
                platform.ask_passkey_for_ticket(&ticket, now).await.map_err(Verdict::from)
            }
            PasskeyUse::Prove => {
                platform.ask_passkey_to_prove(standing(gql).await?, now).await.map_err(Verdict::from)
            }
            PasskeyUse::Register => {
                platform.start_passkey(standing(gql).await?, now).await.map_err(Verdict::from)
            }
        };
        PasskeyChallengePayload::present(asked)
    }

    /// An app that shows codes; it is asked for once its first code was right.
    #[graphql(directive = rule::apply(Rule::SecretOrOwn.into()))]
    async fn start_authenticator(
        &self,
        ctx: &Context<'_>,
        ticket: Option<String>,
    ) -> Result<AuthenticatorPayload, Fault> {
        let gql = gql(ctx)?;
        let (platform, now) = (&gql.parts().platform, gql.now());
        let begun = match ticket {
            Some(ticket) => platform.start_authenticator_by_ticket(&ticket, now).await.map_err(Verdict::from),
            None => platform.start_authenticator(standing(gql).await?, now).await.map_err(Verdict::from),
        };
        AuthenticatorPayload::present(begun)
    }

    /// Answers the recovery codes, which are shown this once.
    #[graphql(directive = rule::apply(Rule::SecretOrOwn.into()))]
    async fn confirm_authenticator(
        &self,
        ctx: &Context<'_>,
        input: ConfirmAuthenticatorInput,
    ) -> Result<RecoveryCodesPayload, Fault> {
        let gql = gql(ctx)?;
        let (platform, now) = (&gql.parts().platform, gql.now());
        let confirmed = if let Some(ticket) = &input.ticket {
            platform.confirm_authenticator_by_ticket(ticket, &input.code, now).await.map_err(Verdict::from)
        } else {
            let session = standing(gql).await?;
            platform.confirm_authenticator(session, &input.code, now).await.map_err(Verdict::from)
        };
        RecoveryCodesPayload::present(confirmed)
    }
}

async fn mail(gql: &GqlContext, email: &str, purpose: LinkPurpose) -> Result<SecurityPayload, Fault> {
    let from = (purpose, gql.asked().address.as_str());
    let email = email.get(..email.len().min(1024)).unwrap_or_default();
    let mailed = gql.parts().platform.mail_link(email, from, gql.now()).await;
    SecurityPayload::present(mailed.map_err(Verdict::from))
}
