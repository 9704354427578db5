//! One cluster a run, one cloned database a test. The cluster goes when its last user has gone.

use std::sync::OnceLock;

use anyhow::Context;
use trellis_infra::local::{LocalOptions, LocalServers, PgSocket};
use uuid::Uuid;

/// The owner of every test's database and of all that is in it. As in an installation it migrates and is no superuser,
/// so that row-level security, where it is forced, holds for it and for the functions that run as it.
pub const MIGRATOR: &str = "trellis_migrator";

/// The roles as an operator makes them (docker/postgres/roles.sh), less the passwords.
const ROLES: &str = "DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trellis_migrator') THEN
    CREATE ROLE trellis_migrator LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT NOBYPASSRLS;
    CREATE ROLE trellis_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
    CREATE ROLE trellis_platform LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
  END IF;
END $$";

static SERVERS: OnceLock<Result<LocalServers, String>> = OnceLock::new();

/// A migrated, empty database of its own.
#[derive(Debug, Clone)]
pub struct TestDatabase {
    socket: &'static PgSocket,
    name: String,
}

fn run_name() -> String {
    let run = std::env::var("NEXTEST_RUN_ID").unwrap_or_else(|_| format!("pid-{}", std::process::id()));
    format!("trellis-tests-{run}")
}

/// The servers of this run.
pub fn servers() -> anyhow::Result<&'static LocalServers> {
    let started = SERVERS.get_or_init(|| {
        let options =
            LocalOptions::shared(&run_name()).without_durability().with_setting("max_connections", "400");
        LocalServers::start(&options, &|_| ()).map_err(|error| error.to_string())
    });
    started.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
}

impl TestDatabase {
    pub async fn new() -> anyhow::Result<Self> {
        let servers = servers()?;
        let socket = servers.postgres();
        let base = Self { socket, name: "postgres".into() };
        let template = base.template().await?;
        #[expect(clippy::disallowed_methods, reason = "a name that no other test of the run has")]
        let name = format!("t_{}", Uuid::now_v7().simple());
        base.admin(&format!("CREATE DATABASE {name} OWNER {MIGRATOR} TEMPLATE {template}")).await?;
        Ok(Self { socket, name })
    }

    /// Migrated once a run, whoever comes first.
    async fn template(&self) -> anyhow::Result<String> {
        const NAME: &str = "trellis_template";
        let client = self.connect_as(self.socket.owner()).await?;
        client.batch_execute("SELECT pg_advisory_lock(7201)").await?;
        let known = client
            .query_opt("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate", &[&NAME])
            .await?;
        if known.is_none() {
            client.batch_execute(ROLES).await?;
            client
                .batch_execute(&format!(
                    "CREATE DATABASE {NAME} OWNER {MIGRATOR} ENCODING UTF8 LOCALE \"C\" TEMPLATE template0"
                ))
                .await?;
            let url = self.socket.dsn(MIGRATOR, NAME);
            tokio::task::spawn_blocking(move || trellis_infra::pg::migrate(&url))
                .await?
                .context("migrate the template")?;
            client.batch_execute(&format!("ALTER DATABASE {NAME} IS_TEMPLATE true")).await?;
        }
        client.batch_execute("SELECT pg_advisory_unlock(7201)").await?;
        Ok(NAME.to_owned())
    }

    async fn admin(&self, statement: &str) -> anyhow::Result<()> {
        Ok(self.connect_as(self.socket.owner()).await?.batch_execute(statement).await?)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// As a role, for diesel.
    pub fn url(&self, role: &str) -> String {
        self.socket.dsn(role, &self.name)
    }

    pub fn app_url(&self) -> String {
        self.url("trellis_app")
    }

    pub fn platform_url(&self) -> String {
        self.url("trellis_platform")
    }

    /// As the owner of the database, to migrate it.
    pub fn migrator_url(&self) -> String {
        self.url(MIGRATOR)
    }

    /// As the owner of the whole cluster, a superuser.
    pub fn owner_url(&self) -> String {
        self.url(self.socket.owner())
    }

    /// A plain connection, to look at the database as somebody else would.
    pub async fn connect_as(&self, role: &str) -> anyhow::Result<tokio_postgres::Client> {
        let (client, connection) = tokio_postgres::connect(&self.url(role), tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// As the owner of the cluster and superuser: sees everything.
    pub async fn connect_as_owner(&self) -> anyhow::Result<tokio_postgres::Client> {
        self.connect_as(self.socket.owner()).await
    }
}
