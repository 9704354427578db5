//! The only way to a tenant's rows. `BEGIN`, the tenant and the check of the session go out in front of the first
//! statement; the record and the end of the transaction are one message, and a write without a record is rolled back.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, RwLock};

use diesel::connection::SimpleConnection;
use trellis_domain::kernel::{
    Actor, NetworkId, OpContext, OrganisationId, Recorded, StoreError, Subject, TypedId, WorkingCalendar,
};
use trellis_domain::policy::{Denial, Refused};
use uuid::Uuid;

use super::error::store_error;
use super::lanes::{Lanes, PgConn};
use super::record;
use super::tx::{Frame, PgTx, ReadOnly, ReadWrite};
use crate::seal::Keyring;

/// How many connections, and how many operations may wait for one.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// As the application's role: `postgres://trellis_app@…`.
    pub url: String,
    pub connections: usize,
    pub waiting: usize,
}

/// Tells who listens that something changed for an organisation. Called after commit; must not block.
pub type Changed = Arc<dyn Fn(NetworkId, &[OrganisationId]) + Send + Sync>;

/// The tenants' store.
#[derive(Clone)]
pub struct PgStore {
    lanes: Lanes,
    shared: Arc<Shared>,
}

struct Shared {
    keyring: Arc<Keyring>,
    calendars: RwLock<HashMap<NetworkId, Arc<WorkingCalendar>>>,
    changed: Changed,
}

impl std::fmt::Debug for PgStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgStore").finish_non_exhaustive()
    }
}

/// A transaction has one of three ends.
enum End {
    Rollback,
    /// What is written waits for the disk.
    Durable,
    /// The audit entry of a list: in its transaction, but not worth a wait for the disk (ADR 0006).
    Soon,
}

impl PgStore {
    pub fn open(options: &StoreOptions, keyring: Arc<Keyring>, changed: Changed) -> Result<Self, StoreError> {
        let lanes = Lanes::start(&options.url, options.connections, options.waiting)?;
        let shared = Shared { keyring, calendars: RwLock::new(HashMap::new()), changed };
        Ok(Self { lanes, shared: Arc::new(shared) })
    }

    /// The database answers, to this role; for readiness pages.
    pub async fn answers(&self) -> Result<(), StoreError> {
        self.lanes.run(|conn| conn.batch_execute("SELECT 1").map_err(store_error)).await
    }

