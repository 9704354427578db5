//! How the installation stands, for `trellis status` and for the operator's page: the same figures in both. Counts and ages; no
//! person, and nobody who works anywhere.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use trellis_domain::kernel::StoreError;
use trellis_infra::auth::KeyTimes;
use trellis_infra::mail::Mailer;
use trellis_infra::pg::known_versions;
use trellis_infra::pg::platform::Standing;

use crate::app::App;

/// Everything that is said.
#[derive(Debug)]
pub struct Told {
    /// The newest migration that ran, and the newest that this program has.
    pub schema: (Option<String>, Option<String>),
    pub standing: Standing,
    /// None: not configured.
    pub redis: Option<bool>,
    pub mail: bool,
    pub keys: Vec<KeyTimes>,
    pub now: Timestamp,
}

impl Told {
    pub async fn look(app: &App, mailer: &Mailer) -> Result<Self, StoreError> {
        let platform = &app.parts.platform;
        let redis = match &app.redis {
            Some(link) => Some(link.answers().await),
            None => None,
        };
        Ok(Self {
            schema: (
                platform.schema_version().await?,
                known_versions().ok().and_then(|all| all.last().cloned()),
            ),
            standing: platform.standing(app.parts.clock.now()).await?,
            redis,
            mail: mailer.answers().await,
            keys: app.parts.tokens.times(),
            now: app.parts.clock.now(),
        })
    }

    /// What does not answer, by name.
    pub fn away(&self) -> Vec<&'static str> {
        let redis = (self.redis == Some(false)).then_some("redis");
        redis.into_iter().chain((!self.mail).then_some("mail")).collect()
    }

    pub fn document(&self) -> Value {
        let Standing { networks, organisations, queued_messages, oldest_message, dead_messages, closings } =
            self.standing;
        let keys = self.keys.iter().map(
            |key| json!({ "id": key.id, "signsFrom": key.signs_from, "verifiesUntil": key.verifies_until }),
        );
        json!({
            "version": env!("CARGO_PKG_VERSION"), "schema": self.schema.0, "newestSchema": self.schema.1,
            "database": true, "redis": self.redis, "mail": self.mail,
            "networks": networks, "organisations": organisations,
            "outbox": { "queued": queued_messages, "oldest": oldest_message, "deadInSevenDays": dead_messages },
            "closings": closings, "signingKeys": keys.collect::<Vec<_>>(), "backups": Value::Null,
        })
    }

    /// Versions, counts and ages, in words.
    pub fn facts(&self) -> Vec<(String, String)> {
        let standing = &self.standing;
        let oldest = standing.oldest_message.map_or_else(
            || "none waits".to_owned(),
            |at| format!("the oldest has waited {}", age(self.now, at)),
        );
        let mut facts = vec![
            ("Version", env!("CARGO_PKG_VERSION").to_owned()),
            ("Schema", self.schema.0.clone().unwrap_or_else(|| "none".to_owned())),
            ("Networks", standing.networks.to_string()),
            ("Organisations", standing.organisations.to_string()),
            ("Messages", format!("{} queued, {oldest}", standing.queued_messages)),
            ("Given up on", format!("{} in seven days", standing.dead_messages)),
            ("Closing", format!("{} that hold something still", standing.closings)),
        ];
        for key in &self.keys {
            facts.push(("Signing key", format!("{}, signs from {}", key.id, key.signs_from)));
        }
        facts.push(("Backups", "Not known to Trellis: look where you keep them".to_owned()));
        facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

fn age(now: Timestamp, at: Timestamp) -> String {
    let waited: SignedDuration = now.duration_since(at);
    format!("{:#}", SignedDuration::from_secs(waited.as_secs()))
}
