//! Logging a contact.

use async_graphql::{Context, Object};
use trellis_domain::contact::{ContactError, ContactWrites, LogContact, log};
use trellis_domain::kernel::{ContactId, OpContext, Recorded, TypedId};
use trellis_domain::policy::Action;
use trellis_domain::referral::ReferralReads;
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::contact::LogContactInput;
use crate::graphql::payload::{ContactPayload, Payload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Logged, Tx, once};

#[derive(Default, Debug)]
pub struct ContactMutation;

#[Object]
impl ContactMutation {
    #[graphql(directive = rule::apply(Rule::By(Action::LogContact).into()))]
    async fn log_contact(&self, ctx: &Context<'_>, input: LogContactInput) -> Result<ContactPayload, Fault> {
        ContactPayload::present(once(gql(ctx)?, "logContact", &input, logged, logged_again).await)
    }
}

fn logged(tx: &mut Tx<'_>, op: &OpContext, cmd: LogContact) -> Result<Recorded<Logged>, ContactError> {
    let recorded = log(tx, op, cmd)?;
    let referral = tx.referral(recorded.value().referral)?;
    Ok(recorded.map(|contact| Logged { contact, referral }))
}

pub fn logged_again(tx: &mut Tx<'_>, contact: Uuid) -> Result<Logged, ContactError> {
    let contact = tx.contact(ContactId::from_uuid(contact))?.ok_or(ContactError::NotFound)?;
    let referral = tx.referral(contact.referral)?;
    Ok(Logged { contact, referral })
}
