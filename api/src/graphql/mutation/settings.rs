//! How people sign in here: what holds, what held, and what will.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use trellis_domain::kernel::OpContext;
use trellis_domain::policy::Action;
use trellis_domain::tenancy::change_settings::{ChangeSettings, change_settings};
use trellis_domain::tenancy::{Settings, SettingsError, SettingsOf, SettingsVersion, SettingsWrites};
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::{Answer, Fault};
use crate::graphql::input::{Check, Command};
use crate::graphql::objects::look::look;
use crate::graphql::payload::Payload;
use crate::graphql::refusal::Refusal;
use crate::graphql::scalars::DateTime;
use crate::graphql::write::{Tx, once};

/// One version of what was settled.
#[derive(Debug, Clone, SimpleObject)]
pub struct SignInSettings {
    version: i32,
    takes_effect_at: DateTime,
    second_factor_required: bool,
    idle_minutes: i32,
    session_hours: i32,
}

impl From<SettingsVersion> for SignInSettings {
    fn from(kept: SettingsVersion) -> Self {
        Self {
            version: kept.version,
            takes_effect_at: kept.takes_effect_at.into(),
            second_factor_required: kept.settings.second_factor_required,
            idle_minutes: kept.settings.idle_minutes.into(),
            session_hours: kept.settings.session_hours.into(),
        }
    }
}

#[derive(InputObject, Clone)]
pub struct ChangeSettingsInput {
    pub second_factor_required: bool,
    /// 10 to 60.
    pub idle_minutes: i32,
    /// 1 to 24.
    pub session_hours: i32,
    /// None: at once.
    pub takes_effect_at: Option<DateTime>,
    /// The newest version that was read; 0 where nothing was settled yet.
    pub after_version: i32,
    pub idempotency_key: Option<String>,
}

impl Command for ChangeSettingsInput {
    type Parsed = ChangeSettings;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<ChangeSettings, Refusal> {
        let mut check = Check::new();
        let minutes =
            check.field("idleMinutes", u16::try_from(self.idle_minutes).map_err(|_| "must be 10 to 60"));
        let hours =
            check.field("sessionHours", u16::try_from(self.session_hours).map_err(|_| "must be 1 to 24"));
        let after_version = self.after_version.max(0);
        let second_factor_required = self.second_factor_required;
        let takes_effect_at = Check::instant(self.takes_effect_at);
        check.finish(minutes.zip(hours).map(|(idle_minutes, session_hours)| ChangeSettings {
            settings: Settings { second_factor_required, idle_minutes, session_hours },
            takes_effect_at,
            after_version,
        }))
    }
}

#[derive(SimpleObject)]
pub struct SettingsPayload {
    pub settings: Option<SignInSettings>,
    pub refusal: Option<Refusal>,
}

impl Payload for SettingsPayload {
    type Done = SettingsOf;

    fn done(settled: SettingsOf) -> Self {
        Self { settings: Some(settled.version.into()), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { settings: None, refusal: Some(refusal) }
    }
}

#[derive(Default, Debug)]
pub struct SettingsMutation;

#[Object]
impl SettingsMutation {
    async fn change_settings(
        &self,
        ctx: &Context<'_>,
        input: ChangeSettingsInput,
    ) -> Result<SettingsPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| change_settings(tx, op, cmd);
        SettingsPayload::present(once(gql(ctx)?, "changeSettings", &input, decide, again).await)
    }
}

#[derive(Default, Debug)]
pub struct SettingsQuery;

#[Object]
impl SettingsQuery {
    /// Of the acting organisation, or of the network for a role in it: the newest first, those to come among them. None:
    /// what the product does by itself.
    async fn settings(&self, ctx: &Context<'_>) -> Answer<Vec<SignInSettings>> {
        let read = look(gql(ctx)?, |tx, op| {
            let seen = op.visibility(Action::ViewSettings)?;
            Ok(tx.settings_versions(seen)?)
        });
        Ok(read.await?.into_iter().map(SignInSettings::from).collect())
    }
}

/// The newest, as it stands now.
fn again(tx: &mut Tx<'_>, _: Uuid) -> Result<SettingsOf, SettingsError> {
    let (network, organisation) = (tx.op().network(), tx.op().organisation());
    let newest = tx.newest_settings()?;
    let seen = tx.op().visibility(Action::ViewSettings)?;
    let version = tx.settings_versions(seen)?.into_iter().find(|kept| kept.version == newest);
    version.map(|version| SettingsOf { network, organisation, version }).ok_or(SettingsError::Stale)
}
