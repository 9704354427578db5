//! `status`: what runs, in which version, what waits and what has failed. What is away is said, and is the exit code 3.

use trellis_infra::mail::Mailer;

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
    let app = App::build(footing::laid(&config).await?)?;
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

fn lines(told: &Told) -> String {
    let stands = |up: bool| if up { "answers" } else { "AWAY" }.to_owned();
    let redis = told.redis.map_or_else(|| "not configured".to_owned(), stands);
    let health = [("Database", stands(true)), ("Redis", redis), ("Mail server", stands(told.mail))];
    let health = health.map(|(name, value)| (name.to_owned(), value));
    let all = health.into_iter().chain(told.facts());
    all.map(|(name, value)| format!("{name:<14}{value}\n")).collect::<Vec<_>>().concat()
}
