//! Tasks of the acting organisation.

use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{OrganisationId, ReferralId, StoreError, TaskId, TypedId, UserId};
use trellis_domain::message::{Task, TaskKind, TaskWrites};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::schema::tasks;
use super::time::stored;
use super::tx::{PgTx, ReadWrite};

type TaskRow = (Uuid, Uuid, Option<Uuid>, String, Option<Uuid>, Option<Stored>);

impl TaskWrites for PgTx<'_, ReadWrite> {
    fn task(&mut self, id: TaskId) -> Result<Option<Task>, StoreError> {
        use tasks as t;
        let row: Option<TaskRow> = t::table
            .filter(t::network_id.eq(self.network_uuid()))
            .filter(t::task_id.eq(id.uuid()))
            .select((t::task_id, t::organisation_id, t::user_id, t::kind, t::referral_id, t::done_at))
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let Some((id, organisation, user, kind, referral, done_at)) = row else { return Ok(None) };
        Ok(Some(Task {
            id: TaskId::from_uuid(id),
            organisation: OrganisationId::from_uuid(organisation),
            user: user.map(UserId::from_uuid),
            kind: TaskKind::from_code(&kind).ok_or_else(|| inconsistent("tasks", "kind"))?,
            referral: referral.map(ReferralId::from_uuid),
            done: done_at.is_some(),
        }))
    }

    fn finish_task(&mut self, id: TaskId) -> Result<(), StoreError> {
        use tasks as t;
        let (now, user) = (stored(self.op().now()), self.op().user().map(TypedId::uuid));
        diesel::update(t::table)
            .filter(t::network_id.eq(self.network_uuid()))
            .filter(t::task_id.eq(id.uuid()))
            .set((t::done_at.eq(now), t::done_by.eq(user)))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
