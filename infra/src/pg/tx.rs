//! One transaction of one tenant. Repositories are implemented on it, so there is no way to a query without a tenant.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use trellis_domain::audit::ReadEntry;
use trellis_domain::kernel::{
    NetworkId, OpContext, OrganisationId, PersonId, StoreError, TypedId, WorkingCalendar,
};
use trellis_domain::tenancy::Calendars;
use uuid::Uuid;

use super::lanes::PgConn;
use super::person::PersonKeyRow;
use crate::seal::{Keyring, PersonKey};

/// A transaction that can only look.
#[derive(Debug)]
pub struct ReadOnly;

/// A transaction that can also save.
#[derive(Debug)]
pub struct ReadWrite;

/// What a transaction stands on besides its connection.
pub(crate) struct Frame<'a> {
    pub(crate) op: &'a OpContext,
    pub(crate) keyring: &'a Keyring,
    pub(crate) calendar: Arc<WorkingCalendar>,
}

/// One transaction: `M` says whether it may save.
pub struct PgTx<'a, M> {
    pub(crate) conn: &'a mut PgConn,
    frame: Frame<'a>,
    reads: Vec<(ReadEntry, Vec<Uuid>)>,
    keys: HashMap<PersonId, PersonKey>,
    mode: PhantomData<M>,
}

impl<M> std::fmt::Debug for PgTx<'_, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgTx").finish_non_exhaustive()
    }
}

impl<'a, M> PgTx<'a, M> {
    pub(crate) fn new(conn: &'a mut PgConn, frame: Frame<'a>) -> Self {
        Self { conn, frame, reads: Vec::new(), keys: HashMap::new(), mode: PhantomData }
    }

    pub fn op(&self) -> &OpContext {
        self.frame.op
    }

    pub(crate) fn network(&self) -> NetworkId {
        self.frame.op.network()
    }

    pub(crate) fn network_uuid(&self) -> Uuid {
        self.network().uuid()
    }

    /// The acting organisation as PostgreSQL compares it; the nil UUID matches nothing.
    pub(crate) fn organisation_uuid(&self) -> Uuid {
        self.frame.op.organisation().map_or(Uuid::nil(), OrganisationId::uuid)
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        self.frame.keyring
    }

    /// Remembers a permitted read; it becomes an audit entry of this transaction.
    pub fn audit_read(&mut self, entry: impl Into<ReadEntry>) {
        self.reads.push((entry.into(), Vec::new()));
    }

    /// The same for a list: one entry that names everybody it showed.
    pub fn audit_list(&mut self, entry: impl Into<ReadEntry>, persons: Vec<Uuid>) {
        self.reads.push((entry.into(), persons));
    }

    pub(crate) fn take_reads(&mut self) -> Vec<(ReadEntry, Vec<Uuid>)> {
        std::mem::take(&mut self.reads)
    }

    /// A person's key, unwrapped once a transaction.
    pub(crate) fn unwrapped(
        &mut self,
        person: PersonId,
        row: &PersonKeyRow,
    ) -> Result<&PersonKey, StoreError> {
        use std::collections::hash_map::Entry;
        let network = self.frame.op.network().uuid();
        match self.keys.entry(person) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(vacant) => {
                let key = self.frame.keyring.unwrap_person_key(network, person.uuid(), &row.wrapped());
                Ok(vacant.insert(key.map_err(|_| StoreError::Sealed)?))
            }
        }
    }

    pub(crate) fn remember_key(&mut self, person: PersonId, key: PersonKey) {
        self.keys.insert(person, key);
    }

    pub(crate) fn known_key(&self, person: PersonId) -> Option<&PersonKey> {
        self.keys.get(&person)
    }
}

impl<M> Calendars for PgTx<'_, M> {
    fn calendar(&self) -> &WorkingCalendar {
        &self.frame.calendar
    }
}
