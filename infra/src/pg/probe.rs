//! What a server asks of a database before it starts: is it there, and does the role that it is reached as leave
//! row-level security standing. It mends nothing, and never repeats an address: there may be a password in it.

use std::time::Duration;

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, Error, NoTls, Row};

const WITHIN: Duration = Duration::from_secs(5);

/// Roles, whether they own a table or could become its owner, and where this is.
const ASK: &str = "SELECT r.rolsuper, r.rolbypassrls,
    EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(r.oid, c.relowner, 'MEMBER')),
    ARRAY(SELECT g.rolname::text FROM pg_roles g
      WHERE g.rolname IN ('trellis_app', 'trellis_platform') AND pg_has_role(r.oid, g.oid, 'MEMBER')),
    concat(pg_postmaster_start_time(), '/', (SELECT oid FROM pg_database WHERE datname = current_database()))
  FROM pg_roles r WHERE r.rolname = current_user";

/// Which of the two logins an address should be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    App,
    Platform,
}

impl Login {
    pub const fn role(self) -> &'static str {
        match self {
            Self::App => "trellis_app",
            Self::Platform => "trellis_platform",
        }
    }
}

/// One database of one running server: two addresses of it are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    #[error("this is not the address of a database: postgres://{0}:password@host/trellis")]
    Address(&'static str),
    #[error("the database cannot be reached: is it running, and are host and port right?")]
    Unreachable,
    #[error("the database refuses this login: are role and password right?")]
    Refused,
    #[error("there is no database of that name: create it, then run `trellis migrate`")]
    NoDatabase,
    #[error("the role is a superuser, so row-level security would not hold: connect as {0}")]
    Superuser(&'static str),
    #[error("the role has BYPASSRLS, so row-level security would not hold: connect as {0}")]
    Bypasses(&'static str),
    #[error(
        "the role owns the tables or may become their owner, and could lift row-level security: connect as {0}"
    )]
    Owner(&'static str),
    #[error("the role is not {0}: connect as {0}, which `trellis migrate` makes where it is missing")]
    Other(&'static str),
    #[error("the database does not say what the role may do")]
    Silent,
}

/// The password in an address, if there is one and it is the address of a database.
pub fn password_of(url: &str) -> Option<String> {
    let config: Config = url.parse().ok()?;
    config.get_password().map(|password| String::from_utf8_lossy(password).into_owned())
}

/// Connects as the login would, and looks at its role.
pub async fn probe(url: &str, login: Login) -> Result<Place, ProbeError> {
    let config: Config = url.parse().map_err(|_| ProbeError::Address(login.role()))?;
    let asked = tokio::time::timeout(WITHIN, async {
        let (client, connection) = config.connect(NoTls).await.map_err(|error| unconnected(&error))?;
        let talking = tokio::spawn(connection);
        let row = ask(&client).await;
        drop(client);
        // What was asked is answered; how the line ends is nobody's business.
        let _ = talking.await;
        row
    });
    judged(&asked.await.map_err(|_| ProbeError::Unreachable)??, login)
}

async fn ask(client: &Client) -> Result<Row, ProbeError> {
    client.query_one(ASK, &[]).await.map_err(|_| ProbeError::Silent)
}

fn unconnected(error: &Error) -> ProbeError {
    match error.code() {
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => ProbeError::NoDatabase,
        // Starting up, shutting down, full: it is there, and cannot be used.
        Some(code) if code.code().starts_with("57") || code.code().starts_with("53") => {
            ProbeError::Unreachable
        }
        Some(_) => ProbeError::Refused,
        None => ProbeError::Unreachable,
    }
}

fn judged(row: &Row, login: Login) -> Result<Place, ProbeError> {
    let role = login.role();
    let read = || -> Result<(bool, bool, bool, Vec<String>, String), Error> {
        Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?))
    };
    let (superuser, bypasses, owns, roles, place) = read().map_err(|_| ProbeError::Silent)?;
    if superuser {
        return Err(ProbeError::Superuser(role));
    }
    if bypasses {
        return Err(ProbeError::Bypasses(role));
    }
    if owns {
        return Err(ProbeError::Owner(role));
    }
    // The other login's policies would be its own as well: neither may stand in for the other.
    if roles.len() != 1 || !roles.iter().any(|known| known == role) {
        return Err(ProbeError::Other(role));
    }
    Ok(Place(place))
}
