//! What is measured: a private PostgreSQL with its durable defaults, a filled database for each size, and the product
//! itself as its own process.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use tokio::process::{Child, Command};
use tokio_postgres::{Client, NoTls};
use trellis_domain::kernel::Clock;
use trellis_infra::auth::SigningKeys;
use trellis_infra::local::{LocalOptions, LocalServers};
use trellis_infra::seal::Keyring;
use trellis_infra::system::SystemClock;

use crate::people;
use crate::scale::{Scale, Size};

const NAMES: &str = include_str!("../sql/names.sql");
const FILL: &str = include_str!("../sql/fill.sql");
const KEYRING: &str = "keyring.json";
const SIGNING: &str = "signing-keys.json";
/// How long a filled database waits for the next bench; a larger one is worth keeping.
const FOLDER: &str = "var/bench";

/// Servers and keys; they outlast the databases.
pub struct Ground {
    servers: LocalServers,
    folder: PathBuf,
    pub keyring: Keyring,
    pub signing: SigningKeys,
}

/// The product, running over one database. Ends with this value.
pub struct Product {
    _child: Child,
    pub pid: i32,
    pub address: String,
}

impl Ground {
    pub fn start() -> anyhow::Result<Self> {
        let folder = PathBuf::from(FOLDER);
        std::fs::create_dir_all(&folder).context("make the bench's folder")?;
        // Memory as an operator would give it; everything about durability stays as it comes.
        let options = LocalOptions::kept_in(&folder)
            .without_redis()
            .with_setting("shared_buffers", "2GB")
            .with_setting("max_wal_size", "8GB")
            .with_setting("checkpoint_timeout", "30min");
        let servers = LocalServers::start(&options, &|line| eprintln!("{line}"))?;
        let keyring = Keyring::load_or_generate(&folder.join(KEYRING))?;
        let signing = SigningKeys::load_or_generate(&folder.join(SIGNING), SystemClock.now())?;
        Ok(Self { servers, folder, keyring, signing })
    }

    pub fn stop(self) -> anyhow::Result<()> {
        Ok(self.servers.stop()?)
    }

    pub fn dsn(&self, role: &str, scale: Scale) -> String {
        self.servers.postgres().dsn(role, scale.database())
    }

    pub fn socket(&self) -> (&Path, u16) {
        (self.servers.postgres().dir(), self.servers.postgres().port())
    }

    pub async fn owner(&self, scale: Scale) -> anyhow::Result<Client> {
        connect(&self.dsn(self.servers.postgres().owner(), scale)).await
    }

    /// Where PostgreSQL's own programs are: `pgbench` comes with the server it measures.
    pub async fn pgbench(&self) -> anyhow::Result<PathBuf> {
        let client =
            connect(&self.servers.postgres().dsn(self.servers.postgres().owner(), "postgres")).await?;
        let row = client.query_one("SELECT setting FROM pg_config WHERE name = 'BINDIR'", &[]).await?;
        let program = Path::new(row.get::<_, &str>(0)).join("pgbench");
        anyhow::ensure!(program.exists(), "{} is missing: install it beside PostgreSQL", program.display());
        Ok(program)
    }

    /// A filled database; filled once for a version of the schema and of the filling.
    pub async fn database(&self, scale: Scale) -> anyhow::Result<()> {
        let stamp_file = self.folder.join(format!("{}.stamp", scale.database()));
        let stamp = stamp(self.keyring.current_key_id())?;
        if std::fs::read_to_string(&stamp_file).is_ok_and(|kept| kept == stamp) {
            return Ok(());
        }
        let postgres = self.servers.postgres();
        let admin = connect(&postgres.dsn(postgres.owner(), "postgres")).await?;
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {}", scale.database())).await?;
        admin.batch_execute(&format!("CREATE DATABASE {}", scale.database())).await?;
        let owner_url = self.dsn(postgres.owner(), scale);
        tokio::task::spawn_blocking(move || trellis_infra::pg::migrate(&owner_url)).await??;
        self.fill(scale).await?;
        Ok(std::fs::write(stamp_file, stamp)?)
    }

    async fn fill(&self, scale: Scale) -> anyhow::Result<()> {
        let size = scale.size();
        let owner = self.owner(scale).await?;
        owner.batch_execute(NAMES).await?;
        eprintln!("size {}: sealing {} people", scale.name(), size.persons);
        people::copy(&owner, &self.keyring, &size).await?;
        for step in with_numbers(FILL, &size).split("\n\n") {
            eprintln!("size {}: {}", scale.name(), what(step));
            owner.batch_execute(step).await.with_context(|| what(step))?;
        }
        owner.batch_execute("VACUUM (ANALYZE)").await?;
        Ok(owner.batch_execute("CHECKPOINT").await?)
    }

    /// The product as an operator starts it.
    pub async fn product(&self, scale: Scale, binary: &Path) -> anyhow::Result<Product> {
        let mut command = Command::new(binary);
        command.arg("serve");
        self.started(scale, command).await
    }

    /// The product's server inside a process of this harness (`unguarded`).
    pub async fn unguarded(&self, scale: Scale) -> anyhow::Result<Product> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--unguarded", scale.database()]);
        self.started(scale, command).await
    }

    async fn started(&self, scale: Scale, mut command: Command) -> anyhow::Result<Product> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let child = command
            .env("TRELLIS_HTTP_ADDR", &address)
            .env("DATABASE_URL", self.dsn("trellis_app", scale))
            .env("TRELLIS_PLATFORM_DATABASE_URL", self.dsn("trellis_platform", scale))
            .env("TRELLIS_KEYRING_FILE", self.folder.join(KEYRING))
            .env("TRELLIS_SIGNING_KEYS_FILE", self.folder.join(SIGNING))
            .env("TRELLIS_SMTP_URL", "smtp://127.0.0.1:9")
            .env("TRELLIS_LOG", "warn")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("start the product")?;
        let pid = i32::try_from(child.id().context("the product has ended")?)?;
        let product = Product { _child: child, pid, address };
        product.ready().await?;
        Ok(product)
    }
}

impl Product {
    /// The issuer that its tokens must name.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    async fn ready(&self) -> anyhow::Result<()> {
        let listens = async {
            while tokio::net::TcpStream::connect(&self.address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), listens).await.context("the product does not listen")
    }
}

async fn connect(dsn: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(dsn, NoTls).await.context("connect to PostgreSQL")?;
    tokio::spawn(connection);
    Ok(client)
}

/// Changes when the schema, the filling or the key does.
fn stamp(key: &str) -> anyhow::Result<String> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (NAMES, FILL).hash(&mut hasher);
    Ok(format!("{} {:x} {key}", trellis_infra::pg::migrate::known_versions()?.join(","), hasher.finish()))
}

fn with_numbers(sql: &str, size: &Size) -> String {
    [
        ("{practices}", size.practices),
        ("{links}", size.links),
        ("{workers}", size.workers),
        ("{services}", size.services),
        ("{persons}", size.persons),
        ("{referrals}", size.referrals),
    ]
    .into_iter()
    .fold(sql.to_owned(), |text, (name, number)| text.replace(name, &number.to_string()))
}

/// The first thing that a step fills.
fn what(step: &str) -> String {
    let table = step.split("INSERT INTO ").nth(1).and_then(|rest| rest.split(' ').next());
    format!("filling {}", table.unwrap_or("settings"))
}
