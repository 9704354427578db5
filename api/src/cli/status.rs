//! `status`: what runs, in which version, what waits and what has failed. What is away is said, and is the exit code 3.

use serde_json::json;
use trellis_infra::mail::Mailer;
use trellis_infra::pg::{MigrationError, applied_versions, known_versions};

use super::{Failure, footing, run};
use crate::app::App;
use crate::config::Config;
use crate::status::Told;

#[derive(Debug, clap::Args)]
pub struct Status {
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(status: &Status) -> Result<(), Failure> {
    let config = Config::read().map_err(Failure::not_ready)?;
    let ground = match footing::laid(&config).await {
        Ok(ground) => ground,
        Err(why) => {
            let url = config.platform_database_url.clone();
            run::print(&tokio::task::spawn_blocking(move || Unready::look(url)).await?.told(status.json)?)?;
            return Err(why);
        }
    };
    let app = App::build(ground)?;
    let mailer = Mailer::new(config.smtp_url.as_deref().unwrap_or_default())?;
    let told = Told::look(&app, &mailer).await?;
    run::print(&if status.json {
        format!("{}\n", serde_json::to_string_pretty(&told.document())?)
    } else {
        lines(&told)
    })?;
    let away = told.away();
    if away.is_empty() { Ok(()) } else { Err(Failure::NotReady(format!("away: {}", away.join(", ")))) }
}

/// What is known where nothing can be built on it: what is wrong goes to standard error, as from every command.
#[derive(Debug)]
struct Unready {
    /// None: not configured.
    database: Option<bool>,
    schema: Option<String>,
    newest: Option<String>,
}

impl Unready {
    /// Blocks.
    fn look(url: Option<String>) -> Self {
        let applied = url.map(|url| applied_versions(&url));
        let database = applied.as_ref().map(|found| !matches!(found, Err(MigrationError::Unreachable(_))));
        let schema = applied.and_then(Result::ok).flatten().and_then(|all| all.last().cloned());
        let newest = known_versions().ok().and_then(|all| all.last().cloned());
        Self { database, schema, newest }
    }

    fn told(&self, as_json: bool) -> serde_json::Result<String> {
        let version = env!("CARGO_PKG_VERSION");
        if as_json {
            let document = json!({ "version": version, "database": self.database,
                "schema": self.schema, "newestSchema": self.newest });
            return Ok(format!("{}\n", serde_json::to_string_pretty(&document)?));
        }
        let database = match self.database {
            Some(true) => "answers",
            Some(false) => "AWAY",
            None => "not configured",
        };
        let named = |version: &Option<String>| version.clone().unwrap_or_else(|| "none".to_owned());
        let schema = if self.schema == self.newest || self.database != Some(true) {
            named(&self.schema)
        } else {
            format!("{}, and this program has {}", named(&self.schema), named(&self.newest))
        };
        Ok(format!("{:<14}{database}\n{:<14}{version}\n{:<14}{schema}\n", "Database", "Version", "Schema"))
    }
}

fn lines(told: &Told) -> String {
    let stands = |up: bool| if up { "answers" } else { "AWAY" }.to_owned();
    let redis = told.redis.map_or_else(|| "not configured".to_owned(), stands);
    let health = [("Database", stands(true)), ("Redis", redis), ("Mail server", stands(told.mail))];
    let health = health.map(|(name, value)| (name.to_owned(), value));
    let all = health.into_iter().chain(told.facts());
    all.map(|(name, value)| format!("{name:<14}{value}\n")).collect::<Vec<_>>().concat()
}
