//! One provider as it is asked, and what is kept between the questions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zeroize::Zeroizing;

use super::discovery::Known;
use super::error::SsoError;
use super::http::ProviderHttp;

/// What is needed to ask one provider.
#[derive(Clone)]
pub struct Connection {
    pub issuer: String,
    pub client_id: String,
    pub secret: Zeroizing<String>,
    pub scopes: Vec<String>,
    pub strong_acr: Vec<String>,
    pub strong_amr: Vec<String>,
    /// Where the provider sends people back to.
    pub back: String,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// One per process: what providers say of themselves is kept for a while.
pub struct SingleSignOn {
    pub(super) http: ProviderHttp,
    pub(super) known: Mutex<HashMap<String, Arc<Known>>>,
}

impl SingleSignOn {
    /// `local`: providers on this machine may be asked without TLS.
    pub fn new(local: bool) -> Result<Self, SsoError> {
        Ok(Self { http: ProviderHttp::new(local)?, known: Mutex::default() })
    }
}
