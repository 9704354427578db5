//! What the mutations about settings answer.

use async_graphql::SimpleObject;
use trellis_domain::tenancy::{LogoOf, SettingsOf, SettingsVersion};

use super::super::objects::settings::{LogoObject, SettingsVersionObject};
use super::super::refusal::Refusal;
use super::{Payload, payload};
use crate::graphql::rules::{Rule, rule};

payload!(SettingsPayload { settings: SettingsVersionObject } of SettingsOf);

/// What a change would be, if it were made now.
#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct SettingsPreview {
    pub settings: Option<SettingsVersionObject>,
    /// What it would take the place of.
    pub replaced: Option<SettingsVersionObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for SettingsPreview {
    type Done = (SettingsVersion, SettingsVersion);

    fn done((settings, replaced): Self::Done) -> Self {
        Self { settings: Some(settings.into()), replaced: Some(replaced.into()), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { settings: None, replaced: None, refusal: Some(refusal) }
    }
}

payload!(LogoPayload { logo: LogoObject } of LogoOf);
