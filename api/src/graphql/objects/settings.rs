//! What a place has settled, as it is shown: to whoever may change it with its history, to everybody who acts for it the part
//! that they see or live under.

use async_graphql::{Context, Object, SimpleObject};
use trellis_domain::policy::Action;
use trellis_domain::tenancy::{Branding as Kept, LogoDigest, LogoOf, SettingsOf, SettingsVersion};
use trellis_infra::pg::settings::SettingsEntry;

use super::look::look;
use crate::graphql::context::gql;
use crate::graphql::error::Answer;
use crate::graphql::query::page::{List, Place, Placed, connection};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

connection!(SettingsConnection, SettingsEdge of SettingsChange);

/// The address of a logo, below that of the installation.
pub fn logo_address(logo: &LogoDigest) -> String {
    format!("/branding/{}.png", logo.hex())
}

/// How a place shows itself. Null where nothing was chosen.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct Branding {
    pub display_name: Option<String>,
    pub short_line: Option<String>,
    /// Such as `#0b4f4a`: white words can be read on it.
    pub accent: Option<String>,
    /// The digest by which a change names it.
    pub logo: Option<String>,
    /// Where the picture is. What is there never changes.
    pub logo_address: Option<String>,
}

impl From<Kept> for Branding {
    fn from(kept: Kept) -> Self {
        Self {
            display_name: kept.display_name.map(String::from),
            short_line: kept.short_line.map(String::from),
            accent: kept.accent.map(|accent| accent.to_string()),
            logo_address: kept.logo.as_ref().map(logo_address),
            logo: kept.logo.map(|logo| logo.hex()),
        }
    }
}

/// One version of what was settled. Version 0 is what the product does by itself.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "SettingsVersion", directive = rule::apply(Rule::NothingMore.into()))]
pub struct SettingsVersionObject {
    version: i32,
    takes_effect_at: DateTime,
    second_factor_required: bool,
    idle_minutes: i32,
    session_hours: i32,
    branding: Branding,
}

impl From<SettingsVersion> for SettingsVersionObject {
    fn from(kept: SettingsVersion) -> Self {
        Self {
            version: kept.version,
            takes_effect_at: kept.takes_effect_at.into(),
            second_factor_required: kept.settings.second_factor_required,
            idle_minutes: kept.settings.idle_minutes.into(),
            session_hours: kept.settings.session_hours.into(),
            branding: kept.branding.into(),
        }
    }
}

impl SettingsVersionObject {
    /// For payloads.
    pub fn new(settled: SettingsOf) -> Self {
        settled.version.into()
    }
}

/// One line of the history.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct SettingsChange {
    settings: SettingsVersionObject,
    /// What it takes the place of, as far as is settled now: no version that was withdrawn.
    replaced: SettingsVersionObject,
    changed_at: DateTime,
    /// The name of whoever settled it.
    changed_by: Option<String>,
    withdrawn_at: Option<DateTime>,
    withdrawn_by: Option<String>,
}

impl From<SettingsEntry> for SettingsChange {
    fn from(entry: SettingsEntry) -> Self {
        Self {
            withdrawn_at: entry.kept.withdrawn_at.map(Into::into),
            settings: entry.kept.into(),
            replaced: entry.replaced.into(),
            changed_at: entry.changed_at.into(),
            changed_by: entry.changed_by,
            withdrawn_by: entry.withdrawn_by,
        }
    }
}

impl Place for i32 {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// What the acting organisation, or the network for a role in it, has settled.
#[derive(Debug, Clone)]
pub struct SettingsObject {
    pub newest: i32,
    pub in_force: SettingsVersion,
    pub planned: Vec<SettingsEntry>,
}

#[Object(name = "Settings", directive = rule::apply(Rule::By(Action::ViewSettings).into()))]
impl SettingsObject {
    /// To be sent with a change; 0 where nothing was settled yet.
    async fn newest_version(&self) -> i32 {
        self.newest
    }

    async fn in_force(&self) -> SettingsVersionObject {
        self.in_force.clone().into()
    }

    /// What is to hold later, the next first.
    async fn planned(&self) -> Vec<SettingsChange> {
        self.planned.iter().cloned().map(Into::into).collect()
    }

    /// Every change, the newest first, those that were withdrawn among them.
    async fn history(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Answer<SettingsConnection> {
        let gql = gql(ctx)?;
        let list = List::of("settings", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ViewSettings)?;
            Ok(tx.settings_history(seen, &page)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|entry| list.cursor(&entry.kept.version)).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(entry, cursor)| Placed { node: SettingsChange::from(entry), cursor });
        Ok(SettingsConnection::new(rows.collect(), page_info))
    }
}

/// A picture that a change can name.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Logo", directive = rule::apply(Rule::NothingMore.into()))]
pub struct LogoObject {
    digest: String,
    address: String,
    width: u32,
    height: u32,
}

impl LogoObject {
    pub fn new(LogoOf { logo, .. }: LogoOf) -> Self {
        Self {
            digest: logo.digest.hex(),
            address: logo_address(&logo.digest),
            width: logo.width,
            height: logo.height,
        }
    }
}
