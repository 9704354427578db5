//! The passwords inside the configured addresses: long enough, each used once, and in no file that others may read. What is
//! wrong is said by the names of the settings; no password is repeated.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use figment::Figment;
use figment::providers::{Format, Toml};
use trellis_infra::auth::is_weak_secret;
use trellis_infra::pg::password_of;
use url::Url;

use crate::config::{Config, FILE};

/// What may hold a password, by its name in the file.
const ADDRESSES: [&str; 5] =
    ["database_url", "platform_database_url", "owner_database_url", "redis_url", "smtp_url"];

pub fn problems(config: &Config) -> Vec<String> {
    let held = [
        ("DATABASE_URL", config.database_url.as_deref()),
        ("TRELLIS_PLATFORM_DATABASE_URL", config.platform_database_url.as_deref()),
        ("TRELLIS_OWNER_DATABASE_URL", config.owner_database_url.as_deref()),
        ("REDIS_URL", config.redis_url.as_deref()),
        ("TRELLIS_SMTP_URL", config.smtp_url.as_deref()),
    ];
    let held = held.iter().filter_map(|(name, url)| Some((*name, password(url.as_deref()?)?)));
    let mut problems = judged(&held.collect::<Vec<_>>());
    problems.extend(exposed(Path::new(FILE)));
    problems
}

fn judged(held: &[(&str, String)]) -> Vec<String> {
    let mut problems = Vec::new();
    for (index, (name, password)) in held.iter().enumerate() {
        if is_weak_secret(password) {
            problems.push(format!("{name}: its password is weak: take 16 random characters or more"));
        }
        let earlier = held.iter().take(index).find(|(_, other)| other == password);
        if let Some((earlier, _)) = earlier {
            problems.push(format!("{name} has the password of {earlier}: each login needs one of its own"));
        }
    }
    problems
}

fn password(url: &str) -> Option<String> {
    password_of(url).or_else(|| Url::parse(url).ok()?.password().map(str::to_owned))
}

/// `trellis.toml` may be read by anybody for as long as there is no password in it.
fn exposed(file: &Path) -> Option<String> {
    let mode = file.metadata().ok()?.permissions().mode();
    let figment = Figment::from(Toml::file_exact(file));
    let secret = |key: &str| {
        let value = figment.find_value(key).ok()?;
        password(value.as_str()?)
    };
    let key = ADDRESSES.iter().find(|key| secret(key).is_some())?;
    let words = format!("{FILE} holds a password ({key}) and is open to others: make it 0600");
    (mode & 0o077 != 0).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(app: &str, platform: &str) -> Vec<String> {
        let url = |password: &str| Some(format!("postgres://trellis_app:{password}@127.0.0.1/trellis"));
        let config =
            Config { database_url: url(app), platform_database_url: url(platform), ..Config::default() };
        problems(&config)
    }

    #[test]
    fn a_weak_password_and_one_that_is_used_twice_are_told_by_their_names() {
        let (one, two) = ("k3v9Qp0xZr7LmT2w", "b8N4sYc6JfW1hXa5");
        assert_eq!(problems_of(one, two), Vec::<String>::new());
        let twice = problems_of(one, one);
        assert_eq!(twice.len(), 1);
        assert!(twice[0].starts_with("TRELLIS_PLATFORM_DATABASE_URL has the password of DATABASE_URL"));
        for weak in ["changeme", "aaaaaaaaaaaaaaaaaaaaaa", "passwordpassword1", "trellistrellistrellis"] {
            let said = problems_of(weak, two);
            assert!(said.len() == 1 && said[0].starts_with("DATABASE_URL: its password is weak"), "{said:?}");
            assert!(!said[0].contains(weak));
        }
    }
}