    /// Looks, and records who looked. Nothing can be saved from inside.
    pub async fn read<T, E, F>(&self, op: &OpContext, look: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Refused + Send + 'static,
        F: FnOnce(&mut PgTx<'_, ReadOnly>, &OpContext) -> Result<T, E> + Send + 'static,
    {
        let (shared, op) = (Arc::clone(&self.shared), op.clone());
        self.lanes.run(move |conn| shared.read_on(conn, &op, look)).await
    }

    /// Decides and saves. What is returned was committed with its events, audit entries and messages.
    pub async fn write<T, E, F>(&self, op: &OpContext, decide: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Refused + Send + 'static,
        F: FnOnce(&mut PgTx<'_, ReadWrite>, &OpContext) -> Result<Recorded<T>, E> + Send + 'static,
    {
        let (shared, op) = (Arc::clone(&self.shared), op.clone());
        self.lanes.run(move |conn| shared.write_on(conn, &op, decide)).await
    }

    /// The same, at most once for the operation's idempotency key: a repeat is answered with the thing as it
    /// stands now, read again by `again`.
    pub async fn write_once<T, E, F, A>(&self, op: &OpContext, decide: F, again: A) -> Result<Replayed<T>, E>
    where
        T: Subject + Send + 'static,
        E: From<StoreError> + Refused + Send + 'static,
        F: FnOnce(&mut PgTx<'_, ReadWrite>, &OpContext) -> Result<Recorded<T>, E> + Send + 'static,
        A: FnOnce(&mut PgTx<'_, ReadWrite>, Uuid) -> Result<T, E> + Send + 'static,
    {
        self.write(op, move |tx, op| match super::idempotency::claim(tx, op)? {
            super::idempotency::Claim::Repeat(subject) => {
                Ok(Recorded::unchanged(Replayed { value: again(tx, subject)?, replayed: true }))
            }
            super::idempotency::Claim::First => {
                let recorded = decide(tx, op)?;
                super::idempotency::settle(tx, op, recorded.value().subject())?;
                Ok(recorded.map(|value| Replayed { value, replayed: false }))
            }
        })
        .await
    }
}

impl PgStore {
    /// One part of a request that is done part by part, each in a transaction of its own: at most once for the key of the
    /// whole. Whatever stopped it half-way, asking again does what is left.
    pub async fn write_part<T, E, F, A>(
        &self,
        op: &OpContext,
        part: Uuid,
        decide: F,
        again: A,
    ) -> Result<Replayed<T>, E>
    where
        T: Subject + Send + 'static,
        E: From<StoreError> + Refused + Send + 'static,
        F: FnOnce(&mut PgTx<'_, ReadWrite>, &OpContext) -> Result<Recorded<T>, E> + Send + 'static,
        A: FnOnce(&mut PgTx<'_, ReadWrite>, Uuid) -> Result<T, E> + Send + 'static,
    {
        let Some(whole) = op.idempotency() else {
            return self.write_once(op, decide, again).await;
        };
        let part = super::idempotency::part_of(whole, part);
        self.write(op, move |tx, op| match super::idempotency::claim_part(tx, op, &part)? {
            super::idempotency::Claim::Repeat(subject) => {
                Ok(Recorded::unchanged(Replayed { value: again(tx, subject)?, replayed: true }))
            }
            super::idempotency::Claim::First => {
                let recorded = decide(tx, op)?;
                super::idempotency::settle_key(tx, op, &part, recorded.value().subject())?;
                Ok(recorded.map(|value| Replayed { value, replayed: false }))
            }
        })
        .await
    }
}

/// An answer, and whether it repeats an earlier one.
#[derive(Debug)]
pub struct Replayed<T> {
    pub value: T,
    pub replayed: bool,
}

impl Shared {
    fn read_on<T, E, F>(&self, conn: &mut PgConn, op: &OpContext, look: F) -> Result<T, E>
    where
        E: From<StoreError> + Refused,
        F: FnOnce(&mut PgTx<'_, ReadOnly>, &OpContext) -> Result<T, E>,
    {
        begin(conn, op);
        let looked = self.calendar(conn, op).map_err(E::from).and_then(|calendar| {
            let mut tx = PgTx::new(conn, self.frame(op, calendar));
            let value = look(&mut tx, op)?;
            Ok((value, tx.take_reads()))
        });
        match looked {
            Ok((value, reads)) if reads.is_empty() => {
                end(conn, &End::Rollback)?;
                Ok(value)
            }
            Ok((value, reads)) => {
                let list_only = reads.iter().all(|(_, persons)| !persons.is_empty());
                let how = if list_only { End::Soon } else { End::Durable };
                close(conn, &record::reads(op, &reads), &how)?;
                Ok(value)
            }
            Err(error) => Err(refused(conn, op, error)),
        }
    }

    fn write_on<T, E, F>(&self, conn: &mut PgConn, op: &OpContext, decide: F) -> Result<T, E>
    where
        E: From<StoreError> + Refused,
        F: FnOnce(&mut PgTx<'_, ReadWrite>, &OpContext) -> Result<Recorded<T>, E>,
    {
        begin(conn, op);
        let decided = self.calendar(conn, op).map_err(E::from).and_then(|calendar| {
            let mut tx = PgTx::new(conn, self.frame(op, Arc::clone(&calendar)));
            let recorded = decide(&mut tx, op)?;
            Ok((recorded, tx.take_reads(), calendar))
        });
        let (recorded, reads, calendar) = match decided {
            Ok(decided) => decided,
            Err(error) => return Err(refused(conn, op, error)),
        };
        let (value, authorised, events) = recorded.into_parts();
        if authorised.is_empty() {
            end(conn, &End::Rollback)?;
            return Ok(value);
        }
        let written = record::Written { authorised: &authorised, events: &events, reads: &reads };
        close(conn, &record::write(op, &calendar, &written), &End::Durable)?;
        (self.changed)(op.network(), &record::touched(op, &events));
        Ok(value)
    }

    fn frame<'a>(&'a self, op: &'a OpContext, calendar: Arc<WorkingCalendar>) -> Frame<'a> {
        Frame { op, keyring: &self.keyring, calendar }
    }

    /// The network's working days, read once a process.
    fn calendar(&self, conn: &mut PgConn, op: &OpContext) -> Result<Arc<WorkingCalendar>, StoreError> {
        let known = self.calendars.read().ok().and_then(|calendars| calendars.get(&op.network()).cloned());
        if let Some(calendar) = known {
            return Ok(calendar);
        }
        let calendar = Arc::new(super::tenancy::read_calendar(conn, op.network())?);
        if let Ok(mut calendars) = self.calendars.write() {
            calendars.insert(op.network(), Arc::clone(&calendar));
        }
        Ok(calendar)
    }
}

/// The record and the end, as one message: PostgreSQL reads no further than the first thing that fails.
fn close(conn: &mut PgConn, record: &str, how: &End) -> Result<(), StoreError> {
    let closed = conn.batch_execute(&format!("{record}; {}", words(how))).map_err(store_error);
    if closed.is_err() {
        // The error that counts is the first; a connection that is gone has rolled back by itself.
        let _ = end(conn, &End::Rollback);
    }
    closed
}

/// Rolls back; a denial is then written to the audit in a short transaction of its own.
fn refused<E: From<StoreError> + Refused>(conn: &mut PgConn, op: &OpContext, error: E) -> E {
    if let Err(failed) = end(conn, &End::Rollback) {
        return failed.into();
    }
    let denied = error.denied().filter(|denied| denied.why == Denial::Role);
    let Some(denied) = denied else { return error };
    begin(conn, op);
    match close(conn, &record::denial(op, &denied), &End::Durable) {
        Ok(()) => error,
        Err(failed) => failed.into(),
    }
}

/// Kept for the first statement (`connection`). Every value in this text is a UUID, a number or an instant of ours, so
/// there is nothing to escape.
fn begin(conn: &mut PgConn, op: &OpContext) {
    let network = op.network().uuid();
    let organisation = op.organisation().map(|id| id.uuid().to_string()).unwrap_or_default();
    let actor = match op.actor() {
        Actor::User { user, .. } => user.uuid(),
        Actor::Link { link } => link.uuid(),
        Actor::Invitee { invitation } => invitation.uuid(),
        Actor::Applicant { application } => application.uuid(),
        Actor::Job { .. } => Uuid::nil(),
    };
    let now = op.now();
    let mut message = format!(
        "BEGIN; SELECT set_config('app.network_id', '{network}', true), \
         set_config('app.organisation_id', '{organisation}', true), set_config('app.actor_id', '{actor}', true), \
         set_config('app.now', '{now}', true)"
    );
    if let Some(proof) = op.session() {
        let (session, membership) = (proof.session.uuid(), proof.membership.uuid());
        let version = proof.version;
        let _ = write!(message, "; SELECT assert_session('{session}', '{membership}', {version}, '{now}')");
    }
    conn.open_with(message);
}

fn end(conn: &mut PgConn, how: &End) -> Result<(), StoreError> {
    conn.batch_execute(words(how)).map_err(store_error)
}

fn words(how: &End) -> &'static str {
    match how {
        End::Rollback => "ROLLBACK",
        End::Durable => "COMMIT",
        End::Soon => "SET LOCAL synchronous_commit = off; COMMIT",
    }
}
