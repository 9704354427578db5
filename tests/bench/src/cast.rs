//! Who asks: access tokens as signing in would give them, for everybody of a region.

use trellis_infra::auth::{AccessClaims, AccessTokens, SigningKeys};
use trellis_infra::system::SystemClock;

use crate::scale::{Kind, Size, id};

/// Bearer tokens by the number of the user. They live for ten minutes, longer than any single run.
pub struct Cast {
    tokens: Vec<String>,
}

impl Cast {
    pub fn sign_in(keys: &SigningKeys, issuer: &str, size: &Size) -> anyhow::Result<Self> {
        let signer = AccessTokens::new(keys, issuer, "trellis");
        let now = trellis_domain::kernel::Clock::now(&SystemClock);
        let tokens = (0..size.all_workers() + size.practices)
            .map(|user| Ok(signer.issue(&claims(size, user), now)?.0))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self { tokens })
    }

    /// Everybody as another door wants to hear it.
    pub fn known_as(tokens: Vec<String>) -> Self {
        Self { tokens }
    }

    pub fn token(&self, user: u64) -> &str {
        usize::try_from(user).ok().and_then(|at| self.tokens.get(at)).map_or("", String::as_str)
    }
}

pub fn claims(size: &Size, user: u64) -> AccessClaims {
    let role = if user < size.all_workers() { "link_worker" } else { "referrer" };
    AccessClaims {
        user: id(Kind::User, user),
        membership: id(Kind::Membership, user),
        membership_version: 1,
        network: id(Kind::Network, 0),
        organisation: Some(id(Kind::Organisation, size.organisation_of(user))),
        session: id(Kind::Session, user),
        roles: vec![role.to_owned()],
        proved_at: 0,
    }
}
