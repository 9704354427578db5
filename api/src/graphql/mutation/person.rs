//! Registering people, and how they want to be reached.

use async_graphql::{Context, Object};
use trellis_domain::kernel::{OpContext, PersonId, TypedId};
use trellis_domain::person::{Person, PersonError, PersonReads, change_preferences, register};
use trellis_domain::policy::Action;
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::person::{ChangePreferencesInput, RegisterPersonInput};
use crate::graphql::payload::{Payload, PersonPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, once};

#[derive(Default, Debug)]
pub struct PersonMutation;

#[Object]
impl PersonMutation {
    #[graphql(directive = rule::apply(Rule::By(Action::RegisterPerson).into()))]
    async fn register_person(
        &self,
        ctx: &Context<'_>,
        input: RegisterPersonInput,
    ) -> Result<PersonPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| register(tx, op, cmd);
        PersonPayload::present(once(gql(ctx)?, "registerPerson", &input, decide, again).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::ChangePerson).into()))]
    async fn change_preferences(
        &self,
        ctx: &Context<'_>,
        input: ChangePreferencesInput,
    ) -> Result<PersonPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| change_preferences(tx, op, cmd);
        PersonPayload::present(once(gql(ctx)?, "changePreferences", &input, decide, again).await)
    }
}

fn again(tx: &mut Tx<'_>, person: Uuid) -> Result<Person, PersonError> {
    tx.person(PersonId::from_uuid(person))?.ok_or(PersonError::NotFound)
}
