//! One request to one service.

use async_graphql::{ID, Object};
use trellis_domain::referral::Referral;

/// One request to one service.
#[derive(Debug, Clone)]
pub struct ReferralObject {
    referral: Referral,
}

impl ReferralObject {
    pub fn new(referral: Referral) -> Self {
        Self { referral }
    }
}

#[Object(name = "Referral")]
impl ReferralObject {
    async fn id(&self) -> ID {
        self.referral.id.to_string().into()
    }
}
