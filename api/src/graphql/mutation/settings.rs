//! Settle how people sign in here and how the place shows itself; withdraw what does not hold yet; keep a logo.

use async_graphql::{Context, Object};
use trellis_domain::kernel::OpContext;
use trellis_domain::policy::Action;
use trellis_domain::tenancy::{
    Logo, LogoOf, SettingsError, SettingsOf, SettingsWrites, add_logo, change_settings, withdraw_settings,
};
use trellis_infra::picture::redrawn;
use trellis_infra::redis::Limit;
use uuid::Uuid;

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::{Fault, ReadError};
use crate::graphql::input::Command;
use crate::graphql::input::settings::{AddLogoInput, ChangeSettingsInput, WithdrawSettingsInput};
use crate::graphql::objects::look::look;
use crate::graphql::payload::Payload;
use crate::graphql::payload::settings::{LogoPayload, SettingsPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;
use crate::graphql::write::{Tx, once, within};

/// Drawing a picture anew costs a moment of a processor.
const LOGOS: Limit = Limit::per_seconds(10, 60);

#[derive(Default, Debug)]
pub struct SettingsMutation;

#[Object]
impl SettingsMutation {
    #[graphql(directive = rule::apply(Rule::By(Action::ChangeSettings).into()))]
    async fn change_settings(
        &self,
        ctx: &Context<'_>,
        input: ChangeSettingsInput,
    ) -> Result<SettingsPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| change_settings(tx, op, cmd);
        SettingsPayload::present(once(gql(ctx)?, "changeSettings", &input, decide, newest).await)
    }

    /// Takes back a change that does not hold yet. It stays in the history.
    #[graphql(directive = rule::apply(Rule::By(Action::ChangeSettings).into()))]
    async fn withdraw_settings(
        &self,
        ctx: &Context<'_>,
        input: WithdrawSettingsInput,
    ) -> Result<SettingsPayload, Fault> {
        let version = input.version;
        let decide = |tx: &mut Tx<'_>, op: &OpContext, version| withdraw_settings(tx, op, version);
        let again = move |tx: &mut Tx<'_>, _| as_it_stands(tx, version);
        SettingsPayload::present(once(gql(ctx)?, "withdrawSettings", &input, decide, again).await)
    }

    /// Keeps a picture for a change to name. Nobody sees it before.
    #[graphql(directive = rule::apply(Rule::By(Action::AddLogo).into()))]
    async fn add_logo(&self, ctx: &Context<'_>, input: AddLogoInput) -> Result<LogoPayload, Fault> {
        let gql = gql(ctx)?;
        LogoPayload::present(match drawn(gql, &input).await {
            Err(refused) => Err(refused),
            Ok(logo) => {
                let same = logo.clone();
                let decide = move |tx: &mut Tx<'_>, op: &OpContext, _| add_logo(tx, op, logo);
                let again = move |_: &mut Tx<'_>, owner: Uuid| Ok(LogoOf { owner, logo: same });
                once(gql, "addLogo", &input, decide, again).await
            }
        })
    }
}

/// Off the threads that answer, and only for somebody who may settle something.
async fn drawn(gql: &GqlContext, input: &AddLogoInput) -> Result<Logo, Verdict> {
    within(gql, "logo", LOGOS).await?;
    let file = input.parse()?;
    look(gql, |_, op| op.visibility(Action::AddLogo).map(|_| ()).map_err(ReadError::from)).await?;
    let drawn = tokio::task::spawn_blocking(move || redrawn(&file)).await;
    Ok(drawn.map_err(|_| Fault::internal())??)
}

/// The newest, as it stands now.
fn newest(tx: &mut Tx<'_>, _: Uuid) -> Result<SettingsOf, SettingsError> {
    let newest = tx.newest_settings()?;
    as_it_stands(tx, newest)
}

fn as_it_stands(tx: &mut Tx<'_>, version: i32) -> Result<SettingsOf, SettingsError> {
    let op = tx.op().clone();
    let version = tx.settings_version(version)?.ok_or(SettingsError::NotFound)?;
    Ok(SettingsOf::acting(&op, version))
}
