//! What an operator can set: compiled-in defaults, then `trellis.toml`, then the environment. Checked at start, with every
//! problem listed at once. Secrets come from the environment or from files, never from a flag.

use std::net::SocketAddr;
use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::http::source::{NotARange, Proxies};

/// In the working directory.
pub const FILE: &str = "trellis.toml";

/// `trellis.toml` and `TRELLIS_*`; `DATABASE_URL` and `REDIS_URL` are read under their usual names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the server listens.
    pub http_addr: String,
    /// Where the operator's page is served: a loopback address. None: nowhere.
    pub operator_addr: Option<String>,
    /// Of this installation as people reach it, without a slash at its end.
    pub public_url: String,
    /// As `trellis_app`.
    pub database_url: Option<String>,
    /// As `trellis_platform`.
    pub platform_database_url: Option<String>,
    /// As the owner, for `trellis migrate` only.
    pub owner_database_url: Option<String>,
    pub redis_url: Option<String>,
    /// `smtp://` (loopback only without TLS) or `smtps://`.
    pub smtp_url: Option<String>,
    /// The sender of every mail.
    pub mail_from: String,
    /// Key-encryption keys and the index key, mode 0600.
    pub keyring_file: Option<PathBuf>,
    /// Keys that sign access tokens, mode 0600.
    pub signing_keys_file: Option<PathBuf>,
    /// State of the demo.
    pub state_dir: PathBuf,
    pub connections: usize,
    /// Operations that may wait for a connection; one more is told "busy".
    pub waiting: usize,
    /// Who to call when a page does not work.
    pub help_phone: String,
    pub help_hours: String,
    /// The proxies in front, as addresses and ranges with commas between: what they say of who came is believed.
    pub trusted_proxies: String,
    /// Introspection and the explorer.
    pub explorer: bool,
    /// Identity providers at loopback addresses may be asked, without TLS: for trials on one machine.
    pub local_providers: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            http_addr: "127.0.0.1:8080".into(),
            operator_addr: None,
            public_url: String::new(),
            database_url: None,
            platform_database_url: None,
            owner_database_url: None,
            redis_url: None,
            smtp_url: None,
            mail_from: "Trellis <no-reply@example.org>".into(),
            keyring_file: None,
            signing_keys_file: None,
            state_dir: "var/demo".into(),
            connections: 8,
            waiting: 256,
            help_phone: "01632 960 001".into(),
            help_hours: "9am to 5pm, Monday to Friday".into(),
            trusted_proxies: String::new(),
            explorer: false,
            local_providers: false,
        }
    }
}

/// Everything that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this has to be mended first:\n{}", .0.iter().map(|problem| format!("  - {problem}")).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<String>);

