//! Say which provider an organisation trusts, or change what is said of it. A new one is off until somebody has tried it.

use super::{ClientSecret, Issuer, Provider, ProviderError, ProviderEvent, ProviderWrites, ShortName, Words};
use crate::audit::Event;
use crate::kernel::{Line, OpContext, Recorded};
use crate::policy::Action;

#[derive(Debug, Clone)]
pub struct Configure {
    /// The version that was read; none for the first.
    pub version: Option<i32>,
    pub short_name: ShortName,
    pub name: Line,
    pub issuer: Issuer,
    pub client_id: Line,
    /// None keeps the one that is there.
    pub secret: Option<ClientSecret>,
    pub scopes: Words,
    pub strong_acr: Words,
    pub strong_amr: Words,
}

pub fn configure<S>(tx: &mut S, op: &OpContext, cmd: Configure) -> Result<Recorded<Provider>, ProviderError>
where
    S: ProviderWrites + ?Sized,
{
    let organisation = op.organisation().ok_or(ProviderError::NoOrganisation)?;
    let known = tx.lock_provider()?;
    let provider = Provider {
        id: known.as_ref().map_or_else(|| op.new_id(), |known| known.id),
        organisation,
        version: known.as_ref().map_or(1, |known| known.version + 1),
        short_name: cmd.short_name,
        name: cmd.name,
        issuer: cmd.issuer,
        client_id: cmd.client_id,
        scopes: cmd.scopes,
        strong_acr: cmd.strong_acr,
        strong_amr: cmd.strong_amr,
        enabled: known.as_ref().is_some_and(|known| known.enabled),
    };
    let permit = op.authorize(Action::ConfigureProvider, &provider)?;
    if known.as_ref().map(|known| known.version) != cmd.version {
        return Err(ProviderError::Stale);
    }
    // Another issuer or client must not come into the hands of the secret of the one before.
    let moved =
        known.is_none_or(|known| known.issuer != provider.issuer || known.client_id != provider.client_id);
    if moved && cmd.secret.is_none() {
        return Err(ProviderError::NoSecret);
    }
    if !tx.save_provider(&provider, cmd.secret.as_ref())? {
        return Err(ProviderError::ShortNameTaken);
    }
    let event = ProviderEvent { provider: provider.id, organisation, name: "provider.configured" };
    Ok(Recorded::new(permit, provider, [Event::Provider(event)]))
}
