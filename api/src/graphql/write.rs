//! The way of every signed-in write: session, key, input, one use case, at most once. Whether it may happen is the
//! use case's to say; how it is answered is `verdict`'s.

use trellis_domain::consent::Decision;
use trellis_domain::contact::Contact;
use trellis_domain::kernel::{OpContext, Recorded, StoreError, Subject, TypedId};
use trellis_domain::policy::Refused;
use trellis_domain::referral::Referral;
use trellis_infra::pg::read::ReceiptLine;
use trellis_infra::pg::{PgTx, ReadWrite};
use trellis_infra::redis::{Limit, LimitKey, Verdict as Counted};
use uuid::Uuid;

use super::context::GqlContext;
use super::input::Command;
use super::input::command::key_of;
use super::refusal::Refusal;
use super::verdict::Verdict;

/// A transaction that may save.
pub type Tx<'a> = PgTx<'a, ReadWrite>;

/// Counts one act of the acting member, or says how long to wait. For what sends mail or knocks somewhere.
pub async fn within(gql: &GqlContext, what: &'static str, most: Limit) -> Result<(), Verdict> {
    let member = gql.session()?.membership.uuid().simple().to_string();
    counted(gql, LimitKey::new(what, &[&member]), most).await
}

/// The same for what is done about one thing, whoever of the organisation does it.
pub async fn within_about(
    gql: &GqlContext,
    (what, about): (&'static str, &str),
    most: Limit,
) -> Result<(), Verdict> {
    let session = gql.session()?;
    let place = session.organisation.map_or(session.network.uuid(), TypedId::uuid).simple().to_string();
    counted(gql, LimitKey::new(what, &[&place, about]), most).await
}

async fn counted(gql: &GqlContext, key: LimitKey, most: Limit) -> Result<(), Verdict> {
    match gql.parts().limiter.check(&key, most, gql.now()).await {
        Counted::Limited { retry_after } => Err(Refusal::too_many_tries(retry_after).into()),
        Counted::Allowed => Ok(()),
    }
}

/// Runs one use case. `again` reads what a repeated request was answered with, as it stands now.
pub async fn once<C, T, E, D, A>(
    gql: &GqlContext,
    operation: &'static str,
    input: &C,
    decide: D,
    again: A,
) -> Result<T, Verdict>
where
    C: Command,
    C::Parsed: Send + 'static,
    T: Subject + Send + 'static,
    E: Into<Verdict> + From<StoreError> + Refused + Send + 'static,
    D: FnOnce(&mut Tx<'_>, &OpContext, C::Parsed) -> Result<Recorded<T>, E> + Send + 'static,
    A: FnOnce(&mut Tx<'_>, Uuid) -> Result<T, E> + Send + 'static,
{
    gql.session()?;
    let key = key_of(gql, operation, input)?;
    let command = input.parse()?;
    let op = gql.op_once(key)?;
    let answer = gql.store().write_once(&op, move |tx, op| decide(tx, op, command), again).await;
    let answer = answer.map_err(Into::into)?;
    gql.note_replay(answer.replayed);
    Ok(answer.value)
}

/// A contact, with the referral as logging it has left it.
#[derive(Debug)]
pub struct Logged {
    pub contact: Contact,
    pub referral: Option<Referral>,
}

/// A decision that was taken back, with the person's receipt in words.
#[derive(Debug)]
pub struct Withdrawn {
    pub decision: Decision,
    pub lines: Vec<ReceiptLine>,
}

impl Subject for Withdrawn {
    fn subject(&self) -> Uuid {
        self.decision.subject()
    }
}

impl Subject for Logged {
    fn subject(&self) -> Uuid {
        self.contact.subject()
    }
}
