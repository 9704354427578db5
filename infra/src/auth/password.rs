//! Password hashing (argon2id, 19 MiB, two passes, one lane) on a bounded number of blocking threads.
//! A storm of sign-ins gets a typed `Busy` instead of all processors. It refuses to store anything, and
//! does the same work whether or not the account exists.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use super::password_rules::LONGEST_PASSWORD;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PasswordError {
    #[error("too many passwords are being checked at this moment")]
    Busy,
    #[error("stored password hash is not readable")]
    Stored,
    #[error("password hashing failed")]
    Hashing,
}

/// The pool. One per process: its bounds are the bounds of the process.
pub struct Passwords {
    hasher: Argon2<'static>,
    running: Arc<Semaphore>,
    places: Arc<Semaphore>,
    nobody: Arc<str>,
}

impl Passwords {
    /// `threads` hash at once, `waiting` more may queue, the next one is refused.
    pub fn new(threads: usize, waiting: usize) -> Result<Self, PasswordError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(Params::DEFAULT_OUTPUT_LEN))
            .map_err(|_| PasswordError::Hashing)?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut unknown = Zeroizing::new([0_u8; 32]);
        aws_lc_rs::rand::fill(unknown.as_mut_slice()).map_err(|_| PasswordError::Hashing)?;
        let nobody = hash_now(&hasher, unknown.as_slice())?.into();
        let threads = threads.max(1);
        Ok(Self {
            hasher,
            running: Arc::new(Semaphore::new(threads)),
            places: Arc::new(Semaphore::new(threads.saturating_add(waiting))),
            nobody,
        })
    }

    /// The hash to store, in PHC form.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let (hasher, password) = (self.hasher.clone(), Zeroizing::new(password.to_owned()));
        self.run(move || hash_now(&hasher, password.as_bytes())).await
    }

    pub async fn verify(&self, password: &str, stored: &str) -> Result<bool, PasswordError> {
        // Checked after the work, so that an odd length costs what any other guess costs.
        let plausible = password.chars().count() <= LONGEST_PASSWORD;
        let (hasher, stored) = (self.hasher.clone(), stored.to_owned());
        let password = Zeroizing::new(password.to_owned());
        let matches = self.run(move || verify_now(&hasher, password.as_bytes(), &stored)).await?;
        Ok(matches && plausible)
    }

    /// For an account that is unknown or has no password: always `false`, at the price of a real check.
    pub async fn verify_absent(&self, password: &str) -> Result<bool, PasswordError> {
        self.verify(password, &self.nobody.clone()).await.map(|_| false)
    }

    /// The hash was made with other settings than today's; make it anew at the next sign-in.
    pub fn is_outdated(&self, stored: &str) -> bool {
        PasswordHash::new(stored)
            .ok()
            .and_then(|hash| Params::try_from(&hash).ok())
            .is_none_or(|params| &params != self.hasher.params())
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let turn = self.running.clone().acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        // The permits travel with the work: a client that hangs up does not free a thread still hashing.
        let finished = spawn_blocking(move || {
            let outcome = work();
            drop((turn, place));
            outcome
        });
        finished.await.map_err(|_| PasswordError::Hashing)?
    }
}

fn hash_now(hasher: &Argon2<'_>, password: &[u8]) -> Result<String, PasswordError> {
    let hash: PasswordHash = hasher.hash_password(password).map_err(|_| PasswordError::Hashing)?;
    Ok(hash.to_string())
}

fn verify_now(hasher: &Argon2<'_>, password: &[u8], stored: &str) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(|_| PasswordError::Stored)?;
    match hasher.verify_password(password, &stored) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(_) => Err(PasswordError::Stored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "seven quiet otters";

    #[tokio::test]
    async fn the_right_password_is_accepted_and_any_other_refused() {
        let passwords = Passwords::new(2, 4).unwrap();
        let stored = passwords.hash(PASSWORD).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(passwords.verify(PASSWORD, &stored).await, Ok(true));
        assert_eq!(passwords.verify("Seven quiet otters", &stored).await, Ok(false));
        assert_eq!(passwords.verify("", &stored).await, Ok(false));
        assert_ne!(stored, passwords.hash(PASSWORD).await.unwrap(), "each hash has its own salt");
    }

    #[tokio::test]
    async fn an_absent_account_refuses_with_a_real_check_of_the_same_cost() {
        let passwords = Passwords::new(1, 0).unwrap();
        assert_eq!(passwords.verify_absent(PASSWORD).await, Ok(false));
        assert!(!passwords.is_outdated(&passwords.nobody));
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_recovers() {
        let passwords = Passwords::new(1, 1).unwrap();
        let held = passwords.places.clone().try_acquire_many_owned(2).unwrap();
        assert_eq!(passwords.hash(PASSWORD).await, Err(PasswordError::Busy));
        drop(held);
        assert!(passwords.hash(PASSWORD).await.is_ok());
        assert_eq!(passwords.places.available_permits(), 2);
    }

    #[tokio::test]
    async fn a_hash_with_weaker_settings_is_outdated() {
        let passwords = Passwords::new(1, 0).unwrap();
        let weak = Argon2::from(Params::new(64, 1, 1, None).unwrap());
        assert!(passwords.is_outdated(&hash_now(&weak, b"x").unwrap()));
        assert!(passwords.is_outdated("nonsense"));
        assert_eq!(passwords.verify(PASSWORD, "nonsense").await, Err(PasswordError::Stored));
    }

    #[tokio::test]
    async fn a_password_over_the_limit_never_matches() {
        let passwords = Passwords::new(1, 0).unwrap();
        let long = "x".repeat(LONGEST_PASSWORD + 1);
        let stored = passwords.hash(&long).await.unwrap();
        assert_eq!(passwords.verify(&long, &stored).await, Ok(false));
    }
}
