//! Withdraw a change that does not hold yet. It stays in the history, with who withdrew it and when.

use super::{SettingsError, SettingsOf, SettingsVersion, SettingsWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;

pub fn withdraw_settings<S>(
    tx: &mut S,
    op: &OpContext,
    version: i32,
) -> Result<Recorded<SettingsOf>, SettingsError>
where
    S: SettingsWrites + ?Sized,
{
    let planned = tx.settings_version(version)?.ok_or(SettingsError::NotFound)?;
    let withdrawn = SettingsVersion { withdrawn_at: Some(op.now()), ..planned.clone() };
    let settled = SettingsOf::acting(op, withdrawn);
    let permit = op.authorize(Action::ChangeSettings, &settled)?;
    if !planned.is_planned(op.now()) || !tx.withdraw_settings(version)? {
        return Err(SettingsError::NotPlanned);
    }
    let event = Event::SettingsWithdrawn { network: op.network(), organisation: op.organisation() };
    Ok(Recorded::new(permit, settled, [event]))
}
