//! Proving again who is at the desk, before an act that needs it. Tries are limited for the login, whatever the session.

use jiff::Timestamp;
use trellis_domain::identity::Factor;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{StoreError, TypedId, UserId};

use super::authenticator::check_code;
use super::credentials::CredentialError;
use super::guessing::Guesses;
use super::own_sessions::{own_factors, strengthen};
use super::passkey::{Ceremony, PROVE, check_passkey};
use super::password::hash_of;
use super::reset::is_under_way;
use super::reset::stop_resets;
use super::sign_in::SignInError;
use super::store::PlatformStore;
use super::ticket::Ways;
use crate::redis::{Limit, LimitKey, Verdict};

/// Wrong or right; a right one is given back.
const TRIES: Limit = Limit::per_hour(10);
/// Where Redis is away, over all processes: one process alone is held by the hour.
const STORED_A_MINUTE: i32 = 10;
/// Asking a device costs a row, so nobody may ask without end.
const CHALLENGES: Limit = Limit::per_minute(30);

/// One way to prove it.
#[derive(Clone)]
pub enum Proving {
    Password(String),
    Code(String),
    Passkey { challenge: String, answer: String },
}

impl std::fmt::Debug for Proving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proving(redacted)")
    }
}

fn key(user: UserId) -> LimitKey {
    LimitKey::new("prove", &[&user.uuid().simple().to_string()])
}

impl PlatformStore {
    /// The session as it is proved now.
    pub async fn prove(
        &self,
        session: &VerifiedSession,
        proving: Proving,
        now: Timestamp,
    ) -> Result<VerifiedSession, CredentialError> {
        let (user, own) = (session.user, session.session);
        let tries = self.count_proving(user, now).await?;
        if let Proving::Password(password) = &proving {
            let hash = self.look(move |conn| hash_of(conn, user)).await?;
            if !self.guards.passwords.verify(password, &hash).await? {
                return Err(CredentialError::WrongPassword);
            }
        }
        let this = self.clone();
        self.transact(move |conn| {
            let (right, factor) = match &proving {
                Proving::Password(_) => (true, Factor::Password),
                Proving::Code(typed) => {
                    (check_code(conn, &this.guards.keyring, (user, typed), now)?, Factor::Totp)
                }
                Proving::Passkey { challenge, answer } => {
                    let ceremony = Ceremony { user, purpose: PROVE, challenge, answer };
                    (check_passkey(conn, &this.passkeys, &ceremony, now)?, Factor::Passkey)
                }
            };
            if !right {
                return Ok::<_, StoreError>(Err(CredentialError::WrongCode));
            }
            // Until a new factor is set up by the ticket of the reset, a password is what a mailbox could have made.
            if factor == Factor::Password && is_under_way(conn, user)? {
                return Ok(Err(CredentialError::FactorFirst));
            }
            // The password alone proves nothing beside a second factor, and a provider's word is not one's own.
            let proved = own_factors(conn, own)?.and(factor);
            if factor == Factor::Password && !proved.are_strong() && Ways::of(conn, user)?.are_any() {
                return Ok(Err(CredentialError::FactorFirst));
            }
            if factor != Factor::Password {
                stop_resets(conn, user, now)?;
            }
            strengthen(conn, own, factor, now)?;
            Ok(Ok(()))
        })
        .await??;
        self.give_back(tries).await?;
        tracing::info!(user.id = %user, session.id = %own, "proved again");
        Ok(VerifiedSession { proved_at: now, ..session.clone() })
    }

    pub(super) async fn count_proving(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Guesses, CredentialError> {
        let counted = vec![(key(user), TRIES)];
        let counted = self.count(counted, [(key(user), STORED_A_MINUTE)], now).await?;
        counted.map_err(|retry_after| CredentialError::TooManyTries { retry_after })
    }

    pub(super) async fn count_challenge(&self, source: &str, now: Timestamp) -> Result<(), SignInError> {
        let key = LimitKey::new("passkey-challenge", &[source]);
        match self.guards.limiter.check(&key, CHALLENGES, now).await {
            Verdict::Allowed => Ok(()),
            Verdict::Limited { retry_after } => Err(SignInError::TooManyTries { retry_after }),
        }
    }
}
