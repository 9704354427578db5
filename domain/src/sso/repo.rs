//! What the verbs need of the acting organisation's provider; it has one at most.

use super::{ClientSecret, Provider};
use crate::kernel::StoreError;

pub trait ProviderReads {
    fn provider(&mut self) -> Result<Option<Provider>, StoreError>;
}

pub trait ProviderWrites: ProviderReads {
    fn lock_provider(&mut self) -> Result<Option<Provider>, StoreError>;
    /// Keeps the secret that is there when none is given. `false`: the short name belongs to somebody else.
    fn save_provider(
        &mut self,
        provider: &Provider,
        secret: Option<&ClientSecret>,
    ) -> Result<bool, StoreError>;
}
