//! What every list asks alike: whose rows, where the page begins, and who was shown to whom.

use jiff::Timestamp;
use trellis_domain::audit::ReadEntry;
use trellis_domain::kernel::{OrganisationId, StoreError, TypedId, UserId};
use trellis_domain::policy::visibility::Scope;
use trellis_domain::policy::{Action, Visibility};
use uuid::Uuid;

use super::super::error::inconsistent;
use super::super::tx::PgTx;

/// A key in a list that is ordered by an instant and then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeKey {
    pub at: Timestamp,
    pub id: Uuid,
}

/// A key in a list that is ordered by name and then by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameKey {
    pub name: String,
    pub id: Uuid,
}

/// Whose rows a list of an organisation's work holds. A visibility of the network holds nobody's work.
pub(super) fn whose(seen: Visibility) -> (Uuid, Option<UserId>) {
    match seen.scope() {
        Scope::Own { organisation, user } => (organisation.uuid(), Some(user)),
        Scope::Organisation { organisation } => (organisation.uuid(), None),
        Scope::Network => (Uuid::nil(), None),
    }
}

/// A stored code, or the fault that says where it stands.
pub(super) fn coded<T>(
    table: &'static str,
    column: &'static str,
    code: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    parse(code).ok_or_else(|| inconsistent(table, column))
}

pub(super) fn counted(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

impl<M> PgTx<'_, M> {
    /// One audit entry for a page; none for a page that shows nobody.
    pub(super) fn audit_page(&mut self, action: Action, mut persons: Vec<Uuid>) {
        persons.sort_unstable();
        persons.dedup();
        if persons.is_empty() {
            return;
        }
        let subject = self.op().organisation().map_or(self.network_uuid(), OrganisationId::uuid);
        self.audit_list(ReadEntry { action, kind: "list", subject, person: None }, persons);
    }
}
