//! Let people sign in with the provider, or no longer. Sessions that it has opened go on until they end by themselves.

use super::{Provider, ProviderError, ProviderEvent, ProviderWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, ProviderId, Recorded};
use crate::policy::Action;

#[derive(Debug, Clone, Copy)]
pub struct Enable {
    pub provider: ProviderId,
    pub version: i32,
    pub enabled: bool,
}

pub fn enable<S>(tx: &mut S, op: &OpContext, cmd: Enable) -> Result<Recorded<Provider>, ProviderError>
where
    S: ProviderWrites + ?Sized,
{
    let known =
        tx.lock_provider()?.filter(|known| known.id == cmd.provider).ok_or(ProviderError::NotFound)?;
    let permit = op.authorize(Action::ConfigureProvider, &known)?;
    if known.version != cmd.version {
        return Err(ProviderError::Stale);
    }
    let provider = Provider { enabled: cmd.enabled, version: known.version + 1, ..known };
    tx.save_provider(&provider, None)?;
    let name = if cmd.enabled { "provider.enabled" } else { "provider.disabled" };
    let event = ProviderEvent { provider: provider.id, organisation: provider.organisation, name };
    Ok(Recorded::new(permit, provider, [Event::Provider(event)]))
}
