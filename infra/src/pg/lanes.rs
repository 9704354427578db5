//! Lanes: a fixed number of threads, each with one connection and its prepared statements for life.
//! One bounded queue feeds them; when it is full the caller hears so at once.
//! A job runs to its end on its thread, so nobody who hangs up can leave a transaction half done.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};

use diesel::Connection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::pooled_connection::PoolableConnection;
use tokio::sync::oneshot;
use trellis_domain::kernel::StoreError;

use super::connection::OpeningConnection;

/// A synchronous diesel connection over the pure-Rust wire protocol.
pub type PgConn = AsyncConnectionWrapper<OpeningConnection>;

type Job = Box<dyn FnOnce(&mut Lane) + Send>;

/// One thread's connection, opened when first needed and again after it broke.
#[derive(Debug)]
pub struct Lane {
    url: Arc<str>,
    connection: Option<Box<ConnectionSlot>>,
}

struct ConnectionSlot(PgConn);

impl std::fmt::Debug for ConnectionSlot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PgConn")
    }
}

/// Threads with connections to one database, as one role.
#[derive(Debug, Clone)]
pub struct Lanes {
    queue: SyncSender<Job>,
}

impl Lanes {
    /// Starts `count` threads; connections are opened on first use. `waiting` jobs may queue.
    pub fn start(url: &str, count: usize, waiting: usize) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel::<Job>(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..count {
            let lane = Lane { url: Arc::from(url), connection: None };
            let jobs = Arc::clone(&jobs);
            let named = std::thread::Builder::new().name(format!("pg-{number}"));
            named.spawn(move || run(lane, &jobs)).map_err(|error| StoreError::Fault(Box::new(error)))?;
        }
        Ok(Self { queue })
    }

    /// Runs a job on a free connection.
    pub async fn run<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut PgConn) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |lane| {
            let result = lane.with_connection(job);
            let _ = answer.send(result);
        });
        match self.queue.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                return Err(StoreError::Unavailable(None).into());
            }
        }
        match answered.await {
            Ok(result) => result,
            Err(_) => Err(StoreError::Unavailable(None).into()),
        }
    }
}

fn run(mut lane: Lane, jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = match jobs.lock() {
            Ok(jobs) => jobs.recv(),
            Err(poisoned) => poisoned.into_inner().recv(),
        };
        let Ok(job) = job else { return };
        // A panic in a job costs its connection, never the lane.
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut lane))).is_err() {
            lane.connection = None;
        }
    }
}

impl Lane {
    fn with_connection<T, E, F>(&mut self, job: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&mut PgConn) -> Result<T, E>,
    {
        let whole = self.connection.take().and_then(|mut slot| (!is_broken(&mut slot.0)).then_some(slot));
        let mut slot = match whole {
            Some(slot) => slot,
            None => Box::new(ConnectionSlot(self.open()?)),
        };
        let result = job(&mut slot.0);
        if !is_broken(&mut slot.0) {
            self.connection = Some(slot);
        }
        result
    }

    fn open(&self) -> Result<PgConn, StoreError> {
        PgConn::establish(&self.url).map_err(|error| StoreError::Unavailable(Some(Box::new(error))))
    }
}

fn is_broken(connection: &mut PgConn) -> bool {
    PoolableConnection::is_broken(&mut **connection)
}
