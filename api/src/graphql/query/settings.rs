//! What the acting place has settled: for whoever may see it.

use async_graphql::{Context, Object};
use trellis_domain::kernel::Recorded;
use trellis_domain::policy::Action;
use trellis_domain::tenancy::{SettingsError, SettingsVersion, change_settings};

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::{Answer, Fault};
use crate::graphql::input::Command;
use crate::graphql::input::settings::ChangeSettingsInput;
use crate::graphql::objects::look::look;
use crate::graphql::objects::settings::SettingsObject;
use crate::graphql::payload::Payload;
use crate::graphql::payload::settings::SettingsPreview;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;

#[derive(Default, Debug)]
pub struct SettingsQuery;

#[Object]
impl SettingsQuery {
    /// Of the acting organisation, or of the network for a role in it.
    #[graphql(directive = rule::apply(Rule::By(Action::ViewSettings).into()))]
    async fn settings(&self, ctx: &Context<'_>) -> Answer<SettingsObject> {
        let read = look(gql(ctx)?, |tx, op| {
            let seen = op.visibility(Action::ViewSettings)?;
            Ok(SettingsObject {
                newest: tx.newest_version(seen)?,
                in_force: tx.settings_holding(op.now())?,
                planned: tx.planned_settings(seen, op.now())?,
            })
        });
        read.await
    }

    /// What a change would be. Decided by the same rules as the change itself, which is then not made.
    #[graphql(directive = rule::apply(Rule::By(Action::ChangeSettings).into()))]
    async fn settings_preview(
        &self,
        ctx: &Context<'_>,
        input: ChangeSettingsInput,
    ) -> Result<SettingsPreview, Fault> {
        SettingsPreview::present(previewed(gql(ctx)?, &input).await)
    }
}

async fn previewed(
    gql: &GqlContext,
    input: &ChangeSettingsInput,
) -> Result<(SettingsVersion, SettingsVersion), Verdict> {
    let op = gql.op()?;
    let cmd = input.parse()?;
    let decided = gql.store().write(&op, move |tx, op| {
        let settled = change_settings(tx, op, cmd)?.value().version.clone();
        let replaced = tx.settings_before(&settled)?;
        // The store rolls back what records nothing.
        Ok::<_, SettingsError>(Recorded::unchanged((settled, replaced)))
    });
    Ok(decided.await?)
}
