//! A door in front of PostgreSQL that counts how often a client waits for an answer: simple queries and `Sync`s that
//! were sent together are one round trip. It changes nothing of what passes.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::database::TestDatabase;

/// Counts what passes to one database.
#[derive(Debug)]
pub struct CountingDoor {
    folder: PathBuf,
    waits: Arc<AtomicUsize>,
    url: String,
}

impl CountingDoor {
    /// In front of the database, for the application's role.
    pub fn to(database: &TestDatabase) -> anyhow::Result<Self> {
        let behind = database.app_url();
        let host = behind.split('\'').nth(1).context("the socket's folder")?.to_owned();
        let port =
            behind.split("port=").nth(1).and_then(|rest| rest.split(' ').next()).context("the port")?;
        #[expect(clippy::disallowed_methods, reason = "a folder that no other test of the run has")]
        let folder = std::env::temp_dir().join(format!("trellis-door-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir(&folder)?;
        let name = format!(".s.PGSQL.{port}");
        let listener = UnixListener::bind(folder.join(&name))?;
        let waits = Arc::new(AtomicUsize::new(0));
        let (counted, target) = (Arc::clone(&waits), PathBuf::from(&host).join(&name));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, target.clone(), Arc::clone(&counted)));
            }
        });
        let url = behind.replacen(&host, &folder.to_string_lossy(), 1);
        Ok(Self { folder, waits, url })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Round trips since the last time this was asked.
    pub fn round_trips(&self) -> usize {
        self.waits.swap(0, Ordering::SeqCst)
    }
}

impl Drop for CountingDoor {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn pass(client: UnixStream, target: PathBuf, waits: Arc<AtomicUsize>) -> anyhow::Result<()> {
    let (from_client, mut to_client) = client.into_split();
    let mut from_client = BufReader::with_capacity(1 << 16, from_client);
    let (mut from_server, mut to_server) = UnixStream::connect(target).await?.into_split();
    let answers = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    // The first message of a connection has no kind.
    let start = message(&mut from_client, Vec::new()).await?;
    to_server.write_all(&start).await?;
    while let Ok(kind) = from_client.read_u8().await {
        let whole = message(&mut from_client, vec![kind]).await?;
        // What the client sent in one go is here already.
        if matches!(kind, b'Q' | b'S') && from_client.buffer().is_empty() {
            waits.fetch_add(1, Ordering::SeqCst);
        }
        to_server.write_all(&whole).await?;
    }
    to_server.shutdown().await?;
    answers.await??;
    Ok(())
}

/// A length that counts itself, and what it announces.
async fn message(from: &mut (impl AsyncRead + Unpin), mut whole: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    whole.extend_from_slice(&length.to_be_bytes());
    let mut body = vec![0; usize::try_from(length)?.saturating_sub(4)];
    from.read_exact(&mut body).await?;
    whole.extend_from_slice(&body);
    Ok(whole)
}