impl Config {
    /// Reads `trellis.toml` where it is, and the environment.
    pub fn read() -> Result<Self, Problems> {
        let usual = Env::raw().only(&["DATABASE_URL", "REDIS_URL"]);
        let figment = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(FILE))
            .merge(usual)
            .merge(Env::prefixed("TRELLIS_").ignore(&["bin", "ci_cache", "gallery", "log"]));
        let read: Self =
            figment.extract().map_err(|error| Problems(error.into_iter().map(named).collect()))?;
        Ok(read.with_public_url())
    }

    fn with_public_url(self) -> Self {
        if self.public_url.is_empty() {
            return Self { public_url: format!("http://{}", self.http_addr), ..self };
        }
        Self { public_url: self.public_url.trim_end_matches('/').to_owned(), ..self }
    }

    /// What `serve` and `worker` cannot do without, all at once.
    pub fn check(&self) -> Result<(), Problems> {
        let problems = self.problems();
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    /// What is missing or cannot be meant, as far as the settings alone tell.
    pub fn problems(&self) -> Vec<String> {
        let needed = [
            (self.database_url.is_some(), "DATABASE_URL is not set: the database as the role trellis_app"),
            (
                self.platform_database_url.is_some(),
                "TRELLIS_PLATFORM_DATABASE_URL is not set: the database as the role trellis_platform",
            ),
            (self.keyring_file.is_some(), "TRELLIS_KEYRING_FILE is not set: make one with `trellis keygen`"),
            (
                self.signing_keys_file.is_some(),
                "TRELLIS_SIGNING_KEYS_FILE is not set: make one with `trellis keygen`",
            ),
            (self.smtp_url.is_some(), "TRELLIS_SMTP_URL is not set: smtps://user:password@host"),
            (
                self.http_addr.parse::<SocketAddr>().is_ok(),
                "TRELLIS_HTTP_ADDR is not an address such as 127.0.0.1:8080",
            ),
            (
                self.operator_is_here(),
                "TRELLIS_OPERATOR_ADDR must be an address of this machine, such as 127.0.0.1:9091",
            ),
            (
                self.is_secure() || self.is_local(),
                "TRELLIS_PUBLIC_URL must begin with https:// outside this machine",
            ),
            (self.connections > 0, "TRELLIS_CONNECTIONS must be at least 1"),
            (
                self.proxies().is_ok(),
                "TRELLIS_TRUSTED_PROXIES must be addresses or ranges such as 127.0.0.1, 10.0.4.0/24",
            ),
        ];
        needed.iter().filter(|(fine, _)| !fine).map(|(_, problem)| (*problem).to_owned()).collect()
    }

    pub fn proxies(&self) -> Result<Proxies, NotARange> {
        Proxies::parse(&self.trusted_proxies)
    }

    /// The page has no sign-in: whoever reaches it reads it.
    fn operator_is_here(&self) -> bool {
        let here = |text: &String| text.parse::<SocketAddr>().is_ok_and(|address| address.ip().is_loopback());
        self.operator_addr.as_ref().is_none_or(here)
    }

    /// Plain HTTP is for this machine only. What counts is the host, not how the address begins.
    fn is_local(&self) -> bool {
        let Ok(url) = Url::parse(&self.public_url) else { return false };
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        here && url.scheme() == "http"
    }

    /// Cookies travel over TLS only.
    pub fn is_secure(&self) -> bool {
        Url::parse(&self.public_url).is_ok_and(|url| url.scheme() == "https" && url.has_host())
    }
}

/// Names the setting and says what is wrong, without the value: it may be a secret.
fn named(error: figment::Error) -> String {
    let path = error.path.join(".");
    match error.kind {
        figment::error::Kind::UnknownField(name, _) => format!("there is no setting called {name}"),
        figment::error::Kind::InvalidType(_, expected) | figment::error::Kind::InvalidValue(_, expected) => {
            format!("{path}: {expected} is needed")
        }
        _ => format!("{path} cannot be read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_listed_at_once() {
        let listed = Config { http_addr: "nowhere".into(), ..Config::default() }.with_public_url().check();
        let problems = listed.err().map(|problems| problems.0).unwrap_or_default();
        for name in [
            "DATABASE_URL",
            "TRELLIS_PLATFORM_DATABASE_URL",
            "TRELLIS_KEYRING_FILE",
            "TRELLIS_SMTP_URL",
            "TRELLIS_HTTP_ADDR",
        ] {
            assert!(
                problems.iter().any(|problem| problem.starts_with(name)),
                "{name} is not in {problems:?}"
            );
        }
    }

    fn may_be_reached_at(public_url: &str) -> bool {
        let config = Config { public_url: public_url.into(), ..Config::default() };
        !config.problems().iter().any(|problem| problem.starts_with("TRELLIS_PUBLIC_URL"))
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for here in
            ["http://127.0.0.1:8080", "http://localhost", "http://LOCALHOST:9090/x", "http://[::1]:8080"]
        {
            assert!(may_be_reached_at(here), "{here}");
        }
        for away in [
            "http://trellis.example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "http://localhost@trellis.example.org",
            "http://[::1].example.org",
            "ftp://localhost",
            "https://",
            "trellis.example.org",
        ] {
            assert!(!may_be_reached_at(away), "{away}");
        }
        assert!(may_be_reached_at("https://trellis.example.org"));
    }
}
