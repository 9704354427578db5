//! Networks, as whoever operates the installation keeps them. `network create` and `network invite`: a region and its first
//! coordinator, on a database that holds nothing yet; the coordinator gets a mail with an invitation, like everybody, and
//! nobody is given a password. `network suspend` and `network let-in`: a region that stands still, and goes on. `network close`:
//! one that does not.

use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use jiff::Timestamp;
use serde_json::json;
use trellis_domain::identity::InvitationError;
use trellis_domain::identity::invite::{Invite, invite};
use trellis_domain::kernel::{Clock, EmailAddress, IdSource, Line, NetworkId, OpContext, TypedId};
use trellis_domain::policy::{Role, Roles};
use trellis_domain::tenancy::Network;
use trellis_infra::pg::platform::NetworkEnd;
use trellis_infra::pg::{PgStore, PlatformStore};
use trellis_infra::system::{SystemClock, SystemIds};

use super::{Failure, import, run};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub enum NetworkCommand {
    /// Make a network and invite its first coordinator
    Create {
        /// What people call it, such as "North Vale"
        #[arg(long)]
        name: String,
        /// Short name for addresses; without it, made from the name
        #[arg(long)]
        slug: Option<String>,
        /// Who is invited to coordinate it
        #[arg(long)]
        coordinator_email: String,
        /// Whom to phone about the network
        #[arg(long)]
        help_phone: Option<String>,
        /// IANA time zone
        #[arg(long, default_value = "Europe/London")]
        zone: String,
        /// Whose working days and code lists it keeps to
        #[arg(long, default_value = "england")]
        jurisdiction: String,
        #[command(flatten)]
        how: How,
    },
    /// Invite another coordinator into a network that has none who can
    Invite {
        /// The network's short name
        #[arg(long)]
        network: String,
        #[arg(long)]
        coordinator_email: String,
        /// Also where somebody can: they cannot be reached, say
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        how: How,
    },
    /// Let nobody act in a network from the next request on; nothing in it is changed
    Suspend {
        /// The network's short name
        #[arg(long)]
        network: String,
        /// The same again: this stops the work of everybody there
        #[arg(long, value_name = "NETWORK")]
        confirm: Option<String>,
        #[command(flatten)]
        how: How,
    },
    /// Close a network for good: it is suspended, and everything in it has closed and is settled
    Close {
        /// The network's short name
        #[arg(long)]
        network: String,
        /// The same again: this cannot be undone
        #[arg(long, value_name = "NETWORK")]
        confirm: Option<String>,
        #[command(flatten)]
        how: How,
    },
    /// Let a network that was suspended go on
    LetIn {
        /// The network's short name
        #[arg(long)]
        network: String,
        #[command(flatten)]
        how: How,
    },
}

