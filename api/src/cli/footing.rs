//! What `serve` and `worker` stand on, looked at before anything starts. Everything that stands in the way is listed at
//! once, each with the setting that it is about and what would mend it; no value is repeated, for it may be a secret.

use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;

use trellis_infra::auth::{SigningKeyError, SigningKeys};
use trellis_infra::mail::Mailer;
use trellis_infra::pg::{Login, check_schema, probe};
use trellis_infra::redis::RedisLink;
use trellis_infra::seal::Keyring;

use super::{Failure, passwords};
use crate::app::Ground;
use crate::config::{Config, Problems};

/// Refuses to start on keys that do not load, addresses that are none, databases that do not answer or whose role
/// could pass row-level security, and a schema of another version.
pub async fn laid(config: &Config) -> Result<Ground, Failure> {
    let mut problems = config.problems();
    let keyring = config.keyring_file.as_deref().map(Keyring::load);
    let keyring = kept(&mut problems, "TRELLIS_KEYRING_FILE", keyring);
    let signing_keys = config.signing_keys_file.as_deref().map(|file| apart(file, keyring.as_ref()));
    let signing_keys = kept(&mut problems, "TRELLIS_SIGNING_KEYS_FILE", signing_keys);
    kept(&mut problems, "REDIS_URL", config.redis_url.as_deref().map(RedisLink::check));
    kept(&mut problems, "TRELLIS_SMTP_URL", config.smtp_url.as_deref().map(Mailer::new));
    problems.extend(passwords::problems(config));
    problems.extend(databases(config).await?);
    match (keyring, signing_keys) {
        (Some(keyring), Some(signing_keys)) if problems.is_empty() => {
            Ok(ground(config, keyring, signing_keys))
        }
        _ => Err(Failure::not_ready(Problems(problems))),
    }
}

/// A key that seals must not sign.
fn apart(file: &Path, keyring: Option<&Keyring>) -> Result<SigningKeys, SigningKeyError> {
    let keys = SigningKeys::load(file)?;
    match keyring {
        Some(keyring) => keys.apart_from(keyring),
        None => Ok(keys),
    }
}

/// The value, or a problem with the setting that it came from.
fn kept<T, E: Display>(problems: &mut Vec<String>, name: &str, read: Option<Result<T, E>>) -> Option<T> {
    match read? {
        Ok(value) => Some(value),
        Err(error) => {
            problems.push(format!("{name}: {error}"));
            None
        }
    }
}

/// A database that is not there is not asked for its schema.
async fn databases(config: &Config) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    let app = match config.database_url.as_deref() {
        Some(url) => Some(probe(url, Login::App).await),
        None => None,
    };
    let app = kept(&mut problems, "DATABASE_URL", app);
    let Some(url) = config.platform_database_url.clone() else { return Ok(problems) };
    let platform = Some(probe(&url, Login::Platform).await);
    let platform = kept(&mut problems, "TRELLIS_PLATFORM_DATABASE_URL", platform);
    if platform.is_some() {
        let fits = tokio::task::spawn_blocking(move || check_schema(&url)).await?;
        kept(&mut problems, "TRELLIS_PLATFORM_DATABASE_URL", Some(fits));
    }
    if let (Some(app), Some(platform)) = (app, platform)
        && app != platform
    {
        problems
            .push("DATABASE_URL and TRELLIS_PLATFORM_DATABASE_URL are two different databases".to_owned());
    }
    Ok(problems)
}

fn ground(config: &Config, keyring: Keyring, signing_keys: SigningKeys) -> Ground {
    let (clock, ids) = Ground::real();
    Ground {
        app_url: config.database_url.clone().unwrap_or_default(),
        platform_url: config.platform_database_url.clone().unwrap_or_default(),
        redis_url: config.redis_url.clone(),
        connections: config.connections,
        waiting: config.waiting,
        keyring: Arc::new(keyring),
        signing_keys,
        issuer: config.public_url.clone(),
        clock,
        ids,
        explorer: config.explorer,
        local_providers: config.local_providers,
    }
}