#[derive(Debug, Clone, Copy, clap::Args)]
pub struct How {
    /// Say what would happen, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the outcome as JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(command: NetworkCommand) -> Result<(), Failure> {
    let config = Config::read().map_err(Failure::not_ready)?;
    match command {
        NetworkCommand::Create { name, slug, coordinator_email, help_phone, zone, jurisdiction, how } => {
            let email = address(&coordinator_email)?;
            let slug = slug.unwrap_or_else(|| slug_of(&name));
            let help_phone = help_phone.as_deref().map(Line::parse).transpose();
            let help_phone = help_phone.map_err(|error| Failure::usage(format!("--help-phone: {error}")))?;
            let network = checked(name, slug, (zone, jurisdiction))?;
            let (store, platform) = tokio::task::spawn_blocking(move || import::stores(&config)).await??;
            create(&store, &platform, (network, help_phone), email, how).await
        }
        NetworkCommand::Invite { network, coordinator_email, force, how } => {
            let email = address(&coordinator_email)?;
            let (store, platform) = tokio::task::spawn_blocking(move || import::stores(&config)).await??;
            let found = named(&platform, &network).await?;
            refuse_closed(&platform, &found).await?;
            let able = platform.coordinators(found.id).await?;
            if able > 0 && !force {
                let next = "they invite others under Admin; if nobody reaches them, say --force as well";
                return Err(Failure::Failed(anyhow::anyhow!(
                    "{network} has {able} who can coordinate it: {next}"
                )));
            }
            if !how.dry_run {
                invited(&store, found.id, email).await?;
            }
            said(&found, how, "invited")
        }
        NetworkCommand::Suspend { network, confirm, how } => {
            if !how.dry_run && confirm.as_deref() != Some(network.as_str()) {
                let why =
                    format!("this stops everybody's work in {network}: say --confirm={network} as well");
                return Err(Failure::usage(why));
            }
            let since = Some(SystemClock.now());
            let (_, platform) = tokio::task::spawn_blocking(move || import::stores(&config)).await??;
            stand_still(&platform, &network, since, how).await
        }
        NetworkCommand::Close { network, confirm, how } => {
            if !how.dry_run && confirm.as_deref() != Some(network.as_str()) {
                let why = format!("{network} is closed for good: say --confirm={network} as well");
                return Err(Failure::usage(why));
            }
            let (_, platform) = tokio::task::spawn_blocking(move || import::stores(&config)).await??;
            close(&platform, &network, how).await
        }
        NetworkCommand::LetIn { network, how } => {
            let (_, platform) = tokio::task::spawn_blocking(move || import::stores(&config)).await??;
            stand_still(&platform, &network, None, how).await
        }
    }
}

async fn named(platform: &PlatformStore, slug: &str) -> Result<Network, Failure> {
    let found = platform.network_by_slug(slug).await?;
    Ok(found.with_context(|| format!("there is no network called {slug}"))?)
}

async fn refuse_closed(platform: &PlatformStore, network: &Network) -> Result<(), Failure> {
    if platform.network_has_closed(network.id).await? {
        return Err(Failure::Failed(anyhow::anyhow!("{} has closed for good", network.slug)));
    }
    Ok(())
}

/// `since`: none to let it go on. Doing it again changes nothing, and says so.
async fn stand_still(
    platform: &PlatformStore,
    slug: &str,
    since: Option<Timestamp>,
    how: How,
) -> Result<(), Failure> {
    let network = named(platform, slug).await?;
    refuse_closed(platform, &network).await?;
    let changed = !how.dry_run && platform.suspend_network(network.id, since).await?;
    let done = if since.is_some() { "suspended" } else { "let in" };
    told(&network, how, changed.then_some(done))?;
    let next = match (how.dry_run, changed, since.is_some()) {
        (true, _, _) => "a dry run: nothing was written",
        (_, false, _) => "it was so already: nothing was changed",
        (_, true, true) => "nobody acts there from the next request on; `trellis network let-in` undoes it",
        (_, true, false) => "everybody there goes on where they were",
    };
    eprintln!("{next}");
    Ok(())
}

async fn close(platform: &PlatformStore, slug: &str, how: How) -> Result<(), Failure> {
    let network = named(platform, slug).await?;
    let refused = |why: String| Err(Failure::Failed(anyhow::anyhow!(why)));
    match platform.close_network(network.id, SystemClock.now(), how.dry_run).await? {
        NetworkEnd::Closed => {
            told(&network, how, (!how.dry_run).then_some("closed"))?;
            let said =
                "closed for good: what is kept is kept for as long as it has to be, and nobody acts there";
            eprintln!(
                "{}",
                if how.dry_run { "a dry run: nothing was written; it can be closed" } else { said }
            );
            Ok(())
        }
        NetworkEnd::ClosedAlready => {
            told(&network, how, None)?;
            eprintln!("it was so already: nothing was changed");
            Ok(())
        }
        NetworkEnd::NotSuspended => {
            let next = format!("say `trellis network suspend --network {slug} --confirm={slug}` first");
            refused(format!("people may act in {slug}: {next}"))
        }
        NetworkEnd::StillNeeded { open, unsettled } => {
            let next = format!(
                "`trellis network let-in --network {slug}`, and whoever coordinates it closes them; `trellis worker` settles \
                 what they held"
            );
            refused(format!(
                "{slug} has {open} open organisations, and {unsettled} that hold something still: {next}"
            ))
        }
    }
}

async fn create(
    store: &PgStore,
    platform: &PlatformStore,
    (network, help_phone): (Network, Option<Line>),
    email: EmailAddress,
    how: How,
) -> Result<(), Failure> {
    let known = platform.jurisdictions().await?;
    if !known.contains(&network.jurisdiction) {
        let why = format!("--jurisdiction: one whose bank holidays are known: {}", known.join(", "));
        return Err(Failure::usage(why));
    }
    if platform.network_by_slug(&network.slug).await?.is_some() {
        let next = "choose another with --slug, or use `trellis network invite`";
        return Err(Failure::Failed(anyhow::anyhow!("there is a network called {}: {next}", network.slug)));
    }
    if how.dry_run {
        return said(&network, how, "created");
    }
    let made = platform.create_network(network).await?;
    if let Some(phone) = help_phone {
        platform.set_help_phone(made.id, phone.as_str()).await?;
    }
    // A crash before this leaves a network that `network invite` completes.
    invited(store, made.id, email).await?;
    said(&made, how, "created")
}

async fn invited(store: &PgStore, network: NetworkId, email: EmailAddress) -> Result<(), Failure> {
    let op = OpContext::for_job("network-create", network, None, &SystemClock, Arc::new(SystemIds));
    let cmd = Invite { organisation: None, email, roles: Roles::from_iter([Role::NetworkCoordinator]) };
    match store.write(&op, move |tx, op| invite(tx, op, cmd)).await {
        Ok(_) => Ok(()),
        Err(InvitationError::Store(error)) => Err(error.into()),
        Err(error) => Err(Failure::Failed(error.into())),
    }
}

/// One line for people, or one object for scripts; what to do next on standard error.
fn said(network: &Network, how: How, done: &str) -> Result<(), Failure> {
    told(network, how, (!how.dry_run).then_some(done))?;
    if how.dry_run {
        eprintln!("a dry run: nothing was written");
    } else {
        eprintln!("{done}; the invitation goes out by e-mail while `trellis worker` runs, and lasts 5 days");
    }
    Ok(())
}

fn told(network: &Network, how: How, done: Option<&str>) -> Result<(), Failure> {
    if !how.json {
        return run::print(&format!("{} ({})\n", network.name, network.slug));
    }
    let out = json!({
        "network": { "id": network.id.to_string(), "name": network.name, "slug": network.slug, "zone": network.zone,
            "jurisdiction": network.jurisdiction },
        "done": done, "dryRun": how.dry_run,
    });
    run::print(&format!("{}\n", serde_json::to_string_pretty(&out)?))
}

fn address(text: &str) -> Result<EmailAddress, Failure> {
    EmailAddress::parse(text).map_err(|error| Failure::usage(format!("--coordinator-email: {error}")))
}

fn checked(name: String, slug: String, (zone, jurisdiction): (String, String)) -> Result<Network, Failure> {
    Line::parse(&name).map_err(|error| Failure::usage(format!("--name: {error}")))?;
    if !is_slug(&slug) {
        let why = "--slug: small letters, digits and single hyphens, such as north-vale";
        return Err(Failure::usage(why));
    }
    let zone_is = jiff::tz::TimeZone::get(&zone);
    zone_is.map_err(|_| Failure::usage("--zone: an IANA time zone, such as Europe/London"))?;
    let id = NetworkId::from_uuid(SystemIds.next(SystemClock.now()));
    Ok(Network { id, name, slug, zone, jurisdiction })
}

fn is_slug(text: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.len() <= 60 && text.split('-').all(plain)
}

/// "North Vale" is `north-vale`.
fn slug_of(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_made_from_a_name_and_an_odd_one_is_refused() {
        assert_eq!(slug_of("North Vale & Dale"), "north-vale-dale");
        assert!(is_slug("north-vale") && is_slug("nv2"));
        for odd in ["", "North", "north--vale", "-north", "north vale"] {
            assert!(!is_slug(odd), "{odd}");
        }
    }
}
